// A finding accepted by a person. Lives in the policy file, in the store (chat-ops) or in a comment of the
// code.
#pragma once

#include <optional>
#include <string>

#include "fanlight/core/clock.hpp"

namespace fanlight {

struct Waiver {
  std::string fingerprint;  // at least the first 8 hex digits of a finding's
  std::string reason;
  std::string owner;                 // "@platform"
  std::optional<TimePoint> expires;  // nothing: does not expire
};

}  // namespace fanlight
