#include "repository.hpp"

#include <algorithm>
#include <filesystem>

#include "fanlight/app/layout.hpp"
#include "fanlight/core/files.hpp"
#include "fanlight/coupling/change.hpp"
#include "fanlight/detect/diff_parser.hpp"
#include "fanlight/host/git_repository.hpp"
#include "fanlight/policy/policy.hpp"

namespace fanlight::cli {

namespace {

constexpr std::chrono::minutes time_max{10};
constexpr std::size_t diff_bytes_max = 512 * 1024 * 1024;
constexpr std::size_t file_bytes_max = 25 * 1024 * 1024;
constexpr std::size_t files_bytes_max = 256 * 1024 * 1024;
constexpr std::size_t commits_max = 10'000;

std::string short_id(const std::string& sha) {
  return sha.substr(0, 7);
}

// Only where hunks do not show the whole file.
std::vector<std::string> paths_of(const Diff& diff) {
  std::vector<std::string> out;
  for (const FileDiff& file : diff.files) {
    const bool whole = file.status == FileStatus::added || file.status == FileStatus::removed;
    if (!whole && !file.binary) out.push_back(file.new_path);
  }
  return out;
}

Result<void> add_files(const host::GitRepository& repository, const std::string& commit,
                       const std::vector<std::string>& paths, Snapshot& snapshot, Deadline deadline) {
  if (paths.empty()) return {};
  auto files = repository.files(commit, paths, file_bytes_max, files_bytes_max, deadline);
  if (!files) return std::unexpected(files.error());
  for (auto& [path, file] : *files) {
    if (file.text) snapshot.files.emplace(path, std::move(*file.text));
  }
  return {};
}

// What declares the names that the added lines use, where the change itself does not show it.
Result<void> add_declarations(const host::GitRepository& repository, const std::string& commit,
                              Snapshot& snapshot, Deadline deadline) {
  std::vector<std::string> paths;
  for (const FileDiff& file : snapshot.diff.files) {
    if (file.binary || file.status == FileStatus::removed) continue;
    if (auto path = coupling::declarations_wanted(file, snapshot.files)) paths.push_back(std::move(*path));
  }
  std::ranges::sort(paths);
  const auto rest = std::ranges::unique(paths);
  paths.erase(rest.begin(), rest.end());
  // What the change adds is in its diff already.
  std::erase_if(paths, [&](const std::string& path) {
    return std::ranges::any_of(snapshot.diff.files, [&](const FileDiff& f) { return f.new_path == path; });
  });
  return add_files(repository, commit, paths, snapshot, deadline);
}

// What stands beside the changed files, and the texts that tell modules from what is deployed.
Result<void> add_layout(const host::GitRepository& repository, const std::string& commit, Snapshot& snapshot,
                        Deadline deadline) {
  auto paths = repository.list_files(commit, deadline);
  if (!paths) return std::unexpected(paths.error());
  snapshot.paths = std::move(*paths);
  const auto evidence = app::layout_evidence(snapshot);
  return add_files(repository, commit, evidence, snapshot, deadline);
}

Result<void> add_commits(const host::GitRepository& repository, Snapshot& snapshot, Deadline deadline) {
  const Change& change = snapshot.change;
  auto commits = repository.commits(change.base_sha, change.head_sha, commits_max, deadline);
  if (!commits) return std::unexpected(commits.error());
  if (commits->size() == commits_max)
    snapshot.missing.push_back({"older commits", "over the limit of 10,000"});
  auto patches = repository.patches(*commits, diff_bytes_max, diff_bytes_max, deadline);
  if (!patches) return std::unexpected(patches.error());
  for (host::GitCommit& commit : *commits) {
    Commit out{commit.sha, commit.message, commit.author_name, commit.author_email, {}};
    if (const auto patch = patches->find(commit.sha); patch != patches->end()) {
      auto parsed = detect::parse_diff(std::move(patch->second));
      if (!parsed) return fail_in("commit " + short_id(commit.sha), parsed.error());
      out.patch = std::move(*parsed);
    } else {
      snapshot.missing.push_back({"commit " + short_id(commit.sha), "its patch is over the limit"});
    }
    snapshot.commits.push_back(std::move(out));
  }
  return {};
}

Result<void> add_policy(const host::GitRepository& repository, Snapshot& snapshot, Deadline deadline) {
  const std::string path(policy::policy_path);
  if (snapshot.change.base_sha == repository.empty_tree()) return {};
  auto files = repository.files(snapshot.change.base_sha, {path}, file_bytes_max, file_bytes_max, deadline);
  if (!files) return std::unexpected(files.error());
  if (auto found = files->find(path); found != files->end() && found->second.text) {
    snapshot.policy_files.emplace(path, std::move(*found->second.text));
  }
  return {};
}

}  // namespace

Result<Snapshot> range_snapshot(const std::string& directory, const std::string& range) {
  const Deadline deadline = Deadline::after(time_max);
  auto repository = host::GitRepository::open(directory, host::GitTrust::user, deadline);
  if (!repository) return std::unexpected(repository.error());
  auto ends = repository->resolve_range(range, deadline);
  if (!ends) return std::unexpected(ends.error());
  Snapshot out;
  out.change.ref.host = "git";
  out.change.ref.repository = std::filesystem::path(repository->git_dir()).string();
  out.change.ref.ref = range;
  out.change.base_sha = ends->base;
  out.change.head_sha = ends->head;
  auto text = repository->diff(ends->base, ends->head, diff_bytes_max, deadline);
  if (!text) return std::unexpected(text.error());
  auto diff = detect::parse_diff(std::move(*text));
  if (!diff) return std::unexpected(diff.error());
  out.diff = std::move(*diff);
  if (auto added = add_policy(*repository, out, deadline); !added) return std::unexpected(added.error());
  if (auto added = add_commits(*repository, out, deadline); !added) return std::unexpected(added.error());
  if (auto added = add_files(*repository, ends->head, paths_of(out.diff), out, deadline); !added)
    return std::unexpected(added.error());
  if (auto added = add_layout(*repository, ends->head, out, deadline); !added)
    return std::unexpected(added.error());
  if (auto added = add_declarations(*repository, ends->head, out, deadline); !added)
    return std::unexpected(added.error());
  return out;
}

Result<std::map<std::string, std::string>> files_at(const std::string& directory, const std::string& commit,
                                                    const std::vector<std::string>& paths) {
  std::map<std::string, std::string> out;
  const Deadline deadline = Deadline::after(time_max);
  auto repository = host::GitRepository::open(directory, host::GitTrust::user, deadline);
  if (!repository) return std::unexpected(repository.error());
  if (paths.empty() || commit == repository->empty_tree()) return out;
  auto files = repository->files(commit, paths, file_bytes_max, files_bytes_max, deadline);
  if (!files) return std::unexpected(files.error());
  for (auto& [path, file] : *files) {
    if (file.text) out.emplace(path, std::move(*file.text));
  }
  return out;
}

bool is_bare(const std::string& directory) {
  std::error_code error;
  const std::filesystem::path root(directory);
  return std::filesystem::exists(root / "HEAD", error) &&
         std::filesystem::is_directory(root / "objects", error);
}

Result<std::string> own_file(const std::string& directory, const std::string& path, std::size_t bytes_max) {
  if (!is_bare(directory)) return read_file((std::filesystem::path(directory) / path).string(), bytes_max);
  const Deadline deadline = Deadline::after(time_max);
  const auto repository = host::GitRepository::open(directory, host::GitTrust::user, deadline);
  if (!repository) return std::unexpected(repository.error());
  const auto head = repository->resolve("HEAD", deadline);
  if (!head) return std::unexpected(head.error());
  auto files = repository->files(*head, {path}, bytes_max, bytes_max, deadline);
  if (!files) return std::unexpected(files.error());
  const auto found = files->find(path);
  if (found == files->end() || (!found->second.text && found->second.bytes == 0))
    return fail(ErrorCode::not_found, path + ": not in the repository at its HEAD");
  if (!found->second.text) return fail(ErrorCode::too_large, path + ": over the limit for such a file");
  return std::move(*found->second.text);
}

Result<Snapshot> staged_snapshot(const std::string& directory) {
  const Deadline deadline = Deadline::after(time_max);
  auto repository = host::GitRepository::open(directory, host::GitTrust::user, deadline);
  if (!repository) return std::unexpected(repository.error());
  auto text = repository->staged_diff(diff_bytes_max, deadline);
  if (!text) return std::unexpected(text.error());
  auto diff = detect::parse_diff(std::move(*text));
  if (!diff) return std::unexpected(diff.error());
  Snapshot out;
  out.diff = std::move(*diff);
  if (auto added = add_files(*repository, ":", paths_of(out.diff), out, deadline); !added)
    return std::unexpected(added.error());
  if (auto added = add_layout(*repository, ":", out, deadline); !added) return std::unexpected(added.error());
  if (auto added = add_declarations(*repository, ":", out, deadline); !added)
    return std::unexpected(added.error());
  return out;
}

}  // namespace fanlight::cli
