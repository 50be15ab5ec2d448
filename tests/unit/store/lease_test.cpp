// Leasing and what becomes of a leased job, over every store.
#include "suite.hpp"

using namespace store_test;

BOOST_AUTO_TEST_SUITE(leasing)

STORE_CASE(an_empty_queue_gives_nothing) {
  BOOST_TEST(!lease(store, at(0)).has_value());
  BOOST_TEST(!ok(store.next_due()).has_value());
  BOOST_TEST(!ok(store.queue()).oldest_waiting.has_value());
}

STORE_CASE(a_leased_job_says_all_that_was_delivered) {
  put(store, review_of("a", "1", at(3)), at(1));
  Job job = must_lease(store, at(4));
  BOOST_TEST(job.id > 0);
  BOOST_TEST((job.kind == JobKind::review));
  BOOST_TEST(job.state == JobState::leased);
  BOOST_TEST(job.change_key == "a");
  BOOST_TEST(job.display == "display of a");
  BOOST_TEST(job.delivery.host == "github");
  BOOST_TEST(job.delivery.headers.at("x-github-event") == "pull_request");
  BOOST_TEST(job.delivery.body == "body of 1");
  BOOST_TEST(job.attempts == 1u);
  BOOST_TEST((job.asked == at(1)));
  BOOST_TEST((job.not_before == at(3)));
  BOOST_TEST(!job.lease.empty());
}

// Each row: what waits, and in which order it is leased when each is completed at once.
STORE_CASE(order_of_leasing) {
  struct Waiting {
    const char* change;
    const char* id;
    JobKind kind;
    double asked, not_before;
  };
  constexpr auto review = JobKind::review, command = JobKind::command;
  struct Row {
    const char* name;
    std::vector<Waiting> waiting;
    std::string leased;
  } const rows[] = {
      {"oldest first",
       {{"a", "1", review, 2, 0}, {"b", "2", review, 1, 0}, {"c", "3", review, 3, 0}},
       "2 1 3"},
      {"asked at once: first come first", {{"b", "1", review, 1, 0}, {"a", "2", review, 1, 0}}, "1 2"},
      {"not due is not leased", {{"a", "1", review, 1, 101}, {"b", "2", review, 2, 100}}, "2"},
      {"a command before the older review of its change",
       {{"a", "1", review, 1, 0}, {"b", "2", review, 2, 0}, {"a", "3", command, 3, 0}},
       "3 1 2"},
      {"a command does not wait for a review that settles",
       {{"a", "1", review, 1, 500}, {"a", "2", command, 2, 0}},
       "2"},
      {"a review does not wait for a command that backs off",
       {{"a", "1", command, 1, 500}, {"a", "2", review, 2, 0}},
       "2"},
      {"commands in order, also when the first backs off",
       {{"a", "1", command, 1, 500}, {"a", "2", command, 2, 0}, {"b", "3", command, 3, 0}},
       "3"},
      {"commands of one change in order", {{"a", "1", command, 1, 0}, {"a", "2", command, 2, 0}}, "1 2"},
  };
  int n = 0;
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      std::string round = std::to_string(n++);
      for (const Waiting& w : row.waiting) {
        Intake intake = review_of(w.change + round, w.id + round, at(w.not_before));
        intake.kind = w.kind;
        put(store, intake, at(w.asked));
      }
      std::string leased;
      while (auto job = lease(store, at(100))) {
        std::string id = job->delivery.delivery_id;
        id.resize(id.size() - round.size());
        leased += (leased.empty() ? "" : " ") + id;
        ok(store.complete(*job, std::nullopt, at(100)));
      }
      BOOST_TEST(leased == row.leased);
      while (auto job = lease(store, at(10'000))) ok(store.complete(*job, std::nullopt, at(10'000)));
    }
  }
}

STORE_CASE(one_job_of_a_change_at_a_time) {
  put(store, command_of("a", "1"), at(0));
  put(store, command_of("a", "2"), at(0));
  put(store, review_of("a", "3"), at(0));
  put(store, review_of("b", "4"), at(1));
  Job first = must_lease(store, at(2));
  BOOST_TEST(first.delivery.delivery_id == "1");
  BOOST_TEST(leased_id(store, at(2)) == "4");
  BOOST_TEST(leased_id(store, at(2)) == "-");
  ok(store.complete(first, std::nullopt, at(2)));
  BOOST_TEST(leased_id(store, at(2)) == "2");
}

STORE_CASE(an_expired_lease_is_taken_again_and_the_old_one_conflicts) {
  put(store, review_of("a", "1"), at(0));
  Job old = must_lease(store, at(0), seconds(10));
  BOOST_TEST(leased_id(store, at(9.999)) == "-");
  Job taken = must_lease(store, at(10));
  BOOST_TEST(taken.id == old.id);
  BOOST_TEST(taken.attempts == 2u);
  BOOST_TEST(taken.delivery.body == "body of 1");
  BOOST_TEST(taken.lease != old.lease);
  check_error(store.extend(old, at(99)), ErrorCode::conflict, "store: extend: job ");
  check_error(store.complete(old, record_of("r", "h", at(11)), at(11)), ErrorCode::conflict,
              "store: complete: job ");
  check_error(store.fail(old, "e", at(11)), ErrorCode::conflict, "store: fail: job ");
  check_error(store.park(old, "e", at(11)), ErrorCode::conflict, "store: park: job ");
  BOOST_TEST(!ok(store.record("r")).has_value());
  ok(store.complete(taken, std::nullopt, at(12)));
  check_error(store.complete(taken, std::nullopt, at(12)), ErrorCode::conflict, "lease is over");
}

STORE_CASE(an_expired_lease_that_nobody_took_still_counts) {
  put(store, review_of("a", "1"), at(0));
  Job job = must_lease(store, at(0), seconds(10));
  ok(store.complete(job, std::nullopt, at(500)));
  BOOST_TEST(leased_id(store, at(600)) == "-");
}

STORE_CASE(extend_keeps_a_job_for_longer) {
  put(store, review_of("a", "1"), at(0));
  Job job = must_lease(store, at(0), seconds(10));
  ok(store.extend(job, at(30)));
  BOOST_TEST(leased_id(store, at(29.999)) == "-");
  BOOST_TEST((ok(store.next_due()) == at(30)));
  BOOST_TEST(leased_id(store, at(30)) == "1");
}

STORE_CASE(a_failed_job_waits_until_its_time_and_says_why) {
  put(store, review_of("a", "1"), at(0));
  ok(store.fail(must_lease(store, at(0)), "host: 502\n\tbad gateway\x01", at(30)));
  Job listed = ok(store.jobs(10)).at(0);
  BOOST_TEST(listed.state == JobState::waiting);
  BOOST_TEST(listed.error == "host: 502  bad gateway");
  BOOST_TEST((listed.not_before == at(30)));
  BOOST_TEST(leased_id(store, at(29)) == "-");
  Job again = must_lease(store, at(30));
  BOOST_TEST(again.attempts == 2u);
  BOOST_TEST(again.delivery.body == "body of 1");
}

STORE_CASE(an_error_is_cut_to_a_line) {
  put(store, review_of("a", "1"), at(0));
  ok(store.fail(must_lease(store, at(0)), std::string(100'000, 'x') + "\xff", at(30)));
  BOOST_TEST(ok(store.jobs(10)).at(0).error == std::string(1000, 'x'));
}

STORE_CASE(a_failed_review_joins_the_newer_one) {
  put(store, review_of("a", "1"), at(0));
  Job old = must_lease(store, at(0));
  put(store, review_of("a", "2", at(4)), at(3));
  ok(store.fail(old, "host: 502", at(600)));
  BOOST_TEST(ok(store.queue()).waiting == 1u);
  Job newer = must_lease(store, at(4));
  BOOST_TEST(newer.delivery.delivery_id == "2");
  BOOST_TEST(newer.attempts == 1u);
  ok(store.park(newer, "gave up", at(5)));
  // What led to the older one wakes what it became.
  BOOST_TEST(put(store, review_of("a", "1"), at(6)) == Accepted::queued);
  BOOST_TEST(leased_id(store, at(6)) == "1");
}

STORE_CASE(an_abandoned_review_joins_the_newer_one) {
  put(store, review_of("a", "1"), at(0));
  Job abandoned = must_lease(store, at(0), seconds(10));
  put(store, review_of("a", "2", at(20)), at(5));
  BOOST_TEST(leased_id(store, at(15)) == "-");
  BOOST_TEST((ok(store.next_due()) == at(20)));
  BOOST_TEST(leased_id(store, at(20)) == "2");
  check_error(store.complete(abandoned, std::nullopt, at(21)), ErrorCode::conflict, "lease is over");
  BOOST_TEST(leased_id(store, at(70)) == "-");
}

STORE_CASE(a_command_goes_before_an_abandoned_review) {
  put(store, review_of("a", "1"), at(0));
  Job abandoned = must_lease(store, at(0), seconds(10));
  put(store, command_of("a", "2"), at(5));
  Job command = must_lease(store, at(10));
  BOOST_TEST(command.delivery.delivery_id == "2");
  check_error(store.extend(abandoned, at(100)), ErrorCode::conflict, "lease is over");
  ok(store.complete(command, std::nullopt, at(11)));
  Job review = must_lease(store, at(11));
  BOOST_TEST(review.delivery.delivery_id == "1");
  BOOST_TEST(review.attempts == 2u);
}

STORE_CASE(a_parked_job_is_visible_and_not_leased) {
  put(store, review_of("a", "1"), at(0));
  ok(store.park(must_lease(store, at(0)), "gave up", at(1)));
  BOOST_TEST(leased_id(store, at(1000)) == "-");
  BOOST_TEST(!ok(store.next_due()).has_value());
  auto jobs = ok(store.jobs(10));
  BOOST_REQUIRE(jobs.size() == 1u);
  BOOST_TEST(jobs[0].state == JobState::parked);
  BOOST_TEST(jobs[0].error == "gave up");
  BOOST_TEST(ok(store.queue()).parked == 1u);
  // A newer review of the change is a job of its own.
  BOOST_TEST(put(store, review_of("a", "2"), at(2)) == Accepted::queued);
}

STORE_CASE(next_due_is_the_first_time_that_lease_gives_a_job) {
  struct Row {
    const char* name;
    void (*prepare)(Store&);
    double due;
  } const rows[] = {
      {"waiting", [](Store& s) { put(s, review_of("a", "1", at(7)), at(0)); }, 7},
      {"two",
       [](Store& s) { put(s, review_of("a", "2", at(9)), at(0)), put(s, review_of("b", "3", at(8)), at(0)); },
       8},
      {"leased", [](Store& s) { put(s, review_of("a", "4"), at(0)), must_lease(s, at(0)); }, 60},
      {"behind a leased one",
       [](Store& s) {
         put(s, review_of("a", "5"), at(0)), must_lease(s, at(0)), put(s, command_of("a", "6"), at(1));
       },
       60},
      {"command behind one that backs off",
       [](Store& s) { put(s, command_of("a", "7", at(40)), at(0)), put(s, command_of("a", "8"), at(1)); },
       40},
      {"another change behind nothing",
       [](Store& s) {
         put(s, review_of("a", "9"), at(0)), must_lease(s, at(0)), put(s, command_of("a", "10"), at(1)),
             put(s, review_of("b", "11", at(30)), at(1));
       },
       30},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      row.prepare(store);
      auto due = ok(store.next_due());
      BOOST_REQUIRE(due.has_value());
      BOOST_TEST((*due == at(row.due)));
      BOOST_TEST(!lease(store, *due - milliseconds(1)).has_value());
      for (auto job = lease(store, *due); job; job = lease(store, at(9999)))
        ok(store.complete(*job, std::nullopt, at(9999)));
      BOOST_TEST(!ok(store.next_due()).has_value());
    }
  }
}

STORE_CASE(superseded_when_another_review_of_the_change_waits) {
  put(store, command_of("a", "1"), at(0));
  Job command = must_lease(store, at(0));
  BOOST_TEST(!ok(store.superseded(command)));
  put(store, review_of("b", "2", at(999)), at(0));
  BOOST_TEST(!ok(store.superseded(command)));
  put(store, command_of("a", "3"), at(0));
  BOOST_TEST(!ok(store.superseded(command)));
  put(store, review_of("a", "4", at(99)), at(0));
  BOOST_TEST(ok(store.superseded(command)));
  ok(store.complete(command, std::nullopt, at(1)));
  ok(store.complete(must_lease(store, at(1)), std::nullopt, at(1)));
  Job review = must_lease(store, at(99));
  BOOST_TEST(!ok(store.superseded(review)));
  put(store, review_of("a", "5"), at(100));
  BOOST_TEST(ok(store.superseded(review)));
}

STORE_CASE(lists_say_what_is_open_without_bodies) {
  put(store, review_of("a", "1"), at(3));
  put(store, review_of("b", "2"), at(1));
  put(store, review_of("c", "3"), at(2));
  put(store, review_of("d", "4", at(500)), at(4));
  Job done = must_lease(store, at(5));
  ok(store.complete(done, std::nullopt, at(5)));
  ok(store.park(must_lease(store, at(5)), "gave up", at(5)));
  must_lease(store, at(5));
  std::string list;
  for (const Job& job : ok(store.jobs(10))) {
    list += job.delivery.delivery_id + " ";
    BOOST_TEST(job.delivery.body == "");
    BOOST_TEST(job.lease.empty() == (job.state != JobState::leased));
  }
  BOOST_TEST(list == "3 1 4 ");
  BOOST_TEST(ok(store.jobs(2)).size() == 2u);
  BOOST_TEST(ok(store.jobs(0)).empty());
  QueueStats stats = ok(store.queue());
  BOOST_TEST(stats.waiting == 1u);
  BOOST_TEST(stats.leased == 1u);
  BOOST_TEST(stats.parked == 1u);
  BOOST_TEST((stats.oldest_waiting == at(4)));
}

BOOST_AUTO_TEST_SUITE_END()
