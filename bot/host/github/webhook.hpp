// GitHub's webhooks: verified bytes to an event. Pure.
//
// Nothing that could be an address is taken from a payload: a payload names a repository, a number and a
// commit, and the API's base URL comes from the configuration.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "fanlight/core/result.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/host/host.hpp"
#include "fanlight/model/event.hpp"
#include "fanlight/net/http.hpp"

namespace fanlight::host::github {

// GitHub sends no delivery above 25 MB.
inline constexpr std::size_t payload_bytes_max = 25 * 1024 * 1024;
// The button on a check run; check_run.requested_action brings it back.
inline constexpr std::string_view recheck_action = "recheck";
// ChangeRef::ref of an event that names a head but no change ("commits/<sha>"); fetching finds the change.
inline constexpr std::string_view unresolved_prefix = "commits/";

// Who we are, as far as reading a payload needs it.
struct Identity {
  std::string host;         // configuration section
  std::string status_name;  // of our check runs
  std::string bot_login;    // may be empty: then own comments are known by their marker and by being a bot's
};

// True when `header` is "sha256=" and the hex HMAC-SHA256 of the body as it arrived. Time depends on lengths
// alone.
bool signature_holds(const Secret& secret, std::string_view header, std::string_view body);

Result<Received> receive_webhook(const Identity& identity, const Secret& secret, const net::Request& request);
Result<Event> decode_webhook(const Identity& identity, const Delivery& delivery);

// "owner/name" as GitHub allows it; anything else could step out of the path it is put into.
bool is_repository(std::string_view text);
// 40 or 64 hexadecimal digits.
bool is_sha(std::string_view text);

}  // namespace fanlight::host::github
