// What a change means beyond its findings: names it brings that may be the organisation's own, and how it
// moves modules towards release or away from it. Only what the change itself shows. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fanlight/core/secret.hpp"
#include "fanlight/model/change.hpp"
#include "fanlight/model/lexicon.hpp"
#include "fanlight/model/verdict.hpp"
#include "fanlight/policy/policy.hpp"

namespace fanlight::app {

inline constexpr std::size_t proposals_max = 3;

// Domains and names that added lines bring and nothing else of the change holds, with evidence that they are
// the organisation's: like its owner's name, of its authors' addresses, many hosts in many files. Not what
// the policy has, and not what somebody has confirmed or rejected. Best evidence first.
std::vector<Proposal> propose_names(const Snapshot& snapshot, const policy::Policy& policy,
                                    std::span<const LexiconTerm> said, const Secret& key);

// Names that were confirmed in comments, as if they stood in the policy.
void add_confirmed(policy::LexiconNames& names, std::span<const LexiconTerm> said);

// Of shared code, by what blocks a release and is not accepted: literals that went away and literals that
// came. What went and came within one module is neither.
std::vector<ModuleStep> module_steps(const Review& review);

}  // namespace fanlight::app
