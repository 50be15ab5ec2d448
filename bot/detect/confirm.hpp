// From a place where `pattern` matched to a Match, or to nothing: the judgements of one rule, cheapest first.
// Used only inside this box.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include <re2/re2.h>

#include "automaton.hpp"
#include "fanlight/detect/engine.hpp"
#include "fanlight/detect/structure.hpp"
#include "needed_run.hpp"
#include "ruleset.hpp"

namespace fanlight::detect {

// The patterns of one rule. What can be told of them without RE2 is found when an anchor of the rule is first
// seen, and they are compiled when that leaves a place to look at: most rules are never needed, and compiling
// all of them would cost more than a small scan.
class RulePatterns {
 public:
  // Before single_line and the may_..., and compile before the others. `rule` outlives this. Any
  // thread.
  void outline(const Rule& rule);
  void compile(const Rule& rule);

  const re2::RE2& pattern() const { return *pattern_; }
  const re2::RE2* partner() const { return partner_.get(); }
  // Matches where what comes before a secret says that it is none; null when nothing does.
  const re2::RE2* unless() const { return unless_.get(); }
  SecretGroups secret_groups() const { return secret_groups_; }
  // False when no match can start at `at`. Says true as well where only RE2 can tell.
  bool may_start(std::string_view text, std::size_t at) const {
    if (start_bytes_.size() > text.size() - at) return false;
    for (std::size_t i = 0; i < start_bytes_.size(); ++i) {
      if (!start_bytes_[i][static_cast<unsigned char>(text[at + i])]) return false;
    }
    return true;
  }
  // False when no match holds the rule's anchor `place` that ends at `end`. Says true as well where only RE2
  // can tell.
  bool may_follow(std::uint32_t place, std::string_view text, std::size_t end) const {
    if (bytes_after_.empty() || bytes_after_[place].all()) return true;
    return end < text.size() && bytes_after_[place][static_cast<unsigned char>(text[end])];
  }
  // False when no match stands in `window`. Says true as well where only RE2 can tell.
  bool may_hold(std::string_view window) const { return needed_run_.stands_in(window); }
  bool single_line() const { return single_line_; }
  const StructureCheck* check() const { return check_; }
  std::size_t partner_bytes_max() const { return partner_bytes_max_; }

 private:
  std::once_flag outlined_, compiled_;
  std::unique_ptr<re2::RE2> pattern_, partner_, unless_;
  SecretGroups secret_groups_;
  bool single_line_ = false;
  std::vector<ByteSet> start_bytes_;  // of a rule that is tried at its anchors
  std::vector<ByteSet> bytes_after_;  // by anchor
  NeededRun needed_run_;
  const StructureCheck* check_ = nullptr;
  std::size_t partner_bytes_max_ = 0;
};

// What is known about a rule's partner in one text, so that neighbouring matches do not search the same lines
// again.
struct PartnerMemory {
  std::size_t found_begin = 0, found_end = 0;  // a partner stands here; none when empty
  std::size_t clear_begin = 0, clear_end = 0;  // none stands here
};

std::optional<Match> confirm(const Rule& rule, std::uint32_t index, const RulePatterns& patterns,
                             std::string_view text, Span whole, Span secret, PartnerMemory& memory);

// Of secrets that overlap keeps the most specific, in the order README.md gives. Coupling that overlaps
// stays: only its checks can say which of it holds. Sorts.
void keep_most_specific(std::span<const Rule> rules, std::vector<Match>& matches);

// The order in which Engine::scan returns matches.
void sort_matches(std::vector<Match>& matches);

}  // namespace fanlight::detect
