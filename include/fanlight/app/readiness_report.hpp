// The readiness of a repository for people and machines. Pure. Names from the repository are made harmless
// for each format; no format holds a literal in full.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fanlight/core/result.hpp"
#include "fanlight/coupling/readiness.hpp"

namespace fanlight::app {

struct ReadinessReport {
  const coupling::Readiness& readiness;
  std::optional<coupling::Difference> since = {};  // the baseline
  std::string_view module = {};                    // only this one; empty: all
  std::string_view title = {};                     // of the repository, for pages
};

std::string readiness_text(const ReadinessReport& report, bool color);
// `schema` counts up on a breaking change. It is also the baseline that read_baseline reads.
std::string readiness_json(const ReadinessReport& report);
// With a graph that hosts draw (Mermaid).
std::string readiness_markdown(const ReadinessReport& report);
// One page that needs nothing else: no script, no font, no image from elsewhere.
std::string readiness_html(const ReadinessReport& report);

Result<coupling::Baseline> read_baseline(std::string_view json, const std::string& file);

// "3 of 7 modules are ready to release."
std::string readiness_headline(const coupling::Readiness& readiness);
std::string state_with_detail(const coupling::ModuleReport& module);  // "BLOCKED{2}"
std::string_view class_of(coupling::ReadyState state);                // "blocked", for styles
// Blockers and what does not resolve.
std::size_t obstacles(const coupling::ModuleReport& module);
// What the history alone still holds, and what to do about it; empty when it holds nothing, or was not read.
std::string history_sentence(const coupling::ModuleReport& module);
// Those that the report is about; by state, then the fewest blockers first: the order in which somebody would
// work.
std::vector<const coupling::ModuleReport*> modules_in_order(const ReadinessReport& report);
// Of them those that an edge leads to or from: the graph.
std::vector<const coupling::ModuleReport*> linked(const std::vector<const coupling::ModuleReport*>& modules);

}  // namespace fanlight::app
