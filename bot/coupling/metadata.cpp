#include "fanlight/coupling/metadata.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "fanlight/core/text.hpp"
#include "fanlight/coupling/change.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kNameBytesMin = 3;

// What tells something about one owner wherever it is written. Addresses and host names of a private shape
// are anybody's in prose.
bool tells(std::string_view rule) {
  static constexpr auto kRules = std::to_array<std::string_view>(
      {"org-domain-host", "internal-only-dns-name", "bastion-or-vpn-endpoint", "aws-account-id-in-arn",
       "managed-endpoint", "kms-or-acm-or-secret-arn", "gcp-service-account", "azure-subscription-or-tenant",
       "private-container-registry"});
  return std::ranges::find(kRules, rule) != kRules.end();
}

// Hosts that organisations show to everybody.
bool is_public_host(std::string_view host, const Lexicon& lexicon) {
  static constexpr auto kPublic = std::to_array<std::string_view>(
      {"www",    "docs",      "doc",        "blog",      "status", "support", "help",
       "api",    "developer", "developers", "community", "forum",  "careers", "jobs",
       "public", "download",  "downloads",  "security",  "shop",   "static",  "cdn"});
  const std::string folded = to_lower(host);
  if (std::ranges::find(lexicon.domains, folded) != lexicon.domains.end()) return true;
  return std::ranges::find(kPublic, std::string_view(folded).substr(0, folded.find('.'))) != kPublic.end();
}

bool in_lexicon(std::string_view host, const Lexicon& lexicon) {
  const std::string folded = to_lower(host);
  return std::ranges::any_of(lexicon.domains, [&](const std::string& domain) {
    return folded == domain || folded.ends_with('.' + domain);
  });
}

bool is_alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// `name` stands in `text` as a word of its own: "acme" in "acme-waf", not in "acmeist".
bool has_name(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const bool starts = at == 0 || !is_alnum(text[at - 1]);
    const std::size_t end = at + name.size();
    if (starts && (end == text.size() || !is_alnum(text[end]))) return true;
  }
  return false;
}

bool names_owner(std::string_view component, const Lexicon& lexicon) {
  const auto found = [&](const std::string& name) {
    return name.size() >= kNameBytesMin && has_name(component, name);
  };
  return std::ranges::any_of(lexicon.domains, found) || std::ranges::any_of(lexicon.names, found) ||
         std::ranges::any_of(lexicon.sites, found);
}

Hit make_hit(std::string_view id, detect::Span span, std::string_view text, Layer layer) {
  const detect::Rule& rule = change_rule(id);
  Hit hit{&rule, span, std::string(text), {}};
  hit.judgement.severity = rule.severity[static_cast<std::size_t>(layer)];
  hit.judgement.normalised = to_lower(text);
  hit.judgement.title = rule.name;
  hit.judgement.message = rule.message;
  hit.judgement.remedy = rule.remedy;
  return hit;
}

}  // namespace

std::vector<Hit> find_in_words(std::span<const detect::Rule> rules, std::span<const detect::Match> matches,
                               std::string_view text, const Lexicon& lexicon) {
  // As shared code: what weighs most there is what a stranger should not read.
  const FileView view{"message.txt", text, Layer::shared, &lexicon};
  std::vector<Hit> out;
  for (const Hit& found : find_coupling(rules, matches, view)) {
    if (!tells(found.rule->id) || found.judgement.severity < Severity::warn) continue;
    const bool host = found.rule->id == "org-domain-host" || found.rule->id == "internal-only-dns-name";
    if (host && (!in_lexicon(found.text, lexicon) || is_public_host(found.text, lexicon))) continue;
    Hit hit = make_hit("coupling-in-commit-metadata", found.span, found.text, Layer::instance);
    hit.judgement.normalised = found.judgement.normalised;
    hit.judgement.title += ": " + found.judgement.title;
    out.push_back(std::move(hit));
  }
  return out;
}

std::vector<Hit> find_in_path(std::string_view path, Layer layer, const Lexicon& lexicon) {
  std::vector<Hit> out;
  if (layer != Layer::shared) return out;
  std::size_t begin = 0;
  for (const std::string_view component : split(path, '/')) {
    if (names_owner(to_lower(component), lexicon))
      out.push_back(
          make_hit("coupling-in-path-or-filename", {begin, begin + component.size()}, component, layer));
    begin += component.size() + 1;
  }
  return out;
}

}  // namespace fanlight::coupling
