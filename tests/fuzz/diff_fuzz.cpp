// Any bytes are a diff or one clear error; what was parsed keeps its own promises about lines and counts.
#include <cstdlib>

#include "fanlight/detect/diff_parser.hpp"

using namespace fanlight;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto diff = detect::parse_diff(text);
  if (!diff) {
    if (diff.error().text.empty() || diff.error().text.find('\n') != std::string::npos) std::abort();
    return 0;
  }
  for (const FileDiff& file : diff->files) {
    if (file.new_path.empty() && file.old_path.empty()) std::abort();
    for (const Hunk& hunk : file.hunks) {
      std::uint32_t old_lines = 0, new_lines = 0;
      for (const DiffLine& line : hunk.lines) {
        old_lines += line.kind != LineKind::added;
        new_lines += line.kind != LineKind::removed;
        if (line.text.find('\n') != std::string_view::npos) std::abort();
      }
      if (old_lines != hunk.old_count || new_lines != hunk.new_count) std::abort();
    }
  }
  return 0;
}
