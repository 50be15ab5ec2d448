// A text to scan, and the way back from its bytes to the lines that a person sees. A diff becomes one
// document per file: the new side of its hunks, with a gap between hunks that no match may cross.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/detect/engine.hpp"
#include "fanlight/model/diff.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight::app {

struct DocumentLine {
  std::uint32_t begin = 0;   // byte offset in Document::text
  std::uint32_t number = 0;  // in the file; 0 for the gap between two hunks
  LineKind kind = LineKind::added;
};

struct Document {
  Place place = Place::file;
  std::string path;
  std::string_view text;                 // into `storage`, or into the caller's text
  std::unique_ptr<std::string> storage;  // on the heap, so that moving the document keeps `text`
  std::vector<DocumentLine> lines;       // sorted by `begin`; filled by index_lines()
  // The hunks that `text` was made of, and which side of them; the diff outlives the document.
  const FileDiff* hunks = nullptr;
  bool removed = false;

  // Index of the line that holds the byte; lines must not be empty.
  std::size_t line_at(std::size_t offset) const;
  // Without its end of line.
  std::string_view line_text(std::size_t index) const;
  // True when the span lies in one hunk.
  bool contiguous(detect::Span span) const;
  // True when the span touches a line of that kind.
  bool touches(detect::Span span, LineKind kind) const;
  // True when a line has parts of both.
  bool on_one_line(detect::Span a, detect::Span b) const;
  Location locate(detect::Span span) const;
};

// A NUL in the first 8,000 bytes, UTF-16 aside.
bool looks_binary(std::string_view text);

// The whole text, every line `added`.
Document whole_text(Place place, std::string_view path, std::string_view text);
// Finds the lines, when there is something to locate: most documents have nothing.
void index_lines(Document& document);

// One side of a file's hunks: context and added lines, or context and removed ones.
Document new_side(const FileDiff& file);
Document old_side(const FileDiff& file);
// The full text of a file at the head; lines that the diff adds are `added`, all others `context`.
Document full_text(const FileDiff& file, std::string_view text);

}  // namespace fanlight::app
