// One pass over one text: anchors, windows, RE2, judgements. No decoding. Used only inside this box.
//
// Vectorscan reports where anchors stand. For each rule of an anchor, the anchor widens the rule's open
// window, or closes it and opens the next: windows of one rule never overlap, so RE2 reads each byte once per
// rule at most, however often an anchor stands in the text. RE2 gets the window as positions in the whole
// text, so that \b, ^ and $ see the bytes beyond it. A rule without bytes before its anchor is tried at the
// anchor alone.
//
// A match that holds an anchor and fits its rule's window is found exactly as RE2 over the whole text would
// find it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "confirm.hpp"
#include "fanlight/detect/engine.hpp"
#include "prefilter.hpp"

struct hs_scratch;

namespace fanlight::detect {

struct CompiledRules {
  std::vector<Rule> rules;
  std::shared_ptr<const void> arena;
  AnchorTable anchors;
  DatabasePtr database;  // null when there are no rules
  // Filled when first needed, each under its own once flag; const to everybody else.
  std::unique_ptr<RulePatterns[]> patterns;
};

// What one text has shown of one rule so far. Reset by number, not by clearing: most rules see no anchor.
struct RuleState {
  enum class Wanted : std::uint8_t { unknown, yes, no };
  std::uint64_t text = 0;  // number of the text that the fields below belong to
  std::uint64_t scan = 0;  // number of the scan that `wanted` belongs to
  Wanted wanted = Wanted::unknown;
  bool open = false;
  std::size_t begin = 0, end = 0;  // the open window
  std::size_t resume = 0;          // end of the last match
  PartnerMemory partner;
};

struct ScratchFree {
  void operator()(hs_scratch* scratch) const;
};

struct Workspace {
  std::unique_ptr<hs_scratch, ScratchFree> scratch;
  std::vector<RuleState> states;
  std::uint64_t text = 0, scan = 0;  // numbers of the current text and scan
  bool incomplete = false;
};

class Search {
 public:
  Search(const CompiledRules& compiled, Workspace& workspace, std::string_view text, std::string_view path,
         const ScanOptions& options);

  // The most specific matches, sorted.
  std::vector<Match> run();

 private:
  static int on_report(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                       void* self);
  void see_anchor(AnchorUse use, std::size_t begin, std::size_t end);
  bool is_wanted(const Rule& rule, RuleState& state) const;
  void try_at(std::uint32_t rule, RuleState& state, std::size_t begin, std::size_t end);
  void close_window(std::uint32_t rule, RuleState& state);
  void add_match(std::uint32_t rule, RuleState& state, std::span<const re2::StringPiece> groups);

  const CompiledRules& compiled_;
  Workspace& workspace_;
  std::string_view text_, path_;
  const ScanOptions& options_;
  std::size_t piece_begin_ = 0,
              piece_new_ = 0;        // of the piece that Vectorscan reads; reports up to _new_ are old
  std::vector<std::uint32_t> seen_;  // rules with a state for this text
  std::vector<Match> found_;
};

}  // namespace fanlight::detect
