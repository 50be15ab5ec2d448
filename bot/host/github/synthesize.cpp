#include "github/synthesize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "github/line_diff.hpp"

namespace fanlight::host::github {
namespace {

// As git quotes a path: in C style when it holds a quote, a backslash or a control character.
std::string quoted(std::string_view prefix, std::string_view path) {
  const bool plain = std::ranges::none_of(
      path, [](unsigned char c) { return c < ' ' || c == '"' || c == '\\' || c == 127; });
  if (plain) return fmt::format("{}{}", prefix, path);
  std::string out = fmt::format("\"{}", prefix);
  for (const unsigned char c : path) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < ' ' || c == 127) {
      out += fmt::format("\\{:03o}", c);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out + '"';
}

// A path with a space is followed by a tab on these two lines, as git writes it.
std::string header_path(std::string_view prefix, std::string_view path) {
  std::string text = quoted(prefix, path);
  if (!text.starts_with('"') && path.find(' ') != std::string_view::npos) text += '\t';
  return text;
}

}  // namespace

std::string synthesize_file(const FileItem& item, std::string_view hunks, bool binary) {
  const bool moved = item.status == "renamed" || item.status == "copied";
  const std::string_view old_path = moved && !item.previous_path.empty() ? item.previous_path : item.path;
  std::string out = fmt::format("diff --git {} {}\n", quoted("a/", old_path), quoted("b/", item.path));
  if (item.status == "added") out += "new file mode 100644\n";
  if (item.status == "removed") out += "deleted file mode 100644\n";
  if (moved) {
    const std::string_view word = item.status == "renamed" ? "rename" : "copy";
    out += fmt::format("{} from {}\n{} to {}\n", word, quoted("", old_path), word, quoted("", item.path));
  }
  const std::string before = item.status == "added" ? "/dev/null" : header_path("a/", old_path);
  const std::string after = item.status == "removed" ? "/dev/null" : header_path("b/", item.path);
  if (binary) return out + fmt::format("Binary files {} and {} differ\n", before, after);
  if (hunks.empty()) return out;
  out += fmt::format("--- {}\n+++ {}\n{}", before, after, hunks);
  if (!hunks.ends_with('\n')) out += '\n';
  return out;
}

std::string unified_hunks(std::string_view before, std::string_view after) {
  std::string out;
  for (const Hunk& hunk : diff_lines(before, after)) {
    out +=
        fmt::format("@@ -{},{} +{},{} @@\n", hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count);
    for (const DiffLine& line : hunk.lines) {
      out += line.kind == LineKind::added ? '+' : line.kind == LineKind::removed ? '-' : ' ';
      out += line.text;
      out += '\n';
      if (!line.newline_at_end) out += "\\ No newline at end of file\n";
    }
  }
  return out;
}

}  // namespace fanlight::host::github
