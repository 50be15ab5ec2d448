// One request and its answer on one connection, without redirects and retries.
#pragma once

#include <memory>
#include <string>

#include "connect.hpp"
#include "fanlight/net/client.hpp"
#include "pool.hpp"
#include "proxy.hpp"
#include "url.hpp"

namespace fanlight::net {

// What the exchanges of one client share.
struct ClientState {
  ClientState(ClientConfig config_, ProxyRules proxies_, TlsContextPtr tls_, Random& random_)
      : config(std::move(config_)),
        proxies(std::move(proxies_)),
        tls(std::move(tls_)),
        random(random_),
        pool(std::make_shared<Pool>(
            PoolLimits{std::max<std::size_t>(1, config.connections_per_origin_max), config.keep_alive_ms})) {}
  ClientConfig config;
  ProxyRules proxies;
  TlsContextPtr tls;
  Random& random;
  std::shared_ptr<Pool> pool;
};

// A request that was checked: its fields cannot end a line.
struct Call {
  Url url;
  std::string method;
  Headers headers;
  std::string body;
  std::size_t body_bytes_max = 0;
  bool repeatable = false;

  // "GET https://host/path": how errors and logs name it. No query, no header.
  std::string name() const { return method + " " + url.shown(); }
};

// Sends `call` on a kept connection or a new one. A kept connection that turns out to be closed is replaced
// once when the call may be repeated. `state` and `call` must outlive the task.
Task<Result<Response>> send_call(std::shared_ptr<ClientState> state, const Call& call, Deadline deadline);

}  // namespace fanlight::net
