// Which Authorization header goes with a request: the App's own JWT, a token of one of its installations, or
// the one configured token. Installation tokens live an hour and are renewed five minutes early, one request
// at a time.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "driver.hpp"
#include "github/auth.hpp"
#include "github/decode.hpp"

namespace fanlight::host::github {

class Tokens {
 public:
  Tokens(Secret token, Clock& clock);                    // token authentication
  Tokens(std::string app_id, AppKey key, Clock& clock);  // App authentication

  // The driver that asks for tokens; it asks this object in turn, with Scope::as_app.
  void use(Driver& driver) { driver_ = &driver; }

  bool is_app() const { return key_.has_value(); }
  const std::string& app_id() const { return app_id_; }
  Task<Result<Secret>> authorize(Scope scope, bool renew, Deadline deadline);
  // A bare token for git over HTTPS.
  Task<Result<Secret>> token(Scope scope, Deadline deadline);

 private:
  struct Held {
    InstallationToken token;
    TimePoint since{};
  };
  Result<Secret> jwt(bool renew);
  const Held* usable(const std::string& installation, bool renew) const;
  Task<Result<std::string>> installation_of(Scope scope, Deadline deadline);
  Task<Result<Secret>> fetch_token(std::string installation, Deadline deadline);
  Task<Result<Secret>> installation_token(Scope scope, bool renew, Deadline deadline);

  Clock& clock_;
  Secret token_;
  std::string app_id_;
  std::optional<AppKey> key_;
  Driver* driver_ = nullptr;
  Turn turn_;
  Secret jwt_;
  TimePoint jwt_made_{};
  std::map<std::string, Held> held_;                 // by installation
  std::map<std::string, std::string> installation_;  // by repository
};

}  // namespace fanlight::host::github
