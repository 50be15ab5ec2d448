// A place is turned away only where RE2 would find nothing.
#include "needed_run.hpp"

#include <boost/test/unit_test.hpp>

#include "fanlight/core/random.hpp"
#include "fanlight/detect/examples.hpp"
#include "fanlight/detect/rule.hpp"

using namespace fanlight;

BOOST_AUTO_TEST_SUITE(needed_run)

BOOST_AUTO_TEST_CASE(the_rarest_run_of_a_pattern_is_found) {
  struct {
    const char* pattern;
    std::size_t least;
    const char* holds;
    const char* lacks;
  } const rows[] = {
      {R"(key[^\n]{0,20}=\s*["']?([0-9a-f]{32})\b)", 32, "x 0123456789abcdef0123456789abcdef",
       "0123456789abcdef 0123456789abcde"},
      {"tok_(?:[a-z]{20}|[0-9]{16,18})", 20, "tok_abcdefghijklmnop", "tok_abcdefghijklmno"},
      {"(?:[A-Za-z0-9]{4}){6}", 24, "aaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaa aaaaaaaaaaaa"},
      {"[A-Z][a-z]{5}[0-9]{4}", 9, "bcdef0123", "Bcdef0123"},
      {"(?i)id=[a-f]{8}", 11, "iD=ABCDEFab", "iD=ABCDEFag"},
      {"(?:x[0-9]{9})+", 10, "x012345678", "x01234567 8"},
      {"a[0-9]{0,40}b", 0, "", nullptr},          // not needed
      {"a(?:[0-9]{40})?b", 0, "", nullptr},       // not needed either
      {"[0-9]{5}", 0, "", nullptr},               // too short to say anything
      {"hooks[.]example[.]com", 0, "", nullptr},  // spelled
      {R"([0-9]{12}\pL)", 0, "", nullptr},        // not understood
      {"[0-9]{12}|", 0, "", nullptr},
  };
  for (const auto& row : rows) {
    const detect::NeededRun run = detect::needed_run(row.pattern);
    BOOST_TEST(run.least == row.least, row.pattern << ": " << run.least);
    BOOST_TEST(run.stands_in(row.holds), row.pattern << " in " << row.holds);
    if (row.lacks != nullptr) BOOST_TEST(!run.stands_in(row.lacks), row.pattern << " in " << row.lacks);
  }
}

BOOST_AUTO_TEST_CASE(every_example_of_the_built_in_rules_holds_the_run_of_its_rule) {
  SeededRandom random(1);
  std::size_t known = 0;
  for (const detect::Rule& rule : detect::builtin_rules().rules) {
    const detect::NeededRun run = detect::needed_run(rule.pattern);
    known += run.least > 0 ? 1 : 0;
    for (const std::string_view example : rule.examples) {
      BOOST_TEST(run.stands_in(detect::expand_example(example, random)), rule.id << ": " << example);
    }
  }
  BOOST_TEST(known * 10 > detect::builtin_rules().rules.size() * 6);
}

BOOST_AUTO_TEST_SUITE_END()
