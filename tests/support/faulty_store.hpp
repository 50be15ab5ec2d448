// A store that fails when it is told to: the n-th call from now, before it has had any effect (nothing
// happened) or after it (it happened, and the caller does not learn so, as when a commit's answer is lost).
// For simulation and for tests of what a caller does then. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "fanlight/store/store.hpp"

namespace fanlight::store {

enum class FaultAt { before_effect, after_effect };

class FaultyStore : public Store {
 public:
  explicit FaultyStore(Store& inner) : inner_(inner) {}

  // The call number `calls() + nth` fails with `code`; `nth` counts from 1.
  void fail_call(std::uint64_t nth, FaultAt at, ErrorCode code = ErrorCode::io) {
    std::lock_guard lock(mutex_);
    faults_[calls_ + nth] = {at, code};
  }
  // Every call fails before its effect until this is called with nothing.
  void fail_all(std::optional<ErrorCode> code) {
    std::lock_guard lock(mutex_);
    outage_ = code;
  }
  std::uint64_t calls() const {
    std::lock_guard lock(mutex_);
    return calls_;
  }

  Result<std::vector<Accepted>> enqueue(std::span<const Intake> batch, TimePoint now) override {
    return call("enqueue", [&] { return inner_.enqueue(batch, now); });
  }
  Result<std::optional<Job>> lease(TimePoint now, std::chrono::milliseconds lease_for) override {
    return call("lease", [&] { return inner_.lease(now, lease_for); });
  }
  Result<std::optional<TimePoint>> next_due() override {
    return call("next_due", [&] { return inner_.next_due(); });
  }
  Result<void> extend(const Job& job, TimePoint until) override {
    return call("extend", [&] { return inner_.extend(job, until); });
  }
  Result<void> complete(const Job& job, const std::optional<Record>& record, TimePoint now) override {
    return call("complete", [&] { return inner_.complete(job, record, now); });
  }
  Result<void> fail(const Job& job, const std::string& error, TimePoint retry_at) override {
    return call("fail", [&] { return inner_.fail(job, error, retry_at); });
  }
  Result<void> park(const Job& job, const std::string& error, TimePoint now) override {
    return call("park", [&] { return inner_.park(job, error, now); });
  }
  Result<bool> superseded(const Job& job) override {
    return call("superseded", [&] { return inner_.superseded(job); });
  }
  Result<std::vector<Job>> jobs(std::size_t limit) override {
    return call("jobs", [&] { return inner_.jobs(limit); });
  }
  Result<QueueStats> queue() override {
    return call("queue", [&] { return inner_.queue(); });
  }
  Result<std::optional<Record>> record(const std::string& id) override {
    return call("record", [&] { return inner_.record(id); });
  }
  Result<std::optional<Record>> latest(const std::string& change_key, const std::string& head_sha) override {
    return call("latest", [&] { return inner_.latest(change_key, head_sha); });
  }
  Result<std::vector<Record>> records(std::size_t limit) override {
    return call("records", [&] { return inner_.records(limit); });
  }
  Result<void> put_posted(const PostedComment& comment) override {
    return call("put_posted", [&] { return inner_.put_posted(comment); });
  }
  Result<std::vector<Posted>> posted(const std::string& change_key) override {
    return call("posted", [&] { return inner_.posted(change_key); });
  }
  Result<void> put_waiver(const StoredWaiver& waiver) override {
    return call("put_waiver", [&] { return inner_.put_waiver(waiver); });
  }
  Result<bool> drop_waiver(const std::string& repository, const std::string& fingerprint) override {
    return call("drop_waiver", [&] { return inner_.drop_waiver(repository, fingerprint); });
  }
  Result<std::vector<StoredWaiver>> waivers(const std::string& repository) override {
    return call("waivers", [&] { return inner_.waivers(repository); });
  }
  Result<void> put_term(const StoredTerm& term) override {
    return call("put_term", [&] { return inner_.put_term(term); });
  }
  Result<std::vector<StoredTerm>> terms(const std::string& repository) override {
    return call("terms", [&] { return inner_.terms(repository); });
  }
  Result<void> audit(const AuditEntry& entry) override {
    return call("audit", [&] { return inner_.audit(entry); });
  }
  Result<std::vector<AuditEntry>> audit_log(std::size_t limit) override {
    return call("audit_log", [&] { return inner_.audit_log(limit); });
  }
  Result<std::uint64_t> prune(TimePoint before) override {
    return call("prune", [&] { return inner_.prune(before); });
  }
  Result<void> ping() override {
    return call("ping", [&] { return inner_.ping(); });
  }

 private:
  struct Fault {
    FaultAt at;
    ErrorCode code;
  };

  std::optional<Fault> next_fault() {
    std::lock_guard lock(mutex_);
    auto planned = faults_.extract(++calls_);
    if (outage_) return Fault{FaultAt::before_effect, *outage_};
    if (planned.empty()) return std::nullopt;
    return planned.mapped();
  }

  template <class F>
  auto call(const char* name, F&& forward) -> decltype(forward()) {
    auto fault = next_fault();
    auto broken = [&] {
      return fanlight::fail(fault->code,
                            std::string("store: ") + name + ": a fault was asked for: none: try again");
    };
    if (fault && fault->at == FaultAt::before_effect) return broken();
    auto answer = forward();
    if (fault) return broken();
    return answer;
  }

  Store& inner_;
  mutable std::mutex mutex_;  // guards the three below
  std::uint64_t calls_ = 0;
  std::map<std::uint64_t, Fault> faults_;
  std::optional<ErrorCode> outage_;
};

}  // namespace fanlight::store
