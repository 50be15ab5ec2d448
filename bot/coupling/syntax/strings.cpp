#include "syntax/strings.hpp"

#include <algorithm>

namespace fanlight::coupling {

namespace {

constexpr std::size_t kReferenceBytesMax = 512;

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Where the brace opened before `at` closes; npos when it does not, on this line or within reason.
std::size_t closing(std::string_view text, std::size_t at) {
  std::size_t depth = 1;
  const std::size_t end = std::min(text.size(), at + kReferenceBytesMax);
  for (std::size_t i = at; i < end; ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i;
  }
  return text.npos;
}

// Where a default begins in "NAME:-default", "NAME:=…", "NAME-…"; npos without one. ":?" is a message.
std::size_t default_in(std::string_view inside) {
  std::size_t at = 0;
  while (at < inside.size() && is_name(inside[at])) ++at;
  if (at == 0 || at == inside.size()) return inside.npos;
  if (inside[at] == ':') ++at;
  if (at == inside.size() || (inside[at] != '-' && inside[at] != '=')) return inside.npos;
  return at + 1;
}

}  // namespace

void add_braces(Builder& builder, detect::Span span, const BraceStyle& style) {
  const std::string_view text = builder.text().substr(0, span.end);
  std::size_t count = 0;
  for (std::size_t at = span.begin; (at = text.find(style.sign, at)) != text.npos && count < kBracesMax;
       ++at) {
    if (style.backslash && at > span.begin && text[at - 1] == '\\') continue;
    if (at + 1 >= text.size()) return;
    if (text[at + 1] == style.sign) {  // "$$" is one sign, written out
      ++at;
      continue;
    }
    if (text[at + 1] != '{') {
      std::size_t end = at + 1;
      while (end < text.size() && is_name(text[end])) ++end;
      if (!style.bare_names || end == at + 1) continue;
      builder.reference(text.substr(at + 1, end - at - 1), {at, end}, style.interpolation);
      builder.inset({at, end}, Role::reference);
      ++count;
      at = end - 1;
      continue;
    }
    if (at + 2 < text.size() && text[at + 2] == '{') continue;  // "${{ … }}" is a template
    const std::size_t close = closing(text, at + 2);
    if (close == text.npos) continue;
    const std::string_view inside = text.substr(at + 2, close - at - 2);
    ++count;
    const std::size_t fallback = style.defaults ? default_in(inside) : inside.npos;
    if (fallback == inside.npos) {
      const std::size_t name = inside.find_first_of(" \t|,:?[(");
      const bool scoped = name != inside.npos && inside.substr(name).starts_with("::");
      builder.reference(scoped ? inside : inside.substr(0, name), {at, close + 1}, style.interpolation);
      builder.inset({at, close + 1}, Role::reference);
      at = close;
    } else {
      const std::size_t begin = at + 2 + fallback;
      const std::size_t name = inside.find_first_of(":-=");
      builder.reference(inside.substr(0, name), {at, close + 1}, style.interpolation);
      builder.inset({at, begin}, Role::reference);
      // A default may hold a reference itself: "${A:-${B}}". The search goes on inside it.
      const std::size_t nested = text.substr(0, close).find(style.sign, begin);
      builder.inset({begin, std::min(nested, close)}, Role::default_value);
      at = begin - 1;
    }
  }
}

}  // namespace fanlight::coupling
