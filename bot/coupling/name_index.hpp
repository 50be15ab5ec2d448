// Finds names in a text by hashes alone: whole words or several joined, whatever their case and the marks
// between them ("AcmeVerify", "ACME-VERIFY", "acme_verify" are one name). Pure, no allocation while it finds
// nothing.
//
// A text is read once. Where a word begins, a hash of its first three letters asks a bitmap whether any name
// begins so; one word in some thousands goes on and is compared with the names' hashes at each word end; what
// agrees in 64 bits is confirmed by the caller. So the price of a list is that of finding where words begin,
// however long it is.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/detect/engine.hpp"

namespace fanlight::coupling {

inline constexpr std::size_t name_bytes_min = 3, name_bytes_max = 64;  // normalised

// Lower-case letters and digits, in order; bytes outside ASCII stay.
std::string normalise_name(std::string_view name);
// Of a normalised name of at least name_bytes_min bytes.
std::uint64_t name_hash(std::string_view normalised);

class NameIndex {
 public:
  void add(std::uint64_t hash);  // any order; finish() before find()
  void finish();
  bool empty() const { return hashes_.empty(); }
  // The longest name at each word, none overlapping. `confirm` is asked about what agrees with a hash.
  std::vector<detect::Span> find(std::string_view text,
                                 const std::function<bool(std::string_view normalised)>& confirm) const;

 private:
  std::size_t match_at(std::string_view text, std::size_t begin,
                       const std::function<bool(std::string_view)>& confirm) const;

  std::vector<std::uint64_t> hashes_;  // sorted
  std::bitset<1 << 16> heads_;
};

}  // namespace fanlight::coupling
