#include "github/github.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fanlight/core/text.hpp"
#include "github/media.hpp"
#include "json.hpp"

namespace fanlight::host::github {
namespace {

constexpr std::size_t patches_kept_bytes_max = 4 * 1024 * 1024;

DriverConfig driver_config(const GithubConfig& config) {
  DriverConfig driver;
  driver.name = config.name;
  driver.base_url = config.api_url;
  driver.headers = {{"X-GitHub-Api-Version", "2022-11-28"}};
  driver.lag = config.lag;
  return driver;
}

// "https://api.github.com", "http://127.0.0.1:4010/api/v3"; no user, query or fragment.
bool is_base_url(std::string_view url) {
  const bool scheme = url.starts_with("https://") || url.starts_with("http://");
  const auto host = url.substr(std::min(url.size(), url.find("://") + 3));
  return scheme && !host.empty() && !host.starts_with('/') && !host.starts_with(':') &&
         url.find_first_of(" @?#\\\r\n\t") == std::string_view::npos;
}

bool is_login(std::string_view login) {
  return !login.empty() && login.size() <= 100 &&
         login.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_[].") ==
             std::string_view::npos;
}

Result<void> check(const GithubConfig& config, const DiffParser& parser) {
  const auto refuse = [&](std::string_view key, std::string_view why) -> Result<void> {
    return fail(ErrorCode::bad_input, fmt::format("{}: {}: {}", config.name, key, why));
  };
  if (!parser.diff || !parser.hunks) return fail(ErrorCode::internal, "github: made without a diff parser");
  if (!is_base_url(config.api_url)) return refuse("api_url", "is no absolute URL: write https://HOST/api/v3");
  if (!is_base_url(config.web_url)) return refuse("web_url", "is no absolute URL: write https://HOST");
  if (config.webhook_secret.empty()) return refuse("webhook_secret", "is missing: set the webhook's secret");
  const bool app = !config.app_id.empty() || !config.app_private_key.empty();
  if (app && !config.token.empty())
    return refuse("token", "stands beside app_id: keep one way to authenticate");
  if (!app && config.token.empty())
    return refuse("app_id", "is missing: give app_id and app_private_key, or token");
  if (app && (config.app_id.empty() || config.app_private_key.empty())) {
    return refuse("app_id", "works only together with app_private_key: give both");
  }
  if (app && !std::ranges::all_of(config.app_id, [](unsigned char c) { return c > ' ' && c < 127; })) {
    return refuse("app_id", "is no App id: use the number that GitHub shows");
  }
  if (!app && config.token.reveal().find_first_of(" \r\n\t") != std::string_view::npos) {
    return refuse("token", "holds white space: give the token alone");
  }
  // A user's token gives no way to ask whose it is in the part of the API that both kinds of GitHub share.
  if (!app && config.bot_login.empty()) {
    return refuse("bot_login",
                  "is missing: with a token, name the account it belongs to, so that own comments are known");
  }
  if (!config.bot_login.empty() && !is_login(config.bot_login)) return refuse("bot_login", "is no login");
  return {};
}

}  // namespace

bool must_stop(const Error& error, Deadline deadline) {
  return deadline.expired() || error.code == ErrorCode::rate_limited || error.code == ErrorCode::canceled ||
         error.code == ErrorCode::unauthenticated;
}

bool commit_unknown_yet(const net::Response& response) {
  return response.status == 422 && response.body.find("No commit found for SHA") != std::string::npos;
}

Github::Github(GithubConfig config, Tokens tokens, net::Client& client, Clock& clock, DiffParser parser,
               GitFetch git_fetch, GitTreeFetch git_tree)
    : config_(std::move(config)),
      identity_{config_.name, config_.status_name, config_.bot_login},
      tokens_(std::move(tokens)),
      driver_(driver_config(config_), client, clock,
              [this](Scope scope, bool renew, Deadline deadline) {
                return tokens_.authorize(std::move(scope), renew, deadline);
              }),
      parser_(std::move(parser)),
      git_fetch_(std::move(git_fetch)),
      git_tree_(std::move(git_tree)),
      patches_(patches_kept_bytes_max),
      own_login_(config_.bot_login) {
  tokens_.use(driver_);
  capabilities_.annotations = tokens_.is_app();
}

Result<Received> Github::receive(const net::Request& request) const {
  return receive_webhook(identity_, config_.webhook_secret, request);
}

Result<Event> Github::decode(const Delivery& delivery) const {
  return decode_webhook(identity_, delivery);
}

std::string Github::describe() const {
  if (tokens_.is_app()) return fmt::format("{} as App {}", config_.api_url, tokens_.app_id());
  return fmt::format("{} with a token of {}", config_.api_url, config_.bot_login);
}

Call Github::get(const ChangeRef& ref, std::string what, std::string path) const {
  Call call;
  call.what = std::move(what);
  call.scope = {ref.repository, ref.installation};
  call.path = std::move(path);
  call.accept = media_json;
  return call;
}

Call Github::write(const ChangeRef& ref, std::string what, std::string method, std::string path,
                   std::string body) const {
  Call call = get(ref, std::move(what), std::move(path));
  call.method = std::move(method);
  call.body = std::move(body);
  call.lags = commit_unknown_yet;
  return call;
}

Error Github::in(const Call& call, Error error) const {
  return fail_in(fmt::format("{}: {}", config_.name, call.what), std::move(error)).error();
}

Task<Result<Permission>> Github::fetch_permission(ChangeRef change, std::string login, Deadline deadline) {
  if (!is_repository(change.repository) || !is_login(login)) {
    co_return fail(ErrorCode::bad_input,
                   fmt::format("{}: get a permission: no usable repository or login", name()));
  }
  Call call = get(
      change, fmt::format("get the permission of {} on {}", login, change.repository),
      fmt::format("/repos/{}/collaborators/{}/permission", change.repository, net::encode_component(login)));
  call.answers = {404};
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  if (response->status == 404) co_return Permission::none;
  auto permission = decode_permission(response->body);
  if (!permission) co_return std::unexpected(in(call, permission.error()));
  co_return permission;
}

Task<Result<std::optional<bool>>> Github::fetch_visibility(ChangeRef change, std::string name,
                                                           Deadline deadline) {
  const std::string_view web = config_.web_url;
  const std::string own = to_lower(web.substr(web.find("://") + 3)) + '/';
  if (!name.starts_with(own)) co_return std::nullopt;
  const std::string repository = name.substr(own.size());
  if (!is_repository(repository)) co_return std::nullopt;
  Call call = get(change, fmt::format("get who can see {}", repository), "/repos/" + repository);
  call.answers = {301, 404};
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  if (response->status == 404) co_return false;
  // It was renamed, and addresses come from the configuration alone.
  if (response->status == 301) co_return std::nullopt;
  auto is_public = decode_is_public(response->body);
  if (!is_public) co_return std::unexpected(in(call, is_public.error()));
  co_return *is_public;
}

Task<Result<std::map<std::string, std::string>>> Github::fetch_files(const Change& change,
                                                                     std::vector<std::string> paths,
                                                                     FetchLimits limits, Deadline deadline) {
  std::map<std::string, std::string> files;
  const ChangeRef ref = change.ref;
  const std::string head = change.head_sha;
  for (const std::string& path : paths) {
    auto fetching = fetch_text(ref, path, head, limits.file_bytes_max, false, deadline);
    auto text = co_await std::move(fetching);
    if (!text && text.error().code == ErrorCode::too_large) continue;
    if (!text) co_return std::unexpected(text.error());
    if (*text) files.emplace(path, **std::move(text));
  }
  co_return files;
}

}  // namespace fanlight::host::github

namespace fanlight::host {

Result<std::unique_ptr<Host>> make_github(GithubConfig config, net::Client& client, Clock& clock,
                                          Random& /*random*/, DiffParser parser, GitFetch git_fetch,
                                          GitTreeFetch git_tree) {
  while (config.api_url.ends_with('/')) config.api_url.pop_back();
  while (config.web_url.ends_with('/')) config.web_url.pop_back();
  if (auto checked = github::check(config, parser); !checked) return std::unexpected(checked.error());
  if (!config.token.empty()) {
    github::Tokens tokens(config.token, clock);
    return std::make_unique<github::Github>(std::move(config), std::move(tokens), client, clock,
                                            std::move(parser), std::move(git_fetch), std::move(git_tree));
  }
  auto key = github::AppKey::parse(config.app_private_key);
  if (!key) return fail_in(config.name, key.error());
  github::Tokens tokens(config.app_id, *std::move(key), clock);
  return std::make_unique<github::Github>(std::move(config), std::move(tokens), client, clock,
                                          std::move(parser), std::move(git_fetch), std::move(git_tree));
}

}  // namespace fanlight::host
