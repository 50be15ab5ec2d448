// The tree of a pattern becomes an automaton with edges that take no byte (Thompson's construction): counted
// repetitions are copied.
#include "automaton.hpp"

#include <algorithm>
#include <numeric>

#include "fanlight/core/text.hpp"

namespace fanlight::detect {

namespace {

constexpr std::size_t kStatesMax = 100'000;

ByteSet bytes_of(char c, bool ignore_case) {
  ByteSet set;
  set.set(static_cast<unsigned char>(c));
  const char lower = c | 0x20;
  if (ignore_case && lower >= 'a' && lower <= 'z') set.set(static_cast<unsigned char>(c ^ 0x20));
  return set;
}

}  // namespace

class AutomatonBuilder {
 public:
  AutomatonBuilder(Automaton& out, std::size_t copies_max) : out_(out), copies_max_(copies_max) {}

  // Adds `node` from `from` on; the state behind it.
  std::uint32_t add(const PatternNode& node, std::uint32_t from) {
    switch (node.kind) {
      case PatternNode::Kind::nothing:
        return from;
      case PatternNode::Kind::byte:
        return link(from, set_index(node.set), state());
      case PatternNode::Kind::sequence:
        for (const PatternNode& part : node.parts) from = add(part, from);
        return from;
      case PatternNode::Kind::alternatives: {
        std::vector<std::uint32_t> ends;
        for (const PatternNode& part : node.parts) ends.push_back(add(part, from));
        return join(ends);
      }
      case PatternNode::Kind::repetition:
        return add_repetition(node, from);
    }
    return from;
  }

  std::uint32_t state() {
    if (is_full()) return 0;
    out_.edges_.emplace_back();
    return static_cast<std::uint32_t>(out_.edges_.size() - 1);
  }
  bool is_full() const { return out_.edges_.size() >= kStatesMax; }

 private:
  std::uint32_t add_repetition(const PatternNode& node, std::uint32_t from) {
    const PatternNode& item = node.parts.front();
    const std::size_t least = std::min(node.least, copies_max_);
    const bool has_end = node.most <= copies_max_ && node.most != kNoEnd;
    for (std::size_t i = 0; i < least && !is_full(); ++i) from = add(item, from);
    if (!has_end) {
      const std::uint32_t loop = link(from, Automaton::kNoSet, state());
      link(add(item, loop), Automaton::kNoSet, loop);
      return loop;
    }
    std::vector<std::uint32_t> ends{from};
    for (std::size_t i = least; i < node.most && !is_full(); ++i) {
      ends.push_back(from = add(item, from));
    }
    return join(ends);
  }

  // One state behind all of `ends`, higher than each: only loops lead back.
  std::uint32_t join(const std::vector<std::uint32_t>& ends) {
    if (ends.size() == 1) return ends.front();
    const std::uint32_t all = state();
    for (const std::uint32_t end : ends) link(end, Automaton::kNoSet, all);
    return all;
  }

  std::uint32_t link(std::uint32_t from, std::uint32_t set, std::uint32_t to) {
    if (from != to) out_.edges_[from].push_back({set, to});
    return to;
  }

  std::uint32_t set_index(const ByteSet& set) {
    const auto index = std::ranges::find(out_.sets_, set) - out_.sets_.begin();
    if (static_cast<std::size_t>(index) == out_.sets_.size()) out_.sets_.push_back(set);
    return static_cast<std::uint32_t>(index);
  }

  Automaton& out_;
  std::size_t copies_max_;
};

std::optional<Automaton> Automaton::read(std::string_view pattern, std::size_t copies_max) {
  const auto tree = read_pattern_tree(pattern);
  if (!tree) return std::nullopt;
  Automaton out;
  AutomatonBuilder builder(out, copies_max);
  out.first_ = builder.state();
  // A state of its own, so that a loop does not come back to it.
  const std::uint32_t last = builder.add(*tree, out.first_);
  out.last_ = builder.state();
  if (builder.is_full()) return std::nullopt;
  out.edges_[last].push_back({kNoSet, out.last_});
  return out;
}

Automaton Automaton::reversed() const {
  Automaton out;
  out.sets_ = sets_;
  out.edges_.resize(edges_.size());
  const auto mirrored = [&](std::uint32_t state) { return static_cast<std::uint32_t>(size()) - 1 - state; };
  for (std::uint32_t from = 0; from < edges_.size(); ++from) {
    for (const Edge& edge : edges_[from]) out.edges_[mirrored(edge.to)].push_back({edge.set, mirrored(from)});
  }
  out.first_ = mirrored(last_);
  out.last_ = mirrored(first_);
  return out;
}

std::vector<ByteSet> start_bytes(std::string_view pattern) {
  const auto automaton = Automaton::read(pattern, kStartBytesMax);
  if (!automaton) return {};
  std::vector<ByteSet> starts;
  std::vector<std::uint32_t> states{automaton->first()}, next;
  std::vector<std::size_t> seen(automaton->size(), 0);  // the position a state was last seen at, from 1
  while (starts.size() < kStartBytesMax) {
    const std::size_t position = starts.size() + 1;
    ByteSet bytes;
    next.clear();
    for (std::size_t i = 0; i < states.size(); ++i) {
      for (const Automaton::Edge& edge : automaton->edges(states[i])) {
        if (edge.set != Automaton::kNoSet) {
          bytes |= automaton->sets()[edge.set];
          next.push_back(edge.to);
        } else if (edge.to == automaton->last()) {
          return starts;
        } else if (seen[edge.to] != position) {
          seen[edge.to] = position;
          states.push_back(edge.to);
        }
      }
    }
    starts.push_back(bytes);
    std::ranges::sort(next);
    const auto repeats = std::ranges::unique(next);
    next.erase(repeats.begin(), repeats.end());
    states.swap(next);
  }
  return starts;
}

bool is_single_line(const Automaton& automaton) {
  return std::ranges::none_of(automaton.sets(), [](const ByteSet& set) { return set['\n']; });
}

ByteSet bytes_after(const Automaton& automaton, std::string_view anchor, bool ignore_case) {
  // The states that the automaton may be in, from any state on: the anchor may stand anywhere in a match.
  std::vector<std::uint32_t> states(automaton.size()), next;
  std::iota(states.begin(), states.end(), 0u);
  std::vector<std::size_t> seen(automaton.size(), 0);
  ByteSet after;
  for (std::size_t read = 0; read <= anchor.size(); ++read) {
    const bool is_behind = read == anchor.size();
    const ByteSet wanted = is_behind ? ByteSet().set() : bytes_of(anchor[read], ignore_case);
    next.clear();
    for (std::size_t i = 0; i < states.size(); ++i) {
      for (const Automaton::Edge& edge : automaton.edges(states[i])) {
        if (edge.set != Automaton::kNoSet) {
          const ByteSet bytes = automaton.sets()[edge.set] & wanted;
          if (is_behind)
            after |= bytes;
          else if (bytes.any())
            next.push_back(edge.to);
        } else if (is_behind && edge.to == automaton.last()) {
          return ByteSet().set();
        } else if (read > 0 && seen[edge.to] != read) {
          seen[edge.to] = read;
          states.push_back(edge.to);
        }
      }
    }
    std::ranges::sort(next);
    const auto repeats = std::ranges::unique(next);
    next.erase(repeats.begin(), repeats.end());
    states.swap(next);
  }
  return after;
}

}  // namespace fanlight::detect
