#include "name_index.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fanlight::coupling {

namespace {

constexpr std::size_t kHeadBytes = 3;

enum Class : std::uint8_t { other, joiner, lower, upper, digit };

constexpr std::array<Class, 256> kClasses = [] {
  std::array<Class, 256> out{};
  for (int c = 0; c < 256; ++c) {
    const bool low = (c >= 'a' && c <= 'z') || c >= 0x80;
    const bool joins = c == '-' || c == '_' || c == '.' || c == ' ';
    out[static_cast<std::size_t>(c)] = low                    ? lower
                                       : c >= 'A' && c <= 'Z' ? upper
                                       : c >= '0' && c <= '9' ? digit
                                       : joins                ? joiner
                                                              : other;
  }
  return out;
}();

Class class_of(char c) {
  return kClasses[static_cast<unsigned char>(c)];
}
bool is_word(char c) {
  return class_of(c) >= lower;
}
char fold(char c) {
  return class_of(c) == upper ? static_cast<char>(c + 32) : c;
}

// A word begins at `at`: after what is no word, at a hump of camelCase, between letters and digits.
bool begins(std::string_view text, std::size_t at) {
  const Class now = class_of(text[at]);
  if (now < lower) return false;
  if (at == 0) return true;
  const Class before = class_of(text[at - 1]);
  if (before < lower) return true;
  if ((before == digit) != (now == digit)) return true;
  if (now != upper) return false;
  return before == lower || (at + 1 < text.size() && class_of(text[at + 1]) == lower);  // XMLHttp: XML, Http
}

bool ends(std::string_view text, std::size_t at) {
  return at == text.size() || !is_word(text[at]) || begins(text, at);
}

std::uint16_t head_of(char a, char b, char c) {
  const std::uint32_t three = static_cast<unsigned char>(a) | static_cast<unsigned char>(b) << 8 |
                              static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 16;
  return static_cast<std::uint16_t>(three * 0x9E3779B1u >> 16);
}

// FNV-1a, letter by letter; its upper 16 bits give way to the head.
constexpr std::uint64_t kFnvBasis = 0xcbf29ce484222325u, kFnvPrime = 0x100000001b3u;
std::uint64_t step(std::uint64_t hash, char c) {
  return (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
}
std::uint64_t join(std::uint64_t hash, std::uint16_t head) {
  return static_cast<std::uint64_t>(head) << 48 | hash >> 16;
}

}  // namespace

std::string normalise_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (is_word(c)) out += fold(c);
  }
  return out;
}

std::uint64_t name_hash(std::string_view normalised) {
  std::uint64_t hash = kFnvBasis;
  for (const char c : normalised) hash = step(hash, c);
  return join(hash, head_of(normalised[0], normalised[1], normalised[2]));
}

void NameIndex::add(std::uint64_t hash) {
  hashes_.push_back(hash);
  heads_.set(hash >> 48);
}

void NameIndex::finish() {
  std::ranges::sort(hashes_);
}

// The end of the longest name that begins at `begin`; 0: none does.
std::size_t NameIndex::match_at(std::string_view text, std::size_t begin,
                                const std::function<bool(std::string_view)>& confirm) const {
  char word[name_bytes_max];
  std::size_t size = 0, found = 0;
  std::uint64_t hash = kFnvBasis;
  for (std::size_t at = begin; at < text.size() && size < name_bytes_max; ++at) {
    const Class now = class_of(text[at]);
    // One mark joins two words; two in a row, or any other, part them.
    if (now == other || (now == joiner && (at + 1 == text.size() || !is_word(text[at + 1])))) break;
    if (now == joiner) continue;
    word[size++] = fold(text[at]);
    hash = step(hash, word[size - 1]);
    if (size < kHeadBytes) continue;
    const std::uint16_t head = head_of(word[0], word[1], word[2]);
    if (size == kHeadBytes && !heads_.test(head)) break;
    if (!ends(text, at + 1)) continue;
    const bool known = std::ranges::binary_search(hashes_, join(hash, head));
    if (known && confirm({word, size})) found = at + 1;
  }
  return found;
}

std::vector<detect::Span> NameIndex::find(std::string_view text,
                                          const std::function<bool(std::string_view)>& confirm) const {
  std::vector<detect::Span> out;
  if (hashes_.empty()) return out;
  Class before = other;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const Class now = class_of(text[at]);
    const Class last = std::exchange(before, now);
    // Most bytes are inside a word or between two.
    if (now < lower || (last >= lower && now == lower && last != digit) || (now == digit && last == digit))
      continue;
    if (!begins(text, at)) continue;
    if (at + 2 < text.size() && is_word(text[at + 1]) && is_word(text[at + 2]) &&
        !heads_.test(head_of(fold(text[at]), fold(text[at + 1]), fold(text[at + 2])))) {
      continue;
    }
    if (const std::size_t end = match_at(text, at, confirm); end > 0) {
      out.push_back({at, end});
      at = end - 1;
      before = class_of(text[at]);
    }
  }
  return out;
}

}  // namespace fanlight::coupling
