// What all formats of the readiness report say in the same words and order.
#include "fanlight/app/readiness_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace fanlight::app {

using coupling::ModuleReport;
using coupling::ReadyState;

std::string readiness_headline(const coupling::Readiness& readiness) {
  const std::size_t ready = readiness.count(ReadyState::ready);
  const std::size_t all = readiness.modules.size() - readiness.count(ReadyState::gone);
  if (all == 0) return "No module was found that could be released alone.";
  if (ready == all)
    return all == 1 ? "The one module is ready to release."
                    : fmt::format("All {} modules are ready to release.", all);
  return fmt::format("{} of {} {} {} ready to release.", ready, all, all == 1 ? "module" : "modules",
                     ready == 1 || all == 1 ? "is" : "are");
}

std::size_t obstacles(const ModuleReport& module) {
  return module.found.blockers.size() + module.found.unresolved.size() + module.unresolved_paths.size();
}

std::string state_with_detail(const ModuleReport& module) {
  if (module.state != ReadyState::blocked) return std::string(to_string(module.state));
  return fmt::format("BLOCKED{{{}}}", obstacles(module));
}

std::string_view class_of(ReadyState state) {
  switch (state) {
    case ReadyState::ready:
      return "ready";
    case ReadyState::ready_after:
      return "after";
    case ReadyState::blocked:
      return "blocked";
    case ReadyState::entangled:
      return "entangled";
    default:
      return "other";
  }
}

std::string history_sentence(const ModuleReport& module) {
  const std::size_t n = module.found.history.size();
  if (n == 0) return {};
  const std::string_view noun = n == 1 ? "private literal" : "private literals";
  if (obstacles(module) > 0) return fmt::format("{} more {} in the history alone", n, noun);
  return fmt::format(
      "clean at the head, {} {} still in the history: publish it without its history, or rewrite it", n,
      noun);
}

std::vector<const ModuleReport*> modules_in_order(const ReadinessReport& report) {
  std::vector<const ModuleReport*> out;
  for (const ModuleReport& module : report.readiness.modules) {
    if (report.module.empty() || module.name == report.module) out.push_back(&module);
  }
  std::ranges::sort(out, {}, [](const ModuleReport* m) {
    return std::tuple(m->state, m->found.blockers.size(), std::string_view(m->name));
  });
  return out;
}

std::vector<const ModuleReport*> linked(const std::vector<const ModuleReport*>& modules) {
  std::set<std::string_view> needed;
  for (const ModuleReport* module : modules)
    needed.insert(module->depends_on.begin(), module->depends_on.end());
  std::vector<const ModuleReport*> out;
  std::ranges::copy_if(modules, std::back_inserter(out), [&](const ModuleReport* module) {
    return !module->depends_on.empty() || needed.contains(module->name);
  });
  return out;
}

}  // namespace fanlight::app
