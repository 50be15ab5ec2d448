// One delivery to its end: what is posted, what is written down, and what happens when the world fails.
#include "fanlight/app/worker.hpp"

#include <boost/test/unit_test.hpp>

#include "fanlight/policy/render.hpp"
#include "world.hpp"

using namespace fanlight;
using namespace fanlight::testing;
using app::JobEnd;

namespace {

const std::string token = github_token(1);
const std::string leak = added_file("modules/a/main.tf", {"t = \"" + token + "\""});
const std::string clean = added_file("modules/a/main.tf", {"t = var.token"});

void check_ends(const std::vector<JobEnd>& got, const std::vector<JobEnd>& wanted) {
  BOOST_TEST((got == wanted));
}

using Fault = FakeHost::Fault;
std::function<Fault(const char*)> fail_at(std::string step, int times, Fault how = Fault::before) {
  return [step, left = times, how](const char* asked) mutable {
    return step == asked && left-- > 0 ? how : Fault::none;
  };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(worker, World)

BOOST_AUTO_TEST_CASE(a_clean_change_gets_a_status_and_no_comment) {
  const std::string head = push(clean);
  check_ends(settle_and_work(), {JobEnd::done});
  BOOST_REQUIRE(host->statuses.size() == 1u);
  BOOST_TEST((host->statuses[0].state == CheckState::success));
  BOOST_TEST(host->statuses[0].head_sha == head);
  BOOST_TEST(host->comments.empty());
  const auto record = latest();
  BOOST_REQUIRE(record.has_value());
  BOOST_TEST((record->review.verdict == Verdict::pass));
  BOOST_TEST(record->head_sha == head);
  BOOST_TEST(record->title == "A change");
  BOOST_TEST(record->id.size() == 32u);
  BOOST_TEST(metrics.text({}).find("fanlight_verdicts_total{verdict=\"pass\"} 1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_leak_gets_one_review_one_summary_a_failure_and_a_record) {
  push(leak);
  check_ends(settle_and_work(), {JobEnd::done});
  BOOST_REQUIRE(comments(PostedKind::inline_comment).size() == 1u);
  BOOST_REQUIRE(comments(PostedKind::summary).size() == 1u);
  BOOST_REQUIRE(host->statuses.size() == 1u);
  BOOST_TEST((host->statuses[0].state == CheckState::failure));
  const auto record = latest();
  BOOST_REQUIRE(record.has_value());
  BOOST_TEST((record->review.verdict == Verdict::fail));
  BOOST_TEST(record->done.size() == 3u);
  BOOST_TEST(record->contexts.size() == 1u);
  BOOST_TEST(everything().find(token) == std::string::npos);
  BOOST_TEST(comments(PostedKind::summary)[0].body.find("https://fanlight.example.org/reviews/" +
                                                        record->id) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_fix_edits_the_summary_and_turns_the_status) {
  push(leak);
  settle_and_work();
  push(clean);
  check_ends(settle_and_work(), {JobEnd::done});
  BOOST_TEST(comments(PostedKind::summary).size() == 1u);
  BOOST_TEST(comments(PostedKind::inline_comment).size() == 1u);
  BOOST_TEST((host->statuses.back().state == CheckState::success));
  BOOST_TEST(comments(PostedKind::summary)[0].body.find("Nothing to fix") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(looking_again_at_the_same_says_nothing_again) {
  push(leak);
  settle_and_work();
  const auto before = host->comments.size();
  deliver("again", change().change.head_sha);
  check_ends(settle_and_work(), {JobEnd::done});
  BOOST_TEST(host->comments.size() == before);
  BOOST_TEST(host->statuses.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_burst_of_pushes_is_one_review_of_the_newest_head) {
  for (int i = 0; i < 20; ++i) push(leak);
  const std::string newest = push(clean);
  check_ends(settle_and_work(), {JobEnd::done});
  BOOST_TEST(host->fetches == 1u);
  BOOST_REQUIRE(host->statuses.size() == 1u);
  BOOST_TEST(host->statuses[0].head_sha == newest);
}

BOOST_AUTO_TEST_CASE(a_review_that_a_newer_head_overtook_posts_nothing) {
  push(leak);
  clock.advance(config.settle);
  // The push comes after the lease, before anything is posted.
  host->fault = [this, once = true](const char* step) mutable {
    if (std::string_view(step) == "fetch" && once) {
      once = false;
      push(clean);
    }
    return Fault::none;
  };
  check_ends(work(), {JobEnd::superseded});
  BOOST_TEST(host->comments.empty());
  BOOST_TEST(host->statuses.empty());
  check_ends(settle_and_work(), {JobEnd::done});
  BOOST_REQUIRE(host->statuses.size() == 1u);
  BOOST_TEST((host->statuses[0].state == CheckState::success));
}

BOOST_AUTO_TEST_CASE(a_policy_that_cannot_be_read_fails_and_the_findings_still_count) {
  change().policy_files[".fanlight.yml"] = "version: 1\npolcy: x\n";
  push(leak);
  check_ends(settle_and_work(), {JobEnd::done});
  BOOST_TEST((host->statuses.at(0).state == CheckState::failure));
  BOOST_REQUIRE(comments(PostedKind::summary).size() == 1u);
  BOOST_TEST(comments(PostedKind::summary)[0].body.find(".fanlight.yml:2: unknown key \"polcy\"") !=
             std::string::npos);
  BOOST_TEST(comments(PostedKind::inline_comment).size() == 1u);

  push(clean);
  settle_and_work();
  BOOST_TEST((host->statuses.back().state == CheckState::failure));
}

BOOST_AUTO_TEST_CASE(a_change_does_not_judge_itself) {
  // The change switches the rule off; the base does not.
  push(leak + added_file(".fanlight.yml", {"version: 1", "rules: {github-token: off}"}));
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::fail));
  change().policy_files[".fanlight.yml"] = "version: 1\nrules: {github-token: off}\n";
  push(leak);
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::pass));
}

BOOST_AUTO_TEST_CASE(rules_of_the_repository_count_from_the_base) {
  const std::string rule =
      "- {id: acme-token, name: Acme token, service: acme, kind: secret, anchors: [acme_], message: m, "
      "remedy: r, "
      "pattern: 'acme_[0-9]{9}'}";
  const auto own = added_file("a.tf", {"t = \"acme_182736450\""});
  push(own + added_file(".fanlight.yml", {"version: 1", "custom_rules:", rule}));
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::pass));
  change().policy_files[".fanlight.yml"] = "version: 1\ncustom_rules:\n" + rule;
  push(own);
  settle_and_work();
  BOOST_REQUIRE(latest()->review.findings.size() == 1u);
  BOOST_TEST(latest()->review.findings[0].rule == "acme-token");
  // A rule that cannot be used is a problem; the others count.
  change().policy_files[".fanlight.yml"] = "version: 1\ncustom_rules:\n- {id: acme-token}\n";
  push(leak);
  settle_and_work();
  BOOST_REQUIRE(latest()->review.problems.size() == 1u);
  BOOST_TEST(latest()->review.problems[0] == ".fanlight.yml:3: kind: must be secret or coupling");
  BOOST_TEST(latest()->review.findings.size() == 1u);
}

BOOST_AUTO_TEST_CASE(ignores_of_other_tools_are_read_at_the_base_when_the_policy_says_so) {
  change().files[".gitleaks.toml"] = "[allowlist]\npaths = ['.']\n";
  push(leak);
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::fail));
  change().policy_files[".fanlight.yml"] = "version: 1\nhonour_other_tools: true\n";
  push(leak);
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::pass));
  BOOST_REQUIRE(latest()->review.waived.size() == 1u);
  BOOST_TEST(latest()->review.waived[0].by == ".gitleaks.toml");
  change().files[".gitleaks.toml"] = "[allowlist\n";
  push(leak);
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::fail));
  BOOST_REQUIRE(latest()->review.problems.size() == 1u);
  BOOST_TEST(latest()->review.problems[0].starts_with(".gitleaks.toml:1: no TOML: "));
}

BOOST_AUTO_TEST_CASE(a_baseline_at_the_base_decides_nothing) {
  push(leak);
  settle_and_work();
  const std::string known = fingerprint();
  change().policy_files[".fanlight.yml"] = "version: 1\nbaseline: .fanlight-baseline\n";
  push(leak);
  settle_and_work();
  BOOST_REQUIRE(latest()->review.problems.size() == 1u);  // the policy names it, and it is not there
  change().files[".fanlight-baseline"] =
      "# fanlight baseline 1, key " + scanner().key_id() + "\n" + known + " github-token a.tf\n";
  push(leak);
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::pass));
  change().files[".fanlight-baseline"] = "# fanlight baseline 1, key ffffffff\n" + known + "\n";
  push(leak);
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::fail));
}

BOOST_AUTO_TEST_CASE(the_servers_policy_is_below_the_repositorys) {
  config.policy.rules["github-token"] = {Severity::off};
  push(leak);
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::pass));
  change().policy_files[".fanlight.yml"] = "version: 1\nrules: {github-token: block}\n";
  push(leak);
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::fail));
}

BOOST_AUTO_TEST_CASE(a_draft_is_treated_as_the_policy_says) {
  struct Row {
    const char* mode;
    std::size_t comments, summaries;
    CheckState state;
  };
  const Row rows[] = {{"full", 1, 1, CheckState::failure},
                      {"summary", 0, 1, CheckState::failure},
                      {"skip", 0, 0, CheckState::neutral}};
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.mode) {
      World world;
      world.change().change.draft = true;
      world.change().policy_files[".fanlight.yml"] =
          std::string("version: 1\nreview: {draft: ") + row.mode + "}\n";
      world.push(leak);
      world.settle_and_work();
      BOOST_TEST(world.comments(PostedKind::inline_comment).size() == row.comments);
      BOOST_TEST(world.comments(PostedKind::summary).size() == row.summaries);
      BOOST_REQUIRE(world.host->statuses.size() == 1u);
      BOOST_TEST((world.host->statuses[0].state == row.state));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_closed_change_is_left_alone) {
  push(leak);
  change().change.open = false;
  check_ends(settle_and_work(), {JobEnd::done});
  BOOST_TEST(host->comments.empty());
  BOOST_TEST(host->statuses.empty());
  BOOST_TEST(!latest().has_value());
}

BOOST_AUTO_TEST_CASE(what_could_not_be_looked_at_is_never_green) {
  change().files["x"] = "";
  push(
      "diff --git a/logo.png b/logo.png\nnew file mode 100644\nBinary files /dev/null and b/logo.png "
      "differ\n");
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::incomplete));
  BOOST_TEST((host->statuses.at(0).state == CheckState::failure));
}

BOOST_AUTO_TEST_CASE(a_change_that_is_gone_is_parked_said_and_audited) {
  push(leak);
  host->changes.begin()->second.change.head_sha = "gone";
  auto gone = host->changes;
  host->changes.clear();
  check_ends(settle_and_work(), {JobEnd::parked});
  BOOST_REQUIRE(host->statuses.size() == 1u);
  BOOST_TEST((host->statuses[0].state == CheckState::failure));
  BOOST_TEST(host->statuses[0].description.find("/fanlight recheck") != std::string::npos);
  const auto audit = stored->audit_log(10).value();
  BOOST_REQUIRE(audit.size() == 1u);
  BOOST_TEST(audit[0].what == "job parked");
  BOOST_TEST(stored->queue()->parked == 1u);

  // The host sends it again once it is there.
  host->changes = gone;
  change().change.head_sha = change().diffs.begin()->first;
  BOOST_TEST((deliver("push-1", change().change.head_sha) == store::Accepted::queued));
  check_ends(settle_and_work(), {JobEnd::done});
  BOOST_TEST(latest().has_value());
}

BOOST_AUTO_TEST_CASE(a_host_that_is_not_configured_any_more_parks_its_jobs) {
  push(leak);
  auto kept = std::move(hosts.at("fake"));
  hosts.clear();
  check_ends(settle_and_work(), {JobEnd::parked});
  const auto jobs = stored->jobs(10).value();
  BOOST_REQUIRE(jobs.size() == 1u);
  BOOST_TEST(jobs[0].error.find("\"fake\" is not configured") != std::string::npos);
  const auto audit = stored->audit_log(10).value();
  BOOST_REQUIRE(audit.size() == 1u);
  BOOST_TEST(audit[0].what == "job parked");
}

BOOST_AUTO_TEST_CASE(what_may_pass_is_tried_again_later_and_later_then_parked) {
  config.attempts_max = 3;
  push(leak);
  host->fault = fail_at("fetch", 100);
  check_ends(settle_and_work(), {JobEnd::retried});
  check_ends(work(), {});
  clock.advance(std::chrono::milliseconds(4'999));
  check_ends(work(), {});
  clock.advance(std::chrono::milliseconds(1));
  check_ends(work(), {JobEnd::retried});
  clock.advance(std::chrono::milliseconds(14'999));
  check_ends(work(), {});
  clock.advance(std::chrono::milliseconds(1));
  check_ends(work(), {JobEnd::parked});
  BOOST_TEST(stored->queue()->parked == 1u);
  BOOST_TEST((host->statuses.at(0).state == CheckState::failure));
}

BOOST_AUTO_TEST_CASE(whatever_step_fails_the_end_is_the_same_and_nothing_is_there_twice) {
  for (const char* step : {"fetch", "fetch files", "review", "summary", "status"}) {
    for (const Fault how : {Fault::before, Fault::after}) {
      BOOST_TEST_CONTEXT(step << (how == Fault::before ? " fails" : " is done and its answer lost")) {
        World world;
        world.host->fault = fail_at(step, 1, how);
        world.push(modified_file("modules/a/main.tf", 1, {" x", "+t = \"" + token + "\""}));
        world.settle_and_work();
        world.clock.advance(std::chrono::seconds(5));
        world.work();
        BOOST_TEST(world.comments(PostedKind::inline_comment).size() == 1u);
        BOOST_TEST(world.comments(PostedKind::summary).size() == 1u);
        BOOST_TEST((world.host->statuses.back().state == CheckState::failure));
        BOOST_TEST(world.latest().has_value());
        BOOST_TEST(world.stored->queue()->parked == 0u);
        BOOST_TEST(world.stored->queue()->waiting == 0u);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(context_is_fetched_only_for_files_that_need_it) {
  std::size_t asked = 0;
  host->fault = [&](const char* step) {
    asked += std::string_view(step) == "fetch files";
    return Fault::none;
  };
  push(leak);
  settle_and_work();
  BOOST_TEST(asked == 0u);
  const std::string id = aws_id(1), secret = aws_secret(1);
  change().files["a.ini"] = "id = " + id + "\n#\n#\n#\n#\n#\n#\n#\n#\nkey = " + secret + "\n";
  push(modified_file("a.ini", 9, {" #", "+key = " + secret}));
  settle_and_work();
  BOOST_TEST(asked == 1u);
  BOOST_TEST(latest()->review.findings.at(0).rule == "aws-secret-near-id");
  BOOST_TEST(everything().find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_title_that_holds_a_secret_is_not_kept) {
  change().change.title = "use " + token;
  change().change.body = "or " + github_token(2);
  push(clean);
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::fail));
  BOOST_TEST(latest()->title == "use ████");
  BOOST_TEST(everything().find(token) == std::string::npos);
  BOOST_TEST(everything().find(github_token(2)) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_path_that_holds_a_secret_is_not_shown) {
  push(
      added_file("keys/" + token + "/a.tf", {"cidr = \"10.42.16.0/20\"", "t = \"" + github_token(2) + "\""}));
  settle_and_work();
  BOOST_TEST((latest()->review.verdict == Verdict::fail));
  BOOST_TEST(everything().find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(waiting_grows_threefold_up_to_ten_minutes_and_obeys_the_host) {
  struct Row {
    std::uint32_t attempts;
    std::optional<std::chrono::milliseconds> retry_after;
    std::int64_t expected;
  };
  using std::chrono::milliseconds;
  const Row rows[] = {{1, {}, 5'000},
                      {2, {}, 15'000},
                      {3, {}, 45'000},
                      {4, {}, 135'000},
                      {5, {}, 405'000},
                      {6, {}, 600'000},
                      {4'000'000'000u, {}, 600'000},
                      {1, milliseconds(58'000), 58'000},
                      {3, milliseconds(1'000), 45'000},
                      {6, milliseconds(3'600'000), 3'600'000}};
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.attempts) {
      const Error error(ErrorCode::rate_limited, "x", row.retry_after);
      BOOST_TEST(app::retry_delay(row.attempts, error).count() == row.expected);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
