#include "world.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <utility>

#include "fanlight/app/intake.hpp"
#include "fanlight/app/pages.hpp"
#include "fanlight/core/log.hpp"

namespace fanlight::testing {

namespace asio = boost::asio;

World::World() {
  log::init(log::Level::off, log::Format::text);
  config.key = Secret("a test's key");
  auto fake = std::make_unique<FakeHost>();
  host = fake.get();
  host->permissions = {{"ada", host::Permission::write}, {"eve", host::Permission::read}};
  hosts.emplace("fake", std::move(fake));
  FakeChange made;
  made.change.ref = {"fake", "acme/infra", 1, "", ""};
  made.change.title = "A change";
  made.change.author = "grace";
  made.change.base_sha = "ba5e";
  key = made.change.ref.key();
  host->changes.emplace(key, made);
}

std::string World::push(const std::string& diff) {
  const std::string head = random.hex(20);
  change().change.head_sha = head;
  change().diffs[head] = diff;
  deliver("push-" + std::to_string(++numbers_), head);
  return head;
}

std::string World::answer(const std::string& text, const std::string& actor) {
  const std::string id = say(text, actor);
  work();
  for (const FakeComment& comment : comments(PostedKind::reply)) {
    if (comment.marker.ends_with(":" + id)) return comment.body;
  }
  return "";
}

std::string World::say(const std::string& text, const std::string& actor) {
  const std::string id = "comment-" + std::to_string(++numbers_);
  deliver(id, change().change.head_sha, text, actor);
  return id;
}

store::Accepted World::deliver(const std::string& id, const std::string& head, const std::string& command,
                               const std::string& actor) {
  const Delivery delivery = FakeHost::delivery(change().change.ref, id, head, command, actor);
  const host::Received received{delivery, host->decode(delivery).value()};
  const auto intake = app::intake_of(received, clock.now(), config.settle);
  BOOST_REQUIRE(intake.has_value());
  return stored->enqueue({&*intake, 1}, clock.now()).value().at(0);
}

std::vector<app::JobEnd> World::work() {
  asio::io_context io(1);
  asio::thread_pool store_pool(1), scan_pool(1);
  store::IntakeBatcher batcher(*stored, clock);
  Signal arrived(io.get_executor());
  app::Services services{config,  clock,      random,    *stored, batcher, scanner(),
                         metrics, store_pool, scan_pool, hosts,   arrived, "https://fanlight.example.org"};
  if (const auto first = std::exchange(before_work, nullptr)) first(services);
  std::vector<app::JobEnd> ends;
  for (int i = 0; i < 50; ++i) {
    auto job = stored->lease(clock.now(), std::chrono::minutes(3)).value();
    if (!job) break;
    asio::co_spawn(io, app::do_job(services, std::move(*job)), [&](std::exception_ptr error, auto end) {
      if (error) std::rethrow_exception(error);
      BOOST_REQUIRE(end.has_value());
      ends.push_back(*end);
    });
    io.run();
    io.restart();
  }
  batcher.stop();
  store_pool.join();
  scan_pool.join();
  return ends;
}

std::vector<app::JobEnd> World::settle_and_work() {
  clock.advance(config.settle);
  return work();
}

std::vector<FakeComment> World::comments(PostedKind kind) const {
  std::vector<FakeComment> out;
  for (const FakeComment& comment : host->comments) {
    if (comment.kind == kind) out.push_back(comment);
  }
  return out;
}

std::string World::fingerprint() {
  return latest().value().review.findings.at(0).fingerprint;
}

std::string World::everything() {
  std::string out;
  for (const FakeComment& comment : host->comments) out += comment.body + '\n' + comment.marker + '\n';
  for (const FakeStatus& status : host->statuses) out += status.description + '\n' + status.summary + '\n';
  const auto records = stored->records(store::records_page_max).value();
  for (const Record& record : records) out += app::review_page(record, clock.now());
  for (const auto& entry : stored->audit_log(store::list_max).value())
    out += entry.what + entry.detail + '\n';
  return out + metrics.text({});
}

}  // namespace fanlight::testing
