#include <boost/test/unit_test.hpp>
#include <string>

#include "git/process.hpp"

namespace fanlight::host {
namespace {

ProcessRun shell(const std::string& script) {
  return {.argv = {"sh", "-c", script}, .environment = {"PATH=/usr/bin:/bin", "WORD=given"}};
}

BOOST_AUTO_TEST_SUITE(git_process)

BOOST_AUTO_TEST_CASE(what_a_child_prints_and_returns) {
  struct Row {
    const char* name;
    std::string script, input, output, error_line;
    int exit_code;
  };
  const Row rows[] = {
      {"output is bytes", "printf 'a\\000b'", "", std::string("a\0b", 3), "", 0},
      {"exit code is no error", "exit 7", "", "", "", 7},
      {"a signal is 128 + n", "kill -9 $$", "", "", "", 137},
      {"first line of standard error", "echo one >&2; echo two >&2; exit 1", "", "", "one", 1},
      {"control characters in it are replaced", "printf '\\033[31mred\\r' >&2", "", "", "?[31mred", 0},
      {"input reaches it", "cat", "hello", "hello", "", 0},
      {"input may be ignored", "exit 0", std::string(4'000'000, 'x'), "", "", 0},
      {"environment is what was given", "echo $WORD$HOME", "", "given\n", "", 0},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      ProcessRun run = shell(row.script);
      run.input = row.input;
      auto result = run_process(run, Deadline::after(std::chrono::seconds(30)));
      BOOST_REQUIRE_MESSAGE(result, result.error().text);
      BOOST_TEST(result->output == row.output);
      BOOST_TEST(result->error_line == row.error_line);
      BOOST_TEST(result->exit_code == row.exit_code);
    }
  }
}

BOOST_AUTO_TEST_CASE(more_input_than_a_pipe_holds_comes_back_whole) {
  ProcessRun run = shell("cat");
  run.input = std::string(3'000'000, 'y');
  run.output_bytes_max = run.input.size();
  auto result = run_process(run, Deadline::after(std::chrono::seconds(30)));
  BOOST_REQUIRE_MESSAGE(result, result.error().text);
  BOOST_TEST((result->output == run.input));
}

BOOST_AUTO_TEST_CASE(output_at_the_limit_passes_and_one_byte_over_ends_it) {
  ProcessRun run = shell("printf 12345678");
  run.output_bytes_max = 8;
  BOOST_TEST(run_process(run, Deadline::after(std::chrono::seconds(30))).has_value());
  run.output_bytes_max = 7;
  auto result = run_process(run, Deadline::after(std::chrono::seconds(30)));
  BOOST_REQUIRE(!result);
  BOOST_TEST((result.error().code == ErrorCode::too_large));
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_the_whole_group) {
  const char* scripts[] = {"cat <&2", "exec >&- 2>&-; while :; do :; done", "(while :; do :; done) & wait"};
  for (const char* script : scripts) {
    BOOST_TEST_CONTEXT(script) {
      auto begun = std::chrono::steady_clock::now();
      // Its standard error is our pipe, which nobody writes to: each of them would run for ever.
      auto result = run_process(shell(script), Deadline::after(std::chrono::milliseconds(200)));
      if (!result) BOOST_TEST((result.error().code == ErrorCode::timeout));
      BOOST_TEST((std::chrono::steady_clock::now() - begun < std::chrono::seconds(20)));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_not_found) {
  auto result = run_process({.argv = {"fanlight-no-such-program"}, .environment = {}}, Deadline::never());
  BOOST_REQUIRE(!result);
  BOOST_TEST((result.error().code == ErrorCode::not_found));
}

BOOST_AUTO_TEST_CASE(a_printable_line_has_nothing_a_terminal_would_obey) {
  struct Row {
    const char* name;
    std::string text, line;
  };
  const Row rows[] = {
      {"plain text", "modules/vpc", "modules/vpc"},
      {"escape sequence", "\x1b[2Jx", "?[2Jx"},
      {"newline and carriage return", "a\nb\rc", "a?b?c"},
      {"tab is a space", "a\tb", "a b"},
      {"C1 control",
       "a\xC2\x9B"
       "b",
       "a?b"},
      {"right-to-left override",
       "a\xE2\x80\xAE"
       "b",
       "a?b"},
      {"isolate",
       "a\xE2\x81\xA6"
       "b",
       "a?b"},
      {"letters stay", "gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F"},
      {"broken UTF-8", "a\xFF", "a\xEF\xBF\xBD"},
  };
  for (const Row& row : rows) BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(printable_line(row.text, 300) == row.line);
    }
  BOOST_TEST(printable_line("abcdef", 3) == "abc");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::host
