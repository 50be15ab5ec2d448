// HTTP messages as values, the same for server and client. No Beast type appears outside net.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fanlight::net {

// Names are compared without case; order and repeats are kept.
class Headers {
 public:
  void add(std::string name, std::string value) { entries_.emplace_back(std::move(name), std::move(value)); }
  void reserve(std::size_t count) { entries_.reserve(count); }
  // The first of that name, empty when there is none.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

struct Request {
  std::string method = "GET";
  std::string target = "/";  // path and query as sent, percent-encoded
  Headers headers;
  std::string body;
  std::string peer;  // server only: address of the other end, "unix" for a local socket

  std::string_view path() const;  // target before '?'
  // The decoded value of the first query parameter of that name.
  std::optional<std::string> query(std::string_view name) const;
};

struct Response {
  unsigned status = 200;
  Headers headers;
  std::string body;
};

// A response with a content type; "text/plain; charset=utf-8" unless given. Always sends nosniff.
Response make_response(unsigned status, std::string body, std::string_view content_type = {});

// Percent-encodes everything but unreserved characters and, in a path, '/'.
std::string encode_component(std::string_view text);
std::string encode_path(std::string_view text);
// Nothing when an escape is broken.
std::optional<std::string> decode_component(std::string_view text);

}  // namespace fanlight::net
