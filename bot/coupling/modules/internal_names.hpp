// Templates with the names that a module gives itself filled in: a role's vars/, `{% set %}`, Puppet's `$name
// = '…'`. Parameters are what a stranger sets; these are not.
#pragma once

#include <span>

#include "fanlight/coupling/stranger.hpp"

namespace fanlight::coupling {

void render_internal_names(std::span<const ModuleText> files, Instance& out);

}  // namespace fanlight::coupling
