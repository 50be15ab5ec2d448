// A change and a whole tree fetched by git over http, from git's own server program behind ours.
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>
#include <map>

#include "fanlight/host/git_fetch.hpp"
#include "fanlight/net/server.hpp"
#include "git_sandbox.hpp"
#include "support/io_thread.hpp"

namespace fanlight::host {
namespace {

using test::IoThread;

// git http-backend, asked as a web server asks it.
net::Response backend(const std::string& root, const net::Request& request) {
  const std::size_t mark = request.target.find('?');
  ProcessRun run{
      .argv = {"git", "http-backend"},
      .environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM=1", "HOME=/nonexistent",
                      "GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "REQUEST_METHOD=" + request.method,
                      "PATH_INFO=" + std::string(request.path()),
                      "QUERY_STRING=" + (mark == std::string::npos ? "" : request.target.substr(mark + 1)),
                      "CONTENT_TYPE=" + std::string(request.headers.get("Content-Type")),
                      "HTTP_CONTENT_ENCODING=" + std::string(request.headers.get("Content-Encoding")),
                      "GIT_PROTOCOL=" + std::string(request.headers.get("Git-Protocol"))},
      .input = request.body,
      .output_bytes_max = 16 * 1024 * 1024};
  auto done = run_process(run, soon());
  if (!done) return net::make_response(500, done.error().text);
  const std::size_t end = done->output.find("\r\n\r\n");
  if (end == std::string::npos) return net::make_response(500, done->error_line);
  unsigned status = 200;
  std::string type;
  for (std::string_view line : split_lines(std::string_view(done->output).substr(0, end))) {
    line = trim(line);
    if (line.starts_with("Status: ")) status = static_cast<unsigned>(std::stoul(std::string(line.substr(8))));
    if (line.starts_with("Content-Type: ")) type = line.substr(14);
  }
  return net::make_response(status, done->output.substr(end + 4), type);
}

struct Remote {
  GitSandbox sandbox;
  IoThread io,
      client;  // a pool's thread lets go of the client's a moment after the answer: the pool ends first
  std::unique_ptr<net::Server> server;
  std::future<void> running;
  boost::asio::thread_pool pool{1};
  std::string base, head, authorization;

  Remote() {
    sandbox.git("", {"init", "--quiet", "work"});
    base = sandbox.commit("work", "modules/a/main.tf", "x = 1\n");
    sandbox.commit("work", "gone.txt", "only in history\n");
    sandbox.git("work", {"rm", "--quiet", "gone.txt"});
    sandbox.write("work/big.bin", std::string(3'000, 'x'));
    head = sandbox.commit("work", "modules/a/main.tf", "x = 2\n");
    sandbox.git("", {"clone", "--quiet", "--bare", "work", "acme/api.git"});
    sandbox.git("acme/api.git", {"update-ref", "refs/pull/1/head", head});
    sandbox.git("acme/api.git", {"config", "uploadpack.allowReachableSHA1InWant", "true"});
    const auto answer = [this](net::Request request) -> Task<net::Response> {
      authorization = request.headers.get("Authorization");
      co_return backend(sandbox.path(""), request);
    };
    net::ServerConfig config;
    config.listen = "127.0.0.1:0";
    auto listening =
        net::Server::listen(io.executor(), std::move(config),
                            {{"GET", "/acme/*", 0, answer}, {"POST", "/acme/*", 1024 * 1024, answer}});
    BOOST_REQUIRE_MESSAGE(listening, (listening ? "" : listening.error().text));
    server = std::move(*listening);
    running = io.start(server->run());
  }
  ~Remote() {
    pool.join();
    io.halt();
    server.reset();
  }

  GitFetchRequest request() const {
    GitFetchRequest out;
    out.url = "http://" + server->address() + "/acme/api.git";
    out.authorization = Secret("Basic bm9ib2R5Om5vdGhpbmc=");
    out.head_ref = "refs/pull/1/head";
    out.base_sha = base;
    out.head_sha = head;
    out.diff_bytes_max = 1024 * 1024;
    return out;
  }
  template <class T>
  T fetch(Task<T> task) {
    return client.run(std::move(task));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(git_remote, Remote)

BOOST_AUTO_TEST_CASE(a_diff_is_fetched) {
  auto diff = fetch(git_fetch_on(pool)(request(), soon()));
  BOOST_REQUIRE_MESSAGE(diff, diff.error().text);
  BOOST_TEST(diff->find("+x = 2") != std::string::npos);
  BOOST_TEST(authorization == "Basic bm9ib2R5Om5vdGhpbmc=");
}

BOOST_AUTO_TEST_CASE(a_tree_is_fetched_within_its_limits) {
  auto tree = fetch(git_tree_fetch_on(pool)(request(), {}, soon()));
  BOOST_REQUIRE_MESSAGE(tree, tree.error().text);
  BOOST_TEST(tree->paths == (std::vector<std::string>{"big.bin", "modules/a/main.tf"}),
             boost::test_tools::per_element());
  BOOST_TEST(tree->texts.at("modules/a/main.tf") == "x = 2\n");
  BOOST_TEST(tree->texts.size() == 2u);

  TreeLimits limits;
  limits.file_bytes_max = 2'999;
  tree = fetch(git_tree_fetch_on(pool)(request(), limits, soon()));
  BOOST_REQUIRE_MESSAGE(tree, tree.error().text);
  BOOST_TEST(tree->paths.size() == 2u);
  BOOST_TEST(!tree->texts.contains("big.bin"));
  limits.files_max = 1;
  tree = fetch(git_tree_fetch_on(pool)(request(), limits, soon()));
  BOOST_REQUIRE(!tree.has_value());
  BOOST_TEST((tree.error().code == ErrorCode::too_large));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_fetched_is_one_line_without_the_secret) {
  const std::string secret(request().authorization.reveal());
  const auto refused = [&](GitFetchRequest asked) {
    auto tree = fetch(git_tree_fetch_on(pool)(std::move(asked), {}, soon()));
    BOOST_REQUIRE(!tree.has_value());
    BOOST_TEST(tree.error().text.find(secret) == std::string::npos);
    BOOST_TEST(tree.error().text.find('\n') == std::string::npos);
    return tree.error().code;
  };
  GitFetchRequest none = request();
  none.head_sha = std::string(40, '1');
  BOOST_TEST((refused(none) == ErrorCode::unavailable));
  GitFetchRequest elsewhere = request();
  elsewhere.url = "file://" + sandbox.path("acme/api.git");
  BOOST_TEST((refused(elsewhere) == ErrorCode::unsupported));
  GitFetchRequest option = request();
  option.head_sha = "--upload-pack=true";
  BOOST_TEST((refused(option) == ErrorCode::bad_input));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::host
