#include "git/fetch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "git/process.hpp"
#include "git/push.hpp"

namespace fanlight::host {
namespace {

constexpr std::size_t policy_bytes_max = 1024 * 1024;
constexpr std::size_t first_parents_max = 1'000;
constexpr std::size_t missing_named_max = 20;

std::string size_text(std::size_t bytes) {
  if (bytes >= 1024 * 1024) return fmt::format("{} MB", (bytes + 512 * 1024) / (1024 * 1024));
  if (bytes >= 1024) return fmt::format("{} kB", (bytes + 512) / 1024);
  return fmt::format("{} bytes", bytes);
}

std::string over_limit(std::size_t limit) {
  return "over this server's limit of " + size_text(limit);
}

std::string short_name(std::string_view ref) {
  for (std::string_view prefix : {"refs/heads/", "refs/tags/", "refs/"})
    if (ref.starts_with(prefix)) return std::string(ref.substr(prefix.size()));
  return std::string(ref);
}

// The newest of `tip` and its first parents that has a review note: what was looked at last. Pushes that came
// while a review was waiting became one job, so the range starts there and not at the last push's old tip.
Result<std::string> last_reviewed(const GitRepository& repository, const std::string& old_tip,
                                  const std::string& notes_ref, Deadline deadline) {
  auto noted = repository.noted(notes_ref, deadline);
  if (!noted) return std::unexpected(noted.error());
  if (noted->empty()) return old_tip;
  auto line = repository.first_parents(old_tip, first_parents_max, deadline);
  if (!line) return std::unexpected(line.error());
  std::set<std::string> known(noted->begin(), noted->end());
  auto found = std::ranges::find_if(*line, [&](const std::string& id) { return known.contains(id); });
  return found == line->end() ? old_tip : *found;
}

Result<void> read_commits(const GitRepository& repository, const PushRange& range, const FetchLimits& limits,
                          const DiffParser& parser, Snapshot& snapshot, Deadline deadline) {
  auto commits = repository.commits(range.base, range.head, limits.commits_max + 1, deadline);
  if (!commits && commits.error().code == ErrorCode::too_large) {
    snapshot.missing.push_back({"the commits", "their messages are larger than any that people write"});
    return {};
  }
  if (!commits) return std::unexpected(commits.error());
  if (commits->size() > limits.commits_max) {
    commits->erase(commits->begin());
    snapshot.missing.push_back(
        {"the oldest commits",
         fmt::format("more than this server's limit of {} in one push", limits.commits_max)});
  }
  auto patches = repository.patches(*commits, limits.diff_bytes_max, 2 * limits.diff_bytes_max, deadline);
  if (!patches) return std::unexpected(patches.error());
  for (GitCommit& commit : *commits) {
    Commit read{.sha = commit.sha,
                .message = std::move(commit.message),
                .author_name = std::move(commit.author_name),
                .author_email = std::move(commit.author_email),
                .patch = {}};
    std::string what = "commit " + commit.sha.substr(0, 7);
    auto patch = patches->find(commit.sha);
    if (patch == patches->end()) {
      snapshot.missing.push_back({what, "its patch is " + over_limit(limits.diff_bytes_max)});
    } else if (auto diff = parser.diff(std::move(patch->second))) {
      read.patch = std::move(*diff);
    } else {
      snapshot.missing.push_back({what, diff.error().text});
    }
    snapshot.commits.push_back(std::move(read));
  }
  return {};
}

// The whole diff is over the limit: file by file then, leaving out those that are too large, each by its
// name.
Result<std::string> diff_by_file(const GitRepository& repository, const PushRange& range,
                                 const FetchLimits& limits, Snapshot& snapshot, Deadline deadline) {
  auto paths = repository.changed_paths(range.base, range.head, deadline);
  if (!paths) return std::unexpected(paths.error());
  std::string text;
  std::size_t left_out = 0, named = 0;
  for (std::size_t i = 0; i < paths->size(); ++i) {
    const std::string& path = (*paths)[i];
    std::size_t room = limits.diff_bytes_max - text.size();
    auto diff =
        i < limits.files_max
            ? repository.diff(range.base, range.head, std::min(room, limits.file_bytes_max), deadline, {path})
            : Result<std::string>(fail(ErrorCode::too_large, "too many files"));
    if (diff) {
      text += *diff;
    } else if (diff.error().code != ErrorCode::too_large) {
      return diff;
    } else if (++left_out; named < missing_named_max) {
      ++named;
      snapshot.missing.push_back(
          {printable_line(path, 200), "its changes are " + over_limit(limits.diff_bytes_max)});
    }
  }
  if (left_out > named)
    snapshot.missing.push_back(
        {fmt::format("{} more files", left_out - named), over_limit(limits.diff_bytes_max)});
  return text;
}

Result<void> read_diff(const GitRepository& repository, const PushRange& range, const FetchLimits& limits,
                       const DiffParser& parser, Snapshot& snapshot, Deadline deadline) {
  auto text = repository.diff(range.base, range.head, limits.diff_bytes_max, deadline);
  if (!text && text.error().code == ErrorCode::too_large)
    text = diff_by_file(repository, range, limits, snapshot, deadline);
  if (!text) return std::unexpected(text.error());
  auto diff = parser.diff(std::move(*text));
  if (diff) snapshot.diff = std::move(*diff);
  if (!diff) snapshot.missing.push_back({"the diff", diff.error().text});
  return {};
}

// What stands beside a file says what it is for. A tree of too many names is judged by each path alone.
Result<void> read_paths(const GitRepository& repository, const PushRange& range, Snapshot& snapshot,
                        Deadline deadline) {
  auto paths = repository.list_files(range.head, deadline);
  if (!paths && paths.error().code != ErrorCode::too_large) return std::unexpected(paths.error());
  if (paths) snapshot.paths = std::move(*paths);
  return {};
}

Result<void> read_policy_files(const GitRepository& repository, const PushRange& range,
                               const std::vector<std::string>& paths, Snapshot& snapshot, Deadline deadline) {
  if (range.policy.empty()) return {};
  auto files =
      repository.files(range.policy, paths, policy_bytes_max, paths.size() * policy_bytes_max, deadline);
  if (!files) return std::unexpected(files.error());
  for (auto& [path, file] : *files) {
    if (file.text) {
      snapshot.policy_files.emplace(path, std::move(*file.text));
    } else if (file.bytes > 0) {
      snapshot.missing.push_back(
          {path, "at the base: " + size_text(file.bytes) + ", " + over_limit(policy_bytes_max)});
    }
  }
  return {};
}

}  // namespace

Result<GitRepository> open_below(const std::string& root, const std::string& repository, Deadline deadline) {
  std::error_code error;
  std::string path = std::filesystem::canonical(root + "/" + repository, error).string();
  if (error)
    return fail(ErrorCode::not_found, fmt::format("git: open {} below {}: {}",
                                                  printable_line(repository, 200), root, error.message()));
  if (!path.starts_with(root + "/"))
    return fail(ErrorCode::forbidden,
                fmt::format("git: open {}: a link leads out of {}", printable_line(repository, 200), root));
  auto opened = GitRepository::open(path, GitTrust::anybody, deadline);
  if (!opened) return opened;
  // git looks upwards; a repository that merely contains the folder is not the one that was named.
  if (opened->git_dir() != path && opened->git_dir() != path + "/.git")
    return fail(ErrorCode::not_found, fmt::format("git: open {} below {}: not a repository",
                                                  printable_line(repository, 200), root));
  return opened;
}

Result<GitRepository> open_change(const std::string& root, const ChangeRef& change, const std::string& head,
                                  Deadline deadline) {
  auto repository = open_below(root, change.repository, deadline);
  if (!repository || change.installation.empty()) return repository;
  auto reading = repository->read_quarantine(change.installation);
  if (reading) return repository;
  if (reading.error().code != ErrorCode::not_found) return std::unexpected(reading.error());
  // Over meanwhile. When it was accepted, its objects are in the repository itself.
  auto there = repository->has_commit(head, deadline);
  if (!there) return std::unexpected(there.error());
  if (!*there) return std::unexpected(reading.error());
  return repository;
}

Result<PushRange> range_of(const GitRepository& repository, const Event& event, const std::string& notes_ref,
                           Deadline deadline) {
  PushRange range;
  std::string ref(plain_ref(event.change.ref));
  bool waiting = !event.change.installation.empty();
  auto head = repository.resolve(waiting ? event.head_sha : ref, deadline);
  if (!head && head.error().code == ErrorCode::not_found) {
    auto there = repository.has_ref(ref, deadline);
    if (!there) return std::unexpected(there.error());
    range.exists = *there || waiting;
    range.commit = false;
    return range;
  }
  if (!head) return std::unexpected(head.error());
  range.head = *head;
  auto default_ref = repository.default_branch(deadline);
  if (!default_ref) return std::unexpected(default_ref.error());
  range.default_ref = *default_ref;

  if (ref == *default_ref) {
    if (!is_null_id(event.base_sha)) {
      auto old_tip = repository.resolve(event.base_sha, deadline);
      if (!old_tip && old_tip.error().code != ErrorCode::not_found) return std::unexpected(old_tip.error());
      if (old_tip) {
        auto reviewed = last_reviewed(repository, *old_tip, notes_ref, deadline);
        if (!reviewed) return std::unexpected(reviewed.error());
        range.policy = *reviewed;
      }
    }
  } else if (auto tip = repository.resolve(*default_ref, deadline)) {
    range.policy = *tip;
  } else if (tip.error().code != ErrorCode::not_found) {
    return std::unexpected(tip.error());
  }

  range.base = repository.empty_tree();
  if (range.policy.empty()) return range;
  auto base = repository.merge_base(range.policy, range.head, deadline);
  if (base) range.base = *base;
  if (!base && base.error().code != ErrorCode::not_found) return std::unexpected(base.error());
  return range;
}

Result<Snapshot> fetch_push(const std::string& root, const std::string& notes_ref, const Event& event,
                            const std::vector<std::string>& policy_paths, const FetchLimits& limits,
                            const DiffParser& parser, Deadline deadline) {
  auto repository = open_change(root, event.change, event.head_sha, deadline);
  if (!repository) return std::unexpected(repository.error());
  auto range = range_of(*repository, event, notes_ref, deadline);
  if (!range) return std::unexpected(range.error());

  Snapshot snapshot;
  std::string ref(plain_ref(event.change.ref));
  snapshot.change.ref = event.change;
  snapshot.change.title = short_name(ref);
  snapshot.change.author = event.actor;
  snapshot.change.head_ref = short_name(ref);
  snapshot.change.base_ref = short_name(range->default_ref);
  snapshot.change.base_sha = range->base;
  snapshot.change.head_sha = range->head;
  snapshot.change.open = range->exists;
  if (!range->exists) return snapshot;
  if (!range->commit) {
    snapshot.change.head_sha = event.head_sha;
    snapshot.missing.push_back({printable_line(ref, 200), "it names no commit"});
    return snapshot;
  }
  auto read = read_policy_files(*repository, *range, policy_paths, snapshot, deadline);
  if (read) read = read_diff(*repository, *range, limits, parser, snapshot, deadline);
  if (read) read = read_commits(*repository, *range, limits, parser, snapshot, deadline);
  if (read) read = read_paths(*repository, *range, snapshot, deadline);
  if (!read)
    return fail_in(fmt::format("git: fetch {}", printable_line(event.change.display(), 300)), read.error());
  return snapshot;
}

}  // namespace fanlight::host
