// One connection of the server: wait, read the head, find the route, read the body, call the handler, answer,
// again.
//
// Everything that can be refused from the head alone (no route, wrong method, announced size) is refused
// before a byte of the body is read. After such an answer the connection ends, politely: our side is shut
// down and what the client still sends is thrown away for a moment, because closing over unread bytes resets
// the connection and may destroy the answer.
#include "connection.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "fanlight/core/clock.hpp"
#include "fanlight/core/log.hpp"
#include "fanlight/core/text.hpp"
#include "wire.hpp"

namespace fanlight::net {

namespace {

constexpr std::chrono::milliseconds linger_ms{2'000};
constexpr std::size_t linger_bytes_max = 256 * 1024;

// What one connection has: its place, its bytes, its peer.
class Connection {
 public:
  Connection(Slot slot, Socket socket, std::string peer)
      : slot_(std::move(slot)),
        stream_(state().tls ? make_tls_server_stream(std::move(socket), state().tls)
                            : make_plain_stream(std::move(socket))),
        reader_(stream_, limits().header_bytes_max),
        peer_(std::move(peer)) {}
  ~Connection() { stream_->close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  ServerState& state() const { return slot_.state(); }
  const ServerLimits& limits() const { return state().config.limits; }
  Stream& stream() { return *stream_; }
  Reader& reader() { return reader_; }
  const std::string& peer() const { return peer_; }

  // While these two wait, stop() may close the connection at once.
  Task<error_code> handshake(std::string& why) {
    const auto place = state().idle.insert(state().idle.end(), stream_);
    const auto error = co_await stream_->handshake(why);
    state().idle.erase(place);
    co_return error;
  }
  Task<Trouble> wait() {
    const auto place = state().idle.insert(state().idle.end(), stream_);
    const auto trouble = co_await reader_.wait();
    state().idle.erase(place);
    co_return trouble;
  }

 private:
  Slot slot_;
  std::shared_ptr<Stream> stream_;
  Reader reader_;
  std::string peer_;
};

// "http://host/path" means "/path" here (RFC 9112, 3.2.2).
void to_origin_form(std::string& target) {
  const auto scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string::npos) return;
  const auto path = target.find_first_of("/?", scheme + 3);
  target = path == std::string::npos ? "/"
           : target[path] == '?'     ? "/" + target.substr(path)
                                     : target.substr(path);
}

bool path_matches(const Route& route, std::string_view path) {
  const std::string_view pattern = route.path;
  if (!pattern.ends_with("/*")) return path == pattern;
  return path.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool method_matches(const Route& route, std::string_view method) {
  return route.method == method || (method == "HEAD" && route.method == "GET");
}

struct Match {
  const Route* route = nullptr;
  std::string allow;  // the methods of the path, when there is a path but no such method
};

// The exact path wins over a prefix, a longer prefix over a shorter one.
Match find_route(const std::vector<Route>& routes, std::string_view method, std::string_view path) {
  Match match;
  const auto is_better = [&](const Route& route) {
    if (match.route == nullptr) return true;
    const bool exact = !route.path.ends_with("/*"), had_exact = !match.route->path.ends_with("/*");
    return exact != had_exact ? exact : route.path.size() > match.route->path.size();
  };
  for (const auto& route : routes) {
    if (!path_matches(route, path)) continue;
    if (method_matches(route, method)) {
      if (is_better(route)) match.route = &route;
      continue;
    }
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  return match;
}

Response make_refusal(unsigned status, std::string_view text) {
  return make_response(status, fmt::format("{}\n", text));
}

std::optional<Response> answer_trouble(Trouble trouble, const ServerLimits& limits,
                                       std::size_t body_bytes_max) {
  switch (trouble) {
    case Trouble::timed_out:
      return make_refusal(408, "the request took too long");
    case Trouble::head_too_large:
      return make_refusal(431, fmt::format("the header is over {} bytes", limits.header_bytes_max));
    case Trouble::body_too_large:
      return make_refusal(413, fmt::format("the body is over {} bytes", body_bytes_max));
    case Trouble::malformed:
      return make_refusal(400, "not a well-formed HTTP/1.1 request");
    case Trouble::unsupported:
      return make_refusal(501, "the only transfer encoding here is chunked");
    case Trouble::none:
    case Trouble::closed:
    case Trouble::truncated:
    case Trouble::broken:
      break;
  }
  return std::nullopt;
}

bool has_body(const Head& head) {
  return head.chunked || head.length.value_or(0) > 0;
}

// What can be said without the body; nothing when the body may come.
std::optional<Response> refuse_head(const Head& head, const Match& match) {
  if (match.route == nullptr && match.allow.empty()) return make_refusal(404, "no such page");
  if (match.route == nullptr) {
    auto response = make_refusal(405, fmt::format("use {}", match.allow));
    response.headers.add("Allow", match.allow);
    return response;
  }
  const auto limit = match.route->body_bytes_max;
  if (head.length.value_or(0) > limit || (head.chunked && limit == 0))
    return make_refusal(413, fmt::format("the body is over {} bytes", limit));
  if (head.headers.has("Expect") && !iequals(head.headers.get("Expect"), "100-continue"))
    return make_refusal(417, "the only expectation here is 100-continue");
  return std::nullopt;
}

Task<Response> call_handler(const Handler& handler, Request request) {
  const std::string method = request.method, path(request.path());
  std::string why;
  try {
    auto answering = handler(std::move(request));
    auto response = co_await std::move(answering);
    const auto bad =
        std::find_if(response.headers.entries().begin(), response.headers.entries().end(),
                     [](const auto& entry) { return !is_valid_field(entry.first, entry.second); });
    if (bad == response.headers.entries().end() && response.status >= 200 && response.status <= 599)
      co_return response;
    why = "the handler's status or a header field is not valid";
  } catch (const std::exception& e) {
    why = e.what();
  } catch (...) {
    why = "unknown exception";
  }
  log::error("request failed", {{"method", method}, {"path", path}, {"error", why}});
  co_return make_refusal(500, "something went wrong here; the log of the server says what");
}

// False when the connection is no longer of use.
Task<bool> send_response(Connection& connection, const Response& response, const ResponseFraming& framing) {
  const auto head = write_response_head(response, framing);
  const bool has_no_body = framing.head_only || !status_has_body(response.status);
  connection.stream().watch(Deadline::after(connection.limits().write_ms));
  const auto body = has_no_body ? asio::const_buffer() : asio::buffer(response.body);
  const auto sent = co_await connection.stream().write(asio::buffer(head), body);
  co_return !sent.error;
}

// Answers with what is unread behind it, and ends the connection.
Task<> send_last(Connection& connection, Response response, bool head_only) {
  const ResponseFraming framing{
      .keep_alive = false, .head_only = head_only, .date = connection.state().date()};
  const bool sent = co_await send_response(connection, response, framing);
  if (!sent) co_return;
  connection.stream().watch(Deadline::after(linger_ms));
  co_await connection.stream().shutdown();
  co_await connection.reader().discard(linger_bytes_max);
}

Task<Trouble> receive_body(Connection& connection, const Head& head, std::string& body,
                           std::size_t bytes_max) {
  connection.stream().watch(Deadline::after(connection.limits().body_ms));
  if (head.headers.has("Expect") && !connection.reader().has_bytes()) {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto sent = co_await connection.stream().write(asio::buffer(go_on), {});
    if (sent.error) co_return Trouble::broken;
  }
  co_return co_await connection.reader().read_body(head, body, bytes_max);
}

// One request after its first byte. True when another may follow on the connection.
Task<bool> serve_request(Connection& connection) {
  Head head;
  auto trouble = co_await connection.reader().read_request(head);
  if (trouble != Trouble::none) {
    auto answer = answer_trouble(trouble, connection.limits(), 0);
    if (answer) co_await send_last(connection, std::move(*answer), false);
    co_return false;
  }
  Request request;
  request.method = std::move(head.method);
  request.target = std::move(head.target);
  request.peer = connection.peer();
  to_origin_form(request.target);
  const bool head_only = request.method == "HEAD";
  const auto match = find_route(connection.state().routes, request.method, request.path());

  auto refusal = refuse_head(head, match);
  if (refusal && has_body(head)) {
    co_await send_last(connection, std::move(*refusal), head_only);
    co_return false;
  }
  if (has_body(head)) {
    const auto bytes_max = match.route->body_bytes_max;
    trouble = co_await receive_body(connection, head, request.body, bytes_max);
    if (trouble != Trouble::none) {
      auto answer = answer_trouble(trouble, connection.limits(), bytes_max);
      if (answer) co_await send_last(connection, std::move(*answer), head_only);
      co_return false;
    }
  }
  connection.stream().unwatch();
  request.headers = std::move(head.headers);
  Response response;
  if (refusal)
    response = std::move(*refusal);
  else
    response = co_await call_handler(match.route->handler, std::move(request));

  const bool keep_alive = head.keep_alive && !connection.state().stopping &&
                          !iequals(response.headers.get("Connection"), "close");
  if (!keep_alive) {
    co_await send_last(connection, std::move(response), head_only);
    co_return false;
  }
  const ResponseFraming framing{
      .keep_alive = true, .head_only = head_only, .version = head.version, .date = connection.state().date()};
  co_return co_await send_response(connection, response, framing);
}

Task<> serve_requests(Connection& connection) {
  auto& stream = connection.stream();
  // From the accept on: TLS and the first header share one time.
  stream.watch(Deadline::after(connection.limits().header_ms));
  std::string why;
  const auto refused = co_await connection.handshake(why);
  if (refused) {
    log::debug("TLS handshake failed", {{"peer", connection.peer()}, {"error", why}});
    co_return;
  }
  for (bool first = true; !connection.state().stopping; first = false) {
    if (!first) stream.watch(Deadline::after(connection.limits().idle_ms));
    const auto trouble = co_await connection.wait();
    if (trouble != Trouble::none) co_return;
    if (!first) stream.watch(Deadline::after(connection.limits().header_ms));
    const bool more = co_await serve_request(connection);
    if (!more) co_return;
  }
}

}  // namespace

std::string_view ServerState::date() {
  const auto now = std::chrono::floor<std::chrono::seconds>(SystemClock().now());
  const std::int64_t second = now.time_since_epoch().count();
  if (second != date_second_) {
    date_second_ = second;
    date_ = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(static_cast<std::time_t>(second)));
  }
  return date_;
}

Task<> serve_connection(Slot slot, Socket socket, std::string peer) {
  Connection connection(std::move(slot), std::move(socket), std::move(peer));
  try {
    auto serving = serve_requests(connection);
    co_await std::move(serving);
  } catch (const boost::system::system_error& e) {
    // drain() ran out of time and cancelled what was left.
    if (e.code() != asio::error::operation_aborted) throw;
  }
}

}  // namespace fanlight::net
