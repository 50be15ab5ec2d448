#include <boost/test/unit_test.hpp>

#include "fanlight/core/text.hpp"
#include "fanlight/coupling/find.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "scan.hpp"

namespace fanlight::coupling {

namespace {

struct Row {
  std::string_view path, text, expected;
};

constexpr std::string_view kModule = "modules/x/main.tf", kRole = "roles/x/tasks/main.yml";
constexpr std::string_view kTemplate = "roles/x/templates/x.conf.j2";

void check(std::span<const Row> rows, const Lexicon& lexicon) {
  for (const Row& row : rows) {
    const std::string got = summary(scan(row.path, row.text, &lexicon));
    BOOST_TEST(got == row.expected, row.path << ": " << row.text << " gave \"" << got << '"');
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lexicon_tokens)

BOOST_AUTO_TEST_CASE(sites_are_found_in_names) {
  const Lexicon lexicon{.domains = {}, .sites = {"iad2", "mdc1"}};
  static constexpr auto kRows = std::to_array<Row>({
      {kModule, "server = \"noc01.iad2.nwcharlie.org\"", "site-token:block"},
      {kModule, "server = \"db-IAD2-01\"", "site-token:block"},
      {kModule, "default = \"/srv/mdc1/www\"", "site-token:block"},
      {kModule, "datacenter = \"mdc1\"", "site-token:block"},
      {kRole, "relay: mail.mdc1.nwcharlie.org", "site-token:block"},
      {"main.tf", "server = \"noc01.iad2.nwcharlie.org\"", "site-token:note"},
      {"environments/prod/x.yaml", "server: noc01.iad2.nwcharlie.org", ""},
      {"README.md", "noc01.iad2.nwcharlie.org", ""},
      // Right: an input.
      {kModule, "server = \"noc01.${var.site}.nwcharlie.org\"", ""},
      // Traps: a word of its own, part of another word, a comment, a map's key.
      {kModule, "title = \"iad2\"", ""},
      {kModule, "server = \"noc01.iad23.nwcharlie.org\"", ""},
      {kModule, "server = \"noc01.biad2.nwcharlie.org\"", ""},
      {kModule, "# like noc01.iad2.nwcharlie.org", ""},
      {kModule, "server = \"noc01.iad2.example.org\"", ""},
      {kRole, "name: move the hosts of iad2 away", ""},
  });
  check(kRows, lexicon);
}

BOOST_AUTO_TEST_CASE(environments_are_found_in_names_of_shared_code) {
  const Lexicon lexicon{.domains = {}, .environments = {"blue"}};
  static constexpr auto kRows = std::to_array<Row>({
      {kModule, "queue = \"cf-prod-buildpacks\"", "environment-token-in-module:warn"},
      {kModule, "name = \"blue-${var.name}\"", "environment-token-in-module:warn"},
      {kModule, "name = \"tf-Staging-queue\"", "environment-token-in-module:warn"},
      {kRole, "cluster_name: web-production", "environment-token-in-module:warn"},
      // Right: an input. And what an instance calls its own things is its own affair.
      {kModule, "bucket = \"cf-${var.environment}-buildpacks\"", ""},
      {"main.tf", "queue = \"cf-prod-buildpacks\"", ""},
      {"environments/prod/main.tf", "bucket = \"cf-prod-buildpacks\"", ""},
      {"modules/x/tests/main.tf", "bucket = \"cf-prod-buildpacks\"", ""},
      // Traps: the environment as a value, words that contain one, sentences, levels, paths, other keys.
      {kModule, "environment = \"prod\"", ""},
      {kModule, "name = \"prod\"", ""},
      {kModule, "name = \"product-list\"", ""},
      {kRole, "name: Restart the production web server", ""},
      {kRole, "log_level: prod-debug", ""},
      {kModule, "source = \"../../environments/prod/vpc\"", "caller-layout-assumption:block"},
      {kModule, "name = \"prod2-list\"", ""},
      {kTemplate, "# name = cf-prod-x", ""},
      {kModule, "description = \"name = cf-prod-x\"", ""},
  });
  check(kRows, lexicon);
}

BOOST_AUTO_TEST_CASE(own_domains_have_private_parts) {
  const Lexicon lexicon{{"nwcharlie.net"}};
  static constexpr auto kRows = std::to_array<Row>({
      {kModule, "e = \"db01.int.nwcharlie.net\"", "internal-only-dns-name:block"},
      {kModule, "e = \"private.nwcharlie.net\"", "internal-only-dns-name:block"},
      {"main.tf", "e = \"db01.corp.nwcharlie.net\"", "internal-only-dns-name:note"},
      {"inventory/hosts", "db01.corp.nwcharlie.net", "internal-only-dns-name:note"},
      {kModule, "e = \"int-test.nwcharlie.net\"", "org-domain-host:block"},
      {kModule, "e = \"print.nwcharlie.net\"", "org-domain-host:block"},
  });
  check(kRows, lexicon);
}

BOOST_AUTO_TEST_CASE(a_private_name_is_nowhere_right_and_nowhere_repeated) {
  const Secret key("k");
  const auto terms =
      SealedTerms::open(std::vector<std::string>{seal_term("BlueHeron", key).value()}, key).value();
  for (const Layer layer : {Layer::shared, Layer::instance, Layer::env_data, Layer::doc_test}) {
    const auto hits = find_sealed_names("# the BLUE_HERON team", layer, terms);
    BOOST_REQUIRE(hits.size() == 1u);
    const Judgement& judgement = hits[0].judgement;
    BOOST_TEST(hits[0].rule->id == "org-unit-or-project-codename");
    BOOST_TEST(is_sealed_rule(hits[0].rule->id));
    BOOST_TEST((judgement.severity == Severity::block));
    BOOST_TEST(judgement.normalised == "blueheron");
    for (const std::string& words : {judgement.title, judgement.message, judgement.remedy})
      BOOST_TEST(to_lower(words).find("heron") == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
