// The only source of randomness. Tests pass SeededRandom and print the seed.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>

namespace fanlight {

struct Random {
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  std::uint64_t next();                      // uniform over 64 bits
  std::uint64_t below(std::uint64_t bound);  // uniform over [0, bound), bound > 0
  std::string hex(std::size_t bytes);        // 2 * bytes lower-case hex digits
};

// getrandom(2). Any thread.
struct SystemRandom final : Random {
  void fill(std::span<std::uint8_t> out) override;
};

// Repeatable, not for keys. One thread.
struct SeededRandom final : Random {
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::mt19937_64 engine_;
};

}  // namespace fanlight
