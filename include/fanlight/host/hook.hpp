// The server side hook of plain git: `fanlight hook install` writes it, `fanlight hook run` is what it runs.
//
// post-receive (the default) reviews after the push and shows the pusher the result; pre-receive (`enforce`)
// refuses a push that fails. Settings stay in the repository's own configuration: fanlight.url,
// fanlight.secretFile, fanlight.whenDown, fanlight.name, fanlight.waitSeconds, fanlight.enforce. Blocking;
// for the command line.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/random.hpp"
#include "fanlight/core/result.hpp"

namespace fanlight::host {

enum class WhenDown : std::uint8_t { allow, refuse };
bool parse(std::string_view text, WhenDown& out);

struct HookInstall {
  std::string repository;                     // a folder in it
  std::string binary;                         // absolute: the program that the hook runs
  std::string url = "http://127.0.0.1:8095";  // or "unix:/run/fanlight/fanlight.sock"
  // Shared with the bot (git.hook_secret: {file: …}). Made, mode 0600, when it is not there yet.
  std::string secret_file = "/etc/fanlight/hook-secret";
  std::string name;  // of the repository below the bot's root; empty: its absolute path is sent
  bool enforce = false;
  WhenDown when_down = WhenDown::allow;  // what becomes of a push when the bot does not answer
  std::chrono::seconds wait{60};         // for the review, at most
  bool force = false;                    // keep somebody else's hook and run it first
};

// Idempotent. What was done, one line each, for a person. conflict: there is a hook of somebody else and no
// `force`.
Result<std::vector<std::string>> install_hook(const HookInstall& install, Random& random);

struct HookRun {
  std::string event;             // "pre-receive" or "post-receive"
  std::string repository = ".";  // git starts a hook in the repository
  std::string quarantine;        // GIT_QUARANTINE_PATH
  std::string pusher;            // REMOTE_USER, GL_USER or the login
};
HookRun hook_run_from_environment(std::string event);

// `updates` is what git gives the hook: "old new ref" lines. Asks the bot about each, waits, prints what it
// says line by line (without newlines, safe for a terminal). The exit code: 1 when git must refuse the push,
// else 0.
int run_hook(const HookRun& run, std::string_view updates, Random& random,
             const std::function<void(std::string_view line)>& print);
// The same from standard input to standard error, as git runs it.
int run_hook(std::string event);

}  // namespace fanlight::host
