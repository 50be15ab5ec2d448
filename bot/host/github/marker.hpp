// The hidden marker in everything fanlight posts: "<!-- fanlight:inline:3f9a1c0d5b7e2a84 -->". It says what a
// comment is, so that the same one is found again and not posted twice. policy makes markers; a host only
// compares them.
#pragma once

#include <string>
#include <string_view>

#include "fanlight/model/change.hpp"

namespace fanlight::host::github {

bool has_marker(std::string_view body);
// The last marker of a body without the comment signs, "inline:3f9a1c0d5b7e2a84"; empty when there is none.
// The last, because what stands above it may quote another comment.
std::string marker_in(std::string_view body);
// A marker with or without the comment signs, as marker_in gives it.
std::string_view bare_marker(std::string_view marker);
// From the marker's first word; what is none of "inline", "reply" and "status" belongs to the summary.
PostedKind kind_of(std::string_view bare);
// What Posted::digest holds: 16 hex digits of the SHA-256 of a body without white space at its ends, because
// hosts trim it.
std::string body_digest(std::string_view body);
// `body` in at most `bytes_max` bytes: cut between code points, with a sentence that says so and its marker
// kept.
std::string fit_body(std::string_view body, std::size_t bytes_max);

}  // namespace fanlight::host::github
