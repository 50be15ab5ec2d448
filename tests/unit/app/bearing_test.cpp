// Names that a change brings, and what it does to modules.
#include "bearing.hpp"

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include "world.hpp"

using namespace fanlight;
using namespace fanlight::testing;

namespace {

Snapshot snapshot_of(const std::string& diff) {
  Snapshot out;
  out.change.ref = {"github", "zeta/infra", 1, "", ""};
  out.commits = {{"c0ffee", "work", "Ada", "ada@mail-of-ada.example.net", {}}};
  out.diff = parse(diff);
  return out;
}

// "domains corp.io modules/a/main.tf:3" of each, one line.
std::string proposed(const Snapshot& snapshot, const policy::Policy& policy = {},
                     const std::vector<LexiconTerm>& said = {}) {
  std::string out;
  for (const Proposal& one : app::propose_names(snapshot, policy, said, Secret("key"))) {
    BOOST_TEST(one.id.size() == 16u);
    BOOST_TEST(!one.why.empty());
    if (!out.empty()) out += '\n';
    out += one.kind + ' ' + one.text + ' ' + one.path + ':' + std::to_string(one.line);
  }
  return out;
}

const std::string own =
    modified_file("modules/a/main.tf", 10,
                  {" locals {", "+  db = \"db.eu.corpinfra.io\"", "+  mq = \"mq.corpinfra.io\"", " }"});

}  // namespace

BOOST_AUTO_TEST_SUITE(bearing)

BOOST_AUTO_TEST_CASE(names_are_proposed_with_evidence_only) {
  struct Row {
    const char* name;
    std::function<void(Snapshot&, policy::Policy&, std::vector<LexiconTerm>&)> change;
    const char* expected;
  };
  const Row rows[] = {
      {"like the owner's name", [](auto& s, auto&, auto&) { s.change.ref.repository = "corpinfra/x"; },
       "domains corpinfra.io modules/a/main.tf:11"},
      {"of an author's address",
       [](auto& s, auto&, auto&) { s.commits[0].author_email = "ada@corpinfra.io"; },
       "domains corpinfra.io modules/a/main.tf:11"},
      {"nothing says whose it is", [](auto&, auto&, auto&) {}, ""},
      {"many hosts",
       [](auto& s, auto&, auto&) {
         std::vector<std::string> lines;
         for (int i = 0; i < 12; ++i)
           lines.push_back("h" + std::to_string(i) + " = \"h" + std::to_string(i) + ".zzyzx.io\"");
         s.diff = parse(added_file("modules/a/main.tf", lines));
       },
       "domains zzyzx.io modules/a/main.tf:1"},
      {"in the policy",
       [](auto& s, auto& p, auto&) {
         s.change.ref.repository = "corpinfra/x";
         p.lexicon.domains = {"corpinfra.io"};
       },
       ""},
      {"its subdomain in the policy",
       [](auto& s, auto& p, auto&) {
         s.change.ref.repository = "corpinfra/x";
         p.lexicon.domains = {"eu.corpinfra.io"};
       },
       ""},
      {"confirmed",
       [](auto& s, auto&, auto& said) {
         s.change.ref.repository = "corpinfra/x";
         said = {{"domains", "corpinfra.io", true, "ada"}};
       },
       ""},
      {"rejected",
       [](auto& s, auto&, auto& said) {
         s.change.ref.repository = "corpinfra/x";
         said = {{"domains", "corpinfra.io", false, "ada"}};
       },
       ""},
      {"rejected as something else",
       [](auto& s, auto&, auto& said) {
         s.change.ref.repository = "corpinfra/x";
         said = {{"names", "corpinfra.io", false, "ada"}};
       },
       "domains corpinfra.io modules/a/main.tf:11"},
      {"it stood there before",
       [](auto& s, auto&, auto&) {
         s.change.ref.repository = "corpinfra/x";
         s.diff = parse(modified_file("modules/a/main.tf", 10,
                                      {" a = \"www.corpinfra.io\"", "+b = \"db.corpinfra.io\""}));
       },
       ""},
      {"it only moved",
       [](auto& s, auto&, auto&) {
         s.change.ref.repository = "corpinfra/x";
         s.diff = parse(modified_file("a.tf", 1, {"-a = \"db.corpinfra.io\""}) +
                        modified_file("b.tf", 1, {"+a = \"db.corpinfra.io\""}));
       },
       ""},
      {"in a file that the policy leaves out",
       [](auto& s, auto& p, auto&) {
         s.change.ref.repository = "corpinfra/x";
         p.ignore_paths = {"modules/**"};
       },
       ""},
      {"a provider's",
       [](auto& s, auto&, auto&) {
         s.commits[0].author_email = "ada@gmail.com";
         s.diff = parse(added_file(
             "a.tf", {"a = \"smtp.gmail.com\"", "b = \"mx1.gmail.com\"", "c = \"mx2.gmail.com\""}));
       },
       ""},
      {"for documentation",
       [](auto& s, auto&, auto&) {
         s.change.ref.repository = "example/x";
         s.diff = parse(added_file("a.tf", {"a = \"db.example.com\"", "b = \"mq.example.com\""}));
       },
       ""},
  };
  for (const Row& row : rows) {
    Snapshot snapshot = snapshot_of(own);
    policy::Policy policy;
    std::vector<LexiconTerm> said;
    row.change(snapshot, policy, said);
    const std::string got = proposed(snapshot, policy, said);
    BOOST_TEST(got == row.expected, row.name << " gave \"" << got << '"');
  }
}

BOOST_AUTO_TEST_CASE(few_names_are_proposed) {
  Snapshot snapshot = snapshot_of("");
  snapshot.change.ref.repository = "corpinfra/x";
  std::vector<std::string> lines;
  for (const char* end : {"io", "net", "org", "de", "fr", "nl"}) {
    lines.push_back("a = \"db.corpinfra." + std::string(end) + "\"");
    lines.push_back("b = \"mq.corpinfra." + std::string(end) + "\"");
  }
  snapshot.diff = parse(added_file("a.tf", lines));
  BOOST_TEST(app::propose_names(snapshot, {}, {}, Secret("key")).size() == app::proposals_max);
}

BOOST_AUTO_TEST_CASE(confirmed_names_join_those_of_the_policy) {
  policy::LexiconNames names;
  names.domains = {"corp.example"};
  const std::vector<LexiconTerm> said = {{"domains", "corp.example", true, "a"},
                                         {"domains", "other.example", true, "a"},
                                         {"names", "heron", true, "a"},
                                         {"people", "kim", false, "a"},
                                         {"of another version", "x", true, "a"}};
  app::add_confirmed(names, said);
  BOOST_TEST(names.domains == (std::vector<std::string>{"corp.example", "other.example"}),
             boost::test_tools::per_element());
  BOOST_TEST(names.names == std::vector<std::string>{"heron"}, boost::test_tools::per_element());
  BOOST_TEST(names.people.empty());
}

namespace {

struct Literal {
  const char *path, *fingerprint;
  ChangeKind change;
  Severity severity = Severity::block;
  Layer layer = Layer::shared;
};

std::string steps(const std::vector<Literal>& literals) {
  Review review;
  for (const Literal& one : literals) {
    Finding finding;
    finding.kind = FindingKind::coupling;
    finding.location.path = one.path;
    finding.fingerprint = one.fingerprint;
    finding.change = one.change;
    finding.severity = one.severity;
    finding.layer = one.layer;
    review.findings.push_back(finding);
  }
  std::string out;
  for (const ModuleStep& step : app::module_steps(review))
    out += step.module + " -" + std::to_string(step.gone) + " +" + std::to_string(step.came) + ' ';
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(modules_move_by_what_the_change_shows) {
  using enum ChangeKind;
  struct Row {
    const char* name;
    std::vector<Literal> literals;
    const char* expected;
  };
  const Row rows[] = {
      {"a literal goes", {{"modules/a/main.tf", "1", removed}}, "modules/a -1 +0 "},
      {"a literal comes", {{"modules/a/main.tf", "1", introduced}}, "modules/a -0 +1 "},
      {"a lookup becomes one", {{"roles/web/tasks/main.yml", "1", regressed}}, "roles/web -0 +1 "},
      {"the same twice is one",
       {{"modules/a/main.tf", "1", introduced}, {"modules/a/b.tf", "1", introduced}},
       "modules/a -0 +1 "},
      {"two modules",
       {{"modules/a/main.tf", "1", removed}, {"modules/b/main.tf", "2", introduced}},
       "modules/a -1 +0 modules/b -0 +1 "},
      {"moved to another module",
       {{"modules/a/main.tf", "1", removed}, {"modules/b/main.tf", "1", moved, Severity::note}},
       "modules/a -1 +0 modules/b -0 +1 "},
      {"moved within", {{"modules/a/main.tf", "1", moved, Severity::note}}, ""},
      {"went and came within",
       {{"modules/a/main.tf", "1", removed}, {"modules/a/b.tf", "1", introduced}},
       ""},
      {"as many go as come", {{"modules/a/main.tf", "1", removed}, {"modules/a/b.tf", "2", introduced}}, ""},
      {"what does not block", {{"modules/a/main.tf", "1", introduced, Severity::warn}}, ""},
      {"old ones are no news", {{"modules/a/main.tf", "1", existing}}, ""},
      {"data of an environment",
       {{"environments/a/x.tfvars", "1", removed, Severity::block, Layer::env_data}},
       ""},
      {"the root is a module", {{"main.tf", "1", removed}}, ". -1 +0 "},
      {"a module in a module", {{"modules/a/modules/b/main.tf", "1", removed}}, "modules/a/modules/b -1 +0 "},
      {"a file beside the code", {{"charts/x/files/a.conf", "1", removed}}, "charts/x -1 +0 "},
      {"no module", {{"lib/a.conf", "1", removed}}, ""},
  };
  for (const Row& row : rows) {
    const std::string got = steps(row.literals);
    BOOST_TEST(got == row.expected, row.name << " gave \"" << got << '"');
  }
}

// From the delivery to the summary, to the answer, and back.
BOOST_AUTO_TEST_CASE(a_name_is_proposed_confirmed_and_looked_for) {
  for (const bool open : {false, true}) {
    World world;
    world.change().change.public_repository = open;
    world.push(added_file("modules/acme/main.tf", {"a = \"db.acmecloud.io\"", "b = \"mq.acmecloud.io\""}));
    world.settle_and_work();
    BOOST_REQUIRE(world.comments(PostedKind::summary).size() == 1u);
    const std::string body = world.comments(PostedKind::summary)[0].body;
    BOOST_TEST(body.contains("/fanlight lexicon confirm "), body);
    BOOST_TEST(body.contains("acmecloud.io") == !open, body);
    BOOST_REQUIRE(world.latest()->review.proposals.size() == 1u);
    BOOST_TEST(of_rule(world.latest()->review.findings, "org-domain-host").empty());

    world.say("/fanlight lexicon confirm " + world.latest()->review.proposals[0].id.substr(0, 8));
    world.work();
    const auto terms = world.stored->terms("fake|acme/infra").value();
    BOOST_REQUIRE(terms.size() == 1u);
    BOOST_TEST(terms[0].term.text == "acmecloud.io");
    BOOST_TEST(terms[0].term.confirmed);
    BOOST_TEST(terms[0].term.by == "ada");
    BOOST_TEST(world.stored->audit_log(1).value()[0].what == "name confirmed");
    BOOST_TEST(!of_rule(world.latest()->review.findings, "org-domain-host").empty());
    BOOST_TEST(world.latest()->review.proposals.empty());

    world.say("/fanlight lexicon reject acmecloud.io\n/fanlight lexicon reject acmecloud.io");
    world.work();
    BOOST_TEST(!world.stored->terms("fake|acme/infra").value()[0].term.confirmed);
    BOOST_TEST(of_rule(world.latest()->review.findings, "org-domain-host").empty());
    BOOST_TEST(world.latest()->review.proposals.empty());
    const std::string reply = world.comments(PostedKind::reply).back().body;
    BOOST_TEST(reply.contains("not your own"), reply);
    for (const FakeComment& comment : world.host->comments)
      BOOST_TEST((!open || !comment.body.contains("acmecloud")), comment.body);

    world.say("/fanlight lexicon confirm other.io", "eve");
    world.work();
    BOOST_TEST(world.stored->terms("fake|acme/infra").value().size() == 1u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
