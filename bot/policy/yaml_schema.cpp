// A table of keys, printed: as JSON Schema for editors, as Markdown for people.
#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "fanlight/core/text.hpp"
#include "fanlight/policy/yaml.hpp"

namespace fanlight::policy {

namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void write_text(Writer& json, std::string_view text) {
  json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_pair(Writer& json, const char* key, std::string_view text) {
  json.Key(key);
  write_text(json, text);
}

// A scalar as it stands in YAML, as the JSON value that `type` says.
void write_scalar(Writer& json, std::string_view type, std::string_view text) {
  if (type == "integer" || type == "boolean") {
    json.RawValue(text.data(), text.size(),
                  type == "integer" ? rapidjson::kNumberType : rapidjson::kTrueType);
  } else {
    write_text(json, text);
  }
}

void write_default(Writer& json, const YamlKey& key) {
  if (key.fallback.empty()) return;
  json.Key("default");
  const Result<YamlNode> value = parse_yaml(key.fallback, "default");
  if (!value || value->type == YamlType::scalar) {
    write_scalar(json, key.type, value ? std::string_view(value->scalar) : key.fallback);
    return;
  }
  json.StartArray();
  for (const YamlNode& item : value->items) write_text(json, item.scalar);
  json.EndArray();
}

void write_object(Writer& json, const std::vector<YamlKey>& keys);

void write_choices(Writer& json, const YamlKey& key) {
  json.Key("enum");
  json.StartArray();
  for (const std::string_view choice : key.choices) write_scalar(json, key.type, choice);
  json.EndArray();
}

void write_strings_type(Writer& json) {
  write_pair(json, "type", "array");
  json.Key("items");
  json.StartObject();
  write_pair(json, "type", "string");
  json.EndObject();
}

// "name: word" or "name: {key: word}".
void write_by_name(Writer& json, const YamlKey& key) {
  write_pair(json, "type", "object");
  json.Key("additionalProperties");
  json.StartObject();
  json.Key("oneOf");
  json.StartArray();
  if (!key.choices.empty()) {
    json.StartObject();
    write_choices(json, key);
    json.EndObject();
  }
  json.StartObject();
  write_object(json, key.children);
  json.EndObject();
  json.EndArray();
  json.EndObject();
}

void write_type(Writer& json, const YamlKey& key) {
  if (key.type == "mapping") {
    write_object(json, key.children);
  } else if (key.type == "mapping by name") {
    write_by_name(json, key);
  } else if (key.type == "list of mappings") {
    write_pair(json, "type", "array");
    json.Key("items");
    json.StartObject();
    write_object(json, key.children);
    json.EndObject();
  } else if (key.type == "list of strings") {
    write_strings_type(json);
  } else {
    const bool text = key.type != "integer" && key.type != "boolean";
    write_pair(json, "type", text ? std::string_view("string") : key.type);
    // A date in YAML is a word like any other, so only its form is said.
    if (key.type == "date") write_pair(json, "pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+Z)?$");
    if (!key.choices.empty()) write_choices(json, key);
  }
}

void write_object(Writer& json, const std::vector<YamlKey>& keys) {
  write_pair(json, "type", "object");
  if (keys.empty()) return;  // a mapping whose keys are free
  json.Key("additionalProperties");
  json.Bool(false);
  json.Key("required");
  json.StartArray();
  for (const YamlKey& key : keys) {
    if (key.required) write_text(json, key.name);
  }
  json.EndArray();
  json.Key("properties");
  json.StartObject();
  for (const YamlKey& key : keys) {
    json.Key(key.name.data(), static_cast<rapidjson::SizeType>(key.name.size()));
    json.StartObject();
    write_pair(json, "description", key.about);
    write_type(json, key);
    write_default(json, key);
    json.EndObject();
  }
  json.EndObject();
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

void append_rows(std::string& out, const std::string& prefix, const std::vector<YamlKey>& keys) {
  for (const YamlKey& key : keys) {
    std::string type(key.type);
    if (!key.choices.empty()) {
      type.clear();
      for (const std::string_view choice : key.choices)
        type += fmt::format("{}`{}`", type.empty() ? "" : ", ", choice);
      if (key.type == "mapping by name") type = "by name: " + type;
    }
    const std::string fallback = key.required           ? "required"
                                 : key.fallback.empty() ? ""
                                                        : fmt::format("`{}`", key.fallback);
    out +=
        fmt::format("| `{}{}` | {} | {} | {} |\n", prefix, key.name, type, cell(fallback), cell(key.about));
    const bool many = key.type == "list of mappings";
    const bool named = key.type == "mapping by name";
    append_rows(out,
                fmt::format("{}{}{}.", prefix, key.name,
                            many    ? "[]"
                            : named ? ".<name>"
                                    : ""),
                key.children);
  }
}

}  // namespace

std::string json_schema(std::string_view title, const std::vector<YamlKey>& keys) {
  rapidjson::StringBuffer buffer;
  Writer json(buffer);
  json.SetIndent(' ', 2);
  json.StartObject();
  write_pair(json, "$schema", "https://json-schema.org/draft/2020-12/schema");
  write_pair(json, "title", title);
  write_object(json, keys);
  json.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + '\n';
}

std::string reference_markdown(const std::vector<YamlKey>& keys) {
  std::string out = "| key | value | default | what it does |\n|---|---|---|---|\n";
  append_rows(out, "", keys);
  return out;
}

}  // namespace fanlight::policy
