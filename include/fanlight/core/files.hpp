// Whole files and environment, for the rim only. Nothing here is called by detect, coupling or policy.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fanlight/core/result.hpp"

namespace fanlight {

// The bytes of a regular file of at most `bytes_max`; not_found, too_large or io otherwise.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);
// Written beside and renamed, mode 0600 unless given; what was there stays when it fails.
Result<void> write_file(const std::string& path, std::string_view bytes, unsigned mode = 0600);
std::optional<std::string> environment(const char* name);

}  // namespace fanlight
