// Records, posted comments, waivers, the audit and house-keeping over SQLite.
#include <fmt/format.h>

#include <algorithm>

#include "codec.hpp"
#include "compress.hpp"
#include "fanlight/core/log.hpp"
#include "queue_rules.hpp"
#include "sqlite_store.hpp"

namespace fanlight::store {
namespace {

// Rows deleted in one transaction, so that pruning a year does not keep deliveries waiting.
constexpr std::size_t prune_rows_max = 500;

Result<Record> unpack_record(std::string_view frame) {
  auto json = decompress(frame, record_bytes_max);
  if (!json) return fail_in("store: read a record", json.error());
  return decode_record(*json);
}

Result<std::optional<Record>> optional_record(const std::optional<std::string>& frame) {
  if (!frame) return std::nullopt;
  return unpack_record(*frame);
}

std::optional<std::string> first_frame(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return rows.text(0);
}

}  // namespace

void put_record(Transaction& transaction, const Record& record, std::string_view frame) {
  transaction.run(
      "INSERT INTO records (id, change_key, head_sha, created, body) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT (id) DO UPDATE SET change_key = ?2, head_sha = ?3, created = ?4, body = ?5",
      record.id, record.change.key(), record.head_sha, record.created, Blob{frame});
}

Result<std::optional<Record>> SqliteStore::record(const std::string& id) {
  std::unique_lock lock(mutex_);
  Transaction transaction(*db_, Access::read);
  auto frame = first_frame(transaction.query("SELECT body FROM records WHERE id = ?1", id));
  if (auto done = transaction.commit("read a record"); !done) return std::unexpected(done.error());
  lock.unlock();
  return optional_record(frame);
}

Result<std::optional<Record>> SqliteStore::latest(const std::string& change_key,
                                                  const std::string& head_sha) {
  std::unique_lock lock(mutex_);
  Transaction transaction(*db_, Access::read);
  auto frame =
      first_frame(transaction.query("SELECT body FROM records WHERE change_key = ?1 AND "
                                    "(?2 = '' OR head_sha = ?2) ORDER BY created DESC, seq DESC LIMIT 1",
                                    change_key, head_sha));
  if (auto done = transaction.commit("read a record"); !done) return std::unexpected(done.error());
  lock.unlock();
  return optional_record(frame);
}

Result<std::vector<Record>> SqliteStore::records(std::size_t limit) {
  std::vector<Record> records;
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::read);
  {
    Rows rows = transaction.query("SELECT body, id FROM records ORDER BY created DESC, seq DESC LIMIT ?1",
                                  std::min(limit, records_page_max));
    while (rows.next()) {
      auto record = unpack_record(rows.view(0));
      if (!record)
        log::warn("record left out of a list", {{"record", rows.text(1)}, {"error", record.error().text}});
      if (record) records.push_back(std::move(*record));
    }
  }
  if (auto done = transaction.commit("list records"); !done) return std::unexpected(done.error());
  return records;
}

Result<void> SqliteStore::put_posted(const PostedComment& comment) {
  const Posted& posted = comment.posted;
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  transaction.run(
      "INSERT INTO posted (change_key, marker, kind, id, head_sha, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
      "ON CONFLICT (change_key, marker) DO UPDATE SET kind = ?3, id = ?4, head_sha = ?5, digest = ?6",
      comment.change_key, posted.marker, posted.kind, posted.id, posted.head_sha, posted.digest);
  return transaction.commit("keep a posted comment");
}

Result<std::vector<Posted>> SqliteStore::posted(const std::string& change_key) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::read);
  std::vector<Posted> posted;
  {
    Rows rows = transaction.query(
        "SELECT kind, id, marker, head_sha, digest FROM posted WHERE change_key = ?1 "
        "ORDER BY seq",
        change_key);
    while (rows.next())
      posted.push_back(
          {static_cast<PostedKind>(rows.integer(0)), rows.text(1), rows.text(2), rows.text(3), rows.text(4)});
  }
  if (auto done = transaction.commit("list posted comments"); !done) return std::unexpected(done.error());
  return posted;
}

Result<void> SqliteStore::put_waiver(const StoredWaiver& stored) {
  const Waiver& waiver = stored.waiver;
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  transaction.run(
      "INSERT INTO waivers (repository, fingerprint, reason, owner, expires, created) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (repository, fingerprint) "
      "DO UPDATE SET reason = ?3, owner = ?4, expires = ?5, created = ?6",
      stored.repository, waiver.fingerprint, waiver.reason, waiver.owner, waiver.expires, stored.created);
  return transaction.commit("keep a waiver");
}

Result<bool> SqliteStore::drop_waiver(const std::string& repository, const std::string& fingerprint) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  auto dropped = transaction.run("DELETE FROM waivers WHERE repository = ?1 AND fingerprint = ?2", repository,
                                 fingerprint);
  if (auto done = transaction.commit("drop a waiver"); !done) return std::unexpected(done.error());
  return dropped > 0;
}

Result<std::vector<StoredWaiver>> SqliteStore::waivers(const std::string& repository) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::read);
  std::vector<StoredWaiver> waivers;
  {
    Rows rows = transaction.query(
        "SELECT repository, fingerprint, reason, owner, expires, created FROM waivers "
        "WHERE repository = ?1 ORDER BY seq",
        repository);
    while (rows.next()) {
      StoredWaiver& stored = waivers.emplace_back();
      stored.repository = rows.text(0);
      stored.waiver = {rows.text(1), rows.text(2), rows.text(3), {}};
      if (!rows.is_null(4)) stored.waiver.expires = rows.time(4);
      stored.created = rows.time(5);
    }
  }
  if (auto done = transaction.commit("list waivers"); !done) return std::unexpected(done.error());
  return waivers;
}

Result<void> SqliteStore::put_term(const StoredTerm& stored) {
  const LexiconTerm& term = stored.term;
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  {
    Rows rows = transaction.query(
        "SELECT count(*) FROM terms WHERE repository = ?1 AND NOT (kind = ?2 AND name = ?3)",
        stored.repository, term.kind, term.text);
    if (rows.next() && rows.integer(0) >= static_cast<std::int64_t>(lexicon_terms_max))
      transaction.refuse(too_many_terms(stored.repository));
  }
  transaction.run(
      "INSERT INTO terms (repository, kind, name, confirmed, person, created) VALUES (?1, ?2, ?3, ?4, ?5, "
      "?6) "
      "ON CONFLICT (repository, kind, name) DO UPDATE SET confirmed = ?4, person = ?5, created = ?6",
      stored.repository, term.kind, term.text, std::int64_t{term.confirmed}, term.by, stored.created);
  return transaction.commit("keep a name");
}

Result<std::vector<StoredTerm>> SqliteStore::terms(const std::string& repository) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::read);
  std::vector<StoredTerm> terms;
  {
    Rows rows = transaction.query(
        "SELECT kind, name, confirmed, person, created FROM terms WHERE repository = ?1 ORDER BY seq",
        repository);
    while (rows.next()) {
      terms.push_back(
          {repository, {rows.text(0), rows.text(1), rows.integer(2) != 0, rows.text(3)}, rows.time(4)});
    }
  }
  if (auto done = transaction.commit("list names"); !done) return std::unexpected(done.error());
  return terms;
}

Result<void> SqliteStore::audit(const AuditEntry& entry) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  transaction.run("INSERT INTO audit (at, actor, what, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
                  entry.at, one_line(entry.actor), one_line(entry.what), one_line(entry.subject),
                  one_line(entry.detail));
  return transaction.commit("audit");
}

Result<std::vector<AuditEntry>> SqliteStore::audit_log(std::size_t limit) {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::read);
  std::vector<AuditEntry> entries;
  {
    Rows rows =
        transaction.query("SELECT at, actor, what, subject, detail FROM audit ORDER BY seq DESC LIMIT ?1",
                          std::min(limit, list_max));
    while (rows.next())
      entries.push_back({rows.time(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4)});
  }
  if (auto done = transaction.commit("read the audit"); !done) return std::unexpected(done.error());
  return entries;
}

Result<std::uint64_t> SqliteStore::prune(TimePoint before) {
  std::uint64_t gone = 0;
  for (bool more = true; more;) {
    std::lock_guard lock(mutex_);
    Transaction transaction(*db_, Access::write);
    std::vector<std::int64_t> old;
    {
      Rows rows = transaction.query("SELECT id FROM jobs WHERE state = 2 AND finished < ?1 LIMIT ?2", before,
                                    prune_rows_max);
      while (rows.next()) old.push_back(rows.integer(0));
    }
    std::uint64_t rows_gone = 0;
    for (std::int64_t job : old) {
      rows_gone += transaction.run("DELETE FROM seen WHERE job = ?1", job);
      rows_gone += transaction.run("DELETE FROM jobs WHERE id = ?1", job);
    }
    auto records = transaction.run(
        "DELETE FROM records WHERE seq IN "
        "(SELECT seq FROM records WHERE created < ?1 LIMIT ?2)",
        before, prune_rows_max);
    if (auto done = transaction.commit("prune"); !done) return std::unexpected(done.error());
    gone += rows_gone + records;
    more = old.size() == prune_rows_max || records == prune_rows_max;
  }
  return gone;
}

Result<void> SqliteStore::ping() {
  std::lock_guard lock(mutex_);
  Transaction transaction(*db_, Access::write);
  transaction.run("UPDATE heartbeat SET beats = beats + 1 WHERE id = 1");
  return transaction.commit("ping");
}

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, const SqliteOptions& options) {
  auto db = Db::open(path, options);
  if (!db) return fail_in("store: open", db.error());
  if (auto migrated = migrate(**db); !migrated) return fail_in("store: open", migrated.error());
  SqliteOptions for_log = options;
  for_log.cache_kib = 256;
  auto log_db = Db::open(path, for_log);
  if (!log_db) return fail_in("store: open", log_db.error());
  return std::make_unique<SqliteStore>(std::move(*db), std::move(*log_db));
}

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path) {
  return open_sqlite_store(path, {});
}

}  // namespace fanlight::store
