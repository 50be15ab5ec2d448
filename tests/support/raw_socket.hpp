// Blocking sockets without any HTTP in them: the other side in tests of net, able to misbehave byte by byte.
// Every read gives up after ten seconds, so that a failing test ends.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace fanlight::test {

class RawSocket {
 public:
  explicit RawSocket(int fd) : fd_(fd) {
    if (fd_ < 0) throw std::runtime_error("no socket");
    const ::timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), rest_(std::move(other.rest_)) {}
  RawSocket& operator=(RawSocket&&) = delete;
  ~RawSocket() {
    if (fd_ >= 0) ::close(fd_);
  }

  // "127.0.0.1:40123" or "unix:/path", as Server::address() says it.
  static RawSocket connect(const std::string& address) {
    ::sockaddr_storage storage{};
    ::socklen_t size = 0;
    if (address.starts_with("unix:")) {
      auto* name = reinterpret_cast<::sockaddr_un*>(&storage);
      name->sun_family = AF_UNIX;
      std::strncpy(name->sun_path, address.c_str() + 5, sizeof name->sun_path - 1);
      size = sizeof *name;
    } else {
      auto* name = reinterpret_cast<::sockaddr_in*>(&storage);
      name->sin_family = AF_INET;
      name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      name->sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
      size = sizeof *name;
    }
    RawSocket made(::socket(storage.ss_family, SOCK_STREAM, 0));
    if (::connect(made.fd_, reinterpret_cast<::sockaddr*>(&storage), size) != 0)
      throw std::runtime_error("cannot connect to " + address);
    return made;
  }

  // False when the other end is gone.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  // What came next, empty at the end of the stream, on a reset and after ten seconds.
  std::string read_some() {
    if (!rest_.empty()) return std::exchange(rest_, {});
    char buffer[16 * 1024];
    const auto got = ::recv(fd_, buffer, sizeof buffer, 0);
    return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
  }
  std::string read_all() {
    std::string all;
    for (auto piece = read_some(); !piece.empty(); piece = read_some()) all += piece;
    return all;
  }
  // Up to and with `end`; what comes behind it is kept for the next read.
  std::string read_until(std::string_view end) {
    std::string all;
    while (true) {
      const auto at = all.find(end);
      if (at != std::string::npos) {
        rest_ = all.substr(at + end.size());
        return all.substr(0, at + end.size());
      }
      const auto piece = read_some();
      if (piece.empty()) return all;
      all += piece;
    }
  }
  // A head and, by its Content-Length, a body; empty at the end of the stream.
  std::string read_message() {
    auto message = read_until("\r\n\r\n");
    const auto at = message.find("Content-Length: ");
    if (at == std::string::npos) return message;
    const auto total = message.size() + std::stoul(message.substr(at + 16));
    while (message.size() < total) {
      const auto piece = read_some();
      if (piece.empty()) return message;
      message += piece;
    }
    rest_ = message.substr(total);
    message.resize(total);
    return message;
  }
  void half_close() { ::shutdown(fd_, SHUT_WR); }
  // Until `other` or this one ends: what a proxy does after CONNECT.
  void pump(RawSocket& other) {
    ::pollfd fds[2] = {{fd_, POLLIN, 0}, {other.fd_, POLLIN, 0}};
    while (::poll(fds, 2, 10'000) > 0) {
      for (int i = 0; i < 2; ++i) {
        if (fds[i].revents == 0) continue;
        const auto piece = (i == 0 ? *this : other).read_some();
        if (piece.empty() || !(i == 0 ? other : *this).send(piece)) return;
      }
    }
  }
  int fd() const { return fd_; }

 private:
  int fd_;
  std::string rest_;
};

}  // namespace fanlight::test
