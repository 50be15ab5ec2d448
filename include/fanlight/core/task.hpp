// Coroutines of the rim (net, host, app, cli). The pure boxes do not include this header; a test reads their
// includes. House rules: free functions, parameters by value, references only to services that main owns;
// name an operation first, then await it; never detach, spawn into a TaskGroup.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "fanlight/core/deadline.hpp"

namespace fanlight {

template <class T = void>
using Task = boost::asio::awaitable<T>;
using Executor = boost::asio::any_io_executor;

// Waits at least `duration`. Returns early, without throwing, when the coroutine is cancelled.
Task<> sleep_for(std::chrono::milliseconds duration);

// Runs the blocking `work` on `pool` and resumes where the caller was. Exceptions travel back.
template <class F>
Task<std::invoke_result_t<F>> on_pool(boost::asio::thread_pool& pool, F work) {
  using T = std::invoke_result_t<F>;
  auto body = [](F f) -> Task<T> { co_return f(); };
  auto running = boost::asio::co_spawn(pool, body(std::move(work)), boost::asio::use_awaitable);
  co_return co_await std::move(running);
}

// Coroutines with one owner. `stop` asks each to end (terminal cancellation), `join` waits until all have.
// An exception that leaves a task is logged with the task's name and ends that task alone. One executor's
// thread.
class TaskGroup {
 public:
  explicit TaskGroup(Executor executor);
  ~TaskGroup();  // the group must be empty or its executor stopped
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // `name` must outlive the task: a literal. After stop() nothing new is started.
  void spawn(const char* name, Task<> task);
  void stop();
  // True when all tasks ended before the deadline.
  Task<bool> join(Deadline deadline);
  std::size_t size() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// A flag that coroutines of one executor wait for. Used to wake the worker when a job arrives.
class Signal {
 public:
  explicit Signal(Executor executor);
  ~Signal();
  // Wakes every waiter; a notify without a waiter is kept for the next one. Any thread.
  void notify();
  // Returns when notified, or after `at_most`. Executor's thread.
  Task<> wait(std::chrono::milliseconds at_most);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace fanlight
