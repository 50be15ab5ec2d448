// GitHub's answers to values. Pure. Members that a caller cannot do without are checked here, everything else
// reads as empty.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/clock.hpp"
#include "fanlight/core/result.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/host/host.hpp"
#include "fanlight/model/change.hpp"

namespace fanlight::host::github {

struct Pull {
  Change change;  // ref.repository is the name the repository has now
  std::uint64_t files = 0, commits = 0, comments = 0, review_comments = 0;
};
Result<Pull> decode_pull(std::string_view text, const ChangeRef& ref, std::string_view web_url);

struct CommitItem {
  Commit commit;
  std::vector<std::string> parents;
};
// The list of a pull request, or the "commits" of a comparison.
Result<std::vector<CommitItem>> decode_commits(std::string_view text);

struct FileItem {
  std::string path, previous_path, sha, status;
  std::int64_t changes = 0;
  std::optional<std::string> patch;
};
// The list of a pull request, or the "files" of a comparison.
Result<std::vector<FileItem>> decode_files(std::string_view text);
// How a file of the list must be completed before it can be called looked at.
enum class Completion { whole, no_content, needs_blob };
Completion completion_of(const FileItem& item);

struct Comparison {
  std::string merge_base;
  std::uint64_t commits = 0;
};
Result<Comparison> decode_comparison(std::string_view text);

struct CommentItem {
  std::string id, login, body, commit, url;
  std::string in_reply_to;  // id of the thread's first comment; empty for that itself
};
// Issue comments, review comments and reviews.
Result<std::vector<CommentItem>> decode_comments(std::string_view text);
Result<CommentItem> decode_comment_item(std::string_view text);

struct CheckRun {
  std::string id, status, conclusion, external_id, title, url;
  std::uint64_t annotations = 0;
};
Result<std::vector<CheckRun>> decode_check_runs(std::string_view text);
Result<CheckRun> decode_check_run_item(std::string_view text);

struct InstallationToken {
  Secret token;
  TimePoint expires{};
};
Result<InstallationToken> decode_installation_token(std::string_view text);
Result<std::string> decode_id(std::string_view text);         // "id" of any object
Result<std::string> decode_app_login(std::string_view text);  // "fanlight[bot]" from GET /app
Result<Permission> decode_permission(std::string_view text);
Result<bool> decode_is_public(std::string_view text);                  // of GET /repos/{owner}/{repo}
Result<std::uint64_t> decode_repository_bytes(std::string_view text);  // of the same

}  // namespace fanlight::host::github
