// Time that moves when a test says so.
#pragma once

#include <atomic>

#include "fanlight/core/clock.hpp"

namespace fanlight::testing {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(TimePoint start = TimePoint(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)))
      : now_(start.time_since_epoch().count()) {}
  TimePoint now() const override { return TimePoint(std::chrono::milliseconds(now_.load())); }
  void advance(std::chrono::milliseconds by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_;
};

}  // namespace fanlight::testing
