// The commands of one comment: acknowledged, looked up, decided, done, and answered in one reply.
#include <algorithm>

#include "fanlight/app/intake.hpp"
#include "fanlight/policy/commands.hpp"
#include "fanlight/policy/render.hpp"
#include "job.hpp"

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

Task<Result<policy::CommandContext>> command_context(Work& work, const Event& event, bool needs_permission) {
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
  if (context.latest) context.author = context.latest->author;
  auto listing =
      in_store(work, [&store, scope = waiver_scope(event.change)] { return store.waivers(scope); });
  auto waivers = co_await std::move(listing);
  if (!waivers) co_return std::unexpected(waivers.error());
  for (auto& stored : *waivers) context.waivers.push_back(std::move(stored.waiver));
  co_return context;
}

constexpr const char* secret_in_command =
    "**There is a secret in that command, so I did nothing.** Revoke it, delete the comment, and ask again "
    "without "
    "it.";

// An answer repeats what was typed, and a reason is kept and shown: neither may hold a secret.
Task<bool> holds_secret(Work& work, const policy::Command& command) {
  std::string text = command.word;
  for (const std::string& argument : command.arguments) text += ' ' + argument;
  const Scanner& scanner = work.services.scanner;
  auto looking = on_pool(work.services.scan_pool, [&scanner, text] {
    auto scratch = scanner.engine().make_scratch();
    return scanner.without_secrets(text, scratch) != text;
  });
  co_return co_await std::move(looking);
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
    auto acknowledging =
        work.host.apply(change, Diff{}, Acknowledge{event.comment}, maybe_done, work.deadline);
    auto acknowledged = co_await std::move(acknowledging);
    if (!acknowledged && is_retryable(acknowledged.error().code))
      co_return std::unexpected(acknowledged.error());
  }
  auto preparing = command_context(work, event, std::any_of(commands.begin(), commands.end(), needs_write));
  auto context = co_await std::move(preparing);
  if (!context) co_return std::unexpected(context.error());

  std::string body;
  bool recheck = false;
  for (const policy::Command& command : commands) {
    work.services.metrics.command(command.name == policy::CommandName::unknown ? "unknown" : command.word);
    auto looking = holds_secret(work, command);
    const bool secret = co_await std::move(looking);
    policy::Decision decision;
    if (secret) {
      decision.reply = secret_in_command;
    } else {
      decision = policy::decide(command, *context);
    }
    auto doing = carry_out(work, event, decision);
    auto done = co_await std::move(doing);
    if (!done) co_return std::unexpected(done.error());
    recheck = recheck || decision.recheck;
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
    Reply reply{event.comment, policy::find_marker(marker), body + "\n\n" + marker};
    auto replying = work.host.apply(change, Diff{}, std::move(reply), maybe_done, work.deadline);
    auto replied = co_await std::move(replying);
    if (!replied) co_return std::unexpected(replied.error());
  }
  co_return Done{};
}

}  // namespace fanlight::app
