// What the answers to commands have in common.
#pragma once

#include <string>
#include <string_view>

#include "fanlight/policy/commands.hpp"

namespace fanlight::policy {

// A word that a person typed, shown back.
std::string typed(std::string_view word);
// "`/fanlight revoke <finding>`"
std::string usage(CommandName name);
// An answer that changes nothing.
Decision say(std::string reply);

// decide_lexicon.cpp
Decision decide_lexicon(const Command& command, const CommandContext& context);

}  // namespace fanlight::policy
