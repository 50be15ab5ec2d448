#include "support.hpp"

#include <fmt/format.h>

#include "fanlight/detect/diff_parser.hpp"
#include "fanlight/detect/examples.hpp"

namespace fanlight::testing {

const app::Scanner& scanner() {
  static const app::Scanner made(detect::Engine::make(detect::builtin_rules()).value(),
                                 Secret("a test's key"));
  return made;
}

std::string github_token(std::uint64_t number) {
  SeededRandom random(number);
  return detect::expand_example("{{github:ghp_}}", random);
}

std::string aws_id(std::uint64_t number) {
  SeededRandom random(number);
  return detect::expand_example("{{aws-id:AKIA}}", random);
}

std::string aws_secret(std::uint64_t number) {
  SeededRandom random(number);
  return detect::expand_example("{{base64:40}}", random);
}

std::string modified_file(const std::string& path, std::uint32_t start,
                          const std::vector<std::string>& lines) {
  std::size_t before = 0, after = 0;
  std::string body;
  for (const std::string& line : lines) {
    before += line.front() != '+';
    after += line.front() != '-';
    body += line + '\n';
  }
  return fmt::format("diff --git a/{0} b/{0}\n--- a/{0}\n+++ b/{0}\n@@ -{1},{2} +{1},{3} @@\n{4}", path,
                     start, before, after, body);
}

std::string added_file(const std::string& path, const std::vector<std::string>& lines) {
  std::string out = fmt::format(
      "diff --git a/{0} b/{0}\nnew file mode 100644\n--- /dev/null\n+++ b/{0}\n@@ -0,0 +1,{1} @@\n", path,
      lines.size());
  for (const std::string& line : lines) out += '+' + line + '\n';
  return out;
}

Diff parse(const std::string& text) {
  return detect::parse_diff(text).value();
}

app::ScanOutcome scan(const Snapshot& snapshot, const app::ScanSettings& settings) {
  auto scratch = scanner().engine().make_scratch();
  return scanner().scan_change(snapshot, settings, scratch);
}

app::ScanOutcome scan_text(std::string_view path, std::string_view text, const app::ScanSettings& settings) {
  auto scratch = scanner().engine().make_scratch();
  return scanner().scan_file(path, text, settings, scratch);
}

std::vector<Finding> of_rule(const std::vector<Finding>& findings, std::string_view rule) {
  std::vector<Finding> out;
  for (const Finding& finding : findings) {
    if (finding.rule == rule) out.push_back(finding);
  }
  return out;
}

std::string describe(const Finding& finding) {
  const Location& at = finding.location;
  return fmt::format("{} {} {}:{}-{}:{} {}", to_string(at.place), at.path, at.start_line, at.start_column,
                     at.end_line, at.end_column, to_string(finding.change));
}

std::string all_text(const app::ScanOutcome& outcome) {
  std::string out;
  for (const Finding& f : outcome.findings) {
    out += fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n", f.rule, f.location.path, f.fingerprint,
                       f.excerpt, f.title, f.message, f.remedy, f.suggestion.value_or(""), f.docs_url);
  }
  for (const FindingContext& context : outcome.contexts) {
    for (const ExcerptLine& line : context.lines) out += line.text + '\n';
  }
  for (const policy::AllowMark& allow : outcome.allows) out += allow.reason + '\n' + allow.mark + '\n';
  for (const Missing& missing : outcome.missing) out += missing.what + ' ' + missing.reason + '\n';
  for (const Missing& skipped : outcome.scanned.skipped) out += skipped.what + ' ' + skipped.reason + '\n';
  return out;
}

}  // namespace fanlight::testing
