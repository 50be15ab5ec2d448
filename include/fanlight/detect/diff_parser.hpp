// Unified diffs, as git writes them, to model/diff.hpp. Knows renames, copies, mode changes, binary files,
// files without a newline at the end, quoted paths, CRLF. Refuses combined diffs ("@@@") and text that is no
// diff, naming the line. Pure; linear in the text.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "fanlight/core/result.hpp"
#include "fanlight/model/diff.hpp"

namespace fanlight::detect {

struct DiffLimits {
  std::size_t files_max = 20'000;
  std::size_t lines_max = 5'000'000;
};

// bad_input: "diff:17: hunk says 3 lines, has 2". An empty text is an empty diff. Text before the first file
// (an e-mail header, a commit message as in `git log -p` or .patch) is skipped.
Result<Diff> parse_diff(std::shared_ptr<const std::string> text, const DiffLimits& limits = {});
Result<Diff> parse_diff(std::string text, const DiffLimits& limits = {});

// The hunks of one file without file headers, as GitHub's files API gives them in `patch`. The text of the
// result is `patch`.
Result<std::vector<Hunk>> parse_hunks(const std::shared_ptr<const std::string>& patch, std::string_view path);

}  // namespace fanlight::detect
