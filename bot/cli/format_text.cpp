// The format for a terminal: file:line:column, what, a redacted excerpt, and what to do.
#include <fmt/format.h>

#include <algorithm>

#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"
#include "format.hpp"

namespace fanlight::cli {

namespace {

struct Paint {
  bool on;
  std::string operator()(const char* code, std::string text) const {
    return on ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
  }
};

const char* color_of(Severity severity) {
  switch (severity) {
    case Severity::block:
      return "1;31";
    case Severity::warn:
      return "33";
    default:
      return "36";
  }
}

std::string note(const Finding& finding) {
  if (finding.change == ChangeKind::removed) return "removed here";
  if (finding.change == ChangeKind::moved) return "only moved";
  if (!finding.at_head)
    return "gone at the head, still in commit " + finding.commit.value_or("").substr(0, 7);
  return {};
}

std::string count(std::uint64_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out = sanitize_utf8(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return out;
}

std::string place_of(const Finding& finding) {
  const Location& at = finding.location;
  switch (at.place) {
    case Place::file:
      return fmt::format("{}:{}:{}", printable(at.path), at.start_line, at.start_column);
    case Place::path:
      return printable(at.path) + " (its name)";
    case Place::commit_message:
      return "message of commit " + finding.commit.value_or("").substr(0, 7);
    case Place::title:
      return "title";
    case Place::body:
      return "description";
    case Place::branch:
      return "branch name";
  }
  return {};
}

std::string format_text(const Report& report) {
  const Paint paint{report.color};
  const Review& review = report.review;
  std::string out;
  for (const std::string& problem : review.problems)
    out += paint("1;31", "policy  ") + printable(problem) + '\n';
  std::size_t place_width = 0, rule_width = 0;
  for (const Finding& finding : review.findings) {
    place_width = std::max(place_width, std::min<std::size_t>(60, count_code_points(place_of(finding))));
    rule_width = std::max(rule_width, finding.rule.size());
  }
  for (const Finding& finding : review.findings) {
    const std::string place = place_of(finding);
    const std::size_t pad =
        place_width > count_code_points(place) ? place_width - count_code_points(place) : 0;
    out += paint("1", place) + std::string(pad, ' ') + "  " +
           paint(color_of(finding.severity), fmt::format("{:5}", to_string(finding.severity))) + "  " +
           fmt::format("{:{}}", finding.rule, rule_width) + "  " + printable(finding.excerpt);
    if (const std::string what = note(finding); !what.empty()) out += "  " + paint("2", what);
    out += "\n  " + printable(finding.title) + ". " + printable(finding.remedy);
    out += "\n  " + paint("2", "finding " + finding.fingerprint) + '\n';
  }
  for (const Missing& missing : review.missing) {
    out += paint("33", "not looked at  ") + printable(missing.what) + ": " + printable(missing.reason) + '\n';
  }
  for (const Waived& waived : review.waived) {
    out += paint("2", fmt::format("accepted  {}  {}  by {}: {}", place_of(waived.finding),
                                  waived.finding.rule, printable(waived.by), printable(waived.reason))) +
           '\n';
  }
  for (const std::string& notice : review.notices) out += paint("2", "note  " + printable(notice)) + '\n';
  if (!out.empty()) out += '\n';
  std::string looked = count(review.scanned.files, "file", "files");
  if (review.scanned.commits) looked += ", " + count(review.scanned.commits, "commit", "commits");
  if (!review.scanned.skipped.empty()) looked += fmt::format(", {} skipped", review.scanned.skipped.size());
  const char* color = review.verdict == Verdict::pass   ? "32"
                      : review.verdict == Verdict::fail ? "1;31"
                                                        : "33";
  out += paint(color, policy::status_line(review)) + " · " + looked;
  if (report.took.count()) out += fmt::format(" in {} ms", report.took.count());
  return out + '\n';
}

}  // namespace fanlight::cli
