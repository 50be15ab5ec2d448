// What is known of a pattern's matches before RE2 is asked: its text read into an automaton over bytes. Four
// uses. A rule is refused when a match of its pattern holds no anchor or stands outside its window, with that
// match as the proof. A rule whose matches all start with an anchor is tried at the anchor alone; there a few
// table reads turn most anchors away before RE2 is called, which costs 300 ns even where it fails at the next
// byte. An anchor that another byte follows than in any match is passed over. And a rule that cannot match a
// line end has windows that end with the anchor's line.
//
// `\b`, `^` and `$` are read as nothing at all, so that the automaton may know more matches than RE2, never
// fewer. RE2's syntax: https://github.com/google/re2/wiki/Syntax. Used only inside this box.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pattern_tree.hpp"

namespace fanlight::detect {

class Automaton {
 public:
  // Nothing when the pattern is not understood or needs more than kStatesMax states. A repetition of more
  // than `copies_max` is read as one without an end.
  static std::optional<Automaton> read(std::string_view pattern, std::size_t copies_max = SIZE_MAX);

  static constexpr std::uint32_t kNoSet = UINT32_MAX;
  struct Edge {
    std::uint32_t set;  // index into sets(); kNoSet: taken without a byte
    std::uint32_t to;
  };
  const std::vector<ByteSet>& sets() const { return sets_; }
  std::span<const Edge> edges(std::uint32_t state) const { return edges_[state]; }
  std::size_t size() const { return edges_.size(); }
  std::uint32_t first() const { return first_; }
  std::uint32_t last() const { return last_; }
  // The matches read backwards.
  Automaton reversed() const;

 private:
  friend class AutomatonBuilder;
  std::vector<ByteSet> sets_;
  std::vector<std::vector<Edge>> edges_;
  std::uint32_t first_ = 0, last_ = 0;
};

// Whether a text without something exists: `text` is one when it does. Neither is known when the search meets
// its limit.
struct Witness {
  bool known = false;
  std::optional<std::string> text;
};

// A text of `automaton` in which no anchor starts at `before` bytes or nearer to its begin.
inline constexpr std::size_t kAnywhere = SIZE_MAX;
Witness text_without_anchor(const Automaton& automaton, std::span<const std::string_view> anchors,
                            bool ignore_case, std::size_t before = kAnywhere);

// True when every match of `pattern` is known to start with one of `anchors`; false when in doubt.
bool starts_with_anchor(std::string_view pattern, std::span<const std::string_view> anchors,
                        bool ignore_case);

// By position from the start of a match, the bytes that can stand there: at most kStartBytesMax positions,
// fewer where a match can be shorter or the pattern is not understood. No match is ever left out.
inline constexpr std::size_t kStartBytesMax = 16;
std::vector<ByteSet> start_bytes(std::string_view pattern);

// True when no match of the pattern can hold a line end.
bool is_single_line(const Automaton& automaton);

// The bytes that can follow `anchor` where it stands in a match; all of them where a match can end with it.
ByteSet bytes_after(const Automaton& automaton, std::string_view anchor, bool ignore_case);

}  // namespace fanlight::detect
