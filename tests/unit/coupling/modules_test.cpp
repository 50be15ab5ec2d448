// The graph of the organisation in tests/data, and readiness over graphs made by hand.
#include "fanlight/coupling/modules.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "../../support/source_dir.hpp"
#include "fanlight/coupling/readiness.hpp"

namespace fanlight::coupling {

namespace {

namespace fs = std::filesystem;

std::vector<RepositoryFile> organisation() {
  const fs::path root = fs::path(testing::source_dir()) / "tests/data/organisation";
  std::vector<RepositoryFile> out;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string path = entry.path().lexically_relative(root).generic_string();
    out.push_back({path, read_facts(path, text.str())});
  }
  std::ranges::sort(out, {}, &RepositoryFile::path);
  return out;
}

std::string described(const ModuleGraph& graph) {
  std::string out;
  for (const Module& module : graph.modules) {
    out +=
        module.name() + ": " + std::string(to_string(module.kind)) + (module.releasable ? "" : ", deploys");
    for (const Edge& edge : module.edges) out += ", > " + graph.modules[edge.to].name();
    for (const External& external : module.external) out += ", needs " + external.name;
    for (const std::string& path : module.unresolved) out += ", lost " + path;
    out += '\n';
  }
  return out;
}

constexpr std::string_view kExpected =
    "apps/base: Kustomize base\n"
    "apps/overlays/prod: Kustomize base, deploys, > apps/base\n"
    "charts/common: Helm chart\n"
    "charts/shop: Helm chart, > charts/common\n"
    "environments/prod: Terraform module, deploys, > modules/web\n"
    "modules/broken: Terraform module\n"
    "modules/dns: Terraform module\n"
    "modules/label: Terraform module\n"
    "modules/mail: Terraform module\n"
    "modules/network: Terraform module, > modules/label\n"
    "modules/ring-a: Terraform module, > modules/ring-b\n"
    "modules/ring-b: Terraform module, > modules/ring-a\n"
    "modules/site: Terraform module, > environments/prod\n"
    "modules/waf: Terraform module, needs git.corp.example/security/waf-rules\n"
    "modules/web: Terraform module, > modules/dns, > modules/network\n"
    "modules/web/examples/basic: Terraform module, deploys, > modules/web\n"
    "puppet/modules/mailer: Puppet module, > puppet/modules/ntp\n"
    "puppet/modules/ntp: Puppet module\n"
    "roles/common: Ansible role\n"
    "roles/proxy: Ansible role, > roles/common\n"
    "roles/site: Ansible role\n"
    "salt/base: Salt formula\n"
    "salt/redis: Salt formula, > salt/base\n";

// Files by hand: path and text.
ModuleGraph graph_of(std::initializer_list<std::pair<std::string, std::string_view>> texts) {
  std::vector<RepositoryFile> files;
  for (const auto& [path, text] : texts) files.push_back({path, read_facts(path, text)});
  std::ranges::sort(files, {}, &RepositoryFile::path);
  return make_graph(files, {});
}

std::string sources(std::initializer_list<std::string_view> names) {
  std::string out;
  for (const std::string_view name : names)
    out += "module \"m" + std::to_string(out.size()) + "\" {\n  source = \"" + std::string(name) + "\"\n}\n";
  return out;
}

Blocker blocker(std::string_view fingerprint) {
  Blocker out;
  out.rule = "org-domain-host";
  out.fingerprint = fingerprint;
  return out;
}

std::string states(const Readiness& readiness) {
  std::string out;
  for (const ModuleReport& module : readiness.modules) {
    out += module.name + ' ' + std::string(to_string(module.state));
    for (const std::string& name : module.after) out += ' ' + name;
    out += '\n';
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(modules)

BOOST_AUTO_TEST_CASE(the_organisation_has_a_known_graph) {
  const std::vector<RepositoryFile> files = organisation();
  BOOST_TEST(described(make_graph(files, {})) == kExpected);
}

BOOST_AUTO_TEST_CASE(a_repository_that_is_one_module) {
  BOOST_TEST(described(graph_of({{"main.tf", ""},
                                 {"variables.tf", "variable \"x\" {}\n"},
                                 {"examples/a/main.tf", sources({"../.."})}})) ==
             ".: Terraform module\nexamples/a: Terraform module, deploys, > .\n");
  BOOST_TEST(described(graph_of({{"tasks/main.yml", ""}, {"defaults/main.yml", "x: 1\n"}})) ==
             ".: Ansible role\n");
  BOOST_TEST(described(graph_of({{"Chart.yaml", "name: x\n"}})) == ".: Helm chart\n");
  BOOST_TEST(described(graph_of({{"manifests/init.pp", "class x {}\n"}, {"metadata.json", "{}"}})) ==
             ".: Puppet module\n");
}

BOOST_AUTO_TEST_CASE(what_only_deploys_is_no_module) {
  BOOST_TEST(described(graph_of({{"main.tf", "terraform {\n  backend \"s3\" {}\n}\nvariable \"x\" {}\n"}})) ==
             ".: Terraform module, deploys\n");
  BOOST_TEST(described(graph_of({{"infra/main.tf", "variable \"x\" {}\n"},
                                 {"infra/prod.tfvars", "x = 1\n"}})) == "infra: Terraform module, deploys\n");
  BOOST_TEST(described(graph_of({{"infra/main.tf", "resource \"a\" \"b\" {}\n"}})) ==
             "infra: Terraform module, deploys\n");
}

BOOST_AUTO_TEST_CASE(what_others_use_is_a_module) {
  BOOST_TEST(described(graph_of({{"infra/main.tf", sources({"./lb"})},
                                 {"infra/lb/main.tf", "resource \"a\" \"b\" {}\n"}})) ==
             "infra: Terraform module, deploys, > infra/lb\ninfra/lb: Terraform module\n");
}

BOOST_AUTO_TEST_CASE(edges_that_lead_nowhere_are_said) {
  BOOST_TEST(described(graph_of({{"modules/a/main.tf", sources({"../gone", "../../../outside"})}})) ==
             "modules/a: Terraform module, lost ../../../outside, lost ../gone\n");
}

BOOST_AUTO_TEST_CASE(a_collection_holds_its_roles) {
  BOOST_TEST(described(graph_of({{"galaxy.yml", "namespace: acme\nname: base\n"},
                                 {"roles/web/tasks/main.yml", "- include_role:\n    name: acme.base.tls\n"},
                                 {"roles/tls/tasks/main.yml", ""}})) ==
             ".: Ansible collection, > roles/tls, > roles/web\nroles/tls: Ansible role\nroles/web: Ansible "
             "role, > roles/tls\n");
}

BOOST_AUTO_TEST_CASE(states_follow_from_literals_and_edges) {
  const ModuleGraph graph = graph_of({{"modules/a/main.tf", ""},
                                      {"modules/b/main.tf", sources({"../a"})},
                                      {"modules/c/main.tf", sources({"../b", "../d"})},
                                      {"modules/d/main.tf", ""},
                                      {"modules/e/main.tf", ""}});
  std::vector<ModuleFindings> found(graph.modules.size());
  found[0].blockers = {blocker("1")};
  found[3].missing = {{"modules/d/x.tf", "too large"}};
  const Readiness readiness = judge_readiness(graph, found);
  BOOST_TEST(states(readiness) ==
             "modules/a BLOCKED\nmodules/b READY-AFTER modules/a\nmodules/c READY-AFTER modules/a modules/d\n"
             "modules/d INCOMPLETE\nmodules/e READY\n");
  const std::vector<std::string> order{"modules/d", "modules/e", "modules/a", "modules/b", "modules/c"};
  BOOST_TEST(readiness.order == order, boost::test_tools::per_element());
  // c waits for d as well, which nobody could look at: one literal does not make it ready.
  BOOST_REQUIRE(readiness.fixes.size() == 1);
  const std::vector<std::string> unlocks{"modules/a", "modules/b"};
  BOOST_TEST(readiness.fixes[0].unlocks == unlocks, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_ring_is_entangled_and_has_no_place_in_the_order) {
  const ModuleGraph graph = graph_of({{"modules/a/main.tf", sources({"../b"})},
                                      {"modules/b/main.tf", sources({"../a"})},
                                      {"modules/c/main.tf", sources({"../a"})}});
  const Readiness readiness = judge_readiness(graph, std::vector<ModuleFindings>(3));
  BOOST_TEST(states(readiness) ==
             "modules/a ENTANGLED modules/b\nmodules/b ENTANGLED modules/a\n"
             "modules/c READY-AFTER modules/a modules/b\n");
  BOOST_TEST(readiness.order.empty());
}

BOOST_AUTO_TEST_CASE(a_baseline_only_shrinks) {
  const ModuleGraph graph = graph_of({{"modules/a/main.tf", ""}, {"modules/b/main.tf", ""}});
  std::vector<ModuleFindings> found(2);
  found[0].blockers = {blocker("1"), blocker("2")};
  Readiness then = judge_readiness(graph, found);
  Baseline before = baseline_of(then);
  before.modules.push_back("modules/old");
  before.blockers.push_back({"modules/old", "org-domain-host", "9"});

  // 2 moved to b, 3 is new, 9 went away with its module.
  found[0].blockers = {blocker("1")};
  found[1].blockers = {blocker("2"), blocker("3")};
  Readiness now = judge_readiness(graph, found);
  const Difference difference = compare(before, now);
  BOOST_REQUIRE(difference.introduced.size() == 1);
  BOOST_TEST(difference.introduced[0].first == "modules/b");
  BOOST_TEST(difference.introduced[0].second.fingerprint == "3");
  BOOST_TEST(difference.moved == 1);
  BOOST_REQUIRE(difference.removed.size() == 1);
  BOOST_TEST(difference.removed[0].module == "modules/old");
  BOOST_TEST(states(now) == "modules/a BLOCKED\nmodules/b BLOCKED\nmodules/old GONE\n");
}

BOOST_AUTO_TEST_CASE(a_long_chain_is_walked_without_recursion) {
  std::vector<RepositoryFile> files;
  const auto path = [](int i) { return "modules/m" + std::to_string(10'000 + i); };
  for (int i = 0; i < 500; ++i) {
    const std::string text = sources({"../m" + std::to_string(10'000 + i + 1)});
    files.push_back({path(i) + "/main.tf", read_facts("main.tf", i + 1 < 500 ? text : "")});
  }
  const ModuleGraph graph = make_graph(files, {});
  const Readiness readiness = judge_readiness(graph, std::vector<ModuleFindings>(files.size()));
  BOOST_TEST(readiness.count(ReadyState::ready) == 500);
  BOOST_TEST(readiness.modules.front().wave == 500);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
