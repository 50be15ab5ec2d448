// The server from outside, byte by byte: what it accepts, what it refuses, and that it never waits for a slow
// client.
#include "fanlight/net/server.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <future>

#include "support/io_thread.hpp"
#include "support/raw_socket.hpp"
#include "support/temp_dir.hpp"

using namespace fanlight;
using namespace fanlight::net;
using fanlight::test::IoThread;
using fanlight::test::RawSocket;
using fanlight::test::TempDir;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t body_limit = 100;
constexpr std::size_t header_limit = 512;

Task<Response> describe_request(Request request) {
  auto response =
      make_response(200, request.method + " " + request.target + " " + std::to_string(request.body.size()) +
                             " " + request.body.substr(0, 20) + "\n");
  co_return response;
}

Task<Response> throw_error(Request) {
  throw std::runtime_error("on purpose");
  co_return Response{};
}

Task<Response> split_header(Request) {
  auto response = make_response(200, "x");
  response.headers.add("X-Evil", "a\r\nSet-Cookie: b");
  co_return response;
}

Task<Response> say_nothing(Request) {
  co_return make_response(204, "ignored");
}

// Runs a server on a thread and stops it at the end, whatever the test did.
struct Site {
  explicit Site(std::string address = "127.0.0.1:0", ServerLimits limits = make_limits()) {
    config.listen = std::move(address);
    config.limits = limits;
    std::vector<Route> routes = {{"POST", "/hook", body_limit, describe_request},
                                 {"GET", "/page", 0, describe_request},
                                 {"GET", "/files/*", 0, describe_request},
                                 {"GET", "/files/own", 0, say_nothing},
                                 {"GET", "/throws", 0, throw_error},
                                 {"GET", "/splits", 0, split_header},
                                 {"GET", "/waits", 0, [this](Request) -> Task<Response> {
                                    entered.set_value();
                                    co_await gate.wait(std::chrono::seconds(20));
                                    co_return make_response(200, "finished");
                                  }}};
    auto made = Server::listen(io.executor(), config, std::move(routes));
    BOOST_REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().text));
    server = std::move(*made);
    running = io.start(server->run());
  }
  ~Site() {
    io.halt();
    server.reset();
  }
  static ServerLimits make_limits() {
    ServerLimits limits;
    limits.header_bytes_max = header_limit;
    return limits;
  }
  RawSocket connect() const { return RawSocket::connect(server->address()); }
  // All bytes of the answer to these bytes, until the server closes.
  std::string ask(std::string_view bytes) const {
    auto socket = connect();
    socket.send(bytes);
    return socket.read_all();
  }
  void stop() {
    io.call([this] { server->stop(); });
  }

  IoThread io;
  Signal gate{io.executor()};
  std::promise<void> entered;
  ServerConfig config;
  std::unique_ptr<Server> server;
  std::future<void> running;
};

std::string post(std::size_t size, std::string_view extra = "Connection: close\r\n") {
  return "POST /hook HTTP/1.1\r\nHost: x\r\n" + std::string(extra) +
         "Content-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size, 'b');
}

std::string get(std::string_view target, std::string_view extra = "Connection: close\r\n") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(extra) + "\r\n";
}

std::string chunked(std::string_view chunks) {
  return "POST /hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" +
         std::string(chunks);
}

// A whole header of exactly `size` bytes.
std::string get_with_header_of(std::size_t size) {
  const auto plain = get("/page", "Connection: close\r\nX-Fill: \r\n");
  return get("/page", "Connection: close\r\nX-Fill: " + std::string(size - plain.size(), 'f') + "\r\n");
}

unsigned status_of(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 ") ? static_cast<unsigned>(std::stoul(std::string(answer.substr(9, 3))))
                                         : 0;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
    ++found;
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(net_server)

BOOST_AUTO_TEST_CASE(requests_and_their_answers) {
  struct Row {
    const char* name;
    std::string bytes;
    unsigned status;  // 0: closed without an answer
    const char* has = "";
  };
  const std::string both = "POST /hook HTTP/1.1\r\nHost: x\r\n";
  const Row rows[] = {
      {"body", post(5), 200, "POST /hook 5 bbbbb"},
      {"empty body", post(0), 200, "POST /hook 0 "},
      {"no length is no body", "POST /hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200,
       "POST /hook 0"},
      {"body one under the limit", post(body_limit - 1), 200, " 99 "},
      {"body at the limit", post(body_limit), 200, " 100 "},
      {"body one over the limit", post(body_limit + 1), 413, "over 100 bytes"},
      {"announced body over the limit, not sent", both + "Content-Length: 101\r\n\r\n", 413},
      {"announced length that overflows", both + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {"chunks at the limit",
       chunked("32\r\n" + std::string(50, 'c') + "\r\n32\r\n" + std::string(50, 'c') + "\r\n0\r\n\r\n"), 200,
       " 100 "},
      {"chunks one over the limit", chunked("32\r\n" + std::string(50, 'c') + "\r\n33\r\n"), 413},
      {"chunk extension and trailer are dropped", chunked("3;a=b\r\nabc\r\n0\r\nX-Trailer: t\r\n\r\n"), 200,
       " 3 abc"},
      {"chunk size is not a number", chunked("zz\r\nabc\r\n0\r\n\r\n"), 400},
      {"chunk without its end", chunked("3\r\nabcX\r\n0\r\n\r\n"), 400},
      {"chunk size that overflows", chunked("fffffffffffffffff\r\n"), 400},
      {"chunk line that never ends", chunked("1;" + std::string(40'000, 'x')), 400},
      {"header one under the limit", get_with_header_of(header_limit - 1), 200},
      {"header at the limit", get_with_header_of(header_limit), 200},
      {"header one over the limit", get_with_header_of(header_limit + 1), 431, "over 512 bytes"},
      {"header that never ends", "GET /page HTTP/1.1\r\nX: " + std::string(5'000, 'x'), 431},
      {"garbage", "garbage\r\n\r\n", 400},
      {"binary garbage", "\x16\x03\x01\x02", 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"HTTP/0.9", "GET /page\r\n\r\n", 400},
      {"bare line feeds", "GET /page HTTP/1.1\nHost: x\n\nConnection: close\r\n\r\n", 400},
      {"blank before the colon", "GET /page HTTP/1.1\r\nHost : x\r\n\r\n", 400},
      {"folded line", "GET /page HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n", 400},
      {"no host", "GET /page HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET /page HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
      {"length and chunked", both + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunked and length", both + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
      {"other encoding and length", both + "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde", 400},
      {"two lengths", both + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 400},
      {"two lengths in one field", both + "Content-Length: 5, 6\r\n\r\nabcdef", 400},
      {"negative length", both + "Content-Length: -1\r\n\r\n", 400},
      {"length with a sign", both + "Content-Length: +5\r\n\r\nabcde", 400},
      {"two encodings", both + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"identity, then chunked",
       both + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"gzip and chunked", both + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"encoding in HTTP/1.0", "POST /hook HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"other expectation", both + "Expect: magic\r\nContent-Length: 5\r\n\r\n", 417},
      {"unknown route", get("/nothing"), 404},
      {"unknown route, body not awaited", "POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n",
       404},
      {"wrong method", get("/hook"), 405, "Allow: POST\r\n"},
      {"wrong method, body not awaited", "POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n", 405,
       "Allow: GET, HEAD\r\n"},
      {"methods are case-sensitive", "get /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405},
      {"prefix route", get("/files/a/b?c=d"), 200, "GET /files/a/b?c=d 0"},
      {"exact route wins over a prefix", get("/files/own"), 204},
      {"prefix without its slash", get("/files"), 404},
      {"body on a route without one", "GET /page HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx", 413},
      {"absolute form", get("http://x/page?y"), 200, "GET /page?y 0"},
      {"HTTP/1.0 closes", "GET /page HTTP/1.0\r\n\r\n", 200, "Connection: close"},
      {"empty lines before the request", "\r\n\r\n" + get("/page"), 200},
      {"exception in the handler", get("/throws"), 500, "something went wrong here"},
      {"header injection in the handler", get("/splits"), 500},
  };
  Site site;
  for (const auto& row : rows) {
    const auto answer = site.ask(row.bytes);
    BOOST_TEST_CONTEXT(row.name << "\n" << answer) {
      BOOST_TEST(status_of(answer) == row.status);
      BOOST_TEST(answer.find(row.has) != std::string::npos);
      BOOST_TEST(answer.find("Set-Cookie") == std::string::npos);
      BOOST_TEST(answer.find("on purpose") == std::string::npos);
      BOOST_TEST(count(answer, "Date: ") == 1U);
    }
  }
}

BOOST_AUTO_TEST_CASE(head_has_the_length_but_not_the_body) {
  Site site;
  const auto answer = site.ask("HEAD /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  BOOST_TEST(status_of(answer) == 200U);
  BOOST_TEST(answer.find("Content-Length: 14\r\n") != std::string::npos);
  BOOST_TEST(answer.ends_with("\r\n\r\n"));
  const auto empty = site.ask(get("/files/own"));
  BOOST_TEST(empty.find("Content-Length") == std::string::npos);
  BOOST_TEST(empty.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  Site site;
  std::string bytes;
  for (int i = 0; i < 50; ++i) bytes += get("/page?" + std::to_string(i), "") + post(3, "");
  const auto answer = site.ask(bytes + get("/page?last"));
  BOOST_TEST(count(answer, "HTTP/1.1 200 OK") == 101U);
  std::size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    const auto next = answer.find("GET /page?" + std::to_string(i) + " 0", at);
    BOOST_REQUIRE(next != std::string::npos);
    at = next;
  }
  BOOST_TEST(answer.find("GET /page?last") > at);
}

BOOST_AUTO_TEST_CASE(what_follows_a_refused_request_is_not_read_as_another) {
  Site site;
  const auto answer =
      site.ask("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 60\r\n\r\n" + get("/page"));
  BOOST_TEST(status_of(answer) == 404U);
  BOOST_TEST(count(answer, "Date: ") == 1U);
}

BOOST_AUTO_TEST_CASE(body_in_single_bytes_arrives_whole) {
  Site site;
  for (const auto& bytes : {post(40), chunked("5\r\nabcde\r\n5;x\r\nfghij\r\n0\r\n\r\n")}) {
    auto socket = site.connect();
    for (const char c : bytes) socket.send(std::string_view(&c, 1));
    BOOST_TEST(status_of(socket.read_all()) == 200U);
  }
}

BOOST_AUTO_TEST_CASE(continue_is_sent_only_when_the_body_is_wanted) {
  Site site;
  auto wanted = site.connect();
  wanted.send(
      "POST /hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-Continue\r\nContent-Length: "
      "3\r\n\r\n");
  BOOST_TEST(wanted.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  wanted.send("abc");
  BOOST_TEST(status_of(wanted.read_all()) == 200U);
  const auto refused =
      site.ask("POST /hook HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n");
  BOOST_TEST(status_of(refused) == 413U);
}

BOOST_AUTO_TEST_CASE(half_closed_clients) {
  Site site;
  auto whole = site.connect();
  whole.send(get("/page", ""));
  whole.half_close();
  BOOST_TEST(status_of(whole.read_all()) == 200U);
  for (const auto* part : {"", "GET /pa", "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"}) {
    auto cut = site.connect();
    cut.send(part);
    cut.half_close();
    BOOST_TEST(cut.read_all() == "", part);
  }
}

BOOST_AUTO_TEST_CASE(slow_clients_are_dropped) {
  struct Row {
    const char *name, *bytes;
    milliseconds ServerLimits::* limit;
    unsigned status;  // 0: closed without an answer
  };
  const Row rows[] = {
      {"nothing after the accept", "", &ServerLimits::header_ms, 0},
      {"header without an end", "GET /page HTTP/1.1\r\nHost:", &ServerLimits::header_ms, 408},
      {"body without an end", "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
       &ServerLimits::body_ms, 408},
      {"chunks without an end",
       "POST /hook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
       &ServerLimits::body_ms, 408},
      {"no second request", "GET /page HTTP/1.1\r\nHost: x\r\n\r\n", &ServerLimits::idle_ms, 200},
  };
  for (const auto& row : rows) {
    auto limits = Site::make_limits();
    limits.*row.limit = milliseconds(40);
    Site site("127.0.0.1:0", limits);
    auto socket = site.connect();
    socket.send(row.bytes);
    const auto started = std::chrono::steady_clock::now();
    const auto answer = socket.read_all();
    BOOST_TEST(status_of(answer) == row.status, row.name);
    BOOST_TEST((std::chrono::steady_clock::now() - started < std::chrono::seconds(8)), row.name);
  }
}

BOOST_AUTO_TEST_CASE(client_that_does_not_read_is_dropped) {
  auto limits = Site::make_limits();
  limits.write_ms = milliseconds(40);
  limits.header_bytes_max = 300 * 1024;
  Site site("127.0.0.1:0", limits);
  auto socket = site.connect();
  // Each answer repeats the target of 200 KB; none is read, so the buffers in between fill up.
  const auto request = get("/page?" + std::string(200'000, 'x'), "");
  bool dropped = false;
  for (int i = 0; i < 400 && !dropped; ++i) dropped = !socket.send(request);
  BOOST_TEST(dropped);
}

BOOST_AUTO_TEST_CASE(connections_beyond_the_limit_wait_for_a_place) {
  auto limits = Site::make_limits();
  limits.connections_max = 1;
  Site site("127.0.0.1:0", limits);
  std::optional<RawSocket> first(site.connect());
  first->send(get("/page?1", ""));
  BOOST_TEST(status_of(first->read_message()) == 200U);
  auto second = site.connect();
  second.send(get("/page?2"));
  first->send(get("/page?3", ""));
  BOOST_TEST(status_of(first->read_message()) == 200U);
  first.reset();
  BOOST_TEST(status_of(second.read_all()) == 200U);
}

BOOST_AUTO_TEST_CASE(stop_closes_idle_connections_and_busy_ones_finish) {
  Site site;
  auto fresh = site.connect();
  auto idle = site.connect();
  idle.send(get("/page", ""));
  idle.read_message();
  auto busy = site.connect();
  busy.send(get("/waits", "") + get("/page", ""));
  site.entered.get_future().get();
  site.stop();
  site.running.get();
  BOOST_TEST(fresh.read_all() == "");
  BOOST_TEST(idle.read_all() == "");
  BOOST_CHECK_THROW(site.connect(), std::runtime_error);
  // The handler still waits, and drain() says so.
  BOOST_TEST(!site.io.run(site.server->drain(Deadline::after(milliseconds(1)))));
}

BOOST_AUTO_TEST_CASE(drain_waits_for_the_answer_that_is_under_way) {
  Site site;
  auto busy = site.connect();
  busy.send(get("/waits", ""));
  site.entered.get_future().get();
  site.stop();
  auto drained = site.io.start(site.server->drain(Deadline::after(std::chrono::seconds(10))));
  site.gate.notify();
  const auto answer = busy.read_all();
  BOOST_TEST(status_of(answer) == 200U);
  BOOST_TEST(answer.find("Connection: close\r\n") != std::string::npos);
  BOOST_TEST(answer.ends_with("finished"));
  // The server lingers until the client has closed as well.
  busy.half_close();
  BOOST_TEST(drained.get() == true);
}

BOOST_AUTO_TEST_CASE(unix_socket) {
  TempDir directory;
  const auto address = "unix:" + directory / "f.sock";
  struct ::stat entry{};
  {
    Site site(address);
    BOOST_TEST(site.server->address() == address);
    BOOST_REQUIRE(::stat((directory / "f.sock").c_str(), &entry) == 0);
    BOOST_TEST((entry.st_mode & 07777) == 0660U);
    BOOST_TEST(site.ask(post(5)).find("POST /hook 5") != std::string::npos);
    const auto taken = Server::listen(site.io.executor(), site.config, {});
    BOOST_REQUIRE(!taken.has_value());
    BOOST_TEST(taken.error().text ==
               "listen on " + address + ": address in use: stop the other process or choose another address");
    site.stop();
    BOOST_TEST(::stat((directory / "f.sock").c_str(), &entry) != 0);
  }
  // Left behind by a process that died: bound, and nobody listens.
  ::sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, (directory / "f.sock").c_str(), sizeof name.sun_path - 1);
  {
    RawSocket dead(::socket(AF_UNIX, SOCK_STREAM, 0));
    BOOST_REQUIRE(::bind(dead.fd(), reinterpret_cast<::sockaddr*>(&name), sizeof name) == 0);
  }
  Site again(address);
  BOOST_TEST(status_of(again.ask(post(5))) == 200U);
}

BOOST_AUTO_TEST_CASE(addresses_that_cannot_be_listened_on) {
  TempDir directory;
  const auto file = directory.write("file", "precious");
  Site other;
  struct Row {
    const char* name;
    std::string listen;
    ErrorCode code;
    const char* has;
  };
  const Row rows[] = {
      {"used port", other.server->address(), ErrorCode::conflict, "address in use: stop the other process"},
      {"no port", "127.0.0.1", ErrorCode::bad_input, "not an address: write 127.0.0.1:8080"},
      {"a name", "localhost:80", ErrorCode::bad_input, "not an address"},
      {"port too large", "127.0.0.1:65536", ErrorCode::bad_input, "not an address"},
      {"not this machine's", "192.0.2.1:8080", ErrorCode::bad_input, "not an address of this machine"},
      {"IPv6 without brackets", "::1:80", ErrorCode::bad_input, "not an address"},
      {"a file that is no socket", "unix:" + file, ErrorCode::conflict, "address in use"},
      {"no such directory", "unix:" + directory / "none/f.sock", ErrorCode::not_found, "no such directory"},
      {"path too long", "unix:/" + std::string(200, 'x'), ErrorCode::bad_input, "1 to 107 bytes"},
      {"no path", "unix:", ErrorCode::bad_input, "1 to 107 bytes"},
  };
  for (const auto& row : rows) {
    ServerConfig config;
    config.listen = row.listen;
    const auto server = Server::listen(other.io.executor(), config, {});
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_REQUIRE(!server.has_value());
      BOOST_TEST((server.error().code == row.code));
      BOOST_TEST(server.error().text.starts_with("listen on " + row.listen + ": "));
      BOOST_TEST(server.error().text.find(row.has) != std::string::npos, server.error().text);
      BOOST_TEST(server.error().text.find('\n') == std::string::npos);
    }
  }
  struct ::stat entry{};
  BOOST_TEST(::stat(file.c_str(), &entry) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
