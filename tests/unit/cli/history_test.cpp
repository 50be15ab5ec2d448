// scan --history against real repositories: where a secret hides, which commit brought it, which took it
// away.
#include "history.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <map>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/random.hpp"
#include "repository.hpp"
#include "unit/host/git_sandbox.hpp"

using namespace fanlight;

namespace {

// A password that no scanner knows, in the one place of this test that makes some.
std::string secret(std::uint64_t seed) {
  SeededRandom random(seed);
  return "url = \"postgres://app:" + fmt::format("q{:x}Z{:x}", random.next(), random.next()) +
         "@db.example.org/app\"\n";
}

cli::ScanOptions branch(const std::string& name) {
  cli::ScanOptions out;
  out.branches = {name};
  return out;
}

cli::ScanOptions since(const std::string& date) {
  cli::ScanOptions out;
  out.since = date;
  return out;
}

bool tells(const Finding& finding, const std::string& what) {
  return finding.message.find(what) != std::string::npos;
}

struct HistorySandbox : host::GitSandbox {
  HistorySandbox() { git("", {"init", "--quiet", "r"}); }

  Result<app::ScanOutcome> try_scan(cli::ScanOptions options = {}, const std::string& folder = "r") const {
    if (options.repository.empty()) options.repository = path(folder);
    options.history = true;
    cli::CommonOptions common;
    const auto scanner = cli::make_scanner(common);
    BOOST_REQUIRE(scanner.has_value());
    policy::PolicyRead read;
    return cli::scan_history(*scanner, options, cli::make_settings(*scanner, read, common), 2);
  }

  // Of secrets, by path, and by what they are in otherwise: "message:<commit>".
  std::map<std::string, Finding> secrets(const cli::ScanOptions& options = {},
                                         const std::string& folder = "r") const {
    auto outcome = try_scan(options, folder);
    BOOST_REQUIRE_MESSAGE(outcome.has_value(), outcome.error().text);
    std::map<std::string, Finding> out;
    for (Finding& finding : outcome->findings) {
      if (finding.kind != FindingKind::secret) continue;
      const bool in_message = finding.location.place == Place::commit_message;
      const std::string key = in_message ? "message:" + finding.commit.value_or("") : finding.location.path;
      BOOST_TEST(out.emplace(key, std::move(finding)).second, "twice: " << key);
    }
    return out;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(history, HistorySandbox)

BOOST_AUTO_TEST_CASE(what_was_removed_is_told_with_both_commits) {
  commit("r", "other.txt", "nothing\n");
  const std::string brought = commit("r", "main.tf", secret(1));
  commit("r", "main.tf", "# a line more\n" + secret(1));
  const std::string removed = commit("r", "main.tf", "url = var.url\n");
  commit("r", "main.tf", "url = var.other\n");
  const auto found = secrets();
  BOOST_REQUIRE(found.size() == 1);
  const Finding& finding = found.at("main.tf");
  BOOST_TEST(!finding.at_head);
  BOOST_TEST(finding.commit.value_or("") == brought);
  BOOST_TEST(tells(finding, "removed in " + removed.substr(0, 7) + " 20"));
  BOOST_TEST(finding.location.start_line == 2);  // in the newest version that had it
}

BOOST_AUTO_TEST_CASE(what_is_at_the_head_is_told_once_with_the_commit_that_brought_it) {
  commit("r", "main.tf", "first\n");
  const std::string brought = commit("r", "main.tf", secret(1));
  for (int i = 0; i < 5; ++i) commit("r", "main.tf", fmt::format("# version {}\n{}", i, secret(1)));
  const auto found = secrets();
  BOOST_REQUIRE(found.size() == 1);
  BOOST_TEST(found.at("main.tf").at_head);
  BOOST_TEST(found.at("main.tf").commit.value_or("") == brought);
  BOOST_TEST(tells(found.at("main.tf"), " and since."));
}

BOOST_AUTO_TEST_CASE(every_ref_is_looked_at) {
  commit("r", "a.txt", "a\n");
  git("r", {"checkout", "--quiet", "-b", "topic"});
  commit("r", "branch.tf", secret(1));
  git("r", {"checkout", "--quiet", "main"});
  for (int i = 0; i < 2; ++i) {
    write("r/a.txt", secret(static_cast<std::uint64_t>(10 + i)));
    git("r", {"stash", "--quiet"});
  }
  git("r", {"notes", "add", "-m", secret(3), "HEAD"});
  const std::string message = commit("r", "b.txt", "b\n", "change\n\n" + secret(4));
  git("r", {"tag", "-a", "v1", "-m", secret(5)});
  const std::string tag = git("r", {"rev-parse", "v1"});
  // A commit that no ref reaches is nobody's business any more.
  git("r", {"checkout", "--quiet", "-b", "gone"});
  commit("r", "gone.tf", secret(6));
  git("r", {"checkout", "--quiet", "main"});
  git("r", {"branch", "--quiet", "-D", "gone"});

  const auto outcome = try_scan();
  BOOST_REQUIRE(outcome.has_value());
  std::map<std::string, int> places;
  for (const Finding& finding : outcome->findings) {
    if (finding.kind != FindingKind::secret) continue;
    ++places[finding.location.place == Place::commit_message ? finding.commit.value_or("")
                                                             : finding.location.path];
  }
  BOOST_TEST(places["branch.tf"] == 1);
  BOOST_TEST(places["a.txt"] == 2);  // both stashes
  BOOST_TEST(places[message] == 1);
  BOOST_TEST(places[tag] == 1);
  BOOST_TEST(places["gone.tf"] == 0);
  int notes = 0;
  for (const auto& [place, count] : places)
    notes += place.size() == 40 && place != message && place != tag ? count : 0;
  BOOST_TEST(notes == 1);

  const auto topic = secrets(branch("topic"));
  BOOST_TEST(topic.size() == 1u);
  BOOST_TEST(topic.contains("branch.tf"));
}

BOOST_AUTO_TEST_CASE(since_leaves_out_what_was_there_before) {
  const std::vector<std::string> early{"GIT_COMMITTER_DATE=2001-01-01T00:00:00Z"};
  write("r/old.tf", secret(1));
  git("r", {"add", "--all"});
  git("r", {"commit", "--quiet", "-m", "old"}, early);
  commit("r", "new.tf", secret(2));
  const auto found = secrets(since("2010-01-01"));
  BOOST_TEST(found.size() == 1u);
  BOOST_TEST(found.contains("new.tf"));
  BOOST_TEST(secrets().size() == 2u);
  const auto none = try_scan(since("2037-01-01"));
  BOOST_TEST(!none.has_value());
}

BOOST_AUTO_TEST_CASE(a_merge_is_not_taken_for_a_removal) {
  commit("r", "a.txt", "a\n");
  git("r", {"checkout", "--quiet", "-b", "topic"});
  const std::string brought = commit("r", "topic.tf", secret(1));
  git("r", {"checkout", "--quiet", "main"});
  commit("r", "b.txt", "b\n");
  git("r", {"merge", "--quiet", "--no-edit", "topic"});
  const auto merged = secrets();
  BOOST_TEST(merged.at("topic.tf").commit.value_or("") == brought);
  BOOST_TEST(merged.at("topic.tf").at_head);
  git("r", {"rm", "--quiet", "topic.tf"});
  const std::string removed = commit("r", "b.txt", "c\n");
  BOOST_TEST(tells(secrets().at("topic.tf"), "removed in " + removed.substr(0, 7)));
}

BOOST_AUTO_TEST_CASE(bare_and_shallow_clones) {
  commit("r", "main.tf", secret(1));
  commit("r", "main.tf", "clean\n");
  git("", {"clone", "--quiet", "--bare", "r", "bare.git"});
  BOOST_TEST(secrets({}, "bare.git").size() == 1u);
  git("", {"clone", "--quiet", "--depth", "1", "file://" + path("r"), "shallow"});
  const auto outcome = try_scan({}, "shallow");
  BOOST_REQUIRE(outcome.has_value());
  BOOST_TEST(outcome->findings.empty());
  BOOST_REQUIRE(outcome->missing.size() == 1u);
  BOOST_TEST(outcome->missing[0].reason.find("shallow") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(binary_content_is_named_and_nothing_is_never_a_pass) {
  const auto nothing = try_scan();
  BOOST_TEST(!nothing.has_value());
  commit("r", "a.bin", std::string("a\0b", 3));
  const auto outcome = try_scan();
  BOOST_REQUIRE(outcome.has_value());
  BOOST_REQUIRE(outcome->scanned.skipped.size() == 1u);
  BOOST_TEST(outcome->scanned.skipped[0].what == "a.bin");
  BOOST_TEST(outcome->scanned.commits == 1u);
  BOOST_TEST(!try_scan(branch("no-such-branch")).has_value());
  BOOST_TEST(!try_scan({}, "").has_value());
}

// Enough contents that both threads have some: the outcome is the same each time.
BOOST_AUTO_TEST_CASE(threads_do_not_change_what_is_told) {
  for (std::uint64_t i = 0; i < 40; ++i) write(fmt::format("r/f{}.tf", i), secret(i / 2));
  commit("r", "a.txt", "a\n");
  for (std::uint64_t i = 0; i < 40; i += 3) write(fmt::format("r/f{}.tf", i), "clean\n");
  commit("r", "a.txt", "b\n");
  const auto told = [&] {
    std::vector<std::string> out;
    auto outcome = try_scan();
    for (const Finding& f : outcome.value().findings)
      out.push_back(f.location.path + f.fingerprint + f.commit.value_or("") + f.message);
    std::ranges::sort(out);
    return out;
  };
  const auto first = told();
  BOOST_TEST(first.size() >= 20u);
  for (int i = 0; i < 3; ++i) BOOST_TEST(told() == first, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(private_values_that_the_head_has_no_more_are_notes) {
  const std::string account =
      "role = \"arn:aws:iam::4829135"
      "07612:role/deploy\"\n";
  const std::string region = "region = \"eu-west-3\"\n";
  commit("r", "modules/a/main.tf", account + region);
  commit("r", "modules/a/main.tf", "role = var.role\n");
  auto outcome = try_scan();
  BOOST_REQUIRE(outcome.has_value());
  cli::tell_survivors(*outcome);
  BOOST_REQUIRE(outcome->findings.size() == 1u);
  const Finding& finding = outcome->findings[0];
  BOOST_TEST(finding.rule == "value-survives-in-history");
  BOOST_TEST((finding.severity == Severity::note));
  BOOST_TEST(!finding.at_head);
  BOOST_TEST(tells(finding, "still in the history"));
}

BOOST_AUTO_TEST_CASE(what_stands_together_at_the_head_says_what_files_are_for) {
  write("r/net/variables.tf", "");
  write("r/net/outputs.tf", "");
  const std::string account =
      "role = \"arn:aws:iam::4829135"
      "07612:role/deploy\"\n";
  commit("r", "net/main.tf", account);
  auto shared = try_scan();
  BOOST_REQUIRE(shared.has_value());
  BOOST_REQUIRE(shared->findings.size() == 1u);
  BOOST_TEST((shared->findings[0].layer == Layer::shared));
  commit("r", "net/main.tf", account + "terraform {\n  backend \"s3\" {}\n}\n");
  auto deployed = try_scan();
  BOOST_REQUIRE(deployed.has_value());
  BOOST_REQUIRE(!deployed->findings.empty());
  BOOST_TEST((deployed->findings[0].layer == Layer::instance));
}

BOOST_AUTO_TEST_CASE(a_bare_repository_says_what_its_head_says) {
  commit("r", ".fanlight.yml", "version: 1\nignore: {paths: [\"old/**\"]}\n");
  git("", {"clone", "--quiet", "--bare", "r", "bare.git"});
  const auto text = cli::own_file(path("bare.git"), ".fanlight.yml", 1000);
  BOOST_REQUIRE(text.has_value());
  BOOST_TEST(text->contains("old/**"));
  BOOST_TEST((cli::own_file(path("bare.git"), "absent", 1000).error().code == ErrorCode::not_found));
  BOOST_TEST((cli::own_file(path("bare.git"), ".fanlight.yml", 10).error().code == ErrorCode::too_large));
}

BOOST_AUTO_TEST_SUITE_END()
