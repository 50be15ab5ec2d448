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
    {"site-modules/profile/manifests/web.pp", kInstance},
    {"site/role/manifests/web.pp", kInstance},
    {"roles/profile/templates/x.j2", kShared},
    {"manifests/site.pp", kInstance},
    {"manifests/nodes.pp", kInstance},
    {"hieradata/common.yaml", kEnv},
    {"hieradata/role/maps/test/main.yaml", kEnv},
    {"hieradata/role/ganeti_test.yaml", kEnv},
    {"apps/staging/apps/web/values.yaml", kEnv},
    {"environments/prod/modules/x/tests/main.tf", kDoc},
    {"configurations/nixos/gate/network.nix", kEnv},
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
    {"src/accounts/models.py", kInstance},
    {"web/components/Button.tsx", kInstance},
    {"node_modules/left-pad/index.js", kInstance},
    {"dev/setup.py", kInstance},
    // Files and folders called after an environment.
    {"terraform/prod/main.tf", kEnv},
    {"production/eu-west-1/vpc.tf", kEnv},
    {"modules/dev/main.tf", kShared},
    {"roles/staging/tasks/main.yml", kShared},
    {"config/prod.yaml", kEnv},
    {"config/settings.staging.json", kEnv},
    {"prod-cluster.yaml", kEnv},
    {"charts/api/values/prod.yaml", kEnv},
    {"roles/web/tasks/prod.yml", kShared},
    {"roles/web/templates/app-prod.yaml", kShared},
    {".github/workflows/production.yml", kInstance},
    {"production.md", kDoc},
    // Terragrunt, Packer, SAM.
    {"live/account.hcl", kEnv},
    {"infrastructure-live/prod/region.hcl", kEnv},
    {"root.hcl", kInstance},
    {"backends/backend-prod.hcl", kEnv},
    {"images/web.pkrvars.hcl", kEnv},
    {"_sub/network/vpc/vars.tf", kShared},
    {"aws_modules/vpc/main.tf", kShared},
    // GitOps.
    {"components/terraform/vpc/main.tf", kShared},
    {"eks/components/main.tf", kInstance},
    {"deployments/apps/test/main.tf", kInstance},
    {"terraform/gcp/backends/main.hcl", kEnv},
    {"apps/base_staging/web/release.yaml", kEnv},
    {"secrets/db.yaml", kEnv},
    {"apps/base/web/secrets/x.yaml", kShared},
    {"clusters/prod/flux-system/gotk-sync.yaml", kEnv},
    {"apps/base/web/release.yaml", kShared},
    {"apps/staging/web-values.yaml", kEnv},
    {"apps/web/ingress.yaml", kInstance},
    {"argocd/web.yaml", kInstance},
    {"charts/api/ci/ha-values.yaml", kDoc},
    {"helmfile.yaml", kInstance},
    // Nix.
    {"hosts/web01/default.nix", kEnv},
    {"machines/web01/hardware-configuration.nix", kEnv},
    {"modules/web.nix", kShared},
    {"overlays/python.nix", kShared},
    {"flake.nix", kInstance},
    {"users/anna/home.nix", kEnv},
    // Salt, Ansible.
    {"salt/top.sls", kInstance},
    {"_states/x.py", kShared},
    {"nginx-formula/nginx/init.sls", kShared},
    {"vars/users.yml", kEnv},
    {"inventory_prod/web.yml", kEnv},
    {"library/x.py", kShared},
});
static_assert(kRows.size() >= 120);

}  // namespace

BOOST_AUTO_TEST_SUITE(layers)

BOOST_AUTO_TEST_CASE(paths_have_the_layer_of_their_convention) {
  for (const Row& row : kRows) {
    const LayerOf got = Layers{}.of(row.path);
    BOOST_TEST(to_string(got.layer) == to_string(row.layer), row.path << " is " << to_string(got.layer));
    BOOST_TEST(!got.reason.empty(), row.path << " has no reason");
  }
}

BOOST_AUTO_TEST_CASE(the_owners_rules_win_in_their_order) {
  const Layers layers{
      {{Layer::shared, "stacks/common/**"}, {Layer::env_data, "stacks/**"}, {Layer::instance, "*.md"}}};
  BOOST_TEST(to_string(layers.of("stacks/common/main.tf").layer) == "shared");
  BOOST_TEST(to_string(layers.of("stacks/edge/main.tf").layer) == "env-data");
  BOOST_TEST(to_string(layers.of("modules/x/README.md").layer) == "instance");
  BOOST_TEST(to_string(layers.of("modules/x/main.tf").layer) == "shared");
  BOOST_TEST(layers.of("stacks/edge/main.tf").reason == "the policy says so");
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
       {{"data/common.yaml", kEnv}, {"manifests/site.pp", kInstance}, {"site-modules/profile/manifests/a.pp", kInstance}, {"site-modules/ntp/manifests/a.pp", kShared}}},
      {"Helm chart at the root", {"Chart.yaml", "values.yaml", "templates/deployment.yaml", "values-prod.yaml"},
       {{"templates/deployment.yaml", kShared}, {"values.yaml", kShared}, {"values-prod.yaml", kEnv}}},
      {"Helm chart in some folder", {"deploy/web/Chart.yaml", "deploy/web/templates/a.yaml", "deploy/job.yaml"},
       {{"deploy/web/templates/a.yaml", kShared}, {"deploy/job.yaml", kInstance}}},
      {"Chef cookbook", {"metadata.rb", "recipes/default.rb", "attributes/default.rb"},
       {{"recipes/default.rb", kShared}, {"attributes/default.rb", kShared}}},
      {"Salt formula", {"FORMULA", "nginx/init.sls", "pillar.example"}, {{"nginx/init.sls", kShared}, {"pillar.example", kDoc}}},
      {"Pulumi project", {"Pulumi.yaml", "Pulumi.prod.yaml", "index.ts"}, {{"index.ts", kInstance}, {"Pulumi.prod.yaml", kEnv}}},
      {"Helm chart without templates", {"web/Chart.yaml", "web/values.yaml", "web/values-prod.yaml"},
       {{"web/Chart.yaml", kInstance}, {"web/values.yaml", kInstance}, {"web/values-prod.yaml", kEnv}}},
      {"Helm chart among apps", {"apps/web/Chart.yaml", "apps/web/templates/a.yaml", "apps/db/job.yaml"},
       {{"apps/web/templates/a.yaml", kShared}, {"apps/db/job.yaml", kInstance}}},
      {"Kustomize overlays that are called nothing",
       {"web/base/kustomization.yaml", "web/eu/kustomization.yaml", "web/eu/patch.yaml", "web/notes.yaml"},
       {{"web/base/kustomization.yaml", kShared}, {"web/eu/patch.yaml", kEnv}, {"web/notes.yaml", kInstance}}},
      {"Kustomize components", {"components/tls/kustomization.yaml", "components/tls/patch.yaml", "components/x.yaml"},
       {{"components/tls/patch.yaml", kShared}, {"components/x.yaml", kInstance}}},
      {"Pulumi projects and what they share",
       {"src/web/Pulumi.yaml", "src/web/__main__.py", "src/lib/bucket.py", "src/components/db.py", "src/tool.py"},
       {{"src/web/__main__.py", kInstance}, {"src/lib/bucket.py", kShared}, {"src/components/db.py", kShared},
        {"src/tool.py", kInstance}}},
      {"CDK app", {"cdk.json", "bin/app.ts", "lib/queue.ts", "cdk.context.json"},
       {{"bin/app.ts", kInstance}, {"lib/queue.ts", kShared}, {"cdk.context.json", kEnv}}},
      {"Terraform module with vars.tf", {"net/main.tf", "net/vars.tf", "net/output.tf"}, {{"net/main.tf", kShared}}},
      {"Terraform folder with providers of its own",
       {"net/main.tf", "net/variables.tf", "net/outputs.tf", "net/providers.tf"}, {{"net/main.tf", kInstance}}},
      {"Terraform folder of an environment", {"environments/prod/main.tf", "environments/prod/variables.tf",
        "environments/prod/outputs.tf"}, {{"environments/prod/main.tf", kEnv}}},
      {"npm package that is no Puppet module", {"metadata.json", "index.js"}, {{"index.js", kInstance}}},
  };
  // clang-format on
  for (const Layout& layout : layouts) {
    const Layers layers{{}, std::make_shared<RepositoryPaths>(layout.paths)};
    for (const auto& [path, layer] : layout.expected)
      BOOST_TEST(to_string(layers.of(path).layer) == to_string(layer), layout.name << ": " << path);
  }
}

BOOST_AUTO_TEST_CASE(the_owner_and_what_the_files_say_win_over_what_stands_together) {
  const std::vector<std::string> role{"meta/main.yml", "tasks/main.yml"};
  const auto paths = std::make_shared<RepositoryPaths>(role);
  BOOST_TEST(to_string(Layers{{}, paths}.of("tasks/main.yml").layer) == "shared");
  BOOST_TEST(to_string(Layers{{{Layer::instance, "tasks/**"}}, paths}.of("tasks/main.yml").layer) ==
             "instance");
  const std::vector<std::string> module{"net/main.tf", "net/variables.tf", "net/outputs.tf"};
  BOOST_TEST(RepositoryPaths(module).layer_of("net/main.tf").has_value());
  BOOST_TEST(to_string(RepositoryPaths(module, {"net/"}).layer_of("net/main.tf")->layer) == "instance");
  BOOST_TEST(!RepositoryPaths(module, {"net/"}).layer_of("net/notes.yaml").has_value());
  BOOST_TEST(to_string(RepositoryPaths(module, {}, {"net/"}).layer_of("net/notes.yaml")->layer) == "shared");
  BOOST_TEST(RepositoryPaths(module).guessed().contains("net/"));
  BOOST_TEST(RepositoryPaths(module, {"net/"}).guessed().empty());
}

BOOST_AUTO_TEST_CASE(what_stands_before_the_repository_says_nothing) {
  const Layers layers{{{Layer::instance, "edge/**"}}, nullptr, "/home/test/modules/infra/", ""};
  BOOST_TEST(to_string(layers.of("/home/test/modules/infra/main.tf").layer) == "instance");
  BOOST_TEST(to_string(layers.of("/home/test/modules/infra/modules/a/main.tf").layer) == "shared");
  BOOST_TEST(layers.of("/home/test/modules/infra/edge/a.tf").reason == "the policy says so");
  // A folder inside of it: the rest of the repository's path counts.
  BOOST_TEST(to_string(Layers{{}, nullptr, "", "modules/"}.of("vpc/main.tf").layer) == "shared");
  BOOST_TEST(to_string(Layers{{}, nullptr, "../x/", "roles/"}.of("../x/web/tasks/main.yml").layer) ==
             "shared");
}

BOOST_AUTO_TEST_CASE(a_long_path_is_judged_in_linear_time) {
  std::string path = "modules/";
  for (int i = 0; i < 20'000; ++i) path += "x/";
  BOOST_TEST(to_string(Layers{}.of(path + "main.tf").layer) == "shared");
  BOOST_TEST(to_string(Layers{}.of(std::string(100'000, '/')).layer) == "instance");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
