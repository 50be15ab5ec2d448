// The many spellings of where something is fetched from, and who can.
#include "fanlight/coupling/source.hpp"

#include <boost/test/unit_test.hpp>

namespace fanlight::coupling {

namespace {

std::string_view word(SourceKind kind) {
  static constexpr std::string_view kWords[] = {"none", "local", "git", "registry", "image", "bucket"};
  return kWords[static_cast<std::size_t>(kind)];
}

struct Row {
  Need need;
  std::string_view path, target, expected;
};

const Row kRows[] = {
    {Need::module, "main.tf", "../vpc", "local ../vpc"},
    {Need::module, "main.tf", "./modules/a?x", "local ./modules/a"},
    {Need::module, "main.tf", "terraform-aws-modules/vpc/aws",
     "registry registry.terraform.io/terraform-aws-modules/vpc/aws"},
    {Need::module, "main.tf", "terraform-aws-modules/iam/aws//modules/x",
     "registry registry.terraform.io/terraform-aws-modules/iam/aws"},
    {Need::module, "main.tf", "app.terraform.io/acme/vpc/aws", "registry app.terraform.io/acme/vpc/aws"},
    {Need::module, "main.tf", "github.com/acme/waf//sub?ref=v1", "git github.com/acme/waf"},
    {Need::module, "main.tf", "git@github.com:acme/waf.git", "git github.com/acme/waf ssh"},
    {Need::module, "main.tf", "git@github.com:acme/waf.git//sub?ref=abc", "git github.com/acme/waf ssh"},
    {Need::module, "main.tf", "git::ssh://git@git.example.org:2222/a/b/waf.git?ref=v1",
     "git git.example.org/a/b/waf ssh"},
    {Need::module, "main.tf", "git::https://github.com/acme/waf.git//x/y?ref=v1", "git github.com/acme/waf"},
    {Need::module, "main.tf", "git::https://user:secret@github.com/acme/waf", "git github.com/acme/waf"},
    {Need::module, "main.tf", "s3::https://s3.amazonaws.com/bucket/x.zip",
     "bucket https://s3.amazonaws.com/bucket/x.zip"},
    {Need::module, "terragrunt.hcl", "tfr:///acme/vpc/aws?version=1",
     "registry registry.terraform.io/acme/vpc/aws"},
    {Need::module, "kustomization.yaml", "base/deployment.yaml", "local base/deployment.yaml"},
    {Need::module, "kustomization.yaml", "github.com/acme/base//k8s?ref=v1", "git github.com/acme/base"},
    {Need::module, "kustomization.yaml", "https://github.com/acme/base/k8s?ref=v1",
     "git github.com/acme/base"},
    {Need::module, "Chart.yaml", "https://charts.example.org/stable", "registry charts.example.org/stable"},
    {Need::module, "Chart.yaml", "oci://ghcr.io/acme/charts", "image ghcr.io/acme/charts"},
    {Need::module, "Chart.yaml", "@alias", "none "},
    {Need::manifest, ".gitmodules", "../sibling.git", "none ../sibling.git"},
    {Need::manifest, ".gitmodules", "https://github.com/acme/x.git", "git github.com/acme/x"},
    {Need::manifest, "Berksfile", "acme/cookbook", "git github.com/acme/cookbook"},
    {Need::manifest, "go.mod", "github.com/acme/x/v2", "git github.com/acme/x"},
    {Need::manifest, "flake.nix", "github:NixOS/nixpkgs/nixos-unstable", "git github.com/NixOS/nixpkgs"},
    {Need::manifest, "flake.nix", "path:./sub", "local ./sub"},
    {Need::manifest, "requirements.yml", "git+ssh://git@git.example.org/r.git", "git git.example.org/r ssh"},
    {Need::image, "Dockerfile", "nginx", "image docker.io/nginx"},
    {Need::image, "Dockerfile", "grafana/grafana:10.1", "image docker.io/grafana/grafana"},
    {Need::image, "Dockerfile", "registry.example.org:5000/a/b:1@sha256:00",
     "image registry.example.org/a/b"},
    {Need::image, "Dockerfile", "localhost/a", "image docker.io/localhost/a"},
    {Need::action, ".github/workflows/x.yml", "actions/cache/restore@v4", "git github.com/actions/cache"},
    {Need::action, ".github/workflows/x.yml", "./.github/actions/x", "local ./.github/actions/x"},
    {Need::action, ".gitlab-ci.yml", "group/project", "none group/project"},
    {Need::runner, "x.yml", "big", "none "},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sources)

BOOST_AUTO_TEST_CASE(every_spelling_is_one_name) {
  for (const Row& row : kRows) {
    BOOST_TEST_CONTEXT(row.target) {
      const Source source = parse_source({row.need, std::string(row.target), {}}, row.path);
      const std::string got =
          std::string(word(source.kind)) + ' ' + source.name() + (source.ssh ? " ssh" : "");
      BOOST_TEST(got == row.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(who_can_fetch_it) {
  struct Seeing {
    std::string_view target;
    Need need;
    Seen expected;
  };
  Visibility visibility;
  visibility.public_globs = {"github.com/acme/open-*"};
  visibility.private_globs = {"github.com/acme/**"};
  visibility.asked = {{"github.com/other/yes", true}, {"github.com/other/no", false}};
  Lexicon lexicon;
  lexicon.domains = {"corp.example"};
  const Seeing rows[] = {
      {"github.com/acme/open-waf", Need::module, Seen::by_everybody},
      {"github.com/acme/waf", Need::module, Seen::by_some},
      {"github.com/other/yes", Need::module, Seen::by_everybody},
      {"git@github.com:other/no.git", Need::module, Seen::by_some},
      {"github.com/other/unasked", Need::module, Seen::unknown},
      {"terraform-aws-modules/vpc/aws", Need::module, Seen::by_everybody},
      {"app.terraform.io/acme/vpc/aws", Need::module, Seen::by_some},
      {"git::https://git.corp.example/a/b", Need::module, Seen::by_some},
      {"git::https://git.internal/a/b", Need::module, Seen::by_some},
      {"git::https://git/a/b", Need::module, Seen::by_some},
      {"git::https://git.example.org/a/b", Need::module, Seen::unknown},
      {"123456789012.dkr.ecr.eu-west-1.amazonaws.com/a", Need::image, Seen::by_some},
      {"public.ecr.aws/a/b", Need::image, Seen::by_everybody},
      {"nginx", Need::image, Seen::unknown},
      {"../x", Need::module, Seen::unknown},
  };
  for (const Seeing& row : rows) {
    BOOST_TEST_CONTEXT(row.target) {
      const Source source = parse_source({row.need, std::string(row.target), {}}, "main.tf");
      BOOST_TEST((seen_by(source, visibility, &lexicon) == row.expected));
    }
  }
}

BOOST_AUTO_TEST_CASE(paths_are_resolved_within_the_repository) {
  std::string out;
  BOOST_TEST(resolve_path("modules/a", "../b/./c", out));
  BOOST_TEST(out == "modules/b/c");
  BOOST_TEST(resolve_path("modules/a", "/x", out));
  BOOST_TEST(out == "x");
  BOOST_TEST(resolve_path("a", "..", out));
  BOOST_TEST(out.empty());
  BOOST_TEST(!resolve_path("a", "../..", out));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
