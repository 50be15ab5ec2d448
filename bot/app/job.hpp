// One job in hand, for worker.cpp and the two kinds of work: review.cpp and chatops.cpp.
#pragma once

#include <optional>
#include <string>

#include "fanlight/app/services.hpp"
#include "fanlight/app/worker.hpp"
#include "fanlight/model/record.hpp"
#include "fanlight/policy/policy.hpp"
#include "gate.hpp"

namespace fanlight::app {

struct Work {
  Services& services;
  host::Host& host;
  store::Job job;
  Deadline deadline;
  // By the server's policy at first, then by the repository's own, which adds to it.
  std::shared_ptr<const Gate> gate;
  bool interrupted = false;  // an earlier publishing of the change was not finished: ask before posting
};

// What a job that went well leaves behind.
struct Done {
  JobEnd end = JobEnd::done;
  std::optional<Record> record;
};

// Fetch, scan, evaluate, plan, publish.
Task<Result<Done>> review(Work& work, Event event);
// The commands of one comment, and one answer.
Task<Result<Done>> answer(Work& work, Event event);

// The store is blocking: its calls run on its own pool.
template <class F>
auto in_store(Work& work, F call) {
  return on_pool(work.services.store_pool, std::move(call));
}

// The only way to the host: nothing is posted that did not pass the gate. `action` becomes what was posted.
Task<Result<host::Applied>> post(Work& work, const Change& change, const Diff& diff, Action& action,
                                 bool maybe_done);
// A gate for what `policy` says of private names.
std::shared_ptr<const Gate> make_gate(Services& services, std::shared_ptr<const Scanner> scanner,
                                      const ScanSettings& settings);
// The policy as it holds for the repository whose file has this text; nullptr: it has none.
policy::PolicyRead repository_policy(const Services& services, const std::string* text);

// Waivers are of a repository: "github|acme/api".
inline std::string waiver_scope(const ChangeRef& change) {
  return change.host + '|' + change.repository;
}

}  // namespace fanlight::app
