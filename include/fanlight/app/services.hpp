// What the bot's coroutines share. Main owns every object; all of them outlive the io thread. References only
// to these may be captured by a coroutine.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <map>
#include <memory>
#include <string>

#include "fanlight/app/config.hpp"
#include "fanlight/app/metrics.hpp"
#include "fanlight/app/scanner.hpp"
#include "fanlight/app/visibility.hpp"
#include "fanlight/core/clock.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/core/task.hpp"
#include "fanlight/host/host.hpp"
#include "fanlight/store/batcher.hpp"
#include "fanlight/store/store.hpp"

namespace fanlight::app {

struct Services {
  const Config& config;
  Clock& clock;
  Random& random;
  store::Store& store;
  store::IntakeBatcher& intake;
  const Scanner& scanner;
  Metrics& metrics;
  boost::asio::thread_pool& store_pool;
  boost::asio::thread_pool& scan_pool;
  std::map<std::string, std::unique_ptr<host::Host>>& hosts;  // by configuration section
  Signal& job_arrived;
  std::string public_url;           // without a slash at the end
  bool stopping = false;            // io thread: no new job is started
  ScannerCache scanners = {};       // for repositories with rules of their own
  VisibilityCache visibility = {};  // io thread
};

}  // namespace fanlight::app
