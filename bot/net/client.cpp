// The client's outer loops: redirects inside, retries outside, one deadline around both.
#include "fanlight/net/client.hpp"

#include <fmt/format.h>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include "exchange.hpp"
#include "fanlight/core/clock.hpp"
#include "fanlight/core/files.hpp"
#include "fanlight/core/log.hpp"
#include "fanlight/core/text.hpp"
#include "retry.hpp"
#include "wire.hpp"

namespace fanlight::net {

namespace {

// What may follow a redirect to another origin. Everything else may be a credential: hosts have their own
// names for them (Authorization, Cookie, PRIVATE-TOKEN, X-Api-Key).
bool is_harmless_field(std::string_view name) {
  return iequals(name, "Accept") || iequals(name, "Accept-Language") || iequals(name, "If-None-Match") ||
         iequals(name, "If-Modified-Since") || iequals(name, "Range") || iequals(name, "User-Agent");
}

Result<Call> make_call(Exchange exchange, const ClientConfig& config) {
  auto url = parse_url(exchange.url);
  if (!url) return std::unexpected(std::move(url.error()));
  if (!url->user.empty() || !url->password.empty())
    return fail(ErrorCode::bad_input,
                fmt::format("{}: credentials in the URL: send them in a header", url->shown()));
  auto& request = exchange.request;
  if (!is_token(request.method) || request.method == "CONNECT")
    return fail(ErrorCode::bad_input, fmt::format("{}: the method is not valid", url->shown()));
  for (const auto& [name, value] : request.headers.entries())
    if (!is_valid_field(name, value))
      return fail(
          ErrorCode::bad_input,
          fmt::format("{} {}: header field {}: a line break or control character in it", request.method,
                      url->shown(), is_token(name) ? std::string_view(name) : "without a valid name"));
  Call call;
  call.repeatable = exchange.repeatable || is_idempotent(request.method);
  call.url = std::move(*url);
  call.method = std::move(request.method);
  call.headers = std::move(request.headers);
  call.body = std::move(request.body);
  call.body_bytes_max = exchange.body_bytes_max != 0 ? exchange.body_bytes_max : config.body_bytes_max;
  return call;
}

bool is_redirect(const Call& call, const Response& response) {
  const auto status = response.status;
  return call.method == "GET" && response.headers.has("Location") &&
         (status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
}

// `call` turned to where the answer points.
Result<void> follow(Call& call, const Response& response) {
  auto next = resolve_url(call.url, response.headers.get("Location"));
  if (!next) return fail_in(call.name(), std::move(next.error()));
  if (!next->user.empty() || !next->password.empty())
    return fail(ErrorCode::bad_input, fmt::format("{}: redirected to a URL with credentials", call.name()));
  if (call.url.scheme == "https" && next->scheme != "https")
    return fail(ErrorCode::forbidden, fmt::format("{}: redirected from https to {}: ask for the new address",
                                                  call.name(), next->origin()));
  if (next->origin() != call.url.origin()) {
    Headers kept;
    for (const auto& [name, value] : call.headers.entries())
      if (is_harmless_field(name)) kept.add(name, value);
    call.headers = std::move(kept);
  }
  call.url = std::move(*next);
  return {};
}

Task<Result<Response>> send_and_follow(std::shared_ptr<ClientState> state, Call call, Deadline deadline) {
  const auto most = state->config.redirects_max;
  for (unsigned redirects = 0;; ++redirects) {
    auto response = co_await send_call(state, call, deadline);
    if (!response || !is_redirect(call, *response) || most == 0) co_return response;
    if (redirects == most)
      co_return fail(ErrorCode::bad_input,
                     fmt::format("{}: redirected more than {} times: check the address", call.name(), most));
    auto followed = follow(call, *response);
    if (!followed) co_return std::unexpected(std::move(followed.error()));
  }
}

bool is_worth_repeating(const Result<Response>& result) {
  return result ? is_retryable_status(result->status) : is_retryable(result.error().code);
}

Task<Result<Response>> send_exchange(std::shared_ptr<ClientState> state, Exchange exchange,
                                     Deadline deadline) {
  const auto policy = exchange.retry;
  auto call = make_call(std::move(exchange), state->config);
  if (!call) co_return std::unexpected(std::move(call.error()));
  for (unsigned attempt = 0;; ++attempt) {
    auto result = co_await send_and_follow(state, *call, deadline);
    if (!call->repeatable || attempt + 1 >= policy.attempts_max || !is_worth_repeating(result))
      co_return result;
    auto wait = make_backoff(policy, attempt, state->random);
    if (result) {
      const auto asked = parse_retry_after(result->headers, SystemClock().now());
      wait = std::max(wait, asked.value_or(std::chrono::milliseconds(0)));
    }
    // Waiting past the deadline helps nobody: the caller gets what there is, now.
    if (deadline.remaining() <= wait) co_return result;
    log::debug("request will be repeated", {{"request", call->name()},
                                            {"why", result ? std::to_string(result->status)
                                                           : std::string(to_string(result.error().code))},
                                            {"wait_ms", wait.count()}});
    co_await sleep_for(wait);
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none)
      co_return fail(ErrorCode::canceled, fmt::format("{}: canceled", call->name()));
  }
}

class PooledClient final : public Client {
 public:
  explicit PooledClient(std::shared_ptr<ClientState> state) : state_(std::move(state)) {}
  Task<Result<Response>> send(Exchange exchange, Deadline deadline) override {
    return send_exchange(state_, std::move(exchange), deadline);
  }

 private:
  std::shared_ptr<ClientState> state_;
};

}  // namespace

Result<std::unique_ptr<Client>> Client::make(Executor, ClientConfig config, Random& random) {
  if (!is_valid_field("User-Agent", config.user_agent))
    return fail(ErrorCode::bad_input, "user_agent: a line break or control character in it: remove it");
  auto proxies = ProxyRules::make(config.http_proxy, config.https_proxy, config.no_proxy);
  if (!proxies) return std::unexpected(std::move(proxies.error()));
  auto tls = make_client_tls(config.ca_file);
  if (!tls) return std::unexpected(std::move(tls.error()));
  auto state = std::make_shared<ClientState>(std::move(config), std::move(*proxies), std::move(*tls), random);
  return std::make_unique<PooledClient>(std::move(state));
}

ClientConfig client_config_from_environment() {
  const auto first_of = [](std::initializer_list<const char*> names) {
    for (const auto* name : names)
      if (auto value = environment(name); value && !value->empty()) return *value;
    return std::string();
  };
  ClientConfig config;
  config.http_proxy = first_of({"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"});
  config.https_proxy = first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  config.no_proxy = first_of({"no_proxy", "NO_PROXY"});
  return config;
}

}  // namespace fanlight::net
