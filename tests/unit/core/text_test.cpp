// Tables for the text helpers; the glob matcher is compared with a plain recursive one on random patterns.
#include <boost/test/unit_test.hpp>
#include <string>

#include "fanlight/core/random.hpp"
#include "fanlight/core/text.hpp"

using namespace fanlight;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(globs_match_as_in_gitignore) {
  struct Row {
    const char* name;
    const char* pattern;
    const char* path;
    bool matches;
  };
  const Row rows[] = {
      {"without a slash the last component counts", "*.tf", "modules/vpc/main.tf", true},
      {"a star stays in one component", "modules/*.tf", "modules/vpc/main.tf", false},
      {"two stars cross components", "modules/**", "modules/vpc/main.tf", true},
      {"two stars match no directory too", "**/main.tf", "main.tf", true},
      {"two stars in the middle", "a/**/z", "a/z", true},
      {"two stars in the middle, deep", "a/**/z", "a/b/c/z", true},
      {"a component is whole", "a/**/z", "a/bz", false},
      {"a leading slash means the root", "/README.md", "README.md", true},
      {"a leading slash means the root only", "/README.md", "docs/README.md", false},
      {"a directory pattern covers what is below", "vendor/", "src/vendor/x.c", true},
      {"a directory pattern is no file", "vendor/", "src/vendor", false},
      {"a question mark is one character", "v?", "a/v1", true},
      {"a question mark is no slash", "a?b", "a/b", false},
      {"a class", "file[0-9].txt", "file7.txt", true},
      {"a negated class", "file[!0-9].txt", "file7.txt", false},
      {"an unclosed class is literal", "a[b", "a[b", true},
      {"nothing matches nothing", "", "", true},
      {"everything", "**", "a/b/c", true},
  };
  for (const Row& row : rows)
    BOOST_TEST_CONTEXT(row.name) BOOST_TEST(glob_match(row.pattern, row.path) == row.matches);
}

namespace {

// The meaning of a pattern with a slash, written for clarity.
bool match_plainly(std::string_view p, std::string_view t) {
  if (p.empty()) return t.empty();
  if (p.starts_with("**/")) {
    if (match_plainly(p.substr(3), t)) return true;
    for (std::size_t i = 0; i < t.size(); ++i) {
      if (t[i] == '/' && match_plainly(p.substr(3), t.substr(i + 1))) return true;
    }
    return false;
  }
  if (p.starts_with("**")) {
    for (std::size_t i = 0; i <= t.size(); ++i) {
      if (match_plainly(p.substr(2), t.substr(i))) return true;
    }
    return false;
  }
  if (p[0] == '*') {
    for (std::size_t i = 0; i <= t.size(); ++i) {
      if (match_plainly(p.substr(1), t.substr(i))) return true;
      if (i < t.size() && t[i] == '/') break;
    }
    return false;
  }
  return !t.empty() && ((p[0] == '?' && t[0] != '/') || p[0] == t[0]) &&
         match_plainly(p.substr(1), t.substr(1));
}

}  // namespace

BOOST_AUTO_TEST_CASE(globs_agree_with_the_plain_definition) {
  const std::uint64_t seed = SystemRandom().next();
  BOOST_TEST_MESSAGE("seed " << seed);
  SeededRandom random(seed);
  constexpr std::string_view pieces[] = {"a", "b", "/", "*", "**/", "?", "a/"};
  constexpr std::string_view letters[] = {"a", "b", "/"};
  for (int round = 0; round < 20'000; ++round) {
    std::string pattern = "a/", path;
    for (std::uint64_t i = random.below(6); i > 0; --i) pattern += pieces[random.below(std::size(pieces))];
    for (std::uint64_t i = random.below(9); i > 0; --i) path += letters[random.below(std::size(letters))];
    if (pattern.find("***") != std::string::npos || pattern.ends_with('/') ||
        path.find("//") != std::string::npos || path.starts_with('/')) {
      continue;
    }
    // "**" counts as such only as a whole component.
    bool whole = true;
    for (std::size_t at = pattern.find("**"); at != std::string::npos; at = pattern.find("**", at + 2)) {
      whole = whole && pattern[at - 1] == '/';
    }
    if (!whole) continue;
    BOOST_TEST_CONTEXT("seed " << seed << " pattern " << pattern << " path " << path) {
      BOOST_REQUIRE_EQUAL(glob_match(pattern, path), match_plainly(pattern, path));
    }
  }
}

BOOST_AUTO_TEST_CASE(words_split_as_in_a_shell) {
  struct Row {
    const char* text;
    std::vector<std::string> words;
    bool closed;
  };
  const Row rows[] = {
      {"allow 3f9a --reason \"a b\"", {"allow", "3f9a", "--reason", "a b"}, true},
      {"  a   b ", {"a", "b"}, true},
      {"'it''s'", {"its"}, true},
      {"\"a \\\" b\"", {"a \" b"}, true},
      {"\"\"", {""}, true},
      {"\"open", {"open"}, false},
      {"", {}, true},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.text) {
      std::vector<std::string> words;
      BOOST_TEST(split_words(row.text, words) == row.closed);
      BOOST_TEST(words == row.words, boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(utf8_is_cut_and_cleaned_between_code_points) {
  BOOST_TEST(truncate_utf8("aé€😀", 2) == "a");
  BOOST_TEST(truncate_utf8("aé€😀", 3) == "aé");
  BOOST_TEST(truncate_utf8("aé€😀", 100) == "aé€😀");
  BOOST_TEST(sanitize_utf8("a\xC3(") == "a\xEF\xBF\xBD(");
  BOOST_TEST(sanitize_utf8("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  BOOST_TEST(!is_utf8("\xF4\x90\x80\x80"));
  BOOST_TEST(!is_utf8("\xC0\xAF"));
  BOOST_TEST(count_code_points("aé€😀") == 4u);
}

BOOST_AUTO_TEST_CASE(nearest_finds_slips_only) {
  constexpr std::string_view words[] = {"recheck", "revoke", "help"};
  BOOST_TEST(nearest("recehck", words) == "recheck");
  BOOST_TEST(nearest("revok", words) == "revoke");
  BOOST_TEST(nearest("deploy", words) == "");
  BOOST_TEST(nearest("", words) == "");
}

BOOST_AUTO_TEST_CASE(lines_keep_no_end_of_line) {
  BOOST_TEST(split_lines("a\r\nb\n").size() == 2u);
  BOOST_TEST(split_lines("a\n\nb")[1] == "");
  BOOST_TEST(split_lines("").empty());
}

BOOST_AUTO_TEST_SUITE_END()
