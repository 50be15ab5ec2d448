// One reason to accept findings by what they are or where they stand, instead of one by one. From `allow:` of
// the policy and from files of other tools; detect/allow_list.hpp holds findings against it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fanlight {

// Each kind of condition that is given must hold, by any one of its list. An entry without conditions accepts
// nothing.
struct AllowEntry {
  std::string file = {};    // ".gitleaksignore"
  std::uint32_t line = 0;   // where the entry stands; 0 when that is not known
  std::string reason = {};  // why, in the words of the file; may be empty
  // Ids of fanlight's rules, or of gitleaks'. Those of gitleaks fit every rule of the same service, and
  // "generic-…" any.
  std::vector<std::string> rules = {};
  bool rules_are_ours = false;
  std::vector<std::string> path_globs = {}, path_patterns = {};
  std::vector<std::string> secret_patterns = {}, match_patterns = {}, line_patterns = {};
  std::vector<std::string> words = {};    // in the secret, any case
  std::vector<std::string> commits = {};  // whole ids
  // One place, as `.gitleaksignore` and `.secrets.baseline` name it.
  std::string path = {};
  std::uint32_t at_line = 0;
  std::string secret_sha1 = {};  // 40 hexadecimal digits
};

}  // namespace fanlight
