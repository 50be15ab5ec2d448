#include "fanlight/core/random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "fanlight/core/hash.hpp"

namespace fanlight {

std::uint64_t Random::next() {
  std::uint64_t value = 0;
  fill({reinterpret_cast<std::uint8_t*>(&value), sizeof value});
  return value;
}

std::uint64_t Random::below(std::uint64_t bound) {
  // Rejection keeps it uniform: values under 2^64 mod bound would come once too often.
  const std::uint64_t excess = (0 - bound) % bound;
  std::uint64_t value = next();
  while (value < excess) value = next();
  return value % bound;
}

std::string Random::hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  fill({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
  return to_hex(raw);
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw std::runtime_error("getrandom failed: no random numbers, so no keys and no ids");
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size(); i += sizeof(std::uint64_t)) {
    const std::uint64_t value = engine_();
    std::memcpy(out.data() + i, &value, std::min(sizeof value, out.size() - i));
  }
}

}  // namespace fanlight
