#include "scan.hpp"

#include <stdexcept>

#include "fanlight/coupling/layers.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "fanlight/detect/engine.hpp"

namespace fanlight::coupling {

namespace {

const detect::Engine& engine() {
  static const auto kEngine = [] {
    auto made = detect::Engine::make(detect::builtin_rules());
    if (!made) throw std::runtime_error(made.error().text);
    return *made;
  }();
  return *kEngine;
}

}  // namespace

std::vector<Found> scan(std::string_view path, std::string_view text, const Lexicon* lexicon) {
  return scan(path, layer_of(path).layer, text, lexicon);
}

std::vector<Found> scan(std::string_view path, Layer layer, std::string_view text, const Lexicon* lexicon) {
  static detect::Engine::Scratch scratch = engine().make_scratch();
  const FileView file{path, text, layer, lexicon};
  std::vector<Found> found;
  for (const detect::Match& match : engine().scan(text, path, {.secrets = false}, scratch)) {
    const detect::Rule& rule = engine().rules()[match.rule];
    if (auto judgement = judge(rule, match, file)) {
      found.push_back({std::string(rule.id), match.secret, std::move(*judgement)});
    }
  }
  for (LexiconHit& hit : find_lexicon_hosts(file)) {
    found.push_back({std::string(hit.rule),
                     std::string(text.substr(hit.span.begin, hit.span.end - hit.span.begin)),
                     std::move(hit.judgement)});
  }
  return found;
}

std::string summary(const std::vector<Found>& found) {
  std::string out;
  for (const Found& item : found) {
    if (!out.empty()) out += ' ';
    out += item.rule + ':' + std::string(to_string(item.judgement.severity));
  }
  return out;
}

}  // namespace fanlight::coupling
