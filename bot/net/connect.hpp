// From a name to a connection: look-up, TCP or Unix connect, the proxy's CONNECT, TLS. One deadline for all
// of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fanlight/core/result.hpp"
#include "listen.hpp"
#include "pool.hpp"
#include "proxy.hpp"
#include "stream.hpp"
#include "tls.hpp"
#include "url.hpp"

namespace fanlight::net {

// Response heads over this are an error.
constexpr std::size_t response_head_bytes_max = 64 * 1024;

// The addresses of a name, in the resolver's order; an address is its own. Returns by the deadline although a
// resolver cannot be cancelled: the look-up is left to end by itself, and holds nothing of the caller's.
Task<Result<std::vector<Endpoint>>> find_addresses(std::string host, std::uint16_t port, Deadline deadline);

// The link is ready for a request to `url`: directly, through `proxy` (may be null) in absolute form for
// http, or through its tunnel for https.
Task<Result<Link>> open_link(Url url, const Proxy* proxy, TlsContextPtr tls, Deadline deadline);

}  // namespace fanlight::net
