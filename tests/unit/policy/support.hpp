// Values that the tests of this box are made from.
#pragma once

#include <string>
#include <utility>

#include "fanlight/core/clock.hpp"
#include "fanlight/model/verdict.hpp"

namespace fanlight::policy::test {

inline TimePoint at(std::string_view text) {
  TimePoint time{};
  parse_iso8601(text, time);
  return time;
}

inline Finding secret() {
  Finding finding;
  finding.rule = "github-token";
  finding.kind = FindingKind::secret;
  finding.severity = Severity::block;
  finding.location = {Place::file, "modules/vpc/main.tf", 12, 17, 12, 57};
  finding.commit = "4be1d2c0a1b2c3d4e5f60718293a4b5c6d7e8f90";
  finding.fingerprint = "3f9a1c0d5b7e2a84";
  finding.structure = Structure::valid;
  finding.title = "GitHub token, checksum valid";
  finding.remedy = "Revoke it, then read the new one from your secret store: `token = var.github_token`.";
  finding.docs_url = "https://docs.example/tokens";
  return finding;
}

inline Finding subnet() {
  Finding finding;
  finding.rule = "aws-resource-id";
  finding.kind = FindingKind::coupling;
  finding.severity = Severity::block;
  finding.axes = {true, true};
  finding.location = {Place::file, "modules/vpc/main.tf", 31, 15, 31, 30};
  finding.fingerprint = "aa00bb11cc22dd33";
  finding.title = "subnet of one AWS account, in a shared module";
  finding.message =
      "This subnet exists in one AWS account. In `modules/`, whoever reuses the module has to edit it first.";
  finding.remedy =
      "Declare it in `modules/vpc/variables.tf`, `variable \"subnet_id\" { type = string }`, and give it in "
      "`environments/prod/terraform.tfvars`.";
  finding.suggestion = "  subnet_id = var.subnet_id\n";
  finding.docs_url = "https://docs.example/why";
  return finding;
}

inline Finding host() {
  Finding finding;
  finding.rule = "org-domain-host";
  finding.kind = FindingKind::coupling;
  finding.severity = Severity::warn;
  finding.axes = {true, false};
  finding.location = {Place::file, "roles/web/defaults/main.yml", 4, 8, 4, 20};
  finding.fingerprint = "0123456789abcdef";
  finding.title = "default is a host of your own domain";
  finding.message = "The default is a host of your own domain.";
  finding.remedy = "Leave the default out.";
  return finding;
}

inline Scanned looked() {
  Scanned scanned;
  scanned.files = 4;
  scanned.commits = 3;
  scanned.lines = 212;
  scanned.title_and_body = true;
  return scanned;
}

inline Change change() {
  Change out;
  out.ref = {"github", "acme/api", 42, "", ""};
  out.author = "jo";
  out.base_ref = "main";
  out.head_sha = "4be1d2c0a1b2c3d4e5f60718293a4b5c6d7e8f90";
  return out;
}

}  // namespace fanlight::policy::test
