// The way of one job, as design says it: lease, fetch, scan, evaluate, plan, publish, complete. Whatever goes
// wrong comes out of one place (`end_job`), which knows the two ends an error can have: again later, or set
// aside where people see it.
#include "fanlight/app/worker.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "fanlight/core/log.hpp"
#include "fanlight/policy/render.hpp"
#include "job.hpp"

namespace fanlight::app {

namespace asio = boost::asio;

namespace {

// A lease outlives the job's own deadline, so that a job that is still being done is never taken by another.
constexpr std::chrono::milliseconds lease_margin{30'000};
constexpr std::chrono::milliseconds idle_wait{5'000};
constexpr std::chrono::milliseconds lease_pause{20};
constexpr std::chrono::milliseconds drain_time{20'000};

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
  Action action = std::move(status);
  work.deadline = work.deadline.sooner(lease_margin);
  auto applying = post(work, change, Diff{}, action, true);
  auto applied = co_await std::move(applying);
  if (!applied) log::warn("status not set", {{"change", work.job.display}, {"error", applied.error().text}});
}

// A job that the end of the process cut short is not to blame.
bool may_retry(const Error& error, const store::Job& job, const Config& config) {
  if (error.code == ErrorCode::canceled) return true;
  return is_retryable(error.code) && job.attempts < config.attempts_max;
}

// Set aside where people see it.
Task<Result<void>> park(Services& services, store::Job job, Error error, TimePoint now) {
  log::error("job parked", {{"job", job.id}, {"change", job.display}, {"error", error.text}});
  store::Store& store = services.store;
  const store::AuditEntry entry{now, "fanlight", "job parked", job.display, error.text};
  auto parking = on_pool(services.store_pool, [&store, job, text = error.text, entry, now]() -> Result<void> {
    if (auto parked = store.park(job, text, now); !parked) return parked;
    return store.audit(entry);
  });
  co_return co_await std::move(parking);
}

// A job of a host that the configuration does not have any more.
Task<Result<JobEnd>> park_homeless(Services& services, store::Job job, TimePoint now) {
  const std::string_view kind = job.kind == store::JobKind::command ? "command" : "review";
  Error error(ErrorCode::not_found, "job: host \"" + job.delivery.host + "\" is not configured any more");
  auto parking = park(services, std::move(job), std::move(error), now);
  auto parked = co_await std::move(parking);
  services.metrics.job(kind, "parked", services.clock.now() - now);
  if (!parked) co_return std::unexpected(parked.error());
  co_return JobEnd::parked;
}

// Until the repository's policy is read, the server's own says which names are private.
std::shared_ptr<const Gate> server_gate(Services& services) {
  auto scanner = services.scanners.get(services.scanner, {}).value();
  const ScanSettings settings = scanner->settings(services.config.policy);
  return make_gate(services, std::move(scanner), settings);
}

Task<Result<JobEnd>> end_job(Work& work, const Event& event, Result<Done> result, TimePoint started) {
  Services& services = work.services;
  store::Store& store = services.store;
  const TimePoint now = services.clock.now();
  const std::string_view kind = work.job.kind == store::JobKind::command ? "command" : "review";
  Result<void> written;
  JobEnd end = JobEnd::done;
  // Kept with the job, and shown wherever the job is.
  if (!result) result.error().text = work.gate->clean(result.error().text);
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
    auto parking = park(services, work.job, error, now);
    written = co_await std::move(parking);
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
    auto parking = park_homeless(services, std::move(job), started);
    co_return co_await std::move(parking);
  }
  Work work{services, *found->second, std::move(job), Deadline::after(services.config.job_timeout),
            server_gate(services)};
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
