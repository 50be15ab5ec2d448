// Which lines of a diff can carry a comment: added and unchanged lines of a hunk, on the right side. A host
// refuses a whole review for one comment elsewhere, so this is asked before anything is planned.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/model/diff.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight::policy {

// Lines of the new file, both ends included.
struct LineRange {
  std::uint32_t first = 0, last = 0;
  bool operator==(const LineRange&) const = default;
};

class Anchors {
 public:
  explicit Anchors(const Diff& diff);

  // All of first…last when one hunk shows it; its first line, or else its last, when only that is shown.
  std::optional<LineRange> place(std::string_view path, LineRange wanted) const;

 private:
  // Runs of consecutive shown lines, ascending. A run never goes past its hunk.
  std::map<std::string, std::vector<LineRange>, std::less<>> runs_;
};

}  // namespace fanlight::policy
