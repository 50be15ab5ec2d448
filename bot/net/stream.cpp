#include "stream.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace fanlight::net {

namespace {

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

class PlainStream final : public Stream {
 public:
  explicit PlainStream(Socket socket) : Stream(socket.get_executor()), socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  Task<Io> read_some(asio::mutable_buffer into) override {
    if (!begin()) co_return Io{asio::error::timed_out};
    const auto [error, bytes] = co_await socket_.async_read_some(into, tuple);
    co_return Io{judge(error), bytes};
  }

  Task<Io> write(asio::const_buffer first, asio::const_buffer second) override {
    if (!begin()) co_return Io{asio::error::timed_out};
    std::array<asio::const_buffer, 2> buffers{first, second};
    const std::size_t total = first.size() + second.size();
    // An answer nearly always fits into the socket's buffer: one system call and no trip through the event
    // loop.
    error_code error;
    const std::size_t sent = socket_.write_some(buffers, error);
    if (!error && sent == total) co_return Io{{}, sent};
    if (error && error != asio::error::would_block) co_return Io{judge(error), 0};
    const std::size_t skip = error ? 0 : sent;
    buffers[1] += skip > first.size() ? skip - first.size() : 0;
    buffers[0] += skip;
    const auto [rest_error, rest] = co_await asio::async_write(socket_, buffers, tuple);
    co_return Io{judge(rest_error), skip + rest};
  }

  Task<error_code> handshake(std::string&) override { co_return error_code(); }

  Task<> shutdown() override {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    co_return;
  }

  Socket& socket() override { return socket_; }

 private:
  Socket socket_;
};

}  // namespace

Task<error_code> Stream::connect(asio::generic::stream_protocol::endpoint endpoint) {
  if (!begin()) co_return asio::error::timed_out;
  const auto [error] = co_await socket().async_connect(endpoint, tuple);
  if (error) co_return judge(error);
  error_code ignored;
  socket().non_blocking(true, ignored);
  socket().set_option(asio::ip::tcp::no_delay(true), ignored);  // a Unix socket has none
  co_return error_code();
}

void Stream::watch(Deadline deadline, std::chrono::milliseconds idle) {
  whole_ = deadline.at();
  idle_ = idle;
  expired_ = false;
  deadline_ = deadline.sooner(idle).at();
  arm();
}

bool Stream::begin() {
  if (deadline_ == Deadline::Clock::time_point::max()) return true;
  if (expired_) return false;
  const auto now = Deadline::Clock::now();
  if (now >= whole_) return false;
  deadline_ = std::min(whole_, now + idle_);
  arm();
  return true;
}

error_code Stream::judge(error_code error) const {
  return error && expired_ ? error_code(asio::error::timed_out) : error;
}

void Stream::arm() {
  if (deadline_ == Deadline::Clock::time_point::max()) return;
  if (armed_ && timer_.expiry() <= deadline_) return;
  armed_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait([weak = weak_from_this()](error_code error) {
    if (error) return;
    if (const auto self = weak.lock()) self->on_timer();
  });
}

void Stream::on_timer() {
  armed_ = false;
  if (deadline_ == Deadline::Clock::time_point::max()) return;
  if (Deadline::Clock::now() < deadline_) {
    arm();
    return;
  }
  expired_ = true;
  interrupt();
}

void Stream::interrupt() {
  error_code ignored;
  socket().cancel(ignored);
}

void Stream::rest() {
  unwatch();
  armed_ = false;
  timer_.cancel();
}

void Stream::close() {
  rest();
  error_code ignored;
  socket().close(ignored);
}

bool Stream::is_stale() {
  char byte = 0;
  const auto got = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return !(got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

std::shared_ptr<Stream> make_plain_stream(Socket socket) {
  return std::make_shared<PlainStream>(std::move(socket));
}

}  // namespace fanlight::net
