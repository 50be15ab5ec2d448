// The host port: everything fanlight wants of a git host. One Host object per configured host section.
//
// `receive` and the codecs below it are pure: bytes in, event out. The rest is asynchronous, on the io
// thread, each under the caller's deadline. Hosts: host/github (api.github.com and Enterprise Server),
// host/git (bare repositories on this machine). tests use tests/support/fake_host.hpp.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/clock.hpp"
#include "fanlight/core/deadline.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/core/result.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/core/task.hpp"
#include "fanlight/model/action.hpp"
#include "fanlight/model/capabilities.hpp"
#include "fanlight/model/change.hpp"
#include "fanlight/model/event.hpp"
#include "fanlight/net/client.hpp"
#include "fanlight/net/http.hpp"

namespace fanlight::host {

// A delivery whose signature held, and what it means. For type `ignored` and `ping` nothing is stored.
struct Received {
  Delivery delivery;
  Event event;
};

enum class Permission : std::uint8_t { none, read, write, admin };

// What an action became. `id` is the host's, to find the comment again.
struct Applied {
  std::vector<Posted> posted;  // one per comment that now stands
  std::string url;
  std::string detail;  // "3 comments, 1 moved to the summary"
  // Inline comments that the host refused to anchor; the caller shows them in the summary.
  std::vector<InlineComment> refused;
};

struct FetchLimits {
  std::size_t diff_bytes_max = 32 * 1024 * 1024;
  std::size_t file_bytes_max = 25 * 1024 * 1024;
  std::size_t files_max = 3'000;
  std::size_t commits_max = 250;
};

// The diff parser (detect/diff_parser.hpp). Handed in by whoever wires the boxes, because host may not
// include detect.
struct DiffParser {
  std::function<Result<Diff>(std::string)> diff;
  std::function<Result<std::vector<Hunk>>(std::shared_ptr<const std::string>, std::string_view)> hunks;
};

// A change as git itself sees it: the last rung of fetching, for what a host's API will not tell.
struct GitFetchRequest {
  std::string url;       // "https://github.com/acme/api.git"; from configuration, never from a payload
  Secret authorization;  // value of the Authorization header; empty for none. Never on a command line
  std::string head_ref;  // what to fetch: "refs/pull/42/head"
  std::string base_sha, head_sha;
  std::size_t diff_bytes_max = 0;
};
// The unified diff from the merge base of both to the head.
using GitFetch = std::function<Task<Result<std::string>>(GitFetchRequest, Deadline)>;

// The files of one commit, for what a change alone does not show.
struct TreeLimits {
  std::size_t files_max = 20'000;
  std::size_t file_bytes_max = 1024 * 1024;
  std::size_t total_bytes_max = 64 * 1024 * 1024;
  std::uint64_t repository_bytes_max = std::uint64_t{2} * 1024 * 1024 * 1024;  // as the host counts it
};

struct Tree {
  std::vector<std::string> paths;            // of all regular files, sorted
  std::map<std::string, std::string> texts;  // of those within the limits
};
// Of the commit `head_sha` alone, without its history. too_large over files_max.
using GitTreeFetch = std::function<Task<Result<Tree>>(GitFetchRequest, TreeLimits, Deadline)>;

class Host {
 public:
  virtual ~Host() = default;

  virtual const std::string& name() const = 0;  // the configuration section
  virtual const Capabilities& capabilities() const = 0;

  // Verifies the signature over the raw body (constant time), then decodes. Pure.
  // unauthenticated: no or wrong signature. bad_input: not this host's payload.
  virtual Result<Received> receive(const net::Request& request) const = 0;
  // A stored delivery again; no signature any more. Pure.
  virtual Result<Event> decode(const Delivery& delivery) const = 0;

  // The change and its policy alone, for answering a command: what is read is as strict as in fetch. A host
  // where nobody writes comments has no need of it.
  virtual Task<Result<Snapshot>> fetch_change(ChangeRef change, std::vector<std::string> policy_paths,
                                              Deadline deadline);
  // Everything needed to judge the change at its newest head. What could not be had is in Snapshot::missing;
  // an Error only when the change itself cannot be read. `policy_paths` are read at the base commit.
  virtual Task<Result<Snapshot>> fetch(Event event, std::vector<std::string> policy_paths, FetchLimits limits,
                                       Deadline deadline) = 0;
  // The full text of `paths` at the snapshot's head, for findings that need context. Absent files are left
  // out.
  virtual Task<Result<std::map<std::string, std::string>>> fetch_files(const Change& change,
                                                                       std::vector<std::string> paths,
                                                                       FetchLimits limits,
                                                                       Deadline deadline) = 0;
  virtual Task<Result<Permission>> fetch_permission(ChangeRef change, std::string login,
                                                    Deadline deadline) = 0;

  // All files at the change's head. A clone: minutes for a large repository, so never within a webhook's
  // answer.
  virtual Task<Result<Tree>> fetch_tree(Change change, TreeLimits limits, Deadline deadline);
  // Whether everybody can see the repository "github.com/acme/waf". False for one that is not there as well:
  // the two look the same from outside, and must to whoever reads what follows from it. Nothing for a
  // repository of another host.
  virtual Task<Result<std::optional<bool>>> fetch_visibility(ChangeRef change, std::string name,
                                                             Deadline deadline);

  // `diff` is the change's, for checking anchors before anything is sent. With `maybe_done` the host is asked
  // first whether the action's marker stands there already: pass true on every attempt after the first, when
  // an earlier one may have ended between the host's answer and the store's write. Then nothing is posted
  // twice.
  virtual Task<Result<Applied>> apply(const Change& change, const Diff& diff, Action action, bool maybe_done,
                                      Deadline deadline) = 0;

  // A line for operators at start-up: "https://api.github.com as App 12345". Checks nothing.
  virtual std::string describe() const = 0;
};

struct GithubConfig {
  std::string name = "github";
  std::string api_url = "https://api.github.com";  // GHES: https://HOST/api/v3. Never taken from a payload
  std::string web_url = "https://github.com";
  Secret webhook_secret;
  std::string app_id;      // App authentication needs both of these …
  Secret app_private_key;  // PEM
  Secret token;            // … token authentication this one alone
  std::string
      bot_login;  // own login, ignored in comments; learnt from the App when empty, required with a token
  std::string status_name = "fanlight";
  // A head that the host does not know yet is tried again after 1, 2 and 4 of these.
  std::chrono::milliseconds lag{1'000};
};

// Checks the configuration (key parses, URL is absolute, exactly one way to authenticate); talks to nobody.
// Without `git_fetch` the ladder ends one rung earlier, with Missing; without `git_tree` no tree is read.
Result<std::unique_ptr<Host>> make_github(GithubConfig config, net::Client& client, Clock& clock,
                                          Random& random, DiffParser parser, GitFetch git_fetch = {},
                                          GitTreeFetch git_tree = {});

struct GitConfig {
  std::string name = "git";
  std::string root;    // repositories are below it; a hook's request for anything else is refused
  Secret hook_secret;  // signs what the installed hooks send
  std::string notes_ref = "refs/notes/fanlight";
};

Result<std::unique_ptr<Host>> make_git(GitConfig config, Executor executor, Clock& clock, DiffParser parser);

}  // namespace fanlight::host
