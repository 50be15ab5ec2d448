// A seeded simulation of the production worker. People push, comment, and redeliver; every call to the host
// and to the store may fail before or after its effect, or end the process. When the faults stop, all of this
// must hold:
//
//   - no delivery is lost: the newest head of each change has a record and a status,
//   - nothing is posted twice: one summary per change, one inline comment per finding, one reply per command,
//   - one review per head, of the head that was newest,
//   - no secret is in anything that was posted, stored or shown.
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "fanlight/app/intake.hpp"
#include "fanlight/app/pages.hpp"
#include "fanlight/app/worker.hpp"
#include "fanlight/core/log.hpp"
#include "fanlight/detect/examples.hpp"
#include "fanlight/policy/render.hpp"
#include "sim/faulty_world.hpp"
#include "support/fake_clock.hpp"

using namespace fanlight;
using namespace fanlight::testing;

namespace {

namespace asio = boost::asio;

constexpr int worlds = 60;
constexpr int steps = 60;

std::string added_file(const std::string& path, const std::vector<std::string>& lines) {
  std::string out = "diff --git a/" + path + " b/" + path + "\nnew file mode 100644\n--- /dev/null\n+++ b/" +
                    path + "\n@@ -0,0 +1," + std::to_string(lines.size()) + " @@\n";
  for (const auto& line : lines) out += '+' + line + '\n';
  return out;
}

// Compiled once: the rules are the same in every world.
const std::shared_ptr<const detect::Engine>& engine() {
  static const auto made = detect::Engine::make(detect::builtin_rules()).value();
  return made;
}

struct World {
  explicit World(std::uint64_t seed)
      : random(seed),
        faults(random),
        stored(store::make_memory_store()),
        faulty(*stored, faults),
        scanner(engine(), Secret("simulation key")) {
    config.workers = 1;
    config.key = Secret("simulation key");
    config.attempts_max = 1'000;  // parking is tested by itself
    auto fake = std::make_unique<FakeHost>();
    host = fake.get();
    host->fault = [this](const char*) { return faults.next(); };
    host->permissions["ada"] = host::Permission::write;
    hosts.emplace("fake", std::move(fake));
    for (std::uint64_t number = 1; number <= 3; ++number) {
      FakeChange change;
      change.change.ref = {"fake", "acme/infra", number, "", ""};
      change.change.title = "Change " + std::to_string(number);
      change.change.author = "ada";
      keys.push_back(change.change.ref.key());
      host->changes.emplace(keys.back(), change);
      push(keys.back());
    }
  }

  // A new head: some lines stay, some are new; some hold secrets or private addresses.
  void push(const std::string& key) {
    FakeChange& fake = host->changes.at(key);
    const std::string head = random.hex(20);
    std::vector<std::string>& lines = contents[key];
    if (!lines.empty() && random.below(3) == 0) lines.erase(lines.begin());
    switch (random.below(4)) {
      case 0:
        lines.push_back("token = \"" + secret() + "\"");
        break;
      case 1:
        lines.push_back("cidr_block = \"10.34." + std::to_string(random.below(200)) + ".0/24\"");
        break;
      default:
        lines.push_back("name = \"plain " + std::to_string(random.below(1000)) + "\"");
    }
    fake.change.head_sha = head;
    fake.diffs[head] = added_file("modules/net/main.tf", lines);
    deliver(fake.change.ref, head, "");
  }

  std::string secret() {
    std::string made = detect::expand_example("{{github:ghp_}}", random);
    secrets.insert(made);
    return made;
  }

  void comment(const std::string& key, const std::string& text) {
    const FakeChange& fake = host->changes.at(key);
    const std::string id = deliver(fake.change.ref, fake.change.head_sha, text);
    commands[id] = text;
  }

  // Until it is accepted: a host's delivery that was not answered with 2xx is sent again by an operator or by
  // reconciling; here it is the sender who insists.
  std::string deliver(const ChangeRef& ref, const std::string& head, const std::string& text) {
    const std::string id = random.hex(8);
    const Delivery delivery = FakeHost::delivery(ref, id, head, text);
    host::Received received{delivery, host->decode(delivery).value()};
    const auto intake = app::intake_of(received, clock.now(), std::chrono::seconds(1));
    BOOST_REQUIRE(intake.has_value());
    for (int i = 0; i < 100; ++i) {
      const auto accepted = faulty.enqueue({&*intake, 1}, clock.now());
      if (accepted) return id;
      faults.restart();
    }
    BOOST_FAIL("a delivery was refused a hundred times");
    return id;
  }

  // One life of the process at one instant: lease a job and do it, until the queue has nothing due or the
  // life ends.
  void work() {
    faults.restart();
    asio::io_context io(1);
    asio::thread_pool store_pool(1), scan_pool(1);
    store::IntakeBatcher batcher(faulty, clock);
    app::Metrics metrics;
    Signal arrived(io.get_executor());
    app::Services services{config,  clock,      random,    faulty, batcher, scanner,
                           metrics, store_pool, scan_pool, hosts,  arrived, "https://fanlight.example.org"};
    for (int i = 0; i < 20 && !faults.dead(); ++i) {
      auto job = faulty.lease(clock.now(), std::chrono::minutes(3));
      if (!job) continue;
      if (!*job) break;
      asio::co_spawn(io, app::do_job(services, std::move(**job)), [](std::exception_ptr error, auto) {
        if (error) std::rethrow_exception(error);
      });
      io.run();
      io.restart();
    }
    batcher.stop();
    store_pool.join();
    scan_pool.join();
  }

  void check();

  SeededRandom random;
  FakeClock clock;
  Faults faults;
  std::unique_ptr<store::Store> stored;
  FaultyWorldStore faulty;
  app::Config config;
  app::Scanner scanner;
  FakeHost* host = nullptr;
  std::map<std::string, std::unique_ptr<host::Host>> hosts;
  std::vector<std::string> keys;
  std::map<std::string, std::vector<std::string>> contents;
  std::set<std::string> secrets;
  std::map<std::string, std::string> commands;  // comment id → text
};

void World::check() {
  BOOST_TEST(stored->queue()->waiting == 0u);
  BOOST_TEST(stored->queue()->leased == 0u);
  BOOST_TEST(stored->queue()->parked == 0u);
  std::map<std::string, int> standing;
  std::string everything;
  for (const FakeComment& comment : host->comments) {
    ++standing[comment.change_key + ' ' + comment.marker];
    everything += comment.body + '\n';
  }
  for (const auto& [what, times] : standing) BOOST_TEST_CONTEXT(what) BOOST_TEST(times == 1);
  for (const std::string& key : keys) {
    BOOST_TEST_CONTEXT(key) {
      const FakeChange& fake = host->changes.at(key);
      const auto record = stored->latest(key, fake.change.head_sha).value();
      BOOST_REQUIRE(record.has_value());
      everything += app::review_page(*record, clock.now());
      // The last word on the newest head is what the record says.
      const FakeStatus* last = nullptr;
      for (const FakeStatus& status : host->statuses) {
        if (status.change_key == key) last = &status;
        everything += status.description + status.summary;
      }
      BOOST_REQUIRE(last != nullptr);
      BOOST_TEST(last->head_sha == fake.change.head_sha);
      BOOST_TEST((last->state == CheckState::success) == (record->review.verdict == Verdict::pass));
      BOOST_TEST(last->description == policy::status_line(record->review));
      // A secret that stands in the diff is in the verdict.
      bool holds_secret = false;
      for (const auto& line : contents[key]) holds_secret = holds_secret || line.starts_with("token");
      if (holds_secret)
        BOOST_TEST((record->review.verdict == Verdict::fail || !record->review.waived.empty()));
    }
  }
  for (const auto& [id, text] : commands) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(std::count_if(host->comments.begin(), host->comments.end(), [&](const FakeComment& c) {
                   return c.kind == PostedKind::reply && c.marker.ends_with(":" + id);
                 }) <= 1);
      BOOST_TEST(std::count(host->acknowledged.begin(), host->acknowledged.end(), id) >= 1);
    }
  }
  for (const std::string& secret : secrets) BOOST_TEST(everything.find(secret) == std::string::npos);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(simulation)

BOOST_AUTO_TEST_CASE(nothing_is_lost_doubled_or_told_whatever_fails) {
  log::init(log::Level::off, log::Format::text);
  const char* given = std::getenv("FANLIGHT_SIM_SEED");
  const std::uint64_t first =
      given ? std::strtoull(given, nullptr, 10) : SystemRandom().next() % 1'000'000'000;
  BOOST_TEST_MESSAGE("seeds " << first << " to " << first + worlds - 1);
  std::size_t faults = 0;
  for (int i = 0; i < worlds; ++i) {
    const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
    BOOST_TEST_CONTEXT("FANLIGHT_SIM_SEED=" << seed) {
      World world(seed);
      for (int step = 0; step < steps; ++step) {
        const std::string key = world.keys[world.random.below(world.keys.size())];
        switch (world.random.below(6)) {
          case 0:
            world.push(key);
            break;
          case 1:
            world.comment(key, "/fanlight recheck");
            break;
          case 2:
            world.comment(key, "/fanlight status");
            break;
          default:
            world.work();
        }
        world.clock.advance(std::chrono::milliseconds(world.random.below(240'000)));
      }
      faults += world.faults.happened;
      world.faults.one_in = 0;
      for (int last = 0; last < 12; ++last) {
        world.clock.advance(std::chrono::minutes(11));
        world.work();
      }
      world.check();
    }
    if (given) break;
  }
  if (!given) BOOST_TEST(faults > worlds * 3u);  // the simulation must have had something to survive
}

BOOST_AUTO_TEST_SUITE_END()
