// Layers by what stands beside a file: the manifests of charts, roles, collections, modules, cookbooks and
// formulas.
#pragma once

#include <optional>

#include "fanlight/coupling/layers.hpp"

namespace fanlight::coupling {

// By the nearest folder above `path` that is a unit of its own; nothing when none is.
std::optional<LayerOf> by_manifest(std::string_view path, const RepositoryPaths& repository);

}  // namespace fanlight::coupling
