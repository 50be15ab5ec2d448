#include "format.hpp"

#include <fmt/format.h>

#include "fanlight/policy/render.hpp"

namespace fanlight::cli {

namespace {

constexpr FormatSpec table[] = {
    {Format::text, "text", "for people"},
    {Format::json, "json", "one document, stable"},
    {Format::jsonl, "jsonl", "a line for the run, then a line per finding"},
    {Format::sarif, "sarif", "SARIF 2.1.0, for code scanning"},
    {Format::github, "github", "workflow commands that GitHub Actions shows as annotations"},
    {Format::markdown, "markdown", "what the bot would post"},
};

// Workflow commands end at a line's end and split at commas and colons; GitHub decodes these escapes.
std::string escape(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
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
        out += c;
    }
  }
  return out;
}

std::string format_markdown(const Report& report) {
  constexpr std::size_t comment_bytes = 65'536;
  std::string out = policy::summary_markdown(report.change, report.review, "", comment_bytes) + '\n';
  for (const Finding& finding : report.review.findings) {
    if (finding.change != ChangeKind::introduced && finding.change != ChangeKind::regressed) continue;
    out += "\n---\n\n";
    if (finding.location.place == Place::file) {
      out += policy::code_span(fmt::format("{}:{}", finding.location.path, finding.location.start_line)) +
             "\n\n";
    }
    out += policy::finding_markdown(finding, report.change, true) + '\n';
  }
  return out;
}

}  // namespace

std::span<const FormatSpec> formats() {
  return table;
}

std::string format_github(const Report& report) {
  std::string out;
  for (const Finding& finding : report.review.findings) {
    if (finding.change == ChangeKind::removed || finding.change == ChangeKind::existing) continue;
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

std::string format_report(Format format, const Report& report) {
  switch (format) {
    case Format::text:
      return format_text(report);
    case Format::json:
      return format_json(report);
    case Format::jsonl:
      return format_jsonl(report);
    case Format::sarif:
      return format_sarif(report);
    case Format::github:
      return format_github(report);
    case Format::markdown:
      return format_markdown(report);
  }
  return {};
}

}  // namespace fanlight::cli
