// GitLab's two reports: secret detection (security report schema 15.x), which has a place for secrets alone,
// and code quality (a list of Code Climate issues), which takes everything.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "fanlight/core/hash.hpp"
#include "format.hpp"
#include "json_out.hpp"

namespace fanlight::cli {

namespace {

constexpr std::string_view schema_version = "15.0.7";
// What GitLab's own analyser writes where a finding is of no commit.
constexpr std::string_view no_commit = "0000000";

// The same secret at two places is two entries, and neither changes its id when lines move: the id is of
// fingerprint and path, and of the how-manieth it is there.
class Ids {
 public:
  std::string of(const Finding& finding) {
    const std::string key = finding.fingerprint + '\n' + finding.location.path + '\n' +
                            std::string(to_string(finding.location.place));
    return to_hex(sha256(key + '\n' + std::to_string(seen_[key]++)));
  }

 private:
  std::map<std::string, std::size_t> seen_;
};

// Hexadecimal digits in the form of a UUID, version 8: "whatever the maker likes" (RFC 9562).
std::string uuid(const std::string& hex) {
  return fmt::format("{}-{}-8{}-a{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(13, 3),
                     hex.substr(17, 3), hex.substr(20, 12));
}

std::string_view severity_of(const Finding& finding) {
  switch (finding.severity) {
    case Severity::block:
      return "Critical";
    case Severity::warn:
      return "Medium";
    default:
      return "Low";
  }
}

void scanner(JsonOut& to, const char* name) {
  to.object(name, [&] {
    to.member("id", "fanlight");
    to.member("name", "fanlight");
    to.member("version", FANLIGHT_VERSION);
    to.object("vendor", [&] { to.member("name", "fanlight"); });
  });
}

void vulnerability(JsonOut& to, const Finding& finding, const std::string& id, const detect::Rule* rule) {
  to.object([&] {
    to.member("id", uuid(id));
    to.member("name", finding.title);
    to.member("description", finding.message.empty() ? finding.title : finding.message);
    to.member("severity", severity_of(finding));
    to.member("solution", finding.remedy);
    to.object("location", [&] {
      if (!finding.location.path.empty()) to.member("file", finding.location.path);
      if (finding.location.place == Place::file) {
        to.member("start_line", std::uint64_t{finding.location.start_line});
        to.member("end_line", std::uint64_t{finding.location.end_line});
      }
      to.object("commit",
                [&] { to.member("sha", finding.commit ? std::string_view(*finding.commit) : no_commit); });
    });
    to.array("identifiers", [&] {
      to.object([&] {
        to.member("type", "fanlight_rule_id");
        to.member("name", "fanlight rule " + finding.rule);
        to.member("value", finding.rule);
        if (rule && rule->source.starts_with("https://")) to.member("url", rule->source);
      });
    });
    if (finding.docs_url.empty()) return;
    to.array("links", [&] { to.object([&] { to.member("url", finding.docs_url); }); });
  });
}

void scan_messages(JsonOut& to, const Review& review, std::size_t coupling) {
  const auto message = [&](std::string_view level, std::string_view value) {
    to.object([&] {
      to.member("level", level);
      to.member("value", value);
    });
  };
  to.array("messages", [&] {
    for (const std::string& problem : review.problems) message("fatal", "policy: " + problem);
    for (const Missing& missing : review.missing)
      message("warn", "not looked at: " + missing.what + ": " + missing.reason);
    if (coupling)
      message("info", fmt::format("{} more, about coupling, in --format gitlab-codequality", coupling));
  });
}

}  // namespace

std::string format_gitlab(const Report& report) {
  const Review& review = report.review;
  const auto coupling = std::count_if(
      review.findings.begin(), review.findings.end(),
      [](const Finding& finding) { return finding.kind == FindingKind::coupling && is_news(finding); });
  JsonOut to;
  Ids ids;
  // "2026-11-22T10:35:00", UTC without a letter.
  const auto time = [](TimePoint at) { return to_iso8601(at).substr(0, 19); };
  to.object([&] {
    to.member("version", schema_version);
    to.array("vulnerabilities", [&] {
      for (const Finding& finding : review.findings) {
        if (finding.kind != FindingKind::secret || !is_news(finding)) continue;
        vulnerability(to, finding, ids.of(finding), find_rule(report, finding.rule));
      }
    });
    to.object("scan", [&] {
      scanner(to, "analyzer");
      scanner(to, "scanner");
      to.member("type", "secret_detection");
      to.member("start_time", time(report.now - report.took));
      to.member("end_time", time(report.now));
      to.member("status", review.missing.empty() ? "success" : "failure");
      scan_messages(to, review, static_cast<std::size_t>(coupling));
    });
  });
  return to.str();
}

std::string format_gitlab_codequality(const Report& report) {
  JsonOut to;
  Ids ids;
  const auto issue = [&](std::string_view description, std::string_view check, const std::string& fingerprint,
                         std::string_view severity, std::string_view path, std::uint32_t line) {
    to.object([&] {
      to.member("description", description);
      to.member("check_name", check);
      to.member("fingerprint", fingerprint);
      to.member("severity", severity);
      to.object("location", [&] {
        to.member("path", path);
        to.object("lines", [&] { to.member("begin", std::uint64_t{line}); });
      });
    });
  };
  to.array([&] {
    for (const Finding& finding : report.review.findings) {
      if (!is_news(finding)) continue;
      const std::string_view severity = finding.severity == Severity::block  ? "blocker"
                                        : finding.severity == Severity::warn ? "major"
                                                                             : "info";
      const std::string path = finding.location.path.empty() ? place_of(finding) : finding.location.path;
      issue(finding.title + ". " + finding.remedy, finding.rule, ids.of(finding), severity, path,
            finding.location.start_line);
    }
    for (const Missing& missing : report.review.missing) {
      issue("Not looked at: " + missing.reason, "not-looked-at", to_hex(sha256("missing\n" + missing.what)),
            "major", missing.what, 1);
    }
    for (const std::string& problem : report.review.problems) {
      issue(problem, "policy-problem", to_hex(sha256("problem\n" + problem)), "blocker", ".fanlight.yml", 1);
    }
  });
  return to.str();
}

}  // namespace fanlight::cli
