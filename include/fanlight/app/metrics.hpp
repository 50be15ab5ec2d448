// Counters and gauges of the process as Prometheus text. A table in metrics.cpp names each with its help. Any
// thread.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fanlight/store/store.hpp"

namespace fanlight::app {

class Metrics {
 public:
  Metrics();
  ~Metrics();

  // outcome: queued, coalesced, repeat, ignored, refused, failed
  void delivery(std::string_view host, std::string_view outcome);
  // outcome: done, retried, parked, superseded
  void job(std::string_view kind, std::string_view outcome, std::chrono::milliseconds took);
  void verdict(std::string_view verdict);
  void action(std::string_view what, bool ok);
  void command(std::string_view word);

  std::string text(const store::QueueStats& queue) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fanlight::app
