// References that a file's language reads as text (F01): one function per language, called by
// find_inert_references (change.hpp) for each added line. Internal to the box; pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "fanlight/model/diff.hpp"
#include "words.hpp"

namespace fanlight::coupling {

struct AddedLine {
  std::string_view text;
  std::size_t offset = 0;       // where it begins in the file at the head
  std::string_view instead_of;  // the removed line that it replaces; empty when it is new
};

struct Inert {
  std::size_t begin = 0, end = 0;  // bytes of the line
  std::string_view how;            // how this kind of file writes it
};

// `text`: the file at the head, or empty. `file` lives longer than the answer.
std::optional<Inert> inert_in(Format format, const FileDiff& file, std::string_view text,
                              const AddedLine& line);

}  // namespace fanlight::coupling
