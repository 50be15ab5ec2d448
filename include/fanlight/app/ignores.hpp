// What a repository says to leave alone, beside its policy: the files of other tools when the policy honours
// them, the policy's own `allow:`, and the baseline. Pure: texts in, one list out. The worker and the command
// line read the files, at the base commit or where they work.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fanlight/detect/allow_list.hpp"
#include "fanlight/policy/baseline.hpp"
#include "fanlight/policy/policy.hpp"

namespace fanlight::app {

struct Ignores {
  std::shared_ptr<const detect::AllowList> allow_list;  // nothing when there is no entry
  std::optional<policy::Baseline> baseline;
  std::vector<std::string> problems;  // each one line; any of them fails the review
};

// Paths below the root that this policy wants to have read.
std::vector<std::string> ignore_files(const policy::Policy& policy);
// `files` by path; one that is not there is absent. A baseline that the policy names has to be there.
Ignores read_ignores(const policy::Policy& policy, const std::map<std::string, std::string>& files);
// Entries that a look at the whole repository did not meet, as lines of a notice. Entries of commits are left
// out: only history could meet them.
std::vector<std::string> unmet_notices(const Ignores& ignores, const std::set<std::size_t>& met);

}  // namespace fanlight::app
