#include "fanlight/coupling/lexicon.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "fanlight/core/text.hpp"
#include "lexicon_rules.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kDomainBytesMin = 3;
constexpr std::size_t kHostBytesMax = 253, kLocalBytesMax = 64;  // RFC 1035, RFC 5321

constexpr auto kHost = static_cast<std::uint32_t>(LexiconRule::host);
constexpr auto kEmail = static_cast<std::uint32_t>(LexiconRule::email);
constexpr auto kInternalHost = static_cast<std::uint32_t>(LexiconRule::internal_host);

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

bool folds_to(std::string_view text, std::string_view needle) {
  return std::ranges::equal(text, needle, {}, lower);
}

// The labels in front of a domain say that the name resolves only inside: db01.int., git.corp.
bool has_private_label(std::string_view labels) {
  static constexpr auto kPrivate = std::to_array<std::string_view>(
      {"private", "priv", "int", "internal", "intern", "corp", "lan", "intra", "intranet", "mgmt"});
  const std::string folded = to_lower(labels);
  return std::ranges::any_of(split(folded, '.'), [](std::string_view label) {
    return std::ranges::find(kPrivate, label) != kPrivate.end();
  });
}

// What follows a domain with a dash makes another host of it ("corp.example-fans.com"), or the name of a key
// or a file ("cache.corp.example-1", "wildcard.corp.example-2020.crt").
bool goes_on_as_host(std::string_view rest) {
  std::size_t end = 0;
  while (end < rest.size() && is_host_char(rest[end])) ++end;
  const std::string_view word = rest.substr(0, end);
  const std::size_t dot = word.rfind('.');
  if (dot == word.npos || dot + 1 == word.size()) return false;
  static constexpr auto kFiles =
      std::to_array<std::string_view>({"crt", "key", "pem", "csr", "cer", "conf", "cfg", "yml", "yaml",
                                       "json", "bundle", "chain", "p12", "log", "txt", "erb", "j2", "pub"});
  return std::ranges::find(kFiles, word.substr(dot + 1)) == kFiles.end();
}

// "https://github.com/acme/corp.example/…": a repository that has the domain's name.
bool is_named_on_a_forge(std::string_view before) {
  std::size_t begin = before.size();
  while (begin > 0 && before.size() - begin < kHostBytesMax &&
         (is_host_char(before[begin - 1]) || before[begin - 1] == '/'))
    --begin;
  const std::string_view path = before.substr(begin);
  return path.contains("github.com/") || path.contains("gitlab.com/") || path.contains("bitbucket.org/");
}

// The host or the address around `domain` at `at`; nothing when the domain is only part of another name.
bool grow(std::string_view text, std::size_t at, std::size_t size, detect::Match& match) {
  const std::size_t end = at + size;
  const char next = end < text.size() ? text[end] : ' ';
  if (is_alnum(next)) return false;
  if ((next == '-' || next == '_') && goes_on_as_host(text.substr(end))) return false;
  if (next == '.' && end + 1 < text.size() && is_alnum(text[end + 1])) return false;
  std::size_t begin = at;
  while (begin > 0 && at - begin < kHostBytesMax && is_host_char(text[begin - 1])) --begin;
  while (begin < at && !is_alnum(text[begin])) ++begin;
  if (begin < at && text[at - 1] != '.') return false;
  if (begin > 0 && text[begin - 1] == '/' && is_named_on_a_forge(text.substr(0, begin))) return false;
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
  if (match.rule == kHost && has_private_label(std::string_view(match.secret).substr(0, at - begin)))
    match.rule = kInternalHost;
  return true;
}

std::vector<detect::Match> find_matches(const FileView& file) {
  std::vector<detect::Match> matches;
  const std::string_view text = file.text;
  const auto try_at = [&](std::size_t at, std::string_view domain) {
    if (at + domain.size() > text.size() || !folds_to(text.substr(at, domain.size()), domain)) return;
    detect::Match match;
    if (grow(text, at, domain.size(), match)) matches.push_back(std::move(match));
  };
  // Every domain has a last dot, and dots are rare: one pass over them for all domains.
  for (std::size_t dot = text.find('.'); dot != text.npos; dot = text.find('.', dot + 1)) {
    for (const std::string& domain : file.lexicon->domains) {
      const std::size_t own = domain.rfind('.');
      if (domain.size() < kDomainBytesMin || own == domain.npos || own > dot) continue;
      if (dot + 1 < text.size() && own + 1 < domain.size() && lower(text[dot + 1]) == domain[own + 1])
        try_at(dot - own, domain);
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

std::vector<LexiconHit> find_lexicon_hosts(const FileView& file) {
  std::vector<LexiconHit> hits;
  if (!file.lexicon) return hits;
  for (detect::Match& match : find_matches(file)) {
    const detect::Rule& rule = rule_of(static_cast<LexiconRule>(match.rule));
    if (auto judgement = judge(rule, match, file)) {
      hits.push_back({&rule, match.span, std::move(*judgement)});
    } else if (match.rule == kEmail) {
      // A role's mailbox is nobody's address, and still at a host of one's own.
      const std::size_t at = match.secret.find('@') + 1;
      match.secret.erase(0, at);
      match.span.begin += at;
      match.whole = match.span;
      const detect::Rule& host = rule_of(LexiconRule::host);
      if (auto hosted = judge(host, match, file)) hits.push_back({&host, match.span, std::move(*hosted)});
    }
  }
  return hits;
}

}  // namespace fanlight::coupling
