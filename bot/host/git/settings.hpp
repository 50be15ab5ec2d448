// What a hook needs to know, kept in the repository's own configuration as fanlight.*.
#pragma once

#include <chrono>
#include <string>

#include "fanlight/core/result.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/host/git_repository.hpp"
#include "fanlight/host/hook.hpp"

namespace fanlight::host {

inline constexpr std::chrono::seconds hook_wait_max{600};

struct HookSettings {
  std::string url, secret_file, name;
  WhenDown when_down = WhenDown::allow;
  bool enforce = false;
  std::chrono::seconds wait{60};
};

Result<void> write_hook_settings(const GitRepository& repository, const HookInstall& install,
                                 Deadline deadline);
Result<HookSettings> read_hook_settings(const GitRepository& repository, Deadline deadline);
// bad_input unless it is "http://…", "https://…" or "unix:/…".
Result<void> check_bot_url(std::string_view url);
// The address of `target` ("/hooks/git") at the bot.
std::string at_bot(std::string_view url, std::string_view target);
Result<Secret> read_hook_secret(const std::string& file);

}  // namespace fanlight::host
