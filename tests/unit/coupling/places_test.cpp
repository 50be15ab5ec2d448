// Rules about places that one organisation has: jump hosts, catalogues, indexes, state, people's lists,
// trust. For each a coupled line, its right fix, a wrong fix where there is one, and the traps.
#include <array>
#include <boost/test/unit_test.hpp>

#include "scan.hpp"

namespace fanlight::coupling {

namespace {

// `expected` as summary() writes it; empty: no finding.
struct Row {
  std::string_view text, expected;
  std::string_view path = "modules/x/main.tf";
};

constexpr std::string_view kYaml = "roles/x/tasks/main.yml";

constexpr auto kNetwork = std::to_array<Row>({
    {"ansible_ssh_common_args: '-o ProxyCommand=\"ssh -W %h:%p -q deploy@gate1.nwcharlie.net\"'",
     "bastion-or-vpn-endpoint:block", kYaml},
    {"  ProxyJump deploy@gate1.nwcharlie.net", "bastion-or-vpn-endpoint:block", "roles/x/files/ssh_config"},
    {"ansible_ssh_common_args: \"{{ bastion_args }}\"", "", kYaml},
    {"ansible_ssh_common_args: '-o ProxyCommand=\"ssh -W %h:%p {{ bastion }}\"'", "", kYaml},
    {"ProxyCommand sh -c \"aws ssm start-session --target %h\"", "", kYaml},
    {"  ProxyJump bastion.example.com", "", kYaml},
    {"  ProxyJump bastion", "", kYaml},
    {"url = \"http://billing-db.service.eqx1.consul:5432\"", "consul-or-mesh-name:warn"},
    {"url = \"http://orders.query.consul\"", "consul-or-mesh-name:warn"},
    {"url = \"http://${var.service}.service.consul\"", ""},
    {"url = \"http://consul.service.consul:8500\"", ""},
    {"url = \"http://active.vault.service.consul:8200\"", ""},
    {"x = [\"10.34.0.0/24\", \"10.34.1.0/24\", \"10.34.2.0/24\"]",
     "rfc1918-host-or-cidr:block rfc1918-host-or-cidr:block rfc1918-host-or-cidr:block"},
    {"cidrs = [\"10.34.0.0/24\", \"10.34.1.0/24\", \"10.34.2.0/24\", \"10.34.3.0/24\"]",
     "hand-allocated-address-plan:warn rfc1918-host-or-cidr:block rfc1918-host-or-cidr:block "
     "rfc1918-host-or-cidr:block rfc1918-host-or-cidr:block"},
    {"cidrs = [for i in range(4) : cidrsubnet(var.cidr, 8, i)]", ""},
    {"cidrs = [\"10.0.0.0/8\", \"172.16.0.0/12\", \"192.168.0.0/16\", \"100.64.0.0/10\"]", ""},
    {"ipmi_address: db7-mgmt.nwcharlie.net", "mac-or-serial:block", kYaml},
    {"ipmi_address: \"{{ lookup('ipam', inventory_hostname) }}\"", "", kYaml},
});

constexpr auto kArtefacts = std::to_array<Row>({
    {"RUN pip install --index-url https://pypi.eqx.corp/simple app", "private-package-index:block",
     "charts/x/Dockerfile"},
    {"registry=https://nwcharlie.jfrog.io/artifactory/api/npm/npm/", "private-package-index:block",
     "roles/x/files/npmrc"},
    {"baseurl: \"{{ package_mirror }}\"", "", kYaml},
    {"registry=https://registry.npmjs"
     ".org/",
     "", "roles/x/files/npmrc"},
    {"deb http://deb.debian"
     ".org/debian bookworm main",
     "", "roles/x/files/sources.list"},
    {"url: https://releases.jfrog.io/artifactory/x", "", kYaml},
    {"get_url:\n  url: https://nwcharlie-builds.s3.amazonaws.com/agent/agent-4.2.tar.gz",
     "artefact-in-private-bucket:block", kYaml},
    {"get_url:\n  url: \"{{ artefact_url }}\"\n  checksum: \"{{ artefact_sum }}\"", "", kYaml},
    {"get_url:\n  url: https://amazon-eks.s3.us-west-2.amazonaws.com/1.21/x.zip", "", kYaml},
    {"get_url:\n  url: https://example-bucket.s3.amazonaws.com/x.zip", "", kYaml},
});

constexpr auto kState = std::to_array<Row>({
    {"data \"terraform_remote_state\" \"network\" {\n}", "reads-sibling-state:block"},
    {"data \"terraform_remote_state\" \"network\" {\n}", "reads-sibling-state:note", "stacks/x/main.tf"},
    {"# data \"terraform_remote_state\" \"network\" {", ""},
    {"variable \"vpc_id\" {\n  type = string\n}", ""},
    {"count = var.environment == \"production\" ? 3 : 1", "workspace-or-env-conditional:warn"},
    {"count = terraform.workspace != \"prod\" ? 0 : 1", "workspace-or-env-conditional:warn"},
    {"on = contains([\"staging\", \"prod\"], var.env)", "workspace-or-env-conditional:warn"},
    {"when: env == 'production'", "workspace-or-env-conditional:warn", kYaml},
    {"{{- if eq .Values.global.env \"prod\" }}", "workspace-or-env-conditional:warn",
     "charts/x/templates/a.yaml"},
    {"count = var.enable_mirror ? 3 : 1", ""},
    {"count = var.environment == \"\" ? 3 : 1", ""},
    {"count = var.environment == \"production\" ? 3 : 1", "", "stacks/x/main.tf"},
    {"if: ${{ env.NODE_ENV == 'production' }}", "", kYaml},
    {"script = file(\"${path.root}/scripts/boot.sh\")", "caller-layout-assumption:block"},
    {"script = file(\"${path.module}/../../scripts/boot.sh\")", "caller-layout-assumption:block"},
    {"script = file(\"${path.module}/boot.sh\")", ""},
    {"source = \"../network\"", ""},
    {"script = var.boot_script", ""},
});

constexpr auto kContacts = std::to_array<Row>({
    {"admins = [\"akowalczyk\", \"tokafor\"]", "named-user-list:block"},
    {"reviewers: [anna.kowalczyk, t.okafor]", "named-user-list:block", kYaml},
    {"sudoers:\n  - akowalczyk\n  - tokafor\n", "named-user-list:block", kYaml},
    {"admins: \"{{ ldap_group_members }}\"", "", kYaml},
    {"owners = [\"amazon\", \"self\"]", ""},
    {"users = [\"root\", \"ubuntu\"]", ""},
    {"users = [\"alice\", \"bob\"]", ""},
    {"maintainers: [akowalczyk, tokafor]", "", "roles/x/OWNERS"},
    {"phone_number = \"+447911843207\"", "phone-or-pager:block"},
    {"sms: \"+1 (628) 384-2917\"", "phone-or-pager:block", "group_vars/all.yml"},
    {"phone_number = var.contact_phone", ""},
    {"phone = \"+0000000000\"", ""},
    {"phone: \"+1 415 555 0132\"", "", kYaml},
    {"phone = \"+441632960123\"", ""},
    {"# see https://nwcharlie.atlassian.net/browse/INFRA-4127", "ticket-or-wiki-link:note"},
    {"# see https://hibernate.atlassian.net/browse/HHH-1", ""},
    {"# see RFC-2119, UTF-8 and SHA-256", ""},
    {"pagerduty_escalation_policy = \"P7K2M4X\"", "oncall-escalation-object:block"},
    {"pagerduty_escalation_policy = data.pagerduty_escalation_policy.this.id", ""},
    {"pagerduty_level = \"PRIMARY\"", ""},
    {"pagerduty_rule = \"PLR0913\"", ""},
    {"value = \"alerts-bot@nwcharlie.zulipchat.com\"", "bot-or-service-identity:warn"},
    {"value = var.zulip_username", ""},
    {"url: https://hooks.zapier.com/hooks/catch/4829175/b7k2m9x", "incoming-webhook-url:block", "docs/x.yml"},
});

constexpr auto kTrust = std::to_array<Row>({
    {"ga = \"UA-48291753-2\"", "telemetry-project-id:block"},
    {"ping = \"https://hc-ping.com/7c1e05d2-93ab-4f68-b0d7-e52f186a94c3\"", "telemetry-project-id:block"},
    {"SENTRY_DSN: \"{{ sentry_dsn | default('') }}\"", "", kYaml},
    {"ga = \"UA-XXXXX-Y\"", ""},
    {"issuer = \"https://oidc.eks.eu-west-1.amazonaws.com/id/7F3A91C72E04B85D6A0F13C8E2974B61\"",
     "spiffe-or-oidc-issuer:block"},
    {"id: spiffe://nwcharlie.net/ns/web", "spiffe-or-oidc-issuer:block", kYaml},
    {"id: spiffe://example.org/ns/web", "", kYaml},
    {"id: spiffe://cluster.local/ns/web", "", kYaml},
    {"issuer = \"https://token.actions.githubusercontent.com\"", ""},
    {"issuer = var.issuer", ""},
    {"values = [\"repo:nwcharlie/infra-live:*\"]", "gha-sub-claim:warn"},
    {"values = [\"repo:nwcharlie/infra-live:ref:refs/heads/main\"]", "gha-sub-claim:warn"},
    {"values = var.github_subjects", ""},
    {"values = [\"repo:octo-org/octo-repo:*\"]", ""},
    {"values = [\"repo:nwcharlie/infra-live:*\"]", "", "stacks/x/main.tf"},
    {"interface: eth0", "filesystem-or-uid-assumption:note", kYaml},
    {"interface: \"{{ ansible_default_ipv4.interface }}\"", "", kYaml},
    {"uid => 5012,", "filesystem-or-uid-assumption:note", "modules/x/manifests/init.pp"},
    {"uid => 65534,", "", "modules/x/manifests/init.pp"},
    {"name = \"wildcard-nwcharlie-2023\"", "dated-literal:note"},
    {"name = var.certificate_name", ""},
    {"policy = \"ELBSecurityPolicy-TLS13-1-2-2021-06\"", ""},
    {"Version = \"2012-10-17\"", ""},
    {"# Copyright 2019 Nwcharlie Ltd. Proprietary and confidential.\n", "third-party-provenance:block"},
    {"# Copyright 2019 Nwcharlie Ltd. Proprietary and confidential.\n", "third-party-provenance:block",
     "tests/x.py"},
    {"// For internal use only: callers want open() instead.\n", ""},
    {"# SPDX-License-Identifier: Apache-2.0\n# Copyright x. Not for distribution.\n", ""},
});

void check_rows(std::span<const Row> rows) {
  for (const Row& row : rows) {
    const std::string got = summary(scan(row.path, row.text));
    BOOST_TEST(got == row.expected, row.text << " gave \"" << got << '"');
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(places)

BOOST_AUTO_TEST_CASE(network) {
  check_rows(kNetwork);
}
BOOST_AUTO_TEST_CASE(artefacts) {
  check_rows(kArtefacts);
}
BOOST_AUTO_TEST_CASE(state) {
  check_rows(kState);
}
BOOST_AUTO_TEST_CASE(contacts) {
  check_rows(kContacts);
}
BOOST_AUTO_TEST_CASE(trust) {
  check_rows(kTrust);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
