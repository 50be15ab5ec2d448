#include "internal_names.hpp"

#include <algorithm>
#include <cctype>
#include <map>

#include "facts/yaml_lines.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kNamesMax = 10'000;
constexpr std::size_t kLineBytesMax = 4096;
constexpr int kRounds = 4;  // a name made of names made of names

using Names = std::map<std::string, std::string, std::less<>>;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

bool in_vars(std::string_view path) {
  return path.starts_with("vars/") || path.find("/vars/") != path.npos;
}

std::string_view quoted(std::string_view text) {
  text = trim(text);
  if (text.size() < 2 || (text.front() != '\'' && text.front() != '"')) return {};
  const std::size_t end = text.find(text.front(), 1);
  return end == text.npos ? std::string_view{} : text.substr(1, end - 1);
}

// "$name = 'text'" of Puppet and "{% set name = 'text' %}".
void take_assignment(std::string_view line, Names& names) {
  std::string_view rest = trim(line);
  if (rest.starts_with("{%")) {
    const std::size_t set = rest.find("set ");
    if (set == rest.npos) return;
    rest = trim(rest.substr(set + 4));
  } else if (rest.starts_with('$')) {
    rest.remove_prefix(1);
  } else {
    return;
  }
  std::size_t end = 0;
  while (end < rest.size() && is_word(rest[end])) ++end;
  const std::string_view name = rest.substr(0, end);
  rest = trim(rest.substr(end));
  if (name.empty() || !rest.starts_with('=') || rest.starts_with("=>") || rest.starts_with("==")) return;
  const std::string_view value = quoted(rest.substr(1));
  if (!value.empty() && names.size() < kNamesMax) names[std::string(name)] = value;
}

// The inside of "{{ … }}": names and quoted texts put together by ~ or +. False when there is anything else,
// or no name that the module gave.
bool put_together(std::string_view expression, const Names& names, std::string& out) {
  out.clear();
  bool known = false;
  while (!(expression = trim(expression)).empty()) {
    if (expression.front() == '~' || expression.front() == '+') {
      expression.remove_prefix(1);
    } else if (expression.front() == '\'' || expression.front() == '"') {
      const std::string_view text = quoted(expression);
      const std::size_t end = expression.find(expression.front(), 1);
      if (end == expression.npos) return false;
      out += text;
      expression.remove_prefix(end + 1);
    } else if (is_word(expression.front()) || expression.front() == '@') {
      if (expression.front() == '@') expression.remove_prefix(1);
      std::size_t end = 0;
      while (end < expression.size() && is_word(expression[end])) ++end;
      const auto found = names.find(expression.substr(0, end));
      if (found == names.end()) return false;
      known = true;
      out += found->second;
      expression.remove_prefix(end);
    } else {
      return false;
    }
  }
  return known;
}

struct Bracket {
  std::string_view open, close;
};
constexpr Bracket kBrackets[] = {{"{{", "}}"}, {"<%=", "%>"}, {"${", "}"}};

bool fill_in(std::string& line, const Names& names) {
  bool changed = false;
  for (const Bracket& bracket : kBrackets) {
    for (std::size_t at = line.find(bracket.open); at != line.npos && line.size() < kLineBytesMax;
         at = line.find(bracket.open, at)) {
      const std::size_t begin = at + bracket.open.size(), end = line.find(bracket.close, begin);
      if (end == line.npos) break;
      std::string text;
      if (put_together(std::string_view(line).substr(begin, end - begin), names, text)) {
        line.replace(at, end + bracket.close.size() - at, text);
        changed = true;
        at += text.size();
      } else {
        at = begin;
      }
    }
  }
  return changed;
}

}  // namespace

void render_internal_names(std::span<const ModuleText> files, Instance& out) {
  Names of_module;
  for (const ModuleText& file : files) {
    if (!in_vars(file.path)) continue;
    for (const YamlLine& line : read_yaml_lines(file.text)) {
      const bool scalar =
          line.parent < 0 && !line.key.empty() && !line.value.empty() && !line.value.starts_with('[');
      if (scalar && of_module.size() < kNamesMax) of_module[std::string(line.key)] = line.value;
    }
  }
  for (const ModuleText& file : files) {
    Names names = of_module;
    const std::vector<std::string_view> lines = split_lines(file.text);
    for (const std::string_view line : lines) {
      if (line.size() <= kLineBytesMax) take_assignment(line, names);
    }
    if (names.empty()) continue;
    for (int round = 0; round < kRounds; ++round) {
      for (auto& [name, value] : names) fill_in(value, names);
    }
    StrangerText text{std::string(file.path), {}, {}};
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].size() > kLineBytesMax) continue;
      std::string line(lines[i]);
      if (!fill_in(line, names)) continue;
      text.text += line + '\n';
      text.lines.push_back(static_cast<std::uint32_t>(i + 1));
    }
    if (!text.text.empty()) out.texts.push_back(std::move(text));
  }
}

}  // namespace fanlight::coupling
