// A child process, run to its end: argument vector (never a shell), an environment that is given and not
// inherited, a limit on what it may print, a deadline that ends its whole process group. Blocking; call it
// from a pool. Any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/deadline.hpp"
#include "fanlight/core/result.hpp"

namespace fanlight::host {

struct ProcessRun {
  std::vector<std::string> argv;         // argv[0] is looked up in this process's PATH
  std::vector<std::string> environment;  // "NAME=value", all of it
  std::string directory = "/";
  std::string input = {};  // given to its standard input
  std::size_t output_bytes_max = 64 * 1024;
};

struct ProcessResult {
  int exit_code = 0;       // 128 + n when signal n ended it
  std::string output;      // standard output, bytes
  std::string error_line;  // first line of standard error, control characters replaced, at most 300 bytes
};

// too_large: it printed more than output_bytes_max and was ended. timeout: the deadline passed and it was
// ended. not_found: no such program. A non-zero exit code is no Error: the caller knows what it means.
Result<ProcessResult> run_process(const ProcessRun& run, Deadline deadline);

// Programs in a row, each reading what the one before it prints; the first is given its `input`. What the
// last prints goes to `take`, piece by piece, on this thread; output_bytes_max counts for none. Failed when
// one of them ends with another exit code than 0.
Result<void> run_pipeline(const std::vector<ProcessRun>& runs,
                          const std::function<void(std::string_view)>& take, Deadline deadline);

// `text` on one line that a terminal may be given: control characters, C1 and bidirectional controls become
// '?', broken UTF-8 becomes U+FFFD.
std::string printable_line(std::string_view text, std::size_t bytes_max);

}  // namespace fanlight::host
