// POST /hooks/<host>: verify, decode, store, answer. Nothing else happens before the answer: 202 only after
// commit, 200 for what is a repeat or of no interest, 401 for a signature that does not hold.
#pragma once

#include <string>
#include <vector>

#include "fanlight/app/services.hpp"
#include "fanlight/net/server.hpp"

namespace fanlight::app {

// One route per configured host.
std::vector<net::Route> intake_routes(Services& services);

// What a verified event asks the store for; nothing for events of no interest. Pure.
std::optional<store::Intake> intake_of(const host::Received& received, TimePoint now,
                                       std::chrono::milliseconds settle);

// Hands `intake` to the batcher and waits for the commit.
Task<Result<store::Accepted>> enqueue(Services& services, store::Intake intake);

}  // namespace fanlight::app
