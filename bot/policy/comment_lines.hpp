// Which lines of a Markdown comment are a person's own words: not code, not a quote, not hidden.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fanlight::policy {

// The lines of `comment` that are plain text, without their indentation of at most three blanks. CommonMark
// where it decides whether a line is text; where a construct is rare the line is left out, because a command
// that was not meant is worse than one that has to be said again.
std::vector<std::string> plain_lines(std::string_view comment);

}  // namespace fanlight::policy
