// Everything about one change, in as few requests as the host allows: the pull request, its diff, its
// commits, the policy at the base, and, only where the pull request says that there are comments, what we
// posted before.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "github/github.hpp"
#include "github/marker.hpp"
#include "github/media.hpp"

namespace fanlight::host::github {
namespace {

constexpr unsigned per_page = 100;
constexpr unsigned comment_pages_max = 20;
constexpr std::size_t pull_commits_max = 250;  // GET pulls/{n}/commits ends there
constexpr std::size_t policy_bytes_max = 1024 * 1024;

std::string short_sha(const std::string& sha) {
  return sha.substr(0, 7);
}

std::string repo_path(const ChangeRef& ref) {
  return "/repos/" + ref.repository;
}

}  // namespace

Task<Result<std::string>> Github::own_login(Deadline deadline) {
  if (!own_login_.empty()) co_return own_login_;
  Call call;
  call.what = "get the App's name";
  call.scope.as_app = true;
  call.path = "/app";
  call.accept = media_json;
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  auto login = decode_app_login(response->body);
  if (!login) co_return std::unexpected(in(call, login.error()));
  own_login_ = *login;
  co_return own_login_;
}

// A re-run of a fork's suite names a commit and no pull request. Our own check runs on that commit carry the
// change's key; nothing else is asked, because GitHub's own list of a commit's pull requests is empty for
// forks as well.
Task<Result<ChangeRef>> Github::resolve(ChangeRef ref, std::string head_sha, Deadline deadline) {
  Call call = get(ref, fmt::format("find the change with head {} in {}", short_sha(head_sha), ref.repository),
                  fmt::format("{}/commits/{}/check-runs?check_name={}&filter=all&per_page=100",
                              repo_path(ref), head_sha, net::encode_component(config_.status_name)));
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  auto runs = decode_check_runs(response->body);
  if (!runs) co_return std::unexpected(in(call, runs.error()));
  std::set<std::uint64_t> numbers;
  const std::string prefix = fmt::format("{}|{}|", config_.name, ref.repository);
  for (const CheckRun& run : *runs) {
    if (!run.external_id.starts_with(prefix)) continue;
    const std::string tail = run.external_id.substr(prefix.size());
    if (tail.empty() || tail.size() > 9 || tail.find_first_not_of("0123456789") != std::string::npos)
      continue;
    numbers.insert(std::stoull(tail));
  }
  if (numbers.size() != 1) {
    co_return std::unexpected(
        in(call,
           Error(ErrorCode::not_found, numbers.empty() ? "no check run of ours names one"
                                                       : "several have it: say /fanlight recheck on one")));
  }
  ref.number = *numbers.begin();
  ref.ref.clear();
  co_return ref;
}

Task<Result<Source>> Github::fetch_pull(ChangeRef ref, Deadline deadline) {
  Call call =
      get(ref, fmt::format("get {}", ref.display()), fmt::format("{}/pulls/{}", repo_path(ref), ref.number));
  call.keep = true;
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  auto pull = decode_pull(response->body, ref, config_.web_url);
  if (!pull) co_return std::unexpected(in(call, pull.error()));
  Source source;
  source.change = std::move(pull->change);
  source.diff_path = fmt::format("{}/pulls/{}", repo_path(source.change.ref), ref.number);
  source.files_path = source.diff_path + "/files";
  source.commits_path = source.diff_path + "/commits";
  source.files = pull->files;
  source.commits = pull->commits;
  source.comments = pull->comments;
  source.review_comments = pull->review_comments;
  co_return source;
}

Task<Result<Source>> Github::fetch_group(Event event, Deadline deadline) {
  const ChangeRef& ref = event.change;
  Source source;
  source.diff_path = fmt::format("{}/compare/{}...{}", repo_path(ref), event.base_sha, event.head_sha);
  Call call = get(ref, fmt::format("get {}", ref.display()), source.diff_path + "?per_page=1&page=1");
  call.body_bytes_max = 64 * 1024 * 1024;
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  auto comparison = decode_comparison(response->body);
  if (!comparison) co_return std::unexpected(in(call, comparison.error()));
  source.files_path = source.commits_path = source.diff_path;
  source.files_in_pages = false;
  source.commits = comparison->commits;
  source.merge_base = comparison->merge_base;
  Change& change = source.change;
  change.ref = ref;
  change.base_sha = event.base_sha;
  change.head_sha = event.head_sha;
  change.head_ref = ref.ref;
  change.web_url = fmt::format("{}/{}/commit/{}", config_.web_url, ref.repository, event.head_sha);
  co_return source;
}

Task<Result<std::optional<std::string>>> Github::fetch_text(ChangeRef ref, std::string path,
                                                            std::string commit, std::size_t bytes_max,
                                                            bool keep, Deadline deadline) {
  Call call = get(ref, fmt::format("get a file of {} at {}", ref.repository, short_sha(commit)),
                  fmt::format("{}/contents/{}?ref={}", repo_path(ref), net::encode_component(path), commit));
  call.accept = media_raw;
  call.answers = {404};
  call.body_bytes_max = bytes_max;
  call.keep = keep;
  auto sending = driver_.send(std::move(call), deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  if (response->status == 404) co_return std::nullopt;
  co_return std::move(response->body);
}

Task<Result<void>> Github::fetch_patch(Snapshot& snapshot, CommitItem item, FetchLimits limits,
                                       Deadline deadline) {
  const ChangeRef& ref = snapshot.change.ref;
  Commit& commit = item.commit;
  const std::string what = fmt::format("commit {}", short_sha(commit.sha));
  const auto miss = [&](std::string reason) {
    snapshot.missing.push_back({what, std::move(reason)});
    snapshot.commits.push_back(std::move(commit));
  };
  if (item.parents.empty()) {
    miss("it is the first of a history, which the host does not compare with anything");
    co_return Result<void>();
  }
  const std::string key = ref.repository + ' ' + commit.sha;
  if (const Diff* known = patches_.find(key)) {
    commit.patch = *known;
    snapshot.commits.push_back(std::move(commit));
    co_return Result<void>();
  }
  // Against the last parent: of a merge that is what was merged in, so that the change's own side is looked
  // at, with what the merge itself may have added, and not everything that came from the base.
  Call call = get(ref, fmt::format("get the patch of {} in {}", what, ref.display()),
                  fmt::format("{}/compare/{}...{}", repo_path(ref), item.parents.back(), commit.sha));
  call.accept = media_diff;
  call.body_bytes_max = limits.diff_bytes_max;
  auto sending = driver_.send(std::move(call), deadline);
  auto response = co_await std::move(sending);
  if (!response) {
    if (must_stop(response.error(), deadline)) co_return std::unexpected(response.error());
    miss(response.error().text);
    co_return Result<void>();
  }
  auto diff = parser_.diff(std::move(response->body));
  if (!diff) {
    miss(diff.error().text);
    co_return Result<void>();
  }
  patches_.put(key, *diff);
  commit.patch = *std::move(diff);
  snapshot.commits.push_back(std::move(commit));
  co_return Result<void>();
}

Task<Result<void>> Github::fetch_commits(Snapshot& snapshot, Source source, FetchLimits limits,
                                         Deadline deadline) {
  const ChangeRef ref = snapshot.change.ref;
  const bool beyond = source.commits > pull_commits_max;
  std::string path = source.commits_path;
  if (beyond)
    path =
        fmt::format("{}/compare/{}...{}", repo_path(ref), snapshot.change.base_sha, snapshot.change.head_sha);
  Call call = get(ref, fmt::format("get the commits of {}", ref.display()), std::move(path));
  call.body_bytes_max = 64 * 1024 * 1024;
  std::vector<CommitItem> items;
  const auto pages_max = static_cast<unsigned>((limits.commits_max + per_page - 1) / per_page);
  auto paging = driver_.pages(
      call, per_page, std::max(1u, pages_max),
      [&items](std::string body) -> Result<void> {
        auto page = decode_commits(body);
        if (!page) return std::unexpected(page.error());
        std::ranges::move(*page, std::back_inserter(items));
        return {};
      },
      deadline);
  auto paged = co_await std::move(paging);
  if (!paged) {
    if (must_stop(paged.error(), deadline)) co_return std::unexpected(paged.error());
    snapshot.missing.push_back({"the commits", paged.error().text});
  }
  if (items.size() > limits.commits_max) items.resize(limits.commits_max);
  const std::uint64_t total = std::max<std::uint64_t>(source.commits, items.size());
  if (paged && items.size() < total) {
    snapshot.missing.push_back({fmt::format("{} of {} commits", total - items.size(), total),
                                fmt::format("over the limit of {} commits", limits.commits_max)});
  }
  // The net diff of a change of one commit is that commit's patch.
  if (items.size() == 1 && total == 1 && snapshot.missing.empty()) {
    Commit commit = std::move(items.front().commit);
    commit.patch = snapshot.diff;
    snapshot.commits.push_back(std::move(commit));
    co_return Result<void>();
  }
  for (CommitItem& item : items) {
    auto fetching = fetch_patch(snapshot, std::move(item), limits, deadline);
    auto fetched = co_await std::move(fetching);
    if (!fetched) co_return fetched;
  }
  co_return Result<void>();
}

// Comments of a list ("issues/42/comments") that we wrote, told by their author and never by their words:
// anybody can write a marker.
Task<Result<std::vector<CommentItem>>> Github::fetch_own(ChangeRef ref, std::string list, Deadline deadline) {
  auto asking = own_login(deadline);
  auto login = co_await std::move(asking);
  if (!login) co_return std::unexpected(login.error());
  Call call = get(ref, fmt::format("get our comments on {}", ref.display()),
                  fmt::format("{}/{}", repo_path(ref), list));
  call.body_bytes_max = 64 * 1024 * 1024;
  std::vector<CommentItem> own;
  auto paging = driver_.pages(
      call, per_page, comment_pages_max,
      [&own, &login](std::string body) -> Result<void> {
        auto page = decode_comments(body);
        if (!page) return std::unexpected(page.error());
        for (CommentItem& item : *page) {
          if (iequals(item.login, *login) && has_marker(item.body)) own.push_back(std::move(item));
        }
        return {};
      },
      deadline);
  auto paged = co_await std::move(paging);
  if (!paged) co_return std::unexpected(paged.error());
  co_return own;
}

Task<Result<void>> Github::fetch_posted(Snapshot& snapshot, Source source, Deadline deadline) {
  const ChangeRef ref = snapshot.change.ref;
  const std::pair<std::string, std::uint64_t> lists[] = {
      {fmt::format("issues/{}/comments", ref.number), source.comments},
      {fmt::format("pulls/{}/comments", ref.number), source.review_comments},
  };
  for (const auto& [list, there] : lists) {
    if (!there) continue;
    auto fetching = fetch_own(ref, list, deadline);
    auto own = co_await std::move(fetching);
    if (!own) co_return std::unexpected(own.error());
    for (const CommentItem& item : *own) {
      std::string marker = marker_in(item.body);
      const PostedKind kind = list.starts_with("pulls") && kind_of(marker) == PostedKind::summary
                                  ? PostedKind::inline_comment
                                  : kind_of(marker);
      snapshot.posted.push_back({kind, item.id, std::move(marker), item.commit, body_digest(item.body)});
    }
  }
  co_return Result<void>();
}

Task<Result<void>> Github::fetch_policy(Snapshot& snapshot, std::vector<std::string> paths,
                                        Deadline deadline) {
  const ChangeRef ref = snapshot.change.ref;
  const std::string base = snapshot.change.base_sha;
  for (const std::string& path : paths) {
    // Only "it is not there" may mean "no policy": anything else fails the fetch, or a change would be judged
    // by defaults that its repository never chose.
    auto fetching = fetch_text(ref, path, base, policy_bytes_max, true, deadline);
    auto text = co_await std::move(fetching);
    if (!text) co_return std::unexpected(text.error());
    if (*text) snapshot.policy_files.emplace(path, **std::move(text));
  }
  co_return Result<void>();
}

Task<Result<Snapshot>> Github::fetch_change(ChangeRef change, std::vector<std::string> policy_paths,
                                            Deadline deadline) {
  if (!is_repository(change.repository) || !change.number) {
    co_return fail(ErrorCode::bad_input,
                   fmt::format("{}: get a change: no usable repository or number", name()));
  }
  auto fetching = fetch_pull(std::move(change), deadline);
  auto source = co_await std::move(fetching);
  if (!source) co_return std::unexpected(source.error());
  Snapshot snapshot;
  snapshot.change = std::move(source->change);
  auto reading = fetch_policy(snapshot, std::move(policy_paths), deadline);
  auto read = co_await std::move(reading);
  if (!read) co_return std::unexpected(read.error());
  co_return snapshot;
}

Task<Result<Snapshot>> Github::fetch(Event event, std::vector<std::string> policy_paths, FetchLimits limits,
                                     Deadline deadline) {
  ChangeRef ref = event.change;
  if (!is_repository(ref.repository)) {
    co_return fail(ErrorCode::bad_input, fmt::format("{}: get a change: no usable repository name", name()));
  }
  if (!ref.number && ref.ref.starts_with(unresolved_prefix)) {
    auto resolving = resolve(ref, ref.ref.substr(unresolved_prefix.size()), deadline);
    auto resolved = co_await std::move(resolving);
    if (!resolved) co_return std::unexpected(resolved.error());
    ref = *std::move(resolved);
  }
  if (!ref.number && (!is_sha(event.base_sha) || !is_sha(event.head_sha))) {
    co_return fail(ErrorCode::bad_input, fmt::format("{}: get {}: no base and head", name(), ref.display()));
  }
  auto starting = ref.number ? fetch_pull(ref, deadline) : fetch_group(event, deadline);
  auto source = co_await std::move(starting);
  if (!source) co_return std::unexpected(source.error());

  Snapshot snapshot;
  snapshot.change = source->change;
  auto reading = fetch_policy(snapshot, std::move(policy_paths), deadline);
  auto read = co_await std::move(reading);
  if (!read) co_return std::unexpected(read.error());
  auto diffing = fetch_diff(snapshot, *source, limits, deadline);
  auto diffed = co_await std::move(diffing);
  if (!diffed) co_return std::unexpected(diffed.error());
  auto listing = fetch_commits(snapshot, *source, limits, deadline);
  auto listed = co_await std::move(listing);
  if (!listed) co_return std::unexpected(listed.error());
  auto looking = fetch_posted(snapshot, *source, deadline);
  auto looked = co_await std::move(looking);
  if (!looked) co_return std::unexpected(looked.error());
  co_return snapshot;
}

}  // namespace fanlight::host::github
