// What people read: short, concrete, in the words of the file's own format, and never the literal itself.
#include <boost/test/unit_test.hpp>

#include <array>

#include "fanlight/core/text.hpp"
#include "fanlight/coupling/layers.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "fanlight/detect/rule.hpp"
#include "scan.hpp"

namespace fanlight::coupling {

BOOST_AUTO_TEST_SUITE(words)

BOOST_AUTO_TEST_CASE(a_remedy_speaks_the_files_language) {
  struct Row {
    std::string_view path, text, title, remedy;  // remedy: a part of it
  };
  constexpr auto kRows = std::to_array<Row>({
      {"modules/vpc/main.tf", "resource \"a\" \"b\" {\n  subnet_id = \"subnet-0bb1c7e94f3d25926\"\n}",
       "Subnet of one AWS account, in a shared module",
       "Use `var.subnet_id`, declare `variable \"subnet_id\" { type = string }` in "
       "`modules/vpc/variables.tf`"},
      {"modules/vpc/main.tf", "subnet_id = \"subnet-0bb1c7e94f3d25926\"", "", "`data.aws_subnet.this.id`"},
      {"modules/vpc/variables.tf", "variable \"db_host\" {\n  default = \"10.34.8.1\"\n}",
       "Private address, as a default in a shared module",
       "Drop the default, so that the caller has to give `db_host`"},
      {"roles/web/tasks/main.yml", "db_host: 10.34.8.1", "Private address, in a shared role",
       "Use `{{ db_host }}`, with a neutral value in the role's `defaults/main.yml`"},
      {"roles/web/defaults/main.yml", "db_host: 10.34.8.1", "Private address, as a default in a shared role",
       "put the real one in `group_vars/`"},
      {"charts/api/templates/d.yaml", "db_host: 10.34.8.1", "", "`{{ .Values.db_host }}`"},
      {"charts/api/values.yaml", "db_host: 10.34.8.1", "", "`values-<env>.yaml`"},
      {"k8s/base/d.yaml", "apiVersion: v1\nkind: X\ndb_host: 10.34.8.1", "Private address, in a shared base",
       "`overlays/<env>/`"},
      {"docker-compose.yml", "services:\n  a:\n    extra_host: 10.34.8.1", "Private address",
       "`${EXTRA_HOST:?set EXTRA_HOST}`"},
      {".github/workflows/x.yml", "role-to-assume: arn:aws:iam::610187654329:role/x", "AWS account id",
       "`${{ vars.ACCOUNT_ID }}`"},
      {"modules/n/manifests/init.pp", "  $db_host = '10.34.8.1'", "", "typed class parameter"},
      {"salt/n/init.sls", "db_host: 10.34.8.1", "", "`{{ pillar['db_host'] }}`"},
      {"modules/x/t.yaml", "AWSTemplateFormatVersion: x\nVpcId: vpc-8f31d2a7", "", "`!Ref VpcId`"},
      {"modules/x/run.sh", "DB_HOST=10.34.8.1", "", "`${DB_HOST:?set DB_HOST}`"},
      {"inventory/hosts.yml", "ansible_host: 10.34.8.1", "Private address",
       "Nothing to do, if it may be known."},
      {"modules/vpc/main.tf", "# 10.34.8.1", "Private address, in a comment", "Take it out"},
      {"modules/vpc/main.tf", "source = \"git@git.nwcharlie.net:a/b.git\"", "", "stub module"},
      {"modules/x/main.c", "x = \"10.34.8.1\"", "", "Make it a parameter without a default"},
  });
  for (const Row& row : kRows) {
    const auto found = scan(row.path, row.text);
    BOOST_REQUIRE_MESSAGE(found.size() == 1, row.path << ' ' << row.text << ": " << summary(found));
    const Judgement& got = found.front().judgement;
    if (!row.title.empty()) BOOST_TEST(got.title == row.title, row.path << ": " << got.title);
    BOOST_TEST(got.remedy.find(row.remedy) != std::string::npos, row.path << ": " << got.remedy);
  }
}

BOOST_AUTO_TEST_CASE(every_text_is_short_plain_and_without_the_literal) {
  constexpr auto kPaths = std::to_array<std::string_view>(
      {"modules/x/main.tf", "roles/x/tasks/main.yml", "charts/x/values.yaml", "main.tf", "inventory/x.yml",
       "docker-compose.yml", ".github/workflows/x.yml", "tests/x.yml", "salt/x.sls", "modules/x/init.pp",
       "Dockerfile"});
  for (const detect::Rule& rule : detect::builtin_rules().rules) {
    if (rule.kind != FindingKind::coupling) continue;
    for (const std::string_view example : rule.examples) {
      for (const std::string_view path : kPaths) {
        for (const Found& item : scan(path, example)) {
          const Judgement& j = item.judgement;
          BOOST_TEST(j.title.size() <= 60U, j.title);
          BOOST_TEST(!j.message.empty());
          BOOST_TEST(!j.remedy.empty());
          BOOST_TEST(!j.normalised.empty());
          const std::string all = j.title + j.message + j.remedy;
          const bool shown = item.rule != "partition-literal" && all.find(item.text) != std::string::npos;
          BOOST_TEST(!shown, rule.id << " shows what it found: " << all);
          BOOST_TEST(all.find('!') == all.find("`!Ref"), all);
          BOOST_TEST(all.find('\n') == std::string::npos, all);
          BOOST_TEST(is_utf8(all), all);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_same_literal_written_differently_has_one_normal_form) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"x = \"FD3A:91C7:2E04:0008::17\"", "x = \"fd3a:91c7:2e04:8::0017\""},
      {"mac: 3C-EC-EF-41-7B-9E", "mac: 3c:ec:ef:41:7b:9e"},
      {"host: DB01.Prod.Corp", "host: db01.prod.corp"},
      {"tenant_id: 7C1E05D2-93AB-4F68-B0D7-E52F186A94C3", "tenant_id: 7c1e05d2-93ab-4f68-b0d7-e52f186a94c3"},
  };
  for (const auto& [a, b] : rows) {
    const auto left = scan("roles/x/vars/a.yml", a), right = scan("roles/x/vars/a.yml", b);
    BOOST_REQUIRE_MESSAGE(left.size() == 1 && right.size() == 1, a);
    BOOST_TEST(left.front().judgement.normalised == right.front().judgement.normalised, a);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lexicon)

BOOST_AUTO_TEST_CASE(names_under_the_organisations_domains_are_found) {
  struct Row {
    std::string_view path, text, expected;
  };
  constexpr std::string_view kModule = "modules/x/main.tf";
  constexpr auto kRows = std::to_array<Row>({
      {kModule, "e = \"https://sso.nwcharlie.net/oauth\"", "org-domain-host:block"},
      {kModule, "e = \"SSO.NWCharlie.NET\"", "org-domain-host:block"},
      {kModule, "e = \"nwcharlie.net\"", "org-domain-host:block"},
      {kModule, "e = [\"a.nwcharlie.net\", \"b.nwcharlie.net\"]",
       "org-domain-host:block org-domain-host:block"},
      {kModule, "e = \"a.nwcharlie.net.\"", "org-domain-host:block"},
      {kModule, "e = \"a.nwcharlie.net:443\"", "org-domain-host:block"},
      {kModule, "e = \"${var.host}.nwcharlie.net\"", "org-domain-host:block"},
      {kModule, "e = \"ssh://git@git.nwcharlie.net/x\"", "org-domain-host:block"},
      {kModule, "e = \"notnwcharlie.net\"", ""},
      {kModule, "e = \"nwcharlie.network\"", ""},
      {kModule, "e = \"nwcharlie.net.example\"", ""},
      {kModule, "e = \"nwcharlie-net\"", ""},
      {kModule, "x = {\n  \"ci.nwcharlie.net\" = 1\n}", ""},
      {kModule, "# see sso.nwcharlie.net", "org-domain-host:note"},
      {kModule, "description = \"like sso.nwcharlie.net\"", ""},
      {kModule, "homepage = \"https://www.nwcharlie.net\"", ""},
      {"main.tf", "e = \"sso.nwcharlie.net\"", "org-domain-host:note"},
      {"inventory/hosts", "sso.nwcharlie.net", ""},
      {"README.md", "sso.nwcharlie.net", ""},
      {kModule, "owner = \"anna.k@nwcharlie.net\"", "personal-email:block"},
      {kModule, "owner = \"security@nwcharlie.net\"", ""},
      {"inventory/hosts.yml", "owner: anna.k@mail.nwcharlie.net", "personal-email:warn"},
      {kModule, "host = \"db.corp.internal\"", "org-domain-host:block"},
  });
  const Lexicon lexicon{{"nwcharlie.net", "corp.internal", "eu.nwcharlie.net"}};
  for (const Row& row : kRows) {
    const std::string got = summary(scan(row.path, row.text, &lexicon));
    BOOST_TEST(got == row.expected, row.text << " gave \"" << got << '"');
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_looked_for_without_a_lexicon) {
  const Lexicon empty;
  BOOST_TEST(find_lexicon_hosts({"a.tf", "sso.nwcharlie.net", Layer::shared, nullptr}).empty());
  BOOST_TEST(find_lexicon_hosts({"a.tf", "sso.nwcharlie.net", Layer::shared, &empty}).empty());
}

BOOST_AUTO_TEST_CASE(a_host_below_two_domains_is_one_finding) {
  const Lexicon lexicon{{"nwcharlie.net", "eu.nwcharlie.net"}};
  BOOST_TEST(find_lexicon_hosts({"a.tf", "x = \"db.eu.nwcharlie.net\"", Layer::shared, &lexicon}).size() ==
             1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
