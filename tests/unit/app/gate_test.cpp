// What leaves the bot: each outlet, with a secret and with a private name in it.
#include "gate.hpp"

#include <boost/test/unit_test.hpp>

#include "fanlight/coupling/dependencies.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "fanlight/coupling/seal.hpp"
#include "fanlight/policy/render.hpp"
#include "world.hpp"

using namespace fanlight;
using namespace fanlight::testing;
using app::Gate;

namespace {

const std::string token = github_token(7);
const std::string name = "BlueHeron";
const std::string url = "https://fanlight.example.org";

std::string sealed_policy() {
  return "version: 1\nlexicon:\n  sealed: [\"" + coupling::seal_term(name, Secret("a test's key")).value() +
         "\"]\n";
}

Gate gate() {
  policy::Policy policy;
  policy.lexicon.sealed = {coupling::seal_term(name, Secret("a test's key")).value()};
  return Gate(std::shared_ptr<const app::Scanner>(std::shared_ptr<void>(), &scanner()),
              scanner().settings(policy), url);
}

bool shows_any(const std::string& text) {
  for (const std::string_view hidden : {"BlueHeron", "blue-heron", "blue_heron", "Blue Heron"}) {
    if (text.contains(hidden)) return true;
  }
  return text.contains(token);
}

// A sentence with both.
std::string both(std::string_view before) {
  return std::string(before) + " for blue-heron with " + token + " here";
}

struct Sealed : World {
  Sealed() { change().policy_files[".fanlight.yml"] = sealed_policy(); }
};

const std::string coupled =
    added_file("modules/a/main.tf", {"resource \"x\" \"y\" {", "  ip = \"10.20.30.40\"", "}"});

}  // namespace

BOOST_AUTO_TEST_SUITE(gate_suite)

BOOST_AUTO_TEST_CASE(every_text_of_every_action_passes) {
  const Gate gate = ::gate();
  struct Row {
    const char* name;
    Action action;
    std::vector<std::string> (*texts)(const Action&);
  };
  PostReview review{"h", "m", both("body"), {{"a.tf", Side::right, 1, 0, both("inline"), "m"}}};
  SetStatus status;
  status.description = both("description");
  status.summary = both("summary");
  status.annotations = {{"a.tf", 1, 1, AnnotationLevel::warning, both("title"), both("message")}};
  const Row rows[] = {
      {"a review and its comments", review,
       [](const Action& a) {
         const auto& one = std::get<PostReview>(a);
         return std::vector{one.body, one.comments.at(0).body};
       }},
      {"the summary, and a git note", PutSummary{"", "h", "m", both("body")},
       [](const Action& a) { return std::vector{std::get<PutSummary>(a).body}; }},
      {"a status", status,
       [](const Action& a) {
         const auto& one = std::get<SetStatus>(a);
         return std::vector{one.description, one.summary, one.annotations.at(0).title,
                            one.annotations.at(0).message};
       }},
      {"a reply", Reply{{}, "m", both("body")},
       [](const Action& a) { return std::vector{std::get<Reply>(a).body}; }},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      for (const std::string& text : row.texts(row.action)) BOOST_TEST(shows_any(text));
      for (const std::string& text : row.texts(gate.clean(row.action))) {
        BOOST_TEST(!shows_any(text), text);
        BOOST_TEST(text.contains("████ with ████ here"), text);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_text_of_a_review_passes) {
  Review review;
  Finding finding;
  finding.title = finding.message = finding.remedy = finding.excerpt = both("finding");
  finding.suggestion = both("suggestion");
  review.findings = {finding};
  review.waived = {{finding, "ada", both("reason")}};
  review.missing = {{both("what"), both("why")}};
  review.problems = {both("problem")};
  review.notices = {both("notice")};
  review.scanned.skipped = {{both("what"), both("why")}};
  const Review clean = gate().clean(review);
  std::string all = clean.waived[0].reason + clean.missing[0].what + clean.missing[0].reason +
                    clean.problems[0] + clean.notices[0] + clean.scanned.skipped[0].what +
                    clean.scanned.skipped[0].reason;
  for (const Finding& one : {clean.findings[0], clean.waived[0].finding}) {
    all += one.title + one.message + one.remedy + one.excerpt;
    // Half a line must not be applied.
    BOOST_TEST(!one.suggestion.has_value());
  }
  BOOST_TEST(!shows_any(all), all);
}

BOOST_AUTO_TEST_CASE(what_is_the_bots_own_stays) {
  const Gate gate = ::gate();
  const std::string rows[] = {
      "<!-- fanlight:inline:3f9a1c0d5b7e2a84 -->",
      "[Details](" + url +
          "/reviews/0123456789abcdef0123456789abcdef?until=1795651200&sig=9f86d081884c7d659a2feaa0c55ad015)",
      "`/fanlight allow 3f9a1c0d --reason \"…\"`",
      "**Nothing to fix.** 4 files, 3 commits.",
  };
  for (const std::string& row : rows) BOOST_TEST(gate.clean(row) == row);
  // But not what only stands beside it.
  BOOST_TEST(!shows_any(gate.clean(rows[0] + ' ' + both("and"))));
}

// A rule's own words, an example in a remedy, never look like a secret.
BOOST_AUTO_TEST_CASE(the_words_of_the_rules_pass_as_they_are) {
  const Gate gate = ::gate();
  std::vector<detect::Rule> rules(scanner().engine().rules().begin(), scanner().engine().rules().end());
  for (const auto more :
       {coupling::lexicon_rules(), coupling::vocabulary_rules(), coupling::dependency_rules()})
    rules.insert(rules.end(), more.begin(), more.end());
  Review review;
  for (const detect::Rule& rule : rules) {
    Finding finding;
    finding.title = rule.name;
    finding.message = rule.message;
    finding.remedy = rule.remedy;
    review.findings.push_back(finding);
  }
  const Review clean = gate.clean(review);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    BOOST_TEST(clean.findings[i].title == rules[i].name);
    BOOST_TEST(clean.findings[i].message == rules[i].message);
    BOOST_TEST(clean.findings[i].remedy == rules[i].remedy);
  }
}

BOOST_AUTO_TEST_CASE(a_private_name_never_comes_back) {
  struct Row {
    const char* name;
    std::function<void(Sealed&)> act;
  };
  const Row rows[] = {
      {"typed as a reason",
       [](Sealed& w) {
         BOOST_TEST(w.answer("/fanlight allow " + w.fingerprint() + " --reason \"it is Blue Heron's\"")
                        .contains("I did nothing"));
       }},
      {"typed as a finding",
       [](Sealed& w) { BOOST_TEST(w.answer("/fanlight explain blueheron-gate") != ""); }},
      {"typed as a command", [](Sealed& w) { BOOST_TEST(w.answer("/fanlight BlueHeron") != ""); }},
      {"typed as an option",
       [](Sealed& w) { w.answer("/fanlight allow " + w.fingerprint() + " --blue-heron x"); }},
      {"typed by who may only read", [](Sealed& w) { w.answer("/fanlight explain BlueHeron", "eve"); }},
      {"a reason that was given before the name was sealed",
       [](Sealed& w) {
         BOOST_REQUIRE(
             w.stored->put_waiver({"fake|acme/infra", {w.fingerprint(), "BlueHeron asked", "@ada", {}}, {}}));
         w.answer("/fanlight recheck");
       }},
      {"a reason in the policy",
       [](Sealed& w) {
         w.change().policy_files[".fanlight.yml"] += "waivers:\n  - {finding: " + w.fingerprint() +
                                                     ", reason: \"BlueHeron asked\", owner: \"@ada\"}\n";
         w.answer("/fanlight recheck");
       }},
      {"a title",
       [](Sealed& w) {
         w.change().change.title = "Open BlueHeron";
         w.answer("/fanlight recheck");
       }},
      {"an author",
       [](Sealed& w) {
         w.change().change.author = "blue-heron";
         w.answer("/fanlight recheck");
       }},
      {"the base branch, where the policy is broken",
       [](Sealed& w) {
         w.change().change.base_ref = "for-blue-heron";
         w.change().policy_files[".fanlight.yml"] += "blue_heron: yes\n";
         w.answer("/fanlight recheck");
       }},
      {"a reason in the code",
       [](Sealed& w) {
         w.push(added_file("modules/a/main.tf",
                           {"ip = \"10.20.30.40\" # fanlight:allow rfc1918-host-or-cidr BlueHeron's"}));
         w.settle_and_work();
       }},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      Sealed world;
      world.push(coupled);
      world.settle_and_work();
      row.act(world);
      world.work();
      const std::string all = world.everything();
      BOOST_TEST(all.contains("modules/a/main.tf"));
      BOOST_TEST(!shows_any(all), all);
    }
  }
}

BOOST_AUTO_TEST_CASE(names_of_the_server_are_private_before_the_policy_is_read) {
  World world;
  world.config.policy.lexicon.sealed = {coupling::seal_term(name, Secret("a test's key")).value()};
  world.config.attempts_max = 1;
  world.push(coupled);
  world.host->lost_because = "blue-heron.example.org refused " + token;
  world.host->fault = [](const char* step) {
    return std::string_view(step) == "fetch" ? FakeHost::Fault::before : FakeHost::Fault::none;
  };
  world.settle_and_work();
  const auto parked = world.stored->jobs(10).value();
  BOOST_REQUIRE(parked.size() == 1u);
  const std::string all = world.everything() + parked[0].error;
  BOOST_TEST(all.contains("████.example.org refused"), all);
  BOOST_TEST(!shows_any(all), all);
}

BOOST_AUTO_TEST_CASE(a_list_that_cannot_be_read_repeats_nothing) {
  Sealed world;
  world.push(coupled);
  world.settle_and_work();
  for (const std::string& policy :
       {"version: 1\nlexicon:\n  sealed: [\"" + coupling::seal_term(name, Secret("another")).value() +
            "\"]\n",
        std::string("version: 1\nlexicon: {sealed: 5}\n"), std::string("version: [")}) {
    world.change().policy_files[".fanlight.yml"] = policy;
    const std::string body = world.answer("/fanlight explain zebra");
    BOOST_TEST(body.contains("cannot read the list"), policy);
    BOOST_TEST(!body.contains("zebra"));
    BOOST_TEST(world.answer("/fanlight help").contains("/fanlight recheck"));
  }
  world.change().policy_files[".fanlight.yml"] = sealed_policy() + "polcy: 1\n";
  BOOST_TEST(world.answer("/fanlight explain zebra").contains("zebra"));
}

BOOST_AUTO_TEST_SUITE_END()
