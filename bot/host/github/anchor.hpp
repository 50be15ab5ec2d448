// Whether an inline comment can stand where it wants to: GitHub takes a line only inside a hunk of the pull
// request's diff, a range only inside one hunk, and refuses a whole review for one comment that is wrong.
// Pure.
#pragma once

#include <string>

#include "fanlight/model/action.hpp"
#include "fanlight/model/diff.hpp"

namespace fanlight::host::github {

// Empty when the comment can be anchored, otherwise why not: "line 17 is in no hunk".
std::string anchor_problem(const Diff& diff, const InlineComment& comment);

}  // namespace fanlight::host::github
