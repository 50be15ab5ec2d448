// Shapes that real Terraform, charts and pipelines have, under invented names: aligned keys, defaults that
// have their variable's name, keys that are labels, networks counted from a literal.
#include <array>
#include <boost/test/unit_test.hpp>

#include "fanlight/coupling/change.hpp"
#include "fanlight/detect/diff_parser.hpp"
#include "scan.hpp"

namespace fanlight::coupling {

namespace {

struct Row {
  std::string_view name, path, text, expected;
};

constexpr std::string_view kModule = "modules/x/main.tf", kStack = "stacks/x/main.tf";

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {"keys are aligned", kModule, "  owners              = [ \"610187654329\" ]", "aws-account-id-bare:block"},
    {"an account that is let in", kStack, "    identifiers = [\"610187654329\"]", "aws-account-id-bare:warn"},
    {"a default has its variable's name", kStack,
     "variable \"store_bucket_name\" {\n  type    = string\n  default = \"nwcharlie-store\"\n}", "s3-bucket-name:note"},
    {"a bucket variable without a default", kStack, "variable \"bucket\" {\n  type = string\n}", ""},
    {"a bucket of a test environment", kStack, "  bucket = \"orders-test\"", "s3-bucket-name:note"},
    {"a bucket that is anybody's", kStack, "  bucket = \"test-data-bucket\"", ""},
    {"an issuer with a tenant", "charts/x/values.yaml", "issuer-uri: https://nwcharlie.eu.auth0.com/", "spiffe-or-oidc-issuer:block"},
    {"an issuer's own pages", "charts/x/values.yaml", "# see https://developer.okta.com/docs", ""},
    {"a project that a pipeline sets", ".github/workflows/x.yml", "env:\n  GCP_PROJECT: nwcharlie-tracking-prod",
     "gcp-project-id-or-number:warn"},
    {"a channel without its hash", kModule,
     "variable \"slack_channel\" {\n  description = \"Where we are told\"\n  default     = \"payments-oncall\"\n}",
     "chat-channel:block"},
    {"a channel in an annotation", "stacks/x/ns.yaml",
     "metadata:\n  annotations:\n    nwcharlie.net/slack-channel: \"payments-oncall\"", "chat-channel:warn"},
    {"a channel that comes from outside", kModule, "  slack_channel = var.slack_channel", ""},
    {"a network counted from a literal", kModule, "  cidr_block = \"10.34.${count.index}.0/24\"", "rfc1918-host-or-cidr:block"},
    {"a network that comes from outside", kModule, "  cidr_block = \"10.${var.network}.0.0/16\"", ""},
    {"whatever an environment is held against", kModule, "  cpu = var.environment == \"sbox\" ? 1 : 2",
     "workspace-or-env-conditional:warn"},
    {"Terraform's own workspace", kModule, "  cpu = terraform.workspace == \"default\" ? 1 : 2", ""},
    {"the region of an ARN that is put together", kModule, "  r = \"arn:aws:ecr:eu-west-2:${local.account}:repository/x\"",
     "partition-literal:note region-or-az-literal:warn"},
    {"the region of a registry that is put together", kModule, "  image = \"${local.account}.dkr.ecr.eu-west-2.amazonaws.com/x\"",
     "region-or-az-literal:warn"},
    {"a folder of what is deployed from here", kStack, "  name = basename(abspath(path.root))", ""},
    {"where the checkout came from", kStack, "git-remote: git@github.com:nwcharlie/shop.git", ""},
    {"a project without quotes", "stacks/x/gcp.yaml", "platform:\n  gcp:\n    projectID: nwcharlie-build-farm",
     "gcp-project-id-or-number:warn"},
    {"a key that is a label", kModule, "  node_selector = {\n    \"nwcharlie.net/node_pool\" = \"x\"\n  }", "org-label-domain:note"},
    {"a key that is an index", kModule, "    \"ci.nwcharlie.net\" = \"x\"", ""},
    {"a repository with the domain's name", kModule, "  # https://github.com/nwcharlie/nwcharlie.net/tree/main/x", ""},
    {"an organisation as a default", kModule, "variable \"trusted_github_org\" {\n  default = \"nwcharlie\"\n}",
     "organisation-as-default-identity:block"},
    {"a name in tags", kModule, "  tags = {\n    Name = \"nwcharlie-vpc\"\n  }", "org-name-in-identifier:warn"},
    {"data of a ConfigMap is no data source", "charts/x/templates/a.yaml",
     "apiVersion: v1\nkind: ConfigMap\ndata:\n  DATABASE_HOST: db-01.nwcharlie.net", "org-domain-host:block"},
});
// clang-format on

struct Change {
  std::string_view name, diff, home, declares, expected;  // home: the file that declares, when it was seen
};

constexpr std::string_view kTerraformDiff =
    "--- a/modules/x/main.tf\n+++ b/modules/x/main.tf\n@@ -1,2 +1,2 @@\n   name = var.name\n"
    "-  bucket = \"a\"\n+  bucket = var.bucket\n";
constexpr std::string_view kTextDiff =
    "--- a/modules/x/main.tf\n+++ b/modules/x/main.tf\n@@ -1,2 +1,3 @@\n   name = var.name\n"
    "-  bucket = \"a\"\n+  # var.other\n+  bucket = \"as var.bucket says\"\n";
constexpr std::string_view kChartDiff =
    "--- a/charts/x/templates/a.yaml\n+++ b/charts/x/templates/a.yaml\n@@ -1 +1 @@\n"
    "-host: a\n+host: {{ .Values.database.host | quote }}\n";

constexpr auto kChanges = std::to_array<Change>({
    {"declared", kTerraformDiff, "modules/x/variables.tf", "variable \"name\" {}\nvariable \"bucket\" {}\n",
     ""},
    {"declared nowhere", kTerraformDiff, "modules/x/variables.tf", "variable \"name\" {}\n",
     "dangling-parameter bucket"},
    {"declarations were not seen", kTerraformDiff, "", "", ""},
    {"this module declares elsewhere", kTerraformDiff, "modules/x/variables.tf", "variable \"z\" {}\n", ""},
    {"text and comments use nothing", kTextDiff, "modules/x/variables.tf", "variable \"name\" {}\n", ""},
    {"a key of the values", kChartDiff, "charts/x/values.yaml", "database:\n  host: \"\"\n", ""},
    {"no key of the values", kChartDiff, "charts/x/values.yaml", "image: x\n",
     "substitution-without-schema database"},
    {"values were not seen", kChartDiff, "", "", ""},
});

}  // namespace

BOOST_AUTO_TEST_SUITE(infrastructure)

BOOST_AUTO_TEST_CASE(shapes_of_real_code) {
  Lexicon lexicon;
  lexicon.domains = {"nwcharlie.net"};
  lexicon.names = {"nwcharlie"};
  for (const Row& row : kRows) {
    const std::string got = summary(scan(row.path, row.text, &lexicon));
    BOOST_TEST(got == row.expected, row.name << ": " << row.text << " gave \"" << got << '"');
  }
}

BOOST_AUTO_TEST_CASE(parameters_that_nobody_declares) {
  for (const Change& row : kChanges) {
    const auto diff = detect::parse_diff(std::string(row.diff));
    BOOST_REQUIRE_MESSAGE(diff && diff->files.size() == 1, row.name);
    const FileDiff& file = diff->files.front();
    std::map<std::string, std::string> seen;
    if (!row.home.empty()) seen.emplace(row.home, row.declares);
    std::string got;
    for (const FixFault& fault : find_undeclared(file, Layer::shared, seen))
      got += std::string(fault.rule->id) + ' ' + fault.normalised;
    BOOST_TEST(got == row.expected, row.name << " gave \"" << got << '"');
    const bool wants = declarations_wanted(file, seen).has_value();
    BOOST_TEST(wants == row.home.empty(), row.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
