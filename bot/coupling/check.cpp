#include "check.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

bool has_word(std::string_view text, std::initializer_list<std::string_view> words) {
  const std::string lower = to_lower(text);
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  for (const std::string_view word : words) {
    for (std::size_t at = lower.find(word); at != lower.npos; at = lower.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      const bool plural = end < lower.size() && lower[end] == 's';
      const std::size_t next = end + (plural ? 1 : 0);
      if ((at == 0 || !is_letter(lower[at - 1])) && (next >= lower.size() || !is_letter(lower[next])))
        return true;
    }
  }
  return false;
}

bool is_any_of(std::string_view text, std::span<const std::string_view> list) {
  return std::ranges::find(list, text) != list.end();
}

bool is_made_up_hex(std::string_view hex) {
  const std::string lower = to_lower(hex);
  for (const std::string_view run :
       {"01234", "12345", "23456", "34567", "56789", "98765", "abcde", "bcdef", "fedcb", "a1b2c3", "1a2b3c",
        "deadbeef", "cafebabe", "badc0ffee", "c0ffee"}) {
    if (lower.find(run) != lower.npos) return true;
  }
  if (lower.starts_with("0123") || lower.starts_with("1234") || lower.starts_with("abcd") ||
      lower.ends_with("1234") || lower.ends_with("abcd")) {
    return true;
  }
  // So many equal digits in a row happen by chance in one of 1,000 real ids at most, in made-up ones nearly
  // always.
  const std::size_t run_max = lower.size() > 12 ? 4 : 3;
  std::size_t run = 1;
  for (std::size_t i = 1; i < lower.size(); ++i) {
    run = lower[i] == lower[i - 1] ? run + 1 : 1;
    if (run > run_max) return true;
  }
  std::string distinct = lower;
  std::ranges::sort(distinct);
  const auto rest = std::ranges::unique(distinct);
  distinct.erase(rest.begin(), rest.end());
  return distinct.size() <= 3;
}

bool is_example_host(std::string_view host) {
  static constexpr auto kReserved = std::to_array<std::string_view>(
      {"example.com", "example.org", "example.net", "example.edu", "example.internal", "example.local",
       "test", "example", "invalid", "localhost", "localdomain"});
  const std::string lower = to_lower(host);
  if (std::ranges::any_of(kReserved, [&](std::string_view d) { return is_under(lower, d); })) return true;
  return has_word(
      lower, {"my", "your", "example", "foo", "bar", "foobar", "acme", "mydomain", "yourdomain", "mycompany",
              "yourcompany", "contoso", "fabrikam", "placeholder", "changeme", "domain"});
}

bool is_composed(std::string_view text) {
  return text.find_first_of("${}<>*%") != text.npos;
}

bool is_under(std::string_view host, std::string_view domain) {
  if (!host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

std::string_view lexicon_domain_of(std::string_view host, const Lexicon* lexicon) {
  if (!lexicon) return {};
  const std::string lower = to_lower(host);
  for (const std::string& domain : lexicon->domains) {
    if (!domain.empty() && is_under(lower, domain)) return domain;
  }
  return {};
}

bool is_placeholder_name(std::string_view name) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"org",      "organization", "organisation", "owner",    "user",      "username", "repo", "repository",
       "foo",      "bar",          "myorg",        "octo-org", "octo-repo", "octocat",  "acme", "contoso",
       "fabrikam", "company",      "name",         "team",     "test",      "xxx"});
  const std::string lower = to_lower(name);
  return is_any_of(lower, kNames) || has_word(lower, {"my", "your", "example", "sample", "placeholder",
                                                      "some", "foo", "demo", "dummy", "fake"});
}

std::string_view text_after(const Site& site, std::size_t bytes) {
  const std::string_view text = site.file.text;
  if (!site.after.data() || site.after.data() < text.data()) return {};
  const auto at = static_cast<std::size_t>(site.after.data() - text.data());
  return at > text.size() ? std::string_view() : text.substr(at, bytes);
}

std::string_view text_before(const Site& site, std::size_t bytes) {
  const std::string_view text = site.file.text;
  if (!site.before.data() || site.before.data() < text.data()) return {};
  const std::size_t end = static_cast<std::size_t>(site.before.data() - text.data()) + site.before.size();
  if (end > text.size()) return {};
  const std::size_t begin = end > bytes ? end - bytes : 0;
  return text.substr(begin, end - begin);
}

bool is_program(std::string_view path) {
  static constexpr auto kSuffixes = std::to_array<std::string_view>(
      {".py",    ".rb",  ".js",  ".ts",  ".tsx", ".jsx", ".mjs",  ".cjs", ".go",    ".java",
       ".kt",    ".c",   ".cc",  ".cpp", ".h",   ".hpp", ".rs",   ".cs",  ".scala", ".groovy",
       ".swift", ".php", ".lua", ".pl",  ".pm",  ".vue", ".dart", ".m",   ".ex",    ".exs",
       ".clj",   ".hs",  ".ml",  ".el",  ".ps1", ".sql", ".map",  ".css", ".scss"});
  const std::string lower = to_lower(path);
  return std::ranges::any_of(kSuffixes, [&](std::string_view suffix) { return lower.ends_with(suffix); });
}

}  // namespace fanlight::coupling
