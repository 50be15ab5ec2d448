// Faults for the simulation, at every step between two parts of the bot: a call that fails before it did
// anything, one that fails after it did everything, and the end of the process (every later call of that life
// does nothing).
#pragma once

#include <string>
#include <utility>

#include "fanlight/core/random.hpp"
#include "fanlight/store/store.hpp"
#include "support/fake_host.hpp"

namespace fanlight::testing {

class Faults {
 public:
  explicit Faults(Random& random) : random_(random) {}

  unsigned one_in = 12;  // steps; 0: no faults
  std::size_t happened = 0;

  bool dead() const { return dead_; }
  void restart() { dead_ = false; }

  FakeHost::Fault next() {
    if (dead_) return FakeHost::Fault::before;
    if (one_in == 0 || random_.below(one_in) != 0) return FakeHost::Fault::none;
    ++happened;
    dead_ = random_.below(3) == 0;
    return random_.below(2) == 0 ? FakeHost::Fault::before : FakeHost::Fault::after;
  }

 private:
  Random& random_;
  bool dead_ = false;
};

// A store whose calls fail as `faults` says. What the inner store has done stays done.
class FaultyWorldStore final : public store::Store {
 public:
  FaultyWorldStore(store::Store& inner, Faults& faults) : inner_(inner), faults_(faults) {}

  Result<std::vector<store::Accepted>> enqueue(std::span<const store::Intake> b, TimePoint n) override {
    return guard([&] { return inner_.enqueue(b, n); });
  }
  Result<std::optional<store::Job>> lease(TimePoint n, std::chrono::milliseconds f) override {
    return guard([&] { return inner_.lease(n, f); });
  }
  Result<std::optional<TimePoint>> next_due() override {
    return guard([&] { return inner_.next_due(); });
  }
  Result<void> extend(const store::Job& j, TimePoint u) override {
    return guard([&] { return inner_.extend(j, u); });
  }
  Result<void> complete(const store::Job& j, const std::optional<Record>& r, TimePoint n) override {
    return guard([&] { return inner_.complete(j, r, n); });
  }
  Result<void> fail(const store::Job& j, const std::string& e, TimePoint at) override {
    return guard([&] { return inner_.fail(j, e, at); });
  }
  Result<void> park(const store::Job& j, const std::string& e, TimePoint n) override {
    return guard([&] { return inner_.park(j, e, n); });
  }
  Result<bool> superseded(const store::Job& j) override {
    return guard([&] { return inner_.superseded(j); });
  }
  Result<std::vector<store::Job>> jobs(std::size_t n) override {
    return guard([&] { return inner_.jobs(n); });
  }
  Result<store::QueueStats> queue() override {
    return guard([&] { return inner_.queue(); });
  }
  Result<std::optional<Record>> record(const std::string& id) override {
    return guard([&] { return inner_.record(id); });
  }
  Result<std::optional<Record>> latest(const std::string& c, const std::string& h) override {
    return guard([&] { return inner_.latest(c, h); });
  }
  Result<std::vector<Record>> records(std::size_t n) override {
    return guard([&] { return inner_.records(n); });
  }
  Result<void> put_posted(const store::PostedComment& c) override {
    return guard([&] { return inner_.put_posted(c); });
  }
  Result<std::vector<Posted>> posted(const std::string& c) override {
    return guard([&] { return inner_.posted(c); });
  }
  Result<void> put_waiver(const store::StoredWaiver& w) override {
    return guard([&] { return inner_.put_waiver(w); });
  }
  Result<bool> drop_waiver(const std::string& r, const std::string& f) override {
    return guard([&] { return inner_.drop_waiver(r, f); });
  }
  Result<std::vector<store::StoredWaiver>> waivers(const std::string& r) override {
    return guard([&] { return inner_.waivers(r); });
  }
  Result<void> put_term(const store::StoredTerm& t) override {
    return guard([&] { return inner_.put_term(t); });
  }
  Result<std::vector<store::StoredTerm>> terms(const std::string& r) override {
    return guard([&] { return inner_.terms(r); });
  }
  Result<void> audit(const store::AuditEntry& e) override {
    return guard([&] { return inner_.audit(e); });
  }
  Result<std::vector<store::AuditEntry>> audit_log(std::size_t n) override {
    return guard([&] { return inner_.audit_log(n); });
  }
  Result<std::uint64_t> prune(TimePoint b) override {
    return guard([&] { return inner_.prune(b); });
  }
  Result<void> ping() override {
    return guard([&] { return inner_.ping(); });
  }

 private:
  template <class F>
  auto guard(F call) -> decltype(call()) {
    const auto lost = [] { return fanlight::fail(ErrorCode::io, "store: simulated fault"); };
    switch (faults_.next()) {
      case FakeHost::Fault::before:
        return lost();
      case FakeHost::Fault::after:
        if (auto done = call(); !done) return done;
        return lost();
      default:
        return call();
    }
  }

  store::Store& inner_;
  Faults& faults_;
};

}  // namespace fanlight::testing
