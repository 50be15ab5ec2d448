#include "needed_run.hpp"

#include <algorithm>
#include <cmath>

namespace fanlight::detect {

namespace {

constexpr std::size_t kLeastMin = 6;         // shorter runs stand everywhere
constexpr std::size_t kLeastMax = 4096;      // more bytes say nothing more
constexpr std::size_t kPartsMax = 32;        // of a sequence that one run may take
constexpr std::size_t kSpelledBytesMax = 2;  // a set of so many is a character, in both cases perhaps

struct Run : NeededRun {
  std::size_t spelled = 0;  // of `least`, characters that are given: mostly the anchor's
};

Run operator+(const Run& a, const Run& b) {
  return {{a.bytes | b.bytes, std::min(a.least + b.least, kLeastMax)}, a.spelled + b.spelled};
}

// One of the two.
Run operator|(const Run& a, const Run& b) {
  return {{a.bytes | b.bytes, std::min(a.least, b.least)}, std::max(a.spelled, b.spelled)};
}

constexpr Run kAnyRun{{{}, kLeastMax}, 0};  // what `|` begins with

// How rare a run is, in bits; 0 for one that is of no use.
double bits(const Run& run) {
  if (run.least < kLeastMin || run.spelled * 2 > run.least) return 0;
  return static_cast<double>(run.least) * (8 - std::log2(static_cast<double>(run.bytes.count())));
}

void keep_rarer(Run& best, const Run& other) {
  if (bits(other) > bits(best)) best = other;
}

// All that a node matches, as one run.
Run whole_run(const PatternNode& node) {
  switch (node.kind) {
    case PatternNode::Kind::nothing:
      return {};
    case PatternNode::Kind::byte:
      return {{node.set, 1}, node.set.count() <= kSpelledBytesMax ? 1u : 0u};
    case PatternNode::Kind::sequence: {
      Run all;
      for (const PatternNode& part : node.parts) all = all + whole_run(part);
      return all;
    }
    case PatternNode::Kind::alternatives: {
      Run any = kAnyRun;
      for (const PatternNode& part : node.parts) any = any | whole_run(part);
      return any;
    }
    case PatternNode::Kind::repetition: {
      const Run run = whole_run(node.parts.front());
      const std::size_t times = std::min(node.least, kLeastMax);
      return {{run.bytes, std::min(run.least * times, kLeastMax)}, run.spelled * times};
    }
  }
  return {};
}

Run rarest_run(const PatternNode& node) {
  Run best = whole_run(node);
  switch (node.kind) {
    case PatternNode::Kind::nothing:
    case PatternNode::Kind::byte:
      break;
    case PatternNode::Kind::sequence:
      for (std::size_t first = 0; first < node.parts.size(); ++first) {
        keep_rarer(best, rarest_run(node.parts[first]));
        Run run;
        for (std::size_t i = first; i < std::min(node.parts.size(), first + kPartsMax); ++i) {
          keep_rarer(best, run = run + whole_run(node.parts[i]));
        }
      }
      break;
    case PatternNode::Kind::alternatives: {
      Run any = kAnyRun;
      for (const PatternNode& part : node.parts) any = any | rarest_run(part);
      keep_rarer(best, any);
      break;
    }
    case PatternNode::Kind::repetition:
      if (node.least > 0) keep_rarer(best, rarest_run(node.parts.front()));
      break;
  }
  return best;
}

}  // namespace

bool NeededRun::stands_in(std::string_view text) const {
  // From the end of where a run could stand backwards; the first other byte moves that place behind itself.
  for (std::size_t end = least; end <= text.size();) {
    std::size_t left = least;
    while (left > 0 && bytes[static_cast<unsigned char>(text[end - least + left - 1])]) --left;
    if (left == 0) return true;
    end += left;
  }
  return false;
}

NeededRun needed_run(std::string_view pattern) {
  const auto tree = read_pattern_tree(pattern);
  if (!tree) return {};
  const Run run = rarest_run(*tree);
  if (bits(run) == 0) return {};
  return run;
}

}  // namespace fanlight::detect
