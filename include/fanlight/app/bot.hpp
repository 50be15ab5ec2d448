// The whole bot: `fanlight serve`. Owns threads, store, hosts and server; ends on SIGINT or SIGTERM after
// draining.
#pragma once

#include <functional>
#include <string>

#include "fanlight/app/config.hpp"
#include "fanlight/core/result.hpp"

namespace fanlight::app {

// Runs until a signal. `started` is called with the address once requests are accepted. Error: start-up
// failed.
Result<void> run_bot(const Config& config, std::function<void(const std::string& address)> started);

}  // namespace fanlight::app
