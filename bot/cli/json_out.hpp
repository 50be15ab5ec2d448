// JSON as every format writes it: two blanks of indentation, valid UTF-8 whatever the text was.
#pragma once

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "fanlight/core/text.hpp"

namespace fanlight::cli {

class JsonOut {
 public:
  JsonOut() : writer_(buffer_) { writer_.SetIndent(' ', 2); }

  void text(std::string_view value) {
    const std::string clean = sanitize_utf8(value);
    writer_.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
  }
  void key(const char* name) { writer_.Key(name); }
  void member(const char* name, std::string_view value) {
    key(name);
    text(value);
  }
  void member(const char* name, const char* value) { member(name, std::string_view(value)); }
  void member(const char* name, bool value) {
    key(name);
    writer_.Bool(value);
  }
  void member(const char* name, std::uint64_t value) {
    key(name);
    writer_.Uint64(value);
  }
  // The braces are this function's, what stands between them is `write`'s.
  template <class Write>
  void object(Write write) {
    writer_.StartObject();
    write();
    writer_.EndObject();
  }
  template <class Write>
  void object(const char* name, Write write) {
    key(name);
    object(write);
  }
  template <class Write>
  void array(Write write) {
    writer_.StartArray();
    write();
    writer_.EndArray();
  }
  template <class Write>
  void array(const char* name, Write write) {
    key(name);
    array(write);
  }

  // The document, with a newline at its end.
  std::string str() const { return std::string(buffer_.GetString(), buffer_.GetSize()) + '\n'; }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer_;
};

}  // namespace fanlight::cli
