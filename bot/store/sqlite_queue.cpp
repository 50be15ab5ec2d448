// Deliveries and jobs over SQLite: each method is one transaction that loads the few rows concerned, asks
// queue_rules, and writes the answer.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "codec.hpp"
#include "compress.hpp"
#include "fanlight/core/log.hpp"
#include "queue_rules.hpp"
#include "sqlite_store.hpp"

namespace fanlight::store {
namespace {

using Code = ErrorCode;

// An intake as it is written: everything that costs time is done before the mutex.
struct Packed {
  std::string delivery_key, meaning_key, headers, body;
};

JobRow row_of(const Rows& rows) {
  return {rows.integer(0),
          static_cast<JobKind>(rows.integer(1)),
          static_cast<JobState>(rows.integer(2)),
          static_cast<std::uint32_t>(rows.integer(3)),
          rows.time(4),
          rows.time(5)};
}

std::optional<JobRow> first(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return row_of(rows);
}

std::optional<JobRow> seen_job(Transaction& transaction, const std::string& key) {
  if (key.empty()) return std::nullopt;
  return first(
      transaction.query("SELECT id, kind, state, attempts, asked, ready FROM jobs WHERE id = "
                        "(SELECT job FROM seen WHERE key = ?1)",
                        Blob{key}));
}

std::optional<JobRow> waiting_review(Transaction& transaction, const std::string& change_key) {
  return first(
      transaction.query("SELECT id, kind, state, attempts, asked, ready FROM jobs "
                        "WHERE change_key = ?1 AND state = 0 AND kind = 0",
                        change_key));
}

std::vector<JobRow> open_jobs(Transaction& transaction, std::string_view change_key) {
  std::vector<JobRow> open;
  Rows rows = transaction.query(
      "SELECT id, kind, state, attempts, asked, ready FROM jobs "
      "WHERE change_key = ?1 AND state = 0 AND kind = 0 UNION ALL "
      "SELECT id, kind, state, attempts, asked, ready FROM jobs "
      "WHERE change_key = ?1 AND state = 0 AND kind = 1 UNION ALL "
      "SELECT id, kind, state, attempts, asked, ready FROM jobs "
      "WHERE change_key = ?1 AND state = 1",
      change_key);
  while (rows.next()) open.push_back(row_of(rows));
  return open;
}

// A redelivery of what led to `from` is from now on known as `into`.
void merge(Transaction& transaction, std::int64_t from, std::int64_t into) {
  transaction.run("UPDATE seen SET job = ?2 WHERE job = ?1", from, into);
  transaction.run("DELETE FROM jobs WHERE id = ?1", from);
}

std::int64_t write_job(Transaction& transaction, const Intake& intake, const Packed& packed,
                       const IntakeStep& step) {
  const Delivery& delivery = intake.delivery;
  if (step.step == Step::insert) {
    transaction.run(
        "INSERT INTO jobs (kind, state, change_key, display, host, delivery_id, headers, asked, "
        "not_before, ready) VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
        intake.kind, intake.change_key, intake.display, delivery.host, delivery.delivery_id, packed.headers,
        step.asked, step.not_before);
    return transaction.last_id();
  }
  transaction.run(
      "UPDATE jobs SET kind = ?1, state = 0, change_key = ?2, display = ?3, host = ?4, delivery_id = ?5, "
      "headers = ?6, asked = ?7, not_before = ?8, ready = ?8, attempts = 0, error = '' WHERE id = ?9",
      intake.kind, intake.change_key, intake.display, delivery.host, delivery.delivery_id, packed.headers,
      step.asked, step.not_before, step.job);
  return step.job;
}

Accepted enqueue_one(Transaction& transaction, const Intake& intake, const Packed& packed, TimePoint now) {
  auto seen = seen_job(transaction, packed.delivery_key);
  if (!seen) seen = seen_job(transaction, packed.meaning_key);
  bool review = intake.kind == JobKind::review;
  auto waiting = review ? waiting_review(transaction, intake.change_key) : std::nullopt;
  IntakeStep step = decide_intake(intake, now, seen, waiting);
  if (step.step == Step::nothing) return step.answer;
  std::int64_t job = write_job(transaction, intake, packed, step);
  transaction.run("INSERT OR REPLACE INTO bodies (job, body) VALUES (?1, ?2)", job, Blob{packed.body});
  for (const std::string* key : {&packed.delivery_key, &packed.meaning_key})
    if (!key->empty())
      transaction.run("INSERT INTO seen (key, job) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET job = ?2",
                      Blob{*key}, job);
  if (step.merged) merge(transaction, step.merged, job);
  return step.answer;
}

// The oldest job that is due names the change; the rules say which of the change's jobs it is.
std::optional<LeaseStep> find_lease(Transaction& transaction, TimePoint now) {
  std::set<std::string, std::less<>> looked_at;
  Rows rows = transaction.query(
      "SELECT change_key FROM jobs WHERE state < 2 AND ready <= ?1 ORDER BY asked, id", now);
  while (rows.next()) {
    if (looked_at.contains(rows.view(0))) continue;
    if (auto step = decide_lease(open_jobs(transaction, rows.view(0)), now)) return step;
    looked_at.emplace(rows.view(0));
  }
  return std::nullopt;
}

// Columns in the order of `job_of`.
#define FANLIGHT_JOB_COLUMNS                                                                                \
  "id, kind, state, change_key, display, host, delivery_id, headers, attempts, asked, not_before, leases, " \
  "error "

Result<Job> job_of(const Rows& rows) {
  Job job;
  job.id = rows.integer(0);
  job.kind = static_cast<JobKind>(rows.integer(1));
  job.state = static_cast<JobState>(rows.integer(2));
  job.change_key = rows.text(3);
  job.display = rows.text(4);
  job.delivery.host = rows.text(5);
  job.delivery.delivery_id = rows.text(6);
  job.attempts = static_cast<std::uint32_t>(rows.integer(8));
  job.asked = rows.time(9);
  job.not_before = rows.time(10);
  if (job.state == JobState::leased)
    job.lease = lease_token(job.id, static_cast<std::uint64_t>(rows.integer(11)));
  job.error = rows.text(12);
  auto headers = decode_headers(rows.view(7));
  if (!headers) return std::unexpected(headers.error());
  job.delivery.headers = std::move(*headers);
  return job;
}

Result<Job> load_leased(Transaction& transaction, std::int64_t id) {
  Rows job_rows = transaction.query("SELECT " FANLIGHT_JOB_COLUMNS "FROM jobs WHERE id = ?1", id);
  if (!job_rows.next()) return fail(Code::internal, "the job is not there");
  auto job = job_of(job_rows);
  if (!job) return job;
  Rows rows = transaction.query("SELECT body FROM bodies WHERE job = ?1", id);
  if (!rows.next()) return fail(Code::internal, "its delivery is not there");
  auto body = decompress(rows.view(0), body_bytes_max);
  if (!body) return std::unexpected(body.error());
  job->delivery.body = std::move(*body);
  return job;
}

void set_parked(Transaction& transaction, std::int64_t id, std::string_view error) {
  transaction.run("UPDATE jobs SET state = 3, error = ?2 WHERE id = ?1", id, error);
}

Result<Job> take(Transaction& transaction, const LeaseStep& step, TimePoint until) {
  if (step.merged) merge(transaction, step.merged, step.merged_into);
  if (step.released)
    transaction.run("UPDATE jobs SET state = 0, ready = not_before WHERE id = ?1", step.released);
  transaction.run(
      "UPDATE jobs SET state = 1, attempts = attempts + 1, leases = leases + 1, ready = ?2 WHERE id = ?1",
      step.job, until);
  return load_leased(transaction, step.job);
}

// Refuses the transaction unless `job` still holds its lease.
bool holds_lease(Transaction& transaction, const Job& job) {
  Rows rows = transaction.query("SELECT leases FROM jobs WHERE id = ?1 AND state = 1", job.id);
  bool holds = rows.next() && lease_token(job.id, static_cast<std::uint64_t>(rows.integer(0))) == job.lease;
  if (!holds) transaction.refuse(lease_lost(job));
  return holds;
}

}  // namespace

Result<std::vector<Accepted>> SqliteStore::enqueue(std::span<const Intake> batch, TimePoint now) {
  std::vector<Packed> packed;
  packed.reserve(batch.size());
  for (const Intake& intake : batch) {
    if (auto checked = check_intake(intake); !checked) return std::unexpected(checked.error());
    packed.push_back({delivery_key(intake), meaning_key(intake), encode_headers(intake.delivery.headers),
                      compress(intake.delivery.body)});
  }
  std::vector<Accepted> answers;
  answers.reserve(batch.size());
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  for (std::size_t i = 0; i < batch.size(); ++i)
    answers.push_back(enqueue_one(transaction, batch[i], packed[i], now));
  if (auto done = transaction.commit("enqueue"); !done) return std::unexpected(done.error());
  return answers;
}

Result<std::optional<Job>> SqliteStore::lease(TimePoint now, std::chrono::milliseconds lease_for) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  std::optional<Job> leased;
  while (auto step = find_lease(transaction, now)) {
    auto job = take(transaction, *step, now + lease_for);
    if (!transaction.ok()) break;
    if (job) {
      leased = std::move(*job);
      break;
    }
    // A row that the disk damaged must not stand in the way of the others for ever.
    log::error("job parked, its delivery cannot be read", {{"job", step->job}, {"error", job.error().text}});
    set_parked(transaction, step->job, one_line(job.error().text));
  }
  if (auto done = transaction.commit("lease"); !done) return std::unexpected(done.error());
  return leased;
}

// change_due is never before the earliest `ready` of the change, so most rows need no second look.
Result<std::optional<TimePoint>> SqliteStore::next_due() {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::read);
  std::optional<TimePoint> best;
  std::set<std::string, std::less<>> looked_at;
  {
    Rows rows = transaction.query("SELECT ready, change_key FROM jobs WHERE state < 2");
    while (rows.next()) {
      if ((best && rows.time(0) >= *best) || !looked_at.emplace(rows.view(1)).second) continue;
      auto due = change_due(open_jobs(transaction, rows.view(1)));
      if (due && (!best || *due < *best)) best = due;
    }
  }
  if (auto done = transaction.commit("next due"); !done) return std::unexpected(done.error());
  return best;
}

Result<void> SqliteStore::extend(const Job& job, TimePoint until) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  if (holds_lease(transaction, job))
    transaction.run("UPDATE jobs SET ready = ?2 WHERE id = ?1", job.id, until);
  return transaction.commit("extend");
}

Result<void> SqliteStore::complete(const Job& job, const std::optional<Record>& record, TimePoint now) {
  std::string frame;
  if (record) {
    auto json = encode_record(*record);
    if (!json) return std::unexpected(json.error());
    frame = compress(*json);
  }
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  if (holds_lease(transaction, job)) {
    transaction.run("UPDATE jobs SET state = 2, finished = ?2 WHERE id = ?1", job.id, now);
    transaction.run("DELETE FROM bodies WHERE job = ?1", job.id);
    if (record) put_record(transaction, *record, frame);
  }
  return transaction.commit("complete");
}

Result<void> SqliteStore::fail(const Job& job, const std::string& error, TimePoint retry_at) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  if (holds_lease(transaction, job)) {
    auto newer = job.kind == JobKind::review ? waiting_review(transaction, job.change_key) : std::nullopt;
    if (newer)
      merge(transaction, job.id, newer->id);
    else
      transaction.run("UPDATE jobs SET state = 0, not_before = ?2, ready = ?2, error = ?3 WHERE id = ?1",
                      job.id, retry_at, one_line(error));
  }
  return transaction.commit("fail");
}

Result<void> SqliteStore::park(const Job& job, const std::string& error, TimePoint) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  if (holds_lease(transaction, job)) set_parked(transaction, job.id, one_line(error));
  return transaction.commit("park");
}

Result<bool> SqliteStore::superseded(const Job& job) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::read);
  auto waiting = waiting_review(transaction, job.change_key);
  if (auto done = transaction.commit("superseded"); !done) return std::unexpected(done.error());
  return waiting && waiting->id != job.id;
}

Result<std::vector<Job>> SqliteStore::jobs(std::size_t limit) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::read);
  std::vector<Job> jobs;
  {
    Rows rows = transaction.query("SELECT " FANLIGHT_JOB_COLUMNS
                                  "FROM jobs WHERE state < 2 UNION ALL "
                                  "SELECT " FANLIGHT_JOB_COLUMNS
                                  "FROM jobs WHERE state = 3 ORDER BY asked, id LIMIT ?1",
                                  std::min(limit, list_max));
    while (rows.next()) {
      auto job = job_of(rows);
      if (!job) log::warn("job left out of a list", {{"job", rows.integer(0)}, {"error", job.error().text}});
      if (job) jobs.push_back(std::move(*job));
    }
  }
  if (auto done = transaction.commit("list jobs"); !done) return std::unexpected(done.error());
  return jobs;
}

Result<QueueStats> SqliteStore::queue() {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::read);
  QueueStats stats;
  {
    Rows rows = transaction.query(
        "SELECT state, count(*), min(asked) FROM jobs WHERE state < 2 GROUP BY state "
        "UNION ALL SELECT 3, count(*), NULL FROM jobs WHERE state = 3");
    while (rows.next()) {
      auto count = static_cast<std::uint64_t>(rows.integer(1));
      switch (static_cast<JobState>(rows.integer(0))) {
        case JobState::waiting:
          stats.waiting = count, stats.oldest_waiting = rows.time(2);
          break;
        case JobState::leased:
          stats.leased = count;
          break;
        case JobState::parked:
          stats.parked = count;
          break;
        case JobState::done:
          break;
      }
    }
  }
  if (auto done = transaction.commit("queue"); !done) return std::unexpected(done.error());
  return stats;
}

}  // namespace fanlight::store
