// Each form is one that was seen in real changes, told by the file's format. A "${…}" that another program
// may put a value into later (Flux, envsubst, a template) is left alone, and where a form may well be meant
// as text it counts only in the place of a literal that the change takes away: that is a fix, and it does not
// fix.
#include "inert.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "check.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

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

std::optional<Inert> inert_in_terraform(std::string_view line) {
  const std::string_view key = trim(line.substr(0, std::min(line.find('='), line.size())));
  // Up to Terraform 0.11, and in arguments that name resources, a reference stands in quotes.
  if (has_word(key, {"depends_on", "ignore_changes", "replace_triggered_by", "description", "error_message"}))
    return {};
  for (const Quoted& text : strings_of(line)) {
    if (text.quote == '"' && is_terraform_reference(line.substr(text.begin, text.end - text.begin)))
      return Inert{text.begin - 1, text.end + 1, "Without the quotes."};
    // "$${var.x}" is for those who write a template; alone in its string it is a slip.
    std::string_view inside = line.substr(text.begin, text.end - text.begin);
    if (text.quote == '"' && inside.starts_with("$${") && inside.ends_with('}') &&
        is_terraform_reference(inside.substr(3, inside.size() - 4)))
      return Inert{text.begin - 1, text.end + 1, "With one dollar sign, or without the quotes."};
  }
  return {};
}

// The name is used in the file outside of this line: a parameter, a variable, an import.
bool is_named_elsewhere(std::string_view text, const AddedLine& line, std::string_view name) {
  for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    if (at >= line.offset && at < line.offset + line.text.size()) continue;
    const std::size_t end = at + name.size();
    if (at > 0 && is_name_char(text[at - 1])) continue;
    if (end < text.size() && is_name_char(text[end])) continue;
    return true;
  }
  return false;
}

// The first "{name}" behind `open` in the text of a string; its place within `inside`.
struct Braced {
  std::size_t begin = 0, end = 0;
  std::string_view name;
};
std::optional<Braced> braced_name(std::string_view inside, std::string_view open) {
  for (std::size_t at = inside.find(open); at != inside.npos; at = inside.find(open, at + 1)) {
    const std::size_t close = inside.find('}', at);
    if (close == inside.npos) return std::nullopt;
    const std::string_view name = inside.substr(at + open.size(), close - at - open.size());
    const bool starts =
        !name.empty() && (std::isalpha(static_cast<unsigned char>(name.front())) || name.front() == '_');
    if (starts && std::ranges::all_of(name, [](char c) { return is_name_char(c) || c == '.'; }))
      return Braced{at, close + 1, name.substr(0, name.find('.'))};
  }
  return std::nullopt;
}

// '$name' or '${name}' alone in single quotes, which Puppet never looks into. A command's text is the
// shell's.
std::optional<Inert> inert_in_puppet(std::string_view text, const AddedLine& added) {
  const std::string_view line = added.text;
  const std::string_view lead = trim(line.substr(0, std::min(line.find("=>"), line.size())));
  if (line.find("=>") == line.npos || has_word(lead, {"command", "onlyif", "unless", "content", "environment",
                                                      "provider", "match", "regex", "line", "cwd", "path"})) {
    return {};
  }
  for (const Quoted& string : strings_of(line)) {
    std::string_view inside = line.substr(string.begin, string.end - string.begin);
    if (string.quote != '\'') continue;
    const auto part = braced_name(inside, "${");
    if (part && !added.instead_of.empty() && is_named_elsewhere(text, added, '$' + std::string(part->name)))
      return Inert{string.begin + part->begin, string.begin + part->end,
                   "Single quotes never interpolate: write the string in double ones."};
    if (!inside.starts_with('$')) continue;
    const bool braced = inside.starts_with("${") && inside.ends_with('}');
    inside = braced ? inside.substr(2, inside.size() - 3) : inside.substr(1);
    const bool name = !inside.empty() &&
                      (std::islower(static_cast<unsigned char>(inside.front())) || inside.front() == ':') &&
                      std::ranges::all_of(inside, [](char c) { return is_name_char(c) || c == ':'; });
    if (name)
      return Inert{string.begin - 1, string.end + 1,
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

// "os.environ['X']" in quotes without an f, and "…{name}…" where a literal stood and nothing formats it.
std::optional<Inert> inert_in_python(std::string_view text, const AddedLine& added) {
  const std::string_view line = added.text;
  const bool formats = text.find(".format") != text.npos || text.find("Template(") != text.npos ||
                       line.find(".format") != line.npos || line.find(".replace(") != line.npos;
  for (const Quoted& string : strings_of(line)) {
    const std::string_view inside = line.substr(string.begin, string.end - string.begin);
    const char prefix = string.begin >= 2 ? line[string.begin - 2] : ' ';
    const bool formatted = prefix == 'f' || prefix == 'F' ||
                           line.substr(string.end).starts_with("\".format") ||
                           line.substr(string.end).starts_with("'.format");
    if (formatted) continue;
    const bool call = inside.starts_with("os.environ[") || inside.starts_with("os.getenv(") ||
                      inside.starts_with("os.environ.get(") || inside.starts_with("{os.environ") ||
                      inside.starts_with("{os.getenv") || inside.starts_with("{config.require");
    if (call) return Inert{string.begin - 1, string.end + 1, "Without the quotes, or in an f-string."};
    const auto braced = braced_name(inside, "{");
    if (!braced || formats || added.instead_of.empty() ||
        added.instead_of.find('{' + std::string(braced->name)) != std::string_view::npos)
      continue;
    if (is_named_elsewhere(text, added, braced->name))
      return Inert{string.begin + braced->begin, string.begin + braced->end,
                   "With an f in front of the string."};
  }
  return {};
}

// "…${name}…" in plain quotes of JavaScript, where a literal stood: only backticks look it up.
std::optional<Inert> inert_in_javascript(std::string_view text, const AddedLine& added) {
  const std::string_view line = added.text;
  if (added.instead_of.empty() || line.find('`') != line.npos || line.find("sub(") != line.npos) return {};
  for (const Quoted& string : strings_of(line)) {
    const auto braced = braced_name(line.substr(string.begin, string.end - string.begin), "${");
    if (braced && (braced->name == "this" || is_named_elsewhere(text, added, braced->name)))
      return Inert{string.begin + braced->begin, string.begin + braced->end,
                   "In backticks instead of quotes."};
  }
  return {};
}

bool is_template_path(std::string_view path) {
  return path.find("/templates/") != path.npos || path.ends_with(".j2") || path.ends_with(".jinja");
}

// A shell's way to write a variable, as the whole value where a literal stood: YAML of Ansible keeps the
// text.
std::optional<Inert> inert_shell_style(const AddedLine& added) {
  const std::size_t colon = added.text.find(": ");
  if (colon == added.text.npos || added.instead_of.empty() ||
      added.instead_of.find('$') != std::string_view::npos)
    return {};
  if (has_word(added.text.substr(0, colon), {"shell", "command", "cmd", "raw", "script", "content", "line",
                                             "block", "environment", "args"}))
    return {};
  std::string_view value = trim(added.text.substr(colon + 2));
  const std::size_t at = added.text.find(value, colon);
  if (value.size() > 2 && (value.front() == '"' || value.front() == '\''))
    value = value.substr(1, value.size() - 2);
  const bool whole = value.starts_with("${") && value.ends_with('}') && value.find("${{") == value.npos;
  if (!whole) return {};
  return Inert{at, added.text.size(), "In double braces: `\"{{ name }}\"`."};
}

// `'${X}'` as the whole of an assignment, and `${X}` in a heredoc whose word is quoted.
std::optional<Inert> inert_in_shell(std::string_view text, const AddedLine& added) {
  if (added.instead_of.empty() || added.instead_of.find('$') != std::string_view::npos) return {};
  const std::string_view line = added.text;
  const std::size_t assigned = line.find("='$");
  if (assigned != line.npos && trim(line).ends_with('\'') &&
      line.find('\'', assigned + 2) + 1 == line.find_last_not_of(" \t") + 1) {
    const std::string_view inside = line.substr(assigned + 3);
    const bool name = !inside.empty() && (inside.front() == '{' || is_name_char(inside.front()));
    if (name && text.find("envsubst") == text.npos)
      return Inert{assigned + 1, line.find_last_not_of(" \t") + 1,
                   "In double quotes: single ones keep the text."};
  }
  const std::size_t dollar = line.find("${");
  if (dollar == line.npos || text.empty()) return {};
  // The nearest heredoc above that is still open, and no other line of it looks anything up.
  const std::string_view above = text.substr(0, std::min(added.offset, text.size()));
  const std::size_t open = above.rfind("<<");
  if (open == above.npos) return {};
  std::string_view word = above.substr(open + 2, above.find('\n', open) - open - 2);
  if (word.starts_with('-')) word.remove_prefix(1);
  word = trim(word.substr(0, word.find_first_of(" |>;", 1)));
  if (word.size() < 3 || (word.front() != '\'' && word.front() != '"')) return {};
  const std::string end = '\n' + std::string(word.substr(1, word.size() - 2));
  if (above.find(end + '\n', open) != above.npos) return {};
  if (above.find('$', open) != above.npos) return {};
  return Inert{dollar, std::min(line.size(), line.find('}', dollar) + 1),
               "The word behind `<<` without quotes: in a quoted heredoc nothing is looked up."};
}

// "$name" as a whole string of Nix, where a literal stood.
std::optional<Inert> inert_in_nix(const AddedLine& added) {
  if (added.instead_of.empty() || added.instead_of.find('$') != std::string_view::npos) return {};
  for (const Quoted& string : strings_of(added.text)) {
    const std::string_view inside = added.text.substr(string.begin, string.end - string.begin);
    if (string.quote != '"' || inside.size() < 2 || inside.front() != '$' || inside[1] == '{') continue;
    if (std::ranges::all_of(inside.substr(1), [](char c) { return is_name_char(c) || c == '.'; }))
      return Inert{string.begin - 1, string.end + 1, "Without quotes, or with braces: `\"${name}\"`."};
  }
  return {};
}

// `{{ name }}` in a compose file: Docker's own templates begin with a dot.
std::optional<Inert> inert_in_compose(const AddedLine& added) {
  const std::size_t at = added.text.find("{{ ");
  if (at == added.text.npos || added.text.size() < at + 4 || trim(added.text).starts_with('#')) return {};
  if (!std::isalpha(static_cast<unsigned char>(added.text[at + 3])) ||
      added.text.find("{{ .") != added.text.npos)
    return {};
  return Inert{at, std::min(added.text.size(), added.text.find("}}", at) + 2),
               "Compose reads `${NAME:?set NAME}`, from `.env`."};
}

// `<% @x %>` runs and prints nothing.
std::optional<Inert> inert_in_ruby_template(std::string_view line) {
  for (std::size_t at = line.find("<%"); at != line.npos; at = line.find("<%", at + 2)) {
    const std::size_t end = line.find("%>", at);
    if (end == line.npos) return {};
    std::string_view inside = line.substr(at + 2, end - at - 2);
    if (inside.starts_with('-')) inside.remove_prefix(1);
    if (inside.ends_with('-')) inside.remove_suffix(1);
    inside = trim(inside);
    if (inside.size() > 1 && (inside.front() == '@' || inside.front() == '$') &&
        std::ranges::all_of(inside.substr(1), [](char c) { return is_name_char(c) || c == ':'; }))
      return Inert{at, end + 2, "With an equals sign: `<%= @name %>`."};
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

}  // namespace

std::optional<Inert> inert_in(Format format, const FileDiff& file, std::string_view text,
                              const AddedLine& line) {
  const std::string& path = file.path();
  const bool is_template = is_template_path(path);
  switch (format) {
    case Format::terraform:
    case Format::terragrunt:
    case Format::tfvars:
      return inert_in_terraform(line.text);
    case Format::puppet:
      if (path.ends_with(".erb") || path.ends_with(".epp")) return inert_in_ruby_template(line.text);
      return path.ends_with(".pp") ? inert_in_puppet(text, line) : inert_in_hiera(line.text);
    case Format::github_actions:
      return inert_in_actions(line.text);
    case Format::helm:
      return is_template ? inert_in_helm(line.text) : std::nullopt;
    case Format::ansible:
      if (is_template) return {};
      if (auto inert = inert_in_ansible(line.text)) return inert;
      return path.ends_with(".yml") || path.ends_with(".yaml") ? inert_shell_style(line) : std::nullopt;
    case Format::cloudformation:
      return inert_in_cloudformation(line.text, text, line.offset);
    case Format::python:
      return inert_in_python(text, line);
    case Format::javascript:
      return inert_in_javascript(text, line);
    case Format::shell:
      return inert_in_shell(text, line);
    case Format::nix:
      return inert_in_nix(line);
    case Format::compose:
      return is_template ? std::nullopt : inert_in_compose(line);
    case Format::kubernetes:
      return inert_in_kubernetes(line.text, file, text);
    default:
      return std::nullopt;
  }
}

}  // namespace fanlight::coupling
