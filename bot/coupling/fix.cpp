// Fixes that do not fix: a reference that this file's language reads as text, and a key of data that no
// parameter has. Each form is one that was seen in real changes, told by the file's format; a "${…}" that
// another program may put a value into later (Flux, envsubst, a template) is left alone.
#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "check.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/change.hpp"
#include "lines.hpp"
#include "words.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kLineBytesRead = 4096;
constexpr std::size_t kNamesMax = 20'000;  // declared names that are kept of one change

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

struct Quoted {
  std::size_t begin = 0, end = 0;  // of the text between the quotes
  char quote = '"';
};

// The strings of one line. A quote that is not closed ends the search.
std::vector<Quoted> strings_of(std::string_view line) {
  std::vector<Quoted> found;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char quote = line[i];
    if (quote != '"' && quote != '\'') continue;
    std::size_t end = i + 1;
    while (end < line.size() && line[end] != quote) end += line[end] == '\\' ? 2 : 1;
    if (end >= line.size()) break;
    found.push_back({i + 1, end, quote});
    i = end;
  }
  return found;
}

// "var.vpc_id", "data.aws_vpc.this.id": a whole string that reads like a reference of Terraform.
bool is_terraform_reference(std::string_view text) {
  for (const std::string_view head : {"var.", "local.", "module.", "data."}) {
    if (!text.starts_with(head)) continue;
    const std::string_view rest = text.substr(head.size());
    const bool names = !rest.empty() && std::ranges::all_of(rest, [](char c) {
      return is_name_char(c) || c == '.' || c == '-';
    });
    const auto dots = std::ranges::count(rest, '.');
    if (head == "module." ? dots >= 1 : head == "data." ? dots >= 2 : dots >= 0)
      return names && !rest.ends_with('.');
  }
  return false;
}

struct Inert {
  std::size_t begin = 0, end = 0;
  std::string_view how;  // how this kind of file writes it
};

std::optional<Inert> inert_in_terraform(std::string_view line) {
  const std::string_view key = trim(line.substr(0, std::min(line.find('='), line.size())));
  // Up to Terraform 0.11, and in arguments that name resources, a reference stands in quotes.
  if (has_word(key, {"depends_on", "ignore_changes", "replace_triggered_by", "description", "error_message"}))
    return {};
  for (const Quoted& text : strings_of(line)) {
    if (text.quote == '"' && is_terraform_reference(line.substr(text.begin, text.end - text.begin)))
      return Inert{text.begin - 1, text.end + 1, "Without the quotes."};
  }
  return {};
}

// '$name' or '${name}' alone in single quotes, which Puppet never looks into. A command's text is the
// shell's.
std::optional<Inert> inert_in_puppet(std::string_view line) {
  const std::string_view lead = trim(line.substr(0, std::min(line.find("=>"), line.size())));
  if (line.find("=>") == line.npos || has_word(lead, {"command", "onlyif", "unless", "content", "environment",
                                                      "provider", "match", "regex", "line", "cwd", "path"})) {
    return {};
  }
  for (const Quoted& text : strings_of(line)) {
    std::string_view inside = line.substr(text.begin, text.end - text.begin);
    if (text.quote != '\'' || !inside.starts_with('$')) continue;
    const bool braced = inside.starts_with("${") && inside.ends_with('}');
    inside = braced ? inside.substr(2, inside.size() - 3) : inside.substr(1);
    const bool name = !inside.empty() &&
                      (std::islower(static_cast<unsigned char>(inside.front())) || inside.front() == ':') &&
                      std::ranges::all_of(inside, [](char c) { return is_name_char(c) || c == ':'; });
    if (name)
      return Inert{text.begin - 1, text.end + 1,
                   "Single quotes never interpolate: write the variable without quotes, or in double ones."};
  }
  return {};
}

// "%{hiera('x')" that is never closed, and "%hiera(…)".
std::optional<Inert> inert_in_hiera(std::string_view line) {
  for (const std::string_view call : {"%{hiera(", "%{lookup(", "%{alias(", "%{::"}) {
    const std::size_t at = line.find(call);
    if (at != line.npos && line.find('}', at) == line.npos)
      return Inert{at, std::min(line.size(), at + call.size()), "Close it: `%{lookup('key')}`."};
  }
  return {};
}

std::optional<Inert> inert_in_actions(std::string_view line) {
  for (std::size_t at = line.find("{{"); at != line.npos; at = line.find("{{", at + 2)) {
    const std::string_view inside = trim(line.substr(at + 2, 24));
    const bool context = inside.starts_with("vars.") || inside.starts_with("secrets.") ||
                         inside.starts_with("inputs.") || inside.starts_with("env.") ||
                         inside.starts_with("github.");
    if (context && (at == 0 || line[at - 1] != '$'))
      return Inert{at, at + 2, "With a dollar sign: `${{ vars.NAME }}`."};
  }
  for (const std::string_view context : {"${ vars.", "${vars.", "${ secrets.", "${secrets."}) {
    if (const std::size_t at = line.find(context); at != line.npos)
      return Inert{at, at + context.size(), "With two braces: `${{ vars.NAME }}`."};
  }
  return {};
}

std::optional<Inert> inert_in_helm(std::string_view line) {
  for (std::size_t at = line.find(".Values."); at != line.npos; at = line.find(".Values.", at + 1)) {
    const std::string_view before = line.substr(0, at);
    const std::size_t open = before.rfind("{{"), close = before.rfind("}}");
    const bool inside = open != before.npos && (close == before.npos || close < open);
    const std::string_view lead = trim(before);
    const bool value = lead.ends_with(':') || lead.ends_with(": \"") || lead.ends_with(": '") ||
                       lead.ends_with(": {") || lead.ends_with("\"{") || lead.ends_with('-');
    if (!inside && value) return Inert{at, at + 8, "In double braces: `{{ .Values.name }}`."};
  }
  return {};
}

// `key: {{ name }}` in YAML that is no template: the reader takes the braces for a map.
std::optional<Inert> inert_in_ansible(std::string_view line) {
  const std::size_t colon = line.find(": ");
  if (colon == line.npos || trim(line).starts_with('#')) return {};
  const std::string_view value = trim(line.substr(colon + 2));
  const std::size_t at =
      line.size() - line.substr(colon + 2).size() + line.substr(colon + 2).find_first_not_of(' ');
  if (value.starts_with("{{")) return Inert{at, at + 2, "In quotes: `\"{{ name }}\"`."};
  // "{ name }" in quotes: one brace is text.
  if (value.starts_with("\"{ ") && value.ends_with(" }\"") && value.find(':') == value.npos)
    return Inert{at, at + value.size(), "With two braces: `\"{{ name }}\"`."};
  return {};
}

// "${AWS::AccountId}" in a string that no Sub reads.
std::optional<Inert> inert_in_cloudformation(std::string_view line, std::string_view text,
                                             std::size_t offset) {
  const std::size_t at = line.find("${AWS::");
  if (at == line.npos || line.find("Sub") != line.npos) return {};
  if (text.empty()) return {};  // what encloses the line is not known
  const std::size_t from = offset > 4000 ? offset - 4000 : 0;
  const std::string_view above = text.substr(from, offset - from);
  if (above.find("Sub") != above.npos) return {};
  return Inert{at, std::min(line.size(), line.find('}', at) + 1), "With `!Sub` in front of the string."};
}

// "os.environ['X']" in quotes without an f.
std::optional<Inert> inert_in_python(std::string_view line) {
  for (const Quoted& text : strings_of(line)) {
    const std::string_view inside = line.substr(text.begin, text.end - text.begin);
    const bool call = inside.starts_with("os.environ[") || inside.starts_with("os.getenv(") ||
                      inside.starts_with("os.environ.get(") || inside.starts_with("{os.environ") ||
                      inside.starts_with("{os.getenv") || inside.starts_with("{config.require");
    const char prefix = text.begin >= 2 ? line[text.begin - 2] : ' ';
    const bool formatted = prefix == 'f' || prefix == 'F' || line.substr(text.end).starts_with("\".format") ||
                           line.substr(text.end).starts_with("'.format");
    if (call && !formatted)
      return Inert{text.begin - 1, text.end + 1, "Without the quotes, or in an f-string."};
  }
  return {};
}

// `${NAME}` in plain Kubernetes YAML: nobody reads it, unless Flux or envsubst does. Other lines of the file
// tell.
std::optional<Inert> inert_in_kubernetes(std::string_view line, const FileDiff& file, std::string_view text) {
  const std::size_t at = line.find("${");
  if (at == line.npos || text.empty()) return {};
  std::string_view name = line.substr(at + 2, std::min(line.find('}', at), line.size()) - at - 2);
  if (name.empty() || !std::ranges::all_of(name, is_name_char)) return {};
  std::size_t added = 0, all = 0;
  for (const Hunk& hunk : file.hunks) {
    for (const DiffLine& changed : hunk.lines) {
      if (changed.kind == LineKind::added && changed.text.find("${") != changed.text.npos) ++added;
    }
  }
  for (std::size_t i = text.find("${"); i != text.npos; i = text.find("${", i + 2)) ++all;
  const std::string_view around = trim(line);
  if (all > added || has_word(around, {"command", "args", "sh", "run"}) || around.starts_with("- ") ||
      around.find(": ") == around.npos)
    return {};
  return Inert{at, at + name.size() + 3, "Plain YAML has no variables: patch the value in an overlay."};
}

std::optional<Inert> inert_in(Format format, std::string_view line, const FileDiff& file,
                              std::string_view text, std::size_t offset) {
  switch (format) {
    case Format::terraform:
    case Format::terragrunt:
    case Format::tfvars:
      return inert_in_terraform(line);
    case Format::puppet:
      return file.path().ends_with(".pp") ? inert_in_puppet(line) : inert_in_hiera(line);
    case Format::github_actions:
      return inert_in_actions(line);
    case Format::helm:
      return file.path().find("/templates/") != std::string::npos ? inert_in_helm(line) : std::nullopt;
    case Format::ansible:
      return file.path().find("/templates/") == std::string::npos ? inert_in_ansible(line) : std::nullopt;
    case Format::cloudformation:
      return inert_in_cloudformation(line, text, offset);
    case Format::python:
      return inert_in_python(line);
    case Format::kubernetes:
      return inert_in_kubernetes(line, file, text);
    default:
      return file.path().ends_with(".py") ? inert_in_python(line) : std::nullopt;
  }
}

// Calls `each(line)` for every added line, and tells where it begins in `text`.
template <class Each>
void for_added(const FileDiff& file, std::string_view text, Each each) {
  std::size_t offset = 0;
  std::uint32_t number = 1;
  for (const Hunk& hunk : file.hunks) {
    for (const DiffLine& line : hunk.lines) {
      if (line.kind != LineKind::added) continue;
      while (number < line.new_line && offset < text.size()) {
        const std::size_t end = text.find('\n', offset);
        offset = end == text.npos ? text.size() : end + 1;
        ++number;
      }
      each(line, offset);
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
  for_added(file, text, [&](const DiffLine& line, std::size_t offset) {
    if (line.text.size() > kLineBytesRead) return;
    const auto inert = inert_in(format, line.text, file, text, offset);
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
