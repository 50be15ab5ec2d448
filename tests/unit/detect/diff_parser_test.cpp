#include "fanlight/detect/diff_parser.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

using namespace fanlight;

namespace {

// A diff as one line per file: "status old -> new [binary] [modes]" and its lines as "kind old new text".
std::string describe(const std::vector<Hunk>& hunks) {
  std::string out;
  for (const Hunk& hunk : hunks) {
    out += fmt::format("@{},{} {},{}\n", hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count);
    for (const DiffLine& line : hunk.lines) {
      const char marker = line.kind == LineKind::added ? '+' : line.kind == LineKind::removed ? '-' : ' ';
      out += fmt::format("{}{}:{}:{}{}\n", marker, line.old_line, line.new_line, line.text,
                         line.newline_at_end ? "" : "<eof>");
    }
  }
  return out;
}

std::string describe(const Diff& diff) {
  constexpr const char* statuses[] = {"modified", "added", "removed", "renamed", "copied", "mode_changed"};
  std::string out;
  for (const FileDiff& file : diff.files) {
    out += fmt::format("{} {} -> {}", statuses[static_cast<int>(file.status)], file.old_path, file.new_path);
    if (file.binary) out += " binary";
    if (!file.old_mode.empty() || !file.new_mode.empty())
      out += fmt::format(" {}:{}", file.old_mode, file.new_mode);
    out += "\n" + describe(file.hunks);
  }
  return out;
}

struct Row {
  const char* name;
  std::string diff;
  std::string expected;
};

const Row kGood[] = {
    {"an empty text is an empty diff", "", ""},
    {"blank lines are an empty diff", "\n\n", ""},
    {"a modified file",
     "diff --git a/x.tf b/x.tf\nindex 1..2 100644\n--- a/x.tf\n+++ b/x.tf\n@@ -1,2 +1,3 @@ resource\n "
     "one\n-two\n+2\n+3\n",
     "modified x.tf -> x.tf 100644:100644\n@1,2 1,3\n 1:1:one\n-2:0:two\n+0:2:2\n+0:3:3\n"},
    {"counts of one are left out", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -7 +9 @@\n-a\n+b\n",
     "modified x -> x\n@7,1 9,1\n-7:0:a\n+0:9:b\n"},
    {"two hunks", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -5,0 +6,1 @@\n+c\n",
     "modified x -> x\n@1,1 1,1\n-1:0:a\n+0:1:b\n@5,0 6,1\n+0:6:c\n"},
    {"no newline at the end, before and after",
     "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n"
     "\\ No newline at end of file\n",
     "modified x -> x\n@1,1 1,1\n-1:0:a<eof>\n+0:1:b<eof>\n"},
    {"a new file",
     "diff --git a/x b/x\nnew file mode 100755\nindex 0000000..2\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 "
     "@@\n+a\n",
     "added x -> x :100755\n@0,0 1,1\n+0:1:a\n"},
    {"an empty new file",
     "diff --git a/dir/my file b/dir/my file\nnew file mode 100644\nindex 0000000..e69de29\n",
     "added dir/my file -> dir/my file :100644\n"},
    {"a removed file",
     "diff --git a/x b/x\ndeleted file mode 100644\nindex 2..0000000\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 "
     "@@\n-a\n",
     "removed x -> x 100644:\n@1,1 0,0\n-1:0:a\n"},
    {"a rename without a change",
     "diff --git a/old name b/new name\nsimilarity index 100%\nrename from old name\nrename to new name\n",
     "renamed old name -> new name\n"},
    {"a rename with a change and modes",
     "diff --git a/o b/n\nold mode 100644\nnew mode 100755\nsimilarity index 90%\nrename from o\nrename to "
     "n\n"
     "index 1..2\n--- a/o\n+++ b/n\n@@ -1 +1 @@\n-a\n+b\n",
     "renamed o -> n 100644:100755\n@1,1 1,1\n-1:0:a\n+0:1:b\n"},
    {"a copy", "diff --git a/o b/n\nsimilarity index 100%\ncopy from o\ncopy to n\n", "copied o -> n\n"},
    {"only the mode", "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n",
     "mode_changed x -> x 100644:100755\n"},
    {"quoted paths with octal escapes",
     "diff --git \"a/f\\303\\251\\t\\\"q\\\".tf\" \"b/f\\303\\251\\t\\\"q\\\".tf\"\n--- "
     "\"a/f\\303\\251\\t\\\"q\\\".tf\"\n"
     "+++ \"b/f\\303\\251\\t\\\"q\\\".tf\"\n@@ -1 +1 @@\n-a\n+b\n",
     "modified f\xc3\xa9\t\"q\".tf -> f\xc3\xa9\t\"q\".tf\n@1,1 1,1\n-1:0:a\n+0:1:b\n"},
    {"a path with a blank ends at the tab",
     "diff --git a/my x b/my x\n--- a/my x\t\n+++ b/my x\t\n@@ -1 +1 @@\n-a\n+b\n",
     "modified my x -> my x\n@1,1 1,1\n-1:0:a\n+0:1:b\n"},
    {"a path that looks like two", "diff --git a/x b/x b/x b/x\nnew file mode 100644\n",
     "added x b/x -> x b/x :100644\n"},
    {"a diff without prefixes",
     "diff --git b/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n",
     "added b/x -> b/x :100644\n@0,0 1,1\n+0:1:a\n"},
    {"mnemonic prefixes", "diff --git i/x w/x\n--- i/x\n+++ w/x\n@@ -1 +1 @@\n-a\n+b\n",
     "modified x -> x\n@1,1 1,1\n-1:0:a\n+0:1:b\n"},
    {"binary files differ",
     "diff --git a/x.png b/x.png\nindex 1..2 100644\nBinary files a/x.png and b/x.png differ\n",
     "modified x.png -> x.png binary 100644:100644\n"},
    {"binary files of two folders differ",
     "diff --git a/old/x and y.png b/new/x and y.png\nindex 1..2 100644\n"
     "Binary files a/old/x and y.png and b/new/x and y.png differ\n",
     "modified new/x and y.png -> new/x and y.png binary 100644:100644\n"},
    {"a binary file is new",
     "diff --git a/x.png b/x.png\nnew file mode 100644\nindex 0..2\nBinary files /dev/null and b/x.png "
     "differ\n",
     "added x.png -> x.png binary :100644\n"},
    {"a binary patch is skipped",
     "diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKcmZQzU|?imU\n\nliteral 2\nJcmZ\n\n"
     "diff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n",
     "modified x -> x binary 100644:100644\nmodified y -> y\n@1,1 1,1\n-1:0:a\n+0:1:b\n"},
    {"a submodule",
     "diff --git a/lib b/lib\nindex 1..2 160000\n--- a/lib\n+++ b/lib\n@@ -1 +1 @@\n-Subproject commit 1\n"
     "+Subproject commit 2\n",
     "modified lib -> lib 160000:160000\n@1,1 1,1\n-1:0:Subproject commit 1\n+0:1:Subproject commit 2\n"},
    {"CRLF in the file is kept", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\r\n+b\r\n",
     "modified x -> x\n@1,1 1,1\n-1:0:a\r\n+0:1:b\r\n"},
    {"CRLF in the whole diff",
     "diff --git a/x b/x\r\nindex 1..2 100644\r\n--- a/x\r\n+++ b/x\r\n@@ -1,2 +1,2 @@\r\n-a\r\n+b\r\n\r\n",
     "modified x -> x 100644:100644\n@1,2 1,2\n-1:0:a\r\n+0:1:b\r\n 2:2:\r\n"},
    {"an empty context line that lost its blank",
     "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n\n-a\n+b\n",
     "modified x -> x\n@1,2 1,2\n 1:1:\n-2:0:a\n+0:2:b\n"},
    {"lines that look like headers are lines",
     "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a/y\n-diff --git\n+++ b/y\n+@@ -1 +1 @@\n",
     "modified x -> x\n@1,2 1,2\n-1:0:-- a/y\n-2:0:diff --git\n+0:1:++ b/y\n+0:2:@@ -1 +1 @@\n"},
    {"not from git", "--- x.orig\t2024-01-01 10:00:00\n+++ x\t2024-01-02 10:00:00\n@@ -1 +1 @@\n-a\n+b\n",
     "modified x -> x\n@1,1 1,1\n-1:0:a\n+0:1:b\n"},
    {"not from git, two files in a row",
     "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-c\n+d\n",
     "modified x -> x\n@1,1 1,1\n-1:0:a\n+0:1:b\nmodified y -> y\n@1,1 1,1\n-1:0:c\n+0:1:d\n"},
    {"a mailed patch",
     "From 4be1d2c Mon Sep 17 00:00:00 2001\nFrom: A <a@b.example>\nSubject: [PATCH] x\n\nWhy.\n---\n x | 2 "
     "+-\n"
     " 1 file changed, 1 insertion(+), 1 deletion(-)\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 "
     "@@\n-a\n+b\n-- \n"
     "2.39.2\n\n",
     "modified x -> x\n@1,1 1,1\n-1:0:a\n+0:1:b\n"},
    {"git log -p with two commits",
     "commit 1\nAuthor: A\n\n    one\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\ncommit "
     "2\n\n"
     "    two\n\ndiff --git a/y b/y\nnew file mode 100644\n",
     "modified x -> x\n@1,1 1,1\n-1:0:a\n+0:1:b\nadded y -> y :100644\n"},
    {"git log of commits without files", "commit 1\nMerge: 2 3\n\n    nothing\n", ""},
    {"the last line has no newline", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b",
     "modified x -> x\n@1,1 1,1\n-1:0:a\n+0:1:b\n"},
};

const Row kBad[] = {
    {"plain text", "hello\nworld\n", "diff:3: no file header in the whole text: not a unified diff"},
    {"a combined diff", "diff --cc x\nindex 1,2..3\n",
     "diff:1: combined diff of a merge: ask for the diff against one parent"},
    {"a combined hunk", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n",
     "diff:4: combined diff of a merge: ask for the diff against one parent"},
    {"a hunk that is too short", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,2 @@\n a\n-b\n",
     "diff:7: hunk says 3 old and 2 new lines, has 2 and 1"},
    {"a hunk cut by the next file", "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\ndiff --git a/y b/y\n",
     "diff:5: hunk says 2 old and 2 new lines, has 1 and 1"},
    {"a hunk with one line more", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n+c\n",
     "diff:6: hunk has more lines than it says"},
    {"more new lines than said", "--- a/x\n+++ b/x\n@@ -2,2 +1 @@\n+a\n+b\n",
     "diff:5: hunk says 2 old and 1 new lines, has 0 and 1"},
    {"a broken hunk header", "--- a/x\n+++ b/x\n@@ -1,x +1 @@\n-a\n", "diff:3: hunk header cannot be read"},
    {"an absurd line number", "--- a/x\n+++ b/x\n@@ -99999999999 +1 @@\n-a\n",
     "diff:3: hunk header cannot be read"},
    {"a hunk without a file", "@@ -1 +1 @@\n-a\n+b\n", "diff:1: hunk without a file header"},
    {"a header without a hunk", "--- a/x\n+++ b/x\nhello\n", "diff:3: file header without a hunk"},
    {"both paths are null", "--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n",
     "diff:3: both paths are /dev/null"},
    {"a quote that does not end", "--- \"a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "diff:1: path cannot be read"},
    {"a path with a NUL", "--- \"a/x\\000\"\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "diff:1: path cannot be read"},
    {"a file whose path nothing tells", "diff --git a/x b/y\nindex 1..2\n",
     "diff:3: file without a readable path"},
};

constexpr const char* kThree = "--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n+b\n+c\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(diff_parser)

BOOST_AUTO_TEST_CASE(reads_what_git_writes) {
  for (const Row& row : kGood) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto diff = detect::parse_diff(row.diff);
      BOOST_REQUIRE_MESSAGE(diff, (diff ? "" : diff.error().text));
      BOOST_TEST(describe(*diff) == row.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_the_rest_by_line) {
  for (const Row& row : kBad) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto diff = detect::parse_diff(row.diff);
      BOOST_REQUIRE(!diff);
      BOOST_TEST(diff.error().text == row.expected);
      BOOST_TEST((diff.error().code == ErrorCode::bad_input));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_prefix_of_a_diff_is_read_or_refused) {
  for (const Row& row : kGood) {
    for (std::size_t size = 0; size < row.diff.size(); ++size) {
      const auto diff = detect::parse_diff(row.diff.substr(0, size));
      if (!diff) BOOST_TEST(diff.error().text.starts_with("diff:"), row.name);
    }
  }
}

BOOST_AUTO_TEST_CASE(limits_hold_at_the_limit_and_one_over) {
  BOOST_TEST((detect::parse_diff(std::string(kThree), {.files_max = 1, .lines_max = 3}).has_value()));
  const auto lines = detect::parse_diff(std::string(kThree), {.files_max = 1, .lines_max = 2});
  BOOST_TEST((lines.error().code == ErrorCode::too_large));
  BOOST_TEST(lines.error().text == "diff:6: more than 2 lines");
  const auto files = detect::parse_diff(std::string(kThree) + kThree, {.files_max = 1, .lines_max = 9});
  BOOST_TEST(files.error().text == "diff:7: more than 1 files");
}

BOOST_AUTO_TEST_CASE(lines_are_views_into_the_text_of_the_diff) {
  const auto text = std::make_shared<const std::string>(kThree);
  const auto diff = detect::parse_diff(text);
  BOOST_REQUIRE(diff);
  const char* line = diff->files[0].hunks[0].lines[0].text.data();
  BOOST_TEST((line >= text->data() && line < text->data() + text->size()));
  BOOST_TEST((diff->text == text));
}

BOOST_AUTO_TEST_CASE(hunks_without_a_file_header) {
  const auto text =
      std::make_shared<const std::string>("@@ -1 +1 @@ f\n-a\n+b\n\\ No newline at end of file");
  BOOST_TEST(describe(*detect::parse_hunks(text, "dir/x")) == "@1,1 1,1\n-1:0:a\n+0:1:b<eof>\n");
  const auto fault = [](std::string patch) {
    const auto hunks = detect::parse_hunks(std::make_shared<const std::string>(std::move(patch)), "dir/x");
    return hunks ? fmt::format("{} hunks", hunks->size()) : hunks.error().text;
  };
  BOOST_TEST(fault("") == "0 hunks");
  BOOST_TEST(fault("hello") == "patch of dir/x:1: no hunk");
  BOOST_TEST(fault("@@ -1,2 +1 @@\n-a\n") ==
             "patch of dir/x:3: hunk says 2 old and 1 new lines, has 1 and 0");
}

BOOST_AUTO_TEST_SUITE_END()
