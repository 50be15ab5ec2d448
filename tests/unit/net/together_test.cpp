// Client and server against each other: TLS with certificates made here, Unix sockets, the CONNECT tunnel,
// many requests at once.
#include <boost/test/unit_test.hpp>

#include "fanlight/core/text.hpp"
#include "fanlight/net/client.hpp"
#include "fanlight/net/server.hpp"
#include "support/certificates.hpp"
#include "support/io_thread.hpp"
#include "support/raw_server.hpp"
#include "support/temp_dir.hpp"

using namespace fanlight;
using namespace fanlight::net;
using fanlight::test::Certificate;
using fanlight::test::IoThread;
using fanlight::test::RawServer;
using fanlight::test::RawSocket;
using fanlight::test::TempDir;

namespace {

Task<Response> echo(Request request) {
  co_return make_response(200, std::move(request.body), "application/octet-stream");
}

Task<Response> tell_peer(Request request) {
  co_return make_response(200, request.peer);
}

struct Pair {
  explicit Pair(ServerConfig server_config = {}, ClientConfig client_config = {}) {
    if (server_config.listen.empty()) server_config.listen = "127.0.0.1:0";
    auto listening =
        Server::listen(io.executor(), std::move(server_config),
                       {{"POST", "/echo", 8 * 1024 * 1024, echo}, {"GET", "/peer", 0, tell_peer}});
    BOOST_REQUIRE_MESSAGE(listening.has_value(), (listening ? "" : listening.error().text));
    server = std::move(*listening);
    running = io.start(server->run());
    use(std::move(client_config));
  }
  ~Pair() {
    io.halt();
    client.reset();
    server.reset();
  }
  void use(ClientConfig config) {
    auto made = Client::make(io.executor(), std::move(config), random);
    BOOST_REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().text));
    io.call([&] { client = std::move(*made); });
  }
  Result<Response> send(std::string url, std::string method = "GET", std::string body = {}) {
    return start(std::move(url), std::move(method), std::move(body)).get();
  }
  std::future<Result<Response>> start(std::string url, std::string method, std::string body) {
    Exchange exchange;
    exchange.url = std::move(url);
    exchange.request.method = std::move(method);
    exchange.request.body = std::move(body);
    exchange.retry.attempts_max = 1;
    return io.start(client->send(std::move(exchange), Deadline::after(std::chrono::seconds(20))));
  }
  std::string port() const {
    const auto address = server->address();
    return address.substr(address.rfind(':') + 1);
  }

  SeededRandom random{7};
  IoThread io;
  std::unique_ptr<Server> server;
  std::unique_ptr<Client> client;
  std::future<void> running;
};

struct Authority {
  explicit Authority(const std::string& name = "Test CA") : ca(Certificate::make_authority(name)) {
    ca_file = directory.write("ca.pem", ca.certificate_pem());
  }
  // Replaces the server's files.
  ServerConfig install(const std::string& names) {
    const auto issued = ca.issue(names);
    ServerConfig config;
    config.tls_certificate_file = directory.write("server.pem", issued.certificate_pem());
    config.tls_key_file = directory.write("server.key", issued.key_pem());
    return config;
  }
  ClientConfig trusting() const {
    ClientConfig config;
    config.ca_file = ca_file;
    return config;
  }
  TempDir directory;
  Certificate ca;
  std::string ca_file;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(net_together)

BOOST_AUTO_TEST_CASE(certificates) {
  Authority authority, stranger("Other CA");
  struct Row {
    const char *name, *names, *host;
    bool known_ca;
    const char* refusal;  // empty: accepted
  };
  const Row rows[] = {
      {"name matches", "DNS:good.test", "good.test", true, ""},
      {"wildcard matches", "DNS:*.good.test", "a.good.test", true, ""},
      {"address matches", "IP:127.0.0.1", "127.0.0.1", true, ""},
      {"another name", "DNS:other.test", "good.test", true, "hostname mismatch"},
      {"partial wildcard", "DNS:g*.test", "good.test", true, "hostname mismatch"},
      {"name only, asked by address", "DNS:good.test", "127.0.0.1", true, "IP address mismatch"},
      {"unknown CA", "DNS:good.test", "good.test", false, "unable to get local issuer certificate"},
  };
  for (const auto& row : rows) {
    Pair pair(authority.install(row.names), (row.known_ca ? authority : stranger).trusting());
    const auto result =
        pair.send("https://" + std::string(row.host) + ":" + pair.port() + "/echo", "POST", "hello");
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(result.has_value() == (*row.refusal == '\0'), (result ? "" : result.error().text));
      if (result) {
        BOOST_TEST(result->body == "hello");
        continue;
      }
      BOOST_TEST((result.error().code == ErrorCode::unauthenticated));
      BOOST_TEST(result.error().text.find(row.refusal) != std::string::npos, result.error().text);
      BOOST_TEST(result.error().text.find("ca_file") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(sizes_over_tls_and_plain) {
  Authority authority;
  for (const bool tls : {false, true}) {
    Pair pair(tls ? authority.install("IP:127.0.0.1") : ServerConfig{}, authority.trusting());
    const auto url = std::string(tls ? "https" : "http") + "://127.0.0.1:" + pair.port() + "/echo";
    for (const std::size_t size : {0UL, 1UL, 14'000UL, 16'384UL, 65'536UL, 300'001UL, 8UL * 1024 * 1024}) {
      std::string body(size, '\0');
      for (std::size_t i = 0; i < size; ++i) body[i] = static_cast<char>(i * 31 + (i >> 8));
      const auto result = pair.send(url, "POST", body);
      BOOST_REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().text));
      BOOST_TEST((result->body == body), size);
    }
    const auto over = pair.send(url, "POST", std::string(8UL * 1024 * 1024 + 1, 'x'));
    BOOST_REQUIRE_MESSAGE(over.has_value(), (over ? "" : over.error().text));
    BOOST_TEST(over->status == 413U);
  }
}

BOOST_AUTO_TEST_CASE(reload_takes_a_new_certificate_and_keeps_the_old_one_on_error) {
  Authority authority;
  Pair pair(authority.install("DNS:first.test"), authority.trusting());
  const auto ask = [&](const std::string& host) {
    return pair.send("https://" + host + ":" + pair.port() + "/peer").has_value();
  };
  const auto reload = [&] { return pair.io.call([&] { return pair.server->reload_certificate(); }); };
  BOOST_TEST(ask("first.test"));
  authority.install("DNS:second.test");
  BOOST_TEST(reload().has_value());
  BOOST_TEST(ask("second.test"));
  BOOST_TEST(ask("first.test"), "the kept connection still works");

  const auto file = authority.directory.write("server.pem", "broken");
  const auto broken = reload();
  BOOST_REQUIRE(!broken.has_value());
  BOOST_TEST(
      broken.error().text.starts_with("keep the old certificate: read TLS certificate: " + file + ": "),
      broken.error().text);
  pair.use(authority.trusting());
  BOOST_TEST(ask("second.test"));

  authority.directory.write("server.pem", authority.ca.issue("DNS:third.test").certificate_pem());
  const auto unpaired = reload();
  BOOST_REQUIRE(!unpaired.has_value());
  BOOST_TEST(unpaired.error().text.find("read TLS key: ") != std::string::npos, unpaired.error().text);
  BOOST_TEST(ask("second.test"));
}

BOOST_AUTO_TEST_CASE(tls_client_that_says_nothing_or_plain_text_is_dropped) {
  Authority authority;
  auto config = authority.install("DNS:good.test");
  config.limits.header_ms = std::chrono::milliseconds(60);
  Pair pair(config, authority.trusting());
  auto silent = RawSocket::connect(pair.server->address());
  BOOST_TEST(silent.read_all() == "");
  auto plain = RawSocket::connect(pair.server->address());
  plain.send("GET /peer HTTP/1.1\r\nHost: x\r\n\r\n");
  BOOST_TEST(plain.read_all().find("HTTP/1.1") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(certificate_files_that_cannot_be_used) {
  Authority authority;
  IoThread io;
  auto missing = authority.install("DNS:good.test");
  auto half = missing, swapped = missing;
  missing.tls_certificate_file = authority.directory / "none.pem";
  half.tls_key_file.clear();
  std::swap(swapped.tls_certificate_file, swapped.tls_key_file);
  const std::pair<ServerConfig, const char*> rows[] = {{missing, "No such file or directory"},
                                                       {half, "give both files or neither"},
                                                       {swapped, "read TLS certificate: "}};
  for (auto [config, text] : rows) {
    config.listen = "127.0.0.1:0";
    const auto server = Server::listen(io.executor(), config, {});
    BOOST_REQUIRE(!server.has_value());
    BOOST_TEST(server.error().text.find(text) != std::string::npos, server.error().text);
  }
}

BOOST_AUTO_TEST_CASE(https_goes_through_the_tunnel_of_a_proxy) {
  Authority authority;
  Pair pair(authority.install("DNS:inner.test"), authority.trusting());
  RawServer proxy([&](RawServer::Connection& connection) {
    connection.read_request();
    auto inner = RawSocket::connect(pair.server->address());
    connection.send("HTTP/1.1 200 Connection established\r\n\r\n");
    connection.socket.pump(inner);
  });
  auto config = authority.trusting();
  config.https_proxy = "http://user:word@" + proxy.address();
  pair.use(config);
  for (int i = 0; i < 2; ++i) {
    const auto result = pair.send("https://inner.test:4443/echo", "POST", "hello");
    BOOST_REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().text));
    BOOST_TEST(result->body == "hello");
  }
  BOOST_TEST(proxy.requests().size() == 1U);
  BOOST_TEST(proxy.requests().at(0) ==
             "CONNECT inner.test:4443 HTTP/1.1\r\nHost: inner.test:4443\r\n"
             "Proxy-Authorization: Basic dXNlcjp3b3Jk\r\n\r\n");
  pair.use(authority.trusting());
}

BOOST_AUTO_TEST_CASE(unix_sockets_on_both_sides) {
  TempDir directory;
  ServerConfig config;
  config.listen = "unix:" + directory / "f.sock";
  Pair pair(config);
  const auto peer = pair.send(pair.server->address() + ":/peer");
  BOOST_REQUIRE_MESSAGE(peer.has_value(), (peer ? "" : peer.error().text));
  BOOST_TEST(peer->body == "unix");
  BOOST_TEST(pair.send(pair.server->address() + ":/echo", "POST", std::string(100'000, 'x'))->body.size() ==
             100'000U);
}

BOOST_AUTO_TEST_CASE(many_requests_at_once) {
  Authority authority;
  for (const bool tls : {false, true}) {
    Pair pair(tls ? authority.install("IP:127.0.0.1") : ServerConfig{}, authority.trusting());
    const auto url = std::string(tls ? "https" : "http") + "://127.0.0.1:" + pair.port() + "/echo";
    std::vector<std::future<Result<Response>>> all;
    for (int i = 0; i < 100; ++i)
      all.push_back(pair.start(url, "POST", std::to_string(i) + std::string(20'000, 'b')));
    for (int i = 0; i < 100; ++i) {
      const auto result = all[static_cast<std::size_t>(i)].get();
      BOOST_REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().text));
      BOOST_TEST(result->body.starts_with(std::to_string(i) + "b"));
    }
    pair.io.call([&] { pair.server->stop(); });
    BOOST_TEST(pair.io.run(pair.server->drain(Deadline::after(std::chrono::seconds(10)))));
  }
}

BOOST_AUTO_TEST_SUITE_END()
