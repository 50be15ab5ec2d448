// One thing to do on a host. `policy::plan` makes them, a host applies them. Each carries a hidden marker, so
// that doing it twice is seen and not repeated.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fanlight/model/event.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight {

enum class Side : std::uint8_t { left, right };

struct InlineComment {
  std::string path;
  Side side = Side::right;
  std::uint32_t line = 0;        // last line of the range, in the file on that side
  std::uint32_t start_line = 0;  // 0 or equal to `line` for a single line
  std::string body;              // Markdown, ends with its marker
  std::string marker;
};

// One review per head: the inline comments that are new.
struct PostReview {
  std::string head_sha;
  std::string marker;
  std::string body;
  std::vector<InlineComment> comments;
};

// The one summary comment of a change: edited when `id` is known, created otherwise.
struct PutSummary {
  std::string id;
  std::string head_sha;
  std::string marker;
  std::string body;
};

enum class CheckState : std::uint8_t { pending, success, failure, neutral };
enum class AnnotationLevel : std::uint8_t { notice, warning, failure };

struct Annotation {
  std::string path;
  std::uint32_t start_line = 1, end_line = 1;
  AnnotationLevel level = AnnotationLevel::warning;
  std::string title, message;
};

// Check run where the host has them and we may write them, commit status elsewhere.
struct SetStatus {
  std::string head_sha;
  CheckState state = CheckState::pending;
  std::string description;  // one line: "2 to fix, 1 to look at"
  std::string summary;      // Markdown, for hosts with room for it
  std::string details_url;
  std::vector<Annotation> annotations;
};

// An answer to a command.
struct Reply {
  CommentRef to;
  std::string marker;
  std::string body;
};

// "I have seen it": an eyes reaction on the comment.
struct Acknowledge {
  CommentRef comment;
};

using Action = std::variant<PostReview, PutSummary, SetStatus, Reply, Acknowledge>;

// "review", "summary", "status", "reply", "acknowledge": for logs, metrics and records.
std::string_view action_name(const Action& action);

}  // namespace fanlight
