// The rules about what a file depends on (D01-D04, D06) and about private values that it looks up (X01-X04):
// judged from the file's facts, where the literal rules judge matches. Called by app::Scanner beside them,
// with the same text; a hit becomes a finding in the same way. Pure.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/find.hpp"
#include "fanlight/coupling/judge.hpp"
#include "fanlight/coupling/layers.hpp"
#include "fanlight/coupling/source.hpp"
#include "fanlight/detect/rule.hpp"

namespace fanlight::coupling {

// What is known of the repository around the file.
struct Surroundings {
  Visibility visibility;
  const Layers* layers = nullptr;  // null: the conventions of paths alone
  // Keys that some public file of the repository gives a value to, the stubs. Nothing: nobody looked, and
  // then no lookup is said to have none.
  const std::set<std::string, std::less<>>* declared = nullptr;
};

// In the order of their spans.
std::vector<Hit> find_dependencies(const FileView& file, const Surroundings& surroundings);
// Git repositories that the file depends on and of which nobody has said whether the public sees them, for
// whoever can ask the host: "github.com/acme/waf". Sorted, each once.
std::vector<std::string> unknown_repositories(const FileView& file, const Visibility& visibility);

// The rules behind them, for `rules list` and the policy.
std::span<const detect::Rule> dependency_rules();
// By its id, which must be one of them.
const detect::Rule& dependency_rule(std::string_view id);

// The key under which a stub for a lookup is found.
bool has_stub(const Lookup& lookup, const std::set<std::string, std::less<>>& declared);

}  // namespace fanlight::coupling
