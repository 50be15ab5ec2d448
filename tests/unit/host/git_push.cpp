#include <boost/test/unit_test.hpp>
#include <string>

#include "git/push.hpp"

namespace fanlight::host {
namespace {

const std::string id_a(40, 'a'), id_b(40, 'b'), id_null(40, '0');
constexpr std::string_view root = "/srv/git", notes = "refs/notes/fanlight";

Push good_push() {
  return {.repository = "infra.git",
          .ref = "refs/heads/topic",
          .old_id = id_a,
          .new_id = id_b,
          .pusher = "ada",
          .quarantine = ""};
}

net::Request signed_request(const std::string& body, const Secret& key) {
  net::Request request{.method = "POST", .target = "/hooks/git", .headers = {}, .body = body, .peer = {}};
  request.headers.add(std::string(push_signature_header), sign(key, body));
  request.headers.add(std::string(push_delivery_header), "0123456789abcdef");
  request.headers.add(std::string(push_event_header), "push");
  return request;
}

Delivery delivery_of(const std::string& body) {
  return {.host = "git", .delivery_id = "d1", .headers = {{"x-fanlight-event", "push"}}, .body = body};
}

BOOST_AUTO_TEST_SUITE(git_push)

BOOST_AUTO_TEST_CASE(only_a_signed_body_is_a_delivery) {
  const Secret key("made up for this test");
  const std::string body = to_json(good_push());
  auto delivery = verify_push(signed_request(body, key), key, "git");
  BOOST_REQUIRE_MESSAGE(delivery, delivery.error().text);
  BOOST_TEST(delivery->delivery_id == "0123456789abcdef");
  BOOST_TEST(delivery->body == body);
  for (const auto& [name, value] : delivery->headers) BOOST_TEST(value.find("sha256") == std::string::npos);

  net::Request none = signed_request(body, key);
  none.headers = {};
  net::Request changed = signed_request(body, key);
  changed.body[10] ^= 1;
  net::Request cut = signed_request(body, key);
  cut.headers = {};
  cut.headers.add(std::string(push_signature_header), sign(key, body).substr(0, 20));
  struct Row {
    const char* name;
    net::Request request;
    Secret key;
  };
  const Row rows[] = {{"no signature", none, key},
                      {"changed body", changed, key},
                      {"shortened signature", cut, key},
                      {"another key", signed_request(body, Secret("other")), key},
                      {"empty key on both sides", signed_request(body, Secret("")), Secret("")}};
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      auto refused = verify_push(row.request, row.key, "git");
      BOOST_REQUIRE(!refused);
      BOOST_TEST((refused.error().code == ErrorCode::unauthenticated));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_delivery_id_is_an_id) {
  const Secret key("made up for this test");
  for (std::string id : {"", "a b", "a/b", "a\"b", "\xC3\xBC"}) {
    net::Request request{.headers = {}, .body = "{}", .peer = {}};
    request.headers.add(std::string(push_signature_header), sign(key, "{}"));
    request.headers.add(std::string(push_delivery_header), id);
    auto delivery = verify_push(request, key, "git");
    BOOST_REQUIRE(!delivery);
    BOOST_TEST((delivery.error().code == ErrorCode::bad_input), id);
  }
}

BOOST_AUTO_TEST_CASE(a_push_means_an_updated_change) {
  auto event = decode_push(delivery_of(to_json(good_push())), root, notes);
  BOOST_REQUIRE_MESSAGE(event, event.error().text);
  BOOST_TEST((event->type == EventType::change_updated));
  BOOST_TEST(event->change.key() == "git|infra.git|refs/heads/topic");
  BOOST_TEST(event->head_sha == id_b);
  BOOST_TEST(event->base_sha == id_a);
  BOOST_TEST(event->actor == "ada");
  BOOST_TEST(event->change.installation == "");
  BOOST_TEST(!event->forced);
}

BOOST_AUTO_TEST_CASE(a_push_in_quarantine_is_a_change_of_its_own) {
  Push push = good_push();
  push.quarantine = "tmp_objdir-incoming-x1";
  auto event = decode_push(delivery_of(to_json(push)), root, notes).value();
  BOOST_TEST(event.change.ref == "refs/heads/topic:" + id_b.substr(0, 12));
  BOOST_TEST(plain_ref(event.change.ref) == "refs/heads/topic");
  BOOST_TEST(event.change.installation == "tmp_objdir-incoming-x1");
  BOOST_TEST(event.quarantine == "tmp_objdir-incoming-x1");
  BOOST_TEST(event.forced);
}

BOOST_AUTO_TEST_CASE(repositories_are_paths_below_the_root) {
  struct Row {
    const char *given, *name;  // empty: refused
  };
  const Row rows[] = {
      {"infra.git", "infra.git"},
      {"team/infra.git", "team/infra.git"},
      {"/srv/git/infra.git", "infra.git"},
      {"/srv/git/team/infra.git/", "team/infra.git"},
      {"/srv/git", ""},
      {"/srv/git/", ""},
      {"/srv/github/infra.git", ""},
      {"/etc", ""},
      {"../etc", ""},
      {"team/../../etc", ""},
      {"/srv/git/../etc", ""},
      {"./infra.git", ""},
      {"a//b", ""},
      {"-c", ""},
      {"a|b", ""},
      {"a\nb", ""},
      {"", ""},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.given) {
      Push push = good_push();
      push.repository = row.given;
      auto event = decode_push(delivery_of(to_json(push)), root, notes);
      BOOST_TEST((event ? event->change.repository : "") == row.name);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_of_no_interest_and_what_is_no_push) {
  struct Row {
    const char* name;
    void (*change)(Push&);
    bool error;
  };
  const Row rows[] = {
      {"deleted branch", [](Push& p) { p.new_id = id_null; }, false},
      {"our own notes", [](Push& p) { p.ref = std::string(notes); }, false},
      {"short id", [](Push& p) { p.new_id = "abc"; }, true},
      {"id that is an option", [](Push& p) { p.old_id = "--all"; }, true},
      {"reference that is an option", [](Push& p) { p.ref = "--all"; }, true},
      {"reference with a colon", [](Push& p) { p.ref = "refs/heads/a:b"; }, true},
      {"quarantine elsewhere", [](Push& p) { p.quarantine = "../../tmp"; }, true},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      Push push = good_push();
      row.change(push);
      auto event = decode_push(delivery_of(to_json(push)), root, notes);
      BOOST_REQUIRE(event.has_value() == !row.error);
      if (event) BOOST_TEST((event->type == EventType::ignored));
      if (!event) BOOST_TEST((event.error().code == ErrorCode::bad_input));
    }
  }
  for (const char* body : {"", "[]", "{", "null", "{\"repository\": 7}"})
    BOOST_TEST(!decode_push(delivery_of(body), root, notes).has_value(), body);
}

BOOST_AUTO_TEST_CASE(a_pusher_cannot_write_to_a_terminal) {
  Push push = good_push();
  push.pusher = "ada\x1b[2J\n" + std::string(500, 'x');
  std::string actor = decode_push(delivery_of(to_json(push)), root, notes).value().actor;
  BOOST_TEST(actor.starts_with("ada?[2J?xxx"));
  BOOST_TEST(actor.size() == 100U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::host
