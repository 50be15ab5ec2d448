// The organisation of tests/data, measured end to end: engine, rules, policy, graph, stranger check.
#include "fanlight/app/readiness.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>

#include "../../support/source_dir.hpp"
#include "fanlight/app/readiness_report.hpp"
#include "fanlight/core/files.hpp"
#include "support.hpp"

namespace fs = std::filesystem;
using namespace fanlight;
using namespace fanlight::app;

namespace {

const std::string& root() {
  static const std::string path = testing::source_dir() + "/tests/data/organisation";
  return path;
}

RepositoryText organisation() {
  RepositoryText out;
  for (const auto& entry : fs::recursive_directory_iterator(root())) {
    if (entry.is_regular_file())
      out.paths.push_back(entry.path().lexically_relative(root()).generic_string());
  }
  std::sort(out.paths.begin(), out.paths.end());
  out.read = [](const std::string& path) { return read_file(root() + '/' + path, 1 << 20); };
  return out;
}

policy::Policy own_policy() {
  return policy::read_policy(*read_file(root() + "/.fanlight.yml", 1 << 20), ".fanlight.yml", {}, {}).policy;
}

coupling::Readiness measured(const RepositoryText& repository, const policy::Policy& policy,
                             unsigned threads = 1) {
  return *measure_readiness(testing::scanner(), policy, repository, {threads, TimePoint{}});
}

const coupling::ModuleReport& module(const coupling::Readiness& readiness, std::string_view name) {
  return *std::ranges::find(readiness.modules, name, &coupling::ModuleReport::name);
}

// Texts by hand.
RepositoryText repository_of(std::map<std::string, std::string> files) {
  RepositoryText out;
  for (const auto& [path, text] : files) out.paths.push_back(path);
  out.read = [files = std::move(files)](const std::string& path) -> Result<std::string> {
    if (files.at(path) == "unreadable") return fail(ErrorCode::io, "cannot be read");
    return files.at(path);
  };
  return out;
}

policy::Policy with_domain() {
  policy::Policy policy;
  policy.lexicon.domains = {"corp.example"};
  return policy;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(readiness)

BOOST_AUTO_TEST_CASE(the_organisation_has_known_states) {
  const coupling::Readiness readiness = measured(organisation(), own_policy());
  const auto expected = read_file(testing::source_dir() + "/tests/data/organisation.txt", 1 << 20);
  BOOST_REQUIRE(expected);
  BOOST_TEST(readiness_text({readiness}, false) == *expected);
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_gives_the_same) {
  const std::string one = readiness_json({measured(organisation(), own_policy(), 1)});
  for (const unsigned threads : {2u, 8u})
    BOOST_TEST(readiness_json({measured(organisation(), own_policy(), threads)}) == one);
}

BOOST_AUTO_TEST_CASE(moving_splitting_and_repeating_change_nothing) {
  const std::string variables = "variable \"x\" {\n  type = string\n}\n";
  const std::string rows[] = {
      "resource \"a\" \"b\" {\n  host = \"db.corp.example\"\n}\n",
      "locals {\n  h = \"db.corp.example\"\n}\nresource \"a\" \"b\" {\n  host = local.h\n}\n",
      "locals {\n  d = join(\".\", [\"corp\", \"example\"])\n}\nresource \"a\" \"b\" {\n  host = "
      "\"db.${local.d}\"\n}\n",
      "resource \"a\" \"b\" {\n  host  = \"db.corp.example\"\n  other = \"db.corp.example\"\n}\n",
  };
  for (const std::string& text : rows) {
    BOOST_TEST_CONTEXT(text) {
      const auto readiness = measured(
          repository_of({{"modules/m/main.tf", text}, {"modules/m/variables.tf", variables}}), with_domain());
      const auto& blockers = module(readiness, "modules/m").found.blockers;
      BOOST_REQUIRE(blockers.size() == 1);
      BOOST_TEST(blockers[0].rule == "org-domain-host");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_default_is_downgraded_and_not_forgotten) {
  const auto readiness = measured(
      repository_of({{"modules/m/variables.tf", "variable \"host\" {\n  default = \"db.corp.example\"\n}\n"},
                     {"modules/m/main.tf", "resource \"a\" \"b\" {\n  host = var.host\n}\n"}}),
      with_domain());
  BOOST_TEST((module(readiness, "modules/m").state == coupling::ReadyState::ready));
  BOOST_TEST(module(readiness, "modules/m").found.overridable.size() == 1);
}

BOOST_AUTO_TEST_CASE(a_waiver_needs_reason_owner_and_end) {
  const RepositoryText repository =
      repository_of({{"modules/m/main.tf", "resource \"a\" \"b\" {\n  host = \"db.corp.example\"\n}\n"}});
  policy::Policy policy = with_domain();
  const std::string print =
      module(measured(repository, policy), "modules/m").found.blockers.at(0).fingerprint;
  policy.waivers = {{print, "a stub for now", "@platform", {}}};
  BOOST_TEST(module(measured(repository, policy), "modules/m").found.waived.empty());
  policy.waivers[0].expires = TimePoint{} + std::chrono::hours(24);
  const auto readiness = measured(repository, policy);
  BOOST_TEST(module(readiness, "modules/m").found.waived.size() == 1);
  BOOST_TEST(readiness_text({readiness}, false).find("1 waived") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_not_ready) {
  const auto readiness = measured(
      repository_of({{"modules/m/main.tf", "unreadable"}, {"other.tf", "unreadable"}}), with_domain());
  BOOST_TEST((module(readiness, "modules/m").state == coupling::ReadyState::incomplete));
  BOOST_TEST(readiness.missing.size() == 1);
}

BOOST_AUTO_TEST_CASE(what_the_history_alone_has_is_said_and_does_not_block) {
  const RepositoryText repository =
      repository_of({{"modules/m/main.tf", "resource \"a\" \"b\" {\n  host = var.host\n}\n"},
                     {"modules/m/variables.tf", "variable \"host\" {\n  type = string\n}\n"},
                     {"modules/n/main.tf", "resource \"a\" \"b\" {\n  host = \"db.corp.example\"\n}\n"},
                     {"site.yml", "- hosts: all\n"}});
  const auto past = [](std::string_view path, const char* rule, bool at_head, Severity severity) {
    Finding out;
    out.rule = rule;
    out.kind = FindingKind::coupling;
    out.axes = {true, true};
    out.severity = severity;
    out.fingerprint = std::string(path);
    out.location = {Place::file, std::string(path), 3, 1, 3, 9};
    out.at_head = at_head;
    out.commit = "1234567890abcdef";
    return out;
  };
  std::string printed;
  const auto history = [&](const ScanSettings& settings) -> Result<ScanOutcome> {
    ScanOutcome out;
    out.findings =
        testing::scan_text("modules/n/main.tf", *repository.read("modules/n/main.tf"), settings).findings;
    for (Finding& finding : out.findings) finding.commit = "fedcba9876543210";
    out.findings.push_back(past("modules/m/main.tf", "org-domain-host", false, Severity::block));
    out.findings.push_back(past("modules/m/gone.tf", "org-domain-host", false, Severity::block));
    out.findings.push_back(past("modules/m/note.tf", "org-domain-host", false, Severity::note));
    out.findings.push_back(past("site.yml", "org-domain-host", false, Severity::block));
    return out;
  };
  const auto measured_with =
      measure_readiness(testing::scanner(), with_domain(), repository, {2, TimePoint{}, history});
  BOOST_REQUIRE(measured_with.has_value());
  const auto& m = module(*measured_with, "modules/m");
  BOOST_TEST((m.state == coupling::ReadyState::ready));
  BOOST_TEST(m.found.history.size() == 2u);
  BOOST_TEST(history_sentence(m) ==
             "clean at the head, 2 private literals still in the history: publish it without its history, or "
             "rewrite it");
  const auto& n = module(*measured_with, "modules/n");
  BOOST_TEST(n.found.blockers.at(0).since == "fedcba9876");
  BOOST_TEST(n.found.history.empty());
  for (const std::string& text : {readiness_text({*measured_with}, false),
                                  readiness_markdown({*measured_with}), readiness_html({*measured_with})})
    BOOST_TEST(text.contains("still in the history"));
  const auto broken = measure_readiness(testing::scanner(), with_domain(), repository,
                                        {1, TimePoint{}, [](const ScanSettings&) -> Result<ScanOutcome> {
                                           return fail(ErrorCode::io, "no git");
                                         }});
  BOOST_TEST(!broken.has_value());
}

BOOST_AUTO_TEST_CASE(what_reaches_into_an_environment_is_entangled_whether_or_not_that_is_a_unit) {
  struct Row {
    const char *name, *path, *text, *other, *with;
  };
  const Row rows[] = {
      {"a file of data", "modules/m/main.tf",
       "locals {\n  users = jsondecode(file(\"${path.module}/../../environments/prod/users.json\"))\n}\n",
       "environments/prod/users.json", "environments/prod/users.json"},
      {"a role's variables", "roles/m/tasks/main.yml", "- include_vars: ../../../group_vars/all.yml\n",
       "group_vars/all.yml", "group_vars/all.yml"},
      {"a root", "modules/m/main.tf", "module \"x\" {\n  source = \"../../environments/prod\"\n}\n",
       "environments/prod/main.tf", "environments/prod"},
      {"a file of its own", "modules/m/main.tf", "locals {\n  x = file(\"${path.module}/users.json\")\n}\n",
       "modules/m/users.json", ""},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto readiness = measured(repository_of({{row.path, row.text}, {row.other, ""}}), {});
      const auto& found = module(readiness, row.path[0] == 'm' ? "modules/m" : "roles/m");
      const bool entangled = found.state == coupling::ReadyState::entangled;
      BOOST_TEST(entangled == !std::string_view(row.with).empty());
      if (entangled) BOOST_TEST(found.after.at(0) == row.with);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_json_is_a_baseline) {
  const coupling::Readiness then = measured(organisation(), own_policy());
  const auto baseline = read_baseline(readiness_json({then}), "b.json");
  BOOST_REQUIRE(baseline);
  coupling::Readiness now = measured(organisation(), own_policy());
  const coupling::Difference difference = coupling::compare(*baseline, now);
  BOOST_TEST(difference.introduced.empty());
  BOOST_TEST(difference.removed.empty());
  for (const std::string_view bad : {"", "[]", "{\"modules\": 3}", "{\"modules\": [{}]}"})
    BOOST_TEST(!read_baseline(bad, "b.json").has_value());
}

BOOST_AUTO_TEST_CASE(no_format_holds_a_literal_in_full_or_markup_from_a_name) {
  const auto readiness = measured(
      repository_of({{"modules/<b>|`x`/main.tf", "locals {\n  h = \"secret-host.corp.example\"\n}\n"}}),
      with_domain());
  for (const std::string& text : {readiness_text({readiness}, false), readiness_json({readiness}),
                                  readiness_markdown({readiness}), readiness_html({readiness})}) {
    BOOST_TEST(text.find("secret-host.corp") == std::string::npos);
  }
  BOOST_TEST(readiness_html({readiness}).find("<b>|") == std::string::npos);
  BOOST_TEST(readiness_html({readiness}).find("<script") == std::string::npos);
  // Backticks do not protect a name in a summary, where Markdown is not read.
  BOOST_TEST(readiness_markdown({readiness}).find("<summary><code>modules/&lt;b&gt;|`x`</code>") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
