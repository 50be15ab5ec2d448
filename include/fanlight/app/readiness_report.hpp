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

}  // namespace fanlight::app
