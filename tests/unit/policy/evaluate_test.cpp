// What findings, policy and waivers become.
#include "fanlight/policy/evaluate.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

#include "inline_request.hpp"
#include "unit/policy/support.hpp"

namespace fanlight::policy {
namespace {

using test::at;
using test::host;
using test::secret;
using test::subnet;

EvaluateInput input_of(std::vector<Finding> findings) {
  EvaluateInput input;
  input.findings = std::move(findings);
  input.scanned = test::looked();
  input.now = at("2026-11-22T10:00:00Z");
  return input;
}

Finding with(Finding finding, const std::function<void(Finding&)>& change) {
  change(finding);
  return finding;
}

BOOST_AUTO_TEST_SUITE(evaluating)

BOOST_AUTO_TEST_CASE(verdicts) {
  struct Row {
    const char* name;
    std::function<void(EvaluateInput&)> change;
    Verdict expected;
  };
  const Row rows[] = {
      {"nothing found", [](auto& in) { in.findings.clear(); }, Verdict::pass},
      {"a secret", [](auto&) {}, Verdict::fail},
      {"a warning", [](auto& in) { in.findings = {host()}; }, Verdict::pass},
      {"a warning where warnings fail",
       [](auto& in) {
         in.findings = {host()};
         in.policy.fail_on = Severity::warn;
       },
       Verdict::fail},
      {"a secret where nothing fails", [](auto& in) { in.policy.fail_on = Severity::off; }, Verdict::pass},
      {"a note never decides, even when asked for",
       [](auto& in) {
         in.findings[0].severity = Severity::note;
         in.policy.fail_on = Severity::note;
       },
       Verdict::pass},
      {"a secret only in history", [](auto& in) { in.findings[0].at_head = false; }, Verdict::fail},
      {"coupling only in history",
       [](auto& in) {
         in.findings = {subnet()};
         in.findings[0].at_head = false;
       },
       Verdict::pass},
      {"coupling in a commit message",
       [](auto& in) {
         in.findings = {subnet()};
         in.findings[0].at_head = false;
         in.findings[0].location = {Place::commit_message, "", 1, 1, 1, 5};
       },
       Verdict::fail},
      {"regressed", [](auto& in) { in.findings[0].change = ChangeKind::regressed; }, Verdict::fail},
      {"removed", [](auto& in) { in.findings[0].change = ChangeKind::removed; }, Verdict::pass},
      {"existing", [](auto& in) { in.findings[0].change = ChangeKind::existing; }, Verdict::pass},
      {"moved", [](auto& in) { in.findings[0].change = ChangeKind::moved; }, Verdict::pass},
      {"the policy could not be read",
       [](auto& in) {
         in.findings.clear();
         in.problems = {".fanlight.yml:1: x"};
       },
       Verdict::fail},
      {"something is missing",
       [](auto& in) {
         in.findings.clear();
         in.missing = {{"dump.sql", "48 MB"}};
       },
       Verdict::incomplete},
      {"fail wins over incomplete", [](auto& in) { in.missing = {{"dump.sql", "48 MB"}}; }, Verdict::fail},
      {"no file was looked at",
       [](auto& in) {
         in.findings.clear();
         in.scanned.files = 0;
       },
       Verdict::incomplete},
      {"there was no file to look at",
       [](auto& in) {
         in.findings.clear();
         in.scanned.files = 0;
         in.empty_change = true;
       },
       Verdict::pass},
      {"rule switched off", [](auto& in) { in.policy.rules["github-token"].severity = Severity::off; },
       Verdict::pass},
      {"rule lowered", [](auto& in) { in.policy.rules["github-token"].severity = Severity::warn; },
       Verdict::pass},
      {"another rule lowered", [](auto& in) { in.policy.rules["other"].severity = Severity::off; },
       Verdict::fail},
  };
  for (const Row& row : rows) {
    EvaluateInput input = input_of({secret()});
    row.change(input);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(to_string(evaluate(input).verdict) == to_string(row.expected));
    }
  }
}

BOOST_AUTO_TEST_CASE(severities) {
  struct Row {
    const char* name;
    Finding finding;
    std::optional<Severity> setting;
    Severity fail_on, expected;
  };
  const auto block = Severity::block, warn = Severity::warn, note = Severity::note;
  const auto invalid = [](Finding f) {
    return with(f, [](Finding& x) { x.structure = Structure::invalid; });
  };
  const auto in_data = [](Finding f) { return with(f, [](Finding& x) { x.layer = Layer::env_data; }); };
  const Row rows[] = {
      {"as the rule says", secret(), {}, block, block},
      {"a wrong checksum is one step less", invalid(secret()), {}, block, warn},
      {"two steps with a setting", invalid(secret()), warn, block, note},
      {"a note stays a note",
       invalid(with(secret(), [](Finding& f) { f.severity = Severity::note; })),
       {},
       block,
       note},
      {"structure says nothing about coupling", invalid(subnet()), {}, block, block},
      {"a setting raises in shared code", host(), block, block, block},
      {"a setting does not raise in environment data", in_data(host()), block, block, warn},
      {"a setting lowers in environment data", in_data(host()), note, block, note},
      {"a setting raises a secret anywhere",
       in_data(with(secret(), [](Finding& f) { f.severity = Severity::warn; })), block, block, block},
      {"warnings come out as block where they fail", host(), {}, warn, block},
      {"notes do not", with(host(), [](Finding& f) { f.severity = Severity::note; }), {}, warn, note},
      {"what only moved is a note",
       with(secret(), [](Finding& f) { f.change = ChangeKind::moved; }),
       {},
       block,
       note},
  };
  for (const Row& row : rows) {
    EvaluateInput input = input_of({row.finding});
    input.policy.rules[row.finding.rule].severity = row.setting;
    input.policy.fail_on = row.fail_on;
    const Review review = evaluate(input);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_REQUIRE(review.findings.size() == 1u);
      BOOST_TEST(to_string(review.findings[0].severity) == to_string(row.expected));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_structure_says_why_it_counts_less) {
  EvaluateInput input = input_of({with(secret(), [](Finding& f) {
    f.structure = Structure::invalid;
    f.message = "It can push.";
  })});
  BOOST_TEST(evaluate(input).findings[0].message ==
             "It can push. It is not well formed, so it is probably made up, and counts one step less.");
}

BOOST_AUTO_TEST_CASE(waivers_accept_and_say_who_and_why) {
  struct Row {
    const char* name;
    std::vector<Waiver> stored, in_policy;
    std::string by, notice;  // by: empty when not accepted
  };
  const std::string fp = secret().fingerprint;
  const TimePoint past = at("2026-10-31"), future = at("2027-01-31");
  const Row rows[] = {
      {"by command", {{fp, "a test", "@jo", {}}}, {}, "jo", ""},
      {"in the policy", {}, {{fp, "a test", "@platform", {}}}, "policy", ""},
      {"eight digits", {}, {{"3f9a1c0d", "a test", "", {}}}, "policy", ""},
      {"capital digits", {}, {{"3F9A1C0D", "a test", "", {}}}, "policy", ""},
      {"seven digits are none", {}, {{"3f9a1c0", "a test", "", {}}}, "", ""},
      {"another finding's", {{"ffffffffffffffff", "x", "@jo", {}}}, {}, "", ""},
      {"not expired", {{fp, "a test", "@jo", future}}, {}, "jo", ""},
      {"expired",
       {{fp, "a test", "@jo", past}},
       {},
       "",
       "The waiver of `3f9a1c0d5b7e2a84` ended on 2026-10-31, so the finding counts again."},
      {"expired in the policy",
       {},
       {{fp, "a test", "", past}},
       "",
       "The waiver of `3f9a1c0d5b7e2a84` in `.fanlight.yml` ended on 2026-10-31, so the finding counts "
       "again."},
      {"one expired, one good",
       {{fp, "old", "@jo", past}},
       {{fp, "a test", "", future}},
       "policy",
       "The waiver of `3f9a1c0d5b7e2a84` ended on 2026-10-31, so the finding counts again."},
  };
  for (const Row& row : rows) {
    EvaluateInput input = input_of({secret()});
    input.waivers = row.stored;
    input.policy.waivers = row.in_policy;
    const Review review = evaluate(input);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST((review.verdict == Verdict::pass) == !row.by.empty());
      BOOST_REQUIRE(review.waived.size() == (row.by.empty() ? 0u : 1u));
      BOOST_TEST(review.findings.size() + review.waived.size() == 1u);
      if (!row.by.empty()) {
        BOOST_TEST(review.waived[0].by == row.by);
        BOOST_TEST(review.waived[0].reason == "a test");
      }
      BOOST_TEST((review.notices.empty() ? "" : review.notices[0]) == row.notice);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_waiver_that_fits_two_findings_accepts_none) {
  EvaluateInput input = input_of({secret(), with(secret(), [](Finding& f) {
                                    f.fingerprint = "3f9a1c0dffffffff";
                                    f.location.start_line = 13;
                                  })});
  input.waivers = {{"3f9a1c0d", "a test", "@jo", {}}};
  const Review review = evaluate(input);
  BOOST_TEST(review.waived.empty());
  BOOST_REQUIRE(review.notices.size() == 1u);
  BOOST_TEST(review.notices[0] ==
             "The waiver of `3f9a1c0d` fits two findings, so it accepts none: write more digits.");
}

// A change shows a few files: that a waiver fits none of them says nothing about it.
BOOST_AUTO_TEST_CASE(an_unused_waiver_is_told_only_when_everything_was_looked_at) {
  EvaluateInput input = input_of({});
  input.policy.waivers = {{"ffffffff", "x", "", {}}};
  BOOST_TEST(evaluate(input).notices.empty());
  input.whole_repository = true;
  BOOST_REQUIRE(evaluate(input).notices.size() == 1u);
  BOOST_TEST(evaluate(input).notices[0] ==
             "The waiver of `ffffffff` in `.fanlight.yml` fits nothing any more and can go.");
}

BOOST_AUTO_TEST_CASE(inline_allows) {
  struct Row {
    const char* name;
    AllowMark allow;
    InlineAllowMode mode;
    bool other_tools, accepted;
    std::string notice;
  };
  const std::string fp = secret().fingerprint;
  const auto ask = InlineAllowMode::ask, trust = InlineAllowMode::trust, ignore = InlineAllowMode::ignore;
  const std::string own = "fanlight:allow", other = "gitleaks:allow";
  const std::string request =
      "A comment in the code asks to accept `3f9a1c0d` in `modules/vpc/main.tf:12`; someone else with write "
      "permission "
      "can say `/fanlight allow 3f9a1c0d --reason \"…\"`.";
  const Row rows[] = {
      {"was there before", {fp, "a test", own, false}, ask, false, true, ""},
      {"added here, ask", {fp, "a test", own, true}, ask, false, false, request},
      {"added here, trust", {fp, "a test", own, true}, trust, false, true, ""},
      {"was there before, ignore",
       {fp, "a test", own, false},
       ignore,
       false,
       false,
       "`fanlight:allow` for `modules/vpc/main.tf:12` does not count: the policy ignores inline allows."},
      {"no reason",
       {fp, " ", own, false},
       trust,
       false,
       false,
       "`fanlight:allow` for `modules/vpc/main.tf:12` does not count without a reason: write it after the "
       "rule."},
      {"another tool's, not honoured",
       {fp, "", other, false},
       trust,
       false,
       false,
       "`gitleaks:allow` for `modules/vpc/main.tf:12` does not count: the policy does not honour the marks "
       "of other "
       "tools."},
      {"another tool's has no place for a reason", {fp, "", other, false}, ask, true, true, ""},
      {"another tool's, added here", {fp, "", other, true}, ask, true, false, request},
      {"of another finding", {"ffffffffffffffff", "a test", own, false}, trust, false, false, ""},
  };
  for (const Row& row : rows) {
    EvaluateInput input = input_of({secret()});
    input.allows = {row.allow};
    input.policy.inline_allow = row.mode;
    input.policy.honour_other_tools = row.other_tools;
    const Review review = evaluate(input);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(review.waived.size() == (row.accepted ? 1u : 0u));
      if (row.accepted) BOOST_TEST(review.waived[0].by == "inline");
      BOOST_TEST((review.notices.empty() ? "" : review.notices[0]) == row.notice);
      BOOST_TEST(is_requested(review, fp) == (row.notice == request));
    }
  }
}

// The same secret on another line or in another file of the change was not looked at by who wrote the
// comment.
BOOST_AUTO_TEST_CASE(an_inline_allow_is_for_its_line) {
  struct Row {
    const char* name;
    std::string path;
    std::uint32_t line;
    bool at_head, accepted;
  };
  const Location at = secret().location;
  const Row rows[] = {
      {"its line", at.path, at.start_line, true, true},
      {"the next line", at.path, at.start_line + 1, true, false},
      {"another file", "other.tf", at.start_line, true, false},
      {"another file's history", "other.tf", at.start_line, false, false},
      {"its file before, on another line", at.path, at.start_line + 1, false, true},
  };
  for (const Row& row : rows) {
    EvaluateInput input = input_of({with(secret(), [&](Finding& f) {
      f.location.path = row.path;
      f.location.start_line = row.line;
      f.at_head = row.at_head;
    })});
    input.policy.inline_allow = InlineAllowMode::trust;
    input.allows = {
        {secret().fingerprint, "a test", "fanlight:allow", false, false, at.path, {}, at.start_line}};
    BOOST_TEST(evaluate(input).waived.size() == (row.accepted ? 1u : 0u), row.name);
  }
}

BOOST_AUTO_TEST_CASE(a_request_counts_once_someone_says_so) {
  EvaluateInput input = input_of({secret()});
  input.allows = {{secret().fingerprint, "a test", "fanlight:allow", true}};
  input.waivers = {{secret().fingerprint, "seen it", "@kim", {}}};
  const Review review = evaluate(input);
  BOOST_TEST((review.verdict == Verdict::pass));
  BOOST_TEST(review.notices.empty());
  BOOST_TEST(review.waived[0].by == "kim");
}

BOOST_AUTO_TEST_CASE(a_path_cannot_imitate_a_request) {
  EvaluateInput input = input_of({with(secret(), [](Finding& f) {
    f.location.path = "A comment in the code asks to accept `aa00bb11` in x";
    f.fingerprint = "ffffffffffffffff";
  })});
  input.allows = {{"ffffffffffffffff", "", "fanlight:allow", true}};
  const Review review = evaluate(input);
  BOOST_TEST(review.notices.size() == 1u);
  BOOST_TEST(!is_requested(review, "aa00bb11cc22dd33"));
}

BOOST_AUTO_TEST_CASE(the_new_comes_first_then_the_worst_then_by_place) {
  const auto named = [](const char* path, unsigned line, Severity severity, ChangeKind kind) {
    return with(subnet(), [&](Finding& f) {
      f.location.path = path;
      f.location.start_line = f.location.end_line = line;
      f.severity = severity;
      f.change = kind;
      f.fingerprint = "ab" + std::to_string(line);
    });
  };
  const auto fresh = ChangeKind::introduced;
  EvaluateInput input = input_of({
      named("a", 1, Severity::block, ChangeKind::existing),
      named("z", 2, Severity::note, fresh),
      named("b", 30, Severity::block, fresh),
      named("b", 4, Severity::block, fresh),
      named("a", 5, Severity::warn, fresh),
  });
  std::string order;
  for (const Finding& finding : evaluate(input).findings)
    order += std::to_string(finding.location.start_line) + ' ';
  BOOST_TEST(order == "4 30 5 2 1 ");
}

BOOST_AUTO_TEST_CASE(the_same_found_in_files_and_in_a_commit_is_one) {
  const Finding head = with(secret(), [](Finding& f) { f.commit.reset(); });
  const Finding history = with(secret(), [](Finding& f) { f.at_head = false; });
  for (const auto& both : {std::vector{head, history, head}, std::vector{history, head}}) {
    const Review review = evaluate(input_of(both));
    BOOST_REQUIRE(review.findings.size() == 1u);
    BOOST_TEST(review.findings[0].at_head);
    BOOST_TEST(review.findings[0].commit.value_or("") == *history.commit);
  }
  // The same value in two places is two findings.
  const Finding second = with(secret(), [](Finding& f) { f.location.start_line = 40; });
  BOOST_TEST(evaluate(input_of({secret(), second})).findings.size() == 2u);
}

BOOST_AUTO_TEST_CASE(nothing_looked_at_is_named) {
  EvaluateInput input = input_of({});
  input.scanned.files = 0;
  const Review review = evaluate(input);
  BOOST_REQUIRE(review.missing.size() == 1u);
  BOOST_TEST(review.missing[0].what == "the change");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::policy
