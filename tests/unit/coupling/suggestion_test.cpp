// A suggestion is the line with a parameter in the literal's place: applied and scanned again, nothing is
// left.
#include <array>
#include <boost/test/unit_test.hpp>

#include "scan.hpp"

namespace fanlight::coupling {

namespace {

struct Row {
  std::string_view path, line, expected;  // expected: empty when there is no suggestion
};

constexpr auto kRows = std::to_array<Row>({
    {"modules/x/main.tf", "  subnet_id = \"subnet-0bb1c7e94f3d25926\"", "  subnet_id = var.subnet_id"},
    {"modules/x/main.tf", "  id = \"subnet-0bb1c7e94f3d25926\"", "  id = var.subnet_id"},
    {"modules/x/main.tf", "  subnet_ids = [\"subnet-0bb1c7e94f3d25926\"]", ""},
    {"modules/x/main.tf", "  url = \"http://10.34.8.1:8080/x\"", ""},
    {"modules/x/main.tf", "  # subnet-0bb1c7e94f3d25926", ""},
    {"stacks/x/main.tf", "  subnet_id = \"subnet-0bb1c7e94f3d25926\"", ""},
    {"roles/x/tasks/main.yml", "    host: db01.prod.corp", "    host: \"{{ host }}\""},
    {"roles/x/tasks/main.yml", "    host: \"db01.prod.corp\"", "    host: \"{{ host }}\""},
    {"roles/x/tasks/main.yml", "    url: http://db01.prod.corp/x", ""},
    {"modules/x/manifests/init.pp", "  address => '10.34.8.1',", "  address => $address,"},
    {"charts/x/templates/a.yaml", "  host: db01.prod.corp", "  host: {{ .Values.host | quote }}"},
    {".github/workflows/x.yml", "  role: arn:aws:iam::610187654329:user/deploy", ""},
});

}  // namespace

BOOST_AUTO_TEST_SUITE(suggestions)

BOOST_AUTO_TEST_CASE(what_is_suggested_passes_the_rules) {
  for (const Row& row : kRows) {
    const auto found = scan(row.path, row.line);
    const std::string got = found.empty() ? "" : found.front().judgement.suggestion.value_or("");
    BOOST_TEST(got == row.expected, row.line << " gave \"" << got << '"');
    if (!got.empty()) BOOST_TEST(scan(row.path, got).empty(), got);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(vocabulary)

BOOST_AUTO_TEST_CASE(own_words_have_the_nearest_rule) {
  struct Named {
    std::string_view text, expected;
    std::string_view path = "modules/x/main.tf";
  };
  Lexicon lexicon;
  lexicon.domains = {"nwcharlie.net"};
  lexicon.names = {"nwcharlie"};
  constexpr auto kNamed = std::to_array<Named>({
      {"endpoint = \"https://sso.nwcharlie.net/oauth\"", "org-domain-host:block"},
      {"smtp_relay = \"mail.nwcharlie.net\"", "private-time-or-mail-infra:block"},
      {"ntp_server: ntp1.nwcharlie.net", "private-time-or-mail-infra:block", "roles/x/tasks/main.yml"},
      {"ntp_server: 0.pool.ntp.org", "", "roles/x/tasks/main.yml"},
      {"oidc_issuer = \"https://id.nwcharlie.net\"", "spiffe-or-oidc-issuer:block"},
      {"runbook_url: https://wiki.nwcharlie.net/x", "dashboard-or-runbook-link:warn",
       "charts/x/templates/a.yaml"},
      {"data \"aws_route53_zone\" \"this\" {\n  name = \"nwcharlie.net\"\n}", "lookup-by-org-name:warn"},
      {"data \"aws_route53_zone\" \"this\" {\n  name = var.zone\n}", ""},
      {"organization = \"nwcharlie\"", "organisation-as-default-identity:block"},
      {"organization = var.organization", ""},
      {"name = \"nwcharlie-audit\"", "org-name-in-identifier:warn"},
      {"name = \"${var.prefix}-audit\"", ""},
      {"name = \"nwcharlie-audit\"", "", "environments/prod/x.tf"},
      {"# nwcharlie-audit", ""},
      {"author: nwcharlie-team", "", "roles/x/meta/main.yml"},
      {"<p>Welcome to Nwcharlie</p>", "org-header-or-brand-asset:warn", "roles/x/templates/a.html"},
      {"<p>Copyright Nwcharlie</p>", "", "roles/x/templates/a.html"},
  });
  for (const Named& row : kNamed) {
    const std::string got = summary(scan(row.path, row.text, &lexicon));
    BOOST_TEST(got == row.expected, row.text << " gave \"" << got << '"');
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
