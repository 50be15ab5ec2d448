#include "options.hpp"
#include "repository.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "fanlight/cli/cli.hpp"
#include "fanlight/core/clock.hpp"
#include "fanlight/core/files.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/detect/rule.hpp"

namespace fanlight::cli {

namespace {

constexpr std::size_t key_bytes_max = 4'096;
constexpr std::size_t rules_bytes_max = 4 * 1024 * 1024;
// Without a key of one's own, fingerprints are the same everywhere; with one, they say nothing to others.
constexpr const char* public_key = "fanlight";

}  // namespace

Result<std::optional<Secret>> own_key(const CommonOptions& options) {
  if (!options.key_file.empty()) {
    auto text = read_file(options.key_file, key_bytes_max);
    if (!text) return std::unexpected(text.error());
    return Secret(std::string(trim(*text)));
  }
  if (const auto key = environment("FANLIGHT_KEY"); key && !key->empty()) return Secret(*key);
  return std::nullopt;
}

int complain(const Error& error) {
  fmt::print(stderr, "fanlight: {}\n", error.text);
  return exit_usage;
}

bool is_terminal(int descriptor) {
  return isatty(descriptor) == 1;
}

Result<app::Scanner> make_scanner(const CommonOptions& options) {
  auto key = own_key(options);
  if (!key) return std::unexpected(key.error());
  auto engine = detect::Engine::make(detect::builtin_rules());
  if (!engine) return std::unexpected(engine.error());
  app::Scanner scanner(*engine, key->value_or(Secret(public_key)));
  std::vector<policy::RuleText> texts;
  for (const std::string& file : options.rules_files) {
    auto text = read_file(file, rules_bytes_max);
    if (!text) return std::unexpected(text.error());
    texts.push_back({file, std::move(*text)});
  }
  if (texts.empty()) return scanner;
  return scanner.with_rules(texts);
}

void add_policy_rules(app::Scanner& scanner, policy::PolicyRead& read) {
  if (read.policy.custom_rules.empty()) return;
  auto extended = scanner.with_rules(read.policy.custom_rules);
  if (extended) {
    scanner = std::move(*extended);
  } else {
    read.problems.push_back(extended.error().text);
  }
}

app::ScanSettings make_settings(const app::Scanner& scanner, policy::PolicyRead& read,
                                const CommonOptions& options) {
  app::ScanSettings settings = scanner.settings(read.policy);
  std::ranges::copy(settings.problems, std::back_inserter(read.problems));
  settings.secrets = options.kind != "coupling";
  settings.coupling = options.kind != "secret";
  return settings;
}

Severity fail_threshold(const CommonOptions& options) {
  Severity out = Severity::off;
  if (options.fail_on != "never") parse(options.fail_on, out);
  return out;
}

Result<void> write_output(const CommonOptions& options, const std::string& text) {
  if (!options.output_file.empty()) return write_file(options.output_file, text, 0644);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    return fail(ErrorCode::io, "standard output: cannot be written");
  }
  return {};
}

Result<app::Ignores> given_ignores(const CommonOptions& options, policy::Policy& policy,
                                   std::map<std::string, std::string> files) {
  if (!options.baseline_file.empty()) {
    auto text = read_file(options.baseline_file, policy::baseline_bytes_max);
    if (!text) return std::unexpected(text.error());
    policy.baseline = options.baseline_file;
    files[policy.baseline] = std::move(*text);
  }
  return app::read_ignores(policy, files);
}

Result<app::Ignores> local_ignores(const CommonOptions& options, policy::Policy& policy,
                                   const std::string& root) {
  if (!options.baseline_file.empty()) policy.baseline.clear();
  std::map<std::string, std::string> files;
  for (const std::string& path : app::ignore_files(policy)) {
    auto text = own_file(root, path, policy::baseline_bytes_max);
    if (text) {
      files.emplace(path, std::move(*text));
    } else if (text.error().code != ErrorCode::not_found) {
      return std::unexpected(text.error());
    }
  }
  return given_ignores(options, policy, std::move(files));
}

Review judge(const CommonOptions& options, const app::Scanner& scanner, app::ScanOutcome outcome,
             policy::PolicyRead policy, app::Ignores ignores) {
  const Severity threshold = fail_threshold(options);
  std::vector<std::string> unmet;
  if (outcome.whole_repository) unmet = app::unmet_notices(ignores, outcome.entries_met);
  policy::EvaluateInput input;
  input.findings = std::move(outcome.findings);
  input.policy = std::move(policy.policy);
  input.problems = std::move(policy.problems);
  input.allows = std::move(outcome.allows);
  input.missing = std::move(outcome.missing);
  input.scanned = std::move(outcome.scanned);
  input.now = SystemClock().now();
  std::move(ignores.problems.begin(), ignores.problems.end(), std::back_inserter(input.problems));
  input.baseline = std::move(ignores.baseline);
  input.key_id = scanner.key_id();
  input.empty_change = outcome.empty_change;
  input.whole_repository = outcome.whole_repository;
  if (threshold != Severity::off) input.policy.fail_on = threshold;
  Review review = policy::evaluate(std::move(input));
  std::move(unmet.begin(), unmet.end(), std::back_inserter(review.notices));
  return review;
}

int finish(const CommonOptions& options, const app::Scanner& scanner, app::ScanOutcome outcome,
           policy::PolicyRead policy, app::Ignores ignores, const Change& change,
           Deadline::Clock::time_point started) {
  const bool history = outcome.history;
  const Review review = judge(options, scanner, std::move(outcome), std::move(policy), std::move(ignores));
  const Severity threshold = fail_threshold(options);

  const auto format = std::find_if(formats().begin(), formats().end(),
                                   [&](const FormatSpec& spec) { return spec.name == options.format; });
  if (format == formats().end()) return complain({ErrorCode::internal, "no format " + options.format});
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Deadline::Clock::now() - started);
  const bool color = !options.no_color && options.output_file.empty() && is_terminal(STDOUT_FILENO) &&
                     !environment("NO_COLOR");
  const auto rules = all_rules(scanner.engine().rules());
  const Report report{review, change, rules, took, color, SystemClock().now(), history};
  if (const auto written = write_output(options, format->write(report)); !written) {
    return complain(written.error());
  }
  if (review.verdict == Verdict::incomplete) return exit_incomplete;
  if (review.verdict == Verdict::fail && threshold != Severity::off) return exit_findings;
  return review.missing.empty() ? exit_clean : exit_incomplete;
}

}  // namespace fanlight::cli
