// Addresses that the client can talk to: http, https, and HTTP over a Unix socket. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fanlight/core/result.hpp"

namespace fanlight::net {

struct Url {
  std::string scheme;  // "http", "https" or "unix"
  std::string host;    // lower case, an IPv6 address without brackets; empty for unix
  std::uint16_t port = 0;
  std::string target;  // path and query as sent, starts with '/'
  std::string socket_path;
  std::string user, password;  // decoded; only a proxy's address may have them

  // "https://host:port" without a default port, or "unix:/path/to.sock".
  std::string origin() const;
  // "host", "host:8080", "[::1]:8080": the Host field.
  std::string authority() const;
  // Origin and path, without the query: what an error or a log may show.
  std::string shown() const;
};

// "https://host:port/path?query" or "unix:/path/to.sock:/target". A fragment is dropped. The error does not
// repeat the text, for it may hold a password.
Result<Url> parse_url(std::string_view text);
// What a Location field means on a page of `base`; http and https only.
Result<Url> resolve_url(const Url& base, std::string_view reference);

}  // namespace fanlight::net
