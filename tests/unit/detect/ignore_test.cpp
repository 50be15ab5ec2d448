#include "fanlight/detect/ignore.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

using namespace fanlight;

namespace {

std::string describe(std::string_view text) {
  std::string out;
  for (const detect::InlineAllow& allow : detect::find_inline_allows(text)) {
    out += fmt::format("{}|{}|{}|{};", allow.line, allow.rule, allow.reason, allow.mark);
  }
  return out;
}

struct Row {
  const char* name;
  const char* text;
  const char* expected;
};

const Row kRows[] = {
    {"hash", "a\nx = 1 # fanlight:allow github-token old and revoked\n",
     "2|github-token|old and revoked|fanlight:allow;"},
    {"slashes", "x // fanlight:allow a-b why", "1|a-b|why|fanlight:allow;"},
    {"dashes", "-- fanlight:allow a-b why", "1|a-b|why|fanlight:allow;"},
    {"semicolon", "; fanlight:allow a-b why", "1|a-b|why|fanlight:allow;"},
    {"percent", "% fanlight:allow a-b why\r\n", "1|a-b|why|fanlight:allow;"},
    {"block", "/* fanlight:allow a-b why */ x", "1|a-b|why|fanlight:allow;"},
    {"inside a block", "/*\n * fanlight:allow a-b why\n */", "2|a-b|why|fanlight:allow;"},
    {"html", "<p> <!-- fanlight:allow a-b why --></p>", "1|a-b|why|fanlight:allow;"},
    {"jinja and helm", "{# fanlight:allow a-b why #}\n{{/* fanlight:allow a-b why */}}",
     "1|a-b|why|fanlight:allow;2|a-b|why|fanlight:allow;"},
    {"words before the mark", "# see above, fanlight:allow a-b why", "1|a-b|why|fanlight:allow;"},
    {"a dash before the reason", "# fanlight:allow a-b - why", "1|a-b|why|fanlight:allow;"},
    {"no reason", "# fanlight:allow a-b", "1|a-b||fanlight:allow;"},
    {"no rule", "# fanlight:allow", "1|||fanlight:allow;"},
    {"a word that is no rule", "# fanlight:allow Because! it is", "1|||fanlight:allow;"},
    {"not in a comment", "x = fanlight:allow a-b why", ""},
    {"in a string", "x = \"# fanlight:allow a-b why\"", ""},
    {"in an address", "x = http://h/fanlight:allow a-b why", ""},
    {"another word", "# fanlight:allowed a-b why", ""},
    {"a product is no comment", "x = 2 * fanlight:allow a-b why", ""},
    {"gitleaks", "x = 1 # gitleaks:allow", "1|*|marked for gitleaks|gitleaks:allow;"},
    {"detect-secrets", "x # pragma: allowlist secret\n// pragma: allowlist nextline secret\ny",
     "1|*|marked for detect-secrets|pragma: allowlist secret;2|*|marked for detect-secrets|pragma: allowlist "
     "secret;"},
    {"the old word and no blank", "# pragma:whitelist secret",
     "1|*|marked for detect-secrets|pragma: allowlist secret;"},
    {"two on one line", "# gitleaks:allow fanlight:allow a-b why",
     "1|*|marked for gitleaks|gitleaks:allow;1|a-b|why|fanlight:allow;"},
    {"nosec says nothing about secrets", "x # nosec", ""},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ignore)

BOOST_AUTO_TEST_CASE(finds_marks_in_comments) {
  for (const Row& row : kRows) {
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(describe(row.text) == row.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_long_reason_is_cut_between_code_points) {
  std::string reason;
  for (int i = 0; i < 200; ++i) reason += "\xc3\xa9";
  const auto allows = detect::find_inline_allows("# fanlight:allow a-b x" + reason);
  BOOST_REQUIRE(allows.size() == 1u);
  BOOST_TEST(allows[0].reason.size() == 299u);
}

BOOST_AUTO_TEST_SUITE_END()
