// The only source of time. `now` is taken once per job and passed on as a value; tests pass a FakeClock.
#pragma once

#include <chrono>
#include <string>

namespace fanlight {

// Wall-clock time, UTC, to the millisecond. What the store keeps and people read.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

struct Clock {
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
};

struct SystemClock final : Clock {
  TimePoint now() const override;
};

// What this thread has computed so far. For fuses around other people's code, never for an answer.
std::chrono::microseconds thread_cpu_time();

// "2026-11-22T10:35:00Z".
std::string to_iso8601(TimePoint time);

// "2027-01-31" or a full ISO 8601 UTC time, as in a waiver's expiry. A date means its end (the next
// midnight). Returns false and leaves `out` alone when `text` is neither.
bool parse_iso8601(std::string_view text, TimePoint& out);

}  // namespace fanlight
