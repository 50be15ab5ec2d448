// The words of every enumeration, as they stand in JSON, YAML, pages and logs: one table each, read both
// ways.
#include <array>
#include <utility>

#include "fanlight/model/action.hpp"
#include "fanlight/model/event.hpp"
#include "fanlight/model/finding.hpp"
#include "fanlight/model/verdict.hpp"

namespace fanlight {

namespace {

using namespace std::string_view_literals;

// In the order of each enum.
constexpr std::array finding_kinds{"secret"sv, "coupling"sv};
constexpr std::array severities{"off"sv, "note"sv, "warn"sv, "block"sv};
constexpr std::array layers{"shared"sv, "instance"sv, "env-data"sv, "doc-test"sv};
constexpr std::array structures{"unknown"sv, "valid"sv, "invalid"sv};
constexpr std::array change_kinds{"introduced"sv, "regressed"sv, "moved"sv, "removed"sv, "existing"sv};
constexpr std::array places{"file"sv, "path"sv, "commit-message"sv, "title"sv, "body"sv, "branch"sv};
constexpr std::array verdicts{"pass"sv, "fail"sv, "incomplete"sv};
constexpr std::array event_types{"ignored"sv, "ping"sv, "change_updated"sv, "change_closed"sv, "command"sv};
constexpr std::array actions{"review"sv, "summary"sv, "status"sv, "reply"sv, "acknowledge"sv};

template <class E, std::size_t N>
bool parse_word(const std::array<std::string_view, N>& words, std::string_view text, E& out) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == text) {
      out = static_cast<E>(i);
      return true;
    }
  }
  return false;
}

}  // namespace

std::string_view to_string(FindingKind value) {
  return finding_kinds[static_cast<std::size_t>(value)];
}
std::string_view to_string(Severity value) {
  return severities[static_cast<std::size_t>(value)];
}
std::string_view to_string(Layer value) {
  return layers[static_cast<std::size_t>(value)];
}
std::string_view to_string(Structure value) {
  return structures[static_cast<std::size_t>(value)];
}
std::string_view to_string(ChangeKind value) {
  return change_kinds[static_cast<std::size_t>(value)];
}
std::string_view to_string(Place value) {
  return places[static_cast<std::size_t>(value)];
}
std::string_view to_string(Verdict value) {
  return verdicts[static_cast<std::size_t>(value)];
}
std::string_view to_string(EventType value) {
  return event_types[static_cast<std::size_t>(value)];
}

bool parse(std::string_view text, FindingKind& out) {
  return parse_word(finding_kinds, text, out);
}
bool parse(std::string_view text, Severity& out) {
  return parse_word(severities, text, out);
}
bool parse(std::string_view text, Layer& out) {
  return parse_word(layers, text, out);
}
bool parse(std::string_view text, Structure& out) {
  return parse_word(structures, text, out);
}
bool parse(std::string_view text, ChangeKind& out) {
  return parse_word(change_kinds, text, out);
}
bool parse(std::string_view text, Place& out) {
  return parse_word(places, text, out);
}
bool parse(std::string_view text, Verdict& out) {
  return parse_word(verdicts, text, out);
}

std::string_view action_name(const Action& action) {
  return actions[action.index()];
}

}  // namespace fanlight
