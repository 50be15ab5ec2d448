// The diff, by the first of three ways that gives all of it: the diff itself; the list of files with their
// patches, completed by blobs; git. What none of them gives is named, so that a change is never called clean
// for what was not looked at.
#include <fmt/format.h>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "github/github.hpp"
#include "github/line_diff.hpp"
#include "github/media.hpp"
#include "github/synthesize.hpp"

namespace fanlight::host::github {
namespace {

constexpr unsigned per_page = 100;
constexpr unsigned file_pages_max = 30;  // GitHub lists 3,000 files
constexpr std::size_t compared_files_max = 300;
constexpr std::size_t blobs_max = 200;  // of one change; beyond that git is faster

bool is_json(const net::Response& response) {
  return to_lower(response.headers.get("content-type")).find("json") != std::string::npos;
}

std::string repo_path(const ChangeRef& ref) {
  return "/repos/" + ref.repository;
}

std::string shown_bytes(std::size_t bytes) {
  return bytes >= 1024 * 1024 ? fmt::format("{} MB", bytes / (1024 * 1024)) : fmt::format("{} bytes", bytes);
}

}  // namespace

Task<Result<Rung>> Github::fetch_whole_diff(Source source, FetchLimits limits, Deadline deadline) {
  Call call = get(source.change.ref, fmt::format("get the diff of {}", source.change.ref.display()),
                  source.diff_path);
  call.accept = media_diff;
  call.body_bytes_max = limits.diff_bytes_max;
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  if (is_json(*response)) {
    co_return std::unexpected(in(call, Error(ErrorCode::unsupported, "the host answers with JSON instead")));
  }
  co_return Rung{std::move(response->body), {}};
}

Task<Result<std::string>> Github::fetch_merge_base(Source source, Deadline deadline) {
  if (!source.merge_base.empty()) co_return source.merge_base;
  const Change& change = source.change;
  Call call = get(change.ref, fmt::format("get the merge base of {}", change.ref.display()),
                  fmt::format("{}/compare/{}...{}?per_page=1&page=1", repo_path(change.ref), change.base_sha,
                              change.head_sha));
  call.body_bytes_max = 64 * 1024 * 1024;
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  auto comparison = decode_comparison(response->body);
  if (!comparison) co_return std::unexpected(in(call, comparison.error()));
  co_return comparison->merge_base;
}

// One file of the list as a part of a diff. Where GitHub left the patch out, both sides are fetched and
// compared here.
Task<Result<std::string>> Github::fetch_file_diff(Source& source, FileItem item, FetchLimits limits,
                                                  Deadline deadline) {
  const ChangeRef ref = source.change.ref;
  if (completion_of(item) == Completion::no_content) co_return synthesize_file(item, {}, false);
  if (item.patch) {
    auto text = std::make_shared<const std::string>(*item.patch);
    auto hunks = parser_.hunks(text, item.path);
    if (!hunks) co_return std::unexpected(hunks.error());
    co_return synthesize_file(item, *text, false);
  }
  if (!is_sha(item.sha))
    co_return fail(ErrorCode::bad_input, "the host gives neither its patch nor its content");
  Call call = get(ref, fmt::format("get a blob of {}", ref.display()),
                  fmt::format("{}/git/blobs/{}", repo_path(ref), item.sha));
  call.accept = media_raw;
  call.body_bytes_max = limits.file_bytes_max;
  auto sending = driver_.send(std::move(call), deadline);
  auto after = co_await std::move(sending);
  if (!after) co_return std::unexpected(after.error());
  if (looks_binary(after->body)) co_return synthesize_file(item, {}, true);
  std::string before;
  if (item.status != "added") {
    auto basing = fetch_merge_base(source, deadline);
    auto base = co_await std::move(basing);
    if (!base) co_return std::unexpected(base.error());
    source.merge_base = *base;
    const std::string old_path = item.previous_path.empty() ? item.path : item.previous_path;
    auto fetching = fetch_text(ref, old_path, *base, limits.file_bytes_max, false, deadline);
    auto text = co_await std::move(fetching);
    if (!text) co_return std::unexpected(text.error());
    // Without an old side everything counts as added, which can only find more.
    if (*text && !looks_binary(**text)) before = **std::move(text);
  }
  co_return synthesize_file(item, unified_hunks(before, after->body), false);
}

Task<Result<Rung>> Github::fetch_file_list(Source source, FetchLimits limits, Deadline deadline) {
  Call call = get(source.change.ref, fmt::format("get the files of {}", source.change.ref.display()),
                  source.files_path);
  call.body_bytes_max = 64 * 1024 * 1024;
  std::vector<FileItem> items;
  auto paging = driver_.pages(
      call, per_page, source.files_in_pages ? file_pages_max : 1,
      [&items](std::string body) -> Result<void> {
        auto page = decode_files(body);
        if (!page) return std::unexpected(page.error());
        for (FileItem& item : *page) items.push_back(std::move(item));
        return {};
      },
      deadline);
  auto paged = co_await std::move(paging);
  if (!paged) co_return std::unexpected(paged.error());

  Rung rung;
  const bool cut =
      source.files_in_pages ? !*paged || items.size() < source.files : items.size() >= compared_files_max;
  if (cut) {
    const std::string what = source.files > items.size()
                                 ? fmt::format("{} of {} files", source.files - items.size(), source.files)
                                 : fmt::format("files after the first {}", items.size());
    rung.missing.push_back({what, "over the number of files that the host lists for one change"});
  }
  std::size_t blobs = 0;
  for (FileItem& item : items) {
    const std::string path = item.path;
    if (completion_of(item) == Completion::needs_blob && ++blobs > blobs_max) {
      rung.missing.push_back(
          {path, fmt::format("the host left out the patches of more than {} files", blobs_max)});
      continue;
    }
    auto fetching = fetch_file_diff(source, std::move(item), limits, deadline);
    auto part = co_await std::move(fetching);
    if (!part) {
      if (must_stop(part.error(), deadline)) co_return std::unexpected(part.error());
      rung.missing.push_back(
          {path, part.error().code == ErrorCode::too_large
                     ? fmt::format("over this server's limit of {}", shown_bytes(limits.file_bytes_max))
                     : part.error().text});
      continue;
    }
    if (rung.diff.size() + part->size() > limits.diff_bytes_max) {
      rung.missing.push_back({path, fmt::format("the diff is over this server's limit of {}",
                                                shown_bytes(limits.diff_bytes_max))});
      continue;
    }
    rung.diff += *part;
  }
  co_return rung;
}

Task<Result<GitFetchRequest>> Github::git_request(Change change, Deadline deadline) {
  auto asking = tokens_.token({change.ref.repository, change.ref.installation}, deadline);
  auto token = co_await std::move(asking);
  if (!token) co_return std::unexpected(token.error());
  GitFetchRequest request;
  request.url = fmt::format("{}/{}.git", config_.web_url, change.ref.repository);
  request.authorization = Secret("Basic " + to_base64(fmt::format("x-access-token:{}", token->reveal())));
  request.head_ref = change.ref.number ? fmt::format("refs/pull/{}/head", change.ref.number) : change.ref.ref;
  request.base_sha = change.base_sha;
  request.head_sha = change.head_sha;
  co_return request;
}

Task<Result<Rung>> Github::fetch_with_git(Source source, FetchLimits limits, Deadline deadline) {
  auto preparing = git_request(source.change, deadline);
  auto request = co_await std::move(preparing);
  if (!request) co_return std::unexpected(request.error());
  request->diff_bytes_max = limits.diff_bytes_max;
  auto fetching = git_fetch_(*std::move(request), deadline);
  auto diff = co_await std::move(fetching);
  if (!diff) co_return std::unexpected(diff.error());
  co_return Rung{*std::move(diff), {}};
}

Task<Result<Tree>> Github::fetch_tree(Change change, TreeLimits limits, Deadline deadline) {
  const std::string repository = change.ref.repository;
  if (!git_tree_ || !is_repository(repository) || !is_sha(change.head_sha)) {
    co_return fail(ErrorCode::unsupported,
                   fmt::format("{}: read all files of {}: git is not at hand", name(), repository));
  }
  // Before anything is fetched: what the host keeps of it, with its history, so more than will come.
  Call call = get(change.ref, fmt::format("get the size of {}", repository), repo_path(change.ref));
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  auto bytes = decode_repository_bytes(response->body);
  if (!bytes) co_return std::unexpected(in(call, bytes.error()));
  if (*bytes > limits.repository_bytes_max) {
    co_return std::unexpected(
        in(call, Error(ErrorCode::too_large,
                       fmt::format("{} MB are over this server's limit of {}", *bytes / (1024 * 1024),
                                   limits.repository_bytes_max / (1024 * 1024)))));
  }
  auto preparing = git_request(std::move(change), deadline);
  auto request = co_await std::move(preparing);
  if (!request) co_return std::unexpected(request.error());
  auto fetching = git_tree_(*std::move(request), limits, deadline);
  co_return co_await std::move(fetching);
}

Task<Result<void>> Github::fetch_diff(Snapshot& snapshot, Source source, FetchLimits limits,
                                      Deadline deadline) {
  using Way = Task<Result<Rung>> (Github::*)(Source, FetchLimits, Deadline);
  constexpr Way ways[] = {&Github::fetch_whole_diff, &Github::fetch_file_list, &Github::fetch_with_git};
  std::vector<Missing> missing;
  for (const Way way : ways) {
    if (way == &Github::fetch_with_git && !git_fetch_) break;
    auto fetching = (this->*way)(source, limits, deadline);
    auto rung = co_await std::move(fetching);
    if (!rung) {
      if (must_stop(rung.error(), deadline)) co_return std::unexpected(rung.error());
      if (missing.empty()) missing.push_back({"the diff", rung.error().text});
      continue;
    }
    auto diff = parser_.diff(std::move(rung->diff));
    if (!diff) {
      if (missing.empty()) missing.push_back({"the diff", diff.error().text});
      continue;
    }
    // A diff that names fewer files than the change has is not the whole of it, whatever the host says.
    if (rung->missing.empty() && way != &Github::fetch_with_git && diff->files.size() < source.files) {
      rung->missing.push_back({fmt::format("{} of {} files", source.files - diff->files.size(), source.files),
                               "the host's diff leaves them out"});
    }
    // What is there is used, also when a later way adds nothing to it.
    if (!snapshot.diff.text || diff->files.size() >= snapshot.diff.files.size()) {
      snapshot.diff = *std::move(diff);
      missing = rung->missing;
    }
    if (rung->missing.empty()) break;
  }
  if (snapshot.diff.files.size() > limits.files_max) {
    missing.push_back({fmt::format("{} of {} files", snapshot.diff.files.size() - limits.files_max,
                                   snapshot.diff.files.size()),
                       fmt::format("over this server's limit of {} files", limits.files_max)});
    snapshot.diff.files.resize(limits.files_max);
  }
  std::ranges::move(missing, std::back_inserter(snapshot.missing));
  co_return Result<void>();
}

}  // namespace fanlight::host::github
