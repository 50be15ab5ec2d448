// The way back from bytes to the lines a person sees.
#include "document.hpp"

#include <boost/test/unit_test.hpp>

#include "support.hpp"

using namespace fanlight;
using namespace fanlight::app;
using namespace fanlight::testing;

namespace {

detect::Span span_of(const Document& document, std::string_view needle) {
  const std::size_t at = document.text.find(needle);
  BOOST_REQUIRE(at != std::string_view::npos);
  return {at, at + needle.size()};
}

std::string place_of(const Document& document, std::string_view needle) {
  const Location at = document.locate(span_of(document, needle));
  return std::to_string(at.start_line) + ':' + std::to_string(at.start_column) + '-' +
         std::to_string(at.end_line) + ':' + std::to_string(at.end_column);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(document)

BOOST_AUTO_TEST_CASE(lines_and_columns_are_those_that_a_person_counts) {
  struct Row {
    const char* name;
    std::string text, needle, place;
  };
  const Row rows[] = {
      {"the first byte", "abc\ndef\n", "abc", "1:1-1:4"},
      {"after a newline", "abc\ndef\n", "def", "2:1-2:4"},
      {"over two lines", "abc\ndef\n", "c\nd", "1:3-2:2"},
      {"columns are code points, not bytes", "schlüssel = KEY\n", "KEY", "1:13-1:16"},
      {"four bytes are one column", "🔑🔑KEY", "KEY", "1:3-1:6"},
      {"an invalid byte is one column", "\xFF\xFEx KEY", "KEY", "1:5-1:8"},
      {"a carriage return is not part of the line", "a\r\nKEY\r\n", "KEY", "2:1-2:4"},
      {"without a newline at the end", "a\nb\nKEY", "KEY", "3:1-3:4"},
      {"empty lines count", "\n\n\nKEY\n", "KEY", "4:1-4:4"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      Document made = whole_text(Place::file, "a", row.text);
      index_lines(made);
      BOOST_TEST(place_of(made, row.needle) == row.place);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_empty_text_has_one_line) {
  Document made = whole_text(Place::file, "a", "");
  index_lines(made);
  BOOST_TEST(made.lines.size() == 1u);
  BOOST_TEST(made.line_text(0).empty());
  BOOST_TEST(made.locate({0, 0}).start_line == 1u);
}

BOOST_AUTO_TEST_CASE(a_line_is_shown_without_its_end) {
  Document made = whole_text(Place::file, "a", "one\r\ntwo\n\nfour");
  index_lines(made);
  const char* expected[] = {"one", "two", "", "four"};
  BOOST_REQUIRE(made.lines.size() == 4u);
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(made.line_text(i) == expected[i]);
}

BOOST_AUTO_TEST_CASE(the_new_side_of_hunks_has_the_numbers_of_the_file) {
  const Diff diff = parse(
      "diff --git a/f b/f\n--- a/f\n+++ b/f\n"
      "@@ -10,3 +10,4 @@\n ten\n-eleven\n+ELEVEN\n+more\n twelve\n"
      "@@ -40,2 +41,2 @@\n forty\n-last\n+LAST\n");
  Document made = new_side(diff.files[0]);
  index_lines(made);
  BOOST_TEST(place_of(made, "ten") == "10:1-10:4");
  BOOST_TEST(place_of(made, "ELEVEN") == "11:1-11:7");
  BOOST_TEST(place_of(made, "twelve") == "13:1-13:7");
  BOOST_TEST(place_of(made, "LAST") == "42:1-42:5");
  BOOST_TEST(made.text.find("eleven") == std::string_view::npos);
  BOOST_TEST(made.touches(span_of(made, "more"), LineKind::added));
  BOOST_TEST(!made.touches(span_of(made, "twelve"), LineKind::added));
  BOOST_TEST(made.contiguous(span_of(made, "ELEVEN\nmore")));
}

BOOST_AUTO_TEST_CASE(nothing_reaches_over_the_gap_between_two_hunks) {
  const Diff diff =
      parse("diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n+AAA\n@@ -9,1 +9,1 @@\n-b\n+BBB\n");
  Document made = new_side(diff.files[0]);
  index_lines(made);
  const detect::Span both{made.text.find("AAA"), made.text.find("BBB") + 3};
  BOOST_TEST(!made.contiguous(both));
  BOOST_TEST(made.contiguous(span_of(made, "AAA")));
  BOOST_TEST(made.contiguous(span_of(made, "BBB")));
}

BOOST_AUTO_TEST_CASE(removed_lines_have_their_old_numbers) {
  const Diff diff = parse(
      "diff --git a/old b/new\nsimilarity index 80%\nrename from old\nrename to new\n--- a/old\n+++ b/new\n"
      "@@ -5,3 +5,1 @@\n keep\n-six\n-seven\n");
  Document made = old_side(diff.files[0]);
  index_lines(made);
  BOOST_TEST(made.path == "old");
  BOOST_TEST(place_of(made, "six") == "6:1-6:4");
  BOOST_TEST(place_of(made, "seven") == "7:1-7:6");
  BOOST_TEST(place_of(made, "keep") == "5:1-5:5");
  BOOST_TEST(!made.touches(span_of(made, "keep"), LineKind::removed));
}

BOOST_AUTO_TEST_CASE(in_a_full_text_only_the_lines_of_the_diff_are_added) {
  const Diff diff = parse(modified_file("f", 2, {" two", "+three", " four"}));
  const Document made = full_text(diff.files[0], "one\ntwo\nthree\nfour\nfive\n");
  BOOST_TEST(made.touches(span_of(made, "three"), LineKind::added));
  for (const char* other : {"one", "two", "four", "five"}) {
    BOOST_TEST(!made.touches(span_of(made, other), LineKind::added));
  }
}

BOOST_AUTO_TEST_CASE(a_full_text_shorter_than_the_diff_says_is_no_harm) {
  const Diff diff = parse(modified_file("f", 100, {" a", "+b"}));
  const Document made = full_text(diff.files[0], "only\n");
  BOOST_TEST(made.lines.size() == 1u);
  BOOST_TEST(!made.touches({0, 4}, LineKind::added));
}

BOOST_AUTO_TEST_SUITE_END()
