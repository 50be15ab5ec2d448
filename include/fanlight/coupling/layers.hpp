// What a file of a repository is for, by the conventions of its ecosystem: modules/, roles/, charts/ are
// shared; environments/, inventory, tfvars hold an environment's own data; examples and tests are neither.
// Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/model/finding.hpp"

namespace fanlight::coupling {

struct LayerRule {
  Layer layer = Layer::shared;
  std::string glob;
};

struct LayerOf {
  Layer layer = Layer::shared;
  std::string_view reason;  // "roles/ is Ansible's place for reusable code"
  bool by_default = false;  // nothing said anything
};

// The paths of a repository: some conventions are about files that stand together. A Chart.yaml makes a chart
// of the folder that it is in, wherever that is; a role, a cookbook or a Terraform module is published at the
// root of its own repository.
class RepositoryPaths {
 public:
  explicit RepositoryPaths(std::vector<std::string> paths);
  bool has(std::string_view path) const;
  bool has_below(std::string_view folder) const;  // "manifests/"
  // A file right in `folder` ("" or "a/b/") whose name fits.
  bool has_name(std::string_view folder, std::string_view glob) const;

 private:
  std::vector<std::string> paths_;  // sorted
};

// The owner's rules win, in their order; then the conventions, the deepest match first; then, where the
// repository is known, its manifests; instance when nothing says.
LayerOf layer_of(std::string_view path, std::span<const LayerRule> overrides = {},
                 const RepositoryPaths* repository = nullptr);

}  // namespace fanlight::coupling
