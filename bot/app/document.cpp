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

bool Document::on_one_line(detect::Span a, detect::Span b) const {
  const auto [a_first, a_last] = line_range(*this, a);
  const auto [b_first, b_last] = line_range(*this, b);
  return a_first <= b_last && b_first <= a_last;
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

bool looks_binary(std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return false;
  return text.substr(0, 8000).find('\0') != std::string_view::npos;
}

Document whole_text(Place place, std::string_view path, std::string_view text) {
  Document out;
  out.place = place;
  out.path = path;
  out.text = text;
  return out;
}

namespace {

// Calls `each(line)` for every line of the document and `gap()` between two hunks.
template <class Each, class Gap>
void walk(const FileDiff& file, bool removed, Each each, Gap gap) {
  bool first = true;
  for (const Hunk& hunk : file.hunks) {
    if (!first) gap();
    first = false;
    for (const DiffLine& line : hunk.lines) {
      if (line.kind != (removed ? LineKind::added : LineKind::removed)) each(line);
    }
  }
}

void index_hunks(Document& document, bool removed) {
  std::uint32_t begin = 0;
  const auto each = [&](const DiffLine& line) {
    document.lines.push_back({begin, removed ? line.old_line : line.new_line, line.kind});
    begin += static_cast<std::uint32_t>(line.text.size()) + 1;
  };
  walk(*document.hunks, removed, each, [&] { document.lines.push_back({begin++, 0, LineKind::context}); });
}

Document from_hunks(const FileDiff& file, const std::string& path, bool removed) {
  Document out;
  out.path = path;
  out.hunks = &file;
  out.removed = removed;
  out.storage = std::make_unique<std::string>();
  std::string& text = *out.storage;
  std::size_t bytes = 0;
  walk(file, removed, [&](const DiffLine& line) { bytes += line.text.size() + 1; }, [&] { ++bytes; });
  text.reserve(bytes);
  const auto each = [&](const DiffLine& line) {
    text += line.text;
    text += '\n';
  };
  walk(file, removed, each, [&] { text += '\n'; });
  out.text = text;
  return out;
}

}  // namespace

void index_lines(Document& document) {
  if (!document.lines.empty()) return;
  if (document.hunks) return index_hunks(document, document.removed);
  std::uint32_t number = 0;
  std::size_t begin = 0;
  do {
    document.lines.push_back({static_cast<std::uint32_t>(begin), ++number, LineKind::added});
    const std::size_t end = document.text.find('\n', begin);
    if (end == std::string_view::npos) break;
    begin = end + 1;
  } while (begin < document.text.size());
}

Document new_side(const FileDiff& file) {
  return from_hunks(file, file.path(), false);
}

Document old_side(const FileDiff& file) {
  return from_hunks(file, file.old_path, true);
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
