// Layers from paths. One table of conventions: file names first, then folders from the deepest up, so that
// modules/vpc/examples/main.tf is an example and environments/prod/modules/x is a module. One exception: what
// lies in a folder of tests or examples stays a test, however it is arranged inside (tests/roles/web is no
// shared role).
#include "fanlight/coupling/layers.hpp"

#include <algorithm>
#include <array>

#include "fanlight/core/text.hpp"
#include "layers_manifest.hpp"

namespace fanlight::coupling {

namespace {

enum class On : std::uint8_t {
  file,      // glob on the last component, case folded
  folder,    // exact name of any folder on the path
  top,       // exact name of the first folder
  yaml_top,  // the same, for YAML and JSON alone
};

struct Convention {
  On on;
  std::string_view name;
  Layer layer;
  std::string_view reason;
};

constexpr std::string_view kNothing = "nothing in the path says that others use it";
constexpr std::string_view kDocs = "documentation and examples describe, they do not run";
constexpr std::string_view kTests = "tests run with made-up data";
constexpr std::string_view kTfvars = "tfvars files hold an environment's values";
constexpr std::string_view kEnvironment = "the folder holds one environment's own data";
constexpr std::string_view kInventory = "inventories hold an environment's own hosts and variables";
constexpr std::string_view kCi = "pipelines run for this repository alone";
constexpr std::string_view kEnvFile = ".env files hold an environment's values";

constexpr auto kConventions = std::to_array<Convention>({
    // Names that say "this is only an example", before the names they resemble.
    {On::file, "*.example", Layer::doc_test, kDocs},
    {On::file, "*.example.*", Layer::doc_test, kDocs},
    {On::file, "*.sample", Layer::doc_test, kDocs},
    {On::file, "*.sample.*", Layer::doc_test, kDocs},
    {On::file, "*.dist", Layer::doc_test, kDocs},
    {On::file, ".env.template", Layer::doc_test, kDocs},
    {On::file, "*.md", Layer::doc_test, kDocs},
    {On::file, "*.markdown", Layer::doc_test, kDocs},
    {On::file, "*.rst", Layer::doc_test, kDocs},
    {On::file, "*.adoc", Layer::doc_test, kDocs},
    {On::file, "readme*", Layer::doc_test, kDocs},
    {On::file, "examples*", Layer::doc_test, kDocs},
    {On::file, "example.*", Layer::doc_test, kDocs},
    {On::file, "changelog*", Layer::doc_test, kDocs},
    {On::file, "changes", Layer::doc_test, kDocs},
    {On::file, "contributing*", Layer::doc_test, kDocs},
    {On::file, "license*", Layer::doc_test, kDocs},
    {On::file, "copying*", Layer::doc_test, kDocs},
    {On::file, "notice", Layer::doc_test, kDocs},
    {On::file, "authors*", Layer::doc_test, kDocs},
    {On::file, "codeowners", Layer::doc_test, "CODEOWNERS names people on purpose"},
    {On::file, "maintainers*", Layer::doc_test, "MAINTAINERS names people on purpose"},
    {On::file, ".mailmap", Layer::doc_test, ".mailmap names people on purpose"},
    // Tests by name.
    {On::file, "*_test.*", Layer::doc_test, kTests},
    {On::file, "*_spec.*", Layer::doc_test, kTests},
    {On::file, "*.test.*", Layer::doc_test, kTests},
    {On::file, "*.spec.*", Layer::doc_test, kTests},
    {On::file, "test_*.py", Layer::doc_test, kTests},
    {On::file, "conftest.py", Layer::doc_test, kTests},
    {On::file, "*.tftest.hcl", Layer::doc_test, kTests},
    {On::file, "*.tftest.json", Layer::doc_test, kTests},
    {On::file, "vagrantfile", Layer::doc_test, "Vagrant machines are throw-away"},
    {On::file, ".kitchen*.yml", Layer::doc_test, kTests},
    {On::file, ".fixtures.yml", Layer::doc_test, kTests},
    // Data of one environment by name.
    {On::file, "*.tfvars", Layer::env_data, kTfvars},
    {On::file, "*.tfvars.json", Layer::env_data, kTfvars},
    {On::file, "*.tfbackend", Layer::env_data, "backend files hold an environment's state location"},
    {On::file, "*.backend", Layer::env_data, "backend files hold an environment's state location"},
    {On::file, "terragrunt.hcl", Layer::env_data, "terragrunt.hcl holds one account's inputs"},
    {On::file, "values-*.yaml", Layer::env_data, "values-<env>.yaml holds one environment's chart values"},
    {On::file, "values-*.yml", Layer::env_data, "values-<env>.yaml holds one environment's chart values"},
    {On::file, "values.*.yaml", Layer::env_data, "values.<env>.yaml holds one environment's chart values"},
    {On::file, "values.*.yml", Layer::env_data, "values.<env>.yaml holds one environment's chart values"},
    {On::file, "pulumi.*.yaml", Layer::env_data, "Pulumi.<stack>.yaml holds one stack's values"},
    {On::file, "pulumi.*.yml", Layer::env_data, "Pulumi.<stack>.yaml holds one stack's values"},
    {On::file, ".env", Layer::env_data, kEnvFile},
    {On::file, ".env.*", Layer::env_data, kEnvFile},
    {On::file, "*.env", Layer::env_data, kEnvFile},
    {On::file, "*.parameters.json", Layer::env_data, "parameter files hold an environment's values"},
    {On::file, "*-parameters.json", Layer::env_data, "parameter files hold an environment's values"},
    {On::file, "*.bicepparam", Layer::env_data, "parameter files hold an environment's values"},
    {On::file, "docker-compose.override.*", Layer::env_data, "compose override files hold local values"},
    {On::file, "compose.override.*", Layer::env_data, "compose override files hold local values"},
    {On::file, "hosts", Layer::env_data, kInventory},
    {On::file, "hosts.ini", Layer::env_data, kInventory},
    {On::file, "hosts.y*ml", Layer::env_data, kInventory},
    {On::file, "inventory.*", Layer::env_data, kInventory},
    {On::file, "inventory", Layer::env_data, kInventory},
    // Instances by name: code that exists once, here.
    {On::file, "docker-compose*.y*ml", Layer::instance, "a compose file runs this deployment"},
    {On::file, "compose*.y*ml", Layer::instance, "a compose file runs this deployment"},
    {On::file, "pulumi.y*ml", Layer::instance, "Pulumi.yaml names this project"},
    {On::file, ".gitlab-ci.yml", Layer::instance, kCi},
    {On::file, "jenkinsfile*", Layer::instance, kCi},
    {On::file, "azure-pipelines*.y*ml", Layer::instance, kCi},
    {On::file, "bitbucket-pipelines.yml", Layer::instance, kCi},
    {On::file, ".travis.yml", Layer::instance, kCi},
    {On::file, ".drone.yml", Layer::instance, kCi},
    {On::file, "cloudbuild.y*ml", Layer::instance, kCi},
    {On::file, "buildspec*.y*ml", Layer::instance, kCi},
    {On::file, "site.pp", Layer::instance, "site.pp assigns this site's nodes"},
    {On::file, "nodes.pp", Layer::instance, "nodes.pp assigns this site's nodes"},
    {On::file, "ansible.cfg", Layer::instance, "ansible.cfg configures this checkout"},
    {On::file, "puppetfile", Layer::instance, "a Puppetfile picks this site's modules"},
    // Folders that hold for everything below them.
    {On::folder, "examples", Layer::doc_test, kDocs},
    {On::folder, "example", Layer::doc_test, kDocs},
    {On::folder, "samples", Layer::doc_test, kDocs},
    {On::folder, "docs", Layer::doc_test, kDocs},
    {On::folder, "doc", Layer::doc_test, kDocs},
    {On::folder, "documentation", Layer::doc_test, kDocs},
    {On::folder, "tests", Layer::doc_test, kTests},
    {On::folder, "test", Layer::doc_test, kTests},
    {On::folder, "spec", Layer::doc_test, kTests},
    {On::folder, "specs", Layer::doc_test, kTests},
    {On::folder, "fixtures", Layer::doc_test, kTests},
    {On::folder, "testdata", Layer::doc_test, kTests},
    {On::folder, "__tests__", Layer::doc_test, kTests},
    {On::folder, "molecule", Layer::doc_test, kTests},
    // Data of one environment.
    {On::folder, "environments", Layer::env_data, kEnvironment},
    {On::folder, "environment", Layer::env_data, kEnvironment},
    {On::folder, "envs", Layer::env_data, kEnvironment},
    {On::folder, "env", Layer::env_data, kEnvironment},
    {On::folder, "live", Layer::env_data, kEnvironment},
    {On::folder, "accounts", Layer::env_data, kEnvironment},
    {On::folder, "tfvars", Layer::env_data, kTfvars},
    {On::folder, "inventory", Layer::env_data, kInventory},
    {On::folder, "inventories", Layer::env_data, kInventory},
    {On::folder, "group_vars", Layer::env_data, kInventory},
    {On::folder, "host_vars", Layer::env_data, kInventory},
    {On::folder, "overlays", Layer::env_data, "overlays/ holds what one environment changes in a base"},
    {On::folder, "clusters", Layer::env_data, "clusters/ holds what one cluster runs"},
    {On::folder, "hieradata", Layer::env_data, "hieradata/ is Puppet's place for a site's values"},
    {On::folder, "hiera", Layer::env_data, "hiera/ is Puppet's place for a site's values"},
    {On::folder, "pillar", Layer::env_data, "pillar/ is Salt's place for a site's values"},
    {On::folder, "pillars", Layer::env_data, "pillars/ is Salt's place for a site's values"},
    {On::folder, "data_bags", Layer::env_data, "data_bags/ is Chef's place for a site's values"},
    {On::folder, "parameters", Layer::env_data, "parameter files hold an environment's values"},
    {On::yaml_top, "data", Layer::env_data, "data/ is Puppet's place for a site's values"},
    {On::yaml_top, "nodes", Layer::env_data, "nodes/ holds one site's machines"},
    // Code for everybody.
    {On::folder, "modules", Layer::shared, "modules/ is the place for reusable code"},
    {On::folder, "module", Layer::shared, "module/ is the place for reusable code"},
    {On::folder, "terraform-modules", Layer::shared, "terraform-modules/ is the place for reusable code"},
    {On::folder, "tf-modules", Layer::shared, "tf-modules/ is the place for reusable code"},
    {On::folder, "site-modules", Layer::shared, "site-modules/ is Puppet's place for modules"},
    {On::folder, "roles", Layer::shared, "roles/ is Ansible's place for reusable code"},
    {On::folder, "collections", Layer::shared, "collections/ is Ansible's place for reusable code"},
    {On::folder, "ansible_collections", Layer::shared, "collections are Ansible's reusable code"},
    {On::folder, "charts", Layer::shared, "charts/ is Helm's place for reusable code"},
    {On::folder, "helm-charts", Layer::shared, "charts are Helm's reusable code"},
    {On::folder, "base", Layer::shared, "base/ is what every overlay starts from"},
    {On::folder, "bases", Layer::shared, "bases/ is what every overlay starts from"},
    {On::folder, "cookbooks", Layer::shared, "cookbooks/ is Chef's place for reusable code"},
    {On::folder, "formulas", Layer::shared, "formulas are Salt's reusable code"},
    {On::folder, "blueprints", Layer::shared, "blueprints/ is a place for reusable code"},
    {On::top, "salt", Layer::shared, "salt/ is Salt's place for states"},
    {On::top, "states", Layer::shared, "states/ is Salt's place for states"},
    // Code that exists once, here.
    {On::folder, "playbooks", Layer::instance, "playbooks run against this organisation's hosts"},
    {On::folder, "stacks", Layer::instance, "a stack is one deployment"},
    {On::folder, "deployments", Layer::instance, "a deployment exists once"},
    {On::folder, ".github", Layer::instance, kCi},
    {On::folder, ".circleci", Layer::instance, kCi},
    {On::folder, ".buildkite", Layer::instance, kCi},
    {On::folder, ".gitlab", Layer::instance, kCi},
    {On::folder, ".tekton", Layer::instance, kCi},
});

// A folder right below one of these is an environment's name: environments/test is an environment, not a
// test.
bool holds_environments(std::string_view folder) {
  static constexpr auto kRoots = std::to_array<std::string_view>(
      {"environments", "environment", "envs", "env", "live", "accounts", "inventories", "inventory",
       "overlays", "clusters", "group_vars", "host_vars", "hieradata", "pillar", "pillars", "stacks",
       "deployments"});
  return std::ranges::find(kRoots, folder) != kRoots.end();
}

bool is_yaml_or_json(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json") ||
         name.ends_with(".eyaml");
}

const Convention* of_folder(std::string_view folder, bool top, bool yaml) {
  for (const Convention& row : kConventions) {
    if (row.on == On::file || row.name != folder) continue;
    if (row.on == On::folder || (top && (row.on == On::top || yaml))) return &row;
  }
  return nullptr;
}

LayerOf by_convention(std::string_view path) {
  const std::string lower = to_lower(path);
  const std::vector<std::string_view> parts = split(lower, '/');
  const std::string_view name = parts.back();
  const std::size_t folders = parts.size() - 1;
  std::vector<const Convention*> rows(folders);
  for (std::size_t i = 0; i < folders; ++i) {
    rows[i] = of_folder(parts[i], i == 0, is_yaml_or_json(name));
    const bool environment_name = i > 0 && holds_environments(parts[i - 1]);
    if (!rows[i]) continue;
    // pillar/base and environments/test are environments.
    const bool test = rows[i]->layer == Layer::doc_test, base = parts[i] == "base";
    if (environment_name && (test || base)) {
      rows[i] = nullptr;
    } else if (test) {
      return {rows[i]->layer, rows[i]->reason};
    }
  }
  for (const Convention& row : kConventions) {
    if (row.on == On::file && glob_match(row.name, name)) return {row.layer, row.reason};
  }
  for (std::size_t i = folders; i-- > 0;) {
    if (rows[i]) return {rows[i]->layer, rows[i]->reason};
  }
  return {Layer::instance, kNothing, true};
}

}  // namespace

LayerOf layer_of(std::string_view path, std::span<const LayerRule> overrides,
                 const RepositoryPaths* repository) {
  while (path.starts_with("./")) path.remove_prefix(2);
  for (const LayerRule& rule : overrides) {
    if (glob_match(rule.glob, path)) return {rule.layer, "the policy says so"};
  }
  const LayerOf found = by_convention(path);
  const bool is_data = path.starts_with("data/") && found.layer == Layer::env_data;
  if (!repository || (found.reason != kNothing && !is_data)) return found;
  return by_manifest(path, *repository).value_or(found);
}

}  // namespace fanlight::coupling
