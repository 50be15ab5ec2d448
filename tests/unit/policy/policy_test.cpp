// `.fanlight.yml`: the example of the design, every key, every mistake.
#include "fanlight/policy/policy.hpp"

#include <rapidjson/document.h>

#include <boost/test/unit_test.hpp>

#include "unit/policy/support.hpp"

namespace fanlight::policy {
namespace {

using test::at;

const std::vector<std::string_view> rules{"region-or-az-literal", "rfc1918-host-or-cidr", "github-token",
                                          "ami-id"};

PolicyRead read(std::string_view text, const Policy& base = {}) {
  return read_policy(text, ".fanlight.yml", base, rules);
}

BOOST_AUTO_TEST_SUITE(policy_file)

BOOST_AUTO_TEST_CASE(the_example_of_the_design_is_read) {
  const PolicyRead got = read(R"(version: 1
openness: opening            # public | opening | private
layers:                      # on top of what fanlight recognises
  shared:   ["modules/**"]
  env-data: ["environments/**"]
lexicon:
  domains: [corp.example]
  sites: [IAD2]
  environments: [blue]
  names: [acme, acme-verify]
  people: [anna.k]
  sealed:  ["hmac:00112233445566778899aabbccddeeff00112233445566778899aabb"]
rules:
  region-or-az-literal: off
  rfc1918-host-or-cidr: {severity: warn}
waivers:
  - finding: 3f9a1c0d5b7e2a84
    reason: "documentation address"
    owner: "@platform"
    expires: 2027-01-31
review: {inline_comments_max: 7, draft: skip, fail_on: warn}
inline_allow: trust
ignore_paths: ["vendor/"]
honour_other_tools: true
)");
  BOOST_TEST(got.problems.empty());
  const Policy& policy = got.policy;
  BOOST_TEST((policy.openness == Openness::opening));
  BOOST_REQUIRE(policy.layers.size() == 2u);
  BOOST_TEST((policy.layers[1].layer == Layer::env_data));
  BOOST_TEST(policy.layers[1].glob == "environments/**");
  BOOST_TEST(policy.lexicon.domains.front() == "corp.example");
  BOOST_TEST(policy.lexicon.sites.front() == "iad2");
  BOOST_TEST(policy.lexicon.environments.front() == "blue");
  BOOST_TEST(policy.lexicon.names.back() == "acme-verify");
  BOOST_TEST(policy.lexicon.people.front() == "anna.k");
  BOOST_TEST(policy.lexicon.sealed.size() == 1u);
  BOOST_TEST((policy.rules.at("region-or-az-literal").severity == Severity::off));
  BOOST_TEST((policy.rules.at("rfc1918-host-or-cidr").severity == Severity::warn));
  BOOST_REQUIRE(policy.waivers.size() == 1u);
  BOOST_TEST(policy.waivers[0].fingerprint == "3f9a1c0d5b7e2a84");
  BOOST_TEST(policy.waivers[0].reason == "documentation address");
  BOOST_TEST(policy.waivers[0].owner == "@platform");
  BOOST_TEST((policy.waivers[0].expires == at("2027-01-31")));
  BOOST_TEST(policy.inline_comments_max == 7u);
  BOOST_TEST((policy.draft == DraftMode::skip));
  BOOST_TEST((policy.fail_on == Severity::warn));
  BOOST_TEST((policy.inline_allow == InlineAllowMode::trust));
  BOOST_TEST(policy.ignore_paths.front() == "vendor/");
  BOOST_TEST(policy.honour_other_tools);
}

BOOST_AUTO_TEST_CASE(mistakes_are_named_with_line_and_what_to_write) {
  struct Row {
    const char* name;
    std::string text, error;
  };
  const Row rows[] = {
      {"unknown key", "version: 1\nrulse: {}\n",
       ".fanlight.yml:2: unknown key \"rulse\", did you mean \"rules\"?"},
      {"version is missing", "openness: public\n", ".fanlight.yml:1: key \"version\" is missing"},
      {"empty file", "", ".fanlight.yml:1: key \"version\" is missing"},
      {"version of the future", "version: 2\n", ".fanlight.yml:1: version must be 1, is \"2\""},
      {"unknown rule", "version: 1\nrules:\n  amiid: off\n",
       ".fanlight.yml:3: unknown rule \"amiid\", did you mean \"ami-id\"?"},
      {"severity is no word of ours", "version: 1\nrules: {ami-id: high}\n",
       ".fanlight.yml:2: rules.ami-id must be off, note, warn or block, is \"high\""},
      {"severity in its mapping", "version: 1\nrules:\n  ami-id:\n    severty: warn\n    severity: no\n",
       ".fanlight.yml:4: unknown key \"severty\" in rules.ami-id, did you mean \"severity\"?"},
      {"rule without a value", "version: 1\nrules:\n  ami-id:\n",
       ".fanlight.yml:3: rules.ami-id must be off, note, warn or block, is nothing"},
      {"rules as a list", "version: 1\nrules: [ami-id]\n",
       ".fanlight.yml:2: rules must be a mapping of rules to severities, such as \"ami-id: warn\""},
      {"unknown layer", "version: 1\nlayers: {env_data: [x]}\n",
       ".fanlight.yml:2: unknown key \"env_data\" in layers, did you mean \"env-data\"?"},
      {"glob that is empty", "version: 1\nignore_paths: [\"\"]\n",
       ".fanlight.yml:2: ignore_paths has an empty or endless glob: write one such as \"modules/**\""},
      {"domain with a scheme", "version: 1\nlexicon: {domains: [\"https://corp.example\"]}\n",
       ".fanlight.yml:2: lexicon.domains entry 1 must be a domain such as corp.example"},
      {"site with a dot", "version: 1\nlexicon: {sites: [iad2, dc1.corp.example]}\n",
       ".fanlight.yml:2: lexicon.sites entry 2 must be a name of 3 to 63 letters, digits, \"-\" and \"_\""},
      {"one letter for a name", "version: 1\nlexicon: {names: [a]}\n",
       ".fanlight.yml:2: lexicon.names entry 1 must be a name of 2 to 63 letters, digits, \"-\" and \"_\""},
      {"address for a user", "version: 1\nlexicon: {people: [\"anna@corp.example\"]}\n",
       ".fanlight.yml:2: lexicon.people entry 1 must be a user name of 2 to 63 letters, digits, \".\", \"-\" "
       "and "
       "\"_\""},
      {"sealed name that is cut", "version: 1\nlexicon: {sealed: [\"hmac:00112233445566778899\"]}\n",
       ".fanlight.yml:2: lexicon.sealed entry 1 must be \"hmac:\" and 56 hexadecimal digits, as `fanlight "
       "seal` "
       "prints it"},
      {"name that is not sealed", "version: 1\nlexicon: {sealed: [projectx]}\n",
       ".fanlight.yml:2: lexicon.sealed entry 1 must be \"hmac:\" and 56 hexadecimal digits, as `fanlight "
       "seal` "
       "prints it"},
      {"waiver without a reason", "version: 1\nwaivers:\n  - finding: 3f9a1c0d\n",
       ".fanlight.yml:3: key \"reason\" is missing in waivers"},
      {"waiver with a blank reason", "version: 1\nwaivers:\n  - {finding: 3f9a1c0d, reason: \" \"}\n",
       ".fanlight.yml:3: waivers.reason must say why, in 1 to 300 characters"},
      {"waiver of seven digits", "version: 1\nwaivers:\n  - {finding: 3f9a1c0, reason: x}\n",
       ".fanlight.yml:3: waivers.finding must be 8 to 16 hexadecimal digits, is \"3f9a1c0\""},
      {"waiver with a date of another country",
       "version: 1\nwaivers:\n  - {finding: 3f9a1c0d, reason: x, expires: 31.1.2027}\n",
       ".fanlight.yml:3: waivers.expires must be a date such as 2027-01-31, is \"31.1.2027\""},
      {"waivers as a mapping", "version: 1\nwaivers: {a: b}\n",
       ".fanlight.yml:2: waivers must be a list of at most 1000 waivers"},
      {"too many comments", "version: 1\nreview: {inline_comments_max: 101}\n",
       ".fanlight.yml:2: review.inline_comments_max must be a whole number from 0 to 100, is \"101\""},
      {"fail on notes", "version: 1\nreview: {fail_on: note}\n",
       ".fanlight.yml:2: review.fail_on must be block, warn or never, is \"note\""},
      {"yes for true", "version: 1\nhonour_other_tools: yes\n",
       ".fanlight.yml:2: honour_other_tools must be true or false, is \"yes\""},
      {"a list for a word", "version: 1\ninline_allow: [ask]\n",
       ".fanlight.yml:2: inline_allow must be ask, trust or ignore, is a list"},
      {"not YAML", "version: 1\n  x: [\n", ".fanlight.yml:"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      const PolicyRead got = read(row.text);
      BOOST_REQUIRE(!got.problems.empty());
      BOOST_TEST(got.problems[0].substr(0, row.error.size()) == row.error);
      BOOST_TEST((row.error.ends_with(':') || got.problems[0] == row.error));
    }
  }
}

BOOST_AUTO_TEST_CASE(all_mistakes_come_at_once_and_the_good_part_is_kept) {
  const PolicyRead got =
      read("version: 1\nopennes: public\ninline_allow: trust\nreview: {draft: never}\nrules: {x: off}\n");
  BOOST_TEST(got.problems.size() == 3u);
  BOOST_TEST((got.policy.inline_allow == InlineAllowMode::trust));
  BOOST_TEST((got.policy.draft == DraftMode::summary));
  BOOST_TEST((got.policy.openness == Openness::opening));
}

BOOST_AUTO_TEST_CASE(a_waiver_with_an_error_accepts_nothing) {
  const PolicyRead got = read(
      "version: 1\nwaivers:\n  - {finding: 3f9a1c0d, reason: x, expires: soon}\n  - {finding: AABBCCDD, "
      "reason: y}\n");
  BOOST_TEST(got.problems.size() == 1u);
  BOOST_REQUIRE(got.policy.waivers.size() == 1u);
  BOOST_TEST(got.policy.waivers[0].fingerprint == "aabbccdd");
}

BOOST_AUTO_TEST_CASE(a_reason_has_300_characters_not_301) {
  const auto with = [](std::size_t n) {
    std::string reason;
    for (std::size_t i = 0; i < n; ++i) reason += "é";
    return read("version: 1\nwaivers:\n  - {finding: 3f9a1c0d, reason: \"" + reason + "\"}\n")
        .problems.size();
  };
  BOOST_TEST(with(300) == 0u);
  BOOST_TEST(with(301) == 1u);
}

BOOST_AUTO_TEST_CASE(layers_of_policies_add_up) {
  const Policy base = read(
                          "version: 1\nlexicon: {domains: [a.example]}\nlayers: {shared: [x/]}\nrules: "
                          "{ami-id: off}\ninline_allow: ignore\n")
                          .policy;
  const PolicyRead got = read(
      "version: 1\nlexicon: {domains: [b.example, A.example]}\nlayers: {instance: [x/]}\nrules: "
      "{github-token: warn}\n",
      base);
  BOOST_TEST(got.problems.empty());
  BOOST_TEST(got.policy.lexicon.domains == (std::vector<std::string>{"a.example", "b.example"}),
             boost::test_tools::per_element());
  BOOST_TEST((got.policy.layers.front().layer == Layer::instance));
  BOOST_TEST(got.policy.rules.size() == 2u);
  BOOST_TEST((got.policy.inline_allow == InlineAllowMode::ignore));
}

BOOST_AUTO_TEST_CASE(a_locked_key_cannot_be_set_above) {
  const Policy base = read("version: 1\nlocked: [waivers, review.fail_on, rules.github-token]\n").policy;
  const PolicyRead got = read(
      "version: 1\nwaivers: [{finding: 3f9a1c0d, reason: x}]\nreview:\n  fail_on: never\nrules: "
      "{github-token: off, ami-id: off}\n",
      base);
  const std::vector<std::string> expected{
      ".fanlight.yml:2: key \"waivers\" is locked by the organisation: take it out here",
      ".fanlight.yml:4: key \"review.fail_on\" is locked by the organisation: take it out here",
      ".fanlight.yml:5: key \"rules.github-token\" is locked by the organisation: take it out here",
  };
  BOOST_TEST(got.problems == expected, boost::test_tools::per_element());
  BOOST_TEST(got.policy.locked.size() == 3u);
  // What is locked has not changed either, and cannot be unlocked.
  BOOST_TEST(got.policy.waivers.empty());
  BOOST_TEST((got.policy.fail_on == Severity::block));
  BOOST_TEST(!got.policy.rules.contains("github-token"));
  BOOST_TEST(got.policy.rules.contains("ami-id"));
  BOOST_TEST(read("version: 1\nlocked: []\n", base).policy.locked.size() == 3u);
}

BOOST_AUTO_TEST_CASE(inside_the_servers_configuration_the_version_may_be_left_out) {
  const auto root = parse_yaml("policy:\n  inline_allow: trust\n  rules: {nope: off}\n", "server.yaml");
  BOOST_REQUIRE(root);
  const PolicyRead got = read_policy_node(*root->find("policy"), "server.yaml", {}, rules);
  BOOST_TEST(got.problems == (std::vector<std::string>{"server.yaml:3: unknown rule \"nope\""}),
             boost::test_tools::per_element());
  BOOST_TEST((got.policy.inline_allow == InlineAllowMode::trust));
}

BOOST_AUTO_TEST_CASE(the_schema_is_json_and_knows_every_key) {
  rapidjson::Document schema;
  schema.Parse(policy_schema().c_str());
  BOOST_REQUIRE(!schema.HasParseError());
  const auto& properties = schema["properties"];
  for (const char* key : {"version", "openness", "layers", "lexicon", "rules", "waivers", "review",
                          "inline_allow", "ignore_paths", "honour_other_tools", "locked"}) {
    BOOST_TEST(properties.HasMember(key), key);
  }
  BOOST_TEST(properties["version"]["enum"][0].GetInt() == 1);
  BOOST_TEST(properties["review"]["properties"]["inline_comments_max"]["default"].GetInt() == 20);
  BOOST_TEST(properties["rules"]["additionalProperties"]["oneOf"].Size() == 2u);
  BOOST_TEST(properties["waivers"]["items"]["required"].Size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_reference_names_every_key_with_its_default) {
  const std::string text = policy_reference_markdown();
  for (const char* row :
       {"| `version` | `1` | required |", "| `review.draft` | `full`, `summary`, `skip` | `summary` |",
        "| `waivers[].reason` | string | required |", "| `layers.env-data` | list of strings | `[]` |",
        "| `rules.<name>.severity` | `off`, `note`, `warn`, `block` | required |",
        "| `review.fail_on` | `block`, `warn`, `never` | `block` |"}) {
    BOOST_TEST(text.find(row) != std::string::npos, row << " in\n" << text);
  }
}

// The defaults that are printed are the defaults that are.
BOOST_AUTO_TEST_CASE(the_printed_defaults_are_true) {
  const Policy fresh;
  const PolicyRead got = read(
      "version: 1\nopenness: opening\ninline_allow: ask\nhonour_other_tools: false\nignore_paths: []\n"
      "review: {inline_comments_max: 20, draft: summary, fail_on: block}\n");
  BOOST_TEST(got.problems.empty());
  BOOST_TEST((got.policy.openness == fresh.openness));
  BOOST_TEST((got.policy.inline_allow == fresh.inline_allow));
  BOOST_TEST(got.policy.honour_other_tools == fresh.honour_other_tools);
  BOOST_TEST(got.policy.inline_comments_max == fresh.inline_comments_max);
  BOOST_TEST((got.policy.draft == fresh.draft));
  BOOST_TEST((got.policy.fail_on == fresh.fail_on));
}

BOOST_AUTO_TEST_CASE(rules_of_ones_own_are_kept_as_text_and_may_be_named) {
  const PolicyRead got = read("version: 1\nrules: {acme-token: warn}\ncustom_rules:\n- id: acme-token\n");
  BOOST_TEST(got.problems.empty());
  BOOST_REQUIRE(got.policy.custom_rules.size() == 1u);
  BOOST_TEST(got.policy.custom_rules[0].file == ".fanlight.yml");
  BOOST_TEST(got.policy.custom_rules[0].yaml == "\n\n\n[{\"id\": \"acme-token\", }, ]\n");
  BOOST_TEST((got.policy.rules.at("acme-token").severity == Severity::warn));
  // On top of the rules of the layer below.
  BOOST_TEST(read("version: 1\ncustom_rules: []\n", got.policy).policy.custom_rules.size() == 2u);
  BOOST_TEST(read("version: 1\ncustom_rules: {}\n").problems.front() ==
             ".fanlight.yml:2: custom_rules must be a list of at most 300 rules");
  std::string many = "version: 1\ncustom_rules:\n";
  for (std::size_t i = 0; i <= custom_rules_max; ++i) many += "- {id: a}\n";
  BOOST_TEST(read(many).problems.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::policy
