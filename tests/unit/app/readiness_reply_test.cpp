// `/fanlight readiness`: from the comment to the table in the answer.
#include "readiness_reply.hpp"

#include <boost/test/unit_test.hpp>

#include "fanlight/coupling/seal.hpp"
#include "world.hpp"

using namespace fanlight;
using namespace fanlight::testing;

namespace {

struct Modules : World {
  Modules() {
    change().change.head_sha = "4ead";
    change().diffs["4ead"] = added_file("README.md", {"Modules."});
    change().files = {
        {"modules/dns/main.tf", "variable \"zone\" {}\nresource \"dns_a\" \"x\" {\n  zone = var.zone\n}\n"},
        {"modules/vpc/main.tf",
         "module \"dns\" {\n  source = \"../dns\"\n}\nresource \"x\" \"y\" {\n  subnet_id = "
         "\"subnet-0bb1c7e94f3d25926\"\n}\n"},
        {"environments/prod/main.tf", "module \"vpc\" {\n  source = \"../../modules/vpc\"\n}\n"},
    };
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(readiness_in_a_comment, Modules)

BOOST_AUTO_TEST_CASE(all_modules_come_as_a_table_and_a_graph) {
  const std::string body = answer("/fanlight readiness");
  BOOST_TEST(body.contains("1 of 2 modules"), body);
  BOOST_TEST(body.contains("| `modules/dns` | READY |"), body);
  BOOST_TEST(body.contains("| `modules/vpc` | BLOCKED{1} |"), body);
  BOOST_TEST(body.contains("```mermaid"), body);
  BOOST_TEST(!body.contains("subnet-0bb1c7e94f3d25926"), body);
}

BOOST_AUTO_TEST_CASE(one_module_comes_with_its_blockers) {
  const std::string body = answer("/fanlight readiness modules/vpc/");
  BOOST_TEST(body.contains("`modules/vpc`"), body);
  BOOST_TEST(body.contains("`modules/vpc/main.tf:5`"), body);
  BOOST_TEST(!body.contains("modules/dns` | READY"), body);
}

BOOST_AUTO_TEST_CASE(a_module_that_there_is_not) {
  const std::string body = answer("/fanlight readiness modules/vcp");
  BOOST_TEST(
      body.contains("**I know no module `modules/vcp` here.** There are: `modules/dns`, `modules/vpc`."),
      body);
  change().files = {{"README.md", "x"}};
  BOOST_TEST(answer("/fanlight readiness modules/vcp").contains("found no module at all"));
}

BOOST_AUTO_TEST_CASE(only_who_can_write_makes_the_bot_read_everything) {
  host->fault = [](const char* step) {
    BOOST_TEST(std::string_view(step) != "tree");
    return FakeHost::Fault::none;
  };
  BOOST_TEST(answer("/fanlight readiness", "eve").contains("Only people who can write"));
  BOOST_TEST(answer("/fanlight readiness a b").contains("One module at a time"));
}

BOOST_AUTO_TEST_CASE(that_it_could_not_be_read_is_an_answer) {
  host->fault = [](const char* step) {
    return std::string_view(step) == "tree" ? FakeHost::Fault::before : FakeHost::Fault::none;
  };
  const std::string body = answer("/fanlight readiness");
  BOOST_TEST(
      body.contains(
          "**I could not read the repository, so I say nothing of its modules.** fake: tree: connection "
          "lost. `/fanlight readiness` tries again."),
      body);
}

BOOST_AUTO_TEST_CASE(a_file_over_the_limit_is_told_and_its_module_is_not_called_ready) {
  change().files["modules/dns/big.tf"] = "# x\n" + std::string(host::TreeLimits{}.file_bytes_max, 'x');
  const std::string body = answer("/fanlight readiness");
  BOOST_TEST(!body.contains("`modules/dns` | READY"), body);
  BOOST_TEST(body.contains("not looked at"), body);
}

BOOST_AUTO_TEST_CASE(the_policy_and_what_was_confirmed_count) {
  change().files["modules/dns/host.tf"] = "locals {\n  host = \"ns1.corpinfra.io\"\n}\n";
  BOOST_TEST(answer("/fanlight readiness").contains("`modules/dns` | READY"));
  BOOST_TEST(answer("/fanlight lexicon confirm corpinfra.io").contains("**Noted"));
  const std::string body = answer("/fanlight readiness");
  BOOST_TEST(body.contains("`modules/dns` | BLOCKED{1}"), body);
}

BOOST_AUTO_TEST_CASE(private_names_stay_private) {
  change().policy_files[".fanlight.yml"] = "version: 1\nlexicon:\n  sealed: [\"" +
                                           coupling::seal_term("BlueHeron", Secret("a test's key")).value() +
                                           "\"]\n";
  change().files["modules/blue-heron/main.tf"] = "locals {\n  unit = \"BlueHeron\"\n}\n";
  const std::string body = answer("/fanlight readiness");
  BOOST_TEST(body.contains("BLOCKED"), body);
  BOOST_TEST(!body.contains("blue-heron"), body);
  BOOST_TEST(!body.contains("BlueHeron"), body);
}

BOOST_AUTO_TEST_CASE(a_long_report_is_cut_and_says_so) {
  std::string report = "**headline**\n\n| | |\n|---|---|\n\n<details><summary>a</summary>\n\n";
  for (int i = 0; i < 500; ++i) report += "- `modules/a/main.tf:" + std::to_string(i) + "` a literal\n";
  report += "\n</details>\n";
  BOOST_TEST(app::cut_report(report, report.size()) == report);
  const std::string cut = app::cut_report(report, 4'000);
  BOOST_TEST(cut.size() <= 4'000u);
  BOOST_TEST(cut.size() > 3'000u);
  BOOST_TEST(cut.contains("a literal\n\n</details>\n\nThe rest does not fit here"), cut);
  const std::string plain = app::cut_report(std::string(200, 'x') + "\n" + std::string(900, 'y'), 500);
  BOOST_TEST(plain.size() <= 500u);
  BOOST_TEST(!plain.contains("details"), plain);
}

BOOST_AUTO_TEST_SUITE_END()
