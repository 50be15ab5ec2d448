// A folder as a person sees it, for commands that look at a whole repository: paths relative to it, in order.
#pragma once

#include <string>
#include <vector>

#include "fanlight/app/layout.hpp"
#include "fanlight/core/result.hpp"
#include "fanlight/coupling/learn.hpp"
#include "fanlight/model/change.hpp"

namespace fanlight::cli {

// Every regular file below `root`, without git's own, sorted; links are not followed.
Result<std::vector<std::string>> list_tree(const std::string& root);

// The repository that a file or folder lies in, to say what its files are for: the nearest folder above with
// .git or .fanlight.yml; a folder in none of them is taken for one itself.
struct Root {
  std::string folder;  // empty: a file that lies in no repository
  std::string before;  // what its files' names begin with, as they were asked for: "../infra/roles/"
  std::string inside;  // and what that is in the repository: "roles/"
};
Root root_of(const std::string& path);

// The paths below `root` and how to read them, without what tools put there. io: a folder cannot be listed.
Result<app::RepositoryText> tree_text(const std::string& root);

struct Tree {
  std::vector<coupling::SourceFile> files;
  std::vector<Missing> missing;  // could not be read, or over a limit
};
Result<Tree> read_tree(const std::string& root);

}  // namespace fanlight::cli
