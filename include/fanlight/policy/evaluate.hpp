// Findings, policy and waivers to a Review: the verdict with its reasons. Pure; same input, same output.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fanlight/core/clock.hpp"
#include "fanlight/model/verdict.hpp"
#include "fanlight/policy/baseline.hpp"
#include "fanlight/policy/policy.hpp"

namespace fanlight::policy {

// An inline allow that covers a finding, found by the scanner.
struct AllowMark {
  std::string fingerprint;  // of the finding that it covers
  std::string reason;
  std::string mark;         // "fanlight:allow", "gitleaks:allow" …; a file's name for an entry of it
  bool added_here = false;  // the change itself adds the comment
  // Of an entry of a file, which the scan has held the finding against: it counts in this file alone, and
  // when it names commits only for what they brought.
  bool from_file = false;
  std::string path = {};  // where it counts; empty: wherever the finding stands
  std::vector<std::string> commits = {};
  // The line that an inline allow is for, so that the same secret elsewhere is not accepted with it. 0: any.
  // What only the history has stood on other lines before, so that there the file decides.
  std::uint32_t line = 0;
};

struct EvaluateInput {
  std::vector<Finding> findings;  // severity as the rule and the layer say
  Policy policy;
  std::vector<std::string> problems;  // of the policy file
  std::vector<Waiver> waivers;        // from the store (chat-ops); the policy's own are in `policy`
  std::vector<AllowMark> allows;
  std::vector<Missing> missing;
  Scanned scanned;
  TimePoint now{};
  std::optional<Baseline> baseline;
  std::string key_id;         // of the key of these findings' fingerprints
  bool empty_change = false;  // the change has no file, so none had to be looked at
  // All of the repository was looked at, not one change: only then is a waiver that fits nothing known to be
  // unused.
  bool whole_repository = false;
};

// Applies rule settings, lowers what is surely or probably harmless (a token whose own structure is wrong,
// what only moved, coupling that only history has), drops switched-off rules, moves accepted findings to
// `waived` (an expired waiver is a notice and does not accept), sorts, decides. fail: a finding at or over
// fail_on that is introduced or regressed (or only in history), or a policy problem. A note never fails. With
// fail_on warn, warnings come out as block: then they are what has to be mended. incomplete: not failed, and
// something is missing or nothing was scanned. pass otherwise. Notices are one line of Markdown each, in
// which only code spans are markup.
Review evaluate(EvaluateInput input);

}  // namespace fanlight::policy
