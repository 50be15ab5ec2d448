// JSON of a readiness report, and the reading of one as a baseline.
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <fmt/format.h>

#include "fanlight/app/readiness_report.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::app {

namespace {

constexpr std::uint64_t schema_version = 1;

struct Json {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> to{buffer};

  Json() { to.SetIndent(' ', 2); }

  void text(std::string_view value) {
    const std::string clean = sanitize_utf8(value);
    to.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
  }
  void member(const char* name, std::string_view value) {
    to.Key(name);
    text(value);
  }
  void member(const char* name, std::uint64_t value) {
    to.Key(name);
    to.Uint64(value);
  }
  void flag(const char* name, bool value) {
    to.Key(name);
    to.Bool(value);
  }
  void list(const char* name, const std::vector<std::string>& values) {
    to.Key(name);
    to.StartArray();
    for (const std::string& value : values) text(value);
    to.EndArray();
  }
  template <class Item, class Each>
  void list(const char* name, const std::vector<Item>& items, Each each) {
    to.Key(name);
    to.StartArray();
    for (const Item& item : items) {
      to.StartObject();
      each(item);
      to.EndObject();
    }
    to.EndArray();
  }

  void blocker(const coupling::Blocker& one) {
    member("rule", one.rule);
    member("fingerprint", one.fingerprint);
    member("kind", to_string(one.kind));
    member("path", one.path);
    member("line", std::uint64_t{one.line});
    member("places", std::uint64_t{one.places});
    member("excerpt", one.excerpt);
    member("title", one.title);
    flag("composed", one.composed);
    if (!one.since.empty()) member("since", one.since);
  }

  void missing(const std::vector<Missing>& list_of) {
    list("missing", list_of, [&](const Missing& one) {
      member("what", one.what);
      member("reason", one.reason);
    });
  }

  void module(const coupling::ModuleReport& one) {
    const auto blockers = [&](const coupling::Blocker& b) { blocker(b); };
    member("name", one.name);
    member("kind", one.state == coupling::ReadyState::gone ? std::string_view{} : to_string(one.kind));
    member("state", to_string(one.state));
    list("after", one.after);
    list("depends_on", one.depends_on);
    member("closure", std::uint64_t{one.closure});
    member("wave", std::uint64_t{one.wave});
    list("blockers", one.found.blockers, blockers);
    list("overridable", one.found.overridable, blockers);
    list("waived", one.found.waived, blockers);
    list("history", one.found.history, blockers);
    member("warnings", std::uint64_t{one.found.warnings});
    list("seams", one.found.seams, [&](const coupling::Seam& seam) {
      member("key", seam.key);
      member("path", seam.path);
      member("line", std::uint64_t{seam.line});
      flag("stub", seam.has_stub);
    });
    list("unresolved", one.found.unresolved);
    list("unresolved_paths", one.unresolved_paths);
    list("external", one.external, [&](const coupling::External& external) {
      member("name", external.name);
      member("path", external.path);
    });
    missing(one.found.missing);
  }

  void since(const coupling::Difference& difference) {
    to.Key("since_baseline");
    to.StartObject();
    list("introduced", difference.introduced, [&](const auto& entry) {
      member("module", entry.first);
      blocker(entry.second);
    });
    list("removed", difference.removed, [&](const coupling::Baseline::Entry& entry) {
      member("module", entry.module);
      member("rule", entry.rule);
      member("fingerprint", entry.fingerprint);
    });
    member("moved", std::uint64_t{difference.moved});
    list("closer", difference.closer);
    list("further", difference.further);
    to.EndObject();
  }
};

std::string string_of(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

}  // namespace

std::string readiness_json(const ReadinessReport& report) {
  const coupling::Readiness& readiness = report.readiness;
  Json json;
  json.to.StartObject();
  json.member("schema", schema_version);
  json.to.Key("tool");
  json.to.StartObject();
  json.member("name", "fanlight");
  json.member("version", FANLIGHT_VERSION);
  json.to.EndObject();
  json.member("ready", std::uint64_t{readiness.count(coupling::ReadyState::ready)});
  json.member("all", std::uint64_t{readiness.modules.size() - readiness.count(coupling::ReadyState::gone)});
  json.to.Key("modules");
  json.to.StartArray();
  for (const coupling::ModuleReport& module : readiness.modules) {
    if (!report.module.empty() && module.name != report.module) continue;
    json.to.StartObject();
    json.module(module);
    json.to.EndObject();
  }
  json.to.EndArray();
  json.list("fixes", readiness.fixes, [&](const coupling::Fix& fix) {
    json.blocker(fix.blocker);
    json.list("unlocks", fix.unlocks);
  });
  json.list("order", readiness.order);
  json.flag("history_read", readiness.history_read);
  json.member("deploys_only", std::uint64_t{readiness.units});
  json.missing(readiness.missing);
  if (report.since) json.since(*report.since);
  json.to.EndObject();
  return std::string(json.buffer.GetString(), json.buffer.GetSize()) + '\n';
}

Result<coupling::Baseline> read_baseline(std::string_view json, const std::string& file) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(json.data(),
                                                                                         json.size());
  const auto bad = [&](const std::string& why) {
    return fail(
        ErrorCode::bad_input,
        fmt::format("{}: {}: a baseline is what `fanlight readiness --format json` prints", file, why));
  };
  if (document.HasParseError())
    return bad(fmt::format("no JSON at byte {}: {}", document.GetErrorOffset(),
                           rapidjson::GetParseError_En(document.GetParseError())));
  if (!document.IsObject() || !document.HasMember("modules") || !document["modules"].IsArray())
    return bad("no list of modules in it");
  coupling::Baseline out;
  for (const auto& module : document["modules"].GetArray()) {
    if (!module.IsObject()) return bad("a module is no object");
    const std::string name = string_of(module, "name");
    if (name.empty()) return bad("a module has no name");
    out.modules.push_back(name);
    const auto blockers = module.FindMember("blockers");
    if (blockers == module.MemberEnd() || !blockers->value.IsArray()) continue;
    for (const auto& blocker : blockers->value.GetArray()) {
      if (!blocker.IsObject()) return bad("a blocker is no object");
      out.blockers.push_back({name, string_of(blocker, "rule"), string_of(blocker, "fingerprint")});
    }
  }
  return out;
}

}  // namespace fanlight::app
