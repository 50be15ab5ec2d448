// What a shared module takes for granted about who calls it: another stack's state, the names of the
// environments, the folders around it.
#include <algorithm>
#include <array>

#include "check.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

std::optional<Literal> sibling_state(const Site& site) {
  if (site.literal.starts_with("dependency") && !site.file.path.ends_with(".hcl")) return std::nullopt;
  std::string text(site.literal);
  if (text.starts_with("Stack")) text += site.after.substr(0, 120);
  return Literal{text, "Reads the state of another stack", "", ""};
}

// What environments are called nearly everywhere. The owner's own names come from the lexicon.
constexpr auto kEnvironments = std::to_array<std::string_view>(
    {"prod",     "production",    "prd",     "live",        "staging",     "stage", "stg",  "preprod",
     "pre-prod", "preproduction", "dev",     "development", "integration", "int",   "test", "testing",
     "qa",       "uat",           "sandbox", "nonprod",     "non-prod",    "perf"});

bool is_environment(std::string_view word, const Lexicon* lexicon) {
  if (is_any_of(word, kEnvironments)) return true;
  return lexicon && std::ranges::find(lexicon->environments, word) != lexicon->environments.end();
}

// var.environment == "sbox": whatever an environment is held against is one. Terraform's own workspace is
// called "default".
bool is_held_against_environment(const Site& site, std::string_view word) {
  if (!site.file.path.ends_with(".tf") || word == "default") return false;
  std::string_view before = trim(site.before);
  if (before.ends_with('"')) before = trim(before.substr(0, before.size() - 1));
  if (!before.ends_with("==") && !before.ends_with("!=")) return false;
  before = trim(before.substr(0, before.size() - 2));
  for (const std::string_view name : {"var.environment", "var.env", "var.environment_name", "var.env_name",
                                      "var.stage", "terraform.workspace", "local.environment", "local.env"}) {
    if (before.ends_with(name)) return true;
  }
  return false;
}

std::optional<Literal> environment_name(const Site& site) {
  const std::string word = to_lower(site.literal);
  if (!is_environment(word, site.file.lexicon) && !is_held_against_environment(site, word))
    return std::nullopt;
  // NODE_ENV, RAILS_ENV and GIN_MODE have the values that their frameworks gave them.
  const std::string before = to_lower(site.before);
  for (const std::string_view framework :
       {"node_env", "rails_env", "rack_env", "app_env", "mix_env", "flask_env", "django_env", "babel_env"}) {
    if (before.find(framework) != before.npos) return std::nullopt;
  }
  if (is_program(site.file.path) && !site.file.path.ends_with(".py") && !site.file.path.ends_with(".ts"))
    return std::nullopt;
  // A validation says which names are allowed; it decides nothing.
  if (site.position.key_path.find("validation") != std::string::npos) return std::nullopt;
  return Literal{word, "Logic on the name of an environment", "", ""};
}

// How deep the file lies below the root of what would be released: the folder behind modules/, roles/,
// charts/ …
std::optional<std::size_t> depth_in_module(std::string_view path) {
  static constexpr auto kRoots =
      std::to_array<std::string_view>({"modules", "roles", "charts", "terraform-modules", "formulas"});
  const std::vector<std::string_view> parts = split(path, '/');
  for (std::size_t i = parts.size(); i-- > 0;) {
    if (is_any_of(parts[i], kRoots))
      return i + 2 < parts.size() ? std::optional(parts.size() - i - 3) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Literal> caller_layout(const Site& site) {
  if (site.literal == "path.root") {
    // In what is deployed from here it is the file's own folder.
    if (site.file.layer != Layer::shared) return std::nullopt;
    return Literal{"path.root", "Depends on the caller's folder", "", ""};
  }
  // `../sibling` is released together with this one; two levels up the repository begins.
  std::string_view path = site.literal;
  if (path.starts_with("${")) path.remove_prefix(path.find('}') + 2);
  std::size_t up = 0;
  while (path.starts_with("../")) {
    path.remove_prefix(3);
    ++up;
  }
  const auto depth = depth_in_module(site.file.path);
  if (!depth || is_program(site.file.path) || site.file.path.ends_with(".json") || path.empty())
    return std::nullopt;
  if (up < *depth + 2) return std::nullopt;
  return Literal{std::string(site.literal), "Reaches out of its own folder", "", ""};
}

constexpr auto kChecks = std::to_array<Check>({
    {"sibling-state", sibling_state},
    {"environment-name", environment_name, false, false, true},
    {"caller-layout", caller_layout, false, false, true},
});

}  // namespace

std::span<const Check> state_checks() {
  return kChecks;
}

}  // namespace fanlight::coupling
