// Fingerprints as people write them: a prefix of a finding's 16 hexadecimal digits, at least 8 of them.
#pragma once

#include <string_view>

namespace fanlight::policy {

bool is_hex(std::string_view text);
// 8 to 16 lower-case hexadecimal digits.
bool is_fingerprint(std::string_view text);
// `prefix` is a fingerprint and `fingerprint` starts with it.
bool fits(std::string_view prefix, std::string_view fingerprint);
// The first 8 digits, as it is shown.
std::string_view short_fingerprint(std::string_view fingerprint);

}  // namespace fanlight::policy
