#include "github/anchor.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fanlight::host::github {
namespace {

const Hunk* hunk_with(const FileDiff& file, Side side, std::uint32_t line) {
  for (const Hunk& hunk : file.hunks) {
    const bool there = std::ranges::any_of(hunk.lines, [&](const DiffLine& at) {
      return (side == Side::right ? at.new_line : at.old_line) == line;
    });
    if (there) return &hunk;
  }
  return nullptr;
}

}  // namespace

std::string anchor_problem(const Diff& diff, const InlineComment& comment) {
  const auto file = std::ranges::find_if(diff.files, [&](const FileDiff& candidate) {
    return candidate.path() == comment.path ||
           (comment.side == Side::left && candidate.old_path == comment.path);
  });
  if (file == diff.files.end()) return "the file is not in the diff";
  if (!comment.line) return "line 0 does not exist";
  const Hunk* hunk = hunk_with(*file, comment.side, comment.line);
  if (!hunk) return fmt::format("line {} is in no hunk", comment.line);
  if (!comment.start_line || comment.start_line == comment.line) return {};
  if (comment.start_line > comment.line)
    return fmt::format("starts at line {}, after its end", comment.start_line);
  if (hunk_with(*file, comment.side, comment.start_line) != hunk) {
    return fmt::format("lines {} to {} are not in one hunk", comment.start_line, comment.line);
  }
  return {};
}

}  // namespace fanlight::host::github
