#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <optional>

#include "fanlight/host/git_repository.hpp"
#include "fanlight/host/host.hpp"
#include "git/push.hpp"
#include "unit/host/git_sandbox.hpp"

namespace fanlight::host {
namespace {

// The parser belongs to detect, which host does not link: one file per header line is enough to see what
// came.
DiffParser counting_parser() {
  DiffParser parser;
  parser.diff = [](std::string text) -> Result<Diff> {
    Diff diff;
    diff.text = std::make_shared<const std::string>(std::move(text));
    for (std::string_view line : split_lines(*diff.text)) {
      if (!line.starts_with("diff --git a/")) continue;
      FileDiff file;
      file.new_path = file.old_path = std::string(line.substr(13, line.find(' ', 13) - 13));
      diff.files.push_back(std::move(file));
    }
    return diff;
  };
  return parser;
}

template <class T>
T run(Task<T> task) {
  boost::asio::io_context io;
  std::optional<T> result;
  auto body = [&]() -> Task<> { result.emplace(co_await std::move(task)); };
  boost::asio::co_spawn(io, body(), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  io.run();
  return std::move(*result);
}

std::vector<std::string> paths(const Diff& diff) {
  std::vector<std::string> result;
  for (const FileDiff& file : diff.files) result.push_back(file.new_path);
  return result;
}

const std::string null_id(40, '0');
const std::string notes = "refs/notes/fanlight";

// A bare repository below a root, a clone to push from, and the host over it.
struct Server : GitSandbox {
  Server() {
    git("", {"init", "--quiet", "--bare", "root/team/infra.git"});
    git("root/team/infra.git", {"symbolic-ref", "HEAD", "refs/heads/main"});
    git("", {"clone", "--quiet", "root/team/infra.git", "clone"});
    git("clone", {"checkout", "--quiet", "-b", "main"});
    write("clone/.fanlight.yml", "version: 1\n");
    first = commit("clone", "main.tf", "a = 1\n", "first");
    git("clone", {"push", "--quiet", "origin", "main"});
    auto made =
        make_git({.name = "git", .root = path("root"), .hook_secret = Secret("made up"), .notes_ref = notes},
                 {}, clock, counting_parser());
    BOOST_REQUIRE_MESSAGE(made, made.error().text);
    host = std::move(*made);
  }

  std::string push(const std::string& branch, const std::string& file, const std::string& text) {
    std::string id = commit("clone", file, text, "change " + file);
    git("clone", {"push", "--quiet", "--force", "origin", "HEAD:" + branch});
    return id;
  }

  Event event(const std::string& ref, const std::string& old_id, const std::string& new_id,
              const std::string& quarantine = "") const {
    Push push{.repository = "team/infra.git",
              .ref = ref,
              .old_id = old_id,
              .new_id = new_id,
              .pusher = "ada",
              .quarantine = quarantine};
    return host->decode({.host = "git", .delivery_id = "d", .headers = {}, .body = to_json(push)}).value();
  }

  Result<Snapshot> try_fetch(const Event& what, FetchLimits limits = {}) const {
    return run(host->fetch(what, {".fanlight.yml", "absent.yml"}, limits, soon()));
  }
  Snapshot fetch(const Event& what, FetchLimits limits = {}) const {
    auto snapshot = try_fetch(what, limits);
    BOOST_REQUIRE_MESSAGE(snapshot, snapshot.error().text);
    return std::move(*snapshot);
  }
  Applied put_note(const Change& change, const std::string& body) const {
    PutSummary summary{.id = {}, .head_sha = change.head_sha, .marker = "m", .body = body};
    auto applied = run(host->apply(change, Diff{}, summary, false, soon()));
    BOOST_REQUIRE_MESSAGE(applied, applied.error().text);
    return *applied;
  }

  SystemClock clock;
  std::unique_ptr<Host> host;
  std::string first;
};

BOOST_AUTO_TEST_SUITE(git_host)

BOOST_FIXTURE_TEST_CASE(a_topic_branch_is_reviewed_as_a_whole_against_the_default_branch, Server) {
  git("clone", {"checkout", "--quiet", "-b", "topic"});
  std::string one = push("topic", "one.tf", "x = 1\n");
  std::string two = push("topic", "two.tf", "y = 1\n");
  Snapshot snapshot = fetch(event("refs/heads/topic", one, two));
  BOOST_TEST(paths(snapshot.diff) == (std::vector<std::string>{"one.tf", "two.tf"}),
             boost::test_tools::per_element());
  BOOST_TEST(snapshot.change.base_sha == first);
  BOOST_TEST(snapshot.change.head_sha == two);
  BOOST_TEST(snapshot.change.base_ref == "main");
  BOOST_TEST(snapshot.change.head_ref == "topic");
  BOOST_TEST(snapshot.change.author == "ada");
  BOOST_REQUIRE(snapshot.commits.size() == 2);
  BOOST_TEST(snapshot.commits[0].message == "change one.tf\n");
  BOOST_TEST(paths(*snapshot.commits[1].patch) == std::vector<std::string>{"two.tf"},
             boost::test_tools::per_element());
  BOOST_TEST(snapshot.policy_files.size() == 1U);
  BOOST_TEST(snapshot.missing.empty());
}

BOOST_FIXTURE_TEST_CASE(a_change_never_brings_its_own_policy, Server) {
  git("clone", {"checkout", "--quiet", "-b", "topic"});
  std::string topic = push("topic", ".fanlight.yml", "version: 1\nopenness: private\n");
  BOOST_TEST(fetch(event("refs/heads/topic", null_id, topic)).policy_files[".fanlight.yml"] ==
             "version: 1\n");
  // Nor does a push to the default branch itself.
  git("clone", {"checkout", "--quiet", "main"});
  std::string second = push("main", ".fanlight.yml", "version: 1\nopenness: public\n");
  BOOST_TEST(fetch(event("refs/heads/main", first, second)).policy_files[".fanlight.yml"] == "version: 1\n");
}

BOOST_FIXTURE_TEST_CASE(the_default_branch_is_reviewed_from_its_old_tip, Server) {
  std::string second = push("main", "b.tf", "b = 1\n");
  Snapshot snapshot = fetch(event("refs/heads/main", first, second));
  BOOST_TEST(paths(snapshot.diff) == std::vector<std::string>{"b.tf"}, boost::test_tools::per_element());
  BOOST_TEST(snapshot.change.base_sha == first);
}

BOOST_FIXTURE_TEST_CASE(pushes_that_became_one_review_are_all_in_it, Server) {
  put_note(fetch(event("refs/heads/main", null_id, first)).change, "looked at");
  std::string second = push("main", "b.tf", "b = 1\n");
  std::string third = push("main", "c.tf", "c = 1\n");
  // The job of `second` was absorbed: only the last event is asked about.
  Snapshot snapshot = fetch(event("refs/heads/main", second, third));
  BOOST_TEST(snapshot.change.base_sha == first);
  BOOST_TEST(paths(snapshot.diff) == (std::vector<std::string>{"b.tf", "c.tf"}),
             boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(the_newest_head_is_read_whatever_the_event_says, Server) {
  git("clone", {"checkout", "--quiet", "-b", "topic"});
  std::string one = push("topic", "one.tf", "x = 1\n");
  std::string two = push("topic", "two.tf", "y = 1\n");
  BOOST_TEST(fetch(event("refs/heads/topic", null_id, one)).change.head_sha == two);
}

BOOST_FIXTURE_TEST_CASE(the_first_push_and_a_branch_without_common_history_start_at_nothing, Server) {
  Snapshot whole = fetch(event("refs/heads/main", null_id, first));
  BOOST_TEST(paths(whole.diff) == (std::vector<std::string>{".fanlight.yml", "main.tf"}),
             boost::test_tools::per_element());
  BOOST_TEST(whole.policy_files.empty());
  git("clone", {"checkout", "--quiet", "--orphan", "lonely"});
  std::string lonely = push("lonely", "l.tf", "l = 1\n");
  Snapshot other = fetch(event("refs/heads/lonely", null_id, lonely));
  BOOST_TEST(other.diff.files.size() == 3U);
  BOOST_TEST(other.policy_files.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_tag_is_looked_at_like_a_branch, Server) {
  git("clone", {"checkout", "--quiet", "-b", "topic"});
  commit("clone", "t.tf", "t = 1\n");
  git("clone", {"tag", "-a", "v1", "-m", "release"});
  git("clone", {"push", "--quiet", "origin", "v1"});
  std::string tag = git("clone", {"rev-parse", "v1"});
  Snapshot snapshot = fetch(event("refs/tags/v1", null_id, tag));
  BOOST_TEST(paths(snapshot.diff) == std::vector<std::string>{"t.tf"}, boost::test_tools::per_element());
  BOOST_TEST(snapshot.change.title == "v1");
  // A tag of a file has nothing to compare: that is said, not passed over.
  std::string blob = git("clone", {"rev-parse", "HEAD:t.tf"});
  git("clone", {"push", "--quiet", "origin", blob + ":refs/tags/blob"});
  Snapshot missing = fetch(event("refs/tags/blob", null_id, blob));
  BOOST_REQUIRE(missing.missing.size() == 1);
  BOOST_TEST(missing.missing[0].reason == "it names no commit");
}

BOOST_FIXTURE_TEST_CASE(a_branch_that_is_gone_is_a_closed_change, Server) {
  git("clone", {"checkout", "--quiet", "-b", "topic"});
  std::string topic = push("topic", "t.tf", "t = 1\n");
  git("clone", {"push", "--quiet", "origin", ":topic"});
  BOOST_TEST(!fetch(event("refs/heads/topic", null_id, topic)).change.open);
}

BOOST_FIXTURE_TEST_CASE(what_is_over_a_limit_is_named, Server) {
  git("clone", {"checkout", "--quiet", "-b", "topic"});
  push("topic", "dump.sql", std::string(200'000, 'x') + "\n");
  std::string head = push("topic", "small.tf", "s = 1\n");
  FetchLimits limits;
  limits.diff_bytes_max = 50'000;
  Snapshot snapshot = fetch(event("refs/heads/topic", null_id, head), limits);
  BOOST_TEST(paths(snapshot.diff) == std::vector<std::string>{"small.tf"}, boost::test_tools::per_element());
  BOOST_REQUIRE(snapshot.missing.size() == 2);
  BOOST_TEST(snapshot.missing[0].what == "dump.sql");
  BOOST_TEST(snapshot.missing[1].what == "commit " + snapshot.commits[0].sha.substr(0, 7));
  BOOST_TEST(!snapshot.commits[0].patch);
  BOOST_TEST(snapshot.commits[1].patch.has_value());

  limits = {};
  limits.commits_max = 1;
  snapshot = fetch(event("refs/heads/topic", null_id, head), limits);
  BOOST_REQUIRE(snapshot.missing.size() == 1);
  BOOST_TEST(snapshot.missing[0].what == "the oldest commits");
  BOOST_REQUIRE(snapshot.commits.size() == 1);
  BOOST_TEST(snapshot.commits[0].sha == head);
}

BOOST_FIXTURE_TEST_CASE(a_diff_that_cannot_be_read_is_named, Server) {
  DiffParser refusing;
  refusing.diff = [](std::string) -> Result<Diff> {
    return fail(ErrorCode::too_large, "diff: too many lines");
  };
  GitConfig config{.name = "git", .root = path("root"), .hook_secret = Secret("made up"), .notes_ref = notes};
  host = std::move(*make_git(config, {}, clock, refusing));
  Snapshot snapshot = fetch(event("refs/heads/main", null_id, first));
  BOOST_REQUIRE(snapshot.missing.size() == 2);
  BOOST_TEST(snapshot.missing[0].what == "the diff");
  BOOST_TEST(snapshot.missing[0].reason == "diff: too many lines");
  BOOST_TEST(snapshot.commits.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_push_in_quarantine_can_be_read_before_it_is_accepted, Server) {
  git("clone", {"checkout", "--quiet", "-b", "topic"});
  std::string head = commit("clone", "q.tf", "q = 1\n");
  // What receive-pack does: the new objects in a folder of their own, the reference not moved.
  std::string objects = path("root/team/infra.git/objects");
  std::string quarantine = objects + "/tmp_objdir-incoming-t1";
  std::filesystem::create_directories(quarantine + "/pack");
  write("list", first + "\n");
  git("clone", {"repack", "-a", "-d", "--quiet"});
  for (const auto& entry : std::filesystem::directory_iterator(path("clone/.git/objects/pack")))
    std::filesystem::copy(entry.path(), quarantine + "/pack");
  Event waiting = event("refs/heads/topic", null_id, head, "tmp_objdir-incoming-t1");
  Snapshot snapshot = fetch(waiting);
  BOOST_TEST(paths(snapshot.diff) == std::vector<std::string>{"q.tf"}, boost::test_tools::per_element());
  auto files = run(host->fetch_files(snapshot.change, {"q.tf", "absent"}, {}, soon())).value();
  BOOST_TEST(files.size() == 1U);
  BOOST_TEST(files["q.tf"] == "q = 1\n");
  BOOST_TEST(put_note(snapshot.change, "x").detail == "no note: the push is not accepted yet");
  // Refused or given up: git has removed the folder.
  std::filesystem::remove_all(quarantine);
  auto over = try_fetch(waiting);
  BOOST_REQUIRE(!over);
  BOOST_TEST((over.error().code == ErrorCode::not_found), over.error().text);
}

BOOST_FIXTURE_TEST_CASE(a_note_is_written_once_edited_when_it_changes_and_left_alone_otherwise, Server) {
  Change change = fetch(event("refs/heads/main", null_id, first)).change;
  BOOST_TEST(put_note(change, "**Nothing to fix.**\n\n\n# x ").detail.starts_with("note written on "));
  BOOST_TEST(put_note(change, "**Nothing to fix.**\n\n\n# x ").detail == "note unchanged");
  BOOST_TEST(put_note(change, "**One thing to fix.**").detail.starts_with("note edited on "));
  BOOST_TEST(git("root/team/infra.git", {"notes", "--ref=fanlight", "show", first}) ==
             "**One thing to fix.**");
  auto other = run(host->apply(change, Diff{}, SetStatus{}, true, soon()));
  BOOST_TEST(other.has_value());
}

BOOST_FIXTURE_TEST_CASE(nothing_outside_the_root_is_opened, Server) {
  git("", {"init", "--quiet", "--bare", "outside.git"});
  std::filesystem::create_directory_symlink(path("outside.git"), path("root/link.git"));
  std::filesystem::create_directories(path("root/plain"));
  git("",
      {"init", "--quiet", "--bare", "root"});  // a repository around the folder is not the one that was named
  struct Row {
    const char* repository;
    ErrorCode code;
  };
  const Row rows[] = {{"link.git", ErrorCode::forbidden},
                      {"absent.git", ErrorCode::not_found},
                      {"plain", ErrorCode::not_found}};
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.repository) {
      Event what = event("refs/heads/main", null_id, first);
      what.change.repository = row.repository;
      auto snapshot = try_fetch(what);
      BOOST_REQUIRE(!snapshot);
      BOOST_TEST((snapshot.error().code == row.code), snapshot.error().text);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_wrong_configuration_is_one_clear_line, Server) {
  struct Row {
    const char* name;
    GitConfig config;
    const char* text;
  };
  const Row rows[] = {
      {"no such root",
       {.name = "git", .root = path("absent"), .hook_secret = Secret("s"), .notes_ref = notes},
       "no such folder"},
      {"whole machine",
       {.name = "git", .root = "/", .hook_secret = Secret("s"), .notes_ref = notes},
       "not the whole machine"},
      {"no secret",
       {.name = "git", .root = path("root"), .hook_secret = {}, .notes_ref = notes},
       "hook_secret is empty"},
      {"notes elsewhere",
       {.name = "git", .root = path("root"), .hook_secret = Secret("s"), .notes_ref = "refs/heads/main"},
       "refs/notes/"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      auto made = make_git(row.config, {}, clock, counting_parser());
      BOOST_REQUIRE(!made);
      BOOST_TEST(made.error().text.find(row.text) != std::string::npos, made.error().text);
      BOOST_TEST(made.error().text.find('\n') == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::host
