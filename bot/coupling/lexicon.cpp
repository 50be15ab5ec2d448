#include "fanlight/coupling/lexicon.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::uint32_t kHost = 0, kEmail = 1;
constexpr std::size_t kDomainBytesMin = 3;
constexpr std::size_t kHostBytesMax = 253, kLocalBytesMax = 64;  // RFC 1035, RFC 5321

constexpr auto kMatch = std::to_array<std::string_view>({"endpoint = \"https://sso.<domain>/oauth\""});
constexpr auto kNoMatch =
    std::to_array<std::string_view>({"Copyright <domain>", "local.sites[\"ci.<domain>\"]"});
constexpr auto kEmailMatch = std::to_array<std::string_view>({"owner = \"anna.k@<domain>\""});
constexpr auto kEmailNoMatch = std::to_array<std::string_view>({"owner = \"security@<domain>\""});

const std::array<detect::Rule, 2>& rules() {
  static const std::array<detect::Rule, 2> kRules = [] {
    std::array<detect::Rule, 2> made;
    detect::Rule& host = made[kHost];
    host.id = "org-domain-host";
    host.name = "Host under your own domain";
    host.service = "vocabulary";
    host.kind = FindingKind::coupling;
    host.check = "lexicon-host";
    host.severity = {Severity::block, Severity::note, Severity::off, Severity::off};
    host.axes = {.portability = true, .disclosure = true};
    host.message = "This host is one of your own.";
    host.remedy = "Make it an input without a default, or build it from one base domain.";
    host.source = "V01";
    host.examples = kMatch;
    host.counterexamples = kNoMatch;
    detect::Rule& email = made[kEmail];
    email.id = "personal-email";
    email.name = "E-mail address of a person";
    email.service = "people";
    email.kind = FindingKind::coupling;
    email.check = "person-email";
    email.severity = {Severity::block, Severity::warn, Severity::warn, Severity::note};
    email.axes = {.portability = false, .disclosure = true};
    email.message = "It is the address of one person.";
    email.remedy = "Write a role's address, or take it as an input.";
    email.source = "P01";
    email.examples = kEmailMatch;
    email.counterexamples = kEmailNoMatch;
    return made;
  }();
  return kRules;
}

bool is_alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
bool is_host_char(char c) {
  return is_alnum(c) || c == '-' || c == '.' || c == '_';
}
bool is_local_char(char c) {
  return is_host_char(c) || c == '+' || c == '%';
}

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Case-folded search: both cases of the first byte, then the rest.
std::size_t find_folded(std::string_view text, std::string_view needle, std::size_t from) {
  const char low = needle.front(), high = static_cast<char>(std::toupper(static_cast<unsigned char>(low)));
  const char first[] = {low, high};
  const std::string_view firsts(first, low == high ? 1 : 2);
  while (from + needle.size() <= text.size()) {
    const std::size_t at = text.find_first_of(firsts, from);
    if (at == text.npos || at + needle.size() > text.size()) return text.npos;
    std::size_t i = 1;
    while (i < needle.size() && lower(text[at + i]) == needle[i]) ++i;
    if (i == needle.size()) return at;
    from = at + 1;
  }
  return text.npos;
}

// The host or the address around `domain` at `at`; nothing when the domain is only part of another name.
bool grow(std::string_view text, std::size_t at, std::size_t size, detect::Match& match) {
  const std::size_t end = at + size;
  const char next = end < text.size() ? text[end] : ' ';
  if (is_alnum(next) || next == '-' || next == '_') return false;
  if (next == '.' && end + 1 < text.size() && is_alnum(text[end + 1])) return false;
  std::size_t begin = at;
  while (begin > 0 && at - begin < kHostBytesMax && is_host_char(text[begin - 1])) --begin;
  while (begin < at && !is_alnum(text[begin])) ++begin;
  if (begin < at && text[at - 1] != '.') return false;
  match.rule = kHost;
  if (begin > 0 && text[begin - 1] == '@') {
    std::size_t local = begin - 1;
    while (local > 0 && begin - local < kLocalBytesMax && is_local_char(text[local - 1])) --local;
    while (local < begin - 1 && !is_alnum(text[local])) ++local;
    const bool login = local >= 2 && text[local - 1] == '/' && text[local - 2] == '/';
    if (local < begin - 1 && !login && next != ':') {
      match.rule = kEmail;
      begin = local;
    }
  }
  match.span = match.whole = {begin, end};
  match.secret = std::string(text.substr(begin, end - begin));
  return true;
}

std::vector<detect::Match> find_matches(const FileView& file) {
  std::vector<detect::Match> matches;
  for (const std::string& domain : file.lexicon->domains) {
    if (domain.size() < kDomainBytesMin) continue;
    for (std::size_t at = find_folded(file.text, domain, 0); at != file.text.npos;
         at = find_folded(file.text, domain, at + domain.size())) {
      detect::Match match;
      if (grow(file.text, at, domain.size(), match)) matches.push_back(std::move(match));
    }
  }
  std::ranges::sort(matches, [](const detect::Match& a, const detect::Match& b) {
    return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.span.end > b.span.end;
  });
  // One domain may lie under another (corp.example, eu.corp.example): the same host once.
  const auto rest = std::ranges::unique(matches, {}, [](const detect::Match& m) { return m.span.begin; });
  matches.erase(rest.begin(), rest.end());
  return matches;
}

}  // namespace

std::span<const detect::Rule> lexicon_rules() {
  return rules();
}

std::span<const std::string_view> lexicon_rule_ids() {
  static constexpr auto kIds = std::to_array<std::string_view>({"org-domain-host"});
  return kIds;
}

std::vector<LexiconHit> find_lexicon_hosts(const FileView& file) {
  std::vector<LexiconHit> hits;
  if (!file.lexicon) return hits;
  for (detect::Match& match : find_matches(file)) {
    const detect::Rule& rule = rules()[match.rule];
    if (auto judgement = judge(rule, match, file)) {
      hits.push_back({&rule, match.span, std::move(*judgement)});
    }
  }
  return hits;
}

}  // namespace fanlight::coupling
