// Summary, reply, acknowledgement and status. A comment is found again by its marker among our own comments
// before it is posted a second time; a check run is found again by its name and the change's key.
#include <fmt/format.h>

#include "fanlight/core/text.hpp"
#include "github/encode.hpp"
#include "github/github.hpp"
#include "github/marker.hpp"

namespace fanlight::host::github {
namespace {

constexpr std::size_t open_runs_max = 1'000;

std::string repo_path(const ChangeRef& ref) {
  return "/repos/" + ref.repository;
}

std::string list_of(const ChangeRef& ref, CommentKind kind) {
  return fmt::format("{}/{}/comments", kind == CommentKind::conversation ? "issues" : "pulls", ref.number);
}

Applied one(PostedKind kind, const CommentItem& item, std::string_view marker, std::string head_sha,
            std::string_view body, std::string detail) {
  Applied applied;
  applied.posted.push_back({kind, item.id, std::string(marker), std::move(head_sha), body_digest(body)});
  applied.url = item.url;
  applied.detail = std::move(detail);
  return applied;
}

// "completed" with the same result and all annotations, so that nothing is left to do.
bool says_already(const CheckRun& run, const SetStatus& action) {
  return run.status == "completed" && run.conclusion == conclusion_of(action.state) &&
         run.annotations >= action.annotations.size();
}

std::string run_key(const Change& change) {
  return change.ref.key() + ' ' + change.head_sha;
}

}  // namespace

Task<Result<std::optional<CommentItem>>> Github::find_own(ChangeRef ref, std::string list, std::string marker,
                                                          Deadline deadline) {
  auto fetching = fetch_own(std::move(ref), std::move(list), deadline);
  auto own = co_await std::move(fetching);
  if (!own) co_return std::unexpected(own.error());
  for (CommentItem& item : *own) {
    if (marker_in(item.body) == bare_marker(marker)) co_return std::move(item);
  }
  co_return std::nullopt;
}

Task<Result<Applied>> Github::apply_summary(Change change, PutSummary action, bool maybe_done,
                                            Deadline deadline) {
  const ChangeRef& ref = change.ref;
  std::string id = action.id;
  if (!id.empty()) {
    Call call = write(ref, fmt::format("edit the summary of {}", ref.display()), "PATCH",
                      fmt::format("{}/issues/comments/{}", repo_path(ref), id), encode_body(action.body));
    call.answers = {404};
    auto sending = driver_.send(call, deadline);
    auto response = co_await std::move(sending);
    if (!response) co_return std::unexpected(response.error());
    if (response->status != 404) {
      auto item = decode_comment_item(response->body);
      if (!item) co_return std::unexpected(in(call, item.error()));
      co_return one(PostedKind::summary, *item, action.marker, action.head_sha, action.body, "edited");
    }
    maybe_done = true;  // somebody deleted it; another one of ours may stand
  }
  if (maybe_done) {
    auto finding = find_own(ref, list_of(ref, CommentKind::conversation), action.marker, deadline);
    auto found = co_await std::move(finding);
    if (!found) co_return std::unexpected(found.error());
    if (*found && (*found)->id != id) {
      PutSummary again = std::move(action);
      again.id = (*found)->id;
      auto editing = apply_summary(std::move(change), std::move(again), false, deadline);
      auto edited = co_await std::move(editing);
      co_return edited;
    }
  }
  Call call = write(ref, fmt::format("post the summary of {}", ref.display()), "POST",
                    fmt::format("{}/{}", repo_path(ref), list_of(ref, CommentKind::conversation)),
                    encode_body(action.body));
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  auto item = decode_comment_item(response->body);
  if (!item) co_return std::unexpected(in(call, item.error()));
  co_return one(PostedKind::summary, *item, action.marker, action.head_sha, action.body, "posted");
}

Task<Result<Applied>> Github::apply_reply(Change change, Reply action, bool maybe_done, Deadline deadline) {
  const ChangeRef& ref = change.ref;
  const std::string list = list_of(ref, action.to.kind);
  if (maybe_done) {
    auto finding = find_own(ref, list, action.marker, deadline);
    auto found = co_await std::move(finding);
    if (!found) co_return std::unexpected(found.error());
    if (*found)
      co_return one(PostedKind::reply, **found, action.marker, {}, action.body, "was there already");
  }
  std::string thread = action.to.id;
  for (bool first = true;; first = false) {
    const bool conversation = action.to.kind == CommentKind::conversation;
    const std::string path = conversation ? list : fmt::format("{}/{}/replies", list, thread);
    Call call = write(ref, fmt::format("reply on {}", ref.display()), "POST",
                      fmt::format("{}/{}", repo_path(ref), path), encode_body(action.body));
    if (!conversation && first) call.answers = {404, 422};
    auto sending = driver_.send(call, deadline);
    auto response = co_await std::move(sending);
    if (!response) co_return std::unexpected(response.error());
    if (response->status < 400) {
      auto item = decode_comment_item(response->body);
      if (!item) co_return std::unexpected(in(call, item.error()));
      co_return one(PostedKind::reply, *item, action.marker, {}, action.body, "posted");
    }
    // Only the first comment of a thread takes replies: ask which one that is.
    Call asking = get(ref, fmt::format("get a comment of {}", ref.display()),
                      fmt::format("{}/pulls/comments/{}", repo_path(ref), thread));
    auto waiting = driver_.send(asking, deadline);
    auto answer = co_await std::move(waiting);
    if (!answer) co_return std::unexpected(answer.error());
    auto item = decode_comment_item(answer->body);
    if (!item) co_return std::unexpected(in(asking, item.error()));
    if (!item->in_reply_to.empty()) thread = item->in_reply_to;
  }
}

Task<Result<Applied>> Github::apply_acknowledge(Change change, Acknowledge action, Deadline deadline) {
  const ChangeRef& ref = change.ref;
  Call call = write(
      ref, fmt::format("react on {}", ref.display()), "POST",
      fmt::format("{}/{}/comments/{}/reactions", repo_path(ref),
                  action.comment.kind == CommentKind::conversation ? "issues" : "pulls", action.comment.id),
      encode_reaction("eyes"));
  call.answers = {404};
  auto sending = driver_.send(std::move(call), deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  Applied applied;
  applied.detail = response->status == 404 ? "the comment is gone" : "reacted";
  co_return applied;
}

Task<Result<Applied>> Github::apply_status(Change change, SetStatus action, bool maybe_done,
                                           Deadline deadline) {
  const std::string head = action.head_sha.empty() ? change.head_sha : action.head_sha;
  if (!is_sha(head))
    co_return fail(ErrorCode::bad_input, fmt::format("{}: set a status: no usable head", name()));
  change.head_sha = action.head_sha = head;
  if (tokens_.is_app()) {
    auto running = apply_check_run(std::move(change), std::move(action), maybe_done, deadline);
    auto applied = co_await std::move(running);
    co_return applied;
  }
  // Setting the same status twice shows once: no need to look first.
  const ChangeRef& ref = change.ref;
  Call call = write(ref, fmt::format("set the status of {}", ref.display()), "POST",
                    fmt::format("{}/statuses/{}", repo_path(ref), head),
                    encode_commit_status(action, config_.status_name));
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  auto id = decode_id(response->body);
  if (!id) co_return std::unexpected(in(call, id.error()));
  Applied applied;
  applied.posted.push_back({PostedKind::verdict, *id, {}, head, body_digest(action.description)});
  applied.detail = action.state == CheckState::pending ? "pending" : std::string(conclusion_of(action.state));
  co_return applied;
}

Task<Result<CheckRun>> Github::send_check_run(Change change, std::string run_id, std::string body,
                                              Deadline deadline) {
  const ChangeRef& ref = change.ref;
  std::string path = fmt::format("{}/check-runs", repo_path(ref));
  if (!run_id.empty()) path += '/' + run_id;
  Call call = write(ref, fmt::format("set the check run of {}", ref.display()),
                    run_id.empty() ? "POST" : "PATCH", std::move(path), std::move(body));
  auto sending = driver_.send(call, deadline);
  auto response = co_await std::move(sending);
  if (!response) co_return std::unexpected(response.error());
  auto run = decode_check_run_item(response->body);
  if (!run) co_return std::unexpected(in(call, run.error()));
  co_return run;
}

// Annotations go 50 at a time and are appended; the run is completed by the last of these requests, so that a
// completed run has all of them. A completed run is never opened again: GitHub refuses that, and a new one of
// the same name replaces it.
Task<Result<Applied>> Github::apply_check_run(Change change, SetStatus action, bool maybe_done,
                                              Deadline deadline) {
  const ChangeRef& ref = change.ref;
  const std::string external_id = ref.key(), key = run_key(change);
  const bool pending = action.state == CheckState::pending;
  CheckRun run;
  std::size_t sent = 0;
  if (const auto known = open_runs_.find(key); known != open_runs_.end()) {
    run.id = known->second;
  } else if (maybe_done) {
    Call call = get(ref, fmt::format("get our check run on {}", ref.display()),
                    fmt::format("{}/commits/{}/check-runs?check_name={}&filter=latest&per_page=100",
                                repo_path(ref), change.head_sha, net::encode_component(config_.status_name)));
    auto sending = driver_.send(call, deadline);
    auto response = co_await std::move(sending);
    if (!response) co_return std::unexpected(response.error());
    auto runs = decode_check_runs(response->body);
    if (!runs) co_return std::unexpected(in(call, runs.error()));
    for (CheckRun& candidate : *runs) {
      if (candidate.external_id != external_id) continue;
      const bool open = candidate.status != "completed";
      if (!open && !says_already(candidate, action)) continue;
      run = std::move(candidate);
      if (!open || pending) {
        Applied applied;
        applied.posted.push_back(
            {PostedKind::verdict, run.id, {}, change.head_sha, body_digest(action.description)});
        applied.url = run.url;
        applied.detail = "was there already";
        co_return applied;
      }
      sent = std::min<std::size_t>(run.annotations, action.annotations.size());
      break;
    }
  }
  if (pending) action.annotations.clear();
  const std::span<const Annotation> all = action.annotations;
  do {
    const auto part = all.subspan(sent, std::min(annotations_per_request, all.size() - sent));
    sent += part.size();
    std::string body = encode_check_run(
        {action, config_.status_name, external_id, part, run.id.empty(), sent == all.size()});
    auto sending = send_check_run(change, run.id, std::move(body), deadline);
    auto answer = co_await std::move(sending);
    if (!answer) {
      open_runs_.erase(key);
      co_return std::unexpected(answer.error());
    }
    run = *std::move(answer);
  } while (sent < all.size());

  if (open_runs_.size() >= open_runs_max) open_runs_.clear();
  if (pending) {
    open_runs_[key] = run.id;
  } else {
    open_runs_.erase(key);
  }
  Applied applied;
  applied.posted.push_back(
      {PostedKind::verdict, run.id, {}, change.head_sha, body_digest(action.description)});
  applied.url = run.url;
  applied.detail = pending ? "pending" : std::string(conclusion_of(action.state));
  if (!all.empty()) applied.detail += fmt::format(", {} annotations", all.size());
  co_return applied;
}

Task<Result<Applied>> Github::apply(const Change& change, const Diff& diff, Action action, bool maybe_done,
                                    Deadline deadline) {
  const ChangeRef& ref = change.ref;
  if (!is_repository(ref.repository)) {
    co_return fail(ErrorCode::bad_input,
                   fmt::format("{}: {}: no usable repository", name(), action_name(action)));
  }
  if (!ref.number && !std::holds_alternative<SetStatus>(action)) {
    Applied nothing;
    nothing.detail = "a merge queue group has no comments";
    co_return nothing;
  }
  Result<Applied> applied = Applied{};
  if (auto* review = std::get_if<PostReview>(&action)) {
    auto running = apply_review(change, diff, std::move(*review), maybe_done, deadline);
    applied = co_await std::move(running);
  } else if (auto* summary = std::get_if<PutSummary>(&action)) {
    auto running = apply_summary(change, std::move(*summary), maybe_done, deadline);
    applied = co_await std::move(running);
  } else if (auto* status = std::get_if<SetStatus>(&action)) {
    auto running = apply_status(change, std::move(*status), maybe_done, deadline);
    applied = co_await std::move(running);
  } else if (auto* reply = std::get_if<Reply>(&action)) {
    auto running = apply_reply(change, std::move(*reply), maybe_done, deadline);
    applied = co_await std::move(running);
  } else if (auto* acknowledge = std::get_if<Acknowledge>(&action)) {
    auto running = apply_acknowledge(change, std::move(*acknowledge), deadline);
    applied = co_await std::move(running);
  }
  co_return applied;
}

}  // namespace fanlight::host::github
