// The client against a server that does what the row says: answers, limits, time, repeats, redirects,
// proxies.
#include "fanlight/net/client.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>

#include "fanlight/core/text.hpp"
#include "support/io_thread.hpp"
#include "support/raw_server.hpp"
#include "support/temp_dir.hpp"

using namespace fanlight;
using namespace fanlight::net;
using fanlight::test::IoThread;
using fanlight::test::RawServer;
using fanlight::test::RawSocket;
using fanlight::test::TempDir;
using std::chrono::milliseconds;

namespace {

// A resolver that hangs, as one does whose server is gone.
struct HangingLookup {
  std::mutex mutex;
  std::condition_variable changed;
  bool released = false;
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return released; });
  }
  void set(bool let_go) {
    const std::lock_guard lock(mutex);
    released = let_go;
    changed.notify_all();
  }
} hanging_lookup;

}  // namespace

// Stands before the C library's: names under .test are this machine, hanging.test does not answer.
extern "C" int getaddrinfo(const char* node, const char* service, const ::addrinfo* hints, ::addrinfo** out) {
  using Function = int(const char*, const char*, const ::addrinfo*, ::addrinfo**);
  static auto* real = reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  const std::string_view name = node != nullptr ? node : "";
  if (name == "hanging.test") hanging_lookup.wait();
  if (name == "unknown.test") return EAI_NONAME;
  return real(name.ends_with(".test") ? "127.0.0.1" : node, service, hints, out);
}

namespace {

constexpr const char* secret = "s3cr3t-value";

struct Caller {
  explicit Caller(ClientConfig config = {}) {
    auto made = Client::make(io.executor(), std::move(config), random);
    BOOST_REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().text));
    client = std::move(*made);
  }
  ~Caller() {
    io.halt();
    client.reset();
  }
  static Exchange make(std::string url, std::string method = "GET", std::string body = {}) {
    Exchange exchange;
    exchange.url = std::move(url);
    exchange.request.method = std::move(method);
    exchange.request.body = std::move(body);
    exchange.retry.attempts_max = 1;
    exchange.retry.base = milliseconds(1);
    return exchange;
  }
  Result<Response> send(Exchange exchange, milliseconds limit = milliseconds(20'000)) {
    auto result = io.run(client->send(std::move(exchange), Deadline::after(limit)));
    if (!result) {
      BOOST_TEST(result.error().text.find(secret) == std::string::npos, result.error().text);
      BOOST_TEST(result.error().text.find('\n') == std::string::npos, result.error().text);
    }
    return result;
  }
  Result<Response> get(std::string url) { return send(make(std::move(url))); }

  SeededRandom random{7};
  IoThread io;
  std::unique_ptr<Client> client;
};

std::string answer(std::string_view status, std::string_view body, std::string_view extra = "") {
  return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(extra) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(net_client)

BOOST_AUTO_TEST_CASE(answers_and_what_becomes_of_them) {
  struct Row {
    const char* name;
    std::string bytes;
    unsigned status;  // 0: an error
    std::string body;
    ErrorCode code = ErrorCode::internal;
    const char* has = "";
  };
  const std::string closed = "closed the connection before the answer was complete";
  const Row rows[] = {
      {"counted", answer("200 OK", "hello"), 200, "hello"},
      {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
       200, "hello"},
      {"until close", "HTTP/1.1 200 OK\r\n\r\nhello", 200, "hello"},
      {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nhello", 200, "hello"},
      {"no reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, ""},
      {"error status is an answer", answer("404 Not Found", "no"), 404, "no"},
      {"no content", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, ""},
      {"early hints first", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer("200 OK", "hello"), 200,
       "hello"},
      {"one under the limit", answer("200 OK", std::string(99, 'a')), 200, std::string(99, 'a')},
      {"at the limit", answer("200 OK", std::string(100, 'a')), 200, std::string(100, 'a')},
      {"one over the limit", answer("200 OK", std::string(101, 'a')), 0, "", ErrorCode::too_large,
       "over 100 bytes"},
      {"chunks over the limit", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n", 0, "",
       ErrorCode::too_large, "over 100 bytes"},
      {"until close over the limit", "HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'a'), 0, "",
       ErrorCode::too_large, "over 100 bytes"},
      {"endless header", "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x'), 0, "", ErrorCode::too_large,
       "header is over 65536 bytes"},
      {"truncated body", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", 0, "", ErrorCode::unavailable,
       closed.c_str()},
      {"truncated chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", 0, "",
       ErrorCode::unavailable, closed.c_str()},
      {"truncated header", "HTTP/1.1 200 OK\r\nContent-Le", 0, "", ErrorCode::unavailable, closed.c_str()},
      {"closed at once", "", 0, "", ErrorCode::unavailable, closed.c_str()},
      {"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", 0, "", ErrorCode::bad_input, "not well-formed HTTP/1.1"},
      {"length and chunked",
       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, "",
       ErrorCode::bad_input},
      {"unasked upgrade", "HTTP/1.1 101 Switching Protocols\r\n\r\n", 0, "", ErrorCode::bad_input},
  };
  ClientConfig config;
  config.body_bytes_max = 100;
  Caller caller(config);
  for (const auto& row : rows) {
    RawServer server(RawServer::answer_and_close(row.bytes));
    auto exchange = Caller::make(server.url("/path?token=" + std::string(secret)));
    exchange.request.headers.add("Authorization", "Bearer " + std::string(secret));
    const auto result = caller.send(std::move(exchange));
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST((result ? result->status : 0U) == row.status, (result ? "" : result.error().text));
      if (result) {
        BOOST_TEST(result->body == row.body);
        continue;
      }
      BOOST_TEST((result.error().code == row.code), result.error().text);
      BOOST_TEST(result.error().text.starts_with("GET " + server.url("/path") + ": "), result.error().text);
      BOOST_TEST(has(result.error().text, row.has), result.error().text);
    }
  }
}

BOOST_AUTO_TEST_CASE(request_as_it_goes_out) {
  RawServer server(RawServer::answer({answer("200 OK", "")}));
  Caller caller;
  auto exchange = Caller::make(server.url("/a%20b?c=d#fragment"), "POST", "body");
  exchange.request.headers.add("X-Own", "1");
  exchange.request.headers.add("Content-Length", "999");
  exchange.request.headers.add("Host", "elsewhere");
  BOOST_TEST(caller.send(std::move(exchange)).has_value());
  caller.send(Caller::make(server.url("/none"), "POST"));
  caller.send(Caller::make(server.url("/get")));
  const auto sent = server.requests();
  BOOST_TEST(sent.at(0) == "POST /a%20b?c=d HTTP/1.1\r\nHost: " + server.address() +
                               "\r\nUser-Agent: fanlight\r\nX-Own: 1\r\nContent-Length: 4\r\n\r\nbody");
  BOOST_TEST(has(sent.at(1), "Content-Length: 0\r\n"));
  BOOST_TEST(!has(sent.at(2), "Content-Length"));
  BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(requests_that_are_refused_before_they_are_sent) {
  RawServer server(RawServer::answer({answer("200 OK", "")}));
  Caller caller;
  auto value = Caller::make(server.url("/"));
  value.request.headers.add("X-A", std::string(secret) + "\r\nX-B: c");
  auto name = Caller::make(server.url("/"));
  name.request.headers.add("X-A: " + std::string(secret) + "\r\nX-B", "c");
  const Exchange refused[] = {
      value,
      name,
      Caller::make(server.url("/"), "GET / HTTP/1.1\r\nX:"),
      Caller::make(server.url("/"), ""),
      Caller::make(server.url("/a\r\nb")),
      Caller::make("http://user:" + std::string(secret) + "@" + server.address() + "/")};
  for (const auto& exchange : refused) {
    const auto result = caller.send(exchange);
    BOOST_REQUIRE(!result.has_value());
    BOOST_TEST((result.error().code == ErrorCode::bad_input), result.error().text);
  }
  BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(connections_are_kept_and_bounded) {
  std::atomic<int> at_once = 0, most = 0;
  RawServer server([&](RawServer::Connection& connection) {
    most = std::max<int>(most, ++at_once);
    while (!connection.read_request().empty()) connection.send(answer("200 OK", "x"));
    --at_once;
  });
  ClientConfig config;
  config.connections_per_origin_max = 2;
  Caller caller(config);
  std::vector<std::future<Result<Response>>> all;
  for (int i = 0; i < 20; ++i)
    all.push_back(caller.io.start(
        caller.client->send(Caller::make(server.url("/")), Deadline::after(std::chrono::seconds(20)))));
  for (auto& one : all) BOOST_TEST(one.get().has_value());
  BOOST_TEST(most <= 2);
  BOOST_TEST(server.connections() <= 2U);
  BOOST_TEST(server.requests().size() == 20U);
}

BOOST_AUTO_TEST_CASE(kept_connection_that_was_closed_is_replaced_once) {
  // The second request of each connection is read and not answered.
  const auto script = [](RawServer::Connection& connection) {
    connection.read_request();
    connection.send(answer("200 OK", "x"));
    connection.read_request();
  };
  struct Row {
    const char *name, *method;
    bool repeatable, works;
  };
  const Row rows[] = {{"GET is sent again", "GET", false, true},
                      {"POST is not", "POST", false, false},
                      {"POST that may be repeated is", "POST", true, true}};
  for (const auto& row : rows) {
    RawServer server(script);
    Caller caller;
    BOOST_TEST(caller.get(server.url("/first")).has_value());
    auto exchange = Caller::make(server.url("/second"), row.method);
    exchange.repeatable = row.repeatable;
    const auto result = caller.send(std::move(exchange));
    BOOST_TEST(result.has_value() == row.works, row.name);
    BOOST_TEST(server.connections() == (row.works ? 2U : 1U), row.name);
    if (!result) BOOST_TEST((result.error().code == ErrorCode::unavailable));
  }
}

BOOST_AUTO_TEST_CASE(time_limits) {
  // A listener that is full: the kernel drops further connection requests.
  RawSocket full(::socket(AF_INET, SOCK_STREAM, 0));
  ::sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::socklen_t size = sizeof name;
  BOOST_REQUIRE(::bind(full.fd(), reinterpret_cast<::sockaddr*>(&name), size) == 0);
  BOOST_REQUIRE(::listen(full.fd(), 0) == 0);
  ::getsockname(full.fd(), reinterpret_cast<::sockaddr*>(&name), &size);
  const auto full_url = "http://127.0.0.1:" + std::to_string(ntohs(name.sin_port)) + "/";
  const RawSocket occupant = RawSocket::connect(full_url.substr(7, full_url.size() - 8));

  RawServer silent([](RawServer::Connection& connection) {
    while (!connection.read_request().empty()) continue;
  });
  RawServer stalls([](RawServer::Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello");
    connection.read_request();
  });
  ClientConfig patient, hasty, idle;
  hasty.connect_ms = milliseconds(60);
  idle.read_idle_ms = milliseconds(60);
  struct Row {
    const char* name;
    std::string url;
    ClientConfig config;
    milliseconds limit;
    const char* has;
  };
  const milliseconds soon(60), late(20'000);
  const Row rows[] = {
      {"name look-up, deadline", "http://hanging.test/", patient, soon,
       "look up hanging.test: no answer in time"},
      {"name look-up, connect time", "http://hanging.test/", hasty, late,
       "look up hanging.test: no answer in time"},
      {"connect, deadline", full_url, patient, soon, "connect to 127.0.0.1"},
      {"connect, connect time", full_url, hasty, late, "connect to 127.0.0.1"},
      {"TLS with a silent server", "https://" + silent.address() + "/", hasty, late,
       "TLS handshake: no answer in time"},
      {"silent server, deadline", silent.url("/"), patient, soon, "no answer by the deadline"},
      {"silent server, idle time", silent.url("/"), idle, late, "silent for 60 ms"},
      {"stalled body, deadline", stalls.url("/"), patient, soon, "no answer by the deadline"},
      {"stalled body, idle time", stalls.url("/"), idle, late, "silent for 60 ms"},
  };
  for (const auto& row : rows) {
    hanging_lookup.set(false);
    Caller caller(row.config);
    const auto started = std::chrono::steady_clock::now();
    const auto result = caller.send(Caller::make(row.url), row.limit);
    const auto took = std::chrono::steady_clock::now() - started;
    // The resolver's thread ends with the client's context, so it has to be let go.
    if (row.url.find("hanging") != std::string::npos) hanging_lookup.set(true);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_REQUIRE(!result.has_value());
      BOOST_TEST((result.error().code == ErrorCode::timeout), result.error().text);
      BOOST_TEST(has(result.error().text, row.has), result.error().text);
      BOOST_TEST((took < std::chrono::seconds(8)));
    }
  }
}

BOOST_AUTO_TEST_CASE(deadline_covers_waiting_for_a_connection) {
  RawServer silent([](RawServer::Connection& connection) {
    connection.read_request();
    connection.read_request();
  });
  ClientConfig config;
  config.connections_per_origin_max = 1;
  Caller caller(config);
  auto first =
      caller.io.start(caller.client->send(Caller::make(silent.url("/")), Deadline::after(milliseconds(200))));
  const auto second = caller.send(Caller::make(silent.url("/")), milliseconds(60));
  BOOST_REQUIRE(!second.has_value());
  BOOST_TEST(has(second.error().text, "no free connection by the deadline"), second.error().text);
  BOOST_TEST(!first.get().has_value());
}

BOOST_AUTO_TEST_CASE(servers_that_cannot_be_reached) {
  Caller caller;
  const auto unknown = caller.get("http://unknown.test/");
  BOOST_REQUIRE(!unknown.has_value());
  BOOST_TEST((unknown.error().code == ErrorCode::unavailable));
  BOOST_TEST(has(unknown.error().text, "GET http://unknown.test/: look up unknown.test: "),
             unknown.error().text);
  unsigned port = 0;
  {
    RawServer gone(RawServer::answer({}));
    port = gone.port();
  }
  const auto refused = caller.get("http://127.0.0.1:" + std::to_string(port) + "/");
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == ErrorCode::unavailable));
  BOOST_TEST(has(refused.error().text, "refused"), refused.error().text);
  TempDir directory;
  const auto no_socket = caller.get("unix:" + directory / "none.sock:/x");
  BOOST_TEST((!no_socket && no_socket.error().code == ErrorCode::unavailable));
}

BOOST_AUTO_TEST_CASE(retries) {
  struct Row {
    const char* name;
    std::vector<std::string> answers;
    const char* method;
    bool repeatable;
    unsigned attempts_max, status;
    std::size_t requests;
  };
  const auto busy = answer("503 Service Unavailable", ""), good = answer("200 OK", "");
  const auto limited = answer("429 Too Many Requests", "", "Retry-After: 0\r\n");
  const auto later = answer("503 Service Unavailable", "", "Retry-After: 100\r\n");
  const auto date =
      answer("503 Service Unavailable", "",
             "Date: Sun, 06 Nov 1994 08:49:30 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:51:37 GMT\r\n");
  const Row rows[] = {
      {"busy, then good", {busy, good}, "GET", false, 4, 200, 2},
      {"limited, then good", {limited, limited, good}, "GET", false, 4, 200, 3},
      {"502 and 504",
       {answer("502 Bad Gateway", ""), answer("504 Gateway Timeout", ""), good},
       "GET",
       false,
       4,
       200,
       3},
      {"always busy", {busy}, "GET", false, 3, 503, 3},
      {"one attempt", {busy, good}, "GET", false, 1, 503, 1},
      {"500 is final", {answer("500 Internal Server Error", ""), good}, "GET", false, 4, 500, 1},
      {"403 is final", {answer("403 Forbidden", "", "Retry-After: 0\r\n"), good}, "GET", false, 4, 403, 1},
      {"POST is not repeated", {busy, good}, "POST", false, 4, 503, 1},
      {"POST that may be repeated", {busy, good}, "POST", true, 4, 200, 2},
      {"PUT", {busy, good}, "PUT", false, 4, 200, 2},
      {"Retry-After past the deadline is not waited for", {later, good}, "GET", false, 4, 503, 1},
      {"nor is a date", {date, good}, "GET", false, 4, 503, 1},
  };
  for (const auto& row : rows) {
    RawServer server(RawServer::answer(row.answers));
    Caller caller;
    auto exchange = Caller::make(server.url("/"), row.method);
    exchange.repeatable = row.repeatable;
    exchange.retry.attempts_max = row.attempts_max;
    const auto started = std::chrono::steady_clock::now();
    const auto result = caller.send(std::move(exchange));
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST((result ? result->status : 0U) == row.status);
      BOOST_TEST(server.requests().size() == row.requests);
      BOOST_TEST((std::chrono::steady_clock::now() - started < std::chrono::seconds(10)));
    }
  }
  RawServer dropping([](RawServer::Connection& connection) {
    connection.read_request();
    if (connection.number == 3) connection.send(answer("200 OK", ""));
  });
  Caller caller;
  auto exchange = Caller::make(dropping.url("/"));
  exchange.retry.attempts_max = 4;
  BOOST_TEST(caller.send(std::move(exchange)).has_value());
  BOOST_TEST(dropping.connections() == 3U);
}

BOOST_AUTO_TEST_CASE(redirects_drop_what_may_be_a_credential) {
  RawServer other(RawServer::answer({answer("200 OK", "there")}));
  const auto to = [](std::string_view location) {
    return answer("302 Found", "", "Location: " + std::string(location) + "\r\n");
  };
  struct Row {
    const char* name;
    std::vector<std::string> answers;
    const char* method;
    unsigned status;  // 0: an error
    bool secret_arrives;
    const char* has = "";
  };
  const Row rows[] = {
      {"same origin keeps them", {to("/two"), answer("200 OK", "here")}, "GET", 200, true},
      {"another origin", {to(other.url("/x"))}, "GET", 200, false},
      {"POST is not redirected", {to("/two"), answer("200 OK", "here")}, "POST", 302, true},
      {"loop", {to("/again")}, "GET", 0, true, "redirected more than 3 times"},
      {"other scheme", {to("unix:/run/docker.sock:/x")}, "GET", 0, true, "scheme is not http or https"},
      {"with credentials", {to("http://u:p@127.0.0.1/")}, "GET", 0, true, "URL with credentials"},
      {"no location", {answer("302 Found", "")}, "GET", 302, true},
  };
  for (const auto& row : rows) {
    RawServer server(RawServer::answer(row.answers));
    Caller caller;
    auto exchange = Caller::make(server.url("/one"), row.method);
    exchange.request.headers.add("Authorization", "Bearer " + std::string(secret));
    exchange.request.headers.add("PRIVATE-TOKEN", secret);
    exchange.request.headers.add("Accept", "text/x-diff");
    const auto result = caller.send(std::move(exchange));
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST((result ? result->status : 0U) == row.status, (result ? "" : result.error().text));
      if (!result) BOOST_TEST(has(result.error().text, row.has), result.error().text);
      const auto last = row.secret_arrives ? server.requests().back() : other.requests().back();
      BOOST_TEST(has(last, secret) == row.secret_arrives);
      BOOST_TEST(has(last, "Accept: text/x-diff\r\n"));
    }
  }
  ClientConfig config;
  config.redirects_max = 0;
  RawServer server(RawServer::answer({to("/two")}));
  BOOST_TEST(Caller(config).get(server.url("/"))->status == 302U);
}

BOOST_AUTO_TEST_CASE(http_proxy_gets_the_whole_address) {
  RawServer proxy(RawServer::answer({answer("200 OK", "through")}));
  RawServer direct(RawServer::answer({answer("200 OK", "direct")}));
  ClientConfig config;
  config.http_proxy = "http://user:p%40ss@" + proxy.address();
  config.no_proxy = "127.0.0.1";
  Caller caller(config);
  BOOST_TEST(caller.get("http://inner.test/a?b")->body == "through");
  BOOST_TEST(caller.get("http://other.test/")->body == "through");
  BOOST_TEST(caller.get(direct.url("/"))->body == "direct");
  BOOST_TEST(
      proxy.requests().at(0).starts_with("GET http://inner.test/a?b HTTP/1.1\r\nHost: inner.test\r\n"));
  BOOST_TEST(has(proxy.requests().at(0), "Proxy-Authorization: Basic dXNlcjpwQHNz\r\n"));
  BOOST_TEST(!has(direct.requests().at(0), "Proxy-Authorization"));
  BOOST_TEST(proxy.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(proxy_that_refuses_the_tunnel) {
  struct Row {
    const char* answer;
    ErrorCode code;
    const char* has;
  };
  const Row rows[] = {
      {"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", ErrorCode::unauthenticated,
       "put user:password@"},
      {"HTTP/1.1 403 Forbidden\r\n\r\n", ErrorCode::forbidden, "the proxy answered 403"},
      {"HTTP/1.1 502 Bad Gateway\r\n\r\n", ErrorCode::unavailable, "the proxy answered 502"},
      {"HTTP/1.1 200 OK\r\n\r\nearly", ErrorCode::unavailable, "before the tunnel was used"},
      {"SSH-2.0\r\n\r\n", ErrorCode::unavailable, "did not answer in HTTP"},
      {"", ErrorCode::unavailable, "did not answer in HTTP"},
  };
  for (const auto& row : rows) {
    RawServer proxy(RawServer::answer_and_close(row.answer));
    ClientConfig config;
    config.https_proxy = "http://user:" + std::string(secret) + "@" + proxy.address();
    const auto result = Caller(config).get("https://inner.test/");
    BOOST_REQUIRE(!result.has_value());
    BOOST_TEST((result.error().code == row.code), result.error().text);
    BOOST_TEST(has(result.error().text, row.has), result.error().text);
    BOOST_TEST(
        proxy.requests().at(0).starts_with("CONNECT inner.test:443 HTTP/1.1\r\nHost: inner.test:443\r\n"));
  }
}

BOOST_AUTO_TEST_CASE(configurations_that_are_refused) {
  IoThread io;
  SeededRandom random(1);
  TempDir directory;
  ClientConfig proxy, missing, empty, agent;
  proxy.https_proxy = "socks5://localhost:1080";
  missing.ca_file = directory / "none.pem";
  empty.ca_file = directory.write("empty.pem", "nothing");
  agent.user_agent = "a\r\nb";
  const std::pair<ClientConfig, std::string> rows[] = {{proxy, "https_proxy: not an HTTP proxy"},
                                                       {missing, "No such file or directory"},
                                                       {empty, "read CA certificates: " + empty.ca_file},
                                                       {agent, "user_agent: "}};
  for (const auto& [config, text] : rows) {
    const auto made = Client::make(io.executor(), config, random);
    BOOST_REQUIRE(!made.has_value());
    BOOST_TEST(has(made.error().text, text), made.error().text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
