#include "fanlight/store/batcher.hpp"

#include <fmt/format.h>

namespace fanlight::store {
namespace {

std::size_t bytes_of(const Intake& intake) {
  constexpr std::size_t overhead = 512;  // of the values and keys around the body
  std::size_t bytes =
      overhead + intake.delivery.body.size() + intake.change_key.size() + intake.meaning.size();
  for (const auto& [name, value] : intake.delivery.headers) bytes += name.size() + value.size();
  return bytes;
}

// The store itself cannot write now, as against one item that it does not take.
bool is_outage(ErrorCode code) {
  return code == ErrorCode::unavailable || code == ErrorCode::timeout || code == ErrorCode::io;
}

}  // namespace

IntakeBatcher::IntakeBatcher(Store& store, const Clock& clock, BatchLimits limits)
    : store_(store), clock_(clock), limits_(limits), thread_([this] { run(); }) {}

IntakeBatcher::~IntakeBatcher() {
  stop();
}

void IntakeBatcher::submit(Intake intake, Done done) {
  Item item{std::move(intake), std::move(done), 0};
  item.bytes = bytes_of(item.intake);
  std::unique_lock lock(mutex_);
  bool full = unanswered_items_ > 0 && (unanswered_items_ >= limits_.queue_items_max ||
                                        unanswered_bytes_ + item.bytes > limits_.queue_bytes_max);
  if (stopping_ || full) {
    bool stopping = stopping_;
    lock.unlock();
    return item.done(stopping
                         ? fail(ErrorCode::canceled, "store: enqueue: the bot is stopping: send it again")
                         : fail(ErrorCode::unavailable, "store: enqueue: intake queue is full: send it again",
                                std::chrono::seconds(1)));
  }
  ++unanswered_items_;
  unanswered_bytes_ += item.bytes;
  waiting_.push_back(std::move(item));
  lock.unlock();
  wake_.notify_one();
}

void IntakeBatcher::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  std::call_once(joined_, [this] { thread_.join(); });
}

void IntakeBatcher::run() {
  for (auto items = next_batch(); !items.empty(); items = next_batch()) write(items);
}

std::vector<IntakeBatcher::Item> IntakeBatcher::next_batch() {
  std::vector<Item> items;
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  for (std::size_t bytes = 0; !waiting_.empty() && items.size() < limits_.batch_items_max;
       waiting_.pop_front()) {
    bytes += waiting_.front().bytes;
    if (!items.empty() && bytes > limits_.batch_bytes_max) break;
    items.push_back(std::move(waiting_.front()));
  }
  return items;
}

// Room is made before the answers, so that whoever is answered may submit again at once.
void IntakeBatcher::write(std::vector<Item>& items) {
  std::vector<Intake> batch;
  std::size_t bytes = 0;
  for (Item& item : items) {
    batch.push_back(std::move(item.intake));
    bytes += item.bytes;
  }
  auto answers = store_.enqueue(batch, clock_.now());
  std::vector<Result<Accepted>> results;
  if (answers)
    results.assign(answers->begin(), answers->end());
  else if (batch.size() == 1)
    results.push_back(std::unexpected(answers.error()));
  else
    results = write_one_by_one(batch);
  {
    std::lock_guard lock(mutex_);
    unanswered_items_ -= items.size();
    unanswered_bytes_ -= bytes;
  }
  for (std::size_t i = 0; i < items.size(); ++i) items[i].done(std::move(results[i]));
}

// One bad item must not sink the others. When the store itself is down, trying each would only take longer.
std::vector<Result<Accepted>> IntakeBatcher::write_one_by_one(std::span<const Intake> batch) {
  std::vector<Result<Accepted>> results;
  std::optional<Error> outage;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (outage) {
      results.push_back(std::unexpected(*outage));
      continue;
    }
    auto answer = store_.enqueue(batch.subspan(i, 1), clock_.now());
    if (!answer && is_outage(answer.error().code)) outage = answer.error();
    results.push_back(answer ? Result<Accepted>(answer->front()) : std::unexpected(answer.error()));
  }
  return results;
}

}  // namespace fanlight::store
