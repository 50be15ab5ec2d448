// Lines of one hunk are compared by their key: what `vpc_id = …` was and what it is now.
#include "fanlight/coupling/change.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "check.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/modules.hpp"
#include "lines.hpp"
#include "rule_rows.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kLinesBeside = 40;  // between a removed line and the added one that replaces it

// The unit that the file is a part of, else its own folder.
std::string module_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return unit_folder(path).value_or(std::string(path.substr(0, slash == path.npos ? 0 : slash)));
}

// How much a literal weighs in a layer: most in shared code, least in what is no code.
int weight_of(Layer layer) {
  switch (layer) {
    case Layer::shared:
      return 3;
    case Layer::instance:
      return 2;
    case Layer::env_data:
      return 1;
    case Layer::doc_test:
      return 0;
  }
  return 3;
}

bool is_word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

// What a line assigns to `key`, or nothing.
std::string_view value_at(std::string_view line, std::string_view key) {
  for (std::size_t at = line.find(key); at != line.npos; at = line.find(key, at + 1)) {
    if (at > 0 && is_word_char(line[at - 1])) continue;
    std::size_t end = at + key.size();
    if (end < line.size() && (line[end] == '"' || line[end] == '\'')) ++end;
    while (end < line.size() && (line[end] == ' ' || line[end] == '\t')) ++end;
    if (line.substr(end).starts_with("=>")) return trim(line.substr(end + 2));
    if (end < line.size() && (line[end] == '=' || line[end] == ':') && !line.substr(end).starts_with("==")) {
      return trim(line.substr(end + 1));
    }
  }
  return {};
}

bool has_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

// Every language's way to say "this comes from elsewhere".
bool is_reference(std::string_view value, std::string_view path) {
  static constexpr auto kMarks = std::to_array<std::string_view>({"${",
                                                                  "{{",
                                                                  "{%",
                                                                  "<%",
                                                                  "%{",
                                                                  "!Ref",
                                                                  "!Sub",
                                                                  "!GetAtt",
                                                                  "!ImportValue",
                                                                  "Fn::",
                                                                  "lookup(",
                                                                  "hiera(",
                                                                  "pillar",
                                                                  ".require(",
                                                                  "getenv",
                                                                  "get_env(",
                                                                  "os.environ",
                                                                  "process.env",
                                                                  "ENV[",
                                                                  "dependency.",
                                                                  ".Values.",
                                                                  "valueFrom",
                                                                  "StackReference",
                                                                  "get_output(",
                                                                  "getOutput(",
                                                                  "config."});
  if (has_any(value, kMarks)) return true;
  const Syntax syntax = syntax_of(path);
  std::string_view bare = value;
  while (!bare.empty() && (bare.front() == '[' || bare.front() == '(' || bare.front() == ' '))
    bare.remove_prefix(1);
  if (syntax == Syntax::hcl) {
    for (const std::string_view head :
         {"var.", "local.", "data.", "module.", "each.", "self.", "aws_", "google_", "azurerm_"}) {
      if (bare.starts_with(head)) return true;
    }
    // A function over references: concat(var.a, …), cidrsubnet(var.cidr, 8, 1).
    return value.find("(var.") != value.npos || value.find("(local.") != value.npos ||
           value.find("(data.") != value.npos;
  }
  // "$x" outside of single quotes: Puppet, shell, Perl.
  const std::size_t dollar = value.find('$');
  if (dollar != value.npos && dollar + 1 < value.size() && !value.starts_with('\'') &&
      (std::isalpha(static_cast<unsigned char>(value[dollar + 1])) || value[dollar + 1] == ':')) {
    return true;
  }
  // In a program a bare name is a variable.
  const bool name =
      !bare.empty() && (std::isalpha(static_cast<unsigned char>(bare.front())) || bare.front() == '_');
  return is_program(path) && name && bare.find_first_of("\"'`") == bare.npos && !bare.starts_with("None") &&
         !bare.starts_with("null") && !bare.starts_with("true") && !bare.starts_with("false");
}

// The values that documentation gives (RFC 5737, RFC 3849, RFC 2606, AWS's account and ids), and what people
// type.
bool is_example(std::string_view value) {
  static constexpr auto kExamples = std::to_array<std::string_view>(
      {"192.0.2.",     "198.51.100.", "203.0.113.",    "2001:db8:",   "example.com", "example.org",
       "example.net",  "example.edu", ".example",      ".test",       ".invalid",    "123456789012",
       "111122223333", "0123456789",  "00000000-0000", "changeme",    "change_me",   "your-",
       "your_",        "my-",         "xxxx",          "placeholder", "12345678",    "abcd1234",
       "acme",         "octo-org"});
  if (has_any(to_lower(value), kExamples)) return true;
  // <your-account>; a template's <%= … %> is a reference.
  const std::size_t angle = value.find('<');
  return angle != value.npos && angle + 1 < value.size() &&
         std::isalpha(static_cast<unsigned char>(value[angle + 1])) != 0;
}

// The removed lines that the added line `new_line` may replace: of the same hunk, near it.
std::vector<std::string_view> removed_beside(const FileDiff& file, std::uint32_t new_line) {
  std::vector<std::string_view> removed;
  for (const Hunk& hunk : file.hunks) {
    const auto at = std::ranges::find_if(hunk.lines, [&](const DiffLine& line) {
      return line.kind == LineKind::added && line.new_line == new_line;
    });
    if (at == hunk.lines.end()) continue;
    const auto index = static_cast<std::size_t>(at - hunk.lines.begin());
    for (std::size_t i = index > kLinesBeside ? index - kLinesBeside : 0;
         i < std::min(hunk.lines.size(), index + kLinesBeside); ++i) {
      if (hunk.lines[i].kind == LineKind::removed) removed.push_back(hunk.lines[i].text);
    }
  }
  return removed;
}

// The added line, and the one above it.
std::pair<std::string_view, std::string_view> added_line(const FileDiff& file, std::uint32_t new_line) {
  std::string_view above;
  for (const Hunk& hunk : file.hunks) {
    for (const DiffLine& line : hunk.lines) {
      if (line.kind == LineKind::removed) continue;
      if (line.new_line == new_line) return {line.text, above};
      above = line.text;
    }
  }
  return {};
}

bool gives_a_reason(std::string_view line, std::string_view above) {
  const auto comment = [](std::string_view text) {
    const std::size_t at = text.find('#') != text.npos ? text.find('#') : text.find("//");
    return at == text.npos ? std::string_view() : text.substr(at);
  };
  return has_word(comment(line), {"pin", "pinned", "because", "until", "workaround"}) ||
         has_word(comment(above), {"pin", "pinned", "because", "until", "workaround"});
}

}  // namespace

Fate fate_of(const Standing& now, std::span<const Standing> before) {
  if (before.empty()) return Fate::introduced;
  const bool weighed = std::ranges::any_of(
      before, [&](const Standing& old) { return weight_of(old.layer) >= weight_of(now.layer); });
  if (!weighed) return Fate::introduced;
  const bool is_default = now.role == Role::default_value;
  for (const Standing& old : before) {
    if (old.path == now.path && old.key == now.key && (old.role == now.role)) return Fate::existing;
  }
  const bool was_default =
      std::ranges::any_of(before, [](const Standing& old) { return old.role == Role::default_value; });
  if (is_default && !was_default && now.layer == Layer::shared) return Fate::defaulted;
  for (const Standing& old : before) {
    if (old.layer == now.layer && module_of(old.path) == module_of(now.path)) return Fate::relocated;
  }
  return Fate::moved;
}

bool replaces_reference(const FileDiff& file, std::uint32_t new_line, std::string_view key) {
  if (key.empty()) return false;
  const auto [line, above] = added_line(file, new_line);
  if (gives_a_reason(line, above)) return false;
  return std::ranges::any_of(removed_beside(file, new_line), [&](std::string_view removed) {
    const std::string_view value = value_at(removed, key);
    return !value.empty() && is_reference(value, file.path()) && !is_example(value);
  });
}

bool names_its_owner(const detect::Rule& rule) {
  static constexpr auto kAnybodys =
      std::to_array<std::string_view>({"rfc1918-host-or-cidr", "cgnat-or-ula", "internal-only-dns-name",
                                       "mac-or-serial", "encrypted-at-rest"});
  return rule.axes.disclosure && rule.severity[static_cast<std::size_t>(Layer::shared)] == Severity::block &&
         !is_any_of(rule.id, kAnybodys);
}

bool replaces_example(const FileDiff& file, std::uint32_t new_line, std::string_view key) {
  if (key.empty()) return false;
  return std::ranges::any_of(removed_beside(file, new_line), [&](std::string_view removed) {
    const std::string_view value = value_at(removed, key);
    return !value.empty() && is_example(value);
  });
}

namespace {

// clang-format off
constexpr auto kRows = std::to_array<RuleRow>({
    {"uninterpolated-reference", "Reference that stays text", "fix-quality", "", "F01",
     {kBlock, kBlock, kBlock, kOff}, kBoth,
     "This language does not put a value in here: whoever runs it gets these very characters.",
     "Write the reference as this kind of file reads it."},
    {"default-carries-coupling", "Default that is still your own value", "fix-quality", "", "F02",
     {kBlock, kNote, kOff, kOff}, kPortability,
     "The value moved from the code to the parameter's default: whoever reuses this still gets yours.",
     "Drop the default, so that the caller has to give a value, or make it a neutral one."},
    {"literal-relocated-not-removed", "Moved within its module, not removed", "fix-quality", "", "F03",
     {kNote, kOff, kOff, kOff}, kPortability, "The value has a name now, and is still in the code.",
     "Take it from the environment's data, or make it an input."},
    {"dangling-parameter", "Key that no parameter has", "fix-quality", "", "F04",
     {kWarn, kWarn, kWarn, kOff}, kBoth,
     "Nothing declares this key, so the code silently uses something else.",
     "Write the key as the parameter is called."},
    {"example-replaced-by-real", "Example replaced by a real value", "fix-quality", "", "F05",
     {kWarn, kNote, kOff, kBlock}, kDisclosure,
     "A made-up value stood here, and a real one of yours does now.",
     "Keep the made-up value, and put the real one into the environment's data."},
    {"lookup-replaced-by-literal", "Lookup replaced by a literal", "environment", "", "E06",
     {kBlock, kWarn, kNote, kOff}, kPortability,
     "Before this change the value was looked up, and worked in every environment.",
     "Restore the lookup; if the value has to be pinned, say why beside it."},
    {"unreleased-dependency-transitively", "Depends on a module that is not ready", "dependency", "", "D05",
     {kWarn, kOff, kOff, kOff}, kPortability,
     "This module is clean, and what it depends on is not: nobody can use the one without the other.",
     "Mend what it depends on first; `fanlight readiness` gives the order."},
    {"value-survives-in-history", "Still in the history", "history", "", "H01", {kNote, kNote, kNote, kOff},
     kDisclosure, "It is gone from the head, and whoever clones the repository still reads it.",
     "Accept that, publish without the history, or rewrite it; an edit at the head does not take it out."},
    {"coupling-in-commit-metadata", "Private name in words about the code", "history", "", "H02",
     {kOff, kWarn, kWarn, kOff}, kDisclosure, "Messages, titles and branches are published with the code.",
     "Reword it before publishing; names of people can be mapped with .mailmap."},
    {"coupling-in-path-or-filename", "Your own name in a path", "history", "", "H03",
     {kWarn, kOff, kOff, kOff}, kBoth, "Whoever reuses this gets a folder or file in your name.",
     "Rename it after what it does."},
});
// clang-format on

const std::vector<detect::Rule>& made_rules() {
  static const auto kRules = make_rules(kRows);
  return kRules;
}

}  // namespace

std::span<const detect::Rule> change_rules() {
  return made_rules();
}

std::string_view literal_rule(std::string_view id) {
  static constexpr auto kHosts = std::to_array<std::string_view>(
      {"private-time-or-mail-infra", "spiffe-or-oidc-issuer", "dashboard-or-runbook-link",
       "lookup-by-org-name", "org-label-domain", "organisation-as-default-identity"});
  return is_any_of(id, kHosts) ? "org-domain-host" : id;
}

const detect::Rule& change_rule(std::string_view id) {
  return *std::ranges::find(made_rules(), id, &detect::Rule::id);
}

}  // namespace fanlight::coupling
