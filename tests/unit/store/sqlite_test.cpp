// What only a file has: it is opened again, it is damaged, full, not writable, from another version, or
// shared.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "suite.hpp"

using namespace store_test;

namespace {

std::unique_ptr<Store> open(const std::string& path, const SqliteOptions& options = unflushed()) {
  return ok(open_sqlite_store(path, options));
}

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

// Runs `work` in a child that _exits with what it returns.
pid_t in_child(const std::function<int()>& work) {
  pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  BOOST_REQUIRE(child > 0);
  return child;
}

int exit_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Enqueues for ever and writes each id to `out` after the store has answered for it.
int enqueue_and_report(const std::string& path, int round, int out) {
  auto store = open_sqlite_store(path);
  if (!store) return 1;
  for (int n = 0;; ++n) {
    std::vector<Intake> batch;
    for (int i = 0; i <= n % 5; ++i) {
      std::string id = std::to_string(round) + "." + std::to_string(n) + "." + std::to_string(i);
      batch.push_back(command_of("change " + std::to_string(n % 7), id));
    }
    if (!(*store)->enqueue(batch, at(n))) return 2;
    std::string ids;
    for (const Intake& intake : batch) ids += intake.delivery.delivery_id + "\n";
    if (::write(out, ids.data(), ids.size()) != static_cast<ssize_t>(ids.size())) return 3;
  }
}

// Reads whole lines until `bytes_min` are there or the writer is gone; the rest after kill comes with
// `read_rest`.
void read_lines(int in, std::string& text, std::size_t bytes_min) {
  char buffer[4096];
  while (text.size() < bytes_min) {
    ssize_t got = ::read(in, buffer, sizeof buffer);
    if (got <= 0) return;
    text.append(buffer, static_cast<std::size_t>(got));
  }
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

BOOST_AUTO_TEST_CASE(nothing_acknowledged_is_lost_by_kill_9) {
  std::uint64_t seed = std::random_device()();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937_64 random(seed);
  Scratch scratch;
  std::string path = scratch / "fanlight.db", reported;
  for (int round = 0; round < 5; ++round) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    pid_t child = in_child([&] { return ::close(ends[0]), enqueue_and_report(path, round, ends[1]); });
    ::close(ends[1]);
    std::string lines;
    read_lines(ends[0], lines, 1 + random() % 600);
    ::kill(child, SIGKILL);
    read_lines(ends[0], lines, std::string::npos);
    ::close(ends[0]);
    BOOST_TEST(exit_of(child) == -1);
    reported += lines.substr(0, lines.rfind('\n') + 1);
  }
  auto store = open(path);
  std::size_t acknowledged = 0;
  for (std::size_t from = 0; from < reported.size(); ++acknowledged) {
    std::size_t to = reported.find('\n', from);
    std::string id = reported.substr(from, to - from);
    from = to + 1;
    int n = std::stoi(id.substr(id.find('.') + 1));
    BOOST_TEST(put(*store, command_of("change " + std::to_string(n % 7), id), at(0)) == Accepted::repeat,
               "lost " << id << ", seed " << seed);
  }
  BOOST_TEST(acknowledged >= 5u);
  BOOST_TEST(ok(store->queue()).waiting >= acknowledged);
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
       ErrorCode::unsupported, "schema 99 is newer than this program's 1: run the newer fanlight"},
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
  run_sql(path, "PRAGMA user_version = 1");
  BOOST_TEST(leased_id(*open(path), at(1)) == "1");
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

BOOST_AUTO_TEST_CASE(two_open_stores_see_each_other) {
  Scratch scratch;
  std::string path = scratch / "fanlight.db";
  auto one = open(path), two = open(path);
  BOOST_TEST(put(*one, review_of("a", "1"), at(0)) == Accepted::queued);
  BOOST_TEST(put(*two, review_of("a", "1"), at(0)) == Accepted::repeat);
  Job job = must_lease(*two, at(0));
  BOOST_TEST(leased_id(*one, at(0)) == "-");
  ok(one->complete(job, std::nullopt, at(1)));
  check_error(two->extend(job, at(9)), ErrorCode::conflict, "lease is over");
}

BOOST_AUTO_TEST_CASE(a_lock_of_another_process_is_waited_for_and_then_named) {
  Scratch scratch;
  std::string path = scratch / "fanlight.db";
  SqliteOptions hasty = unflushed();
  hasty.busy_ms = 20;
  auto store = open(path, hasty);
  auto other = ok(Db::open(path, unflushed()));
  ok(other->exec("BEGIN IMMEDIATE"));
  Intake intake = review_of("a", "1");
  check_error(store->enqueue({&intake, 1}, at(0)), ErrorCode::unavailable, "another process holds it");
  BOOST_TEST(ok(store->queue()).waiting == 0u);
  ok(other->exec("ROLLBACK"));
  BOOST_TEST(put(*store, intake, at(0)) == Accepted::queued);
}

BOOST_AUTO_TEST_CASE(processes_that_make_the_file_at_once_agree) {
  for (int round = 0; round < 3; ++round) {
    Scratch scratch;
    std::string path = scratch / "fanlight.db";
    std::vector<pid_t> children;
    for (int c = 0; c < 3; ++c)
      children.push_back(in_child([&, c] {
        auto store = open_sqlite_store(path, unflushed());
        if (!store) return 1;
        for (int i = 0; i < 20; ++i) {
          // Every delivery is sent by all, and every one is queued once.
          Intake intake = command_of("change " + std::to_string(i), std::to_string(i));
          if (!(*store)->enqueue({&intake, 1}, at(c))) return 2;
        }
        return 0;
      }));
    for (pid_t child : children) BOOST_TEST(exit_of(child) == 0);
    BOOST_TEST(ok(open(path)->queue()).waiting == 20u);
  }
}

BOOST_AUTO_TEST_CASE(four_threads_do_each_job_once) {
  Scratch scratch;
  auto store = open(scratch / "fanlight.db");
  constexpr int each = 60;
  std::mutex mutex;
  std::multiset<std::string> done;
  std::vector<std::string> errors;
  auto complain = [&](const Error& error) {
    std::lock_guard lock(mutex);
    errors.push_back(error.text);
  };
  auto work = [&](int thread) {
    for (int i = 0; i < each; ++i) {
      std::string id = std::to_string(thread) + "." + std::to_string(i);
      Intake intake = command_of("change " + std::to_string(i % 5), id);
      if (auto put = store->enqueue({&intake, 1}, at(0)); !put) complain(put.error());
      auto job = store->lease(at(1), seconds(60));
      if (!job) complain(job.error());
      if (!job || !*job) continue;
      if (auto done_ = store->complete(**job, record_of((*job)->delivery.delivery_id, "h", at(1)), at(1));
          !done_)
        complain(done_.error());
      std::lock_guard lock(mutex);
      done.insert((*job)->delivery.delivery_id);
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) threads.emplace_back(work, t);
  }
  while (auto job = lease(*store, at(2))) {
    done.insert(job->delivery.delivery_id);
    ok(store->complete(*job, std::nullopt, at(2)));
  }
  BOOST_TEST(errors.empty(), (errors.empty() ? "" : errors[0]));
  BOOST_TEST(done.size() == std::size_t{4 * each});
  BOOST_TEST(std::set(done.begin(), done.end()).size() == std::size_t{4 * each});
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
