// Actions to the bodies of GitHub's requests. Pure. Every limit that GitHub puts on a field is kept here.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "fanlight/model/action.hpp"

namespace fanlight::host::github {

inline constexpr std::size_t body_bytes_max =
    65'536;                                          // of a comment; GitHub counts characters, we count bytes
inline constexpr std::size_t description_max = 140;  // of a commit status, in code points
inline constexpr std::size_t summary_bytes_max = 65'535;  // of a check run's output
inline constexpr std::size_t annotations_per_request = 50;
inline constexpr std::size_t comments_per_review = 30;  // more at once run into the limit on creating content

// {"body": …}: a comment, an edit of one, a reply.
std::string encode_body(std::string_view body);
// A review that only comments. `body` may not be empty for GitHub.
std::string encode_review(std::string_view head_sha, std::string_view body,
                          std::span<const InlineComment> comments);
std::string encode_commit_status(const SetStatus& status, std::string_view context);
std::string encode_reaction(std::string_view content);

struct CheckRunPart {
  const SetStatus& status;
  std::string_view name, external_id;
  std::span<const Annotation> annotations;  // at most annotations_per_request
  bool create = true;                       // POST: head_sha goes along
  bool complete = true;                     // with a conclusion, unless the state is pending
};
std::string encode_check_run(const CheckRunPart& part);

std::string_view conclusion_of(CheckState state);

}  // namespace fanlight::host::github
