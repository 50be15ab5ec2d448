// HTTP/1.1 messages on a Stream: reads heads and bodies with limits, writes heads. Used by both sides.
//
// The head is cut out of the buffer first (up to the empty line, at most head_bytes_max bytes) and then
// parsed in one go by Beast's parser, straight into our Headers. A body with a length is read directly into
// its string: Beast sees it only when it is chunked. What the framing leaves open for smuggling is refused
// here: a length together with a transfer encoding, several encodings or lengths, folded lines, no or several
// Host fields.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fanlight/net/http.hpp"
#include "stream.hpp"

namespace fanlight::net {

enum class Trouble {
  none,
  closed,          // the other end closed before the first byte of a message
  timed_out,       // the stream's deadline passed
  head_too_large,  // over head_bytes_max
  body_too_large,  // announced or seen
  malformed,       // not HTTP/1.x, or framed in two ways
  unsupported,     // a transfer encoding other than chunked
  truncated,       // the bytes ended inside a message
  broken,          // the connection failed or was interrupted; error() says how
};

struct Head {
  std::string method, target;  // of a request
  unsigned status = 0;         // of a response
  unsigned version = 11;
  bool keep_alive = false;
  bool chunked = false;
  std::optional<std::uint64_t> length;
  Headers headers;
};

class Reader {
 public:
  Reader(std::shared_ptr<Stream> stream, std::size_t head_bytes_max);
  ~Reader();

  // Until a byte of the next message is there. Never suspends when one is there already.
  Task<Trouble> wait();
  Task<Trouble> read_request(Head& head);
  Task<Trouble> read_response(Head& head);
  // The body of the head that was read last, by its length or in chunks; none when it has neither.
  Task<Trouble> read_body(const Head& head, std::string& body, std::size_t bytes_max);
  // Of a response that has neither: until the other end closes.
  Task<Trouble> read_to_end(std::string& body, std::size_t bytes_max);
  // Throws away what still comes, at most `bytes_max`, so that closing does not destroy an answer on its way.
  Task<> discard(std::size_t bytes_max);

  bool has_bytes() const { return begin_ < end_; }
  error_code error() const { return error_; }

 private:
  struct Parsers;

  std::string_view pending() const { return {data_.get() + begin_, end_ - begin_}; }
  Task<Trouble> fill();
  Task<Trouble> read_head(bool is_request, Head& head);
  Task<Trouble> read_counted(std::uint64_t length, std::string& body, std::size_t bytes_max);
  Task<Trouble> read_chunks(std::string& body, std::size_t bytes_max);
  Trouble parse(std::string_view block, bool is_request, Head& head);

  std::shared_ptr<Stream> stream_;
  std::size_t head_bytes_max_, capacity_;
  std::unique_ptr<char[]> data_;  // made with the first read
  std::size_t begin_ = 0, end_ = 0;
  std::unique_ptr<Parsers> parsers_;
  error_code error_;
};

// A name is a token and a value has no control character but tab: neither can end the line (RFC 9110, 5.5).
bool is_valid_field(std::string_view name, std::string_view value);
bool is_token(std::string_view text);
// True for the fields that this box writes itself: Content-Length, Transfer-Encoding, Connection and the
// like.
bool is_framing_field(std::string_view name);

struct ResponseFraming {
  bool keep_alive = true;
  bool head_only = false;  // the answer to HEAD
  unsigned version = 11;
  std::string_view date;  // as in the Date field
};
// Status line and fields, up to and with the empty line. All fields must be valid.
std::string write_response_head(const Response& response, const ResponseFraming& framing);
bool status_has_body(unsigned status);

}  // namespace fanlight::net
