// JSON at the edge of a host: a view for answers and payloads, a writer for requests.
//
// Whatever the other side sends is hostile, so reading never fails half-way: a missing member, a wrong type
// and null all read as "nothing", and the codec decides what it cannot do without. RapidJSON stays in
// json.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fanlight/core/result.hpp"

namespace fanlight::host {

// Deeper nesting is refused; the deepest that a git host sends is about 10.
inline constexpr unsigned json_depth_max = 64;

// A value inside a JsonDocument, which must outlive it.
class Json {
 public:
  Json() = default;

  Json operator[](std::string_view key) const;  // nothing when this is no object or has no such member
  Json operator[](std::size_t index) const;     // nothing when this is no array or is shorter
  std::size_t size() const;                     // of an array; 0 otherwise
  bool is_object() const;
  bool is_array() const;
  bool is_string() const;
  explicit operator bool() const { return value_ != nullptr; }  // there, and not null

  std::string_view text() const;  // empty when this is no string
  std::int64_t integer(std::int64_t otherwise = 0) const;
  bool boolean(bool otherwise = false) const;
  std::string to_text() const;  // as JSON again, "null" for nothing

 private:
  friend class JsonDocument;
  explicit Json(const void* value) : value_(value) {}
  const void* value_ = nullptr;
};

class JsonDocument {
 public:
  // bad_input: "not JSON: Missing a comma … at byte 17", "nested deeper than 64". The text itself is never
  // quoted.
  static Result<JsonDocument> parse(std::string_view text);
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  Json root() const;

 private:
  struct State;
  explicit JsonDocument(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Writes one value. Texts are made valid UTF-8 on the way.
class JsonWriter {
 public:
  JsonWriter();
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& open_object();
  JsonWriter& close_object();
  JsonWriter& open_array();
  JsonWriter& close_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  std::string take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fanlight::host
