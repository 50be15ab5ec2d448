// YAML as its formatters write it, line by line: key, value, nesting by indentation. Enough for manifests,
// whose entries are one key and one value a line; flow collections are left as text. Templates in it do no
// harm. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fanlight/detect/engine.hpp"

namespace fanlight::coupling {

inline constexpr std::size_t kYamlLinesMax = 100'000;

struct YamlLine {
  std::size_t indent = 0;  // of the key; behind the "- " of an item
  bool item = false;       // the line begins an item of a list
  std::string_view key;    // empty for an item without a key
  std::string_view value;  // without quotes and comment; empty where the value is below
  detect::Span span;       // of the value
  int parent = -1;         // the line that this one is nested in
};

std::vector<YamlLine> read_yaml_lines(std::string_view text);
// "dependencies.repository": the keys from the top down to line `index`.
std::string key_path(const std::vector<YamlLine>& lines, std::size_t index);
// The key of the line that `line` is nested in; empty at the top.
std::string_view parent_key(const std::vector<YamlLine>& lines, const YamlLine& line);
// Entries of "[a, b]" with their spans, without quotes.
std::vector<YamlLine> flow_items(const YamlLine& line);

}  // namespace fanlight::coupling
