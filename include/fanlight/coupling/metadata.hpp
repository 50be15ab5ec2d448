// Private names outside of what files say: in commit messages, titles and branches (H02), and in the names of
// files and folders (H03). Nobody can parameterise those; they are reworded or renamed before publishing.
// Pure.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "fanlight/coupling/find.hpp"

namespace fanlight::coupling {

// In words that people write about code. `matches` is what the engine gave for `text`. Only what belongs to
// one owner and is not shown to everybody: hosts that resolve only inside, accounts, keys, private
// registries.
std::vector<Hit> find_in_words(std::span<const detect::Rule> rules, std::span<const detect::Match> matches,
                               std::string_view text, const Lexicon& lexicon);

// In the components of a path, each of which is one hit; only in shared code, where somebody else inherits
// the name. The same component has the same `normalised` in every path.
std::vector<Hit> find_in_path(std::string_view path, Layer layer, const Lexicon& lexicon);

}  // namespace fanlight::coupling
