#include "diff_lines.hpp"

#include <array>
#include <cstring>

namespace fanlight::detect {

namespace {

constexpr std::size_t kPathBytesMax = 4096;  // PATH_MAX
constexpr std::string_view kNull = "/dev/null";

std::optional<char> simple_escape(char c) {
  switch (c) {
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '"':
    case '\\':
      return c;
    default:
      return std::nullopt;
  }
}

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

// The text of "…" at the start of `text`, which it takes away.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    if (c != '\\') {
      out += c;
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    if (i + 2 < text.size() && text[i] <= '3' && is_octal(text[i]) && is_octal(text[i + 1]) &&
        is_octal(text[i + 2])) {
      out += static_cast<char>((text[i] - '0') << 6 | (text[i + 1] - '0') << 3 | (text[i + 2] - '0'));
      i += 2;
      continue;
    }
    const auto simple = simple_escape(text[i]);
    if (!simple) return std::nullopt;
    out += *simple;
  }
  return std::nullopt;
}

bool is_path(std::string_view path) {
  return !path.empty() && path.size() <= kPathBytesMax && path.find('\0') == path.npos;
}

bool has_prefix(std::string_view path) {
  constexpr std::string_view letters = "abiwco12";
  return path.size() > 2 && path[1] == '/' && letters.find(path[0]) != letters.npos;
}

}  // namespace

void LineReader::find_end() {
  if (begin_ >= text_.size()) {
    begin_ = end_ = text_.size();
    return;
  }
  const void* newline = std::memchr(text_.data() + begin_, '\n', text_.size() - begin_);
  end_ = newline == nullptr ? text_.size()
                            : static_cast<std::size_t>(static_cast<const char*>(newline) - text_.data());
}

void LineReader::advance() {
  begin_ = end_ + 1;
  ++number_;
  find_end();
}

std::string_view LineReader::next_line() const {
  LineReader next = *this;
  next.advance();
  return next.line();
}

std::optional<std::string> read_path(std::string_view text) {
  if (text.starts_with('"')) {
    auto path = take_quoted(text);
    if (!path || !is_path(*path) || !(text.empty() || text.front() == '\t')) return std::nullopt;
    return path;
  }
  const std::string_view path = text.substr(0, text.find('\t'));
  if (!is_path(path)) return std::nullopt;
  return std::string(path);
}

std::optional<PathPair> read_git_paths(std::string_view text) {
  PathPair paths;
  if (text.starts_with('"')) {
    auto first = take_quoted(text);
    if (!first || !text.starts_with(' ')) return std::nullopt;
    auto second = read_path(text.substr(1));
    if (!second) return std::nullopt;
    paths = {std::move(*first), std::move(*second)};
  } else if (const std::size_t quote = text.find(" \""); quote != text.npos && text.ends_with('"')) {
    auto second = read_path(text.substr(quote + 1));
    if (!second) return std::nullopt;
    paths = {std::string(text.substr(0, quote)), std::move(*second)};
  } else {
    if (text.size() < 3 || text.size() % 2 == 0 || text[text.size() / 2] != ' ') return std::nullopt;
    paths = {std::string(text.substr(0, text.size() / 2)), std::string(text.substr(text.size() / 2 + 1))};
  }
  if (!is_path(paths.old_path) || !is_path(paths.new_path)) return std::nullopt;
  PathPair bare = paths;
  strip_prefixes(bare.old_path, bare.new_path);
  if (bare.old_path != bare.new_path) return std::nullopt;
  return paths;
}

void strip_prefixes(std::string& old_path, std::string& new_path) {
  const bool old_null = old_path == kNull, new_null = new_path == kNull;
  if ((old_null || has_prefix(old_path)) && (new_null || has_prefix(new_path)) &&
      (old_null || new_null || old_path[0] != new_path[0])) {
    if (!old_null) old_path.erase(0, 2);
    if (!new_null) new_path.erase(0, 2);
  }
}

}  // namespace fanlight::detect
