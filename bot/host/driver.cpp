#include "driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "fanlight/core/text.hpp"
#include "json.hpp"

namespace fanlight::host {
namespace {

constexpr unsigned lag_tries = 3;
// Without a hint a secondary limit is left alone for a minute, as GitHub asks.
constexpr std::chrono::seconds blind_wait{60};
constexpr std::chrono::hours wait_max{2};
constexpr std::size_t kept_entry_bytes_max = 512 * 1024;

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

// The host's own words, one line, at most 160 bytes.
std::string message_of(const net::Response& response) {
  auto document = JsonDocument::parse(std::string_view(response.body).substr(0, 64 * 1024));
  if (!document) return {};
  std::string message = sanitize_utf8(document->root()["message"].text());
  std::ranges::replace_if(message, [](unsigned char c) { return c < ' ' || c == 127; }, ' ');
  return std::string(truncate_utf8(message, 160));
}

std::string shown(std::chrono::milliseconds wait) {
  return fmt::format("{}s", std::chrono::ceil<std::chrono::seconds>(wait).count());
}

// How long the host wants to be left alone; nothing when the answer is not about a limit.
std::optional<std::chrono::milliseconds> limit_wait(const net::Response& response, const std::string& message,
                                                    TimePoint now) {
  const auto bounded = [](std::chrono::milliseconds wait) {
    return std::clamp<std::chrono::milliseconds>(wait, std::chrono::seconds(1), wait_max);
  };
  if (const auto after = number_in(response.headers.get("retry-after"))) {
    return bounded(std::chrono::seconds(std::clamp<std::int64_t>(*after, 0, 86'400)));
  }
  if (number_in(response.headers.get("x-ratelimit-remaining")) == 0) {
    const auto reset = number_in(response.headers.get("x-ratelimit-reset"));
    if (!reset || *reset < 0 || *reset > 100'000'000'000) return blind_wait;
    return bounded(TimePoint(std::chrono::seconds(*reset)) - now);
  }
  const std::string words = to_lower(message);
  const bool named = words.find("secondary rate limit") != std::string::npos ||
                     words.find("abuse detection") != std::string::npos ||
                     words.find("rate limit exceeded") != std::string::npos;
  if (named || response.status == 429) return blind_wait;
  return {};
}

ErrorCode code_of(unsigned status) {
  switch (status) {
    case 401:
      return ErrorCode::unauthenticated;
    case 403:
      return ErrorCode::forbidden;
    case 404:
    case 410:
      return ErrorCode::not_found;
    case 406:
      return ErrorCode::unsupported;
    case 408:
      return ErrorCode::timeout;
    case 409:
      return ErrorCode::conflict;
    case 413:
      return ErrorCode::too_large;
    default:
      return status >= 500 ? ErrorCode::unavailable : ErrorCode::bad_input;
  }
}

std::string_view advice_for(unsigned status) {
  if (status == 401) return "check the App's id and key, or the token";
  if (status == 403) return "check the permissions that the App or the token was given";
  if (status == 404) return "it does not exist, or the App or the token may not see it";
  return {};
}

// A token is asked for while a write has its turn: it must not wait for that turn itself.
bool is_paced(const Call& call) {
  return call.method != "GET" && !call.scope.as_app;
}

}  // namespace

Error classify(const std::string& what, const net::Response& response, TimePoint now) {
  const std::string message = message_of(response);
  if (response.status == 403 || response.status == 429) {
    if (const auto wait = limit_wait(response, message, now)) {
      return Error(ErrorCode::rate_limited,
                   fmt::format("{}: {} rate limited, retry in {}", what, response.status, shown(*wait)),
                   wait);
    }
  }
  std::string text = fmt::format("{}: {}", what, response.status);
  if (!message.empty()) text += fmt::format(" \"{}\"", message);
  if (const auto advice = advice_for(response.status); !advice.empty()) text += fmt::format(": {}", advice);
  return Error(code_of(response.status), std::move(text));
}

bool has_next_page(std::string_view link_header) {
  for (std::string_view link : split(link_header, ',')) {
    for (std::string_view part : split(link, ';')) {
      part = trim(part);
      if (part == R"(rel="next")" || part == "rel=next") return true;
    }
  }
  return false;
}

Task<bool> Turn::take(Deadline deadline) {
  while (taken_) {
    if (deadline.expired()) co_return false;
    if (!freed_) {
      const auto executor = co_await boost::asio::this_coro::executor;
      freed_ = std::make_shared<Signal>(executor);
    }
    const auto freed = freed_;
    auto waiting = freed->wait(deadline.remaining());
    co_await std::move(waiting);
  }
  taken_ = true;
  co_return true;
}

void Turn::give() {
  taken_ = false;
  if (freed_) freed_->notify();
}

Driver::Driver(DriverConfig config, net::Client& client, Clock& clock, Authorize authorize)
    : config_(std::move(config)),
      client_(client),
      clock_(clock),
      authorize_(std::move(authorize)),
      write_tokens_(config_.write_burst) {}

Task<Result<net::Response>> Driver::send_once(const Call& call, bool renew, Deadline deadline) {
  auto authorizing = authorize_(call.scope, renew, deadline);
  auto authorization = co_await std::move(authorizing);
  if (!authorization) co_return std::unexpected(authorization.error());

  net::Exchange exchange;
  exchange.url = config_.base_url + call.path;
  exchange.body_bytes_max = call.body_bytes_max;
  net::Request& request = exchange.request;
  request.method = call.method;
  for (const auto& [name, value] : config_.headers) request.headers.add(name, value);
  if (!authorization->empty()) request.headers.add("Authorization", std::string(authorization->reveal()));
  request.headers.add("Accept", call.accept);
  if (!call.body.empty()) {
    request.headers.add("Content-Type", "application/json");
    request.body = call.body;
  }
  if (call.keep) {
    if (const Kept* known = find_kept(call.accept + ' ' + call.path)) {
      request.headers.add("If-None-Match", known->etag);
    }
  }
  auto sending = client_.send(std::move(exchange), deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return fail_in(fmt::format("{}: {}", config_.name, call.what), response.error());
  co_return response;
}

// A token may be revoked or expire between two requests: a second one is asked for, once.
Task<Result<net::Response>> Driver::send_authorized(const Call& call, Deadline deadline) {
  auto first = send_once(call, false, deadline);
  auto response = co_await std::move(first);
  if (!response || response->status != 401) co_return response;
  auto second = send_once(call, true, deadline);
  response = co_await std::move(second);
  co_return response;
}

Task<Result<net::Response>> Driver::send_read(const Call& call, Deadline deadline) {
  auto sending = send_authorized(call, deadline);
  auto response = co_await std::move(sending);
  if (!response || !call.keep) co_return response;
  std::string key = call.accept + ' ' + call.path;
  if (response->status == 304) {
    if (const Kept* known = find_kept(key)) co_return known->response;
  }
  if (response->status == 200) keep(std::move(key), *response);
  co_return response;
}

Task<Result<net::Response>> Driver::send_paced(const Call& call, Deadline deadline) {
  auto taking = write_turn_.take(deadline);
  const bool taken = co_await std::move(taking);
  if (!taken) {
    co_return fail(ErrorCode::timeout, fmt::format("{}: {}: waited for other writes until the deadline",
                                                   config_.name, call.what));
  }
  struct Giver {
    Turn& turn;
    ~Giver() { turn.give(); }
  } giver{write_turn_};
  const auto wait = pace();
  if (wait.count() > 0) {
    auto waiting = sleep_for(std::min(wait, deadline.remaining()));
    co_await std::move(waiting);
  }
  auto sending = send_authorized(call, deadline);
  auto response = co_await std::move(sending);
  co_return response;
}

Task<Result<net::Response>> Driver::send(Call call, Deadline deadline) {
  for (unsigned tries = 0;; ++tries) {
    auto sending = is_paced(call) ? send_paced(call, deadline) : send_read(call, deadline);
    auto response = co_await std::move(sending);
    if (!response) co_return response;
    const unsigned status = response->status;
    if (call.lags && tries < lag_tries && call.lags(*response)) {
      const auto wait = config_.lag * (1u << tries);
      if (wait < deadline.remaining()) {
        auto waiting = sleep_for(wait);
        co_await std::move(waiting);
        continue;
      }
    }
    if (status >= 200 && status < 300) co_return response;
    Error error = classify(fmt::format("{}: {}", config_.name, call.what), *response, clock_.now());
    // A limit is never an answer, whatever the caller expected of the status.
    const bool expected = std::ranges::find(call.answers, status) != call.answers.end();
    if (expected && error.code != ErrorCode::rate_limited) co_return response;
    co_return std::unexpected(std::move(error));
  }
}

Task<Result<bool>> Driver::pages(Call call, unsigned per_page, unsigned pages_max,
                                 std::function<Result<void>(std::string body)> each, Deadline deadline) {
  const std::string path = call.path;
  const char joint = path.find('?') == std::string::npos ? '?' : '&';
  for (unsigned page = 1;; ++page) {
    call.path = fmt::format("{}{}per_page={}&page={}", path, joint, per_page, page);
    auto sending = send(call, deadline);
    auto response = co_await std::move(sending);
    if (!response) co_return std::unexpected(response.error());
    auto used = each(std::move(response->body));
    if (!used) co_return fail_in(fmt::format("{}: {}", config_.name, call.what), used.error());
    if (!has_next_page(response->headers.get("link"))) co_return true;
    if (page == pages_max) co_return false;
  }
}

// A bucket of `write_burst` tokens that gains one per interval. What is returned is how long to wait for a
// token.
std::chrono::milliseconds Driver::pace() {
  const TimePoint now = clock_.now();
  if (write_seen_ != TimePoint{} && now > write_seen_) {
    const double gained = static_cast<double>((now - write_seen_).count()) /
                          static_cast<double>(std::max<std::int64_t>(1, config_.write_interval.count()));
    write_tokens_ = std::min<double>(config_.write_burst, write_tokens_ + gained);
  }
  write_seen_ = now;
  write_tokens_ -= 1;
  if (write_tokens_ >= 0) return std::chrono::milliseconds(0);
  const double missing = -write_tokens_ * static_cast<double>(config_.write_interval.count());
  return std::chrono::milliseconds(static_cast<std::int64_t>(missing));
}

const Driver::Kept* Driver::find_kept(const std::string& key) {
  const auto found = std::ranges::find(kept_, key, &Kept::key);
  if (found == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found);
  return &kept_.front();
}

void Driver::keep(std::string key, const net::Response& response) {
  const std::string_view etag = response.headers.get("etag");
  if (etag.empty() || response.body.size() > kept_entry_bytes_max) return;
  const auto old = std::ranges::find(kept_, key, &Kept::key);
  if (old != kept_.end()) {
    kept_bytes_ -= old->response.body.size();
    kept_.erase(old);
  }
  kept_bytes_ += response.body.size();
  kept_.push_front({std::move(key), std::string(etag), response});
  while (kept_bytes_ > config_.kept_bytes_max) {
    kept_bytes_ -= kept_.back().response.body.size();
    kept_.pop_back();
  }
}

}  // namespace fanlight::host
