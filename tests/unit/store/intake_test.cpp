// What an arriving delivery does, over every store.
#include "suite.hpp"

using namespace store_test;

BOOST_AUTO_TEST_SUITE(intake)

STORE_CASE(answers_stand_in_the_order_of_the_batch) {
  std::vector<Intake> batch = {review_of("a", "1"), review_of("a", "2"), review_of("b", "3"),
                               review_of("a", "1"), command_of("a", "4")};
  auto answers = ok(store.enqueue(batch, at(0)));
  std::vector<Accepted> expected = {Accepted::queued, Accepted::coalesced, Accepted::queued, Accepted::repeat,
                                    Accepted::queued};
  BOOST_TEST(answers == expected, boost::test_tools::per_element());
  BOOST_TEST(ok(store.enqueue({}, at(0))).empty());
}

STORE_CASE(one_bad_delivery_keeps_the_whole_batch_out) {
  Intake big = review_of("b", "2");
  big.delivery.body.assign((32u << 20) + 1, 'x');
  std::vector<Intake> batch = {review_of("a", "1"), big};
  check_error(store.enqueue(batch, at(0)), ErrorCode::too_large, "body of 33554433 bytes");
  BOOST_TEST(ok(store.queue()).waiting == 0u);
  BOOST_TEST(put(store, batch[0], at(0)) == Accepted::queued);
}

STORE_CASE(what_is_taken_and_what_is_not) {
  struct Row {
    const char* name;
    void (*change)(Intake&);
    std::optional<ErrorCode> error;
  } const rows[] = {
      {"no host", [](Intake& i) { i.delivery.host.clear(); }, ErrorCode::bad_input},
      {"no delivery id", [](Intake& i) { i.delivery.delivery_id.clear(); }, ErrorCode::bad_input},
      {"no change", [](Intake& i) { i.change_key.clear(); }, ErrorCode::bad_input},
      {"change at the limit", [](Intake& i) { i.change_key.assign(4096, 'c'); }, {}},
      {"change over the limit", [](Intake& i) { i.change_key.assign(4097, 'c'); }, ErrorCode::too_large},
      {"meaning over the limit", [](Intake& i) { i.meaning.assign(4097, 'c'); }, ErrorCode::too_large},
      {"headers over the limit", [](Intake& i) { i.delivery.headers["x"].assign(65536, 'h'); },
       ErrorCode::too_large},
      {"empty body", [](Intake& i) { i.delivery.body.clear(); }, {}},
      {"no meaning", [](Intake& i) { i.meaning.clear(); }, {}},
      {"zero bytes and bytes that are not UTF-8",
       [](Intake& i) { i.delivery.body = i.meaning = std::string("\0\xff\xfe\x80'\"\\\n", 8); },
       {}},
  };
  int n = 0;
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      Intake intake = review_of("change " + std::to_string(n), "id " + std::to_string(n));
      ++n;
      row.change(intake);
      auto answer = store.enqueue({&intake, 1}, at(n));
      if (row.error) {
        BOOST_REQUIRE(!answer.has_value());
        BOOST_TEST(to_string(answer.error().code) == to_string(*row.error));
        continue;
      }
      BOOST_TEST(ok(answer).at(0) == Accepted::queued);
      Job job = must_lease(store, at(n));
      BOOST_TEST((job.delivery.body == intake.delivery.body));
      BOOST_TEST((job.delivery.headers == intake.delivery.headers));
      BOOST_TEST((job.change_key == intake.change_key));
    }
  }
}

STORE_CASE(same_id_or_same_meaning_is_a_repeat_while_waiting_leased_or_done) {
  Intake first = review_of("a", "1"), same_id = review_of("a", "1"), same_meaning = review_of("a", "2");
  same_id.meaning = "something else";
  same_meaning.meaning = first.meaning;
  BOOST_TEST(put(store, first, at(0)) == Accepted::queued);
  auto repeats = [&](const char* state) {
    BOOST_TEST_CONTEXT(state) {
      BOOST_TEST(put(store, first, at(1)) == Accepted::repeat);
      BOOST_TEST(put(store, same_id, at(1)) == Accepted::repeat);
      BOOST_TEST(put(store, same_meaning, at(1)) == Accepted::repeat);
    }
  };
  repeats("waiting");
  Job job = must_lease(store, at(1));
  repeats("leased");
  ok(store.complete(job, std::nullopt, at(2)));
  repeats("done");
  BOOST_TEST(leased_id(store, at(100)) == "-");
}

STORE_CASE(a_repeat_changes_nothing) {
  put(store, review_of("a", "1", at(5)), at(0));
  Intake again = review_of("a", "1", at(50));
  again.delivery.body = "another body";
  put(store, again, at(1));
  BOOST_TEST((ok(store.next_due()) == at(5)));
  BOOST_TEST(must_lease(store, at(5)).delivery.body == "body of 1");
}

STORE_CASE(ids_are_per_host_and_meanings_per_change) {
  Intake first = review_of("a", "1"), other_host = review_of("b", "1"), other_change = review_of("c", "2");
  other_host.delivery.host = "git";
  other_change.meaning = first.meaning;
  BOOST_TEST(put(store, first, at(0)) == Accepted::queued);
  BOOST_TEST(put(store, other_host, at(0)) == Accepted::queued);
  BOOST_TEST(put(store, other_change, at(0)) == Accepted::queued);
}

STORE_CASE(parts_of_a_key_do_not_run_into_each_other) {
  Intake first = review_of("a", "bc"), second = review_of("ab", "c");
  first.delivery.host = "h";
  second.delivery.host = "hb";
  first.meaning = "bm";
  second.meaning = "m";
  first.change_key = "a";
  BOOST_TEST(put(store, first, at(0)) == Accepted::queued);
  BOOST_TEST(put(store, second, at(0)) == Accepted::queued);
}

STORE_CASE(an_empty_meaning_is_never_a_repeat) {
  Intake first = command_of("a", "1"), second = command_of("a", "2");
  first.meaning.clear();
  second.meaning.clear();
  BOOST_TEST(put(store, first, at(0)) == Accepted::queued);
  BOOST_TEST(put(store, second, at(0)) == Accepted::queued);
}

STORE_CASE(a_waiting_review_takes_over_the_newer_delivery) {
  put(store, review_of("a", "1", at(5)), at(0));
  Intake newer = review_of("a", "2", at(7));
  newer.display = "renamed";
  BOOST_TEST(put(store, newer, at(2)) == Accepted::coalesced);
  BOOST_TEST(put(store, review_of("a", "1"), at(3)) == Accepted::repeat);
  BOOST_TEST(leased_id(store, at(6.999)) == "-");
  Job job = must_lease(store, at(7));
  BOOST_TEST(job.delivery.delivery_id == "2");
  BOOST_TEST(job.delivery.body == "body of 2");
  BOOST_TEST(job.display == "renamed");
  BOOST_TEST((job.asked == at(0)));
  BOOST_TEST(leased_id(store, at(8)) == "-");
}

STORE_CASE(a_burst_settles_for_at_most_settle_max) {
  for (int i = 0; i <= 100; ++i) put(store, review_of("a", std::to_string(i), at(i * 0.2 + 3)), at(i * 0.2));
  BOOST_TEST((ok(store.next_due()) == at(0) + settle_max));
  BOOST_TEST(ok(store.queue()).waiting == 1u);
  BOOST_TEST(leased_id(store, at(15)) == "100");
}

STORE_CASE(a_newer_delivery_may_bring_the_time_forward) {
  put(store, review_of("a", "1", at(10)), at(0));
  put(store, review_of("a", "2", at(1)), at(1));
  BOOST_TEST(leased_id(store, at(1)) == "2");
}

STORE_CASE(a_leased_review_does_not_take_over_a_newer_delivery) {
  put(store, review_of("a", "1"), at(0));
  Job job = must_lease(store, at(0));
  BOOST_TEST(put(store, review_of("a", "2"), at(1)) == Accepted::queued);
  BOOST_TEST(ok(store.superseded(job)));
  ok(store.complete(job, std::nullopt, at(2)));
  BOOST_TEST(leased_id(store, at(2)) == "2");
}

STORE_CASE(commands_are_never_joined) {
  put(store, command_of("a", "1"), at(0));
  BOOST_TEST(put(store, command_of("a", "2"), at(0)) == Accepted::queued);
  BOOST_TEST(put(store, review_of("a", "3"), at(0)) == Accepted::queued);
  BOOST_TEST(ok(store.queue()).waiting == 3u);
}

STORE_CASE(a_tried_job_starts_afresh_with_a_newer_delivery) {
  put(store, review_of("a", "1"), at(0));
  ok(store.fail(must_lease(store, at(0)), "host: 502", at(600)));
  BOOST_TEST(put(store, review_of("a", "2", at(103)), at(100)) == Accepted::coalesced);
  Job listed = ok(store.jobs(10)).at(0);
  BOOST_TEST(listed.error == "");
  BOOST_TEST((listed.asked == at(100)));
  BOOST_TEST((ok(store.next_due()) == at(103)));
  BOOST_TEST(must_lease(store, at(103)).attempts == 1u);
}

STORE_CASE(a_redelivery_wakes_a_parked_job) {
  for (bool by_id : {true, false}) {
    BOOST_TEST_CONTEXT((by_id ? "by its id" : "by its meaning")) {
      std::string change = by_id ? "a" : "b";
      Intake intake = review_of(change, "id of " + change);
      put(store, intake, at(0));
      ok(store.park(must_lease(store, at(0)), "gave up", at(1)));
      BOOST_TEST(leased_id(store, at(1000)) == "-");
      Intake again = intake;
      (by_id ? again.meaning : again.delivery.delivery_id) = "another";
      again.not_before = at(50);
      BOOST_TEST(put(store, again, at(49)) == Accepted::queued);
      BOOST_TEST(put(store, again, at(49)) == Accepted::repeat);
      Job job = must_lease(store, at(50));
      BOOST_TEST(job.attempts == 1u);
      BOOST_TEST(job.error == "");
      BOOST_TEST((job.asked == at(49)));
      BOOST_TEST(job.delivery.delivery_id == again.delivery.delivery_id);
      ok(store.complete(job, std::nullopt, at(51)));
      BOOST_TEST(put(store, intake, at(52)) == Accepted::repeat);
    }
  }
}

STORE_CASE(a_woken_review_joins_the_waiting_one) {
  put(store, review_of("a", "1"), at(0));
  ok(store.park(must_lease(store, at(0)), "gave up", at(1)));
  put(store, review_of("a", "2"), at(2));
  BOOST_TEST(ok(store.queue()).parked == 1u);
  BOOST_TEST(put(store, review_of("a", "1"), at(3)) == Accepted::coalesced);
  BOOST_TEST(ok(store.queue()).parked == 0u);
  BOOST_TEST(ok(store.queue()).waiting == 1u);
  Job job = must_lease(store, at(20));
  BOOST_TEST(job.delivery.delivery_id == "1");
  BOOST_TEST(put(store, review_of("a", "1"), at(21)) == Accepted::repeat);
  BOOST_TEST(put(store, review_of("a", "2"), at(21)) == Accepted::repeat);
}

BOOST_AUTO_TEST_SUITE_END()
