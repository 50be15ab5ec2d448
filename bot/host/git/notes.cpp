// Notes: where a review stays in the repository itself. `git log --notes=fanlight` shows it.
#include <fmt/format.h>
#include <unistd.h>

#include "fanlight/core/text.hpp"
#include "git/call.hpp"

namespace fanlight::host {
namespace {

constexpr std::size_t note_bytes_max = 1024 * 1024;
constexpr std::size_t list_bytes_max = 64 * 1024 * 1024;

}  // namespace

Result<std::optional<std::string>> GitRepository::note(const std::string& ref, const std::string& commit,
                                                       Deadline deadline) const {
  if (!is_object_id(commit)) return fail(ErrorCode::bad_input, "git: read a note: not an object id");
  auto answer = run({.what = "read the note of " + commit,
                     .arguments = {"notes", "--ref=" + ref, "show", commit},
                     .output_bytes_max = note_bytes_max,
                     .quarantine = false},
                    deadline);
  if (!answer) return std::unexpected(answer.error());
  if (answer->process.exit_code != 0) return std::optional<std::string>{};
  return std::optional<std::string>(std::move(answer->process.output));
}

Result<void> GitRepository::put_note(const std::string& ref, const std::string& commit, std::string_view text,
                                     Deadline deadline) const {
  if (!is_object_id(commit) || !is_ref_name(ref))
    return fail(ErrorCode::bad_input, "git: write a note: not an object id or not a reference");
  if (::access(objects_dir_.c_str(), W_OK) != 0)
    return fail(ErrorCode::forbidden,
                fmt::format("git: write a note: {}: this process may not write there", objects_dir_));
  // As a blob first: text given to `notes add` itself is tidied up, and would not be equal when it is read
  // again.
  auto blob = run_ok({.what = "write the note of " + commit,
                      .arguments = {"hash-object", "-w", "--stdin"},
                      .input = std::string(text),
                      .quarantine = false},
                     deadline);
  if (!blob) return std::unexpected(blob.error());
  auto written = run_ok(
      {.what = "write the note of " + commit,
       .arguments = {"notes", "--ref=" + ref, "add", "--force", "-C", std::string(trim(*blob)), commit},
       .quarantine = false},
      deadline);
  if (!written) return std::unexpected(written.error());
  return {};
}

Result<std::vector<std::string>> GitRepository::noted(const std::string& ref, Deadline deadline) const {
  auto answer = run({.what = "list notes",
                     .arguments = {"notes", "--ref=" + ref, "list"},
                     .output_bytes_max = list_bytes_max,
                     .quarantine = false},
                    deadline);
  if (!answer) return std::unexpected(answer.error());
  std::vector<std::string> result;
  if (answer->process.exit_code != 0) return result;
  for (std::string_view line : split_lines(answer->process.output)) {
    std::size_t space = line.find(' ');
    if (space != line.npos) result.emplace_back(line.substr(space + 1));
  }
  return result;
}

}  // namespace fanlight::host
