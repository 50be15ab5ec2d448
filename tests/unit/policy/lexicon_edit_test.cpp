#include "fanlight/policy/lexicon_edit.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

namespace fanlight::policy {

BOOST_AUTO_TEST_SUITE(lexicon_edit)

BOOST_AUTO_TEST_CASE(names_are_added_and_everything_else_stays) {
  const std::vector<LexiconEntry> entries{{"domains", "corp.example"}, {"sites", "iad2"}};
  struct Row {
    const char* name;
    const char* text;
    const char* expected;
  };
  static constexpr Row rows[] = {
      {"no file", "", "version: 1\nlexicon:\n  domains: [corp.example]\n  sites: [iad2]\n"},
      {"no lexicon", "version: 1  # of the format\n\n# ours\nopenness: public\n",
       "version: 1  # of the format\n\n# ours\nopenness: public\nlexicon:\n  domains: [corp.example]\n  "
       "sites: [iad2]\n"},
      {"a list in brackets",
       "version: 1\nlexicon:\n  domains: [a.example]  # the old one\nopenness: public\n",
       "version: 1\nlexicon:\n  domains: [a.example, corp.example]  # the old one\n  sites: "
       "[iad2]\nopenness: public\n"},
      {"an empty list", "version: 1\nlexicon:\n    domains: []\n",
       "version: 1\nlexicon:\n    domains: [corp.example]\n    sites: [iad2]\n"},
      {"a list of lines",
       "version: 1\nlexicon:\n  domains:\n    - a.example  # old\n\n# next\nopenness: public\n",
       "version: 1\nlexicon:\n  domains:\n    - a.example  # old\n    - corp.example\n  sites: [iad2]\n\n# "
       "next\nopenness: public\n"},
      {"a list of lines, not indented", "version: 1\nlexicon:\n  domains:\n  - a.example\n  names: [acme]\n",
       "version: 1\nlexicon:\n  domains:\n  - a.example\n  - corp.example\n  names: [acme]\n  sites: "
       "[iad2]\n"},
      {"there already", "version: 1\nlexicon: {domains: [corp.example], sites: [iad2]}\n",
       "version: 1\nlexicon: {domains: [corp.example], sites: [iad2]}\n"},
  };
  for (const Row& row : rows) {
    const auto edited = add_to_lexicon(row.text, entries);
    BOOST_REQUIRE_MESSAGE(edited, row.name);
    BOOST_TEST(*edited == row.expected, row.name << ":\n" << *edited);
    BOOST_TEST(add_to_lexicon(*edited, entries).value() == *edited, row.name << " twice");
  }
}

BOOST_AUTO_TEST_CASE(a_form_that_is_not_edited_is_left_to_the_person) {
  const std::vector<LexiconEntry> entries{{"domains", "corp.example"}};
  for (const char* text : {"version: 1\nlexicon: {sites: [iad2]}\n", "{version: 1}\n"}) {
    const auto edited = add_to_lexicon(text, entries);
    BOOST_REQUIRE_MESSAGE(!edited, text);
    BOOST_TEST(edited.error().text.find("add by hand domains: corp.example") != std::string::npos,
               edited.error().text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::policy
