#include "document.hpp"

#include <algorithm>

#include "fanlight/core/text.hpp"

namespace fanlight::app {

std::size_t Document::line_at(std::size_t offset) const {
  const auto after =
      std::upper_bound(lines.begin(), lines.end(), offset,
                       [](std::size_t at, const DocumentLine& line) { return at < line.begin; });
  return after == lines.begin() ? 0 : static_cast<std::size_t>(after - lines.begin()) - 1;
}

std::string_view Document::line_text(std::size_t index) const {
  const std::size_t begin = lines[index].begin;
  const std::size_t end = index + 1 < lines.size() ? lines[index + 1].begin : text.size();
  std::string_view line = text.substr(begin, end - begin);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

namespace {

// First and last line of a span; an empty span stands in one line.
std::pair<std::size_t, std::size_t> line_range(const Document& document, detect::Span span) {
  const std::size_t last = span.end > span.begin ? span.end - 1 : span.begin;
  return {document.line_at(span.begin), document.line_at(last)};
}

}  // namespace

bool Document::contiguous(detect::Span span) const {
  const auto [first, last] = line_range(*this, span);
  for (std::size_t i = first; i <= last; ++i) {
    if (lines[i].number == 0) return false;
  }
  return true;
}

bool Document::touches(detect::Span span, LineKind kind) const {
  const auto [first, last] = line_range(*this, span);
  for (std::size_t i = first; i <= last; ++i) {
    if (lines[i].kind == kind) return true;
  }
  return false;
}

Location Document::locate(detect::Span span) const {
  const auto [first, last] = line_range(*this, span);
  const auto column = [&](std::size_t line, std::size_t offset) {
    const std::string_view before = text.substr(lines[line].begin, offset - lines[line].begin);
    return static_cast<std::uint32_t>(count_code_points(before)) + 1;
  };
  Location out;
  out.place = place;
  out.path = path;
  out.start_line = lines[first].number;
  out.start_column = column(first, span.begin);
  out.end_line = lines[last].number;
  out.end_column = column(last, span.end);
  return out;
}

Document whole_text(Place place, std::string_view path, std::string_view text) {
  Document out;
  out.place = place;
  out.path = path;
  out.text = text;
  return out;
}

void index_lines(Document& document) {
  if (!document.lines.empty()) return;
  std::uint32_t number = 0;
  std::size_t begin = 0;
  do {
    document.lines.push_back({static_cast<std::uint32_t>(begin), ++number, LineKind::added});
    const std::size_t end = document.text.find('\n', begin);
    if (end == std::string_view::npos) break;
    begin = end + 1;
  } while (begin < document.text.size());
}

namespace {

template <class Keep>
Document from_hunks(const FileDiff& file, const std::string& path, Keep keep) {
  Document out;
  out.path = path;
  out.storage = std::make_unique<std::string>();
  std::string& storage = *out.storage;
  std::size_t bytes = 0, lines = 0;
  for (const Hunk& hunk : file.hunks) {
    lines += hunk.lines.size() + 1;
    for (const DiffLine& line : hunk.lines) bytes += line.text.size() + 1;
  }
  storage.reserve(bytes + file.hunks.size());
  out.lines.reserve(lines);
  for (const Hunk& hunk : file.hunks) {
    if (!out.lines.empty()) {
      out.lines.push_back({static_cast<std::uint32_t>(storage.size()), 0, LineKind::context});
      storage += '\n';
    }
    for (const DiffLine& line : hunk.lines) {
      if (!keep(line)) continue;
      const std::uint32_t number = line.kind == LineKind::removed ? line.old_line : line.new_line;
      out.lines.push_back({static_cast<std::uint32_t>(storage.size()), number, line.kind});
      storage += line.text;
      storage += '\n';
    }
  }
  out.text = storage;
  return out;
}

}  // namespace

Document new_side(const FileDiff& file) {
  return from_hunks(file, file.path(), [](const DiffLine& line) { return line.kind != LineKind::removed; });
}

Document removed_lines(const FileDiff& file) {
  return from_hunks(file, file.old_path, [](const DiffLine& line) { return line.kind == LineKind::removed; });
}

Document full_text(const FileDiff& file, std::string_view text) {
  Document out = whole_text(Place::file, file.path(), text);
  index_lines(out);
  for (DocumentLine& line : out.lines) line.kind = LineKind::context;
  for (const Hunk& hunk : file.hunks) {
    for (const DiffLine& line : hunk.lines) {
      if (line.kind == LineKind::added && line.new_line <= out.lines.size()) {
        out.lines[line.new_line - 1].kind = LineKind::added;
      }
    }
  }
  return out;
}

}  // namespace fanlight::app
