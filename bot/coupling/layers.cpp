// Layers from paths. One table of conventions: file names first, then folders from the deepest up, so that
// modules/vpc/examples/main.tf is an example and environments/prod/modules/x is a module. One exception: what
// lies in a folder of tests or examples stays a test, however it is arranged inside (tests/roles/web is no
// shared role).
#include "fanlight/coupling/layers.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

enum class On : std::uint8_t {
  file,      // glob on the last component, case folded
  folder,    // name of any folder on the path, as a glob where it has a star
  infra,     // the same, for files that are no program's source: src/accounts/models.py is none
  nix,       // the same, for Nix alone
  top,       // name of the first folder
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
constexpr std::string_view kTerragrunt = "Terragrunt's own files hold an account's or a region's values";
constexpr std::string_view kStateFile = "backend files hold an environment's state location";
constexpr std::string_view kParameters = "parameter files hold an environment's values";
constexpr std::string_view kChartValues = "values-<env>.yaml holds one environment's chart values";
constexpr std::string_view kMachines = "the folder holds one site's machines";
constexpr std::string_view kPlays = "plays run against this organisation's hosts";
constexpr std::string_view kGitops = "what a cluster pulls from here exists once";
constexpr std::string_view kPlugins = "plugins are Ansible's and Salt's reusable code";

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
    {On::file, "*.tfbackend", Layer::env_data, kStateFile},
    {On::file, "*.backend", Layer::env_data, kStateFile},
    {On::file, "terragrunt.hcl", Layer::env_data, "terragrunt.hcl holds one account's inputs"},
    {On::file, "account.hcl", Layer::env_data, kTerragrunt},
    {On::file, "region.hcl", Layer::env_data, kTerragrunt},
    {On::file, "env.hcl", Layer::env_data, kTerragrunt},
    {On::file, "environment.hcl", Layer::env_data, kTerragrunt},
    {On::file, "site.hcl", Layer::env_data, kTerragrunt},
    {On::file, "terragrunt.values.hcl", Layer::env_data, kTerragrunt},
    {On::file, "backend*.hcl", Layer::env_data, kStateFile},
    {On::file, "*.backend.hcl", Layer::env_data, kStateFile},
    {On::file, "*.tfstate", Layer::env_data, "a state holds what one deployment has"},
    {On::file, "*.tfstate.backup", Layer::env_data, "a state holds what one deployment has"},
    {On::file, "*.pkrvars.hcl", Layer::env_data, "Packer's variable files hold one build's values"},
    {On::file, "samconfig.toml", Layer::env_data, kParameters},
    {On::file, "cdk.context.json", Layer::env_data, "cdk.context.json holds what one account answered"},
    {On::file, "hardware-configuration.nix", Layer::env_data, kMachines},
    {On::file, "values-*.yaml", Layer::env_data, kChartValues},
    {On::file, "values-*.yml", Layer::env_data, kChartValues},
    {On::file, "values.*.yaml", Layer::env_data, kChartValues},
    {On::file, "values.*.yml", Layer::env_data, kChartValues},
    {On::file, "pulumi.*.yaml", Layer::env_data, "Pulumi.<stack>.yaml holds one stack's values"},
    {On::file, "pulumi.*.yml", Layer::env_data, "Pulumi.<stack>.yaml holds one stack's values"},
    {On::file, ".env", Layer::env_data, kEnvFile},
    {On::file, ".env.*", Layer::env_data, kEnvFile},
    {On::file, "*.env", Layer::env_data, kEnvFile},
    {On::file, "*.parameters.json", Layer::env_data, kParameters},
    {On::file, "*-parameters.json", Layer::env_data, kParameters},
    {On::file, "*.bicepparam", Layer::env_data, kParameters},
    {On::file, "docker-compose.override.*", Layer::env_data, "compose override files hold local values"},
    {On::file, "compose.override.*", Layer::env_data, "compose override files hold local values"},
    {On::file, "hosts", Layer::env_data, kInventory},
    {On::file, "hosts.ini", Layer::env_data, kInventory},
    {On::file, "hosts.y*ml", Layer::env_data, kInventory},
    {On::file, "inventory.*", Layer::env_data, kInventory},
    {On::file, "inventory", Layer::env_data, kInventory},
    {On::file, "*-hosts.y*ml", Layer::env_data, kInventory},
    {On::file, "*-inventory.y*ml", Layer::env_data, kInventory},
    // Instances by name: code that exists once, here.
    {On::file, "docker-compose*.y*ml", Layer::instance, "a compose file runs this deployment"},
    {On::file, "compose*.y*ml", Layer::instance, "a compose file runs this deployment"},
    {On::file, "pulumi.y*ml", Layer::instance, "Pulumi.yaml names this project"},
    {On::file, "root.hcl", Layer::instance, "root.hcl is what this repository's Terragrunt folders include"},
    {On::file, "helmfile.y*ml*", Layer::instance, "a helmfile deploys these releases"},
    {On::file, "serverless.y*ml", Layer::instance, "serverless.yml deploys this service"},
    {On::file, "top.sls", Layer::instance, "top.sls assigns this site's minions"},
    {On::file, "flake.nix", Layer::instance, "flake.nix puts this repository together"},
    {On::file, "configuration.nix", Layer::instance, "configuration.nix is one machine's system"},
    {On::file, "site.y*ml", Layer::instance, kPlays},
    {On::file, "playbook*.y*ml", Layer::instance, kPlays},
    {On::file, "*-playbook.y*ml", Layer::instance, kPlays},
    {On::file, "hiera.yaml", Layer::instance, "hiera.yaml says where this site's values are"},
    {On::file, "atlantis.yaml", Layer::instance, kCi},
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
    {On::folder, "__fixtures__", Layer::doc_test, kTests},
    {On::folder, "__mocks__", Layer::doc_test, kTests},
    {On::folder, "test-fixtures", Layer::doc_test, kTests},
    {On::folder, "e2e", Layer::doc_test, kTests},
    {On::folder, "*-tests", Layer::doc_test, kTests},
    {On::folder, "terratest", Layer::doc_test, kTests},
    {On::folder, "demo", Layer::doc_test, kDocs},
    {On::folder, "runbooks", Layer::doc_test, kDocs},
    {On::folder, "adr", Layer::doc_test, kDocs},
    {On::folder, "issue_template", Layer::doc_test, kDocs},
    // Data of one environment.
    {On::folder, "environments", Layer::env_data, kEnvironment},
    {On::folder, "environment", Layer::env_data, kEnvironment},
    {On::folder, "envs", Layer::env_data, kEnvironment},
    {On::folder, "env", Layer::env_data, kEnvironment},
    {On::infra, "live", Layer::env_data, kEnvironment},
    {On::infra, "accounts", Layer::env_data, kEnvironment},
    {On::folder, "tfvars", Layer::env_data, kTfvars},
    {On::folder, "*-live", Layer::env_data, kEnvironment},
    {On::folder, "envvars", Layer::env_data, kEnvironment},
    {On::folder, "env_vars", Layer::env_data, kEnvironment},
    {On::folder, "environment_vars", Layer::env_data, kEnvironment},
    {On::infra, "tenants", Layer::env_data, "tenants/ holds what each tenant of a cluster has"},
    {On::top, "secrets", Layer::env_data, "secrets/ holds an environment's own"},
    {On::folder, "backends", Layer::env_data, kStateFile},
    {On::infra, "*-production", Layer::env_data, kEnvironment},
    {On::infra, "*-prod", Layer::env_data, kEnvironment},
    {On::infra, "*-staging", Layer::env_data, kEnvironment},
    {On::infra, "*_staging", Layer::env_data, kEnvironment},
    {On::infra, "*_prod", Layer::env_data, kEnvironment},
    {On::folder, "inventory", Layer::env_data, kInventory},
    {On::folder, "inventories", Layer::env_data, kInventory},
    {On::folder, "group_vars", Layer::env_data, kInventory},
    {On::folder, "host_vars", Layer::env_data, kInventory},
    {On::folder, "inventory_*", Layer::env_data, kInventory},
    {On::folder, "inventory-*", Layer::env_data, kInventory},
    {On::yaml_top, "vars", Layer::env_data, "vars/ beside the playbooks holds this organisation's values"},
    {On::nix, "overlays", Layer::shared, "overlays/ is Nix's place for changed packages"},
    {On::folder, "overlays", Layer::env_data, "overlays/ holds what one environment changes in a base"},
    {On::infra, "clusters", Layer::env_data, "clusters/ holds what one cluster runs"},
    {On::folder, "hieradata", Layer::env_data, "hieradata/ is Puppet's place for a site's values"},
    {On::folder, "hieradata*", Layer::env_data, "hieradata/ is Puppet's place for a site's values"},
    {On::folder, "hiera", Layer::env_data, "hiera/ is Puppet's place for a site's values"},
    {On::folder, "pillar", Layer::env_data, "pillar/ is Salt's place for a site's values"},
    {On::folder, "pillars", Layer::env_data, "pillars/ is Salt's place for a site's values"},
    {On::folder, "data_bags", Layer::env_data, "data_bags/ is Chef's place for a site's values"},
    {On::infra, "parameters", Layer::env_data, kParameters},
    {On::yaml_top, "data", Layer::env_data, "data/ is Puppet's place for a site's values"},
    {On::yaml_top, "nodes", Layer::env_data, "nodes/ holds one site's machines"},
    {On::infra, "hosts", Layer::env_data, kMachines},
    {On::infra, "machines", Layer::env_data, kMachines},
    {On::nix, "nodes", Layer::env_data, kMachines},
    {On::nix, "systems", Layer::env_data, kMachines},
    {On::nix, "configurations", Layer::env_data, kMachines},
    {On::nix, "users", Layer::env_data, "users/ holds people's own settings"},
    {On::nix, "homes", Layer::env_data, "homes/ holds people's own settings"},
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
    {On::folder, "*-modules", Layer::shared, "the folder is a place for reusable code"},
    {On::folder, "*_modules", Layer::shared, "the folder is a place for reusable code"},
    {On::folder, "submodules", Layer::shared, "submodules/ is the place for what modules share"},
    {On::folder, "_sub", Layer::shared, "_sub/ is the place for what modules share"},
    {On::folder, "*-formula", Layer::shared, "formulas are Salt's reusable code"},
    {On::nix, "pkgs", Layer::shared, "pkgs/ is Nix's place for packages"},
    {On::nix, "packages", Layer::shared, "packages/ is Nix's place for packages"},
    {On::nix, "profiles", Layer::shared, "profiles/ is what several machines share"},
    {On::nix, "lib", Layer::shared, "lib/ is what several machines share"},
    {On::folder, "nixosmodules", Layer::shared, "modules are Nix's reusable code"},
    {On::top, "library", Layer::shared, kPlugins},
    {On::top, "module_utils", Layer::shared, kPlugins},
    {On::folder, "filter_plugins", Layer::shared, kPlugins},
    {On::folder, "lookup_plugins", Layer::shared, kPlugins},
    {On::folder, "callback_plugins", Layer::shared, kPlugins},
    {On::folder, "_states", Layer::shared, kPlugins},
    {On::folder, "_grains", Layer::shared, kPlugins},
    {On::top, "salt", Layer::shared, "salt/ is Salt's place for states"},
    {On::top, "states", Layer::shared, "states/ is Salt's place for states"},
    // Code that exists once, here.
    {On::folder, "playbooks", Layer::instance, "playbooks run against this organisation's hosts"},
    {On::folder, "stacks", Layer::instance, "a stack is one deployment"},
    {On::folder, "deployments", Layer::instance, "a deployment exists once"},
    {On::folder, "workspaces", Layer::instance, "a workspace is one deployment"},
    {On::folder, "helmfile.d", Layer::instance, "a helmfile deploys these releases"},
    {On::folder, "argocd", Layer::instance, kGitops},
    {On::folder, "argo-cd", Layer::instance, kGitops},
    {On::folder, "flux", Layer::instance, kGitops},
    {On::folder, "flux-system", Layer::env_data, "flux-system/ holds what bootstraps one cluster"},
    {On::folder, "gitops", Layer::instance, kGitops},
    {On::infra, "apps", Layer::instance, kGitops},
    {On::infra, "applications", Layer::instance, kGitops},
    {On::infra, "applicationsets", Layer::instance, kGitops},
    {On::infra, "orchestrate", Layer::instance, "orchestration runs over this site's minions"},
    {On::infra, "reactor", Layer::instance, "reactors answer this site's minions"},
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
       "overlays", "clusters", "apps", "group_vars", "host_vars", "hieradata", "pillar", "pillars", "stacks",
       "deployments"});
  return std::ranges::find(kRoots, folder) != kRoots.end();
}

bool is_yaml_or_json(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json") ||
         name.ends_with(".eyaml");
}

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_source(std::string_view name) {
  static constexpr auto kSource = std::to_array<std::string_view>(
      {"go", "rb", "java", "kt",  "cs",  "c",   "h",    "cc",   "cpp", "hpp",   "rs",    "php", "swift",
       "ts", "js", "tsx",  "jsx", "mjs", "cjs", "html", "scss", "css", "scala", "ipynb", "vue", "py"});
  const std::size_t dot = name.rfind('.');
  return dot != name.npos && is_one_of(name.substr(dot + 1), kSource);
}

bool names_environment(std::string_view word) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"prod",     "production",    "prd",         "staging",  "stage",   "stg",
       "dev",      "devel",         "development", "qa",       "uat",     "preprod",
       "pre-prod", "preproduction", "nonprod",     "non-prod", "sandbox", "sbx",
       "preview",  "acceptance",    "integration", "live"});
  return is_one_of(word, kNames);
}

// prod.yaml, settings.staging.json, cluster-dev.toml; where nothing else speaks, prod-cluster.yaml as well.
bool is_named_after_environment(std::string_view name, bool first_too) {
  static constexpr auto kData = std::to_array<std::string_view>(
      {"yaml", "yml", "json", "toml", "ini", "cfg", "conf", "properties", "hcl", "env", "eyaml"});
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos || !is_one_of(name.substr(dot + 1), kData)) return false;
  const std::string_view stem = name.substr(0, dot);
  const std::size_t last = stem.find_last_of("._-"), first = stem.find_first_of("._-");
  return names_environment(stem) || (last != stem.npos && names_environment(stem.substr(last + 1))) ||
         (first_too && first != stem.npos && names_environment(stem.substr(0, first)));
}

bool fits(const Convention& row, bool top, std::string_view file) {
  switch (row.on) {
    case On::top:
      return top;
    case On::yaml_top:
      return top && is_yaml_or_json(file);
    case On::infra:
      return !is_source(file);
    case On::nix:
      return file.ends_with(".nix");
    case On::folder:
      return true;
    case On::file:
      break;
  }
  return false;
}

// The table by name: every file of a repository is asked for, and most rows name one folder or file exactly.
struct Index {
  using Rows = std::unordered_map<std::string_view, std::vector<const Convention*>>;
  struct Glob {
    const Convention* row;
    std::string_view before, after;  // its first star and its last: compared first, most names fail there
  };
  Rows exact_files, exact_folders;
  std::vector<Glob> file_globs, folder_globs;

  Index() {
    for (const Convention& row : kConventions) {
      const bool file = row.on == On::file, glob = row.name.contains('*');
      if (glob) {
        (file ? file_globs : folder_globs)
            .push_back(
                {&row, row.name.substr(0, row.name.find('*')), row.name.substr(row.name.rfind('*') + 1)});
      } else {
        (file ? exact_files : exact_folders)[row.name].push_back(&row);
      }
    }
  }

  // The first row of the table that fits.
  template <class Fits>
  const Convention* first(const Rows& exact, const std::vector<Glob>& globs, std::string_view name,
                          Fits fits_row) const {
    const Convention* best = nullptr;
    if (const auto found = exact.find(name); found != exact.end()) {
      const auto row = std::ranges::find_if(found->second, fits_row);
      if (row != found->second.end()) best = *row;
    }
    for (const auto& [row, before, after] : globs) {
      if (best && best < row) break;
      if (!name.starts_with(before) || !name.ends_with(after)) continue;
      if (glob_match(row->name, name) && fits_row(row)) return row;
    }
    return best;
  }
};

const Index& index() {
  static const Index kIndex;
  return kIndex;
}

const Convention* of_file(std::string_view name) {
  return index().first(index().exact_files, index().file_globs, name, [](const Convention*) { return true; });
}

constexpr Convention kEnvironmentName{On::folder, "", Layer::env_data,
                                      "the folder is called after one environment"};
constexpr Convention kEnvironmentFile{On::file, "", Layer::env_data,
                                      "the file is called after one environment"};
constexpr Convention kProfile{On::folder, "", Layer::instance,
                              "Puppet's profiles and roles put this site together"};
constexpr Convention kComponents{On::folder, "", Layer::shared,
                                 "components/terraform is where stacks take their code from"};
constexpr Convention kChartTest{On::file, "", Layer::doc_test, "values that a chart is tested with"};

// site/profile/manifests/web.pp, but not roles/profile/tasks/main.yml.
bool is_puppet_profile(std::span<const std::string_view> parts, std::size_t i) {
  static constexpr auto kBelow =
      std::to_array<std::string_view>({"manifests", "templates", "files", "functions", "lib", "types"});
  const bool named = parts[i] == "profile" || parts[i] == "role";
  return named && i + 2 < parts.size() && is_one_of(parts[i + 1], kBelow) &&
         (i == 0 || parts[i - 1] != "roles");
}

const Convention* of_folder(std::span<const std::string_view> parts, std::size_t i, const Convention* above) {
  const std::string_view file = parts.back();
  if (is_puppet_profile(parts, i)) return &kProfile;
  if (parts[i] == "terraform" && i > 0 && parts[i - 1] == "components") return &kComponents;
  const Convention* row = index().first(index().exact_folders, index().folder_globs, parts[i],
                                        [&](const Convention* one) { return fits(*one, i == 0, file); });
  if (row && parts[i] != "node_modules") return row;
  // modules/dev is a module.
  const bool is_unit = above && above->layer == Layer::shared;
  return names_environment(parts[i]) && !is_unit && !is_source(file) ? &kEnvironmentName : nullptr;
}

// Where code of an environment's name is still code: tasks/prod.yml, .github/workflows/staging.yml.
bool holds_code(std::span<const std::string_view> folders) {
  static constexpr auto kCode = std::to_array<std::string_view>(
      {"tasks", "handlers", "templates", "manifests", "meta", "crds", "workflows", "playbooks"});
  return std::ranges::any_of(folders, [&](std::string_view folder) { return is_one_of(folder, kCode); });
}

struct Said {
  LayerOf layer;
  std::size_t folder_bytes = 0;  // of the folder that says so: "apps/" of apps/web/x.yaml
};

Said by_convention(std::string_view path) {
  const std::string lower = to_lower(path);
  const std::vector<std::string_view> parts = split(lower, '/');
  const std::string_view name = parts.back();
  const std::size_t folders = parts.size() - 1;
  const auto said = [](const Convention& row) { return Said{{row.layer, row.reason}}; };
  std::vector<const Convention*> rows(folders);
  bool in_charts = false, in_data = false;
  for (std::size_t i = 0; i < folders; ++i) {
    rows[i] = of_folder(parts, i, i == 0 ? nullptr : rows[i - 1]);
    in_charts = in_charts || parts[i] == "charts";
    if (in_charts && parts[i] == "ci" && name.ends_with("values.yaml")) return said(kChartTest);
    if (!rows[i]) continue;
    const bool environment_name = i > 0 && holds_environments(parts[i - 1]);
    // pillar/base and environments/test are environments; apps/base is what those start from. Deep inside of
    // an environment's data nothing is a test: hieradata/role/maps/test/main.yaml.
    const bool test = rows[i]->layer == Layer::doc_test;
    const bool base = parts[i] == "base" && i > 0 && parts[i - 1] != "apps";
    const bool deployed = rows[i]->layer == Layer::instance;
    if ((environment_name && (test || base)) || (in_data && (test || deployed))) {
      rows[i] = nullptr;
      continue;
    }
    if (test) return said(*rows[i]);
    in_data = rows[i]->layer == Layer::env_data;
  }
  const Convention* of_name = of_file(name);
  if (of_name && !(in_data && of_name->reason == kTests)) return said(*of_name);
  const auto deepest = std::find_if(rows.rbegin(), rows.rend(), [](auto* row) { return row != nullptr; });
  const Convention* row = deepest == rows.rend() ? nullptr : *deepest;
  if ((!row || row->layer == Layer::shared) && is_named_after_environment(name, !row) &&
      !holds_code(std::span(parts).first(folders))) {
    return said(kEnvironmentFile);
  }
  if (!row) return {{Layer::instance, kNothing, true}};
  const std::string_view& folder = parts[static_cast<std::size_t>(rows.rend() - deepest) - 1];
  return {{row->layer, row->reason},
          static_cast<std::size_t>(folder.data() + folder.size() - lower.data()) + 1};
}

}  // namespace

LayerOf Layers::of(std::string_view path) const {
  if (path.starts_with(before)) path.remove_prefix(before.size());
  while (path.starts_with("./")) path.remove_prefix(2);
  const std::string whole = inside + std::string(path);
  path = whole;
  for (const LayerRule& rule : rules) {
    if (glob_match(rule.glob, path)) return {rule.layer, "the policy says so"};
  }
  const Said said = by_convention(path);
  const LayerOf& found = said.layer;
  if (!repository) return found;
  // A Puppet module has data/ of its own.
  const bool is_data = path.starts_with("data/") && found.layer == Layer::env_data;
  if (found.by_default || is_data) return repository->layer_of(path).value_or(found);
  // A chart of one's own in apps/ is a chart.
  if (found.layer == Layer::instance && said.folder_bytes > 0) {
    const auto deeper = repository->layer_of(path, said.folder_bytes + 1);
    if (deeper && !deeper->guessed) return *deeper;
  }
  return found;
}

}  // namespace fanlight::coupling
