#include "fingerprint.hpp"

#include <algorithm>

#include "fanlight/policy/policy.hpp"

namespace fanlight::policy {

namespace {
constexpr std::size_t fingerprint_digits = 16;
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_fingerprint(std::string_view text) {
  return text.size() >= fingerprint_digits_min && text.size() <= fingerprint_digits && is_hex(text);
}

bool fits(std::string_view prefix, std::string_view fingerprint) {
  return is_fingerprint(prefix) && fingerprint.starts_with(prefix);
}

std::string_view short_fingerprint(std::string_view fingerprint) {
  return fingerprint.substr(0, fingerprint_digits_min);
}

}  // namespace fanlight::policy
