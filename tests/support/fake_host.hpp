// A git host in memory: changes with heads and diffs, what was posted on them, who may write. Written by hand
// after the port's contract: actions are idempotent by marker only when `maybe_done` asks for it, as on the
// real hosts, so that a caller who forgets to ask is seen to post twice.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "fanlight/detect/diff_parser.hpp"
#include "fanlight/host/host.hpp"

namespace fanlight::testing {

struct FakeChange {
  Change change;
  std::map<std::string, std::string> diffs;         // by head sha
  std::map<std::string, std::string> policy_files;  // at the base
  std::map<std::string, std::string> files;         // at the head, whole
};

struct FakeComment {
  std::string change_key, id, marker, body, head_sha;
  PostedKind kind = PostedKind::summary;
};

struct FakeStatus {
  std::string change_key, head_sha, description, summary;
  CheckState state = CheckState::pending;
};

class FakeHost final : public host::Host {
 public:
  enum class Fault { none, before, after };
  // Asked at each step; `before`: nothing happens and it fails; `after`: it happens and the answer is lost.
  std::function<Fault(const char* step)> fault = [](const char*) { return Fault::none; };
  std::string lost_because = "connection lost";

  std::map<std::string, FakeChange> changes;  // by ChangeRef::key()
  std::vector<FakeComment> comments;
  std::vector<FakeStatus> statuses;
  std::map<std::string, host::Permission> permissions;  // by login
  std::vector<std::string> acknowledged;
  Capabilities capability;
  std::size_t fetches = 0;
  std::set<std::string> public_repositories;  // "fake.example/acme/waf"
  std::size_t visibility_asked = 0;

  const std::string& name() const override { return name_; }
  const Capabilities& capabilities() const override { return capability; }

  // Deliveries of this host carry the change's key and the kind of event in headers.
  static Delivery delivery(const ChangeRef& change, const std::string& id, const std::string& head,
                           const std::string& command = {}, const std::string& actor = "ada") {
    Delivery out;
    out.host = change.host;
    out.delivery_id = id;
    out.headers = {{"repository", change.repository},
                   {"number", std::to_string(change.number)},
                   {"head", head},
                   {"actor", actor},
                   {"comment", command.empty() ? "" : id}};
    out.body = command;
    return out;
  }

  Result<host::Received> receive(const net::Request&) const override {
    return fail(ErrorCode::unsupported, "fake: no webhooks");
  }

  Result<Event> decode(const Delivery& delivery) const override {
    Event out;
    const auto header = [&](const char* key) {
      const auto found = delivery.headers.find(key);
      return found == delivery.headers.end() ? std::string() : found->second;
    };
    out.change = {name_, header("repository"), std::stoull(header("number")), "", ""};
    out.head_sha = header("head");
    out.actor = header("actor");
    out.meaning = out.change.key() + ':' + delivery.delivery_id;
    out.type = EventType::change_updated;
    if (!header("comment").empty()) {
      out.type = EventType::command;
      out.comment = {CommentKind::conversation, header("comment")};
      out.comment_body = delivery.body;
    }
    return out;
  }

  Task<Result<Snapshot>> fetch_change(ChangeRef change, std::vector<std::string>, Deadline) override {
    if (fault("fetch change") != Fault::none) co_return lost("fetch change");
    const auto found = changes.find(change.key());
    if (found == changes.end()) co_return fail(ErrorCode::not_found, "fake: no such change");
    Snapshot out;
    out.change = found->second.change;
    out.policy_files = found->second.policy_files;
    co_return out;
  }

  Task<Result<Snapshot>> fetch(Event event, std::vector<std::string>, host::FetchLimits, Deadline) override {
    ++fetches;
    if (fault("fetch") != Fault::none) co_return lost("fetch");
    const auto found = changes.find(event.change.key());
    if (found == changes.end()) co_return fail(ErrorCode::not_found, "fake: no such change");
    const FakeChange& fake = found->second;
    Snapshot out;
    out.change = fake.change;
    out.policy_files = fake.policy_files;
    auto diff = detect::parse_diff(fake.diffs.at(fake.change.head_sha));
    if (!diff) co_return std::unexpected(diff.error());
    out.diff = std::move(*diff);
    out.commits.push_back({fake.change.head_sha, "work", "ada", "ada@example.org", out.diff});
    co_return out;
  }

  Task<Result<std::map<std::string, std::string>>> fetch_files(const Change& change,
                                                               std::vector<std::string> paths,
                                                               host::FetchLimits, Deadline) override {
    if (fault("fetch files") != Fault::none) co_return lost("fetch files");
    std::map<std::string, std::string> out;
    const FakeChange& fake = changes.at(change.ref.key());
    for (const auto& path : paths) {
      if (const auto file = fake.files.find(path); file != fake.files.end()) out.insert(*file);
    }
    co_return out;
  }

  Task<Result<host::Permission>> fetch_permission(ChangeRef, std::string login, Deadline) override {
    if (fault("permission") != Fault::none) co_return lost("permission");
    const auto found = permissions.find(login);
    co_return found == permissions.end() ? host::Permission::none : found->second;
  }

  Task<Result<host::Tree>> fetch_tree(Change change, host::TreeLimits limits, Deadline) override {
    if (fault("tree") != Fault::none) co_return lost("tree");
    host::Tree out;
    for (const auto& [path, text] : changes.at(change.ref.key()).files) {
      out.paths.push_back(path);
      if (text.size() <= limits.file_bytes_max) out.texts.emplace(path, text);
    }
    co_return out;
  }

  Task<Result<std::optional<bool>>> fetch_visibility(ChangeRef, std::string name, Deadline) override {
    if (!name.starts_with("fake.example/")) co_return std::nullopt;
    ++visibility_asked;
    if (fault("visibility") != Fault::none) co_return lost("visibility");
    co_return public_repositories.contains(name);
  }

  Task<Result<host::Applied>> apply(const Change& change, const Diff&, Action action, bool maybe_done,
                                    Deadline) override {
    const std::string step(action_name(action));
    const Fault wrong = fault(step.c_str());
    if (wrong == Fault::before) co_return lost(step);
    host::Applied out = std::visit([&](auto& one) { return act(change, one, maybe_done); }, action);
    if (wrong == Fault::after) co_return lost(step);
    co_return out;
  }

  std::string describe() const override { return "fake"; }

 private:
  std::unexpected<Error> lost(const std::string& step) const {
    return fail(ErrorCode::unavailable, "fake: " + step + ": " + lost_because);
  }

  // The comment with that marker; posted unless it stands and was asked for.
  const FakeComment& post(const Change& change, PostedKind kind, const std::string& marker,
                          const std::string& body, const std::string& head, bool look_first) {
    if (look_first) {
      for (FakeComment& comment : comments) {
        if (comment.change_key == change.ref.key() && comment.kind == kind && comment.marker == marker) {
          comment.body = body;
          return comment;
        }
      }
    }
    comments.push_back({change.ref.key(), std::to_string(++next_id_), marker, body, head, kind});
    return comments.back();
  }

  static Posted posted(const FakeComment& comment) {
    return {comment.kind, comment.id, comment.marker, comment.head_sha, digest(comment.body)};
  }
  static std::string digest(const std::string& body);

  host::Applied act(const Change& change, PostReview& review, bool maybe_done) {
    host::Applied out;
    for (const InlineComment& one : review.comments) {
      out.posted.push_back(posted(
          post(change, PostedKind::inline_comment, one.marker, one.body, review.head_sha, maybe_done)));
    }
    return out;
  }
  host::Applied act(const Change& change, PutSummary& summary, bool maybe_done) {
    // Editing by id is idempotent by itself.
    const bool edit = maybe_done || !summary.id.empty();
    host::Applied out;
    out.posted.push_back(
        posted(post(change, PostedKind::summary, summary.marker, summary.body, summary.head_sha, edit)));
    return out;
  }
  host::Applied act(const Change& change, SetStatus& status, bool) {
    statuses.push_back({change.ref.key(), status.head_sha, status.description, status.summary, status.state});
    return {};
  }
  host::Applied act(const Change& change, Reply& reply, bool maybe_done) {
    host::Applied out;
    out.posted.push_back(posted(post(change, PostedKind::reply, reply.marker, reply.body, "", maybe_done)));
    return out;
  }
  host::Applied act(const Change&, Acknowledge& seen, bool) {
    acknowledged.push_back(seen.comment.id);
    return {};
  }

  std::string name_ = "fake";
  std::uint64_t next_id_ = 0;
};

}  // namespace fanlight::testing

#include "fanlight/policy/plan.hpp"

inline std::string fanlight::testing::FakeHost::digest(const std::string& body) {
  return fanlight::policy::body_digest(body);
}
