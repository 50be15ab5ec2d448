// Sharing commits. A gate in front of the store holds a commit open, so that what comes meanwhile is known to
// wait.
#include "fanlight/store/batcher.hpp"

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "suite.hpp"
#include "support/fake_clock.hpp"
#include "support/faulty_store.hpp"

using namespace store_test;
using fanlight::testing::FakeClock;

namespace {

// Writes down the size of each batch, and while it is closed lets nothing through. Refuses a batch with a
// delivery whose id is "bad".
class GatedStore final : public FaultyStore {
 public:
  using FaultyStore::FaultyStore;

  Result<std::vector<Accepted>> enqueue(std::span<const Intake> batch, TimePoint now) override {
    {
      std::unique_lock lock(mutex_);
      sizes_.push_back(batch.size());
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
    }
    for (const Intake& intake : batch)
      if (intake.delivery.delivery_id == "bad") return fanlight::fail(ErrorCode::bad_input, "store: bad");
    return FaultyStore::enqueue(batch, now);
  }
  void open(bool open) {
    std::lock_guard lock(mutex_);
    open_ = open;
    changed_.notify_all();
  }
  // Waits until the n-th batch has arrived.
  void arrived(std::size_t batches) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sizes_.size() >= batches; });
  }
  std::vector<std::size_t> sizes() {
    std::lock_guard lock(mutex_);
    return sizes_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::size_t> sizes_;
  bool open_ = true;
};

// What each submitted delivery was answered, in words.
class Answers {
 public:
  IntakeBatcher::Done at(std::string id) {
    return [this, id](Result<Accepted> answer) {
      std::lock_guard lock(mutex_);
      const char* words[] = {"queued", "coalesced", "repeat"};
      answers_[id] += answer ? words[static_cast<int>(*answer)] : std::string(to_string(answer.error().code));
      threads_.insert(std::this_thread::get_id());
    };
  }
  std::string of(const std::string& id) {
    std::lock_guard lock(mutex_);
    return answers_.contains(id) ? answers_[id] : "-";
  }
  std::size_t count() {
    std::lock_guard lock(mutex_);
    return answers_.size();
  }
  std::size_t threads() {
    std::lock_guard lock(mutex_);
    return threads_.size();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> answers_;
  std::set<std::thread::id> threads_;
};

struct Bench {
  std::unique_ptr<Store> memory = make_memory_store();
  GatedStore store{*memory};
  FakeClock clock{at(0)};
  Answers answers;

  void submit(IntakeBatcher& batcher, const std::string& id, std::size_t body_bytes = 10) {
    Intake intake = review_of("change of " + id, id);
    intake.delivery.body.assign(body_bytes, 'x');
    batcher.submit(std::move(intake), answers.at(id));
  }
  // One delivery in the closed gate, so that the next ones wait.
  void block(IntakeBatcher& batcher) {
    store.open(false);
    submit(batcher, "first");
    store.arrived(1);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(batcher)

BOOST_AUTO_TEST_CASE(what_waits_goes_into_one_transaction) {
  Bench bench;
  IntakeBatcher batcher(bench.store, bench.clock);
  bench.block(batcher);
  for (int i = 0; i < 50; ++i) bench.submit(batcher, std::to_string(i));
  BOOST_TEST(bench.answers.count() == 0u);
  bench.store.open(true);
  batcher.stop();
  std::vector<std::size_t> sizes = {1, 50};
  BOOST_TEST(bench.store.sizes() == sizes, boost::test_tools::per_element());
  for (int i = 0; i < 50; ++i) BOOST_TEST(bench.answers.of(std::to_string(i)) == "queued");
  BOOST_TEST(bench.answers.threads() == 1u);
  BOOST_TEST(ok(bench.memory->queue()).waiting == 51u);
}

BOOST_AUTO_TEST_CASE(batches_are_bounded_in_items_and_in_bytes) {
  struct Row {
    const char* name;
    BatchLimits limits;
    std::size_t items, body_bytes;
    std::vector<std::size_t> sizes;
  } const rows[] = {
      {"items", {.batch_items_max = 4}, 9, 10, {1, 4, 4, 1}},
      {"bytes", {.batch_bytes_max = 10'000}, 5, 4'000, {1, 2, 2, 1}},
      {"one larger than the limit goes alone", {.batch_bytes_max = 10'000}, 3, 20'000, {1, 1, 1, 1}},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      Bench bench;
      IntakeBatcher batcher(bench.store, bench.clock, row.limits);
      bench.block(batcher);
      for (std::size_t i = 0; i < row.items; ++i) bench.submit(batcher, std::to_string(i), row.body_bytes);
      bench.store.open(true);
      batcher.stop();
      BOOST_TEST(bench.store.sizes() == row.sizes, boost::test_tools::per_element());
      BOOST_TEST(bench.answers.count() == row.items + 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(over_a_limit_of_the_queue_it_is_refused_at_once) {
  struct Row {
    const char* name;
    BatchLimits limits;
    std::size_t body_bytes;
    int fit;  // beside the one that is being written
  } const rows[] = {
      {"items", {.queue_items_max = 4}, 10, 3},
      {"bytes", {.queue_bytes_max = 10'000}, 4'000, 2},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      Bench bench;
      IntakeBatcher batcher(bench.store, bench.clock, row.limits);
      bench.block(batcher);
      for (int i = 0; i < row.fit; ++i) bench.submit(batcher, std::to_string(i), row.body_bytes);
      BOOST_TEST(bench.answers.count() == 0u);
      bench.submit(batcher, "over", row.body_bytes);
      BOOST_TEST(bench.answers.of("over") == "unavailable");
      bench.store.open(true);
      batcher.stop();
      for (int i = 0; i < row.fit; ++i) BOOST_TEST(bench.answers.of(std::to_string(i)) == "queued");
    }
  }
}

BOOST_AUTO_TEST_CASE(one_larger_than_the_queue_is_taken_when_nothing_waits) {
  Bench bench;
  IntakeBatcher batcher(bench.store, bench.clock, {.batch_bytes_max = 100, .queue_bytes_max = 1000});
  bench.submit(batcher, "large", 5000);
  batcher.stop();
  BOOST_TEST(bench.answers.of("large") == "queued");
}

BOOST_AUTO_TEST_CASE(room_is_made_before_the_answer) {
  Bench bench;
  IntakeBatcher batcher(bench.store, bench.clock, {.queue_items_max = 1});
  std::promise<void> done;
  batcher.submit(review_of("a", "1"), [&](Result<Accepted>) {
    bench.submit(batcher, "2");
    done.set_value();
  });
  done.get_future().wait();
  batcher.stop();
  BOOST_TEST(bench.answers.of("2") == "queued");
}

BOOST_AUTO_TEST_CASE(one_bad_delivery_does_not_sink_the_others) {
  Bench bench;
  IntakeBatcher batcher(bench.store, bench.clock);
  bench.block(batcher);
  for (const char* id : {"1", "bad", "2"}) bench.submit(batcher, id);
  bench.store.open(true);
  batcher.stop();
  BOOST_TEST(bench.answers.of("1") == "queued");
  BOOST_TEST(bench.answers.of("bad") == "bad_input");
  BOOST_TEST(bench.answers.of("2") == "queued");
}

BOOST_AUTO_TEST_CASE(a_lost_answer_of_a_batch_becomes_repeats) {
  Bench bench;
  IntakeBatcher batcher(bench.store, bench.clock);
  bench.block(batcher);
  for (const char* id : {"1", "2"}) bench.submit(batcher, id);
  bench.store.fail_call(2, FaultAt::after_effect);
  bench.store.open(true);
  batcher.stop();
  BOOST_TEST(bench.answers.of("1") == "repeat");
  BOOST_TEST(bench.answers.of("2") == "repeat");
  BOOST_TEST(ok(bench.memory->queue()).waiting == 3u);
}

BOOST_AUTO_TEST_CASE(an_outage_is_not_tried_for_each) {
  Bench bench;
  IntakeBatcher batcher(bench.store, bench.clock);
  bench.block(batcher);
  for (int i = 0; i < 20; ++i) bench.submit(batcher, std::to_string(i));
  bench.store.fail_all(ErrorCode::unavailable);
  bench.store.open(true);
  batcher.stop();
  for (int i = 0; i < 20; ++i) BOOST_TEST(bench.answers.of(std::to_string(i)) == "unavailable");
  std::vector<std::size_t> sizes = {1, 20, 1};
  BOOST_TEST(bench.store.sizes() == sizes, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(stop_drains_and_refuses_what_comes_later) {
  Bench bench;
  IntakeBatcher batcher(bench.store, bench.clock, {.batch_items_max = 2});
  bench.block(batcher);
  for (int i = 0; i < 7; ++i) bench.submit(batcher, std::to_string(i));
  bench.store.open(true);
  batcher.stop();
  batcher.stop();
  BOOST_TEST(bench.answers.count() == 8u);
  bench.submit(batcher, "late");
  BOOST_TEST(bench.answers.of("late") == "canceled");
}

BOOST_AUTO_TEST_CASE(many_threads_each_get_one_answer) {
  Bench bench;
  constexpr int threads = 4, each = 200;
  {
    IntakeBatcher batcher(bench.store, bench.clock, {.queue_items_max = threads * each});
    std::vector<std::jthread> senders;
    for (int t = 0; t < threads; ++t)
      senders.emplace_back([&, t] {
        for (int i = 0; i < each; ++i) bench.submit(batcher, std::to_string(t) + "." + std::to_string(i));
      });
    senders.clear();
  }
  BOOST_TEST(bench.answers.count() == std::size_t{threads * each});
  for (int i = 0; i < each; ++i) BOOST_TEST(bench.answers.of("3." + std::to_string(i)) == "queued");
}

BOOST_AUTO_TEST_SUITE_END()
