// YamlNode to values: the errors that a person reads, and the readers that a table of keys is made of.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "escape.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/yaml.hpp"

namespace fanlight::policy {

namespace {

std::string_view type_name(const YamlNode& node) {
  switch (node.type) {
    case YamlType::null:
      return "nothing";
    case YamlType::scalar:
      return "one value";
    case YamlType::sequence:
      return "a list";
    case YamlType::mapping:
      return "a mapping";
  }
  return "nothing";
}

bool expect_scalar(const YamlNode& node, YamlErrors& errors, std::string_view wanted) {
  if (node.type == YamlType::scalar) return true;
  errors.add_value(node, fmt::format("must be {}, is {}", wanted, type_name(node)));
  return false;
}

std::string list_choices(std::span<const std::string_view> choices) {
  std::string out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) out += i + 1 == choices.size() ? " or " : ", ";
    out += choices[i];
  }
  return out;
}

}  // namespace

void YamlErrors::add(const YamlNode& at, const std::string& what) {
  if (list.size() > yaml_errors_max) return;
  const bool full = list.size() == yaml_errors_max;
  list.push_back(fmt::format("{}:{}: {}", file, std::max(at.line, 1u),
                             full ? "there are more errors, mend these first" : what));
}

void YamlErrors::add_value(const YamlNode& at, const std::string& what) {
  add(at, path.empty() ? what : path + ' ' + what);
}

std::string quoted(std::string_view word) {
  std::string line = printable_line(word);
  if (line.size() > 60) line = std::string(truncate_utf8(line, 57)) + "…";
  return '"' + line + '"';
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  // A long word is no slip of a short one, and the distance is quadratic.
  if (word.size() > 100) return {};
  const std::string_view best = nearest(word, candidates);
  return best.empty() ? std::string() : fmt::format(", did you mean \"{}\"?", best);
}

void read_mapping(const YamlNode& node, const std::vector<YamlKey>& keys, YamlErrors& errors) {
  if (node.type != YamlType::mapping && node.type != YamlType::null) {
    errors.add_value(node, fmt::format("must be a mapping of keys, is {}", type_name(node)));
    return;
  }
  std::vector<std::string_view> names;
  for (const YamlKey& key : keys) names.push_back(key.name);
  for (const auto& [name, value] : node.entries) {
    const auto key =
        std::find_if(keys.begin(), keys.end(), [&](const YamlKey& k) { return k.name == name.scalar; });
    if (key == keys.end()) {
      const std::string where = errors.path.empty() ? "" : " in " + errors.path;
      errors.add(name, "unknown key " + quoted(name.scalar) + where + did_you_mean(name.scalar, names));
    } else if (value.type != YamlType::null && key->read) {
      const std::string outer = errors.path;
      errors.path = outer.empty() ? name.scalar : outer + '.' + name.scalar;
      key->read(value, errors);
      errors.path = outer;
    }
  }
  for (const YamlKey& key : keys) {
    const YamlNode* value = key.required ? node.find(key.name) : nullptr;
    if (key.required && (value == nullptr || value->type == YamlType::null)) {
      const std::string where = errors.path.empty() ? "" : " in " + errors.path;
      errors.add(node, fmt::format("key \"{}\" is missing{}", key.name, where));
    }
  }
}

void read_string(const YamlNode& node, YamlErrors& errors, std::string& out) {
  if (expect_scalar(node, errors, "one value")) out = node.scalar;
}

void read_bool(const YamlNode& node, YamlErrors& errors, bool& out) {
  if (!expect_scalar(node, errors, "true or false")) return;
  if (!node.quoted && (node.scalar == "true" || node.scalar == "false")) {
    out = node.scalar == "true";
  } else {
    errors.add_value(node, fmt::format("must be true or false, is {}", quoted(node.scalar)));
  }
}

void read_integer(const YamlNode& node, YamlErrors& errors, std::int64_t& out, std::int64_t least,
                  std::int64_t most) {
  const std::string wanted =
      least == most ? fmt::format("{}", least) : fmt::format("a whole number from {} to {}", least, most);
  if (!expect_scalar(node, errors, wanted)) return;
  std::int64_t value = 0;
  const char* const end = node.scalar.data() + node.scalar.size();
  const auto [stop, code] = std::from_chars(node.scalar.data(), end, value);
  if (node.quoted || code != std::errc() || stop != end || value < least || value > most) {
    errors.add_value(node, fmt::format("must be {}, is {}", wanted, quoted(node.scalar)));
  } else {
    out = value;
  }
}

void read_strings(const YamlNode& node, YamlErrors& errors, std::vector<std::string>& out) {
  if (node.type != YamlType::sequence) {
    errors.add_value(node, fmt::format("must be a list, is {}: write [\"…\"]", type_name(node)));
    return;
  }
  std::vector<std::string> values;
  bool good = true;
  for (const YamlNode& item : node.items) {
    good = expect_scalar(item, errors, "one value") && good;
    values.push_back(item.scalar);
  }
  if (good) out = std::move(values);
}

void read_choice(const YamlNode& node, YamlErrors& errors, std::span<const std::string_view> choices,
                 std::size_t& out) {
  const std::string wanted = list_choices(choices);
  if (!expect_scalar(node, errors, wanted)) return;
  const auto found = std::find(choices.begin(), choices.end(), node.scalar);
  if (found == choices.end()) {
    errors.add_value(node, fmt::format("must be {}, is {}", wanted, quoted(node.scalar)));
  } else {
    out = static_cast<std::size_t>(found - choices.begin());
  }
}

}  // namespace fanlight::policy
