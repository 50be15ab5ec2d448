// What stands around a scan: what the policy says of it, outcomes put together, and rules of somebody's own.
// Those stand beside the built-in ones in one engine, so that a rule of one's own and a generic one that find
// the same text are told once.
#include <algorithm>

#include "fanlight/app/scanner.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/change.hpp"
#include "fanlight/coupling/dependencies.hpp"
#include "fanlight/coupling/judge.hpp"
#include "fanlight/coupling/lexicon.hpp"

namespace fanlight::app {

namespace {

// Each holds the automata of hundreds of patterns; more repositories than this with rules of their own
// compile again now and then.
constexpr std::size_t kept_max = 8;

// detect cannot know coupling's checks.
std::string fault_of_check(const detect::Rule& rule) {
  if (rule.kind != FindingKind::coupling || rule.check.empty()) return {};
  const auto names = coupling::check_names();
  if (std::find(names.begin(), names.end(), rule.check) != names.end()) return {};
  const std::string_view near = nearest(rule.check, names);
  std::string out = "rule \"" + std::string(rule.id) + "\": check: there is no coupling check \"" +
                    std::string(rule.check) + '"';
  return near.empty() ? out : out + ", did you mean \"" + std::string(near) + "\"?";
}

}  // namespace

ScanSettings scan_settings(const policy::Policy& policy) {
  ScanSettings out;
  for (const auto& layer : policy.layers) out.layers.rules.push_back({layer.layer, layer.glob});
  const policy::LexiconNames& own = policy.lexicon;
  out.lexicon = {own.domains, own.sites, own.environments, own.names, own.people, own.sealed};
  out.visibility = {policy.public_repositories, policy.private_repositories, {}};
  out.ignore_paths = policy.ignore_paths;
  return out;
}

ScanSettings Scanner::settings(const policy::Policy& policy) const {
  ScanSettings out = scan_settings(policy);
  auto sealed = coupling::SealedTerms::open(out.lexicon.sealed, key_);
  if (!sealed) {
    out.problems.push_back(std::string(policy::policy_path) + ": " + sealed.error().text);
  } else if (!sealed->empty()) {
    out.sealed = std::make_shared<const coupling::SealedTerms>(std::move(*sealed));
  }
  return out;
}

std::vector<std::string_view> Scanner::rule_ids() const {
  std::vector<std::string_view> out;
  for (const auto& rule : engine_->rules()) out.push_back(rule.id);
  for (const auto id : coupling::lexicon_rule_ids()) out.push_back(id);
  for (const auto& rule : coupling::dependency_rules()) out.push_back(rule.id);
  for (const auto& rule : coupling::change_rules()) out.push_back(rule.id);
  return out;
}

Result<Scanner> Scanner::with_rules(std::span<const policy::RuleText> texts) const {
  std::vector<detect::RuleText> given;
  for (const policy::RuleText& text : texts) given.push_back({text.file, text.yaml});
  const auto mine = engine_->rules();
  auto rules = detect::add_rules({mine, {}, engine_}, given);
  if (!rules) return std::unexpected(rules.error());
  for (const detect::Rule& rule : rules->rules.subspan(mine.size())) {
    if (std::string fault = fault_of_check(rule); !fault.empty())
      return fail(ErrorCode::bad_input, texts.front().file + ": " + fault);
  }
  auto engine = detect::Engine::make(*rules);
  if (!engine) return std::unexpected(engine.error());
  return Scanner(std::move(*engine), key_);
}

Result<std::shared_ptr<const Scanner>> ScannerCache::get(const Scanner& base,
                                                         std::span<const policy::RuleText> texts) {
  if (texts.empty()) return std::shared_ptr<const Scanner>(std::shared_ptr<void>(), &base);
  std::string all;
  for (const policy::RuleText& text : texts) all += text.file + '\0' + text.yaml + '\0';
  const std::string digest = to_hex(sha256(all));
  // Compiling under the lock: two jobs of one repository want the same one.
  const std::lock_guard lock(mutex_);
  const auto known =
      std::find_if(kept_.begin(), kept_.end(), [&](const auto& one) { return one.first == digest; });
  if (known != kept_.end()) {
    std::rotate(known, known + 1, kept_.end());
    return kept_.back().second;
  }
  auto made = base.with_rules(texts);
  if (!made) return std::unexpected(made.error());
  if (kept_.size() == kept_max) kept_.erase(kept_.begin());
  kept_.emplace_back(digest, std::make_shared<const Scanner>(std::move(*made)));
  return kept_.back().second;
}

// A folder's name is in the path of each file below it, and is one thing to rename.
void once_per_name(std::vector<Finding>& findings) {
  std::set<std::string> seen;
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.rule == "coupling-in-path-or-filename" && !seen.insert(finding.fingerprint).second;
  });
}

void merge_outcome(ScanOutcome& into, ScanOutcome from) {
  const auto append = [](auto& to, auto& of) { std::move(of.begin(), of.end(), std::back_inserter(to)); };
  append(into.findings, from.findings);
  append(into.allows, from.allows);
  into.entries_met.merge(from.entries_met);
  append(into.contexts, from.contexts);
  append(into.missing, from.missing);
  append(into.wants_files, from.wants_files);
  append(into.scanned.skipped, from.scanned.skipped);
  into.scanned.files += from.scanned.files;
  into.scanned.bytes += from.scanned.bytes;
  into.scanned.lines += from.scanned.lines;
  into.scanned.commits += from.scanned.commits;
  into.scanned.title_and_body = into.scanned.title_and_body || from.scanned.title_and_body;
}

}  // namespace fanlight::app
