// What a folder is, from the names that stand in it. One pass over the sorted paths puts them together, so
// that asking costs a walk up the folders and a repository of 100,000 files is listed once.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "fanlight/core/text.hpp"
#include "fanlight/coupling/layers.hpp"

namespace fanlight::coupling {

namespace {

// A folder is the unit when it has `manifest` and, where named, `beside`: a file, or a folder that ends in
// "/". The first row that fits.
struct Manifest {
  std::string_view manifest, beside;
  Layer layer;
  std::string_view reason;
  bool guessed = false;  // deployed here, and others may still use the code
};

constexpr auto kManifests = std::to_array<Manifest>({
    {"Chart.yaml", "templates/", Layer::shared, "it belongs to the Helm chart whose Chart.yaml is above it"},
    {"Chart.yaml", "crds/", Layer::shared, "it belongs to the Helm chart whose Chart.yaml is above it"},
    {"Chart.yaml", "values.yaml", Layer::instance, "a chart without templates deploys others' charts here"},
    {"Chart.yaml", "", Layer::shared, "it belongs to the Helm chart whose Chart.yaml is above it"},
    {"galaxy.yml", "", Layer::shared, "it belongs to the Ansible collection whose galaxy.yml is above it"},
    {"meta/main.yml", "tasks/", Layer::shared,
     "it belongs to an Ansible role: meta/main.yml and tasks/ are above it"},
    {"meta/main.yaml", "tasks/", Layer::shared,
     "it belongs to an Ansible role: meta/main.yaml and tasks/ are above it"},
    {"metadata.json", "manifests/", Layer::shared,
     "it belongs to a Puppet module: metadata.json and manifests/ are above it"},
    {"metadata.json", "lib/puppet/", Layer::shared,
     "it belongs to a Puppet module: metadata.json and lib/puppet/ are above it"},
    {"metadata.rb", "recipes/", Layer::shared,
     "it belongs to a Chef cookbook: metadata.rb and recipes/ are above it"},
    {"metadata.rb", "resources/", Layer::shared,
     "it belongs to a Chef cookbook: metadata.rb and resources/ are above it"},
    {"FORMULA", "", Layer::shared, "it belongs to the Salt formula whose FORMULA is above it"},
    {"Pulumi.yaml", "", Layer::instance, "it belongs to the Pulumi project whose Pulumi.yaml is above it",
     true},
    {"cdk.json", "", Layer::instance, "it belongs to the CDK app whose cdk.json is above it", true},
    {"cdktf.json", "", Layer::instance, "it belongs to the CDKTF app whose cdktf.json is above it", true},
});

constexpr std::string_view kOverlay = "a kustomization beside base/ holds what one environment changes";
constexpr std::string_view kComponent = "kustomize components are parts that overlays share";
constexpr std::string_view kProgramParts = "lib/ and components/ are what this repository's programs share";
constexpr std::string_view kDeployed = "it is deployed from here: it has a backend or a configured provider";
constexpr std::string_view kModule = "it belongs to a module that others could use";
constexpr std::string_view kTerraform =
    "it is a Terraform module: it takes variables, gives outputs, keeps no state";

// Names that stand right in a folder; folders end in "/".
using Names = std::set<std::string_view>;

bool has_any(const Names& names, std::initializer_list<std::string_view> globs) {
  return std::ranges::any_of(names, [&](std::string_view name) {
    return std::ranges::any_of(globs, [&](std::string_view glob) { return glob_match(glob, name); });
  });
}

bool is_kustomization(const Names& names) {
  return names.contains("kustomization.yaml") || names.contains("kustomization.yml");
}

// A Terraform folder that takes variables, gives outputs and keeps no state, values or providers of its own
// is called by others.
bool is_terraform_module(const Names& names) {
  if (!has_any(names, {"variables*.tf", "variable.tf", "vars.tf", "inputs.tf", "variables*.tofu"}))
    return false;
  if (!has_any(names, {"outputs*.tf", "output.tf", "outputs*.tofu"})) return false;
  return !has_any(names,
                  {"backend*.tf", "*.tfvars", "*.tfbackend", "*.tfvars.json", "*.tfstate", "provider*.tf",
                   "backend*.hcl", ".terraform.lock.hcl", "terragrunt.hcl", "remote_state.tf"});
}

bool holds(const Names& names, const std::map<std::string_view, Names>& folders, std::string_view folder,
           std::string_view path) {
  if (names.contains(path)) return true;
  // "meta/main.yml", "lib/puppet/": one level down.
  const std::size_t slash = path.find('/');
  if (slash == path.npos || slash + 1 == path.size()) return false;
  const auto below = folders.find(std::string(folder) + std::string(path.substr(0, slash + 1)));
  return below != folders.end() && below->second.contains(path.substr(slash + 1));
}

// The folder above: "a/b/c" → "a/b/", "a/b/" → "a/", "a/" → "".
std::string_view up(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  return path.substr(0, slash == path.npos ? 0 : slash + 1);
}

bool is_for_terraform(std::string_view path) {
  return std::ranges::any_of(
      std::array<std::string_view, 6>{".tf", ".tofu", ".tftpl", ".tpl", ".tf.json", ".tmpl"},
      [&](std::string_view suffix) { return path.ends_with(suffix); });
}

bool is_program(std::string_view path) {
  return path.ends_with(".py") || path.ends_with(".ts") || path.ends_with(".go");
}

bool has_folder(std::string_view path, std::string_view folder) {
  const std::size_t at = path.find(folder);
  return at != path.npos && (at == 0 || path[at - 1] == '/');
}

LayerOf of_cdk(std::string_view path, std::string_view folder) {
  const std::string_view rest = path.substr(folder.size());
  if (rest.starts_with("lib/")) return {Layer::shared, "lib/ of a CDK app holds its constructs", false, true};
  if (rest == "cdk.context.json")
    return {Layer::env_data, "cdk.context.json holds what one account answered"};
  return {Layer::instance, "it belongs to the CDK app whose cdk.json is above it", false, true};
}

}  // namespace

RepositoryPaths::RepositoryPaths(std::span<const std::string> paths, const std::set<std::string>& roots,
                                 const std::set<std::string>& modules) {
  std::map<std::string_view, Names> folders;  // views into `paths`
  for (const std::string_view path : paths) {
    for (std::string_view name = path; !name.empty();) {
      const std::string_view folder = up(name);
      const bool is_new = folders[folder].insert(name.substr(folder.size())).second;
      if (!is_new || folder.empty()) break;
      name = folder;
    }
  }
  for (const auto& [folder, names] : folders) {
    Unit unit;
    for (const Manifest& row : kManifests) {
      if (!holds(names, folders, folder, row.manifest)) continue;
      if (!row.beside.empty() && !holds(names, folders, folder, row.beside)) continue;
      unit.all = LayerOf{row.layer, row.reason, false, row.guessed};
      unit.cdk = row.manifest == "cdk.json";
      break;
    }
    if (!unit.all && is_kustomization(names) && !folder.empty()) {
      const std::string_view own = folder.substr(up(folder).size());
      const Names& around = folders.at(up(folder));
      if (up(folder).ends_with("components/")) {
        unit.all = LayerOf{Layer::shared, kComponent};
      } else if (own != "base/" && own != "bases/" &&
                 (around.contains("base/") || around.contains("bases/"))) {
        unit.all = LayerOf{Layer::env_data, kOverlay};
      }
    }
    if (roots.contains(std::string(folder))) {
      unit.terraform = LayerOf{Layer::instance, kDeployed};
    } else if (is_terraform_module(names)) {
      unit.terraform = LayerOf{Layer::shared, kTerraform, false, true};
    }
    if (modules.contains(std::string(folder))) unit = {LayerOf{Layer::shared, kModule}, std::nullopt, false};
    has_programs_ = has_programs_ || names.contains("Pulumi.yaml") || names.contains("cdk.json");
    if (unit.all || unit.terraform) units_.emplace(folder, unit);
  }
}

std::set<std::string> RepositoryPaths::guessed() const {
  std::set<std::string> out;
  for (const auto& [folder, unit] : units_) {
    if (unit.terraform && unit.terraform->guessed) out.insert(folder);
  }
  return out;
}

std::optional<LayerOf> RepositoryPaths::layer_of(std::string_view path, std::size_t bytes_min) const {
  if (units_.empty()) return std::nullopt;
  const bool terraform = is_for_terraform(path);
  for (std::string_view folder = up(path); folder.size() >= bytes_min; folder = up(folder)) {
    if (const auto found = units_.find(folder); found != units_.end()) {
      const Unit& unit = found->second;
      if (unit.cdk) return of_cdk(path, folder);
      if (unit.all) return unit.all;
      if (terraform && unit.terraform) return unit.terraform;
    }
    if (folder.empty()) break;
  }
  if (has_programs_ && bytes_min == 0 && is_program(path) &&
      (has_folder(path, "lib/") || has_folder(path, "components/")))
    return LayerOf{Layer::shared, kProgramParts, false, true};
  return std::nullopt;
}

}  // namespace fanlight::coupling
