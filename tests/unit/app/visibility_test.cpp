// Who can see what a change depends on: asked once, remembered, and said as a stranger sees it.
#include "fanlight/app/visibility.hpp"

#include <boost/test/unit_test.hpp>

#include "fanlight/app/services.hpp"
#include "world.hpp"

using namespace fanlight;
using namespace fanlight::testing;

namespace {

std::string needs(const std::vector<std::string>& repositories) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < repositories.size(); ++i) {
    lines.push_back("module \"m" + std::to_string(i) + "\" {");
    lines.push_back("  source = \"git::https://" + repositories[i] + ".git?ref=v1\"");
    lines.push_back("}");
  }
  return added_file("modules/a/main.tf", lines);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(visibility, World)

BOOST_AUTO_TEST_CASE(the_host_says_who_can_see_a_dependency) {
  host->public_repositories = {"fake.example/acme/open"};
  push(needs({"fake.example/acme/open", "fake.example/acme/waf", "elsewhere.example/acme/x"}));
  settle_and_work();
  const auto findings = of_rule(latest()->review.findings, "public-depends-on-private-module");
  BOOST_REQUIRE(findings.size() == 1u);
  BOOST_TEST(findings[0].location.start_line == 5u);
  // As a stranger sees it: nobody is told that there is a private repository of that name.
  BOOST_TEST(findings[0].title == "Depends on a repository that is not public");
  BOOST_TEST(!findings[0].message.contains("private"), findings[0].message);
  BOOST_TEST(host->visibility_asked == 2u);
  BOOST_TEST(latest()->review.notices.empty());
}

BOOST_AUTO_TEST_CASE(the_owners_word_is_enough) {
  change().policy_files[".fanlight.yml"] =
      "version: 1\nvisibility:\n  public: [\"fake.example/acme/open\"]\n  private: "
      "[\"fake.example/acme/*\"]\n";
  push(needs({"fake.example/acme/open", "fake.example/acme/waf"}));
  settle_and_work();
  BOOST_TEST(host->visibility_asked == 0u);
  BOOST_TEST(of_rule(latest()->review.findings, "public-depends-on-private-module").size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_asked_is_no_finding_and_is_said) {
  host->fault = [](const char* step) {
    return std::string_view(step) == "visibility" ? FakeHost::Fault::before : FakeHost::Fault::none;
  };
  push(needs({"fake.example/acme/a", "fake.example/acme/b"}));
  settle_and_work();
  BOOST_TEST(host->visibility_asked == 1u);
  BOOST_TEST(of_rule(latest()->review.findings, "public-depends-on-private-module").empty());
  BOOST_REQUIRE(latest()->review.notices.size() == 1u);
  BOOST_TEST(latest()->review.notices[0].contains("2 of the 2 repositories"));
}

BOOST_AUTO_TEST_CASE(a_change_asks_for_a_limited_number) {
  std::vector<std::string> many;
  for (int i = 10; i < 35; ++i) many.push_back("fake.example/acme/m" + std::to_string(i));
  for (const std::string& one : many) host->public_repositories.insert(one);
  push(needs(many));
  settle_and_work();
  BOOST_TEST(host->visibility_asked == 20u);
  BOOST_REQUIRE(latest()->review.notices.size() == 1u);
  BOOST_TEST(latest()->review.notices[0].contains("5 of the 25 repositories"), latest()->review.notices[0]);
}

BOOST_AUTO_TEST_CASE(answers_are_remembered_for_a_while) {
  app::VisibilityCache cache;
  const TimePoint now = clock.now();
  cache.put("github", "a/open", true, now);
  cache.put("github", "a/closed", false, now);
  BOOST_TEST((cache.find("github", "a/open", now) == true));
  BOOST_TEST((cache.find("github", "a/closed", now) == false));
  BOOST_TEST(!cache.find("ghes", "a/open", now).has_value());
  BOOST_TEST(!cache.find("github", "a/other", now).has_value());
  const TimePoint later = now + app::VisibilityCache::other_for;
  BOOST_TEST((cache.find("github", "a/open", later) == true));
  BOOST_TEST(!cache.find("github", "a/closed", later).has_value());
  BOOST_TEST(!cache.find("github", "a/open", now + app::VisibilityCache::public_for).has_value());
  cache.put("github", "a/closed", true, later);
  BOOST_TEST((cache.find("github", "a/closed", later) == true));
  for (std::size_t i = 0; i < 2 * app::VisibilityCache::entries_max; ++i)
    cache.put("github", "b/" + std::to_string(i), true, now);
  BOOST_TEST(
      (cache.find("github", "b/" + std::to_string(2 * app::VisibilityCache::entries_max - 1), now) == true));
}

BOOST_AUTO_TEST_SUITE_END()
