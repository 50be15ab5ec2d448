// What stands between each module and its release, as a vector and a state, never as one percentage. A
// blocker is a distinct literal that nobody can override without editing the module; moving it, splitting it
// or repeating it changes nothing. Pure: whoever scanned the files hands in what was found, here it is put
// together over the graph.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/modules.hpp"
#include "fanlight/model/change.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight::coupling {

// One distinct literal of one module. The fingerprint is of the literal, whichever of the rules about it
// spoke: a host is one to change, under the key of a relay and in a template.
struct Blocker {
  std::string rule, fingerprint;
  std::string title, excerpt;  // redacted
  FindingKind kind = FindingKind::coupling;
  std::string path;  // where it stands first
  std::uint32_t line = 0;
  std::uint32_t places = 1;
  bool composed = false;  // only the stranger check saw it
  std::string since;      // with history: the commit that brought it, and its day
  bool operator<(const Blocker& other) const { return fingerprint < other.fingerprint; }
};

// A private value that the module looks up.
struct Seam {
  std::string key, path;
  std::uint32_t line = 0;
  bool has_stub = false;
  bool operator==(const Seam&) const = default;
};

// What was found in the files of one module, before the graph is looked at.
struct ModuleFindings {
  std::vector<Blocker> blockers;     // at severity block, each once
  std::vector<Blocker> overridable;  // only defaults that a consumer can set
  std::vector<Blocker> waived;       // accepted by a person, with reason, owner and expiry
  std::vector<Blocker> history;      // private literals that only earlier commits have
  std::size_t warnings = 0;          // distinct, below block
  std::vector<Seam> seams;
  std::vector<std::string> unresolved;  // names that nobody declares
  std::vector<Missing> missing;         // files that could not be looked at
};

enum class ReadyState : std::uint8_t { ready, ready_after, blocked, entangled, incomplete, gone };
std::string_view to_string(ReadyState state);  // "READY", "READY-AFTER", "BLOCKED" …

struct ModuleReport {
  std::string name;
  ModuleKind kind = ModuleKind::terraform;
  ReadyState state = ReadyState::ready;
  ModuleFindings found;
  std::vector<std::string> depends_on;  // direct, in this repository
  std::vector<std::string> after;       // READY-AFTER: what has to be released before; ENTANGLED: with what
  std::vector<External> external;
  std::vector<std::string> unresolved_paths;
  std::size_t closure = 0;  // distinct blockers of the module and of all it depends on
  std::size_t wave = 0;     // of the release order, from 1; 0: not in it
};

// A single literal whose removal makes modules ready.
struct Fix {
  Blocker blocker;
  std::vector<std::string> unlocks;
};

struct Readiness {
  std::vector<ModuleReport> modules;  // by name
  std::vector<Fix> fixes;             // most modules first
  std::vector<std::string> order;     // modules in the order in which they can be released
  std::size_t units = 0;              // folders that only deploy, not counted as modules
  std::vector<Missing> missing;       // what could not be looked at, outside of every module
  bool history_read = false;          // else no module says anything of its history

  std::size_t count(ReadyState state) const;
};

// What an earlier measurement knew: the blockers of each module. A baseline only shrinks.
struct Baseline {
  struct Entry {
    std::string module, rule, fingerprint;
    auto operator<=>(const Entry&) const = default;
  };
  std::vector<std::string> modules;
  std::vector<Entry> blockers;
};

// The difference of two sets of distinct literals: what only moved from module to module is in neither list.
struct Difference {
  std::vector<std::pair<std::string, Blocker>> introduced;  // module and what is new there
  std::vector<Baseline::Entry> removed;
  std::vector<std::string> closer, further;  // modules with fewer or more blockers than before
  std::size_t moved = 0;
};

// Adds the modules that are gone to `now`, as GONE.
Difference compare(const Baseline& before, Readiness& now);
Baseline baseline_of(const Readiness& readiness);

// `found` has an entry for each unit of the graph.
Readiness judge_readiness(const ModuleGraph& graph, std::vector<ModuleFindings> found);

}  // namespace fanlight::coupling
