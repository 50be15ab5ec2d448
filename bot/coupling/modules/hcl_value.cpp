// A recursive descent over the expression grammar of HCL. Operators that do not make strings end in
// "unknown", and so does every function that is not in the table.
#include "hcl_value.hpp"

#include <algorithm>
#include <cctype>

#include "facts/hcl.hpp"
#include "fanlight/core/text.hpp"
#include "hcl_functions.hpp"

namespace fanlight::coupling {

namespace {

bool is_identifier(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}

struct Evaluator {
  std::string_view text;
  const HclNames& names;
  HclBudget& budget;
  std::size_t at = 0;

  void skip_blank() {
    while (at < text.size()) {
      const char c = text[at];
      if (std::isspace(static_cast<unsigned char>(c))) {
        ++at;
      } else if (c == '#' || (c == '/' && (text.substr(at + 1, 1) == "/" || text.substr(at + 1, 1) == "*"))) {
        at = skip_hcl_token(text, at);
      } else {
        return;
      }
    }
  }
  char peek() {
    skip_blank();
    return at < text.size() ? text[at] : '\0';
  }
  bool take(std::string_view token) {
    skip_blank();
    if (!text.substr(at).starts_with(token)) return false;
    at += token.size();
    return true;
  }
  bool spend() {
    if (budget.steps == 0 || budget.depth == 0) return false;
    --budget.steps;
    return true;
  }

  // Past the bracket that closes the one before `at`.
  void skip_group() {
    unsigned depth = 1;
    while (at < text.size() && depth > 0) {
      const std::size_t next = skip_hcl_token(text, at);
      if (next != at) {
        at = next;
        continue;
      }
      const char c = text[at++];
      if (c == '(' || c == '[' || c == '{') ++depth;
      if (c == ')' || c == ']' || c == '}') --depth;
    }
  }

  HclValue expression() {
    if (!spend()) {
      at = text.size();
      return {};
    }
    --budget.depth;
    HclValue out = conditional();
    ++budget.depth;
    return out;
  }

  HclValue conditional() {
    HclValue condition = binary();
    if (peek() != '?') return condition;
    ++at;
    HclValue yes = expression();
    if (!take(":")) return yes;
    HclValue no = expression();
    // An unknown condition: what either branch says is said; the first one that is known stands for both.
    if (condition.is_text() && condition.text == "false") return no;
    return yes.kind == HclValue::Kind::unknown ? no : yes;
  }

  HclValue binary() {
    HclValue left = unary();
    for (;;) {
      const char c = peek();
      const std::string_view two = text.substr(at, 2);
      const bool logical =
          two == "==" || two == "!=" || two == "&&" || two == "||" || two == "<=" || two == ">=";
      if (!logical && c != '+' && c != '-' && c != '*' && c != '/' && c != '%' && c != '<' && c != '>')
        return left;
      at += logical ? 2 : 1;
      const HclValue right = unary();
      const bool known = left.is_text() && right.is_text();
      if (known && two == "==") {
        left = HclValue::of(left.text == right.text ? "true" : "false");
      } else if (known && two == "!=") {
        left = HclValue::of(left.text != right.text ? "true" : "false");
      } else {
        left = {};
      }
    }
  }

  HclValue unary() {
    if (!spend()) {
      at = text.size();
      return {};
    }
    const char c = peek();
    if (c == '!' || c == '-') {
      ++at;
      const HclValue value = unary();
      return c == '-' && value.is_text() ? HclValue::of('-' + value.text) : HclValue{};
    }
    return postfix(primary());
  }

  HclValue postfix(HclValue value) {
    while (at < text.size()) {
      if (text[at] == '.' && at + 1 < text.size() && (is_identifier(text[at + 1]) || text[at + 1] == '*')) {
        ++at;
        if (text[at] == '*') {
          ++at;
          value = {};
          continue;
        }
        value = attribute(value, word());
      } else if (text[at] == '[') {
        ++at;
        if (take("*")) {
          value = {};
          skip_group();
          continue;
        }
        const HclValue index = expression();
        skip_group();
        value = index.is_text() ? attribute(value, index.text) : HclValue{};
      } else {
        break;
      }
    }
    return value;
  }

  static HclValue attribute(const HclValue& value, std::string_view name) {
    for (const auto& [key, inner] : value.entries) {
      if (key == name) return inner;
    }
    std::size_t index = 0;
    for (const char c : name) {
      if (c < '0' || c > '9' || index > 100'000) return {};
      index = index * 10 + static_cast<std::size_t>(c - '0');
    }
    return index < value.items.size() ? value.items[index] : HclValue{};
  }

  std::string_view word() {
    const std::size_t begin = at;
    while (at < text.size() && is_identifier(text[at])) ++at;
    return text.substr(begin, at - begin);
  }

  HclValue primary() {
    const char c = peek();
    if (c == '"') return string();
    if (c == '<' && text.substr(at, 2) == "<<") return heredoc();
    if (c == '(') {
      ++at;
      HclValue value = expression();
      skip_group();
      return value;
    }
    if (c == '[') return tuple();
    if (c == '{') return object();
    if (std::isdigit(static_cast<unsigned char>(c))) {
      const std::size_t begin = at;
      while (at < text.size() && (is_identifier(text[at]) || text[at] == '.')) ++at;
      return HclValue::of(std::string(text.substr(begin, at - begin)));
    }
    if (is_identifier(c)) return named();
    if (at < text.size()) ++at;
    return {};
  }

  HclValue named() {
    const std::string_view name = word();
    if (peek() == '(') {
      ++at;
      return call(name);
    }
    if (name == "true" || name == "false" || name == "null")
      return name == "null" ? HclValue{} : HclValue::of(std::string(name));
    if (text.substr(at, 1) != ".") return names(name, "");
    ++at;
    const std::string_view member = word();
    return names(name, member);
  }

  HclValue call(std::string_view name) {
    std::vector<HclValue> arguments;
    while (peek() != ')' && at < text.size()) {
      arguments.push_back(expression());
      if (take("...") && !arguments.back().items.empty()) {
        std::vector<HclValue> spread = std::move(arguments.back().items);
        arguments.pop_back();
        std::ranges::move(spread, std::back_inserter(arguments));
      }
      if (!take(",")) break;
    }
    skip_group();
    return call_hcl_function(name, arguments);
  }

  HclValue tuple() {
    ++at;
    HclValue out;
    if (text.substr(at).starts_with("for ") || peek_for()) {
      skip_group();
      return out;
    }
    out.kind = HclValue::Kind::list;
    while (peek() != ']' && at < text.size()) {
      out.items.push_back(expression());
      if (!take(",")) break;
    }
    skip_group();
    return out;
  }

  bool peek_for() {
    skip_blank();
    return text.substr(at).starts_with("for ");
  }

  HclValue object() {
    ++at;
    HclValue out;
    if (peek_for()) {
      skip_group();
      return out;
    }
    out.kind = HclValue::Kind::object;
    while (peek() != '}' && at < text.size()) {
      std::string key;
      const char c = text[at];
      if (is_identifier(c)) {
        key = word();
      } else {
        key = expression().text;
      }
      if (!take("=") && !take(":")) break;
      out.entries.push_back({std::move(key), expression()});
      take(",");
    }
    skip_group();
    return out;
  }

  HclValue string() {
    const std::size_t end = skip_hcl_token(text, at);
    const std::string_view inside = end > at + 1 ? text.substr(at + 1, end - at - 2) : std::string_view{};
    at = end;
    return pieces(inside, true);
  }

  HclValue heredoc() {
    const std::size_t end = skip_hcl_token(text, at);
    if (end == at) {
      at = text.size();
      return {};
    }
    const std::string_view all = text.substr(at, end - at);
    at = end;
    const std::size_t first = all.find('\n'), last = all.rfind('\n');
    if (first == all.npos || last <= first) return HclValue::of("");
    return pieces(all.substr(first + 1, last - first - 1), false);
  }

  static char escape(char c) {
    switch (c) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      default:
        return c;
    }
  }

  // A template. "%{ if … }" directives are left out, what stands between them stays.
  HclValue pieces(std::string_view inside, bool escapes) {
    std::string out;
    for (std::size_t i = 0; i < inside.size() && out.size() < kHclTextBytesMax;) {
      const char c = inside[i];
      if (escapes && c == '\\' && i + 1 < inside.size()) {
        out += escape(inside[i + 1]);
        i += 2;
      } else if ((c == '$' || c == '%') && inside.substr(i + 1, 2) == (c == '$' ? "${" : "%{")) {
        out += inside.substr(i + 1, 2);
        i += 3;
      } else if ((c == '$' || c == '%') && inside.substr(i + 1, 1) == "{") {
        Evaluator inner{inside.substr(i + 2), names, budget, 0};
        HclValue value;
        if (c == '$') {
          inner.take("~");
          value = inner.expression();
        }
        inner.skip_to_brace();
        i += 2 + inner.at;
        if (c == '$') out += value.is_text() ? value.text : "unknown";
      } else {
        out += c;
        ++i;
      }
    }
    return HclValue::of(std::move(out));
  }

  void skip_to_brace() {
    unsigned depth = 1;
    while (at < text.size()) {
      const std::size_t next = text[at] == '"' ? skip_hcl_token(text, at) : at;
      if (next != at) {
        at = next;
        continue;
      }
      const char c = text[at++];
      if (c == '{') ++depth;
      if (c == '}' && --depth == 0) return;
    }
  }
};

}  // namespace

HclValue HclValue::of(std::string value) {
  HclValue out;
  out.kind = Kind::text;
  if (value.size() > kHclTextBytesMax) value.resize(kHclTextBytesMax);
  out.text = std::move(value);
  return out;
}

void HclValue::collect(std::vector<std::string>& out) const {
  if (kind == Kind::text) out.push_back(text);
  for (const HclValue& item : items) item.collect(out);
  for (const auto& [key, value] : entries) {
    out.push_back(key);
    value.collect(out);
  }
}

std::size_t HclValue::cost() const {
  std::size_t out = 1 + text.size() / 256;
  for (const HclValue& item : items) out += item.cost();
  for (const HclEntry& entry : entries) out += 1 + entry.value.cost();
  return out;
}

HclValue evaluate_hcl(std::string_view expression, const HclNames& names, HclBudget& budget) {
  return Evaluator{expression, names, budget}.expression();
}

}  // namespace fanlight::coupling
