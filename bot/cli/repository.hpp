// Changes of a local git repository as snapshots, for `scan --git`, `scan --staged` and `review`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fanlight/core/result.hpp"
#include "fanlight/model/change.hpp"

namespace fanlight::cli {

// "BASE..HEAD": what HEAD adds since it left BASE, with commits, their patches, the policy at the base and
// the full text of the files that the change touches.
Result<Snapshot> range_snapshot(const std::string& directory, const std::string& range);
// Text files at a commit of the repository, by path; those that are not there are absent.
Result<std::map<std::string, std::string>> files_at(const std::string& directory, const std::string& commit,
                                                    const std::vector<std::string>& paths);
// A folder that is itself a repository, without a work tree.
bool is_bare(const std::string& directory);
// A file of one's own at the root of `directory`: from the work tree, of a bare repository from HEAD.
// not_found when there is none.
Result<std::string> own_file(const std::string& directory, const std::string& path, std::size_t bytes_max);
// What is about to be committed.
Result<Snapshot> staged_snapshot(const std::string& directory);

}  // namespace fanlight::cli
