#include "fanlight/core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

namespace fanlight {

namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// Length of the valid UTF-8 sequence at `text[at]`, 0 when there is none (RFC 3629: no overlong forms, no
// surrogates, nothing above U+10FFFF).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!tail(at + 1) || !tail(at + 2)) return 0;
    if (first == 0xE0 && byte(at + 1) < 0xA0) return 0;
    if (first == 0xED && byte(at + 1) > 0x9F) return 0;
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!tail(at + 1) || !tail(at + 2) || !tail(at + 3)) return 0;
    if (first == 0xF0 && byte(at + 1) < 0x90) return 0;
    if (first == 0xF4 && byte(at + 1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || text[i] == separator) {
      out.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  return out;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i) out += separator;
    out += parts[i];
  }
  return out;
}

std::string sanitize_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++at;
    } else {
      out.append(text, at, length);
      at += length;
    }
  }
  return out;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    // Eight bytes of ASCII at a time, which is nearly all there is.
    std::uint64_t eight = 0;
    if (at + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080u) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string_view truncate_utf8(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  // At most three tail bytes belong to one code point; more is not UTF-8 and may be cut anywhere.
  for (int i = 0; i < 3 && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; ++i) --end;
  return text.substr(0, end);
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) at += std::max<std::size_t>(1, utf8_length(text, at));
  return count;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> before(width), last(width), row(width);
  for (std::size_t j = 0; j < width; ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t word_bytes_max = 64;
  if (word.size() > word_bytes_max) return {};
  std::string_view best;
  std::size_t best_distance = 3;
  for (const auto candidate : candidates) {
    if (candidate.size() > word_bytes_max) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance * 2 < std::max(word.size(), candidate.size())) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

bool split_words(std::string_view text, std::vector<std::string>& out) {
  std::string word;
  bool inside = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote) {
      if (c == quote) {
        quote = 0;
      } else if (c == '\\' && quote == '"' && i + 1 < text.size()) {
        word += text[++i];
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      inside = true;
    } else if (is_space(c)) {
      if (inside) out.push_back(std::exchange(word, {}));
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (inside) out.push_back(word);
  return quote == 0;
}

namespace {

// One bracket expression at `pattern[at]` ('['). Moves `at` behind it; false when it is not closed.
bool match_class(std::string_view pattern, std::size_t& at, char c, bool& matches) {
  std::size_t i = at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  bool found = false, first = true;
  for (; i < pattern.size() && (pattern[i] != ']' || first); first = false) {
    const char low = pattern[i++];
    char high = low;
    if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
      high = pattern[i + 1];
      i += 2;
    }
    found = found || (low <= c && c <= high);
  }
  if (i >= pattern.size()) return false;
  at = i + 1;
  matches = found != negated && c != '/';
  return true;
}

// Greedy matching with one restart point for '*' and one for '**': a later star of the same kind makes the
// earlier one's restart needless, so the work is bounded by |pattern| × |path| without recursion.
bool match_whole(std::string_view pattern, std::string_view path) {
  constexpr std::size_t none = std::string_view::npos;
  // What stands before the first and behind the last special character is compared first: most globs are
  // "*.tf".
  std::size_t first = none, last = none;
  bool deep = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c != '*' && c != '?' && c != '[' && c != ']') continue;
    if (first == none && c != ']') first = i;
    if (c != '[') last = i;
    deep = deep || pattern.substr(i).starts_with("**");
  }
  if (first == none) return pattern == path;
  if (!path.starts_with(pattern.substr(0, first))) return false;
  if (!deep && last != none) {
    const std::string_view tail = pattern.substr(last + 1);
    if (path.size() < first + tail.size() || !path.ends_with(tail)) return false;
    if (first == last && pattern[first] == '*')
      return path.substr(first, path.size() - first - tail.size()).find('/') == none;
  }
  std::size_t p = 0, t = 0, star_p = none, star_t = 0, deep_p = none, deep_t = 0;
  while (t < path.size() || p < pattern.size()) {
    if (p < pattern.size()) {
      if (pattern.substr(p).starts_with("**")) {
        std::size_t after = p + 2;
        // "**/" also matches no directory at all.
        const bool slash = after < pattern.size() && pattern[after] == '/';
        deep_p = slash ? after + 1 : after;
        deep_t = t;
        star_p = none;
        p = deep_p;
        continue;
      }
      if (pattern[p] == '*') {
        star_p = ++p;
        star_t = t;
        continue;
      }
      if (t < path.size()) {
        bool matches = false;
        std::size_t next = p;
        if (pattern[p] == '[' && match_class(pattern, next, path[t], matches)) {
          if (matches) {
            p = next;
            ++t;
            continue;
          }
        } else if ((pattern[p] == '?' && path[t] != '/') || pattern[p] == path[t]) {
          ++p;
          ++t;
          continue;
        }
      }
    }
    if (star_p != none && star_t < path.size() && path[star_t] != '/') {
      t = ++star_t;
      p = star_p;
    } else if (deep_p != none && deep_t < path.size()) {
      ++deep_t;
      // "**/" restarts only at the beginning of a component.
      if (deep_p > 0 && pattern[deep_p - 1] == '/') {
        while (deep_t < path.size() && path[deep_t - 1] != '/') ++deep_t;
        if (deep_t == path.size() && path[deep_t - 1] != '/') return false;
      }
      t = deep_t;
      p = deep_p;
      star_p = none;
    } else {
      return false;
    }
  }
  return true;
}

// "*.tf", "readme*", "values-*.yaml": one star within a name, which is what most patterns are.
std::optional<bool> match_one_star(std::string_view pattern, std::string_view name) {
  if (pattern.find_first_of("?[\\") != std::string_view::npos) return std::nullopt;
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  if (pattern.find('*', star + 1) != std::string_view::npos) return std::nullopt;
  return name.size() + 1 >= pattern.size() && name.starts_with(pattern.substr(0, star)) &&
         name.ends_with(pattern.substr(star + 1));
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view path) {
  if (pattern.starts_with('/')) {
    pattern.remove_prefix(1);
  } else if (pattern.substr(0, pattern.size() - (pattern.ends_with('/') ? 1 : 0)).find('/') ==
             std::string_view::npos) {
    // Without a slash: any component for a directory pattern, the last one otherwise.
    if (pattern.ends_with('/')) {
      std::string_view rest = path;
      for (std::size_t slash; (slash = rest.find('/')) != std::string_view::npos;
           rest.remove_prefix(slash + 1)) {
        if (match_whole(pattern.substr(0, pattern.size() - 1), rest.substr(0, slash))) return true;
      }
      return false;
    }
    if (pattern != "**") {
      const std::size_t slash = path.rfind('/');
      const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
      const auto quick = match_one_star(pattern, name);
      return quick ? *quick : match_whole(pattern, name);
    }
  }
  if (pattern.ends_with('/')) return match_whole(std::string(pattern) + "**", path);
  return match_whole(pattern, path);
}

double entropy_bits(std::string_view text) {
  if (text.empty()) return 0;
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  const double total = static_cast<double>(text.size());
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / total;
    bits -= share * std::log2(share);
  }
  return bits;
}

}  // namespace fanlight
