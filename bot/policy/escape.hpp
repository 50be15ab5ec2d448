// What comes from a repository, made harmless for Markdown: paths, titles, names, reasons. The two that other
// boxes use (escape_markdown, code_span) are in render.hpp.
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

// A sentence from a rule: literal Markdown text, except that `code` in backticks stays code.
std::string prose(std::string_view text);
// code_span for a cell of a table, where a "|" would end the cell even inside backticks.
std::string cell_code(std::string_view text);
// `content` between fences that nothing inside can close, with `info` after the opening one.
std::string fenced(std::string_view content, std::string_view info);

}  // namespace fanlight::policy
