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
  // What the project would have at the head: a file shown in part is known in whole.
  for (const File& file : files) {
    std::string& text = snapshot.files[file.path];
    for (const std::string_view line : file.lines) {
      if (!line.starts_with('-')) text += std::string(line.substr(1)) + '\n';
    }
  }
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
    {"the account of an ARN that goes away, and its region stays",
     {{kModule,
       {"-  layer_arn = \"arn:aws:lambda:eu-west-1:283582570613:layer:meter:7\"",
        "+  layer_arn = \"arn:aws:lambda:eu-west-1:${var.account_id}:layer:meter:7\""}}},
     "partition-literal:note:existing region-or-az-literal:warn:existing "
     "aws-account-id-in-arn:block:removed"},
    {"an ARN that is new",
     {{kModule, {"+  layer_arn = \"arn:aws:lambda:eu-west-1:${var.account_id}:layer:meter:7\""}}},
     "partition-literal:note:introduced region-or-az-literal:warn:introduced"},
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
    {"in a template of ERB",
     {{"modules/x/templates/a.conf.erb", {"-relayhost = <%= @relayhost %>", "+relayhost = db01.prod.corp"}}},
     "internal-only-dns-name:block:regressed"},
    {"in TypeScript",
     {{"modules/x/stack.ts",
       {" const net = {", "-  vpcId: props.vpcId,", "+  vpcId: 'vpc-0a9c3e71bd52f8846',", " };"}}},
     "aws-resource-id:block:regressed"},
    {"in CloudFormation",
     {{"modules/x/template.yaml",
       {"-      SubnetId: !Ref Net", "+      SubnetId: subnet-0bb1c7e94f3d25926"}}},
     "aws-resource-id:block:regressed"},
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
    {"named in the variables of the same role",
     {{"roles/x/tasks/main.yml", {"-    host: db01.prod.corp", "+    host: \"{{ x_host }}\""}},
      {"roles/x/vars/main.yml", {"+x_host: db01.prod.corp"}}},
     "literal-relocated-not-removed:note:moved"},
    {"set at the top of a state of Salt",
     {{"salt/net/init.sls",
       {"+{% set gateway = '10.73.17.254' %}", "-    - gateway: 10.73.17.254",
        "+    - gateway: {{ gateway }}"}}},
     "literal-relocated-not-removed:note:moved"},
    {"back as what holds when nobody says otherwise",
     {{"roles/x/templates/a.conf.j2",
       {"-server db01.prod.corp", "+server {{ x_db | default('db01.prod.corp') }}"}}},
     "default-carries-coupling:block:introduced"},
    {"back as a default",
     {{kModule, {"-  subnet_id = \"subnet-0bb1c7e94f3d25926\"", "+  subnet_id = var.subnet_id"}},
      {kVariables, {"+variable \"subnet_id\" {", "+  default = \"subnet-0bb1c7e94f3d25926\"", "+}"}}},
     "default-carries-coupling:block:introduced"},
    {"to the environment's own data, which is right",
     {{kModule, {"-  subnet_id = \"subnet-0bb1c7e94f3d25926\"", "+  subnet_id = var.subnet_id"}},
      {"environments/prod/main.tfvars", {"+subnet_id = \"subnet-0bb1c7e94f3d25926\""}}},
     "aws-resource-id:note:moved aws-resource-id:block:removed"},
    {"to another module",
     {{kModule, {"-  subnet_id = \"subnet-0bb1c7e94f3d25926\""}},
      {"modules/b/main.tf", {"+  subnet_id = \"subnet-0bb1c7e94f3d25926\""}}},
     "aws-resource-id:block:removed aws-resource-id:block:moved"},
    {"to another file of the module",
     {{kModule, {"-  subnet_id = \"subnet-0bb1c7e94f3d25926\""}},
      {"modules/a/files/net.tf", {"+  subnet_id = \"subnet-0bb1c7e94f3d25926\""}}},
     "literal-relocated-not-removed:note:moved"},
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
    {"Python's braces without an f",
     {{"modules/x/main.py",
       {" def arn(account):", "-    return \"arn:aws:iam::610187654329:role/x\"",
        "+    return \"arn:aws:iam::{account}:role/x\""}}},
     "partition-literal:note:existing aws-account-id-in-arn:block:removed "
     "uninterpolated-reference:block:introduced"},
    {"braces that are formatted later",
     {{"modules/x/main.py",
       {" def arn(account):", "-    return \"arn:aws:iam::610187654329:role/x\"",
        "+    return \"https://{account}/x\".format(account=account)"}}},
     "aws-account-id-in-arn:block:removed"},
    {"braces that nothing in the file is called like",
     {{"modules/x/main.py", {"-U = \"http://db01.prod.corp/x\"", "+U = \"http://example.org/{x}/y\""}}},
     "internal-only-dns-name:block:removed"},
    {"a template of JavaScript in plain quotes",
     {{"modules/x/stack.ts",
       {" function url(domain: string) {", "-  return \"http://db01.prod.corp/x\";",
        "+  return \"http://${domain}/x\";"}}},
     "internal-only-dns-name:block:removed uninterpolated-reference:block:introduced"},
    {"a template of JavaScript",
     {{"modules/x/stack.ts",
       {" function url(domain: string) {", "-  return \"http://db01.prod.corp/x\";",
        "+  return `http://${domain}/x`;"}}},
     "internal-only-dns-name:block:removed"},
    {"part of a string in single quotes of Puppet",
     {{"modules/x/manifests/init.pp",
       {" class x (", "   String $domain,", " ) {", "-    host => 'db01.prod.corp',",
        "+    host => 'db01.${domain}',"}}},
     "internal-only-dns-name:block:removed uninterpolated-reference:block:introduced"},
    {"a shell's variable in Ansible",
     {{"roles/x/tasks/main.yml", {"-    url: http://db01.prod.corp/x", "+    url: \"${x_url}\""}}},
     "uninterpolated-reference:block:introduced internal-only-dns-name:block:removed"},
    {"a shell's variable in a command of Ansible",
     {{"roles/x/tasks/main.yml", {"-    shell: echo db01.prod.corp", "+    shell: \"${SHELL}\""}}},
     "internal-only-dns-name:block:removed"},
    {"single quotes in a shell",
     {{"modules/x/boot.sh", {"-HOST=db01.prod.corp", "+HOST='${DB_HOST}'"}}},
     "internal-only-dns-name:block:removed uninterpolated-reference:block:introduced"},
    {"double quotes in a shell",
     {{"modules/x/boot.sh", {"-HOST=db01.prod.corp", "+HOST=\"${DB_HOST}\""}}},
     "internal-only-dns-name:block:removed"},
    {"a string of Nix without braces",
     {{"modules/x.nix", {"-  host = \"db01.prod.corp\";", "+  host = \"$host\";"}}},
     "uninterpolated-reference:block:introduced internal-only-dns-name:block:removed"},
    {"Jinja in a compose file",
     {{"modules/x/docker-compose.yml", {"+      DB_HOST: \"{{ db_host }}\""}}},
     "uninterpolated-reference:block:introduced"},
    {"Docker's own template in a compose file",
     {{"modules/x/docker-compose.yml", {"+      NODE: \"{{ .Node.Hostname }}\""}}},
     ""},
    {"ERB that prints nothing",
     {{"modules/x/templates/a.conf.erb", {"+relayhost = <% @relayhost %>"}}},
     "uninterpolated-reference:block:introduced"},
    {"a loop of ERB", {{"modules/x/templates/a.conf.erb", {"+<% @hosts.each do |host| -%>"}}}, ""},
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
