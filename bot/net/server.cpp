#include "fanlight/net/server.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>

#include "connection.hpp"
#include "fanlight/core/log.hpp"

namespace fanlight::net {

namespace {

// After running out of file descriptors or memory: time for connections to end.
constexpr std::chrono::milliseconds exhausted_ms{100};
// The longest wait for a free slot before looking again; a freed slot wakes the acceptor sooner.
constexpr std::chrono::milliseconds slot_ms{1'000};

bool is_exhaustion(error_code error) {
  return error.value() == EMFILE || error.value() == ENFILE || error.value() == ENOBUFS ||
         error.value() == ENOMEM;
}

Task<> accept_connections(std::shared_ptr<ServerState> state) {
  const std::size_t most = state->config.limits.connections_max;
  bool said_exhausted = false;
  while (!state->stopping) {
    if (state->open >= most) {
      co_await state->slot_free.wait(slot_ms);
      continue;
    }
    Socket socket(state->executor);
    Endpoint peer;
    const auto [error] =
        co_await state->acceptor->async_accept(socket, peer, asio::as_tuple(asio::use_awaitable));
    if (!error) {
      said_exhausted = false;
      state->connections.spawn("net connection",
                               serve_connection(Slot(state), std::move(socket), describe_peer(peer)));
      continue;
    }
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
    if (!is_exhaustion(error)) continue;  // the client was gone before it was accepted
    if (!said_exhausted)
      log::error("accepting paused", {{"address", state->address}, {"error", error.message()}});
    said_exhausted = true;
    co_await sleep_for(exhausted_ms);
  }
}

// Which file a Unix socket is, so that stop() removes its own and not a successor's.
struct FileId {
  ::dev_t device = 0;
  ::ino_t inode = 0;
  bool operator==(const FileId&) const = default;
};

FileId identify(const std::string& path) {
  struct ::stat entry{};
  return ::lstat(path.c_str(), &entry) == 0 ? FileId{entry.st_dev, entry.st_ino} : FileId{};
}

class ServerOnSocket final : public Server {
 public:
  explicit ServerOnSocket(std::shared_ptr<ServerState> state) : state_(std::move(state)) {
    if (state_->address.starts_with("unix:")) {
      socket_path_ = state_->address.substr(5);
      socket_file_ = identify(socket_path_);
    }
  }
  ~ServerOnSocket() override { ServerOnSocket::stop(); }

  Task<> run() override { return accept_connections(state_); }

  void stop() override {
    if (state_->stopping) return;
    state_->stopping = true;
    error_code ignored;
    state_->acceptor->close(ignored);
    if (!socket_path_.empty() && identify(socket_path_) == socket_file_) ::unlink(socket_path_.c_str());
    state_->slot_free.notify();
    for (const auto& stream : state_->idle) stream->interrupt();
  }

  Task<bool> drain(Deadline deadline) override { return drain_connections(state_, deadline); }

  std::string address() const override { return state_->address; }

  Result<void> reload_certificate() override {
    const auto& config = state_->config;
    if (config.tls_certificate_file.empty()) return {};
    auto fresh = make_server_tls(config.tls_certificate_file, config.tls_key_file);
    if (!fresh) return fail_in("keep the old certificate", fresh.error());
    state_->tls = std::move(*fresh);
    return {};
  }

 private:
  static Task<bool> drain_connections(std::shared_ptr<ServerState> state, Deadline deadline) {
    const bool ended = co_await state->connections.join(deadline);
    if (!ended) state->connections.stop();
    co_return ended;
  }

  std::shared_ptr<ServerState> state_;
  std::string socket_path_;
  FileId socket_file_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(Executor executor, ServerConfig config,
                                               std::vector<Route> routes) {
  if (config.tls_certificate_file.empty() != config.tls_key_file.empty())
    return fail(ErrorCode::bad_input,
                fmt::format("listen on {}: TLS needs a certificate and a key: give both files or neither",
                            config.listen));
  config.limits.connections_max = std::max<std::size_t>(1, config.limits.connections_max);
  TlsContextPtr tls;
  if (!config.tls_certificate_file.empty()) {
    auto made = make_server_tls(config.tls_certificate_file, config.tls_key_file);
    if (!made) return std::unexpected(std::move(made.error()));
    tls = std::move(*made);
  }
  auto acceptor = open_acceptor(executor, config.listen);
  if (!acceptor) return std::unexpected(std::move(acceptor.error()));
  auto state = std::make_shared<ServerState>(executor, std::move(config), std::move(routes));
  state->tls = std::move(tls);
  state->acceptor = std::move(*acceptor);
  error_code error;
  state->address = describe(state->acceptor->local_endpoint(error));
  return std::make_unique<ServerOnSocket>(std::move(state));
}

}  // namespace fanlight::net
