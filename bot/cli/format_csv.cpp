// CSV as RFC 4180 says, for spreadsheets: one row per finding, accepted ones and what was not looked at
// included. A spreadsheet takes a cell that starts with one of "=+-@" for a formula, and what stands in a
// repository is anybody's: such a cell gets an apostrophe in front.
#include <array>
#include <string>

#include "fanlight/core/text.hpp"
#include "format.hpp"

namespace fanlight::cli {

namespace {

constexpr std::array<std::string_view, 22> columns{
    "state",       "severity",   "kind",    "rule",   "title",       "path",   "start_line", "start_column",
    "end_line",    "end_column", "place",   "commit", "at_head",     "change", "layer",      "structure",
    "fingerprint", "excerpt",    "message", "remedy", "accepted_by", "reason"};

using Row = std::array<std::string, columns.size()>;

std::string cell(std::string_view text) {
  std::string clean = sanitize_utf8(text);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') c = '?';
  }
  if (!clean.empty() && std::string_view("=+-@\t\r\n|%").find(clean.front()) != std::string_view::npos)
    clean.insert(0, 1, '\'');
  if (clean.find_first_of(",\"\r\n'") == std::string::npos) return clean;
  std::string out = "\"";
  for (const char c : clean) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

template <class Cells>
void add_row(std::string& out, const Cells& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i) out += ',';
    out += cell(cells[i]);
  }
  out += "\r\n";
}

Row row_of(std::string_view state, const Finding& f) {
  const Location& at = f.location;
  const bool in_file = at.place == Place::file;
  const auto number = [&](std::uint32_t n) { return in_file ? std::to_string(n) : std::string(); };
  return {std::string(state),
          std::string(to_string(f.severity)),
          std::string(to_string(f.kind)),
          f.rule,
          f.title,
          at.path,
          number(at.start_line),
          number(at.start_column),
          number(at.end_line),
          number(at.end_column),
          std::string(to_string(at.place)),
          f.commit.value_or(""),
          f.at_head ? "true" : "false",
          std::string(to_string(f.change)),
          std::string(to_string(f.layer)),
          std::string(to_string(f.structure)),
          f.fingerprint,
          f.excerpt,
          f.message,
          f.remedy,
          "",
          ""};
}

}  // namespace

std::string format_csv(const Report& report) {
  std::string out;
  add_row(out, columns);
  for (const Finding& finding : report.review.findings) add_row(out, row_of("open", finding));
  for (const Waived& waived : report.review.waived) {
    Row row = row_of("accepted", waived.finding);
    row[20] = waived.by;
    row[21] = waived.reason;
    add_row(out, row);
  }
  for (const Missing& missing : report.review.missing) {
    Row row{"not looked at"};
    row[5] = missing.what;
    row[21] = missing.reason;
    add_row(out, row);
  }
  for (const std::string& problem : report.review.problems) {
    Row row{"policy problem"};
    row[18] = problem;
    add_row(out, row);
  }
  return out;
}

}  // namespace fanlight::cli
