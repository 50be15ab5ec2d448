// The policy of a repository: .fanlight.yml at its root, read from the base commit, on top of the server's
// defaults. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/clock.hpp"
#include "fanlight/model/allow_entry.hpp"
#include "fanlight/model/finding.hpp"
#include "fanlight/model/waiver.hpp"
#include "fanlight/policy/yaml.hpp"

namespace fanlight::policy {

enum class Openness : std::uint8_t { public_, opening, private_ };
enum class InlineAllowMode : std::uint8_t { ask, trust, ignore };
enum class DraftMode : std::uint8_t { full, summary, skip };

// In shared code `severity` replaces a coupling rule's own; elsewhere, where such values mostly belong, it is
// the most that it can be. A secret is one everywhere: it replaces.
struct RuleSetting {
  std::optional<Severity> severity;  // off switches the rule off
};

struct LayerGlob {
  Layer layer = Layer::shared;
  std::string glob;
};

// The organisation's own names, lower case; layers add to each other.
struct LexiconNames {
  std::vector<std::string> domains, sites, environments, names, people;
  std::vector<std::string> sealed;  // "hmac:…", of names that are private
};

// Rules of one's own as they were written, for detect to read: YAML with the line numbers of `file`.
struct RuleText {
  std::string file, yaml;
};

struct Policy {
  Openness openness = Openness::opening;
  std::vector<LayerGlob> layers;
  LexiconNames lexicon;
  std::vector<std::string> public_repositories;   // globs of what everybody can fetch: "github.com/acme/*"
  std::vector<std::string> private_repositories;  // globs of what only the organisation can
  std::map<std::string, RuleSetting> rules;
  std::vector<RuleText> custom_rules;
  std::vector<Waiver> waivers;
  std::vector<AllowEntry> allow;          // findings accepted by what they are or where they stand
  std::string baseline;                   // path of the baseline in the repository; empty: none
  std::vector<std::string> ignore_paths;  // globs of files that are not looked at; listed in the review
  InlineAllowMode inline_allow = InlineAllowMode::ask;
  // gitleaks:allow, pragma: allowlist secret, .gitleaksignore, .gitleaks.toml, .secrets.baseline
  bool honour_other_tools = false;
  Severity fail_on = Severity::block;  // a finding at or over this fails; off: none does
  std::size_t inline_comments_max = 20;
  DraftMode draft = DraftMode::summary;
  std::vector<std::string> locked;  // keys that layers above may not set: "waivers", "review.fail_on"
};

struct PolicyRead {
  Policy policy;
  std::vector<std::string> problems;  // one line each; any of them fails the review
};

inline constexpr std::size_t reason_chars_max = 300;
inline constexpr std::size_t fingerprint_digits_min = 8;
inline constexpr std::size_t waivers_max = 1'000;
inline constexpr std::size_t custom_rules_max = 300;
inline constexpr std::size_t allow_entries_max = 1'000;
inline constexpr std::size_t globs_max = 1'000;
inline constexpr std::size_t lexicon_names_max = 2'000;  // of one kind
inline constexpr std::size_t inline_comments_limit = 100;

inline constexpr std::string_view policy_path = ".fanlight.yml";

// `base` is what the layers below decided (built-in, server, organisation). `known_rules` are the ids that
// `rules:` may name. Never throws on any input.
PolicyRead read_policy(std::string_view text, const std::string& file, const Policy& base,
                       const std::vector<std::string_view>& known_rules);
// The same of a mapping inside another document, such as `policy:` of the server's configuration. There
// `version` may be left out.
PolicyRead read_policy_node(const YamlNode& node, const std::string& file, const Policy& base,
                            const std::vector<std::string_view>& known_rules);
// JSON Schema of the file, and the same for people: a Markdown table of its keys.
std::string policy_schema();
std::string policy_reference_markdown();

}  // namespace fanlight::policy
