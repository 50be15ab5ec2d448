#include "token_formulas.hpp"

#include <algorithm>
#include <bit>

#include "fanlight/core/hash.hpp"

namespace fanlight::detect {

std::string to_positional(std::uint64_t value, std::string_view alphabet, std::size_t width) {
  std::string out;
  for (; value != 0; value /= alphabet.size()) out.push_back(alphabet[value % alphabet.size()]);
  while (out.size() < width) out.push_back(alphabet.front());
  std::reverse(out.begin(), out.end());
  return out;
}

std::string hex_big_endian(std::uint32_t value, bool upper) {
  return to_positional(value, upper ? "0123456789ABCDEF" : "0123456789abcdef", 8);
}

std::string hex_little_endian(std::uint32_t value) {
  return hex_big_endian(__builtin_bswap32(value));
}

std::string to_base32(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const unsigned char byte : bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      out.push_back(kBase32[(bits >> held) & 31]);
    }
  }
  if (held > 0) out.push_back(kBase32[(bits << (5 - held)) & 31]);
  return out;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto digit = kBase32.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 5) | static_cast<std::uint32_t>(digit);
    held += 5;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<char>((bits >> held) & 0xff));
    }
  }
  return out;
}

std::string crc32_base62(std::string_view body) {
  return to_positional(crc32(body), kBase62, 6);
}

std::string crc32_base64(std::string_view body) {
  const std::uint32_t crc = crc32(body);
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>((crc >> shift) & 0xff));
  return to_base64(bytes).substr(0, 6);
}

std::uint64_t marvin_seed(std::string_view eight_characters) {
  std::uint64_t seed = 0;
  for (const unsigned char c : eight_characters) seed = (seed << 8) | c;
  return seed;
}

std::uint32_t marvin32(std::string_view data, std::uint64_t seed) {
  auto low = static_cast<std::uint32_t>(seed);
  auto high = static_cast<std::uint32_t>(seed >> 32);
  const auto mix = [&] {
    high ^= low;
    low = std::rotl(low, 20) + high;
    high = std::rotl(high, 9) ^ low;
    low = std::rotl(low, 27) + high;
    high = std::rotl(high, 19);
  };
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(data[i]));
  };
  std::size_t i = 0;
  for (; i + 4 <= data.size(); i += 4) {
    low += byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24;
    mix();
  }
  // The rest is closed with a single 0x80 above its last byte.
  std::uint32_t rest = 0x80;
  for (std::size_t j = data.size(); j > i; --j) rest = (rest << 8) | byte(j - 1);
  low += rest;
  mix();
  mix();
  return low ^ high;
}

std::array<std::uint8_t, 6> bech32_checksum(std::string_view readable,
                                            const std::vector<std::uint8_t>& groups) {
  constexpr std::array<std::uint32_t, 5> generator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                   0x2a1462b3};
  std::uint32_t state = 1;
  const auto feed = [&](std::uint32_t value) {
    const std::uint32_t top = state >> 25;
    state = ((state & 0x1ffffff) << 5) ^ value;
    for (std::size_t i = 0; i < generator.size(); ++i)
      if ((top >> i) & 1) state ^= generator[i];
  };
  for (const unsigned char c : readable) feed(c >> 5);
  feed(0);
  for (const unsigned char c : readable) feed(c & 31);
  for (const std::uint8_t group : groups) feed(group);
  for (int i = 0; i < 6; ++i) feed(0);
  state ^= 1;
  std::array<std::uint8_t, 6> out{};
  for (std::size_t i = 0; i < 6; ++i) out[i] = (state >> (5 * (5 - i))) & 31;
  return out;
}

}  // namespace fanlight::detect
