// Credentials of two parts: a key that only says what it is beside its id. In a diff the id may be an
// unchanged line outside of the hunks, so the key is no finding, and nothing would ask for the whole file.
// What asks is this: an added line that holds a value no person would write. Pure.
#pragma once

#include "fanlight/model/diff.hpp"

namespace fanlight::app {

// Costs one request to the host for a file that has such a line; digests and lock files mostly have none.
bool may_hold_half(const FileDiff& file);

}  // namespace fanlight::app
