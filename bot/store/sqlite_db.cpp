#include "sqlite_db.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace fanlight::store {
namespace {

struct Advice {
  int code;
  ErrorCode means;
  std::string_view why, what_to_do;  // empty `why`: SQLite's own words
};

constexpr Advice advice[] = {
    {SQLITE_BUSY, ErrorCode::unavailable, "another process holds it", "try again, or stop the other process"},
    {SQLITE_FULL, ErrorCode::io, "the disk or the database is full", "free space, then try again"},
    {SQLITE_READONLY, ErrorCode::io, "it cannot be written",
     "let this user write the file and its directory"},
    {SQLITE_CANTOPEN, ErrorCode::io, "it cannot be opened",
     "check that its directory exists and that this user may read and write there"},
    {SQLITE_PERM, ErrorCode::io, "permission denied", "let this user read and write it"},
    {SQLITE_NOTADB, ErrorCode::io, "it is not a database or it is damaged",
     "restore a backup, or move it away to start empty"},
    {SQLITE_CORRUPT, ErrorCode::io, "it is damaged", "restore a backup, or move it away to start empty"},
    {SQLITE_IOERR, ErrorCode::io, "the disk failed to read or write", "look at the system's log"},
    {SQLITE_TOOBIG, ErrorCode::too_large, "a value is too large", "report this"},
    {SQLITE_NOMEM, ErrorCode::unavailable, "out of memory", "give the process more memory"},
};

// Made here and not by SQLite, so that nobody else can read it even for a moment; the log files inherit the
// mode. An existing file is changed by name: opening and closing it would drop the locks that this process
// has on it.
Result<void> make_private(const std::string& path) {
  int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  int why = errno;
  struct stat info{};
  if (why != EEXIST || ::stat(path.c_str(), &info) != 0)
    return fail(why == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                fmt::format("{}: {}: check that its directory exists and that this user may write there",
                            path, std::strerror(why)));
  if (!S_ISREG(info.st_mode))
    return fail(ErrorCode::bad_input,
                fmt::format("{}: not a regular file: give the path of the database", path));
  if ((info.st_mode & 0077) != 0 && ::chmod(path.c_str(), 0600) != 0)
    return fail(ErrorCode::io,
                fmt::format("{}: others can read it, and its mode cannot be changed: {}: chmod 600 it", path,
                            std::strerror(errno)));
  return {};
}

}  // namespace

Result<std::unique_ptr<Db>> Db::open(const std::string& path, const SqliteOptions& options) {
  if (path.empty()) return fail(ErrorCode::bad_input, "the path is empty: give the path of the database");
  // SQLite gives a leading ":" a meaning of its own.
  std::string plain = path.starts_with(':') ? "./" + path : path;
  if (auto made = make_private(plain); !made) return std::unexpected(made.error());
  std::unique_ptr<Db> db(new Db(plain));
  if (auto connected = db->connect(options); !connected) return std::unexpected(connected.error());
  return db;
}

Result<void> Db::connect(const SqliteOptions& options) {
  sqlite3* handle = nullptr;
  int code = sqlite3_open_v2(path_.c_str(), &handle,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) return std::unexpected(error(code));
  sqlite3_busy_timeout(handle, options.busy_ms);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return configure(options);
}

Result<void> Db::configure(const SqliteOptions& options) {
  auto set = [this](std::string sql) { return exec(sql.c_str()); };
  if (auto r = set(fmt::format("PRAGMA page_size = {}", options.page_bytes)); !r) return r;
  if (auto r = switch_to_wal(options.busy_ms); !r) return r;
  std::string pragmas = fmt::format(
      "PRAGMA synchronous = {}; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;"
      "PRAGMA cache_size = -{}; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = {};",
      options.flush ? "FULL" : "OFF", options.cache_kib, options.log_bytes_max);
  if (options.pages_max > 0) pragmas += fmt::format("PRAGMA max_page_count = {};", options.pages_max);
  return set(pragmas);
}

// The switch needs the file for itself for a moment, and SQLite does not wait there when two processes open a
// new file at once; so this does.
Result<void> Db::switch_to_wal(int busy_ms) {
  constexpr int pause_ms = 10;
  auto keep = [](void* mode, int, char** values, char**) {
    *static_cast<std::string*>(mode) = values[0] ? values[0] : "";
    return 0;
  };
  for (int waited = 0;; waited += pause_ms) {
    std::string mode;
    int code = sqlite3_exec(handle_.get(), "PRAGMA journal_mode = WAL", keep, &mode, nullptr);
    if (code == SQLITE_OK && mode == "wal") return {};
    if (code == SQLITE_OK)
      return fail(
          ErrorCode::unsupported,
          fmt::format("{}: the file system cannot share memory for the log: use a local disk", path_));
    if ((code & 0xff) != SQLITE_BUSY || waited >= busy_ms) return std::unexpected(error(code));
    sqlite3_sleep(pause_ms);
  }
}

Result<void> Db::exec(const char* sql) {
  int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(error(code));
  return {};
}

void Db::on_commit(std::function<void(int)> heard) {
  heard_ = std::move(heard);
  auto call = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<Db*>(self)->heard_(pages);
    return SQLITE_OK;
  };
  sqlite3_wal_hook(handle_.get(), call, this);
}

Result<int> Db::checkpoint() {
  int log_pages = 0;
  int code =
      sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &log_pages, nullptr);
  // Busy: another process is copying the log right now.
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) return std::unexpected(error(code));
  return log_pages;
}

Error Db::error(int code) const {
  int primary = code & 0xff;
  for (const Advice& known : advice)
    if (known.code == primary)
      return {known.means, fmt::format("{}: {} (SQLite {}): {}", path_, known.why, code, known.what_to_do)};
  const char* why = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
  return {ErrorCode::internal, fmt::format("{}: {} (SQLite {}): report this", path_, why, code)};
}

sqlite3_stmt* Db::prepare(std::string_view sql) {
  auto& statement = statements_[sql];
  if (!statement) {
    sqlite3_stmt* made = nullptr;
    sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                       &made, nullptr);
    statement.reset(made);
  }
  return statement.get();
}

bool Rows::next() {
  if (!statement_ || !transaction_.ok()) return false;
  int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) transaction_.check(code);
  sqlite3_reset(statement_);
  statement_ = nullptr;
  return false;
}

std::string_view Rows::view(int column) const {
  auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes ? std::string_view(bytes, size) : std::string_view();
}

Transaction::Transaction(Db& db, Access access) : db_(db) {
  if (access == Access::write) run("BEGIN IMMEDIATE");
  open_ = access == Access::write && ok();
}

// Some errors have rolled back already; then SQLite is back in autocommit.
Transaction::~Transaction() {
  if (open_ && !sqlite3_get_autocommit(db_.handle_.get()))
    sqlite3_exec(db_.handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

sqlite3_stmt* Transaction::start(std::string_view sql) {
  if (!ok()) return nullptr;
  sqlite3_stmt* statement = db_.prepare(sql);
  if (!statement) refuse(db_.error(sqlite3_extended_errcode(db_.handle_.get())));
  return statement;
}

void Transaction::check(int code) {
  if (code != SQLITE_OK && ok()) refuse(db_.error(code));
}

void Transaction::refuse(Error error) {
  if (!error_) error_ = std::move(error);
}

Result<void> Transaction::commit(std::string_view what) {
  if (open_ && ok()) run("COMMIT");
  if (ok()) return {};
  return fail_in(fmt::format("store: {}", what), *error_);
}

}  // namespace fanlight::store
