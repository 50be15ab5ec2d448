// One change, one diff or one file to findings: the engine's matches, judged by coupling where they are
// coupling, located in the file a person sees, fingerprinted, redacted. Pure (no I/O, no clock); the worker
// and the command line call it on scan threads. A Scanner is immutable and shared.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/app/layout.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/coupling/judge.hpp"
#include "fanlight/coupling/layers.hpp"
#include "fanlight/coupling/seal.hpp"
#include "fanlight/coupling/source.hpp"
#include "fanlight/detect/allow_list.hpp"
#include "fanlight/detect/engine.hpp"
#include "fanlight/model/change.hpp"
#include "fanlight/model/record.hpp"
#include "fanlight/model/verdict.hpp"
#include "fanlight/policy/evaluate.hpp"

namespace fanlight::app {

struct ScanSettings {
  bool secrets = true, coupling = true;
  coupling::Layers layers;
  coupling::Lexicon lexicon;
  std::shared_ptr<const detect::AllowList> allow_list;  // nothing: no file says to leave anything alone
  coupling::Visibility visibility;                      // of what the code depends on
  // Keys that public files give a value to; nothing: nobody looked, and no lookup is said to have no stub.
  std::shared_ptr<const std::set<std::string, std::less<>>> declared;
  std::vector<std::string> ignore_paths;                // globs; what they hide is in Scanned::skipped
  std::size_t context_lines = 3;                        // around a finding in FindingContext
  std::shared_ptr<const coupling::SealedTerms> sealed;  // of lexicon.sealed; null: none
  std::vector<std::string>
      problems;  // a line each, for the verdict: a list of private names that cannot be read
};

// What the policy says of scanning, private names aside.
ScanSettings scan_settings(const policy::Policy& policy);

struct ScanOutcome {
  std::vector<Finding> findings;
  std::vector<policy::AllowMark> allows;
  std::set<std::size_t> entries_met;  // of the allow-list
  std::vector<FindingContext> contexts;
  std::vector<Missing> missing;
  Scanned scanned;
  // Files whose findings depend on text outside the hunks (coupling positions, partner lines). Given their
  // full text, a second scan judges better.
  std::vector<std::string> wants_files;
  bool empty_change = false;      // a whole change was looked at, and it has no file
  bool whole_repository = false;  // set by who knows that all of a repository was given
  bool history = false;           // of a repository with its history, not of a change
};

class Scanner {
 public:
  // `key` keys the fingerprints: the same finding has the same fingerprint under the same key.
  Scanner(std::shared_ptr<const detect::Engine> engine, Secret key);

  // What the policy says of scanning; private names are opened with the scanner's key.
  ScanSettings settings(const policy::Policy& policy) const;

  // A whole change: net diff, each commit's patch, messages, title, body, branch and file names.
  // `snapshot.files` gives the full text of files at the head, where fetched.
  ScanOutcome scan_change(const Snapshot& snapshot, const ScanSettings& settings,
                          detect::Engine::Scratch& scratch) const;
  // A diff alone: what its added lines bring.
  ScanOutcome scan_diff(const Diff& diff, const std::map<std::string, std::string>& files,
                        const ScanSettings& settings, detect::Engine::Scratch& scratch) const;
  // A file as it is: every line counts. Binary content (a NUL in the first 8,000 bytes, UTF-16 aside) is
  // skipped.
  ScanOutcome scan_file(std::string_view path, std::string_view text, const ScanSettings& settings,
                        detect::Engine::Scratch& scratch) const;

  // This scanner with rules of somebody's own. Compiles all anchors anew: some hundred milliseconds.
  // bad_input names the file, the line and the reason.
  Result<Scanner> with_rules(std::span<const policy::RuleText> texts) const;

  const detect::Engine& engine() const { return *engine_; }
  std::vector<std::string_view> rule_ids() const;
  // Of what a rule found there: the same in every place.
  std::string fingerprint(std::string_view rule, std::string_view normalised) const;
  // Of the key of the fingerprints: tells whether a baseline was made with it.
  std::string key_id() const { return policy::fingerprint_key_id(key_); }

 private:
  std::shared_ptr<const detect::Engine> engine_;
  Secret key_;
};

// Scanners with the rules of a repository's policy, built once for each different set of rules. Any thread.
class ScannerCache {
 public:
  // `base` itself when there are no rules.
  Result<std::shared_ptr<const Scanner>> get(const Scanner& base, std::span<const policy::RuleText> texts);

 private:
  std::mutex mutex_;
  // Newest last.
  std::vector<std::pair<std::string, std::shared_ptr<const Scanner>>> kept_;
};

// Of findings of a folder's name the first; for who merges the outcomes of several files.
void once_per_name(std::vector<Finding>& findings);

// Clean modules that need one which is not (D05), where `findings` are those of a whole repository.
// `repository` has its paths; settings.layers.before stands before them in `findings`.
std::vector<Finding> find_unreleased(const Scanner& scanner, const ScanSettings& settings,
                                     const RepositoryText& repository, std::span<const Finding> findings);

// Adds what another scan found; evaluate() sorts.
void merge_outcome(ScanOutcome& into, ScanOutcome from);

}  // namespace fanlight::app
