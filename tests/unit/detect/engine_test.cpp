// The engine by named behaviours, over rules made for the purpose; engine_oracle_test.cpp compares it with
// the oracle.
#include "fanlight/detect/engine.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "demo_rules.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/detect/examples.hpp"

using namespace fanlight;

namespace {

const std::string kKey = "dmo_a1b2c3d4e5f6g7h8i9j0";

// "rule[begin,end)=secret" of each match, with the depth when it was decoded.
std::string scan(std::string_view text, std::string_view path = "main.tf",
                 const detect::ScanOptions& options = {}) {
  const auto rules = test::demo_rules();
  const auto engine = detect::Engine::make(rules).value();
  auto scratch = engine->make_scratch();
  std::string out;
  for (const detect::Match& match : engine->scan(text, path, options, scratch)) {
    out += fmt::format("{}[{},{})={}", rules.rules[match.rule].id, match.span.begin, match.span.end,
                       match.secret);
    out += match.depth == 0 ? ";" : fmt::format("/{};", match.depth);
  }
  return out;
}

struct Row {
  const char* name;
  std::string text, expected;
};

std::vector<Row> rows() {
  const std::string pem = "-----BEGIN DEMO KEY-----\n" + std::string(3000, 'x') + "\n-----END DEMO KEY-----";
  const std::string base64 = to_base64("token is " + kKey + ".");
  const std::string twice = to_base64("again: " + base64 + "!");
  const std::string host = "db1.demo.example";
  return {
      {"nothing", "", ""},
      {"a token alone", kKey, "demo-token[0,24)=" + kKey + ";"},
      {"a token in a line", "x = '" + kKey + "'", "demo-token[5,29)=" + kKey + ";"},
      {"two tokens", kKey + " " + kKey, "demo-token[0,24)=" + kKey + ";demo-token[25,49)=" + kKey + ";"},
      {"a word edge in front", "x" + kKey, ""},
      {"a word edge behind", kKey + "0", ""},
      {"an anchor without the rest", "dmo_ dmo_a1b2 dmo_", ""},
      {"an anchor right before a token", "dmo_" + kKey, ""},
      {"the secret is its group", "demo_password = \"Tr0ub4dor&3xy\"\n",
       "demo-assignment[17,30)=Tr0ub4dor&3xy;"},
      {"an anchor in any case", "DEMO_PASSWORD = \"Tr0ub4dor&3xy\"\n",
       "demo-assignment[17,30)=Tr0ub4dor&3xy;"},
      {"low entropy", "demo_password = \"aaaaaaaabb\"\n", ""},
      {"a reference is no secret", "demo_password = \"${var.password}\"\n", ""},
      {"a specific rule hides a generic one", "demo_password = \"" + kKey + "\"\n",
       "demo-token[17,41)=" + kKey + ";"},
      {"a line edge in front", "a\nhost db1\nb", "demo-line[7,10)=db1;"},
      {"no line edge in front", "a host db1\nb", ""},
      {"no line edge behind", "host db1 x\n", ""},
      {"many lines and a large window", "x " + pem + " y",
       "demo-pem[2," + std::to_string(2 + pem.size()) + ")=" + pem + ";"},
      {"a partner on the line", "demo-id: 17 demo-part: abcdefgh12\n", "demo-part[23,33)=abcdefgh12;"},
      {"a partner two lines above", "demo-id: 17\n\ndemo-part: abcdefgh12\n", "demo-part[24,34)=abcdefgh12;"},
      {"a partner three lines above", "demo-id: 17\n\n\ndemo-part: abcdefgh12\n", ""},
      {"a partner two lines below", "demo-part: abcdefgh12\n\ndemo-id: 17", "demo-part[11,21)=abcdefgh12;"},
      {"no partner", "demo-part: abcdefgh12\n", ""},
      {"one partner for two", "demo-part: abcdefgh12\ndemo-id: 17\ndemo-part: abcdefgh34\n",
       "demo-part[11,21)=abcdefgh12;demo-part[45,55)=abcdefgh34;"},
      {"one of two too far from the partner",
       "demo-part: abcdefgh12\n\n\ndemo-part: abcdefgh34\ndemo-id: 17\n", "demo-part[35,45)=abcdefgh34;"},
      {"kinds do not hide each other", kKey + "." + host,
       "demo-token[0,24)=" + kKey + ";demo-host[0,41)=" + kKey.substr(0, 0) + kKey + "." + host + ";"},
      {"base64", "data: " + base64, fmt::format("demo-token[6,{})={}/1;", 6 + base64.size(), kKey)},
      {"base64 in base64", twice, fmt::format("demo-token[0,{})={}/2;", twice.size(), kKey)},
      {"hex", to_hex("= " + kKey), fmt::format("demo-token[0,52)={}/1;", kKey)},
      {"percent", "q=%20" + kKey + "%20", fmt::format("demo-token[0,32)={}/1;", kKey)},
      {"a token told once, plain and decoded", "q=%20/" + kKey, fmt::format("demo-token[6,30)={};", kKey)},
      {"what an encoded run holds hides what a generic rule makes of it",
       "demo_password = \"" + base64 + "\"",
       fmt::format("demo-token[17,{})={}/1;", 17 + base64.size(), kKey)},
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine)

BOOST_AUTO_TEST_CASE(finds_what_it_should_and_nothing_else) {
  for (const Row& row : rows())
    BOOST_TEST(scan(row.text) == row.expected, row.name << ": " << scan(row.text));
}

BOOST_AUTO_TEST_CASE(utf16_leads_back_to_the_characters) {
  std::string wide;
  for (const char c : "x = " + kKey + "\n") wide += {c, '\0'};
  BOOST_TEST(scan(wide) == fmt::format("demo-token[8,56)={}/1;", kKey));
}

BOOST_AUTO_TEST_CASE(paths_choose_rules) {
  BOOST_TEST(scan("demo-only abcd1234", "a/b.sh") == "demo-only[10,18)=abcd1234;");
  BOOST_TEST(scan("demo-only abcd1234", "a/b.py") == "");
  BOOST_TEST(scan("demo-only abcd1234", "test/b.sh") == "");
}

BOOST_AUTO_TEST_CASE(options_choose_kinds_and_depth) {
  const std::string text = kKey + " db1.demo.example " + to_base64("token is " + kKey + ".");
  BOOST_TEST(scan(text, "x", {.secrets = false}) == "demo-host[25,41)=db1.demo.example;");
  BOOST_TEST(scan(text, "x", {.coupling = false, .depth_max = 0}) == "demo-token[0,24)=" + kKey + ";");
  BOOST_TEST(scan(text, "x", {.coupling = false}) ==
             fmt::format("demo-token[0,24)={0};demo-token[42,{1})={0}/1;", kKey, text.size()));
}

BOOST_AUTO_TEST_CASE(limits_are_told) {
  const auto rules = test::demo_rules();
  const auto engine = detect::Engine::make(rules).value();
  auto scratch = engine->make_scratch();
  const std::string coded = to_base64("token is " + kKey + ".");
  BOOST_TEST(engine->scan(coded, "x", {.decoded_bytes_max = coded.size()}, scratch).size() == 1u);
  BOOST_TEST(!scratch.incomplete());
  BOOST_TEST(engine->scan(coded, "x", {.decoded_bytes_max = coded.size() - 1}, scratch).empty());
  BOOST_TEST(scratch.incomplete());
  std::string many;
  for (int i = 0; i < 10; ++i) many += kKey + "\n";
  BOOST_TEST(engine->scan(many, "x", {.matches_max = 11}, scratch).size() == 10u);
  BOOST_TEST(!scratch.incomplete());
  BOOST_TEST(engine->scan(many, "x", {.matches_max = 5}, scratch).size() == 5u);
  BOOST_TEST(scratch.incomplete());
}

BOOST_AUTO_TEST_CASE(a_scratch_serves_one_text_after_the_other) {
  const auto rules = test::demo_rules();
  const auto engine = detect::Engine::make(rules).value();
  auto scratch = engine->make_scratch();
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(engine->scan("demo-id: 17 demo-part: abcdefgh12", "x", {}, scratch).size() == 1u);
    BOOST_TEST(engine->scan("demo-part: abcdefgh12", "x", {}, scratch).empty());
    BOOST_TEST(engine->scan("demo-only abcd1234", "a.sh", {}, scratch).size() == 1u);
    BOOST_TEST(engine->scan("demo-only abcd1234", "a.py", {}, scratch).empty());
  }
}

// A prefix that only one vendor uses says what a token is, so a wrong check value is told and hides nothing.
BOOST_AUTO_TEST_CASE(a_wrong_check_value_keeps_the_match) {
  const auto engine = detect::Engine::make(detect::builtin_rules()).value();
  auto scratch = engine->make_scratch();
  const auto structure_of = [&](std::string_view text) -> std::string {
    const auto matches = engine->scan(text, "notes", {}, scratch);
    return matches.empty() ? "none" : std::string(to_string(matches.front().structure));
  };
  SeededRandom random(7);
  const std::string right = detect::expand_example("{{github:ghp_}}", random);
  std::string wrong = right;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  const auto token_of = [](std::string_view subject) {
    return to_base64url(R"({"alg":"HS256"})") + "." +
           to_base64url(fmt::format(R"({{"sub":"{}"}})", subject)) + "." +
           std::string("kq3Zr9TtXw0LdP2nVb7YcHs5UeJm8GfA1iRo6QxN4zE");
  };
  BOOST_TEST(structure_of(right) == "valid");
  BOOST_TEST(structure_of(wrong) == "invalid");
  BOOST_TEST(structure_of("auth_token: confirmation_of_reading") == "none");  // looks are all there is
  BOOST_TEST(structure_of(token_of("4711")) == "valid");
  BOOST_TEST(structure_of(token_of("1234567890")) == "none");  // jwt.io's own
}

BOOST_AUTO_TEST_CASE(no_rules_find_nothing) {
  const auto engine = detect::Engine::make({}).value();
  auto scratch = engine->make_scratch();
  BOOST_TEST(engine->scan(kKey, "x", {}, scratch).empty());
}

BOOST_AUTO_TEST_CASE(the_built_in_rules_bring_a_database_for_this_processor) {
  BOOST_TEST(detect::Engine::make(detect::builtin_rules()).value()->prebuilt());
  BOOST_TEST(!detect::Engine::make(test::demo_rules()).value()->prebuilt());
}

BOOST_AUTO_TEST_SUITE_END()
