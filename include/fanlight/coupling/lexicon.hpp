// The organisation's own names in a text. They are not known when the engine is built, so its anchors cannot
// hold them: each domain of the lexicon is searched for directly, and what is found is judged like the
// engine's matches. Called by find_coupling. Pure; linear in the text for each domain.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "fanlight/coupling/judge.hpp"
#include "fanlight/detect/engine.hpp"
#include "fanlight/detect/rule.hpp"

namespace fanlight::coupling {

struct LexiconHit {
  const detect::Rule* rule = nullptr;  // static
  detect::Span span;
  Judgement judgement;
};

// Hosts and e-mail addresses of people under the lexicon's domains, in the order of their spans. Nothing
// without a lexicon.
std::vector<LexiconHit> find_lexicon_hosts(const FileView& file);

// Sites and environments of the lexicon as parts of names, in the order of their spans. The usual
// environments need no lexicon, but `file.lexicon` must be there.
std::vector<LexiconHit> find_lexicon_tokens(const FileView& file);

// What such a finding points at must be blacked out wherever it would be shown.
bool is_sealed_rule(std::string_view rule);

// The rules behind them, for `rules list` and `rules show`: org-domain-host, and personal-email for the
// organisation's own domains (the built-in rule of that name knows free mail).
std::span<const detect::Rule> lexicon_rules();
// The rules for the organisation's own words in particular places: identifiers, labels, look-ups, links.
std::span<const detect::Rule> vocabulary_rules();
// The ids that no built-in rule has.
std::span<const std::string_view> lexicon_rule_ids();

}  // namespace fanlight::coupling
