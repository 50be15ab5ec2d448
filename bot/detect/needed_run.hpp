// What a match holds beside its anchor: most tokens are so many letters and digits in a row. Text near an
// anchor mostly holds no such run, which a few byte reads show and RE2 takes 500 ns to say. Used only inside
// this box.
#pragma once

#include <cstddef>
#include <string_view>

#include "pattern_tree.hpp"

namespace fanlight::detect {

// `least` bytes in a row, all of `bytes`; 0 of them where none is known to be needed.
struct NeededRun {
  ByteSet bytes;
  std::size_t least = 0;

  // False when `text` holds no such run, and so no match.
  bool stands_in(std::string_view text) const;
};

// The run that says most of those that every match of `pattern` holds. Runs of single characters are left
// out: they are mostly the anchor.
NeededRun needed_run(std::string_view pattern);

}  // namespace fanlight::detect
