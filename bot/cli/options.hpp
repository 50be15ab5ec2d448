// What the commands share: options, output, and how a review becomes an exit code.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fanlight/app/ignores.hpp"
#include "fanlight/app/scanner.hpp"
#include "fanlight/core/deadline.hpp"
#include "fanlight/core/result.hpp"
#include "fanlight/model/change.hpp"
#include "fanlight/policy/policy.hpp"
#include "format.hpp"

namespace fanlight::cli {

struct CommonOptions {
  std::string policy_file;  // empty: .fanlight.yml where the work is
  std::string output_file;  // empty: standard output
  std::string format = "text", fail_on = "block", kind = "all";
  std::vector<std::string> rules_files;
  std::string baseline_file;  // empty: the policy's
  std::string key_file;       // keys the fingerprints; empty: FANLIGHT_KEY, else a key that is no secret
  unsigned threads = 0;       // 0: as many as there are cores
  bool no_color = false;
};

enum class ImportFrom { gitleaks, detect_secrets };

struct BaselineOptions {
  std::string file = ".fanlight-baseline";
  std::vector<std::string> paths;
};

struct ScanOptions {
  std::vector<std::string> paths;
  std::string diff_file, git_range, stdin_path;
  bool staged = false;
  bool without_baseline = false;
  bool history = false;
  std::string repository, since;      // with history
  std::vector<std::string> branches;  // none: every ref
};

struct ReviewOptions {
  std::string repository = ".", range;
};

struct ReadinessOptions {
  std::string path = ".", module, baseline_file, format = "text";
  bool history = false;
};

struct LexiconOptions {
  std::string path = ".";
  bool write = false;
  std::vector<std::string> confirm;
};

struct LayersOptions {
  std::string path = ".";
  bool each = false;
};

// One line on standard error, and the exit code for a failed start.
int complain(const Error& error);

// --key-file or FANLIGHT_KEY; nothing when neither is given.
Result<std::optional<Secret>> own_key(const CommonOptions& options);
// With the rules of --rules.
Result<app::Scanner> make_scanner(const CommonOptions& options);
// The same with the rules of the policy; what is wrong with those is a problem of the policy.
void add_policy_rules(app::Scanner& scanner, policy::PolicyRead& read);
// Private names that the policy seals and that this key does not open are a problem of `read`.
app::ScanSettings make_settings(const app::Scanner& scanner, policy::PolicyRead& read,
                                const CommonOptions& options);
// --fail-on over the policy's; never is Severity::off.
Severity fail_threshold(const CommonOptions& options);

// The engine's rules, and those that need the owner's lexicon.
std::vector<detect::Rule> all_rules(std::span<const detect::Rule> engine);

// Evaluates, prints, and says how it went. `started`: for the time in the text format.
int finish(const CommonOptions& options, const app::Scanner& scanner, app::ScanOutcome outcome,
           policy::PolicyRead policy, app::Ignores ignores, const Change& change,
           Deadline::Clock::time_point started);

// Findings, policy and what is to be left alone as a review.
Review judge(const CommonOptions& options, const app::Scanner& scanner, app::ScanOutcome outcome,
             policy::PolicyRead policy, app::Ignores ignores);
// The files that the policy wants read, below `root`, and the baseline of --baseline.
Result<app::Ignores> local_ignores(const CommonOptions& options, policy::Policy& policy,
                                   const std::string& root);
// The same where the files are given.
Result<app::Ignores> given_ignores(const CommonOptions& options, policy::Policy& policy,
                                   std::map<std::string, std::string> files);

// What `scan` looks at, before it is judged.
struct Looked {
  app::Scanner scanner;
  policy::PolicyRead policy;
  app::Ignores ignores;
  app::ScanOutcome outcome;
};
Result<Looked> look(const CommonOptions& common, const ScanOptions& options);
// 2 for what a person can mend, 3 for what could not be looked at.
int exit_of(const Error& error);

// Text to --output or standard output; the error when that fails.
Result<void> write_output(const CommonOptions& options, const std::string& text);
bool is_terminal(int descriptor);

int run_scan(const CommonOptions& common, const ScanOptions& options);
int run_review(const CommonOptions& common, const ReviewOptions& options);
int run_lexicon(const CommonOptions& common, const LexiconOptions& options);
int run_layers(const CommonOptions& common, const LayersOptions& options);
int run_seal(const CommonOptions& common, std::vector<std::string> terms);
int run_baseline_create(const CommonOptions& common, const BaselineOptions& options);
int run_baseline_prune(const CommonOptions& common, const BaselineOptions& options);
int run_import(const CommonOptions& common, ImportFrom from, const std::string& file);
// `format`: text or json.
int run_rules_list(const CommonOptions& common, std::string_view format);
int run_rules_show(const CommonOptions& common, const std::string& id);
int run_readiness(const CommonOptions& common, const ReadinessOptions& options);
int run_rules_test(const std::string& file);
int run_config_check(const std::string& file);
int run_config_schema(bool policy);
int run_serve(const std::string& config_file);
int run_health(const std::string& url);

}  // namespace fanlight::cli
