// A repository's files to the readiness of its modules: facts, graph, scan of every module's files, stranger
// check. Used by the command line and by `/fanlight readiness`. Blocking: runs on its own threads and on the
// caller's.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fanlight/app/layout.hpp"
#include "fanlight/app/scanner.hpp"
#include "fanlight/core/clock.hpp"
#include "fanlight/core/result.hpp"
#include "fanlight/coupling/readiness.hpp"
#include "fanlight/policy/policy.hpp"

namespace fanlight::app {

struct ReadinessOptions {
  unsigned threads = 1;
  TimePoint now{};
  // Reads the history under the settings given, which know the modules; its findings say `at_head` and name
  // their commits. Nothing: the history is not looked at.
  std::function<Result<ScanOutcome>(const ScanSettings&)> history = {};
};

// The same result for any number of threads. Fails only where the history cannot be read.
Result<coupling::Readiness> measure_readiness(const Scanner& scanner, const policy::Policy& policy,
                                              const RepositoryText& repository,
                                              const ReadinessOptions& options);

}  // namespace fanlight::app
