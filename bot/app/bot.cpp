// Wiring: who is made from what, and in which order it ends. Main's thread is the one io thread; the store
// has a pool of one (SQLite has one writer), scanning has the rest.
#include "fanlight/app/bot.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

#include "fanlight/app/intake.hpp"
#include "fanlight/app/pages.hpp"
#include "fanlight/app/parsers.hpp"
#include "fanlight/app/status_routes.hpp"
#include "fanlight/app/worker.hpp"
#include "fanlight/core/log.hpp"
#include "fanlight/detect/rule.hpp"
#include "fanlight/host/git_fetch.hpp"

namespace fanlight::app {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds server_drain_time{10'000};
constexpr std::chrono::minutes prune_every{60};
constexpr std::chrono::seconds stop_check{1};

// Keys and tokens live in this process: no core file, and no other process of the same user may read its
// memory.
void refuse_core_dumps() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

Result<std::unique_ptr<store::Store>> open_store(const Config& config) {
  if (config.memory_store) return store::make_memory_store();
  std::error_code error;
  std::filesystem::create_directories(config.data_dir, error);
  if (error) return fail(ErrorCode::io, "data_dir " + config.data_dir + ": " + error.message());
  chmod(config.data_dir.c_str(), 0700);
  return store::open_sqlite_store(config.data_dir + "/fanlight.db");
}

Result<std::map<std::string, std::unique_ptr<host::Host>>> make_hosts(const Config& config,
                                                                      net::Client& client, Executor executor,
                                                                      Clock& clock, Random& random,
                                                                      asio::thread_pool& git_pool) {
  std::map<std::string, std::unique_ptr<host::Host>> out;
  if (config.github) {
    auto made = host::make_github(*config.github, client, clock, random, diff_parser(),
                                  host::git_fetch_on(git_pool), host::git_tree_fetch_on(git_pool));
    if (!made) return std::unexpected(made.error());
    out.emplace(config.github->name, std::move(*made));
  }
  if (config.git) {
    auto made = host::make_git(*config.git, executor, clock, diff_parser());
    if (!made) return std::unexpected(made.error());
    out.emplace(config.git->name, std::move(*made));
  }
  return out;
}

std::string public_url(const Config& config, const std::string& address) {
  std::string url = config.public_url;
  if (url.empty()) url = (config.tls_certificate_file.empty() ? "http://" : "https://") + address;
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Task<> prune_now_and_then(Services& services) {
  co_await asio::this_coro::throw_if_cancelled(false);
  store::Store& store = services.store;
  TimePoint next = services.clock.now();
  while (!services.stopping) {
    if (const TimePoint now = services.clock.now(); now >= next) {
      next = now + prune_every;
      auto pruning = on_pool(services.store_pool,
                             [&store, before = now - services.config.keep] { return store.prune(before); });
      const auto pruned = co_await std::move(pruning);
      if (!pruned) log::warn("old records not pruned", {{"error", pruned.error().text}});
      if (pruned && *pruned) log::info("old records pruned", {{"rows", *pruned}});
    }
    auto waiting = sleep_for(stop_check);
    co_await std::move(waiting);
  }
}

Task<> obey_signals(Services& services, net::Server& server) {
  asio::signal_set signals(co_await asio::this_coro::executor, SIGINT, SIGTERM, SIGHUP);
  while (!services.stopping) {
    boost::system::error_code error;
    auto waiting = signals.async_wait(asio::redirect_error(asio::use_awaitable, error));
    const int signal = co_await std::move(waiting);
    if (error) co_return;
    if (signal == SIGHUP) {
      const auto reloaded = server.reload_certificate();
      if (reloaded) log::info("certificate reloaded");
      if (!reloaded)
        log::error("certificate not reloaded, the old one stays", {{"error", reloaded.error().text}});
      continue;
    }
    log::info("stopping", {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}});
    services.stopping = true;
  }
  server.stop();
  services.job_arrived.notify();
}

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

}  // namespace

Result<void> run_bot(const Config& given, std::function<void(const std::string&)> started) {
  refuse_core_dumps();
  log::init(given.log_level, given.log_format);
  std::signal(SIGPIPE, SIG_IGN);
  SystemClock clock;
  SystemRandom random;
  Config config = given;

  auto opened = open_store(config);
  if (!opened) return std::unexpected(opened.error());
  const std::unique_ptr<store::Store> store = std::move(*opened);
  auto key = load_or_make_key(config, random);
  if (!key) return std::unexpected(key.error());
  config.key = *key;
  auto engine = detect::Engine::make(detect::builtin_rules());
  if (!engine) return std::unexpected(engine.error());
  Scanner scanner(*engine, config.key);
  if (!config.rules.empty()) {
    auto extended = scanner.with_rules(config.rules);
    if (!extended) return std::unexpected(extended.error());
    scanner = std::move(*extended);
  }

  asio::io_context io(1);
  net::ClientConfig client_config = net::client_config_from_environment();
  client_config.ca_file = config.ca_file;
  auto client = net::Client::make(io.get_executor(), client_config, random);
  if (!client) return std::unexpected(client.error());
  // A whole repository must not keep a diff waiting.
  asio::thread_pool git_pool(2);
  auto hosts = make_hosts(config, **client, io.get_executor(), clock, random, git_pool);
  if (!hosts) return std::unexpected(hosts.error());

  Metrics metrics;
  store::IntakeBatcher batcher(*store, clock);
  asio::thread_pool store_pool(1);
  const unsigned cores = std::max(2u, std::thread::hardware_concurrency());
  asio::thread_pool scan_pool(config.scan_threads ? config.scan_threads : cores - 1);
  Signal job_arrived(io.get_executor());
  Services services{config,  clock,      random,    *store, batcher,     scanner,
                    metrics, store_pool, scan_pool, *hosts, job_arrived, ""};

  std::vector<net::Route> routes = intake_routes(services);
  append(routes, page_routes(services));
  append(routes, status_routes(services));
  net::ServerConfig server_config{config.listen, config.tls_certificate_file, config.tls_key_file, {}};
  auto server = net::Server::listen(io.get_executor(), std::move(server_config), std::move(routes));
  if (!server) return std::unexpected(server.error());
  services.public_url = public_url(config, (*server)->address());

  auto serving = [](Services& s, net::Server& http) -> Task<> {
    co_await asio::this_coro::throw_if_cancelled(false);
    TaskGroup tasks(co_await asio::this_coro::executor);
    tasks.spawn("server", http.run());
    tasks.spawn("worker", work(s));
    tasks.spawn("pruning", prune_now_and_then(s));
    tasks.spawn("signals", obey_signals(s, http));
    auto running = tasks.join(Deadline::never());
    co_await std::move(running);
    auto draining = http.drain(Deadline::after(server_drain_time));
    if (!co_await std::move(draining)) log::warn("connections cut off at the end");
  };
  for (const auto& [name, host] : *hosts)
    log::info("host configured", {{"name", name}, {"as", host->describe()}});
  log::info("fanlight started", {{"address", (*server)->address()},
                                 {"url", services.public_url},
                                 {"rules", scanner.engine().rules().size()}});
  std::exception_ptr failure;
  asio::co_spawn(io, serving(services, **server), [&](std::exception_ptr e) {
    failure = e;
    io.stop();
  });
  started((*server)->address());
  io.run();
  batcher.stop();
  store_pool.join();
  scan_pool.join();
  git_pool.join();
  if (failure) std::rethrow_exception(failure);
  log::info("fanlight stopped");
  return {};
}

}  // namespace fanlight::app
