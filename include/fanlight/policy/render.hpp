// The words. Markdown for comments, one line for statuses and terminals. What comes from a repository (paths,
// titles, names) is escaped so that it cannot be a mention, a link, HTML or a command. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fanlight/model/verdict.hpp"

namespace fanlight::policy {

// "2 to fix, 1 to look at" · "Nothing to fix" · "Not fully checked: dump.sql". At most 140 characters.
std::string status_line(const Review& review);
// The summary comment's body without its marker.
std::string summary_markdown(const Change& change, const Review& review, const std::string& page_url,
                             std::size_t bytes_max);
// One finding as an inline comment, without its marker. `suggestions`: the host can apply them.
std::string finding_markdown(const Finding& finding, const Change& change, bool suggestions);
// A hidden marker: an HTML comment that names what a comment is, never what was matched.
// "<!-- fanlight:inline:3f9a1c0d5b7e2a84 -->"
std::string marker(std::string_view kind, std::string_view id);
// The marker in a body, without the comment signs: "inline:3f9a1c0d5b7e2a84"; empty when there is none.
std::string find_marker(std::string_view body);
// `text` as literal Markdown text, one line.
std::string escape_markdown(std::string_view text);
// A sentence from a rule: literal Markdown text, except that `code` in backticks stays code.
std::string prose(std::string_view text);
// `text` as a code span that nothing inside can end.
std::string code_span(std::string_view text);
// The same for a cell of a table, where a "|" would end the cell even inside backticks.
std::string cell_code(std::string_view text);

}  // namespace fanlight::policy
