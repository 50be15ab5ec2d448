// Reading and checking rules: what parse_rules and fanlight-rulec share. Used only inside this box.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

#include "fanlight/core/result.hpp"
#include "fanlight/detect/rule.hpp"

namespace fanlight::detect {

inline constexpr std::size_t kAnchorBytesMin = 3;
inline constexpr std::size_t kAnchorBytesMax = 200;
inline constexpr std::size_t kPatternBytesMax = 8 * 1024;
// RE2's budget for one pattern, program and automata. Hundreds of patterns share the memory of a small
// machine.
inline constexpr std::int64_t kPatternMemoryMax = 8 << 20;
inline constexpr std::uint32_t kWindowBytesMax = 64 * 1024;
inline constexpr std::uint32_t kPartnerLinesMax = 100;
inline constexpr std::size_t kNameBytesMax = 60;
inline constexpr int kSecretGroupMax = 15;

// Every pattern of a rule is compiled by this function, in the engine and in its oracle: bytes, not code
// points, so that windows are counted in bytes and broken UTF-8 is no hiding place; `^` and `$` are line
// edges.
std::unique_ptr<re2::RE2> compile_pattern(std::string_view pattern);
// Which groups may hold the secret: the one named `secret`; else all, of which the first that took part does,
// so that a pattern can be a list of alternatives; else 0, the whole match.
struct SecretGroups {
  int first = 0, last = 0;
};
SecretGroups secret_groups(const re2::RE2& pattern);

// The longest text that `pattern` can match, in bytes; nothing when it has no bound or cannot be told.
std::optional<std::uint32_t> match_bytes_max(std::string_view pattern);

// Why a rule cannot be used, as "key: reason"; empty when it can.
std::string fault_of(const Rule& rule);

// Why the engine might miss a match of the rule, as "key: reason": the match holds no anchor, or stands
// outside the windows of those that it holds. A match that shows it is in the reason, made up of the pattern
// alone. A longest match that has no bound is let through with the window that the rule gives.
struct Reach {
  std::string fault;    // empty: no such match is known
  bool proven = false;  // there is none. False in doubt
};
Reach reach_of(const Rule& rule);

// What a RuleSet that was read at run time points to.
struct RuleArena;

// A rule with the line its item starts on, for errors found later.
struct ParsedRule {
  Rule rule;
  std::string file;
  int line = 0;
};

struct ParsedRules {
  std::vector<ParsedRule> rules;
  std::shared_ptr<RuleArena> arena;
};

// Adds the rules of one file to `out` (make `out.arena` with make_arena); ids must be unique over all of
// `out`.
std::shared_ptr<RuleArena> make_arena();
Result<void> read_rules(std::string_view yaml, const std::string& file, ParsedRules& out);

}  // namespace fanlight::detect
