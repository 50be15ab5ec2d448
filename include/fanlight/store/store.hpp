// The store port: what survives a kill -9. Blocking; called from the store pool only, never from the io
// thread. Implementations: memory (tests, one-shot commands) and SQLite; tests/unit/store runs one suite over
// each.
//
// All methods are safe to call from several threads. An implementation commits before it returns: what a
// method has answered is durable (memory: until the process ends). No secret is ever given to the store:
// delivery bodies are the host's payloads, kept until their job is done and then dropped.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fanlight/core/clock.hpp"
#include "fanlight/core/result.hpp"
#include "fanlight/model/event.hpp"
#include "fanlight/model/lexicon.hpp"
#include "fanlight/model/record.hpp"
#include "fanlight/model/waiver.hpp"

namespace fanlight::store {

enum class JobKind : std::uint8_t {
  review,   // coalesced: one waiting job per change, the newest delivery wins
  command,  // one job per comment, in order
};
enum class JobState : std::uint8_t { waiting, leased, done, parked };

// A delivery that was verified and decoded, and the job it asks for.
struct Intake {
  Delivery delivery;
  std::string change_key;  // ChangeRef::key()
  std::string display;     // ChangeRef::display(), for people
  std::string meaning;     // Event::meaning
  JobKind kind = JobKind::review;
  // A review job is not leased before this, so that a burst of pushes becomes one review. When a waiting job
  // absorbs a newer delivery, its time moves to the newer one, at most `settle_max` after it was first asked
  // for. A job that was tried before starts afresh with the newer delivery: no attempts, asked for now.
  TimePoint not_before{};
};

enum class Accepted : std::uint8_t {
  queued,     // a new job
  coalesced,  // joined the waiting job of its change
  repeat,     // the same delivery id or meaning is already waiting, leased or done: nothing changed
};
// A repeat of something whose job was parked is queued again (hosts redeliver under the same id): no
// attempts, asked for now; or it joins the waiting review of its change when there is one. A meaning that is
// empty is never a repeat.

struct Job {
  std::int64_t id = 0;
  JobKind kind = JobKind::review;
  JobState state = JobState::waiting;
  std::string change_key, display;
  Delivery delivery;
  std::uint32_t attempts = 0;  // leases so far, this one included
  TimePoint asked{};           // when first asked for, since it was last tried or parked
  TimePoint not_before{};
  std::string lease;  // token of the lease that `lease()` gave; stale once somebody else has the job
  std::string error;  // of the last attempt, one line
};

// What fanlight has posted, found again after a restart without asking the host.
struct PostedComment {
  std::string change_key;
  Posted posted;
};

struct AuditEntry {
  TimePoint at{};
  std::string actor;    // login, "policy" or "fanlight"
  std::string what;     // "waiver added", "waiver revoked", "job parked"
  std::string subject;  // repository or change
  std::string detail;   // one line, nothing secret
};

struct StoredWaiver {
  std::string repository;  // "github|acme/api": host and repository
  Waiver waiver;
  TimePoint created{};
};

struct StoredTerm {
  std::string repository;  // as StoredWaiver's
  LexiconTerm term;
  TimePoint created{};
};

struct QueueStats {
  std::uint64_t waiting = 0, leased = 0, parked = 0;
  std::optional<TimePoint> oldest_waiting;
};

inline constexpr auto settle_max = std::chrono::seconds(15);
inline constexpr std::size_t records_page_max = 200;
inline constexpr std::size_t list_max = 1000;  // of jobs() and audit_log()

class Store {
 public:
  virtual ~Store() = default;

  // One transaction for all of `batch`; the answer has the same order. All or nothing. `bad_input` or
  // `too_large` when one of them cannot be kept (no id, a body over 32 MiB).
  virtual Result<std::vector<Accepted>> enqueue(std::span<const Intake> batch, TimePoint now) = 0;

  // The waiting job that may run now and waits longest, of a change none of whose jobs is leased (commands
  // before reviews of the same change, and a command never before an earlier one). Expired leases count as
  // waiting; an abandoned review joins a newer one that waits. Nothing when there is none.
  virtual Result<std::optional<Job>> lease(TimePoint now, std::chrono::milliseconds lease_for) = 0;
  // When the next lease() gives a job, if nothing else happens: a leased job counts from the end of its
  // lease. Nothing when no job is open. For the worker's sleep.
  virtual Result<std::optional<TimePoint>> next_due() = 0;

  // The next four fail with `conflict` when the lease is no longer the job's: somebody else has it.
  virtual Result<void> extend(const Job& job, TimePoint until) = 0;
  // Done, with its record in the same transaction; drops the delivery body.
  virtual Result<void> complete(const Job& job, const std::optional<Record>& record, TimePoint now) = 0;
  // Waits again until `retry_at`. A review joins a newer one that waits.
  virtual Result<void> fail(const Job& job, const std::string& error, TimePoint retry_at) = 0;
  // Set aside after the last try; stays visible, and a redelivery wakes it.
  virtual Result<void> park(const Job& job, const std::string& error, TimePoint now) = 0;

  // True when another review of the same change waits, so that publishing this one would be out of date.
  virtual Result<bool> superseded(const Job& job) = 0;
  // Waiting, leased and parked, first asked first; bodies left out.
  virtual Result<std::vector<Job>> jobs(std::size_t limit) = 0;
  virtual Result<QueueStats> queue() = 0;

  virtual Result<std::optional<Record>> record(const std::string& id) = 0;
  // The newest record of a change, at one head unless `head_sha` is empty.
  virtual Result<std::optional<Record>> latest(const std::string& change_key,
                                               const std::string& head_sha) = 0;
  virtual Result<std::vector<Record>> records(std::size_t limit) = 0;  // newest first

  // Replaces what has the same marker on the same change.
  virtual Result<void> put_posted(const PostedComment& comment) = 0;
  virtual Result<std::vector<Posted>> posted(const std::string& change_key) = 0;

  // Replaces a waiver of the same repository and fingerprint.
  virtual Result<void> put_waiver(const StoredWaiver& waiver) = 0;
  // False when there was none.
  virtual Result<bool> drop_waiver(const std::string& repository, const std::string& fingerprint) = 0;
  virtual Result<std::vector<StoredWaiver>> waivers(const std::string& repository) = 0;

  // Replaces what was said of the same name of the same kind. too_large for one more than
  // `lexicon_terms_max`.
  virtual Result<void> put_term(const StoredTerm& term) = 0;
  virtual Result<std::vector<StoredTerm>> terms(const std::string& repository) = 0;

  virtual Result<void> audit(const AuditEntry& entry) = 0;
  virtual Result<std::vector<AuditEntry>> audit_log(std::size_t limit) = 0;  // newest first

  // Forgets jobs that were completed before `before`, with their delivery ids, and records made before it.
  // How many rows went. What is parked stays.
  virtual Result<std::uint64_t> prune(TimePoint before) = 0;
  // For /readyz: can it still write?
  virtual Result<void> ping() = 0;
};

std::unique_ptr<Store> make_memory_store();

// Opens or makes the database file, mode 0600, WAL, synchronous=FULL, migrated to this version. Refuses a
// file that a newer fanlight has migrated.
Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path);

}  // namespace fanlight::store
