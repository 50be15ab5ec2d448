// The engine: one Vectorscan pass over the bytes finds where anchors stand; RE2 confirms and captures in the
// rule's own window around each. What is not near an anchor is never looked at twice. Also tries the decoders
// (decode.hpp) on runs that look encoded, nested to `depth_max`, and maps each match to the text a person
// wrote.
//
// Pure: no I/O, no clock. An Engine is immutable and shared; a Scratch belongs to one thread.
// tests/support/naive_engine.hpp is the oracle: every rule, RE2 only. Both must agree on everything.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/result.hpp"
#include "fanlight/detect/rule.hpp"

namespace fanlight::detect {

// Byte offsets into the scanned text, half open.
struct Span {
  std::size_t begin = 0, end = 0;
  bool operator==(const Span&) const = default;
};

struct Match {
  std::uint32_t rule = 0;  // index into Engine::rules()
  Span span;               // of the secret, or of the encoded run that holds it
  Span whole;              // of the whole pattern, for context (key and value)
  std::string
      secret;  // the matched text, decoded; normalised for the fingerprint by the caller. Never logged
  Structure structure = Structure::unknown;
  std::string
      detail;  // what the structure check learnt, safe to show: "account 123456789012", "expired 2024-05-01"
  std::uint8_t depth = 0;  // how many decoders it took; 0: plain text
};

struct ScanOptions {
  bool secrets = true, coupling = true;
  unsigned depth_max = 5;
  std::size_t decoded_bytes_max = 4 * 1024 * 1024;  // per scanned text, all decoders together
  std::size_t matches_max = 100'000;                // scanning a text stops here
};

class Engine {
 public:
  // Compiles the anchors unless the rule set carries a database for this processor.
  static Result<std::shared_ptr<const Engine>> make(const RuleSet& rules);
  ~Engine();

  class Scratch {
   public:
    Scratch(Scratch&&) noexcept;
    Scratch& operator=(Scratch&&) noexcept;
    ~Scratch();
    // True when the last scan met decoded_bytes_max or matches_max: there may be more.
    bool incomplete() const;

   private:
    friend class Engine;
    struct State;
    explicit Scratch(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
  };
  Scratch make_scratch() const;

  // Matches in the order of span, then rule. Where secrets overlap the most specific stays: valid structure,
  // then a rule without `placeholders`, then the longer secret, then the order in the rule set; coupling
  // stays as it is, for coupling::find_coupling to judge. A secret that stands in the text and in what
  // decodes from it is told once. `path` selects rules by their globs.
  std::vector<Match> scan(std::string_view text, std::string_view path, const ScanOptions& options,
                          Scratch& scratch) const;

  std::span<const Rule> rules() const;
  // True when a prebuilt database was used.
  bool prebuilt() const;

 private:
  struct State;
  explicit Engine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fanlight::detect
