// A rule as data: how to find a text and what to say about it. Written in YAML (bot/detect/rules,
// bot/coupling/rules; bot/detect/README.md documents every key), checked and compiled to static tables by
// fanlight-rulec, so that a process starts without parsing anything. Custom rules use the same YAML at run
// time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/result.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight::detect {

// How far from a match its partner may stand, on either side, whatever the lines are long.
inline constexpr std::size_t kPartnerBytesMax = 4096;
// How much of the line before a match `unless` sees.
inline constexpr std::size_t kBeforeBytesMax = 80;

// Everything points into static tables or into the RuleSet's arena; a Rule is cheap to copy.
struct Rule {
  std::string_view id;       // kebab-case, unique
  std::string_view name;     // for people: "GitHub token"
  std::string_view service;  // "github"; for coupling the family: "aws"
  FindingKind kind = FindingKind::secret;

  // Finding it. Text that holds none of the anchors is never looked at by `pattern`.
  std::span<const std::string_view> anchors;  // literals; at least 3 bytes each
  bool anchors_ignore_case = false;
  std::string_view pattern;  // RE2 on bytes, ^ and $ are line edges; the group named `secret`, else group 1,
                             // else the whole match is the secret
  // Bytes of text before an anchor's start that a match may take; 0: a match starts with an anchor.
  std::uint32_t window_before = 0;
  std::uint32_t window_after = 0;                           // bytes after an anchor's end
  std::span<const std::string_view> paths_only, paths_not;  // globs

  // Judging it.
  std::string_view
      check;  // name in structure.hpp's table (secret) or coupling/judge.hpp's (coupling); or empty
  double entropy_min = 0;  // bits per byte of the secret; 0: not asked
  // RE2 for what a match is called: must not match in the text from the line's start, at most kBeforeBytesMax
  // before the match, to the secret. Empty: not asked.
  std::string_view unless;
  bool placeholders = false;  // true: a secret that reads like a placeholder or a reference is no match
  std::string_view
      partner;  // RE2 that must match within `partner_lines` lines and kPartnerBytesMax; empty: none
  std::uint32_t partner_lines = 0;

  // Saying it. Severity by layer in the order of enum Layer; a secret has the same four times.
  std::array<Severity, 4> severity{Severity::block, Severity::block, Severity::block, Severity::block};
  Axes axes;
  std::string_view message;  // why it matters
  std::string_view remedy;   // what to do
  std::string_view source;   // URL of the vendor's documentation, or the taxonomy id
  std::string_view revoke_url;

  // Texts that must and must not match, with generators ({{base62:36}}, see examples.hpp) in place of tokens.
  std::span<const std::string_view> examples, counterexamples;
};

// Rules and, optionally, prefilter databases that were compiled for exactly these rules in this order.
struct RuleSet {
  std::span<const Rule> rules;
  struct Database {
    std::string_view platform;  // "avx2", "generic": see engine.cpp
    std::span<const unsigned char> bytes;
  };
  std::span<const Database> databases;
  std::shared_ptr<const void> arena;  // keeps what the views point to, when it is not static
};

// The rules compiled in: secrets, then coupling. Defined by the generated builtin_rules.cpp.
const RuleSet& builtin_rules();

// Rules that somebody wrote for themselves. A file that was cut out of another keeps its line numbers.
struct RuleText {
  std::string file, yaml;
};

inline constexpr std::size_t kCustomRulesMax = 2'000;

// `base` and the rules of `texts` after it. Their ids must be new. Errors as in parse_rules.
Result<RuleSet> add_rules(const RuleSet& base, std::span<const RuleText> texts);

// Rules from YAML text. Errors name `file`, the line and the reason: "rules.yaml:12: pattern: missing )".
Result<RuleSet> parse_rules(std::string_view yaml, const std::string& file);

}  // namespace fanlight::detect
