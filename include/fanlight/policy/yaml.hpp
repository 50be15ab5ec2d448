// A YAML mapping read by a table of keys, so that unknown keys, wrong types and missing keys are errors with file,
// line and the nearest known key, and so that the table prints its own documentation and JSON schema. Used for the
// policy file and for the server's configuration. yaml-cpp does the parsing; no yaml-cpp type is seen here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/result.hpp"

namespace fanlight::policy {

enum class YamlType : std::uint8_t { null, scalar, sequence, mapping };

// A parsed document: a tree of values with lines. Bounded: 1 MiB of text, 64 levels, 100,000 nodes, aliases refused
// (a bomb is one line).
struct YamlNode {
  YamlType type = YamlType::null;
  bool quoted = false;       // a scalar in quotes is a string whatever it looks like
  std::string scalar;
  unsigned line = 0;         // from 1
  std::vector<YamlNode> items;                          // sequence
  std::vector<std::pair<YamlNode, YamlNode>> entries;   // mapping, in order; duplicate keys are an error

  const YamlNode* find(std::string_view key) const;
};

// bad_input with "file:line: what".
Result<YamlNode> parse_yaml(std::string_view text, const std::string& file);

// Collects every error of a document, not only the first.
struct YamlErrors {
  std::string file;
  std::vector<std::string> list;  // ".fanlight.yml:17: unknown key \"polcy\", did you mean \"policy\"?"
  void add(const YamlNode& at, std::string what);
};

struct YamlKey {
  std::string_view name;
  std::string_view type;     // "string", "boolean", "integer", "list of strings", "mapping", "duration", "date"
  std::string_view about;    // one sentence
  std::string_view fallback; // the default as written in YAML; empty: required or none
  std::function<void(const YamlNode&, YamlErrors&)> read;
  std::vector<std::string_view> choices;  // for an enumeration
  std::vector<YamlKey> children;          // for documentation and schema of a nested mapping
};

// Calls `read` of each key present; adds errors for unknown and duplicate keys and for a node that is no mapping.
void read_mapping(const YamlNode& node, const std::vector<YamlKey>& keys, YamlErrors& errors);

// Readers for the common types; each adds an error and leaves `out` alone when the node does not fit.
void read_string(const YamlNode&, YamlErrors&, std::string& out);
void read_bool(const YamlNode&, YamlErrors&, bool& out);
void read_integer(const YamlNode&, YamlErrors&, std::int64_t& out, std::int64_t least, std::int64_t most);
void read_strings(const YamlNode&, YamlErrors&, std::vector<std::string>& out);

// JSON Schema (draft 2020-12) of a table.
std::string json_schema(std::string_view title, const std::vector<YamlKey>& keys);

}  // namespace fanlight::policy
