// What is read of any file stays inside it, and a module of any text is instantiated within its budget.
#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>

#include "fanlight/coupling/dependencies.hpp"
#include "fanlight/coupling/modules.hpp"
#include "fanlight/coupling/readiness.hpp"
#include "fanlight/coupling/stranger.hpp"

using namespace fanlight;
using namespace fanlight::coupling;

namespace {

constexpr std::string_view kPaths[] = {"modules/a/main.tf",
                                       "live/a/terragrunt.hcl",
                                       "charts/a/Chart.yaml",
                                       "charts/a/values.yaml",
                                       "base/kustomization.yaml",
                                       "base/compose.yaml",
                                       ".github/workflows/ci.yml",
                                       ".gitlab-ci.yml",
                                       "roles/a/tasks/main.yml",
                                       "roles/a/meta/main.yml",
                                       "roles/a/vars/main.yml",
                                       "requirements.yml",
                                       "modules/a/manifests/init.pp",
                                       "salt/a/init.sls",
                                       "charts/a/templates/d.yaml",
                                       ".gitmodules",
                                       "Puppetfile",
                                       "go.mod",
                                       "flake.nix",
                                       "base/Dockerfile",
                                       "base/d.yaml",
                                       "roles/a/templates/x.j2",
                                       "app/main.py",
                                       ".env.example"};

void check(detect::Span span, std::string_view text) {
  if (span.begin > span.end || span.end > text.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view path = kPaths[data[0] % std::size(kPaths)];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const RepositoryFile file{std::string(path), read_facts(path, text)};
  for (const Dependency& one : file.facts.dependencies) {
    check(one.span, text);
    parse_source(one, path);
  }
  for (const Lookup& one : file.facts.lookups) check(one.span, text);
  for (const Hit& hit : find_dependencies({path, text, Layer::shared, nullptr}, {})) check(hit.span, text);
  const ModuleGraph graph = make_graph({&file, 1}, {});
  judge_readiness(graph, std::vector<ModuleFindings>(graph.modules.size()));
  const ModuleText source{path, text};
  for (const ModuleKind kind : {ModuleKind::terraform, ModuleKind::ansible_role}) {
    for (const StrangerText& one : instantiate(kind, {&source, 1}).texts) {
      if (static_cast<std::size_t>(std::count(one.text.begin(), one.text.end(), '\n')) != one.lines.size())
        std::abort();
    }
  }
  return 0;
}
