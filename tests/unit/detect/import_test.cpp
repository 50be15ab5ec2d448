// Configurations of other scanners as a policy: what is taken over works, and what is not is named.
#include "fanlight/detect/import.hpp"

#include <boost/test/unit_test.hpp>

using namespace fanlight;
using namespace fanlight::detect;

namespace {

constexpr std::string_view kRule = R"toml([[rules]]
id = "Acme_Token"
description = "Acme's token"
regex = '''(?i)acme[_-]?key\s*=\s*"([a-z0-9]{24})"'''
keywords = ["acme"]
entropy = 3.2
)toml";

std::string with(std::string_view what, std::string_view now) {
  std::string text(kRule);
  return text.replace(text.find(what), what.size(), now);
}

Imported import(std::string_view text) {
  auto got = import_gitleaks(text, "g.toml", std::vector<std::string_view>{"github-token"});
  BOOST_REQUIRE(got);
  return std::move(*got);
}

bool holds(const Imported& imported, std::string_view part) {
  return imported.yaml.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(imports)

BOOST_AUTO_TEST_CASE(a_rule_is_taken_over) {
  const Imported got = import(kRule);
  BOOST_TEST(got.rules == 1u);
  BOOST_TEST(got.left_out.empty());
  BOOST_TEST(holds(got, "version: 1\ncustom_rules:\n  - id: acme-token\n    name: 'Acme''s token'\n"));
  BOOST_TEST(holds(got, "anchors: ['acme']\n    ignore_case: true\n"));
  BOOST_TEST(holds(got, "pattern: '(?i)acme[_-]?key\\s*=\\s*\"([a-z0-9]{24})\"'"));
  BOOST_TEST(holds(got, "entropy: 3.2\n"));
  BOOST_TEST(holds(got, "window: {before: 512, after: 4096}"));  // its blanks have no bound
}

BOOST_AUTO_TEST_CASE(what_differs_is_mended_or_named) {
  struct Row {
    const char* name;
    std::string text;
    std::size_t rules;
    std::string part;  // of the YAML, comments included
  };
  const Row rows[] = {
      {"keywords that are not in the match: RE2 knows what is", with("[\"acme\"]", "[\"company\"]"), 1,
       "anchors: ['acme"},
      {"no keywords", with("keywords = [\"acme\"]\n", ""), 1, "anchors: ['acme"},
      {"no literal at all", with("acme[_-]?key\\s*=\\s*", ""), 0, "no literal of 3 bytes"},
      {"a group that is not the first", with("acme[_-]?key", "(acme)[_-]?key") + "secretGroup = 2\n", 1,
       "(acme)[_-]?key\\s*=\\s*\"(?P<secret>[a-z0-9]{24})"},
      {"a group after a class and an escape",
       with("acme[_-]?key", "(acme)[(_-]?\\(?key") + "secretGroup = 2\n", 1, "(?P<secret>[a-z0-9]{24})"},
      {"an id that is taken", with("Acme_Token", "github-token"), 1, "- id: gitleaks-github-token"},
      {"file names", "[[rules]]\nid = 'p'\npath = '''\\.p12$'''\n", 0,
       "g.toml:1: rule \"p\": it looks at file names alone"},
      {"a path", std::string(kRule) + "path = '''\\.env$'''\n", 1, "path \"\\.env$\" is not taken over"},
      {"what RE2 does not know", with("(?i)acme", "(?i)(?!x)acme"), 0, "RE2 does not know its regex"},
      {"the end of the text", with("{24})\"", "{24})\"\\z"), 0, "\\A and \\z are not supported"},
      {"gitleaks' own rules", "[extend]\nuseDefault = true\ndisabledRules = ['x']\n", 0,
       "fanlight's built-in rules stand for gitleaks' own"},
      {"what it requires",
       std::string(kRule) + "[[rules.required]]\nid = 'acme-id'\nwithinLines = 4\n" +
           "[[rules]]\nid = 'acme-id'\nregex = '''acme-id-[0-9]{6}'''\n",
       2, "partner: {pattern: 'acme-id-[0-9]{6}', lines: 4}"},
  };
  for (const Row& row : rows) {
    const Imported got = import(row.text);
    BOOST_TEST(got.rules == row.rules, row.name << "\n" << got.yaml);
    BOOST_TEST(holds(got, row.part), row.name << "\n" << got.yaml);
  }
}

BOOST_AUTO_TEST_CASE(allow_lists_are_taken_over) {
  const Imported got = import(std::string(kRule) +
                              "[[rules.allowlists]]\nregexTarget = 'line'\nregexes = ['''# test''']\n"
                              "[allowlist]\ndescription = \"it's made up\"\npaths = ['''^docs/''', '(']\n"
                              "[[allowlists]]\ntargetRules = ['aws-access-token']\nstopwords = ['x']\n");
  BOOST_TEST(got.allows == 2u);
  BOOST_TEST(
      holds(got, "  - reason: 'from g.toml:9'\n    rules: ['acme-token']\n    line_patterns: ['# test']\n"));
  BOOST_TEST(holds(got, "  - reason: 'it''s made up'\n    path_patterns: ['^docs/']\n"));
  BOOST_TEST(holds(got, "#   g.toml:12: pattern: missing ): ("));
  BOOST_TEST(holds(got, "an allow-list of rule \"aws-access-token\", which is not taken over"));
}

BOOST_AUTO_TEST_CASE(hostile_words_stay_words) {
  const Imported got =
      import("[[rules]]\nid = \"a\"\ndescription = \"x\\n- id: y\\u0007\"\nregex = 'acme_[0-9]{9}'\n");
  BOOST_TEST(got.rules == 1u);
  BOOST_TEST(holds(got, "name: \"x\\x0a- id: y\\x07\"\n"));
  BOOST_TEST(!import_gitleaks("= 1", "g.toml", {}));
}

BOOST_AUTO_TEST_CASE(a_baseline_of_detect_secrets) {
  const auto got = import_detect_secrets(
      R"({"results": {"a": [{"hashed_secret": "0123456789012345678901234567890123456789"}]},
          "filters_used": [{"path": "detect_secrets.filters.regex.should_exclude_file", "pattern": ["^x/", "(?<!y)z"]}]})",
      "b.json");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->allows == 1u);
  BOOST_TEST(holds(
      *got,
      "honour_other_tools: true\nallow:\n  - reason: 'left out by b.json'\n    path_patterns: ['^x/']\n"));
  BOOST_TEST(holds(*got, "#   b.json: pattern: "));
  BOOST_TEST(!import_detect_secrets("[]", "b.json"));
}

BOOST_AUTO_TEST_SUITE_END()
