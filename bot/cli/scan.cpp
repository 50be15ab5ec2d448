// `fanlight scan`: files and folders, a diff, a range, what is staged, or standard input.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include "fanlight/app/archive.hpp"
#include "fanlight/app/layout.hpp"
#include "fanlight/cli/cli.hpp"
#include "fanlight/core/files.hpp"
#include "fanlight/detect/diff_parser.hpp"
#include "fanlight/host/git_repository.hpp"
#include "history.hpp"
#include "options.hpp"
#include "repository.hpp"
#include "tree.hpp"

namespace fanlight::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t file_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t input_bytes_max = 512 * 1024 * 1024;
constexpr std::size_t files_max = 2'000'000;
constexpr std::size_t policy_bytes_max = 1024 * 1024;

Result<std::string> read_standard_input() {
  std::string out;
  char buffer[64 * 1024];
  for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
    out.append(buffer, got);
    if (out.size() > input_bytes_max) return fail(ErrorCode::too_large, "standard input: over 512 MiB");
  }
  if (std::ferror(stdin)) return fail(ErrorCode::io, "standard input: cannot be read");
  return out;
}

// Every regular file below `path`, without what git keeps for itself. Symbolic links are not followed: what
// they point to is either below as well or not part of what was asked for.
Result<void> list_files(const std::string& path, std::vector<std::string>& out,
                        std::vector<Missing>& missing) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return fail(ErrorCode::not_found, "scan " + path + ": no such file or folder");
  if (!fs::is_directory(status)) {
    out.push_back(path);
    return {};
  }
  fs::recursive_directory_iterator walk(path, fs::directory_options::none, error), end;
  if (error) return fail(ErrorCode::io, "scan " + path + ": " + error.message());
  while (walk != end) {
    const fs::directory_entry& entry = *walk;
    if (entry.is_directory(error) && entry.path().filename() == ".git") {
      walk.disable_recursion_pending();
    } else if (entry.is_regular_file(error) && !entry.is_symlink(error)) {
      if (out.size() >= files_max)
        return fail(ErrorCode::too_large, "scan " + path + ": over 2,000,000 files");
      out.push_back(entry.path().lexically_normal().string());
    }
    const std::string here = entry.path().string();
    walk.increment(error);
    if (error) {
      missing.push_back({here, error.message()});
      break;
    }
  }
  return {};
}

// Files of one PATH, and what is known of the repository that they lie in.
struct Part {
  std::vector<std::string> files;
  app::ScanSettings settings;
  std::optional<app::RepositoryText> whole;  // all of it is looked at
};

// For a single file the repository is listed only where its own path does not say what it is for.
void know_repository(const std::string& path, Part& part) {
  const Root root = root_of(path);
  coupling::Layers& layers = part.settings.layers;
  layers.before = root.before;
  layers.inside = root.inside;
  if (root.folder.empty() || !part.settings.coupling) return;
  std::error_code error;
  const bool is_folder = fs::is_directory(path, error);
  const bool said = std::ranges::all_of(
      part.files, [&](const std::string& file) { return layers.of(file).layer != Layer::instance; });
  if (said && !is_folder) return;
  auto text = tree_text(root.folder);
  if (!text) return;
  layers.repository = app::read_layout(*text);
  if (root.inside.empty() && is_folder) part.whole = std::move(*text);
}

app::ScanOutcome scan_all(const app::Scanner& scanner, const std::vector<Part>& parts, unsigned threads) {
  std::vector<std::pair<std::string_view, const app::ScanSettings*>> files;
  for (const Part& part : parts) {
    for (const std::string& file : part.files) files.emplace_back(file, &part.settings);
  }
  // A file that two PATHs name is looked at once.
  std::ranges::sort(files, {}, [](const auto& file) { return file.first; });
  const auto repeats = std::ranges::unique(files, {}, [](const auto& file) { return file.first; });
  files.erase(repeats.begin(), repeats.end());
  std::vector<app::ScanOutcome> outcomes(files.size());
  std::atomic<std::size_t> next{0};
  const auto scan_some = [&] {
    auto scratch = scanner.engine().make_scratch();
    for (std::size_t i; (i = next.fetch_add(1)) < files.size();) {
      const std::string path(files[i].first);
      auto text = read_file(path, file_bytes_max);
      if (text) {
        outcomes[i] = app::scan_content(scanner, path, *text, *files[i].second, scratch);
      } else {
        outcomes[i].missing.push_back({path, text.error().text});
      }
    }
  };
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  threads = static_cast<unsigned>(std::min<std::size_t>(threads, files.size() / 8 + 1));
  std::vector<std::thread> helpers;
  for (unsigned i = 1; i < threads; ++i) helpers.emplace_back(scan_some);
  scan_some();
  for (auto& helper : helpers) helper.join();
  // In the order of the files, whatever thread had them: the same output each time.
  app::ScanOutcome out;
  for (auto& outcome : outcomes) app::merge_outcome(out, std::move(outcome));
  app::once_per_name(out.findings);
  for (const Part& part : parts) {
    if (!part.whole) continue;
    auto more = app::find_unreleased(scanner, part.settings, *part.whole, out.findings);
    std::ranges::move(more, std::back_inserter(out.findings));
  }
  return out;
}

Result<policy::PolicyRead> local_policy(const CommonOptions& common, const app::Scanner& scanner,
                                        const std::string& root) {
  const bool named = !common.policy_file.empty();
  const std::string path = named ? common.policy_file : (fs::path(root) / policy::policy_path).string();
  auto text = named ? read_file(path, policy_bytes_max)
                    : own_file(root, std::string(policy::policy_path), policy_bytes_max);
  if (text) return policy::read_policy(*text, path, {}, scanner.rule_ids());
  if (!named && text.error().code == ErrorCode::not_found) return policy::PolicyRead{};
  return std::unexpected(text.error());
}

Result<app::ScanOutcome> scan_diff_text(const app::Scanner& scanner, std::string text,
                                        const app::ScanSettings& settings) {
  auto diff = detect::parse_diff(std::move(text));
  if (!diff) return std::unexpected(diff.error());
  auto scratch = scanner.engine().make_scratch();
  return scanner.scan_diff(*diff, {}, settings, scratch);
}

Result<app::ScanOutcome> scan_input(const app::Scanner& scanner, const ScanOptions& options,
                                    const app::ScanSettings& settings, unsigned threads) {
  if (!options.diff_file.empty()) {
    auto text =
        options.diff_file == "-" ? read_standard_input() : read_file(options.diff_file, input_bytes_max);
    if (!text) return std::unexpected(text.error());
    return scan_diff_text(scanner, std::move(*text), settings);
  }
  const bool is_dash = options.paths == std::vector<std::string>{"-"};
  if (is_dash || !options.stdin_path.empty()) {
    auto text = read_standard_input();
    if (!text) return std::unexpected(text.error());
    auto scratch = scanner.engine().make_scratch();
    return app::scan_content(scanner, is_dash ? "-" : options.stdin_path, *text, settings, scratch);
  }
  if (options.history) {
    auto outcome = scan_history(scanner, options, settings, threads);
    if (outcome) tell_survivors(*outcome);
    return outcome;
  }
  if (options.staged || !options.git_range.empty()) {
    auto snapshot = options.staged ? staged_snapshot(".") : range_snapshot(".", options.git_range);
    if (!snapshot) return std::unexpected(snapshot.error());
    auto scratch = scanner.engine().make_scratch();
    app::ScanSettings known = settings;
    known.layers.repository = app::read_layout(*snapshot);
    return scanner.scan_change(*snapshot, known, scratch);
  }
  std::vector<Part> parts;
  app::ScanOutcome out;
  for (const std::string& path : options.paths.empty() ? std::vector<std::string>{"."} : options.paths) {
    Part part{{}, settings, std::nullopt};
    if (auto listed = list_files(path, part.files, out.missing); !listed)
      return std::unexpected(listed.error());
    know_repository(path, part);
    parts.push_back(std::move(part));
  }
  if (std::ranges::all_of(parts, [](const Part& part) { return part.files.empty(); }))
    return fail(ErrorCode::not_found, "scan: no file to look at: nothing was checked");
  app::merge_outcome(out, scan_all(scanner, parts, threads));
  out.whole_repository = options.paths.empty();
  return out;
}

}  // namespace

int exit_of(const Error& error) {
  const bool unusable = error.code == ErrorCode::bad_input || error.code == ErrorCode::not_found;
  return unusable ? exit_usage : exit_incomplete;
}

Result<Looked> look(const CommonOptions& common, const ScanOptions& options) {
  auto scanner = make_scanner(common);
  if (!scanner) return std::unexpected(scanner.error());
  std::string root = options.repository.empty() ? "." : options.repository;
  if (options.history && !options.paths.empty()) root = options.paths.front();
  auto read = local_policy(common, *scanner, root);
  if (!read) return std::unexpected(read.error());
  add_policy_rules(*scanner, *read);
  if (options.without_baseline) read->policy.baseline.clear();
  auto ignores = local_ignores(common, read->policy, root);
  if (!ignores) return std::unexpected(ignores.error());
  app::ScanSettings settings = make_settings(*scanner, *read, common);
  settings.allow_list = ignores->allow_list;
  auto outcome = scan_input(*scanner, options, settings, common.threads);
  if (!outcome) return std::unexpected(outcome.error());
  // Nobody else reviews here: an inline allow counts as soon as it is written.
  for (auto& allow : outcome->allows) allow.added_here = false;
  return Looked{std::move(*scanner), std::move(*read), std::move(*ignores), std::move(*outcome)};
}

int run_scan(const CommonOptions& common, const ScanOptions& options) {
  const auto started = Deadline::Clock::now();
  auto looked = look(common, options);
  if (!looked) {
    complain(looked.error());
    return exit_of(looked.error());
  }
  return finish(common, looked->scanner, std::move(looked->outcome), std::move(looked->policy),
                std::move(looked->ignores), Change{}, started);
}

}  // namespace fanlight::cli
