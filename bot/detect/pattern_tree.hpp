// RE2's syntax as a tree over bytes, as far as this box needs to know what a pattern can match. `\b`, `^` and
// `$` are read as nothing at all. Syntax: https://github.com/google/re2/wiki/Syntax. Used only inside this
// box.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace fanlight::detect {

using ByteSet = std::bitset<256>;

inline constexpr std::size_t kNoEnd = SIZE_MAX;

struct PatternNode {
  enum class Kind : std::uint8_t { nothing, byte, sequence, alternatives, repetition };
  Kind kind = Kind::nothing;
  ByteSet set;                      // byte
  std::vector<PatternNode> parts;   // of all but nothing and byte
  std::size_t least = 0, most = 0;  // repetition; most: kNoEnd for one without
};

// Nothing when the pattern is not understood.
std::optional<PatternNode> read_pattern_tree(std::string_view pattern);

}  // namespace fanlight::detect
