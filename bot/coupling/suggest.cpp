// The line with a parameter in the literal's place. One function per format says how it writes a value that
// comes from outside, alone and in the middle of a string; what declares the parameter is in the remedy
// (words.cpp). Where the line alone cannot say it, or the edit might not parse, there is no suggestion: a
// wrong one costs more trust than none.
#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "fanlight/core/text.hpp"
#include "suggest_infrastructure.hpp"
#include "words.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kLineBytesRead = 2048;

// The literal on its line, and the string that holds it, when one does.
struct Spot {
  const Site& site;
  std::string_view line;
  std::size_t begin = 0, end = 0;   // of the literal
  std::size_t open = 0, close = 0;  // of the string's text; equal: no quotes around
  char quote = 0;
  std::string name;  // of the parameter
  bool account = false, region = false;

  bool whole() const { return quote ? begin == open && end == close : true; }
  std::string_view inside() const { return line.substr(open, close - open); }
  // What stands in front of the string with its quote, and behind it.
  std::string_view lead() const { return trim(line.substr(0, quote ? open - 1 : begin)); }
  std::string_view tail() const { return trim(line.substr(quote ? close + 1 : end)); }
};

std::string to_upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

Spot spot_of(const Site& site, const Literal& literal) {
  Spot spot{site,  site.line, site.before.size(), site.before.size() + site.literal.size(), 0, 0, 0, "",
            false, false};
  spot.name = parameter_name(site, literal);
  spot.account = literal.variable == "account_id";
  spot.region = literal.variable == "region";
  for (std::size_t i = 0; i < spot.begin; ++i) {
    const char quote = spot.line[i];
    if (quote != '"' && quote != '\'' && quote != '`') continue;
    // An apostrophe is no quote.
    if (quote == '\'' && i > 0 && std::isalpha(static_cast<unsigned char>(spot.line[i - 1])) &&
        spot.line[i - 1] != 'f')
      continue;
    std::size_t close = i + 1;
    while (close < spot.line.size() && spot.line[close] != quote) close += spot.line[close] == '\\' ? 2 : 1;
    if (close >= spot.line.size()) break;
    if (close >= spot.end) {
      spot.open = i + 1;
      spot.close = close;
      spot.quote = quote;
      break;
    }
    i = close;
  }
  return spot;
}

std::string replaced(const Spot& spot, std::size_t from, std::size_t to, std::string_view with) {
  return fmt::format("{}{}{}", spot.line.substr(0, from), with, spot.line.substr(to));
}

// The string's own text with `reference` in the literal's place.
std::string inside_with(const Spot& spot, std::string_view reference) {
  return fmt::format("{}{}{}", spot.line.substr(spot.open, spot.begin - spot.open), reference,
                     spot.line.substr(spot.end, spot.close - spot.end));
}

bool has_any(std::string_view text, std::string_view characters) {
  return text.find_first_of(characters) != text.npos;
}

// A value ends its line, or the next item follows.
bool ends_well(std::string_view tail) {
  return tail.empty() || std::ranges::all_of(tail, [](char c) {
           return c == ',' || c == ')' || c == ']' || c == '}' || c == ';';
         });
}

bool starts_well(std::string_view lead) {
  return lead.empty() || has_any(lead.substr(lead.size() - 1), "=:>([{,?") || lead.ends_with("return");
}

// How a program of this kind takes a value from outside; `quote` is the one that is free. Empty: not known.
std::string python_source(const Spot& spot, char quote) {
  const std::string_view text = spot.site.file.text;
  const std::string named = fmt::format("{0}{1}{0}", quote, spot.name);
  if (text.find("config = pulumi.Config(") != text.npos || text.find("config = Config(") != text.npos)
    return fmt::format("config.require({})", named);
  if (text.find("import pulumi\n") != text.npos) return fmt::format("pulumi.Config().require({})", named);
  if (text.find("from pulumi import") != text.npos && text.find("Config") != text.npos)
    return fmt::format("Config().require({})", named);
  if (text.find("aws_cdk") != text.npos && text.find("self") != text.npos)
    return fmt::format("self.node.try_get_context({})", named);
  if (text.find("import os\n") != text.npos)
    return fmt::format("os.environ[{0}{1}{0}]", quote, to_upper(spot.name));
  return {};
}

std::optional<std::string> in_python(const Spot& spot) {
  if ((spot.quote != '"' && spot.quote != '\'') || spot.line.substr(0, spot.open).ends_with("\"\"\""))
    return std::nullopt;
  if (!starts_well(spot.lead()) && !spot.lead().ends_with('f')) return std::nullopt;
  const char before = spot.open >= 2 ? spot.line[spot.open - 2] : ' ';
  const bool formatted = before == 'f' || before == 'F';
  if (!formatted && is_word(before)) return std::nullopt;  // b"", r"", u""
  if (spot.whole()) {
    const std::string source = python_source(spot, spot.quote);
    if (source.empty() || !ends_well(spot.tail())) return std::nullopt;
    return replaced(spot, spot.open - (formatted ? 2 : 1), spot.close + 1, source);
  }
  if (!formatted && has_any(spot.inside(), "{}\\")) return std::nullopt;
  const std::string source = python_source(spot, spot.quote == '"' ? '\'' : '"');
  if (source.empty()) return std::nullopt;
  const std::string text = fmt::format("f{0}{1}{0}", spot.quote, inside_with(spot, '{' + source + '}'));
  return replaced(spot, spot.open - (formatted ? 2 : 1), spot.close + 1, text);
}

std::string javascript_source(const Spot& spot) {
  const std::string_view text = spot.site.file.text;
  if (text.find("@pulumi/pulumi") != text.npos)
    return fmt::format("new pulumi.Config().require('{}')", spot.name);
  if ((text.find("aws-cdk") != text.npos || text.find("constructs") != text.npos) &&
      text.find("this,") != text.npos)
    return fmt::format("this.node.tryGetContext('{}')", spot.name);
  std::string upper;
  for (const char c : spot.name) {
    if (std::isupper(static_cast<unsigned char>(c)) && !upper.empty()) upper += '_';
    upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  const bool typed = spot.site.file.path.ends_with(".ts") || spot.site.file.path.ends_with(".tsx");
  return fmt::format("process.env.{}{}", upper, typed ? "!" : "");
}

std::optional<std::string> in_javascript(const Spot& spot) {
  if (!spot.quote || !starts_well(spot.lead()) || spot.lead().ends_with("from (")) return std::nullopt;
  const std::string source = javascript_source(spot);
  if (spot.whole()) {
    if (!ends_well(spot.tail())) return std::nullopt;
    return replaced(spot, spot.open - 1, spot.close + 1, source);
  }
  if (spot.quote != '`' && has_any(spot.inside(), "`\\$")) return std::nullopt;
  return replaced(spot, spot.open - 1, spot.close + 1, '`' + inside_with(spot, "${" + source + '}') + '`');
}

// The class around the line: "mail" of `class mail (`. A variable that is set from itself is none.
std::string puppet_class(const Spot& spot) {
  const std::string_view text = text_before(spot.site, kLineBytesRead * 8);
  for (const std::string_view word : {"\nclass ", "\ndefine "}) {
    const std::size_t at = text.rfind(word);
    const bool first = at == text.npos && text.starts_with(word.substr(1));
    if (at == text.npos && !first) continue;
    const std::string_view rest = text.substr(first ? word.size() - 1 : at + word.size());
    return std::string(rest.substr(0, std::min(rest.find_first_of(" ({\n"), rest.size())));
  }
  return {};
}

std::optional<std::string> in_puppet(const Spot& spot) {
  if (!spot.quote || spot.quote == '`') return std::nullopt;
  const std::string_view lead = spot.lead();
  const bool assigned = lead.ends_with('=') && lead.starts_with('$');
  if (!assigned && !starts_well(lead)) return std::nullopt;
  if (!ends_well(spot.tail())) return std::nullopt;
  if (assigned) {
    const std::string scope = puppet_class(spot);
    if (!spot.whole() || scope.empty()) return std::nullopt;
    return replaced(spot, spot.open - 1, spot.close + 1, fmt::format("lookup('{}::{}')", scope, spot.name));
  }
  if (spot.whole()) return replaced(spot, spot.open - 1, spot.close + 1, '$' + spot.name);
  if (spot.quote == '\'' && has_any(spot.inside(), "$\"\\")) return std::nullopt;
  return replaced(spot, spot.open - 1, spot.close + 1, '"' + inside_with(spot, "${" + spot.name + '}') + '"');
}

// Where the value of a YAML line begins: behind "key: " or "- "; npos when the line is neither.
std::size_t yaml_value(std::string_view line, std::size_t before) {
  std::size_t at = line.npos;
  for (std::size_t i = 0; i + 1 < before && i + 1 < line.size(); ++i) {
    const bool mapping = line[i] == ':' && line[i + 1] == ' ';
    const bool item = line[i] == '-' && line[i + 1] == ' ' && trim(line.substr(0, i)).empty();
    if (mapping || item) at = i + 2;
    if (mapping) break;
  }
  while (at < line.size() && line[at] == ' ') ++at;
  return at;
}

// A scalar of YAML with `reference` in the literal's place, quoted when `quoted` asks for it.
std::optional<std::string> in_yaml(const Spot& spot, std::string_view reference, bool quoted) {
  if (spot.quote == '"' || spot.quote == '\'') return replaced(spot, spot.begin, spot.end, reference);
  const std::size_t from = yaml_value(spot.line, spot.begin);
  if (spot.quote || from == spot.line.npos || from > spot.begin) return std::nullopt;
  const std::string_view value = trim(spot.line.substr(from));
  if (value.empty() || has_any(value.substr(0, 1), "[{|>&*!%@`") || value.find(" #") != value.npos ||
      has_any(value, "\"\\"))
    return std::nullopt;
  if (!quoted) return replaced(spot, spot.begin, spot.end, reference);
  return fmt::format("{}\"{}{}{}\"", spot.line.substr(0, from), spot.line.substr(from, spot.begin - from),
                     reference, trim(spot.line.substr(spot.end)));
}

bool is_template(std::string_view path) {
  return path.ends_with(".j2") || path.ends_with(".jinja") || path.ends_with(".jinja2") ||
         path.find("/templates/") != path.npos;
}

std::optional<std::string> in_ansible(const Spot& spot) {
  const std::string reference = "{{ " + spot.name + " }}";
  const std::string_view path = spot.site.file.path;
  if (is_template(path)) return replaced(spot, spot.begin, spot.end, reference);
  if (!path.ends_with(".yml") && !path.ends_with(".yaml")) return std::nullopt;
  return in_yaml(spot, reference, true);
}

std::optional<std::string> in_salt(const Spot& spot) {
  // A statement of Jinja takes the value without braces.
  if (trim(spot.line).starts_with("{%")) {
    if (!spot.quote || !spot.whole() || !spot.lead().ends_with('=')) return std::nullopt;
    const std::string_view statement = trim(spot.lead().substr(0, spot.lead().find('=')));
    const std::string_view set = statement.substr(statement.find_last_of(" ") + 1);
    return replaced(spot, spot.open - 1, spot.close + 1, fmt::format("pillar['{}']", set));
  }
  const std::string reference = fmt::format("{{{{ pillar['{}'] }}}}", spot.name);
  if (!spot.site.file.path.ends_with(".sls")) return replaced(spot, spot.begin, spot.end, reference);
  if (spot.quote == '\'') {
    if (has_any(spot.inside(), "\"\\")) return std::nullopt;
    return replaced(spot, spot.open - 1, spot.close + 1, '"' + inside_with(spot, reference) + '"');
  }
  return in_yaml(spot, reference, true);
}

std::optional<std::string> in_compose(const Spot& spot) {
  // "- DB_HOST=…" has its name in itself.
  std::string_view name = spot.name;
  const std::string_view item = trim(spot.line.substr(0, spot.begin));
  if (item.starts_with("- ") && item.ends_with('=') &&
      std::ranges::all_of(item.substr(2, item.size() - 3), is_word))
    name = item.substr(2, item.size() - 3);
  else if (item.starts_with('-'))
    return std::nullopt;  // a port, a volume, a host: its list says no more than what they are
  const std::string reference = fmt::format("${{{0}:?set {0}}}", name);
  // A dollar sign of its own is written twice there.
  if (spot.quote && spot.whole() && spot.lead().ends_with(':') && spot.tail().empty())
    return replaced(spot, spot.open - 1, spot.close + 1, reference);
  return in_yaml(spot, reference, false);
}

// Ref and Sub; the pseudo parameters need no declaration.
std::optional<std::string> in_cloudformation(const Spot& spot) {
  const std::string name = spot.account ? "AWS::AccountId" : spot.region ? "AWS::Region" : spot.name;
  const bool json = spot.site.file.path.ends_with(".json");
  if (json) {
    if (spot.quote != '"' || !starts_well(spot.lead()) || !ends_well(spot.tail())) return std::nullopt;
    const std::string value =
        spot.whole() ? fmt::format("{{\"Ref\": \"{}\"}}", name)
                     : fmt::format("{{\"Fn::Sub\": \"{}\"}}", inside_with(spot, "${" + name + '}'));
    return replaced(spot, spot.open - 1, spot.close + 1, value);
  }
  const std::size_t from = yaml_value(spot.line, spot.begin);
  if (from == spot.line.npos || from > spot.begin) return std::nullopt;
  const std::string_view value = trim(spot.line.substr(from));
  if (value.starts_with("!Sub ")) return replaced(spot, spot.begin, spot.end, "${" + name + '}');
  const bool all_quoted = spot.quote && from == spot.open - 1 && spot.tail().empty();
  if (spot.quote ? !all_quoted : has_any(value, "[]{}|>!&*\"'#\\")) return std::nullopt;
  const std::string_view text = spot.quote ? spot.inside() : value;
  if (text.size() == spot.end - spot.begin) return fmt::format("{}!Ref {}", spot.line.substr(0, from), name);
  if (has_any(text, "\"\\$")) return std::nullopt;
  const std::size_t begin = spot.quote ? spot.open : from;
  return fmt::format("{}!Sub \"{}${{{}}}{}\"", spot.line.substr(0, from),
                     spot.line.substr(begin, spot.begin - begin), name, text.substr(spot.end - begin));
}

// A heredoc whose word is quoted interpolates nothing; where one was opened above, the line may be in it.
bool may_be_in_quoted_heredoc(const Spot& spot) {
  const std::string_view text = text_before(spot.site, 16 * kLineBytesRead);
  return text.find("<<'") != text.npos || text.find("<<\"") != text.npos || text.find("<<-'") != text.npos ||
         text.find("<<\\") != text.npos;
}

std::optional<std::string> in_shell(const Spot& spot) {
  if (spot.quote == '`' || may_be_in_quoted_heredoc(spot)) return std::nullopt;
  const std::string reference = fmt::format("${{{0}:?set {0}}}", spot.name);
  if (spot.quote == '"') return replaced(spot, spot.begin, spot.end, reference);
  if (spot.quote == '\'') {
    if (has_any(spot.inside(), "$\"\\`!")) return std::nullopt;
    return replaced(spot, spot.open - 1, spot.close + 1, '"' + inside_with(spot, reference) + '"');
  }
  // An assignment is not split into words, and gets quotes all the same, as its neighbours have them.
  const bool assigned = spot.lead().ends_with('=') && spot.tail().empty();
  return replaced(spot, spot.begin, spot.end, assigned ? '"' + reference + '"' : reference);
}

// An ARG above the instruction; a line that continues another has no place for one.
std::optional<std::string> in_dockerfile(const Spot& spot) {
  const std::string_view line = spot.line;
  const std::size_t space = line.find(' ');
  if (space == line.npos || spot.quote == '\'' || spot.quote == '`') return std::nullopt;
  const std::string instruction = to_upper(line.substr(0, space));
  static constexpr auto kExpands =
      std::to_array<std::string_view>({"ENV", "RUN", "ADD", "COPY", "LABEL", "WORKDIR", "USER", "FROM"});
  if (std::ranges::find(kExpands, instruction) == kExpands.end()) return std::nullopt;
  return fmt::format("ARG {0}\n{1}", spot.name, replaced(spot, spot.begin, spot.end, "${" + spot.name + '}'));
}

std::optional<std::string> in_nix(const Spot& spot) {
  const std::string reference = nix_option(spot.site.file.text, spot.name);
  if (spot.quote != '"' || reference.empty() || !starts_well(spot.lead()) || !ends_well(spot.tail()))
    return std::nullopt;
  if (!spot.whole()) return replaced(spot, spot.begin, spot.end, "${" + reference + '}');
  return replaced(spot, spot.open - 1, spot.close + 1, reference);
}

std::optional<std::string> in_ruby_template(const Spot& spot) {
  const std::string_view path = spot.site.file.path;
  return replaced(spot, spot.begin, spot.end,
                  fmt::format("<%= {}{} %>", path.ends_with(".epp") ? '$' : '@', spot.name));
}

std::optional<std::string> in_format(const Spot& spot) {
  switch (format_of(spot.site.file)) {
    case Format::pulumi:
    case Format::python:
      return spot.site.file.path.ends_with(".py") ? in_python(spot) : std::nullopt;
    case Format::javascript:
      return in_javascript(spot);
    case Format::ansible:
      return in_ansible(spot);
    case Format::salt:
      return in_salt(spot);
    case Format::puppet:
      if (spot.site.file.path.ends_with(".erb") || spot.site.file.path.ends_with(".epp"))
        return in_ruby_template(spot);
      return spot.site.file.path.ends_with(".pp") ? in_puppet(spot) : std::nullopt;
    case Format::compose:
      return in_compose(spot);
    case Format::cloudformation:
      return in_cloudformation(spot);
    case Format::shell:
      return in_shell(spot);
    case Format::dockerfile:
      return in_dockerfile(spot);
    case Format::nix:
      return in_nix(spot);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string nix_option(std::string_view text, std::string_view name) {
  if (text.find("cfg = config") != text.npos) return fmt::format("cfg.{}", name);
  const std::string_view head = text.substr(0, text.find(':'));
  return head.find("config") != head.npos ? fmt::format("config.site.{}", name) : std::string();
}

std::optional<std::string> suggestion_of(const Site& site, const Literal& literal) {
  if (is_infrastructure(format_of(site.file))) return infrastructure_suggestion(site, literal);
  const Role role = site.position.role;
  const bool code = role == Role::value || role == Role::argument || role == Role::unknown;
  // A compose file runs one deployment, and is shared by everybody who copies it.
  const bool shared = site.file.layer == Layer::shared ||
                      (site.file.layer == Layer::instance && format_of(site.file) == Format::compose);
  if (!code || literal.variable.empty() || !shared || site.before.empty() ||
      site.line.size() > kLineBytesRead)
    return std::nullopt;
  return in_format(spot_of(site, literal));
}

}  // namespace fanlight::coupling
