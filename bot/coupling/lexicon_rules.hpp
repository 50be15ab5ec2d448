// The rules over the lexicon: they have no pattern, for what they look for is the owner's.
#pragma once

#include <cstdint>

#include "fanlight/detect/rule.hpp"

namespace fanlight::coupling {

// In the order of lexicon_rules().
enum class LexiconRule : std::uint32_t { host, email, internal_host, site, environment, sealed };

const detect::Rule& rule_of(LexiconRule rule);

}  // namespace fanlight::coupling
