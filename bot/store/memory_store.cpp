// The store in memory: for tests, simulation and one-shot commands. The same rules (queue_rules) over plain
// maps; the differential test holds it against SQLite. Simple before fast: leasing looks at every open job.
#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <tuple>

#include "codec.hpp"
#include "fanlight/store/store.hpp"
#include "queue_rules.hpp"

namespace fanlight::store {
namespace {

struct Stored {
  Job job;
  std::uint64_t leases = 0;
  TimePoint ready{};
  TimePoint finished{};

  JobRow row() const { return {job.id, job.kind, job.state, job.attempts, job.asked, ready}; }
};

class MemoryStore final : public Store {
 public:
  Result<std::vector<Accepted>> enqueue(std::span<const Intake> batch, TimePoint now) override {
    for (const Intake& intake : batch)
      if (auto checked = check_intake(intake); !checked) return std::unexpected(checked.error());
    std::lock_guard lock(mutex_);
    std::vector<Accepted> answers;
    for (const Intake& intake : batch) answers.push_back(enqueue_one(intake, now));
    return answers;
  }

  Result<std::optional<Job>> lease(TimePoint now, std::chrono::milliseconds lease_for) override {
    std::lock_guard lock(mutex_);
    auto step = find_lease(now);
    if (!step) return std::nullopt;
    if (step->merged) merge(step->merged, step->merged_into);
    if (step->released) {
      Stored& released = jobs_.at(step->released);
      released.job.state = JobState::waiting;
      released.ready = released.job.not_before;
    }
    Stored& stored = jobs_.at(step->job);
    stored.job.state = JobState::leased;
    ++stored.job.attempts;
    stored.job.lease = lease_token(stored.job.id, ++stored.leases);
    stored.ready = now + lease_for;
    return stored.job;
  }

  Result<std::optional<TimePoint>> next_due() override {
    std::lock_guard lock(mutex_);
    std::optional<TimePoint> best;
    for (const auto& [change, ids] : open_) {
      auto due = change_due(rows_of(ids));
      if (due && (!best || *due < *best)) best = due;
    }
    return best;
  }

  Result<void> extend(const Job& job, TimePoint until) override {
    std::lock_guard lock(mutex_);
    Stored* stored = holder(job);
    if (!stored) return lost("extend", job);
    stored->ready = until;
    return {};
  }

  Result<void> complete(const Job& job, const std::optional<Record>& record, TimePoint now) override {
    if (record)
      if (auto json = encode_record(*record); !json) return std::unexpected(json.error());
    std::lock_guard lock(mutex_);
    Stored* stored = holder(job);
    if (!stored) return lost("complete", job);
    close(*stored, JobState::done);
    stored->finished = now;
    stored->job.delivery.body.clear();
    if (record) put_record(*record);
    return {};
  }

  Result<void> fail(const Job& job, const std::string& error, TimePoint retry_at) override {
    std::lock_guard lock(mutex_);
    Stored* stored = holder(job);
    if (!stored) return lost("fail", job);
    auto newer = job.kind == JobKind::review ? waiting_review(job.change_key) : std::nullopt;
    if (newer) {
      merge(job.id, newer->id);
      return {};
    }
    stored->job.state = JobState::waiting;
    stored->job.not_before = stored->ready = retry_at;
    stored->job.error = one_line(error);
    return {};
  }

  Result<void> park(const Job& job, const std::string& error, TimePoint) override {
    std::lock_guard lock(mutex_);
    Stored* stored = holder(job);
    if (!stored) return lost("park", job);
    close(*stored, JobState::parked);
    stored->job.error = one_line(error);
    return {};
  }

  Result<bool> superseded(const Job& job) override {
    std::lock_guard lock(mutex_);
    auto waiting = waiting_review(job.change_key);
    return waiting && waiting->id != job.id;
  }

  Result<std::vector<Job>> jobs(std::size_t limit) override {
    std::lock_guard lock(mutex_);
    std::vector<const Stored*> found;
    for (const auto& [id, stored] : jobs_)
      if (stored.job.state != JobState::done) found.push_back(&stored);
    std::ranges::sort(found, {},
                      [](const Stored* stored) { return std::tuple(stored->job.asked, stored->job.id); });
    found.resize(std::min({found.size(), limit, list_max}));
    std::vector<Job> jobs;
    for (const Stored* stored : found) {
      jobs.push_back(stored->job);
      jobs.back().delivery.body.clear();
      if (stored->job.state != JobState::leased) jobs.back().lease.clear();
    }
    return jobs;
  }

  Result<QueueStats> queue() override {
    std::lock_guard lock(mutex_);
    QueueStats stats;
    for (const auto& [id, stored] : jobs_) {
      const Job& job = stored.job;
      stats.leased += job.state == JobState::leased;
      stats.parked += job.state == JobState::parked;
      if (job.state != JobState::waiting) continue;
      ++stats.waiting;
      if (!stats.oldest_waiting || job.asked < *stats.oldest_waiting) stats.oldest_waiting = job.asked;
    }
    return stats;
  }

  Result<std::optional<Record>> record(const std::string& id) override {
    std::lock_guard lock(mutex_);
    auto found = std::ranges::find(records_, id, &Record::id);
    if (found == records_.end()) return std::nullopt;
    return *found;
  }

  Result<std::optional<Record>> latest(const std::string& change_key, const std::string& head_sha) override {
    std::lock_guard lock(mutex_);
    const Record* best = nullptr;
    for (const Record& record : records_)
      if (record.change.key() == change_key && (head_sha.empty() || record.head_sha == head_sha) &&
          (!best || record.created >= best->created))
        best = &record;
    if (!best) return std::nullopt;
    return *best;
  }

  Result<std::vector<Record>> records(std::size_t limit) override {
    std::lock_guard lock(mutex_);
    std::vector<const Record*> sorted;
    for (const Record& record : records_) sorted.push_back(&record);
    // The address breaks ties: they stand in one vector, in the order in which they came.
    std::ranges::sort(sorted, std::ranges::greater(),
                      [](const Record* record) { return std::tuple(record->created, record); });
    std::vector<Record> page;
    for (const Record* record : sorted) {
      if (page.size() == std::min(limit, records_page_max)) break;
      page.push_back(*record);
    }
    return page;
  }

  Result<void> put_posted(const PostedComment& comment) override {
    std::lock_guard lock(mutex_);
    auto& list = posted_[comment.change_key];
    auto found = std::ranges::find(list, comment.posted.marker, &Posted::marker);
    if (found == list.end())
      list.push_back(comment.posted);
    else
      *found = comment.posted;
    return {};
  }

  Result<std::vector<Posted>> posted(const std::string& change_key) override {
    std::lock_guard lock(mutex_);
    auto found = posted_.find(change_key);
    return found == posted_.end() ? std::vector<Posted>{} : found->second;
  }

  Result<void> put_waiver(const StoredWaiver& waiver) override {
    std::lock_guard lock(mutex_);
    auto found = find_waiver(waiver.repository, waiver.waiver.fingerprint);
    if (found == waivers_.end())
      waivers_.push_back(waiver);
    else
      *found = waiver;
    return {};
  }

  Result<bool> drop_waiver(const std::string& repository, const std::string& fingerprint) override {
    std::lock_guard lock(mutex_);
    auto found = find_waiver(repository, fingerprint);
    if (found == waivers_.end()) return false;
    waivers_.erase(found);
    return true;
  }

  Result<std::vector<StoredWaiver>> waivers(const std::string& repository) override {
    std::lock_guard lock(mutex_);
    std::vector<StoredWaiver> found;
    std::ranges::copy_if(waivers_, std::back_inserter(found),
                         [&](const StoredWaiver& waiver) { return waiver.repository == repository; });
    return found;
  }

  Result<void> put_term(const StoredTerm& term) override {
    std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(terms_, [&](const StoredTerm& known) {
      return known.repository == term.repository && known.term.kind == term.term.kind &&
             known.term.text == term.term.text;
    });
    if (found != terms_.end()) {
      *found = term;
      return {};
    }
    if (std::ranges::count(terms_, term.repository, &StoredTerm::repository) >=
        static_cast<std::ptrdiff_t>(lexicon_terms_max))
      return std::unexpected(too_many_terms(term.repository));
    terms_.push_back(term);
    return {};
  }

  Result<std::vector<StoredTerm>> terms(const std::string& repository) override {
    std::lock_guard lock(mutex_);
    std::vector<StoredTerm> found;
    std::ranges::copy_if(terms_, std::back_inserter(found),
                         [&](const StoredTerm& one) { return one.repository == repository; });
    return found;
  }

  Result<void> audit(const AuditEntry& entry) override {
    std::lock_guard lock(mutex_);
    audit_.push_back({entry.at, one_line(entry.actor), one_line(entry.what), one_line(entry.subject),
                      one_line(entry.detail)});
    return {};
  }

  Result<std::vector<AuditEntry>> audit_log(std::size_t limit) override {
    std::lock_guard lock(mutex_);
    std::vector<AuditEntry> newest(audit_.rbegin(), audit_.rend());
    newest.resize(std::min({newest.size(), limit, list_max}));
    return newest;
  }

  Result<std::uint64_t> prune(TimePoint before) override {
    std::lock_guard lock(mutex_);
    std::size_t gone = std::erase_if(records_, [&](const Record& record) { return record.created < before; });
    std::set<std::int64_t> old;
    for (const auto& [id, stored] : jobs_)
      if (stored.job.state == JobState::done && stored.finished < before) old.insert(id);
    gone += std::erase_if(seen_, [&](const auto& seen) { return old.contains(seen.second); });
    gone += std::erase_if(jobs_, [&](const auto& job) { return old.contains(job.first); });
    return gone;
  }

  Result<void> ping() override { return {}; }

 private:
  using Ids = std::set<std::int64_t>;

  // The five below are called with the mutex held.
  std::optional<JobRow> seen_job(const std::string& key) const {
    auto found = seen_.find(key);
    if (found == seen_.end()) return std::nullopt;
    return jobs_.at(found->second).row();
  }

  std::optional<JobRow> waiting_review(const std::string& change_key) const {
    auto open = open_.find(change_key);
    if (open == open_.end()) return std::nullopt;
    for (const JobRow& row : rows_of(open->second))
      if (row.kind == JobKind::review && row.state == JobState::waiting) return row;
    return std::nullopt;
  }

  std::vector<JobRow> rows_of(const Ids& ids) const {
    std::vector<JobRow> rows;
    for (std::int64_t id : ids) rows.push_back(jobs_.at(id).row());
    return rows;
  }

  Accepted enqueue_one(const Intake& intake, TimePoint now) {
    std::string keys[] = {delivery_key(intake), meaning_key(intake)};
    auto seen = seen_job(keys[0]);
    if (!seen) seen = seen_job(keys[1]);
    bool review = intake.kind == JobKind::review;
    IntakeStep step =
        decide_intake(intake, now, seen, review ? waiting_review(intake.change_key) : std::nullopt);
    if (step.step == Step::nothing) return step.answer;
    std::int64_t id = step.step == Step::insert ? ++last_id_ : step.job;
    Stored& stored = jobs_[id];
    Job& job = stored.job;
    job = {};
    job.id = id;
    job.kind = intake.kind;
    job.change_key = intake.change_key;
    job.display = intake.display;
    job.delivery = intake.delivery;
    job.asked = step.asked;
    job.not_before = step.not_before;
    stored.ready = step.not_before;
    open_[job.change_key].insert(id);
    for (const std::string& key : keys)
      if (!key.empty()) seen_[key] = id;
    if (step.merged) merge(step.merged, id);
    return step.answer;
  }

  std::optional<LeaseStep> find_lease(TimePoint now) const {
    std::vector<const Stored*> due;
    for (const auto& [change, ids] : open_)
      for (std::int64_t id : ids)
        if (const Stored& stored = jobs_.at(id); stored.ready <= now) due.push_back(&stored);
    std::ranges::sort(due, {},
                      [](const Stored* stored) { return std::tuple(stored->job.asked, stored->job.id); });
    for (const Stored* stored : due)
      if (auto step = decide_lease(rows_of(open_.at(stored->job.change_key)), now)) return step;
    return std::nullopt;
  }

  void merge(std::int64_t from, std::int64_t into) {
    for (auto& [key, job] : seen_)
      if (job == from) job = into;
    close(jobs_.at(from), JobState::done);
    jobs_.erase(from);
  }

  Stored* holder(const Job& job) {
    auto found = jobs_.find(job.id);
    if (found == jobs_.end()) return nullptr;
    Stored& stored = found->second;
    return stored.job.state == JobState::leased && stored.job.lease == job.lease ? &stored : nullptr;
  }

  void close(Stored& stored, JobState state) {
    stored.job.state = state;
    auto open = open_.find(stored.job.change_key);
    if (open == open_.end()) return;
    open->second.erase(stored.job.id);
    if (open->second.empty()) open_.erase(open);
  }

  void put_record(const Record& record) {
    auto found = std::ranges::find(records_, record.id, &Record::id);
    if (found == records_.end())
      records_.push_back(record);
    else
      *found = record;
  }

  std::vector<StoredWaiver>::iterator find_waiver(const std::string& repository,
                                                  const std::string& fingerprint) {
    return std::ranges::find_if(waivers_, [&](const StoredWaiver& stored) {
      return stored.repository == repository && stored.waiver.fingerprint == fingerprint;
    });
  }

  static std::unexpected<Error> lost(std::string_view what, const Job& job) {
    return fail_in(std::string("store: ").append(what), lease_lost(job));
  }

  std::mutex mutex_;  // guards all below
  std::int64_t last_id_ = 0;
  std::map<std::int64_t, Stored> jobs_;
  std::map<std::string, Ids> open_;  // waiting and leased jobs by change
  std::map<std::string, std::int64_t> seen_;
  std::vector<Record> records_;  // in the order in which they came
  std::map<std::string, std::vector<Posted>> posted_;
  std::vector<StoredWaiver> waivers_;
  std::vector<StoredTerm> terms_;
  std::vector<AuditEntry> audit_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() {
  return std::make_unique<MemoryStore>();
}

}  // namespace fanlight::store
