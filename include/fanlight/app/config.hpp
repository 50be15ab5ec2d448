// The server's configuration: one YAML file, read once at start. Secrets are given by file name or
// environment variable, never in the file itself. `fanlight config schema` prints the table of keys that this
// reads.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fanlight/core/log.hpp"
#include "fanlight/core/result.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/host/host.hpp"
#include "fanlight/policy/policy.hpp"

namespace fanlight::app {

struct Config {
  std::string listen = "127.0.0.1:8095";
  std::string public_url;  // how people reach the pages: "https://fanlight.example.org"; default from listen
  std::string tls_certificate_file, tls_key_file;
  std::string data_dir = "/var/lib/fanlight";  // database and keys
  bool memory_store = false;                   // forget everything at the end: for trying out
  log::Level log_level = log::Level::info;
  log::Format log_format = log::Format::text;
  unsigned workers = 4;                     // jobs at once
  unsigned scan_threads = 0;                // 0: cores - 1, at least 1
  std::chrono::milliseconds settle{1'000};  // a review starts this long after the last push
  std::chrono::milliseconds job_timeout{120'000};
  unsigned attempts_max = 6;
  std::chrono::hours keep{24 * 90};        // records and finished jobs
  std::chrono::hours link_valid{24 * 14};  // of a page's signed link
  Secret dashboard_token;                  // for GET /; empty: the page is off
  Secret key;                              // fingerprints and links; from data_dir/key when not given
  std::string ca_file;
  std::optional<host::GithubConfig> github;
  std::optional<host::GitConfig> git;
  host::FetchLimits limits;
  policy::Policy policy;                // server-wide defaults for repositories
  std::vector<policy::RuleText> rules;  // of `rules_files` and `policy.custom_rules`: for every repository
};

// Every problem at once, joined by newlines: "fanlight.yaml:4: unknown key …". `known_rules` as in
// read_policy.
Result<Config> read_config(std::string_view text, const std::string& file,
                           const std::vector<std::string_view>& known_rules);
Result<Config> read_config_file(const std::string& file, const std::vector<std::string_view>& known_rules);
std::string config_schema();

// The key of fingerprints and links: the configured one, or data_dir/key, made at the first start (mode
// 0600).
Result<Secret> load_or_make_key(const Config& config, Random& random);

}  // namespace fanlight::app
