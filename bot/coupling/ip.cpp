#include "ip.hpp"

#include <arpa/inet.h>

#include <cassert>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

namespace fanlight::coupling {

namespace {

constexpr unsigned kV4Offset = 96;  // bits in front of an IPv4 address in Prefix::bytes

std::optional<unsigned> parse_length(std::string_view text, unsigned max) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > max) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

bool equal_bits(const Prefix& a, const Prefix& b, unsigned bits) {
  const unsigned whole = bits / 8, rest = bits % 8;
  if (std::memcmp(a.bytes.data(), b.bytes.data(), whole) != 0) return false;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return (a.bytes[whole] & mask) == (b.bytes[whole] & mask);
}

unsigned total_bits(const Prefix& prefix) {
  return prefix.v6 ? prefix.length : prefix.length + kV4Offset;
}

}  // namespace

bool Prefix::is_network() const {
  for (unsigned bit = total_bits(*this); bit < 128; ++bit) {
    if (bytes[bit / 8] & (0x80U >> (bit % 8))) return false;
  }
  return true;
}

bool Prefix::contains(const Prefix& other) const {
  return v6 == other.v6 && length <= other.length && equal_bits(*this, other, total_bits(*this));
}

bool Prefix::operator==(const Prefix& other) const {
  return v6 == other.v6 && length == other.length && bytes == other.bytes;
}

std::optional<Prefix> parse_prefix(std::string_view text) {
  if (text.size() > 64) return std::nullopt;
  Prefix prefix;
  const std::size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  prefix.v6 = address.find(':') != std::string::npos;
  const unsigned width = prefix.v6 ? 128 : 32;
  std::uint8_t* const out = prefix.bytes.data() + (prefix.v6 ? 0 : 12);
  if (inet_pton(prefix.v6 ? AF_INET6 : AF_INET, address.c_str(), out) != 1) return std::nullopt;
  prefix.length = width;
  if (slash != text.npos) {
    const auto length = parse_length(text.substr(slash + 1), width);
    if (!length) return std::nullopt;
    prefix.length = *length;
    prefix.has_length = true;
  }
  return prefix;
}

std::string to_string(const Prefix& prefix) {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(prefix.v6 ? AF_INET6 : AF_INET, prefix.bytes.data() + (prefix.v6 ? 0 : 12), text, sizeof(text));
  return prefix.has_length ? fmt::format("{}/{}", text, prefix.length) : std::string(text);
}

bool is_in(const Prefix& prefix, std::span<const std::string_view> ranges) {
  for (const std::string_view text : ranges) {
    const auto range = parse_prefix(text);
    assert(range);
    if (range && range->contains(prefix)) return true;
  }
  return false;
}

bool is_one_of(const Prefix& prefix, std::span<const std::string_view> constants) {
  for (const std::string_view text : constants) {
    const auto constant = parse_prefix(text);
    assert(constant);
    if (constant && *constant == prefix) return true;
  }
  return false;
}

}  // namespace fanlight::coupling
