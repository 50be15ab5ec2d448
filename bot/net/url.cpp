#include "url.hpp"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

#include "fanlight/core/text.hpp"

namespace fanlight::net {

namespace urls = boost::urls;

namespace {

constexpr std::size_t url_bytes_max = 16 * 1024;

std::uint16_t default_port(std::string_view scheme) {
  return scheme == "https" ? 443 : 80;
}

Result<Url> from_view(const urls::url_view_base& view) {
  Url url;
  url.scheme = to_lower(std::string_view(view.scheme().data(), view.scheme().size()));
  if (url.scheme != "http" && url.scheme != "https")
    return fail(ErrorCode::bad_input, "URL: scheme is not http or https: write https://host/path");
  const auto host = view.host_type() == urls::host_type::ipv6
                        ? std::string(view.host_ipv6_address().to_string())
                        : view.host();
  url.host = to_lower(host);
  if (url.host.empty() || url.host.find_first_of(std::string_view("\0\r\n \t/@%", 8)) != std::string::npos)
    return fail(ErrorCode::bad_input, "URL: no host or a malformed one: write https://host/path");
  url.port = view.port_number() != 0 ? view.port_number() : default_port(url.scheme);
  if (view.has_port() && !view.port().empty() && view.port_number() == 0)
    return fail(ErrorCode::bad_input, "URL: the port is not between 1 and 65535");
  const auto path = view.encoded_path();
  url.target = path.empty() ? "/" : std::string(path.data(), path.size());
  if (view.has_query()) {
    const auto query = view.encoded_query();
    url.target.append("?").append(query.data(), query.size());
  }
  url.user = view.user();
  url.password = view.password();
  return url;
}

Result<Url> parse_unix(std::string_view rest) {
  const auto colon = rest.find(":/");
  Url url;
  url.scheme = "unix";
  url.socket_path = rest.substr(0, colon);
  url.target = colon == std::string_view::npos ? "/" : rest.substr(colon + 1);
  if (!url.socket_path.starts_with('/'))
    return fail(ErrorCode::bad_input, "URL: a socket's path is absolute: write unix:/path/to.sock:/target");
  for (const char c : url.target)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f)
      return fail(ErrorCode::bad_input, "URL: blank or control character in the target: percent-encode it");
  return url;
}

}  // namespace

std::string Url::origin() const {
  if (scheme == "unix") return "unix:" + socket_path;
  return fmt::format("{}://{}", scheme, authority());
}

std::string Url::authority() const {
  if (scheme == "unix") return "localhost";
  auto text = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  if (port != default_port(scheme)) text += fmt::format(":{}", port);
  return text;
}

std::string Url::shown() const {
  return origin() + (scheme == "unix" ? ":" : "") + target.substr(0, target.find('?'));
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > url_bytes_max) return fail(ErrorCode::too_large, "URL: longer than 16384 bytes");
  if (text.starts_with("unix:")) return parse_unix(text.substr(5));
  const auto view = urls::parse_uri(boost::core::string_view(text.data(), text.size()));
  if (!view) return fail(ErrorCode::bad_input, "URL: malformed: write https://host/path, percent-encoded");
  return from_view(*view);
}

Result<Url> resolve_url(const Url& base, std::string_view reference) {
  if (reference.size() > url_bytes_max) return fail(ErrorCode::too_large, "URL: longer than 16384 bytes");
  const auto base_text =
      base.scheme == "unix" ? "http://localhost" + base.target : base.origin() + base.target;
  const auto from = urls::parse_uri(base_text);
  const auto to = urls::parse_uri_reference(boost::core::string_view(reference.data(), reference.size()));
  if (!from || !to) return fail(ErrorCode::bad_input, "Location: malformed");
  urls::url joined;
  if (!urls::resolve(*from, *to, joined)) return fail(ErrorCode::bad_input, "Location: malformed");
  auto url = from_view(joined);
  if (url && base.scheme == "unix" && url->origin() == "http://localhost") {
    url->scheme = "unix";
    url->socket_path = base.socket_path;
  }
  return url;
}

}  // namespace fanlight::net
