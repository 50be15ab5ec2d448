// SARIF 2.1.0 (OASIS), for code scanning. Only what holds at the head and was brought by the change is a
// result; accepted findings carry a suppression.
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <map>

#include "fanlight/core/text.hpp"
#include "fanlight/net/http.hpp"
#include "format.hpp"

namespace fanlight::cli {

namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void text(Writer& to, std::string_view value) {
  const std::string clean = sanitize_utf8(value);
  to.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
}

void member(Writer& to, const char* name, std::string_view value) {
  to.Key(name);
  text(to, value);
}

void message(Writer& to, const char* name, std::string_view value) {
  to.Key(name);
  to.StartObject();
  member(to, "text", value);
  to.EndObject();
}

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::block:
      return "error";
    case Severity::warn:
      return "warning";
    default:
      return "note";
  }
}

void location(Writer& to, const Finding& finding) {
  to.Key("locations");
  to.StartArray();
  if (!finding.location.path.empty()) {
    to.StartObject();
    to.Key("physicalLocation");
    to.StartObject();
    to.Key("artifactLocation");
    to.StartObject();
    member(to, "uri", net::encode_path(finding.location.path));
    member(to, "uriBaseId", "%SRCROOT%");
    to.EndObject();
    if (finding.location.place == Place::file) {
      to.Key("region");
      to.StartObject();
      to.Key("startLine");
      to.Uint(finding.location.start_line);
      to.Key("startColumn");
      to.Uint(finding.location.start_column);
      to.Key("endLine");
      to.Uint(finding.location.end_line);
      to.Key("endColumn");
      to.Uint(finding.location.end_column);
      to.EndObject();
    }
    to.EndObject();
    to.EndObject();
  }
  to.EndArray();
}

void result(Writer& to, const Finding& finding, std::size_t rule, const Waived* waived) {
  to.StartObject();
  member(to, "ruleId", finding.rule);
  to.Key("ruleIndex");
  to.Uint64(rule);
  member(to, "level", level(finding.severity));
  message(to, "message", finding.title + ". " + finding.remedy);
  location(to, finding);
  to.Key("partialFingerprints");
  to.StartObject();
  member(to, "fanlight/v1", finding.fingerprint);
  to.EndObject();
  if (waived) {
    to.Key("suppressions");
    to.StartArray();
    to.StartObject();
    member(to, "kind", waived->by == "inline" ? "inSource" : "external");
    member(to, "justification", waived->reason);
    to.EndObject();
    to.EndArray();
  }
  to.Key("properties");
  to.StartObject();
  member(to, "kind", to_string(finding.kind));
  member(to, "layer", to_string(finding.layer));
  member(to, "structure", to_string(finding.structure));
  member(to, "change", to_string(finding.change));
  to.EndObject();
  to.EndObject();
}

}  // namespace

std::string format_sarif(const Report& report) {
  rapidjson::StringBuffer buffer;
  Writer to(buffer);
  to.SetIndent(' ', 2);
  // Only the rules that have a result, in a stable order.
  std::map<std::string, std::size_t> indices;
  for (const Finding& finding : report.review.findings) indices.emplace(finding.rule, 0);
  for (const Waived& waived : report.review.waived) indices.emplace(waived.finding.rule, 0);
  std::size_t next = 0;
  for (auto& [id, index] : indices) index = next++;

  to.StartObject();
  member(to, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  member(to, "version", "2.1.0");
  to.Key("runs");
  to.StartArray();
  to.StartObject();
  to.Key("tool");
  to.StartObject();
  to.Key("driver");
  to.StartObject();
  member(to, "name", "fanlight");
  member(to, "version", FANLIGHT_VERSION);
  to.Key("rules");
  to.StartArray();
  for (const auto& [id, index] : indices) {
    to.StartObject();
    member(to, "id", id);
    for (const detect::Rule& rule : report.rules) {
      if (rule.id != id) continue;
      message(to, "shortDescription", rule.name);
      if (!rule.message.empty()) message(to, "fullDescription", rule.message);
      if (!rule.remedy.empty()) message(to, "help", rule.remedy);
      if (rule.source.starts_with("https://")) member(to, "helpUri", rule.source);
    }
    to.EndObject();
  }
  to.EndArray();
  to.EndObject();
  to.EndObject();
  member(to, "columnKind", "unicodeCodePoints");
  to.Key("invocations");
  to.StartArray();
  to.StartObject();
  to.Key("executionSuccessful");
  to.Bool(report.review.missing.empty());
  to.Key("toolExecutionNotifications");
  to.StartArray();
  for (const Missing& missing : report.review.missing) {
    to.StartObject();
    member(to, "level", "warning");
    message(to, "message", "not looked at: " + missing.what + ": " + missing.reason);
    to.EndObject();
  }
  to.EndArray();
  to.EndObject();
  to.EndArray();
  to.Key("results");
  to.StartArray();
  for (const Finding& finding : report.review.findings) {
    if (finding.change == ChangeKind::removed || finding.change == ChangeKind::existing) continue;
    result(to, finding, indices[finding.rule], nullptr);
  }
  for (const Waived& waived : report.review.waived) {
    result(to, waived.finding, indices[waived.finding.rule], &waived);
  }
  to.EndArray();
  to.EndObject();
  to.EndArray();
  to.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + '\n';
}

}  // namespace fanlight::cli
