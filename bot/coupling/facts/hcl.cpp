#include "hcl.hpp"

#include <algorithm>
#include <cctype>

#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

bool is_identifier(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find('\n', at), text.size());
}

std::size_t skip_string(std::string_view text, std::size_t at, unsigned depth);

// Past the "}" of an interpolation whose "${" ends at `at`.
std::size_t skip_interpolation(std::string_view text, std::size_t at, unsigned depth) {
  unsigned open = 1;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at, depth + 1);
      continue;
    }
    ++at;
    if (c == '{') ++open;
    if (c == '}' && --open == 0) break;
  }
  return at;
}

std::size_t skip_string(std::string_view text, std::size_t at, unsigned depth) {
  for (++at; at < text.size();) {
    const char c = text[at];
    if (c == '\\') {
      at += 2;
    } else if (c == '"') {
      return at + 1;
    } else if (c == '\n') {
      return at;  // an open quote: the line is broken, not the file
    } else if ((c == '$' || c == '%') && text.substr(at + 1, 1) == "{" && depth < kHclDepthMax) {
      // "$${" is a literal "${".
      const bool escaped = at > 0 && text[at - 1] == c;
      at = escaped ? at + 2 : skip_interpolation(text, at + 2, depth);
    } else {
      ++at;
    }
  }
  return text.size();
}

std::size_t skip_heredoc(std::string_view text, std::size_t at) {
  std::size_t word = at + 2;
  if (text.substr(word, 1) == "-") ++word;
  std::size_t end = word;
  while (end < text.size() && is_identifier(text[end])) ++end;
  if (end == word) return at;
  const std::string_view tag = text.substr(word, end - word);
  for (std::size_t line = line_end(text, end); line < text.size();) {
    const std::size_t next = line_end(text, line + 1);
    if (trim(text.substr(line + 1, next - line - 1)) == tag) return next;
    line = next;
  }
  return text.size();
}

struct Parser {
  std::string_view text;
  std::size_t at = 0;

  void skip_blank() {
    while (at < text.size()) {
      if (is_space(text[at]) || text[at] == ',') {
        ++at;
        continue;
      }
      const char c = text[at];
      const bool comment =
          c == '#' || (c == '/' && (text.substr(at + 1, 1) == "/" || text.substr(at + 1, 1) == "*"));
      if (!comment) return;
      at = skip_hcl_token(text, at);
    }
  }

  detect::Span expression() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    const std::size_t begin = at;
    std::size_t end = at;
    unsigned depth = 0;
    while (at < text.size()) {
      const char c = text[at];
      if (c == '\n' && depth == 0) break;
      if (c == '}' || c == ')' || c == ']') {
        if (depth == 0) break;
        --depth;
      } else if (c == '{' || c == '(' || c == '[') {
        ++depth;
      }
      const std::size_t next = skip_hcl_token(text, at);
      const bool comment = next != at && (c == '#' || c == '/');
      at = next == at ? at + 1 : next;
      if (!comment && !is_space(c)) end = at;
    }
    return {begin, end};
  }

  std::string_view word() {
    const std::size_t begin = at;
    if (text[at] == '"') {
      at = skip_string(text, at, 0);
      return at > begin + 1 ? text.substr(begin + 1, at - begin - 2) : std::string_view{};
    }
    while (at < text.size() && is_identifier(text[at])) ++at;
    return text.substr(begin, at - begin);
  }

  // To the brace that closes this body, or the end of the text.
  HclBody body(unsigned depth) {
    HclBody out;
    for (;;) {
      skip_blank();
      if (at >= text.size()) return out;
      if (text[at] == '}') {
        ++at;
        return out;
      }
      const std::size_t begin = at;
      if (text[at] != '"' && !is_identifier(text[at])) {
        const std::size_t next = skip_hcl_token(text, at);
        at = next == at ? at + 1 : next;
        continue;
      }
      const std::string_view first = word();
      statement(out, first, begin, depth);
    }
  }

  void statement(HclBody& out, std::string_view first, std::size_t begin, unsigned depth) {
    std::vector<std::string_view> labels;
    while (at < text.size()) {
      const char c = text[at];
      if (c == ' ' || c == '\t') {
        ++at;
      } else if ((c == '=' && text.substr(at + 1, 1) != "=") || c == ':') {
        ++at;
        out.attributes.push_back({first, expression()});
        return;
      } else if (c == '{') {
        ++at;
        HclBlock block{first, std::move(labels), {begin, at}, {}};
        if (depth < kHclDepthMax) block.body = body(depth + 1);
        block.span.end = at;
        out.blocks.push_back(std::move(block));
        return;
      } else if (c == '"' || is_identifier(c)) {
        labels.push_back(word());
      } else {
        at = line_end(text, at);
        return;
      }
    }
  }
};

}  // namespace

const HclAttribute* HclBody::find(std::string_view name) const {
  const auto found = std::ranges::find(attributes, name, &HclAttribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

std::size_t skip_hcl_token(std::string_view text, std::size_t at) {
  const char c = text[at];
  const std::string_view next = text.substr(at + 1, 1);
  if (c == '"') return skip_string(text, at, 0);
  if (c == '#' || (c == '/' && next == "/")) return line_end(text, at);
  if (c == '/' && next == "*") {
    const std::size_t end = text.find("*/", at + 2);
    return end == text.npos ? text.size() : end + 2;
  }
  if (c == '<' && next == "<") return skip_heredoc(text, at);
  return at;
}

HclBody parse_hcl(std::string_view text) {
  Parser parser{text};
  HclBody out;
  // A stray brace ends a body: what follows is read all the same.
  while (parser.at < text.size()) {
    HclBody part = parser.body(0);
    std::ranges::move(part.attributes, std::back_inserter(out.attributes));
    std::ranges::move(part.blocks, std::back_inserter(out.blocks));
  }
  return out;
}

bool plain_string(std::string_view expression, std::string_view& out) {
  if (expression.size() < 2 || expression.front() != '"' || expression.back() != '"') return false;
  const std::string_view inside = expression.substr(1, expression.size() - 2);
  if (inside.find_first_of("\"\\\n") != inside.npos || inside.find("${") != inside.npos ||
      inside.find("%{") != inside.npos) {
    return false;
  }
  out = inside;
  return true;
}

}  // namespace fanlight::coupling
