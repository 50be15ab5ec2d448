// A YAML mapping read by a table of keys, so that unknown keys, wrong types and missing keys are errors with
// file, line and the nearest known key, and so that the table prints its own documentation and JSON schema.
// Used for the policy file and for the server's configuration. yaml-cpp does the parsing; no yaml-cpp type is
// seen here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/result.hpp"

namespace fanlight::policy {

enum class YamlType : std::uint8_t { null, scalar, sequence, mapping };

inline constexpr std::size_t yaml_bytes_max = 1024 * 1024;
inline constexpr std::size_t yaml_depth_max = 64;
inline constexpr std::size_t yaml_nodes_max = 100'000;
inline constexpr std::size_t yaml_errors_max = 50;

// A parsed document: a tree of values with lines. Bounded by the limits above; anchors, aliases (a bomb is
// one line) and tags are refused, and so is a key that stands twice in one mapping.
struct YamlEntry;

struct YamlNode {
  YamlType type = YamlType::null;
  bool quoted = false;  // a scalar in quotes is a string whatever it looks like
  std::string scalar;
  unsigned line = 0;               // from 1
  std::vector<YamlNode> items;     // of a sequence
  std::vector<YamlEntry> entries;  // of a mapping, in order, every key once

  const YamlNode* find(std::string_view key) const;
};

struct YamlEntry {
  YamlNode key, value;
};

// bad_input with "file:line: what: why"; too_large over a limit. An empty document is a null node.
Result<YamlNode> parse_yaml(std::string_view text, const std::string& file);

// The node as YAML again, each part on the line that it stood on.
std::string yaml_text(const YamlNode& node);

// Collects every error of a document, not only the first. After `yaml_errors_max` one last line says that
// there are more, so that a hostile document cannot make a long list.
struct YamlErrors {
  std::string file = {};
  std::vector<std::string> list = {};  // ".fanlight.yml:17: unknown key \"polcy\", did you mean \"policy\"?"
  std::string path = {};  // of the key whose value is being read, kept by read_mapping: "review.draft"
  // A whole sentence.
  void add(const YamlNode& at, const std::string& what);
  // What is wrong with the value at `path`: "must be a list".
  void add_value(const YamlNode& at, const std::string& what);
};

// A word from a document, for an error: in double quotes, one line, at most 60 bytes, nothing that moves a
// cursor.
std::string quoted(std::string_view word);
// `, did you mean "policy"?`, or nothing when no candidate is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

// One row of a table of keys. Types: "string", "boolean", "integer", "list of strings", "mapping", "list of
// mappings", "duration", "date", and "mapping by name": any name, with one of `choices` or a mapping of
// `children` as its value.
struct YamlKey {
  std::string_view name = {};
  std::string_view type = {};
  std::string_view about = {};     // one sentence
  std::string_view fallback = {};  // the default as written in YAML; empty: required or none
  std::function<void(const YamlNode&, YamlErrors&)> read = {};
  std::vector<std::string_view> choices = {};  // for an enumeration
  std::vector<YamlKey> children = {};          // for documentation and schema of a nested mapping
  bool required = false;                       // a mapping without it is an error
};

// Calls `read` of each key present; adds errors for unknown and missing keys and for a node that is no
// mapping. A key without a value ("rules:") is as good as absent.
void read_mapping(const YamlNode& node, const std::vector<YamlKey>& keys, YamlErrors& errors);

// Readers for the common types; each adds an error and leaves `out` alone when the node does not fit.
void read_string(const YamlNode&, YamlErrors&, std::string& out);
void read_bool(const YamlNode&, YamlErrors&, bool& out);
void read_integer(const YamlNode&, YamlErrors&, std::int64_t& out, std::int64_t least, std::int64_t most);
void read_strings(const YamlNode&, YamlErrors&, std::vector<std::string>& out);
// One of `choices`; its index.
void read_choice(const YamlNode&, YamlErrors&, std::span<const std::string_view> choices, std::size_t& out);

// JSON Schema (draft 2020-12) of a table.
std::string json_schema(std::string_view title, const std::vector<YamlKey>& keys);
// The same table for people: Markdown, one row per key, nested keys with dots.
std::string reference_markdown(const std::vector<YamlKey>& keys);

}  // namespace fanlight::policy
