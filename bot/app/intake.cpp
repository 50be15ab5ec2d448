#include "fanlight/app/intake.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "fanlight/app/results.hpp"
#include "fanlight/core/log.hpp"

namespace fanlight::app {

namespace asio = boost::asio;

namespace {

// Hosts refuse to send more: GitHub's own limit is 25 MB.
constexpr std::size_t webhook_bytes_max = 25 * 1024 * 1024;

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::unauthenticated:
      return 401;
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::too_large:
      return 413;
    case ErrorCode::bad_input:
      return 400;
    case ErrorCode::unsupported:
      return 415;
    default:
      return 503;  // the host shows it, and the delivery can be sent again
  }
}

std::string_view word(store::Accepted accepted) {
  switch (accepted) {
    case store::Accepted::queued:
      return "queued";
    case store::Accepted::coalesced:
      return "coalesced";
    case store::Accepted::repeat:
      return "repeat";
  }
  return "queued";
}

net::Response refuse(Services& services, const std::string& host, const Error& error) {
  services.metrics.delivery(host, status_of(error.code) < 500 ? "refused" : "failed");
  log::warn("delivery refused", {{"host", host}, {"code", to_string(error.code)}, {"error", error.text}});
  return net::make_response(status_of(error.code), error.text + "\n");
}

Task<net::Response> receive(Services& services, host::Host& host, net::Request request) {
  auto received = host.receive(request);
  if (!received) co_return refuse(services, host.name(), received.error());
  const Event event = received->event;
  const TimePoint asked = services.clock.now();
  auto intake = intake_of(*received, asked, services.config.settle);
  if (!intake) {
    services.metrics.delivery(host.name(), "ignored");
    log::debug("delivery ignored",
               {{"host", host.name()}, {"event", to_string(event.type)}, {"why", event.reason}});
    co_return net::make_response(
        200, event.type == EventType::ping ? "pong\n" : "ignored: " + event.reason + "\n");
  }
  const std::string id = intake->delivery.delivery_id;
  auto storing = enqueue(services, std::move(*intake));
  const Result<store::Accepted> accepted = co_await std::move(storing);
  if (!accepted) co_return refuse(services, host.name(), accepted.error());
  services.metrics.delivery(host.name(), word(*accepted));
  log::debug("delivery accepted", {{"host", host.name()},
                                   {"delivery", id},
                                   {"change", event.change.display()},
                                   {"outcome", word(*accepted)}});
  services.job_arrived.notify();
  const bool repeat = *accepted == store::Accepted::repeat;
  net::Response answer = net::make_response(repeat ? 200 : 202, std::string(word(*accepted)) + "\n");
  // The result of a repeat may be there already.
  const ResultLink link{event.change.key(), event.head_sha, repeat ? TimePoint{} : asked};
  answer.headers.add("Location", result_path(link, services.config.key));
  co_return answer;
}

}  // namespace

std::vector<net::Route> intake_routes(Services& services) {
  std::vector<net::Route> routes;
  for (auto& [name, owned] : services.hosts) {
    routes.push_back({"POST", "/hooks/" + name, webhook_bytes_max,
                      [&services, &host = *owned](net::Request request) -> Task<net::Response> {
                        return receive(services, host, std::move(request));
                      }});
  }
  return routes;
}

std::optional<store::Intake> intake_of(const host::Received& received, TimePoint now,
                                       std::chrono::milliseconds settle) {
  const Event& event = received.event;
  if (event.type != EventType::change_updated && event.type != EventType::command) return std::nullopt;
  store::Intake out;
  out.delivery = received.delivery;
  out.change_key = event.change.key();
  out.display = event.change.display();
  out.meaning = event.meaning;
  const bool command = event.type == EventType::command;
  out.kind = command ? store::JobKind::command : store::JobKind::review;
  // Somebody waits for an answer to a command, for a re-run, and at the other end of a push with a hook.
  const bool waited_for = command || event.forced || event.change.number == 0;
  out.not_before = waited_for ? now : now + settle;
  return out;
}

Task<Result<store::Accepted>> enqueue(Services& services, store::Intake intake) {
  const Executor executor = co_await asio::this_coro::executor;
  auto start = [&services, executor](auto handler, store::Intake item) {
    // The batcher answers on its own thread; the handler runs, and ends, where the coroutine lives.
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    services.intake.submit(std::move(item), [shared, executor](Result<store::Accepted> result) mutable {
      asio::post(executor, [handler = std::move(shared), answer = std::move(result)]() mutable {
        std::move (*handler)(std::move(answer));
      });
    });
  };
  auto waiting = asio::async_initiate<const asio::use_awaitable_t<>, void(Result<store::Accepted>)>(
      start, asio::use_awaitable, std::move(intake));
  co_return co_await std::move(waiting);
}

}  // namespace fanlight::app
