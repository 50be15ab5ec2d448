// What a browser is given: every value escaped, nothing secret, and links that open only what they were made
// for.
#include "fanlight/app/pages.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "fanlight/core/hash.hpp"
#include "world.hpp"

using namespace fanlight;
using namespace fanlight::app;
using namespace fanlight::testing;

namespace {

const Secret key("a test's key");
const TimePoint now = TimePoint(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22));

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Finding finding_at(const std::string& path) {
  Finding out;
  out.rule = "github-token";
  out.location.path = path;
  out.location.start_line = 12;
  out.location.end_line = 12;
  out.fingerprint = "3f9a1c0d5b7e2a84";
  out.excerpt = "ghp_…4fK2";
  out.title = "GitHub token";
  out.message = "It opens `everything` & more.";
  out.remedy = "Revoke it, then use ``a`b``.";
  out.docs_url = "https://docs.example.org/revoke";
  return out;
}

Record record_of(Review review) {
  Record out;
  out.id = "0123456789abcdef0123456789abcdef";
  out.change = {"github", "acme/api", 42, "", ""};
  out.title = "Add labels";
  out.author = "ada";
  out.head_sha = "4be1d2c0ffee4be1d2c0ffee4be1d2c0ffee4be1";
  out.web_url = "https://github.example.org/acme/api/pull/42";
  out.created = now;
  out.took_ms = 731;
  out.review = std::move(review);
  return out;
}

// One request to a route of `routes`, answered.
net::Response ask(std::vector<net::Route> routes, const std::string& target,
                  const std::string& authorization = {}) {
  net::Request request;
  request.target = target;
  if (!authorization.empty()) request.headers.add("Authorization", authorization);
  boost::asio::io_context io(1);
  net::Response out;
  out.status = 0;
  for (const net::Route& route : routes) {
    const bool prefix = route.path.ends_with("/*");
    const std::string start = route.path.substr(0, route.path.size() - (prefix ? 1 : 0));
    if (prefix ? !request.path().starts_with(start) : request.path() != start) continue;
    boost::asio::co_spawn(io, route.handler(request), [&](std::exception_ptr error, net::Response answer) {
      if (error) std::rethrow_exception(error);
      out = std::move(answer);
    });
    io.run();
    break;
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(a_link_opens_its_own_review_until_its_time) {
  const std::string path = review_path("abc", now, key);
  BOOST_TEST(path.starts_with("/reviews/abc?until=" + std::to_string(now.time_since_epoch().count() / 1000) +
                              "&sig="));
  const std::string until = std::to_string(now.time_since_epoch().count() / 1000);
  const std::string signature = path.substr(path.find("sig=") + 4);
  const std::string later = std::to_string(now.time_since_epoch().count() / 1000 + 1);
  using std::chrono::milliseconds;
  struct Row {
    const char* name;
    std::string id, until, signature;
    TimePoint at;
    Secret key;
    bool opens;
  };
  const Row rows[] = {
      {"as it was made", "abc", until, signature, now - milliseconds(1), key, true},
      {"at its end", "abc", until, signature, now, key, false},
      {"of another review", "abd", until, signature, now - milliseconds(1), key, false},
      {"with a later time", "abc", later, signature, now - milliseconds(1), key, false},
      {"with another key", "abc", until, signature, now - milliseconds(1), Secret("x"), false},
      {"cut short", "abc", until, signature.substr(1), now - milliseconds(1), key, false},
      {"without a signature", "abc", until, "", now - milliseconds(1), key, false},
      {"without a time", "abc", "", signature, now - milliseconds(1), key, false},
      {"with a sign before the time", "abc", "+" + until, signature, now - milliseconds(1), key, false},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(check_review_link(row.id, row.until, row.signature, row.at, row.key) == row.opens);
    }
  }
}

BOOST_AUTO_TEST_CASE(links_made_within_one_time_are_equal_and_last_long_enough) {
  const std::chrono::hours valid(24 * 14);
  for (int day = 0; day < 60; ++day) {
    const TimePoint made = now + std::chrono::hours(24 * day);
    BOOST_TEST((link_until(made, valid) >= made + valid));
    BOOST_TEST((link_until(made, valid) <= made + 2 * valid));
  }
  BOOST_TEST((link_until(now, valid) == link_until(now + std::chrono::minutes(1), valid)));
  BOOST_TEST((link_until(now, std::chrono::hours(0)) > now));
}

BOOST_AUTO_TEST_CASE(a_review_shows_what_was_found_and_done) {
  Review review;
  review.verdict = Verdict::fail;
  review.findings = {finding_at("modules/a/main.tf")};
  Finding gone = finding_at("modules/b/main.tf");
  gone.change = ChangeKind::removed;
  review.findings.push_back(gone);
  Finding old = finding_at("c.tf");
  old.fingerprint = "1111111111111111";
  old.at_head = false;
  old.commit = "c0ffee1234567890";
  review.findings.push_back(old);
  review.waived = {{finding_at("d.tf"), "ada", "made up"}};
  review.missing = {{"dump.sql", "48 MB, over the limit"}};
  review.problems = {".fanlight.yml:2: unknown key \"polcy\""};
  review.notices = {"A comment asks to accept `3f9a1c0d`."};
  review.scanned.files = 1;
  review.scanned.commits = 3;
  review.scanned.title_and_body = true;
  for (int i = 0; i < 25; ++i) review.scanned.skipped.push_back({"s" + std::to_string(i) + ".png", "binary"});
  Record record = record_of(review);
  record.contexts = {{"3f9a1c0d5b7e2a84",
                      {{LineKind::context, 0, 11, "before"},
                       {LineKind::added, 0, 12, "t = \"████\""},
                       {LineKind::added, 0, 13, "after"}}}};
  record.done = {{"review", "1 comment", "https://github.example.org/r/1"},
                 {"status", "failure", "javascript:x"}};
  const std::string html = review_page(record, now + std::chrono::minutes(3));
  const char* parts[] = {
      "<!doctype html>",
      "<title>Add labels · fanlight</title>",
      "review of acme/api#42",
      "<code>4be1d2c0ffee</code>",
      " by ada",
      "3 minutes ago, 2026-11-22T00:00:00Z",
      "took 731 ms",
      "href=\"https://github.example.org/acme/api/pull/42\"",
      "modules/a/main.tf:12",
      "Fix before merging",
      "<tr class=\"hit\"><td class=\"n\">12</td><td>t = &quot;████&quot;</td></tr>",
      "<tr class=\"added\"><td class=\"n\">13</td>",
      "It opens <code>everything</code> &amp; more.",
      "then use <code>a`b</code>.",
      "href=\"https://docs.example.org/revoke\"",
      "gone at the head, still in commit c0ffee1",
      "What became better",
      "modules/b/main.tf:12",
      "made up <span class=\"soft\">(ada)</span>",
      "I am not saying that these are clean",
      "<code>dump.sql</code>: 48 MB, over the limit",
      "unknown key &quot;polcy&quot;",
      "asks to accept <code>3f9a1c0d</code>.",
      "Looked at 1 file, 3 commits, title and description.",
      "<code>s19.png</code>",
      "and 5 more",
      "review: 1 comment",
      "href=\"https://github.example.org/r/1\"",
  };
  for (const char* part : parts) BOOST_TEST(holds(html, part), "not on the page: " << part);
  BOOST_TEST(!holds(html, "s20.png"));
  BOOST_TEST(!holds(html, "javascript:"));
  BOOST_TEST(!holds(html, "{{"));
}

BOOST_AUTO_TEST_CASE(a_review_without_findings_says_so) {
  Review review;
  review.verdict = Verdict::pass;
  review.scanned.files = 2;
  const std::string html = review_page(record_of(review), now);
  BOOST_TEST(holds(html, "Nothing to fix in what was looked at."));
  BOOST_TEST(holds(html, "just now"));
  BOOST_TEST(holds(html, "Nothing was posted"));
  for (const char* heading :
       {"What to do", "Not looked at", "Accepted", "Good to know", "What became better"}) {
    BOOST_TEST(!holds(html, heading));
  }
}

BOOST_AUTO_TEST_CASE(nothing_from_a_repository_is_markup) {
  const std::string evil = "<script>alert(1)</script>\"'><img src=x onerror=y>{{title}}{{{title}}}`<b>`";
  Finding bad = finding_at(evil);
  bad.title = bad.message = bad.remedy = bad.excerpt = bad.rule = evil;
  bad.fingerprint = "3f9a1c0d5b7e2a84";
  bad.docs_url = "javascript:alert(1)";
  bad.commit = evil;
  Review review;
  review.verdict = Verdict::fail;
  review.findings = {bad};
  review.waived = {{bad, evil, evil}};
  review.missing = {{evil, evil}};
  review.problems = {evil};
  review.notices = {evil};
  review.scanned.skipped = {{evil, evil}};
  Record record = record_of(review);
  record.title = record.author = record.head_sha = evil;
  record.change.repository = evil;
  record.web_url = "javascript:alert(1)";
  record.contexts = {{bad.fingerprint, {{LineKind::added, 0, 12, evil}}}};
  record.done = {{evil, evil, "javascript:alert(1)"}};
  store::Job job;
  job.display = job.error = evil;
  const store::AuditEntry entry{now, evil, evil, evil, evil};
  for (const std::string& html : {review_page(record, now), dashboard_page({record}, {job}, {}, {entry}, now,
                                                                           key, std::chrono::hours(24))}) {
    for (const char* part : {"<script", "<img", "<b>", "onerror=y>", "'><", "javascript:"}) {
      BOOST_TEST(!holds(html, part), "on the page: " << part);
    }
    BOOST_TEST(holds(html, "&lt;script&gt;"));
  }
}

BOOST_AUTO_TEST_CASE(backticks_that_do_not_pair_are_text) {
  struct Row {
    const char* text;
    const char* html;
  };
  const Row rows[] = {{"a `b", "a `b"},
                      {"a ``b`", "a ``b`"},
                      {"`a` ``b``", "<code>a</code> <code>b</code>"},
                      {"``` a`b ```", "<code>a`b</code>"},
                      {"`", "`"},
                      {"``", "``"},
                      {"`<`&`", "<code>&lt;</code>&amp;`"}};
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.text) {
      Review review;
      review.notices = {row.text};
      BOOST_TEST(holds(review_page(record_of(review), now), std::string("<li>") + row.html + "</li>"));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_overview_lists_reviews_queue_and_decisions) {
  Review review;
  review.verdict = Verdict::fail;
  review.findings = {finding_at("a.tf")};
  store::Job job;
  job.display = "acme/api#7";
  job.state = store::JobState::parked;
  job.attempts = 6;
  job.error = "github: 502 five times";
  job.asked = now - std::chrono::hours(26);
  const store::QueueStats queue{3, 1, 2, now - std::chrono::minutes(1)};
  const store::AuditEntry entry{now - std::chrono::seconds(5), "ada", "waiver added", "acme/api#42",
                                "3f9a1c0d: made up"};
  const std::string html =
      dashboard_page({record_of(review)}, {job}, queue, {entry}, now, key, std::chrono::hours(24 * 14));
  const char* parts[] = {"3 waiting · 1 being done",
                         "2 set aside",
                         "oldest waits since 1 minute ago",
                         "acme/api#7",
                         "github: 502 five times",
                         "1 day ago",
                         "href=\"/reviews/0123456789abcdef0123456789abcdef?until=",
                         "1 to fix",
                         "waiver added <span class=\"soft\">3f9a1c0d: made up</span>"};
  for (const char* part : parts) BOOST_TEST(holds(html, part), "not on the page: " << part);
  BOOST_TEST(holds(dashboard_page({}, {}, {}, {}, now, key, std::chrono::hours(1)), "No review yet."));
}

BOOST_FIXTURE_TEST_CASE(pages_open_for_who_may_see_them, World) {
  push(added_file("a.tf", {"t = \"" + github_token(1) + "\""}));
  settle_and_work();
  const std::string id = latest()->id;
  const std::string good = review_path(id, clock.now() + std::chrono::hours(1), config.key);
  const std::string old = review_path(id, clock.now() - std::chrono::hours(1), config.key);
  const std::string other =
      review_path(std::string(32, '0'), clock.now() + std::chrono::hours(1), config.key);
  struct Row {
    const char* name;
    std::string target, authorization;
    unsigned status;
  };
  const Row off[] = {
      {"a good link", good, "", 200},
      {"an old link", old, "", 403},
      {"no signature", "/reviews/" + id, "", 403},
      {"a review that is not kept", other, "", 404},
      {"up the path", "/reviews/../" + id, "", 403},
      {"the style", "/style.css", "", 200},
      {"the overview that is off", "/", "Bearer ", 404},
  };
  const Row on[] = {
      {"no token", "/", "", 401},
      {"a wrong token", "/", "Bearer overview", 401},
      {"an empty token", "/", "Bearer ", 401},
      {"the token", "/", "Bearer the overview's", 200},
      {"the token as a password", "/", "Basic " + to_base64("ada:the overview's"), 200},
      {"the token as a name", "/", "Basic " + to_base64("the overview's:"), 401},
      {"no base64", "/", "Basic !!", 401},
      {"another scheme", "/", "Digest the overview's", 401},
  };
  const auto check = [&](const Row& row) {
    BOOST_TEST_CONTEXT(row.name) {
      before_work = [&](Services& services) {
        const net::Response got = ask(page_routes(services), row.target, row.authorization);
        BOOST_TEST(got.status == row.status);
        if (row.target == "/style.css") return;
        BOOST_TEST(got.headers.get("Cache-Control") == "private, no-store");
        BOOST_TEST(holds(std::string(got.headers.get("Content-Security-Policy")), "default-src 'none'"));
        BOOST_TEST(got.headers.get("Referrer-Policy") == "no-referrer");
        BOOST_TEST(!holds(got.body, github_token(1)));
      };
      work();
    }
  };
  for (const Row& row : off) check(row);
  config.dashboard_token = Secret("the overview's");
  for (const Row& row : on) check(row);
}

BOOST_AUTO_TEST_SUITE_END()
