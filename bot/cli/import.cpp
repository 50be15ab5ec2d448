// `fanlight import gitleaks|detect-secrets FILE`: a team's configuration as a policy for fanlight.
#include <fmt/format.h>

#include "fanlight/cli/cli.hpp"
#include "fanlight/core/files.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "fanlight/detect/import.hpp"
#include "options.hpp"

namespace fanlight::cli {

namespace {
constexpr std::size_t import_bytes_max = 16 * 1024 * 1024;
}

int run_import(const CommonOptions& common, ImportFrom from, const std::string& file) {
  auto text = read_file(file, import_bytes_max);
  if (!text) return complain(text.error());
  std::vector<std::string_view> taken;
  const auto rules = all_rules(detect::builtin_rules().rules);
  for (const detect::Rule& rule : rules) taken.push_back(rule.id);
  auto imported = from == ImportFrom::gitleaks ? detect::import_gitleaks(*text, file, taken)
                                               : detect::import_detect_secrets(*text, file);
  if (!imported) return complain(imported.error());
  // It has to be readable by ourselves, whatever it was made from.
  const auto read = policy::read_policy(imported->yaml, "the imported policy", {}, taken);
  for (const std::string& problem : read.problems) fmt::print(stderr, "fanlight: {}\n", printable(problem));
  if (const auto written = write_output(common, imported->yaml); !written) return complain(written.error());
  for (const std::string& line : imported->left_out)
    fmt::print(stderr, "not taken over: {}\n", printable(line));
  fmt::print(stderr, "{} rules and {} allow-lists taken over, {} things not\n", imported->rules,
             imported->allows, imported->left_out.size());
  return read.problems.empty() ? exit_clean : exit_usage;
}

}  // namespace fanlight::cli
