// Marks are rare, so they are searched for as plain text; only the line around one is read for a comment's
// opening.
#include "fanlight/detect/ignore.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "fanlight/core/text.hpp"

namespace fanlight::detect {

namespace {

constexpr std::size_t kAllowsMax = 10'000;
constexpr std::size_t kReasonBytesMax = 300;
constexpr std::size_t kLineBytesMax = 4096;  // of what stands before a mark
constexpr std::string_view kOwn = "fanlight:allow";

struct Mark {
  std::string_view text;    // as it may be written
  std::string_view name;    // as it is reported
  std::string_view reason;  // of another tool's mark
  bool next = false;        // it speaks of the line below
};

constexpr std::array<Mark, 8> kMarks{{
    {kOwn, kOwn, ""},
    {"gitleaks:allow", "gitleaks:allow", "marked for gitleaks"},
    {"pragma: allowlist secret", "pragma: allowlist secret", "marked for detect-secrets"},
    {"pragma:allowlist secret", "pragma: allowlist secret", "marked for detect-secrets"},
    {"pragma: allowlist nextline secret", "pragma: allowlist secret", "marked for detect-secrets", true},
    {"pragma:allowlist nextline secret", "pragma: allowlist secret", "marked for detect-secrets", true},
    // What detect-secrets called it before version 1.
    {"pragma: whitelist secret", "pragma: allowlist secret", "marked for detect-secrets"},
    {"pragma:whitelist secret", "pragma: allowlist secret", "marked for detect-secrets"},
}};

constexpr std::array<std::string_view, 9> kOpenings{"<!--", "//", "/*", "--", "#", ";", "%", "*", "REM "};
constexpr std::array<std::string_view, 6> kClosings{"*/}}", "-->", "*/", "#}", "%}", "}}"};

// memmem skips by the needle's length; string_view::find stops at each of its first letter.
std::size_t find_text(std::string_view text, std::string_view needle, std::size_t from) {
  const void* found = memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
  return found == nullptr ? text.npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

// Whether a comment opens in `before`, the part of a line in front of a mark: at its start or after a blank
// or a bracket, and not inside "…".
bool opens_comment(std::string_view before) {
  std::size_t quotes = 0;
  bool at_start = true;  // only blanks so far
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool free = i == 0 || is_blank(before[i - 1]) || before[i - 1] == '{' || before[i - 1] == ';';
    if (free && quotes % 2 == 0) {
      for (const std::string_view opening : kOpenings) {
        // A lone "*" goes on with a block comment, and only at the start of a line.
        if (before.substr(i).starts_with(opening) && (opening != "*" || at_start)) return true;
      }
    }
    if (before[i] == '"' && (i == 0 || before[i - 1] != '\\')) ++quotes;
    at_start = at_start && is_blank(before[i]);
  }
  return false;
}

bool is_rule_id(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// "<rule> <reason>" up to the comment's end.
void read_words(std::string_view rest, InlineAllow& allow) {
  for (const std::string_view closing : kClosings) {
    if (const std::size_t at = rest.find(closing); at != rest.npos) rest = rest.substr(0, at);
  }
  rest = trim(rest);
  const std::string_view word = rest.substr(0, rest.find_first_of(" \t"));
  if (!is_rule_id(word)) return;
  allow.rule = word;
  std::string_view reason = trim(rest.substr(word.size()));
  while (!reason.empty() && (reason.front() == '-' || reason.front() == ':')) reason = trim(reason.substr(1));
  allow.reason = truncate_utf8(reason, kReasonBytesMax);
}

}  // namespace

std::vector<InlineAllow> find_inline_allows(std::string_view text) {
  std::vector<std::pair<std::size_t, const Mark*>> found;
  for (const Mark& mark : kMarks) {
    for (std::size_t at = find_text(text, mark.text, 0);
         at != text.npos && found.size() < kMarks.size() * kAllowsMax;
         at = find_text(text, mark.text, at + mark.text.size())) {
      found.emplace_back(at, &mark);
    }
  }
  std::ranges::sort(found);
  std::vector<InlineAllow> allows;
  std::uint32_t line = 1;
  std::size_t counted = 0;  // newlines before this are in `line`
  for (const auto& [at, mark] : found) {
    if (allows.size() == kAllowsMax) break;
    line += static_cast<std::uint32_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                                  text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    counted = at;
    const std::size_t newline = at == 0 ? text.npos : text.rfind('\n', at - 1);
    const std::size_t begin = newline == text.npos ? 0 : newline + 1;
    if (at - begin > kLineBytesMax || !opens_comment(text.substr(begin, at - begin))) continue;
    InlineAllow allow{line, !mark->next, mark->next, "*", std::string(mark->reason), std::string(mark->name)};
    if (mark->text == kOwn) {
      allow.covers_next = true;
      allow.rule.clear();
      const std::size_t rest = at + kOwn.size();
      if (rest < text.size() && !is_blank(text[rest]) && text[rest] != '\n') continue;  // "fanlight:allowed"
      read_words(text.substr(rest, std::min(text.find('\n', rest), rest + kLineBytesMax) - rest), allow);
    }
    allows.push_back(std::move(allow));
  }
  return allows;
}

}  // namespace fanlight::detect
