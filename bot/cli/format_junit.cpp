// JUnit XML, for CI systems that show tests: a finding is a test that failed, a note one that passed with
// something to say, an accepted finding one that was skipped, and what could not be looked at an error.
#include <fmt/format.h>

#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"
#include "format.hpp"

namespace fanlight::cli {

namespace {

// XML 1.0 has no way to write control characters, U+FFFE and U+FFFF, not even as references.
std::string xml(std::string_view text) {
  std::string out = escape_html(sanitize_utf8(text));
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') c = '?';
  }
  for (const std::string_view none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    for (std::size_t at; (at = out.find(none)) != out.npos;) out.replace(at, none.size(), "?");
  }
  return out;
}

struct Cases {
  std::string text;
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

  void add(std::string_view class_name, std::string_view name, std::string_view inside) {
    ++tests;
    text += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"", xml(class_name), xml(name));
    text += inside.empty() ? "/>\n" : fmt::format(">{}</testcase>\n", inside);
  }
};

std::string name_of(const Finding& finding) {
  return fmt::format("{}: {}, finding {}", place_of(finding), finding.rule, finding.fingerprint);
}

// The folder and file as JUnit viewers group them.
std::string class_of(const Finding& finding) {
  return finding.location.path.empty() ? std::string(to_string(finding.location.place))
                                       : finding.location.path;
}

std::string words_of(const Finding& finding) {
  return fmt::format("{}\n{}\n{}\nin {}: {}", finding.title, finding.message, finding.remedy,
                     place_of(finding), finding.excerpt);
}

}  // namespace

std::string format_junit(const Report& report) {
  const Review& review = report.review;
  Cases cases;
  for (const std::string& problem : review.problems) {
    ++cases.errors;
    cases.add("policy", problem, fmt::format("<error type=\"policy\" message=\"{}\"/>", xml(problem)));
  }
  for (const Finding& finding : review.findings) {
    if (!is_news(finding)) continue;
    if (finding.severity == Severity::note) {
      cases.add(class_of(finding), name_of(finding),
                fmt::format("<system-out>{}</system-out>", xml(words_of(finding))));
      continue;
    }
    ++cases.failures;
    cases.add(class_of(finding), name_of(finding),
              fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>", to_string(finding.severity),
                          xml(finding.title), xml(words_of(finding))));
  }
  for (const Waived& waived : review.waived) {
    ++cases.skipped;
    cases.add(class_of(waived.finding), name_of(waived.finding),
              fmt::format("<skipped message=\"{}\"/>",
                          xml(fmt::format("accepted by {}: {}", waived.by, waived.reason))));
  }
  for (const Missing& missing : review.missing) {
    ++cases.errors;
    cases.add(missing.what, "looked at",
              fmt::format("<error type=\"incomplete\" message=\"not looked at: {}\"/>", xml(missing.reason)));
  }
  // A run without a test reads as a run that did not happen.
  if (cases.tests == 0) cases.add("fanlight", policy::status_line(review), "");
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", cases.tests, cases.failures, cases.errors);
  const double seconds = static_cast<double>(report.took.count()) / 1000;
  // The schema's timestamp has no zone.
  const std::string timestamp = to_iso8601(report.now).substr(0, 19);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"fanlight\" {0} time=\"{1:.3f}\">\n"
      "  <testsuite name=\"fanlight\" {0} skipped=\"{2}\" time=\"{1:.3f}\" timestamp=\"{3}\">\n"
      "{4}  </testsuite>\n</testsuites>\n",
      counts, seconds, cases.skipped, timestamp, cases.text);
}

}  // namespace fanlight::cli
