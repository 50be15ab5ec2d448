// Digests and encodings, over OpenSSL and zlib-compatible tables. Pure, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanlight {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view data);
Sha256 hmac_sha256(std::string_view key, std::string_view data);

// CRC-32 as in zlib (polynomial 0xEDB88320, initial and final complement).
std::uint32_t crc32(std::string_view data);

std::string to_hex(std::string_view bytes);
std::string to_hex(const Sha256& digest);
// Upper- and lower-case digits; nothing when the length is odd or a character is not a digit.
std::optional<std::string> from_hex(std::string_view text);

std::string to_base64(std::string_view bytes);     // RFC 4648 section 4, with padding
std::string to_base64url(std::string_view bytes);  // RFC 4648 section 5, without padding
// Either alphabet, padding optional, no white space. Nothing when `text` is not base64.
std::optional<std::string> from_base64(std::string_view text);

// Compares in time that depends on the lengths alone.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace fanlight
