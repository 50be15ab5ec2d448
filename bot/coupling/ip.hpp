// Addresses as numbers, not as text: only what parses strictly is an address, and ranges are compared as
// prefixes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fanlight::coupling {

// An IPv4 or IPv6 address with a prefix length; IPv4 is kept in the last four bytes.
struct Prefix {
  std::array<std::uint8_t, 16> bytes{};
  bool v6 = false;
  unsigned length = 0;      // 0…32 or 0…128
  bool has_length = false;  // false: a host, length is the full width

  // The first address of the prefix is the one written ("10.1.0.0/16", not "10.1.2.3/16").
  bool is_network() const;
  bool contains(const Prefix& other) const;    // false across families
  bool operator==(const Prefix& other) const;  // same family, bytes and length
};

// Dotted decimal without leading zeros, or RFC 4291 text, each with an optional "/length". Nothing otherwise.
std::optional<Prefix> parse_prefix(std::string_view text);
// RFC 5952 for IPv6; the length only where it was written.
std::string to_string(const Prefix& prefix);
// True when one of `ranges`, each a prefix in text, contains `prefix`. A range that does not parse is a bug.
bool is_in(const Prefix& prefix, std::span<const std::string_view> ranges);
// True when `prefix` is written exactly as one of `constants` (host or whole range).
bool is_one_of(const Prefix& prefix, std::span<const std::string_view> constants);

}  // namespace fanlight::coupling
