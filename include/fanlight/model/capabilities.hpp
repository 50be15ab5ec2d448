// What a git host can do. Differences between hosts are data, not class trees.
#pragma once

#include <cstddef>

namespace fanlight {

struct Capabilities {
  bool inline_comments = true;
  bool suggestions = true;  // a fenced "suggestion" block can be applied by a click
  bool reactions = true;
  bool comments = true;         // can be talked to in comments
  bool summary = true;          // has a place for one summary of a change
  bool summary_always = false;  // nobody is notified of it: written also when all is well
  bool annotations = false;     // SetStatus::annotations are shown
  std::size_t comment_bytes_max = 65'536;
  std::size_t status_description_max = 140;
};

}  // namespace fanlight
