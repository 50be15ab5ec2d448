// Where in its file a literal stands: from the file's syntax, and from the lines around it where no tree
// knows. The lines come second because they guess; they come at all because files are broken, too large, of
// formats without a parser, or hunks of a diff. The order of the questions is the point: ciphertext is never
// read as text, a comment is a comment whatever it quotes, a reference is no literal; then what the nearest
// keys say.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include "fanlight/core/text.hpp"
#include "fanlight/coupling/judge.hpp"
#include "fanlight/coupling/syntax.hpp"
#include "lines.hpp"
#include "syntax/role_words.hpp"

namespace fanlight::coupling {

namespace {

// The last `what` in `text`. rfind compares at every byte, which was a fifth of the time of a whole scan.
std::size_t find_last(std::string_view text, std::string_view what) {
  std::size_t last = text.npos, from = 0;
  while (const void* at = memmem(text.data() + from, text.size() - from, what.data(), what.size())) {
    last = static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
    from = last + 1;
  }
  return last;
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

// /* … */ and <!-- … -->: opened before the span and not closed. "/*" counts only where a token may start,
// because paths end in it: "arn:aws:s3:::logs/*".
bool in_block_comment(std::string_view text, std::size_t at, Syntax syntax) {
  const std::size_t from = at > kBytesBack ? at - kBytesBack : 0;
  const std::string_view back = text.substr(from, at - from);
  if (syntax == Syntax::markup || syntax == Syntax::prose) {
    const std::size_t open = back.rfind("<!--");
    return open != back.npos && back.find("-->", open) == back.npos;
  }
  if (syntax != Syntax::hcl && syntax != Syntax::slash_code && syntax != Syntax::nix &&
      syntax != Syntax::sql) {
    return false;
  }
  const std::size_t open = find_last(back, "/*");
  if (open == back.npos || back.find("*/", open + 2) != back.npos) return false;
  return open == 0 || std::isspace(static_cast<unsigned char>(back[open - 1])) || back[open - 1] == ';';
}

bool in_armour(std::string_view text, std::size_t at) {
  const std::size_t from = at > kBytesBack ? at - kBytesBack : 0;
  const std::string_view back = text.substr(from, at - from);
  const std::size_t open = find_last(back, "-----BEGIN ");
  if (open == back.npos) return false;
  const std::string_view inside = back.substr(open + 11);
  return std::ranges::any_of(std::array<std::string_view, 3>{"PGP MESSAGE", "AGE ENCRYPTED FILE", "PKCS7"},
                             [&](std::string_view kind) { return inside.starts_with(kind); }) &&
         inside.find("-----END ") == inside.npos;
}

// The header of an ansible-vault block is followed by lines of hex alone.
bool in_vault(std::string_view text, std::string_view before, std::size_t at) {
  const std::string_view line = trim(before);
  if (!std::ranges::all_of(line, [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }))
    return false;
  const std::size_t from = at > kBytesBack ? at - kBytesBack : 0;
  const std::string_view back = text.substr(from, at - from - before.size());
  const std::size_t open = find_last(back, "$ANSIBLE_VAULT;");
  if (open == back.npos) return false;
  const std::size_t body = back.find('\n', open);
  return body == back.npos || std::ranges::all_of(back.substr(body), [](char c) {
           return std::isspace(static_cast<unsigned char>(c)) || std::isxdigit(static_cast<unsigned char>(c));
         });
}

bool in_ciphertext(std::string_view text, std::string_view before, std::size_t at, const Enclosing& around) {
  const std::size_t open = before.rfind("ENC[");
  if (open != before.npos && before.find(']', open) == before.npos) return true;
  if (!around.headers.empty() && around.headers.front() == "sops") return true;
  return in_vault(text, before, at) || in_armour(text, at);
}

enum class Template { outside, reference, default_value };

// Inside "${…}", "{{ … }}", "{% … %}", "<% … %>" or "%{…}": a reference, unless it quotes a literal of its
// own or gives a default.
Template template_of(std::string_view before) {
  struct Pair {
    std::string_view open, close;
  };
  static constexpr auto kPairs =
      std::to_array<Pair>({{"${", "}"}, {"{{", "}}"}, {"{%", "%}"}, {"<%", "%>"}, {"%{", "}"}});
  std::size_t open = before.npos;
  for (const Pair& pair : kPairs) {
    const std::size_t at = before.rfind(pair.open);
    if (at == before.npos || before.find(pair.close, at + 2) != before.npos) continue;
    if (open == before.npos || at > open) open = at;
  }
  if (open == before.npos) return Template::outside;
  const std::string_view inside = before.substr(open + 2);
  if (contains_any(inside, {":-", ":=", "default(", "default "})) return Template::default_value;
  const bool in_quotes =
      std::ranges::count(inside, '"') % 2 == 1 || std::ranges::count(inside, '\'') % 2 == 1;
  return in_quotes ? Template::outside : Template::reference;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// The span begins its line's entry and a separator follows it.
bool is_map_key(std::string_view before, std::string_view after) {
  const std::string_view lead = trim(before);
  const bool quoted = lead.ends_with('"') || lead.ends_with('\'');
  std::string_view rest = lead;
  if (quoted) rest.remove_suffix(1);
  rest = trim(rest);
  if (!rest.empty() && !is_one_of(rest.substr(rest.size() - 1), {"{", ",", "-", "?"})) return false;
  if (quoted && (after.starts_with('"') || after.starts_with('\''))) after.remove_prefix(1);
  const std::string_view tail = trim(after);
  if (tail.starts_with("=>")) return true;
  if (tail.starts_with('=')) return !tail.starts_with("==");
  if (!tail.starts_with(':')) return false;
  return tail.size() == 1 || tail[1] == ' ' || tail[1] == '\t' || tail[1] == '\r';
}

// A parameter's default: `variable "x" { default = … }`, `class x($y = …)`, `def f(x=…)`, `Default: …`.
bool is_default(const std::vector<std::string>& keys, std::string_view before) {
  bool in_variable = false;
  for (const std::string& key : keys) {
    if (key.starts_with("variable.")) in_variable = true;
    if (in_variable && key == "default") return true;
    const bool parameters = key.ends_with('(');
    if (parameters && (key.starts_with("class.") || key.starts_with("define.") || key.starts_with("def.")))
      return true;
  }
  if (!keys.empty() && is_default_key(keys.back())) return true;
  const std::string_view line = trim(before);
  return line.starts_with("def ") && line.find('(') != line.npos && line.find(')') == line.npos;
}

bool is_argument(const std::vector<std::string>& keys) {
  return !keys.empty() && (keys.front().starts_with("resource.") || keys.front().starts_with("data.") ||
                           keys.front().starts_with("module.") || keys.front().starts_with("provider."));
}

// `variable "x" { default = "…" }` on one line: the header is on the span's own line.
void add_own_header(std::string_view before, std::vector<std::string>& keys) {
  const std::size_t brace = before.rfind('{');
  if (brace == before.npos || before.find('}', brace) != before.npos) return;
  if (brace > 0 && (before[brace - 1] == '$' || before[brace - 1] == '{' || before[brace - 1] == '%')) return;
  if (std::string header = header_of(before.substr(0, brace + 1)); !header.empty())
    keys.push_back(std::move(header));
}

Role role_of_keys(const std::vector<std::string>& keys, std::string_view before, std::string_view after) {
  for (const std::string& key : keys) {
    if (is_description_key(key)) return Role::description;
  }
  if (is_map_key(before, after)) return Role::key;
  if (is_default(keys, before)) return Role::default_value;
  for (const std::string& key : keys) {
    if (is_label_key(key)) return Role::label;
  }
  return is_argument(keys) ? Role::argument : Role::value;
}

Position position_by_lines(const FileView& file, detect::Span span) {
  const Syntax syntax = syntax_of(file.path);
  const std::string_view before = line_before(file.text, span), after = line_after(file.text, span);
  Enclosing around = enclosing(file.text, span, syntax);
  std::vector<std::string> keys = std::move(around.headers);
  if (!around.heredoc_key.empty() && (keys.empty() || keys.back() != around.heredoc_key)) {
    keys.push_back(around.heredoc_key);
  }
  if (syntax == Syntax::hcl) add_own_header(before, keys);
  if (const std::string_view key = last_key(before); !key.empty()) keys.emplace_back(key);

  Position position;
  position.lexical = true;
  position.key_path = join(keys, ".");
  std::erase(position.key_path, '(');
  around.headers = keys;
  const Template in_template = template_of(before);
  if (in_ciphertext(file.text, before, span.begin, around)) {
    position.role = Role::ciphertext;
  } else if (opens_line_comment(before, syntax) || in_block_comment(file.text, span.begin, syntax)) {
    position.role = Role::comment;
  } else if (in_template == Template::reference) {
    position.role = Role::reference;
  } else if (in_template == Template::default_value) {
    position.role = Role::default_value;
  } else {
    position.role = role_of_keys(keys, before, after);
    const bool plain = position.role == Role::value || position.role == Role::unknown;
    if (plain && is_default_file(file.path)) position.role = Role::default_value;
  }
  return position;
}

}  // namespace

Position position_of(const FileView& file, detect::Span span) {
  LazySyntax own(file.path, file.text);
  LazySyntax& syntax = file.syntax ? *file.syntax : own;
  std::optional<Position> from_tree = syntax.position_of(span);
  if (from_tree && from_tree->role == Role::ciphertext) return *from_tree;
  if (!from_tree) return position_by_lines(file, span);
  // Armour and vaults are the same in every format, and stand in strings that a tree takes for text.
  if (in_ciphertext(file.text, line_before(file.text, span), span.begin, {}))
    from_tree->role = Role::ciphertext;
  // A template of nothing that has a grammar: the tree knows what the template holds, the lines which key it
  // is at.
  if (syntax.format() == Format::text) from_tree->key_path = position_by_lines(file, span).key_path;
  return *from_tree;
}

}  // namespace fanlight::coupling
