#include "halves.hpp"

#include <algorithm>

#include "fanlight/detect/judge.hpp"

namespace fanlight::app {

namespace {

// Keys that have an id beside them are 32 to 64 characters; digests in base64 are longer, in hex all lower
// case.
constexpr std::size_t half_min = 20, half_max = 64;

bool in_value(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/' ||
         c == '_' || c == '-' || c == '~';
}

bool is_mixed(std::string_view value) {
  bool digit = false, lower = false, upper = false;
  for (const char c : value) {
    digit = digit || (c >= '0' && c <= '9');
    lower = lower || (c >= 'a' && c <= 'z');
    upper = upper || (c >= 'A' && c <= 'Z');
  }
  return digit && lower && upper;
}

bool may_hold_half(std::string_view line) {
  for (std::size_t at = 0; at < line.size();) {
    if (!in_value(line[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < line.size() && in_value(line[end])) ++end;
    const std::string_view value = line.substr(at, end - at);
    if (value.size() >= half_min && value.size() <= half_max && is_mixed(value) &&
        detect::looks_random(value)) {
      return true;
    }
    at = end;
  }
  return false;
}

}  // namespace

bool may_hold_half(const FileDiff& file) {
  return std::ranges::any_of(file.hunks, [](const Hunk& hunk) {
    return std::ranges::any_of(hunk.lines, [](const DiffLine& line) {
      return line.kind == LineKind::added && may_hold_half(line.text);
    });
  });
}

}  // namespace fanlight::app
