// A thin RAII layer over the C interface of SQLite: an open file, a transaction, rows. Used by one thread at
// a time; the store's mutex sees to that.
//
// Errors are kept, not thrown: after the first one every call of the same Transaction does nothing, and
// commit() returns it after rolling back. So code between begin and commit reads straight on.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "fanlight/core/clock.hpp"
#include "fanlight/core/result.hpp"

namespace fanlight::store {

struct SqliteOptions {
  int busy_ms = 5000;  // how long to wait for another process's transaction
  std::int64_t page_bytes = 4096;
  std::int64_t cache_kib = 8192;
  std::int64_t log_bytes_max = 64 << 20;  // what the log keeps on disk, to be written over
  bool flush = true;                      // false only in tests: what was answered may go with the power
  std::int64_t pages_max = 0;             // of the file; 0 for no limit but the disk. Tests make it small.
};

// Marks bytes that are bound as a BLOB and not as TEXT.
struct Blob {
  std::string_view bytes;
};

class Transaction;

class Db {
 public:
  // Opens or makes the file, mode 0600, and sets it up. No migration yet.
  static Result<std::unique_ptr<Db>> open(const std::string& path, const SqliteOptions& options);

  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;

  const std::string& path() const { return path_; }
  Result<void> exec(const char* sql);
  // `heard(pages)` after each commit, with the length of the log, on the committing thread.
  void on_commit(std::function<void(int pages)> heard);
  // Copies the log into the file as far as nobody is in the way, without waiting. The length of the log in
  // pages.
  Result<int> checkpoint();
  // What the last call that failed says, as an operator reads it: "<path>: <why>: <what to do>".
  Error error(int code) const;

 private:
  friend class Transaction;
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  explicit Db(std::string path) : path_(std::move(path)) {}
  Result<void> connect(const SqliteOptions& options);
  Result<void> configure(const SqliteOptions& options);
  Result<void> switch_to_wal(int busy_ms);
  // Compiled once per text of SQL, which is a literal. Null on an error.
  sqlite3_stmt* prepare(std::string_view sql);

  std::string path_;
  std::function<void(int)> heard_;
  std::unique_ptr<sqlite3, Close> handle_;  // closed after the statements below
  std::unordered_map<std::string_view, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

// What a query found, one row at a time. Views last until the next call of next().
class Rows {
 public:
  Rows(Transaction& transaction, sqlite3_stmt* statement)
      : transaction_(transaction), statement_(statement) {}
  ~Rows() {
    if (statement_) sqlite3_reset(statement_);
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  bool next();
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  TimePoint time(int column) const { return TimePoint(std::chrono::milliseconds(integer(column))); }
  std::string text(int column) const { return std::string(view(column)); }
  std::string_view view(int column) const;

 private:
  Transaction& transaction_;
  sqlite3_stmt* statement_;
};

enum class Access { read, write };  // write begins IMMEDIATE: nobody else can write until it is over

class Transaction {
 public:
  Transaction(Db& db, Access access);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // `sql` is a literal; its ?1, ?2 … are `values`, which must live until the rows are read.
  template <class... Values>
  Rows query(std::string_view sql, const Values&... values) {
    sqlite3_stmt* statement = start(sql);
    int index = 0;
    if (statement) (bind(statement, ++index, values), ...);
    return Rows(*this, statement);
  }
  // For statements without rows. How many rows it changed.
  template <class... Values>
  std::uint64_t run(std::string_view sql, const Values&... values) {
    query(sql, values...).next();
    return ok() ? static_cast<std::uint64_t>(sqlite3_changes64(db_.handle_.get())) : 0;
  }
  std::int64_t last_id() const { return sqlite3_last_insert_rowid(db_.handle_.get()); }

  bool ok() const { return !error_; }
  // Keeps `error` unless there is one already; commit() will return it.
  void refuse(Error error);
  // `what` names the operation: "enqueue".
  Result<void> commit(std::string_view what);

 private:
  friend class Rows;
  sqlite3_stmt* start(std::string_view sql);
  void check(int code);
  void bind(sqlite3_stmt* s, int i, std::integral auto value) { check(sqlite3_bind_int64(s, i, value)); }
  template <class E>
    requires std::is_enum_v<E>
  void bind(sqlite3_stmt* s, int i, E value) {
    bind(s, i, static_cast<int>(value));
  }
  void bind(sqlite3_stmt* s, int i, TimePoint value) { bind(s, i, value.time_since_epoch().count()); }
  void bind(sqlite3_stmt* s, int i, std::string_view value) {
    check(sqlite3_bind_text64(s, i, value.data() ? value.data() : "", value.size(), SQLITE_STATIC,
                              SQLITE_UTF8));
  }
  void bind(sqlite3_stmt* s, int i, Blob value) {
    check(sqlite3_bind_blob64(s, i, value.bytes.data() ? value.bytes.data() : "", value.bytes.size(),
                              SQLITE_STATIC));
  }
  template <class T>
  void bind(sqlite3_stmt* s, int i, const std::optional<T>& value) {
    value ? bind(s, i, *value) : check(sqlite3_bind_null(s, i));
  }

  Db& db_;
  std::optional<Error> error_;
  bool open_ = false;
};

// Brings the schema to this program's version, one transaction per migration. Refuses a newer one, and a
// database that is not fanlight's.
Result<void> migrate(Db& db);

}  // namespace fanlight::store
