// What a repository can write into a comment: nothing but letters.
#include "escape.hpp"

#include <boost/test/unit_test.hpp>

#include "fanlight/core/random.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"

namespace fanlight::policy {
namespace {

// The zero-width space, so that the expectations below can be read.
std::string visible(std::string text) {
  const std::string_view space = "\u200B";
  for (std::size_t at = text.find(space); at != std::string::npos; at = text.find(space)) {
    text.replace(at, space.size(), "~0~");
  }
  return text;
}

BOOST_AUTO_TEST_SUITE(escape)

BOOST_AUTO_TEST_CASE(text_stays_text) {
  struct Row {
    const char* name;
    std::string_view text, expected;
  };
  const Row rows[] = {
      {"plain words keep their look", "GitHub token, checksum valid (really) - 1.5!",
       "GitHub token, checksum valid (really) - 1.5!"},
      {"mention", "@octocat and @org/team", "@~0~octocat and @~0~org/team"},
      {"e-mail", "a@b.example", "a@~0~b.example"},
      {"an at sign alone", "a @ b", "a @ b"},
      {"issue", "fixes #12, acme/api#7, GH-3", "fixes #~0~12, acme/api#~0~7, GH~0~-3"},
      {"merge request, label, milestone, snippet, epic", "!1 ~x %2 $3 &4",
       "!~0~1 \\~~0~x %~0~2 \\$~0~3 &amp;~0~4"},
      {"HTML", "<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"},
      {"HTML comment", "<!-- fanlight:summary -->", "&lt;!~0~-- fanlight:summary --&gt;"},
      {"entity", "&lt;", "&amp;~0~lt;"},
      {"link", "[x](https://evil.example)", "\\[x\\](https:~0~//evil.example)"},
      {"bare address", "http://e.example www.e.example mailto:x",
       "http:~0~//e.example www~0~.e.example mailto~0~:x"},
      {"emphasis and code", "*a* _b_ `c` ~~d~~", "\\*a\\* \\_b\\_ \\`c\\` \\~\\~~0~d\\~\\~"},
      {"table", "a|b", "a\\|b"},
      {"backslash", "a\\*b", "a\\\\\\*b"},
      {"heading", "# a # b", "\\# a # b"},
      {"list", "- a - b", "\\- a - b"},
      {"numbered list", "1. a", "1\\. a"},
      {"quick action", "/close", "~0~/close"},
      {"command", "x\n/fanlight allow 3f9a1c0d", "x /fanlight allow 3f9a1c0d"},
      {"lines become one", "a\r\n\r\nb\tc", "a b c"},
      {"bidirectional marks", "a\u202Eb\u2066c\u200Fd", "a\uFFFDb\uFFFDc\uFFFDd"},
      {"hidden characters", "a\u200Bb\uFEFFc\U000E0041d\u00ADe\x1b[1mf",
       "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFD\\[1mf"},
      {"not UTF-8", "a\xff\xfe", "a\uFFFD\uFFFD"},
      {"letters of other scripts", "Größe 東京 שלום", "Größe 東京 שלום"},
      {"nothing", "", ""},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(visible(escape_markdown(row.text)) == row.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_code_span_ends_where_it_should) {
  struct Row {
    const char* name;
    std::string_view text, expected;
  };
  const Row rows[] = {
      {"path", "modules/vpc/main.tf:12", "`modules/vpc/main.tf:12`"},
      {"backtick inside", "a`b", "``a`b``"},
      {"backticks at the ends", "`a``", "``` `a`` ```"},
      {"line break", "a\n\n# b", "`a # b`"},
      {"nothing", "", "` `"},
      {"blanks", "   ", "` `"},
      {"a marker", "<!-- fanlight:summary -->", "`<!~0~-- fanlight:summary -->`"},
      {"mention", "@octocat", "`@octocat`"},
      {"control characters", "a\x07\u202E", "`a\uFFFD\uFFFD`"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(visible(code_span(row.text)) == row.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_path_with_a_pipe_stays_in_its_cell) {
  BOOST_TEST(cell_code("a.tf:1") == "`a.tf:1`");
  BOOST_TEST(cell_code("a|b\\|<c>`@d`") == "<code>a&#124;b&#92;&#124;&#60;c&#62;&#96;&#64;d&#96;</code>");
}

BOOST_AUTO_TEST_CASE(prose_keeps_code_and_escapes_the_rest) {
  BOOST_TEST(prose("Read `var.a_b` from *there*.") == "Read `var.a_b` from \\*there\\*.");
  BOOST_TEST(prose("an odd ` tick and `x` @me") == "an odd \\` tick and \\`x\\` @\u200Bme");
  BOOST_TEST(prose("`a```@me` b") == "\\`a\\`\\`\\`@\u200Bme\\` b");
  BOOST_TEST(prose("`all of it`") == "`all of it`");
}

BOOST_AUTO_TEST_CASE(a_fence_is_longer_than_what_it_holds) {
  BOOST_TEST(fenced("a\n", "suggestion") == "```suggestion\na\n```\n");
  BOOST_TEST(fenced("```\n@x\n", "suggestion") == "````suggestion\n```\n@x\n````\n");
  BOOST_TEST(fenced("a ````` b", "x") == "``````x\na ````` b\n``````\n");
}

BOOST_AUTO_TEST_CASE(long_texts_are_cut_between_characters) {
  BOOST_TEST(shorten("abcdef", 6) == "abcdef");
  BOOST_TEST(shorten("abcdefg", 6) == "abc…");
  BOOST_TEST(shorten("ééééé", 8) == "éé…");
  BOOST_TEST(shorten_path("a/b/c/main.tf", 10) == "…main.tf");
  BOOST_TEST(shorten_path("ééééé", 8) == "…éé");
}

BOOST_AUTO_TEST_CASE(anything_comes_out_as_one_valid_line) {
  SeededRandom random(7);
  for (int round = 0; round < 2'000; ++round) {
    std::string text(random.below(40), '\0');
    for (char& c : text) c = static_cast<char>(random.below(256));
    for (const std::string& out :
         {escape_markdown(text), code_span(text), cell_code(text), prose(text), shorten(text, 9)}) {
      BOOST_TEST(is_utf8(out));
      BOOST_TEST(out.find_first_of("\r\n") == std::string::npos);
    }
    BOOST_TEST(find_marker(code_span(text + "<!-- fanlight:x -->")) == "");
    BOOST_TEST(find_marker(escape_markdown(text + "<!-- fanlight:x -->")) == "");
  }
}

BOOST_AUTO_TEST_CASE(markers_are_found_again) {
  BOOST_TEST(marker("inline", "3f9a1c0d5b7e2a84") == "<!-- fanlight:inline:3f9a1c0d5b7e2a84 -->");
  BOOST_TEST(marker("summary", "") == "<!-- fanlight:summary -->");
  BOOST_TEST(marker("re-->ply", "12 <x>\n") == "<!-- fanlight:re--ply:12x -->");
  BOOST_TEST(find_marker("text\n\n<!-- fanlight:inline:3f9a1c0d5b7e2a84 -->\n") == "inline:3f9a1c0d5b7e2a84");
  BOOST_TEST(find_marker("<!-- fanlight:a -->\n<!-- fanlight:b -->") == "b");
  for (const std::string_view none : {"", "fanlight:a", "<!-- fanlight:a", "<!-- fanlight: -->",
                                      "<!-- fanlight:a b -->", "<!-- other:a -->"}) {
    BOOST_TEST(find_marker(none) == "");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::policy
