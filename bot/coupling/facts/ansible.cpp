// Ansible: roles and collections by name, files by path, keys of variable files.
#include <algorithm>
#include <array>

#include "fanlight/core/text.hpp"
#include "readers.hpp"

namespace fanlight::coupling {

namespace {

bool is_templated(std::string_view text) {
  return text.find("{{") != text.npos;
}

// "ansible.builtin.include_role" and "include_role" are one module.
std::string_view module_name(std::string_view key) {
  for (const std::string_view prefix : {"ansible.builtin.", "ansible.legacy."}) {
    if (key.starts_with(prefix)) return key.substr(prefix.size());
  }
  return key;
}

bool includes_role(std::string_view key) {
  return key == "include_role" || key == "import_role";
}
bool includes_file(std::string_view key) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"include_tasks", "import_tasks", "include_vars", "import_playbook", "include", "vars_files"});
  return std::ranges::find(kNames, key) != kNames.end();
}

void need_file(FactsReader& reader, std::string_view value, std::size_t begin) {
  if (value.starts_with("file=")) {
    value.remove_prefix(5);
    begin += 5;
  }
  if (!is_templated(value) && value.find('/') != value.npos) reader.need(Need::file, value, begin);
}

// "name=common" of the old one-line form.
void need_inline_role(FactsReader& reader, const YamlLine& line) {
  const std::size_t name = line.value.find("name=");
  if (name == line.value.npos) return;
  const std::size_t begin = name + 5;
  const std::string_view role = line.value.substr(begin, line.value.find_first_of(" \t", begin) - begin);
  if (!is_templated(role)) reader.need(Need::role, role, line.span.begin + begin);
}

}  // namespace

void read_ansible_tasks(FactsReader& reader) {
  const auto lines = read_yaml_lines(reader.text);
  for (const YamlLine& line : lines) {
    const std::string_view key = module_name(line.key), parent = module_name(parent_key(lines, line));
    const bool plain = !line.value.empty() && !line.value.starts_with('{') && !is_templated(line.value);
    if (key == "name" && includes_role(parent) && plain) reader.need(Need::role, line.value, line.span.begin);
    if (includes_role(key) && !line.value.empty()) need_inline_role(reader, line);
    if (parent == "roles" && line.item && plain && (key.empty() || key == "role" || key == "name"))
      reader.need(Need::role, line.value, line.span.begin);
    if (includes_file(key) && !line.value.empty()) need_file(reader, line.value, line.span.begin);
    if (key == "file" && includes_file(parent) && plain) need_file(reader, line.value, line.span.begin);
    if (key.empty() && line.item && parent == "vars_files") need_file(reader, line.value, line.span.begin);
    if (key == "roles") {
      for (const YamlLine& item : flow_items(line)) reader.need(Need::role, item.value, item.span.begin);
    }
  }
}

void read_ansible_meta(FactsReader& reader) {
  const auto lines = read_yaml_lines(reader.text);
  std::string_view collection, name;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const YamlLine& line = lines[i];
    const std::string_view parent = parent_key(lines, line);
    if (line.parent < 0 && line.key == "namespace") collection = line.value;
    if (line.parent < 0 && line.key == "name") name = line.value;
    if (parent != "dependencies") continue;
    if (reader.name == "galaxy.yml") {
      if (!line.key.empty())
        reader.need(Need::role, line.key, static_cast<std::size_t>(line.key.data() - reader.text.data()));
      continue;
    }
    if (line.key == "src") {
      reader.need(Need::manifest, line.value, line.span.begin);
    } else if (line.key == "role" ||
               (line.key == "name" && !in_item(lines, i, "src") && !in_item(lines, i, "role")) ||
               (line.key.empty() && line.item)) {
      reader.need(Need::role, line.value, line.span.begin);
    }
  }
  if (!collection.empty() && !name.empty())
    reader.facts.name = std::string(collection) + '.' + std::string(name);
}

void read_ansible_values(FactsReader& reader) {
  const std::string wrapped = '/' + to_lower(reader.path);
  reader.facts.all_defaults = wrapped.find("/defaults/") != wrapped.npos;
  const auto lines = read_yaml_lines(reader.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const YamlLine& line = lines[i];
    if (line.key.empty()) continue;
    reader.declare(key_path(lines, i));
    if (reader.facts.all_defaults && line.parent < 0 && !line.item)
      reader.parameter(line.key, "", true, line.span);
  }
}

void read_requirements(FactsReader& reader) {
  const auto lines = read_yaml_lines(reader.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const YamlLine& line = lines[i];
    const bool source = line.key == "src" || line.key == "source";
    const bool url = line.value.find("://") != line.value.npos || line.value.find('@') != line.value.npos ||
                     line.value.starts_with("git+");
    if ((source || line.key == "name" || (line.key.empty() && line.item)) && url)
      reader.need(Need::manifest, line.value, line.span.begin);
  }
}

}  // namespace fanlight::coupling
