// The table of configuration keys. A key's `read` puts the value where it belongs; everything else (unknown
// keys, wrong types, documentation, schema) comes from policy/yaml.hpp.
#include "fanlight/app/config.hpp"

#include <algorithm>
#include <charconv>

#include "fanlight/core/files.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/detect/rule.hpp"
#include "fanlight/policy/yaml.hpp"

namespace fanlight::app {

using policy::read_mapping;
using policy::YamlErrors;
using policy::YamlKey;
using policy::YamlNode;

namespace {

constexpr std::size_t config_bytes_max = 1024 * 1024;
constexpr std::size_t rules_bytes_max = 4 * 1024 * 1024;
constexpr std::size_t secret_file_bytes_max = 64 * 1024;

// "500ms", "30s", "5m", "12h", "90d".
void read_duration(const YamlNode& node, YamlErrors& errors, std::chrono::milliseconds& out) {
  std::string text;
  policy::read_string(node, errors, text);
  constexpr std::pair<std::string_view, std::int64_t> units[] = {
      {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code == std::errc() && number >= 0 && number <= 100'000'000) {
    const std::string_view unit(end, text.data() + text.size());
    for (const auto& [word, factor] : units) {
      if (unit == word) {
        out = std::chrono::milliseconds(number * factor);
        return;
      }
    }
  }
  if (!text.empty())
    errors.add_value(node, policy::quoted(text) + " is no duration: write 500ms, 30s, 5m, 12h or 90d");
}

bool is_variable_name(std::string_view name) {
  return std::ranges::all_of(
      name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

// A secret is named, never written: {file: /path} or {env: NAME}.
void read_secret(const YamlNode& node, YamlErrors& errors, Secret& out) {
  if (node.type != policy::YamlType::mapping) {
    errors.add_value(node, "must not stand here, it is a secret: give {file: /path/to/it} or {env: NAME}");
    return;
  }
  std::string file, env;
  read_mapping(node,
               {{"file",
                 "string",
                 "File that holds it; white space around it is dropped.",
                 "",
                 [&](const YamlNode& n, YamlErrors& e) { policy::read_string(n, e, file); },
                 {},
                 {}},
                {"env",
                 "string",
                 "Environment variable that holds it.",
                 "",
                 [&](const YamlNode& n, YamlErrors& e) { policy::read_string(n, e, env); },
                 {},
                 {}}},
               errors);
  if (file.empty() == env.empty()) {
    errors.add_value(node, "needs one of file and env");
  } else if (!env.empty()) {
    const auto value = environment(env.c_str());
    if (!value || trim(*value).empty()) {
      // Who writes the secret itself where its name belongs must not find it in a log.
      errors.add_value(node, is_variable_name(env)
                                 ? "wants environment variable " + env + ", which is not set"
                                 : "wants the name of an environment variable in env");
    } else {
      out = Secret(std::string(trim(*value)));
    }
  } else {
    auto text = read_file(file, secret_file_bytes_max);
    if (!text) {
      errors.add_value(node, "cannot be read: " + text.error().text);
    } else if (trim(*text).empty()) {
      errors.add_value(node, "cannot be read: " + file + " is empty");
    } else {
      out = Secret(std::string(trim(*text)));
    }
  }
}

auto string_into(std::string& out) {
  return [&out](const YamlNode& node, YamlErrors& errors) { policy::read_string(node, errors, out); };
}
auto secret_into(Secret& out) {
  return [&out](const YamlNode& node, YamlErrors& errors) { read_secret(node, errors, out); };
}
template <class Duration>
auto duration_into(Duration& out) {
  return [&out](const YamlNode& node, YamlErrors& errors) {
    std::chrono::milliseconds value(out);
    read_duration(node, errors, value);
    out = std::chrono::duration_cast<Duration>(value);
  };
}
template <class T>
auto integer_into(T& out, std::int64_t least, std::int64_t most) {
  return [&out, least, most](const YamlNode& node, YamlErrors& errors) {
    auto value = static_cast<std::int64_t>(out);
    policy::read_integer(node, errors, value, least, most);
    out = static_cast<T>(value);
  };
}
template <class T, class Parse>
auto choice_into(T& out, std::vector<std::string_view> choices, Parse parse) {
  return [&out, choices, parse](const YamlNode& node, YamlErrors& errors) {
    std::string word;
    policy::read_string(node, errors, word);
    if (word.empty() || parse(word, out)) return;
    std::string known;
    for (const auto choice : choices) known += (known.empty() ? "" : ", ") + std::string(choice);
    errors.add_value(node, "must be one of " + known + ", is " + policy::quoted(word));
  };
}

YamlKey section(std::string_view name, std::string_view about, std::vector<YamlKey> keys,
                std::function<void()> present = {}) {
  auto read = [keys, present](const YamlNode& node, YamlErrors& errors) {
    if (present) present();
    read_mapping(node, keys, errors);
  };
  return {name, "mapping", about, "", read, {}, keys};
}

std::vector<YamlKey> github_keys(host::GithubConfig& github) {
  return {
      {"api_url",
       "string",
       "Base of the REST API. Enterprise Server: https://HOST/api/v3.",
       "https://api.github.com",
       string_into(github.api_url),
       {},
       {}},
      {"web_url",
       "string",
       "Base of the web pages and of git.",
       "https://github.com",
       string_into(github.web_url),
       {},
       {}},
      {"webhook_secret",
       "secret",
       "The webhook's secret; deliveries that it does not sign are refused.",
       "",
       secret_into(github.webhook_secret),
       {},
       {}},
      {"app_id",
       "string",
       "Id of the GitHub App. Needs app_private_key.",
       "",
       string_into(github.app_id),
       {},
       {}},
      {"app_private_key",
       "secret",
       "Private key of the App, PEM.",
       "",
       secret_into(github.app_private_key),
       {},
       {}},
      {"token",
       "secret",
       "A token instead of an App: commit statuses instead of check runs.",
       "",
       secret_into(github.token),
       {},
       {}},
      {"bot_login",
       "string",
       "Own login; comments by it are ignored. An App knows its own.",
       "",
       string_into(github.bot_login),
       {},
       {}},
      {"status_name",
       "string",
       "Name of the check run or status.",
       "fanlight",
       string_into(github.status_name),
       {},
       {}},
  };
}

std::vector<YamlKey> git_keys(host::GitConfig& git) {
  return {
      {"root",
       "string",
       "Directory below which the bare repositories are; hooks of others are refused.",
       "",
       string_into(git.root),
       {},
       {}},
      {"hook_secret",
       "secret",
       "Shared with the hooks that `fanlight hook install` writes; signs what they send.",
       "",
       secret_into(git.hook_secret),
       {},
       {}},
      {"notes_ref",
       "string",
       "Git notes that reviews are written to.",
       "refs/notes/fanlight",
       string_into(git.notes_ref),
       {},
       {}},
  };
}

constexpr std::int64_t mib = 1024 * 1024;

std::vector<YamlKey> limit_keys(host::FetchLimits& limits) {
  return {
      {"diff_bytes",
       "integer",
       "Largest diff of a change.",
       "33554432",
       integer_into(limits.diff_bytes_max, 1024, 1024 * mib),
       {},
       {}},
      {"file_bytes",
       "integer",
       "Largest file fetched whole.",
       "26214400",
       integer_into(limits.file_bytes_max, 1024, 1024 * mib),
       {},
       {}},
      {"files",
       "integer",
       "Most files of a change.",
       "3000",
       integer_into(limits.files_max, 1, 100'000),
       {},
       {}},
      {"commits",
       "integer",
       "Most commits of a change.",
       "250",
       integer_into(limits.commits_max, 1, 10'000),
       {},
       {}},
  };
}

void read_rules_files(const YamlNode& node, YamlErrors& errors, std::vector<policy::RuleText>& out) {
  std::vector<std::string> files;
  policy::read_strings(node, errors, files);
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto text = read_file(files[i], rules_bytes_max);
    if (text) {
      out.push_back({files[i], std::move(*text)});
    } else {
      errors.add_value(node.items[i], "cannot be read: " + text.error().text);
    }
  }
}

// The ids that the server's own rules add; what is wrong with them.
std::vector<std::string> ids_of_rules(const Config& config, const YamlNode& at, YamlErrors& errors) {
  std::vector<detect::RuleText> texts;
  for (const policy::RuleText& text : config.rules) texts.push_back({text.file, text.yaml});
  const auto built_in = detect::builtin_rules();
  const auto rules = detect::add_rules(built_in, texts);
  std::vector<std::string> out;
  if (!rules) {
    errors.add_value(at, "cannot be used: " + rules.error().text);
    return out;
  }
  for (const detect::Rule& rule : rules->rules.subspan(built_in.rules.size())) out.emplace_back(rule.id);
  return out;
}

// Reads into `config`. `policy_node` is where the policy of the server stands, if it does.
std::vector<YamlKey> config_keys(Config& config, const YamlNode*& policy_node) {
  const std::vector<std::string_view> levels{"debug", "info", "warn", "error", "off"};
  const std::vector<std::string_view> formats{"text", "json"};
  return {
      {"listen",
       "string",
       "Where to accept requests: 127.0.0.1:8095, [::1]:8095 or unix:/run/fanlight/fanlight.sock.",
       "127.0.0.1:8095",
       string_into(config.listen),
       {},
       {}},
      {"public_url",
       "string",
       "How people and hosts reach the bot; links in comments start with it.",
       "",
       string_into(config.public_url),
       {},
       {}},
      section("tls", "Serve https. Both files are read again on SIGHUP.",
              {{"certificate_file",
                "string",
                "PEM, the whole chain.",
                "",
                string_into(config.tls_certificate_file),
                {},
                {}},
               {"key_file", "string", "PEM.", "", string_into(config.tls_key_file), {}, {}}}),
      {"data_dir",
       "string",
       "Database and keys; made when it is not there.",
       "/var/lib/fanlight",
       string_into(config.data_dir),
       {},
       {}},
      {"store",
       "string",
       "sqlite, or memory to forget everything at the end.",
       "sqlite",
       choice_into(config.memory_store, {"sqlite", "memory"},
                   [](std::string_view word, bool& out) {
                     out = word == "memory";
                     return out || word == "sqlite";
                   }),
       {"sqlite", "memory"},
       {}},
      section("log", "What goes to standard error.",
              {{"level",
                "string",
                "Least level that is written.",
                "info",
                choice_into(config.log_level, levels, log::parse_level),
                levels,
                {}},
               {"format",
                "string",
                "Lines for people or for machines.",
                "text",
                choice_into(config.log_format, formats, log::parse_format),
                formats,
                {}}}),
      {"workers", "integer", "Jobs done at once.", "4", integer_into(config.workers, 1, 64), {}, {}},
      {"scan_threads",
       "integer",
       "Threads that scan; 0 is one less than there are cores.",
       "0",
       integer_into(config.scan_threads, 0, 256),
       {},
       {}},
      {"settle",
       "duration",
       "How long after the last push a review starts.",
       "1s",
       duration_into(config.settle),
       {},
       {}},
      {"job_timeout",
       "duration",
       "Longest time for one job.",
       "2m",
       duration_into(config.job_timeout),
       {},
       {}},
      {"attempts",
       "integer",
       "Tries before a job is set aside.",
       "6",
       integer_into(config.attempts_max, 1, 100),
       {},
       {}},
      {"keep", "duration", "How long reviews are kept.", "90d", duration_into(config.keep), {}, {}},
      {"link_valid",
       "duration",
       "How long the link to a review's page works.",
       "14d",
       duration_into(config.link_valid),
       {},
       {}},
      {"dashboard_token",
       "secret",
       "Opens the overview at /; without it the overview is off.",
       "",
       secret_into(config.dashboard_token),
       {},
       {}},
      {"key",
       "secret",
       "Keys fingerprints and links. Made in data_dir at the first start when not given.",
       "",
       secret_into(config.key),
       {},
       {}},
      {"ca_file",
       "string",
       "More certificate authorities to trust, PEM.",
       "",
       string_into(config.ca_file),
       {},
       {}},
      [&config] {
        config.github.emplace();
        auto keys = github_keys(*config.github);
        return section("github", "GitHub or GitHub Enterprise Server. Webhooks go to /hooks/github.",
                       std::move(keys));
      }(),
      [&config] {
        config.git.emplace();
        auto keys = git_keys(*config.git);
        return section("git", "Bare repositories on this machine, through their hooks.", std::move(keys));
      }(),
      section("limits", "What is over a limit is named as not looked at.", limit_keys(config.limits)),
      {"rules_files",
       "list of strings",
       "Files with rules of your own, for every repository.",
       "[]",
       [&config](const YamlNode& node, YamlErrors& errors) { read_rules_files(node, errors, config.rules); },
       {},
       {}},
      {"policy",
       "mapping",
       "Defaults for repositories, the same keys as .fanlight.yml.",
       "",
       [&policy_node](const YamlNode& node, YamlErrors&) { policy_node = &node; },
       {},
       {}},
  };
}

void check(const Config& config, const YamlNode& root, YamlErrors& errors) {
  if (config.tls_certificate_file.empty() != config.tls_key_file.empty()) {
    errors.add(root, "tls: give both certificate_file and key_file");
  }
  if (!config.github && !config.git) errors.add(root, "no host: give github or git");
  if (config.github && config.github->webhook_secret.empty()) {
    errors.add(*root.find("github"), "github: webhook_secret is missing");
  }
  if (config.git && config.git->root.empty()) errors.add(*root.find("git"), "git: root is missing");
  if (config.git && config.git->hook_secret.empty())
    errors.add(*root.find("git"), "git: hook_secret is missing");
  const std::string& url = config.public_url;
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://")) {
    errors.add(*root.find("public_url"),
               "public_url: \"" + url + "\" does not start with http:// or https://");
  }
}

}  // namespace

Result<Config> read_config(std::string_view text, const std::string& file,
                           const std::vector<std::string_view>& known_rules) {
  auto root = policy::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  Config config;
  YamlErrors errors{file, {}};
  const YamlNode* policy_node = nullptr;
  read_mapping(*root, config_keys(config, policy_node), errors);
  // The table of keys needs somewhere to put a host's values; a host that is not there is not configured.
  if (!root->find("github")) config.github.reset();
  if (!root->find("git")) config.git.reset();
  if (errors.list.empty()) check(config, *root, errors);
  std::vector<std::string_view> known(known_rules);
  std::vector<std::string> own;
  if (const YamlNode* files = root->find("rules_files")) own = ids_of_rules(config, *files, errors);
  known.insert(known.end(), own.begin(), own.end());
  if (policy_node) {
    auto read = policy::read_policy_node(*policy_node, file, config.policy, known);
    config.policy = std::move(read.policy);
    std::ranges::move(read.problems, std::back_inserter(errors.list));
    // They are in every scan already, and no repository's own.
    std::ranges::move(config.policy.custom_rules, std::back_inserter(config.rules));
    config.policy.custom_rules.clear();
    if (errors.list.empty()) ids_of_rules(config, *policy_node, errors);
  }
  if (!errors.list.empty()) return fail(ErrorCode::bad_input, join(errors.list, "\n"));
  return config;
}

Result<Config> read_config_file(const std::string& file, const std::vector<std::string_view>& known_rules) {
  auto text = read_file(file, config_bytes_max);
  if (!text) return std::unexpected(text.error());
  return read_config(*text, file, known_rules);
}

std::string config_schema() {
  Config config;
  const YamlNode* policy_node = nullptr;
  return policy::json_schema("fanlight configuration", config_keys(config, policy_node));
}

Result<Secret> load_or_make_key(const Config& config, Random& random) {
  if (!config.key.empty()) return config.key;
  if (config.memory_store) return Secret(random.hex(32));
  const std::string path = config.data_dir + "/key";
  auto text = read_file(path, secret_file_bytes_max);
  if (text && trim(*text).size() >= 32) return Secret(std::string(trim(*text)));
  if (text)
    return fail(ErrorCode::bad_input,
                "key " + path + ": shorter than 32 characters; remove it to make a new one");
  if (text.error().code != ErrorCode::not_found) return std::unexpected(text.error());
  const std::string key = random.hex(32);
  if (auto written = write_file(path, key + "\n"); !written) return std::unexpected(written.error());
  return Secret(key);
}

}  // namespace fanlight::app
