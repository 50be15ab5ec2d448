// Lines, keys and headers of configuration text, without a grammar. Indentation carries the structure of
// YAML, and of HCL, JSON and Puppet as their formatters write them. Bounded: at most kLinesBack lines above
// the span are read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/detect/engine.hpp"

namespace fanlight::coupling {

inline constexpr std::size_t kLinesBack = 400;
inline constexpr std::size_t kBytesBack = 16 * 1024;
inline constexpr std::size_t kLineBytesMax = 4096;  // of one line, on each side of the span

// Families of syntax that agree on comments and nesting.
enum class Syntax : std::uint8_t {
  hcl,
  yaml,
  json,
  ini,
  hash_code,
  slash_code,
  nix,
  sql,
  lisp,
  markup,
  prose,
  other
};
Syntax syntax_of(std::string_view path);

// The part of the line before and after the span, at most kLineBytesMax each.
std::string_view line_before(std::string_view text, detect::Span span);
std::string_view line_after(std::string_view text, detect::Span span);

// True when `before`, the line up to the span, has opened a comment that runs to the end of the line.
bool opens_line_comment(std::string_view before, Syntax syntax);

// The last key of "key = ", "key: ", "key => " in `before`; empty when there is none.
std::string_view last_key(std::string_view before);
// What a line opens: "resource.aws_instance.web", "cidr_blocks", "class.profile::web(" (a list of parameters
// keeps its bracket), or empty.
std::string header_of(std::string_view line);

// What encloses the span, outermost first, by indentation; the line of the span itself is not part of it.
// `heredoc_key` is the key of the heredoc that the span stands in, or empty.
struct Enclosing {
  std::vector<std::string> headers;
  std::string heredoc_key;
};
Enclosing enclosing(std::string_view text, detect::Span span, Syntax syntax);

}  // namespace fanlight::coupling
