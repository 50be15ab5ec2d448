#include "bearing.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/learn.hpp"
#include "fanlight/coupling/modules.hpp"

namespace fanlight::app {

namespace {

constexpr std::size_t id_digits = 16;
constexpr std::uint32_t lines_max = 100'000;  // beyond, a place is not told by its line
constexpr std::size_t commits_max = 50;

struct Kind {
  std::string_view key;
  std::vector<std::string> policy::LexiconNames::* names;
};
constexpr std::array<Kind, 5> kinds{{{"domains", &policy::LexiconNames::domains},
                                     {"sites", &policy::LexiconNames::sites},
                                     {"environments", &policy::LexiconNames::environments},
                                     {"names", &policy::LexiconNames::names},
                                     {"people", &policy::LexiconNames::people}}};

// The added lines of a file, each on the line it has in the file.
std::string added_text(const FileDiff& file) {
  std::string out;
  std::uint32_t at = 1;
  for (const Hunk& hunk : file.hunks) {
    for (const DiffLine& line : hunk.lines) {
      if (line.kind != LineKind::added) continue;
      if (line.new_line > at && line.new_line <= lines_max) out.append(line.new_line - at, '\n');
      out.append(line.text) += '\n';
      at = std::max(at, line.new_line) + 1;
    }
  }
  return out;
}

bool was_there(const Diff& diff, std::string_view text) {
  return std::ranges::any_of(diff.files, [&](const FileDiff& file) {
    return std::ranges::any_of(file.hunks, [&](const Hunk& hunk) {
      return std::ranges::any_of(hunk.lines, [&](const DiffLine& line) {
        return line.kind != LineKind::added && to_lower(line.text).contains(text);
      });
    });
  });
}

coupling::OwnerHints hints_of(const Snapshot& snapshot) {
  coupling::OwnerHints hints;
  const std::string& repository = snapshot.change.ref.repository;
  if (const std::size_t slash = repository.find('/'); slash != repository.npos)
    hints.owners.push_back(repository.substr(0, slash));
  for (const Commit& commit : snapshot.commits) {
    const std::size_t at = commit.author_email.rfind('@');
    if (at == std::string::npos || hints.domains.size() == commits_max) continue;
    const std::string domain = to_lower(commit.author_email.substr(at + 1));
    if (std::ranges::find(hints.domains, domain) == hints.domains.end()) hints.domains.push_back(domain);
  }
  return hints;
}

bool is_known(const coupling::Term& term, const policy::Policy& policy, std::span<const LexiconTerm> said) {
  const std::string_view key = coupling::policy_key(term.kind);
  const auto& names = policy.lexicon.*std::ranges::find(kinds, key, &Kind::key)->names;
  const bool known = std::ranges::any_of(names, [&](const std::string& name) {
    return term.text == name ||
           (term.kind == coupling::TermKind::domain && term.text.ends_with('.' + name)) ||
           (term.kind == coupling::TermKind::domain && name.ends_with('.' + term.text));
  });
  return known || std::ranges::any_of(
                      said, [&](const LexiconTerm& one) { return one.kind == key && one.text == term.text; });
}

// A change is little to learn from: what is only likely in a whole repository is a guess here, unless it is a
// domain.
bool has_evidence(const coupling::Term& term) {
  switch (term.kind) {
    case coupling::TermKind::domain:
      return term.certainty != coupling::Certainty::doubtful;
    case coupling::TermKind::name:
      return term.certainty == coupling::Certainty::own;
    default:
      return false;
  }
}

}  // namespace

std::vector<Proposal> propose_names(const Snapshot& snapshot, const policy::Policy& policy,
                                    std::span<const LexiconTerm> said, const Secret& key) {
  std::vector<coupling::SourceFile> files;
  for (const FileDiff& file : snapshot.diff.files) {
    const bool ignored = std::ranges::any_of(
        policy.ignore_paths, [&](const std::string& glob) { return glob_match(glob, file.path()); });
    if (!file.binary && !ignored) files.push_back({file.path(), added_text(file)});
  }
  std::vector<Proposal> out;
  for (const coupling::Term& term : coupling::learn_lexicon(files, hints_of(snapshot))) {
    if (out.size() == proposals_max) break;
    if (!has_evidence(term) || term.places.empty() || is_known(term, policy, said)) continue;
    if (was_there(snapshot.diff, term.text)) continue;
    const std::string kind(coupling::policy_key(term.kind));
    const std::string id =
        to_hex(hmac_sha256(key.reveal(), "proposal\n" + kind + '\n' + term.text)).substr(0, id_digits);
    out.push_back({id, kind, term.text, term.why, term.places.front().path, term.places.front().line});
  }
  return out;
}

void add_confirmed(policy::LexiconNames& names, std::span<const LexiconTerm> said) {
  for (const LexiconTerm& term : said) {
    const auto kind = std::ranges::find(kinds, term.kind, &Kind::key);
    if (!term.confirmed || kind == kinds.end()) continue;
    auto& known = names.*kind->names;
    if (std::ranges::find(known, term.text) == known.end()) known.push_back(term.text);
  }
}

std::vector<ModuleStep> module_steps(const Review& review) {
  struct Sides {
    std::set<std::string> gone, came;
  };
  std::map<std::string, Sides> modules;
  std::set<std::string> left;  // literals that blocked a module, and are not there any more
  const auto module_of = [](const Finding& finding) -> std::optional<std::string> {
    if (finding.kind != FindingKind::coupling || finding.layer != Layer::shared ||
        finding.location.place != Place::file)
      return std::nullopt;
    return coupling::unit_folder(finding.location.path);
  };
  for (const Finding& finding : review.findings) {
    if (finding.change != ChangeKind::removed || finding.severity != Severity::block) continue;
    if (const auto module = module_of(finding)) {
      modules[*module].gone.insert(finding.fingerprint);
      left.insert(finding.fingerprint);
    }
  }
  for (const Finding& finding : review.findings) {
    const bool fresh = finding.change == ChangeKind::introduced || finding.change == ChangeKind::regressed;
    // What moved weighs less as a finding, and in its new module as much as before.
    const bool came = (fresh && finding.severity == Severity::block && finding.at_head) ||
                      (finding.change == ChangeKind::moved && left.contains(finding.fingerprint));
    if (!came) continue;
    if (const auto module = module_of(finding)) modules[*module].came.insert(finding.fingerprint);
  }
  std::vector<ModuleStep> out;
  for (auto& [module, sides] : modules) {
    ModuleStep step{module, 0, 0};
    for (const std::string& one : sides.gone) step.gone += !sides.came.contains(one);
    for (const std::string& one : sides.came) step.came += !sides.gone.contains(one);
    if (step.gone != step.came) out.push_back(std::move(step));
  }
  return out;
}

}  // namespace fanlight::app
