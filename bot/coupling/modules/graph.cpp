// Units first, from the names of files alone; then each file to the innermost unit that holds it; then edges,
// from what the files say they need.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "fanlight/core/text.hpp"
#include "fanlight/coupling/modules.hpp"

namespace fanlight::coupling {

namespace {

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool has_suffix(std::string_view name, std::initializer_list<std::string_view> suffixes) {
  return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return name.ends_with(suffix); });
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// The folder above the last component that is called `folder`: "a/roles/web/tasks/x/main.yml" and "tasks"
// give "a/roles/web".
std::optional<std::string_view> above(std::string_view path, std::string_view folder) {
  for (std::size_t at = path.rfind(folder); at != path.npos && at > 0; at = path.rfind(folder, at - 1)) {
    const bool whole = path[at - 1] == '/' && path.substr(at + folder.size(), 1) == "/";
    if (whole) return path.substr(0, at - 1);
  }
  if (path.starts_with(folder) && path.substr(folder.size(), 1) == "/") return std::string_view{};
  return std::nullopt;
}

struct Unit {
  ModuleKind kind;
  std::string_view path;
  bool operator<(const Unit& other) const { return std::tie(path, kind) < std::tie(other.path, other.kind); }
};

constexpr auto kRoleFolders = std::to_array<std::string_view>(
    {"tasks", "defaults", "vars", "handlers", "templates", "files", "meta", "library", "filter_plugins"});

// "…/roles/web" of a path below it that a role would have.
std::optional<std::string_view> role_of(std::string_view path) {
  for (std::size_t at = path.find("roles/"); at != path.npos; at = path.find("roles/", at + 1)) {
    if (at > 0 && path[at - 1] != '/') continue;
    const std::size_t end = path.find('/', at + 6);
    if (end == path.npos) continue;
    const std::string_view rest = path.substr(end + 1);
    if (std::ranges::find(kRoleFolders, rest.substr(0, rest.find('/'))) != kRoleFolders.end())
      return path.substr(0, end);
  }
  return std::nullopt;
}

// The units that one file gives away.
void units_of(std::string_view path, std::vector<Unit>& out) {
  const std::string_view name = name_of(path), folder = folder_of(path);
  const auto add = [&](ModuleKind kind, std::string_view at) { out.push_back({kind, at}); };
  if (has_suffix(name, {".tf", ".tofu"}) && !has_suffix(name, {".tftest.tf"}))
    add(ModuleKind::terraform, folder);
  if (name == "terragrunt.hcl") add(ModuleKind::terragrunt, folder);
  if (const auto role = role_of(path)) {
    add(ModuleKind::ansible_role, *role);
  } else if (name == "main.yml" || name == "main.yaml") {
    if (name_of(folder) == "tasks") add(ModuleKind::ansible_role, folder_of(folder));
  }
  if (name == "galaxy.yml") add(ModuleKind::ansible_collection, folder);
  if (name == "Chart.yaml") add(ModuleKind::helm, folder);
  if (name.ends_with(".pp") && name != "site.pp") {
    if (const auto module = above(path, "manifests")) add(ModuleKind::puppet, *module);
  }
  if (name == "init.sls" && !above(path, "pillar") && !above(path, "pillars")) add(ModuleKind::salt, folder);
  if (is_one_of(name, {"kustomization.yaml", "kustomization.yml"})) add(ModuleKind::kustomize, folder);
  if (name == "metadata.rb") add(ModuleKind::chef, folder);
  if (name == "Pulumi.yaml" || name == "Pulumi.yml") add(ModuleKind::pulumi, folder);
  if (name == "cdk.json") add(ModuleKind::cdk, folder);
  if (is_one_of(name, {"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}))
    add(ModuleKind::compose, folder);
}

// A file that stands for the unit when its layer is asked.
std::string probe_of(const Unit& unit) {
  const std::string base = unit.path.empty() ? "" : std::string(unit.path) + '/';
  switch (unit.kind) {
    case ModuleKind::ansible_role:
      return base + "tasks/main.yml";
    case ModuleKind::puppet:
      return base + "manifests/init.pp";
    case ModuleKind::salt:
      return base + "init.sls";
    case ModuleKind::helm:
      return base + "Chart.yaml";
    default:
      return base + "main.tf";
  }
}

struct Builder {
  std::span<const RepositoryFile> files;
  const Layers& layers;
  std::vector<Module> modules = {};
  std::map<std::string_view, std::vector<std::size_t>> by_path = {};  // views into modules' own paths
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_name = {};
  std::set<std::string_view> folders = {};  // every folder that holds a file

  void find_units() {
    std::set<Unit> units;
    std::vector<Unit> some;
    for (const RepositoryFile& file : files) {
      some.clear();
      units_of(file.path, some);
      units.insert(some.begin(), some.end());
      for (std::string_view folder = folder_of(file.path); folders.insert(folder).second && !folder.empty();)
        folder = folder_of(folder);
    }
    modules.reserve(units.size());
    for (const Unit& unit : units) {
      Module module;
      module.kind = unit.kind;
      module.path = std::string(unit.path);
      const LayerOf layer = layers.of(probe_of(unit));
      // What no path names is judged by what it is, in settle().
      const bool named = !layer.by_default && !layer.guessed;
      module.layer = named ? layer.layer : Layer::instance;
      module.releasable = !named || layer.layer == Layer::shared;
      modules.push_back(std::move(module));
    }
    for (std::size_t i = 0; i < modules.size(); ++i) {
      by_path[modules[i].path].push_back(i);
      by_name[std::string(name_of(modules[i].path))].push_back(i);
    }
  }

  // The units whose folder is the innermost around `path`; two kinds may share a folder.
  const std::vector<std::size_t>* holders(std::string_view path) const {
    for (std::string_view folder = folder_of(path);; folder = folder_of(folder)) {
      if (const auto found = by_path.find(folder); found != by_path.end()) return &found->second;
      if (folder.empty()) return nullptr;
    }
  }

  void assign_files() {
    for (std::size_t i = 0; i < files.size(); ++i) {
      const auto* found = holders(files[i].path);
      if (!found) continue;
      // A root Terraform folder does not own the rest of a repository.
      for (const std::size_t index : *found) {
        Module& module = modules[index];
        const bool below_root = module.path.empty() && files[i].path.find('/') != std::string::npos;
        if (below_root && !owns_below_root(module.kind, files[i].path)) continue;
        module.files.push_back(i);
      }
    }
  }

  static bool owns_below_root(ModuleKind kind, std::string_view path) {
    const std::string_view top = path.substr(0, path.find('/'));
    if (top.starts_with('.')) return false;
    switch (kind) {
      case ModuleKind::terraform:
        return is_one_of(top, {"templates", "files", "policies", "scripts", "lambda"});
      case ModuleKind::ansible_role:
        return std::ranges::find(kRoleFolders, top) != kRoleFolders.end();
      case ModuleKind::puppet:
        return is_one_of(top,
                         {"manifests", "templates", "files", "lib", "functions", "types", "data", "facts.d"});
      case ModuleKind::helm:
        return is_one_of(top, {"templates", "crds", "charts", "files"});
      case ModuleKind::compose:
      case ModuleKind::terragrunt:
      case ModuleKind::kustomize:
        return false;
      default:
        return true;
    }
  }

  // Whether a unit whose path says nothing is a module: Terraform by what it declares, stacks and projects
  // always.
  void settle() {
    for (Module& module : modules) {
      bool root = false, parameters = false, data = false;
      for (const std::size_t index : module.files) {
        const RepositoryFile& file = files[index];
        if (folder_of(file.path) != module.path) continue;
        root = root || (file.facts.root && file.path.ends_with(".tf"));
        parameters = parameters || !file.facts.parameters.empty();
        data = data || has_suffix(file.path, {".tfvars", ".tfvars.json"});
      }
      if (!module.releasable) continue;
      const bool named = module.layer == Layer::shared;
      if (module.kind == ModuleKind::terragrunt) module.releasable = false;
      if (module.kind == ModuleKind::terraform && !named && (root || data || !parameters))
        module.releasable = false;
      if (module.kind == ModuleKind::kustomize && !named) module.releasable = false;
      if (module.releasable) module.layer = Layer::shared;
    }
  }

  // What another unit takes as a module is one, whatever it is called; a collection holds its roles.
  void settle_used() {
    for (std::size_t i = 0; i < modules.size(); ++i) {
      if (modules[i].kind == ModuleKind::ansible_collection) add_roles_of(modules[i]);
      for (const Edge& edge : modules[i].edges) {
        Module& to = modules[edge.to];
        if (to.kind != ModuleKind::terraform || to.releasable || to.path.empty()) continue;
        const LayerOf layer = layers.of(probe_of({to.kind, to.path}));
        const bool root = std::ranges::any_of(to.files, [&](std::size_t f) { return files[f].facts.root; });
        if ((!layer.by_default && !layer.guessed) || root) continue;
        to.releasable = true;
        to.layer = Layer::shared;
      }
    }
  }

  void add_roles_of(Module& collection) {
    const std::string below = collection.path.empty() ? "" : collection.path + '/';
    for (std::size_t i = 0; i < modules.size(); ++i) {
      if (modules[i].kind == ModuleKind::ansible_role && modules[i].path.starts_with(below))
        collection.edges.push_back({i, below + "galaxy.yml", {}});
    }
    std::ranges::sort(collection.edges, {},
                      [](const Edge& edge) { return std::tie(edge.to, edge.path, edge.span.begin); });
    const auto rest = std::ranges::unique(collection.edges, {}, &Edge::to);
    collection.edges.erase(rest.begin(), rest.end());
  }

  void add_edge(Module& from, std::size_t to, const RepositoryFile& file, const Dependency& dependency) {
    if (&modules[to] == &from) return;
    from.edges.push_back({to, file.path, dependency.span});
  }

  // All units of a folder that a path leads to, or into.
  bool add_path(Module& from, const RepositoryFile& file, const Dependency& dependency,
                std::string_view target) {
    std::string_view folder = target;
    for (bool exact = true;; exact = false, folder = folder_of(folder)) {
      if (const auto found = by_path.find(folder); found != by_path.end() && (exact || !folder.empty())) {
        for (const std::size_t to : found->second) {
          // A terragrunt folder is meant where terragrunt.hcl needs it, the module in it elsewhere.
          add_edge(from, to, file, dependency);
        }
        return true;
      }
      if (folder.empty()) break;
    }
    if (!exists(target)) return false;
    add_inverted(from, target);
    return true;
  }

  bool exists(std::string_view target) const {
    const auto at = std::ranges::lower_bound(files, target, {}, &RepositoryFile::path);
    return folders.contains(target) || (at != files.end() && at->path == target);
  }

  // What is in no unit has no edge, and may still be somebody's own.
  void add_inverted(Module& from, std::string_view target) const {
    const LayerOf layer =
        layers.of(folders.contains(target) ? std::string(target) + "/main.tf" : std::string(target));
    const bool said = !layer.by_default && !layer.guessed;
    if (layer.layer == Layer::env_data || (layer.layer == Layer::instance && said))
      from.inverted.emplace_back(target);
  }

  // The unit of `kind` by that name that is nearest to `path`.
  std::optional<std::size_t> named(std::string_view name, ModuleKind kind, std::string_view path) const {
    const auto found = by_name.find(name);
    if (found == by_name.end()) return std::nullopt;
    std::optional<std::size_t> best;
    std::size_t best_shared = 0;
    for (const std::size_t index : found->second) {
      if (modules[index].kind != kind) continue;
      const std::string_view other = modules[index].path;
      std::size_t shared = 0;
      while (shared < std::min(other.size(), path.size()) && other[shared] == path[shared]) ++shared;
      if (!best || shared > best_shared) {
        best = index;
        best_shared = shared;
      }
    }
    return best;
  }

  void by_its_name(Module& from, const RepositoryFile& file, const Dependency& dependency) {
    const std::string_view target = dependency.target;
    switch (dependency.need) {
      case Need::role: {
        // "acme.base.web" is role web of a collection, which may lie here.
        const std::string_view last = target.substr(target.rfind('.') + 1);
        auto to = named(target, ModuleKind::ansible_role, file.path);
        if (!to) to = named(last.substr(last.rfind('/') + 1), ModuleKind::ansible_role, file.path);
        if (to) return add_edge(from, *to, file, dependency);
        if (std::ranges::count(target, '.') >= 1)
          from.external.push_back({"galaxy.ansible.com/" + std::string(target), file.path, dependency.span});
        return;
      }
      case Need::puppet_class:
        if (const auto to = named(target.substr(0, target.find(':')), ModuleKind::puppet, file.path))
          add_edge(from, *to, file, dependency);
        return;
      case Need::salt_state: {
        const std::string_view name =
            target.starts_with('.') ? std::string_view{} : target.substr(0, target.find('.'));
        if (const auto to = named(name, ModuleKind::salt, file.path); to && !name.empty())
          add_edge(from, *to, file, dependency);
        return;
      }
      case Need::import: {
        std::string path(target);
        std::ranges::replace(path, '.', '/');
        for (const std::string& candidate : {path + ".py", path + "/__init__.py"}) {
          const auto at = std::ranges::lower_bound(files, candidate, {}, &RepositoryFile::path);
          if (at == files.end() || at->path != candidate) continue;
          if (const auto* found = holders(candidate)) {
            for (const std::size_t to : *found) add_edge(from, to, file, dependency);
          } else {
            add_inverted(from, candidate);
          }
        }
        return;
      }
      default:
        return;
    }
  }

  void find_edges() {
    for (Module& module : modules) {
      for (const std::size_t index : module.files) {
        const RepositoryFile& file = files[index];
        if (layers.of(file.path).layer == Layer::doc_test && module.layer != Layer::doc_test) continue;
        for (const Dependency& dependency : file.facts.dependencies) find_edge(module, file, dependency);
      }
      std::ranges::sort(module.edges, {},
                        [](const Edge& edge) { return std::tie(edge.to, edge.path, edge.span.begin); });
      const auto rest = std::ranges::unique(module.edges, {}, &Edge::to);
      module.edges.erase(rest.begin(), rest.end());
      std::ranges::sort(module.unresolved);
      const auto same = std::ranges::unique(module.unresolved);
      module.unresolved.erase(same.begin(), same.end());
      std::ranges::sort(module.inverted);
      const auto again = std::ranges::unique(module.inverted);
      module.inverted.erase(again.begin(), again.end());
    }
  }

  void find_edge(Module& module, const RepositoryFile& file, const Dependency& dependency) {
    const Source source = parse_source(dependency, file.path);
    if (source.kind == SourceKind::none) return by_its_name(module, file, dependency);
    if (source.kind != SourceKind::local) {
      if (dependency.need != Need::image && dependency.need != Need::runner &&
          dependency.need != Need::action)
        module.external.push_back({source.name(), file.path, dependency.span});
      return;
    }
    std::string target;
    std::string_view written = source.repository;
    while (written.starts_with("//")) written.remove_prefix(1);
    const bool inside = resolve_path(folder_of(file.path), written, target);
    if (inside && add_path(module, file, dependency, target)) return;
    if (dependency.need == Need::module) module.unresolved.push_back(source.repository);
  }
};

}  // namespace

std::string_view to_string(ModuleKind kind) {
  static constexpr std::array<std::string_view, 12> kNames{
      "Terraform module", "Terragrunt folder", "Ansible role", "Ansible collection",
      "Helm chart",       "Puppet module",     "Salt formula", "Kustomize base",
      "Chef cookbook",    "Pulumi project",    "CDK project",  "compose stack"};
  return kNames[static_cast<std::size_t>(kind)];
}

ModuleGraph make_graph(std::span<const RepositoryFile> files, const Layers& layers) {
  Builder builder{files, layers};
  builder.find_units();
  builder.assign_files();
  builder.settle();
  builder.find_edges();
  builder.settle_used();
  return {std::move(builder.modules)};
}

std::optional<std::string> unit_folder(std::string_view path) {
  static constexpr auto kShelves = std::to_array<std::string_view>(
      {"modules", "roles", "charts", "cookbooks", "formulas", "components", "stacks", "bases"});
  // The deepest shelf: modules/vpc/modules/subnet is a module of its own.
  for (std::string_view folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
    if (std::ranges::find(kShelves, name_of(folder_of(folder))) != kShelves.end()) return std::string(folder);
  }
  std::vector<Unit> units;
  units_of(path, units);
  if (units.empty()) return std::nullopt;
  return units.front().path.empty() ? "." : std::string(units.front().path);
}

}  // namespace fanlight::coupling
