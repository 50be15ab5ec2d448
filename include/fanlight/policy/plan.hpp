// A review and what is already posted, to the fewest actions. Pure: same input, same actions; nothing to
// change, no actions. The words that the bot posts are all made here and in render.hpp
// (shared/review_example.md is their bar).
#pragma once

#include <string>
#include <vector>

#include "fanlight/model/action.hpp"
#include "fanlight/model/capabilities.hpp"
#include "fanlight/model/verdict.hpp"
#include "fanlight/policy/policy.hpp"

namespace fanlight::policy {

struct PlanInput {
  Change change;
  Diff diff;  // only lines of the diff can be commented on
  Review review;
  std::vector<Posted> posted;  // by fanlight, on this change
  Capabilities capabilities;
  Policy policy;
  std::string page_url;  // of this review; empty: no link
  bool forced = false;   // a person asked: set the status again even when it is the same
};

// PostReview, PutSummary and SetStatus, in this order, each only when it changes something. Markers in
// actions and in `posted` are without the comment signs ("inline:3f9a1c0d5b7e2a84"); every body ends with its
// marker in them. A Posted inline comment without an id was refused by the host at that head and stands in
// the summary.
std::vector<Action> plan(const PlanInput& input);

// Posted::digest of a comment, and of a status.
std::string body_digest(std::string_view body);
std::string status_digest(const SetStatus& status);

// The status alone, before the work is done: "Looking at 3f9a1c0".
SetStatus pending_status(const Change& change, const std::string& page_url);

// After PostReview came back with comments that the host would not anchor: the summary again, with them in
// it.
PutSummary summary_with_refused(const PlanInput& input, const std::vector<InlineComment>& refused);

}  // namespace fanlight::policy
