#include "world.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <stdexcept>

#include "fanlight/detect/diff_parser.hpp"

namespace fanlight::contract {
namespace {

std::string address(const char* name) {
  const char* value = std::getenv(name);
  if (!value)
    throw std::runtime_error(fmt::format("{} is not set: start this with tests/contract/run", name));
  return value;
}

}  // namespace

World::World() : api_(address("FANLIGHT_CONTRACT_API")), control_(address("FANLIGHT_CONTRACT_CONTROL")) {
  auto made = net::Client::make(io_.get_executor(), {}, random_);
  if (!made) throw std::runtime_error(made.error().text);
  client_ = *std::move(made);
  control("reset");
  webhook_secret = std::string(control("credentials").root()["webhook_secret"].text());
}

host::JsonDocument World::control(std::string_view command, const std::string& body) {
  net::Exchange exchange;
  exchange.url = fmt::format("{}/{}", control_, command);
  exchange.request.method = "POST";
  exchange.request.body = body;
  auto response = run(client_->send(std::move(exchange), Deadline::after(std::chrono::seconds(60))));
  if (!response) throw std::runtime_error(response.error().text);
  if (response->status != 200) throw std::runtime_error(fmt::format("fake: {}: {}", command, response->body));
  auto document = host::JsonDocument::parse(response->body);
  if (!document) throw std::runtime_error(document.error().text);
  return *std::move(document);
}

std::vector<std::string> World::requests() {
  const auto answer = control("requests");
  std::vector<std::string> list;
  for (std::size_t i = 0; i < answer.root().size(); ++i) {
    const auto item = answer.root()[i];
    list.push_back(
        fmt::format("{} {} {}", item["method"].text(), item["path"].text(), item["status"].integer()));
    BOOST_TEST(item["version"].text() == "2022-11-28");
    BOOST_TEST(!item["agent"].text().empty());
  }
  return list;
}

std::unique_ptr<host::Host> World::host(As as, host::GitFetch git_fetch, host::GitTreeFetch git_tree) {
  const auto credentials = control("credentials");
  host::GithubConfig config;
  config.api_url = api_;
  config.web_url = "https://github.example.org";
  config.webhook_secret = Secret(webhook_secret);
  config.lag = std::chrono::milliseconds(1);
  if (as == As::enterprise) config.api_url = control_.substr(0, control_.rfind('/')) + "/api/v3/";
  if (as != As::user) {
    config.app_id = std::string(credentials.root()["app_id"].text());
    config.app_private_key = Secret(std::string(credentials.root()["private_key"].text()));
  } else {
    config.token = Secret(std::string(credentials.root()["token"].text()));
    config.bot_login = std::string(credentials.root()["user_login"].text());
  }
  host::DiffParser parser;
  parser.diff = [](std::string text) { return detect::parse_diff(std::move(text)); };
  parser.hunks = [](std::shared_ptr<const std::string> patch, std::string_view path) {
    return detect::parse_hunks(patch, path);
  };
  auto made = host::make_github(std::move(config), *client_, clock_, random_, std::move(parser),
                                std::move(git_fetch), std::move(git_tree));
  if (!made) throw std::runtime_error(made.error().text);
  return *std::move(made);
}

ChangeRef change_ref(std::uint64_t number) {
  return {"github", "acme/api", number, "", "77"};
}

Event event_for(const ChangeRef& ref) {
  Event event;
  event.type = EventType::change_updated;
  event.change = ref;
  return event;
}

Deadline soon() {
  return Deadline::after(std::chrono::seconds(120));
}

Snapshot fetch(World& world, host::Host& host, std::uint64_t number, host::FetchLimits limits) {
  auto snapshot = world.run(host.fetch(event_for(change_ref(number)), {".fanlight.yml"}, limits, soon()));
  if (!snapshot) throw std::runtime_error(snapshot.error().text);
  return *std::move(snapshot);
}

host::Applied apply(World& world, host::Host& host, const Snapshot& snapshot, Action action,
                    bool maybe_done) {
  auto applied = world.run(host.apply(snapshot.change, snapshot.diff, std::move(action), maybe_done, soon()));
  if (!applied) throw std::runtime_error(applied.error().text);
  return *std::move(applied);
}

std::string marker(const std::string& kind, const std::string& id) {
  return fmt::format("<!-- fanlight:{}:{} -->", kind, id);
}

InlineComment comment_at(const std::string& path, std::uint32_t line, const std::string& id) {
  InlineComment comment;
  comment.path = path;
  comment.line = line;
  comment.marker = marker("inline", id);
  comment.body = "Look here.\n" + comment.marker;
  return comment;
}

std::vector<std::string> paths(const Diff& diff) {
  std::vector<std::string> list;
  for (const FileDiff& file : diff.files) list.push_back(file.path());
  return list;
}

std::vector<std::string> lines(const Diff& diff, const std::string& path, LineKind kind) {
  std::vector<std::string> list;
  for (const FileDiff& file : diff.files) {
    if (file.path() != path) continue;
    for (const Hunk& hunk : file.hunks) {
      for (const DiffLine& line : hunk.lines) {
        if (line.kind == kind) list.emplace_back(line.text);
      }
    }
  }
  return list;
}

std::string quoted(std::string_view text) {
  host::JsonWriter json;
  json.text(text);
  return json.take();
}

}  // namespace fanlight::contract
