// GitHub's webhooks, bytes to events. Rows that begin with "trap" are named after the host facts.
#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "fanlight/core/hash.hpp"
#include "github/webhook.hpp"

namespace fanlight::host::github {
namespace {

const Identity identity{"github", "fanlight", ""};
const std::string sha(40, 'a');

std::string signature(std::string_view secret, std::string_view body) {
  return "sha256=" + to_hex(hmac_sha256(secret, body));
}

net::Request request_with(std::string event, std::string body, std::string type = "application/json") {
  net::Request request;
  request.method = "POST";
  request.headers.add("X-GitHub-Event", std::move(event));
  request.headers.add("X-GitHub-Delivery", "d-1");
  request.headers.add("Content-Type", std::move(type));
  request.headers.add("X-Hub-Signature-256", signature("s3", body));
  request.body = std::move(body);
  return request;
}

// The members every payload has, with `rest` beside them.
std::string payload(std::string_view action, std::string_view rest, std::string_view sender = "ada",
                    std::string_view sender_type = "User") {
  return fmt::format(R"({{"action": "{}", "repository": {{"id": 1, "full_name": "acme/api"}},
    "installation": {{"id": 77}}, "sender": {{"login": "{}", "type": "{}"}}, {}}})",
                     action, sender, sender_type, rest);
}

std::string pull(std::string_view updated = "2026-01-01T00:00:00Z") {
  return fmt::format(
      R"("number": 42, "pull_request": {{"number": 42, "head": {{"sha": "{0}"}}, "base": {{"sha": "{0}"}}, "updated_at": "{1}"}})",
      sha, updated);
}

std::string comment(std::string_view body, std::string_view author = "ada", std::string_view more = "") {
  return fmt::format(R"("issue": {{"number": 42, "pull_request": {{}}}}, "comment": {{"id": 7, "body": "{}",
    "updated_at": "2026-01-01T00:00:00Z", "user": {{"login": "{}", "type": "User"}}}} {})",
                     body, author, more);
}

Result<Event> decode(std::string event, std::string body, std::string type = "application/json") {
  return decode_webhook(
      identity, {"github", "d-1", {{"x-github-event", event}, {"content-type", type}}, std::move(body)});
}

std::string percent(std::string_view text) {
  std::string out;
  for (const unsigned char c : text) out += c == ' ' ? "+" : fmt::format("%{:02X}", c);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(github_webhook)

BOOST_AUTO_TEST_CASE(trap_1_signature_covers_the_raw_bytes) {
  // The vector of GitHub's own page on validating deliveries.
  const Secret secret("It's a Secret to Everybody");
  const std::string good = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  BOOST_TEST(signature_holds(secret, good, "Hello, World!"));
  BOOST_TEST(!signature_holds(secret, good, "Hello, World! "));
  BOOST_TEST(!signature_holds(Secret("other"), good, "Hello, World!"));
}

BOOST_AUTO_TEST_CASE(trap_2_what_is_no_signature_is_refused) {
  const std::string body = "{}", good = signature("s3", body);
  const std::pair<const char*, std::string> rows[] = {
      {"missing", ""},
      {"empty digest", "sha256="},
      {"no prefix", good.substr(7)},
      {"short by one", good.substr(0, good.size() - 1)},
      {"long by one", good + "0"},
      {"another hash", "sha1=" + good.substr(7)},
      {"last digit changed", good.substr(0, good.size() - 1) + (good.back() == '0' ? '1' : '0')},
  };
  for (const auto& [name, header] : rows) {
    net::Request request;
    request.headers.add("X-GitHub-Event", "ping");
    request.headers.add("X-GitHub-Delivery", "d-1");
    if (!header.empty()) request.headers.add("X-Hub-Signature-256", header);
    request.body = body;
    auto received = receive_webhook(identity, Secret("s3"), request);
    BOOST_REQUIRE_MESSAGE(!received.has_value(), name);
    BOOST_TEST((received.error().code == ErrorCode::unauthenticated), name);
  }
  BOOST_TEST(!signature_holds(Secret(), "sha256=" + to_hex(hmac_sha256("", body)), body));
}

BOOST_AUTO_TEST_CASE(both_content_types_are_read) {
  const std::string text = payload("opened", pull());
  auto plain = receive_webhook(identity, Secret("s3"), request_with("pull_request", text));
  auto form = receive_webhook(
      identity, Secret("s3"),
      request_with("pull_request", "payload=" + percent(text), "application/x-www-form-urlencoded"));
  BOOST_REQUIRE(plain.has_value());
  BOOST_REQUIRE(form.has_value());
  BOOST_TEST(plain->event.meaning == form->event.meaning);
  BOOST_TEST(form->event.change.number == 42u);
  BOOST_TEST(form->event.change.installation == "77");
  BOOST_TEST(form->delivery.delivery_id == "d-1");
  BOOST_TEST(!form->delivery.headers.contains("x-hub-signature-256"));
}

BOOST_AUTO_TEST_CASE(bad_payloads_are_one_clear_error) {
  const std::string deep(65, '[');
  const std::pair<const char*, net::Request> rows[] = {
      {"not JSON", request_with("pull_request", "{\"a\":")},
      {"an array", request_with("pull_request", "[]")},
      {"deep", request_with("pull_request", deep)},
      {"no repository", request_with("pull_request", R"({"action": "opened"})")},
      {"path in the name",
       request_with("pull_request",
                    R"({"action": "opened", "number": 1, "repository": {"full_name": "../etc"}})")},
      {"no number", request_with("pull_request", payload("opened", R"("pull_request": {})"))},
      {"form without payload", request_with("pull_request", "a=b", "application/x-www-form-urlencoded")},
      {"broken escape", request_with("pull_request", "payload=%7", "application/x-www-form-urlencoded")},
      {"unknown type", request_with("pull_request", "{}", "text/plain")},
  };
  for (const auto& [name, request] : rows) {
    auto received = receive_webhook(identity, Secret("s3"), request);
    BOOST_REQUIRE_MESSAGE(!received.has_value(), name);
    BOOST_TEST((received.error().code == ErrorCode::bad_input), name);
    BOOST_TEST(received.error().text.starts_with("github: webhook: "), name);
    BOOST_TEST(received.error().text.find('\n') == std::string::npos, name);
  }
}

BOOST_AUTO_TEST_CASE(body_at_the_limit_is_read_and_one_byte_over_refused) {
  std::string body = payload("labeled", pull());
  body.resize(payload_bytes_max, ' ');
  BOOST_TEST(receive_webhook(identity, Secret("s3"), request_with("pull_request", body)).has_value());
  body += ' ';
  auto over = receive_webhook(identity, Secret("s3"), request_with("pull_request", body));
  BOOST_REQUIRE(!over.has_value());
  BOOST_TEST((over.error().code == ErrorCode::too_large));
}

struct Row {
  const char* name;
  std::string event, body;
  EventType type;
  std::string reason;
};

BOOST_AUTO_TEST_CASE(events_mean_what_they_say) {
  const std::string run = fmt::format(R"("name": "fanlight", "head_sha": "{}", "pull_requests": [])", sha);
  const Row rows[] = {
      {"ping", "ping", R"({"zen": "x"})", EventType::ping, ""},
      {"opened", "pull_request", payload("opened", pull()), EventType::change_updated, ""},
      {"new head", "pull_request", payload("synchronize", pull()), EventType::change_updated, ""},
      {"draft", "pull_request", payload("converted_to_draft", pull()), EventType::change_updated, ""},
      {"closed", "pull_request", payload("closed", pull()), EventType::change_closed, ""},
      {"labeled", "pull_request", payload("labeled", pull()), EventType::ignored, "action labeled"},
      {"title edited", "pull_request", payload("edited", pull() + R"(, "changes": {"title": {"from": "x"}})"),
       EventType::change_updated, ""},
      {"base moved", "pull_request", payload("edited", pull() + R"(, "changes": {"base": {"ref": {}}})"),
       EventType::change_updated, ""},
      {"nothing edited", "pull_request", payload("edited", pull() + R"(, "changes": {})"), EventType::ignored,
       "edited neither title, body nor base"},
      {"command", "issue_comment", payload("created", comment("hello\\n/fanlight help")), EventType::command,
       ""},
      {"indented command", "issue_comment", payload("created", comment("  /fanlight help")),
       EventType::command, ""},
      {"trap 25 quoted command", "issue_comment", payload("created", comment("> /fanlight help")),
       EventType::ignored, "holds no command"},
      {"command in a sentence", "issue_comment", payload("created", comment("try /fanlight help")),
       EventType::ignored, "holds no command"},
      {"deleted comment", "issue_comment", payload("deleted", comment("/fanlight help")), EventType::ignored,
       "action deleted"},
      {"comment on an issue", "issue_comment",
       payload("created", R"("issue": {"number": 4}, "comment": {"id": 1, "body": "/fanlight help"})"),
       EventType::ignored, "a comment on an issue, not on a pull request"},
      {"trap 24 bot's comment", "issue_comment",
       payload("created", comment("/fanlight help", "x[bot]"), "x[bot]", "Bot"), EventType::ignored,
       "a bot's comment"},
      {"trap 24 own comment", "issue_comment",
       payload("created", comment("/fanlight help <!-- fanlight:reply:1 -->")), EventType::ignored,
       "a comment of our own"},
      {"trap 26 edited into a command", "issue_comment",
       payload("edited", comment("/fanlight help", "ada", R"(, "changes": {"body": {"from": "hello"}})")),
       EventType::command, ""},
      {"trap 26 edited by somebody else", "issue_comment",
       payload("edited", comment("/fanlight help", "mallory", R"(, "changes": {"body": {"from": "hello"}})")),
       EventType::ignored, "edited by somebody else than its author"},
      {"trap 26 edited without a change", "issue_comment",
       payload("edited",
               comment("/fanlight help", "ada", R"(, "changes": {"body": {"from": "/fanlight help"}})")),
       EventType::ignored, "edited without a change"},
      {"re-run", "check_run",
       payload("rerequested",
               fmt::format(R"("check_run": {{"external_id": "github|acme/api|42", {}}})", run)),
       EventType::change_updated, ""},
      {"our button", "check_run",
       payload("requested_action",
               fmt::format(R"("requested_action": {{"identifier": "recheck"}}, "check_run": {{{}}})", run)),
       EventType::change_updated, ""},
      {"another button", "check_run",
       payload("requested_action",
               fmt::format(R"("requested_action": {{"identifier": "fix"}}, "check_run": {{{}}})", run)),
       EventType::ignored, "not our button"},
      {"another app's run", "check_run",
       payload("rerequested", R"("check_run": {"name": "ci", "external_id": "1"})"), EventType::ignored,
       "another app's check run"},
      {"run created", "check_run", payload("created", "\"check_run\": {}"), EventType::ignored,
       "action created"},
      {"new suite", "check_suite", payload("requested", "\"check_suite\": {}"), EventType::ignored,
       "a new suite; pull_request says the same"},
      {"suite again", "check_suite", payload("rerequested", fmt::format(R"("check_suite": {{{}}})", run)),
       EventType::change_updated, ""},
      {"trap 28 merge group", "merge_group",
       payload("checks_requested",
               fmt::format(
                   R"("merge_group": {{"head_sha": "{0}", "base_sha": "{0}", "head_ref": "refs/heads/q/1"}})",
                   sha)),
       EventType::change_updated, ""},
      {"group destroyed", "merge_group", payload("destroyed", "\"merge_group\": {}"), EventType::ignored,
       "action destroyed"},
      {"push", "push", R"({"ref": "refs/heads/main"})", EventType::ignored, "event push"},
  };
  for (const Row& row : rows) {
    auto event = decode(row.event, row.body);
    BOOST_REQUIRE_MESSAGE(event.has_value(),
                          fmt::format("{}: {}", row.name, event ? "" : event.error().text));
    BOOST_TEST((event->type == row.type), row.name);
    BOOST_TEST(event->reason == row.reason, row.name);
    const bool wanted = row.type != EventType::ignored && row.type != EventType::ping;
    BOOST_TEST(event->meaning.empty() == !wanted, row.name);
  }
}

BOOST_AUTO_TEST_CASE(trap_5_same_event_under_two_ids_has_one_meaning) {
  auto first =
      receive_webhook(identity, Secret("s3"), request_with("pull_request", payload("synchronize", pull())));
  net::Request other = request_with("pull_request", payload("synchronize", pull()));
  net::Request renamed;
  for (const auto& [name, value] : other.headers.entries())
    renamed.headers.add(name, name == "X-GitHub-Delivery" ? "d-2" : value);
  renamed.body = other.body;
  auto second = receive_webhook(identity, Secret("s3"), renamed);
  BOOST_REQUIRE(first.has_value());
  BOOST_REQUIRE(second.has_value());
  BOOST_TEST(first->delivery.delivery_id != second->delivery.delivery_id);
  BOOST_TEST(first->event.meaning == second->event.meaning);
  // Back to an earlier head is a new wish.
  auto later = decode("pull_request", payload("synchronize", pull("2026-01-01T00:00:09Z")));
  BOOST_TEST(later->meaning != first->event.meaning);
}

BOOST_AUTO_TEST_CASE(trap_6_every_click_is_a_wish_and_a_redelivery_of_it_the_same) {
  const std::string body =
      payload("rerequested",
              fmt::format(R"("check_run": {{"external_id": "github|acme/api|42", "head_sha": "{}"}})", sha));
  auto once = decode("check_run", body), again = decode("check_run", body);
  BOOST_TEST(once->meaning == again->meaning);
  BOOST_TEST(once->forced);
  auto other = decode_webhook(identity, {"github", "d-2", {{"x-github-event", "check_run"}}, body});
  BOOST_TEST(other->meaning != once->meaning);
}

BOOST_AUTO_TEST_CASE(trap_17_fork_check_runs_are_resolved_by_external_id_or_later_by_head) {
  struct {
    const char* name;
    std::string external_id, pulls;
    std::uint64_t number;
    std::string ref;
  } rows[] = {
      {"external id", "github|acme/api|42", "[]", 42, ""},
      {"external id wins", "github|acme/api|42", R"([{"number": 7}])", 42, ""},
      {"one pull request", "", R"([{"number": 7}])", 7, ""},
      {"several pull requests", "", R"([{"number": 7}, {"number": 8}])", 0, "commits/" + sha},
      {"pull request of another repository", "", R"([{"number": 7, "base": {"repo": {"id": 2}}}])", 0,
       "commits/" + sha},
      {"fork", "", "[]", 0, "commits/" + sha},
      {"another section's id", "ghes|acme/api|42", "[]", 0, "commits/" + sha},
      {"merge group", "github|acme/api|refs/heads/q/1", "[]", 0, "refs/heads/q/1"},
  };
  for (const auto& row : rows) {
    auto event = decode(
        "check_run",
        payload(
            "rerequested",
            fmt::format(
                R"("check_run": {{"name": "fanlight", "external_id": "{}", "head_sha": "{}", "pull_requests": {}}})",
                row.external_id, sha, row.pulls)));
    BOOST_REQUIRE_MESSAGE(event.has_value(), row.name);
    BOOST_TEST(event->change.number == row.number, row.name);
    BOOST_TEST(event->change.ref == row.ref, row.name);
  }
}

BOOST_AUTO_TEST_CASE(repository_names_cannot_step_out_of_a_path) {
  for (const char* good : {"acme/api", "a/b.c", "A-1/x_y", "o/.github"})
    BOOST_TEST(is_repository(good), good);
  for (const char* bad :
       {"", "acme", "acme/", "/api", "a/b/c", "../x", "a/..", "a/.", "a b/c", "a/b?x", "a/b#", "a/%2e"}) {
    BOOST_TEST(!is_repository(bad), bad);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::host::github
