// What a file of a repository is for, by the conventions of its ecosystem: modules/, roles/, charts/ are
// shared; environments/, inventory, tfvars hold an environment's own data; examples and tests are neither.
// Pure.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
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
  bool guessed = false;     // by what stands beside it; what the files say may prove otherwise
};

// The paths of a repository: some conventions are about files that stand together. A Chart.yaml makes a chart
// of the folder that it is in, wherever that is; a role, a cookbook or a Terraform module is published at the
// root of its own repository. Immutable, any thread.
class RepositoryPaths {
 public:
  // Folders ("" or "a/b/") of which more is known than the paths say: `roots` are deployed, `modules` are for
  // others to use.
  explicit RepositoryPaths(std::span<const std::string> paths, const std::set<std::string>& roots = {},
                           const std::set<std::string>& modules = {});

  // By the nearest folder above `path` that is a unit of its own; nothing when none is, or none whose name
  // has `bytes_min` bytes.
  std::optional<LayerOf> layer_of(std::string_view path, std::size_t bytes_min = 0) const;
  // The folders that look like Terraform modules and, without a look at their text, may be none.
  std::set<std::string> guessed() const;

 private:
  // What a folder is: itself, and of its files those that Terraform reads.
  struct Unit {
    std::optional<LayerOf> all, terraform;
    bool cdk = false;
  };
  std::map<std::string, Unit, std::less<>> units_;  // by folder, "" or "a/b/"
  bool has_programs_ = false;                       // of Pulumi or CDK
};

// What says what the files of one repository are for. The owner's rules win, in their order; then the
// conventions of paths, the deepest match first; then, where the repository's paths are known, what stands
// together; instance when nothing says.
struct Layers {
  std::vector<LayerRule> rules = {};                            // the owner's
  std::shared_ptr<const RepositoryPaths> repository = nullptr;  // null: nobody listed it
  // Where paths are not the repository's own: what they begin with, and what that is there.
  // "../infra/roles/", "roles/".
  std::string before = {}, inside = {};

  LayerOf of(std::string_view path) const;
};

}  // namespace fanlight::coupling
