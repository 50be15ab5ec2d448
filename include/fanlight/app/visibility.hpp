// Whether everybody can see the repositories that a change depends on, as the host says it; remembered for a
// while, because the same few come again with every change.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fanlight/app/scanner.hpp"
#include "fanlight/core/clock.hpp"

namespace fanlight::app {

// What hosts said. One thread.
class VisibilityCache {
 public:
  static constexpr std::size_t entries_max = 10'000;
  // A repository is opened more often than it is closed, and whoever has just opened one looks again soon.
  static constexpr std::chrono::hours public_for{24}, other_for{1};

  std::optional<bool> find(const std::string& host, const std::string& name, TimePoint now) const;
  void put(const std::string& host, const std::string& name, bool is_public, TimePoint now);

 private:
  struct Entry {
    bool is_public;
    TimePoint until;
  };
  std::map<std::pair<std::string, std::string>, Entry> entries_;
};

// Git repositories that the change's files depend on and of which neither the policy nor their names say who
// sees them: "github.com/acme/waf". Sorted, each once. Pure.
std::vector<std::string> repositories_to_ask(const Snapshot& snapshot, const ScanSettings& settings);

}  // namespace fanlight::app
