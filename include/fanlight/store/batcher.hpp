// Shares commits: deliveries that arrive while one transaction is being written wait for the next one and go
// into it together, so that durability costs one flush per batch and not one per delivery. One thread of its
// own, no timer: a delivery that comes alone is written at once.
//
// The app's intake submits from the io thread and answers the host from `done`.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "fanlight/core/clock.hpp"
#include "fanlight/store/store.hpp"

namespace fanlight::store {

struct BatchLimits {
  std::size_t batch_items_max = 256;
  std::size_t batch_bytes_max = 8u << 20;
  // Of everything not answered yet, what is being written included.
  std::size_t queue_items_max = 2048;
  std::size_t queue_bytes_max = 16u << 20;
};

class IntakeBatcher {
 public:
  using Done = std::function<void(Result<Accepted>)>;

  // `store` and `clock` must outlive this.
  IntakeBatcher(Store& store, const Clock& clock, BatchLimits limits = {});
  ~IntakeBatcher();  // stop()
  IntakeBatcher(const IntakeBatcher&) = delete;
  IntakeBatcher& operator=(const IntakeBatcher&) = delete;

  // `done` is called exactly once, must not throw and must not call stop(): on the batcher's thread after the
  // commit, or, when the queue is full (`unavailable`) or stopped (`canceled`), at once on the caller's. An
  // item larger than a limit in bytes is taken when nothing else waits. Any thread.
  void submit(Intake intake, Done done);

  // Writes what waits, answers it, and ends the thread. Any thread but the batcher's; more than once is
  // allowed.
  void stop();

 private:
  struct Item {
    Intake intake;
    Done done;
    std::size_t bytes = 0;
  };

  void run();
  std::vector<Item> next_batch();  // waits; empty when stopped and drained
  void write(std::vector<Item>& items);
  std::vector<Result<Accepted>> write_one_by_one(std::span<const Intake> batch);

  Store& store_;
  const Clock& clock_;
  const BatchLimits limits_;

  std::mutex mutex_;  // guards the five below
  std::condition_variable wake_;
  std::deque<Item> waiting_;
  std::size_t unanswered_items_ = 0, unanswered_bytes_ = 0;
  bool stopping_ = false;

  std::once_flag joined_;
  std::thread thread_;  // last, so that it starts when all else is there
};

}  // namespace fanlight::store
