// The one pass of find_encoded_runs: a bit per byte that says "in the base64 alphabet", 64 bytes at a time,
// and from the bits the stretches of kEncodedBytesMin or more. SSE2 is part of every x86-64; elsewhere a
// table does it. Used only inside this box.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "fanlight/detect/decode.hpp"

namespace fanlight::detect {

struct BlockBits {
  std::uint64_t alphabet = 0;  // A-Z a-z 0-9 + / - _
  std::uint64_t marks = 0;     // % & and backslash
};

#ifdef __SSE2__
inline BlockBits classify(const char* block) {
  BlockBits bits;
  const auto in_range = [](__m128i bytes, char low, char high) {
    const __m128i moved = _mm_sub_epi8(bytes, _mm_set1_epi8(low));
    return _mm_cmpeq_epi8(_mm_min_epu8(moved, _mm_set1_epi8(static_cast<char>(high - low))), moved);
  };
  const auto is = [](__m128i bytes, char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
  for (unsigned i = 0; i < 4; ++i) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i));
    const __m128i letters = in_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
    const __m128i digits = in_range(bytes, '/', '9');
    const __m128i signs = _mm_or_si128(_mm_or_si128(is(bytes, '+'), is(bytes, '-')), is(bytes, '_'));
    // % and & are neighbours.
    const __m128i marks = _mm_or_si128(in_range(bytes, '%', '&'), is(bytes, '\\'));
    const auto alphabet_mask =
        static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letters, digits), signs)));
    const auto marks_mask = static_cast<unsigned>(_mm_movemask_epi8(marks));
    bits.alphabet |= static_cast<std::uint64_t>(alphabet_mask) << (16 * i);
    bits.marks |= static_cast<std::uint64_t>(marks_mask) << (16 * i);
  }
  return bits;
}
#else
inline BlockBits classify(const char* block) {
  BlockBits bits;
  for (unsigned i = 0; i < 64; ++i) {
    const char c = block[i];
    const auto letter = static_cast<unsigned char>((c | 0x20) - 'a'),
               digit = static_cast<unsigned char>(c - '/');
    const bool in = letter < 26 || digit < 11 || c == '+' || c == '-' || c == '_';
    bits.alphabet |= static_cast<std::uint64_t>(in) << i;
    bits.marks |= static_cast<std::uint64_t>(c == '%' || c == '&' || c == '\\') << i;
  }
  return bits;
}
#endif

// Bit i is set when the bits i-19 … i are all set, with the 64 bits before in `previous`.
inline std::uint64_t stretch_ends(std::uint64_t bits, std::uint64_t previous) {
  static_assert(kEncodedBytesMin == 20);
  using Wide = unsigned __int128;
  Wide wide = static_cast<Wide>(bits) << 64 | previous;
  wide &= wide << 1;  // 2 in a row
  wide &= wide << 2;  // 4
  wide &= wide << 4;  // 8
  wide &= wide << 8;  // 16
  wide &= wide << 4;  // 20
  return static_cast<std::uint64_t>(wide >> 64);
}

// Calls finder.on_stretch(begin) at the begin of each stretch of kEncodedBytesMin alphabet bytes (it returns
// where to go on) and finder.on_mark(at) for each '%', '&' and '\', until finder.full().
template <class Finder>
void scan_for_runs(std::string_view text, Finder& finder) {
  std::uint64_t previous = 0;
  std::size_t resume = 0;  // stretches that begin before this have been seen
  for (std::size_t base = 0; base < text.size() && !finder.full(); base += 64) {
    char padded[64];
    const char* block = text.data() + base;
    if (text.size() - base < 64) {
      std::memset(padded, 0, sizeof padded);
      std::memcpy(padded, block, text.size() - base);
      block = padded;
    }
    const BlockBits bits = classify(block);
    for (std::uint64_t marks = bits.marks; marks != 0; marks &= marks - 1) {
      finder.on_mark(base + static_cast<std::size_t>(std::countr_zero(marks)));
    }
    std::uint64_t ends = stretch_ends(bits.alphabet, previous);
    previous = bits.alphabet;
    while (ends != 0) {
      const std::size_t end = base + static_cast<std::size_t>(std::countr_zero(ends)) + 1;
      if (end > resume + kEncodedBytesMin - 1) resume = finder.on_stretch(end - kEncodedBytesMin);
      const std::size_t done = resume > base ? resume - base : 0;
      ends = done >= 64 ? 0 : ends & ~((std::uint64_t{1} << done) - 1) & (ends - 1);
    }
  }
}

}  // namespace fanlight::detect
