// Fixes that do not fix: a reference that this file's language reads as text (inert.cpp has the languages),
// and a key of data that no parameter has.
#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "check.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/change.hpp"
#include "inert.hpp"
#include "lines.hpp"
#include "words.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kLineBytesRead = 4096;
constexpr std::size_t kNamesMax = 20'000;  // declared names that are kept of one change

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const auto differ = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(differ.in1 - a.begin());
}

// The removed line that the added line at `index` replaces: of the same run of changed lines, the one that
// begins most alike. Empty when none begins alike.
std::string_view replaced_by(const Hunk& hunk, std::size_t index) {
  constexpr std::size_t kAlikeMin = 4;
  std::size_t first = index, last = index;
  while (first > 0 && hunk.lines[first - 1].kind != LineKind::context) --first;
  while (last + 1 < hunk.lines.size() && hunk.lines[last + 1].kind != LineKind::context) ++last;
  const std::string_view added = trim(hunk.lines[index].text);
  std::string_view best;
  std::size_t alike = kAlikeMin - 1;
  for (std::size_t i = first; i <= last; ++i) {
    if (hunk.lines[i].kind != LineKind::removed) continue;
    const std::size_t length = common_prefix(added, trim(hunk.lines[i].text));
    if (length <= alike) continue;
    alike = length;
    best = hunk.lines[i].text;
  }
  return best;
}

// Calls `each(line, added)` for every added line, and tells where it begins in `text`.
template <class Each>
void for_added(const FileDiff& file, std::string_view text, Each each) {
  std::size_t offset = 0;
  std::uint32_t number = 1;
  for (const Hunk& hunk : file.hunks) {
    for (std::size_t i = 0; i < hunk.lines.size(); ++i) {
      const DiffLine& line = hunk.lines[i];
      if (line.kind != LineKind::added) continue;
      while (number < line.new_line && offset < text.size()) {
        const std::size_t end = text.find('\n', offset);
        offset = end == text.npos ? text.size() : end + 1;
        ++number;
      }
      each(line, AddedLine{line.text, offset, replaced_by(hunk, i)});
    }
  }
}

FixFault make_fault(const detect::Rule& rule, Layer layer, const DiffLine& line, std::size_t begin,
                    std::size_t end) {
  FixFault fault;
  fault.rule = &rule;
  fault.line = line.new_line;
  fault.begin = begin;
  fault.end = end;
  fault.severity = rule.severity[static_cast<std::size_t>(layer)];
  fault.title = rule.name;
  fault.message = rule.message;
  fault.remedy = rule.remedy;
  return fault;
}

// A name that the change declares or sets, and where.
struct Named {
  std::string name;
  const DiffLine* line = nullptr;
  std::size_t begin = 0;
  std::size_t file = 0;
};

// `variable "name"` in Terraform; `Type $name` of a class in Puppet, as "class::name".
struct Names {
  std::set<std::string> declared;  // anywhere in what can be seen
  std::set<std::string> fresh;     // by an added line
  std::vector<Named> keys;         // set by added lines of data
};

std::string_view quoted_after(std::string_view line, std::string_view word) {
  const std::string_view body = trim(line);
  if (!body.starts_with(word)) return {};
  const std::size_t open = body.find('"');
  const std::size_t close = open == body.npos ? body.npos : body.find('"', open + 1);
  return close == body.npos ? std::string_view() : body.substr(open + 1, close - open - 1);
}

// Variables of Terraform by folder ("modules/vpc/vpc_id"), so that modules do not mix. tfvars of any folder
// may mean any of them: only their names are compared.
void read_terraform(std::string_view line, bool added, Names& names) {
  const std::string_view name = quoted_after(line, "variable ");
  if (name.empty() || names.declared.size() > kNamesMax) return;
  names.declared.emplace(name);
  if (added) names.fresh.emplace(name);
}

void read_puppet(std::string_view line, bool added, std::string& scope, Names& names) {
  const std::string_view body = trim(line);
  for (const std::string_view word : {"class ", "define "}) {
    if (body.starts_with(word)) {
      const std::string_view rest = body.substr(word.size());
      scope = rest.substr(0, std::min(rest.find_first_of(" ({"), rest.size()));
    }
  }
  const std::size_t dollar = body.find('$');
  if (scope.empty() || dollar == body.npos || names.declared.size() > kNamesMax) return;
  // A parameter's line ends with a comma or opens a default; elsewhere the variable is only used.
  std::size_t end = dollar + 1;
  while (end < body.size() && is_name_char(body[end])) ++end;
  const std::string_view rest = trim(body.substr(end));
  if (!rest.starts_with(',') && !rest.starts_with('=') && !rest.starts_with(')') && !rest.empty()) return;
  const std::string name = scope + "::" + std::string(body.substr(dollar + 1, end - dollar - 1));
  names.declared.insert(name);
  if (added) names.fresh.insert(name);
}

std::size_t distance_allowed(std::string_view name) {
  return name.size() >= 8 ? 2 : 1;
}

// The fresh declaration that `key` most likely meant.
std::string_view meant(std::string_view key, const Names& names) {
  for (const std::string& name : names.fresh) {
    const bool set = std::ranges::any_of(names.keys, [&](const Named& other) { return other.name == name; });
    const bool same_scope = name.rfind("::") == key.rfind("::") || name.find("::") == name.npos;
    if (!set && same_scope && edit_distance(key, name) <= distance_allowed(name)) return name;
  }
  return {};
}

}  // namespace

std::vector<FixFault> find_inert_references(const FileDiff& file, std::string_view text, Layer layer) {
  std::vector<FixFault> faults;
  const detect::Rule& rule = change_rule("uninterpolated-reference");
  if (rule.severity[static_cast<std::size_t>(layer)] == Severity::off) return faults;
  const FileView view{file.path(), text, layer, nullptr};
  const Format format = format_of(view);
  const Syntax syntax = syntax_of(file.path());
  for_added(file, text, [&](const DiffLine& line, const AddedLine& added) {
    if (line.text.size() > kLineBytesRead) return;
    const auto inert = inert_in(format, file, text, added);
    if (!inert || opens_line_comment(line.text.substr(0, inert->begin + 1), syntax)) return;
    FixFault fault = make_fault(rule, layer, line, inert->begin, inert->end);
    fault.normalised = std::string(trim(line.text));
    fault.remedy = std::string(inert->how);
    faults.push_back(std::move(fault));
  });
  return faults;
}

std::vector<std::vector<FixFault>> find_dangling_keys(std::span<const ChangedFile> files) {
  std::vector<std::vector<FixFault>> faults(files.size());
  Names names;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const ChangedFile& changed = files[i];
    const std::string& path = changed.file->path();
    const bool terraform = path.ends_with(".tf"), puppet = path.ends_with(".pp");
    const bool tfvars = path.ends_with(".tfvars");
    const bool hiera = format_of({path, changed.text, changed.layer, nullptr}) == Format::puppet && !puppet &&
                       syntax_of(path) == Syntax::yaml;
    std::string scope;
    for (const std::string_view line : split_lines(changed.text)) {
      if (terraform) read_terraform(line, false, names);
      if (puppet) read_puppet(line, false, scope, names);
    }
    scope.clear();
    for (const Hunk& hunk : changed.file->hunks) {
      for (const DiffLine& line : hunk.lines) {
        if (line.kind == LineKind::removed) continue;
        const bool added = line.kind == LineKind::added;
        if (terraform) read_terraform(line.text, added, names);
        if (puppet) read_puppet(line.text, added, scope, names);
        if (!added || (!tfvars && !hiera) || line.text.empty() || line.text.front() == ' ' ||
            line.text.front() == '#')
          continue;
        const std::size_t end = tfvars ? line.text.find_first_of(" =") : line.text.find(": ");
        if (end == line.text.npos || (tfvars && line.text.find('=') == line.text.npos)) continue;
        std::string name(line.text.substr(0, end));
        std::erase_if(name, [](char c) { return c == '"' || c == '\''; });
        names.keys.push_back({std::move(name), &line, 0, i});
      }
    }
  }
  const detect::Rule& rule = change_rule("dangling-parameter");
  for (const Named& key : names.keys) {
    if (names.declared.contains(key.name)) continue;
    const std::string_view name = meant(key.name, names);
    if (name.empty()) continue;
    FixFault fault =
        make_fault(rule, files[key.file].layer, *key.line, key.begin, key.begin + key.name.size());
    fault.normalised = key.name;
    fault.message =
        fmt::format("Nothing declares this key; the parameter that this change brings is `{}`.", name);
    fault.remedy = fmt::format("Write `{}`, or the code silently uses something else.", name);
    faults[key.file].push_back(std::move(fault));
  }
  return faults;
}

}  // namespace fanlight::coupling
