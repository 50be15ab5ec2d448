// Published vectors for digests and encodings; redaction never shows more than a third.
#include <boost/test/unit_test.hpp>
#include <string>

#include "fanlight/core/clock.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/core/secret.hpp"

using namespace fanlight;

BOOST_AUTO_TEST_SUITE(hash)

BOOST_AUTO_TEST_CASE(digests_match_published_vectors) {
  BOOST_TEST(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(to_hex(hmac_sha256("It's a Secret to Everybody", "Hello, World!")) ==
             "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
  BOOST_TEST(crc32("123456789") == 0xCBF43926u);
}

BOOST_AUTO_TEST_CASE(base64_follows_rfc_4648) {
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : rows) {
    BOOST_TEST(to_base64(plain) == coded);
    BOOST_TEST(from_base64(coded).value() == plain);
  }
  BOOST_TEST(from_base64("Zm9vYg").value() == "foob");
  BOOST_TEST(to_base64url("\xfb\xff") == "-_8");
  for (const char* bad : {"Z", "Zg=", "Zg===", "Zm9v!", "Zm 9v"}) BOOST_TEST(!from_base64(bad).has_value());
}

BOOST_AUTO_TEST_CASE(hex_reads_what_it_writes) {
  SeededRandom random(7);
  const std::string text = random.hex(20);
  BOOST_TEST(to_hex(from_hex(text).value()) == text);
  for (const char* bad : {"a", "0g"}) BOOST_TEST(!from_hex(bad).has_value());
}

BOOST_AUTO_TEST_CASE(constant_time_compare_compares) {
  BOOST_TEST(equal_constant_time("abc", "abc"));
  BOOST_TEST(!equal_constant_time("abc", "abd"));
  BOOST_TEST(!equal_constant_time("abc", "ab"));
  BOOST_TEST(equal_constant_time("", ""));
}

BOOST_AUTO_TEST_CASE(an_excerpt_shows_at_most_a_third) {
  for (std::size_t length = 0; length < 200; ++length) {
    const std::string text(length, 'x');
    const std::string excerpt = redact_excerpt(text);
    const auto shown = static_cast<std::size_t>(std::count(excerpt.begin(), excerpt.end(), 'x'));
    BOOST_TEST_CONTEXT("length " << length) {
      BOOST_TEST(shown * 3 <= length);
      BOOST_TEST(shown <= 8u);
    }
  }
  BOOST_TEST(redact_excerpt("hunter2") == "…");
  BOOST_TEST(redact_excerpt("first line\nsecond").find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(times_are_read_and_written) {
  TimePoint time;
  BOOST_REQUIRE(parse_iso8601("2026-11-22T10:35:07Z", time));
  BOOST_TEST(to_iso8601(time) == "2026-11-22T10:35:07Z");
  BOOST_REQUIRE(parse_iso8601("2027-01-31", time));
  BOOST_TEST(to_iso8601(time) == "2027-02-01T00:00:00Z");
  for (const char* bad :
       {"", "2027", "2027-13-01", "2027-02-30", "2027-1-1", "2027-01-01T25:00:00Z", "tomorrow"}) {
    BOOST_TEST_CONTEXT(bad) BOOST_TEST(!parse_iso8601(bad, time));
  }
}

BOOST_AUTO_TEST_SUITE_END()
