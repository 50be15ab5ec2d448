#include "proxy.hpp"

#include <fmt/format.h>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::net {

namespace {

Result<std::optional<Proxy>> parse_proxy(std::string_view name, std::string_view text) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  const bool has_scheme = text.find("://") != std::string_view::npos;
  const auto url = parse_url(has_scheme ? std::string(text) : fmt::format("http://{}", text));
  if (!url || url->scheme != "http")
    return fail(ErrorCode::bad_input,
                fmt::format("{}: not an HTTP proxy: write http://user:password@host:port", name));
  Proxy proxy{.host = url->host, .port = url->port, .authorization = {}};
  if (!url->user.empty()) proxy.authorization = "Basic " + to_base64(url->user + ":" + url->password);
  return proxy;
}

}  // namespace

Result<ProxyRules> ProxyRules::make(std::string_view http_proxy, std::string_view https_proxy,
                                    std::string no_proxy) {
  ProxyRules rules;
  auto http = parse_proxy("http_proxy", http_proxy);
  if (!http) return std::unexpected(std::move(http.error()));
  auto https = parse_proxy("https_proxy", https_proxy);
  if (!https) return std::unexpected(std::move(https.error()));
  rules.http_ = std::move(*http);
  rules.https_ = std::move(*https);
  rules.no_proxy_ = to_lower(no_proxy);
  return rules;
}

const Proxy* ProxyRules::choose(const Url& url) const {
  if (url.scheme == "unix" || is_excepted(no_proxy_, url)) return nullptr;
  const auto& proxy = url.scheme == "https" ? https_ : http_;
  return proxy ? &*proxy : nullptr;
}

bool is_excepted(std::string_view no_proxy, const Url& url) {
  const auto ends_in = [&](std::string_view domain) {
    return !domain.empty() && url.host.size() > domain.size() && url.host.ends_with(domain) &&
           url.host[url.host.size() - domain.size() - 1] == '.';
  };
  const auto port = fmt::format(":{}", url.port);
  const auto bracketed = fmt::format("[{}]", url.host);
  for (auto entry : split(no_proxy, ',')) {
    entry = trim(entry);
    if (entry == "*") return true;
    const bool bare_address = entry == url.host || entry == bracketed;
    if (!bare_address && entry.ends_with(port)) entry.remove_suffix(port.size());
    if (entry.starts_with("*.")) entry.remove_prefix(1);
    if (entry.starts_with('.')) entry.remove_prefix(1);
    if (entry == url.host || entry == bracketed || ends_in(entry)) return true;
  }
  return false;
}

}  // namespace fanlight::net
