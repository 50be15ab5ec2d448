// HTTP/1.1 client: keep-alive pool, TLS with verification, proxy, time-outs, retry. One io thread.
//
// A secret in a header (Authorization) or a query never reaches a log or an error text: both name the request
// by method, origin and path. Redirects are followed at most `redirects_max` times (0: the 3xx is the answer)
// and only for GET, never from https to http. When the origin changes, every header but a few harmless ones
// (Accept, Range, If-None-Match …) is dropped, for hosts have their own names for credentials.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "fanlight/core/deadline.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/core/result.hpp"
#include "fanlight/core/task.hpp"
#include "fanlight/net/http.hpp"

namespace fanlight::net {

struct ClientConfig {
  std::string ca_file;  // PEM, in addition to the system's; empty for none
  // http_proxy, https_proxy, no_proxy as read from the environment; empty: direct. CONNECT is used for https.
  std::string http_proxy, https_proxy, no_proxy;
  std::chrono::milliseconds connect_ms{10'000};
  std::chrono::milliseconds read_idle_ms{30'000};  // between two pieces of an answer
  std::chrono::milliseconds keep_alive_ms{30'000};
  std::size_t connections_per_origin_max = 8;
  std::size_t body_bytes_max = 64 * 1024 * 1024;  // of an answer; too_large above
  unsigned redirects_max = 3;
  std::string user_agent = "fanlight";
};

// What retry does: only for errors that are retryable and for 429, 502, 503, 504, and only for methods that
// may be repeated (GET, HEAD, PUT, DELETE) unless `repeatable` is set; waits base × 2^n with full jitter, at
// least Retry-After, never past the deadline. A 403 is the caller's business: hosts differ.
struct RetryPolicy {
  unsigned attempts_max = 4;
  std::chrono::milliseconds base{250}, most{20'000};
};

struct Exchange {
  std::string url;  // absolute: "https://host:port/path?query" or "unix:/path/to.sock:/target"
  // target is ignored; Host, Content-Length and a missing User-Agent are added, framing fields of the caller
  // dropped.
  Request request;
  bool repeatable = false;
  RetryPolicy retry;
  std::size_t body_bytes_max = 0;  // 0: the client's
};

class Client {
 public:
  static Result<std::unique_ptr<Client>> make(Executor executor, ClientConfig config, Random& random);
  virtual ~Client() = default;

  // The answer whatever its status, after retries; an Error when there was none by the deadline. The deadline
  // covers the whole exchange: name look-up, connect, TLS, sending, waiting, reading and every retry.
  virtual Task<Result<Response>> send(Exchange exchange, Deadline deadline) = 0;
};

// proxies and no_proxy from http_proxy, https_proxy, all_proxy, no_proxy (either case).
ClientConfig client_config_from_environment();

}  // namespace fanlight::net
