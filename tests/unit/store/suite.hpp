// What the tests of this folder share: the table of stores that every conformance case runs over, and short
// ways to write deliveries and expectations.
#pragma once

#include <boost/test/unit_test.hpp>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "fanlight/store/store.hpp"
#include "sqlite_store.hpp"
#include "support/temp_dir.hpp"

namespace fanlight::store {

inline std::ostream& operator<<(std::ostream& out, Accepted value) {
  const char* names[] = {"queued", "coalesced", "repeat"};
  return out << names[static_cast<int>(value)];
}
inline std::ostream& operator<<(std::ostream& out, JobState value) {
  const char* names[] = {"waiting", "leased", "done", "parked"};
  return out << names[static_cast<int>(value)];
}

}  // namespace fanlight::store

namespace store_test {

using namespace fanlight;
using namespace fanlight::store;
using std::chrono::milliseconds;
using std::chrono::seconds;

using Scratch = fanlight::test::TempDir;

// For what is not about durability: no waiting for the disk.
inline SqliteOptions unflushed() {
  SqliteOptions options;
  options.flush = false;
  return options;
}

struct StoreKind {
  const char* name;
  std::unique_ptr<Store> (*make)(const Scratch&);
};

inline const StoreKind store_kinds[] = {
    {"memory", [](const Scratch&) { return make_memory_store(); }},
    {"sqlite",
     [](const Scratch& scratch) { return open_sqlite_store(scratch / "fanlight.db", unflushed()).value(); }},
};

// STORE_CASE(behaviour) { … store … } runs the body once over each kind of store.
#define STORE_CASE(behaviour)                                 \
  static void run_##behaviour(fanlight::store::Store& store); \
  BOOST_AUTO_TEST_CASE(behaviour) {                           \
    for (const auto& kind : store_test::store_kinds) {        \
      BOOST_TEST_CONTEXT("store " << kind.name) {             \
        store_test::Scratch scratch;                          \
        run_##behaviour(*kind.make(scratch));                 \
      }                                                       \
    }                                                         \
  }                                                           \
  static void run_##behaviour(fanlight::store::Store& store)

// Seconds after the start of the tests' time.
inline TimePoint at(double s) {
  return TimePoint(milliseconds(1'800'000'000'000)) + milliseconds(static_cast<std::int64_t>(s * 1000));
}

inline Intake review_of(std::string change, std::string id, TimePoint not_before = at(0)) {
  Intake intake;
  intake.delivery = {"github", id, {{"x-github-event", "pull_request"}}, "body of " + id};
  intake.change_key = change;
  intake.display = "display of " + change;
  intake.meaning = change + ":synchronize:" + id;
  intake.not_before = not_before;
  return intake;
}

inline Intake command_of(std::string change, std::string id, TimePoint not_before = at(0)) {
  Intake intake = review_of(std::move(change), std::move(id), not_before);
  intake.kind = JobKind::command;
  return intake;
}

// Unwraps, and stops the case with the error's text otherwise.
template <class T>
T ok(Result<T> result) {
  if (!result) BOOST_FAIL("unexpected error: " << result.error().text);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline Accepted put(Store& store, const Intake& intake, TimePoint now) {
  return ok(store.enqueue({&intake, 1}, now)).at(0);
}

inline std::optional<Job> lease(Store& store, TimePoint now, seconds lease_for = seconds(60)) {
  return ok(store.lease(now, lease_for));
}

// The delivery id of what is leased, or "-".
inline std::string leased_id(Store& store, TimePoint now) {
  auto job = lease(store, now);
  return job ? job->delivery.delivery_id : "-";
}

inline Job must_lease(Store& store, TimePoint now, seconds lease_for = seconds(60)) {
  auto job = lease(store, now, lease_for);
  BOOST_REQUIRE(job.has_value());
  return *job;
}

template <class T>
void check_error(const Result<T>& result, ErrorCode code, std::string_view part) {
  BOOST_REQUIRE(!result.has_value());
  BOOST_TEST(to_string(result.error().code) == to_string(code));
  BOOST_TEST(result.error().text.find(part) != std::string::npos, result.error().text);
  BOOST_TEST(result.error().text.find('\n') == std::string::npos, "one line: " << result.error().text);
}

inline Record record_of(std::string id, std::string head, TimePoint created, std::uint64_t number = 1) {
  Record record;
  record.id = std::move(id);
  record.change = {"github", "acme/api", number, "refs/heads/topic", "77"};
  record.head_sha = std::move(head);
  record.created = created;
  return record;
}

}  // namespace store_test
