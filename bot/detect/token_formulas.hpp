// The arithmetic behind tokens that carry their own check value. structure_*.cpp verifies with it,
// examples.cpp makes up tokens with it. Each formula is public: the vendor's page, or facts gathered on
// published example tokens.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fanlight::detect {

inline constexpr std::string_view kDigits = "0123456789";
inline constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kBase36 = "0123456789abcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// `value` in the positional system of `alphabet`, padded on the left to `width` with the alphabet's zero.
std::string to_positional(std::uint64_t value, std::string_view alphabet, std::size_t width);

// Eight hex digits of a 32-bit value, most or least significant byte first.
std::string hex_big_endian(std::uint32_t value, bool upper = false);
std::string hex_little_endian(std::uint32_t value);

// RFC 4648 section 6 without padding. Decoding takes upper case only and drops the bits that fill no byte.
std::string to_base32(std::string_view bytes);
std::optional<std::string> from_base32(std::string_view text);

// base62(CRC-32(body)), six characters: GitHub, npm, Vercel.
std::string crc32_base62(std::string_view body);
// base64 of the little-endian CRC-32, cut to six characters: Confluent.
std::string crc32_base64(std::string_view body);

// Marvin32 as .NET uses it, folded to 32 bits. Azure seeds are eight ASCII characters ("Default0"), read as a
// big-endian number: microsoft/security-utilities, IdentifiableMetadata.
std::uint32_t marvin32(std::string_view data, std::uint64_t seed);
std::uint64_t marvin_seed(std::string_view eight_characters);

// The six check characters of Bech32 (BIP 173) over the human-readable part and 5-bit groups.
std::array<std::uint8_t, 6> bech32_checksum(std::string_view readable,
                                            const std::vector<std::uint8_t>& groups);
inline constexpr std::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

}  // namespace fanlight::detect
