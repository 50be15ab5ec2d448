#include "fanlight/coupling/layers.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace fanlight::coupling {

namespace {

struct Row {
  std::string_view path;
  Layer layer;
};

constexpr Layer kShared = Layer::shared, kInstance = Layer::instance, kEnv = Layer::env_data,
                kDoc = Layer::doc_test;

constexpr auto kRows = std::to_array<Row>({
    // Terraform, OpenTofu, Terragrunt.
    {"modules/vpc/main.tf", kShared},
    {"modules/vpc/variables.tf", kShared},
    {"terraform/modules/dns/outputs.tf", kShared},
    {"terraform-modules/dns/main.tf", kShared},
    {"modules/vpc/examples/basic/main.tf", kDoc},
    {"modules/vpc/tests/basic.tf", kDoc},
    {"modules/vpc/README.md", kDoc},
    {"modules/vpc/vpc.tftest.hcl", kDoc},
    {"examples/modules/vpc/main.tf", kDoc},
    {"main.tf", kInstance},
    {"./main.tf", kInstance},
    {"./modules/vpc/main.tf", kShared},
    {"terraform/network.tf", kInstance},
    {"stacks/edge/main.tf", kInstance},
    {"stacks/test/main.tf", kInstance},
    {"terraform.tfvars", kEnv},
    {"prod.auto.tfvars", kEnv},
    {"prod.tfvars.json", kEnv},
    {"modules/vpc/prod.tfvars", kEnv},
    {"terraform.tfvars.example", kDoc},
    {"prod.example.tfvars", kDoc},
    {"prod.tfbackend", kEnv},
    {"backends/prod.backend", kEnv},
    {"environments/prod/main.tf", kEnv},
    {"environments/test/main.tf", kEnv},
    {"environments/prod/modules/x/main.tf", kShared},
    {"envs/dev/main.tf", kEnv},
    {"live/prod/eu-west-1/vpc/terragrunt.hcl", kEnv},
    {"accounts/shared/main.tf", kEnv},
    {"terragrunt.hcl", kEnv},
    {"Modules/VPC/main.tf", kShared},
    // Ansible.
    {"roles/web/tasks/main.yml", kShared},
    {"roles/web/defaults/main.yml", kShared},
    {"roles/web/vars/main.yml", kShared},
    {"roles/web/templates/nginx.conf.j2", kShared},
    {"roles/web/molecule/default/converge.yml", kDoc},
    {"roles/web/tests/test.yml", kDoc},
    {"roles/web/meta/main.yml", kShared},
    {"collections/ansible_collections/acme/web/plugins/x.py", kShared},
    {"inventory/hosts", kEnv},
    {"inventory/production.ini", kEnv},
    {"inventories/test/hosts.yml", kEnv},
    {"inventories/prod/group_vars/all.yml", kEnv},
    {"group_vars/all/vault.yml", kEnv},
    {"host_vars/web01.yml", kEnv},
    {"host_vars/test/x.yml", kEnv},
    {"hosts.ini", kEnv},
    {"hosts", kEnv},
    {"inventory.yml", kEnv},
    {"playbooks/site.yml", kInstance},
    {"site.yml", kInstance},
    {"ansible.cfg", kInstance},
    {"playbooks/roles/web/tasks/main.yml", kShared},
    {"tests/roles/web/tasks/main.yml", kDoc},
    // Helm and Kubernetes.
    {"charts/api/values.yaml", kShared},
    {"charts/api/templates/deployment.yaml", kShared},
    {"charts/api/values-prod.yaml", kEnv},
    {"charts/api/values.prod.yaml", kEnv},
    {"charts/api/Chart.yaml", kShared},
    {"charts/api/README.md", kDoc},
    {"helm-charts/api/templates/svc.yaml", kShared},
    {"values-staging.yml", kEnv},
    {"k8s/base/deployment.yaml", kShared},
    {"k8s/overlays/prod/kustomization.yaml", kEnv},
    {"k8s/overlays/test/kustomization.yaml", kEnv},
    {"clusters/eu/flux.yaml", kEnv},
    {"k8s/deployment.yaml", kInstance},
    {"deployments/api.yaml", kInstance},
    // Puppet, Salt, Chef.
    {"modules/ntp/manifests/init.pp", kShared},
    {"modules/ntp/spec/classes/init_spec.rb", kDoc},
    {"site-modules/profile/manifests/web.pp", kShared},
    {"manifests/site.pp", kInstance},
    {"manifests/nodes.pp", kInstance},
    {"hieradata/common.yaml", kEnv},
    {"data/nodes/web01.yaml", kEnv},
    {"data/common.eyaml", kEnv},
    {"data/report.csv", kInstance},
    {"src/data/common.yaml", kInstance},
    {"Puppetfile", kInstance},
    {"salt/nginx/init.sls", kShared},
    {"pillar/base/users.sls", kEnv},
    {"pillar/test/users.sls", kEnv},
    {"formulas/nginx/init.sls", kShared},
    {"src/salt/x.sls", kInstance},
    {"cookbooks/web/recipes/default.rb", kShared},
    {"data_bags/users/anna.json", kEnv},
    {"cookbooks/web/spec/default_spec.rb", kDoc},
    // Pulumi, CloudFormation, compose, env files.
    {"Pulumi.yaml", kInstance},
    {"Pulumi.prod.yaml", kEnv},
    {"__main__.py", kInstance},
    {"cloudformation/vpc.yaml", kInstance},
    {"cloudformation/parameters/prod.json", kEnv},
    {"prod-parameters.json", kEnv},
    {"vpc.parameters.json", kEnv},
    {"docker-compose.yml", kInstance},
    {"docker-compose.prod.yaml", kInstance},
    {"compose.yaml", kInstance},
    {"docker-compose.override.yml", kEnv},
    {".env", kEnv},
    {"deploy/.env.production", kEnv},
    {"prod.env", kEnv},
    {".env.example", kDoc},
    {".env.sample", kDoc},
    {".env.template", kDoc},
    {".env.dist", kDoc},
    {"config.sample.yml", kDoc},
    // Pipelines.
    {".github/workflows/deploy.yml", kInstance},
    {".github/actions/setup/action.yml", kInstance},
    {".gitlab-ci.yml", kInstance},
    {"Jenkinsfile", kInstance},
    {"Jenkinsfile.release", kInstance},
    {".circleci/config.yml", kInstance},
    {"azure-pipelines.yml", kInstance},
    {".buildkite/pipeline.yml", kInstance},
    {"buildspec.yml", kInstance},
    // Documents and tests.
    {"README", kDoc},
    {"README.md", kDoc},
    {"docs/network.html", kDoc},
    {"doc/arch.txt", kDoc},
    {"CHANGELOG.md", kDoc},
    {"LICENSE", kDoc},
    {"CONTRIBUTING.rst", kDoc},
    {"AUTHORS", kDoc},
    {".mailmap", kDoc},
    {".github/CODEOWNERS", kDoc},
    {"test/main_test.go", kDoc},
    {"pkg/server/server_test.go", kDoc},
    {"src/app.test.ts", kDoc},
    {"spec/spec_helper.rb", kDoc},
    {"fixtures/input.json", kDoc},
    {"pkg/testdata/in.tf", kDoc},
    {"tests/conftest.py", kDoc},
    {"lib/test_net.py", kDoc},
    {"Vagrantfile", kDoc},
    {".kitchen.yml", kDoc},
    {"samples/x.tf", kDoc},
    {"data/ec2/examples-1.json", kDoc},
    // Nothing says.
    {"", kInstance},
    {"a", kInstance},
    {"src/main.go", kInstance},
    {"contest/main.tf", kInstance},
    {"latest/main.tf", kInstance},
    {"modules.tf", kInstance},
    {"mymodules/x.tf", kInstance},
});
static_assert(kRows.size() >= 120);

}  // namespace

BOOST_AUTO_TEST_SUITE(layers)

BOOST_AUTO_TEST_CASE(paths_have_the_layer_of_their_convention) {
  for (const Row& row : kRows) {
    const LayerOf got = layer_of(row.path);
    BOOST_TEST(to_string(got.layer) == to_string(row.layer), row.path << " is " << to_string(got.layer));
    BOOST_TEST(!got.reason.empty(), row.path << " has no reason");
  }
}

BOOST_AUTO_TEST_CASE(the_owners_rules_win_in_their_order) {
  const std::vector<LayerRule> rules = {
      {Layer::shared, "stacks/common/**"}, {Layer::env_data, "stacks/**"}, {Layer::instance, "*.md"}};
  BOOST_TEST(to_string(layer_of("stacks/common/main.tf", rules).layer) == "shared");
  BOOST_TEST(to_string(layer_of("stacks/edge/main.tf", rules).layer) == "env-data");
  BOOST_TEST(to_string(layer_of("modules/x/README.md", rules).layer) == "instance");
  BOOST_TEST(to_string(layer_of("modules/x/main.tf", rules).layer) == "shared");
  BOOST_TEST(layer_of("stacks/edge/main.tf", rules).reason == "the policy says so");
}

// Layouts as public repositories of each kind have them.
BOOST_AUTO_TEST_CASE(what_stands_together_makes_a_unit) {
  struct Layout {
    const char* name;
    std::vector<std::string> paths;
    std::vector<std::pair<const char*, Layer>> expected;
  };
  // clang-format off
  const Layout layouts[] = {
      {"Terraform module in a repository of its own",
       {"main.tf", "variables.tf", "outputs.tf", "versions.tf", "files/init.tftpl", "examples/complete/main.tf", "README.md"},
       {{"main.tf", kShared}, {"versions.tf", kShared}, {"files/init.tftpl", kShared}, {"examples/complete/main.tf", kDoc}}},
      {"Terraform root with a backend",
       {"main.tf", "variables.tf", "outputs.tf", "backend.tf", "modules/vpc/main.tf"},
       {{"main.tf", kInstance}, {"modules/vpc/main.tf", kShared}}},
      {"Terraform root with values",
       {"main.tf", "variables.tf", "outputs.tf", "prod.tfvars"},
       {{"main.tf", kInstance}, {"prod.tfvars", kEnv}}},
      {"Terraform root without outputs", {"main.tf", "variables.tf"}, {{"main.tf", kInstance}}},
      {"Ansible role in a repository of its own",
       {"meta/main.yml", "tasks/main.yml", "defaults/main.yml", "templates/a.conf.j2", "molecule/default/converge.yml"},
       {{"tasks/main.yml", kShared}, {"defaults/main.yml", kShared}, {"templates/a.conf.j2", kShared},
        {"molecule/default/converge.yml", kDoc}}},
      {"Ansible collection", {"galaxy.yml", "plugins/modules/a.py", "playbooks/a.yml"},
       {{"plugins/modules/a.py", kShared}, {"playbooks/a.yml", kInstance}}},
      {"Puppet module in a repository of its own",
       {"metadata.json", "manifests/init.pp", "data/common.yaml", "templates/a.epp", "spec/classes/a_spec.rb"},
       {{"manifests/init.pp", kShared}, {"data/common.yaml", kShared}, {"templates/a.epp", kShared},
        {"spec/classes/a_spec.rb", kDoc}}},
      {"Puppet control repository", {"Puppetfile", "manifests/site.pp", "data/common.yaml", "site-modules/profile/manifests/a.pp"},
       {{"data/common.yaml", kEnv}, {"manifests/site.pp", kInstance}, {"site-modules/profile/manifests/a.pp", kShared}}},
      {"Helm chart at the root", {"Chart.yaml", "values.yaml", "templates/deployment.yaml", "values-prod.yaml"},
       {{"templates/deployment.yaml", kShared}, {"values.yaml", kShared}, {"values-prod.yaml", kEnv}}},
      {"Helm chart in some folder", {"deploy/web/Chart.yaml", "deploy/web/templates/a.yaml", "deploy/job.yaml"},
       {{"deploy/web/templates/a.yaml", kShared}, {"deploy/job.yaml", kInstance}}},
      {"Chef cookbook", {"metadata.rb", "recipes/default.rb", "attributes/default.rb"},
       {{"recipes/default.rb", kShared}, {"attributes/default.rb", kShared}}},
      {"Salt formula", {"FORMULA", "nginx/init.sls", "pillar.example"}, {{"nginx/init.sls", kShared}, {"pillar.example", kDoc}}},
      {"Pulumi project", {"Pulumi.yaml", "Pulumi.prod.yaml", "index.ts"}, {{"index.ts", kInstance}, {"Pulumi.prod.yaml", kEnv}}},
      {"npm package that is no Puppet module", {"metadata.json", "index.js"}, {{"index.js", kInstance}}},
  };
  // clang-format on
  for (const Layout& layout : layouts) {
    const RepositoryPaths repository(layout.paths);
    for (const auto& [path, layer] : layout.expected)
      BOOST_TEST(to_string(layer_of(path, {}, &repository).layer) == to_string(layer),
                 layout.name << ": " << path);
  }
  const RepositoryPaths role({"meta/main.yml", "tasks/main.yml"});
  BOOST_TEST(
      to_string(
          layer_of("tasks/main.yml", std::vector<LayerRule>{{Layer::instance, "tasks/**"}}, &role).layer) ==
      "instance");
}

BOOST_AUTO_TEST_CASE(a_long_path_is_judged_in_linear_time) {
  std::string path = "modules/";
  for (int i = 0; i < 20'000; ++i) path += "x/";
  BOOST_TEST(to_string(layer_of(path + "main.tf").layer) == "shared");
  BOOST_TEST(to_string(layer_of(std::string(100'000, '/')).layer) == "instance");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
