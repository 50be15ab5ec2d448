// Chat-ops: the table of commands, how a comment is read, and what is answered. The table prints its own
// help. Pure: `decide` says what to change and what to answer; app does it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/clock.hpp"
#include "fanlight/model/lexicon.hpp"
#include "fanlight/model/record.hpp"
#include "fanlight/model/waiver.hpp"
#include "fanlight/policy/policy.hpp"

namespace fanlight::policy {

enum class CommandName : std::uint8_t {
  help,
  status,
  recheck,
  explain,
  allow,
  revoke,
  lexicon,
  readiness,
  unknown
};

struct CommandSpec {
  CommandName name = CommandName::unknown;
  std::string_view word;     // "allow"
  std::string_view usage;    // "allow <finding> --reason \"…\" [--expires 2027-01-31]"
  std::string_view about;    // one sentence
  bool needs_write = false;  // only for people who can write to the repository
};
std::span<const CommandSpec> commands();

struct Command {
  CommandName name = CommandName::unknown;
  std::string word;                    // as typed
  std::vector<std::string> arguments;  // shell-like words; quotes removed
  std::string problem;                 // "open quote": the line could not be read
};

inline constexpr std::size_t commands_per_comment_max = 5;

// The commands of a comment: lines that start with "/fanlight", outside code blocks (fenced or indented),
// quotes and HTML comments. In order.
std::vector<Command> parse_commands(std::string_view comment);

// What can be told of a name by itself, with the list of public suffixes.
enum class NameKind : std::uint8_t { unknown, domain, provider };

struct CommandContext {
  std::string actor;
  bool may_write = false;        // looked up at the host
  std::string author;            // of the change: cannot accept an own inline allow
  std::optional<Record> latest;  // the newest record of the change
  std::vector<Waiver> waivers;   // of the repository
  std::vector<std::string_view> known_rules;
  TimePoint now{};
  bool public_repository = true;   // then a name is not repeated: what it means is not for everybody
  LexiconNames lexicon;            // of the policy
  std::vector<LexiconTerm> terms;  // what was said of names in this repository's comments
  NameKind (*kind_of_name)(std::string_view) = nullptr;  // null: nothing is known of any
};

struct Decision {
  std::string reply;  // Markdown without a marker; empty: an acknowledgement is enough
  std::optional<Waiver> add;
  std::optional<std::string> drop;  // fingerprint of a waiver
  std::optional<LexiconTerm> term;  // said of a name
  // Of this module (empty: of all) the readiness is wanted; whoever can read the repository answers.
  std::optional<std::string> readiness;
  bool recheck = false;
};

Decision decide(const Command& command, const CommandContext& context);
// The answers of all commands of one comment as one reply body.
std::string help_markdown();

}  // namespace fanlight::policy
