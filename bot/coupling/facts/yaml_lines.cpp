#include "yaml_lines.hpp"

#include <algorithm>

#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kKeyBytesMax = 256;
constexpr std::size_t kDepthMax = 64;

// Cuts a comment off and takes the quotes away; `begin` moves with the text.
std::string_view scalar(std::string_view text, std::size_t& begin) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
    ++begin;
  }
  if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
    const std::size_t end = text.find(text.front(), 1);
    if (end != text.npos) {
      ++begin;
      return text.substr(1, end - 1);
    }
  }
  if (const std::size_t comment = text.find(" #"); comment != text.npos) text = text.substr(0, comment);
  if (text.starts_with('#')) return {};
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

// Where the ":" of "key: value" or "key:" stands.
std::size_t colon_of(std::string_view text) {
  std::size_t from = 0;
  if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
    const std::size_t end = text.find(text.front(), 1);
    if (end == text.npos) return text.npos;
    from = end + 1;
    return text.substr(from, 1) == ":" ? from : text.npos;
  }
  // "{{ … }}" and flow mappings are values, not keys.
  if (!text.empty() && (text.front() == '{' || text.front() == '[')) return text.npos;
  for (std::size_t at = text.find(':'); at != text.npos && at < kKeyBytesMax; at = text.find(':', at + 1)) {
    const std::string_view next = text.substr(at + 1, 1);
    if (next.empty() || next == " " || next == "\t" || next == "\r") return at;
  }
  return text.npos;
}

std::string_view unquoted(std::string_view key) {
  key = trim(key);
  if (key.size() >= 2 && (key.front() == '"' || key.front() == '\'') && key.back() == key.front()) {
    key = key.substr(1, key.size() - 2);
  }
  return key;
}

}  // namespace

std::vector<YamlLine> read_yaml_lines(std::string_view text) {
  std::vector<YamlLine> out;
  std::vector<int> open;                 // lines that may hold what follows, by indent
  std::size_t block_indent = text.npos;  // of the key of a block scalar that we are in
  for (std::size_t at = 0; at < text.size() && out.size() < kYamlLinesMax;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t line_begin = at;
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    const std::size_t lead = std::min(line.find_first_not_of(" \t\r"), line.size());
    if (lead == line.size() || line[lead] == '#') continue;
    if (block_indent != text.npos) {
      if (lead > block_indent) continue;
      block_indent = text.npos;
    }
    if (line.starts_with("---") || line.starts_with("{%") || line.starts_with("...")) {
      open.clear();
      continue;
    }
    YamlLine one;
    std::size_t indent = lead;
    while (line.substr(indent, 2) == "- " || line.substr(indent) == "-") {
      one.item = true;
      indent = std::min(line.find_first_not_of(' ', indent + 1), line.size());
    }
    one.indent = indent;
    const std::string_view rest = line.substr(indent);
    const std::size_t colon = colon_of(rest);
    std::size_t begin = line_begin + indent;
    if (colon == rest.npos) {
      if (!one.item) continue;
      one.value = scalar(rest, begin);
    } else {
      one.key = unquoted(rest.substr(0, colon));
      begin += colon + 1;
      one.value = scalar(rest.substr(colon + 1), begin);
    }
    one.span = {begin, begin + one.value.size()};
    const bool block = one.value.starts_with('|') || one.value.starts_with('>');
    if (block) block_indent = lead;
    // An item belongs to the key above it, also when it is not indented deeper.
    const std::size_t own = one.item ? lead : indent;
    while (!open.empty()) {
      const YamlLine& above = out[static_cast<std::size_t>(open.back())];
      const bool holds =
          above.indent < own || (one.item && above.indent == own && !above.item && above.value.empty());
      if (holds) break;
      open.pop_back();
    }
    one.parent = open.empty() ? -1 : open.back();
    if (open.size() < kDepthMax && !one.key.empty()) open.push_back(static_cast<int>(out.size()));
    out.push_back(one);
  }
  return out;
}

std::string key_path(const std::vector<YamlLine>& lines, std::size_t index) {
  std::string out;
  for (int at = static_cast<int>(index); at >= 0; at = lines[static_cast<std::size_t>(at)].parent) {
    const std::string_view key = lines[static_cast<std::size_t>(at)].key;
    if (key.empty()) continue;
    out = out.empty() ? std::string(key) : std::string(key) + '.' + out;
  }
  return out;
}

std::string_view parent_key(const std::vector<YamlLine>& lines, const YamlLine& line) {
  return line.parent < 0 ? std::string_view{} : lines[static_cast<std::size_t>(line.parent)].key;
}

std::vector<YamlLine> flow_items(const YamlLine& line) {
  std::vector<YamlLine> out;
  if (line.value.size() < 2 || line.value.front() != '[' || line.value.back() != ']') return out;
  const std::string_view inside = line.value.substr(1, line.value.size() - 2);
  std::size_t at = line.span.begin + 1;
  for (const std::string_view part : split(inside, ',')) {
    YamlLine item = line;
    std::size_t begin = at;
    item.value = scalar(part, begin);
    item.span = {begin, begin + item.value.size()};
    at += part.size() + 1;
    if (!item.value.empty()) out.push_back(item);
  }
  return out;
}

}  // namespace fanlight::coupling
