// Records, posted comments, waivers, the audit and house-keeping, over every store.
#include "suite.hpp"

using namespace store_test;

namespace {

void complete_one(Store& store, const std::string& id, const std::optional<Record>& record, TimePoint now) {
  put(store, review_of("change of " + id, id), now);
  ok(store.complete(must_lease(store, now), record, now));
}

std::string ids(const std::vector<Record>& records) {
  std::string text;
  for (const Record& record : records) text += record.id + " ";
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rows)

STORE_CASE(records_are_found_by_id_by_change_and_newest_first) {
  complete_one(store, "1", record_of("r1", "head1", at(10)), at(10));
  complete_one(store, "2", record_of("r2", "head2", at(30)), at(30));
  complete_one(store, "3", record_of("r3", "head1", at(20)), at(20));
  complete_one(store, "4", record_of("r4", "head1", at(5), 2), at(5));
  complete_one(store, "5", record_of("r5", "head1", at(20)), at(21));
  BOOST_TEST(ok(store.record("r3")).value().head_sha == "head1");
  BOOST_TEST(!ok(store.record("r9")).has_value());
  BOOST_TEST(!ok(store.record("")).has_value());
  BOOST_TEST(ok(store.latest("github|acme/api|1", "")).value().id == "r2");
  BOOST_TEST(ok(store.latest("github|acme/api|1", "head1")).value().id == "r5");
  BOOST_TEST(!ok(store.latest("github|acme/api|1", "head9")).has_value());
  BOOST_TEST(!ok(store.latest("github|acme/api|9", "")).has_value());
  BOOST_TEST(ids(ok(store.records(10))) == "r2 r5 r3 r1 r4 ");
  BOOST_TEST(ids(ok(store.records(2))) == "r2 r5 ");
  BOOST_TEST(ok(store.records(0)).empty());
}

STORE_CASE(a_record_of_the_same_id_is_replaced) {
  complete_one(store, "1", record_of("r1", "head1", at(10)), at(10));
  complete_one(store, "2", record_of("r1", "head2", at(20)), at(20));
  BOOST_TEST(ok(store.records(10)).size() == 1u);
  BOOST_TEST(ok(store.record("r1")).value().head_sha == "head2");
}

STORE_CASE(a_page_of_records_has_a_limit) {
  for (int i = 0; i <= 200; ++i)
    complete_one(store, std::to_string(i), record_of("r" + std::to_string(i), "h", at(i)), at(i));
  auto page = ok(store.records(1'000'000));
  BOOST_TEST(page.size() == records_page_max);
  BOOST_TEST(page.front().id == "r200");
}

STORE_CASE(posted_comments_are_replaced_by_marker) {
  ok(store.put_posted({"a", {PostedKind::summary, "100", "m1", "head1", "digest1"}}));
  ok(store.put_posted({"a", {PostedKind::inline_comment, "101", "m2", "head1", "digest2"}}));
  ok(store.put_posted({"b", {PostedKind::verdict, "102", "m1", "head1", "digest3"}}));
  ok(store.put_posted({"a", {PostedKind::summary, "103", "m1", "head2", "digest4"}}));
  auto posted = ok(store.posted("a"));
  BOOST_REQUIRE(posted.size() == 2u);
  BOOST_TEST(posted[0].id == "103");
  BOOST_TEST(posted[0].marker == "m1");
  BOOST_TEST(posted[0].head_sha == "head2");
  BOOST_TEST(posted[0].digest == "digest4");
  BOOST_TEST((posted[1].kind == PostedKind::inline_comment));
  BOOST_TEST((ok(store.posted("b")).at(0).kind == PostedKind::verdict));
  BOOST_TEST(ok(store.posted("c")).empty());
}

STORE_CASE(waivers_are_replaced_and_dropped_by_fingerprint) {
  ok(store.put_waiver(
      {"github|acme/api", {"3f9a1c0d", "an address of the docs", "@platform", at(99)}, at(1)}));
  ok(store.put_waiver({"github|acme/api", {"3f9a1c0e", "another", "@net", {}}, at(2)}));
  ok(store.put_waiver({"github|acme/web", {"3f9a1c0d", "elsewhere", "@web", {}}, at(3)}));
  ok(store.put_waiver({"github|acme/api", {"3f9a1c0d", "better", "@net", {}}, at(4)}));
  auto waivers = ok(store.waivers("github|acme/api"));
  BOOST_REQUIRE(waivers.size() == 2u);
  BOOST_TEST(waivers[0].waiver.reason == "better");
  BOOST_TEST(waivers[0].waiver.owner == "@net");
  BOOST_TEST(!waivers[0].waiver.expires.has_value());
  BOOST_TEST((waivers[0].created == at(4)));
  BOOST_TEST(waivers[1].waiver.fingerprint == "3f9a1c0e");
  BOOST_TEST(ok(store.drop_waiver("github|acme/api", "3f9a1c0d")));
  BOOST_TEST(!ok(store.drop_waiver("github|acme/api", "3f9a1c0d")));
  BOOST_TEST(!ok(store.drop_waiver("github|acme/none", "3f9a1c0e")));
  BOOST_TEST(ok(store.waivers("github|acme/api")).size() == 1u);
  BOOST_TEST(ok(store.waivers("github|acme/web")).size() == 1u);
}

STORE_CASE(an_expiry_is_kept) {
  ok(store.put_waiver({"r", {"3f9a1c0d", "why", "@a", at(99)}, at(1)}));
  BOOST_TEST((ok(store.waivers("r")).at(0).waiver.expires == at(99)));
}

STORE_CASE(what_was_said_of_a_name_is_replaced_by_what_is_said_next) {
  ok(store.put_term({"github|acme/api", {"domains", "corp.example", true, "ann"}, at(1)}));
  ok(store.put_term({"github|acme/api", {"names", "acme", false, "ben"}, at(2)}));
  ok(store.put_term({"github|acme/api", {"sites", "acme", true, "ben"}, at(2)}));
  ok(store.put_term({"github|acme/web", {"domains", "corp.example", true, "cem"}, at(3)}));
  ok(store.put_term({"github|acme/api", {"domains", "corp.example", false, "dan"}, at(4)}));
  auto terms = ok(store.terms("github|acme/api"));
  BOOST_REQUIRE(terms.size() == 3u);
  BOOST_TEST(terms[0].repository == "github|acme/api");
  BOOST_TEST(terms[0].term.kind == "domains");
  BOOST_TEST(terms[0].term.text == "corp.example");
  BOOST_TEST(!terms[0].term.confirmed);
  BOOST_TEST(terms[0].term.by == "dan");
  BOOST_TEST((terms[0].created == at(4)));
  BOOST_TEST(terms[1].term.kind == "names");
  BOOST_TEST(terms[2].term.kind == "sites");
  BOOST_TEST(ok(store.terms("github|acme/web")).at(0).term.confirmed);
  BOOST_TEST(ok(store.terms("github|acme/none")).empty());
}

STORE_CASE(names_of_one_repository_are_bounded) {
  for (std::size_t i = 0; i < lexicon_terms_max; ++i)
    ok(store.put_term({"r", {"names", "name-" + std::to_string(i), true, "ann"}, at(1)}));
  const auto refused = store.put_term({"r", {"names", "one-more", true, "ann"}, at(2)});
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == ErrorCode::too_large));
  ok(store.put_term({"r", {"names", "name-0", false, "ann"}, at(3)}));
  ok(store.put_term({"other", {"names", "one-more", true, "ann"}, at(4)}));
  BOOST_TEST(ok(store.terms("r")).size() == lexicon_terms_max);
}

STORE_CASE(the_audit_is_newest_first_in_single_lines) {
  ok(store.audit({at(5), "ann", "waiver added", "acme/api", "line one\nline two"}));
  ok(store.audit({at(4), "policy", "waiver revoked", "acme/api#42", ""}));
  auto log = ok(store.audit_log(10));
  BOOST_REQUIRE(log.size() == 2u);
  BOOST_TEST(log[0].actor == "policy");
  BOOST_TEST((log[0].at == at(4)));
  BOOST_TEST(log[1].what == "waiver added");
  BOOST_TEST(log[1].subject == "acme/api");
  BOOST_TEST(log[1].detail == "line one line two");
  BOOST_TEST(ok(store.audit_log(1)).size() == 1u);
}

STORE_CASE(prune_forgets_what_is_done_and_old_and_nothing_else) {
  complete_one(store, "old", record_of("r1", "h", at(10)), at(10));
  complete_one(store, "edge", record_of("r2", "h", at(20)), at(20));
  put(store, review_of("parked", "p"), at(1));
  ok(store.park(must_lease(store, at(1)), "gave up", at(1)));
  put(store, review_of("leased", "l"), at(1));
  must_lease(store, at(1));
  put(store, review_of("waiting", "w", at(900)), at(1));
  ok(store.put_waiver({"r", {"3f9a1c0d", "why", "@a", {}}, at(1)}));
  // A job, its id, its meaning and a record.
  BOOST_TEST(ok(store.prune(at(20))) == 4u);
  BOOST_TEST(ok(store.prune(at(20))) == 0u);
  BOOST_TEST(!ok(store.record("r1")).has_value());
  BOOST_TEST(ok(store.record("r2")).has_value());
  BOOST_TEST(ok(store.jobs(10)).size() == 3u);
  BOOST_TEST(ok(store.waivers("r")).size() == 1u);
  BOOST_TEST(put(store, review_of("change of old", "old", at(900)), at(30)) == Accepted::queued);
  BOOST_TEST(put(store, review_of("change of edge", "edge"), at(30)) == Accepted::repeat);
  BOOST_TEST(put(store, review_of("waiting", "w"), at(30)) == Accepted::repeat);
  BOOST_TEST(put(store, review_of("parked", "p"), at(30)) == Accepted::queued);
}

STORE_CASE(prune_takes_more_than_one_step) {
  std::vector<Intake> batch;
  for (int i = 0; i < 1200; ++i) batch.push_back(review_of("c" + std::to_string(i), "d" + std::to_string(i)));
  ok(store.enqueue(batch, at(0)));
  for (int i = 0; i < 1001; ++i) ok(store.complete(must_lease(store, at(1)), std::nullopt, at(1)));
  BOOST_TEST(ok(store.prune(at(2))) == 3003u);
  BOOST_TEST(ok(store.queue()).waiting == 199u);
}

STORE_CASE(ping_writes) {
  ok(store.ping());
  ok(store.ping());
}

BOOST_AUTO_TEST_SUITE_END()
