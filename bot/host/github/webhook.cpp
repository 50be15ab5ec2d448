// One function per kind of event. Each says what it wants and why it ignores the rest; "ignored" is an
// answer, and only a payload that is not GitHub's is an error.
#include "github/webhook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "github/marker.hpp"
#include "json.hpp"

namespace fanlight::host::github {
namespace {

Event ignored(std::string_view reason) {
  Event event;
  event.type = EventType::ignored;
  // Words of the payload stand in it: bounded, because it goes to the log.
  event.reason = std::string(truncate_utf8(reason, 80));
  return event;
}

struct Payload {
  const Identity& identity;
  const Delivery& delivery;
  Json root;
  std::string_view action;
  std::string repository;
};

// What all events have in common: where it happened, on whose behalf, and who did it.
Event begin(const Payload& payload, EventType type) {
  Event event;
  event.type = type;
  event.action = std::string(payload.action);
  event.change.host = payload.identity.host;
  event.change.repository = payload.repository;
  const auto installation = payload.root["installation"]["id"].integer();
  if (installation > 0) event.change.installation = std::to_string(installation);
  event.actor = std::string(payload.root["sender"]["login"].text());
  event.actor_is_bot =
      payload.root["sender"]["type"].text() == "Bot" || event.actor.ends_with("[bot]") ||
      (!payload.identity.bot_login.empty() && iequals(event.actor, payload.identity.bot_login));
  return event;
}

std::string sha_or_nothing(Json value) {
  return is_sha(value.text()) ? std::string(value.text()) : std::string();
}

Result<Event> decode_pull_request(const Payload& payload) {
  const std::string_view action = payload.action;
  const Json pull = payload.root["pull_request"];
  if (action == "edited" && !payload.root["changes"]["title"] && !payload.root["changes"]["body"] &&
      !payload.root["changes"]["base"]) {
    return ignored("edited neither title, body nor base");
  }
  constexpr std::string_view wanted[] = {"opened", "synchronize",      "reopened",          "edited",
                                         "closed", "ready_for_review", "converted_to_draft"};
  if (std::ranges::find(wanted, action) == std::end(wanted)) return ignored(fmt::format("action {}", action));

  Event event = begin(payload, action == "closed" ? EventType::change_closed : EventType::change_updated);
  const auto number = payload.root["number"].integer(pull["number"].integer());
  if (number <= 0) return fail(ErrorCode::bad_input, "pull_request: has no number");
  event.change.number = static_cast<std::uint64_t>(number);
  event.head_sha = sha_or_nothing(pull["head"]["sha"]);
  event.base_sha = sha_or_nothing(pull["base"]["sha"]);
  // A branch may be pushed from A to B and back to A, and drafts come and go at one head: the time of the
  // change to the pull request tells those apart, and is the same for two hooks that report one and the same
  // change.
  event.meaning =
      fmt::format("{}:{}:{}:{}", event.change.display(), action, event.head_sha, pull["updated_at"].text());
  return event;
}

// True when some line starts with the command word. A superset on purpose: code blocks are the policy's
// business.
bool may_hold_command(std::string_view comment) {
  return std::ranges::any_of(split_lines(comment), [](std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return line.starts_with("/fanlight");
  });
}

Result<Event> decode_comment(const Payload& payload, CommentKind kind) {
  if (payload.action != "created" && payload.action != "edited") {
    return ignored(fmt::format("action {}", payload.action));
  }
  const Json change = payload.root[kind == CommentKind::conversation ? "issue" : "pull_request"];
  if (kind == CommentKind::conversation && !change["pull_request"].is_object()) {
    return ignored("a comment on an issue, not on a pull request");
  }
  const Json comment = payload.root["comment"];
  Event event = begin(payload, EventType::command);
  if (event.actor_is_bot || comment["user"]["type"].text() == "Bot") return ignored("a bot's comment");
  event.comment_body = std::string(comment["body"].text());
  if (has_marker(event.comment_body)) return ignored("a comment of our own");
  if (!may_hold_command(event.comment_body)) return ignored("holds no command");
  if (payload.action == "edited") {
    // The words are the author's, the event is the editor's: neither may lend the other a permission.
    if (comment["user"]["login"].text() != event.actor)
      return ignored("edited by somebody else than its author");
    const Json before = payload.root["changes"]["body"]["from"];
    if (before.is_string() && before.text() == event.comment_body) return ignored("edited without a change");
  }
  const auto number = change["number"].integer();
  const auto id = comment["id"].integer();
  if (number <= 0 || id <= 0) return fail(ErrorCode::bad_input, "comment: has no number or no id");
  event.change.number = static_cast<std::uint64_t>(number);
  event.head_sha = sha_or_nothing(change["head"]["sha"]);
  event.comment = {kind, std::to_string(id)};
  event.meaning = fmt::format("{}:{}:{}:{}", event.change.display(),
                              kind == CommentKind::conversation ? "comment" : "review_comment", id,
                              comment["updated_at"].text());
  return event;
}

// "github|acme/api|42" as written into external_id when the run was made: the part behind the last '|'. A
// number names a pull request, anything else the ref of a merge queue group.
bool read_external_id(const Payload& payload, std::string_view external_id, ChangeRef& out) {
  const std::string prefix = payload.identity.host + '|';
  const auto last = external_id.rfind('|');
  if (!external_id.starts_with(prefix) || last < prefix.size() || last + 1 >= external_id.size())
    return false;
  const std::string_view tail = external_id.substr(last + 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(tail.data(), tail.data() + tail.size(), number);
  if (error == std::errc() && end == tail.data() + tail.size()) {
    out.number = number;
    return number > 0;
  }
  out.ref = std::string(tail);
  return tail.starts_with("refs/");
}

// The one pull request of this repository that the run or suite names; nothing for forks (GitHub leaves the
// list empty) and nothing when there are several.
std::uint64_t only_pull_request(const Payload& payload, Json list) {
  std::uint64_t found = 0;
  const auto repository_id = payload.root["repository"]["id"].integer();
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto number = list[i]["number"].integer();
    if (number <= 0 || list[i]["base"]["repo"]["id"].integer(repository_id) != repository_id) continue;
    if (found) return 0;
    found = static_cast<std::uint64_t>(number);
  }
  return found;
}

Result<Event> forced(const Payload& payload, Json object, ChangeRef change) {
  Event event = begin(payload, EventType::change_updated);
  event.forced = true;
  event.head_sha = sha_or_nothing(object["head_sha"]);
  event.change.number = change.number;
  event.change.ref = change.ref;
  if (!event.change.number && event.change.ref.empty()) {
    event.change.number = only_pull_request(payload, object["pull_requests"]);
  }
  if (!event.change.number && event.change.ref.empty()) {
    if (event.head_sha.empty())
      return fail(ErrorCode::bad_input, "check: names neither a pull request nor a head");
    event.change.ref = std::string(unresolved_prefix) + event.head_sha;
  }
  // Every click is a wish of its own; a redelivery of it keeps its id.
  event.meaning =
      fmt::format("{}:{}:{}", event.change.display(), payload.action, payload.delivery.delivery_id);
  return event;
}

Result<Event> decode_check_run(const Payload& payload) {
  const Json run = payload.root["check_run"];
  if (payload.action == "requested_action") {
    if (payload.root["requested_action"]["identifier"].text() != recheck_action)
      return ignored("not our button");
  } else if (payload.action != "rerequested") {
    return ignored(fmt::format("action {}", payload.action));
  }
  ChangeRef change;
  const bool ours = read_external_id(payload, run["external_id"].text(), change);
  if (!ours && run["name"].text() != payload.identity.status_name) return ignored("another app's check run");
  return forced(payload, run, std::move(change));
}

Result<Event> decode_check_suite(const Payload& payload) {
  // "requested" comes with every push, beside pull_request.synchronize, and for branches without a change as
  // well.
  if (payload.action == "requested") return ignored("a new suite; pull_request says the same");
  if (payload.action != "rerequested") return ignored(fmt::format("action {}", payload.action));
  return forced(payload, payload.root["check_suite"], {});
}

Result<Event> decode_merge_group(const Payload& payload) {
  if (payload.action != "checks_requested") return ignored(fmt::format("action {}", payload.action));
  const Json group = payload.root["merge_group"];
  Event event = begin(payload, EventType::change_updated);
  event.head_sha = sha_or_nothing(group["head_sha"]);
  event.base_sha = sha_or_nothing(group["base_sha"]);
  event.change.ref = std::string(group["head_ref"].text());
  if (event.head_sha.empty() || event.base_sha.empty() || !event.change.ref.starts_with("refs/")) {
    return fail(ErrorCode::bad_input, "merge_group: lacks head_sha, base_sha or head_ref");
  }
  event.meaning = fmt::format("{}:merge_group:{}", event.change.repository, event.head_sha);
  return event;
}

// A form delivery is "payload=<percent-encoded JSON>"; the signature covers the form, the meaning is in the
// field.
Result<std::string> payload_text(const Delivery& delivery) {
  const auto found = delivery.headers.find("content-type");
  const std::string type = found == delivery.headers.end() ? std::string() : to_lower(found->second);
  if (type.starts_with("application/json") || type.empty()) return delivery.body;
  if (!type.starts_with("application/x-www-form-urlencoded")) {
    return fail(ErrorCode::bad_input,
                "content type is neither application/json nor a form: set one of the two in the webhook");
  }
  for (std::string_view field : split(delivery.body, '&')) {
    if (!field.starts_with("payload=")) continue;
    std::string text(field.substr(8));
    std::ranges::replace(text, '+', ' ');
    auto decoded = net::decode_component(text);
    if (!decoded) return fail(ErrorCode::bad_input, "form: payload has a broken escape");
    return *std::move(decoded);
  }
  return fail(ErrorCode::bad_input, "form: has no payload field");
}

}  // namespace

bool is_repository(std::string_view text) {
  const auto parts = split(text, '/');
  if (parts.size() != 2 || text.size() > 256) return false;
  return std::ranges::all_of(parts, [](std::string_view part) {
    return !part.empty() && part != "." && part != ".." && std::ranges::all_of(part, [](unsigned char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
             c == '_' || c == '.';
    });
  });
}

bool is_sha(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool signature_holds(const Secret& secret, std::string_view header, std::string_view body) {
  constexpr std::string_view prefix = "sha256=";
  if (secret.empty() || !header.starts_with(prefix) || header.size() != prefix.size() + 64) return false;
  const std::string expected = to_hex(hmac_sha256(secret.reveal(), body));
  return equal_constant_time(expected, to_lower(header.substr(prefix.size())));
}

Result<Event> decode_webhook(const Identity& identity, const Delivery& delivery) {
  const auto header = delivery.headers.find("x-github-event");
  const std::string_view name = header == delivery.headers.end() ? std::string_view() : header->second;
  auto text = payload_text(delivery);
  if (!text) return fail_in("github: webhook", text.error());
  auto document = JsonDocument::parse(*text);
  if (!document) return fail_in("github: webhook", document.error());
  const Json root = document->root();
  if (!root.is_object()) return fail(ErrorCode::bad_input, "github: webhook: payload is no object");

  if (name == "ping") {
    Event event;
    event.type = EventType::ping;
    return event;
  }
  using Decoder = Result<Event> (*)(const Payload&);
  constexpr std::pair<std::string_view, Decoder> decoders[] = {
      {"pull_request", decode_pull_request},
      {"issue_comment", [](const Payload& p) { return decode_comment(p, CommentKind::conversation); }},
      {"pull_request_review_comment",
       [](const Payload& p) { return decode_comment(p, CommentKind::inline_comment); }},
      {"check_run", decode_check_run},
      {"check_suite", decode_check_suite},
      {"merge_group", decode_merge_group},
  };
  const auto decoder = std::ranges::find(decoders, name, &std::pair<std::string_view, Decoder>::first);
  if (decoder == std::end(decoders)) return ignored(fmt::format("event {}", name));
  const std::string_view repository = root["repository"]["full_name"].text();
  if (!is_repository(repository)) return fail(ErrorCode::bad_input, "github: webhook: names no repository");
  auto event = decoder->second({identity, delivery, root, root["action"].text(), std::string(repository)});
  if (!event) return fail_in("github: webhook", event.error());
  return event;
}

Result<Received> receive_webhook(const Identity& identity, const Secret& secret,
                                 const net::Request& request) {
  if (request.body.size() > payload_bytes_max) {
    return fail(ErrorCode::too_large, "github: webhook: body is over 25 MB, more than GitHub ever sends");
  }
  const std::string_view signature = request.headers.get("x-hub-signature-256");
  if (signature.empty()) {
    return fail(
        ErrorCode::unauthenticated,
        "github: webhook: no X-Hub-Signature-256: set the same secret at GitHub and in webhook_secret");
  }
  if (!signature_holds(secret, signature, request.body)) {
    return fail(ErrorCode::unauthenticated,
                "github: webhook: wrong signature: set the same secret at GitHub and in webhook_secret");
  }
  Received received;
  Delivery& delivery = received.delivery;
  delivery.host = identity.host;
  delivery.delivery_id = std::string(request.headers.get("x-github-delivery"));
  const bool printable =
      std::ranges::all_of(delivery.delivery_id, [](unsigned char c) { return c > ' ' && c < 127; });
  if (delivery.delivery_id.empty() || delivery.delivery_id.size() > 128 || !printable) {
    return fail(ErrorCode::bad_input, "github: webhook: X-GitHub-Delivery is missing or not an id");
  }
  for (const char* name : {"x-github-event", "content-type"}) {
    if (request.headers.has(name)) delivery.headers[name] = std::string(request.headers.get(name));
  }
  if (!delivery.headers.contains("x-github-event")) {
    return fail(ErrorCode::bad_input, "github: webhook: no X-GitHub-Event");
  }
  delivery.body = request.body;
  auto event = decode_webhook(identity, delivery);
  if (!event) return std::unexpected(event.error());
  received.event = *std::move(event);
  return received;
}

}  // namespace fanlight::host::github
