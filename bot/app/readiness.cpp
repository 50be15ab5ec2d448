// Two passes over the files: what each declares and needs makes the graph, and only then is it known which
// files are a module's code. Texts are read again rather than kept: a repository may be larger than memory is
// meant to be.
#include "fanlight/app/readiness.hpp"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "fanlight/core/text.hpp"
#include "fanlight/coupling/dependencies.hpp"
#include "fanlight/coupling/stranger.hpp"

namespace fanlight::app {

namespace {

using coupling::Blocker;
using coupling::Module;
using coupling::ModuleFindings;
using coupling::RepositoryFile;

constexpr std::size_t stranger_file_bytes_max = 1024 * 1024;

// Calls `work(index, scratch)` for each index, on `threads` threads.
template <class Work>
void for_each_parallel(const Scanner& scanner, std::size_t count, unsigned threads, Work work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    auto scratch = scanner.engine().make_scratch();
    for (std::size_t i; (i = next.fetch_add(1)) < count;) work(i, scratch);
  };
  std::vector<std::thread> helpers;
  const auto wanted = std::min<std::size_t>(std::max(1u, threads), count / 8 + 1);
  for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(run);
  run();
  for (std::thread& helper : helpers) helper.join();
}

// A waiver counts here only with a reason, an owner and an end.
policy::Policy strict_policy(const policy::Policy& policy) {
  policy::Policy out = policy;
  std::erase_if(out.waivers, [](const Waiver& waiver) {
    return waiver.reason.empty() || waiver.owner.empty() || !waiver.expires;
  });
  return out;
}

bool in_default(const coupling::FileFacts& facts, std::uint32_t line) {
  if (facts.all_defaults) return true;
  return std::any_of(
      facts.parameters.begin(), facts.parameters.end(), [&](const coupling::Parameter& parameter) {
        return parameter.has_default && parameter.first_line <= line && line <= parameter.last_line;
      });
}

Blocker blocker_of(const Finding& finding) {
  Blocker out;
  out.rule = finding.rule;
  out.fingerprint = finding.fingerprint;
  out.title = finding.title;
  out.excerpt = finding.excerpt;
  out.kind = finding.kind;
  out.path = finding.location.path;
  out.line = finding.location.start_line;
  return out;
}

// Adds one more place of a literal.
void add_blocker(std::vector<Blocker>& to, Blocker blocker) {
  const auto found = std::find_if(
      to.begin(), to.end(), [&](const Blocker& other) { return other.fingerprint == blocker.fingerprint; });
  if (found == to.end()) {
    to.push_back(std::move(blocker));
  } else {
    ++found->places;
  }
}

// What the columns of a finding cover in its line.
std::string_view literal_at(std::string_view line, const Location& at) {
  const auto byte_at = [&](std::uint32_t column) {
    std::size_t i = 0;
    for (std::uint32_t left = column - 1; i < line.size(); ++i) {
      const bool starts = (static_cast<unsigned char>(line[i]) & 0xC0) != 0x80;
      if (starts && left-- == 0) break;
    }
    return i;
  };
  if (at.start_line != at.end_line) return {};
  const std::size_t begin = byte_at(at.start_column), end = byte_at(at.end_column);
  return begin < end ? line.substr(begin, end - begin) : std::string_view{};
}

struct Measure {
  const Scanner& scanner;
  const policy::Policy policy;
  const RepositoryText& repository;
  const ReadinessOptions& options;
  ScanSettings settings = scanner.settings(policy);
  ScanSettings shared_settings = {};  // for the code of a module that no convention names
  std::vector<RepositoryFile> files = {};
  std::vector<ScanOutcome> outcomes = {};
  std::vector<Missing> unread = {};  // by file; an empty reason: it was read
  coupling::ModuleGraph graph = {};
  std::vector<ModuleFindings> found = {};
  std::vector<Missing> history_missing = {};

  void read_all_facts() {
    files.resize(repository.paths.size());
    unread.resize(files.size());
    for_each_parallel(scanner, files.size(), options.threads, [&](std::size_t i, auto&) {
      files[i].path = repository.paths[i];
      if (!coupling::has_facts(files[i].path)) return;
      if (const auto text = repository.read(files[i].path)) {
        files[i].facts = coupling::read_facts(files[i].path, *text);
      } else {
        unread[i] = {files[i].path, text.error().text};
      }
    });
  }

  std::vector<char> files_of_modules() const {
    std::vector<char> out(files.size(), 0);
    for (const Module& module : graph.modules) {
      if (!module.releasable) continue;
      for (const std::size_t index : module.files) out[index] = 1;
    }
    return out;
  }

  void collect_declared() {
    auto declared = std::make_shared<std::set<std::string, std::less<>>>();
    for (const RepositoryFile& file : files)
      declared->insert(file.facts.declares.begin(), file.facts.declares.end());
    settings.declared = std::move(declared);
  }

  void scan_all() {
    const std::vector<char> wanted = files_of_modules();
    outcomes.resize(files.size());
    for_each_parallel(scanner, files.size(), options.threads, [&](std::size_t i, auto& scratch) {
      if (!wanted[i] || !unread[i].reason.empty()) return;
      const auto text = repository.read(files[i].path);
      if (!text) {
        unread[i] = {files[i].path, text.error().text};
        return;
      }
      // What only its module says something of.
      const bool unnamed = settings.layers.of(files[i].path).by_default;
      outcomes[i] = scanner.scan_file(files[i].path, *text, unnamed ? shared_settings : settings, scratch);
    });
  }

  // Severities as the policy has them; nobody's inline allow counts for a release.
  Review judge(ScanOutcome outcome) const {
    policy::EvaluateInput input;
    input.findings = std::move(outcome.findings);
    input.policy = policy;
    input.scanned = outcome.scanned;
    input.now = options.now;
    return policy::evaluate(std::move(input));
  }

  void sort_findings() {
    ScanOutcome all;
    // A path that holds a secret is hidden in its findings: they are told by what the outcome calls it.
    std::map<std::string, std::size_t> index_of;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      for (const Finding& finding : outcomes[i].findings) index_of.emplace(finding.location.path, i);
      merge_outcome(all, std::move(outcomes[i]));
    }
    std::vector<std::vector<std::size_t>> owners(files.size());
    for (std::size_t m = 0; m < graph.modules.size(); ++m) {
      if (!graph.modules[m].releasable) continue;
      for (const std::size_t index : graph.modules[m].files) owners[index].push_back(m);
    }
    const Review review = judge(std::move(all));
    const auto each_owner = [&](const Finding& finding, auto use) {
      const auto at = index_of.find(finding.location.path);
      if (at == index_of.end()) return;
      for (const std::size_t m : owners[at->second]) use(found[m], files[at->second].facts);
    };
    std::vector<std::set<std::pair<std::string, std::string>>> warned(graph.modules.size());
    for (const Finding& finding : review.findings) {
      each_owner(finding, [&](ModuleFindings& module, const coupling::FileFacts& facts) {
        if (finding.severity != Severity::block) {
          if (finding.severity == Severity::warn)
            warned[static_cast<std::size_t>(&module - found.data())].emplace(finding.rule,
                                                                             finding.fingerprint);
          return;
        }
        const bool overridable = finding.kind == FindingKind::coupling &&
                                 finding.location.place == Place::file &&
                                 in_default(facts, finding.location.start_line);
        add_blocker(overridable ? module.overridable : module.blockers, blocker_of(finding));
      });
    }
    for (const Waived& waived : review.waived) {
      each_owner(waived.finding, [&](ModuleFindings& module, const coupling::FileFacts&) {
        if (waived.finding.severity == Severity::block)
          add_blocker(module.waived, blocker_of(waived.finding));
      });
    }
    for (std::size_t m = 0; m < found.size(); ++m) {
      found[m].warnings = warned[m].size();
      // A literal that also stands where nobody can override it is a blocker, not a default.
      std::erase_if(found[m].overridable, [&](const Blocker& one) {
        return std::any_of(found[m].blockers.begin(), found[m].blockers.end(),
                           [&](const Blocker& other) { return !(one < other) && !(other < one); });
      });
    }
  }

  void check_strangers() {
    for_each_parallel(scanner, graph.modules.size(), options.threads, [&](std::size_t m, auto& scratch) {
      if (graph.modules[m].releasable) check_stranger(graph.modules[m], found[m], scratch);
    });
  }

  void check_stranger(const Module& module, ModuleFindings& into, detect::Engine::Scratch& scratch) {
    std::vector<std::string> texts;
    std::vector<std::size_t> indexes;
    for (const std::size_t index : module.files) {
      if (settings.layers.of(files[index].path).layer == Layer::doc_test) continue;
      if (!coupling::has_facts(files[index].path)) continue;
      auto text = repository.read(files[index].path);
      if (!text || text->size() > stranger_file_bytes_max) continue;
      texts.push_back(std::move(*text));
      indexes.push_back(index);
    }
    std::vector<coupling::ModuleText> sources;
    for (std::size_t i = 0; i < texts.size(); ++i) sources.push_back({files[indexes[i]].path, texts[i]});
    const coupling::Instance instance = coupling::instantiate(module.kind, sources);
    if (instance.incomplete) into.missing.push_back({module.name(), "too large for the stranger check"});
    for (const coupling::UnresolvedName& name : instance.unresolved) into.unresolved.push_back(name.name);
    std::sort(into.unresolved.begin(), into.unresolved.end());
    struct Composed {
      std::string literal;
      Blocker blocker;
    };
    std::vector<Composed> composed;
    for (const coupling::StrangerText& text : instance.texts) {
      const std::vector<std::string_view> lines = split_lines(text.text);
      ScanOutcome outcome = scanner.scan_file(text.path, text.text, shared_settings, scratch);
      for (const Finding& finding : judge(std::move(outcome)).findings) {
        const std::size_t line = finding.location.start_line - 1;
        if (finding.severity != Severity::block || finding.kind != FindingKind::coupling ||
            line >= lines.size())
          continue;
        // What stands in one piece in the module was judged there, where its syntax is known.
        const std::string_view literal = literal_at(lines[line], finding.location);
        const bool whole = literal.empty() ||
                           std::any_of(texts.begin(), texts.end(),
                                       [&](const std::string& one) { return one.find(literal) != one.npos; });
        if (whole) continue;
        Blocker blocker = blocker_of(finding);
        blocker.line = text.lines[line];
        blocker.composed = true;
        composed.push_back({std::string(literal), std::move(blocker)});
      }
    }
    // A local that another value is put together from is told with that value.
    for (Composed& one : composed) {
      const bool part = std::any_of(composed.begin(), composed.end(), [&](const Composed& other) {
        return other.literal.size() > one.literal.size() &&
               other.literal.find(one.literal) != std::string::npos;
      });
      if (!part) add_blocker(into.blockers, one.blocker);
    }
  }

  void find_seams() {
    const std::set<std::string, std::less<>>& declared = *settings.declared;
    for (std::size_t m = 0; m < graph.modules.size(); ++m) {
      if (!graph.modules[m].releasable) continue;
      // A chart's values are its own; another chart's do not help.
      std::set<std::string, std::less<>> own;
      for (const std::size_t index : graph.modules[m].files)
        own.insert(files[index].facts.declares.begin(), files[index].facts.declares.end());
      for (const std::size_t index : graph.modules[m].files) {
        if (settings.layers.of(files[index].path).layer == Layer::doc_test) continue;
        add_seams(files[index], declared, own, found[m]);
      }
    }
  }

  void add_seams(const RepositoryFile& file, const std::set<std::string, std::less<>>& declared,
                 const std::set<std::string, std::less<>>& own, ModuleFindings& into) {
    for (const coupling::Lookup& lookup : file.facts.lookups) {
      using coupling::LookupKind;
      if (lookup.has_default || lookup.kind == LookupKind::secret_path || lookup.kind == LookupKind::global)
        continue;
      const bool known = std::any_of(into.seams.begin(), into.seams.end(),
                                     [&](const coupling::Seam& seam) { return seam.key == lookup.key; });
      if (known) continue;
      const bool stub = lookup.kind != LookupKind::private_file &&
                        coupling::has_stub(lookup, lookup.kind == LookupKind::values ? own : declared);
      into.seams.push_back({lookup.key, file.path, lookup.line, stub});
    }
  }

  // The graph knows more than the paths: what is called by others is a module, whatever its folder is called.
  void know_modules() {
    std::set<std::string> modules, roots;
    for (const Module& module : graph.modules) {
      const std::string folder = module.path.empty() ? "" : module.path + '/';
      if (module.releasable && !folder.empty()) modules.insert(folder);
      if (!module.releasable && module.kind == coupling::ModuleKind::terraform) roots.insert(folder);
    }
    settings.layers.repository =
        std::make_shared<const coupling::RepositoryPaths>(repository.paths, roots, modules);
    shared_settings = settings;
    shared_settings.layers.rules.push_back({Layer::shared, "**"});
  }

  // Private literals that the head no longer has, by the module whose folder they stood in; and since when it
  // has the others.
  Result<void> add_history() {
    if (!options.history) return {};
    auto outcome = options.history(settings);
    if (!outcome) return std::unexpected(outcome.error());
    history_missing = std::move(outcome->missing);
    std::map<std::string, std::string> since;  // fingerprint → commit
    // What weighed in its time: the policy makes a note of all that is gone.
    std::set<std::string> weighed;
    for (const Finding& finding : outcome->findings) {
      if (!finding.at_head && finding.severity == Severity::block) weighed.insert(finding.fingerprint);
    }
    const Review review = judge(std::move(*outcome));
    for (const Finding& finding : review.findings) {
      if (finding.at_head) {
        if (finding.commit) since.emplace(finding.fingerprint, finding.commit->substr(0, 10));
        continue;
      }
      const bool tells = finding.kind == FindingKind::secret || finding.axes.disclosure;
      if (!tells || !weighed.contains(finding.fingerprint) || finding.location.place != Place::file) continue;
      if (const auto m = module_of(finding.location.path)) {
        Blocker blocker = blocker_of(finding);
        if (finding.commit) blocker.since = finding.commit->substr(0, 10);
        add_blocker(found[*m].history, std::move(blocker));
      }
    }
    for (ModuleFindings& module : found) {
      for (auto* list : {&module.blockers, &module.overridable, &module.waived}) {
        for (Blocker& blocker : *list) {
          if (const auto at = since.find(blocker.fingerprint); at != since.end()) blocker.since = at->second;
        }
      }
    }
    return {};
  }

  // A module at the root owns what stands there, and the folders that it has files in.
  bool is_of_root(const Module& module, std::string_view path) const {
    const std::size_t slash = path.find('/');
    if (slash == path.npos) return true;
    return std::ranges::any_of(module.files, [&](std::size_t index) {
      return std::string_view(files[index].path).starts_with(path.substr(0, slash + 1));
    });
  }

  // The innermost module whose folder the path lies in.
  std::optional<std::size_t> module_of(std::string_view path) const {
    std::optional<std::size_t> best;
    for (std::size_t m = 0; m < graph.modules.size(); ++m) {
      const Module& module = graph.modules[m];
      const bool below = module.path.empty() ? is_of_root(module, path)
                                             : path.starts_with(module.path) &&
                                                   path.substr(module.path.size()).starts_with('/');
      if (!below || !module.releasable) continue;
      if (!best || module.path.size() > graph.modules[*best].path.size()) best = m;
    }
    return best;
  }

  Result<coupling::Readiness> run() {
    settings.layers.repository = read_layout(repository);
    read_all_facts();
    collect_declared();
    graph = coupling::make_graph(files, settings.layers);
    know_modules();
    found.resize(graph.modules.size());
    scan_all();
    sort_findings();
    if (auto added = add_history(); !added) return std::unexpected(added.error());
    check_strangers();
    find_seams();
    std::vector<Missing> missing = std::move(history_missing);
    for (const std::string& problem : settings.problems) missing.push_back({"private names", problem});
    const std::vector<char> owned = files_of_modules();
    for (std::size_t i = 0; i < unread.size(); ++i) {
      if (!unread[i].reason.empty() && !owned[i]) missing.push_back(unread[i]);
    }
    for (std::size_t m = 0; m < graph.modules.size(); ++m) {
      for (const std::size_t index : graph.modules[m].files) {
        if (!unread[index].reason.empty()) found[m].missing.push_back(unread[index]);
      }
      std::sort(found[m].blockers.begin(), found[m].blockers.end(), [](const Blocker& a, const Blocker& b) {
        return std::tie(a.path, a.line, a.rule, a.fingerprint) <
               std::tie(b.path, b.line, b.rule, b.fingerprint);
      });
    }
    coupling::Readiness out = coupling::judge_readiness(graph, std::move(found));
    out.missing = std::move(missing);
    out.history_read = options.history != nullptr;
    return out;
  }
};

}  // namespace

Result<coupling::Readiness> measure_readiness(const Scanner& scanner, const policy::Policy& policy,
                                              const RepositoryText& repository,
                                              const ReadinessOptions& options) {
  return Measure{scanner, strict_policy(policy), repository, options}.run();
}

}  // namespace fanlight::app
