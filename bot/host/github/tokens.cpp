#include "github/tokens.hpp"

#include <fmt/format.h>

#include "github/media.hpp"

namespace fanlight::host::github {
namespace {

constexpr std::chrono::minutes jwt_kept{8};
constexpr std::chrono::minutes renew_early{5};
// A token this young was fetched after the refusal that somebody else saw as well.
constexpr std::chrono::seconds just_renewed{10};
constexpr std::size_t repositories_known_max = 10'000;

}  // namespace

Tokens::Tokens(Secret token, Clock& clock) : clock_(clock), token_(std::move(token)) {}
Tokens::Tokens(std::string app_id, AppKey key, Clock& clock)
    : clock_(clock), app_id_(std::move(app_id)), key_(std::move(key)) {}

Result<Secret> Tokens::jwt(bool renew) {
  const TimePoint now = clock_.now();
  if (renew || jwt_.empty() || now >= jwt_made_ + jwt_kept || now < jwt_made_) {
    auto made = key_->sign_jwt(app_id_, now);
    if (!made) return std::unexpected(made.error());
    jwt_ = *std::move(made);
    jwt_made_ = now;
  }
  return jwt_;
}

const Tokens::Held* Tokens::usable(const std::string& installation, bool renew) const {
  const auto found = held_.find(installation);
  if (found == held_.end()) return nullptr;
  const TimePoint now = clock_.now();
  if (now >= found->second.token.expires - renew_early) return nullptr;
  if (renew && now >= found->second.since + just_renewed) return nullptr;
  return &found->second;
}

Task<Result<std::string>> Tokens::installation_of(Scope scope, Deadline deadline) {
  if (!scope.installation.empty()) co_return scope.installation;
  if (const auto known = installation_.find(scope.repository); known != installation_.end())
    co_return known->second;
  Call call;
  call.what = fmt::format("find the installation on {}", scope.repository);
  call.scope.as_app = true;
  call.path = fmt::format("/repos/{}/installation", scope.repository);
  call.accept = media_json;
  auto sending = driver_->send(std::move(call), deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  auto id = decode_id(response->body);
  if (!id)
    co_return fail_in(fmt::format("github: find the installation on {}", scope.repository), id.error());
  if (installation_.size() >= repositories_known_max) installation_.clear();
  installation_[scope.repository] = *id;
  co_return id;
}

Task<Result<Secret>> Tokens::fetch_token(std::string installation, Deadline deadline) {
  Call call;
  call.what = fmt::format("get a token of installation {}", installation);
  call.scope.as_app = true;
  call.method = "POST";
  call.path = fmt::format("/app/installations/{}/access_tokens", installation);
  call.accept = media_json;
  call.body = "{}";
  auto sending = driver_->send(std::move(call), deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  auto token = decode_installation_token(response->body);
  if (!token)
    co_return fail_in(fmt::format("github: get a token of installation {}", installation), token.error());
  Secret value = token->token;
  held_[installation] = Held{*std::move(token), clock_.now()};
  co_return value;
}

Task<Result<Secret>> Tokens::installation_token(Scope scope, bool renew, Deadline deadline) {
  auto finding = installation_of(std::move(scope), deadline);
  auto installation = co_await std::move(finding);
  if (!installation) co_return std::unexpected(installation.error());
  if (const Held* held = usable(*installation, renew)) co_return held->token.token;

  auto taking = turn_.take(deadline);
  const bool taken = co_await std::move(taking);
  if (!taken)
    co_return fail(ErrorCode::timeout, "github: get a token: another request for it took until the deadline");
  struct Giver {
    Turn& turn;
    ~Giver() { turn.give(); }
  } giver{turn_};
  // Whoever had the turn before may have fetched it.
  if (const Held* held = usable(*installation, renew)) co_return held->token.token;
  auto fetching = fetch_token(*installation, deadline);
  auto token = co_await std::move(fetching);
  co_return token;
}

Task<Result<Secret>> Tokens::token(Scope scope, Deadline deadline) {
  if (!is_app()) co_return token_;
  auto getting = installation_token(std::move(scope), false, deadline);
  auto token = co_await std::move(getting);
  co_return token;
}

Task<Result<Secret>> Tokens::authorize(Scope scope, bool renew, Deadline deadline) {
  Result<Secret> value = token_;
  if (is_app() && scope.as_app) {
    value = jwt(renew);
  } else if (is_app()) {
    auto getting = installation_token(std::move(scope), renew, deadline);
    value = co_await std::move(getting);
  }
  if (!value) co_return value;
  co_return Secret(fmt::format("Bearer {}", value->reveal()));
}

}  // namespace fanlight::host::github
