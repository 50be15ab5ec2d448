// What is answered to a command, and what it changes. One function per command; decide() picks.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "decide_parts.hpp"
#include "escape.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/commands.hpp"
#include "fanlight/policy/policy.hpp"
#include "fanlight/policy/render.hpp"
#include "fanlight/policy/yaml.hpp"
#include "fingerprint.hpp"
#include "inline_request.hpp"
#include "words.hpp"

namespace fanlight::policy {

namespace {

constexpr std::size_t listed_max = 5;
constexpr std::string_view example = "3f9a1c0d";

const CommandSpec* spec_of(CommandName name) {
  const auto table = commands();
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const CommandSpec& s) { return s.name == name; });
  return found == table.end() ? nullptr : &*found;
}

Change change_of(const Record& record) {
  Change change;
  change.ref = record.change;
  change.title = record.title;
  change.author = record.author;
  change.base_sha = record.base_sha;
  change.head_sha = record.head_sha;
  change.web_url = record.web_url;
  return change;
}

// The findings of the latest review, accepted ones included, one per fingerprint.
std::map<std::string, const Finding*> findings_of(const CommandContext& context) {
  std::map<std::string, const Finding*> out;
  if (!context.latest) return out;
  for (const Finding& finding : context.latest->review.findings)
    out.try_emplace(finding.fingerprint, &finding);
  for (const Waived& waived : context.latest->review.waived) {
    out.try_emplace(waived.finding.fingerprint, &waived.finding);
  }
  return out;
}

std::string list_open(const CommandContext& context) {
  std::string out;
  std::size_t listed = 0, left = 0;
  for (const Finding& finding : context.latest->review.findings) {
    if (!is_new(finding)) continue;
    if (listed == listed_max) {
      ++left;
      continue;
    }
    ++listed;
    out += fmt::format("\n- `{}`: {} in {}", short_fingerprint(finding.fingerprint),
                       escape_markdown(shorten(finding.title, 120)), where(finding));
  }
  if (left > 0) out += fmt::format("\n- and {} more", left);
  return out.empty() ? " Nothing is open here." : "\n\nOpen here:" + out;
}

// Either the one finding that a person means, or what to answer.
struct Meant {
  const Finding* finding = nullptr;
  std::string answer;
};

Meant find_meant(const std::string& word, CommandName command, const CommandContext& context) {
  if (word.empty()) {
    std::string answer = fmt::format("**Say which finding:** {}.", usage(command));
    return {nullptr, context.latest ? answer + list_open(context) : answer};
  }
  const std::string prefix = to_lower(word);
  if (is_hex(prefix) && prefix.size() < fingerprint_digits_min) {
    return {nullptr,
            fmt::format("**{} is too short to be sure which finding you mean.** Give at least its first {} "
                        "digits, as in `/fanlight {} {}`.",
                        typed(word), fingerprint_digits_min, spec_of(command)->word, example)};
  }
  if (!context.latest) {
    return {nullptr, "**I have not looked at this change yet.** `/fanlight recheck` makes me."};
  }
  std::vector<const Finding*> found;
  for (const auto& [fingerprint, finding] : findings_of(context)) {
    if (fits(prefix, fingerprint)) found.push_back(finding);
  }
  if (found.size() == 1) return {found[0], {}};
  if (found.empty()) {
    return {nullptr,
            fmt::format("**My latest review has no finding {}.**{}", typed(word), list_open(context))};
  }
  std::string list;
  for (const Finding* finding : found) {
    list += fmt::format("\n- `{}` in {}", finding->fingerprint, where(*finding));
  }
  return {nullptr, fmt::format("**{} fits {} findings.** Give more digits:\n{}", typed(word),
                               number(found.size()), list)};
}

// `allow` and `revoke` as options: the finding, and the values of --name.
struct Options {
  std::string finding;
  std::map<std::string, std::string> values;
  std::string problem;
};

// The words after an option up to the next one are its value: people forget the quotes around a reason.
Options read_options(const Command& command, std::span<const std::string_view> known) {
  Options out;
  std::string* value = nullptr;
  for (const std::string& argument : command.arguments) {
    if (argument.starts_with("--")) {
      const std::size_t equals = argument.find('=');
      const std::string name =
          to_lower(std::string_view(argument).substr(2, equals == std::string::npos ? equals : equals - 2));
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        const std::string_view near = nearest(name, known);
        out.problem = fmt::format("**I don't know {}.** ", typed(argument));
        out.problem += near.empty() ? "" : fmt::format("Did you mean `--{}`? ", near);
        out.problem += fmt::format("The whole command is {}.", usage(command.name));
        return out;
      }
      value = &out.values[name];
      *value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    } else if (value != nullptr) {
      *value += (value->empty() ? "" : " ") + argument;
    } else if (out.finding.empty()) {
      out.finding = argument;
    } else {
      out.problem = fmt::format("**I don't know what to do with {}.** The whole command is {}.",
                                typed(argument), usage(command.name));
      return out;
    }
  }
  return out;
}

constexpr std::string_view write_only =
    "**Only people who can write to this repository can accept a finding.**";

Decision decide_allow(const Command& command, const CommandContext& context) {
  static constexpr std::array<std::string_view, 2> known{"reason", "expires"};
  if (!context.may_write) return say(std::string(write_only));
  Options options = read_options(command, known);
  if (!options.problem.empty()) return say(options.problem);
  const Meant meant = find_meant(options.finding, command.name, context);
  if (meant.finding == nullptr) return say(meant.answer);
  const Finding& finding = *meant.finding;
  const std::string shown(short_fingerprint(finding.fingerprint));

  const std::string reason = printable_line(options.values["reason"]);
  // "…" is what the example says.
  if (reason.empty() || reason == "…" || reason == "...") {
    return say(
        fmt::format("**Say why, so that the next person knows:** `{}`", allow_command(finding.fingerprint)));
  }
  if (count_code_points(reason) > reason_chars_max) {
    return say(fmt::format("**That reason is too long to keep.** Say it in at most {} characters.",
                           reason_chars_max));
  }
  Waiver waiver{finding.fingerprint, reason, '@' + context.actor, {}};
  if (const auto expires = options.values.find("expires"); expires != options.values.end()) {
    TimePoint time;
    if (!parse_iso8601(trim(expires->second), time)) {
      return say(fmt::format("**I can't read the date {}.** Write it as in `--expires 2027-01-31`.",
                             typed(expires->second)));
    }
    if (time <= context.now) {
      return say(fmt::format("**{} is in the past.** Give the last day on which it should count.",
                             typed(expires->second)));
    }
    waiver.expires = time;
  }
  if (is_requested(context.latest->review, finding.fingerprint) && iequals(context.actor, context.author)) {
    return say(fmt::format(
        "**Someone else has to accept `{}`.** The change itself asks for it, and you are its author.",
        shown));
  }

  Decision decision;
  decision.reply =
      fmt::format("**Accepted `{}`**, {} in {}: {}", shown, escape_markdown(shorten(finding.title, 120)),
                  where(finding), escape_markdown(reason));
  decision.reply += reason.ends_with('.') || reason.ends_with('?') || reason.ends_with('!') ? "" : ".";
  if (waiver.expires) decision.reply += fmt::format(" It counts until {}.", last_day(*waiver.expires));
  decision.reply += fmt::format(" I am looking again; `/fanlight revoke {}` takes it back.", shown);
  if (finding.kind == FindingKind::secret && finding.structure == Structure::valid) {
    decision.reply += " Accepting it does not make it safe: if it still works, revoke it.";
  }
  decision.add = std::move(waiver);
  decision.recheck = true;
  return decision;
}

// Accepted, but not by a command: then a command cannot take it back.
std::string accepted_elsewhere(const std::string& prefix, const CommandContext& context) {
  if (!context.latest) return {};
  for (const Waived& waived : context.latest->review.waived) {
    if (!fits(prefix, waived.finding.fingerprint)) continue;
    if (waived.by == "policy") return "It is accepted in `.fanlight.yml`: take it out there.";
    if (waived.by == "inline")
      return fmt::format("It is accepted by a comment at {}: take it out there.", where(waived.finding));
  }
  return {};
}

Decision decide_revoke(const Command& command, const CommandContext& context) {
  if (!context.may_write)
    return say("**Only people who can write to this repository can take an acceptance back.**");
  const Options options = read_options(command, {});
  if (!options.problem.empty()) return say(options.problem);
  const std::string prefix = to_lower(options.finding);
  if (!is_fingerprint(prefix)) {
    return say(fmt::format(
        "**Say which acceptance to take back**, with at least the first {} digits of its finding: {}.",
        fingerprint_digits_min, usage(command.name)));
  }
  std::vector<const Waiver*> found;
  for (const Waiver& waiver : context.waivers) {
    if (fits(prefix, waiver.fingerprint)) found.push_back(&waiver);
  }
  if (found.empty()) {
    const std::string elsewhere = accepted_elsewhere(prefix, context);
    return say(fmt::format("**No command has accepted {}.**{}{}", typed(options.finding),
                           elsewhere.empty() ? "" : " ", elsewhere));
  }
  if (found.size() > 1) {
    return say(fmt::format("**{} fits {} acceptances.** Give more digits.", typed(options.finding),
                           number(found.size())));
  }
  Decision decision;
  decision.reply = fmt::format("**Taken back: `{}` counts again.** I am looking again.",
                               short_fingerprint(found[0]->fingerprint));
  decision.drop = found[0]->fingerprint;
  decision.recheck = true;
  return decision;
}

Decision decide_explain(const Command& command, const CommandContext& context) {
  const std::string word = command.arguments.empty() ? "" : command.arguments[0];
  // A rule's name is what stands under a comment, so people give it too.
  if (const auto rule = std::find(context.known_rules.begin(), context.known_rules.end(), word);
      rule != context.known_rules.end() && context.latest) {
    for (const Finding& finding : context.latest->review.findings) {
      if (finding.rule == word) {
        return say(fmt::format("{}:\n\n{}", where(finding),
                               finding_markdown(finding, change_of(*context.latest), false)));
      }
    }
    return say(fmt::format("**Nothing here is a {}.**{}", typed(word), list_open(context)));
  }
  const Meant meant = find_meant(word, command.name, context);
  if (meant.finding == nullptr) return say(meant.answer);
  return say(fmt::format("{}:\n\n{}", capital(where(*meant.finding)),
                         finding_markdown(*meant.finding, change_of(*context.latest), false)));
}

Decision decide_status(const CommandContext& context) {
  if (!context.latest) return say("**I have not looked at this change yet.** `/fanlight recheck` makes me.");
  const Record& record = *context.latest;
  return say(fmt::format("**{}**, at {}.{}", escape_markdown(status_line(record.review)),
                         commit_span(record.head_sha), list_open(context)));
}

// Anyone who can comment may ask: repeated asking becomes one review.
Decision decide_recheck() {
  Decision decision;
  decision.recheck = true;
  return decision;
}

// It reads the whole repository: not for anybody who comes along.
Decision decide_readiness(const Command& command, const CommandContext& context) {
  if (!context.may_write)
    return say("**Only people who can write to this repository can have all of it read.**");
  if (command.arguments.size() > 1)
    return say(fmt::format("**One module at a time.** The whole command is {}.", usage(command.name)));
  Decision decision;
  decision.readiness = command.arguments.empty() ? "" : command.arguments[0];
  while (decision.readiness->ends_with('/')) decision.readiness->pop_back();
  return decision;
}

Decision decide_unknown(const Command& command) {
  std::vector<std::string_view> words;
  for (const CommandSpec& spec : commands()) words.push_back(spec.word);
  const std::string word = to_lower(command.word);
  const std::string_view near = word.size() > 100 ? std::string_view() : nearest(word, words);
  std::string reply = fmt::format("**I don't know {}.** ", typed(command.word));
  if (!near.empty()) reply += fmt::format("Did you mean `{}`? ", near);
  return say(reply + "`/fanlight help` lists what I can do.");
}

}  // namespace

std::string typed(std::string_view word) {
  return code_span(shorten(word, 60));
}

std::string usage(CommandName name) {
  return fmt::format("`/fanlight {}`", spec_of(name)->usage);
}

Decision say(std::string reply) {
  Decision decision;
  decision.reply = std::move(reply);
  return decision;
}

Decision decide(const Command& command, const CommandContext& context) {
  if (!command.problem.empty()) {
    const CommandSpec* spec = spec_of(command.name);
    return say(fmt::format("**I could not read that line: {}.** {}", command.problem,
                           spec == nullptr ? std::string("`/fanlight help` lists what I can do.")
                                           : fmt::format("The whole command is {}.", usage(command.name))));
  }
  switch (command.name) {
    case CommandName::help:
      return say(help_markdown());
    case CommandName::status:
      return decide_status(context);
    case CommandName::recheck:
      return decide_recheck();
    case CommandName::explain:
      return decide_explain(command, context);
    case CommandName::allow:
      return decide_allow(command, context);
    case CommandName::revoke:
      return decide_revoke(command, context);
    case CommandName::readiness:
      return decide_readiness(command, context);
    case CommandName::lexicon:
      return decide_lexicon(command, context);
    case CommandName::unknown:
      break;
  }
  return decide_unknown(command);
}

}  // namespace fanlight::policy
