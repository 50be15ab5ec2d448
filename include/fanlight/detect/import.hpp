// A team's configuration for another scanner as a policy for this one. Pure: text in, text out.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/result.hpp"

namespace fanlight::detect {

struct Imported {
  std::string yaml;  // a .fanlight.yml, with what could not be taken over as comments at its top
  std::size_t rules = 0, allows = 0;
  std::vector<std::string> left_out;  // ".gitleaks.toml:12: rule \"x\": why"
};

// bad_input when the text is not what it should be. `taken`: ids that a new rule may not have.
Result<Imported> import_gitleaks(std::string_view toml, const std::string& file,
                                 std::span<const std::string_view> taken);
Result<Imported> import_detect_secrets(std::string_view json, const std::string& file);

}  // namespace fanlight::detect
