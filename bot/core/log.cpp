#include "fanlight/core/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "fanlight/core/text.hpp"

namespace fanlight::log {

namespace {

// Set once by init(), before any thread starts.
Format format_in_use = Format::text;

std::shared_ptr<spdlog::logger> make_logger() {
  auto logger = spdlog::stderr_logger_mt("fanlight");
  logger->set_level(spdlog::level::warn);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  return logger;
}

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = make_logger();
  return *instance;
}

constexpr std::size_t value_bytes_max = 2'000;

// One line, whatever the value holds: control characters would let a path or a title forge a second line.
std::string escape(std::string_view value, bool quote_always) {
  const std::string clean = sanitize_utf8(truncate_utf8(value, value_bytes_max));
  bool plain = !clean.empty() && !quote_always;
  std::string out;
  for (const char c : clean) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
      plain = false;
    } else if (byte < 0x20 || byte == 0x7f) {
      constexpr std::string_view digits = "0123456789abcdef";
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
      plain = false;
    } else {
      out += c;
      if (c == ' ' || c == '=') plain = false;
    }
  }
  return plain ? out : '"' + out + '"';
}

void write(spdlog::level::level_enum level, std::string_view message, std::initializer_list<Field> fields) {
  spdlog::logger& out = logger();
  if (!out.should_log(level)) return;
  std::string line;
  if (format_in_use == Format::json) {
    line = "\"message\":" + escape(message, true);
    for (const Field& field : fields) line += ',' + escape(field.key, true) + ':' + escape(field.value, true);
  } else {
    line = message;
    for (const Field& field : fields) {
      line += ' ';
      line += field.key;
      line += '=';
      line += escape(field.value, false);
    }
  }
  out.log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void init(Level level, Format format) {
  spdlog::logger& out = logger();
  constexpr spdlog::level::level_enum levels[] = {
      spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err, spdlog::level::off};
  out.set_level(levels[static_cast<std::size_t>(level)]);
  out.flush_on(spdlog::level::debug);
  format_in_use = format;
  if (format == Format::json) {
    out.set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
  }
}

bool parse_level(std::string_view name, Level& out) {
  constexpr std::pair<std::string_view, Level> table[] = {{"debug", Level::debug},
                                                          {"info", Level::info},
                                                          {"warn", Level::warn},
                                                          {"error", Level::error},
                                                          {"off", Level::off}};
  for (const auto& [word, level] : table) {
    if (word == name) return out = level, true;
  }
  return false;
}

bool parse_format(std::string_view name, Format& out) {
  if (name == "text") return out = Format::text, true;
  if (name == "json") return out = Format::json, true;
  return false;
}

void debug(std::string_view message, std::initializer_list<Field> fields) {
  write(spdlog::level::debug, message, fields);
}
void info(std::string_view message, std::initializer_list<Field> fields) {
  write(spdlog::level::info, message, fields);
}
void warn(std::string_view message, std::initializer_list<Field> fields) {
  write(spdlog::level::warn, message, fields);
}
void error(std::string_view message, std::initializer_list<Field> fields) {
  write(spdlog::level::err, message, fields);
}

}  // namespace fanlight::log
