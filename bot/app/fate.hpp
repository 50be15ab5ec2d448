// What a finding of an added line becomes when it is compared with what the change takes away, and how a
// fault of a fix becomes a finding.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/change.hpp"
#include "fanlight/coupling/judge.hpp"
#include "fanlight/model/diff.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight::app {

// Where a coupling literal stands in its file.
struct Held {
  coupling::Role role = coupling::Role::unknown;
  std::string key;
};

// A literal that the change takes away, where it stood.
struct Gone {
  std::string path;
  Layer layer = Layer::shared;
  Held held;
};

// Makes of the finding one of the change's own rules. Its fingerprint stays the literal's, so that what was
// accepted stays accepted.
void becomes(Finding& finding, std::string_view id);

// `gone`: where the change takes the same literal away.
void judge_fate(Finding& finding, const FileDiff& file, const Held& held, const std::vector<Gone>& gone);

// `old` stood in shared code, and what stands now of the same literal is in no shared code of the same
// module: from the module it is gone, whether it went where it belongs or to another.
bool left_its_module(const Finding& old, const std::vector<const Finding*>& now);

// What a commit brings and the head no longer has matters when it must not be read at all.
bool stays_in_history(const Finding& finding);

// Without a fingerprint.
Finding fault_finding(coupling::FixFault fault, const FileDiff& file, Layer layer);

}  // namespace fanlight::app
