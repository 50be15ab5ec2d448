#include "pattern_tree.hpp"

#include <algorithm>
#include <map>

namespace fanlight::detect {

namespace {

constexpr unsigned kDepthMax = 50;
constexpr std::string_view kWord = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

ByteSet set_of(std::string_view bytes) {
  ByteSet set;
  for (const char c : bytes) set.set(static_cast<unsigned char>(c));
  return set;
}

ByteSet one(char c) {
  return set_of({&c, 1});
}

// ASCII, and the letters of Latin-1 that RE2 folds as well.
ByteSet fold(ByteSet set) {
  const auto fold_range = [&](std::size_t from, std::size_t to) {
    for (std::size_t c = from; c <= to; ++c) {
      const bool either = set[c] || set[c - 32];
      set[c] = set[c - 32] = either;
    }
  };
  fold_range('a', 'z');
  fold_range(0xe0, 0xf6);
  fold_range(0xf8, 0xfe);
  return set;
}

PatternNode byte_node(const ByteSet& set) {
  return {PatternNode::Kind::byte, set, {}, 0, 0};
}

class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : pattern_(pattern) {}

  std::optional<PatternNode> read() {
    PatternNode all = read_alternatives(0);
    if (failed_ || at_ != pattern_.size()) return std::nullopt;
    return all;
  }

 private:
  PatternNode fail() {
    failed_ = true;
    return {};
  }
  bool more() const { return !failed_ && at_ < pattern_.size(); }
  bool take(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  PatternNode read_alternatives(unsigned depth);
  PatternNode read_sequence(unsigned depth);
  PatternNode read_item(unsigned depth);
  PatternNode read_group(unsigned depth);
  // The flags behind "(?", up to their ":" or ")". False when they are not understood.
  bool read_flags();
  PatternNode read_class();
  std::optional<ByteSet> read_named_class();
  std::optional<ByteSet> read_escape();
  std::optional<ByteSet> read_hex();
  PatternNode read_repetition(PatternNode item);
  bool read_counts(std::size_t& least, std::size_t& most);

  std::string_view pattern_;
  std::size_t at_ = 0;
  bool failed_ = false, ignore_case_ = false, dot_is_all_ = false;
};

PatternNode PatternReader::read_alternatives(unsigned depth) {
  if (depth > kDepthMax) return fail();
  const bool ignore_case = ignore_case_, dot_is_all = dot_is_all_;
  PatternNode all{PatternNode::Kind::alternatives, {}, {}, 0, 0};
  do all.parts.push_back(read_sequence(depth));
  while (more() && take("|"));
  ignore_case_ = ignore_case;  // flags end with their group
  dot_is_all_ = dot_is_all;
  return all;
}

PatternNode PatternReader::read_sequence(unsigned depth) {
  PatternNode all{PatternNode::Kind::sequence, {}, {}, 0, 0};
  while (more() && pattern_[at_] != '|' && pattern_[at_] != ')') {
    all.parts.push_back(read_repetition(read_item(depth)));
  }
  return all;
}

PatternNode PatternReader::read_item(unsigned depth) {
  const char c = pattern_[at_++];
  switch (c) {
    case '(':
      return read_group(depth);
    case '[':
      return read_class();
    case '.':
      return byte_node(dot_is_all_ ? ByteSet().set() : ~one('\n'));
    case '^':
    case '$':
      return {};
    case '*':
    case '+':
    case '?':
      return fail();
    case '\\': {
      if (take("b") || take("B") || take("A") || take("z")) return {};
      const auto set = read_escape();
      if (!set) return fail();
      return byte_node(ignore_case_ ? fold(*set) : *set);
    }
    default:
      return byte_node(ignore_case_ ? fold(one(c)) : one(c));
  }
}

PatternNode PatternReader::read_group(unsigned depth) {
  const bool ignore_case = ignore_case_, dot_is_all = dot_is_all_;
  if (take("?P<") || take("?<")) {
    at_ = std::min(pattern_.find('>', at_), pattern_.size() - 1) + 1;
  } else if (take("?")) {
    if (!read_flags()) return fail();
    if (take(")")) return {};  // for the rest of the group around
    if (!take(":")) return fail();
  }
  PatternNode all = read_alternatives(depth + 1);
  ignore_case_ = ignore_case;
  dot_is_all_ = dot_is_all;
  return take(")") ? all : fail();
}

bool PatternReader::read_flags() {
  bool on = true;
  for (; more() && pattern_[at_] != ':' && pattern_[at_] != ')'; ++at_) {
    switch (pattern_[at_]) {
      case '-':
        on = false;
        break;
      case 'i':
        ignore_case_ = on;
        break;
      case 's':
        dot_is_all_ = on;
        break;
      case 'm':  // edges are read as nothing
      case 'U':  // what matches stays the same
        break;
      default:
        return false;
    }
  }
  return more();
}

// Behind the backslash. A class escape gives its set, a letter that is none gives nothing.
std::optional<ByteSet> PatternReader::read_escape() {
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
    case 'C':
      return ByteSet().set();
    case 'a':
      return one('\a');
    case 'f':
      return one('\f');
    case 'n':
      return one('\n');
    case 'r':
      return one('\r');
    case 't':
      return one('\t');
    case 'v':
      return one('\v');
    case 'x':
      return read_hex();
    default:
      break;
  }
  const bool is_alnum = c != '_' && kWord.find(c) != kWord.npos;
  if (is_alnum || static_cast<unsigned char>(c) >= 0x80) return std::nullopt;
  return one(c);
}

// Behind `\x`: two digits, or one to six in braces. Only bytes are understood.
std::optional<ByteSet> PatternReader::read_hex() {
  std::size_t size = 2, skip = 0;
  if (take("{")) {
    const std::size_t end = pattern_.find('}', at_);
    if (end == pattern_.npos) return std::nullopt;
    size = end - at_;
    skip = 1;
  }
  if (size == 0 || at_ + size > pattern_.size()) return std::nullopt;
  std::size_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const auto c = static_cast<char>(pattern_[at_ + i] | 0x20);
    const std::size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit > 15) return std::nullopt;
    value = value * 16 + digit;
    if (value > 255) return std::nullopt;
  }
  at_ += size + skip;
  return ByteSet().set(value);
}

std::optional<ByteSet> PatternReader::read_named_class() {
  static const std::map<std::string_view, std::string_view> kNamed{
      {"alpha", "A-Za-z"},       {"alnum", "0-9A-Za-z"}, {"digit", "0-9"}, {"lower", "a-z"},
      {"upper", "A-Z"},          {"space", "\t-\r "},    {"blank", "\t "}, {"xdigit", "0-9A-Fa-f"},
      {"punct", "!-/:-@[-`{-~"}, {"word", "0-9A-Z_a-z"}};
  const std::size_t end = pattern_.find(":]", at_);
  if (end == pattern_.npos) return std::nullopt;
  const auto named = kNamed.find(pattern_.substr(at_, end - at_));
  if (named == kNamed.end()) return std::nullopt;
  at_ = end + 2;
  ByteSet set;
  for (std::string_view ranges = named->second; !ranges.empty();) {
    const bool is_range = ranges.size() > 2 && ranges[1] == '-';
    for (int c = ranges[0]; c <= ranges[is_range ? 2 : 0]; ++c) set.set(static_cast<std::size_t>(c));
    ranges.remove_prefix(is_range ? 3 : 1);
  }
  return set;
}

PatternNode PatternReader::read_class() {
  const bool negated = take("^");
  ByteSet set;
  for (const std::size_t first = at_; at_ < pattern_.size() && (pattern_[at_] != ']' || at_ == first);) {
    if (take("[:")) {
      const auto named = read_named_class();
      if (!named) return fail();
      set |= *named;
      continue;
    }
    const auto member = [&]() -> std::optional<ByteSet> {
      return take("\\") ? read_escape() : one(pattern_[at_++]);
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
  return byte_node(negated ? ~set : set);
}

// "{3}", "{3,}" or "{3,5}"; any other brace is a character. False when none stands here.
bool PatternReader::read_counts(std::size_t& least, std::size_t& most) {
  const std::size_t end = pattern_.find('}', at_);
  if (end == pattern_.npos || end - at_ > 12) return false;
  const std::string_view counts = pattern_.substr(at_ + 1, end - at_ - 1);
  const std::size_t comma = counts.find(',');
  const std::string low(counts.substr(0, comma)),
      high(comma == counts.npos ? low : std::string(counts.substr(comma + 1)));
  const auto is_number = [](const std::string& text) {
    return text.find_first_not_of("0123456789") == text.npos;
  };
  if (low.empty() || !is_number(low) || !is_number(high)) return false;
  least = std::stoul(low);
  most = high.empty() ? kNoEnd : std::stoul(high);
  at_ = end + 1;
  return true;
}

PatternNode PatternReader::read_repetition(PatternNode item) {
  for (;;) {
    std::size_t least = 0, most = kNoEnd;
    if (!more()) return item;
    if (take("?")) {
      most = 1;
    } else if (take("+")) {
      least = 1;
    } else if (!take("*") && !(pattern_[at_] == '{' && read_counts(least, most))) {
      return item;
    }
    take("?");  // lazy
    if (least > most) return fail();
    PatternNode repeated{PatternNode::Kind::repetition, {}, {}, least, most};
    repeated.parts.push_back(std::move(item));
    item = std::move(repeated);
  }
}

}  // namespace

std::optional<PatternNode> read_pattern_tree(std::string_view pattern) {
  return PatternReader(pattern).read();
}

}  // namespace fanlight::detect
