// What only a file has: it is opened again, it is damaged, full, not writable, from another version, or
// shared.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "sqlite_suite.hpp"

using namespace store_test;

namespace {

void run_sql(const std::string& path, const char* sql) {
  auto db = ok(Db::open(path, unflushed()));
  ok(db->exec(sql));
}

unsigned mode_of(const std::string& path) {
  struct stat info{};
  BOOST_REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777;
}

std::string random_text(std::mt19937_64& random, std::size_t size) {
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sqlite)

BOOST_AUTO_TEST_CASE(what_was_answered_is_there_after_closing) {
  Scratch scratch;
  std::string path = scratch / "fanlight.db";
  Job leased;
  {
    auto store = open(path);
    put(*store, review_of("a", "1"), at(0));
    put(*store, review_of("b", "2"), at(1));
    put(*store, review_of("c", "3", at(9)), at(2));
    ok(store->complete(must_lease(*store, at(3)), record_of("r1", "h", at(3)), at(3)));
    leased = must_lease(*store, at(3));
    ok(store->put_waiver({"r", {"3f9a1c0d", "why", "@a", at(9)}, at(1)}));
    ok(store->put_posted({"a", {PostedKind::summary, "1", "m", "h", "d"}}));
    ok(store->audit({at(1), "ann", "what", "subject", "detail"}));
  }
  auto store = open(path);
  BOOST_TEST(put(*store, review_of("a", "1"), at(4)) == Accepted::repeat);
  BOOST_TEST(ok(store->record("r1")).has_value());
  BOOST_TEST(ok(store->waivers("r")).size() == 1u);
  BOOST_TEST(ok(store->posted("a")).size() == 1u);
  BOOST_TEST(ok(store->audit_log(9)).size() == 1u);
  BOOST_TEST(ok(store->jobs(9)).size() == 2u);
  ok(store->complete(leased, std::nullopt, at(5)));
  BOOST_TEST(must_lease(*store, at(9)).delivery.body == "body of 3");
}

BOOST_AUTO_TEST_CASE(files_can_be_read_by_their_owner_alone) {
  Scratch scratch;
  mode_t before = ::umask(0);
  auto store = open(scratch / "new.db");
  std::ofstream(scratch / "old.db").close();
  BOOST_TEST(mode_of(scratch / "old.db") == 0666u);
  ::umask(before);
  ok(store->ping());
  BOOST_TEST(mode_of(scratch / "new.db") == 0600u);
  BOOST_TEST(mode_of(scratch / "new.db-wal") == 0600u);
  open(scratch / "old.db");
  BOOST_TEST(mode_of(scratch / "old.db") == 0600u);
}

BOOST_AUTO_TEST_CASE(files_that_are_refused_with_one_line) {
  struct Row {
    const char* name;
    std::function<void(const std::string& path)> prepare;
    ErrorCode code;
    std::string_view part;
  } const rows[] = {
      {"not a database", [](const std::string& p) { std::ofstream(p) << std::string(10'000, 'x'); },
       ErrorCode::io, "not a database or it is damaged"},
      {"damaged schema",
       [](const std::string& p) {
         open(p);
         std::fstream(p, std::ios::in | std::ios::out | std::ios::binary).seekp(100)
             << std::string(3000, '\xee');
       },
       ErrorCode::io, "it is damaged"},
      {"cut off",
       [](const std::string& p) {
         open(p);
         std::filesystem::resize_file(p, 4096);
       },
       ErrorCode::io, "it is damaged"},
      {"newer schema",
       [](const std::string& p) {
         open(p);
         run_sql(p, "PRAGMA user_version = 99");
       },
       ErrorCode::unsupported, "schema 99 is newer than this program's 2: run the newer fanlight"},
      {"another program's database", [](const std::string& p) { run_sql(p, "CREATE TABLE other (x)"); },
       ErrorCode::bad_input, "another program's database"},
      {"another program's id", [](const std::string& p) { run_sql(p, "PRAGMA application_id = 7"); },
       ErrorCode::bad_input, "another program's database"},
      {"a directory", [](const std::string& p) { std::filesystem::create_directory(p); },
       ErrorCode::bad_input, "not a regular file"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      Scratch scratch;
      std::string path = scratch / "fanlight.db";
      row.prepare(path);
      auto opened = open_sqlite_store(path);
      check_error(opened, row.code, row.part);
      BOOST_TEST(opened.error().text.starts_with("store: open: "), opened.error().text);
      BOOST_TEST(opened.error().text.find(path) != std::string::npos, opened.error().text);
    }
  }
  Scratch scratch;
  check_error(open_sqlite_store(""), ErrorCode::bad_input, "the path is empty");
  check_error(open_sqlite_store(scratch / "no/fanlight.db"), ErrorCode::not_found,
              "check that its directory exists");
}

BOOST_AUTO_TEST_CASE(a_refused_newer_file_is_not_touched) {
  Scratch scratch;
  std::string path = scratch / "fanlight.db";
  put(*open(path), review_of("a", "1"), at(0));
  run_sql(path, "PRAGMA user_version = 99");
  BOOST_TEST(!open_sqlite_store(path).has_value());
  run_sql(path, "PRAGMA user_version = 2");
  BOOST_TEST(leased_id(*open(path), at(1)) == "1");
}

BOOST_AUTO_TEST_CASE(an_older_file_is_brought_up_and_keeps_what_it_holds) {
  Scratch scratch;
  std::string path = scratch / "fanlight.db";
  put(*open(path), review_of("a", "1"), at(0));
  run_sql(path, "DROP TABLE terms; PRAGMA user_version = 1");
  auto store = open(path);
  BOOST_TEST(store->put_term({"r", {"domains", "corp.example", true, "ann"}, at(1)}).has_value());
  BOOST_TEST(leased_id(*store, at(1)) == "1");
}

// Root may write anywhere, so this looks from a child that gives root up.
BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_written_is_refused) {
  Scratch scratch;
  std::filesystem::create_directory(scratch / "dir");
  open(scratch / "dir/fanlight.db");
  std::filesystem::permissions(scratch / "", std::filesystem::perms(0755));
  std::filesystem::permissions(scratch / "dir", std::filesystem::perms(0555));
  constexpr uid_t nobody = 65534;
  BOOST_REQUIRE((::geteuid() != 0 || ::chown((scratch / "dir/fanlight.db").c_str(), nobody, nobody) == 0));
  pid_t child = in_child([&] {
    if (::geteuid() == 0 && ::setuid(nobody) != 0) return 9;
    auto refused = [](const Result<std::unique_ptr<Store>>& opened, std::string_view part) {
      return !opened && opened.error().code == ErrorCode::io &&
             opened.error().text.find(part) != std::string::npos;
    };
    if (!refused(open_sqlite_store(scratch / "dir/new.db"), "Permission denied: check that")) return 1;
    return refused(open_sqlite_store(scratch / "dir/fanlight.db"), "fanlight.db: it cannot be ") ? 0 : 2;
  });
  BOOST_TEST(exit_of(child) == 0);
  std::filesystem::permissions(scratch / "dir", std::filesystem::perms(0755));
}

BOOST_AUTO_TEST_CASE(a_full_disk_refuses_a_whole_batch_and_recovers) {
  std::mt19937_64 random(7);
  Scratch scratch;
  SqliteOptions small = unflushed();
  small.pages_max = 100;
  auto store = open(scratch / "fanlight.db", small);
  std::size_t kept = 0;
  for (bool full = false; !full; ++kept) {
    BOOST_REQUIRE(kept < 100u);
    std::vector<Intake> pair;
    for (const char* part : {"x", "y"}) {
      pair.push_back(command_of(part + std::to_string(kept), part + std::to_string(kept)));
      pair.back().delivery.body = random_text(random, 6000);
    }
    auto answer = store->enqueue(pair, at(0));
    if (answer) continue;
    full = true;
    check_error(answer, ErrorCode::io, "the disk or the database is full (SQLite 13): free space");
    BOOST_TEST(answer.error().text.starts_with("store: enqueue: "));
    BOOST_TEST(ok(store->queue()).waiting == 2 * kept);
  }
  BOOST_REQUIRE(kept > 2u);
  for (int i = 0; i < 4; ++i) ok(store->complete(must_lease(*store, at(1)), std::nullopt, at(1)));
  BOOST_TEST(put(*store, command_of("z", "z"), at(2)) == Accepted::queued);
}

BOOST_AUTO_TEST_CASE(a_damaged_delivery_is_parked_and_the_next_one_leased) {
  Scratch scratch;
  std::string path = scratch / "fanlight.db";
  auto store = open(path);
  put(*store, review_of("a", "1"), at(0));
  put(*store, review_of("b", "2"), at(1));
  put(*store, review_of("c", "3"), at(2));
  run_sql(path, "UPDATE bodies SET body = x'00ff' WHERE job = 1; DELETE FROM bodies WHERE job = 2");
  BOOST_TEST(leased_id(*store, at(3)) == "3");
  auto jobs = ok(store->jobs(9));
  BOOST_TEST(jobs.at(0).state == JobState::parked);
  BOOST_TEST(jobs.at(0).error == "stored bytes are not one zstd frame");
  BOOST_TEST(jobs.at(1).error == "its delivery is not there");
  BOOST_TEST(put(*store, review_of("a", "1"), at(4)) == Accepted::queued);
  BOOST_TEST(leased_id(*store, at(5)) == "1");
}

BOOST_AUTO_TEST_CASE(a_damaged_record_is_left_out_of_the_list) {
  Scratch scratch;
  std::string path = scratch / "fanlight.db";
  auto store = open(path);
  for (const char* id : {"1", "2"}) {
    put(*store, review_of(id, id), at(0));
    ok(store->complete(must_lease(*store, at(0)), record_of(id, "h", at(0)), at(0)));
  }
  run_sql(path, "UPDATE records SET body = x'00' WHERE id = '1'");
  BOOST_TEST(ok(store->records(9)).size() == 1u);
  check_error(store->record("1"), ErrorCode::bad_input, "store: read a record: ");
}

BOOST_AUTO_TEST_CASE(the_body_is_dropped_with_the_job) {
  Scratch scratch;
  std::string path = scratch / "fanlight.db";
  auto store = open(path);
  put(*store, review_of("a", "1"), at(0));
  ok(store->complete(must_lease(*store, at(0)), std::nullopt, at(0)));
  auto db = ok(Db::open(path, unflushed()));
  Transaction look(*db, Access::read);
  Rows rows = look.query("SELECT (SELECT count(*) FROM jobs), (SELECT count(*) FROM bodies)");
  BOOST_REQUIRE(rows.next());
  BOOST_TEST(rows.integer(0) == 1);
  BOOST_TEST(rows.integer(1) == 0);
}

// More than the log may hold: the checkpointer copies it and it starts over.
BOOST_AUTO_TEST_CASE(the_log_does_not_grow_for_ever) {
  std::mt19937_64 random(5);
  Scratch scratch;
  std::string path = scratch / "fanlight.db";
  auto store = open(path);
  std::string body = random_text(random, 1 << 20);
  for (int i = 0; i < 100; ++i) {
    Intake intake = command_of("a", std::to_string(i));
    intake.delivery.body = body;
    put(*store, intake, at(0));
    ok(store->complete(must_lease(*store, at(0)), std::nullopt, at(0)));
  }
  auto log = std::filesystem::file_size(path + "-wal"), file = std::filesystem::file_size(path);
  BOOST_TEST_MESSAGE("log " << log << " file " << file);
  BOOST_TEST(log < (90u << 20));
  BOOST_TEST(file < (16u << 20));
}

BOOST_AUTO_TEST_SUITE_END()
