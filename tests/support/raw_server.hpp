// A server that does what the test says, byte by byte: `script` runs for each connection, on a thread of its
// own. It keeps every request that it read, so that a test can look at what a client really sent.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "raw_socket.hpp"

namespace fanlight::test {

class RawServer {
 public:
  struct Connection {
    RawServer& server;
    RawSocket socket;
    std::size_t number;  // from 1, in the order of accepting

    // Empty at the end of the stream.
    std::string read_request() {
      auto text = socket.read_message();
      const std::lock_guard lock(server.mutex_);
      if (!text.empty()) server.requests_.push_back(text);
      return text;
    }
    bool send(std::string_view bytes) { return socket.send(bytes); }
  };
  using Script = std::function<void(Connection&)>;

  explicit RawServer(Script script) : script_(std::move(script)), listener_(open_listener()) {
    acceptor_ = std::thread([this] { accept(); });
  }
  ~RawServer() {
    ::shutdown(listener_.fd(), SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port()); }
  std::string url(std::string_view target) const { return "http://" + address() + std::string(target); }
  unsigned port() const {
    ::sockaddr_in name{};
    ::socklen_t size = sizeof name;
    ::getsockname(listener_.fd(), reinterpret_cast<::sockaddr*>(&name), &size);
    return ntohs(name.sin_port);
  }
  std::size_t connections() const { return connections_; }
  std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  // Answers each request of a connection with the next text, the last one for ever.
  static Script answer(std::vector<std::string> answers) {
    return [answers, next = std::make_shared<std::atomic<std::size_t>>(0)](Connection& connection) {
      while (!connection.read_request().empty()) {
        const auto index = std::min(next->fetch_add(1), answers.size() - 1);
        if (!connection.send(answers[index])) return;
      }
    };
  }
  // Answers one request with these bytes and closes.
  static Script answer_and_close(std::string bytes) {
    return [bytes](Connection& connection) {
      connection.read_request();
      connection.send(bytes);
    };
  }

 private:
  static int open_listener() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    ::sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd, reinterpret_cast<::sockaddr*>(&name), sizeof name) != 0 || ::listen(fd, 64) != 0)
      return -1;
    // Accepting waits as long as the test lives, not ten seconds.
    return fd;
  }
  void accept() {
    while (true) {
      ::pollfd waiting{listener_.fd(), POLLIN, 0};
      ::poll(&waiting, 1, -1);
      const int fd = ::accept(listener_.fd(), nullptr, nullptr);
      if (fd < 0) return;
      const std::lock_guard lock(mutex_);
      open_.push_back(fd);
      threads_.emplace_back([this, fd, number = ++connections_] {
        Connection connection{*this, RawSocket(fd), number};
        script_(connection);
        const std::lock_guard inner(mutex_);
        open_.remove(fd);
      });
    }
  }

  Script script_;
  RawSocket listener_;
  std::thread acceptor_;
  std::mutex mutex_;
  std::list<std::thread> threads_;
  std::list<int> open_;
  std::vector<std::string> requests_;
  std::atomic<std::size_t> connections_ = 0;
};

}  // namespace fanlight::test
