// Terraform, Helm, Kubernetes and pipelines: what is suggested, applied and scanned again, leaves nothing.
#include <array>
#include <boost/test/unit_test.hpp>

#include "fanlight/core/text.hpp"
#include "scan.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::string_view kNone = "(none)";

struct Row {
  std::string_view path, text;
  std::string_view expected;  // the line that takes the place of the literal's; kNone: no suggestion
};

constexpr std::string_view kModule = "modules/x/main.tf", kTemplate = "charts/x/templates/a.yaml",
                           kValues = "charts/x/values.yaml", kBase = "apps/base/a.yaml",
                           kWorkflow = ".github/workflows/x.yml", kPipeline = ".gitlab-ci.yml";

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {kModule, "  subnet_id = \"subnet-0bb1c7e94f3d25926\"", "  subnet_id = var.subnet_id"},
    {kModule, "  id = \"subnet-0bb1c7e94f3d25926\"", "  id = var.subnet_id"},
    {kModule, "  subnet_ids = [\"subnet-0bb1c7e94f3d25926\"]", "  subnet_ids = [var.subnet_ids]"},
    {kModule, "  subnet_ids = [\"subnet-0bb1c7e94f3d25926\", \"subnet-0cc1c7e94f3d25926\"]", kNone},
    {kModule, "  subnet_ids = [\n    \"subnet-0bb1c7e94f3d25926\",\n  ]", kNone},
    {kModule, "  url = \"http://10.34.8.1:8080/x\"", "  url = \"http://${var.address}:8080/x\""},
    {kModule, "  url = \"http://app:pw@10.34.8.1:8080/x\"", kNone},
    {kModule, "  subnets = cidrsubnets(\"10.34.0.0/16\", 4, 4)", "  subnets = cidrsubnets(var.subnets, 4, 4)"},
    {kModule, "  # subnet-0bb1c7e94f3d25926", kNone},
    {kModule, "variable \"subnet_id\" {\n  default = \"subnet-0bb1c7e94f3d25926\"\n}", ""},
    {kModule, "  policy = <<EOF\n{\"Id\": \"subnet-0bb1c7e94f3d25926\"}\nEOF", "{\"Id\": \"${var.subnet_id}\"}"},
    {kModule, "  hosts = { prod = \"db01.prod.corp\" }", "  hosts = { prod = var.hostname }"},
    {"stacks/x/main.tf", "  subnet_id = \"subnet-0bb1c7e94f3d25926\"", kNone},
    {kTemplate, "  host: db01.prod.corp", "  host: {{ .Values.host | quote }}"},
    {kTemplate, "  - db01.prod.corp", "  - {{ .Values.hostname | quote }}"},
    {kTemplate, "  url: \"https://db01.prod.corp:8443/x\"", "  url: \"https://{{ .Values.hostname }}:8443/x\""},
    {kValues, "database:\n  host: db01.prod.corp", "  host: \"\""},
    {kValues, "database:\n  url: https://db01.prod.corp/x", kNone},
    {kBase, "apiVersion: v1\nkind: ConfigMap\ndata:\n  DB: db01.prod.corp", "  DB: service.example.org"},
    {kBase, "apiVersion: v1\nkind: ConfigMap\ndata:\n  URL: http://10.34.8.1:80/", "  URL: http://192.0.2.10:80/"},
    {"apps/overlays/prod/a.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  DB: db01.prod.corp", kNone},
    {kWorkflow, "        with:\n          role-to-assume: arn:aws:iam::610187654329:role/deploy",
     "          role-to-assume: arn:aws:iam::${{ vars.ACCOUNT_ID }}:role/deploy"},
    {kWorkflow, "      - run: curl https://db01.prod.corp/x", "      - run: curl https://${{ vars.SITE_HOSTNAME }}/x"},
    {kWorkflow, "      - run: oc process -p TOKEN_URL='https://db01.prod.corp/x'",
     "      - run: oc process -p TOKEN_URL='https://${{ vars.TOKEN_URL }}/x'"},
    {kPipeline, "test:\n  image: 610187654329.dkr.ecr.eu-west-1.amazonaws.com/ci/python:3.12", "  image: ${IMAGE}:3.12"},
});
// clang-format on

// The text with its line of the finding replaced.
std::string apply(std::string_view text, std::string_view found, std::string_view line) {
  std::string out;
  for (const std::string_view old : split_lines(text)) {
    out += old.find(found) == old.npos ? old : line;
    out += '\n';
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(infrastructure_suggestions)

BOOST_AUTO_TEST_CASE(what_is_suggested_passes_the_rules) {
  for (const Row& row : kRows) {
    const auto found = scan(row.path, row.text);
    BOOST_REQUIRE_MESSAGE(!found.empty(), row.text);
    const std::string got = found.front().judgement.suggestion.value_or(std::string(kNone));
    BOOST_TEST(got == row.expected, row.text << " gave \"" << got << '"');
    if (got == kNone) continue;
    const std::string applied = apply(row.text, found.front().text, got);
    BOOST_TEST(scan(row.path, applied).empty(), applied);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
