// The GitHub host: asks with the driver, reads and writes with the codecs. Its methods are spread over three
// files by what they are for: github.cpp (set-up, permission, files), fetch.cpp and ladder.cpp (a change),
// apply.cpp and review.cpp (actions).
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "driver.hpp"
#include "fanlight/host/host.hpp"
#include "github/decode.hpp"
#include "github/patch_cache.hpp"
#include "github/tokens.hpp"
#include "github/webhook.hpp"

namespace fanlight::host::github {

// A pull request, or a group of a merge queue, as far as fetching must tell them apart.
struct Source {
  Change change;
  std::string diff_path, files_path, commits_path;
  bool files_in_pages = true;  // false: only the first 300 are told
  std::uint64_t files = 0;     // 0: not told
  std::uint64_t commits = 0, comments = 0, review_comments = 0;
  std::string merge_base;  // empty: not told
};

// What a rung of the ladder could not give.
struct Rung {
  std::string diff;              // unified
  std::vector<Missing> missing;  // empty: the rung holds everything
};

class Github final : public Host {
 public:
  Github(GithubConfig config, Tokens tokens, net::Client& client, Clock& clock, DiffParser parser,
         GitFetch git_fetch, GitTreeFetch git_tree);

  const std::string& name() const override { return config_.name; }
  const Capabilities& capabilities() const override { return capabilities_; }
  Result<Received> receive(const net::Request& request) const override;
  Result<Event> decode(const Delivery& delivery) const override;
  Task<Result<Snapshot>> fetch_change(ChangeRef change, std::vector<std::string> policy_paths,
                                      Deadline deadline) override;
  Task<Result<Snapshot>> fetch(Event event, std::vector<std::string> policy_paths, FetchLimits limits,
                               Deadline deadline) override;
  Task<Result<std::map<std::string, std::string>>> fetch_files(const Change& change,
                                                               std::vector<std::string> paths,
                                                               FetchLimits limits,
                                                               Deadline deadline) override;
  Task<Result<Permission>> fetch_permission(ChangeRef change, std::string login, Deadline deadline) override;
  Task<Result<Tree>> fetch_tree(Change change, TreeLimits limits, Deadline deadline) override;
  Task<Result<std::optional<bool>>> fetch_visibility(ChangeRef change, std::string name,
                                                     Deadline deadline) override;
  Task<Result<Applied>> apply(const Change& change, const Diff& diff, Action action, bool maybe_done,
                              Deadline deadline) override;
  std::string describe() const override;

 private:
  // A GET of JSON on behalf of the change's installation; the rest is for the caller to set.
  Call get(const ChangeRef& ref, std::string what, std::string path) const;
  Call write(const ChangeRef& ref, std::string what, std::string method, std::string path,
             std::string body) const;
  Error in(const Call& call, Error error) const;

  // fetch.cpp
  Task<Result<ChangeRef>> resolve(ChangeRef ref, std::string head_sha, Deadline deadline);
  Task<Result<Source>> fetch_pull(ChangeRef ref, Deadline deadline);
  Task<Result<Source>> fetch_group(Event event, Deadline deadline);
  Task<Result<std::optional<std::string>>> fetch_text(ChangeRef ref, std::string path, std::string commit,
                                                      std::size_t bytes_max, bool keep, Deadline deadline);
  Task<Result<void>> fetch_policy(Snapshot& snapshot, std::vector<std::string> paths, Deadline deadline);
  Task<Result<void>> fetch_commits(Snapshot& snapshot, Source source, FetchLimits limits, Deadline deadline);
  Task<Result<void>> fetch_patch(Snapshot& snapshot, CommitItem item, FetchLimits limits, Deadline deadline);
  Task<Result<void>> fetch_posted(Snapshot& snapshot, Source source, Deadline deadline);
  Task<Result<std::vector<CommentItem>>> fetch_own(ChangeRef ref, std::string list, Deadline deadline);
  Task<Result<std::string>> own_login(Deadline deadline);

  // ladder.cpp
  Task<Result<void>> fetch_diff(Snapshot& snapshot, Source source, FetchLimits limits, Deadline deadline);
  Task<Result<Rung>> fetch_whole_diff(Source source, FetchLimits limits, Deadline deadline);
  Task<Result<Rung>> fetch_file_list(Source source, FetchLimits limits, Deadline deadline);
  Task<Result<GitFetchRequest>> git_request(Change change, Deadline deadline);
  Task<Result<Rung>> fetch_with_git(Source source, FetchLimits limits, Deadline deadline);
  Task<Result<std::string>> fetch_file_diff(Source& source, FileItem item, FetchLimits limits,
                                            Deadline deadline);
  Task<Result<std::string>> fetch_merge_base(Source source, Deadline deadline);

  // apply.cpp
  Task<Result<Applied>> apply_summary(Change change, PutSummary action, bool maybe_done, Deadline deadline);
  Task<Result<Applied>> apply_reply(Change change, Reply action, bool maybe_done, Deadline deadline);
  Task<Result<Applied>> apply_acknowledge(Change change, Acknowledge action, Deadline deadline);
  Task<Result<Applied>> apply_status(Change change, SetStatus action, bool maybe_done, Deadline deadline);
  Task<Result<Applied>> apply_check_run(Change change, SetStatus action, bool maybe_done, Deadline deadline);
  Task<Result<std::optional<CommentItem>>> find_own(ChangeRef ref, std::string list, std::string marker,
                                                    Deadline deadline);
  Task<Result<CheckRun>> send_check_run(Change change, std::string run_id, std::string body,
                                        Deadline deadline);

  // review.cpp
  Task<Result<Applied>> apply_review(Change change, const Diff& diff, PostReview action, bool maybe_done,
                                     Deadline deadline);
  Task<Result<void>> drop_posted(Change change, PostReview& action, Applied& applied, Deadline deadline);
  Task<Result<void>> post_comments(Change change, PostReview action, Applied& applied, Deadline deadline);

  GithubConfig config_;
  Identity identity_;
  Capabilities capabilities_;
  Tokens tokens_;
  Driver driver_;
  DiffParser parser_;
  GitFetch git_fetch_;
  GitTreeFetch git_tree_;
  PatchCache patches_;
  std::string own_login_;
  // Check runs of ours that are not completed, by repository and head; after a restart the host is asked.
  std::map<std::string, std::string> open_runs_;
};

// True when going on to the next way of fetching makes no sense: the host wants to be left alone, the
// credentials do not work, the time is over.
bool must_stop(const Error& error, Deadline deadline);
// For a refusal of a commit that the host does not have yet (facts of github: a webhook comes before a fork's
// head is known to the base repository).
bool commit_unknown_yet(const net::Response& response);

}  // namespace fanlight::host::github
