// The hunks between two texts, for files whose patch GitHub leaves out of its answers. Pure.
//
// Patience: lines that occur once in both texts and in the same order are the fixed points; between them
// equal ends are trimmed, and what is left was removed and added. Where no line is unique this calls more
// lines changed than git would, and never fewer, which is the safe side for a scanner. O(n log n) in the
// lines.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/model/diff.hpp"

namespace fanlight::host {

// Views of the lines point into the two texts, which must outlive the hunks. Three lines of context.
std::vector<Hunk> diff_lines(std::string_view before, std::string_view after);

// As git decides it: a NUL among the first 8,000 bytes.
bool looks_binary(std::string_view text);

}  // namespace fanlight::host
