// Where a text can be cut so that each piece reads as it does in the whole: between the top-level blocks of
// HCL, the top-level entries, items and documents of YAML, the statements of a Python module. A grammar reads
// some megabytes a second, and a question is about one line: with pieces only the entry around it is parsed.
//
// Cutting is a matter of lines that begin at the margin. Where that could be wrong (inside of a heredoc, a
// comment, a string of many lines) nothing is cut; a missed cut costs time, a wrong one would cost truth.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "fanlight/coupling/syntax.hpp"

namespace fanlight::coupling {

// Pieces are put together until they have this many bytes: below, starting a parser is most of the work.
inline constexpr std::size_t kPieceBytesMin = 160;

// Offsets at which pieces begin, the first of them 0. One piece for a format that is not cut.
std::vector<std::size_t> piece_begins(Format format, std::string_view masked);

}  // namespace fanlight::coupling
