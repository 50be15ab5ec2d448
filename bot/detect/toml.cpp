#include "toml.hpp"

#include <fmt/format.h>

namespace fanlight::detect {

Result<toml::table> parse_toml(std::string_view text, const std::string& file) {
  if (text.size() > kTomlBytesMax)
    return fail(ErrorCode::too_large, fmt::format("{}: more than {} bytes", file, kTomlBytesMax));
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::bad_input,
                fmt::format("{}:{}: no TOML: {}", file, error.source().begin.line, error.description()));
  }
}

}  // namespace fanlight::detect
