// `.secrets.baseline` of detect-secrets, both its formats: the secrets that are known, as SHA-1 of their
// text, and the patterns of files, lines and secrets that are left out. Its patterns are Python's; what RE2
// does not know is refused by name.
#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "fanlight/core/text.hpp"
#include "fanlight/detect/allow_list.hpp"

namespace fanlight::detect {

namespace {

using Value = rapidjson::Value;

constexpr std::size_t kBaselineBytesMax = 16 * 1024 * 1024;

std::string_view text_of(const Value& value) {
  return value.IsString() ? std::string_view(value.GetString(), value.GetStringLength()) : std::string_view();
}

const Value* member(const Value& of, const char* name) {
  if (!of.IsObject()) return nullptr;
  const auto found = of.FindMember(name);
  return found == of.MemberEnd() ? nullptr : &found->value;
}

class Reader {
 public:
  Reader(const std::string& file, AllowRead& out) : file_(file), out_(out) {}

  void read(const Value& root) {
    const Value* results = member(root, "results");
    if (!results || !results->IsObject()) return problem("no \"results\": not a baseline of detect-secrets");
    for (const auto& of_file : results->GetObject()) {
      if (!of_file.value.IsArray()) continue;
      for (const Value& one : of_file.value.GetArray()) known(text_of(of_file.name), one);
    }
    if (const Value* filters = member(root, "filters_used"); filters && filters->IsArray()) {
      for (const Value& one : filters->GetArray()) filter(one);
    }
    // Before version 1: {"exclude": {"files": …, "lines": …}}.
    if (const Value* exclude = member(root, "exclude")) {
      if (const Value* files = member(*exclude, "files")) pattern(*files, &AllowEntry::path_patterns);
      if (const Value* lines = member(*exclude, "lines")) pattern(*lines, &AllowEntry::line_patterns);
    }
  }

 private:
  void problem(std::string_view what) { out_.problems.push_back(fmt::format("{}: {}", file_, what)); }

  void known(std::string_view path, const Value& one) {
    const Value* hash = member(one, "hashed_secret");
    if (!hash || text_of(*hash).size() != 40) return problem("an entry of results without hashed_secret");
    if (out_.entries.size() == kAllowEntriesMax) return;
    AllowEntry entry;
    entry.file = file_;
    entry.path = path.starts_with("./") ? path.substr(2) : path;
    entry.secret_sha1 = to_lower(text_of(*hash));
    if (const Value* line = member(one, "line_number"); line && line->IsUint())
      entry.at_line = line->GetUint();
    if (const Value* type = member(one, "type")) entry.reason = fmt::format("known as {}", text_of(*type));
    out_.entries.push_back(std::move(entry));
  }

  void pattern(const Value& value, std::vector<std::string> AllowEntry::* to) {
    const auto add = [&](const Value& one) {
      if (text_of(one).empty()) return;
      AllowEntry entry;
      entry.file = file_;
      entry.reason = "left out by its filters";
      (entry.*to) = {std::string(text_of(one))};
      out_.entries.push_back(std::move(entry));
    };
    if (!value.IsArray()) return add(value);
    for (const Value& one : value.GetArray()) add(one);
  }

  void filter(const Value& one) {
    const Value* path = member(one, "path");
    const Value* patterns = member(one, "pattern");
    if (!path || !patterns) return;
    const std::string_view name = text_of(*path);
    if (name.ends_with("regex.should_exclude_file")) pattern(*patterns, &AllowEntry::path_patterns);
    if (name.ends_with("regex.should_exclude_line")) pattern(*patterns, &AllowEntry::line_patterns);
    if (name.ends_with("regex.should_exclude_secret")) pattern(*patterns, &AllowEntry::secret_patterns);
  }

  const std::string& file_;
  AllowRead& out_;
};

}  // namespace

AllowRead read_secrets_baseline(std::string_view json, const std::string& file) {
  AllowRead out;
  if (json.size() > kBaselineBytesMax) {
    out.problems.push_back(fmt::format("{}: more than {} bytes", file, kBaselineBytesMax));
    return out;
  }
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (document.HasParseError()) {
    out.problems.push_back(fmt::format("{}: no JSON at byte {}: {}", file, document.GetErrorOffset(),
                                       rapidjson::GetParseError_En(document.GetParseError())));
    return out;
  }
  Reader(file, out).read(document);
  return out;
}

}  // namespace fanlight::detect
