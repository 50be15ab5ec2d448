// The schema's history: numbered SQL files, compiled in. A file that was released never changes; a change of
// the schema is the next number here and in bot/CMakeLists.txt.
#include <fmt/format.h>

#include "embedded.hpp"
#include "sqlite_db.hpp"

namespace fanlight::store {
namespace {

constexpr const char* files[] = {"migrations/001_init.sql", "migrations/002_lexicon.sql"};
constexpr std::int64_t newest = std::size(files);
constexpr std::int64_t application_id =
    0x464c4954;  // "FLIT", so that another program's database is not touched

// One number per query, so that each is a literal of its own.
std::int64_t number(Transaction& transaction, std::string_view sql) {
  Rows rows = transaction.query(sql);
  return rows.next() ? rows.integer(0) : 0;
}

Result<std::int64_t> check_version(Transaction& transaction, const std::string& path) {
  std::int64_t version = number(transaction, "PRAGMA user_version");
  std::int64_t owner = number(transaction, "PRAGMA application_id");
  std::int64_t tables = number(transaction, "SELECT count(*) FROM sqlite_schema");
  if (!transaction.ok()) return 0;
  if (owner != application_id && (owner != 0 || tables != 0))
    return fail(ErrorCode::bad_input,
                fmt::format("{}: it is another program's database: give another path", path));
  if (version > newest)
    return fail(
        ErrorCode::unsupported,
        fmt::format("{}: schema {} is newer than this program's {}: run the newer fanlight, or restore the "
                    "backup from before its upgrade",
                    path, version, newest));
  return version;
}

}  // namespace

Result<void> migrate(Db& db) {
  // Asked again inside each transaction, because another process may be migrating the same file.
  for (std::int64_t version = 0; version < newest;) {
    Transaction transaction(db, Access::write);
    auto found = check_version(transaction, db.path());
    if (!found) return std::unexpected(found.error());
    version = *found;
    if (transaction.ok() && version < newest) {
      std::string sql(embedded(files[version]));
      ++version;
      sql += fmt::format("\nPRAGMA application_id = {}; PRAGMA user_version = {};", application_id, version);
      if (auto done = db.exec(sql.c_str()); !done) transaction.refuse(done.error());
    }
    if (auto done = transaction.commit("migrate"); !done) return done;
  }
  return {};
}

}  // namespace fanlight::store
