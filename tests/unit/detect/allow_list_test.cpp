// Files that say to leave something alone: what each accepts, what it must not, and what cannot be read.
#include "fanlight/detect/allow_list.hpp"

#include <boost/test/unit_test.hpp>

using namespace fanlight;
using namespace fanlight::detect;

namespace {

AllowQuery query() {
  return {.path = "modules/vpc/main.tf",
          .rule = "github-token",
          .service = "github",
          .secret = "the-secret-text",
          .match = "token = the-secret-text",
          .line_text = "  token = the-secret-text # test",
          .line = 12,
          .line_stands = true};
}

std::string accepts(AllowRead read, const AllowQuery& asked) {
  std::vector<std::string> problems = std::move(read.problems);
  const auto list = AllowList::make(std::move(read.entries), problems);
  if (!problems.empty()) return problems.front();
  const auto found = list->find(asked);
  return found ? "entry of line " + std::to_string(list->entries()[*found].line) : "nothing";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(allow_list)

BOOST_AUTO_TEST_CASE(gitleaksignore) {
  const std::string commit = "4be1d2c0a1b2c3d4e5f60718293a4b5c6d7e8f90";
  struct Row {
    const char* name;
    std::string text;
    std::string expected;
  };
  const Row rows[] = {
      {"path, rule, line", "# why\n\nmodules/vpc/main.tf:github-pat:12\n", "entry of line 3"},
      {"with a commit", commit + ":modules/vpc/main.tf:github-pat:12", "entry of line 1"},
      {"generic", "modules/vpc/main.tf:generic-api-key:12", "entry of line 1"},
      {"our own id", "./modules/vpc/main.tf:github-token:12", "entry of line 1"},
      {"another service's secret on that line fires", "modules/vpc/main.tf:aws-access-token:12", "nothing"},
      {"another line fires", "modules/vpc/main.tf:github-pat:13", "nothing"},
      {"another file fires", "modules/vpc/main.tf.bak:github-pat:12", "nothing"},
      {"no line", "modules/vpc/main.tf", ".gitleaksignore:1: no fingerprint: write path:rule:line"},
      {"no number", "a:b:c", ".gitleaksignore:1: no fingerprint: write path:rule:line"},
  };
  for (const Row& row : rows)
    BOOST_TEST(accepts(read_gitleaks_ignore(row.text, ".gitleaksignore"), query()) == row.expected, row.name);
  AllowQuery added = query();
  added.line_stands = false;
  BOOST_TEST(accepts(read_gitleaks_ignore("modules/vpc/main.tf:github-pat:12", "f"), added) == "nothing",
             "a line that a change brings is not the one that was ignored");
  BOOST_TEST(accepts(read_gitleaks_ignore(commit + ":modules/vpc/main.tf:github-pat:12", "f"), added) ==
             "entry of line 1");
}

BOOST_AUTO_TEST_CASE(gitleaks_configuration) {
  struct Row {
    const char* name;
    const char* text;
    std::string expected;
  };
  const Row rows[] = {
      {"path", "[allowlist]\npaths = [\n  '''^docs/''',\n  '''^modules/''']\n", "entry of line 4"},
      {"another path", "[allowlist]\npaths = ['''^docs/''']", "nothing"},
      {"secret", "[[allowlists]]\nregexes = ['''secret-t..t$''']", "entry of line 2"},
      {"a pattern of the secret does not see the line", "[[allowlists]]\nregexes = ['''# test''']",
       "nothing"},
      {"line", "[[allowlists]]\nregexTarget = 'line'\nregexes = ['''# test''']", "entry of line 3"},
      {"match", "[[allowlists]]\nregexTarget = 'match'\nregexes = ['''^token = ''']", "entry of line 3"},
      {"word, any case", "[allowlist]\nstopwords = ['SECRET']", "entry of line 2"},
      {"any condition", "[allowlist]\npaths = ['x']\nstopwords = ['secret']", "entry of line 3"},
      {"all conditions", "[[allowlists]]\ncondition = 'AND'\npaths = ['x']\nstopwords = ['secret']",
       "nothing"},
      {"of its rule", "[[rules]]\nid = 'github-pat'\n[rules.allowlist]\nstopwords = ['secret']",
       "entry of line 4"},
      {"of another rule", "[[rules]]\nid = 'slack-token'\n[[rules.allowlists]]\nstopwords = ['secret']",
       "nothing"},
      {"target rules", "[[allowlists]]\ntargetRules = ['slack-token']\nstopwords = ['secret']", "nothing"},
      {"empty", "[allowlist]\n", "nothing"},
      {"no TOML", "[allowlist\n", "g.toml:1: no TOML: "},
      {"no list", "[allowlist]\npaths = 'x'", "g.toml:2: paths must be a list of strings"},
      {"no pattern", "[allowlist]\npaths = [\n'(']", "g.toml:3: pattern: missing ): ("},
      {"look-around is refused", "[allowlist]\nregexes = ['(?!x)']",
       "g.toml:2: pattern: invalid perl operator: (?!"},
      {"another file", "[extend]\npath = 'other.toml'",
       "g.toml:2: extend.path is another file: its allow-lists are not read"},
  };
  for (const Row& row : rows) {
    const std::string got = accepts(read_gitleaks_allowlists(row.text, "g.toml"), query());
    BOOST_TEST(got.substr(0, row.expected.size()) == row.expected, row.name << ": " << got);
  }
}

BOOST_AUTO_TEST_CASE(detect_secrets_baseline) {
  const auto baseline = [](const std::string& path, const std::string& secret, const std::string& more = "") {
    return "{\"version\": \"1.5.0\", \"results\": {\"" + path + "\": [{\"type\": \"Secret Keyword\", " +
           "\"hashed_secret\": \"" + sha1_hex(secret) + "\", \"line_number\": 3}]}" + more + "}";
  };
  const auto filter = [](const char* name, const char* pattern) {
    return std::string(", \"filters_used\": [{\"path\": \"detect_secrets.filters.regex.") + name +
           "\", \"pattern\": [\"" + pattern + "\"]}]";
  };
  struct Row {
    const char* name;
    std::string text;
    std::string expected;
  };
  const Row rows[] = {
      {"known, wherever its line is now", baseline("modules/vpc/main.tf", "the-secret-text"),
       "entry of line 0"},
      {"another secret in that file fires", baseline("modules/vpc/main.tf", "another"), "nothing"},
      {"the secret in another file fires", baseline("a.tf", "the-secret-text"), "nothing"},
      {"files", baseline("a", "b", filter("should_exclude_file", "^modules/")), "entry of line 0"},
      {"lines", baseline("a", "b", filter("should_exclude_line", "# test$")), "entry of line 0"},
      {"secrets", baseline("a", "b", filter("should_exclude_secret", "^the-")), "entry of line 0"},
      {"before version 1", baseline("a", "b", ", \"exclude\": {\"files\": \"^modules/\", \"lines\": null}"),
       "entry of line 0"},
      {"not JSON", "{", "b.json: no JSON at byte 1: Missing a name for object member."},
      {"not a baseline", "{}", "b.json: no \"results\": not a baseline of detect-secrets"},
  };
  for (const Row& row : rows)
    BOOST_TEST(accepts(read_secrets_baseline(row.text, "b.json"), query()) == row.expected, row.name);
}

BOOST_AUTO_TEST_CASE(an_entry_that_cannot_be_used_leaves_the_others) {
  AllowRead read = read_gitleaks_allowlists("[allowlist]\npaths = ['(', '^modules/']", "g.toml");
  std::vector<std::string> problems;
  const auto list = AllowList::make(std::move(read.entries), problems);
  BOOST_TEST(problems.size() == 1u);
  BOOST_TEST(list->find(query()).has_value());
}

BOOST_AUTO_TEST_CASE(patterns_are_bounded) {
  AllowRead read;
  for (std::size_t i = 0; i <= kAllowPatternsMax; ++i)
    read.entries.push_back({.file = "f", .path_patterns = {"x"}});
  BOOST_TEST(accepts(read, query()) == "f: more than 500 patterns");
  AllowEntry huge{.file = "f", .line = 2, .path_patterns = {"((a{100}){100}){100}"}};
  BOOST_TEST(accepts({{huge}, {}}, query()).starts_with("f:2: pattern: "));
  AllowEntry slow{.file = "f", .secret_patterns = {"(a*)*(a*)*(a*)*b"}};
  AllowQuery asked = query();
  const std::string text(60'000, 'a');
  asked.secret = text;
  BOOST_TEST(accepts({{slow}, {}}, asked) == "nothing");
}

BOOST_AUTO_TEST_SUITE_END()
