// Private names in messages, titles and branches (H02), and in paths (H03).
#include "fanlight/coupling/metadata.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

#include "fanlight/detect/rule.hpp"

namespace fanlight::coupling {

namespace {

const Lexicon& lexicon() {
  static const Lexicon kLexicon{.domains = {"corp.example"}, .sites = {"iad2"}, .names = {"acme"}};
  return kLexicon;
}

std::string in_words(std::string_view text) {
  static const auto kRules = detect::builtin_rules();
  static const auto kEngine = detect::Engine::make(kRules);
  static detect::Engine::Scratch scratch = (*kEngine)->make_scratch();
  const auto matches = (*kEngine)->scan(text, "", {.secrets = false}, scratch);
  std::string out;
  for (const Hit& hit : find_in_words((*kEngine)->rules(), matches, text, lexicon()))
    out += (out.empty() ? "" : " ") + hit.text;
  return out;
}

std::string in_path(std::string_view path, Layer layer = Layer::shared) {
  std::string out;
  for (const Hit& hit : find_in_path(path, layer, lexicon())) {
    BOOST_TEST(hit.text == path.substr(hit.span.begin, hit.span.end - hit.span.begin));
    out += (out.empty() ? "" : " ") + hit.text;
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(metadata)

BOOST_AUTO_TEST_CASE(words_about_code_tell_what_belongs_to_one_owner) {
  struct Row {
    const char *text, *found;
  };
  const Row rows[] = {
      {"Move the database to db01.int.corp.example", "db01.int.corp.example"},
      {"fix login\n\nSee https://jira.corp.example/browse/OPS-1 for why.\n", "jira.corp.example"},
      {"Let arn:aws:iam::482913507612:role/deploy assume it", "482913507612"},
      {"feature/vault.corp.example", "vault.corp.example"},
      // What everybody sees, and what is anybody's.
      {"See https://docs.corp.example/guide and www.corp.example", ""},
      {"corp.example is our domain", ""},
      {"Signed-off-by: Anna <anna.k@corp.example>", ""},
      {"Allow 10.20.30.40 and db.internal", ""},
      {"Rename self.corp and command.local", ""},
      {"Use acme in the name", ""},
      {"arn:aws:iam::123456789012:role/x is an example", ""},
      {"", ""},
  };
  for (const Row& row : rows)
    BOOST_TEST(in_words(row.text) == row.found, row.text << ": " << in_words(row.text));
}

BOOST_AUTO_TEST_CASE(names_in_paths_count_in_shared_code_alone) {
  struct Row {
    const char *path, *found;
  };
  const Row rows[] = {
      {"modules/acme-waf/main.tf", "acme-waf"},
      {"modules/waf/acme.tf", "acme.tf"},
      {"modules/acme-waf/acme.tf", "acme-waf acme.tf"},
      {"roles/ci.corp.example/tasks/main.yml", "ci.corp.example"},
      {"roles/web/templates/db01.corp.example.conf.j2", "db01.corp.example.conf.j2"},
      {"modules/dns-iad2/main.tf", "dns-iad2"},
      {"modules/ACME/main.tf", "ACME"},
      {"modules/acmeist/main.tf", ""},
      {"modules/waf/main.tf", ""},
      {"", ""},
  };
  for (const Row& row : rows)
    BOOST_TEST(in_path(row.path) == row.found, row.path << ": " << in_path(row.path));
  for (const Layer layer : {Layer::instance, Layer::env_data, Layer::doc_test})
    BOOST_TEST(in_path("host_vars/ci.corp.example/main.yml", layer) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
