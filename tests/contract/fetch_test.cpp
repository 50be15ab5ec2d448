// Reading a change from GitHub. Rows that begin with a number are the traps of the host facts.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "world.hpp"

namespace fanlight::contract {
namespace {

using Texts = std::vector<std::string>;

// main.tf of three lines, of which the change edits one.
void small_change(World& world) {
  world.control(
      "repo",
      R"({"name": "acme/api", "files": {"main.tf": "one\ntwo\nthree\n", ".fanlight.yml": "version: 1\n"}})");
  world.control("pull",
                R"({"repo": "acme/api", "number": 1, "title": "Edit", "body": "Why", "author": "grace",
    "commits": [{"message": "edit main\n\nbecause", "files": {"main.tf": "one\nTWO\nthree\n"}}]})");
}

std::string numbered(std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) text += fmt::format("line {}\n", i);
  return text;
}

// {"f0": "…", …}
std::string many_files(std::size_t count) {
  std::string json = "{";
  for (std::size_t i = 0; i < count; ++i)
    json += fmt::format("{}\"dir/f{}\": \"text {}\\n\"", i ? "," : "", i, i);
  return json + "}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(github_fetch)

BOOST_AUTO_TEST_CASE(small_change_is_read_whole) {
  World world;
  small_change(world);
  auto host = world.host();
  const Snapshot snapshot = fetch(world, *host);
  BOOST_TEST(snapshot.change.title == "Edit");
  BOOST_TEST(snapshot.change.body == "Why");
  BOOST_TEST(snapshot.change.author == "grace");
  BOOST_TEST(snapshot.change.open);
  BOOST_TEST(!snapshot.change.fork);
  BOOST_TEST(snapshot.change.web_url == "https://github.example.org/acme/api/pull/1");
  BOOST_TEST(snapshot.policy_files.at(".fanlight.yml") == "version: 1\n");
  BOOST_TEST(paths(snapshot.diff) == Texts{"main.tf"}, boost::test_tools::per_element());
  BOOST_TEST(lines(snapshot.diff, "main.tf", LineKind::added) == Texts{"TWO"},
             boost::test_tools::per_element());
  BOOST_REQUIRE(snapshot.commits.size() == 1);
  BOOST_TEST(snapshot.commits[0].message == "edit main\n\nbecause");
  BOOST_TEST(snapshot.commits[0].author_email == "ada@example.org");
  BOOST_TEST(snapshot.commits[0].patch.has_value());
  BOOST_TEST(snapshot.missing.empty());
  BOOST_TEST(snapshot.posted.empty());
}

BOOST_AUTO_TEST_CASE(enterprise_server_is_reached_below_its_base_path) {
  World world;
  small_change(world);
  auto host = world.host(As::enterprise);
  BOOST_TEST(fetch(world, *host).missing.empty());
  BOOST_TEST(host->describe().ends_with("/api/v3 as App 4711"));
}

BOOST_AUTO_TEST_CASE(review_of_a_small_change_takes_8_requests_the_first_token_included) {
  World world;
  small_change(world);
  auto host = world.host();
  const Snapshot snapshot = fetch(world, *host);
  apply(world, *host, snapshot,
        PostReview{snapshot.change.head_sha, marker("review", "1"), "Two.", {comment_at("main.tf", 2, "a")}});
  apply(world, *host, snapshot,
        PutSummary{"", snapshot.change.head_sha, marker("summary", "1"), "Sum " + marker("summary", "1")});
  apply(world, *host, snapshot,
        SetStatus{snapshot.change.head_sha, CheckState::failure, "1 to fix", "One.", "", {}});
  const auto requests = world.requests();
  BOOST_TEST_INFO_SCOPE(fmt::format("{}", fmt::join(requests, "\n")));
  BOOST_TEST(requests.size() <= 8);
}

BOOST_AUTO_TEST_CASE(every_commit_of_several_comes_with_its_own_patch) {
  World world;
  world.control("repo", R"({"name": "acme/api", "files": {"a": "1\n"}})");
  world.control("pull", R"({"repo": "acme/api", "number": 1, "commits": [
    {"message": "add", "files": {"key": "gone later\n"}}, {"message": "drop", "files": {"key": null, "b": "2\n"}}]})");
  auto host = world.host();
  const Snapshot snapshot = fetch(world, *host);
  BOOST_TEST(paths(snapshot.diff) == Texts{"b"}, boost::test_tools::per_element());
  BOOST_REQUIRE(snapshot.commits.size() == 2);
  BOOST_TEST(lines(*snapshot.commits[0].patch, "key", LineKind::added) == Texts{"gone later"},
             boost::test_tools::per_element());
  BOOST_TEST(paths(*snapshot.commits[1].patch).size() == 2);
  BOOST_TEST(snapshot.missing.empty());
}

BOOST_AUTO_TEST_CASE(merge_of_the_base_brings_no_foreign_lines_into_a_commits_patch) {
  World world;
  world.control("repo", R"({"name": "acme/api", "files": {"a": "1\n"}})");
  world.control(
      "pull",
      R"({"repo": "acme/api", "number": 1, "commits": [{"message": "own", "files": {"own": "x\n"}}]})");
  const auto base = world.control("push", R"({"repo": "acme/api", "ref": "refs/heads/main",
    "commits": [{"message": "foreign", "files": {"foreign": "y\n"}}]})");
  world.control("merge", fmt::format(R"({{"repo": "acme/api", "number": 1, "other": "{}",
    "files": {{"foreign": "y\n", "evil": "added by the merge\n"}}}})",
                                     base.root()["head"].text()));
  auto host = world.host();
  const Snapshot snapshot = fetch(world, *host);
  const Commit& merge = snapshot.commits.back();
  BOOST_TEST(merge.message == "merge");
  BOOST_REQUIRE(merge.patch.has_value());
  BOOST_TEST(paths(*merge.patch) == (Texts{"evil", "own"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(trap_7_synchronize_out_of_order_reads_the_newest_head) {
  World world;
  small_change(world);
  const auto pushed = world.control(
      "push", R"({"repo": "acme/api", "number": 1, "commits": [{"files": {"main.tf": "new\n"}}]})");
  auto host = world.host();
  Event late = event_for(change_ref());
  late.head_sha = std::string(pushed.root()["before"].text());
  auto snapshot = world.run(host->fetch(late, {}, {}, soon()));
  BOOST_REQUIRE(snapshot.has_value());
  BOOST_TEST(snapshot->change.head_sha == pushed.root()["head"].text());
}

BOOST_AUTO_TEST_CASE(trap_9_diff_too_large_is_read_from_the_list_of_files) {
  World world;
  world.control("repo", R"({"name": "acme/api"})");
  world.control("pull", fmt::format(R"({{"repo": "acme/api", "number": 1, "commits": [{{"files": {}}}]}})",
                                    many_files(301)));
  auto host = world.host();
  const Snapshot snapshot = fetch(world, *host);
  BOOST_TEST(snapshot.diff.files.size() == 301u);
  BOOST_TEST(lines(snapshot.diff, "dir/f300", LineKind::added) == Texts{"text 300"},
             boost::test_tools::per_element());
  BOOST_TEST(snapshot.missing.empty());
}

BOOST_AUTO_TEST_CASE(trap_10_missing_patch_is_made_from_both_blobs) {
  World world;
  world.control("set", R"({"patchBytesMax": 40})");
  const std::string before = numbered(0, 60), after = numbered(0, 30) + "inserted here\n" + numbered(30, 59);
  world.control(
      "repo",
      fmt::format(R"({{"name": "acme/api", "files": {{"big old.txt": {}, "logo": {{"base64": "AAEC"}}}}}})",
                  quoted(before)));
  world.control("pull", fmt::format(R"({{"repo": "acme/api", "number": 1, "commits": [{{"files":
    {{"big old.txt": {}, "logo": {{"base64": "AAED"}}, "new \"q\".txt": {}, "empty": ""}}}}]}})",
                                    quoted(after), quoted(numbered(0, 20))));
  auto host = world.host();
  const Snapshot whole = fetch(world, *host);
  // The diff cannot be had: everything comes from the list.
  world.control("set", R"({"diffRefused": true})");
  const Snapshot snapshot = fetch(world, *host);
  BOOST_TEST(snapshot.missing.empty());
  BOOST_TEST(paths(snapshot.diff) == paths(whole.diff), boost::test_tools::per_element());
  for (const std::string& path : paths(whole.diff)) {
    for (const LineKind kind : {LineKind::added, LineKind::removed}) {
      BOOST_TEST(lines(snapshot.diff, path, kind) == lines(whole.diff, path, kind),
                 boost::test_tools::per_element());
    }
  }
  for (const FileDiff& file : snapshot.diff.files) BOOST_TEST(file.binary == (file.path() == "logo"));
}

BOOST_AUTO_TEST_CASE(blob_over_the_limit_is_named_as_missing) {
  World world;
  world.control("set", R"({"patchBytesMax": 40, "diffRefused": true})");
  world.control("repo", R"({"name": "acme/api"})");
  world.control(
      "pull",
      fmt::format(
          R"({{"repo": "acme/api", "number": 1, "commits": [{{"files": {{"dump.sql": {}, "b": "2\n"}}}}]}})",
          quoted(numbered(0, 2'000))));
  auto host = world.host();
  host::FetchLimits limits;
  limits.file_bytes_max = 4'096;
  const Snapshot snapshot = fetch(world, *host, 1, limits);
  BOOST_TEST(paths(snapshot.diff) == Texts{"b"}, boost::test_tools::per_element());
  BOOST_REQUIRE(!snapshot.missing.empty());
  BOOST_TEST(snapshot.missing[0].what == "dump.sql");
  BOOST_TEST(snapshot.missing[0].reason == "over this server's limit of 4096 bytes");
}

BOOST_AUTO_TEST_CASE(trap_11_file_3001_is_missing_without_git_and_read_with_it) {
  World world;
  world.control("repo", R"({"name": "acme/api"})");
  world.control("pull", fmt::format(R"({{"repo": "acme/api", "number": 1, "commits": [{{"files": {}}}]}})",
                                    many_files(3'001)));
  host::FetchLimits limits;
  limits.files_max = 5'000;
  auto without = world.host();
  const Snapshot cut = fetch(world, *without, 1, limits);
  BOOST_TEST(cut.diff.files.size() == 3'000u);
  BOOST_REQUIRE(!cut.missing.empty());
  BOOST_TEST(cut.missing[0].what == "1 of 3001 files");

  std::string whole;
  for (int i = 0; i < 3'001; ++i) {
    whole += fmt::format(
        "diff --git a/f{0} b/f{0}\nnew file mode 100644\n--- /dev/null\n+++ b/f{0}\n@@ -0,0 +1 @@\n+x\n", i);
  }
  std::optional<host::GitFetchRequest> asked;
  auto with = world.host(As::app, [&](host::GitFetchRequest request, Deadline) -> Task<Result<std::string>> {
    asked = std::move(request);
    co_return whole;
  });
  const Snapshot snapshot = fetch(world, *with, 1, limits);
  BOOST_TEST(snapshot.diff.files.size() == 3'001u);
  BOOST_TEST(snapshot.missing.empty());
  BOOST_REQUIRE(asked.has_value());
  BOOST_TEST(asked->url == "https://github.example.org/acme/api.git");
  BOOST_TEST(asked->head_ref == "refs/pull/1/head");
  BOOST_TEST(asked->authorization.reveal().starts_with("Basic "));
}

BOOST_AUTO_TEST_CASE(trap_11_commit_251_is_missing_or_read_from_the_comparison) {
  World world;
  world.control("repo", R"({"name": "acme/api"})");
  std::string commits;
  for (int i = 0; i < 251; ++i)
    commits += fmt::format(R"({}{{"message": "c{}", "files": {{"f": "{}\n"}}}})", i ? "," : "", i, i);
  world.control("pull", fmt::format(R"({{"repo": "acme/api", "number": 1, "commits": [{}]}})", commits));
  auto host = world.host();
  const Snapshot cut = fetch(world, *host);
  BOOST_TEST(cut.commits.size() == 250u);
  BOOST_REQUIRE(cut.missing.size() == 1);
  BOOST_TEST(cut.missing[0].what == "1 of 251 commits");
  host::FetchLimits limits;
  limits.commits_max = 300;
  const Snapshot snapshot = fetch(world, *host, 1, limits);
  BOOST_TEST(snapshot.commits.size() == 251u);
  BOOST_TEST(snapshot.commits[250].message == "c250");
  BOOST_TEST(snapshot.missing.empty());
}

BOOST_AUTO_TEST_CASE(commit_that_the_host_cannot_give_is_named) {
  World world;
  world.control("repo", R"({"name": "acme/api"})");
  const auto pull = world.control(
      "pull",
      R"({"repo": "acme/api", "number": 1, "commits": [{"files": {"a": "1\n"}}, {"files": {"a": "2\n"}}]})");
  world.control(
      "fault",
      fmt::format(
          R"({{"match": "GET /repos/acme/api/compare/.*{}", "times": 20, "status": 422, "body": {{"message": "no"}}}})",
          pull.root()["commits"][1].text()));
  auto host = world.host();
  const Snapshot snapshot = fetch(world, *host);
  BOOST_TEST(snapshot.commits.size() == 2u);
  BOOST_TEST(!snapshot.commits[1].patch.has_value());
  BOOST_REQUIRE(snapshot.missing.size() == 1);
  BOOST_TEST(snapshot.missing[0].what ==
             fmt::format("commit {}", pull.root()["commits"][1].text().substr(0, 7)));
}

BOOST_AUTO_TEST_CASE(trap_17_rerun_of_a_forks_suite_finds_its_change_by_our_check_run) {
  World world;
  world.control("repo", R"({"name": "acme/api", "files": {"a": "1\n"}})");
  const auto pull = world.control(
      "pull",
      R"({"repo": "acme/api", "number": 7, "fork": "grace/api", "commits": [{"files": {"a": "2\n"}}]})");
  auto host = world.host();
  const Snapshot snapshot = fetch(world, *host, 7);
  BOOST_TEST(snapshot.change.fork);
  apply(world, *host, snapshot,
        SetStatus{snapshot.change.head_sha, CheckState::success, "Nothing to fix", "", "", {}});

  const auto payload = fmt::format(
      R"({{"action": "rerequested", "repository": {{"id": 1, "full_name": "acme/api"}}, "installation": {{"id": 77}},
      "sender": {{"login": "ada", "type": "User"}}, "check_suite": {{"head_sha": "{}", "pull_requests": []}}}})",
      pull.root()["head"].text());
  Delivery delivery{
      "github", "d-1", {{"x-github-event", "check_suite"}, {"content-type", "application/json"}}, payload};
  auto event = host->decode(delivery);
  BOOST_REQUIRE(event.has_value());
  BOOST_TEST(event->change.number == 0u);
  BOOST_TEST(event->forced);
  auto again = world.run(host->fetch(*event, {}, {}, soon()));
  BOOST_REQUIRE_MESSAGE(again.has_value(), problem_of(again));
  BOOST_TEST(again->change.ref.number == 7u);
}

BOOST_AUTO_TEST_CASE(trap_18_secondary_limit_without_retry_after_waits_a_minute) {
  World world;
  small_change(world);
  auto host = world.host();
  world.control(
      "fault",
      R"({"match": "GET .*/pulls/1", "status": 403, "body": {"message": "You have exceeded a secondary rate limit."}})");
  auto snapshot = world.run(host->fetch(event_for(change_ref()), {}, {}, soon()));
  BOOST_REQUIRE(!snapshot.has_value());
  BOOST_TEST((snapshot.error().code == ErrorCode::rate_limited));
  BOOST_TEST(snapshot.error().retry_after.value().count() == 60'000);
  BOOST_TEST(snapshot.error().text == "github: get acme/api#1: 403 rate limited, retry in 60s");
}

BOOST_AUTO_TEST_CASE(trap_19_unchanged_answers_come_as_304_and_read_the_same) {
  World world;
  small_change(world);
  auto host = world.host();
  const Snapshot first = fetch(world, *host);
  world.requests();
  const Snapshot second = fetch(world, *host);
  const auto requests = world.requests();
  BOOST_TEST(
      std::ranges::count_if(requests, [](const std::string& line) { return line.ends_with(" 304"); }) == 2);
  BOOST_TEST(second.change.title == first.change.title);
  BOOST_TEST((second.policy_files == first.policy_files));
}

BOOST_AUTO_TEST_CASE(trap_23_token_of_300_characters_works_and_is_fetched_once_for_two_changes_at_a_time) {
  World world;
  small_change(world);
  auto host = world.host();
  int done = 0;
  for (int i = 0; i < 2; ++i) {
    boost::asio::co_spawn(world.io(), host->fetch(event_for(change_ref()), {}, {}, soon()),
                          [&done](std::exception_ptr error, Result<Snapshot> snapshot) {
                            if (!error && snapshot) ++done;
                          });
  }
  world.io().restart();
  world.io().run();
  BOOST_TEST(done == 2);
  BOOST_TEST(world.control("state").root()["tokensMade"].integer() == 1);
}

BOOST_AUTO_TEST_CASE(refused_token_is_renewed_once) {
  World world;
  small_change(world);
  auto host = world.host();
  fetch(world, *host);
  world.control("fault",
                R"({"match": "GET .*/pulls/1", "status": 401, "body": {"message": "Bad credentials"}})");
  fetch(world, *host);
  world.control(
      "fault",
      R"({"match": "GET .*/pulls/1", "status": 401, "times": 9, "body": {"message": "Bad credentials"}})");
  auto refused = world.run(host->fetch(event_for(change_ref()), {}, {}, soon()));
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == ErrorCode::unauthenticated));
}

BOOST_AUTO_TEST_CASE(trap_27_policy_is_read_at_the_base) {
  World world;
  world.control("repo", R"({"name": "acme/api", "files": {".fanlight.yml": "base"}})");
  world.control("pull",
                R"({"repo": "acme/api", "number": 1, "commits": [{"files": {".fanlight.yml": "head"}}]})");
  auto host = world.host();
  BOOST_TEST(fetch(world, *host).policy_files.at(".fanlight.yml") == "base");
}

BOOST_AUTO_TEST_CASE(policy_that_is_absent_is_absent_and_one_that_cannot_be_read_is_an_error) {
  World world;
  world.control("repo", R"({"name": "acme/api", "files": {"a": "1\n"}})");
  world.control("pull", R"({"repo": "acme/api", "number": 1, "commits": [{"files": {"a": "2\n"}}]})");
  auto host = world.host();
  BOOST_TEST(fetch(world, *host).policy_files.empty());
  world.control(
      "fault",
      R"({"match": "GET .*/contents/.*", "status": 403, "body": {"message": "Resource not accessible by integration"}})");
  auto snapshot = world.run(host->fetch(event_for(change_ref()), {".fanlight.yml"}, {}, soon()));
  BOOST_REQUIRE(!snapshot.has_value());
  BOOST_TEST((snapshot.error().code == ErrorCode::forbidden));
}

BOOST_AUTO_TEST_CASE(trap_28_merge_group_is_compared) {
  World world;
  const auto repo = world.control("repo", R"({"name": "acme/api", "files": {"a": "1\n"}})");
  const auto pull = world.control(
      "pull",
      R"({"repo": "acme/api", "number": 1, "commits": [{"message": "m1", "files": {"a": "2\n"}}, {"message": "m2", "files": {"b": "3\n"}}]})");
  auto host = world.host();
  Event event = event_for(change_ref(0));
  event.change.ref = "refs/heads/gh-readonly-queue/main/pr-1";
  event.base_sha = std::string(repo.root()["base"].text());
  event.head_sha = std::string(pull.root()["head"].text());
  auto snapshot = world.run(host->fetch(event, {".fanlight.yml"}, {}, soon()));
  BOOST_REQUIRE_MESSAGE(snapshot.has_value(), problem_of(snapshot));
  BOOST_TEST(paths(snapshot->diff) == (Texts{"a", "b"}), boost::test_tools::per_element());
  BOOST_TEST(snapshot->commits.size() == 2u);
  BOOST_TEST(snapshot->missing.empty());
  const auto applied = apply(world, *host, *snapshot,
                             SetStatus{event.head_sha, CheckState::success, "Nothing to fix", "", "", {}});
  BOOST_TEST(applied.detail == "success");
  BOOST_TEST(apply(world, *host, *snapshot, PutSummary{"", "", "m", "b"}).posted.empty());
}

BOOST_AUTO_TEST_CASE(own_comments_are_told_by_their_author) {
  World world;
  small_change(world);
  auto host = world.host();
  world.control("comment",
                fmt::format(R"({{"repo": "acme/api", "number": 1, "login": "mallory", "body": {}}})",
                            quoted("fake " + marker("summary", "1"))));
  const Snapshot before = fetch(world, *host);
  BOOST_TEST(before.posted.empty());
  apply(world, *host, before,
        PutSummary{"", before.change.head_sha, marker("summary", "1"), "Sum " + marker("summary", "1")});
  apply(world, *host, before,
        PostReview{before.change.head_sha, marker("review", "1"), "Two.", {comment_at("main.tf", 2, "a")}});
  const Snapshot after = fetch(world, *host);
  BOOST_REQUIRE(after.posted.size() == 2);
  BOOST_TEST((after.posted[0].kind == PostedKind::summary));
  BOOST_TEST(after.posted[0].marker == "summary:1");
  BOOST_TEST((after.posted[1].kind == PostedKind::inline_comment));
  BOOST_TEST(after.posted[1].marker == "inline:a");
  BOOST_TEST(after.posted[1].head_sha == before.change.head_sha);
}

BOOST_AUTO_TEST_CASE(files_at_the_head_are_read_and_absent_ones_left_out) {
  World world;
  small_change(world);
  auto host = world.host();
  const Snapshot snapshot = fetch(world, *host);
  auto files = world.run(host->fetch_files(snapshot.change, {"main.tf", "not/there"}, {}, soon()));
  BOOST_REQUIRE(files.has_value());
  BOOST_TEST(files->size() == 1u);
  BOOST_TEST(files->at("main.tf") == "one\nTWO\nthree\n");
}

BOOST_AUTO_TEST_CASE(a_change_and_its_policy_are_read_for_an_answer) {
  World world;
  small_change(world);
  auto host = world.host(As::user);
  auto got = world.run(host->fetch_change(change_ref(), {".fanlight.yml", "none.yml"}, soon()));
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(got->change.title == "Edit");
  BOOST_TEST(got->change.base_sha.size() == 40u);
  BOOST_TEST(got->change.head_sha.size() == 40u);
  BOOST_TEST(got->change.public_repository);
  BOOST_TEST(got->policy_files.at(".fanlight.yml") == "version: 1\n");
  BOOST_TEST(got->policy_files.size() == 1u);
  BOOST_TEST(world.requests().size() == 3u);
  auto none = world.run(host->fetch_change(change_ref(99), {}, soon()));
  BOOST_REQUIRE(!none.has_value());
  BOOST_TEST((none.error().code == ErrorCode::not_found));
}

BOOST_AUTO_TEST_CASE(who_can_see_a_repository) {
  World world;
  small_change(world);
  world.control("repo", R"({"name": "acme/closed", "private": true})");
  world.control("repo", R"({"name": "acme/hidden", "private": true, "hidden": true})");
  auto host = world.host(As::user);
  struct Row {
    const char* name;
    std::optional<bool> expected;
    std::size_t requests;
  };
  const Row rows[] = {
      {"github.example.org/acme/api", true, 1},
      {"github.example.org/acme/closed", false, 1},
      // What is not there and what we may not see look the same.
      {"github.example.org/acme/hidden", false, 1},
      {"github.example.org/acme/none", false, 1},
      {"gitlab.example.org/acme/api", std::nullopt, 0},
      {"github.example.org/acme/api/..", std::nullopt, 0},
      {"github.example.org/acme", std::nullopt, 0},
  };
  for (const Row& row : rows) {
    world.requests();
    auto seen = world.run(host->fetch_visibility(change_ref(), row.name, soon()));
    BOOST_TEST_CONTEXT(row.name << problem_of(seen)) {
      BOOST_REQUIRE(seen.has_value());
      BOOST_TEST((*seen == row.expected));
      BOOST_TEST(world.requests().size() == row.requests);
    }
  }
  world.control("fault", R"({"match": "GET /repos/acme/api", "status": 403, "times": 9})");
  BOOST_TEST(
      !world.run(host->fetch_visibility(change_ref(), "github.example.org/acme/api", soon())).has_value());
}

BOOST_AUTO_TEST_CASE(all_files_come_by_git_and_only_of_what_is_not_too_large) {
  World world;
  small_change(world);
  std::vector<host::GitFetchRequest> asked;
  host::GitTreeFetch git = [&asked](host::GitFetchRequest request, host::TreeLimits,
                                    Deadline) -> Task<Result<host::Tree>> {
    asked.push_back(std::move(request));
    co_return host::Tree{{"main.tf"}, {{"main.tf", "one\n"}}};
  };
  auto host = world.host(As::app, {}, git);
  auto got = world.run(host->fetch_change(change_ref(), {}, soon()));
  BOOST_REQUIRE(got.has_value());
  const Change change = got->change;
  auto tree = world.run(host->fetch_tree(change, {}, soon()));
  BOOST_REQUIRE_MESSAGE(tree.has_value(), problem_of(tree));
  BOOST_TEST(tree->texts.at("main.tf") == "one\n");
  BOOST_REQUIRE(asked.size() == 1u);
  BOOST_TEST(asked[0].url == "https://github.example.org/acme/api.git");
  BOOST_TEST(asked[0].head_sha == change.head_sha);
  BOOST_TEST(asked[0].authorization.reveal().starts_with("Basic "));
  host::TreeLimits small;
  small.repository_bytes_max = 100 * 1024 - 1;
  auto refused = world.run(host->fetch_tree(change, small, soon()));
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == ErrorCode::too_large));
  BOOST_TEST(asked.size() == 1u);
  auto without = world.host(As::app);
  BOOST_TEST((world.run(without->fetch_tree(change, {}, soon())).error().code == ErrorCode::unsupported));
}

BOOST_AUTO_TEST_CASE(permission_is_the_hosts_word) {
  World world;
  small_change(world);
  world.control("set",
                R"({"permissions": {"ada": "admin", "grace": "write", "linus": "read", "none": "none"}})");
  auto host = world.host();
  const std::pair<const char*, host::Permission> rows[] = {{"ada", host::Permission::admin},
                                                           {"grace", host::Permission::write},
                                                           {"linus", host::Permission::read},
                                                           {"none", host::Permission::none},
                                                           {"stranger", host::Permission::none}};
  for (const auto& [login, expected] : rows) {
    auto permission = world.run(host->fetch_permission(change_ref(), login, soon()));
    BOOST_REQUIRE(permission.has_value());
    BOOST_TEST((*permission == expected), login);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::contract
