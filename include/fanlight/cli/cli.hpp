// The command line: the same engine as the bot. Exit codes: 0 clean, 1 findings at or over --fail-on, 2 usage
// or configuration, 3 something could not be scanned.
#pragma once

namespace fanlight::cli {

enum ExitCode : int { exit_clean = 0, exit_findings = 1, exit_usage = 2, exit_incomplete = 3 };

int run(int argc, char** argv);

}  // namespace fanlight::cli
