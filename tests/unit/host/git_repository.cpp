#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "fanlight/host/git_repository.hpp"
#include "unit/host/git_sandbox.hpp"

namespace fanlight::host {
namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

GitRepository open(const GitSandbox& box, const std::string& name) {
  auto repository = GitRepository::open(box.path(name), GitTrust::anybody, soon());
  BOOST_REQUIRE_MESSAGE(repository, repository.error().text);
  return std::move(*repository);
}

struct Repository : GitSandbox {
  Repository() {
    write("work/README.md", "hello\n");
    git("", {"init", "--quiet", "work"});
    first = commit("work", "main.tf", "a = 1\nb = 2\n", "first");
  }
  std::string first;
};

BOOST_AUTO_TEST_SUITE(git_repository)

BOOST_AUTO_TEST_CASE(names_of_references) {
  struct Row {
    const char* ref;
    bool good;
  };
  const Row rows[] = {
      {"refs/heads/main", true},
      {"refs/heads/topic/new-service", true},
      {"refs/tags/v1.0", true},
      {"refs/heads/\xC3\xBC", true},
      {"main", false},
      {"refs/heads/", false},
      {"refs/heads/a..b", false},
      {"refs/heads/a b", false},
      {"refs/heads/a:b", false},
      {"refs/heads/.a", false},
      {"refs/heads/a.lock", false},
      {"refs/heads//a", false},
      {"refs/heads/a\x1b", false},
      {"refs/heads/a@{1}", false},
      {"--upload-pack=x", false},
  };
  for (const Row& row : rows) BOOST_TEST_CONTEXT(row.ref) {
      BOOST_TEST(is_ref_name(row.ref) == row.good);
    }
}

BOOST_FIXTURE_TEST_CASE(opens_bare_repositories_work_trees_and_folders_inside, Repository) {
  write("work/modules/vpc/main.tf", "");
  git("", {"clone", "--quiet", "--bare", "work", "bare.git"});
  BOOST_TEST(open(*this, "work").work_tree() == path("work"));
  BOOST_TEST(open(*this, "work").git_dir() == path("work/.git"));
  BOOST_TEST(open(*this, "work/modules/vpc").git_dir() == path("work/.git"));
  BOOST_TEST(open(*this, "bare.git").git_dir() == path("bare.git"));
  BOOST_TEST(open(*this, "bare.git").work_tree() == "");
  BOOST_TEST(open(*this, "bare.git").objects_dir() == path("bare.git/objects"));
}

BOOST_FIXTURE_TEST_CASE(opens_a_linked_work_tree, Repository) {
  git("work", {"worktree", "add", "--quiet", path("linked"), "-b", "side"});
  GitRepository repository = open(*this, "linked");
  BOOST_TEST(repository.work_tree() == path("linked"));
  BOOST_TEST(repository.objects_dir() == path("work/.git/objects"));
  BOOST_TEST(repository.resolve("HEAD", soon()).value() == first);
}

BOOST_FIXTURE_TEST_CASE(what_is_no_repository_says_so, GitSandbox) {
  std::filesystem::create_directories(path("empty"));
  write("file", "");
  for (const char* name : {"empty", "absent", "file"}) {
    BOOST_TEST_CONTEXT(name) {
      auto repository = GitRepository::open(path(name), GitTrust::anybody, soon());
      BOOST_REQUIRE(!repository);
      BOOST_TEST((repository.error().code == ErrorCode::not_found), repository.error().text);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(resolves_what_names_a_commit_and_nothing_that_is_an_option, Repository) {
  std::string second = commit("work", "main.tf", "a = 1\nb = 3\n", "second");
  git("work", {"tag", "-a", "v1", "-m", "release"});
  GitRepository repository = open(*this, "work");
  struct Row {
    const char* revision;
    std::string id;
    ErrorCode code;
  };
  const Row rows[] = {
      {"HEAD", second, {}},
      {"HEAD~1", first, {}},
      {"main", second, {}},
      {"v1", second, {}},
      {"refs/heads/main", second, {}},
      {"absent", "", ErrorCode::not_found},
      {"HEAD:main.tf", "", ErrorCode::not_found},
      {"", "", ErrorCode::bad_input},
      {"--all", "", ErrorCode::bad_input},
      {"-p", "", ErrorCode::bad_input},
      {"main..v1", "", ErrorCode::bad_input},
      {"a\nb", "", ErrorCode::bad_input},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.revision) {
      auto id = repository.resolve(row.revision, soon());
      BOOST_REQUIRE(id.has_value() == !row.id.empty());
      if (id) BOOST_TEST(*id == row.id);
      if (!id) BOOST_TEST((id.error().code == row.code), id.error().text);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_range_starts_where_the_head_left_its_base, Repository) {
  git("work", {"checkout", "--quiet", "-b", "topic"});
  std::string topic = commit("work", "topic.tf", "t = 1\n");
  git("work", {"checkout", "--quiet", "main"});
  commit("work", "other.tf", "o = 1\n");
  git("work", {"checkout", "--quiet", "--orphan", "lonely"});
  std::string lonely = commit("work", "lonely.tf", "l = 1\n");
  GitRepository repository = open(*this, "work");
  for (const char* range : {"main..topic", "main...topic"}) {
    auto result = repository.resolve_range(range, soon()).value();
    BOOST_TEST(result.base == first);
    BOOST_TEST(result.head == topic);
  }
  BOOST_TEST(repository.resolve_range("main..", soon()).value().head == lonely);
  BOOST_TEST(repository.resolve_range("main..lonely", soon()).value().base == repository.empty_tree());
}

BOOST_FIXTURE_TEST_CASE(commits_come_oldest_first_with_their_authors_and_whole_messages, Repository) {
  commit("work", "a", "1\n", "second\n\nwith a body\nof two lines");
  std::string third = commit("work", "b", "1\n", "third");
  GitRepository repository = open(*this, "work");
  auto commits = repository.commits(first, third, 10, soon()).value();
  BOOST_REQUIRE(commits.size() == 2);
  BOOST_TEST(commits[0].message == "second\n\nwith a body\nof two lines\n");
  BOOST_TEST(commits[0].author_name == "Ada");
  BOOST_TEST(commits[0].author_email == "ada@example.org");
  BOOST_TEST(commits[0].parents.size() == 1);
  BOOST_TEST(commits[1].sha == third);
  // From the empty tree on it is all of history; a limit keeps the newest.
  BOOST_TEST(repository.commits(repository.empty_tree(), third, 10, soon()).value().size() == 3);
  auto newest = repository.commits(repository.empty_tree(), third, 1, soon()).value();
  BOOST_REQUIRE(newest.size() == 1);
  BOOST_TEST(newest[0].sha == third);
}

BOOST_FIXTURE_TEST_CASE(a_diff_is_the_same_whatever_the_repository_configures, Repository) {
  std::string second = commit("work", "main.tf", "a = 1\nb = 3\n", "second");
  GitRepository repository = open(*this, "work");
  std::string plain = repository.diff(first, second, 1 << 20, soon()).value();
  BOOST_TEST(contains(plain, "--- a/main.tf\n+++ b/main.tf\n@@ -1,2 +1,2 @@\n a = 1\n-b = 2\n+b = 3\n"));

  write("evil.sh", "#!/bin/sh\ntouch " + path("ran") + "\n");
  std::filesystem::permissions(path("evil.sh"), std::filesystem::perms::owner_all);
  const char* settings[] = {"diff.noprefix=true",   "diff.mnemonicPrefix=true", "color.ui=always",
                            "diff.context=0",       "diff.external=EVIL",       "core.fsmonitor=EVIL",
                            "core.pager=EVIL",      "pager.diff-tree=EVIL",     "diff.tf.textconv=EVIL",
                            "diff.tf.command=EVIL", "diff.algorithm=patience",  "diff.orderFile=EVIL",
                            "core.hooksPath=.",     "diff.relative=true",       "core.bigFileThreshold=1"};
  write("work/.gitattributes", "*.tf -diff\n");
  write("work/.git/info/attributes", "*.md diff=tf\n");
  for (std::string setting : settings) {
    if (auto at = setting.find("EVIL"); at != std::string::npos) setting.replace(at, 4, path("evil.sh"));
    auto equals = setting.find('=');
    git("work", {"config", setting.substr(0, equals), setting.substr(equals + 1)});
  }
  BOOST_TEST(repository.diff(first, second, 1 << 20, soon()).value() == plain);
  BOOST_TEST(!std::filesystem::exists(path("ran")));
}

BOOST_FIXTURE_TEST_CASE(committed_attributes_hide_nothing, Repository) {
  commit("work", ".gitattributes", "* -diff\n*.md binary\n");
  std::string second = commit("work", "main.tf", "password = 1\n");
  git("", {"clone", "--quiet", "--bare", "work", "bare.git"});
  for (const char* name : {"work", "bare.git"}) {
    BOOST_TEST_CONTEXT(name) {
      GitRepository repository = open(*this, name);
      std::string diff = repository.diff(first, second, 1 << 20, soon()).value();
      BOOST_TEST(contains(diff, "+password = 1\n"));
      auto commits = repository.commits(first, second, 10, soon()).value();
      BOOST_TEST(
          contains(repository.patches(commits, 1 << 20, 1 << 20, soon()).value()[second], "+password = 1\n"));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(replace_refs_hide_nothing, Repository) {
  std::string second = commit("work", "main.tf", "password = 1\n");
  git("work", {"replace", second, first});
  BOOST_TEST(contains(open(*this, "work").diff(first, second, 1 << 20, soon()).value(), "+password = 1\n"));
}

BOOST_FIXTURE_TEST_CASE(a_diff_over_the_limit_is_too_large, Repository) {
  std::string second = commit("work", "big", std::string(100'000, 'x') + "\n");
  auto diff = open(*this, "work").diff(first, second, 50'000, soon());
  BOOST_REQUIRE(!diff);
  BOOST_TEST((diff.error().code == ErrorCode::too_large));
}

BOOST_FIXTURE_TEST_CASE(only_the_wanted_paths_and_none_is_a_pattern, Repository) {
  write("work/*.tf", "star = 1\n");
  std::string second = commit("work", "main.tf", "a = 2\n");
  GitRepository repository = open(*this, "work");
  std::string diff = repository.diff(first, second, 1 << 20, soon(), {"*.tf"}).value();
  BOOST_TEST(contains(diff, "+star = 1\n"));
  BOOST_TEST(!contains(diff, "+a = 2\n"));
  auto paths = repository.changed_paths(first, second, soon()).value();
  BOOST_TEST(paths == (std::vector<std::string>{"*.tf", "main.tf"}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(staged_changes_with_and_without_a_first_commit, Repository) {
  write("work/new.tf", "n = 1\n");
  git("work", {"add", "new.tf"});
  write("work/main.tf", "not staged\n");
  std::string diff = open(*this, "work").staged_diff(1 << 20, soon()).value();
  BOOST_TEST(contains(diff, "+n = 1\n"));
  BOOST_TEST(!contains(diff, "not staged"));
  BOOST_TEST(*open(*this, "work").files(":", {"new.tf"}, 100, 100, soon()).value()["new.tf"].text ==
             "n = 1\n");

  git("", {"init", "--quiet", "fresh"});
  write("fresh/first.tf", "f = 1\n");
  write("fresh/sub/second.tf", "s = 1\n");
  write("fresh/sub/third.tf", "not staged\n");
  git("fresh", {"add", "first.tf", "sub/second.tf"});
  const std::vector<std::string> staged{"first.tf", "sub/second.tf"};
  for (const char* folder : {"fresh", "fresh/sub"})
    BOOST_TEST(open(*this, folder).list_files(":", soon()).value() == staged,
               boost::test_tools::per_element());
  BOOST_TEST(contains(open(*this, "fresh").staged_diff(1 << 20, soon()).value(), "+f = 1\n"));
}

BOOST_FIXTURE_TEST_CASE(each_commit_shows_what_it_did_itself, Repository) {
  std::string second = commit("work", "main.tf", "a = 1\nb = leak\n");
  std::string empty = [&] {
    git("work", {"commit", "--quiet", "--allow-empty", "-m", "empty"});
    return git("work", {"rev-parse", "HEAD"});
  }();
  std::string third = commit("work", "main.tf", "a = 1\nb = 2\n");
  GitRepository repository = open(*this, "work");
  auto commits = repository.commits(repository.empty_tree(), third, 10, soon()).value();
  auto patches = repository.patches(commits, 1 << 20, 1 << 20, soon()).value();
  BOOST_TEST(patches.size() == 4);
  BOOST_TEST(contains(patches[first], "+a = 1\n"));
  BOOST_TEST(contains(patches[second], "+b = leak\n"));
  BOOST_TEST(patches[empty] == "");
  BOOST_TEST(contains(patches[third], "-b = leak\n"));
}

BOOST_FIXTURE_TEST_CASE(one_huge_commit_hides_no_other, Repository) {
  std::string huge = commit("work", "dump.sql", std::string(200'000, 'x') + "\n");
  std::string after = commit("work", "main.tf", "a = leak\n");
  GitRepository repository = open(*this, "work");
  auto commits = repository.commits(first, after, 10, soon()).value();
  for (std::size_t total : {1'000'000, 100'000}) {
    auto patches = repository.patches(commits, 50'000, total, soon()).value();
    BOOST_TEST(!patches.contains(huge));
    BOOST_TEST(contains(patches[after], "+a = leak\n"));
  }
}

BOOST_FIXTURE_TEST_CASE(a_merge_shows_what_no_parent_had, Repository) {
  git("work", {"checkout", "--quiet", "-b", "topic"});
  commit("work", "topic.tf", "t = 1\n");
  git("work", {"checkout", "--quiet", "main"});
  commit("work", "main.tf", "a = 1\nb = 2\nc = 3\n");
  git("work", {"merge", "--quiet", "--no-ff", "--no-commit", "topic"});
  std::string merge = commit("work", "main.tf", "a = 1\nb = 2\nsneaked = in\nc = 3\n", "merge");
  GitRepository repository = open(*this, "work");
  auto commits = repository.commits(first, merge, 10, soon()).value();
  BOOST_REQUIRE(commits.back().parents.size() == 2);
  std::string patch = repository.patches({commits.back()}, 1 << 20, 1 << 20, soon()).value()[merge];
  BOOST_TEST(contains(patch, "diff --git a/main.tf b/main.tf\n"));
  BOOST_TEST(contains(patch, "+sneaked = in\n"));
  BOOST_TEST(!contains(patch, "+c = 3"));
  BOOST_TEST(!contains(patch, "t = 1"));
}

BOOST_AUTO_TEST_CASE(combined_diffs_become_plain_ones) {
  struct Row {
    const char* name;
    const char *combined, *plain;
  };
  const Row rows[] = {
      {"added to both, taken from one",
       "diff --cc f\nindex 1,2..3\n--- a/f\n+++ b/f\n@@@ -1,2 -1,2 +1,3 @@@\n  a\n++new\n +theirs\n- ours\n",
       "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\n+new\n theirs\n"},
      {"removed from both", "diff --cc f\n--- a/f\n+++ b/f\n@@@ -3,2 -3,2 +3,1 @@@\n  a\n--gone\n",
       "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -3,2 +3,1 @@\n a\n-gone\n"},
      {"new file, quoted name",
       "diff --cc \"f\\303\\274\"\nnew file mode 100644\n--- /dev/null\n+++ \"b/f\\303\\274\"\n@@@ -0,0 -0,0 "
       "+1,1 @@@\n++x\n",
       "diff --git \"a/f\\303\\274\" \"b/f\\303\\274\"\nnew file mode 100644\n--- /dev/null\n+++ "
       "\"b/f\\303\\274\"\n"
       "@@ -0,0 +1,1 @@\n+x\n"},
      {"three parents", "diff --cc f\n--- a/f\n+++ b/f\n@@@@ -1 -1 -1 +1,2 @@@@\n   a\n+++b\n",
       "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,1 +1,2 @@\n a\n+b\n"},
      {"a line that looks like a header stays a line",
       "diff --cc f\n--- a/f\n+++ b/f\n@@@ -0,0 -0,0 +1,1 @@@\n++ diff --cc g\n",
       "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -0,0 +1,1 @@\n+ diff --cc g\n"},
      {"nothing", "", ""},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      auto plain = plain_from_combined(row.combined);
      BOOST_REQUIRE_MESSAGE(plain, plain.error().text);
      BOOST_TEST(*plain == row.plain);
    }
  }
  BOOST_TEST(!plain_from_combined("hello\n").has_value());
  BOOST_TEST(!plain_from_combined("diff --cc f\n@@@ nonsense\n").has_value());
}

BOOST_FIXTURE_TEST_CASE(files_at_a_commit_within_their_limits, Repository) {
  write("work/a b\nc.txt", "odd name\n");
  write("work/ten.txt", "0123456789");
  std::filesystem::create_symlink("/etc/passwd", path("work/link"));
  std::string second = commit("work", "dir/deep.tf", "d = 1\n");
  GitRepository repository = open(*this, "work");

  auto files = repository
                   .files(second, {"a b\nc.txt", "ten.txt", "dir", "absent", "no\nsuch", "dir/deep.tf"}, 10,
                          100, soon())
                   .value();
  BOOST_TEST(files["a b\nc.txt"].text.value() == "odd name\n");
  BOOST_TEST(files["ten.txt"].text.value() == "0123456789");
  BOOST_TEST(files["dir/deep.tf"].text.value() == "d = 1\n");
  BOOST_TEST(!files["dir"].text);
  BOOST_TEST(!files["absent"].text);
  BOOST_TEST(!files["no\nsuch"].text);

  files = repository.files(second, {"ten.txt"}, 9, 100, soon()).value();
  BOOST_TEST(!files["ten.txt"].text);
  BOOST_TEST(files["ten.txt"].bytes == 10U);
  files = repository.files(second, {"dir/deep.tf", "ten.txt"}, 100, 15, soon()).value();
  BOOST_TEST(files["dir/deep.tf"].text.has_value());
  BOOST_TEST(!files["ten.txt"].text);

  auto names = repository.list_files(second, soon()).value();
  BOOST_TEST(std::ranges::count(names, "a b\nc.txt") == 1);
  BOOST_TEST(std::ranges::count(names, "link") == 0);
}

BOOST_FIXTURE_TEST_CASE(a_note_is_written_once_and_replaced, Repository) {
  git("", {"clone", "--quiet", "--bare", "work", "bare.git"});
  GitRepository repository = open(*this, "bare.git");
  const std::string ref = "refs/notes/fanlight";
  BOOST_TEST(!repository.note(ref, first, soon()).value());
  BOOST_TEST(repository.noted(ref, soon()).value().empty());
  BOOST_REQUIRE(repository.put_note(ref, first, "# one\n\ntwo\n", soon()));
  BOOST_TEST(repository.note(ref, first, soon()).value().value() == "# one\n\ntwo\n");
  BOOST_REQUIRE(repository.put_note(ref, first, "three\n", soon()));
  BOOST_TEST(repository.note(ref, first, soon()).value().value() == "three\n");
  BOOST_TEST(repository.noted(ref, soon()).value() == std::vector<std::string>{first},
             boost::test_tools::per_element());
  BOOST_TEST(git("bare.git", {"log", "-1", "--format=%an", "refs/notes/fanlight"}) == "fanlight");
}

BOOST_FIXTURE_TEST_CASE(configuration_is_read_or_absent, Repository) {
  git("work", {"config", "fanlight.url", "http://127.0.0.1:8080"});
  GitRepository repository = open(*this, "work");
  BOOST_TEST(repository.config("fanlight.url", soon()).value().value() == "http://127.0.0.1:8080");
  BOOST_TEST(!repository.config("fanlight.whenDown", soon()).value());
}

BOOST_FIXTURE_TEST_CASE(a_quarantine_is_only_a_folder_of_incoming_objects, Repository) {
  GitRepository repository = open(*this, "work");
  std::filesystem::create_directories(path("work/.git/objects/tmp_objdir-incoming-a1"));
  std::filesystem::create_directory_symlink("/etc", path("work/.git/objects/tmp_objdir-incoming-link"));
  BOOST_TEST(repository.read_quarantine("tmp_objdir-incoming-a1").has_value());
  struct Row {
    const char* name;
    ErrorCode code;
  };
  const Row rows[] = {{"tmp_objdir-incoming-gone", ErrorCode::not_found},
                      {"tmp_objdir-incoming-link", ErrorCode::not_found},
                      {"tmp_objdir-/../../../other", ErrorCode::bad_input},
                      {"pack", ErrorCode::bad_input},
                      {"..", ErrorCode::bad_input},
                      {"incoming-a:b", ErrorCode::bad_input},
                      {"", ErrorCode::bad_input}};
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      auto result = repository.read_quarantine(row.name);
      BOOST_REQUIRE(!result);
      BOOST_TEST((result.error().code == row.code), result.error().text);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::host
