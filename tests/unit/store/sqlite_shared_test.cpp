// One file used by several: a process that is killed and the one after it, processes and threads side by
// side.
#include <csignal>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "sqlite_suite.hpp"

using namespace store_test;

namespace {

// Enqueues for ever and writes each id to `out` after the store has answered for it.
int enqueue_and_report(const std::string& path, int round, int out) {
  auto store = open_sqlite_store(path);
  if (!store) return 1;
  for (int n = 0;; ++n) {
    std::vector<Intake> batch;
    for (int i = 0; i <= n % 5; ++i) {
      std::string id = std::to_string(round) + "." + std::to_string(n) + "." + std::to_string(i);
      batch.push_back(command_of("change " + std::to_string(n % 7), id));
    }
    if (!(*store)->enqueue(batch, at(n))) return 2;
    std::string ids;
    for (const Intake& intake : batch) ids += intake.delivery.delivery_id + "\n";
    if (::write(out, ids.data(), ids.size()) != static_cast<ssize_t>(ids.size())) return 3;
  }
}

// Reads whole lines until `bytes_min` are there or the writer is gone; the rest after kill comes with
// `read_rest`.
void read_lines(int in, std::string& text, std::size_t bytes_min) {
  char buffer[4096];
  while (text.size() < bytes_min) {
    ssize_t got = ::read(in, buffer, sizeof buffer);
    if (got <= 0) return;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sqlite_shared)

BOOST_AUTO_TEST_CASE(nothing_acknowledged_is_lost_by_kill_9) {
  std::uint64_t seed = std::random_device()();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937_64 random(seed);
  Scratch scratch;
  std::string path = scratch / "fanlight.db", reported;
  for (int round = 0; round < 5; ++round) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    pid_t child = in_child([&] { return ::close(ends[0]), enqueue_and_report(path, round, ends[1]); });
    ::close(ends[1]);
    std::string lines;
    read_lines(ends[0], lines, 1 + random() % 600);
    ::kill(child, SIGKILL);
    read_lines(ends[0], lines, std::string::npos);
    ::close(ends[0]);
    BOOST_TEST(exit_of(child) == -1);
    reported += lines.substr(0, lines.rfind('\n') + 1);
  }
  auto store = open(path);
  std::size_t acknowledged = 0;
  for (std::size_t from = 0; from < reported.size(); ++acknowledged) {
    std::size_t to = reported.find('\n', from);
    std::string id = reported.substr(from, to - from);
    from = to + 1;
    int n = std::stoi(id.substr(id.find('.') + 1));
    BOOST_TEST(put(*store, command_of("change " + std::to_string(n % 7), id), at(0)) == Accepted::repeat,
               "lost " << id << ", seed " << seed);
  }
  BOOST_TEST(acknowledged >= 5u);
  BOOST_TEST(ok(store->queue()).waiting >= acknowledged);
}

BOOST_AUTO_TEST_CASE(two_open_stores_see_each_other) {
  Scratch scratch;
  std::string path = scratch / "fanlight.db";
  auto one = open(path), two = open(path);
  BOOST_TEST(put(*one, review_of("a", "1"), at(0)) == Accepted::queued);
  BOOST_TEST(put(*two, review_of("a", "1"), at(0)) == Accepted::repeat);
  Job job = must_lease(*two, at(0));
  BOOST_TEST(leased_id(*one, at(0)) == "-");
  ok(one->complete(job, std::nullopt, at(1)));
  check_error(two->extend(job, at(9)), ErrorCode::conflict, "lease is over");
}

BOOST_AUTO_TEST_CASE(a_lock_of_another_process_is_waited_for_and_then_named) {
  Scratch scratch;
  std::string path = scratch / "fanlight.db";
  SqliteOptions hasty = unflushed();
  hasty.busy_ms = 20;
  auto store = open(path, hasty);
  auto other = ok(Db::open(path, unflushed()));
  ok(other->exec("BEGIN IMMEDIATE"));
  Intake intake = review_of("a", "1");
  check_error(store->enqueue({&intake, 1}, at(0)), ErrorCode::unavailable, "another process holds it");
  BOOST_TEST(ok(store->queue()).waiting == 0u);
  ok(other->exec("ROLLBACK"));
  BOOST_TEST(put(*store, intake, at(0)) == Accepted::queued);
}

BOOST_AUTO_TEST_CASE(processes_that_make_the_file_at_once_agree) {
  for (int round = 0; round < 3; ++round) {
    Scratch scratch;
    std::string path = scratch / "fanlight.db";
    std::vector<pid_t> children;
    for (int c = 0; c < 3; ++c)
      children.push_back(in_child([&, c] {
        auto store = open_sqlite_store(path, unflushed());
        if (!store) return 1;
        for (int i = 0; i < 20; ++i) {
          // Every delivery is sent by all, and every one is queued once.
          Intake intake = command_of("change " + std::to_string(i), std::to_string(i));
          if (!(*store)->enqueue({&intake, 1}, at(c))) return 2;
        }
        return 0;
      }));
    for (pid_t child : children) BOOST_TEST(exit_of(child) == 0);
    BOOST_TEST(ok(open(path)->queue()).waiting == 20u);
  }
}

BOOST_AUTO_TEST_CASE(four_threads_do_each_job_once) {
  Scratch scratch;
  auto store = open(scratch / "fanlight.db");
  constexpr int each = 60;
  std::mutex mutex;
  std::multiset<std::string> done;
  std::vector<std::string> errors;
  auto complain = [&](const Error& error) {
    std::lock_guard lock(mutex);
    errors.push_back(error.text);
  };
  auto work = [&](int thread) {
    for (int i = 0; i < each; ++i) {
      std::string id = std::to_string(thread) + "." + std::to_string(i);
      Intake intake = command_of("change " + std::to_string(i % 5), id);
      if (auto put = store->enqueue({&intake, 1}, at(0)); !put) complain(put.error());
      auto job = store->lease(at(1), seconds(60));
      if (!job) complain(job.error());
      if (!job || !*job) continue;
      if (auto done_ = store->complete(**job, record_of((*job)->delivery.delivery_id, "h", at(1)), at(1));
          !done_)
        complain(done_.error());
      std::lock_guard lock(mutex);
      done.insert((*job)->delivery.delivery_id);
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) threads.emplace_back(work, t);
  }
  while (auto job = lease(*store, at(2))) {
    done.insert(job->delivery.delivery_id);
    ok(store->complete(*job, std::nullopt, at(2)));
  }
  BOOST_TEST(errors.empty(), (errors.empty() ? "" : errors[0]));
  BOOST_TEST(done.size() == std::size_t{4 * each});
  BOOST_TEST(std::set(done.begin(), done.end()).size() == std::size_t{4 * each});
}

BOOST_AUTO_TEST_SUITE_END()
