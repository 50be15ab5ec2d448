// Where the server listens: an address in words becomes a bound socket, or one line that says why not.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <memory>
#include <string>

#include "fanlight/core/result.hpp"
#include "stream.hpp"

namespace fanlight::net {

using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;
using Endpoint = asio::generic::stream_protocol::endpoint;

// "127.0.0.1:8443", "[::1]:8080" or "unix:/path". A Unix socket that nobody listens on is replaced, mode
// 0660.
Result<std::unique_ptr<Acceptor>> open_acceptor(Executor executor, const std::string& listen);

// "127.0.0.1:40123", "[::1]:8080" or "unix:/path".
std::string describe(const Endpoint& endpoint);
// The address alone, or "unix".
std::string describe_peer(const Endpoint& endpoint);

}  // namespace fanlight::net
