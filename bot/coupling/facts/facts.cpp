// Which reader reads a file: one table over names and folders. The first row that fits decides.
#include "fanlight/coupling/facts.hpp"

#include <algorithm>
#include <array>

#include "fanlight/core/text.hpp"
#include "readers.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kNameBytesMax = 1024;

struct Row {
  std::string_view glob;  // as in .gitignore, on the lower-case path
  void (*read)(FactsReader&);
};

constexpr auto kRows = std::to_array<Row>({
    {"terragrunt*.hcl", read_terragrunt},
    {"*.tf", read_terraform},
    {"*.tofu", read_terraform},
    {"chart.yaml", read_helm_chart},
    {"requirements.yaml", read_helm_chart},
    {"values*.yaml", read_values},
    {"values*.yml", read_values},
    {"kustomization.yaml", read_kustomization},
    {"kustomization.yml", read_kustomization},
    {"*compose*.yml", read_compose},
    {"*compose*.yaml", read_compose},
    {"**/.github/workflows/*.y*ml", read_workflow},
    {".github/workflows/*.y*ml", read_workflow},
    {"**/.gitea/workflows/*.y*ml", read_workflow},
    {".gitea/workflows/*.y*ml", read_workflow},
    {".forgejo/workflows/*.y*ml", read_workflow},
    {"action.y*ml", read_workflow},
    {".gitlab-ci.yml", read_gitlab_ci},
    {".gitlab/**/*.yml", read_gitlab_ci},
    {"requirements.yml", read_requirements},
    {"**/meta/main.y*ml", read_ansible_meta},
    {"meta/main.y*ml", read_ansible_meta},
    {"galaxy.yml", read_ansible_meta},
    {"**/defaults/*.y*ml", read_ansible_values},
    {"defaults/*.y*ml", read_ansible_values},
    {"**/defaults/main/*.y*ml", read_ansible_values},
    {"**/vars/*.y*ml", read_ansible_values},
    {"vars/*.y*ml", read_ansible_values},
    {"**/group_vars/**", read_ansible_values},
    {"group_vars/**", read_ansible_values},
    {"**/host_vars/**", read_ansible_values},
    {"host_vars/**", read_ansible_values},
    {"**/hieradata/**/*.y*ml", read_ansible_values},
    {"hieradata/**/*.y*ml", read_ansible_values},
    {"**/data/**/*.y*ml", read_ansible_values},
    {"data/**/*.y*ml", read_ansible_values},
    {"**/pillar/**/*.sls", read_ansible_values},
    {"pillar/**/*.sls", read_ansible_values},
    {"**/pillar.example", read_ansible_values},
    {"pillar.example", read_ansible_values},
    {"**/tasks/**/*.y*ml", read_ansible_tasks},
    {"tasks/**/*.y*ml", read_ansible_tasks},
    {"**/handlers/**/*.y*ml", read_ansible_tasks},
    {"**/playbooks/**/*.y*ml", read_ansible_tasks},
    {"playbooks/**/*.y*ml", read_ansible_tasks},
    {"*.sls", read_salt},
    {"*.pp", read_puppet},
    {"*.erb", read_template},
    {"*.epp", read_puppet},
    {"*.j2", read_template},
    {"*.jinja", read_template},
    {"*.jinja2", read_template},
    {"*.tpl", read_template},
    {"*.gotmpl", read_template},
    {"**/templates/**/*.y*ml", read_template},
    {"templates/**/*.y*ml", read_template},
    {".gitmodules", read_gitmodules},
    {"puppetfile", read_ruby_manifest},
    {"berksfile", read_ruby_manifest},
    {"go.mod", read_go_mod},
    {"flake.nix", read_flake},
    {"*.py", read_python},
    {"dockerfile*", read_dockerfile},
    {"*.dockerfile", read_dockerfile},
    {"containerfile*", read_dockerfile},
    {".env.*", read_env_example},
    {"*.env.example", read_env_example},
    {"env.example", read_env_example},
    {"*.yaml", read_manifest},
    {"*.yml", read_manifest},
});

// A look at what a glob names for certain, before it is matched: "vars/" of "**/vars/*.y*ml".
bool may_match(std::string_view glob, std::string_view path, bool yaml) {
  if (glob.ends_with(".y*ml") && !yaml) return false;
  if (glob.starts_with("**/")) glob.remove_prefix(3);
  const std::string_view fixed = glob.substr(0, glob.find('*'));
  const std::size_t slash = fixed.rfind('/');
  return slash == fixed.npos || path.contains(fixed.substr(0, slash + 1));
}

const Row* row_of(std::string_view path) {
  const std::string lower = to_lower(path);
  const bool yaml = lower.ends_with(".yml") || lower.ends_with(".yaml");
  const auto found = std::ranges::find_if(
      kRows, [&](const Row& row) { return may_match(row.glob, lower, yaml) && glob_match(row.glob, lower); });
  return found == kRows.end() ? nullptr : &*found;
}

}  // namespace

void FactsReader::need(Need how, std::string_view target, std::size_t begin) {
  if (target.empty() || target.size() > kNameBytesMax || facts.dependencies.size() >= kFactsMax) return;
  facts.dependencies.push_back({how, std::string(target), {begin, begin + target.size()}});
}

void FactsReader::look_up(LookupKind kind, std::string_view key, bool has_default, std::size_t begin) {
  if (key.empty() || key.size() > kNameBytesMax || facts.lookups.size() >= kFactsMax) return;
  facts.lookups.push_back({kind, std::string(key), has_default, {begin, begin + key.size()}, line_of(begin)});
}

void FactsReader::declare(std::string_view key) {
  if (!key.empty() && key.size() <= kNameBytesMax && facts.declares.size() < kFactsMax)
    facts.declares.emplace_back(key);
}

void FactsReader::parameter(std::string_view parameter_name, std::string_view type, bool has_default,
                            detect::Span span) {
  if (facts.parameters.size() >= kFactsMax) return;
  facts.parameters.push_back({std::string(parameter_name), std::string(type.substr(0, kNameBytesMax)),
                              has_default, line_of(span.begin),
                              line_of(span.end == span.begin ? span.end : span.end - 1)});
}

std::uint32_t FactsReader::line_of(std::size_t offset) {
  if (line_starts.empty()) {
    line_starts.push_back(0);
    for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
      line_starts.push_back(at + 1);
  }
  return static_cast<std::uint32_t>(std::ranges::upper_bound(line_starts, offset) - line_starts.begin());
}

const YamlLine* in_item(const std::vector<YamlLine>& lines, std::size_t index, std::string_view key) {
  const YamlLine& here = lines[index];
  const auto same = [&](const YamlLine& line) {
    return line.indent == here.indent && line.parent == here.parent;
  };
  std::size_t first = index;
  while (first > 0 && !(lines[first].item && same(lines[first])) && lines[first].indent >= here.indent)
    --first;
  for (std::size_t i = first; i < lines.size() && (i == first || lines[i].indent >= here.indent); ++i) {
    if (i != first && lines[i].item && same(lines[i])) break;
    if (lines[i].key == key && same(lines[i])) return &lines[i];
  }
  return nullptr;
}

bool has_facts(std::string_view path) {
  return row_of(path) != nullptr;
}

FileFacts read_facts(std::string_view path, std::string_view text) {
  const Row* row = row_of(path);
  if (!row) return {};
  FactsReader reader{path, path.substr(path.rfind('/') + 1), text.substr(0, kFactsBytesMax), {}, {}};
  row->read(reader);
  find_private_files(reader);
  return std::move(reader.facts);
}

}  // namespace fanlight::coupling
