#include "fanlight/coupling/seal.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

namespace fanlight::coupling {

namespace {

const Secret key("one key for these tests alone"), other_key("some other key");

std::string sealed(std::string_view term) {
  return seal_term(term, key).value();
}

SealedTerms open(std::vector<std::string_view> terms) {
  std::vector<std::string> entries;
  for (const std::string_view term : terms) entries.push_back(sealed(term));
  return SealedTerms::open(entries, key).value();
}

// What was found, joined by "|".
std::string found(const SealedTerms& terms, std::string_view text) {
  std::string out;
  for (const detect::Span span : terms.find(text)) {
    if (!out.empty()) out += '|';
    out += text.substr(span.begin, span.end - span.begin);
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(seal)

BOOST_AUTO_TEST_CASE(one_name_has_one_seal_however_it_is_written) {
  const std::string entry = sealed("AcmeVerify");
  BOOST_TEST(entry.size() == 5u + 56u);
  for (const char* same :
       {"ACME-VERIFY", "acme_verify", "acmeVerify", "acme verify", "acme.verify", "acmeverify\n"})
    BOOST_TEST(sealed(same) == entry, same);
  BOOST_TEST(sealed("AcmeVerifier") != entry);
  BOOST_TEST(seal_term("AcmeVerify", other_key).value() != entry);
}

BOOST_AUTO_TEST_CASE(a_name_needs_three_letters_and_is_not_repeated) {
  BOOST_TEST(!seal_term("-x.y-", key));
  BOOST_TEST(seal_term("xyz", key).has_value());
  BOOST_TEST(seal_term(std::string(64, 'x'), key).has_value());
  const auto refused = seal_term(std::string(65, 'q'), key);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().text.find("qqq") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_are_found_as_words_and_joined_words) {
  const SealedTerms terms = open({"AcmeVerify", "orion", "s3gate", "zoë", "blue-heron-two"});
  struct Row {
    const char* text;
    const char* expected;
  };
  static constexpr Row rows[] = {
      {"deploy acme-verify now", "acme-verify"},
      {"ACME_VERIFY_TOKEN=1", "ACME_VERIFY"},
      {"class AcmeVerifyClient {", "AcmeVerify"},
      {"com.example.acmeverify.api", "acmeverify"},
      {"the Acme Verify team", "Acme Verify"},
      {"newAcmeVerify()", "AcmeVerify"},
      {"acme  verify", ""},
      {"acme/verify", ""},
      {"acme\nverify", ""},
      {"acmeverifying", ""},
      {"reacmeverify", ""},
      {"acme", ""},
      {"orion", "orion"},
      {"orion2.db", "orion"},
      {"2orion", "orion"},
      {"orions", ""},
      {"HTTPOrion and ORIONServer", "Orion|ORION"},
      {"orion-orion_ORION", "orion|orion|ORION"},
      {"s3gate S3_GATE s3-gate", "s3gate|S3_GATE|s3-gate"},
      {"x zoë y", "zoë"},
      {"o-r-i-o-n", "o-r-i-o-n"},
      {"BlueHeronTwo blue.heron.two blue heron", "BlueHeronTwo|blue.heron.two"},
      {"", ""},
      {"orion-", "orion"},
  };
  for (const Row& row : rows) BOOST_TEST(found(terms, row.text) == row.expected, row.text);
}

BOOST_AUTO_TEST_CASE(the_longest_name_wins) {
  const SealedTerms terms = open({"acme", "acme verify"});
  BOOST_TEST(found(terms, "acme-verify acme-other") == "acme-verify|acme");
}

BOOST_AUTO_TEST_CASE(no_list_finds_nothing) {
  BOOST_TEST(SealedTerms::open({}, key).value().empty());
  BOOST_TEST(SealedTerms().find("acme").empty());
}

BOOST_AUTO_TEST_CASE(a_list_that_cannot_be_read_is_an_error) {
  const std::string good = sealed("orion");
  std::string damaged = good;
  damaged[20] = damaged[20] == '0' ? '1' : '0';
  struct Row {
    const char* name;
    std::string entry;
    const char* why;
  };
  const Row rows[] = {
      {"cut", good.substr(0, good.size() - 2), "cannot be read"},
      {"no scheme", good.substr(5), "cannot be read"},
      {"no digits", "hmac:orion", "cannot be read"},
      {"one digit changed", damaged, "is damaged"},
      {"another key", seal_term("orion", other_key).value(), "another key"},
  };
  for (const Row& row : rows) {
    const auto read = SealedTerms::open(std::vector<std::string>{good, row.entry}, key);
    BOOST_REQUIRE_MESSAGE(!read, row.name);
    BOOST_TEST(read.error().text.find(row.why) != std::string::npos, row.name << ": " << read.error().text);
    BOOST_TEST(read.error().text.find("entry 2") != std::string::npos, row.name);
    BOOST_TEST(read.error().text.find("orion") == std::string::npos, row.name);
  }
}

BOOST_AUTO_TEST_CASE(all_of_many_names_are_found) {
  std::vector<std::string> entries;
  std::string text;
  for (int i = 0; i < 500; ++i) {
    const std::string name = "unit-" + std::to_string(i * 7919) + "-kestrel";
    entries.push_back(sealed(name));
    text += "x: " + name + "\n";
  }
  BOOST_TEST(SealedTerms::open(entries, key).value().find(text).size() == 500u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
