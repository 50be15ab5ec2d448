// Which proxy an address goes through, from http_proxy, https_proxy and no_proxy. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fanlight/core/result.hpp"
#include "url.hpp"

namespace fanlight::net {

struct Proxy {
  std::string host;
  std::uint16_t port = 0;
  std::string authorization;  // value of Proxy-Authorization, empty for none; a secret
};

class ProxyRules {
 public:
  static Result<ProxyRules> make(std::string_view http_proxy, std::string_view https_proxy,
                                 std::string no_proxy);
  // Nothing: go there directly.
  const Proxy* choose(const Url& url) const;

 private:
  std::optional<Proxy> http_, https_;
  std::string no_proxy_;
};

// True when `no_proxy` (separated by commas) has '*', the host, the host with its port, or a domain that it
// ends in, with or without a leading dot.
bool is_excepted(std::string_view no_proxy, const Url& url);

}  // namespace fanlight::net
