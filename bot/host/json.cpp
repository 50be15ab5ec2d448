#include "json.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <utility>

#include "fanlight/core/text.hpp"

namespace fanlight::host {
namespace {

const rapidjson::Value* as_value(const void* value) {
  return static_cast<const rapidjson::Value*>(value);
}

// The deepest nesting of brackets outside strings. Counted before parsing, so that a hostile payload costs
// one pass and no memory.
unsigned nesting(std::string_view text) {
  unsigned depth = 0, deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

Json Json::operator[](std::string_view key) const {
  if (!value_ || !as_value(value_)->IsObject()) return {};
  const rapidjson::Value name(rapidjson::StringRef(key.data(), static_cast<rapidjson::SizeType>(key.size())));
  const auto found = as_value(value_)->FindMember(name);
  if (found == as_value(value_)->MemberEnd() || found->value.IsNull()) return {};
  return Json(&found->value);
}

Json Json::operator[](std::size_t index) const {
  if (index >= size()) return {};
  const auto& item = (*as_value(value_))[static_cast<rapidjson::SizeType>(index)];
  return item.IsNull() ? Json() : Json(&item);
}

std::size_t Json::size() const {
  return is_array() ? as_value(value_)->Size() : 0;
}
bool Json::is_object() const {
  return value_ && as_value(value_)->IsObject();
}
bool Json::is_array() const {
  return value_ && as_value(value_)->IsArray();
}
bool Json::is_string() const {
  return value_ && as_value(value_)->IsString();
}

std::string_view Json::text() const {
  if (!is_string()) return {};
  return {as_value(value_)->GetString(), as_value(value_)->GetStringLength()};
}

std::int64_t Json::integer(std::int64_t otherwise) const {
  return value_ && as_value(value_)->IsInt64() ? as_value(value_)->GetInt64() : otherwise;
}

bool Json::boolean(bool otherwise) const {
  return value_ && as_value(value_)->IsBool() ? as_value(value_)->GetBool() : otherwise;
}

std::string Json::to_text() const {
  if (!value_) return "null";
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  as_value(value_)->Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

struct JsonDocument::State {
  rapidjson::Document document;
};

JsonDocument::JsonDocument(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::parse(std::string_view text) {
  if (nesting(text) > json_depth_max) {
    return fail(ErrorCode::bad_input, fmt::format("not usable JSON: nested deeper than {}", json_depth_max));
  }
  if (!is_utf8(text)) return fail(ErrorCode::bad_input, "not JSON: not UTF-8");
  auto state = std::make_unique<State>();
  // Checked above, at once: RapidJSON's own check is a call for every byte and took half of an intake's time.
  state->document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (state->document.HasParseError()) {
    return fail(
        ErrorCode::bad_input,
        fmt::format("not JSON: {} at byte {}", rapidjson::GetParseError_En(state->document.GetParseError()),
                    state->document.GetErrorOffset()));
  }
  return JsonDocument(std::move(state));
}

Json JsonDocument::root() const {
  return state_->document.IsNull() ? Json() : Json(&state_->document);
}

struct JsonWriter::State {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

JsonWriter::JsonWriter() : state_(std::make_unique<State>()) {}
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::open_object() {
  state_->writer.StartObject();
  return *this;
}
JsonWriter& JsonWriter::close_object() {
  state_->writer.EndObject();
  return *this;
}
JsonWriter& JsonWriter::open_array() {
  state_->writer.StartArray();
  return *this;
}
JsonWriter& JsonWriter::close_array() {
  state_->writer.EndArray();
  return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
  state_->writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  return *this;
}
JsonWriter& JsonWriter::text(std::string_view value) {
  const std::string valid = is_utf8(value) ? std::string() : sanitize_utf8(value);
  const std::string_view use = valid.empty() ? value : std::string_view(valid);
  state_->writer.String(use.data(), static_cast<rapidjson::SizeType>(use.size()));
  return *this;
}
JsonWriter& JsonWriter::integer(std::int64_t value) {
  state_->writer.Int64(value);
  return *this;
}
std::string JsonWriter::take() {
  return {state_->buffer.GetString(), state_->buffer.GetSize()};
}

}  // namespace fanlight::host
