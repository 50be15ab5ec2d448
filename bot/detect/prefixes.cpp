// The pattern is read as a list of starts, each a row of byte sets: an item makes them longer, an alternative
// makes them more, and where a repetition can end or what follows is not understood they are closed. A start
// that is closed early, or a set that is too large, costs time and never a match.
#include "prefixes.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace fanlight::detect {

namespace {

constexpr std::size_t kStartsMax = 600;
constexpr std::size_t kListedMembersMax = 4;  // of a class, each a start of its own
constexpr unsigned kDepthMax = 50;
constexpr std::string_view kWord = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

struct Start {
  std::vector<ByteSet> bytes;
  bool open = true;  // what follows makes it longer
};
using Starts = std::vector<Start>;

ByteSet set_of(std::string_view bytes) {
  ByteSet set;
  for (const char c : bytes) set.set(static_cast<unsigned char>(c));
  return set;
}

ByteSet one(char c) {
  return set_of({&c, 1});
}

ByteSet fold(ByteSet set) {
  for (std::size_t c = 'a'; c <= 'z'; ++c) {
    const bool either = set[c] || set[c - 32];
    set[c] = set[c - 32] = either;
  }
  return set;
}

bool is_alnum(char c) {
  return c != '_' && kWord.find(c) != kWord.npos;
}

class StartReader {
 public:
  explicit StartReader(std::string_view pattern) : pattern_(pattern) {}

  // Nothing when the pattern is not understood.
  std::optional<Starts> read() {
    Starts all = read_alternatives(0);
    if (failed_ || at_ != pattern_.size()) return std::nullopt;
    return all;
  }

 private:
  Starts fail() {
    failed_ = true;
    return {};
  }
  bool more() const { return !failed_ && at_ < pattern_.size(); }
  bool take(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  Starts nothing() const { return {{{}, true}}; }
  Starts byte(const ByteSet& set) const { return {{{ignore_case_ ? fold(set) : set}, true}}; }

  Starts read_alternatives(unsigned depth);
  Starts read_sequence(unsigned depth);
  Starts read_item(unsigned depth);
  Starts read_group(unsigned depth);
  Starts read_class();
  std::optional<ByteSet> read_escape(bool in_class);
  Starts read_repetition(const Starts& item);
  static Starts join(const Starts& first, const Starts& second);
  static void close(Starts& starts) {
    for (Start& start : starts) start.open = false;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  bool failed_ = false, ignore_case_ = false;
};

Starts StartReader::join(const Starts& first, const Starts& second) {
  const auto open = static_cast<std::size_t>(std::ranges::count(first, true, &Start::open));
  Starts all;
  if (first.size() + open * second.size() > kStartsMax) {
    all = first;
    close(all);
    return all;
  }
  for (const Start& start : first) {
    if (!start.open) {
      all.push_back(start);
      continue;
    }
    for (const Start& next : second) {
      Start longer = start;
      longer.bytes.insert(longer.bytes.end(), next.bytes.begin(), next.bytes.end());
      longer.open = next.open && longer.bytes.size() < kStartBytesMax;
      if (longer.bytes.size() > kStartBytesMax) longer.bytes.resize(kStartBytesMax);
      all.push_back(std::move(longer));
    }
  }
  return all;
}

Starts StartReader::read_alternatives(unsigned depth) {
  if (depth > kDepthMax) return fail();
  const bool outside = ignore_case_;
  Starts all = read_sequence(depth);
  while (more() && take("|")) {
    for (Start& start : read_sequence(depth)) all.push_back(std::move(start));
    if (all.size() > 4 * kStartsMax) return fail();
  }
  ignore_case_ = outside;  // flags end with their group
  return all;
}

Starts StartReader::read_sequence(unsigned depth) {
  Starts all = nothing();
  while (more() && pattern_[at_] != '|' && pattern_[at_] != ')') {
    const Starts item = read_item(depth);
    all = join(all, read_repetition(item));
  }
  return all;
}

Starts StartReader::read_item(unsigned depth) {
  const char c = pattern_[at_++];
  switch (c) {
    case '(':
      return read_group(depth);
    case '[':
      return read_class();
    case '.':
      return byte(ByteSet().set());
    case '^':
    case '$':
      return nothing();
    case '*':
    case '+':
    case '?':
    case '{':
      return fail();
    case '\\':
      if (take("b") || take("B")) return nothing();
      if (const auto set = read_escape(false)) return byte(*set);
      return fail();
    default:
      return byte(one(c));
  }
}

Starts StartReader::read_group(unsigned depth) {
  if (take("?i)")) {
    ignore_case_ = true;
    return nothing();
  }
  const bool outside = ignore_case_;
  if (take("?i:")) {
    ignore_case_ = true;
  } else if (take("?P<")) {
    at_ = std::min(pattern_.find('>', at_), pattern_.size() - 1) + 1;
  } else if (!take("?:") && more() && pattern_[at_] == '?') {
    return fail();
  }
  Starts all = read_alternatives(depth + 1);
  ignore_case_ = outside;
  return take(")") ? all : fail();
}

// Behind the backslash. A class escape gives its set, a letter that is none gives nothing.
std::optional<ByteSet> StartReader::read_escape(bool in_class) {
  if (at_ == pattern_.size()) return std::nullopt;
  const char c = pattern_[at_++];
  switch (c) {
    case 'd':
      return set_of("0123456789");
    case 'D':
      return ~set_of("0123456789");
    case 'w':
      return set_of(kWord);
    case 'W':
      return ~set_of(kWord);
    case 's':
      return set_of("\t\n\f\r ");
    case 'S':
      return ~set_of("\t\n\f\r ");
    case 'n':
      return one('\n');
    case 'r':
      return one('\r');
    case 't':
      return one('\t');
    case 'x': {
      const auto digit = [&](std::size_t i) {
        return std::string_view("0123456789abcdef").find(static_cast<char>(pattern_[i] | 0x20));
      };
      if (at_ + 2 > pattern_.size() || digit(at_) > 15 || digit(at_ + 1) > 15) return std::nullopt;
      at_ += 2;
      return ByteSet().set(digit(at_ - 2) * 16 + digit(at_ - 1));
    }
    default:
      break;
  }
  if (is_alnum(c) || (in_class && c == '\n')) return std::nullopt;
  return one(c);
}

Starts StartReader::read_class() {
  const bool negated = take("^");
  ByteSet set;
  for (const std::size_t first = at_; at_ < pattern_.size() && (pattern_[at_] != ']' || at_ == first);) {
    if (pattern_.substr(at_).starts_with("[:")) return fail();
    const auto member = [&]() -> std::optional<ByteSet> {
      return take("\\") ? read_escape(true) : one(pattern_[at_++]);
    };
    const auto low = member();
    if (!low) return fail();
    set |= *low;
    if (at_ + 1 >= pattern_.size() || pattern_[at_] != '-' || pattern_[at_ + 1] == ']') continue;
    ++at_;
    const auto high = member();
    if (!high || low->count() != 1 || high->count() != 1) return fail();
    const std::size_t last = high->_Find_first();
    for (std::size_t c = low->_Find_first(); c <= last; ++c) set.set(c);
  }
  if (!take("]")) return fail();
  if (ignore_case_) set = fold(set);
  if (negated) return {{{~set}, true}};
  if (set.count() > kListedMembersMax * (ignore_case_ ? 2 : 1)) return {{{set}, true}};
  Starts members;
  for (std::size_t c = set._Find_first(); c < set.size(); c = set._Find_next(c)) {
    const ByteSet alike = fold(ByteSet().set(c)) & set;
    if (alike._Find_first() == c) members.push_back({{alike}, true});
  }
  return members;
}

// What a quantifier behind the item makes of it: so many for certain, then nobody knows whether another one
// follows.
Starts StartReader::read_repetition(const Starts& item) {
  std::size_t least = 1;
  bool exact = true;
  if (!more()) return item;
  if (take("?")) {
    take("?");
    Starts all = item;
    all.push_back({{}, true});
    return all;
  }
  if (take("*")) {
    least = 0;
    exact = false;
  } else if (take("+")) {
    exact = false;
  } else if (pattern_[at_] == '{') {
    const std::size_t end = pattern_.find('}', at_);
    if (end == pattern_.npos) return fail();
    const std::string counts(pattern_.substr(at_ + 1, end - at_ - 1));
    if (counts.empty() || counts.size() > 9 || counts[0] == ',' ||
        counts.find_first_not_of("0123456789,") != counts.npos)
      return fail();
    least = static_cast<std::size_t>(std::atoi(counts.c_str()));
    exact = counts.find(',') == counts.npos || counts == std::to_string(least) + "," + std::to_string(least);
    at_ = end + 1;
  } else {
    return item;
  }
  take("?");  // lazy
  Starts all = nothing();
  for (std::size_t i = 0; i < std::min(least, kStartBytesMax); ++i) all = join(all, item);
  if (!exact || least > kStartBytesMax) close(all);
  return all;
}

bool starts_with(const Start& start, std::string_view anchor, bool ignore_case) {
  if (start.bytes.size() < anchor.size()) return false;
  for (std::size_t i = 0; i < anchor.size(); ++i) {
    const ByteSet wanted = ignore_case ? fold(one(anchor[i])) : one(anchor[i]);
    if ((start.bytes[i] & ~wanted).any()) return false;
  }
  return true;
}

}  // namespace

bool starts_with_anchor(std::string_view pattern, std::span<const std::string_view> anchors,
                        bool ignore_case) {
  const auto starts = StartReader(pattern).read();
  return starts && std::ranges::all_of(*starts, [&](const Start& start) {
           return std::ranges::any_of(anchors, [&](std::string_view anchor) {
             // No start is longer than kStartBytesMax, an anchor may be.
             return anchor.size() <= kStartBytesMax && starts_with(start, anchor, ignore_case);
           });
         });
}

std::vector<ByteSet> start_bytes(std::string_view pattern) {
  const auto starts = StartReader(pattern).read();
  if (!starts || starts->empty()) return {};
  std::size_t size = kStartBytesMax;
  for (const Start& start : *starts) size = std::min(size, start.bytes.size());
  std::vector<ByteSet> sets(size);
  for (const Start& start : *starts) {
    for (std::size_t i = 0; i < size; ++i) sets[i] |= start.bytes[i];
  }
  return sets;
}

}  // namespace fanlight::detect
