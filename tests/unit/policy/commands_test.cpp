// Which lines of a comment are commands, and what they say.
#include "fanlight/policy/commands.hpp"

#include <boost/test/unit_test.hpp>

#include "comment_lines.hpp"
#include "fanlight/core/random.hpp"

namespace fanlight::policy {
namespace {

// "allow(3f9a1c0d,--reason,a test) help()" for the commands of a comment.
std::string shown(std::string_view comment) {
  std::string out;
  for (const Command& command : parse_commands(comment)) {
    if (!out.empty()) out += ' ';
    out += command.word + '(';
    for (std::size_t i = 0; i < command.arguments.size(); ++i) out += (i ? "," : "") + command.arguments[i];
    out += ')';
    if (!command.problem.empty()) out += '!' + command.problem;
  }
  return out;
}

BOOST_AUTO_TEST_SUITE(commands_in_comments)

BOOST_AUTO_TEST_CASE(lines_of_a_comment) {
  struct Row {
    const char* name;
    std::string_view comment, expected;
  };
  const Row rows[] = {
      {"one command", "/fanlight recheck", "recheck()"},
      {"alone it is help", "/fanlight", "help()"},
      {"alone with blanks", "/fanlight   ", "help()"},
      {"after other words", "Thank you.\n/fanlight recheck\nBye", "recheck()"},
      {"in the middle of a line", "try /fanlight recheck", ""},
      {"another word", "/fanlights recheck", ""},
      {"another bot", "/fanlight-bot recheck", ""},
      {"capitals", "/FanLight ReCheck", "ReCheck()"},
      {"three blanks in front", "   /fanlight help", "help()"},
      {"CRLF", "/fanlight help\r\n/fanlight status\r\n", "help() status()"},
      {"CR alone", "/fanlight help\r/fanlight status", "help() status()"},
      {"no-break space", "/fanlight\u00A0recheck", "recheck()"},
      {"tab", "/fanlight\trecheck", "recheck()"},
      {"arguments in quotes", "/fanlight allow 3f9a1c0d --reason \"a test, 'really'\"",
       "allow(3f9a1c0d,--reason,a test, 'really')"},
      {"single quotes", "/fanlight allow 3f9a1c0d --reason 'a test'", "allow(3f9a1c0d,--reason,a test)"},
      {"quotes and dashes of a phone", "/fanlight allow 3f9a1c0d —reason “a test”",
       "allow(3f9a1c0d,--reason,a test)"},
      {"an open quote", "/fanlight allow 3f9a1c0d --reason \"a test", "allow()!a quote is open"},
      {"not UTF-8", "/fanlight allow \xff", "()!it is not UTF-8 text"},
      {"six commands are five",
       "/fanlight help\n/fanlight help\n/fanlight help\n/fanlight help\n/fanlight help\n/fanlight status",
       "help() help() help() help() help()"},
      {"fence", "```\n/fanlight help\n```\n/fanlight status", "status()"},
      {"fence with a language", "```sh\n/fanlight help\n```", ""},
      {"fence of tildes", "~~~\n/fanlight help\n```\n/fanlight help\n~~~\n/fanlight status", "status()"},
      {"a shorter fence does not close", "````\n```\n/fanlight help\n````\n/fanlight status", "status()"},
      {"a fence that never closes", "```\n/fanlight help", ""},
      {"backticks with a backtick after are no fence", "``` a ` b\n/fanlight help", "help()"},
      {"a closing fence has no words", "```\n``` x\n/fanlight help\n```\n", ""},
      {"fence in a list", "- ```\n  /fanlight help\n  ```\n/fanlight status", "status()"},
      {"fence in a numbered list", "12. ~~~\n    /fanlight help\n    ~~~\n\n/fanlight status", "status()"},
      {"indented code", "text\n\n    /fanlight help\n", ""},
      {"indented by a tab", "\t/fanlight help", ""},
      {"indented in a paragraph", "text\n    /fanlight help", ""},
      {"quote", "> /fanlight help\n\n/fanlight status", "status()"},
      {"quote without a blank", ">/fanlight help", ""},
      {"quote that goes on without its sign", "> a\n/fanlight help", ""},
      {"quote, blank line, command", "> a\n\n/fanlight help", "help()"},
      {"quote that ends with an empty line of it", "> a\n>\n/fanlight help", "help()"},
      {"quoted fence", "> ```\n> /fanlight help\n> ```\n/fanlight status", "status()"},
      {"HTML comment", "<!--\n/fanlight help\n-->\n/fanlight status", "status()"},
      {"HTML comment on one line", "<!-- x -->\n/fanlight status", "status()"},
      {"HTML comment in a line", "text <!-- \n/fanlight help\n--> end\n/fanlight status", "status()"},
      {"HTML comment that never closes", "<!-- \n/fanlight help", ""},
      {"HTML comment sign in code", "the sign `<!--` is odd\n/fanlight help", "help()"},
      {"after an HTML comment on its line", "<!-- x --> /fanlight help", ""},
      {"pre", "<pre>\n\n/fanlight help\n</pre>\n\n/fanlight status", "status()"},
      {"blockquote in HTML", "<blockquote>\n\n/fanlight help\n\n</blockquote>\n\n/fanlight status",
       "status()"},
      {"HTML block", "<details>\n/fanlight help\n\n/fanlight status", "status()"},
      {"address in angle brackets", "<https://a.example>\n/fanlight help", "help()"},
      {"code over lines", "`a\n/fanlight help\nb`", ""},
      {"a backtick that opens nothing", "it`s\n/fanlight help", "help()"},
      {"a list item", "- /fanlight help", ""},
      {"nothing", "", ""},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(shown(row.comment) == row.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_table_names_what_is_parsed) {
  for (const CommandSpec& spec : commands()) {
    const auto got = parse_commands("/fanlight " + std::string(spec.word));
    BOOST_REQUIRE(got.size() == 1u);
    BOOST_TEST((got[0].name == spec.name));
    BOOST_TEST(spec.usage.starts_with(spec.word));
  }
  BOOST_TEST((parse_commands("/fanlight recehck")[0].name == CommandName::unknown));
}

BOOST_AUTO_TEST_CASE(help_is_printed_from_the_table) {
  BOOST_TEST(help_markdown() == R"(**What I can do.** Write one of these at the start of a line:

| | |
|---|---|
| `/fanlight help` | Shows what I can do. |
| `/fanlight status` | Says how this change stands. |
| `/fanlight recheck` | Looks at this change again. |
| `/fanlight explain <finding>` | Says more about a finding: why it matters, what to do. |
| `/fanlight allow <finding> --reason "…" [--expires 2027-01-31]` | Accepts a finding, for a reason that the next person can read. Needs write permission. |
| `/fanlight revoke <finding>` | Takes an acceptance back. Needs write permission. |
| `/fanlight lexicon confirm <name> [--kind names]` | Says that a name is your own; `reject` says that it is not; alone, it lists what was said. Needs write permission. |
| `/fanlight readiness [module]` | Says what stands between the modules at this head and their release. Needs write permission. |

A finding is named by the first 8 digits of its fingerprint, as in my comments.)");
  // What the bot posts is not read as a command.
  BOOST_TEST(parse_commands(help_markdown()).empty());
}

BOOST_AUTO_TEST_CASE(any_comment_is_read_in_linear_time_and_without_harm) {
  for (const std::string_view part : {"`", "<!--", "<pre>", "> ", "``` ", "- ", "`` ` ", "/fanlight \"", "<q",
                                      "<q></q>", "<q>`</q>", "` `` ", "\n", "a`b\n", "/fanlight allow x\n"}) {
    std::string text;
    while (text.size() < 200'000) text += part;
    BOOST_TEST(parse_commands(text).size() <= commands_per_comment_max);
  }
  SeededRandom random(11);
  const std::vector<std::string> parts{"/fanlight ", "help", "\n",   "\n\n",   "```", "~~~",
                                       "    ",       "> ",   "<!--", "-->",    "`",   "<pre>",
                                       "</pre>",     "\"",   "\xff", "\u00A0", "\r",  "- "};
  for (int round = 0; round < 3'000; ++round) {
    std::string text;
    for (std::uint64_t n = random.below(20); n > 0; --n) text += parts[random.below(parts.size())];
    for (const Command& command : parse_commands(text)) BOOST_TEST(command.word.size() <= text.size());
    for (const std::string& line : plain_lines(text)) BOOST_TEST(line.find('\n') == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::policy
