// The decisions of the queue as tables. What they come to in a store is in intake_test and lease_test.
#include "queue_rules.hpp"

#include "suite.hpp"

using namespace store_test;

namespace {

constexpr auto review = JobKind::review, command = JobKind::command;
constexpr auto waiting = JobState::waiting, leased = JobState::leased;

JobRow row(std::int64_t id, JobKind kind, JobState state, double asked, double ready,
           std::uint32_t attempts = 0) {
  return {id, kind, state, attempts, at(asked), at(ready)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(queue_rules)

BOOST_AUTO_TEST_CASE(what_a_delivery_does) {
  struct Row {
    const char* name;
    JobKind kind;
    std::optional<JobRow> seen, joins;
    Accepted answer;
    Step step;
    std::int64_t job, merged;
    double asked, not_before;
  } const rows[] = {
      {"new", review, {}, {}, Accepted::queued, Step::insert, 0, 0, 100, 105},
      {"seen and waiting",
       review,
       row(1, review, waiting, 1, 1),
       {},
       Accepted::repeat,
       Step::nothing,
       0,
       0,
       0,
       0},
      {"seen and leased",
       command,
       row(1, command, leased, 1, 1),
       {},
       Accepted::repeat,
       Step::nothing,
       0,
       0,
       0,
       0},
      {"seen and done", review, row(1, review, JobState::done, 1, 1), row(2, review, waiting, 1, 1),
       Accepted::repeat, Step::nothing, 0, 0, 0, 0},
      {"joins, within settle_max",
       review,
       {},
       row(2, review, waiting, 95, 98),
       Accepted::coalesced,
       Step::absorb,
       2,
       0,
       95,
       105},
      {"joins, over settle_max",
       review,
       {},
       row(2, review, waiting, 89, 98),
       Accepted::coalesced,
       Step::absorb,
       2,
       0,
       89,
       104},
      {"joins a tried one",
       review,
       {},
       row(2, review, waiting, 10, 900, 3),
       Accepted::coalesced,
       Step::absorb,
       2,
       0,
       100,
       105},
      {"a command joins nothing",
       command,
       {},
       row(2, review, waiting, 95, 98),
       Accepted::queued,
       Step::insert,
       0,
       0,
       100,
       105},
      {"wakes",
       review,
       row(1, review, JobState::parked, 1, 1, 5),
       {},
       Accepted::queued,
       Step::wake,
       1,
       0,
       100,
       105},
      {"wakes and joins", review, row(1, review, JobState::parked, 1, 1, 5), row(2, review, waiting, 95, 98),
       Accepted::coalesced, Step::absorb, 2, 1, 95, 105},
  };
  for (const Row& r : rows) {
    BOOST_TEST_CONTEXT(r.name) {
      Intake intake = review_of("a", "1", at(105));
      intake.kind = r.kind;
      IntakeStep step = decide_intake(intake, at(100), r.seen, r.joins);
      BOOST_TEST(step.answer == r.answer);
      BOOST_TEST((step.step == r.step));
      BOOST_TEST(step.job == r.job);
      BOOST_TEST(step.merged == r.merged);
      if (r.step == Step::nothing) continue;
      BOOST_TEST((step.asked == at(r.asked)));
      BOOST_TEST((step.not_before == at(r.not_before)));
    }
  }
}

BOOST_AUTO_TEST_CASE(which_job_of_a_change_is_leased) {
  struct Row {
    const char* name;
    std::vector<JobRow> open;
    std::int64_t job, merged, released;  // at 100; job 0 for none
    double due;
  } const rows[] = {
      {"nothing open", {}, 0, 0, 0, -1},
      {"due now", {row(1, review, waiting, 1, 100)}, 1, 0, 0, 100},
      {"due a moment later", {row(1, review, waiting, 1, 100.001)}, 0, 0, 0, 100.001},
      {"leased until later", {row(1, review, leased, 1, 101), row(2, command, waiting, 2, 0)}, 0, 0, 0, 101},
      {"lease ends now", {row(1, review, leased, 1, 100)}, 1, 0, 0, 100},
      {"command first", {row(1, review, waiting, 1, 0), row(2, command, waiting, 2, 0)}, 2, 0, 0, 0},
      {"first command first", {row(3, command, waiting, 3, 0), row(2, command, waiting, 2, 0)}, 2, 0, 0, 0},
      {"asked at once", {row(3, command, waiting, 2, 0), row(2, command, waiting, 2, 0)}, 2, 0, 0, 0},
      {"first command backs off",
       {row(2, command, waiting, 2, 200), row(3, command, waiting, 3, 0)},
       0,
       0,
       0,
       200},
      {"review while it backs off",
       {row(2, command, waiting, 2, 200), row(3, review, waiting, 3, 50)},
       3,
       0,
       0,
       50},
      {"abandoned review, newer due",
       {row(1, review, leased, 1, 90), row(2, review, waiting, 2, 95)},
       2,
       1,
       0,
       95},
      {"abandoned review, newer not due",
       {row(1, review, leased, 1, 90), row(2, review, waiting, 2, 195)},
       0,
       0,
       0,
       195},
      {"abandoned review, order of rows",
       {row(2, review, waiting, 2, 95), row(1, review, leased, 1, 90)},
       2,
       1,
       0,
       95},
      {"abandoned review, command due",
       {row(1, review, leased, 1, 90), row(2, review, waiting, 2, 195), row(3, command, waiting, 3, 0)},
       3,
       1,
       0,
       90},
      {"abandoned review alone, command due",
       {row(1, review, leased, 1, 90), row(3, command, waiting, 3, 0)},
       3,
       0,
       1,
       90},
      {"abandoned command", {row(1, command, leased, 1, 90), row(2, command, waiting, 2, 0)}, 1, 0, 0, 90},
      {"abandoned command behind an older one that backs off, review due",
       {row(1, command, leased, 5, 90), row(2, command, waiting, 2, 200), row(3, review, waiting, 6, 0)},
       3,
       0,
       1,
       90},
  };
  for (const Row& r : rows) {
    BOOST_TEST_CONTEXT(r.name) {
      auto step = decide_lease(r.open, at(100));
      BOOST_TEST((step ? step->job : 0) == r.job);
      BOOST_TEST((step ? step->merged : 0) == r.merged);
      BOOST_TEST((step ? step->released : 0) == r.released);
      auto due = change_due(r.open);
      BOOST_REQUIRE(due.has_value() == (r.due >= 0));
      if (!due) continue;
      BOOST_TEST((*due == at(r.due)));
      BOOST_TEST(decide_lease(r.open, *due).has_value());
      BOOST_TEST(!decide_lease(r.open, *due - milliseconds(1)).has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_line_is_one_line) {
  struct Row {
    const char* name;
    std::string text, line;
  } const rows[] = {
      {"as it is", "host: 502, retry in 5s", "host: 502, retry in 5s"},
      {"control characters", "a\nb\rc\td\x1b[31m\x7f", "a b c d [31m"},
      {"ends are trimmed", " a \n", "a"},
      {"not UTF-8", "a\xff", "a\xef\xbf\xbd"},
      {"at the limit", std::string(1000, 'x'), std::string(1000, 'x')},
      {"over the limit", std::string(1001, 'x'), std::string(1000, 'x')},
      {"cut between characters", std::string(999, 'x') + "\xc3\xa9", std::string(999, 'x')},
  };
  for (const Row& r : rows) BOOST_TEST_CONTEXT(r.name) BOOST_TEST(one_line(r.text) == r.line);
}

BOOST_AUTO_TEST_SUITE_END()
