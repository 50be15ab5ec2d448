// A suggestion is the line with a parameter in the literal's place: applied and scanned again, nothing is
// left.
#include <array>
#include <boost/test/unit_test.hpp>

#include "scan.hpp"

namespace fanlight::coupling {

namespace {

// `text`: the last line is the one with the literal. `expected`: what that line becomes; empty when there is
// no suggestion.
struct Row {
  std::string_view path, text, expected;
};

constexpr auto kRows = std::to_array<Row>({
    {"modules/x/main.tf", "  subnet_id = \"subnet-0bb1c7e94f3d25926\"", "  subnet_id = var.subnet_id"},
    {"modules/x/main.tf", "  id = \"subnet-0bb1c7e94f3d25926\"", "  id = var.subnet_id"},
    {"modules/x/main.tf", "  # subnet-0bb1c7e94f3d25926", ""},
    {"stacks/x/main.tf", "  subnet_id = \"subnet-0bb1c7e94f3d25926\"", ""},
    {"roles/x/tasks/main.yml", "    host: db01.prod.corp", "    host: \"{{ host }}\""},
    {"roles/x/tasks/main.yml", "    host: \"db01.prod.corp\"", "    host: \"{{ host }}\""},
    {"roles/x/tasks/main.yml", "    host: 'db01.prod.corp'", "    host: '{{ host }}'"},
    {"roles/x/tasks/main.yml", "    url: http://db01.prod.corp/x", "    url: \"http://{{ hostname }}/x\""},
    {"roles/x/tasks/main.yml", "    - 10.34.8.1", "    - \"{{ address }}\""},
    {"roles/x/tasks/main.yml", "    host: db01.prod.corp # the old one", ""},
    {"roles/x/tasks/main.yml", "    hosts: [db01.prod.corp, x]", ""},
    {"roles/x/templates/a.conf.j2", "server 10.34.8.1 iburst", "server {{ address }} iburst"},
    {"salt/x/init.sls", "    - gateway: 10.34.8.1", "    - gateway: \"{{ pillar['gateway'] }}\""},
    {"salt/x/init.sls", "{% set gateway = '10.34.8.1' %}", "{% set gateway = pillar['gateway'] %}"},
    {"modules/x/manifests/init.pp", "  address => '10.34.8.1',", "  address => $address,"},
    {"modules/x/manifests/init.pp", "  url => 'http://10.34.8.1:80/x',",
     "  url => \"http://${address}:80/x\","},
    {"modules/x/manifests/init.pp", "  command => 'curl http://10.34.8.1/$x',", ""},
    {"modules/x/manifests/init.pp", "class x {\n  $gateway = '10.34.8.1'",
     "  $gateway = lookup('x::gateway')"},
    {"modules/x/templates/a.conf.erb", "relayhost = 10.34.8.1", "relayhost = <%= @relayhost %>"},
    {"modules/x/templates/a.conf.epp", "relayhost = 10.34.8.1", "relayhost = <%= $relayhost %>"},
    {"charts/x/templates/a.yaml", "  host: db01.prod.corp", "  host: {{ .Values.host | quote }}"},
    {"charts/x/docker-compose.yml", "      DB_HOST: db01.prod.corp", ""},
    {"modules/x/docker-compose.yml", "services:\n  a:\n    environment:\n      DB: 10.34.8.1",
     "      DB: ${DB:?set DB}"},
    {"modules/x/docker-compose.yml", "services:\n  a:\n    environment:\n      - DB_HOST=10.34.8.1",
     "      - DB_HOST=${DB_HOST:?set DB_HOST}"},
    {"modules/x/docker-compose.yml", "services:\n  a:\n    extra_hosts:\n      - \"db:10.34.8.1\"", ""},
    {"roles/x/tasks/main.yml", "    line: \"server 10.34.8.1\"", "    line: \"server {{ address }}\""},
    {"modules/x/manifests/init.pp", "  range => '10.34.8.1 10.34.8.9',", ""},
    {"modules/x/net.py", "import pulumi\nfrom pulumi_aws import ec2\nx(vpc_id=\"vpc-0bb1c7e94f3d25926\")",
     "x(vpc_id=pulumi.Config().require(\"vpc_id\"))"},
    {"modules/x/net.py", "import pulumi\nconfig = pulumi.Config()\nu = \"http://db01.prod.corp/x\"",
     "u = f\"http://{config.require('u')}/x\""},
    {"modules/x/net.py", "from aws_cdk import Stack\nv = f(self, vpc_id='vpc-0bb1c7e94f3d25926')",
     "v = f(self, vpc_id=self.node.try_get_context('vpc_id'))"},
    {"modules/x/net.py", "import os\nvpc = \"vpc-0bb1c7e94f3d25926\"", "vpc = os.environ[\"VPC\"]"},
    {"modules/x/net.py", "vpc = \"vpc-0bb1c7e94f3d25926\"", ""},
    {"modules/x/stack.ts",
     "import * as cdk from 'aws-cdk-lib';\nx(this, 'y', {\n  vpcId: 'vpc-0bb1c7e94f3d25926',",
     "  vpcId: this.node.tryGetContext('vpcId'),"},
    {"modules/x/stack.ts", "const u = 'http://db01.prod.corp/x';", "const u = `http://${process.env.U!}/x`;"},
    {"modules/x/boot.sh", "DB=10.34.8.1", "DB=\"${DB:?set DB}\""},
    {"modules/x/boot.sh", "DB='10.34.8.1'", "DB=\"${DB:?set DB}\""},
    {"modules/x/boot.sh", "curl http://10.34.8.1/x", "curl http://${ADDRESS:?set ADDRESS}/x"},
    {"modules/x/boot.sh", "cat > x <<'EOF'\nserver 10.34.8.1", ""},
    {"modules/x/Dockerfile", "ENV DB_HOST=10.34.8.1", "ARG DB_HOST\nENV DB_HOST=${DB_HOST}"},
    {"modules/x/Dockerfile", "RUN a && \\\n    b 10.34.8.1", ""},
    {"modules/x.nix", "{ config, lib, ... }:\n{\n  gateway = \"10.34.8.1\";",
     "  gateway = config.site.gateway;"},
    {"modules/x.nix", "{ lib, config, ... }:\nlet cfg = config.x;\n  url = \"http://10.34.8.1/x\";",
     "  url = \"http://${cfg.address}/x\";"},
    {"modules/x.nix", "{ lib, ... }:\n{\n  gateway = \"10.34.8.1\";", ""},
    {"modules/x/template.yaml",
     "AWSTemplateFormatVersion: '2010-09-09'\n      SubnetId: subnet-0bb1c7e94f3d25926",
     "      SubnetId: !Ref SubnetId"},
    {"modules/x/template.yaml",
     "AWSTemplateFormatVersion: '2010-09-09'\n      Role: arn:aws:iam::610187654329:role/x",
     "      Role: !Sub \"arn:aws:iam::${AWS::AccountId}:role/x\""},
    {"modules/x/template.json",
     "{\"AWSTemplateFormatVersion\": \"2010-09-09\",\n  \"SubnetId\": \"subnet-0bb1c7e94f3d25926\"",
     "  \"SubnetId\": {\"Ref\": \"SubnetId\"}"},
});

}  // namespace

BOOST_AUTO_TEST_SUITE(suggestions)

BOOST_AUTO_TEST_CASE(what_is_suggested_passes_the_rules) {
  for (const Row& row : kRows) {
    const auto found = scan(row.path, row.text);
    const std::string got = found.empty() ? "" : found.front().judgement.suggestion.value_or("");
    BOOST_TEST(got == row.expected, row.text << " gave \"" << got << '"');
    if (got.empty()) continue;
    const std::size_t last = row.text.rfind('\n');
    const std::string above(row.text.substr(0, last == row.text.npos ? 0 : last + 1));
    const std::string left = summary(scan(row.path, above + got));
    BOOST_TEST((left.empty() || left == "partition-literal:note"), got << " leaves " << left);
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
      {"recipient => 'root@nwcharlie.net',", "org-domain-host:warn", "modules/x/manifests/init.pp"},
      {"# root@nwcharlie.net reads it", "", "modules/x/manifests/init.pp"},
      {"maintainer = \"ops@nwcharlie.net\"", "", "modules/x/a.py"},
      {"ssl_cert => '/etc/ssl/wildcard.nwcharlie.net-2020-2.crt',", "org-domain-host:block",
       "modules/x/manifests/init.pp"},
      {"key = \"cache.nwcharlie.net-1:6NCHdD59X431o0gW\"", "org-domain-host:block"},
      {"url = \"https://nwcharlie.net-fans.com\"", ""},
      {"# obtain one at http://nwcharlie.net/MPL/2.0/.", ""},
      {"ldap_search_base: ou=people,dc=infra,dc=nwcharlie,dc=net", "organisation-as-default-identity:block",
       "roles/x/tasks/main.yml"},
      {"ldap_search_base: dc=example,dc=org", "", "roles/x/tasks/main.yml"},
      {"# dc=nwcharlie,dc=net", "", "roles/x/tasks/main.yml"},
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
