// `fanlight baseline create|prune`: the findings of today, which decide nothing from now on; and without
// those that are mended.
#include "fanlight/policy/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fanlight/cli/cli.hpp"
#include "fanlight/core/files.hpp"
#include "format.hpp"
#include "options.hpp"

namespace fanlight::cli {

namespace {

constexpr std::size_t named_max = 20;

// Looks without any baseline: what it knows already has to be found as well.
Result<Looked> look_bare(const CommonOptions& common, const BaselineOptions& options) {
  CommonOptions bare = common;
  bare.baseline_file.clear();
  ScanOptions scan;
  scan.paths = options.paths;
  scan.without_baseline = true;
  return look(bare, scan);
}

policy::Baseline baseline_of(const Review& review, const BaselineOptions& options, std::string key_id) {
  policy::Baseline out;
  out.file = options.file;
  out.key_id = std::move(key_id);
  for (const Finding& finding : review.findings)
    out.entries.insert({finding.fingerprint, finding.rule, finding.location.path});
  // One line for one fingerprint, whichever files it is in.
  std::string last;
  std::erase_if(out.entries, [&](const policy::BaselineEntry& entry) {
    return std::exchange(last, entry.fingerprint) == entry.fingerprint;
  });
  return out;
}

int write(const policy::Baseline& baseline) {
  const auto written = write_file(baseline.file, policy::write_baseline(baseline), 0644);
  return written ? exit_clean : complain(written.error());
}

void name_missing(const Review& review) {
  for (std::size_t i = 0; i < review.missing.size() && i < named_max; ++i) {
    fmt::print(stderr, "not looked at: {}: {}\n", printable(review.missing[i].what),
               printable(review.missing[i].reason));
  }
}

}  // namespace

int run_baseline_create(const CommonOptions& common, const BaselineOptions& options) {
  auto looked = look_bare(common, options);
  if (!looked) {
    complain(looked.error());
    return exit_of(looked.error());
  }
  const std::string key_id = looked->scanner.key_id();
  const Review review = judge(common, looked->scanner, std::move(looked->outcome), std::move(looked->policy),
                              std::move(looked->ignores));
  name_missing(review);
  const policy::Baseline baseline = baseline_of(review, options, key_id);
  if (const int code = write(baseline); code != exit_clean) return code;
  fmt::print("{}: {} findings; they are listed and decide nothing once the policy says `baseline: {}`\n",
             options.file, baseline.entries.size(), options.file);
  return review.missing.empty() ? exit_clean : exit_incomplete;
}

int run_baseline_prune(const CommonOptions& common, const BaselineOptions& options) {
  auto text = read_file(options.file, policy::baseline_bytes_max);
  if (!text) return complain(text.error());
  auto baseline = policy::read_baseline(*text, options.file);
  if (!baseline) return complain(baseline.error());
  auto looked = look_bare(common, options);
  if (!looked) {
    complain(looked.error());
    return exit_of(looked.error());
  }
  if (const std::string fault = policy::fault_of_key(*baseline, looked->scanner.key_id()); !fault.empty())
    return complain({ErrorCode::bad_input, fault});
  Review review = judge(common, looked->scanner, std::move(looked->outcome), std::move(looked->policy),
                        std::move(looked->ignores));
  const auto gone = policy::apply_baseline(*baseline, review.findings);
  for (std::size_t i = 0; i < gone.size() && i < named_max; ++i)
    fmt::print("{} {} {}\n", gone[i].fingerprint, gone[i].rule, printable(gone[i].path));
  if (gone.size() > named_max) fmt::print("and {} more\n", gone.size() - named_max);
  if (!review.missing.empty() && !gone.empty()) {
    name_missing(review);
    fmt::print("{}: {} entries fit nothing, but not everything was looked at: none is taken out\n",
               options.file, gone.size());
    return exit_incomplete;
  }
  for (const policy::BaselineEntry& entry : gone) baseline->entries.erase(entry);
  if (!gone.empty()) {
    if (const int code = write(*baseline); code != exit_clean) return code;
  }
  fmt::print("{}: {} entries taken out, {} stay\n", options.file, gone.size(), baseline->entries.size());
  return exit_clean;
}

}  // namespace fanlight::cli
