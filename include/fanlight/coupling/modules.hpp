// The units of a repository that could be released alone, and what each depends on: Terraform modules,
// Ansible roles and collections, Helm charts, Puppet modules, Salt formulas, Kustomize bases, Chef cookbooks,
// Pulumi and CDK projects, compose stacks. Made from the files' facts; what only deploys (a Terraform root,
// an overlay, a terragrunt folder) is a unit as well, so that an edge into it is seen, but no module. Pure;
// the same graph for the same files in any order.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/facts.hpp"
#include "fanlight/coupling/layers.hpp"
#include "fanlight/coupling/source.hpp"

namespace fanlight::coupling {

enum class ModuleKind : std::uint8_t {
  terraform,
  terragrunt,
  ansible_role,
  ansible_collection,
  helm,
  puppet,
  salt,
  kustomize,
  chef,
  pulumi,
  cdk,
  compose
};
std::string_view to_string(ModuleKind kind);

struct RepositoryFile {
  std::string path;
  FileFacts facts;
};

struct Edge {
  std::size_t to = 0;  // index of a unit
  std::string path;    // of the file that says so
  detect::Span span;
};

// A dependency on something outside of the repository.
struct External {
  std::string name;  // "github.com/acme/waf"
  std::string path;
  detect::Span span;
};

struct Module {
  ModuleKind kind = ModuleKind::terraform;
  std::string path;  // its folder; empty for the root of the repository
  Layer layer = Layer::shared;
  bool releasable = false;         // others could use it; the rest only deploys
  std::vector<std::size_t> files;  // indexes into the files given, in order
  std::vector<Edge> edges;         // to other units, by target; each once
  std::vector<External> external;
  std::vector<std::string> unresolved;  // local paths that lead nowhere
  std::vector<std::string> inverted;    // of what belongs to one environment or deployment, and to no unit

  std::string name() const { return path.empty() ? "." : path; }
};

struct ModuleGraph {
  std::vector<Module> modules;  // by path, then kind
};

// `files` must be sorted by path.
ModuleGraph make_graph(std::span<const RepositoryFile> files, const Layers& layers);

// The folder of the unit that a path belongs to ("modules/vpc" of "modules/vpc/files/init.sh"; "." for the
// root), by its name alone: for who sees a change and not the repository. Nothing when its name says nothing.
std::optional<std::string> unit_folder(std::string_view path);

}  // namespace fanlight::coupling
