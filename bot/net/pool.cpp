#include "pool.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

namespace fanlight::net {

Lease::~Lease() {
  if (!pool_) return;
  if (link_.stream) link_.stream->close();
  pool_->release(key_, {}, false);
}

void Lease::park() {
  link_.stream->rest();
  pool_->release(key_, std::move(link_), true);
  pool_ = nullptr;
}

Task<Result<Lease>> Pool::acquire(std::string key, bool fresh, Deadline deadline) {
  const auto self = shared_from_this();
  const auto executor = co_await asio::this_coro::executor;
  while (true) {
    prune();
    auto& origin = origins_[key];
    while (!origin.idle.empty()) {
      auto link = std::move(origin.idle.back().link);
      origin.idle.pop_back();
      if (!fresh && !link.stream->is_stale()) co_return Lease(self, key, std::move(link));
      link.stream->close();
      --origin.open;
    }
    if (origin.open < limits_.connections_per_origin_max) {
      ++origin.open;
      co_return Lease(self, key, {});
    }
    if (deadline.expired()) co_return fail(ErrorCode::timeout, "no free connection by the deadline");
    asio::steady_timer timer(executor, deadline.at());
    origin.waiters.push_back(&timer);
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    // The origin may have been pruned meanwhile.
    std::erase(origins_[key].waiters, &timer);
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() == asio::cancellation_type::none) continue;
    wake_one(origins_[key]);
    co_return fail(ErrorCode::canceled, "canceled while waiting for a connection");
  }
}

void Pool::prune() {
  const auto oldest = Deadline::Clock::now() - limits_.keep_alive_ms;
  for (auto entry = origins_.begin(); entry != origins_.end();) {
    auto& origin = entry->second;
    origin.open -= std::erase_if(origin.idle, [&](const Idle& idle) { return idle.since < oldest; });
    entry = origin.open == 0 && origin.waiters.empty() ? origins_.erase(entry) : std::next(entry);
  }
}

void Pool::release(const std::string& key, Link link, bool keep) {
  auto& origin = origins_[key];
  if (keep)
    origin.idle.push_back({std::move(link), Deadline::Clock::now()});
  else
    --origin.open;
  wake_one(origin);
}

void Pool::wake_one(Origin& origin) {
  if (origin.waiters.empty()) return;
  origin.waiters.front()->cancel();
  origin.waiters.pop_front();
}

}  // namespace fanlight::net
