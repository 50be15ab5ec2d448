#include "fanlight/net/http.hpp"

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::net {

namespace {

// RFC 3986, 2.3.
bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string encode(std::string_view text, bool keep_slash) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slash && c == '/')) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace

std::string_view Headers::get(std::string_view name) const {
  for (const auto& [key, value] : entries_)
    if (iequals(key, name)) return value;
  return {};
}

bool Headers::has(std::string_view name) const {
  for (const auto& entry : entries_)
    if (iequals(entry.first, name)) return true;
  return false;
}

std::string_view Request::path() const {
  const std::string_view whole = target;
  return whole.substr(0, whole.find('?'));
}

std::optional<std::string> Request::query(std::string_view name) const {
  const auto mark = target.find('?');
  if (mark == std::string::npos) return std::nullopt;
  for (const auto pair : split(std::string_view(target).substr(mark + 1), '&')) {
    const auto equals = pair.find('=');
    const auto key = decode_component(pair.substr(0, equals));
    if (!key || *key != name) continue;
    if (equals == std::string_view::npos) return std::string();
    // A form writes a space as '+'; a literal plus arrives as %2B.
    std::string value(pair.substr(equals + 1));
    for (char& c : value)
      if (c == '+') c = ' ';
    return decode_component(value);
  }
  return std::nullopt;
}

Response make_response(unsigned status, std::string body, std::string_view content_type) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type",
                       std::string(content_type.empty() ? "text/plain; charset=utf-8" : content_type));
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.body = std::move(body);
  return response;
}

std::string encode_component(std::string_view text) {
  return encode(text, false);
}

std::string encode_path(std::string_view text) {
  return encode(text, true);
}

std::optional<std::string> decode_component(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto escape = text.substr(i + 1, 2);
    const auto byte = escape.size() == 2 ? from_hex(escape) : std::nullopt;
    if (!byte) return std::nullopt;
    out += *byte;
    i += 2;
  }
  return out;
}

}  // namespace fanlight::net
