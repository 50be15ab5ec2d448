// From an event to everything that judging it needs, read from the repository. Blocking: runs on the host's
// pool.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fanlight/host/git_repository.hpp"
#include "fanlight/host/host.hpp"

namespace fanlight::host {

// The repository below `root` (canonical) that a change names; forbidden when a link leads out of the root.
Result<GitRepository> open_below(const std::string& root, const std::string& repository, Deadline deadline);
// The same, with the objects of the push that `change` describes while it waits in quarantine.
Result<GitRepository> open_change(const std::string& root, const ChangeRef& change, const std::string& head,
                                  Deadline deadline);

// What is compared with what, decided from where the references are now.
//   a topic branch, a tag, any other reference   merge base with the default branch … its tip
//   the default branch itself                    the last tip that has a review note, else where it was … its
//   tip no common history                            the empty tree … its tip
// The policy is the default branch's before the push.
struct PushRange {
  bool exists = true;  // false: the reference is gone
  bool commit = true;  // false: it names no commit (a tag of a blob)
  std::string base, head;
  std::string policy;  // commit; empty when there was none yet
  std::string default_ref;
};
Result<PushRange> range_of(const GitRepository& repository, const Event& event, const std::string& notes_ref,
                           Deadline deadline);

Result<Snapshot> fetch_push(const std::string& root, const std::string& notes_ref, const Event& event,
                            const std::vector<std::string>& policy_paths, const FetchLimits& limits,
                            const DiffParser& parser, Deadline deadline);

}  // namespace fanlight::host
