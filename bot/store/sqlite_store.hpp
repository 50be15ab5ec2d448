// The store over one SQLite file. One connection and one mutex: SQLite lets one writer in at a time anyway,
// and what is slow (compressing, encoding) happens before the mutex is taken. Other processes may have the
// same file open.
//
// The queue's half is in sqlite_queue.cpp, the rest in sqlite_rows.cpp; what to do is decided in
// queue_rules.cpp.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "checkpointer.hpp"
#include "fanlight/store/store.hpp"
#include "sqlite_db.hpp"

namespace fanlight::store {

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, const SqliteOptions& options);

class SqliteStore final : public Store {
 public:
  // `log_db`: a second connection to the same file, for the checkpointer.
  SqliteStore(std::unique_ptr<Db> db, std::unique_ptr<Db> log_db)
      : db_(std::move(db)), checkpointer_(*db_, std::move(log_db), mutex_) {}

  Result<std::vector<Accepted>> enqueue(std::span<const Intake> batch, TimePoint now) override;
  Result<std::optional<Job>> lease(TimePoint now, std::chrono::milliseconds lease_for) override;
  Result<std::optional<TimePoint>> next_due() override;
  Result<void> extend(const Job& job, TimePoint until) override;
  Result<void> complete(const Job& job, const std::optional<Record>& record, TimePoint now) override;
  Result<void> fail(const Job& job, const std::string& error, TimePoint retry_at) override;
  Result<void> park(const Job& job, const std::string& error, TimePoint now) override;
  Result<bool> superseded(const Job& job) override;
  Result<std::vector<Job>> jobs(std::size_t limit) override;
  Result<QueueStats> queue() override;

  Result<std::optional<Record>> record(const std::string& id) override;
  Result<std::optional<Record>> latest(const std::string& change_key, const std::string& head_sha) override;
  Result<std::vector<Record>> records(std::size_t limit) override;
  Result<void> put_posted(const PostedComment& comment) override;
  Result<std::vector<Posted>> posted(const std::string& change_key) override;
  Result<void> put_waiver(const StoredWaiver& waiver) override;
  Result<bool> drop_waiver(const std::string& repository, const std::string& fingerprint) override;
  Result<std::vector<StoredWaiver>> waivers(const std::string& repository) override;
  Result<void> put_term(const StoredTerm& term) override;
  Result<std::vector<StoredTerm>> terms(const std::string& repository) override;
  Result<void> audit(const AuditEntry& entry) override;
  Result<std::vector<AuditEntry>> audit_log(std::size_t limit) override;
  Result<std::uint64_t> prune(TimePoint before) override;
  Result<void> ping() override;

 private:
  std::mutex mutex_;
  std::unique_ptr<Db> db_;  // under mutex_
  Checkpointer checkpointer_;
};

// `record` as the table keeps it; `json` and its compression are made before the mutex is taken.
void put_record(Transaction& transaction, const Record& record, std::string_view frame);

}  // namespace fanlight::store
