// Adds names to the lexicon of a policy file as a person would: everything else stays as it is, comments and
// order included. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fanlight/core/result.hpp"

namespace fanlight::policy {

struct LexiconEntry {
  std::string key;   // of the policy: "domains"
  std::string text;  // lower case
};

// The new text of the file; an empty `text` becomes a new policy. What it holds already is not added again.
// The result is read back: `conflict` when it does not say what it should (a lexicon in a form that this does
// not edit), with the lines to write by hand; `bad_input` when `text` is no policy.
Result<std::string> add_to_lexicon(std::string_view text, std::span<const LexiconEntry> entries);

}  // namespace fanlight::policy
