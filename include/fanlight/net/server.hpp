// HTTP/1.1 server, plain or TLS, on TCP or a Unix socket. One io thread; handlers are coroutines on it.
//
// Every connection has limits: header bytes, body bytes per route, time for the header, for the body, between
// requests, and for writing. Who is slower is dropped (408 when an answer can still be sent). A request to an
// unknown route is answered before its body is read. Handlers' exceptions become 500 and a log line.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fanlight/core/result.hpp"
#include "fanlight/core/task.hpp"
#include "fanlight/net/http.hpp"

namespace fanlight::net {

using Handler = std::function<Task<Response>(Request)>;

struct Route {
  std::string method;          // "POST"; GET routes answer HEAD too
  std::string path;            // exact, or a prefix when it ends in "/*"
  std::size_t body_bytes_max;  // 413 above; 0 refuses any body
  Handler handler;
};

struct ServerLimits {
  std::size_t header_bytes_max = 16 * 1024;
  std::chrono::milliseconds header_ms{10'000};  // from the first byte or the accept to the end of the header
  std::chrono::milliseconds body_ms{30'000};
  std::chrono::milliseconds idle_ms{60'000};  // between requests of one connection
  std::chrono::milliseconds write_ms{30'000};
  std::size_t connections_max = 4'096;  // further ones wait in the listen queue
};

struct ServerConfig {
  // "127.0.0.1:8443", "[::1]:8080", "unix:/run/fanlight/fanlight.sock". Port 0 takes a free one. A Unix
  // socket gets mode 0660; one that is left over and that nobody listens on is replaced.
  std::string listen;
  std::string tls_certificate_file, tls_key_file;  // both or neither; PEM, the whole chain
  ServerLimits limits;
};

class Server {
 public:
  // Binds at once: a used or forbidden address is an error here, in one line.
  static Result<std::unique_ptr<Server>> listen(Executor executor, ServerConfig config,
                                                std::vector<Route> routes);
  virtual ~Server() = default;

  virtual Task<> run() = 0;  // accepts until stop()
  virtual void stop() = 0;   // no new connections; idle ones are closed, busy ones finish their answer
  virtual Task<bool> drain(Deadline deadline) = 0;  // after stop(): true when all connections ended in time
  // "127.0.0.1:40123" or "unix:/path".
  virtual std::string address() const = 0;
  // Reads certificate and key again; keeps the old ones when they cannot be used. Called on SIGHUP.
  virtual Result<void> reload_certificate() = 0;
};

}  // namespace fanlight::net
