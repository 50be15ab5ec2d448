// The same random operations on memory and on SQLite give the same answers. A failing seed goes into `seeds`.
#include <random>
#include <sstream>

#include "codec.hpp"
#include "suite.hpp"

using namespace store_test;

namespace {

std::string show(const Job& job) {
  std::ostringstream out;
  out << job.id << '/' << static_cast<int>(job.kind) << '/' << job.state << '/' << job.change_key << '/'
      << job.display << '/' << job.delivery.host << '/' << job.delivery.delivery_id << '/'
      << encode_headers(job.delivery.headers) << '/' << job.delivery.body << '/' << job.attempts << '/'
      << job.asked.time_since_epoch().count() << '/' << job.not_before.time_since_epoch().count() << '/'
      << job.lease << '/' << job.error;
  return out.str();
}
std::string show(Accepted answer) {
  return std::to_string(static_cast<int>(answer));
}
std::string show(bool value) {
  return value ? "true" : "false";
}
std::string show(std::uint64_t value) {
  return std::to_string(value);
}
std::string show(TimePoint time) {
  return std::to_string(time.time_since_epoch().count());
}
std::string show(const Record& record) {
  return encode_record(record).value();
}
std::string show(const Posted& p) {
  return p.id + '/' + p.marker + '/' + p.head_sha + '/' + p.digest;
}
std::string show(const StoredTerm& t) {
  return t.term.kind + '/' + t.term.text + '/' + (t.term.confirmed ? "own/" : "not/") + t.term.by + '/' +
         show(t.created);
}
std::string show(const StoredWaiver& w) {
  return w.waiver.fingerprint + '/' + w.waiver.reason + '/' + show(w.created);
}
std::string show(const AuditEntry& e) {
  return show(e.at) + '/' + e.actor + '/' + e.detail;
}
std::string show(const QueueStats& q) {
  return show(q.waiting) + '/' + show(q.leased) + '/' + show(q.parked) + '/' +
         (q.oldest_waiting ? show(*q.oldest_waiting) : "-");
}
template <class T>
std::string show(const std::optional<T>& value) {
  return value ? show(*value) : "nothing";
}
template <class T>
std::string show(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) text += show(value) + "; ";
  return text;
}
template <class T>
std::string show(const Result<T>& result) {
  if (!result) return std::string(to_string(result.error().code)) + ": " + result.error().text;
  if constexpr (std::is_void_v<T>)
    return "done";
  else
    return show(*result);
}

// One operation, the same on any store: its choices come from `random` before the store is asked.
class Player {
 public:
  explicit Player(std::uint64_t seed) : random_(seed) {}

  // The name of the operation and what each store answered.
  std::vector<std::string> step(std::span<Store* const> stores) {
    if (below(3) == 0) now_ += milliseconds(below(20'000));
    if (below(50) == 0) now_ -= milliseconds(below(5'000));  // clocks are set back
    auto operation = choose();
    std::vector<std::string> answers;
    for (Store* store : stores) answers.push_back(operation(*store));
    return answers;
  }

 private:
  using Operation = std::function<std::string(Store&)>;

  std::int64_t below(std::int64_t bound) {
    return std::uniform_int_distribution<std::int64_t>(0, bound - 1)(random_);
  }
  std::string name(const char* kind, std::int64_t bound) { return kind + std::to_string(below(bound)); }

  Intake intake() {
    Intake intake = review_of(name("change", 4), name("id", 60), now_ + milliseconds(below(9'000)));
    intake.meaning = below(8) ? name("meaning", 80) : "";
    if (below(3) == 0) intake.kind = JobKind::command;
    if (below(100) == 0) intake.change_key.clear();
    if (below(10) == 0) intake.delivery.host = "git";
    return intake;
  }

  // A job that was leased at some time; its lease may be long over.
  Job job() { return held_.empty() ? Job{} : held_[static_cast<std::size_t>(below(std::ssize(held_)))]; }

  Operation choose() {
    TimePoint now = now_;
    switch (below(20)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4: {
        std::vector<Intake> batch;
        for (auto n = below(4); n >= 0; --n) batch.push_back(intake());
        return [=](Store& s) { return "enqueue " + show(s.enqueue(batch, now)); };
      }
      case 5:
      case 6:
      case 7:
      case 8: {
        auto lease_for = milliseconds(below(30'000));
        return [=, this](Store& s) {
          auto leased = s.lease(now, lease_for);
          if (leased && *leased) held_.push_back(**leased);
          return "lease " + show(leased);
        };
      }
      case 9:
      case 10: {
        Job held = job();
        std::optional<Record> record;
        if (below(2))
          record = record_of(name("record", 30), name("head", 3), now, 1 + static_cast<unsigned>(below(2)));
        return [=](Store& s) { return "complete " + show(s.complete(held, record, now)); };
      }
      case 11:
      case 12: {
        Job held = job();
        TimePoint retry_at = now + milliseconds(below(40'000));
        return [=](Store& s) { return "fail " + show(s.fail(held, "error\nof " + held.display, retry_at)); };
      }
      case 13: {
        Job held = job();
        return [=](Store& s) { return "park " + show(s.park(held, "gave up", now)); };
      }
      case 14: {
        Job held = job();
        TimePoint until = now + milliseconds(below(40'000));
        return [=](Store& s) { return "extend " + show(s.extend(held, until)); };
      }
      case 15: {
        PostedComment comment{name("change", 2),
                              {PostedKind::reply, name("", 99), name("m", 4), "h", name("d", 9)}};
        StoredWaiver waiver{name("r", 2), {name("f", 4), name("why", 9), "@o", {}}, now};
        StoredTerm term{name("r", 2), {name("kind", 2), name("n", 4), below(2) == 0, name("actor", 3)}, now};
        AuditEntry entry{now, name("actor", 3), "what", "subject", name("line\n", 9)};
        return [=](Store& s) {
          return "put " + show(s.put_posted(comment)) + show(s.put_waiver(waiver)) + show(s.put_term(term)) +
                 show(s.audit(entry));
        };
      }
      case 16: {
        std::string repository = name("r", 2), fingerprint = name("f", 4);
        return [=](Store& s) { return "drop " + show(s.drop_waiver(repository, fingerprint)); };
      }
      case 17: {
        if (below(10)) return [](Store& s) { return "due " + show(s.next_due()); };
        TimePoint before = now - milliseconds(below(60'000));
        return [=](Store& s) { return "prune " + show(s.prune(before)); };
      }
      default:
        return look();
    }
  }

  Operation look() {
    Job held = job();
    auto limit = static_cast<std::size_t>(below(30));
    std::string change = "github|acme/api|" + std::to_string(1 + below(2)),
                head = below(2) ? name("head", 3) : "";
    std::string posted = name("change", 2), repository = name("r", 2), record = name("record", 30);
    return [=](Store& s) {
      return "look " + show(s.jobs(limit)) + show(s.queue()) + show(s.next_due()) + show(s.superseded(held)) +
             show(s.record(record)) + show(s.latest(change, head)) + show(s.records(limit)) +
             show(s.posted(posted)) + show(s.waivers(repository)) + show(s.terms(repository)) +
             show(s.audit_log(limit)) + show(s.ping());
    };
  }

  std::mt19937_64 random_;
  TimePoint now_ = at(0);
  std::vector<Job> held_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(differential)

BOOST_AUTO_TEST_CASE(memory_and_sqlite_give_the_same_answers) {
  std::vector<std::uint64_t> seeds = {1, 2, 3, std::random_device()()};
  for (std::uint64_t seed : seeds) {
    BOOST_TEST_MESSAGE("seed " << seed);
    Scratch scratch;
    auto memory = make_memory_store();
    auto sqlite = ok(open_sqlite_store(scratch / "fanlight.db", unflushed()));
    Store* stores[] = {memory.get(), sqlite.get()};
    Player player(seed);
    for (int i = 0; i < 2500; ++i) {
      auto answers = player.step(stores);
      BOOST_REQUIRE_MESSAGE(answers[0] == answers[1], "seed " << seed << ", step " << i << "\nmemory: "
                                                              << answers[0] << "\nsqlite: " << answers[1]);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
