#include "anchors.hpp"

namespace fanlight::policy {

Anchors::Anchors(const Diff& diff) {
  for (const FileDiff& file : diff.files) {
    if (file.status == FileStatus::removed) continue;
    std::vector<LineRange>& runs = runs_[file.new_path];
    for (const Hunk& hunk : file.hunks) {
      LineRange run;
      for (const DiffLine& line : hunk.lines) {
        if (line.kind == LineKind::removed || line.new_line == 0) continue;
        if (run.last != 0 && line.new_line == run.last + 1) {
          run.last = line.new_line;
        } else {
          if (run.last != 0) runs.push_back(run);
          run = {line.new_line, line.new_line};
        }
      }
      if (run.last != 0) runs.push_back(run);
    }
  }
}

std::optional<LineRange> Anchors::place(std::string_view path, LineRange wanted) const {
  const auto file = runs_.find(path);
  if (file == runs_.end()) return {};
  const auto shown = [](const LineRange& run, std::uint32_t line) {
    return run.first <= line && line <= run.last;
  };
  std::optional<LineRange> first, last;
  for (const LineRange& run : file->second) {
    const bool has_first = shown(run, wanted.first);
    const bool has_last = shown(run, wanted.last);
    if (has_first && has_last && wanted.first <= wanted.last) return wanted;
    if (has_first && !first) first = LineRange{wanted.first, wanted.first};
    if (has_last && !last) last = LineRange{wanted.last, wanted.last};
  }
  return first ? first : last;
}

}  // namespace fanlight::policy
