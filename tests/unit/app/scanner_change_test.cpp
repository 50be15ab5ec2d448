// What a change does to coupling: new, worse than before, moved, old, gone; and fixes that do not fix.
#include <array>
#include <boost/test/unit_test.hpp>

#include "fanlight/app/scanner.hpp"
#include "support.hpp"

using namespace fanlight;
using namespace fanlight::app;
using namespace fanlight::testing;

namespace {

struct File {
  const char* path;
  std::vector<std::string> lines;  // of the diff, each with its mark
};

// "rule:severity:change" of every coupling finding, in the order of their places.
std::string judged(const std::vector<File>& files) {
  std::string diff;
  for (const File& file : files) diff += modified_file(file.path, 1, file.lines);
  Snapshot snapshot;
  snapshot.diff = parse(diff);
  std::string out;
  for (const Finding& finding : scan(snapshot).findings) {
    if (finding.kind != FindingKind::coupling) continue;
    if (!out.empty()) out += ' ';
    out += finding.rule + ':' + std::string(to_string(finding.severity)) + ':' +
           std::string(to_string(finding.change));
  }
  return out;
}

struct Row {
  const char* name;
  std::vector<File> files;
  const char* expected;
};

constexpr const char* kModule = "modules/a/main.tf";
constexpr const char* kVariables = "modules/a/variables.tf";

const auto kRows = std::to_array<Row>({
    {"a new literal",
     {{kModule, {"+  subnet_id = \"subnet-0bb1c7e94f3d25926\""}}},
     "aws-resource-id:block:introduced"},
    {"a literal that goes away",
     {{kModule, {"-  subnet_id = \"subnet-0bb1c7e94f3d25926\"", "+  subnet_id = var.subnet_id"}}},
     "aws-resource-id:block:removed"},
    {"the line changed around it",
     {{kModule,
       {"-  subnet_id = \"subnet-0bb1c7e94f3d25926\"", "+  subnet_id   = \"subnet-0bb1c7e94f3d25926\""}}},
     "aws-resource-id:block:existing"},
    {"a lookup replaced by a literal",
     {{kModule, {"-  subnet_id = data.aws_subnet.this.id", "+  subnet_id = \"subnet-0bb1c7e94f3d25926\""}}},
     "aws-resource-id:block:regressed"},
    {"in a list",
     {{kModule, {"-  subnet_ids = [var.subnet_id]", "+  subnet_ids = [\"subnet-0bb1c7e94f3d25926\"]"}}},
     "aws-resource-id:block:regressed"},
    {"in Ansible",
     {{"roles/x/tasks/main.yml", {"-    host: \"{{ db_host }}\"", "+    host: db01.prod.corp"}}},
     "internal-only-dns-name:block:regressed"},
    {"in Puppet",
     {{"modules/x/manifests/init.pp", {"-    address => $listen_address,", "+    address => '10.34.8.1',"}}},
     "rfc1918-host-or-cidr:block:regressed"},
    {"in Python",
     {{"modules/x/main.py", {"-    host=cfg_host", "+    host = \"db01.prod.corp\""}}},
     "internal-only-dns-name:block:regressed"},
    {"a pin that says why",
     {{kModule,
       {"-  ami = data.aws_ami.this.id",
        "+  ami = \"ami-05c8f72e1d94ab630\" # pinned until the kernel bug is fixed"}}},
     "ami-id:block:introduced"},
    {"another literal stood there",
     {{kModule,
       {"-  subnet_id = \"subnet-0aa7c3e94f3d25911\"", "+  subnet_id = \"subnet-0bb1c7e94f3d25926\""}}},
     "aws-resource-id:block:introduced aws-resource-id:block:removed"},
    {"named at the top of the same module",
     {{kModule,
       {"+locals {", "+  net = \"subnet-0bb1c7e94f3d25926\"", "+}",
        "-  subnet_id = \"subnet-0bb1c7e94f3d25926\"", "+  subnet_id = local.net"}}},
     "literal-relocated-not-removed:note:moved"},
    {"back as a default",
     {{kModule, {"-  subnet_id = \"subnet-0bb1c7e94f3d25926\"", "+  subnet_id = var.subnet_id"}},
      {kVariables, {"+variable \"subnet_id\" {", "+  default = \"subnet-0bb1c7e94f3d25926\"", "+}"}}},
     "default-carries-coupling:block:introduced"},
    {"to the environment's own data, which is right",
     {{kModule, {"-  subnet_id = \"subnet-0bb1c7e94f3d25926\"", "+  subnet_id = var.subnet_id"}},
      {"environments/prod/main.tfvars", {"+subnet_id = \"subnet-0bb1c7e94f3d25926\""}}},
     "aws-resource-id:note:moved"},
    {"from the environment's data into the module",
     {{"environments/prod/main.tfvars", {"-subnet_id = \"subnet-0bb1c7e94f3d25926\""}},
      {kModule, {"+  subnet_id = \"subnet-0bb1c7e94f3d25926\""}}},
     "aws-resource-id:block:introduced"},
    {"an item of a list is indented anew",
     {{kModule, {" office_cidrs = [", "-  \"81.187.44.208/29\",", "+    \"81.187.44.208/29\",", " ]"}}},
     "org-public-address:block:existing"},
    {"an example became real",
     {{"examples/x/main.tf", {"-  account_id = \"123456789012\"", "+  account_id = \"610187654329\""}}},
     "example-replaced-by-real:block:introduced"},
    {"an example became another",
     {{"examples/x/main.tf", {"-  account_id = \"123456789012\"", "+  account_id = \"111122223333\""}}},
     ""},
    {"a test's own address", {{"tests/x.py", {"-  host = \"192.0.2.1\"", "+  host = \"10.34.8.1\""}}}, ""},
    {"a reference in quotes",
     {{kModule, {"+  subnet_id = \"var.subnet_id\""}}},
     "uninterpolated-reference:block:introduced"},
    {"dependencies stand in quotes", {{kModule, {"+  depends_on = [\"module.vpc.id\"]"}}}, ""},
    {"a reference", {{kModule, {"+  subnet_id = var.subnet_id"}}}, ""},
    {"single quotes in Puppet",
     {{"modules/x/manifests/init.pp", {"+    address => '$redirector_ip_range',"}}},
     "uninterpolated-reference:block:introduced"},
    {"a shell's variable in Puppet",
     {{"modules/x/manifests/init.pp", {"+    command => '$HOME/bin/x',"}}},
     ""},
    {"a variable in Puppet",
     {{"modules/x/manifests/init.pp", {"+    address => $redirector_ip_range,"}}},
     ""},
    {"hiera's function is not closed",
     {{"hieradata/common.yaml", {"+host: \"%{hiera('db_host')\""}}},
     "uninterpolated-reference:block:introduced"},
    {"hiera's function", {{"hieradata/common.yaml", {"+host: \"%{hiera('db_host')}\""}}}, ""},
    {"an action without the dollar sign",
     {{".github/workflows/x.yml", {"+          role-to-assume: {{ vars.ROLE }}"}}},
     "uninterpolated-reference:block:introduced"},
    {"an action", {{".github/workflows/x.yml", {"+          role-to-assume: ${{ vars.ROLE }}"}}}, ""},
    {"a chart without braces",
     {{"charts/x/templates/a.yaml", {"+  image: .Values.image"}}},
     "uninterpolated-reference:block:introduced"},
    {"a chart", {{"charts/x/templates/a.yaml", {"+  image: {{ .Values.image }}"}}}, ""},
    {"Ansible without quotes",
     {{"roles/x/tasks/main.yml", {"+    host: {{ db_host }}"}}},
     "uninterpolated-reference:block:introduced"},
    {"Ansible", {{"roles/x/tasks/main.yml", {"+    host: \"{{ db_host }}\""}}}, ""},
    {"Python's call in quotes",
     {{"modules/x/main.py", {"+domain = \"os.environ['DOMAIN']\""}}},
     "uninterpolated-reference:block:introduced"},
    {"Python's call in an f-string",
     {{"modules/x/main.py", {"+domain = f\"{os.environ['DOMAIN']}.x\""}}},
     ""},
    {"a key with a typing error",
     {{kVariables, {"+variable \"smarthost_name\" {", "+  type = string", "+}"}},
      {"environments/prod/main.tfvars", {"+smarthost_nmae = \"x\""}}},
     "dangling-parameter:warn:introduced"},
    {"a key that is declared",
     {{kVariables, {"+variable \"smarthost_name\" {", "+  type = string", "+}"}},
      {"environments/prod/main.tfvars", {"+smarthost_name = \"x\""}}},
     ""},
    {"a key of another module", {{"environments/prod/main.tfvars", {"+smarthost_nmae = \"x\""}}}, ""},
    {"a key of hiera with a typing error",
     {{"modules/mail/manifests/init.pp", {"+class mail (", "+  String $smarthost_name,", "+) {"}},
      {"hieradata/prod.yaml", {"+mail::smarthost_mame: x"}}},
     "dangling-parameter:warn:introduced"},
});

}  // namespace

BOOST_AUTO_TEST_CASE(a_verdict_speaks_of_what_the_change_does) {
  for (const Row& row : kRows) {
    const std::string got = judged(row.files);
    BOOST_TEST(got == row.expected, row.name << " gave \"" << got << '"');
  }
}
