#include "git/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "fanlight/core/files.hpp"
#include "fanlight/core/text.hpp"
#include "git/process.hpp"

namespace fanlight::host {
namespace {

constexpr std::size_t secret_bytes_max = 4096;
constexpr std::size_t secret_bytes_least = 16;

}  // namespace

Result<void> check_bot_url(std::string_view url) {
  bool known = url.starts_with("http://") || url.starts_with("https://") || url.starts_with("unix:/");
  bool printable = std::ranges::all_of(url, [](unsigned char c) { return c > 0x20 && c != 0x7F; });
  if (known && printable && url.size() < 1000) return {};
  return fail(
      ErrorCode::bad_input,
      fmt::format("url \"{}\": give http://HOST:PORT, https://HOST or unix:/PATH", printable_line(url, 200)));
}

std::string at_bot(std::string_view url, std::string_view target) {
  if (url.starts_with("unix:")) return fmt::format("{}:{}", url, target);
  while (url.ends_with('/')) url.remove_suffix(1);
  return fmt::format("{}{}", url, target);
}

Result<Secret> read_hook_secret(const std::string& file) {
  auto text = read_file(file, secret_bytes_max);
  if (!text) return fail_in("read the hook's secret", text.error());
  std::string_view secret = trim(*text);
  if (secret.size() < secret_bytes_least)
    return fail(ErrorCode::bad_input, fmt::format("read the hook's secret: {}: shorter than {} characters",
                                                  file, secret_bytes_least));
  return Secret(std::string(secret));
}

Result<void> write_hook_settings(const GitRepository& repository, const HookInstall& install,
                                 Deadline deadline) {
  const std::pair<const char*, std::string> settings[] = {
      {"fanlight.url", install.url},
      {"fanlight.secretFile", install.secret_file},
      {"fanlight.whenDown", install.when_down == WhenDown::allow ? "allow" : "refuse"},
      {"fanlight.enforce", install.enforce ? "true" : "false"},
      {"fanlight.waitSeconds", std::to_string(install.wait.count())},
      {"fanlight.name", install.name},
  };
  for (const auto& [key, value] : settings) {
    auto written = repository.set_config(key, value, deadline);
    if (!written) return written;
  }
  return {};
}

Result<HookSettings> read_hook_settings(const GitRepository& repository, Deadline deadline) {
  HookSettings settings;
  std::string when_down = "allow", enforce = "false", wait = "60";
  const std::pair<const char*, std::string*> keys[] = {
      {"fanlight.url", &settings.url},   {"fanlight.secretFile", &settings.secret_file},
      {"fanlight.name", &settings.name}, {"fanlight.whenDown", &when_down},
      {"fanlight.waitSeconds", &wait},   {"fanlight.enforce", &enforce},
  };
  for (const auto& [key, out] : keys) {
    auto value = repository.config(key, deadline);
    if (!value) return std::unexpected(value.error());
    if (*value) *out = std::move(**value);
  }
  if (settings.url.empty() || settings.secret_file.empty())
    return fail(ErrorCode::not_found,
                fmt::format("{}: fanlight.url or fanlight.secretFile is not set: run `fanlight "
                            "hook install` again",
                            repository.git_dir()));
  if (auto url = check_bot_url(settings.url); !url) return fail_in("fanlight.url", url.error());
  if (!parse(when_down, settings.when_down))
    return fail(ErrorCode::bad_input, fmt::format("fanlight.whenDown: \"{}\": give allow or refuse",
                                                  printable_line(when_down, 50)));
  settings.enforce = enforce == "true";
  long long seconds = 0;
  auto read = std::from_chars(wait.data(), wait.data() + wait.size(), seconds);
  if (read.ec != std::errc{} || seconds < 1 || seconds > hook_wait_max.count())
    return fail(ErrorCode::bad_input, fmt::format("fanlight.waitSeconds: \"{}\": give 1 to {}",
                                                  printable_line(wait, 50), hook_wait_max.count()));
  settings.wait = std::chrono::seconds(seconds);
  return settings;
}

}  // namespace fanlight::host
