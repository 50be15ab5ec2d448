// Inline allows: `fanlight:allow <rule> <reason>` in a comment on the line or on the line above, and the marks of
// other tools when the policy honours them. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fanlight::detect {

struct InlineAllow {
  std::uint32_t line = 0;  // where the comment stands, from 1; covers this line and the next
  std::string rule;        // a rule id, or "*" for a mark of another tool without one
  std::string reason;      // may be empty: then it does not count, and a notice says so
  std::string mark;        // "fanlight:allow", "gitleaks:allow", "pragma: allowlist secret"
};

// All of `text`, in order of line.
std::vector<InlineAllow> find_inline_allows(std::string_view text);

}  // namespace fanlight::detect
