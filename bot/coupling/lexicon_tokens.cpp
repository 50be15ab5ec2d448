// Tokens of the lexicon inside names: the site in noc01.iad2.corp.example, the environment in
// cf-prod-buildpacks. A token alone proves little ("stage" is a step of a pipeline, "dev" a folder of
// devices), so it counts only as a part of a longer name that stands where a name is given.
#include <algorithm>
#include <array>
#include <cctype>

#include "check.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "lexicon_rules.hpp"
#include "name_index.hpp"

namespace fanlight::coupling {

namespace {

// Said by all, so no owner has to. What else is usual (dev, test, stage, live) means other things as often.
constexpr auto kUsualEnvironments =
    std::to_array<std::string_view>({"prod", "production", "staging", "preprod", "nonprod", "uat"});

bool is_alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
bool is_name_char(char c) {
  return is_alnum(c) || std::string_view("-_.${}:/@").contains(c);
}

// The whole value around the token, when it is one word in quotes or alone behind its key; else empty.
std::string_view value_around(const Site& site) {
  std::size_t begin = site.before.size();
  while (begin > 0 && is_name_char(site.before[begin - 1])) --begin;
  std::size_t after = 0;
  while (after < site.after.size() && is_name_char(site.after[after])) ++after;
  const char open = begin == 0 ? '\n' : site.before[begin - 1];
  const char close = after == site.after.size() ? '\n' : site.after[after];
  const bool quoted = (open == '"' || open == '\'' || open == '`') && close == open;
  const std::string_view lead = trim(site.before.substr(0, begin));
  const std::string_view rest = trim(site.after.substr(after));
  const bool bare = !is_program(site.file.path) &&
                    (lead.ends_with(':') || lead.ends_with('=') || lead == "-") &&
                    (rest.empty() || rest.starts_with('#') || rest.starts_with(','));
  if (!quoted && !bare) return {};
  return site.line.substr(begin, site.before.size() - begin + site.literal.size() + after);
}

std::optional<Literal> site_token(const Site& site) {
  if (site.position.role == Role::key) return std::nullopt;
  const std::string_view value = value_around(site);
  const bool named =
      has_word(site.key, {"site", "datacenter", "datacentre", "dc", "location", "pop", "colo"});
  if (value.empty() || (value.size() == site.literal.size() && !named)) return std::nullopt;
  if (is_example_host(value)) return std::nullopt;
  return Literal{to_lower(site.literal), "Name of one of your sites", "site", ""};
}

std::optional<Literal> environment_token(const Site& site) {
  if (site.position.role == Role::key || site.position.role == Role::label) return std::nullopt;
  const std::string_view value = value_around(site);
  // The environment alone is a value like another: environment = "prod".
  if (value.size() <= site.literal.size() || has_word(value, {"example", "sample"})) return std::nullopt;
  if (value.contains('/') && !value.starts_with("arn:")) return std::nullopt;
  if (!has_word(site.key, {"name",  "bucket",  "identifier", "hostname", "host",   "domain", "cluster",
                           "queue", "topic",   "role",       "table",    "prefix", "alias",  "namespace",
                           "group", "project", "database",   "vault",    "suffix", "stack"})) {
    return std::nullopt;
  }
  return Literal{to_lower(value), "Name of one environment", "", ""};
}

constexpr auto kChecks = std::to_array<Check>({
    {"lexicon-site", site_token},
    {"lexicon-environment", environment_token},
});

void add_hits(const FileView& file, LexiconRule id, std::span<const std::string_view> tokens,
              std::vector<LexiconHit>& hits) {
  const detect::Rule& rule = rule_of(id);
  if (rule.severity[static_cast<std::size_t>(file.layer)] == Severity::off) return;
  NameIndex index;
  std::vector<std::string> names;
  for (const std::string_view token : tokens) {
    std::string name = normalise_name(token);
    if (name.size() < name_bytes_min || name.size() > name_bytes_max) continue;
    index.add(name_hash(name));
    names.push_back(std::move(name));
  }
  index.finish();
  const auto known = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
  for (const detect::Span span : index.find(file.text, known)) {
    // "prod2" and "2prod" are words of their own here.
    const auto digit_at = [&](std::size_t at) {
      return at < file.text.size() && std::isdigit(static_cast<unsigned char>(file.text[at]));
    };
    if (digit_at(span.end) || (span.begin > 0 && digit_at(span.begin - 1))) continue;
    detect::Match match;
    match.span = match.whole = span;
    match.secret = std::string(file.text.substr(span.begin, span.end - span.begin));
    if (auto judgement = judge(rule, match, file)) hits.push_back({&rule, span, std::move(*judgement)});
  }
}

}  // namespace

std::span<const Check> token_checks() {
  return kChecks;
}

std::vector<LexiconHit> find_lexicon_tokens(const FileView& file) {
  std::vector<LexiconHit> hits;
  if (!file.lexicon) return hits;
  std::vector<std::string_view> tokens(file.lexicon->sites.begin(), file.lexicon->sites.end());
  if (!tokens.empty()) add_hits(file, LexiconRule::site, tokens, hits);
  tokens.assign(kUsualEnvironments.begin(), kUsualEnvironments.end());
  tokens.insert(tokens.end(), file.lexicon->environments.begin(), file.lexicon->environments.end());
  add_hits(file, LexiconRule::environment, tokens, hits);
  std::ranges::sort(hits, {}, [](const LexiconHit& hit) { return hit.span.begin; });
  return hits;
}

bool is_sealed_rule(std::string_view rule) {
  return rule == rule_of(LexiconRule::sealed).id;
}

}  // namespace fanlight::coupling
