// Text to judgements, as the scanner does it: engine, built-in rules, layer, judge, and the lexicon's hosts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/judge.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight::coupling {

struct Found {
  std::string rule, text;  // text: what was matched
  Judgement judgement;
};

// In the order of their place. The layer is the path's unless `layer` says otherwise.
std::vector<Found> scan(std::string_view path, std::string_view text, const Lexicon* lexicon = nullptr);
std::vector<Found> scan(std::string_view path, Layer layer, std::string_view text,
                        const Lexicon* lexicon = nullptr);
// "rule:severity" of each, joined by spaces: what a table row expects.
std::string summary(const std::vector<Found>& found);

}  // namespace fanlight::coupling
