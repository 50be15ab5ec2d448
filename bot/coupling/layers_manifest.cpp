#include "layers_manifest.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

// A folder is the unit when it has `manifest` and, where named, `beside`: a file, or a folder that ends in
// "/".
struct Manifest {
  std::string_view manifest, beside;
  Layer layer;
  std::string_view reason;
};

constexpr auto kManifests = std::to_array<Manifest>({
    {"Chart.yaml", "", Layer::shared, "it belongs to the Helm chart whose Chart.yaml is above it"},
    {"galaxy.yml", "", Layer::shared, "it belongs to the Ansible collection whose galaxy.yml is above it"},
    {"meta/main.yml", "tasks/", Layer::shared,
     "it belongs to an Ansible role: meta/main.yml and tasks/ are above it"},
    {"metadata.json", "manifests/", Layer::shared,
     "it belongs to a Puppet module: metadata.json and manifests/ are above it"},
    {"metadata.json", "lib/puppet/", Layer::shared,
     "it belongs to a Puppet module: metadata.json and lib/puppet/ are above it"},
    {"metadata.rb", "recipes/", Layer::shared,
     "it belongs to a Chef cookbook: metadata.rb and recipes/ are above it"},
    {"metadata.rb", "resources/", Layer::shared,
     "it belongs to a Chef cookbook: metadata.rb and resources/ are above it"},
    {"FORMULA", "", Layer::shared, "it belongs to the Salt formula whose FORMULA is above it"},
    {"Pulumi.yaml", "", Layer::instance, "it belongs to the Pulumi project whose Pulumi.yaml is above it"},
    {"cdk.json", "", Layer::instance, "it belongs to the CDK app whose cdk.json is above it"},
});

// A Terraform folder that takes variables, gives outputs and keeps no state or values of its own is called by
// others.
bool is_terraform_module(const std::string& folder, const RepositoryPaths& repository) {
  if (!repository.has(folder + "variables.tf") || !repository.has(folder + "outputs.tf")) return false;
  for (const std::string_view own :
       {"backend.tf", "*.tfvars", "*.tfbackend", "*.tfvars.json", "terraform.tfstate"}) {
    if (repository.has_name(folder, own)) return false;
  }
  return true;
}

}  // namespace

RepositoryPaths::RepositoryPaths(std::vector<std::string> paths) : paths_(std::move(paths)) {
  std::ranges::sort(paths_);
}

bool RepositoryPaths::has(std::string_view path) const {
  return std::ranges::binary_search(paths_, path, std::ranges::less{});
}

bool RepositoryPaths::has_below(std::string_view folder) const {
  const auto found = std::ranges::lower_bound(paths_, folder, std::ranges::less{});
  return found != paths_.end() && found->starts_with(folder);
}

bool RepositoryPaths::has_name(std::string_view folder, std::string_view glob) const {
  for (auto at = std::ranges::lower_bound(paths_, folder, std::ranges::less{}); at != paths_.end(); ++at) {
    if (!at->starts_with(folder)) return false;
    const std::string_view rest = std::string_view(*at).substr(folder.size());
    if (!rest.contains('/') && glob_match(glob, rest)) return true;
  }
  return false;
}

std::optional<LayerOf> by_manifest(std::string_view path, const RepositoryPaths& repository) {
  std::string folder(path);
  while (!folder.empty()) {
    // The folder above: "a/b/c" → "a/b/" → "a/" → "".
    if (folder.ends_with('/')) folder.pop_back();
    const std::size_t slash = folder.rfind('/');
    folder.resize(slash == std::string::npos ? 0 : slash + 1);
    for (const Manifest& row : kManifests) {
      if (!repository.has(folder + std::string(row.manifest))) continue;
      const std::string beside = folder + std::string(row.beside);
      if (row.beside.empty() || repository.has_below(beside)) return LayerOf{row.layer, row.reason};
    }
    const bool terraform = path.ends_with(".tf") || path.ends_with(".tftpl") || path.ends_with(".tpl");
    if (terraform && is_terraform_module(folder, repository)) {
      return LayerOf{Layer::shared,
                     "it is a Terraform module: variables.tf and outputs.tf, and no backend or tfvars"};
    }
  }
  return std::nullopt;
}

}  // namespace fanlight::coupling
