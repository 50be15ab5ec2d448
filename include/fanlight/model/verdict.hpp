// What was decided about one change at one head. `policy::evaluate` makes it; pages, comments, statuses and
// the command line show it; the store keeps it in a Record.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/model/change.hpp"
#include "fanlight/model/finding.hpp"
#include "fanlight/model/lexicon.hpp"

namespace fanlight {

// incomplete is never shown as clean. fail wins over incomplete: what was found is enough to say no.
enum class Verdict : std::uint8_t { pass, fail, incomplete };

struct Scanned {
  std::uint64_t files = 0, bytes = 0, lines = 0, commits = 0;
  bool title_and_body = false;
  std::vector<Missing>
      skipped;  // left out on purpose (binary, ignored by the policy): does not make it incomplete
};

// A finding that a person accepted, and on whose word.
struct Waived {
  Finding finding;
  std::string by;  // "policy", "inline" or the login that said /fanlight allow
  std::string reason;
};

// What a change does to how far one module is from release, by what was seen of it: literals that block, each
// counted once.
struct ModuleStep {
  std::string module;  // its folder; "." for the root
  std::uint32_t gone = 0, came = 0;
};

struct Review {
  Verdict verdict = Verdict::incomplete;
  std::vector<Finding> findings;  // sorted: severity, path, line, rule; what the change introduced first
  std::vector<Waived> waived;
  std::vector<Missing> missing;
  std::vector<std::string> problems;  // errors in the policy file, each one line; any makes the verdict fail
  std::vector<std::string>
      notices;                      // things to know that decide nothing: an unused waiver, an inline request
  std::vector<Proposal> proposals;  // names to confirm or reject, the best evidence first
  std::vector<ModuleStep> steps;    // by module
  Scanned scanned;
};

std::string_view to_string(Verdict);
bool parse(std::string_view, Verdict&);

}  // namespace fanlight
