// What comes from a repository, made harmless for Markdown: paths, titles, names, reasons. Those that other
// boxes use (escape_markdown, prose, code_span, cell_code) are in render.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fanlight::policy {

// One line of valid UTF-8 with white space folded to single blanks. Characters that a person cannot see or
// that move what stands around them (controls, bidirectional marks, zero-width, tags) become U+FFFD.
std::string printable_line(std::string_view text);
// printable_line of at most `bytes_max` bytes, "…" at the cut. At least 4 bytes.
std::string shorten(std::string_view text, std::size_t bytes_max);
// A path is known by its end: "…/modules/vpc/main.tf".
std::string shorten_path(std::string_view path, std::size_t bytes_max);

// `content` between fences that nothing inside can close, with `info` after the opening one.
std::string fenced(std::string_view content, std::string_view info);

}  // namespace fanlight::policy
