#include "connect.hpp"

#include <fmt/format.h>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace fanlight::net {

namespace {

using asio::ip::tcp;

struct Lookup {
  explicit Lookup(Executor executor) : resolver(executor), woken(executor) {}
  tcp::resolver resolver;
  asio::steady_timer woken;
  error_code error;
  std::vector<Endpoint> found;
  bool done = false;
};

std::unexpected<Error> fail_connect(error_code error, std::string_view what) {
  if (error == asio::error::timed_out)
    return fail(ErrorCode::timeout, fmt::format("{}: no answer in time", what));
  if (error == asio::error::operation_aborted)
    return fail(ErrorCode::canceled, fmt::format("{}: canceled", what));
  return fail(ErrorCode::unavailable, fmt::format("{}: {}", what, error.message()));
}

// Each address gets an equal share of what is left, so that one that never answers does not use it all up.
Task<Result<std::shared_ptr<Stream>>> connect_first(std::vector<Endpoint> endpoints, Deadline deadline) {
  const auto executor = co_await asio::this_coro::executor;
  error_code error = asio::error::host_not_found;
  std::string what = "connect";
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const auto share = deadline.remaining() / static_cast<long>(endpoints.size() - i);
    auto stream = make_plain_stream(Socket(executor));
    stream->watch(deadline.sooner(share));
    error = co_await stream->connect(endpoints[i]);
    if (!error) co_return stream;
    what = fmt::format("connect to {}", describe(endpoints[i]));
    stream->close();
    if (error == asio::error::operation_aborted) break;
  }
  co_return fail_connect(error, what);
}

std::string write_connect(const Url& url, const Proxy& proxy) {
  const auto host = url.host.find(':') == std::string::npos ? url.host : fmt::format("[{}]", url.host);
  auto text = fmt::format("CONNECT {0}:{1} HTTP/1.1\r\nHost: {0}:{1}\r\n", host, url.port);
  if (!proxy.authorization.empty()) text += fmt::format("Proxy-Authorization: {}\r\n", proxy.authorization);
  return text + "\r\n";
}

Task<Result<void>> open_tunnel(std::shared_ptr<Stream> stream, std::string request) {
  const auto sent = co_await stream->write(asio::buffer(request), {});
  if (sent.error) co_return fail_connect(sent.error, "proxy CONNECT");
  Reader reader(stream, response_head_bytes_max);
  Head head;
  const auto trouble = co_await reader.read_response(head);
  if (trouble == Trouble::timed_out) co_return fail_connect(asio::error::timed_out, "proxy CONNECT");
  if (trouble != Trouble::none)
    co_return fail(ErrorCode::unavailable,
                   "proxy CONNECT: the proxy did not answer in HTTP: check its address");
  if (head.status == 407)
    co_return fail(ErrorCode::unauthenticated,
                   "proxy CONNECT: 407: put user:password@ before the host in https_proxy");
  if (head.status < 200 || head.status > 299)
    co_return fail(head.status >= 500 ? ErrorCode::unavailable : ErrorCode::forbidden,
                   fmt::format("proxy CONNECT: the proxy answered {}", head.status));
  if (reader.has_bytes())
    co_return fail(ErrorCode::unavailable, "proxy CONNECT: the proxy sent bytes before the tunnel was used");
  co_return Result<void>();
}

Task<Result<std::shared_ptr<Stream>>> start_tls(std::shared_ptr<Stream> plain, Url url, TlsContextPtr tls,
                                                Deadline deadline) {
  plain->rest();
  auto stream = make_tls_client_stream(std::move(plain->socket()), std::move(tls), url.host);
  stream->watch(deadline);
  std::string why;
  const auto error = co_await stream->handshake(why);
  if (!error) co_return stream;
  stream->close();
  if (error == asio::error::timed_out || error == asio::error::operation_aborted)
    co_return fail_connect(error, "TLS handshake");
  if (why.starts_with("certificate"))
    co_return fail(ErrorCode::unauthenticated,
                   fmt::format("TLS handshake: {}: if its CA is your own, name it in ca_file", why));
  co_return fail(ErrorCode::unavailable, fmt::format("TLS handshake: {}", why));
}

}  // namespace

Task<Result<std::vector<Endpoint>>> find_addresses(std::string host, std::uint16_t port, Deadline deadline) {
  error_code not_an_address;
  const auto address = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) co_return std::vector{Endpoint(tcp::endpoint(address, port))};

  const auto executor = co_await asio::this_coro::executor;
  const auto lookup = std::make_shared<Lookup>(executor);
  lookup->woken.expires_at(deadline.at());
  lookup->resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                                 [lookup](error_code error, tcp::resolver::results_type results) {
                                   lookup->done = true;
                                   lookup->error = error;
                                   for (const auto& entry : results)
                                     lookup->found.push_back(entry.endpoint());
                                   lookup->woken.cancel();
                                 });
  error_code ignored;
  co_await lookup->woken.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  const auto what = fmt::format("look up {}", host);
  if (lookup->done && !lookup->error) co_return std::move(lookup->found);
  if (lookup->done)
    co_return fail(ErrorCode::unavailable,
                   fmt::format("{}: {}: check the name and the DNS server", what, lookup->error.message()));
  co_return fail_connect(deadline.expired() ? asio::error::timed_out : asio::error::operation_aborted, what);
}

Task<Result<Link>> open_link(Url url, const Proxy* proxy, TlsContextPtr tls, Deadline deadline) {
  std::vector<Endpoint> endpoints;
  if (url.scheme == "unix") {
    if (url.socket_path.size() > 107)
      co_return fail(ErrorCode::bad_input, "connect: the socket's path is too long");
    endpoints.push_back(asio::local::stream_protocol::endpoint(url.socket_path));
  } else {
    auto found = proxy != nullptr ? co_await find_addresses(proxy->host, proxy->port, deadline)
                                  : co_await find_addresses(url.host, url.port, deadline);
    if (!found) co_return std::unexpected(std::move(found.error()));
    endpoints = std::move(*found);
  }
  auto stream = co_await connect_first(std::move(endpoints), deadline);
  if (!stream) co_return std::unexpected(std::move(stream.error()));
  if (url.scheme == "https") {
    (*stream)->watch(deadline);
    if (proxy != nullptr) {
      auto request = write_connect(url, *proxy);
      auto opened = co_await open_tunnel(*stream, std::move(request));
      if (!opened) co_return std::unexpected(std::move(opened.error()));
    }
    stream = co_await start_tls(std::move(*stream), url, std::move(tls), deadline);
    if (!stream) co_return std::unexpected(std::move(stream.error()));
  }
  auto reader = std::make_unique<Reader>(*stream, response_head_bytes_max);
  co_return Link{std::move(*stream), std::move(reader)};
}

}  // namespace fanlight::net
