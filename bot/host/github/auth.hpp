// What proves to GitHub that we are the App: a short-lived JWT (RFC 7519) signed with the App's key (RS256).
// Pure.
#pragma once

#include <memory>
#include <string>

#include "fanlight/core/clock.hpp"
#include "fanlight/core/result.hpp"
#include "fanlight/core/secret.hpp"

namespace fanlight::host::github {

class AppKey {
 public:
  // PEM, PKCS #1 as GitHub hands it out, or PKCS #8. bad_input for anything but an RSA key of 2,048 bits or
  // more.
  static Result<AppKey> parse(const Secret& pem);
  AppKey(AppKey&&) noexcept;
  AppKey& operator=(AppKey&&) noexcept;
  ~AppKey();

  // iat is a minute back, for clocks that differ; exp nine minutes ahead, GitHub takes ten at most.
  Result<Secret> sign_jwt(const std::string& app_id, TimePoint now) const;

 private:
  struct State;
  explicit AppKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fanlight::host::github
