// Hidden markers. They are how fanlight knows its own comments again, so a text from a repository must not be
// able to bring one: everything from outside is escaped (escape.cpp breaks "<!--"), ours is the last in a
// body.
#include <fmt/format.h>

#include <algorithm>

#include "fanlight/policy/render.hpp"

namespace fanlight::policy {

namespace {

constexpr std::string_view opening = "<!-- fanlight:";
constexpr std::string_view closing = " -->";

bool is_marker_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' || c == '-' || c == '_' || c == '.';
}

void append_clean(std::string& out, std::string_view text) {
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (is_marker_char(c)) out += c;
  }
}

}  // namespace

std::string marker(std::string_view kind, std::string_view id) {
  std::string name;
  append_clean(name, kind);
  if (!id.empty()) name += ':';
  append_clean(name, id);
  return fmt::format("{}{}{}", opening, name, closing);
}

std::string find_marker(std::string_view body) {
  for (std::size_t at = body.rfind(opening); at != std::string_view::npos; at = body.rfind(opening, at - 1)) {
    const std::string_view rest = body.substr(at + opening.size());
    const std::string_view name = rest.substr(0, rest.find(closing));
    if (name.size() < rest.size() && !name.empty() && std::all_of(name.begin(), name.end(), is_marker_char)) {
      return std::string(name);
    }
    if (at == 0) break;
  }
  return {};
}

}  // namespace fanlight::policy
