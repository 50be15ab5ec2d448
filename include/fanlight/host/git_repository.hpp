// A git repository on this machine, read through the git program: a bare one, a work tree or a folder inside
// one. Used by host/git and by the command line (`scan --git`, `scan --staged`, `review --repo`). Blocking:
// call it from a pool, not from the io thread. One object may be shared by threads once it is set up.
//
// The repository is hostile: its configuration, attributes, replace refs and hooks can neither start a
// program nor hide content from a diff, nothing is fetched from the network, and a revision can never be read
// as an option. Functions that take a commit want an object id, as `resolve` gives it.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/deadline.hpp"
#include "fanlight/core/result.hpp"

namespace fanlight::host {

struct ProcessRun;

struct GitCommit {
  std::string sha;
  std::vector<std::string> parents;
  std::string author_name, author_email, message;
};

struct GitRange {
  std::string base, head;  // object ids; `base` is the merge base, or the empty tree without common history
};

// What became of one wanted file.
struct GitFile {
  std::optional<std::string> text;  // nothing: absent, not a file, or over the limit
  std::size_t bytes = 0;            // 0 when absent
};

// What of a repository's history is meant: reachable from `tips` (ids) or, when there are none, from every
// ref, HEAD and every stash; and not reachable from `without`.
struct GitHistory {
  std::vector<std::string> tips, without;
};

// One object as it is read in a row of many.
struct GitObject {
  std::string id, type;  // "blob", "commit", "tag"; an empty type: the repository does not have it
  std::string path;      // of a blob, where it was first met
  std::size_t bytes = 0;
  std::optional<std::string> text;  // nothing: over the limit, or not there
};

// One line of what a commit did: the file had these contents (one for each parent, null for "was not there")
// and has another now.
struct GitBlobChange {
  std::string_view commit, date;  // YYYY-MM-DD
  std::vector<std::string_view> before;
  std::string_view after;
};

// Who may own the repository: anybody (a configured root: an operator named it), or only the user that runs
// this program and those that the user's own safe.directory names (a command line run in some folder).
enum class GitTrust : std::uint8_t { anybody, user };

class GitRepository {
 public:
  // not_found when `directory` is in no repository, forbidden when it is somebody else's (GitTrust::user).
  static Result<GitRepository> open(const std::string& directory, GitTrust trust, Deadline deadline);

  const std::string& git_dir() const { return git_dir_; }          // absolute
  const std::string& work_tree() const { return work_tree_; }      // absolute; empty when bare
  const std::string& objects_dir() const { return objects_dir_; }  // absolute
  // The object id of the tree without files: the base of what has no history. Ready to be diffed against.
  const std::string& empty_tree() const { return empty_tree_; }

  // Reads the objects of a push that is not accepted yet as well: `name` is its folder below objects_dir().
  // not_found when it is not there any more.
  Result<void> read_quarantine(std::string_view name);

  // The commit that `revision` names: "HEAD~3", "main", "refs/tags/v1", an id. not_found when there is none,
  // bad_input for what cannot be a revision.
  Result<std::string> resolve(std::string_view revision, Deadline deadline) const;
  // "BASE..HEAD" and "BASE...HEAD" (both mean: what HEAD adds since it left BASE), or one revision (since
  // then).
  Result<GitRange> resolve_range(std::string_view range, Deadline deadline) const;
  // Where HEAD points: "refs/heads/main", whether or not that branch exists yet.
  Result<std::string> default_branch(Deadline deadline) const;
  // not_found when the two have no common history.
  Result<std::string> merge_base(const std::string& a, const std::string& b, Deadline deadline) const;
  // Of what is reachable from `head` and not from `base` the newest `commits_max`, oldest first.
  Result<std::vector<GitCommit>> commits(const std::string& base, const std::string& head,
                                         std::size_t commits_max, Deadline deadline) const;
  // Ids of `head` and its first parents, newest first, at most `commits_max`.
  Result<std::vector<std::string>> first_parents(const std::string& head, std::size_t commits_max,
                                                 Deadline deadline) const;

  // Unified diffs. `base` may be a commit or empty_tree(). too_large above `bytes_max`.
  Result<std::string> diff(const std::string& base, const std::string& head, std::size_t bytes_max,
                           Deadline deadline, const std::vector<std::string>& paths = {}) const;
  // What is staged. The one diff in which (with git before 2.41) the attributes of the index count: the index
  // is the user's own.
  Result<std::string> staged_diff(std::size_t bytes_max, Deadline deadline) const;
  // What each commit itself did, by id. A merge shows only what neither parent had. Those whose patch is over
  // `bytes_max`, or for which no room was left in `total_bytes_max`, are absent.
  Result<std::map<std::string, std::string>> patches(const std::vector<GitCommit>& commits,
                                                     std::size_t bytes_max, std::size_t total_bytes_max,
                                                     Deadline deadline) const;
  Result<std::vector<std::string>> changed_paths(const std::string& base, const std::string& head,
                                                 Deadline deadline) const;

  // Every path of a commit's tree that is a regular file, sorted. too_large above 64 MiB of names. `commit`
  // may be ":" for what is staged.
  Result<std::vector<std::string>> list_files(const std::string& commit, Deadline deadline) const;
  // All of `paths` in two processes. Files over `bytes_max`, or that do not fit into `total_bytes_max`, have
  // no text. `commit` may be ":" for what is staged.
  Result<std::map<std::string, GitFile>> files(const std::string& commit,
                                               const std::vector<std::string>& paths, std::size_t bytes_max,
                                               std::size_t total_bytes_max, Deadline deadline) const;

  // History, in one pass of git each; objects come as git reads them and are not kept. `take` is called on
  // this thread. Objects over `bytes_max` come without their text.
  //
  // Of `branches` (any revisions; none: all), what was committed since `since` (as git reads dates; empty:
  // ever).
  Result<GitHistory> history(const std::vector<std::string>& branches, const std::string& since,
                             Deadline deadline) const;
  using TakeObject = std::function<void(GitObject)>;
  Result<void> read_blobs(const GitHistory& history, std::size_t bytes_max, const TakeObject& take,
                          Deadline deadline) const;
  // Commits and annotated tags: their headers, an empty line, the message.
  Result<void> read_commits(const GitHistory& history, std::size_t bytes_max, const TakeObject& take,
                            Deadline deadline) const;
  // What commits did to files, children before their parents. A merge shows only what no parent had.
  Result<void> read_changes(const GitHistory& history, const std::function<void(const GitBlobChange&)>& take,
                            Deadline deadline) const;
  // Paths of a commit's regular files and symbolic links by the id of their content.
  Result<std::multimap<std::string, std::string>> tree_blobs(const std::string& commit,
                                                             Deadline deadline) const;
  // True when the clone ends somewhere: there is more history than it has.
  bool is_shallow() const;

  // Notes are read and written in the repository itself, never in a quarantine.
  Result<std::optional<std::string>> note(const std::string& ref, const std::string& commit,
                                          Deadline deadline) const;
  // Replaces the note. forbidden when this process may not write to the repository.
  Result<void> put_note(const std::string& ref, const std::string& commit, std::string_view text,
                        Deadline deadline) const;
  // Ids of the objects that have a note; empty when the notes ref does not exist.
  Result<std::vector<std::string>> noted(const std::string& ref, Deadline deadline) const;
  // True when the repository itself has the commit, quarantine apart.
  Result<bool> has_commit(const std::string& commit, Deadline deadline) const;
  Result<bool> has_ref(const std::string& ref, Deadline deadline) const;
  // A value of the repository's own configuration; nothing when it is not set.
  Result<std::optional<std::string>> config(const std::string& key, Deadline deadline) const;
  Result<void> set_config(const std::string& key, const std::string& value, Deadline deadline) const;

 private:
  struct Call;
  struct Answer;
  GitRepository() = default;
  ProcessRun process(Call call) const;
  Result<std::vector<std::string>> stashes(Deadline deadline) const;
  Result<void> read_objects(std::vector<Call> calls, std::size_t bytes_max, const TakeObject& take,
                            Deadline deadline) const;
  Result<Answer> run(Call call, Deadline deadline) const;
  Result<std::string> run_ok(Call call, Deadline deadline) const;
  Result<std::string> merge_patch(const GitCommit& commit, std::size_t bytes_max, Deadline deadline) const;

  std::string git_dir_, work_tree_, objects_dir_, empty_tree_, quarantine_;
};

// A whole object id: 40 or 64 lower-case hexadecimal digits.
bool is_object_id(std::string_view text);
// The id of no object, as git writes it for "was not there": all zeros.
bool is_null_id(std::string_view text);
// A well-formed full reference name ("refs/heads/topic") by the rules of git-check-ref-format.
bool is_ref_name(std::string_view text);

// The combined diff of a merge (two parents or more) as a plain one: lines that no parent had are added,
// lines that every parent had are removed, the rest is context. Pure.
Result<std::string> plain_from_combined(std::string_view combined);

}  // namespace fanlight::host
