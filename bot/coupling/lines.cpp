#include "lines.hpp"

#include <algorithm>
#include <array>

#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

struct Extension {
  std::string_view suffix;  // of the lower-case file name
  Syntax syntax;
};

constexpr auto kExtensions = std::to_array<Extension>({
    {".tf", Syntax::hcl},
    {".tofu", Syntax::hcl},
    {".tfvars", Syntax::hcl},
    {".hcl", Syntax::hcl},
    {".nomad", Syntax::hcl},
    {".tfbackend", Syntax::hcl},
    {".yml", Syntax::yaml},
    {".yaml", Syntax::yaml},
    {".sls", Syntax::yaml},
    {".eyaml", Syntax::yaml},
    {".json", Syntax::json},
    {".ini", Syntax::ini},
    {".cfg", Syntax::ini},
    {".conf", Syntax::ini},
    {".properties", Syntax::ini},
    {".toml", Syntax::ini},
    {".service", Syntax::ini},
    {".py", Syntax::hash_code},
    {".rb", Syntax::hash_code},
    {".sh", Syntax::hash_code},
    {".bash", Syntax::hash_code},
    {".pp", Syntax::hash_code},
    {".pl", Syntax::hash_code},
    {".env", Syntax::hash_code},
    {".erb", Syntax::hash_code},
    {".epp", Syntax::hash_code},
    {".j2", Syntax::hash_code},
    {".mk", Syntax::hash_code},
    {".ps1", Syntax::hash_code},
    {"dockerfile", Syntax::hash_code},
    {"containerfile", Syntax::hash_code},
    {"makefile", Syntax::hash_code},
    {"vagrantfile", Syntax::hash_code},
    {"puppetfile", Syntax::hash_code},
    {".gitmodules", Syntax::ini},
    {".js", Syntax::slash_code},
    {".ts", Syntax::slash_code},
    {".tsx", Syntax::slash_code},
    {".jsx", Syntax::slash_code},
    {".go", Syntax::slash_code},
    {".java", Syntax::slash_code},
    {".kt", Syntax::slash_code},
    {".c", Syntax::slash_code},
    {".cc", Syntax::slash_code},
    {".cpp", Syntax::slash_code},
    {".h", Syntax::slash_code},
    {".hpp", Syntax::slash_code},
    {".rs", Syntax::slash_code},
    {".cs", Syntax::slash_code},
    {".scala", Syntax::slash_code},
    {".groovy", Syntax::slash_code},
    {".swift", Syntax::slash_code},
    {".php", Syntax::slash_code},
    {".bicep", Syntax::slash_code},
    {".proto", Syntax::slash_code},
    {"jenkinsfile", Syntax::slash_code},
    {".jsonnet", Syntax::slash_code},
    {".nix", Syntax::nix},
    {".vcl", Syntax::hcl},
    {".sql", Syntax::sql},
    {".lua", Syntax::sql},
    {".hs", Syntax::sql},
    {".el", Syntax::lisp},
    {".zone", Syntax::lisp},
    {".html", Syntax::markup},
    {".xml", Syntax::markup},
    {".svg", Syntax::markup},
    {".md", Syntax::prose},
    {".rst", Syntax::prose},
    {".txt", Syntax::prose},
    {".adoc", Syntax::prose},
});

bool is_space(char c) {
  return c == ' ' || c == '\t';
}
bool is_key_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == '$' || c == '/' || c == '@';
}

bool has_hash(Syntax s) {
  return s == Syntax::hcl || s == Syntax::yaml || s == Syntax::ini || s == Syntax::hash_code ||
         s == Syntax::nix || s == Syntax::other;
}
bool has_slashes(Syntax s) {
  return s == Syntax::hcl || s == Syntax::slash_code;
}

// A quote that opens a string, not an apostrophe: YAML and prose write "don't" without quotes.
bool opens_quote(std::string_view before, std::size_t at) {
  if (before[at] != '\'' && before[at] != '"') return false;
  if (before[at] == '"' || at == 0) return true;
  const char c = before[at - 1];
  return is_space(c) || c == '=' || c == ':' || c == ',' || c == '(' || c == '[' || c == '{' || c == '>';
}

bool starts_comment(std::string_view before, std::size_t at, Syntax syntax) {
  const std::string_view rest = before.substr(at);
  const bool after_space = at == 0 || is_space(before[at - 1]);
  if (rest.front() == '#' && has_hash(syntax))
    return after_space || syntax == Syntax::hcl || syntax == Syntax::nix;
  if (rest.starts_with("//") && has_slashes(syntax)) return at == 0 || before[at - 1] != ':';
  if (rest.starts_with("--") && syntax == Syntax::sql) return true;
  if (rest.front() == ';' && (syntax == Syntax::ini || syntax == Syntax::lisp)) {
    return syntax == Syntax::lisp || trim(before.substr(0, at)).empty();
  }
  return false;
}

std::string_view line_at(std::string_view text, std::size_t end) {
  const std::size_t limit = end > kLineBytesMax ? end - kLineBytesMax : 0;
  std::size_t begin = end;
  while (begin > limit && text[begin - 1] != '\n') --begin;
  return text.substr(begin, end - begin);
}

std::size_t indent_of(std::string_view line) {
  std::size_t indent = 0;
  while (indent < line.size() && is_space(line[indent])) ++indent;
  return indent;
}

// "- " starts an item that belongs to a key of the same indentation.
std::size_t depth_of(std::string_view line) {
  const std::size_t indent = indent_of(line);
  return line.substr(indent).starts_with("- ") ? indent + 1 : indent;
}

// The word after "<<", "<<-" or "<<~" at the end of a line.
std::string_view heredoc_word(std::string_view line) {
  const std::size_t at = line.rfind("<<");
  if (at == line.npos) return {};
  std::string_view word = line.substr(at + 2);
  if (word.starts_with('-') || word.starts_with('~')) word.remove_prefix(1);
  word = trim(word);
  if (word.size() >= 2 && (word.front() == '\'' || word.front() == '"'))
    word = word.substr(1, word.size() - 2);
  const bool is_word =
      std::ranges::all_of(word, [](char c) { return is_key_char(c) && c != '.' && c != '/'; });
  return is_word ? word : std::string_view();
}

}  // namespace

Syntax syntax_of(std::string_view path) {
  std::string name = to_lower(path.substr(path.rfind('/') + 1));
  for (const std::string_view shell : {".example", ".sample", ".dist", ".template"}) {
    if (name.ends_with(shell)) name.resize(name.size() - shell.size());
  }
  if (name.starts_with("dockerfile") || name.starts_with("containerfile") || name.starts_with(".env")) {
    return Syntax::hash_code;
  }
  // The longest suffix that fits: "x.yaml.j2" is a template of YAML and comments alike.
  if (name.ends_with(".j2")) name.resize(name.size() - 3);
  for (const Extension& row : kExtensions) {
    if (name.ends_with(row.suffix)) return row.syntax;
  }
  return Syntax::other;
}

std::string_view line_before(std::string_view text, detect::Span span) {
  return line_at(text, std::min(span.begin, text.size()));
}

std::string_view line_after(std::string_view text, detect::Span span) {
  const std::string_view rest = text.substr(std::min(span.end, text.size()), kLineBytesMax);
  return rest.substr(0, rest.find('\n'));
}

bool opens_line_comment(std::string_view before, Syntax syntax) {
  char quote = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const char c = before[i];
    if (quote) {
      if (c == '\\')
        ++i;
      else if (c == quote)
        quote = 0;
    } else if (opens_quote(before, i)) {
      quote = c;
    } else if (starts_comment(before, i, syntax)) {
      return true;
    }
  }
  return false;
}

std::string_view last_key(std::string_view before) {
  for (std::size_t i = before.size(); i-- > 0;) {
    const char c = before[i];
    if (c != '=' && c != ':') continue;
    const char next = i + 1 < before.size() ? before[i + 1] : ' ';
    const char previous = i > 0 ? before[i - 1] : ' ';
    if (c == '=' && (next == '=' || previous == '=' || previous == '!' || previous == '<' || previous == '>'))
      continue;
    if (c == ':' && !is_space(next) && next != '"' && next != '\'' && next != '=') continue;
    std::size_t end = i;
    while (end > 0 && is_space(before[end - 1])) --end;
    const bool quoted = end > 0 && (before[end - 1] == '"' || before[end - 1] == '\'');
    if (quoted) --end;
    std::size_t begin = end;
    while (begin > 0 && is_key_char(before[begin - 1])) --begin;
    if (begin < end) return before.substr(begin, end - begin);
  }
  return {};
}

std::string header_of(std::string_view line) {
  std::string_view body = trim(line);
  while (body.starts_with("- ")) body = trim(body.substr(2));
  const char last = body.empty() ? ' ' : body.back();
  const bool opens = last == '{' || last == '(' || last == '[';
  const std::size_t separator = body.find_first_of("=:");
  const bool scope = separator != body.npos && body.substr(separator).starts_with("::");
  if (separator != body.npos && !scope) return std::string(last_key(body.substr(0, separator + 1)));
  if (!opens) return {};
  std::string header;
  for (const char c : body.substr(0, body.size() - 1)) {
    if (c == '"' || c == '\'') continue;
    if (!is_key_char(c) && c != ':' && !is_space(c)) break;
    header += is_space(c) ? '.' : c;
  }
  while (header.ends_with('.')) header.pop_back();
  if (last == '(' && !header.empty()) header += last;
  return header;
}

Enclosing enclosing(std::string_view text, detect::Span span, Syntax syntax) {
  Enclosing result;
  const std::string_view own = line_before(text, span);
  std::size_t depth = trim(own).empty() ? own.size() : depth_of(own);
  std::size_t end = std::min(span.begin, text.size()) - own.size();
  const std::size_t stop = end > kBytesBack ? end - kBytesBack : 0;
  std::vector<std::string_view> below;  // lines between this one and the span, for the ends of heredocs
  const bool heredocs = syntax == Syntax::hcl || syntax == Syntax::hash_code;
  for (std::size_t count = 0; end > stop && count < kLinesBack; ++count) {
    const std::string_view line = line_at(text, end - 1);
    end -= line.size() + 1;
    const std::string_view body = trim(line);
    if (heredocs) {
      const std::string_view word = heredoc_word(body);
      if (!word.empty() && result.heredoc_key.empty() && std::ranges::find(below, word) == below.end()) {
        result.heredoc_key = last_key(body);
        depth = depth_of(line) + 1;
      }
      below.push_back(body);
    }
    if (body.empty() || opens_line_comment(line.substr(0, indent_of(line) + 1), syntax)) continue;
    if (depth_of(line) >= depth) continue;
    if (std::string header = header_of(line); !header.empty()) result.headers.push_back(std::move(header));
    depth = depth_of(line);
    if (depth == 0) break;
  }
  std::ranges::reverse(result.headers);
  return result;
}

}  // namespace fanlight::coupling
