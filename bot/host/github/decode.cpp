#include "github/decode.hpp"

#include <fmt/format.h>

#include "github/webhook.hpp"
#include "json.hpp"

namespace fanlight::host::github {
namespace {

constexpr std::string_view empty_blob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

std::string id_of(Json value) {
  const auto id = value["id"].integer();
  return id > 0 ? std::to_string(id) : std::string();
}

std::uint64_t count(Json value) {
  const auto number = value.integer();
  return number > 0 ? static_cast<std::uint64_t>(number) : 0;
}

std::string string_of(Json value) {
  return std::string(value.text());
}

// The array itself, or the one in `member` of an object.
Result<Json> list_in(const JsonDocument& document, std::string_view member) {
  const Json root = document.root();
  if (root.is_array()) return root;
  if (root[member].is_array()) return root[member];
  return fail(ErrorCode::bad_input, fmt::format("answer holds no list of {}", member));
}

// Every item of a list through `read`, which may refuse it.
template <class Item, class Read>
Result<std::vector<Item>> decode_list(std::string_view text, std::string_view member, Read read) {
  auto document = JsonDocument::parse(text);
  if (!document) return std::unexpected(document.error());
  auto list = list_in(*document, member);
  if (!list) return std::unexpected(list.error());
  std::vector<Item> items;
  items.reserve(list->size());
  for (std::size_t i = 0; i < list->size(); ++i) {
    Result<Item> item = read((*list)[i]);
    if (!item) return std::unexpected(item.error());
    items.push_back(*std::move(item));
  }
  return items;
}

template <class Item, class Read>
Result<Item> decode_one(std::string_view text, Read read) {
  auto document = JsonDocument::parse(text);
  if (!document) return std::unexpected(document.error());
  return read(document->root());
}

Result<CommitItem> read_commit(Json value) {
  CommitItem item;
  item.commit.sha = string_of(value["sha"]);
  if (!is_sha(item.commit.sha))
    return fail(ErrorCode::bad_input, "answer names a commit without a usable sha");
  item.commit.message = string_of(value["commit"]["message"]);
  item.commit.author_name = string_of(value["commit"]["author"]["name"]);
  item.commit.author_email = string_of(value["commit"]["author"]["email"]);
  const Json parents = value["parents"];
  for (std::size_t i = 0; i < parents.size(); ++i) {
    if (is_sha(parents[i]["sha"].text())) item.parents.push_back(string_of(parents[i]["sha"]));
  }
  return item;
}

Result<FileItem> read_file(Json value) {
  FileItem item;
  item.path = string_of(value["filename"]);
  item.previous_path = string_of(value["previous_filename"]);
  item.sha = string_of(value["sha"]);
  item.status = string_of(value["status"]);
  item.changes = value["changes"].integer();
  if (value["patch"].is_string()) item.patch = string_of(value["patch"]);
  if (item.path.empty()) return fail(ErrorCode::bad_input, "answer names a file without a path");
  return item;
}

Result<CommentItem> read_comment(Json value) {
  CommentItem item;
  item.id = id_of(value);
  if (item.id.empty()) return fail(ErrorCode::bad_input, "answer names a comment without an id");
  item.login = string_of(value["user"]["login"]);
  item.body = string_of(value["body"]);
  item.url = string_of(value["html_url"]);
  // A review comment moves along with the head; where it was made is what tells one head's review from
  // another's.
  item.commit = string_of(value["original_commit_id"]);
  if (item.commit.empty()) item.commit = string_of(value["commit_id"]);
  const auto thread = value["in_reply_to_id"].integer();
  if (thread > 0) item.in_reply_to = std::to_string(thread);
  return item;
}

Result<CheckRun> read_check_run(Json value) {
  CheckRun run;
  run.id = id_of(value);
  if (run.id.empty()) return fail(ErrorCode::bad_input, "answer names a check run without an id");
  run.status = string_of(value["status"]);
  run.conclusion = string_of(value["conclusion"]);
  run.external_id = string_of(value["external_id"]);
  run.url = string_of(value["html_url"]);
  run.title = string_of(value["output"]["title"]);
  run.annotations = count(value["output"]["annotations_count"]);
  return run;
}

}  // namespace

Result<Pull> decode_pull(std::string_view text, const ChangeRef& ref, std::string_view web_url) {
  auto document = JsonDocument::parse(text);
  if (!document) return std::unexpected(document.error());
  const Json root = document->root();
  Pull pull;
  Change& change = pull.change;
  change.ref = ref;
  const Json base = root["base"], head = root["head"];
  if (is_repository(base["repo"]["full_name"].text()))
    change.ref.repository = string_of(base["repo"]["full_name"]);
  change.title = string_of(root["title"]);
  change.body = string_of(root["body"]);
  change.author = string_of(root["user"]["login"]);
  change.base_ref = string_of(base["ref"]);
  change.base_sha = string_of(base["sha"]);
  change.head_ref = string_of(head["ref"]);
  change.head_sha = string_of(head["sha"]);
  if (!is_sha(change.base_sha) || !is_sha(change.head_sha)) {
    return fail(ErrorCode::bad_input, "answer names no usable base and head");
  }
  change.open = root["state"].text() == "open";
  change.draft = root["draft"].boolean();
  // A fork that was deleted has no repository any more.
  change.fork = head["repo"]["full_name"].text() != base["repo"]["full_name"].text();
  change.public_repository = !base["repo"]["private"].boolean();
  change.web_url = fmt::format("{}/{}/pull/{}", web_url, change.ref.repository, ref.number);
  pull.files = count(root["changed_files"]);
  pull.commits = count(root["commits"]);
  pull.comments = count(root["comments"]);
  pull.review_comments = count(root["review_comments"]);
  return pull;
}

Result<std::vector<CommitItem>> decode_commits(std::string_view text) {
  return decode_list<CommitItem>(text, "commits", read_commit);
}

Result<std::vector<FileItem>> decode_files(std::string_view text) {
  return decode_list<FileItem>(text, "files", read_file);
}

Completion completion_of(const FileItem& item) {
  if (item.patch) return Completion::whole;
  if (item.status == "removed" || item.sha == empty_blob) return Completion::no_content;
  if ((item.status == "renamed" || item.status == "copied" || item.status == "unchanged") &&
      item.changes == 0) {
    return Completion::no_content;
  }
  // Binary, a change of mode alone, or a text that GitHub calls too big: the answer looks the same, the blob
  // tells.
  return Completion::needs_blob;
}

Result<Comparison> decode_comparison(std::string_view text) {
  return decode_one<Comparison>(text, [](Json root) -> Result<Comparison> {
    Comparison comparison{string_of(root["merge_base_commit"]["sha"]), count(root["total_commits"])};
    if (!is_sha(comparison.merge_base)) return fail(ErrorCode::bad_input, "answer names no merge base");
    return comparison;
  });
}

Result<std::vector<CommentItem>> decode_comments(std::string_view text) {
  return decode_list<CommentItem>(text, "comments", read_comment);
}
Result<CommentItem> decode_comment_item(std::string_view text) {
  return decode_one<CommentItem>(text, read_comment);
}

Result<std::vector<CheckRun>> decode_check_runs(std::string_view text) {
  return decode_list<CheckRun>(text, "check_runs", read_check_run);
}
Result<CheckRun> decode_check_run_item(std::string_view text) {
  return decode_one<CheckRun>(text, read_check_run);
}

Result<InstallationToken> decode_installation_token(std::string_view text) {
  return decode_one<InstallationToken>(text, [](Json root) -> Result<InstallationToken> {
    InstallationToken token{Secret(string_of(root["token"])), {}};
    const std::string_view shown = token.token.reveal();
    // No length is fixed: since 2026-04 tokens hold a JWT and are 300 characters and more.
    if (shown.empty() || shown.find_first_of("\r\n ") != std::string_view::npos) {
      return fail(ErrorCode::bad_input, "answer holds no usable token");
    }
    if (!parse_iso8601(root["expires_at"].text(), token.expires)) {
      return fail(ErrorCode::bad_input, "answer does not say when the token expires");
    }
    return token;
  });
}

Result<std::string> decode_id(std::string_view text) {
  return decode_one<std::string>(text, [](Json root) -> Result<std::string> {
    std::string id = id_of(root);
    if (id.empty()) return fail(ErrorCode::bad_input, "answer holds no id");
    return id;
  });
}

Result<std::string> decode_app_login(std::string_view text) {
  return decode_one<std::string>(text, [](Json root) -> Result<std::string> {
    if (root["slug"].text().empty()) return fail(ErrorCode::bad_input, "answer names no app");
    return string_of(root["slug"]) + "[bot]";
  });
}

Result<Permission> decode_permission(std::string_view text) {
  return decode_one<Permission>(text, [](Json root) -> Result<Permission> {
    // "maintain" and "triage" come as write and read here; role_name has the exact one, which nobody needs
    // yet.
    const std::string_view word = root["permission"].text();
    if (word == "admin") return Permission::admin;
    if (word == "write") return Permission::write;
    if (word == "read") return Permission::read;
    if (word == "none") return Permission::none;
    return fail(ErrorCode::bad_input, "answer holds no known permission");
  });
}

// "internal" repositories are private ones that a whole enterprise sees.
Result<bool> decode_is_public(std::string_view text) {
  return decode_one<bool>(text, [](Json root) -> Result<bool> {
    const Json value = root["private"];
    if (value.boolean(true) != value.boolean(false))
      return fail(ErrorCode::bad_input, "answer does not say whether it is private");
    return !value.boolean();
  });
}

// GitHub counts in KiB.
Result<std::uint64_t> decode_repository_bytes(std::string_view text) {
  return decode_one<std::uint64_t>(
      text, [](Json root) -> Result<std::uint64_t> { return count(root["size"]) * 1024; });
}

}  // namespace fanlight::host::github
