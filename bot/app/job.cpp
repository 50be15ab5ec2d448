#include "job.hpp"

namespace fanlight::app {

Task<Result<host::Applied>> post(Work& work, const Change& change, const Diff& diff, Action& action,
                                 bool maybe_done) {
  auto cleaning = on_pool(work.services.scan_pool,
                          [&gate = *work.gate, &action] { action = gate.clean(std::move(action)); });
  co_await std::move(cleaning);
  auto applying = work.host.apply(change, diff, action, maybe_done, work.deadline);
  co_return co_await std::move(applying);
}

std::shared_ptr<const Gate> make_gate(Services& services, std::shared_ptr<const Scanner> scanner,
                                      const ScanSettings& settings) {
  return std::make_shared<const Gate>(std::move(scanner), settings, services.public_url);
}

policy::PolicyRead repository_policy(const Services& services, const std::string* text) {
  if (!text) return {services.config.policy, {}};
  return policy::read_policy(*text, std::string(policy::policy_path), services.config.policy,
                             services.scanner.rule_ids());
}

}  // namespace fanlight::app
