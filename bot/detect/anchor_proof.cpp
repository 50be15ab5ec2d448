// Does a match without an anchor exist? The automaton of the pattern and one that sees anchors (Aho and
// Corasick's) walk the same bytes; a pair of states that has seen an anchor is dropped, and one that reaches
// the pattern's end spells a match without.
#include <algorithm>
#include <array>
#include <utility>

#include "automaton.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::detect {

namespace {

constexpr std::size_t kPlacesMax = 2'000'000;
constexpr std::size_t kPairsMax = 16'000'000;

unsigned char folded(unsigned char c, bool ignore_case) {
  return ignore_case && c >= 'A' && c <= 'Z' ? static_cast<unsigned char>(c + 32) : c;
}

class AnchorSeer {
 public:
  AnchorSeer(std::span<const std::string_view> anchors, bool ignore_case) : ignore_case_(ignore_case) {
    add_state();
    for (const std::string_view anchor : anchors) {
      std::uint32_t at = 0;
      for (const char c : anchor) {
        const unsigned char byte = folded(static_cast<unsigned char>(c), ignore_case);
        if (next_[at][byte] == 0) {
          const std::uint32_t state = add_state();
          next_[at][byte] = state;
        }
        at = next_[at][byte];
      }
      seen_[at] = std::max(seen_[at], anchor.size());
      longest_ = std::max(longest_, anchor.size());
    }
    link();
  }

  std::uint32_t step(std::uint32_t state, unsigned char byte) const {
    return next_[state][folded(byte, ignore_case_)];
  }
  // The size of the longest anchor that ends here; 0: none.
  std::size_t seen(std::uint32_t state) const { return seen_[state]; }
  std::size_t size() const { return next_.size(); }
  std::size_t longest() const { return longest_; }

 private:
  std::uint32_t add_state() {
    next_.emplace_back().fill(0);
    seen_.push_back(0);
    return static_cast<std::uint32_t>(next_.size() - 1);
  }

  // Where a byte does not go on, the longest suffix that is a begin goes on in its place.
  void link() {
    std::vector<std::uint32_t> order, suffix(next_.size(), 0);
    for (const std::uint32_t child : next_[0]) {
      if (child != 0) order.push_back(child);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::uint32_t state = order[i];
      seen_[state] = std::max(seen_[state], seen_[suffix[state]]);
      for (std::size_t byte = 0; byte < 256; ++byte) {
        std::uint32_t& child = next_[state][byte];
        const std::uint32_t other = next_[suffix[state]][byte];
        if (child == 0) {
          child = other;
        } else {
          suffix[child] = other;
          order.push_back(child);
        }
      }
    }
  }

  bool ignore_case_;
  std::vector<std::array<std::uint32_t, 256>> next_;
  std::vector<std::size_t> seen_;
  std::size_t longest_ = 0;
};

// Of bytes that lead to the same place one is enough: the one that is best to read.
std::vector<unsigned char> by_legibility() {
  std::vector<unsigned char> order;
  for (int c = 0; c < 256; ++c) order.push_back(static_cast<unsigned char>(c));
  std::ranges::sort(order, {}, [](unsigned char c) {
    int rank = c > 0x20 && c < 0x7f ? 2 : 3;
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) rank = 1;
    if (c >= 'a' && c <= 'z') rank = 0;
    return std::pair(rank, c);
  });
  return order;
}

// The bytes of a set as the seer tells them apart in one state.
struct Step {
  std::uint32_t seer;
  unsigned char byte;
};

class Walk {
 public:
  Walk(const Automaton& automaton, const AnchorSeer& seer, std::size_t before)
      : automaton_(automaton),
        seer_(seer),
        before_(before),
        depth_max_(before == kAnywhere ? 0 : before + seer.longest()) {}

  Witness run() {
    if (automaton_.size() > kPairsMax / seer_.size()) return {};
    newest_.assign(automaton_.size() * seer_.size(), 0);
    steps_.resize(automaton_.sets().size() * seer_.size());
    pending_.resize(automaton_.size());
    places_.push_back({});  // 0 is none
    add({automaton_.first(), 0, 0, 0, -1});
    // Edges go to higher states but for those of loops, so that one round is enough for most patterns.
    while (waiting_ > 0) {
      for (std::uint32_t state = 0; state < automaton_.size(); ++state) {
        for (std::size_t i = 0; i < pending_[state].size(); ++i) {
          --waiting_;
          const std::uint32_t at = pending_[state][i];
          if (places_.size() > kPlacesMax) return {};
          if (newest_[pair(places_[at])] != at) continue;  // a deeper one is known
          if (state == automaton_.last()) return {true, text_to(at)};
          leave(at);
        }
        pending_[state].clear();
      }
    }
    return {true, std::nullopt};
  }

 private:
  // The further from the begin, the fewer anchors count from here on: of two ways to a pair of states, only
  // the longer is of interest.
  struct Place {
    std::uint32_t state = 0, seer = 0;
    std::uint32_t depth = 0;  // bytes so far, until no anchor counts any more
    std::uint32_t from = 0;   // place before; 0: none
    int byte = -1;            // that led here; -1: none
  };

  std::size_t pair(const Place& place) const { return std::size_t{place.state} * seer_.size() + place.seer; }

  void leave(std::uint32_t at) {
    const Place place = places_[at];
    for (const Automaton::Edge& edge : automaton_.edges(place.state)) {
      if (edge.set == Automaton::kNoSet) {
        add({edge.to, place.seer, place.depth, at, -1});
        continue;
      }
      for (const Step& step : steps(edge.set, place.seer)) {
        if (before_ == kAnywhere) {
          if (seer_.seen(step.seer) == 0) add({edge.to, step.seer, 0, at, step.byte});
          continue;
        }
        const std::size_t depth = std::min<std::size_t>(place.depth + 1, depth_max_);
        const std::size_t size = place.depth < depth_max_ ? seer_.seen(step.seer) : 0;
        if (size > 0 && depth - size <= before_) continue;
        add({edge.to, depth == depth_max_ ? 0 : step.seer, static_cast<std::uint32_t>(depth), at, step.byte});
      }
    }
  }

  const std::vector<Step>& steps(std::uint32_t set, std::uint32_t seer) {
    std::vector<Step>& known = steps_[set * seer_.size() + seer];
    if (!known.empty()) return known;
    for (const unsigned char byte : order_) {
      if (!automaton_.sets()[set][byte]) continue;
      const std::uint32_t next = seer_.step(seer, byte);
      if (std::ranges::find(known, next, &Step::seer) == known.end()) known.push_back({next, byte});
    }
    return known;
  }

  void add(const Place& place) {
    std::uint32_t& newest = newest_[pair(place)];
    if (newest != 0 && places_[newest].depth >= place.depth) return;
    newest = static_cast<std::uint32_t>(places_.size());
    places_.push_back(place);
    pending_[place.state].push_back(newest);
    ++waiting_;
  }

  std::string text_to(std::uint32_t at) const {
    std::string text;
    for (; at != 0; at = places_[at].from) {
      if (places_[at].byte >= 0) text += static_cast<char>(places_[at].byte);
    }
    std::ranges::reverse(text);
    return text;
  }

  const Automaton& automaton_;
  const AnchorSeer& seer_;
  std::size_t before_, depth_max_;
  std::vector<unsigned char> order_ = by_legibility();
  std::vector<Place> places_;
  std::vector<std::uint32_t> newest_;                // by pair of states, its place; 0: none
  std::vector<std::vector<std::uint32_t>> pending_;  // by state, places that were not left yet
  std::vector<std::vector<Step>> steps_;             // by set and state of the seer, made when needed
  std::size_t waiting_ = 0;
};

}  // namespace

Witness text_without_anchor(const Automaton& automaton, std::span<const std::string_view> anchors,
                            bool ignore_case, std::size_t before) {
  return Walk(automaton, AnchorSeer(anchors, ignore_case), before).run();
}

bool starts_with_anchor(std::string_view pattern, std::span<const std::string_view> anchors,
                        bool ignore_case) {
  const auto automaton = Automaton::read(pattern);
  if (!automaton) return false;
  const Witness witness = text_without_anchor(*automaton, anchors, ignore_case, 0);
  return witness.known && !witness.text;
}

}  // namespace fanlight::detect
