// The media types that choose what GitHub answers with. The plain JSON one is named beside GitHub's own,
// because proxies that check requests against an API description know only that.
#pragma once

namespace fanlight::host::github {

inline constexpr const char* media_json = "application/vnd.github+json, application/json;q=0.9";
inline constexpr const char* media_diff = "application/vnd.github.diff";
inline constexpr const char* media_raw = "application/vnd.github.raw";

}  // namespace fanlight::host::github
