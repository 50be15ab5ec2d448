// The parts of net that are plain functions: encoding, addresses, proxy exceptions, retry arithmetic, field
// checks.
#include <boost/test/unit_test.hpp>

#include "fanlight/net/http.hpp"
#include "proxy.hpp"
#include "retry.hpp"
#include "url.hpp"
#include "wire.hpp"

using namespace fanlight;
using namespace fanlight::net;

BOOST_AUTO_TEST_SUITE(net_pure)

BOOST_AUTO_TEST_CASE(components_are_encoded_and_decoded) {
  BOOST_TEST(encode_component("a/b c~d%é") == "a%2Fb%20c~d%25%C3%A9");
  BOOST_TEST(encode_path("a/b c") == "a/b%20c");
  BOOST_TEST(decode_component("a%2Fb%20c").value() == "a/b c");
  for (const auto* broken : {"%", "%2", "%zz", "a%2"}) BOOST_TEST(!decode_component(broken), broken);
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  BOOST_TEST(decode_component(encode_component(every)).value() == every);
}

BOOST_AUTO_TEST_CASE(query_parameters_are_found_by_their_decoded_name) {
  Request request;
  request.target = "/p?a=1&b%20c=x+y%2B&empty=&flag&a=2&bad=%zz";
  BOOST_TEST(request.path() == "/p");
  BOOST_TEST(request.query("a").value() == "1");
  BOOST_TEST(request.query("b c").value() == "x y+");
  BOOST_TEST(request.query("empty").value() == "");
  BOOST_TEST(request.query("flag").value() == "");
  BOOST_TEST(!request.query("bad"));
  BOOST_TEST(!request.query("none"));
}

BOOST_AUTO_TEST_CASE(header_names_are_compared_without_case) {
  Headers headers;
  headers.add("X-One", "1");
  headers.add("x-one", "2");
  BOOST_TEST(headers.get("X-ONE") == "1");
  BOOST_TEST(headers.has("x-One"));
  BOOST_TEST(!headers.has("X-On"));
  BOOST_TEST(headers.get("none").empty());
}

BOOST_AUTO_TEST_CASE(urls) {
  struct Row {
    const char *name, *text, *origin, *target;  // origin empty: refused
  };
  const Row rows[] = {
      {"default port", "https://Host.test/a?b=c", "https://host.test", "/a?b=c"},
      {"own port", "http://host.test:8080", "http://host.test:8080", "/"},
      {"default port written out", "https://host.test:443/", "https://host.test", "/"},
      {"fragment is dropped", "http://host.test/a#b", "http://host.test", "/a"},
      {"query without path", "http://host.test?x", "http://host.test", "/?x"},
      {"IPv6", "http://[::1]:81/a", "http://[::1]:81", "/a"},
      {"unix socket", "unix:/run/f.sock:/hooks?x=1", "unix:/run/f.sock", "/hooks?x=1"},
      {"unix socket alone", "unix:/run/f.sock", "unix:/run/f.sock", "/"},
      {"relative unix socket", "unix:f.sock:/x", "", ""},
      {"line break in unix target", "unix:/f.sock:/x\r\nA: b", "", ""},
      {"no scheme", "host.test/a", "", ""},
      {"other scheme", "ftp://host.test/a", "", ""},
      {"no host", "http:///a", "", ""},
      {"blank", "http://host.test/a b", "", ""},
      {"line break", "http://host.test/a\r\nX: y", "", ""},
      {"port too large", "http://host.test:65536/", "", ""},
      {"port zero", "http://host.test:0/", "", ""},
      {"encoded slash in host", "http://a%2Fb/", "", ""},
      {"encoded line break in host", "http://a%0d%0ab/", "", ""},
  };
  for (const auto& row : rows) {
    const auto url = parse_url(row.text);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(url.has_value() == (*row.origin != '\0'));
      if (!url) continue;
      BOOST_TEST(url->origin() == row.origin);
      BOOST_TEST(url->target == row.target);
    }
  }
  BOOST_TEST(parse_url("https://h.test/a?token=x")->shown() == "https://h.test/a");
  BOOST_TEST(parse_url("http://u%40:p%3A@h.test/")->password == "p:");
}

BOOST_AUTO_TEST_CASE(locations_are_resolved_against_the_page) {
  struct Row {
    const char *name, *base, *location, *result;
  };
  const Row rows[] = {
      {"absolute", "http://a.test/x", "https://b.test/y?z", "https://b.test/y?z"},
      {"path", "http://a.test:81/x/y", "/z", "http://a.test:81/z"},
      {"relative", "http://a.test/x/y?q", "z?w", "http://a.test/x/z?w"},
      {"dots", "http://a.test/x/y/z", "../w", "http://a.test/x/w"},
      {"host only", "https://a.test/x", "//b.test/y", "https://b.test/y"},
      {"unix stays", "unix:/s.sock:/x", "/y", "unix:/s.sock/y"},
      {"other scheme", "http://a.test/", "file:///etc/passwd", nullptr},
      {"socket", "http://a.test/", "unix:/run/docker.sock:/x", nullptr},
      {"malformed", "http://a.test/", "http://b test/", nullptr},
  };
  for (const auto& row : rows) {
    const auto url = resolve_url(*parse_url(row.base), row.location);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(url.has_value() == (row.result != nullptr));
      if (url) BOOST_TEST(url->origin() + url->target == row.result);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_proxy_entries) {
  struct Row {
    const char *no_proxy, *url;
    bool excepted;
  };
  const Row rows[] = {
      {"", "http://a.test/", false},
      {"*", "http://a.test/", true},
      {"a.test", "http://a.test/", true},
      {"a.test", "http://b.a.test/", true},
      {".a.test", "http://b.a.test/", true},
      {"*.a.test", "http://b.a.test/", true},
      {"a.test", "http://ba.test/", false},
      {"b.test, a.test", "http://a.test/", true},
      {"a.test:8080", "http://a.test:8080/", true},
      {"a.test:8080", "http://a.test/", false},
      {"127.0.0.1", "http://127.0.0.1:9/", true},
      {"::1", "http://[::1]/", true},
      {"[::1]:80", "http://[::1]/", true},
      {",,", "http://a.test/", false},
      {".", "http://a.test/", false},
  };
  for (const auto& row : rows)
    BOOST_TEST(is_excepted(row.no_proxy, *parse_url(row.url)) == row.excepted,
               row.no_proxy << " " << row.url);
}

BOOST_AUTO_TEST_CASE(proxies_are_chosen_by_scheme) {
  const auto rules = ProxyRules::make("http://u:p%40@proxy.test:3128", "proxy.test:8443", "direct.test");
  BOOST_REQUIRE(rules.has_value());
  BOOST_TEST(rules->choose(*parse_url("http://a.test/"))->port == 3128);
  BOOST_TEST(rules->choose(*parse_url("http://a.test/"))->authorization == "Basic dTpwQA==");
  BOOST_TEST(rules->choose(*parse_url("https://a.test/"))->port == 8443);
  BOOST_TEST(rules->choose(*parse_url("https://DIRECT.test/")) == nullptr);
  BOOST_TEST(rules->choose(*parse_url("unix:/f.sock")) == nullptr);
  for (const auto* bad : {"socks5://proxy.test:1", "https://proxy.test", "http://u:s3cret@/"}) {
    const auto refused = ProxyRules::make(bad, "", "");
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error().text.starts_with("http_proxy: "));
    BOOST_TEST(refused.error().text.find("s3cret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(retry_after_is_seconds_or_a_date) {
  using std::chrono::milliseconds;
  struct Row {
    const char *name, *value, *date;
    long long ms;  // -1: nothing
  };
  const Row rows[] = {
      {"seconds", "3", "", 3'000},
      {"zero", "0", "", 0},
      {"a day at most", "99999999", "", 86'400'000},
      {"more digits than a number has", "99999999999999999999", "", 86'400'000},
      {"date against the answer's clock", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:30 GMT",
       7'000},
      {"date against our clock", "Thu, 01 Jan 1970 00:01:05 GMT", "", 5'000},
      {"date in the past", "Thu, 01 Jan 1970 00:00:05 GMT", "", 0},
      {"no such month", "Thu, 01 Jam 1970 00:00:05 GMT", "", -1},
      {"no such day", "Mon, 30 Feb 1970 00:00:05 GMT", "", -1},
      {"negative", "-5", "", -1},
      {"words", "soon", "", -1},
      {"none", "", "", -1},
  };
  for (const auto& row : rows) {
    Headers headers;
    if (*row.value != '\0') headers.add("retry-after", row.value);
    if (*row.date != '\0') headers.add("Date", row.date);
    const auto wait = parse_retry_after(headers, TimePoint(std::chrono::seconds(60)));
    BOOST_TEST(wait.value_or(milliseconds(-1)).count() == row.ms, row.name);
  }
}

BOOST_AUTO_TEST_CASE(back_off_has_full_jitter_under_a_growing_ceiling) {
  const std::uint64_t seed = 42;
  BOOST_TEST_MESSAGE("seed " << seed);
  SeededRandom random(seed);
  RetryPolicy policy;
  policy.base = std::chrono::milliseconds(100);
  policy.most = std::chrono::milliseconds(500);
  const long long ceilings[] = {100, 200, 400, 500, 500};
  for (unsigned attempt = 0; attempt < 5; ++attempt) {
    long long low = 1'000, high = 0;
    for (int i = 0; i < 500; ++i) {
      const auto wait = make_backoff(policy, attempt, random).count();
      low = std::min<long long>(low, wait);
      high = std::max<long long>(high, wait);
    }
    BOOST_TEST(high <= ceilings[attempt]);
    BOOST_TEST(high > ceilings[attempt] * 9 / 10);
    BOOST_TEST(low < ceilings[attempt] / 10);
  }
  BOOST_TEST(make_backoff(policy, 4'000'000'000U, random).count() <= 500);
}

BOOST_AUTO_TEST_CASE(fields_cannot_end_their_line) {
  BOOST_TEST(is_valid_field("X-Name", "value\twith tab, é"));
  BOOST_TEST(is_valid_field("X-Name", ""));
  BOOST_TEST(!is_valid_field("", "v"));
  BOOST_TEST(!is_valid_field("X Name", "v"));
  BOOST_TEST(!is_valid_field("X:", "v"));
  for (const auto* bad : {"a\rb", "a\nb", "a\r\nX: y", "\x7f", "\x01"}) BOOST_TEST(!is_valid_field("X", bad));
  BOOST_TEST(!is_valid_field("X", std::string_view("a\0b", 3)));
  BOOST_TEST(!is_token(std::string_view("a\0", 2)));
}

BOOST_AUTO_TEST_SUITE_END()
