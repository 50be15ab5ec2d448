// A clean module that needs one with blockers is not ready either (D05). That is only seen where a whole
// repository was looked at: from its findings and the graph of its modules.
#include <algorithm>
#include <map>
#include <set>

#include "document.hpp"
#include "fanlight/app/layout.hpp"
#include "fanlight/app/scanner.hpp"
#include "fanlight/coupling/change.hpp"
#include "fanlight/coupling/modules.hpp"

namespace fanlight::app {

namespace {

using coupling::Edge;
using coupling::Module;

constexpr std::size_t files_max = 50'000;  // reading the facts of more takes longer than scanning them

struct Walker {
  const coupling::ModuleGraph& graph;
  const std::set<std::size_t>& blocked;

  // The nearest blocked module that `edge` leads to, itself included.
  std::optional<std::size_t> blocked_beyond(const Edge& edge) const {
    std::set<std::size_t> seen{edge.to};
    std::vector<std::size_t> open{edge.to};
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (blocked.contains(open[i])) return open[i];
      for (const Edge& next : graph.modules[open[i]].edges) {
        if (graph.modules[next.to].releasable && seen.insert(next.to).second) open.push_back(next.to);
      }
    }
    return std::nullopt;
  }
};

coupling::ModuleGraph graph_of(const ScanSettings& settings, const RepositoryText& repository,
                               std::vector<coupling::RepositoryFile>& files) {
  for (const std::string& path : repository.paths) {
    files.push_back({path, {}});
    if (!coupling::has_facts(path)) continue;
    if (const auto text = repository.read(path)) files.back().facts = coupling::read_facts(path, *text);
  }
  coupling::Layers layers = settings.layers;
  layers.before.clear();
  return coupling::make_graph(files, layers);
}

}  // namespace

std::vector<Finding> find_unreleased(const Scanner& scanner, const ScanSettings& settings,
                                     const RepositoryText& repository, std::span<const Finding> findings) {
  const std::string& before = settings.layers.before;
  std::set<std::string_view> blocking;  // paths of the repository
  for (const Finding& finding : findings) {
    std::string_view path = finding.location.path;
    if (finding.severity != Severity::block || finding.layer != Layer::shared || !path.starts_with(before))
      continue;
    blocking.insert(path.substr(before.size()));
  }
  if (blocking.empty() || repository.paths.size() > files_max) return {};
  std::vector<coupling::RepositoryFile> files;
  const coupling::ModuleGraph graph = graph_of(settings, repository, files);
  std::set<std::size_t> blocked;
  for (std::size_t m = 0; m < graph.modules.size(); ++m) {
    const Module& module = graph.modules[m];
    const bool any = std::ranges::any_of(
        module.files, [&](std::size_t index) { return blocking.contains(files[index].path); });
    if (module.releasable && any) blocked.insert(m);
  }
  const detect::Rule& rule = coupling::change_rule("unreleased-dependency-transitively");
  const Walker walker{graph, blocked};
  std::vector<Finding> out;
  for (std::size_t m = 0; m < graph.modules.size(); ++m) {
    const Module& module = graph.modules[m];
    if (!module.releasable || module.layer != Layer::shared || blocked.contains(m)) continue;
    for (const Edge& edge : module.edges) {
      const auto beyond = graph.modules[edge.to].releasable ? walker.blocked_beyond(edge) : std::nullopt;
      if (!beyond) continue;
      const auto text = repository.read(edge.path);
      if (!text || edge.span.end > text->size() || edge.span.begin >= edge.span.end) continue;
      Document document = whole_text(Place::file, before + edge.path, *text);
      index_lines(document);
      Finding finding;
      finding.rule = rule.id;
      finding.kind = FindingKind::coupling;
      finding.layer = Layer::shared;
      finding.severity = rule.severity[static_cast<std::size_t>(finding.layer)];
      finding.axes = rule.axes;
      finding.location = document.locate(edge.span);
      finding.fingerprint = scanner.fingerprint(rule.id, module.name() + ' ' + graph.modules[*beyond].name());
      finding.excerpt = redact_excerpt(text->substr(edge.span.begin, edge.span.end - edge.span.begin));
      finding.title = rule.name;
      finding.message = std::string(rule.message) + " In the way is " + graph.modules[*beyond].name() + '.';
      finding.remedy = rule.remedy;
      out.push_back(std::move(finding));
    }
  }
  return out;
}

}  // namespace fanlight::app
