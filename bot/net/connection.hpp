// What the server and its connections share. Lives as long as any of them; one io thread.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "fanlight/core/task.hpp"
#include "fanlight/net/server.hpp"
#include "listen.hpp"
#include "stream.hpp"
#include "tls.hpp"

namespace fanlight::net {

struct ServerState {
  ServerState(Executor executor_, ServerConfig config_, std::vector<Route> routes_)
      : executor(executor_),
        config(std::move(config_)),
        routes(std::move(routes_)),
        connections(executor_),
        slot_free(executor_) {}

  // The Date field, made anew once a second.
  std::string_view date();

  Executor executor;
  ServerConfig config;
  std::vector<Route> routes;
  TlsContextPtr tls;  // replaced by a reload; nothing for plain
  std::unique_ptr<Acceptor> acceptor;
  std::string address;
  TaskGroup connections;
  std::list<std::shared_ptr<Stream>> idle;  // waiting for the first byte of a request
  std::size_t open = 0;
  Signal slot_free;
  bool stopping = false;

 private:
  std::string date_;
  std::int64_t date_second_ = 0;
};

// One of connections_max places, from the accept to the end of the connection.
class Slot {
 public:
  explicit Slot(std::shared_ptr<ServerState> state) : state_(std::move(state)) { ++state_->open; }
  Slot(Slot&&) noexcept = default;
  Slot& operator=(Slot&&) = delete;
  ~Slot() {
    if (state_ && state_->open-- == state_->config.limits.connections_max) state_->slot_free.notify();
  }
  ServerState& state() const { return *state_; }

 private:
  std::shared_ptr<ServerState> state_;
};

// Serves requests on one accepted socket until either side ends it.
Task<> serve_connection(Slot slot, Socket socket, std::string peer);

}  // namespace fanlight::net
