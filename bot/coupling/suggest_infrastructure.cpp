// The line to apply: the literal gives way to a parameter, as this kind of file writes one. The words beside
// it say what declares the parameter (words.cpp). A suggestion has to pass the rules itself, so there is none
// where the line holds a second literal, nor where the language takes no reference (a module's source, a
// backend, `uses:`).
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "fanlight/core/text.hpp"
#include "ip.hpp"
#include "suggest_infrastructure.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kHeredocBytesBack = 16 * 1024;

// The value that the literal stands in, on its line: lead, quote, pre, literal, post, quote, tail. Without
// quotes, what a key, a dash or a `=` leaves of the line.
struct Hole {
  std::string_view lead, pre, post, tail;
  char quote = '\0';  // of the string, or none
  bool whole() const { return pre.empty() && post.empty(); }
};

// Where the string opens that is still open at the end of `before`, or nothing.
std::size_t open_quote(std::string_view before) {
  std::size_t open = before.npos;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const char c = before[i];
    if (open == before.npos && (c == '"' || c == '\'')) {
      open = i;
    } else if (open != before.npos && c == '\\') {
      ++i;
    } else if (open != before.npos && c == before[open]) {
      open = before.npos;
    }
  }
  return open;
}

std::optional<Hole> hole_of(const Site& site) {
  Hole hole;
  if (const std::size_t open = open_quote(site.before); open != site.before.npos) {
    hole.quote = site.before[open];
    const std::size_t close = site.after.find(hole.quote);
    if (close == site.after.npos) return std::nullopt;
    hole.lead = site.before.substr(0, open);
    hole.pre = site.before.substr(open + 1);
    hole.post = site.after.substr(0, close);
    hole.tail = site.after.substr(close + 1);
    return hole;
  }
  // "key: value", "- value", "- KEY=value".
  std::size_t begin = 0;
  if (const std::size_t colon = site.before.rfind(": "); colon != site.before.npos) {
    begin = colon + 2;
  } else if (const std::size_t dash = site.before.find("- "); dash != site.before.npos) {
    begin = dash + 2;
  } else {
    return std::nullopt;
  }
  while (begin < site.before.size() && site.before[begin] == ' ') ++begin;
  const std::size_t end = std::min(site.after.find(" #"), site.after.size());
  hole.lead = site.before.substr(0, begin);
  hole.pre = site.before.substr(begin);
  hole.post = site.after.substr(0, end);
  hole.tail = site.after.substr(end);
  return hole;
}

// Strings that stay on the line: what holds no reference and is no key may be a literal as well.
bool has_other_string(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '"' && text[i] != '\'') continue;
    const std::size_t close = text.find(text[i], i + 1);
    if (close == text.npos) return true;
    const std::string_view inside = text.substr(i + 1, close - i - 1);
    const std::string_view next = trim(text.substr(close + 1));
    const bool index =
        i > 1 && text[i - 1] == '[' && (std::isalnum(static_cast<unsigned char>(text[i - 2])) != 0);
    const bool key = next.starts_with('=') || next.starts_with(':') || index;
    if (!key && !inside.empty() && inside.find("${") == inside.npos) return true;
    i = close;
  }
  return false;
}

// Credentials in a URL stand before the host: a line with them is quoted nowhere.
bool has_credentials(const Hole& hole) {
  return hole.pre.find('@') != hole.pre.npos || hole.post.find('@') != hole.post.npos;
}

bool is_in_heredoc(const Site& site) {
  const std::string_view above = text_before(site, kHeredocBytesBack);
  std::string_view end;
  for (const std::string_view line : split_lines(above)) {
    if (!end.empty()) {
      if (trim(line) == end) end = {};
      continue;
    }
    const std::size_t at = line.find("<<");
    if (at == line.npos) continue;
    std::string_view word = trim(line.substr(at + 2));
    if (word.starts_with('-')) word.remove_prefix(1);
    const bool name = !word.empty() && std::ranges::all_of(word, [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (name) end = word;
  }
  return !end.empty();
}

std::string join(const Hole& hole, std::string_view value) {
  return fmt::format("{}{}{}", hole.lead, value, hole.tail);
}

// The same string with `reference` where the literal stood.
std::string within(const Hole& hole, std::string_view reference) {
  const std::string quote(hole.quote == '\0' ? 0 : 1, hole.quote);
  return fmt::format("{}{}{}{}{}{}{}", hole.lead, quote, hole.pre, reference, hole.post, quote, hole.tail);
}

std::optional<std::string> in_terraform(const Site& site, const Hole& hole, const std::string& name) {
  const std::string_view path = site.position.key_path;
  if (path.starts_with("terraform") || site.key == "source" || site.key == "version" || hole.quote != '"')
    return std::nullopt;
  const std::string_view lead = trim(hole.lead), tail = trim(hole.tail);
  if (tail.starts_with('=') || tail.starts_with(':')) return std::nullopt;  // a key
  if (site.position.role == Role::default_value) {
    // Without its default the caller has to give a value.
    if (!hole.whole() || !tail.empty() || !lead.starts_with("default") ||
        trim(lead.substr(7)) != std::string_view("="))
      return std::nullopt;
    return "";
  }
  if (has_other_string(hole.lead) || has_other_string(hole.tail)) return std::nullopt;
  const bool heredoc = is_in_heredoc(site);
  if (hole.whole() && !heredoc) {
    const char last = lead.empty() ? ' ' : lead.back();
    if (last != '=' && last != '[' && last != '(' && last != ',' && last != ':' && last != '?')
      return std::nullopt;  // one of several lines: they would all get the same name
    return join(hole, "var." + name);
  }
  return within(hole, "${var." + name + '}');
}

std::optional<std::string> in_chart(const Site& site, const Hole& hole, const std::string& name) {
  if (site.file.path.find("/templates/") == site.file.path.npos) {
    // A chart's own values: a neutral one.
    const bool values = site.file.path.ends_with("values.yaml") || site.file.path.ends_with("values.yml");
    if (!values || !hole.whole() || !trim(hole.lead).ends_with(':')) return std::nullopt;
    return join(hole, "\"\"");
  }
  if (hole.lead.find("{{") != hole.lead.npos || hole.tail.find("{{") != hole.tail.npos) return std::nullopt;
  if (hole.whole()) return join(hole, "{{ .Values." + name + " | quote }}");
  return within(hole, "{{ .Values." + name + " }}");
}

// The same kind of value, as documentation writes it (RFC 5737, RFC 2606).
std::optional<std::string> made_up(const Literal& literal, std::string_view text) {
  if (const auto address = parse_prefix(text); address && !address->v6)
    return std::string(address->has_length && address->length < 32 ? "192.0.2.0/24" : "192.0.2.10");
  const bool host = literal.variable == "hostname" || literal.variable == "host" ||
                    literal.variable == "bastion_host" || literal.variable == "endpoint";
  const bool plain = text.find('.') != text.npos && text.find_first_of("/:@ ") == text.npos;
  if (host && plain) return "service.example.org";
  return std::nullopt;
}

std::optional<std::string> in_actions(const Site& site, const Hole& hole, const std::string& name) {
  // `uses:` takes no expression, and triggers are read before there are variables.
  if (site.key == "uses" || site.position.key_path.starts_with("on.")) return std::nullopt;
  return within(hole, fmt::format("${{{{ vars.{} }}}}", name));
}

std::optional<std::string> in_gitlab(const Site& site, const Hole& hole, const std::string& name) {
  static constexpr auto kFixed = std::to_array<std::string_view>(
      {"include", "project", "file", "ref", "remote", "component", "local", "template", "extends", "stage"});
  if (is_any_of(site.key, kFixed) || hole.quote == '\'') return std::nullopt;
  return within(hole, fmt::format("${{{}}}", name));
}

// The code that gets a suggestion: what is shared, and pipelines, which a fork runs as they are.
bool is_reused(const Site& site, Format format) {
  if (site.file.layer == Layer::shared) return true;
  return site.file.layer == Layer::instance &&
         (format == Format::github_actions || format == Format::gitlab_ci);
}

}  // namespace

bool is_infrastructure(Format format) {
  return format == Format::terraform || format == Format::helm || format == Format::kubernetes ||
         format == Format::github_actions || format == Format::gitlab_ci;
}

std::optional<std::string> infrastructure_suggestion(const Site& site, const Literal& literal) {
  const Role role = site.position.role;
  const bool code =
      role == Role::value || role == Role::argument || role == Role::unknown || role == Role::default_value;
  const Format format = format_of(site.file);
  if (!code || literal.variable.empty() || !is_reused(site, format) || site.before.empty())
    return std::nullopt;
  const auto hole = hole_of(site);
  if (!hole || has_credentials(*hole)) return std::nullopt;
  const std::string name = parameter_name(site, literal);
  switch (format) {
    case Format::terraform:
      return in_terraform(site, *hole, name);
    case Format::helm:
      return in_chart(site, *hole, name);
    case Format::kubernetes:
      if (const auto value = made_up(literal, site.literal)) return within(*hole, *value);
      return std::nullopt;
    case Format::github_actions:
      return in_actions(site, *hole, name);
    case Format::gitlab_ci:
      return in_gitlab(site, *hole, name);
    default:
      return std::nullopt;
  }
}

}  // namespace fanlight::coupling
