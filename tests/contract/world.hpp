// The fake GitHub from the side of a C++ test: set-up through its control address, and a Host that reaches it
// through the checking proxy. Both addresses come from tests/contract/run.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/clock.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/host/host.hpp"
#include "json.hpp"

namespace fanlight::contract {

// enterprise: as the App, below /api/v3 as on an own server. The proxy knows no such path, so this goes to
// the fake.
enum class As { app, user, enterprise };

class World {
 public:
  World();  // an empty GitHub

  // Sends a control command; `body` is JSON. Fails the test when the fake does.
  host::JsonDocument control(std::string_view command, const std::string& body = "{}");
  // Requests since the last call, as "GET /repos/acme/api/pulls/1 200".
  std::vector<std::string> requests();

  std::unique_ptr<host::Host> host(As as = As::app, host::GitFetch git_fetch = {},
                                   host::GitTreeFetch git_tree = {});
  std::string webhook_secret;

  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    auto keep = [](Task<T> inner, std::optional<T>& out) -> Task<> {
      out.emplace(co_await std::move(inner));
    };
    boost::asio::co_spawn(io_, keep(std::move(task), result), [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    });
    io_.restart();
    io_.run();
    return std::move(result).value();
  }
  boost::asio::io_context& io() { return io_; }

 private:
  boost::asio::io_context io_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<net::Client> client_;
  std::string api_, control_;
};

// The repository, the number and the one installation that most tests use.
ChangeRef change_ref(std::uint64_t number = 1);
Event event_for(const ChangeRef& ref);
Deadline soon();
// What went wrong, for a test's message; empty when nothing did.
template <class T>
std::string problem_of(const Result<T>& result) {
  return result ? std::string() : result.error().text;
}

// The snapshot of acme/api#1, or a failed test.
Snapshot fetch(World& world, host::Host& host, std::uint64_t number = 1, host::FetchLimits limits = {});
host::Applied apply(World& world, host::Host& host, const Snapshot& snapshot, Action action,
                    bool maybe_done = false);

InlineComment comment_at(const std::string& path, std::uint32_t line, const std::string& id);
std::string marker(const std::string& kind, const std::string& id);
// Paths of the diff, and of one file the lines of one kind, for comparing.
std::vector<std::string> paths(const Diff& diff);
std::vector<std::string> lines(const Diff& diff, const std::string& path, LineKind kind);
// `lines` as JSON text for a file of the fake.
std::string quoted(std::string_view text);

}  // namespace fanlight::contract
