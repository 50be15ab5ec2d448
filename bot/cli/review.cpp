// `fanlight review --repo DIR BASE..HEAD`: what the bot would say about that change, without a host.
#include "fanlight/app/layout.hpp"
#include "fanlight/cli/cli.hpp"
#include "fanlight/core/files.hpp"
#include "options.hpp"
#include "repository.hpp"

namespace fanlight::cli {

namespace {

constexpr std::size_t policy_bytes_max = 1024 * 1024;

Result<policy::PolicyRead> policy_of(const CommonOptions& common, const app::Scanner& scanner,
                                     const Snapshot& snapshot) {
  if (!common.policy_file.empty()) {
    auto text = read_file(common.policy_file, policy_bytes_max);
    if (!text) return std::unexpected(text.error());
    return policy::read_policy(*text, common.policy_file, {}, scanner.rule_ids());
  }
  const auto found = snapshot.policy_files.find(std::string(policy::policy_path));
  if (found == snapshot.policy_files.end()) return policy::PolicyRead{};
  return policy::read_policy(found->second, std::string(policy::policy_path), {}, scanner.rule_ids());
}

}  // namespace

int run_review(const CommonOptions& common, const ReviewOptions& options) {
  const auto started = Deadline::Clock::now();
  auto scanner = make_scanner(common);
  if (!scanner) return complain(scanner.error());
  auto snapshot = range_snapshot(options.repository, options.range);
  if (!snapshot) return complain(snapshot.error());
  auto read = policy_of(common, *scanner, *snapshot);
  if (!read) return complain(read.error());
  add_policy_rules(*scanner, *read);
  auto files = files_at(options.repository, snapshot->change.base_sha, app::ignore_files(read->policy));
  if (!files) return complain(files.error());
  auto ignores = given_ignores(common, read->policy, std::move(*files));
  if (!ignores) return complain(ignores.error());
  app::ScanSettings settings = make_settings(*scanner, *read, common);
  settings.allow_list = ignores->allow_list;
  settings.layers.repository = app::read_layout(*snapshot);
  auto scratch = scanner->engine().make_scratch();
  auto outcome = scanner->scan_change(*snapshot, settings, scratch);
  return finish(common, *scanner, std::move(outcome), std::move(*read), std::move(*ignores), snapshot->change,
                started);
}

}  // namespace fanlight::cli
