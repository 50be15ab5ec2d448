#include "scan.hpp"

#include <stdexcept>

#include "fanlight/coupling/find.hpp"
#include "fanlight/coupling/layers.hpp"
#include "fanlight/coupling/syntax.hpp"
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
  return scan(path, Layers{}.of(path).layer, text, lexicon);
}

std::vector<Found> scan(std::string_view path, Layer layer, std::string_view text, const Lexicon* lexicon) {
  static detect::Engine::Scratch scratch = engine().make_scratch();
  LazySyntax syntax(path, text);
  const FileView file{path, text, layer, lexicon, &syntax};
  const auto matches = engine().scan(text, path, {.secrets = false}, scratch);
  std::vector<Found> found;
  for (Hit& hit : find_coupling(engine().rules(), matches, file)) {
    found.push_back({std::string(hit.rule->id), std::move(hit.text), std::move(hit.judgement)});
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
