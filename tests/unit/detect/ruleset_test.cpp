// What the rule reader accepts and how it refuses the rest; that the built-in rules hold what they promise.
#include "ruleset.hpp"

#include <fmt/format.h>
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "automaton.hpp"
#include "demo_rules.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/detect/engine.hpp"
#include "fanlight/detect/examples.hpp"
#include "fanlight/detect/structure.hpp"

using namespace fanlight;

namespace {

constexpr std::string_view kGood = R"(- id: demo-token
  name: Demo token
  service: demo
  kind: secret
  anchors: [dmo_]
  pattern: '\b(dmo_[0-9a-z]{20})\b'
  message: It opens the demo.
  remedy: Revoke it.
)";

constexpr std::string_view kAssigned = R"(- id: demo-token
  name: Demo token
  service: demo
  kind: secret
  message: It opens the demo.
  remedy: Revoke it.
)";

// kGood with one line replaced, or with a line more when `key` is not there.
std::string with(std::string_view key, std::string_view line) {
  std::string out(kGood);
  const std::size_t at = out.find(fmt::format("  {}:", key));
  if (at == out.npos) return out + std::string(line) + "\n";
  return out.replace(at, out.find('\n', at) + 1 - at, line.empty() ? "" : std::string(line) + "\n");
}

struct Row {
  const char* name;
  std::string yaml;
  std::string fault;
};

const Row kFaults[] = {
    {"not a list", "id: x", "r.yaml:1: rules: must be a list"},
    {"broken YAML", "- id: [x", "r.yaml:1: end of sequence flow not found"},
    {"a rule that is no map", "- demo", "r.yaml:1: a rule: must be a map"},
    {"an unknown key", with("paterns", "  paterns: x"),
     "r.yaml:9: unknown key \"paterns\", did you mean \"pattern\"?"},
    {"a key twice", with("new", "  name: x"), "r.yaml:9: key \"name\" stands twice"},
    {"an id that is not kebab-case", "- id: Demo_token\n  name: x\n  kind: secret\n",
     "r.yaml:1: id: must be words in kebab-case"},
    {"a check that is no text", with("service", "  service: demo\n  check: {}"),
     "r.yaml:4: check: must be a text"},
    {"no name", with("name", ""), "r.yaml:1: name: missing or longer than 60 bytes"},
    {"an unknown kind", with("kind", "  kind: both"), "r.yaml:4: kind: must be secret or coupling"},
    {"no anchors", with("anchors", ""), "r.yaml:1: anchors: missing"},
    {"a short anchor", with("anchors", "  anchors: [dm]"),
     "r.yaml:5: anchors: \"dm\" has 2 bytes, 3 to 200 are allowed"},
    {"an anchor in an anchor", with("anchors", "  anchors: [dmo_, dmo_x]"),
     "r.yaml:5: anchors: \"dmo_x\" holds \"dmo_\", which is enough"},
    {"a pattern that does not compile", with("pattern", "  pattern: 'dmo_('"),
     "r.yaml:6: pattern: missing ): dmo_("},
    {"a pattern that matches nothing", with("pattern", "  pattern: '(dmo_)?'"),
     "r.yaml:6: pattern: matches the empty text"},
    {"a pattern that matches between bytes",
     with("pattern", "  pattern: '\\b'\n  window: {before: 1, after: 1}"),
     "r.yaml:6: pattern: matches the empty text"},
    {"edges of the text", with("pattern", "  pattern: '\\Admo_x'"),
     "r.yaml:6: pattern: \\A and \\z are not supported, use ^ and $ for line edges"},
    {"a pattern without an end", with("pattern", "  pattern: 'dmo_[a-z]+'"),
     "r.yaml:6: pattern: has no longest match: bound its repetitions, or give window.before and "
     "window.after"},
    {"a window that is too small", with("window", "  window: {before: 0, after: 3}"),
     "r.yaml:9: window: smaller than the shortest match, which has 24 bytes"},
    {"a window that is too large", with("window", "  window: {before: 0, after: 70000}"),
     "r.yaml:9: window: more than 65536 bytes"},
    {"a window of words", with("window", "  window: {before: few}"),
     "r.yaml:9: window.before: must be a whole number"},
    {"a flag that is no flag", with("placeholders", "  placeholders: yes"),
     "r.yaml:9: placeholders: must be true or false"},
    {"entropy of nine bits", with("entropy", "  entropy: 9"),
     "r.yaml:9: entropy: must be 0 to 8 bits per byte"},
    {"assigned beside a pattern", with("assigned", "  assigned: {to: [demo], value: '[a-z]{20}'}"),
     "r.yaml:9: assigned: stands instead of anchors, ignore_case, pattern and window"},
    {"assigned without a value", std::string(kAssigned) + "  assigned: {to: [demo]}\n",
     "r.yaml:7: assigned: needs to and value"},
    {"a partner without lines", with("partner", "  partner: {pattern: abc}"),
     "r.yaml:9: partner: needs lines"},
    {"a broken partner", with("partner", "  partner: {pattern: '[', lines: 2}"),
     "r.yaml:9: partner: missing ]: ["},
    {"a far partner", with("partner", "  partner: {pattern: abc, lines: 101}"),
     "r.yaml:9: partner: more than 100 lines"},
    {"an unknown severity", with("severity", "  severity: high"),
     "r.yaml:9: severity: must be off, note, warn or block"},
    {"an unknown layer", with("severity", "  severity: {shared: block, env: off}"),
     "r.yaml:9: unknown key \"env\" in severity"},
    {"coupling without severity", with("kind", "  kind: coupling"), "r.yaml:1: severity: missing"},
    {"coupling without an axis", with("kind", "  kind: coupling\n  severity: warn"),
     "r.yaml:1: axis: missing"},
    {"an unknown axis", with("axis", "  axis: [privacy]"),
     "r.yaml:9: axis: must be portability or disclosure"},
    {"no message", with("message", ""), "r.yaml:1: message: missing"},
    {"the same id twice", std::string(kGood) + std::string(kGood),
     "r.yaml:9: id: \"demo-token\" stands already in r.yaml:1"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ruleset)

BOOST_AUTO_TEST_CASE(refuses_a_bad_rule_with_file_line_and_key) {
  for (const Row& row : kFaults) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto rules = detect::parse_rules(row.yaml, "r.yaml");
      BOOST_REQUIRE(!rules);
      BOOST_TEST(rules.error().text == row.fault);
    }
  }
}

BOOST_AUTO_TEST_CASE(defaults_are_those_of_the_documentation) {
  const auto rules = detect::parse_rules(kGood, "r.yaml");
  BOOST_REQUIRE_MESSAGE(rules, (rules ? "" : rules.error().text));
  const detect::Rule& rule = rules->rules[0];
  BOOST_TEST(rule.id == "demo-token");
  BOOST_TEST(rule.window_before == 0u);
  BOOST_TEST(rule.window_after == 24u);
  BOOST_TEST(!rule.anchors_ignore_case);
  BOOST_TEST(!rule.placeholders);
  BOOST_TEST(rule.entropy_min == 0.0);
  BOOST_TEST((rule.axes == Axes{.portability = false, .disclosure = true}));
  for (const Severity severity : rule.severity) BOOST_TEST((severity == Severity::block));
}

BOOST_AUTO_TEST_CASE(reads_every_key) {
  const auto rules = detect::parse_rules(R"(
- id: demo-host
  name: Demo host
  service: demo
  kind: coupling
  anchors: [.demo.example, "dmo://"]
  ignore_case: true
  pattern: '(?i)[a-z]{1,20}(?:\.demo\.example|dmo://)'
  window: {before: 20, after: 0}
  check: host
  entropy: 2.5
  placeholders: true
  paths: {only: ["*.tf"], not: ["examples/", "test/**"]}
  partner: {pattern: 'port = [0-9]{2,5}', lines: 3}
  severity: {shared: block, instance: note, doc-test: off}
  axis: [portability, disclosure]
  message: m
  remedy: r
  source: s
  revoke: https://demo.example/revoke
  examples: {match: ["a", "b"], no_match: ["c"]}
)",
                                         "r.yaml");
  BOOST_REQUIRE_MESSAGE(rules, (rules ? "" : rules.error().text));
  const detect::Rule& rule = rules->rules[0];
  BOOST_TEST((rule.kind == FindingKind::coupling));
  BOOST_TEST(rule.anchors.size() == 2u);
  BOOST_TEST(rule.anchors_ignore_case);
  BOOST_TEST(rule.window_before == 20u);
  BOOST_TEST(rule.window_after == 0u);
  BOOST_TEST(rule.check == "host");
  BOOST_TEST(rule.entropy_min == 2.5);
  BOOST_TEST(rule.paths_only.size() == 1u);
  BOOST_TEST(rule.paths_not[1] == "test/**");
  BOOST_TEST(rule.partner == "port = [0-9]{2,5}");
  BOOST_TEST(rule.partner_lines == 3u);
  const std::array<Severity, 4> severity{Severity::block, Severity::note, Severity::off, Severity::off};
  BOOST_TEST((rule.severity == severity));
  BOOST_TEST((rule.axes == Axes{.portability = true, .disclosure = true}));
  BOOST_TEST(rule.revoke_url == "https://demo.example/revoke");
  BOOST_TEST(rule.examples[1] == "b");
  BOOST_TEST(rule.counterexamples[0] == "c");
}

BOOST_AUTO_TEST_CASE(assigned_finds_what_stands_beside_a_name) {
  const std::string yaml = std::string(kAssigned) + "  assigned: {to: [demo, d.mo], value: '[0-9a-f]{32}'}\n";
  const auto read = detect::parse_rules(yaml, "r.yaml");
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().text));
  const detect::Rule& rule = read->rules.front();
  BOOST_TEST(rule.anchors_ignore_case);
  BOOST_TEST(rule.check == "random");
  BOOST_TEST(rule.entropy_min == 2.8);
  BOOST_TEST(rule.placeholders);
  BOOST_TEST(rule.window_before == 0u);
  const auto pattern = detect::compile_pattern(rule.pattern);
  const std::string value = "0123456789abcdef0123456789abcdef";
  for (const char* before : {"DEMO_API_KEY=",
                             "\"demo\": {\"apiKey\": \"",
                             "demo.auth.token => '",
                             "-H \"Demo-Key: ",
                             "- name: DEMO_SECRET\n  value: \"",
                             "?demo_password=",
                             "d.mo_token:",
                             "{\\\"demoToken\\\":\\\"",
                             "<key>DemoToken</key>\n<string>",
                             "<name>demo.key</name><value>",
                             "demo_token: str = \"",
                             "demoToken ?= ",
                             "$demoToken .= \"",
                             "setProperty(\"demo.token\", \"",
                             "demo.example/x -H \"Authorization: Bearer ",
                             "variable \"demo_key\" {\n  type    = string\n  default = \"",
                             "demo_key: >-\n  ",
                             "demo_key: |\n  ",
                             "demoKey string = \"",
                             "#define DEMO_KEY @\"",
                             "demo_key ||= '",
                             "| Demo | API key | ",
                             "the Demo key is ",
                             "DEMO_PAT=",
                             "demo_key = SecretStr(\"",
                             "demo_key = b'",
                             "demo = \"",
                             "demo := \"",
                             "new Demo(\"",
                             "demo.init('app', '",
                             "demo_keys[0] = \""}) {
    BOOST_TEST(RE2::PartialMatch(before + value, *pattern), before);
    BOOST_TEST(!RE2::PartialMatch(before + value + "0", *pattern), before);
  }
  BOOST_TEST(!RE2::PartialMatch("demo " + value, *pattern));
  BOOST_TEST(!RE2::PartialMatch("dxmo_token: " + value, *pattern));
  BOOST_TEST(!RE2::PartialMatch("demo: " + value, *pattern));
  BOOST_TEST(!RE2::PartialMatch("demo_login: " + value, *pattern));
}

BOOST_AUTO_TEST_CASE(assigned_takes_more_words_or_the_name_alone) {
  const std::string yaml =
      std::string(kAssigned) + "  assigned: {to: [demo], as: [login], alone: true, value: '[0-9a-f]{32}'}\n";
  const auto read = detect::parse_rules(yaml, "r.yaml");
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().text));
  const auto pattern = detect::compile_pattern(read->rules.front().pattern);
  const std::string value = "0123456789abcdef0123456789abcdef";
  for (const char* before : {"demo_login: ", "demo = '", "\"demo\": \"", "DEMO=", "demo_token="}) {
    BOOST_TEST(RE2::PartialMatch(before + value, *pattern), before);
  }
  for (const char* before : {"demo ", "demo/", "demo_id: "}) {
    BOOST_TEST(!RE2::PartialMatch(before + value, *pattern), before);
  }
}

BOOST_AUTO_TEST_CASE(assigned_knows_the_spellings_of_a_name) {
  const auto anchors = [](const char* to) {
    const auto read = detect::parse_rules(
        std::string(kAssigned) + "  assigned: {to: " + to + ", value: '[0-9a-f]{32}'}\n", "r.yaml");
    BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().text));
    return std::vector<std::string>(read->rules[0].anchors.begin(), read->rules[0].anchors.end());
  };
  using Names = std::vector<std::string>;
  BOOST_TEST(anchors("[demo]") == (Names{"demo"}), boost::test_tools::per_element());
  BOOST_TEST(anchors("[de_mo]") == (Names{"de_mo", "de-mo", "de.mo", "de mo", "demo"}),
             boost::test_tools::per_element());
  BOOST_TEST(anchors("[demo_, demo]") == (Names{"demo"}), boost::test_tools::per_element());
  const Names word = anchors("[dem_]");
  for (const char* name : {"dem_", "dem-", "dem\"", "dem:", "demkey", "dem token"})
    BOOST_TEST((std::ranges::find(word, name) != word.end()), name);
  for (const char* name : {"dem", "dem ", "dem."})
    BOOST_TEST((std::ranges::find(word, name) == word.end()), name);
}

BOOST_AUTO_TEST_CASE(assigned_leaves_ids_and_hashes_alone) {
  const auto unless = [](const char* more) {
    const auto read = detect::parse_rules(
        std::string(kAssigned) + "  assigned: {to: [demo], value: '[0-9a-f]{32}'" + more + "}\n", "r.yaml");
    BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().text));
    return std::string(read->rules[0].unless);
  };
  const auto pattern = detect::compile_pattern(unless(""));
  for (const char* called : {"demo_api_id: ", "\"demoKeyId\": \"", "DEMO_KEY_CHECKSUM=", "demo_api_md5 = \"",
                             "demo key id=", "demo_token_sha256: ", "demo-sdk/-/demo-sdk-1.2.3.tgz#"})
    BOOST_TEST(RE2::PartialMatch(called, *pattern), called);
  for (const char* called : {"demo_key: ", "demo_api_key_id_secret: ", "demoGrid = \"", "demo_valid_key="})
    BOOST_TEST(!RE2::PartialMatch(called, *pattern), called);
  BOOST_TEST(unless(", as: [login]") == unless(""));
  BOOST_TEST(unless(", as: [client_id]").empty());
}

BOOST_AUTO_TEST_CASE(a_file_without_rules_is_an_empty_set) {
  BOOST_TEST(detect::parse_rules("", "r.yaml")->rules.empty());
  BOOST_TEST(detect::parse_rules("[]", "r.yaml")->rules.empty());
}

BOOST_AUTO_TEST_CASE(the_secret_is_the_group_of_that_name_or_the_first_that_took_part) {
  const auto groups = [](std::string_view pattern) {
    const auto found = detect::secret_groups(*detect::compile_pattern(pattern));
    return std::to_string(found.first) + '-' + std::to_string(found.last);
  };
  BOOST_TEST(groups("(a)(?P<secret>b)") == "2-2");
  BOOST_TEST(groups("(a)|b(c)") == "1-2");
  BOOST_TEST(groups("ab") == "0-0");
}

BOOST_AUTO_TEST_CASE(a_match_is_known_to_start_with_an_anchor) {
  const std::string_view anchors[] = {"abc", "xyz-"};
  for (const char* pattern :
       {"abc", "abcd+", R"(\b(abc[0-9]{3}))", R"((?:abc|xyz\-))", "a(?:b|b)c", "^(?P<secret>abc)$", "[a]bc",
        "(?:abc|xyz-){2}", R"(ab\x63)", "(?:|abc)abc", "a{1}bc", "(?:abc|xyz)[-]"}) {
    BOOST_TEST(detect::starts_with_anchor(pattern, anchors, false), pattern);
  }
  for (const char* pattern : {"ab", "ab[c-d]", "[^a]abc", "x?abc", ".abc", "(?:abc|def)", "abc?", "a{0,1}abc",
                              "(?i)abc", "(?:|x)abc", "[a-z]{0,3}abc", "(abc", "ABC", "a{2}bc", "abc*?",
                              "a+bc", R"(\wbc)", "[[:alpha:]]bc", R"(\pLbc)"}) {
    BOOST_TEST(!detect::starts_with_anchor(pattern, anchors, false), pattern);
  }
  BOOST_TEST(detect::starts_with_anchor("(?i:aBc)", anchors, true));
  BOOST_TEST(detect::starts_with_anchor("[Aa]bc", anchors, true));
  const std::string_view two[] = {"abx", "aby"};
  BOOST_TEST(detect::starts_with_anchor("ab[xy]", two, false));
  BOOST_TEST(!detect::starts_with_anchor("ab[x-z]", two, false));
}

// Every text that matches must pass; the second text of a row must be turned away.
BOOST_AUTO_TEST_CASE(starts_turn_away_what_cannot_match) {
  struct StartRow {
    const char *pattern, *match, *other;
  };
  for (const StartRow& row : std::initializer_list<StartRow>{{"abc", "abc", "abd"},
                                                             {"ab[0-9]{3}", "ab123", "ab12x"},
                                                             {"ab[^0-9]", "abx", "ab1"},
                                                             {R"(a\sb)", "a\nb", "a-b"},
                                                             {R"([\w-]{2}!)", "a-!", "a-?"},
                                                             {"(?i)ab", "aB", "ac"},
                                                             {"(?i:a)b", "Ab", "AB"},
                                                             {"(?i)[^a]b", "bB", "Ab"},
                                                             {"ab?c", "ac", "bc"},
                                                             {"ab?c", "abc", "ad-"},
                                                             {"a{2}b", "aab", "ab-"},
                                                             {"(?:ab|cd)e", "cde", "xde"},
                                                             {"a*b", "b", nullptr},
                                                             {"a+b", "aab", "b"},
                                                             {"[]x]a", "]a", "ya"},
                                                             {"[a-]b", "-b", "bb"},
                                                             {R"(\x41b)", "Ab", "ab"},
                                                             {"a.b",
                                                              "a\xff"
                                                              "b",
                                                              "axc"}}) {
    const auto sets = detect::start_bytes(row.pattern);
    const auto passes = [&](std::string_view text) {
      for (std::size_t i = 0; i < sets.size(); ++i) {
        if (i >= text.size() || !sets[i][static_cast<unsigned char>(text[i])]) return false;
      }
      return true;
    };
    BOOST_TEST(passes(row.match), row.pattern << " on " << row.match);
    if (row.other != nullptr) BOOST_TEST(!passes(row.other), row.pattern << " on " << row.other);
  }
  BOOST_TEST(detect::start_bytes(R"(\pL)").empty());
}

BOOST_AUTO_TEST_CASE(the_bytes_after_an_anchor_are_known) {
  struct {
    const char* pattern;
    const char* anchor;
    bool ignore_case;
    const char* after;  // some that may follow
    const char* never;  // some that may not
  } const rows[] = {
      {"ab[0-9]", "ab", false, "059", "aB "},
      {"(?i)ab[xy]", "AB", true, "xXyY", "a0"},
      {"key[ ]{0,4}[:=]", "key", false, " :=", "s_"},
      {"(?:x|uid)(?:s|-no)? ?=", "uid", false, "s- =", "xn"},
      {"[a-z]{2,60}=1", "ab", false, "az=", "1 "},  // anywhere in a repetition
      {"a+ab", "aa", false, "ab", "c"},
      {"ab(?:cd)?", "ab", false, "c\nz", ""},  // may end with it
      {"ab$", "ab", false, "c\n", ""},
      {"xab", "ab1", false, "", "a1"},  // never stands in a match
  };
  for (const auto& row : rows) {
    const auto automaton = detect::Automaton::read(row.pattern, 1);
    BOOST_REQUIRE(automaton);
    const auto bytes = detect::bytes_after(*automaton, row.anchor, row.ignore_case);
    for (const char c : std::string_view(row.after))
      BOOST_TEST(bytes[static_cast<unsigned char>(c)], row.pattern << " " << c);
    for (const char c : std::string_view(row.never))
      BOOST_TEST(!bytes[static_cast<unsigned char>(c)], row.pattern << " " << c);
  }
}

BOOST_AUTO_TEST_CASE(a_pattern_is_known_not_to_match_line_ends) {
  const auto is_single_line = [](const char* pattern) {
    const auto automaton = detect::Automaton::read(pattern, 1);
    return automaton && detect::is_single_line(*automaton);
  };
  for (const char* pattern :
       {"abc", "a.c", "[a-z]{3}", "[^\\n]x", "[^\\s\"]x", "\\w\\d\\S\\b", "(?i)a(?:b|c)", "(?P<secret>a)",
        "\\x41", "[]a]", "^a$", "[ \\t]", "\\.\\[", "[^]\\n]"}) {
    BOOST_TEST(is_single_line(pattern), pattern);
  }
  for (const char* pattern :
       {"a\\sb", "a\nb", "[^a]", "[\\s]", "[\\n\"]", "\\W", "(?s)a.b", "(?is:a.b)", "[[:space:]]", "\\x0a",
        "\\x{0a}", "\\012", "\\pZ", "\\Qa\nb\\E", "[\\x00-\\x20]", "[^]]", "[\\Wx]", "\\C", "[\t-~]"}) {
    BOOST_TEST(!is_single_line(pattern), pattern);
  }
}

struct ReachRow {
  const char* name;
  std::vector<std::string_view> anchors;
  bool ignore_case;
  const char* pattern;
  std::uint32_t before, after;
  const char* fault;  // begins so; empty: proven
};

BOOST_AUTO_TEST_CASE(a_match_that_the_engine_would_miss_is_shown) {
  for (const ReachRow& row : std::initializer_list<ReachRow>{
           {"a literal", {"abc"}, false, "abc[0-9]{4}", 0, 10, ""},
           {"white space that is no blank",
            {"bearer "},
            true,
            R"((?i:bearer)\s{1,3}([0-9a-f]{4}))",
            0,
            20,
            "anchors: a match holds none: \"bearer\\t"},
           {"one of two", {"key_a", "key-a"}, false, "key[_-]a=([0-9]{4})", 0, 20, ""},
           {"one of three",
            {"key_a", "key-a"},
            false,
            "key[_-]?a=([0-9]{4})",
            0,
            20,
            "anchors: a match holds none: \"keya=0000\""},
           {"another case", {"key"}, false, "(?i)key=([0-9]{4})", 0, 20, "anchors: a match holds none: \"k"},
           {"any case", {"kEy"}, true, "(?i)key=([0-9]{4})", 0, 20, ""},
           {"an alternative without",
            {"abc"},
            false,
            "abc[0-9]|xyz[0-9]",
            0,
            20,
            "anchors: a match holds none: \"xyz0\""},
           {"grown together from two parts",
            {"xab"},
            false,
            "[a-x]{0,3}xa{1,2}b",
            9,
            20,
            "anchors: a match holds none: \"xaab\""},
           {"in a loop", {"aab"}, false, "(?:ab|aab)+", 9, 99, "anchors: a match holds none: \"ab\""},
           {"a long way in", {"end"}, false, "[a-c]{10}end", 10, 0, ""},
           {"further in than the window",
            {"end"},
            false,
            "[a-c]{10}end",
            9,
            0,
            "window: the anchor of a match has more before it"},
           {"twice, once near enough", {"abc"}, false, "abc[0-9]{9}abc", 0, 99, ""},
           {"at the start after an option",
            {"abc"},
            false,
            "x?abc",
            0,
            9,
            "window: the anchor of a match has more before it than window.before: \"xabc\""},
           {"more behind than the window",
            {"abc"},
            false,
            "abc[0-9]{9}",
            0,
            8,
            "window: the anchor of a match has more behind it"},
           {"a match without a longest", {"abc"}, false, "abc[0-9]+", 0, 8, ""},
           {"a line's edges", {"abc"}, false, R"(^\babc\b$)", 0, 8, ""}}) {
    detect::Rule rule;
    rule.anchors = row.anchors;
    rule.anchors_ignore_case = row.ignore_case;
    rule.pattern = row.pattern;
    rule.window_before = row.before;
    rule.window_after = row.after;
    const detect::Reach reach = detect::reach_of(rule);
    const std::string_view fault = row.fault;
    BOOST_TEST(reach.fault.substr(0, fault.size()) == fault, row.name);
    BOOST_TEST(reach.fault.empty() == fault.empty(), row.name << ": " << reach.fault);
    BOOST_TEST(reach.proven == fault.empty(), row.name);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_is_neither_proven_nor_refused) {
  const std::string_view anchors[] = {"abc"};
  for (const char* pattern : {R"(\pLabc)", "(?:[a-z]{1000}){90}", R"(\B(?:abc|-\b-))"}) {
    detect::Rule rule;
    rule.anchors = anchors;
    rule.pattern = pattern;
    BOOST_TEST(detect::reach_of(rule).fault == "", pattern);
    BOOST_TEST(!detect::reach_of(rule).proven, pattern);
  }
}

// Walks `automaton` over `text`, all states at once.
bool accepts(const detect::Automaton& automaton, std::string_view text) {
  std::vector<bool> states(automaton.size());
  const auto add = [&](auto&& self, std::vector<bool>& set, std::uint32_t state) -> void {
    if (set[state]) return;
    set[state] = true;
    for (const auto& edge : automaton.edges(state)) {
      if (edge.set == detect::Automaton::kNoSet) self(self, set, edge.to);
    }
  };
  add(add, states, automaton.first());
  for (const char c : text) {
    std::vector<bool> next(automaton.size());
    for (std::uint32_t state = 0; state < automaton.size(); ++state) {
      if (!states[state]) continue;
      for (const auto& edge : automaton.edges(state)) {
        if (edge.set == detect::Automaton::kNoSet) continue;
        if (automaton.sets()[edge.set][static_cast<unsigned char>(c)]) add(add, next, edge.to);
      }
    }
    states.swap(next);
  }
  return states[automaton.last()];
}

// The proofs rest on it: what RE2 matches, the automaton knows, forwards and backwards.
BOOST_AUTO_TEST_CASE(the_automaton_knows_every_match_of_the_built_in_rules) {
  SeededRandom random(1);
  std::size_t matches = 0;
  for (const detect::Rule& rule : detect::builtin_rules().rules) {
    const auto automaton = detect::Automaton::read(rule.pattern);
    BOOST_TEST_REQUIRE(automaton.has_value(), rule.id);
    const auto compiled = detect::compile_pattern("(" + std::string(rule.pattern) + ")");
    for (const std::string_view example : rule.examples) {
      const std::string text = detect::expand_example(example, random);
      re2::StringPiece found;
      if (!re2::RE2::PartialMatch(text, *compiled, &found)) continue;
      std::string match(found.data(), found.size());
      BOOST_TEST(accepts(*automaton, match), rule.id);
      BOOST_TEST(!accepts(*automaton, ""), rule.id);
      std::ranges::reverse(match);
      BOOST_TEST(accepts(automaton->reversed(), match), rule.id);
      if (detect::is_single_line(*automaton)) BOOST_TEST(match.find('\n') == match.npos, rule.id);
      std::ranges::reverse(match);
      for (const std::string_view anchor : rule.anchors) {
        const std::size_t at = match.find(anchor), end = at + anchor.size();
        if (at == match.npos) continue;
        const auto after = detect::bytes_after(*automaton, anchor, rule.anchors_ignore_case);
        BOOST_TEST((end == match.size() ? after.all() : after[static_cast<unsigned char>(match[end])]),
                   rule.id << " " << anchor);
      }
      ++matches;
    }
  }
  BOOST_TEST(matches > detect::builtin_rules().rules.size());
}

BOOST_AUTO_TEST_CASE(built_in_rules_are_sound_and_secrets_come_first) {
  const detect::RuleSet& set = detect::builtin_rules();
  bool coupling = false;
  for (const detect::Rule& rule : set.rules) {
    BOOST_TEST(detect::fault_of(rule) == "", rule.id);
    BOOST_TEST((!coupling || rule.kind == FindingKind::coupling), rule.id);
    coupling = rule.kind == FindingKind::coupling;
  }
  BOOST_TEST(!set.databases.empty());
}

BOOST_AUTO_TEST_CASE(rules_of_ones_own_stand_beside_others) {
  const std::string mine =
      "- {id: acme-token, name: Acme token, service: acme, kind: secret, anchors: [acme_],\n"
      "   pattern: '\\b(acme_[0-9a-z]{20})\\b', message: m, remedy: r}\n";
  const auto with = [](std::string text, std::string_view what, std::string_view now) {
    return text.replace(text.find(what), what.size(), now);
  };
  const auto base = detect::parse_rules(fanlight::test::kDemoRules, "demo.yaml");
  BOOST_REQUIRE(base);
  struct Row {
    const char* name;
    std::vector<detect::RuleText> texts;
    std::string error;
  };
  const Row rows[] = {
      {"one file", {{"a.yaml", mine}}, ""},
      {"two files", {{"a.yaml", mine}, {"b.yaml", with(mine, "acme-token", "acme-key")}}, ""},
      {"twice among one's own",
       {{"a.yaml", mine}, {"b.yaml", mine}},
       "b.yaml:1: id: \"acme-token\" stands already in a.yaml:1"},
      {"an id that is taken",
       {{"a.yaml", with(mine, "acme-token", "demo-token")}},
       "a.yaml:1: id: there is a rule \"demo-token\" already, give this one another id"},
      {"a check that is none",
       {{"a.yaml", with(mine, "message: m", "check: github-crc3, message: m")}},
       "a.yaml:2: check: there is no structure check \"github-crc3\", did you mean \"github-crc32\"?"},
      {"a pattern that is none",
       {{"a.yaml", with(mine, "{20})", "{20}")}},
       "a.yaml:2: pattern: missing ): \\b(acme_[0-9a-z]{20}\\b"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto got = detect::add_rules(*base, row.texts);
      BOOST_TEST((got ? std::string() : got.error().text) == row.error);
      if (!got) continue;
      BOOST_TEST(got->rules.size() == base->rules.size() + row.texts.size());
      const auto engine = detect::Engine::make(*got);
      BOOST_REQUIRE(engine);
      auto scratch = (*engine)->make_scratch();
      const auto matches = (*engine)->scan("t = acme_k3j4h5g6f7d8s9a0q1w2", "a.txt", {}, scratch);
      BOOST_TEST(matches.size() == 1u);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
