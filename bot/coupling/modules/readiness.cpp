// States from the graph: closures by walking, cycles as strongly connected components (Kosaraju, without
// recursion: a hostile repository may be one long chain).
#include "fanlight/coupling/readiness.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace fanlight::coupling {

namespace {

using Indexes = std::vector<std::size_t>;

struct Walker {
  const ModuleGraph& graph;

  // Edges that count for a release: from a module to a module.
  Indexes targets(std::size_t from) const {
    Indexes out;
    for (const Edge& edge : graph.modules[from].edges) {
      if (graph.modules[edge.to].releasable) out.push_back(edge.to);
    }
    return out;
  }

  // Everything that `from` leads to, itself included, in order.
  Indexes closure(std::size_t from) const {
    std::set<std::size_t> seen{from};
    Indexes open{from};
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      for (const std::size_t to : targets(at)) {
        if (seen.insert(to).second) open.push_back(to);
      }
    }
    return {seen.begin(), seen.end()};
  }

  // Each unit's component: units that reach each other have the same number.
  Indexes components() const {
    const std::size_t count = graph.modules.size();
    std::vector<Indexes> forward(count), back(count);
    for (std::size_t i = 0; i < count; ++i) {
      forward[i] = targets(i);
      for (const std::size_t to : forward[i]) back[to].push_back(i);
    }
    Indexes finished;
    std::vector<char> seen(count, 0);
    for (std::size_t i = 0; i < count; ++i) {
      if (seen[i]) continue;
      std::vector<std::pair<std::size_t, std::size_t>> stack{{i, 0}};
      seen[i] = 1;
      while (!stack.empty()) {
        auto& [at, next] = stack.back();
        if (next == forward[at].size()) {
          finished.push_back(at);
          stack.pop_back();
          continue;
        }
        const std::size_t to = forward[at][next++];
        if (seen[to]) continue;
        seen[to] = 1;
        stack.emplace_back(to, 0);
      }
    }
    Indexes out(count, count);
    for (auto it = finished.rbegin(); it != finished.rend(); ++it) {
      if (out[*it] != count) continue;
      Indexes open{*it};
      out[*it] = *it;
      while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        for (const std::size_t to : back[at]) {
          if (out[to] != count) continue;
          out[to] = *it;
          open.push_back(to);
        }
      }
    }
    return out;
  }
};

// Where a module reaches into what only deploys: it cannot be released without that.
std::vector<std::string> inverted(const ModuleGraph& graph, const Module& module) {
  std::vector<std::string> out = module.inverted;
  for (const Edge& edge : module.edges) {
    const Module& to = graph.modules[edge.to];
    if (!to.releasable && to.layer != Layer::doc_test) out.push_back(to.name());
  }
  return out;
}

void set_states(const ModuleGraph& graph, const Walker& walker, std::vector<ModuleReport>& reports) {
  const Indexes component = walker.components();
  std::map<std::size_t, std::vector<std::string>> members;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (graph.modules[i].releasable) members[component[i]].push_back(reports[i].name);
  }
  for (std::size_t i = 0; i < reports.size(); ++i) {
    ModuleReport& report = reports[i];
    std::vector<std::string> with = inverted(graph, graph.modules[i]);
    for (const std::string& name : members[component[i]]) {
      if (name != report.name) with.push_back(name);
    }
    if (!with.empty()) {
      report.state = ReadyState::entangled;
      report.after = std::move(with);
    } else if (!report.found.blockers.empty() || !report.found.unresolved.empty() ||
               !report.unresolved_paths.empty()) {
      report.state = ReadyState::blocked;
    } else if (!report.found.missing.empty()) {
      report.state = ReadyState::incomplete;
    }
  }
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (reports[i].state != ReadyState::ready || !graph.modules[i].releasable) continue;
    for (const std::size_t other : walker.closure(i)) {
      if (other != i && reports[other].state != ReadyState::ready &&
          reports[other].state != ReadyState::ready_after)
        reports[i].after.push_back(reports[other].name);
    }
    if (!reports[i].after.empty()) reports[i].state = ReadyState::ready_after;
  }
}

// Modules whose whole closure is clear of everything but one literal are one fix away.
std::vector<Fix> find_fixes(const ModuleGraph& graph, const Walker& walker,
                            std::vector<ModuleReport>& reports) {
  std::map<Blocker, std::vector<std::string>> unlocked;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (!graph.modules[i].releasable) continue;
    std::set<Blocker> all;
    bool only_literals = true;
    for (const std::size_t other : walker.closure(i)) {
      const ModuleReport& report = reports[other];
      all.insert(report.found.blockers.begin(), report.found.blockers.end());
      only_literals = only_literals && report.state != ReadyState::entangled &&
                      report.state != ReadyState::incomplete && report.found.unresolved.empty() &&
                      report.unresolved_paths.empty();
    }
    reports[i].closure = all.size();
    if (only_literals && all.size() == 1) unlocked[*all.begin()].push_back(reports[i].name);
  }
  std::vector<Fix> out;
  for (auto& [blocker, names] : unlocked) out.push_back({blocker, std::move(names)});
  std::ranges::sort(out, [](const Fix& a, const Fix& b) {
    if (a.unlocks.size() != b.unlocks.size()) return a.unlocks.size() > b.unlocks.size();
    return std::tie(a.blocker.path, a.blocker.line, a.blocker.rule) <
           std::tie(b.blocker.path, b.blocker.line, b.blocker.rule);
  });
  return out;
}

// Waves: what depends on nothing unreleased first. What is in a cycle has none.
void set_waves(const ModuleGraph& graph, const Walker& walker, std::vector<ModuleReport>& reports,
               std::vector<std::string>& order) {
  std::vector<std::size_t> left(reports.size(), 0);  // targets without a wave
  std::vector<Indexes> users(reports.size());
  Indexes now;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (!graph.modules[i].releasable) continue;
    const Indexes to = walker.targets(i);
    left[i] = to.size();
    for (const std::size_t t : to) users[t].push_back(i);
    if (to.empty()) now.push_back(i);
  }
  for (std::size_t wave = 1; !now.empty(); ++wave) {
    // The nearest to release first.
    std::ranges::sort(now, {}, [&](std::size_t i) {
      return std::tuple(reports[i].found.blockers.size(), std::string_view(reports[i].name));
    });
    Indexes next;
    for (const std::size_t i : now) {
      reports[i].wave = wave;
      order.push_back(reports[i].name);
      for (const std::size_t user : users[i]) {
        if (--left[user] == 0) next.push_back(user);
      }
    }
    now = std::move(next);
  }
}

}  // namespace

std::string_view to_string(ReadyState state) {
  static constexpr std::array<std::string_view, 6> kNames{"READY",     "READY-AFTER", "BLOCKED",
                                                          "ENTANGLED", "INCOMPLETE",  "GONE"};
  return kNames[static_cast<std::size_t>(state)];
}

std::size_t Readiness::count(ReadyState state) const {
  return static_cast<std::size_t>(std::ranges::count(modules, state, &ModuleReport::state));
}

Baseline baseline_of(const Readiness& readiness) {
  Baseline out;
  for (const ModuleReport& module : readiness.modules) {
    if (module.state == ReadyState::gone) continue;
    out.modules.push_back(module.name);
    for (const Blocker& blocker : module.found.blockers)
      out.blockers.push_back({module.name, blocker.rule, blocker.fingerprint});
  }
  return out;
}

Difference compare(const Baseline& before, Readiness& now) {
  using Literal = std::string;  // its fingerprint
  std::set<Literal> then_all, now_all;
  std::map<std::string, std::set<Literal>, std::less<>> then_by_module;
  for (const Baseline::Entry& entry : before.blockers) {
    then_all.insert(entry.fingerprint);
    then_by_module[entry.module].insert(entry.fingerprint);
  }
  Difference out;
  for (const ModuleReport& module : now.modules) {
    std::set<Literal> here;
    for (const Blocker& blocker : module.found.blockers) {
      const Literal& literal = blocker.fingerprint;
      here.insert(literal);
      const bool known = then_all.contains(literal);
      if (!known && now_all.insert(literal).second) out.introduced.emplace_back(module.name, blocker);
      if (known && !then_by_module[module.name].contains(literal)) ++out.moved;
      now_all.insert(literal);
    }
    const std::size_t then = then_by_module[module.name].size();
    if (here.size() < then) out.closer.push_back(module.name);
    if (here.size() > then) out.further.push_back(module.name);
  }
  std::set<Literal> said;
  for (const Baseline::Entry& entry : before.blockers) {
    const Literal& literal = entry.fingerprint;
    if (!now_all.contains(literal) && said.insert(literal).second) out.removed.push_back(entry);
  }
  for (const std::string& name : before.modules) {
    if (std::ranges::find(now.modules, name, &ModuleReport::name) != now.modules.end()) continue;
    ModuleReport gone;
    gone.name = name;
    gone.state = ReadyState::gone;
    now.modules.push_back(std::move(gone));
  }
  std::ranges::sort(now.modules, {}, [](const ModuleReport& m) { return std::tie(m.name, m.kind); });
  return out;
}

Readiness judge_readiness(const ModuleGraph& graph, std::vector<ModuleFindings> found) {
  Readiness out;
  const Walker walker{graph};
  std::vector<ModuleReport> reports(graph.modules.size());
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const Module& module = graph.modules[i];
    reports[i].name = module.name();
    reports[i].kind = module.kind;
    reports[i].found = std::move(found[i]);
    reports[i].external = module.external;
    reports[i].unresolved_paths = module.unresolved;
    for (const std::size_t to : walker.targets(i)) reports[i].depends_on.push_back(graph.modules[to].name());
  }
  set_states(graph, walker, reports);
  out.fixes = find_fixes(graph, walker, reports);
  set_waves(graph, walker, reports, out.order);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (graph.modules[i].releasable) {
      out.modules.push_back(std::move(reports[i]));
    } else {
      ++out.units;
    }
  }
  return out;
}

}  // namespace fanlight::coupling
