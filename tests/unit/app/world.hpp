// The worker with everything around it in memory: a host, a store, time that moves when asked. One change,
// acme/infra#1, to begin with.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fanlight/app/worker.hpp"
#include "support.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_host.hpp"

namespace fanlight::testing {

class World {
 public:
  World();

  // A new head of the change, and the delivery that tells of it. Returns the head.
  std::string push(const std::string& diff);
  // A comment on the change, and the delivery that tells of it. Returns the comment's id.
  std::string say(const std::string& text, const std::string& actor = "ada");
  // Says it, works, and gives the reply to it; empty when there was none.
  std::string answer(const std::string& text, const std::string& actor = "ada");
  store::Accepted deliver(const std::string& id, const std::string& head, const std::string& command = {},
                          const std::string& actor = "ada");
  // Does jobs until none is due; what became of each.
  std::vector<app::JobEnd> work();
  // Lets the settle time pass first.
  std::vector<app::JobEnd> settle_and_work();

  FakeChange& change() { return host->changes.at(key); }
  std::optional<Record> latest() { return stored->latest(key, "").value(); }
  std::vector<FakeComment> comments(PostedKind kind) const;
  // The fingerprint of the newest review's first finding.
  std::string fingerprint();
  // Everything that somebody could read somewhere.
  std::string everything();

  FakeClock clock;
  SeededRandom random{1};
  app::Config config;
  std::unique_ptr<store::Store> stored = store::make_memory_store();
  FakeHost* host = nullptr;
  std::map<std::string, std::unique_ptr<host::Host>> hosts;
  app::Metrics metrics;
  std::string key;
  // Called once, with the running services, before the first job of the next work().
  std::function<void(app::Services&)> before_work;

 private:
  int numbers_ = 0;
};

}  // namespace fanlight::testing
