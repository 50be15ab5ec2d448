// Reads a pattern just far enough to say that it cannot match a line end. RE2's syntax:
// https://github.com/google/re2/wiki/Syntax
#include "ruleset.hpp"

namespace fanlight::detect {

namespace {

constexpr std::string_view kLineEndClasses =
    "sWDnrvfpPCQ";  // escapes that match a line end, or that are not judged

// True when the escape at `at` (behind the backslash) may stand for a line end; moves `at` to its last byte.
bool escape_may_match(std::string_view pattern, std::size_t& at) {
  const char c = pattern[at];
  if (c == 'x') {
    const std::string_view digits = pattern.substr(at + 1, 2);
    if (digits.size() == 2) at += 2;
    return digits.size() != 2 || digits[0] == '{' || digits[0] == '0';
  }
  if (c >= '0' && c <= '9') return true;  // octal
  return kLineEndClasses.find(c) != kLineEndClasses.npos;
}

// The class at `at`, behind its "["; moves `at` to its "]".
bool class_may_match(std::string_view pattern, std::size_t& at) {
  const bool negated = at < pattern.size() && pattern[at] == '^';
  if (negated) ++at;
  const std::size_t first = at;
  bool named = false, ranged = false, excludes = false;
  for (; at < pattern.size() && (pattern[at] != ']' || at == first); ++at) {
    if (pattern.substr(at).starts_with("[:")) {
      named = true;  // not judged
      at = pattern.find(":]", at);
      if (at == pattern.npos) return true;
      ++at;
    } else if (pattern[at] == '\\' && at + 1 < pattern.size()) {
      ++at;
      excludes = excludes || pattern[at] == 'n' || pattern[at] == 's';
      ranged = escape_may_match(pattern, at) || ranged;
    } else {
      ranged = ranged || static_cast<unsigned char>(pattern[at]) < 0x20;
    }
  }
  return negated ? !excludes : named || ranged;
}

}  // namespace

bool is_single_line(std::string_view pattern) {
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\' && at + 1 < pattern.size()) {
      ++at;
      if (escape_may_match(pattern, at)) return false;
    } else if (c == '[') {
      ++at;
      if (class_may_match(pattern, at)) return false;
    } else if (c == '(' && pattern.substr(at).starts_with("(?") && !pattern.substr(at).starts_with("(?P")) {
      // Flags: with s, a dot matches a line end.
      const std::size_t end = pattern.find_first_of(":)", at);
      if (pattern.substr(at, end == pattern.npos ? end : end - at).find('s') != pattern.npos) return false;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      return false;
    }
  }
  return true;
}

}  // namespace fanlight::detect
