// "May this repository be public today?": what `scan --history --format markdown` answers. The head and the
// history have headings of their own, because an edit mends the one and not the other.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "fanlight/policy/render.hpp"
#include "format.hpp"

namespace fanlight::cli {

namespace {

constexpr std::size_t rows_max = 500;  // of one heading

using Rows = std::vector<const Finding*>;

bool is_words(const Finding& finding) {
  return finding.location.place != Place::file && finding.location.place != Place::path;
}

std::string where(const Finding& finding) {
  const std::string commit = finding.commit ? finding.commit->substr(0, 10) : "";
  if (is_words(finding)) return "commit " + policy::cell_code(commit);
  const std::string path = finding.location.place == Place::path
                               ? finding.location.path
                               : fmt::format("{}:{}", finding.location.path, finding.location.start_line);
  return policy::cell_code(path) +
         (finding.at_head || commit.empty() ? "" : ", since " + policy::cell_code(commit));
}

// Tables take "\\|" for a bar inside code as well.
std::string cell_prose(std::string_view text) {
  std::string out;
  for (const char c : policy::prose(text)) {
    if (c == '|' && !out.ends_with('\\')) out += '\\';
    out += c;
  }
  return out;
}

void section(std::string& out, std::string_view title, std::string_view about, const Rows& rows) {
  if (rows.empty()) return;
  out += fmt::format("\n## {}\n\n{}\n\n| what | where | what to do |\n|---|---|---|\n", title, about);
  for (std::size_t i = 0; i < std::min(rows.size(), rows_max); ++i) {
    const Finding& one = *rows[i];
    out += fmt::format("| {} ({}) {} | {} | {} |\n", policy::escape_markdown(one.title), one.rule,
                       policy::cell_code(one.excerpt), where(one), cell_prose(one.remedy));
  }
  if (rows.size() > rows_max)
    out += fmt::format("\nAnd {} more: `--format json` lists them all.\n", rows.size() - rows_max);
}

std::string count(std::size_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

}  // namespace

std::string format_publication(const Report& report) {
  const Review& review = report.review;
  Rows head, history, words, private_values, look;
  for (const Finding& finding : review.findings) {
    const bool blocks = finding.severity == Severity::block;
    if (is_words(finding)) {
      words.push_back(&finding);
    } else if (!finding.at_head) {
      (blocks ? history : private_values).push_back(&finding);
    } else if (blocks) {
      head.push_back(&finding);
    } else if (finding.severity == Severity::warn) {
      look.push_back(&finding);
    }
  }
  const auto blocking_words = static_cast<std::size_t>(std::ranges::count_if(
      words, [](const Finding* finding) { return finding->severity == Severity::block; }));
  const std::size_t blocking = head.size() + history.size() + blocking_words;
  std::string out = "# May this repository be public today?\n\n";
  if (!review.problems.empty()) {
    out += "**Not known:** its policy has errors.\n\n";
    for (const std::string& problem : review.problems) out += "- " + policy::escape_markdown(problem) + '\n';
  } else if (blocking > 0) {
    out += fmt::format("**No.** {} in the way: {} at the head, {} in the history alone{}.\n",
                       count(blocking, "thing stands", "things stand"), head.size(), history.size(),
                       blocking_words ? fmt::format(", {} in commit messages", blocking_words) : "");
  } else if (!review.missing.empty()) {
    out += "**Not known:** not everything could be looked at.\n";
  } else {
    out += "**Yes.** Nothing that must stay private was found, at the head or in the history.\n";
  }
  if (!private_values.empty() && history.empty())
    out += fmt::format(
        "\nThe history holds {} that the head has no more: publish without the history, rewrite it, "
        "or accept that they are read.\n",
        count(private_values.size(), "private value", "private values"));
  section(out, "At the head", "An edit mends these.", head);
  section(out, "Secrets and private names in the history",
          "The head has them no more, and whoever clones the repository does. Revoke what gives access; then "
          "publish without the history, or rewrite it.",
          history);
  section(out, "In words about the code", "Commit messages and tags are published with the history.", words);
  section(out, "Private values in the history",
          "They give no access and tell how things are inside. Accept that, publish without the history, or "
          "rewrite it.",
          private_values);
  section(out, "To look at", "These decide nothing.", look);
  if (!review.missing.empty()) {
    out += "\n## Not looked at\n\n";
    for (const Missing& missing : review.missing)
      out +=
          fmt::format("- {}: {}\n", policy::code_span(missing.what), policy::escape_markdown(missing.reason));
  }
  if (!review.waived.empty())
    out += fmt::format("\n{} accepted by somebody, and in none of these lists.\n",
                       count(review.waived.size(), "finding was", "findings were"));
  out += fmt::format("\n<sub>Looked at {} and {}.</sub>\n",
                     count(review.scanned.files, "version of a file", "versions of files"),
                     count(review.scanned.commits, "commit", "commits"));
  return out;
}

}  // namespace fanlight::cli
