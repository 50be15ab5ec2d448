// What files of a repository say to leave alone: `.gitleaksignore`, the allow-lists of `.gitleaks.toml`,
// `.secrets.baseline` of detect-secrets, and `allow:` of the policy. Read into one table of entries, which a
// finding is held against while its text is still known. Pure; all patterns are RE2 and bounded, because a
// repository is anybody's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/result.hpp"
#include "fanlight/model/allow_entry.hpp"

namespace fanlight::detect {

inline constexpr std::size_t kAllowEntriesMax = 50'000;
inline constexpr std::size_t kAllowPatternsMax = 500;

inline constexpr std::string_view kGitleaksIgnorePath = ".gitleaksignore";
inline constexpr std::string_view kGitleaksConfigPath = ".gitleaks.toml";
inline constexpr std::string_view kSecretsBaselinePath = ".secrets.baseline";

// A finding with the text that it was found in.
struct AllowQuery {
  std::string_view path = {}, rule = {}, service = {};
  std::string_view secret = {}, match = {}, line_text = {};
  std::uint32_t line = 0;
  // True when the line is as it was when the entries were written: an entry that names a line alone says
  // nothing about a line that a change brings.
  bool line_stands = false;
};

class AllowList {
 public:
  AllowList();
  // What cannot be used accepts nothing, and is a line of `problems`: ".gitleaks.toml:12: pattern: missing
  // )".
  static std::shared_ptr<const AllowList> make(std::vector<AllowEntry> entries,
                                               std::vector<std::string>& problems);
  ~AllowList();

  // Index of the first entry that accepts it. `commits` of the entry are for the caller to compare.
  std::optional<std::size_t> find(const AllowQuery& query) const;
  std::span<const AllowEntry> entries() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What detect-secrets keeps of a secret: 40 hexadecimal digits.
std::string sha1_hex(std::string_view text);

// What could be read, and one line for each part that could not: "…:7: ….".
struct AllowRead {
  std::vector<AllowEntry> entries;
  std::vector<std::string> problems;
};

AllowRead read_gitleaks_ignore(std::string_view text, const std::string& file);
AllowRead read_gitleaks_allowlists(std::string_view toml, const std::string& file);
AllowRead read_secrets_baseline(std::string_view json, const std::string& file);

}  // namespace fanlight::detect
