// Baselines: what is written is read, what two branches wrote is read as well, and what it does to findings.
#include "fanlight/policy/baseline.hpp"

#include <boost/test/unit_test.hpp>

#include "fanlight/policy/evaluate.hpp"
#include "unit/policy/support.hpp"

namespace fanlight::policy {
namespace {

const std::string head = "# fanlight baseline 1, key 0123abcd\n";

Baseline read(const std::string& text) {
  auto got = read_baseline(text, ".fanlight-baseline");
  BOOST_REQUIRE(got);
  return std::move(*got);
}

Review evaluated(const Baseline& baseline, std::vector<Finding> findings, bool whole = true) {
  EvaluateInput input;
  input.findings = std::move(findings);
  input.baseline = baseline;
  input.key_id = "0123abcd";
  input.scanned = test::looked();
  input.whole_repository = whole;
  return evaluate(std::move(input));
}

BOOST_AUTO_TEST_SUITE(baselines)

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  Baseline made{".fanlight-baseline", "0123abcd", {}};
  made.entries = {{"ffffffffffffffff", "b-rule", "z.tf"},
                  {"3f9a1c0d5b7e2a84", "github-token", "with a blank\n.tf"},
                  {"0000000000000001", "", ""}};
  const std::string text = write_baseline(made);
  BOOST_TEST(text.starts_with(head));
  BOOST_TEST(text.find("0000000000000001\n3f9a1c0d5b7e2a84 github-token with a blank .tf\nffff") !=
             std::string::npos);
  const Baseline again = read(text);
  BOOST_TEST(again.key_id == made.key_id);
  BOOST_TEST(again.entries.size() == 3u);
  BOOST_TEST(write_baseline(again) == text);
}

BOOST_AUTO_TEST_CASE(both_sides_of_a_merge_are_read) {
  const std::string line = "3f9a1c0d5b7e2a84 github-token a.tf\n", other = "aa00bb11cc22dd33 ami-id b.tf\r\n";
  BOOST_TEST(read(head + other + line + line + head).entries.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_no_baseline_is_refused) {
  struct Row {
    const char* name;
    std::string text, error;
  };
  const Row rows[] = {
      {"empty", "", ":1: no baseline: "},
      {"no head", "3f9a1c0d5b7e2a84 a b\n", ":1: no baseline: "},
      {"no fingerprint", head + "3f9a1c0d a b\n", ":2: no fingerprint: "},
      {"upper case", head + "3F9A1C0D5B7E2A84\n", ":2: no fingerprint: "},
      {"a conflict", head + "<<<<<<< HEAD\n", ":2: a merge that was not finished: "},
      {"two keys", head + "# fanlight baseline 1, key ffffffff\n", ":2: a second key: "},
      {"no key", "# fanlight baseline 1, key x\n", ":1: no key id"},
  };
  for (const Row& row : rows) {
    const auto got = read_baseline(row.text, "b");
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().text.starts_with("b" + row.error), row.name << ": " << got.error().text);
  }
}

BOOST_AUTO_TEST_CASE(what_it_knows_decides_nothing_and_is_listed) {
  const Baseline baseline = read(head + "3f9a1c0d5b7e2a84 github-token a.tf\n");
  const Review known = evaluated(baseline, {test::secret()});
  BOOST_TEST((known.verdict == Verdict::pass));
  BOOST_REQUIRE(known.findings.size() == 1u);
  BOOST_TEST((known.findings[0].change == ChangeKind::existing));
  BOOST_TEST(known.notices.empty());
  // A different secret in the same place.
  Finding other = test::secret();
  other.fingerprint = "3f9a1c0d5b7e2a85";
  const Review fresh = evaluated(baseline, {other});
  BOOST_TEST((fresh.verdict == Verdict::fail));
  BOOST_TEST(fresh.notices.size() == 1u);
  BOOST_TEST(
      fresh.notices[0] ==
      "1 entry of `.fanlight-baseline` fits nothing any more: `fanlight baseline prune` takes out such.");
  BOOST_TEST(evaluated(baseline, {other}, false).notices.empty());  // one change alone does not know
}

BOOST_AUTO_TEST_CASE(another_key_is_a_problem) {
  const Review review = evaluated(read("# fanlight baseline 1, key ffffffff\n"), {});
  BOOST_TEST((review.verdict == Verdict::fail));
  BOOST_REQUIRE(review.problems.size() == 1u);
  BOOST_TEST(review.problems[0].starts_with(".fanlight-baseline:1: made with another key (ffffffff, "));
  BOOST_TEST(fingerprint_key_id(Secret("a")) != fingerprint_key_id(Secret("b")));
  BOOST_TEST(fingerprint_key_id(Secret("a")).size() == 8u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::policy
