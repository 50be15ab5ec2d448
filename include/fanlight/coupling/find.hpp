// All coupling in one text: the engine's matches and what the lexicon knows, each judged, then one finding
// for one text. Overlaps are decided here and not in the engine, because a match says nothing until its check
// has. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fanlight/coupling/judge.hpp"
#include "fanlight/coupling/seal.hpp"
#include "fanlight/detect/engine.hpp"
#include "fanlight/detect/rule.hpp"

namespace fanlight::coupling {

struct Hit {
  const detect::Rule* rule = nullptr;  // of `rules`, or static
  detect::Span span;
  std::string text;  // what was found, decoded
  Judgement judgement;
};

// `matches` is what Engine::scan gave for `file.text`; those of secrets are left out, and so is coupling that
// overlaps a secret, which is worse. Where two hits overlap the longer stays, then the graver, then the
// earlier rule. `more` is what other readers of the file found (dependencies.hpp). In the order of their
// spans.
std::vector<Hit> find_coupling(std::span<const detect::Rule> rules, std::span<const detect::Match> matches,
                               const FileView& file, std::vector<Hit> more = {});

// Private names, in whatever text: they are nowhere right. No word of a hit repeats the name, but `text` and
// `normalised`, which is for the keyed fingerprint.
std::vector<Hit> find_sealed_names(std::string_view text, Layer layer, const SealedTerms& terms);

}  // namespace fanlight::coupling
