// An io_context on its own thread, for tests that talk to it from outside like the world does.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <thread>

#include "fanlight/core/task.hpp"

namespace fanlight::test {

class IoThread {
 public:
  IoThread() : guard_(context_.get_executor()), thread_([this] { context_.run(); }) {}
  ~IoThread() { halt(); }
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  Executor executor() { return context_.get_executor(); }

  // Runs `task` there and waits for what it returns.
  template <class T>
  T run(Task<T> task) {
    return start(std::move(task)).get();
  }
  template <class T>
  std::future<T> start(Task<T> task) {
    return boost::asio::co_spawn(context_, std::move(task), boost::asio::use_future);
  }
  // Calls `f` there and waits for what it returns.
  template <class F>
  auto call(F f) {
    std::packaged_task<std::invoke_result_t<F>()> work(std::move(f));
    auto result = work.get_future();
    boost::asio::post(context_, [&work] { work(); });
    return result.get();
  }
  // Ends the thread; what lives on the context may be destroyed after it.
  void halt() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::thread thread_;
};

}  // namespace fanlight::test
