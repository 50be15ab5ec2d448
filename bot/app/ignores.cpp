#include "fanlight/app/ignores.hpp"

#include <algorithm>

namespace fanlight::app {

namespace {

constexpr std::size_t notices_max = 20;

struct Source {
  std::string_view path;
  detect::AllowRead (*read)(std::string_view, const std::string&);
};

constexpr Source sources[] = {
    {detect::kGitleaksIgnorePath, detect::read_gitleaks_ignore},
    {detect::kGitleaksConfigPath, detect::read_gitleaks_allowlists},
    {detect::kSecretsBaselinePath, detect::read_secrets_baseline},
};

}  // namespace

std::vector<std::string> ignore_files(const policy::Policy& policy) {
  std::vector<std::string> out;
  if (policy.honour_other_tools) {
    for (const Source& source : sources) out.emplace_back(source.path);
  }
  if (!policy.baseline.empty()) out.push_back(policy.baseline);
  return out;
}

Ignores read_ignores(const policy::Policy& policy, const std::map<std::string, std::string>& files) {
  Ignores out;
  std::vector<AllowEntry> entries = policy.allow;
  for (const Source& source : sources) {
    const auto file = files.find(std::string(source.path));
    if (!policy.honour_other_tools || file == files.end()) continue;
    detect::AllowRead read = source.read(file->second, file->first);
    std::move(read.entries.begin(), read.entries.end(), std::back_inserter(entries));
    std::move(read.problems.begin(), read.problems.end(), std::back_inserter(out.problems));
  }
  if (!entries.empty()) out.allow_list = detect::AllowList::make(std::move(entries), out.problems);
  if (policy.baseline.empty()) return out;
  const auto file = files.find(policy.baseline);
  if (file == files.end()) {
    out.problems.push_back(
        policy.baseline +
        ": the policy names it as the baseline, and it is not there: `fanlight baseline create`");
    return out;
  }
  auto baseline = policy::read_baseline(file->second, policy.baseline);
  if (baseline) {
    out.baseline = std::move(*baseline);
  } else {
    out.problems.push_back(baseline.error().text);
  }
  return out;
}

std::vector<std::string> unmet_notices(const Ignores& ignores, const std::set<std::size_t>& met) {
  std::vector<std::string> out;
  if (!ignores.allow_list) return out;
  const auto entries = ignores.allow_list->entries();
  std::size_t more = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (met.contains(i) || !entries[i].commits.empty()) continue;
    if (out.size() == notices_max) {
      ++more;
      continue;
    }
    std::string place = entries[i].file;
    if (entries[i].line) place += ':' + std::to_string(entries[i].line);
    if (!entries[i].line && !entries[i].path.empty()) place += " for " + entries[i].path;
    out.push_back("`" + place + "` accepts nothing any more and can go.");
  }
  if (more) out.push_back("So do " + std::to_string(more) + " more entries.");
  return out;
}

}  // namespace fanlight::app
