// The server's configuration: what it reads, and the one line for each thing that can be wrong with it.
#include "fanlight/app/config.hpp"

#include <rapidjson/document.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>

#include "fanlight/core/files.hpp"
#include "fanlight/core/random.hpp"
#include "support/temp_dir.hpp"

using namespace fanlight;
using namespace fanlight::app;

namespace {

const std::vector<std::string_view> rules{"github-token", "region-or-az-literal"};

struct Sandbox {
  Sandbox() {
    dir.write("secret", "  from a file \n");
    dir.write("empty", " \n");
    ::setenv("FANLIGHT_TEST_SECRET", "from the environment", 1);
    ::setenv("FANLIGHT_TEST_EMPTY", "", 1);
    ::unsetenv("FANLIGHT_TEST_ABSENT");
  }
  // $ stands for the folder, GIT for a host that is whole.
  std::string filled(std::string text) const {
    const auto put = [&](const std::string& what, const std::string& with) {
      for (std::size_t at; (at = text.find(what)) != text.npos;) text.replace(at, what.size(), with);
    };
    put("GIT", "git: {root: /srv/git, hook_secret: {file: $/secret}}");
    put("$", dir / ".");
    return text;
  }
  Result<Config> read(const std::string& text) const { return read_config(filled(text), "f.yaml", rules); }

  test::TempDir dir;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config, Sandbox)

BOOST_AUTO_TEST_CASE(everything_wrong_has_one_line_that_says_what_to_do) {
  struct Row {
    const char* name;
    std::string text, error;  // $ stands for the folder of the test
  };
  const Row rows[] = {
      {"unknown key with its neighbour", "lisen: 127.0.0.1:1\nGIT\n",
       "f.yaml:1: unknown key \"lisen\", did you mean \"listen\"?"},
      {"unknown key in a section", "git:\n  root: /srv/git\n  hook_secrt: {file: $/secret}\n",
       "f.yaml:3: unknown key \"hook_secrt\" in git, did you mean \"hook_secret\"?"},
      {"unknown key without a neighbour", "GIT\nflavour: mint\n", "f.yaml:2: unknown key \"flavour\""},
      {"two at once", "lisen: x\nGIT\nworkers: many\n",
       "f.yaml:1: unknown key \"lisen\", did you mean \"listen\"?\n"
       "f.yaml:3: workers must be a whole number from 1 to 64, is \"many\""},
      {"a list where a value belongs", "GIT\nlisten: [a]\n", "f.yaml:2: listen must be one value, is a list"},
      {"a value where a section belongs", "GIT\nlog: info\n",
       "f.yaml:2: log must be a mapping of keys, is one value"},
      {"a number over its limit", "GIT\nworkers: 65\n",
       "f.yaml:2: workers must be a whole number from 1 to 64, is \"65\""},
      {"a number under its limit", "GIT\nattempts: 0\n",
       "f.yaml:2: attempts must be a whole number from 1 to 100, is \"0\""},
      {"no such choice", "GIT\nlog: {level: loud}\n",
       "f.yaml:2: log.level must be one of debug, info, warn, error, off, is \"loud\""},
      {"no such store", "GIT\nstore: postgres\n",
       "f.yaml:2: store must be one of sqlite, memory, is \"postgres\""},
      {"a duration without a unit", "GIT\nsettle: 5\n",
       "f.yaml:2: settle \"5\" is no duration: write 500ms, 30s, 5m, 12h or 90d"},
      {"a negative duration", "GIT\nkeep: -1d\n",
       "f.yaml:2: keep \"-1d\" is no duration: write 500ms, 30s, 5m, 12h or 90d"},
      {"a secret written down", "GIT\ndashboard_token: s3cr3t-w0rd\n",
       "f.yaml:2: dashboard_token must not stand here, it is a secret: give {file: /path/to/it} or {env: "
       "NAME}"},
      {"a secret from nowhere", "GIT\nkey: {}\n", "f.yaml:2: key needs one of file and env"},
      {"a secret from two places", "GIT\nkey: {file: $/secret, env: FANLIGHT_TEST_SECRET}\n",
       "f.yaml:2: key needs one of file and env"},
      {"a secret's file that is not there", "GIT\nkey: {file: $/absent}\n",
       "f.yaml:2: key cannot be read: read $/absent: No such file or directory"},
      {"a secret's file that is empty", "GIT\nkey: {file: $/empty}\n",
       "f.yaml:2: key cannot be read: $/empty is empty"},
      {"a variable that is not set", "GIT\nkey: {env: FANLIGHT_TEST_ABSENT}\n",
       "f.yaml:2: key wants environment variable FANLIGHT_TEST_ABSENT, which is not set"},
      {"a variable that is empty", "GIT\nkey: {env: FANLIGHT_TEST_EMPTY}\n",
       "f.yaml:2: key wants environment variable FANLIGHT_TEST_EMPTY, which is not set"},
      {"the secret itself in place of a variable", "GIT\nkey: {env: s3cr3t-w0rd}\n",
       "f.yaml:2: key wants the name of an environment variable in env"},
      {"half of tls", "GIT\ntls: {certificate_file: /c.pem}\n",
       "f.yaml:1: tls: give both certificate_file and key_file"},
      {"no host", "listen: 127.0.0.1:1\n", "f.yaml:1: no host: give github or git"},
      {"nothing at all", "", "f.yaml:1: no host: give github or git"},
      {"github without its secret", "github:\n  token: {file: $/secret}\n",
       "f.yaml:2: github: webhook_secret is missing"},
      {"git without a root", "git:\n  hook_secret: {file: $/secret}\n", "f.yaml:2: git: root is missing"},
      {"git without its secret", "git:\n  root: /srv/git\n", "f.yaml:2: git: hook_secret is missing"},
      {"an address that is none", "GIT\npublic_url: fanlight.example.org\n",
       "f.yaml:2: public_url: \"fanlight.example.org\" does not start with http:// or https://"},
      {"a policy with an unknown key", "GIT\npolicy:\n  opennes: public\n",
       "f.yaml:3: unknown key \"opennes\", did you mean \"openness\"?"},
      {"a policy with an unknown rule", "GIT\npolicy:\n  rules:\n    github-tokn: off\n",
       "f.yaml:4: unknown rule \"github-tokn\", did you mean \"github-token\"?"},
      {"a wrong key and a wrong policy at once", "GIT\nlisen: x\npolicy:\n  opennes: public\n",
       "f.yaml:2: unknown key \"lisen\", did you mean \"listen\"?\n"
       "f.yaml:4: unknown key \"opennes\", did you mean \"openness\"?"},
      {"a list", "- a\n", "f.yaml:1: must be a mapping of keys, is a list"},
      {"a key twice", "GIT\nlisten: a\nlisten: b\n",
       "f.yaml:3: key \"listen\" stands twice: it is in line 2 already"},
      {"no yaml", "listen: [\n", "f.yaml:2: "},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto got = read(row.text);
      BOOST_REQUIRE(!got);
      const std::string wanted = filled(row.error);
      if (wanted.ends_with(": ")) {
        BOOST_TEST(got.error().text.starts_with(wanted));
      } else {
        BOOST_TEST(got.error().text == wanted);
      }
      BOOST_TEST(got.error().text.find("s3cr3t") == std::string::npos);
      BOOST_TEST((got.error().code == ErrorCode::bad_input));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_small_file_is_enough_and_the_rest_has_defaults) {
  const auto got = read("GIT\n");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->listen == "127.0.0.1:8095");
  BOOST_TEST(!got->github.has_value());
  BOOST_REQUIRE(got->git.has_value());
  BOOST_TEST(got->git->root == "/srv/git");
  BOOST_TEST(got->git->hook_secret.reveal() == "from a file");
  BOOST_TEST(got->dashboard_token.empty());
  BOOST_TEST(got->settle.count() == 1'000);
  BOOST_TEST(got->limits.commits_max == 250u);
}

BOOST_AUTO_TEST_CASE(every_key_gets_where_it_belongs) {
  const auto got = read(
      "listen: unix:/run/f.sock\npublic_url: https://f.example.org\n"
      "tls: {certificate_file: /c.pem, key_file: /k.pem}\ndata_dir: /data\nstore: memory\n"
      "log: {level: warn, format: json}\nworkers: 64\nscan_threads: 3\nsettle: 500ms\njob_timeout: 5m\n"
      "attempts: 2\nkeep: 12h\nlink_valid: 2d\ndashboard_token: {env: FANLIGHT_TEST_SECRET}\n"
      "key: {file: $/secret}\nca_file: /ca.pem\n"
      "github:\n  api_url: https://g.example.org/api/v3\n  web_url: https://g.example.org\n"
      "  webhook_secret: {file: $/secret}\n  app_id: \"7\"\n  app_private_key: {file: $/secret}\n"
      "  bot_login: bot\n  status_name: doors\n"
      "GIT\n"
      "limits: {diff_bytes: 1024, file_bytes: 2048, files: 3, commits: 4}\n"
      "policy:\n  openness: public\n  review: {fail_on: warn}\n");
  BOOST_REQUIRE_MESSAGE(got, (got ? "" : got.error().text));
  BOOST_TEST(got->listen == "unix:/run/f.sock");
  BOOST_TEST(got->public_url == "https://f.example.org");
  BOOST_TEST(got->tls_certificate_file == "/c.pem");
  BOOST_TEST(got->tls_key_file == "/k.pem");
  BOOST_TEST(got->data_dir == "/data");
  BOOST_TEST(got->memory_store);
  BOOST_TEST((got->log_level == log::Level::warn));
  BOOST_TEST((got->log_format == log::Format::json));
  BOOST_TEST(got->workers == 64u);
  BOOST_TEST(got->scan_threads == 3u);
  BOOST_TEST(got->settle.count() == 500);
  BOOST_TEST(got->job_timeout.count() == 300'000);
  BOOST_TEST(got->attempts_max == 2u);
  BOOST_TEST(got->keep.count() == 12);
  BOOST_TEST(got->link_valid.count() == 48);
  BOOST_TEST(got->dashboard_token.reveal() == "from the environment");
  BOOST_TEST(got->key.reveal() == "from a file");
  BOOST_TEST(got->ca_file == "/ca.pem");
  BOOST_REQUIRE(got->github.has_value());
  BOOST_TEST(got->github->api_url == "https://g.example.org/api/v3");
  BOOST_TEST(got->github->web_url == "https://g.example.org");
  BOOST_TEST(got->github->app_id == "7");
  BOOST_TEST(got->github->bot_login == "bot");
  BOOST_TEST(got->github->status_name == "doors");
  BOOST_TEST(got->limits.diff_bytes_max == 1024u);
  BOOST_TEST(got->limits.file_bytes_max == 2048u);
  BOOST_TEST(got->limits.files_max == 3u);
  BOOST_TEST(got->limits.commits_max == 4u);
  BOOST_TEST((got->policy.openness == policy::Openness::public_));
  BOOST_TEST((got->policy.fail_on == Severity::warn));
}

BOOST_AUTO_TEST_CASE(the_schema_is_json_and_names_every_section) {
  const std::string text = config_schema();
  rapidjson::Document schema;
  schema.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  BOOST_REQUIRE(!schema.HasParseError());
  BOOST_REQUIRE(schema.IsObject());
  BOOST_REQUIRE(schema["properties"].IsObject());
  for (const char* key : {"listen", "tls", "log", "github", "git", "limits", "policy", "dashboard_token"}) {
    BOOST_TEST_CONTEXT(key) {
      BOOST_REQUIRE(schema["properties"].HasMember(key));
      BOOST_TEST(schema["properties"][key]["description"].GetStringLength() > 0u);
    }
  }
  BOOST_TEST(schema["additionalProperties"].IsFalse());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_an_error_with_its_name) {
  const auto got = read_config_file(dir / "absent.yaml", rules);
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code == ErrorCode::not_found));
  BOOST_TEST(got.error().text.find("absent.yaml") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rules_of_ones_own_are_read_and_checked) {
  const std::string rule =
      "[{id: acme-token, name: Acme token, service: acme, kind: secret, anchors: [acme_], pattern: "
      "'acme_[0-9]{9}', "
      "message: m, remedy: r}]";
  dir.write("rules.yaml", rule);
  dir.write("bad.yaml", "- {id: acme-key}\n");
  const auto got = read("GIT\nrules_files: [$/rules.yaml]\npolicy: {rules: {acme-token: off}}\n");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->rules.size() == 1u);
  const auto inline_rules = read("GIT\npolicy:\n  custom_rules: " + rule + "\n  rules: {acme-token: off}\n");
  BOOST_REQUIRE(inline_rules);
  BOOST_TEST(inline_rules->rules.size() == 1u);
  BOOST_TEST(inline_rules->policy.custom_rules.empty());
  const auto bad = read("GIT\nrules_files: [$/bad.yaml]\n");
  BOOST_REQUIRE(!bad);
  BOOST_TEST(bad.error().text.find("bad.yaml:1: kind: must be secret or coupling") != std::string::npos);
  BOOST_TEST(!read("GIT\nrules_files: [$/absent.yaml]\n"));
  BOOST_TEST(!read("GIT\nrules_files: [$/rules.yaml]\npolicy:\n  custom_rules: " + rule + "\n"));
}

BOOST_AUTO_TEST_CASE(the_key_is_made_once_and_kept_to_its_owner) {
  Config made;
  made.data_dir = dir / "data";
  std::filesystem::create_directory(made.data_dir);
  SeededRandom random(1);
  const auto first = load_or_make_key(made, random), second = load_or_make_key(made, random);
  BOOST_REQUIRE(first);
  BOOST_REQUIRE(second);
  BOOST_TEST(first->reveal().size() >= 32u);
  BOOST_TEST(first->reveal() == second->reveal());
  const auto mode = std::filesystem::status(made.data_dir + "/key").permissions();
  BOOST_TEST((mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));

  Config given = made;
  given.key = Secret("of the operator");
  BOOST_TEST(load_or_make_key(given, random)->reveal() == "of the operator");

  BOOST_REQUIRE(write_file(made.data_dir + "/key", "short"));
  BOOST_TEST(!load_or_make_key(made, random));  // never weaker keys, and never another one in its place
}

BOOST_AUTO_TEST_SUITE_END()
