#include "fanlight/core/task.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <list>

#include "fanlight/core/log.hpp"

namespace fanlight {

namespace asio = boost::asio;

Task<> sleep_for(std::chrono::milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

struct TaskGroup::State {
  explicit State(Executor executor_) : executor(executor_), empty(executor_) {
    empty.expires_at(asio::steady_timer::time_point::max());
  }
  Executor executor;
  asio::steady_timer empty;  // cancelled each time a task ends, to wake join()
  std::list<asio::cancellation_signal> signals;
  bool stopping = false;
};

TaskGroup::TaskGroup(Executor executor) : state_(std::make_shared<State>(executor)) {}
TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(const char* name, Task<> task) {
  if (state_->stopping) return;
  const auto signal = state_->signals.emplace(state_->signals.end());
  // The completion handler holds the state, so a task may outlive the group object while its executor
  // unwinds.
  auto done = [state = state_, signal, name](std::exception_ptr failure) {
    state->signals.erase(signal);
    state->empty.cancel();
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& e) {
      log::error("task failed", {{"task", name}, {"error", e.what()}});
    } catch (...) {
      log::error("task failed", {{"task", name}, {"error", "unknown exception"}});
    }
  };
  asio::co_spawn(state_->executor, std::move(task),
                 asio::bind_cancellation_slot(signal->slot(), std::move(done)));
}

void TaskGroup::stop() {
  state_->stopping = true;
  // Emitting may end a task at once, which erases its signal: step before emitting.
  for (auto signal = state_->signals.begin(); signal != state_->signals.end();) {
    const auto current = signal++;
    current->emit(asio::cancellation_type::terminal);
  }
}

Task<bool> TaskGroup::join(Deadline deadline) {
  const auto state = state_;
  while (!state->signals.empty() && !deadline.expired()) {
    state->empty.expires_at(deadline.at());
    boost::system::error_code ignored;
    co_await state->empty.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return state->signals.empty();
}

std::size_t TaskGroup::size() const {
  return state_->signals.size();
}

struct Signal::State {
  explicit State(Executor executor_) : executor(executor_) {}
  Executor executor;
  std::list<asio::steady_timer> waiting;  // one each: re-arming a shared timer would wake the others
  bool notified = false;
};

Signal::Signal(Executor executor) : state_(std::make_shared<State>(executor)) {}
Signal::~Signal() = default;

void Signal::notify() {
  asio::post(state_->executor, [state = state_] {
    state->notified = state->waiting.empty();
    for (auto& timer : state->waiting) timer.cancel();
  });
}

Task<> Signal::wait(std::chrono::milliseconds at_most) {
  const auto state = state_;
  if (!state->notified) {
    const auto timer = state->waiting.emplace(state->waiting.end(), state->executor, at_most);
    boost::system::error_code ignored;
    co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    state->waiting.erase(timer);
  }
  state->notified = false;
}

}  // namespace fanlight
