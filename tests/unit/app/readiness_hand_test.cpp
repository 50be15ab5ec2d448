// Five small repositories of five ecosystems, counted by hand: a line for each module with its state, its
// distinct blockers, defaults of its own, what is waived, and the literals of all that it needs.
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "fanlight/app/readiness.hpp"
#include "fanlight/app/readiness_report.hpp"
#include "support.hpp"

using namespace fanlight;
using namespace fanlight::app;

namespace {

using Files = std::map<std::string, std::string>;

coupling::Readiness measured(const Files& files, const policy::Policy& policy) {
  RepositoryText text;
  for (const auto& [path, content] : files) text.paths.push_back(path);
  text.read = [&](const std::string& path) -> Result<std::string> { return files.at(path); };
  return *measure_readiness(testing::scanner(), policy, text, {2, TimePoint{}, {}});
}

policy::Policy own_names() {
  policy::Policy policy;
  policy.lexicon.domains = {"corp.example"};
  return policy;
}

std::string described(const coupling::Readiness& readiness) {
  std::string out;
  for (const coupling::ModuleReport& module : readiness.modules) {
    out += module.name + ' ' + state_with_detail(module);
    for (const std::string& name : module.after) out += ' ' + name;
    out += " | " + std::to_string(module.found.blockers.size()) + ' ' +
           std::to_string(module.found.overridable.size()) + ' ' +
           std::to_string(module.found.waived.size()) + ' ' + std::to_string(module.closure) + '\n';
  }
  return out;
}

const Files kTerraform{
    {"modules/vpc/main.tf", "resource \"aws_vpc\" \"this\" {\n  cidr_block = var.cidr\n}\n"},
    {"modules/vpc/variables.tf", "variable \"cidr\" {\n  type = string\n}\n"},
    // Two literals, one of them in two places; a default that a caller can set.
    {"modules/db/main.tf",
     "resource \"aws_db_subnet_group\" \"this\" {\n  name = var.name\n  vpc_id = "
     "\"vpc-0b81f6d29c4e7a035\"\n}\n"
     "resource \"aws_security_group\" \"this\" {\n  vpc_id = \"vpc-0b81f6d29c4e7a035\"\n}\n"
     "resource \"x\" \"y\" {\n  host = \"db01.corp.example\"\n}\n"},
    {"modules/db/variables.tf", "variable \"name\" {\n  default = \"backup.corp.example\"\n}\n"},
    {"modules/app/main.tf",
     "module \"vpc\" {\n  source = \"../vpc\"\n  cidr = var.cidr\n}\nmodule \"db\" {\n  source = "
     "\"../db\"\n}\n"},
    {"modules/app/variables.tf", "variable \"cidr\" {\n  type = string\n}\n"},
    {"live/main.tf", "module \"app\" {\n  source = \"../modules/app\"\n  cidr = \"10.12.0.0/16\"\n}\n"}};

const Files kAnsible{
    {"roles/base/tasks/main.yml",
     "- name: Install\n  ansible.builtin.package:\n    name: \"{{ base_packages }}\"\n"},
    {"roles/base/defaults/main.yml", "base_packages: []\n"},
    {"roles/web/meta/main.yml", "dependencies:\n  - role: base\n"},
    {"roles/web/tasks/main.yml",
     "- name: Wait\n  ansible.builtin.wait_for:\n    host: ldap.corp.example\n    port: 636\n"},
    {"roles/web/templates/web.conf.j2", "ldap = ldap.corp.example\nport = {{ web_port }}\n"},
    {"roles/web/defaults/main.yml", "web_port: 80\n"},
    {"roles/mon/tasks/main.yml", "- ansible.builtin.include_vars: ../../../group_vars/all.yml\n"},
    {"group_vars/all.yml", "mon_host: mon.corp.example\n"},
    {"site.yml", "- hosts: all\n  roles: [web, mon]\n"}};

const Files kHelm{
    {"charts/lib/Chart.yaml", "apiVersion: v2\nname: lib\nversion: 1.0.0\n"},
    {"charts/lib/templates/a.yaml", "kind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"},
    {"charts/lib/values.yaml", "{}\n"},
    {"charts/api/Chart.yaml",
     "apiVersion: v2\nname: api\nversion: 1.0.0\ndependencies:\n  - name: lib\n    repository: "
     "file://../lib\n"},
    {"charts/api/templates/a.yaml",
     "kind: ConfigMap\ndata:\n  db: db.corp.example\n  image: {{ .Values.image }}\n"},
    {"charts/api/values.yaml", "image: web.corp.example\n"}};

const Files kPuppet{
    {"modules/ntp/manifests/init.pp", "class ntp (\n  String $server,\n) {\n  notify { $server: }\n}\n"},
    {"modules/mail/manifests/init.pp",
     "class mail (\n  String $relay = 'smtp.corp.example',\n) {\n  notify { $relay: }\n}\n"},
    {"modules/bad/manifests/init.pp", "class bad {\n  include profile::base\n}\n"},
    {"site/profile/manifests/base.pp", "class profile::base {\n  include ntp\n}\n"}};

const Files kKustomize{{"k8s/base/kustomization.yaml", "resources:\n  - web.yaml\n"},
                       {"k8s/base/web.yaml",
                        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      "
                        "containers:\n        - name: web\n"
                        "          image: registry.corp.example/web:1.0\n"},
                       {"k8s/overlays/prod/kustomization.yaml", "resources:\n  - ../../base\n"},
                       {"k8s/overlays/prod/host.yaml", "host: web.corp.example\n"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(readiness_by_hand)

BOOST_AUTO_TEST_CASE(states_and_counts_are_those_of_a_hand_count) {
  struct Row {
    const char* name;
    const Files& files;
    const char* expected;
  };
  const Row rows[] = {
      {"Terraform", kTerraform,
       "modules/app READY-AFTER modules/db | 0 0 0 2\nmodules/db BLOCKED{2} | 2 1 0 2\nmodules/vpc READY | 0 "
       "0 0 0\n"},
      {"Ansible", kAnsible,
       "roles/base READY | 0 0 0 0\nroles/mon ENTANGLED group_vars/all.yml | 1 0 0 1\n"
       "roles/web BLOCKED{1} | 1 0 0 1\n"},
      {"Helm", kHelm, "charts/api BLOCKED{1} | 1 1 0 1\ncharts/lib READY | 0 0 0 0\n"},
      {"Puppet", kPuppet,
       "modules/bad ENTANGLED site/profile | 1 0 0 1\nmodules/mail READY | 0 1 0 0\nmodules/ntp READY | 0 0 "
       "0 0\n"},
      {"Kustomize", kKustomize, "k8s/base BLOCKED{1} | 1 0 0 1\n"},
  };
  for (const Row& row : rows)
    BOOST_TEST(described(measured(row.files, own_names())) == row.expected,
               row.name << ":\n"
                        << described(measured(row.files, own_names())));
}

BOOST_AUTO_TEST_CASE(a_literal_that_moves_counts_nothing_and_one_that_is_waived_stays_visible) {
  coupling::Readiness before = measured(kTerraform, own_names());
  const coupling::Baseline baseline = coupling::baseline_of(before);
  Files moved = kTerraform;
  moved["modules/vpc/hosts.tf"] = "locals {\n  host = \"db01.corp.example\"\n}\n";
  moved["modules/db/main.tf"] =
      moved["modules/db/main.tf"].substr(0, moved["modules/db/main.tf"].find("resource \"x\""));
  coupling::Readiness after = measured(moved, own_names());
  const coupling::Difference difference = coupling::compare(baseline, after);
  BOOST_TEST(difference.introduced.empty());
  BOOST_TEST(difference.removed.empty());
  BOOST_TEST(difference.moved == 1u);

  policy::Policy policy = own_names();
  for (const coupling::Blocker& one : before.modules.at(1).found.blockers)
    policy.waivers.push_back(
        {one.fingerprint, "until the split", "@platform", TimePoint{} + std::chrono::hours(1)});
  BOOST_TEST(described(measured(kTerraform, policy)) ==
             "modules/app READY | 0 0 0 0\nmodules/db READY | 0 1 2 0\nmodules/vpc READY | 0 0 0 0\n");
}

BOOST_AUTO_TEST_CASE(one_fix_that_unlocks_the_most_comes_first) {
  Files files = kTerraform;
  files["modules/db/main.tf"] = "resource \"x\" \"y\" {\n  host = \"db01.corp.example\"\n}\n";
  const coupling::Readiness readiness = measured(files, own_names());
  BOOST_REQUIRE(readiness.fixes.size() == 1u);
  const std::vector<std::string> unlocked{"modules/app", "modules/db"};
  BOOST_TEST(readiness.fixes[0].unlocks == unlocked, boost::test_tools::per_element());
  BOOST_TEST(readiness.order.back() == "modules/app");
}

BOOST_AUTO_TEST_SUITE_END()
