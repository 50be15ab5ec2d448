#include "wire.hpp"

#include <fmt/format.h>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <cstring>
#include <iterator>

#include "fanlight/core/text.hpp"

namespace fanlight::net {

namespace http = boost::beast::http;

namespace {

// Beast's callbacks, filling our values. Trailers are checked by Beast and dropped here.
template <bool is_request>
class MessageParser final : public http::basic_parser<is_request> {
 public:
  using View = boost::beast::string_view;

  explicit MessageParser(Head& head) : head_(&head) { head.headers.reserve(24); }

  void collect(std::string& body, std::size_t bytes_max) {
    body_ = &body;
    bytes_max_ = bytes_max;
  }

 private:
  void on_request_impl(http::verb, View method, View target, int version, error_code&) override {
    head_->method.assign(method.data(), method.size());
    head_->target.assign(target.data(), target.size());
    head_->version = static_cast<unsigned>(version);
  }
  void on_response_impl(int status, View, int version, error_code&) override {
    head_->status = static_cast<unsigned>(status);
    head_->version = static_cast<unsigned>(version);
  }
  void on_field_impl(http::field, View name, View value, error_code&) override {
    if (body_ != nullptr) return;
    head_->headers.add(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(View, error_code& error) override {
    error = http::error::unexpected_body;  // counted bodies never come here
    return 0;
  }
  void on_chunk_header_impl(std::uint64_t size, View, error_code& error) override {
    if (size > bytes_max_ - body_->size()) error = http::error::body_limit;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View piece, error_code&) override {
    body_->append(piece.data(), piece.size());
    return piece.size();
  }
  void on_finish_impl(error_code&) override {}

  Head* head_;
  std::string* body_ = nullptr;
  std::size_t bytes_max_ = 0;
};

// Lines that start with white space continue the line before: obsolete, and read differently by different
// servers.
bool has_folded_line(std::string_view block) {
  for (auto at = block.find('\n'); at + 1 < block.size(); at = block.find('\n', at + 1))
    if (block[at + 1] == ' ' || block[at + 1] == '\t') return true;
  return false;
}

bool is_token_character(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return c != '\0' && std::strchr("!#$%&'*+-.^_`|~", c) != nullptr;
}

std::size_t count_fields(const Headers& headers, std::string_view name) {
  std::size_t count = 0;
  for (const auto& entry : headers.entries())
    if (iequals(entry.first, name)) ++count;
  return count;
}

// What Beast's parser lets through and RFC 9112 (3.2, 6.1) does not.
Trouble check_framing(const Head& head, bool is_request) {
  const auto encodings = count_fields(head.headers, "Transfer-Encoding");
  if (encodings > 1 || (encodings == 1 && (head.length || head.version < 11))) return Trouble::malformed;
  if (encodings == 1 && !iequals(trim(head.headers.get("Transfer-Encoding")), "chunked"))
    return Trouble::unsupported;
  if (!is_request) return Trouble::none;
  const auto hosts = count_fields(head.headers, "Host");
  if (hosts > 1 || (hosts == 0 && head.version >= 11)) return Trouble::malformed;
  return Trouble::none;
}

}  // namespace

struct Reader::Parsers {
  std::optional<MessageParser<true>> request;
  std::optional<MessageParser<false>> response;
};

Reader::Reader(std::shared_ptr<Stream> stream, std::size_t head_bytes_max)
    : stream_(std::move(stream)),
      head_bytes_max_(head_bytes_max),
      // Room beyond the head, so that a webhook of 21 KB mostly arrives in one system call.
      capacity_(head_bytes_max + 16 * 1024),
      parsers_(std::make_unique<Parsers>()) {}

Reader::~Reader() = default;

Task<Trouble> Reader::fill() {
  if (!data_) data_ = std::make_unique_for_overwrite<char[]>(capacity_);
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == capacity_) {
    std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const auto room = asio::buffer(data_.get() + end_, capacity_ - end_);
  const auto [error, bytes] = co_await stream_->read_some(room);
  end_ += bytes;
  error_ = error;
  if (error == asio::error::timed_out) co_return Trouble::timed_out;
  if (error == asio::error::eof) co_return has_bytes() ? Trouble::truncated : Trouble::closed;
  co_return error ? Trouble::broken : Trouble::none;
}

Task<Trouble> Reader::wait() {
  if (has_bytes()) co_return Trouble::none;
  co_return co_await fill();
}

Task<Trouble> Reader::read_request(Head& head) {
  return read_head(true, head);
}

Task<Trouble> Reader::read_response(Head& head) {
  return read_head(false, head);
}

Task<Trouble> Reader::read_head(bool is_request, Head& head) {
  std::size_t scanned = 0;
  while (true) {
    // Empty lines before a request are ignored (RFC 9112, 2.2).
    while (is_request && scanned == 0 && pending().starts_with("\r\n")) begin_ += 2;
    const auto view = pending();
    if (!view.empty() && view[0] != '\r' && !is_token_character(view[0])) co_return Trouble::malformed;
    const auto blank = view.find("\r\n\r\n", scanned);
    const auto size = blank == std::string_view::npos ? view.size() + 1 : blank + 4;
    if (size > head_bytes_max_) co_return Trouble::head_too_large;
    if (blank != std::string_view::npos) {
      begin_ += size;
      co_return parse(view.substr(0, size), is_request, head);
    }
    scanned = view.size() < 3 ? 0 : view.size() - 3;
    const auto trouble = co_await fill();
    if (trouble != Trouble::none) co_return trouble;
  }
}

Trouble Reader::parse(std::string_view block, bool is_request, Head& head) {
  if (has_folded_line(block)) return Trouble::malformed;
  const auto run = [&](auto& parser) {
    parser.emplace(head);
    parser->header_limit(static_cast<std::uint32_t>(block.size() + 1));
    parser->body_limit(boost::none);
    error_code error;
    const auto used = parser->put(asio::buffer(block), error);
    if (error || used != block.size() || !parser->is_header_done()) return Trouble::malformed;
    head.keep_alive = parser->keep_alive();
    head.chunked = parser->chunked();
    if (const auto length = parser->content_length()) head.length = *length;
    return check_framing(head, is_request);
  };
  return is_request ? run(parsers_->request) : run(parsers_->response);
}

Task<Trouble> Reader::read_body(const Head& head, std::string& body, std::size_t bytes_max) {
  body.clear();
  if (head.chunked) return read_chunks(body, bytes_max);
  return read_counted(head.length.value_or(0), body, bytes_max);
}

Task<Trouble> Reader::read_counted(std::uint64_t length, std::string& body, std::size_t bytes_max) {
  // Memory follows the bytes that came, not the length that was announced.
  static constexpr std::uint64_t step = 64 * 1024;
  if (length > bytes_max) co_return Trouble::body_too_large;
  body.reserve(std::min(length, step));
  const auto here = pending().substr(0, length);
  body.append(here);
  begin_ += here.size();
  while (body.size() < length) {
    const std::size_t have = body.size();
    const std::size_t want = std::min<std::uint64_t>(length - have, std::max<std::uint64_t>(have, step));
    body.resize_and_overwrite(have + want, [](char*, std::size_t size) { return size; });
    const auto room = asio::buffer(body.data() + have, want);
    const auto [error, bytes] = co_await stream_->read_some(room);
    body.resize(have + bytes);
    error_ = error;
    if (error == asio::error::timed_out) co_return Trouble::timed_out;
    if (error == asio::error::eof) co_return Trouble::truncated;
    if (error) co_return Trouble::broken;
  }
  co_return Trouble::none;
}

Task<Trouble> Reader::read_chunks(std::string& body, std::size_t bytes_max) {
  const auto run = [&](auto& parser, error_code& error) {
    parser.collect(body, bytes_max);
    const auto view = pending();
    begin_ += parser.put(asio::buffer(view), error);
    return parser.is_done();
  };
  while (true) {
    error_code error = http::error::need_more;
    const bool done = !has_bytes()        ? false
                      : parsers_->request ? run(*parsers_->request, error)
                                          : run(*parsers_->response, error);
    if (error == http::error::body_limit) co_return Trouble::body_too_large;
    if (error && error != http::error::need_more) co_return Trouble::malformed;
    if (done) co_return Trouble::none;
    if (!error) continue;
    // Only the line of a chunk's size or a trailer can fill the whole buffer.
    if (pending().size() == capacity_) co_return Trouble::malformed;
    const auto trouble = co_await fill();
    if (trouble != Trouble::none) co_return trouble == Trouble::closed ? Trouble::truncated : trouble;
  }
}

Task<Trouble> Reader::read_to_end(std::string& body, std::size_t bytes_max) {
  body.clear();
  while (true) {
    if (pending().size() > bytes_max - body.size()) co_return Trouble::body_too_large;
    body.append(pending());
    begin_ = end_;
    const auto trouble = co_await fill();
    if (trouble == Trouble::closed) co_return stream_->truncated() ? Trouble::truncated : Trouble::none;
    if (trouble != Trouble::none) co_return trouble;
  }
}

Task<> Reader::discard(std::size_t bytes_max) {
  std::size_t gone = pending().size();
  begin_ = end_;
  while (gone < bytes_max) {
    const auto trouble = co_await fill();
    if (trouble != Trouble::none) co_return;
    gone += pending().size();
    begin_ = end_;
  }
}

bool is_token(std::string_view text) {
  for (const char c : text)
    if (!is_token_character(c)) return false;
  return !text.empty();
}

bool is_valid_field(std::string_view name, std::string_view value) {
  if (!is_token(name)) return false;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) return false;
  }
  return true;
}

bool is_framing_field(std::string_view name) {
  static constexpr std::string_view names[] = {
      "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Date", "Proxy-Authorization",
      "Host",           "Upgrade",           "Expect",     "Trailer",    "TE"};
  for (const auto known : names)
    if (iequals(name, known)) return true;
  return false;
}

bool status_has_body(unsigned status) {
  return status >= 200 && status != 204 && status != 304;
}

std::string write_response_head(const Response& response, const ResponseFraming& framing) {
  const auto phrase = http::obsolete_reason(http::int_to_status(response.status));
  std::string out;
  out.reserve(512);
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status,
                 std::string_view(phrase.data(), phrase.size()));
  if (!framing.date.empty()) out.append("Date: ").append(framing.date).append("\r\n");
  for (const auto& [name, value] : response.headers.entries()) {
    if (is_framing_field(name)) continue;
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (!framing.keep_alive)
    out += "Connection: close\r\n";
  else if (framing.version < 11)
    out += "Connection: keep-alive\r\n";
  if (status_has_body(response.status))
    fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", response.body.size());
  out += "\r\n";
  return out;
}

}  // namespace fanlight::net
