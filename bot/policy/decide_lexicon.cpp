// `/fanlight lexicon`: people say which names are their organisation's own. What is typed into a comment of a
// public repository everybody can read, and that it is a name of one's own is news as well: there the answer
// repeats no name, and says how to keep one private.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "decide_parts.hpp"
#include "escape.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"
#include "fanlight/policy/yaml.hpp"
#include "fingerprint.hpp"
#include "policy_parts.hpp"
#include "words.hpp"

namespace fanlight::policy {

namespace {

constexpr std::size_t listed_max = 30;

struct Kind {
  std::string_view key, one;
  std::vector<std::string> LexiconNames::* names;
};
constexpr std::array<Kind, 5> kinds{{{"domains", "domain", &LexiconNames::domains},
                                     {"sites", "site", &LexiconNames::sites},
                                     {"environments", "environment", &LexiconNames::environments},
                                     {"names", "name", &LexiconNames::names},
                                     {"people", "person", &LexiconNames::people}}};

constexpr std::string_view kinds_text = "`domains`, `sites`, `environments`, `names` or `people`";

const Kind* kind_of(std::string_view word) {
  const auto found = std::ranges::find_if(
      kinds, [&](const Kind& kind) { return iequals(kind.key, word) || iequals(kind.one, word); });
  return found == kinds.end() ? nullptr : &*found;
}

// A word that may be a name.
std::string repeated(std::string_view word, const CommandContext& context) {
  return context.public_repository ? "that" : typed(word);
}

// The words after "confirm" or "reject".
struct Said {
  std::string word;
  const Kind* kind = nullptr;
  std::string problem;
};

Said read_said(const Command& command, const CommandContext& context) {
  Said out;
  for (std::size_t i = 1; i < command.arguments.size(); ++i) {
    const std::string& argument = command.arguments[i];
    constexpr std::string_view option = "--kind";
    if (argument == option || argument.starts_with("--kind=")) {
      const bool apart = argument == option;
      const std::string value = !apart                             ? argument.substr(option.size() + 1)
                                : i + 1 < command.arguments.size() ? command.arguments[++i]
                                                                   : "";
      out.kind = kind_of(value);
      if (!out.kind)
        out.problem =
            fmt::format("**I don't know the kind {}.** It is {}.", repeated(value, context), kinds_text);
    } else if (out.word.empty() && !argument.starts_with("--")) {
      out.word = argument;
    } else {
      out.problem = fmt::format("**I don't know what to do with {}.** The whole command is {}.",
                                repeated(argument, context), usage(command.name));
    }
    if (!out.problem.empty()) return out;
  }
  return out;
}

// Either a name, or what to answer.
struct Meant {
  LexiconTerm term;
  std::string id;  // it was named by a proposal's id
  std::string answer;
};

Meant answer_only(std::string answer) {
  return {{}, {}, std::move(answer)};
}

Meant find_meant(const Said& said, const CommandContext& context) {
  const std::string text = to_lower(trim(said.word));
  const std::vector<Proposal> none;
  const std::vector<Proposal>& proposals = context.latest ? context.latest->review.proposals : none;
  for (const Proposal& proposal : proposals) {
    if (is_hex(text) && text.size() >= fingerprint_digits_min && proposal.id.starts_with(text))
      return {{proposal.kind, proposal.text, true, {}}, text, {}};
  }
  const Kind* kind = said.kind;
  for (const Proposal& proposal : proposals) {
    if (!kind && proposal.text == text) kind = kind_of(proposal.kind);
  }
  const NameKind known = context.kind_of_name ? context.kind_of_name(text) : NameKind::unknown;
  if (known == NameKind::provider) {
    return answer_only(
        "**That domain is a provider's, which everybody uses.** It tells nobody apart, so it is nobody's "
        "own.");
  }
  if (!kind && known == NameKind::domain) kind = &kinds[0];
  if (!kind)
    return answer_only(fmt::format("**Say what kind of name that is:** add `--kind` and {}.", kinds_text));
  if (const auto fault = fault_of_name(kind->key, text); fault && !fault->empty())
    return answer_only(
        fmt::format("**That cannot be one of your {}:** it has to be {}.", kind->key, prose(*fault)));
  return {{std::string(kind->key), text, true, {}}, {}, {}};
}

bool in_policy(const LexiconTerm& term, const CommandContext& context) {
  const auto& names = context.lexicon.*kind_of(term.kind)->names;
  return std::ranges::find(names, term.text) != names.end();
}

const LexiconTerm* said_before(const LexiconTerm& term, const CommandContext& context) {
  const auto found = std::ranges::find_if(context.terms, [&](const LexiconTerm& known) {
    return known.kind == term.kind && known.text == term.text;
  });
  return found == context.terms.end() ? nullptr : &*found;
}

// The name, or what stands for it where everybody reads.
std::string shown(const Meant& meant, const CommandContext& context) {
  if (!context.public_repository) return code_span(shorten(meant.term.text, 100));
  return meant.id.empty() ? "that name" : fmt::format("the name of `{}`", meant.id.substr(0, 8));
}

std::string_view warning(const Meant& meant, const CommandContext& context) {
  if (!context.public_repository || !meant.id.empty()) return "";
  return " Everybody can read what is typed here, so I don't repeat it. If the name itself has to stay "
         "private: "
         "delete the comment, its earlier versions too, and put what `fanlight seal` makes of the name under "
         "`lexicon: sealed:` of `.fanlight.yml`.";
}

Decision say_of(const Meant& meant, bool confirmed, const CommandContext& context) {
  const std::string name = shown(meant, context);
  const std::string_view caution = warning(meant, context);
  if (in_policy(meant.term, context)) {
    return say(fmt::format(
        "**{} stands in the policy, under `lexicon: {}:`.** {}{}", capital(name), meant.term.kind,
        confirmed ? "I look for it already." : "It counts as long as it does: take it out there.", caution));
  }
  // Said again by the same person it is done again: the answer to the first time may have been lost.
  if (const LexiconTerm* before = said_before(meant.term, context);
      before && before->confirmed == confirmed && before->by != context.actor) {
    return say(fmt::format("**That was said before**, by @{}.{}", escape_markdown(before->by), caution));
  }
  if (!said_before(meant.term, context) && context.terms.size() >= lexicon_terms_max) {
    return say(
        fmt::format("**I keep at most {} names for one repository.** Write them to `.fanlight.yml`, under "
                    "`lexicon:`.{}",
                    lexicon_terms_max, caution));
  }
  Decision decision;
  decision.reply =
      confirmed
          ? fmt::format(
                "**Noted: {} is your own.** From now on I look for it in every change of this repository, as "
                "if it stood in `.fanlight.yml` under `lexicon: {}:`. I am looking again; `/fanlight lexicon "
                "reject …` takes it back.",
                name, meant.term.kind)
          : fmt::format("**Noted: {} is not your own.** I won't ask again.", name);
  decision.reply += caution;
  decision.term = meant.term;
  decision.term->confirmed = confirmed;
  decision.term->by = context.actor;
  decision.recheck = true;
  return decision;
}

std::string list_kinds(const CommandContext& context, bool confirmed) {
  std::string out;
  for (const Kind& kind : kinds) {
    std::string names;
    std::size_t listed = 0;
    for (const LexiconTerm& term : context.terms) {
      if (term.kind != kind.key || term.confirmed != confirmed) continue;
      if (++listed > listed_max) continue;
      names += (names.empty() ? "" : ", ") + code_span(shorten(term.text, 100));
    }
    if (listed == 0) continue;
    if (listed > listed_max) names += fmt::format(" and {} more", listed - listed_max);
    out += fmt::format("- {}: {}\n", kind.key, names);
  }
  return out;
}

Decision list(const CommandContext& context) {
  const auto own = static_cast<std::size_t>(std::ranges::count(context.terms, true, &LexiconTerm::confirmed));
  const std::size_t rejected = context.terms.size() - own;
  std::string out;
  if (context.terms.empty()) {
    out = "**Nobody has confirmed or rejected a name in a comment yet.**";
  } else if (context.public_repository) {
    out = fmt::format(
        "**{} confirmed and {} rejected in comments.** Everybody can read this, so I don't list them.",
        capital(plural(own, "name", "names")), number(rejected));
  } else {
    out = fmt::format("**{} confirmed and {} rejected in comments.**", capital(plural(own, "name", "names")),
                      number(rejected));
    if (own > 0) out += "\n\nYour own:\n" + list_kinds(context, true);
    if (rejected > 0) out += "\nNot your own:\n" + list_kinds(context, false);
    if (own > 0) out += "\nThe command line knows them once they stand in `.fanlight.yml`, under `lexicon:`.";
  }
  std::size_t written = context.lexicon.sealed.size();
  for (const Kind& kind : kinds) written += (context.lexicon.*kind.names).size();
  if (written > 0) out += fmt::format(" The policy holds {}.", plural(written, "name", "names"));
  return say(out);
}

}  // namespace

Decision decide_lexicon(const Command& command, const CommandContext& context) {
  if (!context.may_write)
    return say("**Only people who can write to this repository can say which names are its own.**");
  if (command.arguments.empty()) return list(context);
  static constexpr std::array<std::string_view, 2> verbs{"confirm", "reject"};
  const std::string verb = to_lower(command.arguments[0]);
  if (std::ranges::find(verbs, verb) == verbs.end()) {
    const std::string_view near = verb.size() > 100 ? std::string_view() : nearest(verb, verbs);
    return say(fmt::format("**I don't know what to do with {}.** {}The whole command is {}.",
                           repeated(command.arguments[0], context),
                           near.empty() ? "" : fmt::format("Did you mean `{}`? ", near),
                           usage(command.name)));
  }
  const Said said = read_said(command, context);
  if (!said.problem.empty()) return say(said.problem);
  if (said.word.empty()) return say(fmt::format("**Say which name:** {}.", usage(command.name)));
  const Meant meant = find_meant(said, context);
  if (!meant.answer.empty()) return say(meant.answer);
  return say_of(meant, verb == "confirm", context);
}

}  // namespace fanlight::policy
