// The way of one job, as design says it: lease, fetch, scan, evaluate, plan, publish, complete. Whatever goes
// wrong comes out of one place (`end_job`), which knows the two ends an error can have: again later, or set
// aside where people see it.
#include "fanlight/app/worker.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "fanlight/app/intake.hpp"
#include "fanlight/app/pages.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/log.hpp"
#include "fanlight/policy/commands.hpp"
#include "fanlight/policy/plan.hpp"
#include "fanlight/policy/render.hpp"

namespace fanlight::app {

namespace asio = boost::asio;

namespace {

// A lease outlives the job's own deadline, so that a job that is still being done is never taken by another.
constexpr std::chrono::milliseconds lease_margin{30'000};
constexpr std::chrono::milliseconds idle_wait{5'000};
constexpr std::chrono::milliseconds lease_pause{20};
constexpr std::chrono::milliseconds drain_time{20'000};
constexpr std::size_t context_files_max = 20;

struct Work {
  Services& services;
  host::Host& host;
  store::Job job;
  Deadline deadline;
};

// What a job that went well leaves behind.
struct Done {
  JobEnd end = JobEnd::done;
  std::optional<Record> record;
};

// ---- review
// -------------------------------------------------------------------------------------------------------

Task<Result<ScanOutcome>> scan(Work& work, const Snapshot& snapshot, const ScanSettings& settings) {
  const Scanner& scanner = work.services.scanner;
  auto running = on_pool(work.services.scan_pool, [&scanner, &snapshot, &settings] {
    auto scratch = scanner.engine().make_scratch();
    return scanner.scan_change(snapshot, settings, scratch);
  });
  co_return co_await std::move(running);
}

// Once on what came with the diff; once more with the full text of the files whose findings need context.
Task<Result<ScanOutcome>> scan_with_context(Work& work, Snapshot& snapshot, const ScanSettings& settings) {
  auto first = scan(work, snapshot, settings);
  Result<ScanOutcome> outcome = co_await std::move(first);
  if (!outcome || outcome->wants_files.empty()) co_return outcome;
  std::vector<std::string> paths = outcome->wants_files;
  if (paths.size() > context_files_max) paths.resize(context_files_max);
  auto fetching =
      work.host.fetch_files(snapshot.change, std::move(paths), work.services.config.limits, work.deadline);
  auto files = co_await std::move(fetching);
  if (!files) {
    // The findings stand; they are judged by their hunks alone.
    log::warn("context not fetched", {{"change", work.job.display}, {"error", files.error().text}});
    co_return outcome;
  }
  snapshot.files.merge(*files);
  auto second = scan(work, snapshot, settings);
  co_return co_await std::move(second);
}

policy::PolicyRead read_repository_policy(const Services& services, const Snapshot& snapshot) {
  const auto found = snapshot.policy_files.find(std::string(policy::policy_path));
  if (found == snapshot.policy_files.end()) return {services.config.policy, {}};
  return policy::read_policy(found->second, std::string(policy::policy_path), services.config.policy,
                             services.scanner.rule_ids());
}

std::string waiver_scope(const ChangeRef& change) {
  return change.host + '|' + change.repository;
}

// Ours, from the store, where the host did not list them.
void merge_posted(std::vector<Posted>& into, std::vector<Posted> from) {
  for (Posted& posted : from) {
    const bool known = std::any_of(into.begin(), into.end(), [&](const Posted& p) {
      return p.marker == posted.marker && p.kind == posted.kind;
    });
    if (!known) into.push_back(std::move(posted));
  }
}

template <class F>
auto in_store(Work& work, F call) {
  return on_pool(work.services.store_pool, std::move(call));
}

// Does one action and writes down what now stands.
Task<Result<host::Applied>> apply(Work& work, const Snapshot& snapshot, const Action& action,
                                  Record& record) {
  const bool maybe_done = work.job.attempts > 1;
  auto applying = work.host.apply(snapshot.change, snapshot.diff, action, maybe_done, work.deadline);
  Result<host::Applied> applied = co_await std::move(applying);
  work.services.metrics.action(action_name(action), applied.has_value());
  if (!applied) co_return applied;
  store::Store& store = work.services.store;
  for (const Posted& posted : applied->posted) {
    auto writing = in_store(
        work, [&store, key = work.job.change_key, posted] { return store.put_posted({key, posted}); });
    auto written = co_await std::move(writing);
    if (!written) co_return std::unexpected(written.error());
  }
  record.done.push_back({std::string(action_name(action)), applied->detail, applied->url});
  co_return applied;
}

// A comment that the host will not anchor is written down as such: it is not tried again at this head.
Task<Result<void>> remember_refused(Work& work, const Snapshot& snapshot,
                                    std::vector<InlineComment> refused) {
  store::Store& store = work.services.store;
  for (const InlineComment& comment : refused) {
    const Posted posted{PostedKind::inline_comment, "", comment.marker, snapshot.change.head_sha, ""};
    auto writing = in_store(
        work, [&store, key = work.job.change_key, posted] { return store.put_posted({key, posted}); });
    auto written = co_await std::move(writing);
    if (!written) co_return written;
  }
  co_return Result<void>{};
}

Task<Result<void>> publish(Work& work, const Snapshot& snapshot, const policy::PlanInput& input,
                           Record& record) {
  std::vector<InlineComment> refused;
  bool in_summary = true;  // what was refused stands in the summary
  for (Action& action : policy::plan(input)) {
    // The summary comes after the review in every plan.
    if (!refused.empty() && std::holds_alternative<PutSummary>(action)) {
      action = policy::summary_with_refused(input, refused);
      in_summary = true;
    }
    auto applying = apply(work, snapshot, action, record);
    auto applied = co_await std::move(applying);
    if (!applied) co_return std::unexpected(applied.error());
    if (applied->refused.empty()) continue;
    in_summary = false;
    std::move(applied->refused.begin(), applied->refused.end(), std::back_inserter(refused));
  }
  if (!in_summary) {
    const Action summary = policy::summary_with_refused(input, refused);
    auto applying = apply(work, snapshot, summary, record);
    auto applied = co_await std::move(applying);
    if (!applied) co_return std::unexpected(applied.error());
  }
  auto remembering = remember_refused(work, snapshot, std::move(refused));
  co_return co_await std::move(remembering);
}

Record make_record(Work& work, const Snapshot& snapshot, TimePoint started) {
  const Change& change = snapshot.change;
  Record out;
  // One page per change and head: looking again renews it, and a link that was posted stays right.
  out.id = to_hex(hmac_sha256(work.services.config.key.reveal(),
                              "record\n" + work.job.change_key + '\n' + change.head_sha))
               .substr(0, 32);
  out.change = change.ref;
  out.title = change.title;
  out.author = change.author;
  out.base_sha = change.base_sha;
  out.head_sha = change.head_sha;
  out.web_url = change.web_url;
  out.created = started;
  return out;
}

// A title or a path that holds a secret must not carry it into the record and onto the page.
void black_out_title(Record& record, const Review& review) {
  const bool secret_in_title = std::any_of(
      review.findings.begin(), review.findings.end(),
      [](const Finding& f) { return f.kind == FindingKind::secret && f.location.place == Place::title; });
  if (secret_in_title) record.title = "████";
}

Task<Result<Done>> review(Work& work, Event event) {
  Services& services = work.services;
  const TimePoint now = services.clock.now();
  auto fetching =
      work.host.fetch(event, {std::string(policy::policy_path)}, services.config.limits, work.deadline);
  Result<Snapshot> snapshot = co_await std::move(fetching);
  if (!snapshot) co_return std::unexpected(snapshot.error());
  if (!snapshot->change.open) co_return Done{};

  policy::PolicyRead read = read_repository_policy(services, *snapshot);
  const ScanSettings settings = scan_settings(read.policy);
  auto scanning = scan_with_context(work, *snapshot, settings);
  Result<ScanOutcome> outcome = co_await std::move(scanning);
  if (!outcome) co_return std::unexpected(outcome.error());

  store::Store& store = services.store;
  const std::string scope = waiver_scope(snapshot->change.ref);
  auto reading = in_store(work, [&store, scope] { return store.waivers(scope); });
  auto waivers = co_await std::move(reading);
  if (!waivers) co_return std::unexpected(waivers.error());
  auto listing = in_store(work, [&store, key = work.job.change_key] { return store.posted(key); });
  auto posted = co_await std::move(listing);
  if (!posted) co_return std::unexpected(posted.error());
  merge_posted(snapshot->posted, std::move(*posted));

  policy::EvaluateInput judged;
  judged.findings = std::move(outcome->findings);
  judged.policy = read.policy;
  judged.problems = std::move(read.problems);
  for (auto& stored : *waivers) judged.waivers.push_back(std::move(stored.waiver));
  judged.allows = std::move(outcome->allows);
  judged.missing = std::move(outcome->missing);
  judged.scanned = std::move(outcome->scanned);
  judged.now = now;

  Record record = make_record(work, *snapshot, now);
  record.review = policy::evaluate(std::move(judged));
  record.contexts = std::move(outcome->contexts);
  black_out_title(record, record.review);

  auto asking = in_store(work, [&store, job = work.job] { return store.superseded(job); });
  auto superseded = co_await std::move(asking);
  if (!superseded) co_return std::unexpected(superseded.error());
  if (*superseded) co_return Done{JobEnd::superseded, std::nullopt};

  policy::PlanInput input;
  input.change = snapshot->change;
  input.diff = snapshot->diff;
  input.review = record.review;
  input.posted = snapshot->posted;
  input.capabilities = work.host.capabilities();
  input.policy = read.policy;
  input.page_url = services.public_url +
                   review_path(record.id, link_until(now, services.config.link_valid), services.config.key);
  input.forced = event.forced;
  auto publishing = publish(work, *snapshot, input, record);
  auto published = co_await std::move(publishing);
  if (!published) co_return std::unexpected(published.error());
  record.took_ms = static_cast<std::uint32_t>((services.clock.now() - now).count());
  services.metrics.verdict(to_string(record.review.verdict));
  co_return Done{JobEnd::done, std::move(record)};
}

// ---- commands
// -----------------------------------------------------------------------------------------------------

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

bool needs_write(const policy::Command& command) {
  const auto table = policy::commands();
  return std::any_of(table.begin(), table.end(),
                     [&](const auto& spec) { return spec.name == command.name && spec.needs_write; });
}

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
    const policy::Decision decision = policy::decide(command, *context);
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

// ---- the end
// ------------------------------------------------------------------------------------------------------

// The status of a change that could not be looked at must not stay as it was: it may be green from an older
// head.
Task<> say_parked(Work& work, const Event& event, const Error& error) {
  if (work.job.kind != store::JobKind::review || event.head_sha.empty()) co_return;
  Change change;
  change.ref = event.change;
  change.head_sha = event.head_sha;
  SetStatus status;
  status.head_sha = event.head_sha;
  status.state = CheckState::failure;
  status.description =
      "Not checked: " + std::string(to_string(error.code)) + ". /fanlight recheck tries again";
  status.summary = "**I could not look at this change, so I am not saying that it is clean.** " +
                   policy::escape_markdown(error.text) + "\n\n`/fanlight recheck` tries again.";
  auto applying =
      work.host.apply(change, Diff{}, std::move(status), true, work.deadline.sooner(lease_margin));
  auto applied = co_await std::move(applying);
  if (!applied) log::warn("status not set", {{"change", work.job.display}, {"error", applied.error().text}});
}

// A job that the end of the process cut short is not to blame.
bool may_retry(const Error& error, const store::Job& job, const Config& config) {
  if (error.code == ErrorCode::canceled) return true;
  return is_retryable(error.code) && job.attempts < config.attempts_max;
}

Task<Result<JobEnd>> end_job(Work& work, const Event& event, Result<Done> result, TimePoint started) {
  Services& services = work.services;
  store::Store& store = services.store;
  const TimePoint now = services.clock.now();
  const std::string_view kind = work.job.kind == store::JobKind::command ? "command" : "review";
  Result<void> written;
  JobEnd end = JobEnd::done;
  if (result) {
    end = result->end;
    auto completing = in_store(work, [&store, job = work.job, record = std::move(result->record), now] {
      return store.complete(job, record, now);
    });
    written = co_await std::move(completing);
    log::info("job ended", {{"job", work.job.id},
                            {"kind", kind},
                            {"change", work.job.display},
                            {"outcome", end == JobEnd::superseded ? "superseded" : "done"},
                            {"ms", (now - started).count()}});
  } else if (const Error& error = result.error(); may_retry(error, work.job, services.config)) {
    end = JobEnd::retried;
    const auto delay = error.code == ErrorCode::canceled ? std::chrono::milliseconds(0)
                                                         : retry_delay(work.job.attempts, error);
    auto failing = in_store(work, [&store, job = work.job, text = error.text, at = now + delay] {
      return store.fail(job, text, at);
    });
    written = co_await std::move(failing);
    log::warn("job will be tried again", {{"job", work.job.id},
                                          {"change", work.job.display},
                                          {"attempt", work.job.attempts},
                                          {"in_ms", delay.count()},
                                          {"error", error.text}});
  } else {
    end = JobEnd::parked;
    auto telling = say_parked(work, event, error);
    co_await std::move(telling);
    const store::AuditEntry entry{now, "fanlight", "job parked", work.job.display, error.text};
    auto parking = in_store(work, [&store, job = work.job, text = error.text, entry, now]() -> Result<void> {
      if (auto parked = store.park(job, text, now); !parked) return parked;
      return store.audit(entry);
    });
    written = co_await std::move(parking);
    log::error("job parked", {{"job", work.job.id}, {"change", work.job.display}, {"error", error.text}});
  }
  constexpr std::string_view words[] = {"done", "retried", "parked", "superseded"};
  services.metrics.job(kind, words[static_cast<std::size_t>(end)], now - started);
  if (!written) co_return std::unexpected(written.error());
  co_return end;
}

}  // namespace

std::chrono::milliseconds retry_delay(std::uint32_t attempts, const Error& error) {
  std::chrono::milliseconds delay{5'000};
  for (std::uint32_t i = 1; i < attempts && delay < std::chrono::minutes(10); ++i) delay *= 3;
  delay = std::min<std::chrono::milliseconds>(delay, std::chrono::minutes(10));
  return std::max(delay, error.retry_after.value_or(std::chrono::milliseconds(0)));
}

Task<Result<JobEnd>> do_job(Services& services, store::Job job) {
  const TimePoint started = services.clock.now();
  const auto found = services.hosts.find(job.delivery.host);
  if (found == services.hosts.end()) {
    const Error error(ErrorCode::not_found,
                      "job: host \"" + job.delivery.host + "\" is not configured any more");
    store::Store& store = services.store;
    auto parking = on_pool(services.store_pool,
                           [&store, job, error, started] { return store.park(job, error.text, started); });
    auto parked = co_await std::move(parking);
    if (!parked) co_return std::unexpected(parked.error());
    co_return JobEnd::parked;
  }
  Work work{services, *found->second, std::move(job), Deadline::after(services.config.job_timeout)};
  Result<Event> event = work.host.decode(work.job.delivery);
  if (!event) {
    auto ending = end_job(work, Event{}, std::unexpected(event.error()), started);
    co_return co_await std::move(ending);
  }
  if (work.job.kind == store::JobKind::review && event->type == EventType::command) event->forced = true;
  auto doing = work.job.kind == store::JobKind::command ? answer(work, *event) : review(work, *event);
  Result<Done> result = co_await std::move(doing);
  auto ending = end_job(work, *event, std::move(result), started);
  co_return co_await std::move(ending);
}

namespace {

Task<> run_job(Services& services, store::Job job) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto doing = do_job(services, std::move(job));
  auto end = co_await std::move(doing);
  if (!end) log::error("job not written", {{"error", end.error().text}});
  services.job_arrived.notify();
}

// Leases what may run now, up to the number of workers, and starts it. How long to wait for more.
Task<std::chrono::milliseconds> start_due(Services& services, TaskGroup& jobs) {
  store::Store& store = services.store;
  const auto lease_for = services.config.job_timeout + lease_margin;
  while (jobs.size() < services.config.workers && !services.stopping) {
    const TimePoint now = services.clock.now();
    auto leasing =
        on_pool(services.store_pool, [&store, now, lease_for] { return store.lease(now, lease_for); });
    auto job = co_await std::move(leasing);
    if (!job) {
      log::error("lease failed", {{"error", job.error().text}});
      co_return idle_wait;
    }
    if (!*job) {
      auto asking = on_pool(services.store_pool, [&store] { return store.next_due(); });
      auto due = co_await std::move(asking);
      if (!due || !*due) co_return idle_wait;
      co_return std::clamp<std::chrono::milliseconds>(**due - now, lease_pause, idle_wait);
    }
    jobs.spawn("job", run_job(services, std::move(**job)));
  }
  co_return idle_wait;  // a job that ends notifies
}

}  // namespace

Task<> work(Services& services) {
  co_await asio::this_coro::throw_if_cancelled(false);
  TaskGroup jobs(co_await asio::this_coro::executor);
  while (!services.stopping) {
    auto starting = start_due(services, jobs);
    const auto wait = co_await std::move(starting);
    auto waiting = services.job_arrived.wait(wait);
    co_await std::move(waiting);
    // A burst of deliveries is one look at the queue, not one each.
    auto pausing = sleep_for(lease_pause);
    co_await std::move(pausing);
  }
  auto finishing = jobs.join(Deadline::after(drain_time));
  if (co_await std::move(finishing)) co_return;
  log::warn("jobs cut short, they will be done again", {{"jobs", jobs.size()}});
  jobs.stop();
  auto ending = jobs.join(Deadline::after(drain_time));
  co_await std::move(ending);
}

}  // namespace fanlight::app
