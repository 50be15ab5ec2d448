// A clean module over one that is not.
#include <boost/test/unit_test.hpp>

#include "support.hpp"

using namespace fanlight;
using namespace fanlight::app;

BOOST_AUTO_TEST_SUITE(unreleased)

BOOST_AUTO_TEST_CASE(a_clean_module_says_which_other_stands_in_the_way) {
  const std::map<std::string, std::string> files{
      {"modules/a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\n"},
      {"modules/b/main.tf", "module \"c\" {\n  source = \"../c\"\n}\n"},
      {"modules/c/main.tf", "resource \"x\" \"y\" {\n  vpc_id = \"vpc-0c9d8e7f6a5b43210\"\n}\n"},
      {"modules/d/main.tf", "variable \"x\" {}\n"},
      {"live/main.tf", "module \"a\" {\n  source = \"../modules/a\"\n}\n"}};
  RepositoryText repository;
  std::vector<Finding> findings;
  for (const auto& [path, text] : files) {
    repository.paths.push_back(path);
    auto outcome = testing::scan_text(path, text);
    std::ranges::move(outcome.findings, std::back_inserter(findings));
  }
  repository.read = [&](const std::string& path) -> Result<std::string> { return files.at(path); };
  const auto found = find_unreleased(testing::scanner(), {}, repository, findings);
  BOOST_REQUIRE(found.size() == 2u);
  for (const Finding& finding : found) {
    BOOST_TEST(finding.rule == "unreleased-dependency-transitively");
    BOOST_TEST((finding.severity == Severity::warn));
    BOOST_TEST(finding.message.contains("modules/c"));
    BOOST_TEST(finding.location.start_line == 2u);
    BOOST_TEST(finding.location.start_column == 13u);
  }
  BOOST_TEST(found[0].location.path == "modules/a/main.tf");
  BOOST_TEST(found[1].location.path == "modules/b/main.tf");
  std::erase_if(findings,
                [](const Finding& finding) { return finding.location.path == "modules/c/main.tf"; });
  BOOST_TEST(find_unreleased(testing::scanner(), {}, repository, findings).empty());
}

BOOST_AUTO_TEST_SUITE_END()
