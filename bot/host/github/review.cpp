// One review with inline comments. GitHub takes a review whole or not at all and does not say which comment
// it did not like, so anchors are checked against the diff before anything is sent, and what is refused all
// the same is halved until the bad one stands alone.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "github/anchor.hpp"
#include "github/encode.hpp"
#include "github/github.hpp"
#include "github/marker.hpp"

namespace fanlight::host::github {
namespace {

// Halving 30 comments with one bad one takes 9 requests; a host that refuses everything shall not get 60.
constexpr unsigned refusals_max = 12;

std::string repo_path(const ChangeRef& ref) {
  return "/repos/" + ref.repository;
}

using Comments = std::vector<InlineComment>;

}  // namespace

// Takes out of `action` what stands at the host already: comments of ours at this head with the same marker.
Task<Result<void>> Github::drop_posted(Change change, PostReview& action, Applied& applied,
                                       Deadline deadline) {
  auto fetching = fetch_own(change.ref, fmt::format("pulls/{}/comments", change.ref.number), deadline);
  auto own = co_await std::move(fetching);
  if (!own) co_return std::unexpected(own.error());
  std::erase_if(action.comments, [&](const InlineComment& comment) {
    const auto there = std::ranges::find_if(*own, [&](const CommentItem& item) {
      return item.commit == action.head_sha && marker_in(item.body) == bare_marker(comment.marker);
    });
    if (there == own->end()) return false;
    applied.posted.push_back(
        {PostedKind::inline_comment, there->id, comment.marker, action.head_sha, body_digest(comment.body)});
    applied.url = there->url;
    return true;
  });
  co_return Result<void>();
}

Task<Result<void>> Github::post_comments(Change change, PostReview action, Applied& applied,
                                         Deadline deadline) {
  const ChangeRef& ref = change.ref;
  std::vector<Comments> waiting;  // last is next
  for (std::size_t i = action.comments.size(); i > 0;) {
    const std::size_t from = (i - 1) / comments_per_review * comments_per_review;
    waiting.emplace_back(action.comments.begin() + static_cast<std::ptrdiff_t>(from),
                         action.comments.begin() + static_cast<std::ptrdiff_t>(i));
    i = from;
  }
  if (waiting.empty()) waiting.emplace_back();
  // What follows the first review says no more than what it is.
  const std::string bare = fmt::format("<!-- fanlight:{} -->", bare_marker(action.marker));
  bool body_sent = false;
  unsigned refusals = 0;
  while (!waiting.empty()) {
    Comments part = std::move(waiting.back());
    waiting.pop_back();
    if (refusals >= refusals_max) {
      std::ranges::move(part, std::back_inserter(applied.refused));
      continue;
    }
    Call call =
        write(ref, fmt::format("post the review of {}", ref.display()), "POST",
              fmt::format("{}/pulls/{}/reviews", repo_path(ref), ref.number),
              encode_review(action.head_sha, body_sent || action.body.empty() ? bare : action.body, part));
    if (!part.empty()) call.answers = {422};
    auto sending = driver_.send(call, deadline);
    auto response = co_await std::move(sending);
    if (!response) co_return std::unexpected(response.error());
    if (response->status == 422) {
      ++refusals;
      if (part.size() == 1) {
        applied.refused.push_back(std::move(part.front()));
        continue;
      }
      const auto middle = part.begin() + static_cast<std::ptrdiff_t>(part.size() / 2);
      Comments second(std::make_move_iterator(middle), std::make_move_iterator(part.end()));
      part.erase(middle, part.end());
      waiting.push_back(std::move(second));
      waiting.push_back(std::move(part));
      continue;
    }
    auto item = decode_comment_item(response->body);
    if (!item) co_return std::unexpected(in(call, item.error()));
    body_sent = true;
    applied.url = item->url;
    for (const InlineComment& comment : part) {
      // The answer names the review, not its comments; the marker finds them.
      applied.posted.push_back(
          {PostedKind::inline_comment, item->id, comment.marker, action.head_sha, body_digest(comment.body)});
    }
  }
  co_return Result<void>();
}

Task<Result<Applied>> Github::apply_review(Change change, const Diff& diff, PostReview action,
                                           bool maybe_done, Deadline deadline) {
  Applied applied;
  std::erase_if(action.comments, [&](InlineComment& comment) {
    if (anchor_problem(diff, comment).empty()) return false;
    applied.refused.push_back(std::move(comment));
    return true;
  });
  const bool had_comments = !action.comments.empty() || !applied.refused.empty();
  if (maybe_done && !action.comments.empty()) {
    auto dropping = drop_posted(change, action, applied, deadline);
    auto dropped = co_await std::move(dropping);
    if (!dropped) co_return std::unexpected(dropped.error());
  }
  if (maybe_done && !had_comments) {
    auto finding =
        find_own(change.ref, fmt::format("pulls/{}/reviews", change.ref.number), action.marker, deadline);
    auto found = co_await std::move(finding);
    if (!found) co_return std::unexpected(found.error());
    if (*found) {
      applied.url = (*found)->url;
      applied.detail = "was there already";
      co_return applied;
    }
  }
  // With every comment refused or posted there is no review to make: the summary shows what was refused.
  if (!action.comments.empty() || !had_comments) {
    auto posting = post_comments(change, std::move(action), applied, deadline);
    auto posted = co_await std::move(posting);
    if (!posted) co_return std::unexpected(posted.error());
  }
  applied.detail = fmt::format("{} comments", applied.posted.size());
  if (!applied.refused.empty())
    applied.detail += fmt::format(", {} moved to the summary", applied.refused.size());
  co_return applied;
}

}  // namespace fanlight::host::github
