// References inside strings, for the languages that write them in braces: "${NAME}", "${NAME:-default}",
// "%{x}".
#pragma once

#include "syntax/builder.hpp"

namespace fanlight::coupling {

struct BraceStyle {
  char sign = '$';
  Interpolation interpolation = Interpolation::live;
  bool defaults = true;     // "${X:-x}": what follows the sign is a default
  bool bare_names = false;  // "$name" without braces as well
  bool backslash = false;   // "\$" is a sign, no reference
};

// Adds a reference and insets for each one in the span, at most kBracesMax.
inline constexpr std::size_t kBracesMax = 10'000;
void add_braces(Builder& builder, detect::Span span, const BraceStyle& style);

}  // namespace fanlight::coupling
