// Inline allows: `fanlight:allow <rule> <reason>` in a comment on the line or on the line above, and the
// marks of other tools when the policy honours them. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fanlight::detect {

struct InlineAllow {
  std::uint32_t line = 0;                       // where the comment stands, from 1
  bool covers_line = true, covers_next = true;  // ours both; those of other tools one of them
  std::string rule;  // a rule id; "*" for a mark of another tool; empty when the comment names none
  // At most 300 bytes. When empty, as when the rule is, the allow does not count, and a notice says so. A
  // mark of another tool has "marked for gitleaks" or "marked for detect-secrets".
  std::string reason;
  std::string mark;  // "fanlight:allow", "gitleaks:allow", "pragma: allowlist secret"
};

// All of `text`, in order of line; at most 10,000.
std::vector<InlineAllow> find_inline_allows(std::string_view text);

}  // namespace fanlight::detect
