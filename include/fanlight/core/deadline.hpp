// A point on the steady clock by which something must be over. A value: pass it down, never restart it.
#pragma once

#include <chrono>

namespace fanlight {

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  static Deadline after(std::chrono::milliseconds duration) { return Deadline(Clock::now() + duration); }
  static Deadline never() { return Deadline(Clock::time_point::max()); }

  bool expired() const { return Clock::now() >= at_; }
  // Zero when expired.
  std::chrono::milliseconds remaining() const {
    if (at_ == Clock::time_point::max()) return std::chrono::hours(24 * 365);
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(at_ - Clock::now());
    return left.count() > 0 ? left : std::chrono::milliseconds(0);
  }
  // This deadline, or `duration` from now if that is sooner.
  Deadline sooner(std::chrono::milliseconds duration) const {
    auto other = Clock::now() + duration;
    return Deadline(other < at_ ? other : at_);
  }
  Clock::time_point at() const { return at_; }

 private:
  explicit Deadline(Clock::time_point at) : at_(at) {}
  Clock::time_point at_;
};

}  // namespace fanlight
