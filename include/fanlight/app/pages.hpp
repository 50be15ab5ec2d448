// What people see in a browser: GET /reviews/{id} behind a signed, expiring link; GET / behind a token. Plain
// HTML and CSS, no script, nothing from elsewhere. Pages are made from records alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fanlight/app/services.hpp"
#include "fanlight/net/server.hpp"

namespace fanlight::app {

std::vector<net::Route> page_routes(Services& services);

// "/reviews/<id>?until=<unix seconds>&sig=<hex>", valid until then. HMAC-SHA256 over id and time, its own
// subkey.
std::string review_path(std::string_view id, TimePoint until, const Secret& key);
// Until when a link made now is valid: at least `valid`, at most twice as long, and the same for all links
// made within `valid`, so that looking at a change again does not edit its comments for the link's sake.
TimePoint link_until(TimePoint now, std::chrono::hours valid);
// True when the signature holds and `now` is before `until`.
bool check_review_link(std::string_view id, std::string_view until, std::string_view signature, TimePoint now,
                       const Secret& key);

// The HTML of one review; `now` for "3 minutes ago".
std::string review_page(const Record& record, TimePoint now);
std::string dashboard_page(const std::vector<Record>& records, const std::vector<store::Job>& jobs,
                           const store::QueueStats& queue, const std::vector<store::AuditEntry>& audit,
                           TimePoint now, const Secret& key, std::chrono::hours link_valid);

}  // namespace fanlight::app
