// The organisation's own words where a nearer rule than org-domain-host knows better, and its names in
// identifiers. Used only inside this box, by find_coupling.
#pragma once

#include <span>
#include <vector>

#include "fanlight/coupling/lexicon.hpp"

namespace fanlight::coupling {

// The rule that says more about a host of the organisation's own: an issuer, a mail relay, a runbook, a
// label. The severity of `hit` follows. Hosts in comments and descriptions stay what they are.
void name_nearer_rule(const FileView& file, LexiconHit& hit);

// Lexicon names in identifiers, identities and page templates of shared code, in the order of their spans.
std::vector<LexiconHit> find_names(const FileView& file);

// The lexicon's domains as names of a directory (dc=corp,dc=example), in the order of their spans.
std::vector<LexiconHit> find_directories(const FileView& file);

}  // namespace fanlight::coupling
