#include "listen.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <charconv>
#include <cstring>
#include <optional>

namespace fanlight::net {

namespace {

using asio::ip::tcp;
using asio::local::stream_protocol;

constexpr std::string_view unix_prefix = "unix:";
constexpr ::mode_t socket_mode = 0660;

std::unexpected<Error> fail_listen(ErrorCode code, const std::string& listen, std::string_view why) {
  return fail(code, fmt::format("listen on {}: {}", listen, why));
}

std::unexpected<Error> fail_listen(const std::string& listen, error_code error) {
  if (error == asio::error::address_in_use)
    return fail_listen(ErrorCode::conflict, listen,
                       "address in use: stop the other process or choose another address");
  if (error == asio::error::access_denied)
    return fail_listen(
        ErrorCode::forbidden, listen,
        "permission denied: choose a port from 1024 on, or a directory this user may write to");
  if (error.value() == EADDRNOTAVAIL)
    return fail_listen(ErrorCode::bad_input, listen,
                       "not an address of this machine: choose one of its own, or 0.0.0.0 for all");
  if (error == boost::system::errc::no_such_file_or_directory)
    return fail_listen(ErrorCode::not_found, listen, "no such directory: create it first");
  return fail_listen(ErrorCode::io, listen, fmt::format("{}: choose another address", error.message()));
}

std::optional<Endpoint> parse_tcp(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (wrong != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  error_code error;
  const auto address = asio::ip::make_address(std::string(host), error);
  if (error || address.is_v6() != bracketed) return std::nullopt;
  return Endpoint(tcp::endpoint(address, port));
}

// A socket file that a dead process left behind refuses connections. True when it was one and is gone now.
bool remove_stale(Executor executor, const std::string& path) {
  struct ::stat entry{};
  if (::lstat(path.c_str(), &entry) != 0 || !S_ISSOCK(entry.st_mode)) return false;
  Socket probe(executor);
  error_code error;
  probe.connect(Endpoint(stream_protocol::endpoint(path)), error);
  return error == asio::error::connection_refused && ::unlink(path.c_str()) == 0;
}

error_code open_and_bind(Acceptor& acceptor, const Endpoint& endpoint, bool is_unix) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (error) return error;
  if (is_unix) {
    // Linux takes the mode of the new file from the socket's inode, so that it is never wider for a moment.
    ::fchmod(acceptor.native_handle(), socket_mode);
  } else {
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
    acceptor.set_option(tcp::no_delay(true), error);  // accepted sockets inherit it on Linux
  }
  acceptor.bind(endpoint, error);
  return error;
}

}  // namespace

Result<std::unique_ptr<Acceptor>> open_acceptor(Executor executor, const std::string& listen) {
  const bool is_unix = listen.starts_with(unix_prefix);
  const std::string path = is_unix ? listen.substr(unix_prefix.size()) : std::string();
  if (is_unix && (path.empty() || path.size() >= sizeof(::sockaddr_un::sun_path)))
    return fail_listen(ErrorCode::bad_input, listen,
                       fmt::format("a socket's path has 1 to {} bytes: choose a shorter one",
                                   sizeof(::sockaddr_un::sun_path) - 1));
  const auto endpoint =
      is_unix ? std::optional(Endpoint(stream_protocol::endpoint(path))) : parse_tcp(listen);
  if (!endpoint)
    return fail_listen(ErrorCode::bad_input, listen,
                       "not an address: write 127.0.0.1:8080, [::1]:8080 or unix:/path");

  auto acceptor = std::make_unique<Acceptor>(executor);
  error_code error = open_and_bind(*acceptor, *endpoint, is_unix);
  if (is_unix && error == asio::error::address_in_use && remove_stale(executor, path)) {
    acceptor = std::make_unique<Acceptor>(executor);
    error = open_and_bind(*acceptor, *endpoint, is_unix);
  }
  if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail_listen(listen, error);
  if (is_unix) ::chmod(path.c_str(), socket_mode);  // undoes what the umask took from the group
  return acceptor;
}

std::string describe(const Endpoint& endpoint) {
  if (endpoint.protocol().family() == AF_UNIX) {
    ::sockaddr_un name{};
    std::memcpy(&name, endpoint.data(), std::min(endpoint.size(), sizeof(name) - 1));
    return fmt::format("unix:{}", name.sun_path);
  }
  tcp::endpoint end;
  std::memcpy(end.data(), endpoint.data(), std::min(endpoint.size(), end.capacity()));
  const auto text = end.address().to_string();
  return end.address().is_v6() ? fmt::format("[{}]:{}", text, end.port())
                               : fmt::format("{}:{}", text, end.port());
}

std::string describe_peer(const Endpoint& endpoint) {
  if (endpoint.protocol().family() == AF_UNIX || endpoint.size() == 0) return "unix";
  tcp::endpoint end;
  std::memcpy(end.data(), endpoint.data(), std::min(endpoint.size(), end.capacity()));
  return end.address().to_string();
}

}  // namespace fanlight::net
