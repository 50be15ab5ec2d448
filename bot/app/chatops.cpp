// The commands of one comment: acknowledged, looked up, decided, done, and answered in one reply.
#include <algorithm>

#include "bearing.hpp"
#include "fanlight/app/intake.hpp"
#include "fanlight/coupling/learn.hpp"
#include "fanlight/policy/commands.hpp"
#include "fanlight/policy/render.hpp"
#include "fanlight/policy/yaml.hpp"
#include "job.hpp"
#include "readiness_reply.hpp"

namespace fanlight::app {

namespace {

Task<Result<void>> carry_out(Work& work, const Event& event, const policy::Decision& decision) {
  Services& services = work.services;
  store::Store& store = services.store;
  const std::string scope = waiver_scope(event.change);
  const TimePoint now = services.clock.now();
  if (decision.add) {
    const store::StoredWaiver waiver{scope, *decision.add, now};
    const store::AuditEntry entry{now, event.actor, "waiver added", event.change.display(),
                                  decision.add->fingerprint + ": " + decision.add->reason};
    auto writing = in_store(work, [&store, waiver, entry]() -> Result<void> {
      if (auto put = store.put_waiver(waiver); !put) return put;
      return store.audit(entry);
    });
    auto written = co_await std::move(writing);
    if (!written) co_return written;
  }
  if (decision.drop) {
    const store::AuditEntry entry{now, event.actor, "waiver revoked", event.change.display(), *decision.drop};
    auto dropping = in_store(work, [&store, scope, drop = *decision.drop, entry]() -> Result<void> {
      if (auto dropped = store.drop_waiver(scope, drop); !dropped) return std::unexpected(dropped.error());
      return store.audit(entry);
    });
    auto dropped = co_await std::move(dropping);
    if (!dropped) co_return dropped;
  }
  if (decision.term) {
    const LexiconTerm& term = *decision.term;
    const store::StoredTerm stored{scope, term, now};
    const store::AuditEntry entry{now, event.actor, term.confirmed ? "name confirmed" : "name rejected",
                                  event.change.display(), term.kind + ": " + term.text};
    auto writing = in_store(work, [&store, stored, entry]() -> Result<void> {
      if (auto put = store.put_term(stored); !put) return put;
      return store.audit(entry);
    });
    auto written = co_await std::move(writing);
    if (!written) co_return written;
  }
  co_return Result<void>{};
}

// The review that a command asks for: the same delivery again, read as "look at this change".
Task<Result<void>> ask_for_review(Work& work, const Event& event) {
  store::Intake intake;
  intake.delivery = work.job.delivery;
  intake.delivery.delivery_id += ":recheck";
  intake.change_key = work.job.change_key;
  intake.display = work.job.display;
  intake.meaning = event.meaning + ":recheck";
  intake.not_before = work.services.clock.now();
  auto storing = enqueue(work.services, std::move(intake));
  auto accepted = co_await std::move(storing);
  if (!accepted) co_return std::unexpected(accepted.error());
  work.services.job_arrived.notify();
  co_return Result<void>{};
}

policy::NameKind kind_of_name(std::string_view text) {
  if (coupling::is_provider_domain(text)) return policy::NameKind::provider;
  return coupling::registrable_domain(text).empty() ? policy::NameKind::unknown : policy::NameKind::domain;
}

Task<Result<policy::CommandContext>> command_context(Work& work, const Event& event, bool needs_permission,
                                                     Surroundings around) {
  Services& services = work.services;
  store::Store& store = services.store;
  policy::CommandContext context;
  context.actor = event.actor;
  context.now = services.clock.now();
  context.known_rules = services.scanner.rule_ids();
  if (needs_permission) {
    auto asking = work.host.fetch_permission(event.change, event.actor, work.deadline);
    auto permission = co_await std::move(asking);
    if (!permission) co_return std::unexpected(permission.error());
    context.may_write = *permission >= host::Permission::write;
  }
  auto reading = in_store(work, [&store, key = work.job.change_key] { return store.latest(key, ""); });
  auto latest = co_await std::move(reading);
  if (!latest) co_return std::unexpected(latest.error());
  context.latest = std::move(*latest);
  context.author = around.change.author;
  auto listing =
      in_store(work, [&store, scope = waiver_scope(event.change)] { return store.waivers(scope); });
  auto waivers = co_await std::move(listing);
  if (!waivers) co_return std::unexpected(waivers.error());
  for (auto& stored : *waivers) context.waivers.push_back(std::move(stored.waiver));
  auto remembering =
      in_store(work, [&store, scope = waiver_scope(event.change)] { return store.terms(scope); });
  auto terms = co_await std::move(remembering);
  if (!terms) co_return std::unexpected(terms.error());
  for (auto& stored : *terms) context.terms.push_back(std::move(stored.term));
  context.public_repository = around.change.public_repository;
  context.lexicon = std::move(around.policy.lexicon);
  context.kind_of_name = kind_of_name;
  co_return context;
}

constexpr const char* hidden_in_command =
    "**That command holds a secret or a private name, so I did nothing.** If it is a secret, revoke it. "
    "Delete "
    "the comment, its earlier versions too, and ask again without it.";
constexpr const char* names_unreadable =
    "**I cannot read the list of private names in `.fanlight.yml`, so I repeat nothing that was typed, and "
    "did "
    "nothing.** `/fanlight recheck` shows what is wrong with it.";

// An answer repeats what was typed, and a reason is kept and shown: neither may hold what others must not
// read.
Task<bool> holds_any(Work& work, const policy::Command& command) {
  std::string text = command.word;
  for (const std::string& argument : command.arguments) text += ' ' + argument;
  auto looking =
      on_pool(work.services.scan_pool, [&gate = *work.gate, text] { return gate.holds_any(text); });
  co_return co_await std::move(looking);
}

bool repeats_words(const policy::Command& command) {
  return !command.arguments.empty() || command.name == policy::CommandName::unknown;
}

// A fault in the policy file that may have kept its private names from being read.
bool names_unread(const policy::PolicyRead& read, const std::string& text) {
  return read.problems.size() >= policy::yaml_errors_max ||
         !policy::parse_yaml(text, std::string(policy::policy_path)) ||
         std::ranges::any_of(read.problems, [](const std::string& one) { return one.contains("lexicon"); });
}

// The change and what its repository's policy says, as a review of it would read them.
Task<Result<Surroundings>> read_surroundings(Work& work, const Event& event) {
  Services& services = work.services;
  const std::string path(policy::policy_path);
  auto asking = work.host.fetch_change(event.change, {path}, work.deadline);
  Result<Snapshot> snapshot = co_await std::move(asking);
  if (!snapshot) co_return std::unexpected(snapshot.error());
  const auto found = snapshot->policy_files.find(path);
  const std::string* text = found == snapshot->policy_files.end() ? nullptr : &found->second;
  Surroundings around{std::move(snapshot->change), {}, {}};
  auto reading = on_pool(services.scan_pool, [&services, &around, text] {
    policy::PolicyRead read = repository_policy(services, text);
    auto made = services.scanners.get(services.scanner, read.policy.custom_rules);
    auto scanner = made ? *made : services.scanners.get(services.scanner, {}).value();
    ScanSettings settings = scanner->settings(read.policy);
    if (text && names_unread(read, *text))
      settings.problems.insert(settings.problems.end(), read.problems.begin(), read.problems.end());
    around.policy = std::move(read.policy);
    around.scanner = scanner;
    return make_gate(services, std::move(scanner), settings);
  });
  work.gate = co_await std::move(reading);
  co_return around;
}

bool needs_write(const policy::Command& command) {
  const auto table = policy::commands();
  return std::any_of(table.begin(), table.end(),
                     [&](const auto& spec) { return spec.name == command.name && spec.needs_write; });
}

}  // namespace

Task<Result<Done>> answer(Work& work, Event event) {
  const auto commands = policy::parse_commands(event.comment_body);
  if (commands.empty()) co_return Done{};
  Change change;
  change.ref = event.change;
  const Capabilities capabilities = work.host.capabilities();
  const bool maybe_done = work.job.attempts > 1;
  if (capabilities.reactions) {
    Action action = Acknowledge{event.comment};
    auto acknowledging = post(work, change, Diff{}, action, maybe_done);
    auto acknowledged = co_await std::move(acknowledging);
    if (!acknowledged && is_retryable(acknowledged.error().code))
      co_return std::unexpected(acknowledged.error());
  }
  auto looking_around = read_surroundings(work, event);
  auto there = co_await std::move(looking_around);
  if (!there) co_return std::unexpected(there.error());
  auto preparing =
      command_context(work, event, std::any_of(commands.begin(), commands.end(), needs_write), *there);
  auto context = co_await std::move(preparing);
  if (!context) co_return std::unexpected(context.error());

  std::string body;
  bool recheck = false;
  for (const policy::Command& command : commands) {
    work.services.metrics.command(command.name == policy::CommandName::unknown ? "unknown" : command.word);
    auto looking = holds_any(work, command);
    const bool hidden = co_await std::move(looking);
    policy::Decision decision;
    if (hidden) {
      decision.reply = hidden_in_command;
    } else if (!work.gate->problem().empty() && repeats_words(command)) {
      decision.reply = names_unreadable;
    } else {
      decision = policy::decide(command, *context);
    }
    auto doing = carry_out(work, event, decision);
    auto done = co_await std::move(doing);
    if (!done) co_return std::unexpected(done.error());
    if (decision.term) {
      std::erase_if(context->terms, [&](const LexiconTerm& known) {
        return known.kind == decision.term->kind && known.text == decision.term->text;
      });
      context->terms.push_back(*decision.term);
    }
    recheck = recheck || decision.recheck;
    if (decision.readiness) {
      Surroundings around = *there;
      add_confirmed(around.policy.lexicon, context->terms);
      auto measuring = readiness_reply(work, std::move(around), *decision.readiness,
                                       capabilities.comment_bytes_max / (commands.size() + 1));
      decision.reply = co_await std::move(measuring);
    }
    if (decision.reply.empty()) continue;
    if (!body.empty()) body += "\n\n---\n\n";
    body += decision.reply;
  }
  if (recheck) {
    auto asking = ask_for_review(work, event);
    auto asked = co_await std::move(asking);
    if (!asked) co_return std::unexpected(asked.error());
  }
  if (!body.empty() && capabilities.comments) {
    const std::string marker = policy::marker("reply", event.comment.id);
    Action reply = Reply{event.comment, policy::find_marker(marker), body + "\n\n" + marker};
    auto replying = post(work, change, Diff{}, reply, maybe_done);
    auto replied = co_await std::move(replying);
    if (!replied) co_return std::unexpected(replied.error());
  }
  co_return Done{};
}

}  // namespace fanlight::app
