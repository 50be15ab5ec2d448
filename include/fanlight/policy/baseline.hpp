// A baseline: findings that were there when a repository began to be looked at. They stay listed, decide
// nothing, and their list can only shrink. One line each, so that two branches merge; no line numbers, so
// that nothing moves when code does; fingerprints are keyed, so that nobody learns from them. Pure.
//
//     # fanlight baseline 1, key 5f2a9c01
//     3f9a1c0d5b7e2a84 github-token modules/vpc/main.tf
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/result.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight::policy {

inline constexpr std::string_view baseline_path = ".fanlight-baseline";
inline constexpr std::size_t baseline_bytes_max = 16 * 1024 * 1024;

// Rule and path are for people; the fingerprint alone counts.
struct BaselineEntry {
  std::string fingerprint, rule, path;
  auto operator<=>(const BaselineEntry&) const = default;
};

struct Baseline {
  std::string file;    // as it is named in errors
  std::string key_id;  // of the key that its fingerprints were made with
  std::set<BaselineEntry> entries;
};

// Tells keys apart and says nothing about them: 8 hexadecimal digits.
std::string fingerprint_key_id(const Secret& key);

// bad_input: "file:3: no fingerprint: …". Order and repeats do not matter: a merge may leave both.
Result<Baseline> read_baseline(std::string_view text, const std::string& file);
// Sorted, each entry once.
std::string write_baseline(const Baseline& baseline);
// Why its fingerprints cannot be compared with those of `key_id`; empty when they can.
std::string fault_of_key(const Baseline& baseline, std::string_view key_id);

// The findings that it knows become `existing`. The entries that none of them has.
std::vector<BaselineEntry> apply_baseline(const Baseline& baseline, std::vector<Finding>& findings);

}  // namespace fanlight::policy
