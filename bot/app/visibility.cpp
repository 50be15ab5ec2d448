#include "fanlight/app/visibility.hpp"

#include <algorithm>
#include <set>

#include "document.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/dependencies.hpp"

namespace fanlight::app {

std::optional<bool> VisibilityCache::find(const std::string& host, const std::string& name,
                                          TimePoint now) const {
  const auto found = entries_.find({host, name});
  if (found == entries_.end() || found->second.until <= now) return std::nullopt;
  return found->second.is_public;
}

void VisibilityCache::put(const std::string& host, const std::string& name, bool is_public, TimePoint now) {
  if (entries_.size() >= entries_max)
    std::erase_if(entries_, [now](const auto& entry) { return entry.second.until <= now; });
  if (entries_.size() >= entries_max) entries_.clear();
  const auto keep = is_public ? public_for : other_for;
  entries_.insert_or_assign({host, name}, Entry{is_public, now + keep});
}

std::vector<std::string> repositories_to_ask(const Snapshot& snapshot, const ScanSettings& settings) {
  std::set<std::string> out;
  if (!settings.coupling) return {};
  for (const FileDiff& file : snapshot.diff.files) {
    const auto ignored = [&](const std::string& glob) { return glob_match(glob, file.path()); };
    if (file.binary || file.status == FileStatus::removed ||
        std::ranges::any_of(settings.ignore_paths, ignored))
      continue;
    const Document document = new_side(file);
    const Layer layer = settings.layers.of(file.path()).layer;
    const coupling::FileView view{document.path, document.text, layer, &settings.lexicon};
    for (std::string& name : coupling::unknown_repositories(view, settings.visibility))
      out.insert(std::move(name));
  }
  return {out.begin(), out.end()};
}

}  // namespace fanlight::app
