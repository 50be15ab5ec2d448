// A folder as a person sees it, for commands that look at a whole repository: paths relative to it, in order.
#pragma once

#include <string>
#include <vector>

#include "fanlight/core/result.hpp"
#include "fanlight/coupling/learn.hpp"
#include "fanlight/model/change.hpp"

namespace fanlight::cli {

// Every regular file below `root`, without git's own, sorted; links are not followed.
Result<std::vector<std::string>> list_tree(const std::string& root);

struct Tree {
  std::vector<coupling::SourceFile> files;
  std::vector<Missing> missing;  // could not be read, or over a limit
};
Result<Tree> read_tree(const std::string& root);

}  // namespace fanlight::cli
