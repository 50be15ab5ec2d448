// The rules of direction and of seams, in the files that people write.
#include "fanlight/coupling/dependencies.hpp"

#include <boost/test/unit_test.hpp>

#include "fanlight/coupling/layers.hpp"

namespace fanlight::coupling {

namespace {

struct Row {
  std::string_view name, path, text, expected;  // rule severity, for each hit
};

const Row kRows[] = {
    {"a module of a private registry", "modules/a/main.tf",
     "module \"x\" {\n  source = \"app.terraform.io/acme/x/aws\"\n}\n",
     "public-depends-on-private-module block"},
    {"the same in a deployment", "stacks/a/main.tf",
     "module \"x\" {\n  source = \"app.terraform.io/acme/x/aws\"\n}\n",
     "public-depends-on-private-module block"},
    {"the same in an example", "modules/a/examples/b/main.tf",
     "module \"x\" {\n  source = \"app.terraform.io/acme/x/aws\"\n}\n", ""},
    {"a public one", "modules/a/main.tf", "module \"x\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n",
     ""},
    {"one that the owner says is public", "modules/a/main.tf",
     "module \"x\" {\n  source = \"git::ssh://git@github.com/acme/open.git\"\n}\n", ""},
    {"over ssh, and nobody knows", "modules/a/main.tf",
     "module \"x\" {\n  source = \"git@github.com:other/x.git\"\n}\n",
     "public-depends-on-private-module warn"},
    {"over https, and nobody knows", "modules/a/main.tf",
     "module \"x\" {\n  source = \"git::https://github.com/other/x.git\"\n}\n", ""},
    {"on a host of one's own", "modules/a/main.tf",
     "module \"x\" {\n  source = \"git::https://git.corp.example/x.git\"\n}\n",
     "public-depends-on-private-module block"},
    {"a submodule", ".gitmodules", "[submodule \"x\"]\n\turl = https://git.corp.example/x.git\n",
     "private-submodule-or-subrepo block"},
    {"a submodule beside it", ".gitmodules", "[submodule \"x\"]\n\turl = ../x.git\n", ""},
    {"an image of a private registry", "charts/a/values.yaml",
     "image:\n  repository: registry.corp.example/web\n", "private-container-registry block"},
    {"a public image", "charts/a/values.yaml", "image:\n  repository: nginx\n", ""},
    {"into an environment", "modules/a/main.tf",
     "module \"x\" {\n  source = \"../../environments/prod/net\"\n}\n", "inverted-layer-edge block"},
    {"into another module", "modules/a/main.tf", "module \"x\" {\n  source = \"../net\"\n}\n", ""},
    {"from an environment into a module", "environments/prod/main.tf",
     "module \"x\" {\n  source = \"../../modules/a\"\n}\n", ""},
    {"variables of an inventory", "roles/a/tasks/main.yml",
     "- include_vars: ../../../inventory/prod/all.yml\n", "inverted-layer-edge block"},
    {"a module that includes a profile", "modules/a/manifests/init.pp",
     "class a {\n  include profile::base\n}\n", "inverted-layer-edge block"},
    {"a profile that includes one", "modules/profile/manifests/web.pp",
     "class profile::web {\n  include profile::base\n}\n", ""},
    {"a variable of the site", "modules/a/manifests/init.pp", "class a {\n  if $::realm == 'x' { }\n}\n",
     "implicit-global-read warn"},
    {"a fact", "modules/a/manifests/init.pp", "class a {\n  if $::osfamily == 'x' { }\n}\n", ""},
    {"a runner of one's own", ".github/workflows/ci.yml", "jobs:\n  a:\n    runs-on: [self-hosted, linux]\n",
     "ci-depends-on-private warn"},
    {"a hosted runner", ".github/workflows/ci.yml", "jobs:\n  a:\n    runs-on: ubuntu-24.04\n", ""},
    {"a runner with a fallback", ".github/workflows/ci.yml",
     "jobs:\n  a:\n    runs-on: ${{ vars.RUNNER || 'ubuntu-latest' }}\n", ""},
    {"an action that the owner says is private", ".github/workflows/ci.yml",
     "jobs:\n  a:\n    steps:\n      - uses: acme/deploy@v1\n", "ci-depends-on-private warn"},
    {"an action of others", ".github/workflows/ci.yml",
     "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n", ""},
    {"a path in a vault", "roles/a/tasks/main.yml",
     "- set_fact:\n    x: \"{{ lookup('aws_ssm', '/infra/db') }}\"\n", "secret-store-path warn"},
    {"the same in a comment", "roles/a/tasks/main.yml", "# op://infra/db/password\n", ""},
    {"a key without a stub", "modules/a/manifests/init.pp", "class a {\n  $x = hiera('a_gone')\n}\n",
     "seam-without-stub warn"},
    {"a key with one", "modules/a/manifests/init.pp", "class a {\n  $x = hiera('a_here')\n}\n", ""},
    {"a key with a default", "modules/a/manifests/init.pp", "class a {\n  $x = hiera('a_gone', 'y')\n}\n",
     ""},
    {"a substitution that is declared nowhere", "base/compose.yaml",
     "services:\n  a:\n    command: ${GONE}\n", "substitution-without-schema warn"},
    {"one with a default", "base/compose.yaml", "services:\n  a:\n    command: ${GONE:-x}\n", ""},
    {"one that every shell has", "base/compose.yaml", "services:\n  a:\n    command: ${HOME}\n", ""},
    {"a file of a private tree", "roles/a/tasks/main.yml", "- copy:\n    src: \"{{ private }}/x\"\n",
     "private-file-by-path warn"},
};

std::string described(const Row& row, const Surroundings& surroundings, const Lexicon& lexicon) {
  const FileView file{row.path, row.text, Layers{}.of(row.path).layer, &lexicon};
  std::string out;
  for (const Hit& hit : find_dependencies(file, surroundings)) {
    out += out.empty() ? "" : "; ";
    out += std::string(hit.rule->id) + ' ' + std::string(to_string(hit.judgement.severity));
    BOOST_TEST(row.text.substr(hit.span.begin, hit.span.end - hit.span.begin) == hit.text);
    BOOST_TEST(!hit.judgement.remedy.empty());
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dependencies)

BOOST_AUTO_TEST_CASE(direction_and_seams) {
  const std::set<std::string, std::less<>> declared{"a_here"};
  Surroundings surroundings;
  surroundings.visibility.public_globs = {"github.com/acme/open"};
  surroundings.visibility.private_globs = {"github.com/acme/*"};
  surroundings.declared = &declared;
  Lexicon lexicon;
  lexicon.domains = {"corp.example"};
  for (const Row& row : kRows) {
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(described(row, surroundings, lexicon) == row.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(without_the_repository_no_stub_is_missed) {
  const Surroundings surroundings;
  const FileView file{"modules/a/manifests/init.pp", "class a {\n  $x = hiera('a_gone')\n}\n", Layer::shared,
                      nullptr};
  BOOST_TEST(find_dependencies(file, surroundings).empty());
}

BOOST_AUTO_TEST_CASE(only_what_nobody_has_said_is_asked) {
  Visibility visibility;
  visibility.public_globs = {"github.com/acme/open"};
  const FileView file{
      "modules/a/main.tf",
      "module \"a\" {\n  source = \"github.com/acme/open\"\n}\nmodule \"b\" {\n  source = "
      "\"git@github.com:acme/b.git\"\n}\nmodule \"c\" {\n  source = \"github.com/acme/b\"\n}\n",
      Layer::shared, nullptr};
  const std::vector<std::string> expected{"github.com/acme/b"};
  BOOST_TEST(unknown_repositories(file, visibility) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
