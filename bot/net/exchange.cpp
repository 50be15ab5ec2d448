#include "exchange.hpp"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <iterator>

#include "fanlight/core/text.hpp"

namespace fanlight::net {

namespace {

// 100 and 103 may come before the answer; a server that sends nothing else is broken.
constexpr unsigned interim_answers_max = 8;
// A large body goes out in pieces, so that the idle time-out is about progress.
constexpr std::size_t write_piece_bytes = 256 * 1024;

struct Attempt {
  Result<Response> result;
  bool stale = false;  // a kept connection was closed before a byte of the answer came
};

std::string write_request_head(const Call& call, const Proxy* proxy, const std::string& user_agent) {
  const bool absolute = proxy != nullptr && call.url.scheme == "http";
  std::string out;
  out.reserve(1024);
  fmt::format_to(std::back_inserter(out), "{} {}{} HTTP/1.1\r\nHost: {}\r\n", call.method,
                 absolute ? call.url.origin() : "", call.url.target, call.url.authority());
  if (!call.headers.has("User-Agent") && !user_agent.empty())
    fmt::format_to(std::back_inserter(out), "User-Agent: {}\r\n", user_agent);
  if (absolute && !proxy->authorization.empty())
    fmt::format_to(std::back_inserter(out), "Proxy-Authorization: {}\r\n", proxy->authorization);
  for (const auto& [name, value] : call.headers.entries())
    if (!is_framing_field(name)) out.append(name).append(": ").append(value).append("\r\n");
  const bool expects_body = call.method == "POST" || call.method == "PUT" || call.method == "PATCH";
  if (expects_body || !call.body.empty())
    fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", call.body.size());
  out += "\r\n";
  return out;
}

Task<error_code> write_request(Stream& stream, const std::string& head, std::string_view body) {
  auto piece = body.substr(0, write_piece_bytes);
  auto sent = co_await stream.write(asio::buffer(head), asio::buffer(piece));
  while (!sent.error && piece.size() < body.size()) {
    body.remove_prefix(piece.size());
    piece = body.substr(0, write_piece_bytes);
    if (piece.empty()) break;
    sent = co_await stream.write(asio::buffer(piece), {});
  }
  co_return sent.error;
}

std::unexpected<Error> fail_trouble(Trouble trouble, const Reader& reader, const ClientConfig& config,
                                    std::size_t body_bytes_max, Deadline deadline) {
  switch (trouble) {
    case Trouble::timed_out:
      if (deadline.expired()) return fail(ErrorCode::timeout, "no answer by the deadline");
      return fail(ErrorCode::timeout,
                  fmt::format("the server was silent for {} ms", config.read_idle_ms.count()));
    case Trouble::head_too_large:
      return fail(ErrorCode::too_large,
                  fmt::format("the answer's header is over {} bytes", response_head_bytes_max));
    case Trouble::body_too_large:
      return fail(ErrorCode::too_large, fmt::format("the answer is over {} bytes", body_bytes_max));
    case Trouble::malformed:
    case Trouble::unsupported:
      return fail(ErrorCode::bad_input, "the answer is not well-formed HTTP/1.1: check address and port");
    case Trouble::closed:
    case Trouble::truncated:
      return fail(ErrorCode::unavailable, "the server closed the connection before the answer was complete");
    case Trouble::none:
    case Trouble::broken:
      break;
  }
  if (reader.error() == asio::error::operation_aborted) return fail(ErrorCode::canceled, "canceled");
  return fail(ErrorCode::unavailable, fmt::format("the connection broke: {}", reader.error().message()));
}

struct Received {
  Trouble trouble = Trouble::none;
  Response response;
  bool reusable = false;
  bool started = false;  // some of the answer was there
};

Task<Received> read_response(Link& link, const Call& call) {
  Received received;
  Head head;
  for (unsigned interim = 0;; ++interim) {
    head = Head();
    received.trouble = co_await link.reader->read_response(head);
    if (received.trouble != Trouble::none) {
      received.started = received.trouble != Trouble::closed && received.trouble != Trouble::broken;
      co_return received;
    }
    if (head.status >= 200) break;
    if (head.status == 101 || interim == interim_answers_max) {
      received.trouble = Trouble::malformed;
      received.started = true;
      co_return received;
    }
  }
  received.started = true;
  received.response.status = head.status;
  received.response.headers = std::move(head.headers);
  const bool has_body = call.method != "HEAD" && status_has_body(head.status);
  const bool framed = !has_body || head.chunked || head.length;
  auto& body = received.response.body;
  if (has_body && framed)
    received.trouble = co_await link.reader->read_body(head, body, call.body_bytes_max);
  else if (has_body)
    received.trouble = co_await link.reader->read_to_end(body, call.body_bytes_max);
  received.reusable = framed && head.keep_alive && !link.reader->has_bytes();
  co_return received;
}

Task<Attempt> try_call(std::shared_ptr<ClientState> state, const Call& call, bool fresh, Deadline deadline) {
  const auto& config = state->config;
  const Proxy* proxy = state->proxies.choose(call.url);
  const auto key = proxy != nullptr && call.url.scheme == "http" ? "proxy" : call.url.origin();
  auto lease = co_await state->pool->acquire(key, fresh, deadline);
  if (!lease) co_return Attempt{std::unexpected(std::move(lease.error()))};
  const bool kept = lease->has_link();
  if (!kept) {
    const auto by = deadline.sooner(config.connect_ms);
    auto link = co_await open_link(call.url, proxy, state->tls, by);
    if (!link) co_return Attempt{std::unexpected(std::move(link.error()))};
    lease->set(std::move(*link));
  }
  auto& link = lease->link();
  link.stream->watch(deadline, config.read_idle_ms);
  const auto head = write_request_head(call, proxy, config.user_agent);
  const auto write_error = co_await write_request(*link.stream, head, call.body);
  if (write_error == asio::error::operation_aborted) co_return Attempt{fail(ErrorCode::canceled, "canceled")};
  // A server may refuse in the middle of a body and close: its answer is worth more than the broken pipe.
  auto received = co_await read_response(link, call);
  if (received.trouble == Trouble::none) {
    if (received.reusable && !write_error) lease->park();
    co_return Attempt{std::move(received.response)};
  }
  const bool interrupted = link.reader->error() == asio::error::operation_aborted;
  co_return Attempt{fail_trouble(received.trouble, *link.reader, config, call.body_bytes_max, deadline),
                    kept && !received.started && !interrupted};
}

}  // namespace

Task<Result<Response>> send_call(std::shared_ptr<ClientState> state, const Call& call, Deadline deadline) {
  auto attempt = co_await try_call(state, call, false, deadline);
  if (attempt.stale && call.repeatable) attempt = co_await try_call(state, call, true, deadline);
  if (!attempt.result) co_return fail_in(call.name(), std::move(attempt.result.error()));
  co_return std::move(attempt.result);
}

}  // namespace fanlight::net
