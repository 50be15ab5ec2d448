// One line per decision, past tense, then key=value: `log::info("job completed", {{"job", id}, {"ms",
// took}})`. A matched text, a secret or a payload is never a value: rule, path, line and short fingerprint
// are. Values are escaped to one line. Any thread. Goes to standard error.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace fanlight::log {

enum class Level { debug, info, warn, error, off };
enum class Format { text, json };

struct Field {
  Field(std::string_view key_, std::string_view value_) : key(key_), value(value_) {}
  Field(std::string_view key_, const char* value_) : key(key_), value(value_) {}
  Field(std::string_view key_, const std::string& value_) : key(key_), value(value_) {}
  Field(std::string_view key_, bool value_) : key(key_), value(value_ ? "true" : "false") {}
  template <std::integral T>
  Field(std::string_view key_, T value_) : key(key_), value(std::to_string(value_)) {}

  std::string_view key;
  std::string value;
};

// Once, before any thread is started. Without it warnings and errors go out as text.
void init(Level level, Format format);
// False when `name` is none of debug, info, warn, error, off (text, json).
bool parse_level(std::string_view name, Level& out);
bool parse_format(std::string_view name, Format& out);

void debug(std::string_view message, std::initializer_list<Field> fields = {});
void info(std::string_view message, std::initializer_list<Field> fields = {});
void warn(std::string_view message, std::initializer_list<Field> fields = {});
void error(std::string_view message, std::initializer_list<Field> fields = {});

}  // namespace fanlight::log
