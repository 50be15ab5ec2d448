// When an exchange is worth repeating and how long to wait first. Pure but for the random number.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "fanlight/core/clock.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/net/client.hpp"

namespace fanlight::net {

// The method alone: GET, HEAD, PUT, DELETE, OPTIONS.
bool is_idempotent(std::string_view method);
bool is_retryable_status(unsigned status);  // 429, 502, 503, 504

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7; the two older forms are not read).
std::optional<TimePoint> parse_http_date(std::string_view text);
// Of Retry-After: seconds, or a date measured against the answer's own Date (`now` when it has none), so that
// a clock that is off does not matter. At most a day.
std::optional<std::chrono::milliseconds> parse_retry_after(const Headers& headers, TimePoint now);

// Uniform over [0, base × 2^attempt], the upper end at most `most`: the full jitter of AWS's "Exponential
// Backoff And Jitter". `attempt` counts from 0.
std::chrono::milliseconds make_backoff(const RetryPolicy& policy, unsigned attempt, Random& random);

}  // namespace fanlight::net
