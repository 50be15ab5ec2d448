// `fanlight readiness`: what stands between each module of a repository and its release.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <thread>

#include "fanlight/app/readiness.hpp"
#include "fanlight/app/readiness_report.hpp"
#include "fanlight/cli/cli.hpp"
#include "fanlight/core/clock.hpp"
#include "fanlight/core/files.hpp"
#include "fanlight/host/git_repository.hpp"
#include "history.hpp"
#include "options.hpp"
#include "repository.hpp"
#include "tree.hpp"

namespace fanlight::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t file_bytes_max = 16 * 1024 * 1024;
constexpr std::size_t policy_bytes_max = 1024 * 1024;
constexpr std::size_t baseline_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t bare_bytes_max = 512 * 1024 * 1024;
constexpr std::chrono::minutes time_max{10};

// A bare repository, at its HEAD: all texts at once, since each read would be a process.
Result<app::RepositoryText> bare_text(const host::GitRepository& repository, Deadline deadline) {
  auto head = repository.resolve("HEAD", deadline);
  if (!head) return std::unexpected(head.error());
  auto paths = repository.list_files(*head, deadline);
  if (!paths) return std::unexpected(paths.error());
  auto files = repository.files(*head, *paths, file_bytes_max, bare_bytes_max, deadline);
  if (!files) return std::unexpected(files.error());
  app::RepositoryText out;
  out.paths = std::move(*paths);
  out.read = [files = std::make_shared<const std::map<std::string, host::GitFile>>(std::move(*files))](
                 const std::string& path) -> Result<std::string> {
    const auto found = files->find(path);
    if (found == files->end() || !found->second.text)
      return fail(ErrorCode::too_large, "over the limit of 16 MiB for one file or 512 MiB for all");
    return *found->second.text;
  };
  return out;
}

Result<app::RepositoryText> repository_text(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error))
    return fail(ErrorCode::not_found, "readiness " + path + ": no such folder");
  if (is_bare(path)) {
    const Deadline deadline = Deadline::after(time_max);
    auto repository = host::GitRepository::open(path, host::GitTrust::user, deadline);
    if (!repository) return std::unexpected(repository.error());
    return bare_text(*repository, deadline);
  }
  auto text = tree_text(path);
  if (!text) return fail_in("readiness", text.error());
  return text;
}

Result<policy::Policy> policy_of(const CommonOptions& common, const app::RepositoryText& repository,
                                 const app::Scanner& scanner) {
  const bool named = !common.policy_file.empty();
  const std::string own(policy::policy_path);
  if (!named && !std::binary_search(repository.paths.begin(), repository.paths.end(), own))
    return policy::Policy{};
  auto text = named ? read_file(common.policy_file, policy_bytes_max) : repository.read(own);
  if (!text) return std::unexpected(text.error());
  auto read = policy::read_policy(*text, named ? common.policy_file : own, {}, scanner.rule_ids());
  if (!read.problems.empty()) return fail(ErrorCode::bad_input, read.problems.front());
  return std::move(read.policy);
}

int exit_code(const coupling::Readiness& readiness, const app::ReadinessReport& report,
              const CommonOptions& common) {
  if (!readiness.missing.empty() || readiness.count(coupling::ReadyState::incomplete)) return exit_incomplete;
  if (common.fail_on == "never") return exit_clean;
  if (report.since) return report.since->introduced.empty() ? exit_clean : exit_findings;
  const bool all = std::ranges::all_of(readiness.modules, [&](const coupling::ModuleReport& module) {
    const bool asked = report.module.empty() || module.name == report.module;
    return !asked || module.state == coupling::ReadyState::ready ||
           module.state == coupling::ReadyState::ready_after;
  });
  return all ? exit_clean : exit_findings;
}

}  // namespace

int run_readiness(const CommonOptions& common, const ReadinessOptions& options) {
  auto scanner = make_scanner(common);
  if (!scanner) return complain(scanner.error());
  auto repository = repository_text(options.path);
  if (!repository) return complain(repository.error());
  auto policy = policy_of(common, *repository, *scanner);
  if (!policy) return complain(policy.error());
  const unsigned threads =
      common.threads ? common.threads : std::max(1u, std::thread::hardware_concurrency());
  app::ReadinessOptions how{threads, SystemClock().now(), {}};
  if (options.history) {
    how.history = [&](const app::ScanSettings& settings) {
      ScanOptions all;
      all.repository = options.path;
      return scan_history(*scanner, all, settings, threads);
    };
  }
  auto measured = app::measure_readiness(*scanner, *policy, *repository, how);
  if (!measured) return complain(measured.error());
  coupling::Readiness& readiness = *measured;

  app::ReadinessReport report{readiness};
  report.module = options.module;
  const std::string title = fs::absolute(options.path).lexically_normal().parent_path().filename().string();
  const std::string name = fs::path(options.path).filename().string();
  report.title = name.empty() || name == "." ? title : name;
  if (!options.module.empty() &&
      std::ranges::find(readiness.modules, options.module, &coupling::ModuleReport::name) ==
          readiness.modules.end()) {
    return complain({ErrorCode::not_found,
                     "readiness: no module \"" + options.module + "\": `fanlight readiness` lists them"});
  }
  if (!options.baseline_file.empty()) {
    auto text = read_file(options.baseline_file, baseline_bytes_max);
    if (!text) return complain(text.error());
    auto baseline = app::read_baseline(*text, options.baseline_file);
    if (!baseline) return complain(baseline.error());
    report.since = coupling::compare(*baseline, readiness);
  }
  const bool color = !common.no_color && common.output_file.empty() && is_terminal(STDOUT_FILENO) &&
                     !environment("NO_COLOR");
  const std::string text = options.format == "json"       ? app::readiness_json(report)
                           : options.format == "markdown" ? app::readiness_markdown(report)
                           : options.format == "html"     ? app::readiness_html(report)
                                                          : app::readiness_text(report, color);
  if (const auto written = write_output(common, text); !written) return complain(written.error());
  return exit_code(readiness, report, common);
}

}  // namespace fanlight::cli
