// Terraform, OpenTofu and Terragrunt: module sources, variables, what makes a folder a root.
#include "hcl.hpp"
#include "readers.hpp"

namespace fanlight::coupling {

namespace {

std::string_view expression_of(const FactsReader& reader, const HclAttribute& attribute) {
  return reader.text.substr(attribute.value.begin, attribute.value.end - attribute.value.begin);
}

// "${get_repo_root()}//modules/vpc" is "/modules/vpc": from the root of the repository.
void need_source(FactsReader& reader, const HclAttribute& attribute) {
  std::string_view expression = expression_of(reader, attribute);
  std::string_view target;
  if (plain_string(expression, target)) {
    reader.need(Need::module, target, attribute.value.begin + 1);
    return;
  }
  for (const std::string_view root :
       {"\"${get_repo_root()}/", "\"${get_path_to_repo_root()}/", "\"${get_parent_terragrunt_dir()}/",
        "\"${path_relative_from_include()}/", "\"${dirname(find_in_parent_folders())}/"}) {
    if (!expression.starts_with(root) || expression.size() < root.size() + 1) continue;
    const std::size_t begin = root.size() - 1;
    target = expression.substr(begin, expression.size() - begin - 1);
    if (target.find('$') == target.npos) reader.need(Need::module, target, attribute.value.begin + begin);
    return;
  }
}

// An argument of a provider that is a literal makes the folder one deployment.
bool is_configured(const HclBlock& provider) {
  for (const HclAttribute& attribute : provider.body.attributes) {
    if (attribute.name != "alias" && attribute.name != "version") return true;
  }
  return !provider.body.blocks.empty();
}

void read_secret_lookup(FactsReader& reader, const HclBlock& block) {
  if (block.labels.empty()) return;
  struct Row {
    std::string_view type, argument;
  };
  static constexpr Row kRows[] = {{"aws_ssm_parameter", "name"},
                                  {"aws_secretsmanager_secret", "name"},
                                  {"aws_secretsmanager_secret_version", "secret_id"},
                                  {"vault_generic_secret", "path"},
                                  {"vault_kv_secret", "path"},
                                  {"vault_kv_secret_v2", "name"},
                                  {"google_secret_manager_secret_version", "secret"},
                                  {"azurerm_key_vault_secret", "name"},
                                  {"consul_keys", "path"},
                                  {"onepassword_item", "title"}};
  for (const Row& row : kRows) {
    if (block.labels[0] != row.type) continue;
    const HclAttribute* argument = block.body.find(row.argument);
    std::string_view path;
    if (argument && plain_string(expression_of(reader, *argument), path))
      reader.look_up(LookupKind::secret_path, path, false, argument->value.begin + 1);
  }
}

// file("${path.module}/../../environments/prod/users.json"): what leaves the module's own folder.
void read_files(FactsReader& reader) {
  static constexpr std::string_view kModule = "${path.module}/";
  for (std::size_t at = reader.text.find(kModule); at != reader.text.npos;
       at = reader.text.find(kModule, at + 1)) {
    const std::size_t begin = at + kModule.size();
    const std::size_t end = reader.text.find_first_of("\"$\n", begin);
    if (end == reader.text.npos || reader.text[end] != '"') continue;
    const std::string_view target = reader.text.substr(begin, end - begin);
    if (target.starts_with("../")) reader.need(Need::file, target, begin);
  }
}

}  // namespace

void read_terraform(FactsReader& reader) {
  read_files(reader);
  const HclBody body = parse_hcl(reader.text);
  for (const HclBlock& block : body.blocks) {
    if (block.type == "module") {
      if (const HclAttribute* source = block.body.find("source")) need_source(reader, *source);
    } else if (block.type == "variable" && !block.labels.empty()) {
      const HclAttribute* type = block.body.find("type");
      reader.parameter(block.labels[0], type ? expression_of(reader, *type) : "",
                       block.body.find("default") != nullptr, block.span);
    } else if (block.type == "terraform") {
      for (const HclBlock& inner : block.body.blocks) {
        if (inner.type == "backend" || inner.type == "cloud") reader.facts.root = true;
      }
    } else if (block.type == "provider" && is_configured(block)) {
      reader.facts.root = true;
    } else if (block.type == "data") {
      read_secret_lookup(reader, block);
    }
  }
}

void read_terragrunt(FactsReader& reader) {
  const HclBody body = parse_hcl(reader.text);
  reader.facts.root = true;
  for (const HclBlock& block : body.blocks) {
    if (block.type == "terraform") {
      if (const HclAttribute* source = block.body.find("source")) need_source(reader, *source);
    } else if (block.type == "dependency" || block.type == "include") {
      const HclAttribute* path = block.body.find(block.type == "include" ? "path" : "config_path");
      if (path) need_source(reader, *path);
    } else if (block.type == "dependencies") {
      const HclAttribute* paths = block.body.find("paths");
      if (!paths) continue;
      std::size_t at = paths->value.begin;
      while ((at = reader.text.find('"', at)) < paths->value.end) {
        const std::size_t end = reader.text.find('"', at + 1);
        if (end == reader.text.npos || end > paths->value.end) break;
        reader.need(Need::module, reader.text.substr(at + 1, end - at - 1), at + 1);
        at = end + 1;
      }
    }
  }
}

}  // namespace fanlight::coupling
