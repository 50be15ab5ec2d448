// Private names as keyed hashes. The list of a unit's or project's private names is itself a leak, so a
// policy holds them sealed; whoever has the bot's key can tell that a text holds one, and nobody can read the
// list. Case, "-", "_", "." and camelCase do not matter: AcmeVerify, ACME-VERIFY and acme_verify are one
// name.
//
// An entry is "hmac:" and 56 hexadecimal digits of
//   key id (2 bytes)  tells a list that was made with another key from one that is damaged
//   check (2 bytes)   of the rest
//   hint (8 bytes)    a cheap hash of the name, encrypted; finds candidates at the speed of reading
//   hash (16 bytes)   HMAC-SHA256 of the name, cut; decides
// Pure; a SealedTerms is immutable and may be shared by threads.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/result.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/detect/engine.hpp"

namespace fanlight::coupling {

class NameIndex;

// `bad_input` when the term has fewer than 3 or more than 64 letters and digits. The error does not repeat
// it.
Result<std::string> seal_term(std::string_view term, const Secret& key);

// The span is part of what has the form of an entry; whether it can be opened is another question.
bool is_in_sealed_entry(std::string_view text, detect::Span span);

class SealedTerms {
 public:
  SealedTerms() = default;
  // `bad_input` when any entry is no entry, is damaged, or was made with another key: a list that cannot be
  // read must not look like an empty one.
  static Result<SealedTerms> open(std::span<const std::string> entries, const Secret& key);

  bool empty() const { return terms_.empty(); }
  // Where a sealed name stands: whole words of `text` or several joined, the longest, none overlapping. One
  // pass; time does not depend on how many names there are.
  std::vector<detect::Span> find(std::string_view text) const;

 private:
  struct Term {
    std::uint64_t hint;
    std::array<char, 16> hash;
  };
  bool is_sealed(std::string_view normalised) const;

  std::vector<Term> terms_;  // sorted by hint
  std::shared_ptr<const NameIndex> index_;
  Secret key_;  // of the hashes
};

}  // namespace fanlight::coupling
