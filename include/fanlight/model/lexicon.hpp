// The organisation's own names as people name them in conversation: what is proposed to them, and what they
// answered. The names of the policy file are in policy::LexiconNames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace fanlight {

inline constexpr std::size_t lexicon_terms_max = 500;  // said of names in one repository

// What a person said of a name.
struct LexiconTerm {
  std::string kind;       // key of the policy's lexicon: "domains"
  std::string text;       // lower case
  bool confirmed = true;  // false: it is nobody's own, and is not proposed again
  std::string by;         // login
};

// A name that a change brings and that looks like the organisation's own. In public its id is said instead of
// it: what a name means to its owner is not for everybody.
struct Proposal {
  std::string id;  // 16 hexadecimal digits, keyed
  std::string kind, text;
  std::string why;  // one phrase: "like the repository's owner"
  std::string path;
  std::uint32_t line = 1;
};

}  // namespace fanlight
