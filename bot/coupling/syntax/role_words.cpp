#include "syntax/role_words.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view each) { return iequals(each, word); });
}

}  // namespace

bool is_description_key(std::string_view key) {
  return is_one_of(
      key, {"description", "desc", "error_message", "summary", "documentation", "help", "comment", "comments",
            "note", "notes", "short_description", "long_description", "examples", "epilog", "__doc__",
            // What the plugins of Ansible say about themselves.
            "DOCUMENTATION", "EXAMPLES", "RETURN"});
}

bool is_label_key(std::string_view key) {
  return is_one_of(key, {"labels", "annotations", "matchlabels", "tags", "label"});
}

bool is_default_key(std::string_view key) {
  return key == "default" || key == "Default" || key == "defaultValue";
}

bool is_default_file(std::string_view path) {
  const std::string lower = to_lower(path);
  const std::string_view name = std::string_view(lower).substr(lower.rfind('/') + 1);
  if (!name.ends_with(".yml") && !name.ends_with(".yaml")) return false;
  const bool role_default = lower.find("roles/") != lower.npos && lower.find("/defaults/") != lower.npos;
  return role_default || name == "values.yaml" || name == "values.yml";
}

}  // namespace fanlight::coupling
