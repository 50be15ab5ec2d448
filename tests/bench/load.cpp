// Signed GitHub deliveries over keep-alive connections, as fast as they are answered:
//   load HOST PORT SECRET CONNECTIONS DELIVERIES PAYLOAD-FILE NAME
// Each delivery is another change (its number is patched into the payload) under its own id. Prints the rate
// and the latencies, and fails when an answer is not 202. Bounded in count; loopback only.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <vector>

#include "fanlight/core/files.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/task.hpp"

namespace asio = boost::asio;
using namespace fanlight;
using tcp = asio::ip::tcp;

namespace {

struct Load {
  tcp::endpoint endpoint;
  std::string secret, payload, name;  // name: in front of each delivery id
  std::size_t deliveries = 0, next = 0, accepted = 0, refused = 0;
  std::vector<double> milliseconds;
};

std::string replace_all(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string request(const Load& load, std::size_t number) {
  const std::string body = replace_all(load.payload, "@NUMBER@", std::to_string(100'000 + number));
  return fmt::format(
      "POST /hooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: GitHub-Hookshot/bench\r\n"
      "Content-Type: application/json\r\nX-GitHub-Event: pull_request\r\nX-GitHub-Delivery: {}-{}\r\n"
      "X-Hub-Signature-256: sha256={}\r\nContent-Length: {}\r\n\r\n{}",
      load.name, number, to_hex(hmac_sha256(load.secret, body)), body.size(), body);
}

// Reads one answer; its status.
Task<unsigned> read_answer(tcp::socket& socket, std::string& buffer) {
  auto reading =
      asio::async_read_until(socket, asio::dynamic_buffer(buffer), "\r\n\r\n", asio::use_awaitable);
  const std::size_t head = co_await std::move(reading);
  unsigned status = 0;
  std::from_chars(buffer.data() + 9, buffer.data() + 12, status);
  std::size_t length = 0;
  if (const auto at = buffer.find("Content-Length: "); at < head) {
    std::from_chars(buffer.data() + at + 16, buffer.data() + head, length);
  }
  if (buffer.size() < head + length) {
    auto rest = asio::async_read(socket, asio::dynamic_buffer(buffer),
                                 asio::transfer_exactly(head + length - buffer.size()), asio::use_awaitable);
    co_await std::move(rest);
  }
  buffer.erase(0, head + length);
  co_return status;
}

Task<> send_some(Load& load) {
  tcp::socket socket(co_await asio::this_coro::executor);
  auto connecting = socket.async_connect(load.endpoint, asio::use_awaitable);
  co_await std::move(connecting);
  socket.set_option(tcp::no_delay(true));
  std::string buffer;
  while (load.next < load.deliveries) {
    const std::string bytes = request(load, load.next++);
    const auto begun = std::chrono::steady_clock::now();
    auto writing = asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
    co_await std::move(writing);
    auto reading = read_answer(socket, buffer);
    const unsigned status = co_await std::move(reading);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    load.milliseconds.push_back(took.count());
    ++(status == 202 ? load.accepted : load.refused);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    fmt::print(stderr, "usage: load HOST PORT SECRET CONNECTIONS DELIVERIES PAYLOAD-FILE NAME\n");
    return 2;
  }
  Load load;
  load.endpoint = {asio::ip::make_address(argv[1]), static_cast<unsigned short>(std::stoi(argv[2]))};
  if (!load.endpoint.address().is_loopback()) {
    fmt::print(stderr, "load: loopback only\n");
    return 2;
  }
  load.secret = argv[3];
  load.deliveries = std::min<std::size_t>(std::stoul(argv[5]), 200'000);
  load.payload = read_file(argv[6], 1 << 20).value();
  load.name = argv[7];
  load.milliseconds.reserve(load.deliveries);
  asio::io_context io(1);
  for (int i = 0; i < std::min(std::stoi(argv[4]), 512); ++i) {
    asio::co_spawn(io, send_some(load), [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    });
  }
  const auto begun = std::chrono::steady_clock::now();
  io.run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  auto& all = load.milliseconds;
  std::sort(all.begin(), all.end());
  const auto at = [&](double share) {
    return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
  };
  fmt::print(
      "{:.0f} deliveries/s, {} accepted, {} refused, {} bytes each, p50 {:.1f} ms, p99 {:.1f} ms, max {:.1f} "
      "ms\n",
      static_cast<double>(all.size()) / took.count(), load.accepted, load.refused, load.payload.size(),
      at(0.5), at(0.99), all.back());
  return load.refused ? 1 : 0;
}
