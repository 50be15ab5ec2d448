// Rules of somebody's own: a scanner that has them beside the built-in ones, in one engine, so that a rule of
// one's own and a generic one that find the same text are told once.
#include <algorithm>

#include "fanlight/app/scanner.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/judge.hpp"

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

}  // namespace fanlight::app
