// Learning on made-up organisations: what stands first, what is left out, and why.
#include "fanlight/coupling/learn.hpp"

#include <boost/test/unit_test.hpp>

namespace fanlight::coupling {

namespace {

std::string terms_of(const std::vector<Term>& terms, TermKind kind) {
  std::string out;
  for (const Term& term : terms) {
    if (term.kind != kind) continue;
    if (!out.empty()) out += ' ';
    out += term.text + ':' + std::string(to_string(term.certainty));
  }
  return out;
}

// A small infrastructure of nwcharlie.net, with what every repository also names.
std::vector<SourceFile> organisation() {
  std::vector<SourceFile> files;
  for (int i = 0; i < 12; ++i) {
    const std::string n = std::to_string(i);
    files.push_back({"modules/m" + n + "/main.tf",
                     "# Licensed under the MPL, see https://www.mozilla.org/MPL/2.0/ and lic" + n +
                         ".mozilla.org\n"
                         "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"nwcharlie-logs-" +
                         n +
                         "\"\n"
                         "  endpoint = \"https://s3-" +
                         n +
                         ".amazonaws.com\"\n"
                         "  host = \"db" +
                         n + ".iad2.nwcharlie.net\"\n  url = \"https://app" + n + ".nwcharlie.net/x\"\n}\n"});
    files.push_back({"roles/r" + n + "/tasks/main.yml",
                     "- get_url:\n    url: https://download.vendor-tool.org/tool-" + n +
                         ".tgz\n"
                         "- name: see https://github.com/x/y" +
                         n + "\n- fail: self.config.name\n"});
    files.push_back({"environments/blue/e" + n + ".tfvars", "owner = \"anna.kowalczyk@nwcharlie.net\"\n"});
  }
  files.push_back({".github/CODEOWNERS", "* @nwcharlie/platform @jdoe84\n"});
  files.push_back({"package-lock.json", "https://a.lock-host.net https://b.lock-host.net"});
  return files;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(learn)

BOOST_AUTO_TEST_CASE(an_organisation_is_learned_from_its_files) {
  const auto files = organisation();
  const std::vector<Term> terms = learn_lexicon(files, {});
  BOOST_TEST(terms_of(terms, TermKind::domain).starts_with("nwcharlie.net:own"),
             terms_of(terms, TermKind::domain));
  BOOST_TEST(terms_of(terms, TermKind::site) == "iad2:likely");
  BOOST_TEST(terms_of(terms, TermKind::environment) == "blue:likely");
  BOOST_TEST(terms_of(terms, TermKind::name) == "nwcharlie:own");
  BOOST_TEST(terms_of(terms, TermKind::person) == "anna.kowalczyk:likely jdoe84:likely");
  for (const Term& term : terms) {
    BOOST_TEST(!term.places.empty(), term.text);
    BOOST_TEST(term.places.size() <= term_places_max, term.text);
    BOOST_TEST(!term.why.empty(), term.text);
    for (const char* nobodys : {"mozilla.org", "amazonaws.com", "github.com", "lock-host.net", "config.name"})
      BOOST_TEST(term.text != nobodys);
  }
  const Term& domain = terms.front();
  BOOST_TEST(domain.distinct == 25u);  // 12 db, 12 app, and the address
  BOOST_TEST(domain.places.front().path == "modules/m0/main.tf");
  BOOST_TEST(domain.places.front().line == 5u);
}

BOOST_AUTO_TEST_CASE(the_same_files_give_the_same_terms) {
  const auto files = organisation();
  const auto a = learn_lexicon(files, {}), b = learn_lexicon(files, {});
  BOOST_REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) BOOST_TEST(a[i].text == b[i].text);
}

BOOST_AUTO_TEST_CASE(the_owner_decides_between_domains_that_are_alike) {
  std::vector<SourceFile> files;
  for (const char* host : {"a", "b", "c"}) {
    const std::string h(host);
    files.push_back(
        {"f" + h + ".yml", "x: https://" + h + ".northwind.dev/\ny: https://" + h + ".tradesuite.net/\n"});
  }
  struct Row {
    const char* name;
    OwnerHints hints;
    const char* first;
  };
  const Row rows[] = {
      {"owner of the repository", {.owners = {"northwind"}, .domains = {}}, "northwind.dev:own"},
      {"owner with a department", {.owners = {"northwind-infra"}, .domains = {}}, "northwind.dev:own"},
      {"owner by its initials",
       {.owners = {"Tradesu-Import-Trade-Export"}, .domains = {}},
       "tradesuite.net:own"},
      {"another owner", {.owners = {"trade-suite"}, .domains = {}}, "tradesuite.net:own"},
      {"a team", {.owners = {"@tradesuite/ops"}, .domains = {}}, "tradesuite.net:own"},
      {"an author's address", {.owners = {}, .domains = {"mail.tradesuite.net"}}, "tradesuite.net:own"},
      {"an author with a free address", {.owners = {}, .domains = {"gmail.com"}}, "northwind.dev:likely"},
  };
  for (const Row& row : rows)
    BOOST_TEST(terms_of(learn_lexicon(files, row.hints), TermKind::domain).starts_with(row.first), row.name);
}

BOOST_AUTO_TEST_CASE(a_provider_is_nobodys_own_but_its_owners) {
  const std::vector<SourceFile> files{{"a.yml", "x: https://a.grafana.com/\ny: https://b.grafana.com\n"},
                                      {"b.yml", "x: https://c.grafana.com/\n"}};
  BOOST_TEST(terms_of(learn_lexicon(files, {}), TermKind::domain) == "");
  BOOST_TEST(terms_of(learn_lexicon(files, {.owners = {"grafana"}, .domains = {}}), TermKind::domain) ==
             "grafana.com:own");
}

BOOST_AUTO_TEST_CASE(registrable_domains_follow_the_public_suffix_list) {
  struct Row {
    const char* host;
    const char* domain;
  };
  // clang-format off
  static constexpr Row rows[] = {
      {"db.eu.nwcharlie.net", "nwcharlie.net"}, {"NWCharlie.net", "nwcharlie.net"}, {"a.b.nwc.co.uk", "nwc.co.uk"},
      {"co.uk", ""},                            {"net", ""},                        {"x.nwc.github.io", "nwc.github.io"},
      {"db.corp.internal", "corp.internal"},    {"a.b.nwc.corp", "nwc.corp"},       {"main.yaml", ""},
      {"10.0.0.1", ""},                         {"a..net", ""},                     {"-a.net", ""},
      {"values.json", ""},                      {"x.a_b.med", ""},                      {"nas.home.arpa", "nas.home.arpa"},
  };
  // clang-format on
  for (const Row& row : rows) BOOST_TEST(registrable_domain(row.host) == row.domain, row.host);
}

BOOST_AUTO_TEST_CASE(nothing_comes_of_nothing) {
  BOOST_TEST(learn_lexicon({}, {}).empty());
  const std::vector<SourceFile> files{{"main.py", "import os.path\nself.a.b.name = x.y.z()\n"},
                                      {"x", std::string("\0.a.net", 7)},
                                      {"roles/a/tasks/main.yml", "- ansible.builtin.shell: x\n"}};
  BOOST_TEST(learn_lexicon(files, {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
