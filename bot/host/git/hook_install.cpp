// Writes the hook scripts and their settings. A script is three lines: everything that can change is in the
// program and in git's configuration, so that an upgrade never has to touch the scripts.
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

#include "fanlight/core/files.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/host/git_repository.hpp"
#include "fanlight/host/hook.hpp"
#include "git/process.hpp"
#include "git/settings.hpp"

namespace fanlight::host {
namespace {

constexpr std::string_view ours = "# fanlight hook";
constexpr std::string_view chained_suffix = ".before-fanlight";
constexpr std::size_t script_bytes_max = 1024 * 1024;
constexpr std::chrono::seconds git_takes_at_most{30};

std::string shell_quote(std::string_view text) {
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// A program that is gone is a bot that is down: the script itself follows --when-down then.
std::string script(const HookInstall& install, std::string_view event, bool chained) {
  std::string program = shell_quote(install.binary);
  bool refuse = install.enforce && event == "pre-receive" && install.when_down == WhenDown::refuse;
  std::string text = fmt::format(
      "#!/bin/sh\n{}: reviews what is pushed. Written by `fanlight hook install`; `git config --get-regexp "
      "^fanlight` shows its settings.\n"
      "[ -x {} ] || {{ echo \"fanlight: \"{}\" is not there: {}\" >&2; exit {}; }}\n",
      ours, program, program, refuse ? "the push is refused" : "pushed without a review", refuse ? 1 : 0);
  if (!chained) return text + fmt::format("exec {} hook run --event {}\n", program, event);
  // The hook that was here before decides first, on the same input.
  return text + fmt::format(
                    "updates=$(cat)\n"
                    "printf '%s\\n' \"$updates\" | \"$0{}\" \"$@\" || exit $?\n"
                    "printf '%s\\n' \"$updates\" | {} hook run --event {}\n",
                    chained_suffix, program, event);
}

Result<std::string> hooks_folder(const GitRepository& repository, Deadline deadline) {
  auto configured = repository.config("core.hooksPath", deadline);
  if (!configured) return std::unexpected(configured.error());
  if (*configured)
    return fail(
        ErrorCode::unsupported,
        fmt::format(
            "hook install: {}: core.hooksPath is set to {}: git does not look at the repository's own "
            "hooks; unset it, or call `fanlight hook run --event post-receive` from the hooks there",
            repository.git_dir(), printable_line(**configured, 200)));
  std::string folder = repository.git_dir() + "/hooks";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(ErrorCode::io, fmt::format("hook install: make {}: {}", folder, error.message()));
  return folder;
}

enum class Standing { none, ours, foreign };

Result<Standing> standing_hook(const std::string& file) {
  std::error_code error;
  auto status = std::filesystem::symlink_status(file, error);
  if (!std::filesystem::exists(status)) return Standing::none;
  auto text = read_file(file, script_bytes_max);
  if (!text) return Standing::foreign;
  return text->find(ours) != std::string::npos ? Standing::ours : Standing::foreign;
}

Result<std::string> write_hook(const HookInstall& install, const std::string& folder,
                               std::string_view event) {
  std::string file = fmt::format("{}/{}", folder, event), before = file + std::string(chained_suffix);
  auto standing = standing_hook(file);
  if (!standing) return std::unexpected(standing.error());
  if (*standing == Standing::foreign) {
    if (!install.force)
      return fail(ErrorCode::conflict,
                  fmt::format("hook install: {}: there is a hook of somebody else: --force keeps "
                              "it, runs it first and fanlight after it",
                              file));
    std::error_code error;
    if (std::filesystem::exists(before, error))
      return fail(ErrorCode::conflict,
                  fmt::format("hook install: {}: is there already: move it away first", before));
    std::filesystem::rename(file, before, error);
    if (error) return fail(ErrorCode::io, fmt::format("hook install: rename {}: {}", file, error.message()));
  }
  std::error_code error;
  auto written = write_file(file, script(install, event, std::filesystem::exists(before, error)), 0755);
  if (!written) return fail_in("hook install", written.error());
  return file;
}

// Nothing when the secret was there already.
Result<std::optional<std::string>> make_secret(const std::string& file, Random& random) {
  std::error_code error;
  if (std::filesystem::exists(file, error)) {
    auto read = read_hook_secret(file);
    if (!read) return fail_in("hook install", read.error());
    return std::optional<std::string>{};
  }
  std::filesystem::create_directories(std::filesystem::path(file).parent_path(), error);
  auto written = write_file(file, random.hex(32) + "\n", 0600);
  if (!written)
    return fail(ErrorCode::io,
                fmt::format("hook install: make the secret: {}: name another file with --secret-file",
                            written.error().text));
  return std::optional<std::string>(fmt::format(
      "made the secret {}: give it to the bot as git.hook_secret_file, and let those who push read it",
      file));
}

}  // namespace

bool parse(std::string_view text, WhenDown& out) {
  if (text != "allow" && text != "refuse") return false;
  out = text == "allow" ? WhenDown::allow : WhenDown::refuse;
  return true;
}

Result<std::vector<std::string>> install_hook(const HookInstall& install, Random& random) {
  if (!install.binary.starts_with('/'))
    return fail(ErrorCode::bad_input, "hook install: the program's path is not absolute");
  if (auto url = check_bot_url(install.url); !url) return fail_in("hook install", url.error());
  if (!install.secret_file.starts_with('/'))
    return fail(ErrorCode::bad_input,
                "hook install: --secret-file: give an absolute path, hooks run in the repository");
  if (install.wait.count() < 1 || install.wait > hook_wait_max)
    return fail(ErrorCode::bad_input,
                fmt::format("hook install: wait: between 1 and {} seconds", hook_wait_max.count()));

  Deadline deadline = Deadline::after(git_takes_at_most);
  auto repository = GitRepository::open(install.repository, GitTrust::user, deadline);
  if (!repository) return fail_in("hook install", repository.error());
  auto folder = hooks_folder(*repository, deadline);
  if (!folder) return std::unexpected(folder.error());

  // Both files are looked at before either is written. With enforce the push is judged before it is accepted;
  // the second hook only tells the bot that it is in, so that the review gets its note.
  std::vector<std::string_view> events = {"post-receive"};
  if (install.enforce) events.push_back("pre-receive");
  for (std::string_view event : events) {
    auto standing = standing_hook(fmt::format("{}/{}", *folder, event));
    if (!standing) return std::unexpected(standing.error());
    if (*standing == Standing::foreign && !install.force)
      return fail(
          ErrorCode::conflict,
          fmt::format(
              "hook install: {}/{}: there is a hook of somebody else: --force keeps it, runs it first "
              "and fanlight after it",
              *folder, event));
  }
  std::vector<std::string> done;
  auto secret = make_secret(install.secret_file, random);
  if (!secret) return std::unexpected(secret.error());
  if (*secret) done.push_back(**secret);
  auto settings = write_hook_settings(*repository, install, deadline);
  if (!settings) return fail_in("hook install", settings.error());
  for (std::string_view event : events) {
    auto file = write_hook(install, *folder, event);
    if (!file) return std::unexpected(file.error());
    done.push_back("wrote " + *file);
  }
  std::string other = *folder + "/pre-receive";
  auto standing = standing_hook(other);
  if (!install.enforce && standing && *standing == Standing::ours) {
    std::error_code error;
    std::filesystem::remove(other, error);
    std::string before = other + std::string(chained_suffix);
    if (!error && std::filesystem::exists(before, error)) std::filesystem::rename(before, other, error);
    if (error) return fail(ErrorCode::io, fmt::format("hook install: remove {}: {}", other, error.message()));
    done.push_back("removed " + other + ": pushes are reviewed after they are in");
  }
  return done;
}

}  // namespace fanlight::host
