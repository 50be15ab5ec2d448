// What the tests of app share: the built-in rules compiled once, made-up tokens, and diffs written as lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fanlight/app/scanner.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight::testing {

const app::Scanner& scanner();

// A token of GitHub's form with a right checksum, another one for each number.
std::string github_token(std::uint64_t number);
// The parts of an AWS key, made up.
std::string aws_id(std::uint64_t number);
std::string aws_secret(std::uint64_t number);

// One file of a diff whose only hunk starts at `start`; lines begin with ' ', '+' or '-'.
std::string modified_file(const std::string& path, std::uint32_t start,
                          const std::vector<std::string>& lines);
std::string added_file(const std::string& path, const std::vector<std::string>& lines);
Diff parse(const std::string& text);

app::ScanOutcome scan(const Snapshot& snapshot, const app::ScanSettings& settings = {});
app::ScanOutcome scan_text(std::string_view path, std::string_view text,
                           const app::ScanSettings& settings = {});

// The findings of one rule.
std::vector<Finding> of_rule(const std::vector<Finding>& findings, std::string_view rule);
// "file modules/main.tf 4:10-4:50 introduced", to compare in one line.
std::string describe(const Finding& finding);

// Every text that leaves a scan: what must never hold a secret.
std::string all_text(const app::ScanOutcome& outcome);

}  // namespace fanlight::testing
