// The table of commands, and the reading of a comment. The table is the only place that knows a command's
// word.
#include "fanlight/policy/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "comment_lines.hpp"
#include "escape.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::policy {

namespace {

constexpr std::string_view call = "/fanlight";
constexpr std::size_t line_bytes_max = 2'000;
constexpr std::size_t arguments_max = 200;

constexpr std::array<CommandSpec, 8> table{{
    {CommandName::help, "help", "help", "Shows what I can do.", false},
    {CommandName::status, "status", "status", "Says how this change stands.", false},
    {CommandName::recheck, "recheck", "recheck", "Looks at this change again.", false},
    {CommandName::explain, "explain", "explain <finding>",
     "Says more about a finding: why it matters, what to do.", false},
    {CommandName::allow, "allow", "allow <finding> --reason \"…\" [--expires 2027-01-31]",
     "Accepts a finding, for a reason that the next person can read.", true},
    {CommandName::revoke, "revoke", "revoke <finding>", "Takes an acceptance back.", true},
    {CommandName::lexicon, "lexicon", "lexicon confirm <name> [--kind names]",
     "Says that a name is your own; `reject` says that it is not; alone, it lists what was said.", true},
    {CommandName::readiness, "readiness", "readiness [module]",
     "Says what stands between the modules at this head and their release.", true},
}};

// What phones and word processors make of quotes and of two hyphens.
std::string plain_punctuation(std::string_view text) {
  struct Pair {
    std::string_view from, to;
  };
  static constexpr std::array<Pair, 5> pairs{
      {{"\u201C", "\""}, {"\u201D", "\""}, {"\u201E", "\""}, {" \u2014", " --"}, {" \u2013", " --"}}};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto found = std::find_if(pairs.begin(), pairs.end(),
                                    [&](const Pair& pair) { return text.substr(i).starts_with(pair.from); });
    out += found == pairs.end() ? text.substr(i, 1) : found->to;
    i += found == pairs.end() ? 1 : found->from.size();
  }
  return out;
}

Command parse_line(std::string_view rest) {
  Command command;
  std::vector<std::string> words;
  if (!is_utf8(rest)) {
    command.problem = "it is not UTF-8 text";
  } else if (rest.size() > line_bytes_max) {
    command.problem = "it is too long";
  } else if (!split_words(plain_punctuation(rest), words)) {
    command.problem = "a quote is open";
    // The command itself is known all the same.
    const std::string_view first = trim(rest).substr(0, trim(rest).find(' '));
    words = {std::string(first)};
  } else if (words.size() > arguments_max) {
    command.problem = "it has too many words";
    words.resize(1);
  }
  if (words.empty()) {
    command.name = command.problem.empty() ? CommandName::help : CommandName::unknown;
    command.word = command.problem.empty() ? "help" : "";
    return command;
  }
  command.word = words.front();
  command.arguments.assign(words.begin() + 1, words.end());
  for (const CommandSpec& spec : table) {
    if (iequals(spec.word, command.word)) command.name = spec.name;
  }
  return command;
}

}  // namespace

std::span<const CommandSpec> commands() {
  return table;
}

std::vector<Command> parse_commands(std::string_view comment) {
  std::vector<Command> out;
  for (const std::string& line : plain_lines(comment)) {
    if (out.size() == commands_per_comment_max) break;
    const std::string_view text = line;
    if (!iequals(text.substr(0, call.size()), call)) continue;
    const std::string_view rest = text.substr(call.size());
    if (!rest.empty() && rest.front() != ' ') continue;
    out.push_back(parse_line(rest));
  }
  return out;
}

std::string help_markdown() {
  std::string out = "**What I can do.** Write one of these at the start of a line:\n\n| | |\n|---|---|\n";
  for (const CommandSpec& spec : table) {
    out += fmt::format("| `{} {}` | {}{} |\n", call, spec.usage, spec.about,
                       spec.needs_write ? " Needs write permission." : "");
  }
  return out + "\nA finding is named by the first 8 digits of its fingerprint, as in my comments.";
}

}  // namespace fanlight::policy
