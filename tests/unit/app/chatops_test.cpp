// Commands in comments, from the delivery to the answer and what it changes.
#include <boost/test/unit_test.hpp>

#include "world.hpp"

using namespace fanlight;
using namespace fanlight::testing;
using app::JobEnd;

namespace {

const std::string token = github_token(1);

struct Leaked : World {
  Leaked() {
    push(added_file("modules/a/main.tf", {"t = \"" + token + "\""}));
    settle_and_work();
  }
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(chatops, Leaked)

BOOST_AUTO_TEST_CASE(each_command_has_its_answer) {
  struct Row {
    const char* name;
    std::string text, actor, part;
  };
  const std::string finding = fingerprint().substr(0, 8);
  const Row rows[] = {
      {"help lists them", "/fanlight help", "eve", "`/fanlight recheck`"},
      {"status says how it stands", "/fanlight status", "eve", "1 to fix"},
      {"explain by finding", "/fanlight explain " + finding, "eve", "main.tf"},
      {"explain by rule", "/fanlight explain github-token", "eve", "main.tf"},
      {"allow without a reason", "/fanlight allow " + finding, "ada", "Say why"},
      {"allow by who may only read", "/fanlight allow " + finding + " --reason x", "eve",
       "Only people who can write"},
      {"allow by a stranger", "/fanlight allow " + finding + " --reason x", "mallory",
       "Only people who can write"},
      {"revoke by who may only read", "/fanlight revoke " + finding, "eve", "Only people who can write"},
      {"revoke of nothing", "/fanlight revoke " + finding, "ada", "No command has accepted"},
      {"a slip", "/fanlight recehck", "eve", "Did you mean `recheck`?"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      const std::string body = answer(row.text, row.actor);
      BOOST_TEST(holds(body, row.part), body);
      BOOST_TEST(!holds(body, token));
    }
  }
  BOOST_TEST(host->acknowledged.size() == std::size(rows));
  BOOST_TEST(stored->waivers("fake|acme/infra")->empty());
}

BOOST_AUTO_TEST_CASE(several_commands_in_one_comment_have_one_answer) {
  const std::string body = answer("Hello.\n/fanlight status\nand\n/fanlight recehck\n");
  BOOST_TEST(holds(body, "1 to fix"));
  BOOST_TEST(holds(body, "\n---\n"));
  BOOST_TEST(holds(body, "Did you mean"));
}

BOOST_AUTO_TEST_CASE(allow_is_written_down_and_the_change_passes) {
  const std::string finding = fingerprint();
  const std::string body =
      answer("/fanlight allow " + finding.substr(0, 8) + " --reason \"made up for a test\"");
  BOOST_TEST(holds(body, "**Accepted"));
  const auto waivers = stored->waivers("fake|acme/infra").value();
  BOOST_REQUIRE(waivers.size() == 1u);
  BOOST_TEST(waivers[0].waiver.fingerprint == finding);
  BOOST_TEST(waivers[0].waiver.reason == "made up for a test");
  BOOST_TEST(waivers[0].waiver.owner == "@ada");
  work();
  BOOST_TEST((host->statuses.back().state == CheckState::success));
  BOOST_REQUIRE(latest()->review.waived.size() == 1u);
  BOOST_TEST(latest()->review.waived[0].by == "ada");
  BOOST_TEST(comments(PostedKind::summary).size() == 1u);
  const auto audit = stored->audit_log(10).value();
  BOOST_REQUIRE(!audit.empty());
  BOOST_TEST(audit[0].what == "waiver added");
  BOOST_TEST(audit[0].actor == "ada");

  BOOST_TEST(holds(answer("/fanlight revoke " + finding.substr(0, 8)), "counts again"));
  work();
  BOOST_TEST((host->statuses.back().state == CheckState::failure));
  BOOST_TEST(stored->waivers("fake|acme/infra")->empty());
  BOOST_TEST(stored->audit_log(10).value()[0].what == "waiver revoked");
}

BOOST_AUTO_TEST_CASE(an_acceptance_that_has_ended_counts_no_more) {
  const std::string finding = fingerprint();
  answer("/fanlight allow " + finding + " --reason x --expires 2026-11-30");
  work();
  BOOST_TEST((host->statuses.back().state == CheckState::success));
  clock.advance(std::chrono::hours(24 * 10));
  answer("/fanlight recheck");
  work();
  BOOST_TEST((host->statuses.back().state == CheckState::failure));
}

BOOST_AUTO_TEST_CASE(recheck_looks_again_at_once_and_sets_the_status_again) {
  const std::size_t before = host->statuses.size(), comments_before = host->comments.size();
  answer("/fanlight recheck", "eve");
  work();
  BOOST_TEST(host->statuses.size() == before + 1);
  BOOST_TEST(host->comments.size() == comments_before);
  BOOST_TEST(host->fetches == 2u);
}

BOOST_AUTO_TEST_CASE(a_command_before_the_first_review_is_answered) {
  World fresh;
  fresh.change().change.head_sha = "0";
  fresh.say("/fanlight status");
  fresh.work();
  BOOST_REQUIRE(fresh.comments(PostedKind::reply).size() == 1u);
  BOOST_TEST(holds(fresh.comments(PostedKind::reply)[0].body, "not looked at this change yet"));
}

BOOST_AUTO_TEST_CASE(a_comment_without_a_command_is_not_answered) {
  const auto before = host->comments.size();
  say("> /fanlight help");
  say("    /fanlight help");
  say("see `/fanlight help`");
  work();
  BOOST_TEST(host->comments.size() == before);
  BOOST_TEST(host->acknowledged.empty());
}

BOOST_AUTO_TEST_CASE(whatever_step_fails_there_is_one_answer_and_one_waiver) {
  using Fault = FakeHost::Fault;
  for (const char* step : {"acknowledge", "permission", "reply"}) {
    for (const Fault how : {Fault::before, Fault::after}) {
      BOOST_TEST_CONTEXT(step << (how == Fault::before ? " fails" : " is done and its answer lost")) {
        Leaked world;
        world.host->fault = [step, how, left = 1](const char* asked) mutable {
          return std::string_view(step) == asked && left-- > 0 ? how : Fault::none;
        };
        world.say("/fanlight allow " + world.fingerprint() + " --reason x");
        world.work();
        world.clock.advance(std::chrono::seconds(5));
        world.work();
        BOOST_TEST(world.comments(PostedKind::reply).size() == 1u);
        BOOST_TEST(world.stored->waivers("fake|acme/infra")->size() == 1u);
        BOOST_TEST((world.host->statuses.back().state == CheckState::success));
        BOOST_TEST(world.stored->queue()->waiting == 0u);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_reason_that_holds_a_secret_is_not_repeated) {
  const std::string other = github_token(2);
  answer("/fanlight allow " + fingerprint() + " --reason \"use " + other + " instead\"");
  work();
  BOOST_TEST(!holds(everything(), other));
}

BOOST_AUTO_TEST_CASE(commands_are_counted) {
  answer("/fanlight help");
  answer("/fanlight " + std::string(300, 'x'));
  const std::string text = metrics.text({});
  BOOST_TEST(holds(text, "fanlight_commands_total{command=\"help\"} 1"));
  BOOST_TEST(holds(text, "fanlight_commands_total{command=\"unknown\"} 1"));
  BOOST_TEST(!holds(text, "xxxx"));
}

BOOST_AUTO_TEST_SUITE_END()
