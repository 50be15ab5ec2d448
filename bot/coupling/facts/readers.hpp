// The readers behind read_facts, one per ecosystem, and what they share. Each fills the facts of one text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/facts.hpp"
#include "yaml_lines.hpp"

namespace fanlight::coupling {

struct FactsReader {
  std::string_view path;
  std::string_view name;  // its last component
  std::string_view text;
  FileFacts facts;
  std::vector<std::size_t> line_starts;

  void need(Need need, std::string_view target, std::size_t begin);
  void look_up(LookupKind kind, std::string_view key, bool has_default, std::size_t begin);
  void declare(std::string_view key);
  void parameter(std::string_view name, std::string_view type, bool has_default, detect::Span span);
  std::uint32_t line_of(std::size_t offset);
};

void read_terraform(FactsReader&);
void read_terragrunt(FactsReader&);
void read_helm_chart(FactsReader&);
void read_values(FactsReader&);  // of Helm: keys and images
void read_kustomization(FactsReader&);
void read_manifest(FactsReader&);  // Kubernetes objects, Flux
void read_compose(FactsReader&);
void read_ansible_tasks(FactsReader&);
void read_ansible_meta(FactsReader&);
void read_ansible_values(FactsReader&);  // defaults, vars, group_vars, hiera, pillar: keys
void read_requirements(FactsReader&);
void read_puppet(FactsReader&);
void read_salt(FactsReader&);
void read_template(FactsReader&);  // Jinja, ERB, Go templates
void read_gitmodules(FactsReader&);
void read_ruby_manifest(FactsReader&);  // Puppetfile, Berksfile
void read_go_mod(FactsReader&);
void read_flake(FactsReader&);
void read_python(FactsReader&);
void read_workflow(FactsReader&);  // GitHub, Gitea and Forgejo Actions
void read_gitlab_ci(FactsReader&);
void read_dockerfile(FactsReader&);
void read_env_example(FactsReader&);

// ${NAME}, ${NAME:-default}, ${NAME:?…}; `$${` is a literal.
void find_substitutions(FactsReader&);
// {{ private }}/…, lookup('hashi_vault', …), op://… and the like, in any text.
void find_private_files(FactsReader&);
// The value of `key` in the item of a list that line `index` belongs to; null when it has none.
const YamlLine* in_item(const std::vector<YamlLine>& lines, std::size_t index, std::string_view key);

}  // namespace fanlight::coupling
