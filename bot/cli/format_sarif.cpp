// SARIF 2.1.0 (OASIS), for code scanning. Only what the change brought is a result; accepted findings carry a
// suppression. tests/formats validates it against the published schema.
#include <algorithm>
#include <map>

#include "fanlight/net/http.hpp"
#include "format.hpp"
#include "json_out.hpp"

namespace fanlight::cli {

namespace {

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::block:
      return "error";
    case Severity::warn:
      return "warning";
    case Severity::note:
      return "note";
    case Severity::off:
      break;
  }
  return "none";
}

// What GitHub sorts alerts by: over 7.0 is high, over 9.0 critical (CVSS).
std::string_view security_severity(Severity severity) {
  return severity == Severity::block ? "9.5" : severity == Severity::warn ? "6.0" : "3.0";
}

void message(JsonOut& to, const char* name, std::string_view value) {
  to.object(name, [&] { to.member("text", value); });
}

void locations(JsonOut& to, const Finding& finding) {
  const Location& at = finding.location;
  to.array("locations", [&] {
    to.object([&] {
      // A title or a message of a commit is no file, but stands somewhere.
      if (at.path.empty()) {
        to.array("logicalLocations", [&] {
          to.object([&] {
            to.member("name", to_string(at.place));
            to.member("fullyQualifiedName", place_of(finding));
          });
        });
        return;
      }
      to.object("physicalLocation", [&] {
        to.object("artifactLocation", [&] {
          to.member("uri", net::encode_path(at.path));
          to.member("uriBaseId", "%SRCROOT%");
        });
        if (at.place != Place::file) return;
        to.object("region", [&] {
          to.member("startLine", std::uint64_t{at.start_line});
          to.member("startColumn", std::uint64_t{at.start_column});
          to.member("endLine", std::uint64_t{at.end_line});
          to.member("endColumn", std::uint64_t{at.end_column});
        });
      });
    });
  });
}

void result(JsonOut& to, const Finding& finding, std::size_t rule, const Waived* waived) {
  to.object([&] {
    to.member("ruleId", finding.rule);
    to.member("ruleIndex", std::uint64_t{rule});
    to.member("level", level(finding.severity));
    message(to, "message", finding.title + ". " + finding.remedy);
    locations(to, finding);
    // Of rule and matched text, so that it survives moved lines; the key is versioned as SARIF asks.
    to.object("partialFingerprints", [&] { to.member("fanlight/v1", finding.fingerprint); });
    if (waived) {
      to.array("suppressions", [&] {
        to.object([&] {
          to.member("kind", waived->by == "inline" ? "inSource" : "external");
          to.member("status", "accepted");
          to.member("justification", waived->reason);
        });
      });
    }
    to.object("properties", [&] {
      to.member("kind", to_string(finding.kind));
      to.member("layer", to_string(finding.layer));
      to.member("structure", to_string(finding.structure));
      to.member("change", to_string(finding.change));
      to.member("atHead", finding.at_head);
      if (finding.commit) to.member("commit", *finding.commit);
    });
  });
}

void rule_of(JsonOut& to, const std::string& id, const detect::Rule* rule) {
  to.object([&] {
    to.member("id", id);
    if (!rule) return;
    const Severity severity = *std::max_element(rule->severity.begin(), rule->severity.end());
    message(to, "shortDescription", rule->name);
    message(to, "fullDescription", rule->message.empty() ? rule->name : rule->message);
    std::string help(rule->remedy.empty() ? rule->message : rule->remedy);
    std::string markdown = help;
    for (const std::string_view url : {rule->revoke_url, rule->source}) {
      if (!url.starts_with("https://")) continue;
      markdown.append("\n\n<").append(url).append(">");
    }
    to.object("help", [&] {
      to.member("text", help);
      to.member("markdown", markdown);
    });
    if (rule->source.starts_with("https://")) to.member("helpUri", rule->source);
    to.object("defaultConfiguration", [&] { to.member("level", level(severity)); });
    to.object("properties", [&] {
      to.array("tags", [&] {
        to.text(to_string(rule->kind));
        to.text(rule->service);
        if (rule->kind == FindingKind::secret) to.text("security");
      });
      if (rule->kind == FindingKind::secret) {
        to.member("security-severity", security_severity(severity));
        to.member("precision", rule->placeholders ? "medium" : "very-high");
      }
    });
  });
}

// Only the rules that have a result, in a stable order.
std::map<std::string, std::size_t> indices_of(const Review& review) {
  std::map<std::string, std::size_t> out;
  for (const Finding& finding : review.findings) {
    if (is_news(finding)) out.emplace(finding.rule, 0);
  }
  for (const Waived& waived : review.waived) out.emplace(waived.finding.rule, 0);
  std::size_t next = 0;
  for (auto& [id, index] : out) index = next++;
  return out;
}

void notification(JsonOut& to, std::string_view level, std::string_view text) {
  to.object([&] {
    to.member("level", level);
    message(to, "message", text);
  });
}

}  // namespace

std::string format_sarif(const Report& report) {
  const Review& review = report.review;
  const auto indices = indices_of(review);
  JsonOut to;
  const auto run = [&] {
    to.object("tool", [&] {
      to.object("driver", [&] {
        to.member("name", "fanlight");
        to.member("semanticVersion", FANLIGHT_VERSION);
        to.member("version", FANLIGHT_VERSION);
        to.array("rules", [&] {
          for (const auto& [id, index] : indices) rule_of(to, id, find_rule(report, id));
        });
      });
    });
    to.member("columnKind", "unicodeCodePoints");
    to.array("invocations", [&] {
      to.object([&] {
        to.member("executionSuccessful", review.missing.empty());
        to.array("toolExecutionNotifications", [&] {
          for (const Missing& missing : review.missing)
            notification(to, "warning", "not looked at: " + missing.what + ": " + missing.reason);
          for (const std::string& notice : review.notices) notification(to, "note", notice);
        });
        to.array("toolConfigurationNotifications", [&] {
          for (const std::string& problem : review.problems) notification(to, "error", problem);
        });
      });
    });
    to.array("results", [&] {
      for (const Finding& finding : review.findings) {
        if (is_news(finding)) result(to, finding, indices.at(finding.rule), nullptr);
      }
      for (const Waived& waived : review.waived)
        result(to, waived.finding, indices.at(waived.finding.rule), &waived);
    });
  };
  to.object([&] {
    to.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    to.member("version", "2.1.0");
    to.array("runs", [&] { to.object(run); });
  });
  return to.str();
}

}  // namespace fanlight::cli
