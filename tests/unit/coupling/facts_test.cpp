// What each format's reader takes from a file: dependencies, parameters, lookups.
#include "fanlight/coupling/facts.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace fanlight::coupling {

namespace {

std::string_view word(Need need) {
  static constexpr std::string_view kWords[] = {"module", "role",     "class", "state",  "import",
                                                "file",   "manifest", "image", "action", "runner"};
  return kWords[static_cast<std::size_t>(need)];
}

std::string_view word(LookupKind kind) {
  static constexpr std::string_view kWords[] = {"hiera",  "pillar", "values", "env",
                                                "global", "secret", "private"};
  return kWords[static_cast<std::size_t>(kind)];
}

// "module ../vpc; parameter name type=string; lookup hiera key".
std::string described(const FileFacts& facts) {
  std::vector<std::string> parts;
  for (const Dependency& one : facts.dependencies)
    parts.push_back(std::string(word(one.need)) + ' ' + one.target);
  for (const Parameter& one : facts.parameters)
    parts.push_back("parameter " + one.name + (one.has_default ? "=" : "") + ' ' +
                    std::to_string(one.first_line) + '-' + std::to_string(one.last_line));
  for (const Lookup& one : facts.lookups)
    parts.push_back(std::string(word(one.kind)) + ' ' + one.key + (one.has_default ? "=" : ""));
  if (facts.root) parts.push_back("root");
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "; ") + part;
  return out;
}

struct Row {
  std::string_view name, path, text, expected;
};

const Row kRows[] = {
    {"a module's source", "a/main.tf", "module \"x\" {\n  source = \"../vpc\"\n}\n", "module ../vpc"},
    {"a source in a comment is none", "a/main.tf", "# module \"x\" { source = \"../vpc\" }\n", ""},
    {"a source in a string is none", "a/main.tf", "locals {\n  x = \"module { source = 1 }\"\n}\n", ""},
    {"a variable without a default", "a/v.tf", "variable \"n\" {\n  type = string\n}\n", "parameter n 1-3"},
    {"a variable with one", "a/v.tf", "\nvariable n {\n  default = {\n    a = 1\n  }\n}\n",
     "parameter n= 2-6"},
    {"a backend makes a root", "main.tf", "terraform {\n  backend \"s3\" {\n  }\n}\n", "root"},
    {"a provider with arguments makes a root", "main.tf", "provider \"aws\" { region = \"x\" }\n", "root"},
    {"a provider without any does not", "main.tf", "provider \"aws\" {}\n", ""},
    {"a heredoc hides what looks like blocks", "a/m.tf",
     "locals {\n  t = <<EOT\nmodule \"x\" {\n  source = \"../y\"\n}\nEOT\n}\nmodule \"z\" {\n  source = "
     "\"../w\"\n}\n",
     "module ../w"},
    {"a brace in a template does not close a block", "a/m.tf",
     "module \"z\" {\n  name = \"${join(\"}\", [\"a\"])}\"\n  source = \"../w\"\n}\n", "module ../w"},
    {"a path in a store of secrets", "a/m.tf",
     "data \"aws_ssm_parameter\" \"p\" {\n  name = \"/infra/db/password\"\n}\n", "secret /infra/db/password"},
    {"one from a variable is none", "a/m.tf", "data \"aws_ssm_parameter\" \"p\" {\n  name = var.p\n}\n", ""},
    {"terragrunt", "live/prod/terragrunt.hcl",
     "terraform {\n  source = \"${get_repo_root()}//modules/vpc\"\n}\ndependency \"n\" {\n  config_path = "
     "\"../net\"\n}\n"
     "dependencies {\n  paths = [\"../a\", \"../b\"]\n}\n",
     "module //modules/vpc; module ../net; module ../a; module ../b; root"},
    {"dependencies of a chart", "c/Chart.yaml",
     "name: shop\ndependencies:\n  - name: common\n    repository: file://../common\n  - name: redis\n"
     "    repository: \"https://charts.example.org\"  # public\n",
     "module ../common; module https://charts.example.org"},
    {"bases of Kustomize", "o/kustomization.yaml",
     "resources:\n- ../../base\n- x.yaml\ncomponents: [\"../c\"]\n",
     "module ../../base; module x.yaml; module ../c"},
    {"an image by parts", "c/values.yaml", "image:\n  repository: registry.example.org/a\n  tag: 1\n",
     "image registry.example.org/a; parameter image= 1-1"},
    {"roles of a play", "playbooks/site.yml",
     "- hosts: all\n  roles:\n    - common\n    - role: acme.base.web\n    - {role: x}\n",
     "role common; role acme.base.web"},
    {"included roles and files", "roles/a/tasks/main.yml",
     "- include_role:\n    name: base\n- ansible.builtin.import_role: name=other tasks_from=x\n"
     "- include_tasks: ../../b/tasks/x.yml\n- include_tasks: here.yml\n- include_role:\n    name: \"{{ which "
     "}}\"\n",
     "role base; role other; file ../../b/tasks/x.yml"},
    {"what a role depends on", "roles/a/meta/main.yml",
     "galaxy_info:\n  author: x\ndependencies:\n  - role: base\n  - src: "
     "git+ssh://git@git.example.org/r.git\n    name: r\n",
     "role base; manifest git+ssh://git@git.example.org/r.git"},
    {"requirements", "requirements.yml",
     "collections:\n  - name: community.general\n  - name: git@github.com:acme/c.git\n    type: git\nroles:\n"
     "  - src: https://github.com/acme/r.git\n",
     "manifest git@github.com:acme/c.git; manifest https://github.com/acme/r.git"},
    {"a Puppet class", "modules/a/manifests/init.pp",
     "class a (\n  String $x,\n  Integer $y = 3, # why, (not\n) inherits base {\n  include ::b::c\n  class { "
     "'d': }\n"
     "  $z = hiera('a_z')\n  $w = lookup('a_w', String, 'first', 'd')\n  if $::realm == 'x' and $::osfamily "
     "== 'y' { }\n"
     "  # include nothing\n  service { 'x': require => Class['e'] }\n}\n",
     "class base; class b::c; class d; parameter x 2-2; parameter y= 3-3; hiera a_z; hiera a_w=; global "
     "realm"},
    {"Salt", "salt/web/init.sls",
     "include:\n  - base.tools\nx:\n  - v: {{ pillar['web']['v'] }}\n  - w: {{ salt['pillar.get']('web:w', "
     "'d') }}\n",
     "state base.tools; pillar web; pillar web.w="},
    {"values of a chart", "c/templates/d.yaml",
     "a: {{ .Values.x.y }}\nb: {{ .Values.z | default \"1\" }}\n{{- if .Values.on }}\n{{- end }}\n",
     "values x.y; values z=; values on="},
    {"compose", "compose.yaml",
     "services:\n  a:\n    image: nginx\n    environment:\n      A: ${ADDR}\n      B: ${B:-x}\n      C: "
     "$${D}\n",
     "image nginx; env ADDR; env B="},
    {"submodules", ".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = git@git.example.org:a/b.git\n",
     "manifest git@git.example.org:a/b.git"},
    {"Puppetfile", "Puppetfile",
     "forge 'x'\nmod 'a',\n  :git => 'https://github.com/acme/a.git'\n# :git => 'no'\n",
     "manifest https://github.com/acme/a.git"},
    {"go.mod", "go.mod",
     "module github.com/acme/x\n\nrequire (\n\tgithub.com/spf13/cobra v1.8.0 // indirect\n)\nrequire "
     "golang.org/x/net v0.1.0\n",
     "manifest github.com/spf13/cobra; manifest golang.org/x/net"},
    {"a flake", "flake.nix", "{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";\n}\n",
     "manifest github:NixOS/nixpkgs"},
    {"a workflow", ".github/workflows/ci.yml",
     "jobs:\n  a:\n    runs-on: [self-hosted, big]\n    steps:\n      - uses: actions/checkout@v4\n      - "
     "uses: docker://alpine:3\n"
     "  b:\n    runs-on: ${{ matrix.os }}\n    uses: acme/flows/.github/workflows/x.yml@main\n",
     "runner self-hosted; runner big; action actions/checkout@v4; image alpine:3; action "
     "acme/flows/.github/workflows/x.yml@main"},
    {"a Dockerfile with stages", "Dockerfile",
     "ARG BASE\nFROM golang:1.22 AS build\nFROM --platform=linux/amd64 registry.example.org/run\nCOPY "
     "--from=build / /\nFROM build\n",
     "image golang:1.22; image registry.example.org/run; parameter BASE 1-1"},
    {"a private tree", "roles/a/tasks/main.yml",
     "- copy:\n    src: \"{{ private }}/ssl/site.key\"\n    dest: /x\n", "private private"},
    {"a path of 1Password", "a/x.yaml", "password: op://infra/db-prod/password\n",
     "secret infra/db-prod/password"},
    {"a path that is a template is none", "a/x.yaml", "password: op://{{ vault }}/db\n", ""},
    {"block scalars are text", "roles/a/tasks/main.yml",
     "- shell: |\n    include_role:\n      name: x\n- include_role:\n    name: y\n", "role y"},
    {"other files have none", "a/x.txt", "include foo\n", ""},
    {"an open quote", "a/m.tf",
     "module \"x {\n  source = \"../vpc\n}\nmodule \"y\" {\n  source = \"../w\"\n}\n", "module ../w"},
    {"nothing but brackets", "a/m.tf", "{{{{((([[[\"${", ""},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(facts)

BOOST_AUTO_TEST_CASE(each_format_says_what_it_declares_and_needs) {
  for (const Row& row : kRows) {
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(described(read_facts(row.path, row.text)) == row.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(spans_are_those_of_the_targets) {
  for (const Row& row : kRows) {
    BOOST_TEST_CONTEXT(row.name) {
      const FileFacts facts = read_facts(row.path, row.text);
      for (const Dependency& one : facts.dependencies)
        BOOST_TEST(row.text.substr(one.span.begin, one.span.end - one.span.begin) == one.target);
    }
  }
}

BOOST_AUTO_TEST_CASE(defaults_of_a_whole_file) {
  BOOST_TEST(read_facts("roles/a/defaults/main.yml", "x: 1\n").all_defaults);
  BOOST_TEST(read_facts("charts/a/values.yaml", "x: 1\n").all_defaults);
  BOOST_TEST(!read_facts("charts/a/values-prod.yaml", "x: 1\n").all_defaults);
  BOOST_TEST(!read_facts("roles/a/vars/main.yml", "x: 1\n").all_defaults);
}

BOOST_AUTO_TEST_CASE(keys_of_data_files) {
  const FileFacts facts =
      read_facts("hieradata/common.yaml", "mail::smarthost: x\na:\n  b: 1\n  c:\n    - d: 2\n");
  const std::vector<std::string> expected{"mail::smarthost", "a", "a.b", "a.c", "a.c.d"};
  BOOST_TEST(facts.declares == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(lists_are_bounded) {
  std::string text;
  for (std::size_t i = 0; i < kFactsMax + 10; ++i) text += "variable \"v" + std::to_string(i) + "\" {}\n";
  BOOST_TEST(read_facts("a/v.tf", text).parameters.size() == kFactsMax);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
