// TOML within limits, for files of repositories. Used only inside this box.
#pragma once

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <string>
#include <string_view>

#include "fanlight/core/result.hpp"

namespace fanlight::detect {

inline constexpr std::size_t kTomlBytesMax = 4 * 1024 * 1024;

// bad_input: "file:7: why". Never throws.
Result<toml::table> parse_toml(std::string_view text, const std::string& file);

}  // namespace fanlight::detect
