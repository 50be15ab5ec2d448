// What the matches of a pattern can start with, told from its text. Two uses: a rule whose matches all start
// with an anchor is tried at the anchor alone; and there a few table reads turn most anchors away before RE2
// is called, which costs 300 ns even where it fails at the next byte. Used only inside this box.
#pragma once

#include <bitset>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace fanlight::detect {

// True when every match of `pattern` is known to start with one of `anchors`; false when in doubt.
bool starts_with_anchor(std::string_view pattern, std::span<const std::string_view> anchors,
                        bool ignore_case);

// By position from the start of a match, the bytes that can stand there: at most kStartBytesMax positions,
// fewer where a match can be shorter or the pattern is not understood. No match is ever left out.
inline constexpr std::size_t kStartBytesMax = 16;
using ByteSet = std::bitset<256>;
std::vector<ByteSet> start_bytes(std::string_view pattern);

}  // namespace fanlight::detect
