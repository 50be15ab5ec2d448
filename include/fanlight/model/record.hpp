// What was decided and done for one job. The dashboard, the pages and the audit read only records.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fanlight/core/clock.hpp"
#include "fanlight/model/action.hpp"
#include "fanlight/model/verdict.hpp"

namespace fanlight {

// A line of the diff around a finding, every secret blacked out ("████").
struct ExcerptLine {
  LineKind kind = LineKind::context;
  std::uint32_t old_line = 0, new_line = 0;
  std::string text;
};

struct FindingContext {
  std::string fingerprint;
  std::vector<ExcerptLine> lines;
};

struct ActionDone {
  std::string what;    // action_name
  std::string detail;  // "3 comments", "edited", "failure"
  std::string url;     // where it can be seen, when the host says
};

struct Record {
  std::string id;  // 32 hex digits, random: the address of its page
  ChangeRef change;
  std::string title, author, base_sha, head_sha, web_url;
  TimePoint created{};
  std::uint32_t took_ms = 0;
  Review review;
  std::vector<FindingContext> contexts;  // for review.findings that stand in the diff
  std::vector<ActionDone> done;
};

}  // namespace fanlight
