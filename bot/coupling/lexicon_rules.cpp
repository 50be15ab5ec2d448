#include "lexicon_rules.hpp"

#include <array>

#include "fanlight/coupling/lexicon.hpp"
#include "rule_rows.hpp"

namespace fanlight::coupling {

namespace {

// Examples hold "<domain>" and "<site>": of the owner's lexicon.
// clang-format off
constexpr auto kRows = std::to_array<RuleRow>({
    {"org-domain-host", "Host under your own domain", "vocabulary", "lexicon-host", "V01",
     {kBlock, kNote, kOff, kOff}, kBoth, "This host is one of your own.",
     "Make it an input without a default, or build it from one base domain.",
     "endpoint = \"https://sso.<domain>/oauth\"", "local.sites[\"ci.<domain>\"]"},
    {"personal-email", "E-mail address of a person", "people", "person-email", "P01",
     {kBlock, kWarn, kWarn, kNote}, kDisclosure, "It is the address of one person.",
     "Write a role's address, or take it as an input.", "owner = \"anna.k@<domain>\"",
     "owner = \"security@<domain>\""},
    {"internal-only-dns-name", "Name that resolves only inside", "network", "lexicon-internal", "N06",
     {kBlock, kNote, kNote, kOff}, kBoth, "This name is of a part of your domain that only resolves inside.",
     "Make it an input without a default, or look it up in the private zone.", "host: db01.int.<domain>",
     "host: www.<domain>"},
    {"site-token", "Name of one of your sites", "environment", "lexicon-site", "E02",
     {kBlock, kNote, kOff, kOff}, kPortability, "It is the name of one of your sites.",
     "Take the site as an input: noc01.{{ site }}.example.org.", "server = \"noc01.<site>.example.org\"",
     "server = \"noc01.${var.site}.example.org\""},
    {"environment-token-in-module", "Name of one environment", "environment", "lexicon-environment", "E03",
     {kWarn, kOff, kOff, kOff}, kPortability, "The name holds one environment, so the module fits no other.",
     "Build the name from an input: \"cf-${var.environment}-buildpacks\".",
     "bucket = \"cf-prod-buildpacks\"", "bucket = \"cf-${var.environment}-buildpacks\""},
    {"org-unit-or-project-codename", "Private name", "vocabulary", "", "V03",
     {kBlock, kBlock, kBlock, kBlock}, kDisclosure,
     "A name stands here that your organisation keeps private. It is shown neither here nor elsewhere.",
     "Rename it, or take it as an input; where the whole file is about it, move the file to a private "
     "repository.", "a name that `fanlight seal` has sealed", "{{ business_unit }}"},
});
// clang-format on

const std::vector<detect::Rule>& rules() {
  static const auto kRules = make_rules(kRows);
  return kRules;
}

}  // namespace

const detect::Rule& rule_of(LexiconRule rule) {
  return rules()[static_cast<std::size_t>(rule)];
}

std::span<const detect::Rule> lexicon_rules() {
  return rules();
}

// What a built-in rule has already (personal-email, internal-only-dns-name) is left out.
std::span<const std::string_view> lexicon_rule_ids() {
  static constexpr auto kIds = std::to_array<std::string_view>(
      {"org-domain-host", "site-token", "environment-token-in-module", "org-unit-or-project-codename",
       "org-name-in-identifier", "org-header-or-brand-asset", "org-label-domain",
       "organisation-as-default-identity", "lookup-by-org-name", "dashboard-or-runbook-link",
       "private-time-or-mail-infra"});
  return kIds;
}

}  // namespace fanlight::coupling
