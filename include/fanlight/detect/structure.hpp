// What a token's own form proves, without a network: checksums, keys that parse, JWTs that decode.
// facts: a weak formula never says `invalid`. Pure; a table, so that rules name a check and docs list them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fanlight/model/finding.hpp"

namespace fanlight::detect {

struct StructureResult {
  Structure structure = Structure::unknown;
  std::string
      detail;  // safe to show: "account 123456789012", "RSA 2048 bits, not encrypted"; empty: nothing learnt
  bool published = false;  // the token of a vendor's own documentation: opens nothing, never a match
};

struct StructureCheck {
  std::string_view name;   // "github-crc32"
  std::string_view about;  // one line: the formula and where it comes from
  StructureResult (*run)(std::string_view secret);
  // No formula, only looks: where these say `invalid` there was never a token. A wrong formula keeps its
  // match, since the prefix still says what it is, and the check value may be what was mistyped or made up.
  bool judges_looks = false;
};

std::span<const StructureCheck> structure_checks();
// nullptr when there is none of that name.
const StructureCheck* find_structure_check(std::string_view name);

}  // namespace fanlight::detect
