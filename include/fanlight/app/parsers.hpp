// What hosts need of detect, which they may not include: given to them as functions.
#pragma once

#include "fanlight/host/host.hpp"

namespace fanlight::app {

host::DiffParser diff_parser();

}  // namespace fanlight::app
