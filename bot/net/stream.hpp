// One connection's bytes, plain or TLS, TCP or Unix socket, with one deadline. Server and client both read
// and write through this class, so the parsing, the time-outs and the pool exist once. No Beast and no SSL
// type is in here.
//
// The deadline is a field, not a timer per operation: one timer per stream sleeps until the earliest moment
// that matters and looks at the field when it wakes. A busy connection moves its deadline four times per
// request and touches the timer queue about once per header time-out.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "fanlight/core/deadline.hpp"
#include "fanlight/core/task.hpp"

namespace fanlight::net {

namespace asio = boost::asio;
using boost::system::error_code;

// Either family; TCP and Unix sockets move into it.
using Socket = asio::generic::stream_protocol::socket;

// The error is asio::error::timed_out exactly when the deadline passed, and asio::error::eof at a clean end.
struct Io {
  error_code error;
  std::size_t bytes = 0;
};

class Stream : public std::enable_shared_from_this<Stream> {
 public:
  explicit Stream(Executor executor) : timer_(std::move(executor)) {}
  virtual ~Stream() = default;

  Task<error_code> connect(asio::generic::stream_protocol::endpoint endpoint);
  virtual Task<Io> read_some(asio::mutable_buffer into) = 0;
  // All of both, or an error.
  virtual Task<Io> write(asio::const_buffer first, asio::const_buffer second) = 0;
  // TLS only; the text says why in an operator's words.
  virtual Task<error_code> handshake(std::string& why) = 0;
  // Tells the other end that nothing more comes: FIN, and close_notify before it over TLS.
  virtual Task<> shutdown() = 0;
  virtual Socket& socket() = 0;
  // True when the bytes ended without TLS's own end: what is not framed by a length may be cut off.
  virtual bool truncated() const { return false; }

  // Operations end with timed_out at `deadline`, and when `idle` passes within one operation. Replaces what
  // was set.
  void watch(Deadline deadline, std::chrono::milliseconds idle = std::chrono::hours(24));
  // No limit for now: a handler is running.
  void unwatch() { deadline_ = Deadline::Clock::time_point::max(); }
  // Ends the operation that is under way with operation_aborted.
  void interrupt();
  // As unwatch, and takes the timer out of the queue: for a stream that rests in a pool.
  void rest();
  void close();
  // True when an idle stream cannot be used again: the other end closed it or sent something unasked.
  bool is_stale();

 protected:
  // At the start of each operation: false when the time is over already.
  bool begin();
  // The error as callers see it.
  error_code judge(error_code error) const;

 private:
  void arm();
  void on_timer();

  asio::steady_timer timer_;
  Deadline::Clock::time_point deadline_ = Deadline::Clock::time_point::max();
  Deadline::Clock::time_point whole_ = Deadline::Clock::time_point::max();
  std::chrono::milliseconds idle_{0};
  bool armed_ = false;
  bool expired_ = false;
};

// TCP or Unix, no TLS.
std::shared_ptr<Stream> make_plain_stream(Socket socket);

}  // namespace fanlight::net
