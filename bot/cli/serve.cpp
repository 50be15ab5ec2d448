// `fanlight serve`, `config check|schema` and `health`.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include "fanlight/app/bot.hpp"
#include "fanlight/app/config.hpp"
#include "fanlight/cli/cli.hpp"
#include "fanlight/coupling/change.hpp"
#include "fanlight/coupling/dependencies.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "fanlight/detect/rule.hpp"
#include "fanlight/net/client.hpp"
#include "options.hpp"

namespace fanlight::cli {

namespace {

std::vector<std::string_view> rule_ids() {
  std::vector<std::string_view> out;
  for (const auto& rule : detect::builtin_rules().rules) out.push_back(rule.id);
  for (const auto id : coupling::lexicon_rule_ids()) out.push_back(id);
  for (const auto& rule : coupling::dependency_rules()) out.push_back(rule.id);
  for (const auto& rule : coupling::change_rules()) out.push_back(rule.id);
  return out;
}

}  // namespace

int run_serve(const std::string& config_file) {
  auto config = app::read_config_file(config_file, rule_ids());
  if (!config) return complain(config.error());
  const auto ran = app::run_bot(*config, [](const std::string& address) {
    // For people and scripts that start it; logs go to standard error.
    fmt::print("listening on {}\n", address);
    std::fflush(stdout);
  });
  return ran ? exit_clean : complain(ran.error());
}

int run_config_check(const std::string& file) {
  auto config = app::read_config_file(file, rule_ids());
  if (!config) return complain(config.error());
  fmt::print("{}: nothing wrong\n", file);
  return exit_clean;
}

int run_config_schema(bool policy) {
  fmt::print("{}\n", policy ? policy::policy_schema() : app::config_schema());
  return exit_clean;
}

int run_health(const std::string& url) {
  boost::asio::io_context io(1);
  SystemRandom random;
  auto client = net::Client::make(io.get_executor(), {}, random);
  if (!client) return complain(client.error());
  std::optional<Result<net::Response>> answer;
  auto asking = [&]() -> Task<> {
    net::Exchange exchange;
    exchange.url = url;
    exchange.retry.attempts_max = 1;
    auto sending = (*client)->send(std::move(exchange), Deadline::after(std::chrono::seconds(5)));
    answer = co_await std::move(sending);
  };
  boost::asio::co_spawn(io, asking(), [&](std::exception_ptr) { io.stop(); });
  io.run();
  if (!answer) return exit_usage;
  if (!*answer) return complain(answer->error());
  if ((*answer)->status != 200) {
    return complain({ErrorCode::unavailable, fmt::format("health {}: answered {}", url, (*answer)->status)});
  }
  return exit_clean;
}

}  // namespace fanlight::cli
