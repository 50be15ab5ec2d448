// What a file of a repository is for, by the conventions of its ecosystem: modules/, roles/, charts/ are shared;
// environments/, inventory, tfvars hold an environment's own data; examples and tests are neither. Pure.
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

// The owner's rules win, in their order; then the conventions, the deepest match first; instance when nothing says.
LayerOf layer_of(std::string_view path, std::span<const LayerRule> overrides = {});

}  // namespace fanlight::coupling
