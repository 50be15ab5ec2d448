// Routes for machines: /healthz (the process answers), /readyz (the store writes and the bot is not
// stopping), /metrics, and /git/result, where an installed git hook waits for its review.
#pragma once

#include <vector>

#include "fanlight/app/services.hpp"
#include "fanlight/net/server.hpp"

namespace fanlight::app {

std::vector<net::Route> status_routes(Services& services);

}  // namespace fanlight::app
