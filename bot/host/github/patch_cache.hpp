// Patches of single commits, by repository and commit. A push of one commit onto twenty would ask for all of
// them again; a commit never changes, so the text is kept up to a number of bytes. One thread.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>

#include "fanlight/model/diff.hpp"

namespace fanlight::host::github {

class PatchCache {
 public:
  explicit PatchCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // Null when it is not there.
  const Diff* find(const std::string& key) {
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
      if (entry->key != key) continue;
      entries_.splice(entries_.begin(), entries_, entry);
      return &entries_.front().diff;
    }
    return nullptr;
  }

  void put(std::string key, const Diff& diff) {
    const std::size_t bytes = diff.text ? diff.text->size() : 0;
    // A line costs more parsed than as text; a large patch is not worth the room of many small ones.
    if (bytes > bytes_max_ / 16 || find(key)) return;
    entries_.push_front({std::move(key), diff, bytes + entry_bytes});
    bytes_ += entries_.front().bytes;
    while (bytes_ > bytes_max_) {
      bytes_ -= entries_.back().bytes;
      entries_.pop_back();
    }
  }

 private:
  static constexpr std::size_t entry_bytes = 4'096;
  struct Entry {
    std::string key;
    Diff diff;
    std::size_t bytes;
  };
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  // newest first
};

}  // namespace fanlight::host::github
