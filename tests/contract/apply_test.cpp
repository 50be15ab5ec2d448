// Writing to GitHub. Rows that begin with a number are the traps of the host facts.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "world.hpp"

namespace fanlight::contract {
namespace {

// Ten lines, of which the change adds 4 to 7; nine more of context make two hunks with the last one.
Snapshot change_with_two_hunks(World& world, host::Host& host) {
  std::string before, after;
  for (int i = 1; i <= 40; ++i) {
    before += fmt::format("line {}\n", i);
    after += i == 5 || i == 35 ? fmt::format("LINE {}\n", i) : fmt::format("line {}\n", i);
  }
  world.control("repo",
                fmt::format(R"({{"name": "acme/api", "files": {{"a b/main.tf": {}}}}})", quoted(before)));
  world.control(
      "pull",
      fmt::format(R"({{"repo": "acme/api", "number": 1, "commits": [{{"files": {{"a b/main.tf": {}}}}}]}})",
                  quoted(after)));
  return fetch(world, host);
}

PostReview review_of(const Snapshot& snapshot, std::vector<InlineComment> comments) {
  return {snapshot.change.head_sha, marker("review", "1"), "Please look.\n" + marker("review", "1"),
          std::move(comments)};
}

std::size_t count(World& world, std::string_view list) {
  return world.control("state").root()[list].size();
}

// The action fails after the host carried it out, as when the process dies before it could note that; then
// again.
template <class A>
void lose_the_answer_and_repeat(World& world, host::Host& host, const Snapshot& snapshot, const A& action,
                                const std::string& match) {
  world.control("fault", fmt::format(R"({{"match": "{}", "status": 0, "after": true}})", match));
  auto lost = world.run(host.apply(snapshot.change, snapshot.diff, action, false, soon()));
  BOOST_TEST(!lost.has_value());
  apply(world, host, snapshot, action, true);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(github_apply)

BOOST_AUTO_TEST_CASE(review_stands_on_line_range_and_side) {
  World world;
  auto host = world.host();
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  InlineComment left = comment_at("a b/main.tf", 35, "left");
  left.side = Side::left;
  InlineComment range = comment_at("a b/main.tf", 7, "range");
  range.start_line = 4;
  const auto applied =
      apply(world, *host, snapshot, review_of(snapshot, {comment_at("a b/main.tf", 5, "one"), left, range}));
  BOOST_TEST(applied.posted.size() == 3u);
  BOOST_TEST(applied.refused.empty());
  const auto state = world.control("state");
  const auto comments = state.root()["reviewComments"];
  BOOST_TEST(comments[1]["side"].text() == "LEFT");
  BOOST_TEST(comments[2]["start_line"].integer() == 4);
  BOOST_TEST(state.root()["reviews"].size() == 1u);
}

BOOST_AUTO_TEST_CASE(anchor_outside_the_diff_is_refused_before_anything_is_sent) {
  World world;
  auto host = world.host();
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  InlineComment across = comment_at("a b/main.tf", 35, "across");
  across.start_line = 5;
  InlineComment backwards = comment_at("a b/main.tf", 5, "backwards");
  backwards.start_line = 6;
  world.requests();
  const auto applied =
      apply(world, *host, snapshot,
            review_of(snapshot, {comment_at("a b/main.tf", 20, "between"), comment_at("other", 1, "file"),
                                 comment_at("a b/main.tf", 0, "zero"), across, backwards}));
  BOOST_TEST(applied.refused.size() == 5u);
  BOOST_TEST(world.requests().empty());
}

BOOST_AUTO_TEST_CASE(trap_12_one_bad_anchor_is_found_by_halving) {
  World world;
  auto host = world.host();
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  std::vector<InlineComment> comments;
  for (int i = 0; i < 12; ++i) comments.push_back(comment_at("a b/main.tf", 5, fmt::format("{}", i)));
  comments[7].body = "refuse-this-anchor " + comments[7].marker;
  const auto applied = apply(world, *host, snapshot, review_of(snapshot, comments));
  BOOST_TEST(applied.posted.size() == 11u);
  BOOST_REQUIRE(applied.refused.size() == 1);
  BOOST_TEST(applied.refused[0].marker == marker("inline", "7"));
  BOOST_TEST(count(world, "reviewComments") == 11u);
  BOOST_TEST(applied.detail == "11 comments, 1 moved to the summary");
}

BOOST_AUTO_TEST_CASE(host_that_refuses_everything_is_not_asked_for_ever) {
  World world;
  auto host = world.host();
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  world.control(
      "fault",
      R"({"match": "POST .*/reviews", "times": 100, "status": 422, "body": {"message": "Unprocessable Entity"}})");
  std::vector<InlineComment> comments;
  for (int i = 0; i < 60; ++i) comments.push_back(comment_at("a b/main.tf", 5, fmt::format("{}", i)));
  world.requests();
  const auto applied = apply(world, *host, snapshot, review_of(snapshot, comments));
  BOOST_TEST(applied.refused.size() == 60u);
  BOOST_TEST(world.requests().size() == 12u);
}

BOOST_AUTO_TEST_CASE(trap_13_start_line_equal_to_line_is_a_single_line) {
  World world;
  auto host = world.host();
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  InlineComment single = comment_at("a b/main.tf", 5, "single");
  single.start_line = 5;
  const auto applied = apply(world, *host, snapshot, review_of(snapshot, {single}));
  BOOST_TEST(applied.posted.size() == 1u);
}

BOOST_AUTO_TEST_CASE(trap_14_annotation_51_goes_with_a_second_request_that_completes_the_run) {
  World world;
  auto host = world.host();
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  for (const std::size_t annotations : {50u, 51u, 101u}) {
    SetStatus status{snapshot.change.head_sha,
                     CheckState::failure,
                     "Many to fix",
                     "Many.",
                     "https://bot.example.org/r/1",
                     {}};
    for (std::size_t i = 0; i < annotations; ++i) {
      status.annotations.push_back(
          {"a b/main.tf", 5, 5, AnnotationLevel::failure, "Title", fmt::format("message {}", i)});
    }
    world.requests();
    apply(world, *host, snapshot, status);
    BOOST_TEST(world.requests().size() == (annotations + 49) / 50);
    const auto state = world.control("state");
    const auto runs = state.root()["runs"];
    const auto run = runs[runs.size() - 1];
    BOOST_TEST(run["annotations"].size() == annotations);
    BOOST_TEST(run["status"].text() == "completed");
    BOOST_TEST(run["conclusion"].text() == "failure");
    BOOST_TEST(run["external_id"].text() == "github|acme/api|1");
    BOOST_TEST(run["actions"][std::size_t{0}]["identifier"].text() == "recheck");
  }
}

BOOST_AUTO_TEST_CASE(pending_run_is_completed_and_a_completed_one_never_opened_again) {
  World world;
  auto host = world.host();
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  const std::string head = snapshot.change.head_sha;
  apply(world, *host, snapshot, SetStatus{head, CheckState::pending, "Looking", "", "", {}});
  apply(world, *host, snapshot, SetStatus{head, CheckState::success, "Nothing to fix", "", "", {}});
  BOOST_TEST(count(world, "runs") == 1u);
  apply(world, *host, snapshot, SetStatus{head, CheckState::pending, "Looking again", "", "", {}});
  apply(world, *host, snapshot, SetStatus{head, CheckState::neutral, "Not fully checked", "", "", {}});
  const auto state = world.control("state");
  BOOST_TEST(state.root()["runs"].size() == 2u);
  BOOST_TEST(state.root()["runs"][1]["conclusion"].text() == "neutral");
}

BOOST_AUTO_TEST_CASE(trap_15_body_of_65537_is_cut_and_keeps_its_marker) {
  World world;
  auto host = world.host();
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  const std::string mark = marker("summary", "1");
  std::string body;
  while (body.size() + mark.size() < 65'537) body += "ä";
  const auto applied =
      apply(world, *host, snapshot, PutSummary{"", snapshot.change.head_sha, mark, body + mark});
  BOOST_TEST(applied.detail == "posted");
  const auto state = world.control("state");
  const auto text = state.root()["comments"][std::size_t{0}]["body"].text();
  BOOST_TEST(text.ends_with(mark));
  BOOST_TEST(text.find("too long") != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(trap_16_description_of_141_characters_is_cut) {
  World world;
  auto host = world.host(As::user);
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  for (const std::size_t length : {139u, 140u, 141u}) {
    std::string description;
    for (std::size_t i = 0; i < length; ++i) description += "é";
    apply(world, *host, snapshot,
          SetStatus{snapshot.change.head_sha, CheckState::failure, description, "", "", {}});
  }
  const auto state = world.control("state");
  BOOST_REQUIRE(state.root()["statuses"].size() == 3);
  BOOST_TEST(state.root()["statuses"][1]["description"].text().ends_with("é"));
  BOOST_TEST(state.root()["statuses"][2]["description"].text().ends_with("…"));
  BOOST_TEST(state.root()["statuses"][2]["context"].text() == "fanlight");
}

BOOST_AUTO_TEST_CASE(status_without_a_word_for_neutral_is_not_green) {
  World world;
  auto host = world.host(As::user);
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  apply(world, *host, snapshot,
        SetStatus{snapshot.change.head_sha, CheckState::neutral, "Not fully checked", "", "", {}});
  BOOST_TEST(world.control("state").root()["statuses"][std::size_t{0}]["state"].text() == "pending");
}

BOOST_AUTO_TEST_CASE(trap_8_head_that_is_not_known_yet_is_tried_again) {
  for (const As as : {As::app, As::user}) {
    World world;
    auto host = world.host(as);
    const Snapshot snapshot = change_with_two_hunks(world, *host);
    const SetStatus status{snapshot.change.head_sha, CheckState::success, "Nothing to fix", "", "", {}};
    world.control("set", fmt::format(R"({{"unknownShas": {{"{}": 3}}}})", snapshot.change.head_sha));
    BOOST_TEST(apply(world, *host, snapshot, status).detail == "success");
    world.control("set", fmt::format(R"({{"unknownShas": {{"{}": 4}}}})", snapshot.change.head_sha));
    auto unknown = world.run(host->apply(snapshot.change, snapshot.diff, status, false, soon()));
    BOOST_TEST(!unknown.has_value());
  }
}

BOOST_AUTO_TEST_CASE(summary_is_edited_by_its_id_and_posted_again_when_somebody_deleted_it) {
  World world;
  auto host = world.host();
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  const std::string mark = marker("summary", "1");
  const auto posted = apply(world, *host, snapshot, PutSummary{"", "", mark, "one " + mark});
  const auto edited =
      apply(world, *host, snapshot, PutSummary{posted.posted.at(0).id, "", mark, "two " + mark});
  BOOST_TEST(edited.detail == "edited");
  BOOST_TEST(edited.posted.at(0).id == posted.posted.at(0).id);
  BOOST_TEST(count(world, "comments") == 1u);
  const auto again = apply(world, *host, snapshot, PutSummary{"999999", "", mark, "three " + mark});
  BOOST_TEST(again.posted.at(0).id == posted.posted.at(0).id);
  BOOST_TEST(count(world, "comments") == 1u);
}

BOOST_AUTO_TEST_CASE(lost_answers_never_make_anything_appear_twice) {
  World world;
  auto host = world.host();
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  const std::string head = snapshot.change.head_sha, mark = marker("summary", "1");

  lose_the_answer_and_repeat(
      world, *host, snapshot,
      review_of(snapshot, {comment_at("a b/main.tf", 5, "a"), comment_at("a b/main.tf", 6, "b")}),
      "POST .*/reviews");
  BOOST_TEST(count(world, "reviews") == 1u);
  BOOST_TEST(count(world, "reviewComments") == 2u);

  lose_the_answer_and_repeat(world, *host, snapshot, PutSummary{"", head, mark, "Sum " + mark},
                             "POST .*/comments");
  BOOST_TEST(count(world, "comments") == 1u);

  const std::string reply = marker("reply", "1");
  lose_the_answer_and_repeat(world, *host, snapshot,
                             Reply{{CommentKind::conversation, "5"}, reply, "Yes. " + reply},
                             "POST .*/comments");
  BOOST_TEST(count(world, "comments") == 2u);

  SetStatus status{head, CheckState::failure, "Many to fix", "Many.", "", {}};
  for (int i = 0; i < 60; ++i)
    status.annotations.push_back({"a b/main.tf", 5, 5, AnnotationLevel::failure, "T", "m"});
  lose_the_answer_and_repeat(world, *host, snapshot, status, "PATCH .*/check-runs/.*");
  lose_the_answer_and_repeat(world, *host, snapshot,
                             SetStatus{head, CheckState::pending, "Looking", "", "", {}},
                             "POST .*/check-runs");
  const auto state = world.control("state");
  BOOST_REQUIRE(state.root()["runs"].size() == 2);
  BOOST_TEST(state.root()["runs"][std::size_t{0}]["annotations"].size() == 60u);
  BOOST_TEST(state.root()["runs"][1]["status"].text() == "in_progress");
}

BOOST_AUTO_TEST_CASE(reply_goes_to_the_start_of_its_thread) {
  World world;
  auto host = world.host();
  const Snapshot snapshot = change_with_two_hunks(world, *host);
  const auto first = world.control(
      "comment",
      R"({"repo": "acme/api", "number": 1, "login": "ada", "body": "x", "inline": {"path": "a b/main.tf", "line": 5}})");
  const auto second = world.control(
      "comment",
      fmt::format(
          R"({{"repo": "acme/api", "number": 1, "login": "ada", "body": "/fanlight help", "inline": {{"path": "a b/main.tf", "line": 5, "thread": {}}}}})",
          first.root()["id"].integer()));
  const CommentRef to{CommentKind::inline_comment, std::to_string(second.root()["id"].integer())};
  apply(world, *host, snapshot, Reply{to, marker("reply", "1"), "Here. " + marker("reply", "1")});
  apply(world, *host, snapshot, Acknowledge{to});
  apply(world, *host, snapshot, Acknowledge{to}, true);
  const auto state = world.control("state");
  BOOST_TEST(state.root()["reviewComments"][2]["thread"].integer() == first.root()["id"].integer());
  BOOST_TEST(state.root()["reactions"].size() == 1u);
  BOOST_TEST(state.root()["reactions"][std::size_t{0}]["content"].text() == "eyes");
  BOOST_TEST(apply(world, *host, snapshot, Acknowledge{{CommentKind::conversation, "424242"}}).detail ==
             "the comment is gone");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::contract
