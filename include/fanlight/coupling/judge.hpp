// Turns an engine match of a coupling rule into a judgement, or into nothing: addresses are parsed as
// addresses, ARNs as ARNs; documentation ranges, public constants and the traps of the taxonomy are no
// findings; severity depends on the layer and on where in the file the literal stands. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/position.hpp"
#include "fanlight/detect/engine.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight::coupling {

// The organisation's own names, confirmed by the owner. Lower case all of them.
struct Lexicon {
  std::vector<std::string> domains;         // registrable domains: "corp.example"
  std::vector<std::string> sites{};         // labels of places in host names: "iad2"
  std::vector<std::string> environments{};  // "prod", "blue"; the usual ones need not be said
  std::vector<std::string> names{};   // of the organisation and its products, and their prefixes: "acme"
  std::vector<std::string> people{};  // user names: "annak"
  std::vector<std::string> sealed{};  // private names as `fanlight seal` prints them
};

class LazySyntax;

struct FileView {
  std::string_view path;
  std::string_view text;  // the text that was scanned; match spans point into it
  Layer layer = Layer::shared;
  const Lexicon* lexicon = nullptr;
  LazySyntax* syntax =
      nullptr;  // one parse for all questions about the file; without it each question parses
};

// Where a span stands: from the file's syntax (syntax.hpp), and from the lines around it where that does not
// know.
Position position_of(const FileView& file, detect::Span span);

struct Judgement {
  Severity severity = Severity::block;
  std::string normalised;  // of the literal, for the fingerprint: lower case, canonical address …
  std::string title, message, remedy;
  std::optional<std::string> suggestion;  // the literal's line with a parameter in its place
  std::string parameter;                  // its name, where there is a suggestion
  Role role = Role::unknown;
  std::string key;  // the nearest key, as it is written
};

std::optional<Judgement> judge(const detect::Rule& rule, const detect::Match& match, const FileView& file);

// Names of the checks that coupling rules may use, for fanlight-rulec and `rules list`.
std::span<const std::string_view> check_names();

}  // namespace fanlight::coupling
