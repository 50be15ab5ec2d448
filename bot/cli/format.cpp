#include "format.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"

namespace fanlight::cli {

namespace {

constexpr FormatSpec table[] = {
    {"text", "for people", format_text},
    {"json", "one document, stable", format_json},
    {"jsonl", "a line for the run, then a line per finding", format_jsonl},
    {"sarif", "SARIF 2.1.0, for code scanning", format_sarif},
    {"junit", "JUnit XML: a finding is a test that failed", format_junit},
    {"gitlab", "GitLab's secret detection report", format_gitlab},
    {"gitlab-codequality", "GitLab's code quality report", format_gitlab_codequality},
    {"github", "workflow commands that GitHub Actions shows as annotations", format_github},
    {"csv", "a row per finding, RFC 4180", format_csv},
    {"markdown", "what the bot would post", format_markdown},
};

// Workflow commands end at a line's end and split at commas and colons; GitHub decodes these escapes.
std::string escape(std::string_view text, bool property) {
  std::string out;
  for (const char c : sanitize_utf8(text)) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      case ':':
        out += property ? "%3A" : ":";
        break;
      case ',':
        out += property ? "%2C" : ",";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 && c != '\t' ? '?' : c;
    }
  }
  return out;
}

}  // namespace

std::span<const FormatSpec> formats() {
  return table;
}

bool is_news(const Finding& finding) {
  return finding.change == ChangeKind::introduced || finding.change == ChangeKind::regressed;
}

const detect::Rule* find_rule(const Report& report, std::string_view id) {
  const auto found = std::find_if(report.rules.begin(), report.rules.end(),
                                  [&](const detect::Rule& rule) { return rule.id == id; });
  return found == report.rules.end() ? nullptr : &*found;
}

std::string format_github(const Report& report) {
  std::string out;
  for (const Finding& finding : report.review.findings) {
    if (!is_news(finding)) continue;
    const char* command = finding.severity == Severity::block  ? "error"
                          : finding.severity == Severity::warn ? "warning"
                                                               : "notice";
    out += fmt::format("::{} file={},line={},endLine={},title={}::{}\n", command,
                       escape(finding.location.path, true), finding.location.start_line,
                       finding.location.end_line, escape(finding.title, true),
                       escape(finding.message + ' ' + finding.remedy, false));
  }
  for (const Missing& missing : report.review.missing) {
    out += fmt::format("::warning title=Not looked at::{}\n",
                       escape(missing.what + ": " + missing.reason, false));
  }
  return out + escape(policy::status_line(report.review), false) + '\n';
}

std::string format_markdown(const Report& report) {
  if (report.history) return format_publication(report);
  constexpr std::size_t comment_bytes = 65'536;
  std::string out = policy::summary_markdown(report.change, report.review, "", comment_bytes) + '\n';
  for (const Finding& finding : report.review.findings) {
    if (!is_news(finding)) continue;
    out += "\n---\n\n";
    if (finding.location.place == Place::file) {
      out += policy::code_span(fmt::format("{}:{}", finding.location.path, finding.location.start_line)) +
             "\n\n";
    }
    out += policy::finding_markdown(finding, report.change, true) + '\n';
  }
  return out;
}

}  // namespace fanlight::cli
