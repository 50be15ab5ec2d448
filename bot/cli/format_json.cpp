// JSON, one document and one line per finding. `schema` counts up on a breaking change; keys are only ever
// added.
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "fanlight/core/text.hpp"
#include "format.hpp"

namespace fanlight::cli {

namespace {

constexpr int schema_version = 1;

template <class Writer>
struct Json {
  Writer& to;

  void text(std::string_view value) {
    const std::string clean = sanitize_utf8(value);
    to.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
  }
  void key(const char* name) { to.Key(name); }
  void member(const char* name, std::string_view value) {
    key(name);
    text(value);
  }
  void member(const char* name, std::uint64_t value) {
    key(name);
    to.Uint64(value);
  }
  void nullable(const char* name, const std::optional<std::string>& value) {
    key(name);
    if (value) {
      text(*value);
    } else {
      to.Null();
    }
  }

  void finding(const Finding& f) {
    to.StartObject();
    finding_members(f);
    to.EndObject();
  }

  void finding_members(const Finding& f) {
    member("rule", f.rule);
    member("kind", to_string(f.kind));
    member("severity", to_string(f.severity));
    key("axis");
    to.StartArray();
    if (f.axes.portability) text("portability");
    if (f.axes.disclosure) text("disclosure");
    to.EndArray();
    member("layer", to_string(f.layer));
    member("place", to_string(f.location.place));
    member("path", f.location.path);
    member("start_line", std::uint64_t{f.location.start_line});
    member("start_column", std::uint64_t{f.location.start_column});
    member("end_line", std::uint64_t{f.location.end_line});
    member("end_column", std::uint64_t{f.location.end_column});
    nullable("commit", f.commit);
    key("at_head");
    to.Bool(f.at_head);
    member("fingerprint", f.fingerprint);
    member("excerpt", f.excerpt);
    member("structure", to_string(f.structure));
    member("change", to_string(f.change));
    member("title", f.title);
    member("message", f.message);
    member("remedy", f.remedy);
    nullable("suggestion", f.suggestion);
  }

  void missing(const char* name, const std::vector<Missing>& list) {
    key(name);
    to.StartArray();
    for (const Missing& m : list) {
      to.StartObject();
      member("path", m.what);
      member("reason", m.reason);
      to.EndObject();
    }
    to.EndArray();
  }

  void strings(const char* name, const std::vector<std::string>& list) {
    key(name);
    to.StartArray();
    for (const auto& s : list) text(s);
    to.EndArray();
  }

  void head(const Review& review) {
    key("schema");
    to.Int(schema_version);
    key("tool");
    to.StartObject();
    member("name", "fanlight");
    member("version", FANLIGHT_VERSION);
    to.EndObject();
    member("verdict", to_string(review.verdict));
    key("scanned");
    to.StartObject();
    member("files", review.scanned.files);
    member("bytes", review.scanned.bytes);
    member("commits", review.scanned.commits);
    missing("skipped", review.scanned.skipped);
    missing("missing", review.missing);
    to.EndObject();
  }

  void tail(const Review& review) {
    key("waived");
    to.StartArray();
    for (const Waived& w : review.waived) {
      to.StartObject();
      finding_members(w.finding);
      member("by", w.by);
      member("reason", w.reason);
      to.EndObject();
    }
    to.EndArray();
    strings("problems", review.problems);
    strings("notices", review.notices);
  }
};

}  // namespace

std::string format_json(const Report& report) {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter writer(buffer);
  writer.SetIndent(' ', 2);
  Json<decltype(writer)> json{writer};
  writer.StartObject();
  json.head(report.review);
  json.key("findings");
  writer.StartArray();
  for (const Finding& finding : report.review.findings) json.finding(finding);
  writer.EndArray();
  json.tail(report.review);
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + '\n';
}

// The first line is the document without its findings; each further line is one finding.
std::string format_jsonl(const Report& report) {
  std::string out;
  const auto line = [&](auto write) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer writer(buffer);
    write(Json<decltype(writer)>{writer});
    out.append(buffer.GetString(), buffer.GetSize()) += '\n';
  };
  line([&](auto json) {
    json.to.StartObject();
    json.head(report.review);
    json.tail(report.review);
    json.to.EndObject();
  });
  for (const Finding& finding : report.review.findings) line([&](auto json) { json.finding(finding); });
  return out;
}

}  // namespace fanlight::cli
