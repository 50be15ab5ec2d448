// From a verified delivery to a job, and from there to where its result will be.
#include "fanlight/app/intake.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "fanlight/app/results.hpp"
#include "fanlight/app/status_routes.hpp"
#include "world.hpp"

using namespace fanlight;
using namespace fanlight::app;
using namespace fanlight::testing;

namespace {

const TimePoint now = TimePoint(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22));
constexpr std::chrono::milliseconds settle{1'000};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

host::Received received(EventType type, bool forced = false, std::uint64_t number = 42) {
  host::Received out;
  out.delivery.host = "github";
  out.delivery.delivery_id = "id";
  out.event.type = type;
  out.event.forced = forced;
  out.event.change = {"github", "acme/api", number, number ? "" : "refs/heads/topic", ""};
  out.event.meaning = "meaning";
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(intake)

BOOST_AUTO_TEST_CASE(only_what_asks_for_work_becomes_a_job) {
  using Type = EventType;
  struct Row {
    const char* name;
    host::Received received;
    bool job;
    store::JobKind kind;
    std::int64_t delay;
  };
  const Row rows[] = {
      {"a ping", received(Type::ping), false, {}, 0},
      {"of no interest", received(Type::ignored), false, {}, 0},
      {"closed", received(Type::change_closed), false, {}, 0},
      {"a new head settles first", received(Type::change_updated), true, store::JobKind::review, 1'000},
      {"what a person asked for starts at once", received(Type::change_updated, true), true,
       store::JobKind::review, 0},
      {"a push that waits starts at once", received(Type::change_updated, false, 0), true,
       store::JobKind::review, 0},
      {"a command starts at once", received(Type::command), true, store::JobKind::command, 0},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto got = intake_of(row.received, now, settle);
      BOOST_REQUIRE(got.has_value() == row.job);
      if (!got) continue;
      BOOST_TEST((got->kind == row.kind));
      BOOST_TEST((got->not_before - now).count() == row.delay);
      BOOST_TEST(got->change_key == row.received.event.change.key());
      BOOST_TEST(got->display == row.received.event.change.display());
      BOOST_TEST(got->meaning == "meaning");
      BOOST_TEST(got->delivery.delivery_id == "id");
    }
  }
}

BOOST_FIXTURE_TEST_CASE(enqueue_answers_after_the_commit, World) {
  const auto wish = intake_of(received(EventType::change_updated), clock.now(), settle);
  std::vector<store::Accepted> answers;
  boost::asio::io_context io(1);  // outlives the batcher's thread, as the bot's does
  before_work = [&](Services& services) {
    for (int i = 0; i < 3; ++i) {
      boost::asio::co_spawn(io, enqueue(services, *wish), [&](std::exception_ptr error, auto answer) {
        if (error) std::rethrow_exception(error);
        BOOST_REQUIRE(answer.has_value());
        answers.push_back(*answer);
      });
    }
    io.run();
  };
  work();
  BOOST_REQUIRE(answers.size() == 3u);
  BOOST_TEST(std::ranges::count(answers, store::Accepted::queued) == 1);
  BOOST_TEST(std::ranges::count(answers, store::Accepted::repeat) == 2);
  BOOST_TEST(stored->queue()->waiting == 1u);  // it settles first
}

BOOST_AUTO_TEST_CASE(a_result_link_says_what_it_was_made_for) {
  const Secret key("a test's key");
  const ResultLink link{"git|infra & more.git|refs/heads/a=b?c", "4be1d2c", now};
  net::Request request;
  request.target = result_path(link, key);
  const auto got = read_result_link(request, key);
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(got->change_key == link.change_key);
  BOOST_TEST(got->head_sha == link.head_sha);
  BOOST_TEST((got->asked == link.asked));

  BOOST_TEST(!read_result_link(request, Secret("another")).has_value());
  const std::string whole = request.target;
  const std::pair<const char*, const char*> changes[] = {{"head=4be1d2c", "head=4be1d2d"},
                                                         {"refs", "ref5"},
                                                         {"asked=1", "asked=2"},
                                                         {"&sig=", "&gis="},
                                                         {"asked", "naked"}};
  for (const auto& [from, to] : changes) {
    BOOST_TEST_CONTEXT(from) {
      request.target = whole;
      const std::size_t at = request.target.find(from);
      BOOST_REQUIRE(at != std::string::npos);
      request.target.replace(at, std::string_view(from).size(), to);
      BOOST_TEST(!read_result_link(request, key).has_value());
    }
  }
}

BOOST_FIXTURE_TEST_CASE(who_pushed_is_told_the_result_when_there_is_one, World) {
  const auto ask = [&](const ResultLink& link, const Secret& key) {
    net::Response out;
    before_work = [&](Services& services) {
      net::Request request;
      request.target = result_path(link, key);
      boost::asio::io_context io(1);
      for (net::Route& route : status_routes(services)) {
        if (route.path != "/result") continue;
        boost::asio::co_spawn(io, route.handler(request),
                              [&](std::exception_ptr error, net::Response answer) {
                                if (error) std::rethrow_exception(error);
                                out = std::move(answer);
                              });
      }
      io.run();
    };
    work();
    return out;
  };
  const std::string token = github_token(1);
  const std::string head = push(added_file("a.tf", {"t = \"" + token + "\""}));
  const ResultLink link{key, head, clock.now()};
  BOOST_TEST(ask(link, config.key).status == 202u);
  settle_and_work();
  const net::Response done = ask(link, config.key);
  BOOST_TEST(done.status == 200u);
  for (const char* part : {"\"state\":\"done\"", "\"verdict\":\"fail\"", "1 to fix", "a.tf:1", "/reviews/"}) {
    BOOST_TEST(holds(done.body, part), "not in the result: " << part);
  }
  BOOST_TEST(!holds(done.body, token));
  BOOST_TEST(ask(link, Secret("another")).status == 403u);
  // A later push of the same head does not get the earlier result.
  BOOST_TEST(ask({key, head, clock.now() + std::chrono::hours(1)}, config.key).status == 202u);

  host->changes.clear();
  FakeChange gone;
  gone.change.ref = {"fake", "acme/infra", 1, "", ""};
  const Delivery delivery = FakeHost::delivery(gone.change.ref, "later", "0");
  const auto wish = intake_of({delivery, host->decode(delivery).value()}, clock.now(), settle);
  BOOST_REQUIRE(stored->enqueue({&*wish, 1}, clock.now()));
  const TimePoint asked = clock.now();
  settle_and_work();
  const net::Response parked = ask({key, "0", asked}, config.key);
  BOOST_TEST(parked.status == 200u);
  BOOST_TEST(holds(parked.body, "\"verdict\":\"incomplete\""));
  BOOST_TEST(holds(parked.body, "no such change"));
}

BOOST_AUTO_TEST_CASE(metrics_are_prometheus_text) {
  Metrics metrics;
  metrics.delivery("github", "queued");
  metrics.delivery("github", "queued");
  metrics.job("review", "done", std::chrono::milliseconds(300));
  metrics.action("review", false);
  metrics.command("help");
  store::QueueStats queue;
  queue.waiting = 7;
  const std::string text = metrics.text(queue);
  for (const char* part :
       {"# HELP fanlight_deliveries_total Webhook deliveries by host and outcome.\n",
        "# TYPE fanlight_deliveries_total counter\n",
        "fanlight_deliveries_total{host=\"github\",outcome=\"queued\"} 2\n",
        "fanlight_jobs_total{kind=\"review\",outcome=\"done\"} 1\n",
        "fanlight_actions_total{action=\"review\",outcome=\"failed\"} 1\n",
        "fanlight_commands_total{command=\"help\"} 1\n", "fanlight_jobs{state=\"waiting\"} 7\n",
        "fanlight_job_seconds_bucket{kind=\"review\",le=\"0.25\"} 0\n",
        "fanlight_job_seconds_bucket{kind=\"review\",le=\"0.5\"} 1\n"}) {
    BOOST_TEST(holds(text, part), "not in the text: " << part);
  }
}

BOOST_AUTO_TEST_SUITE_END()
