// The last rung of fetching a change: git itself, for what a host's API will not tell. See GitFetch in
// host.hpp.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "fanlight/host/git_repository.hpp"
#include "fanlight/host/host.hpp"

namespace fanlight::host {

// Fetches into a temporary bare repository, which is removed afterwards; runs on `pool`, which must outlive
// the result. Only https and http; no credential helper, no prompt, no hook, no redirect to another place.
GitFetch git_fetch_on(boost::asio::thread_pool& pool);
// All files of a commit of a repository on this machine. Blocking.
Result<Tree> read_tree(const GitRepository& repository, const std::string& commit, const TreeLimits& limits,
                       Deadline deadline);
// As git_fetch_on, for all files of a commit, fetched without its history.
GitTreeFetch git_tree_fetch_on(boost::asio::thread_pool& pool);

}  // namespace fanlight::host
