// Rules without a pattern, as rows of a table beside the code that finds them: what they look for is the
// owner's, or no fixed text. Used only inside this box.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "fanlight/detect/rule.hpp"

namespace fanlight::coupling {

struct RuleRow {
  std::string_view id, name, service, check, source;  // source: the taxonomy's id
  std::array<Severity, 4> severity;                   // shared, instance, env-data, doc-test
  Axes axes;
  std::string_view message, remedy;
  std::string_view match = {}, no_match = {};  // examples; empty: none
};

inline constexpr auto kOff = Severity::off, kNote = Severity::note, kWarn = Severity::warn,
                      kBlock = Severity::block;
inline constexpr Axes kBoth{true, true}, kPortability{true, false}, kDisclosure{false, true};

// In the order of `rows`, which must outlive them.
std::vector<detect::Rule> make_rules(std::span<const RuleRow> rows);

}  // namespace fanlight::coupling
