// A change as files, hunks and lines. Values only; detect/diff_parser.hpp makes them from text.
//
// Lines are views into `Diff::text`, which the diff owns and shares: copying a Diff is cheap and keeps the
// views.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fanlight {

enum class LineKind : std::uint8_t { context, added, removed };

struct DiffLine {
  LineKind kind = LineKind::context;
  bool newline_at_end = true;  // false where git says "\ No newline at end of file"
  std::uint32_t old_line = 0;  // counts from 1; 0 for an added line
  std::uint32_t new_line = 0;  // counts from 1; 0 for a removed line
  std::string_view text;       // without the marker and without "\n"; keeps a "\r"
};

struct Hunk {
  std::uint32_t old_start = 0, old_count = 0, new_start = 0, new_count = 0;
  std::vector<DiffLine> lines;
};

enum class FileStatus : std::uint8_t { modified, added, removed, renamed, copied, mode_changed };

struct FileDiff {
  std::string old_path;  // equal to new_path unless renamed or copied; never "/dev/null"
  std::string new_path;
  FileStatus status = FileStatus::modified;
  bool binary = false;             // the host or git says so; no hunks
  std::string old_mode, new_mode;  // "100644", "120000" (symlink), "160000" (submodule); empty when not given
  std::vector<Hunk> hunks;

  const std::string& path() const { return status == FileStatus::removed ? old_path : new_path; }
};

struct Diff {
  std::shared_ptr<const std::string> text;
  std::vector<FileDiff> files;
};

}  // namespace fanlight
