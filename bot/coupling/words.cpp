#include "words.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "fanlight/core/text.hpp"
#include "fanlight/detect/rule.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kTitleBytesMax = 60;
constexpr std::size_t kNameBytesMax = 40;

bool has_folder(std::string_view path, std::string_view folder) {
  const std::string wrapped = '/' + to_lower(path);
  return wrapped.find('/' + std::string(folder) + '/') != wrapped.npos;
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? std::string() : std::string(path.substr(0, slash + 1));
}

Format format_of_yaml(const FileView& file, const std::string& name) {
  const std::string_view path = file.path, text = file.text;
  // What else lies below .github (OpenShift templates, forms for issues) is no pipeline.
  if (has_folder(path, ".github/workflows") || has_folder(path, ".gitea/workflows") ||
      name.starts_with("action.y"))
    return Format::github_actions;
  if (name == ".gitlab-ci.yml") return Format::gitlab_ci;
  if (name.find("compose") != name.npos) return Format::compose;
  if (name.starts_with("pulumi")) return Format::pulumi;
  if (has_folder(path, "charts") || name == "values.yaml" || name == "values.yml") return Format::helm;
  if (has_folder(path, "roles") || has_folder(path, "playbooks") || has_folder(path, "group_vars") ||
      has_folder(path, "host_vars") || has_folder(path, "inventory") || has_folder(path, "inventories")) {
    return Format::ansible;
  }
  if (has_folder(path, "pillar") || has_folder(path, "salt")) return Format::salt;
  if (has_folder(path, "hieradata") || has_folder(path, "data")) return Format::puppet;
  const std::string_view head = text.substr(0, 4096);
  if (head.find("AWSTemplateFormatVersion") != head.npos || head.find("Type: AWS::") != head.npos) {
    return Format::cloudformation;
  }
  if (head.find("apiVersion:") != head.npos && head.find("kind:") != head.npos) {
    const bool chart = has_folder(path, "templates") && text.find("{{") != text.npos;
    return chart ? Format::helm : Format::kubernetes;
  }
  if (head.find("hosts:") != head.npos && head.find("tasks:") != head.npos) return Format::ansible;
  return Format::other;
}

std::string parameterise_terraform(const Site& site, const std::string& name, std::string_view folder) {
  if (site.position.role == Role::default_value) {
    return fmt::format(
        "Drop the default, so that the caller has to give `{}`, and set it in the environment's `.tfvars`.",
        name);
  }
  return fmt::format(
      "Use `var.{0}`, declare `variable \"{0}\" {{ type = string }}` in `{1}variables.tf` without a "
      "default, and give the value in the environment's `.tfvars`.",
      name, folder);
}

// Pulumi and the CDK have a place for a stack's own values; any other program takes them from its caller.
std::string parameterise_program(const Site& site, const std::string& name) {
  const std::string_view text = site.file.text;
  if (text.find("pulumi") != text.npos || to_lower(name_of(site.file.path)).starts_with("pulumi")) {
    return fmt::format(
        "Read it with `Config().require(\"{0}\")`, and set it per stack: `pulumi config set {0} …`.", name);
  }
  if (text.find("aws_cdk") != text.npos || text.find("aws-cdk") != text.npos) {
    return fmt::format(
        "Take it as a property of the construct, or from the context with no default: give it per "
        "environment "
        "with `cdk deploy -c {}=…`.",
        name);
  }
  return fmt::format(
      "Take `{}` from the caller or the environment, without a default, and name it in `.env.example`.",
      name);
}

// "mail::smarthost: …" in hiera for modules/mail/manifests/init.pp.
std::string hiera_key(std::string_view path, const std::string& name) {
  const std::size_t manifests = path.find("/manifests/");
  if (manifests == path.npos || !path.ends_with(".pp")) return name;
  const std::string_view module = name_of(path.substr(0, manifests));
  std::string key(module);
  std::string_view rest = path.substr(manifests + 11);
  rest.remove_suffix(3);
  if (rest != "init") {
    for (const std::string_view part : split(rest, '/')) key += "::" + std::string(part);
  }
  return key + "::" + name;
}

std::string parameterise(Format format, const Site& site, const std::string& name) {
  const std::string folder = folder_of(site.file.path);
  const bool is_default = site.position.role == Role::default_value;
  switch (format) {
    case Format::terraform:
      return parameterise_terraform(site, name, folder);
    case Format::tfvars:
      return "Keep it in this environment's `.tfvars` alone, and out of modules.";
    case Format::terragrunt:
      return fmt::format("Give it as `inputs = {{ {} = … }}` in the account's own `terragrunt.hcl`.", name);
    case Format::pulumi:
    case Format::python:
    case Format::javascript:
      return parameterise_program(site, name);
    case Format::ansible:
      if (is_default)
        return "Keep a neutral value in `defaults/main.yml`, and put the real one in `group_vars/`.";
      return fmt::format(
          "Use `{{{{ {0} }}}}`, with a neutral value in the role's `defaults/main.yml` (`{0}: …`) and the "
          "real "
          "one in `group_vars/`.",
          name);
    case Format::salt:
      return fmt::format(
          "Read it with `{{{{ pillar['{}'] }}}}`, keep the value in `pillar/`, and add a stub for others.",
          name);
    case Format::puppet:
      return fmt::format(
          "Make it a typed class parameter `String ${}` without a default, and give it in hiera per "
          "environment: "
          "`{}: …`.",
          name, hiera_key(site.file.path, name));
    case Format::helm:
      if (is_default)
        return "Keep a neutral value in `values.yaml`, and put the real one in `values-<env>.yaml`.";
      return fmt::format(
          "Use `{{{{ .Values.{} }}}}`, with a neutral value in `values.yaml` and the real one in "
          "`values-<env>.yaml`.",
          name);
    case Format::kubernetes:
      return "Keep a neutral value in the base, and patch it in `overlays/<env>/`.";
    case Format::compose:
      return fmt::format(
          "Write `${{{0}:?set {0}}}`, keep the value in `.env` (`{0}=…`), and name it in `.env.example`.",
          name);
    case Format::cloudformation:
      return fmt::format(
          "Make it a Parameter without a Default and `!Ref {}`; for account and region use `!Sub` with "
          "`${{AWS::AccountId}}` and `${{AWS::Region}}`.",
          name);
    case Format::github_actions:
      return fmt::format(
          "Use `${{{{ vars.{} }}}}`, and set the variable in the repository's or environment's settings.",
          name);
    case Format::gitlab_ci:
      return fmt::format("Use `${}`, and set the variable in the project's CI settings.", name);
    case Format::dockerfile:
      return fmt::format("Declare `ARG {0}` without a default, and pass it: `--build-arg {0}=…`.", name);
    case Format::nix:
      return fmt::format(
          "Declare an option for it with `mkOption` and no default, read it as `{}`, and set it in the "
          "host's own "
          "folder.",
          nix_option(site.file.text, name).empty() ? "config." + name : nix_option(site.file.text, name));
    case Format::shell:
      return fmt::format(
          "Read it from the environment, `${{{0}:?set {0}}}`, and name `{0}=` in `.env.example`.", name);
    case Format::env:
      return "Keep this file out of git, and commit `.env.example` with a neutral value.";
    case Format::other:
      break;
  }
  return "Make it a parameter without a default, and keep the value with the environment.";
}

// vpc_id as the language writes names: vpcId, VpcId.
std::string in_case(Format format, std::string_view name) {
  if (format != Format::javascript && format != Format::cloudformation) return std::string(name);
  std::string out;
  bool capital = format == Format::cloudformation;
  for (const char c : name) {
    if (c == '_') {
      capital = true;
      continue;
    }
    out += capital ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    capital = false;
  }
  return out;
}

bool is_upper_case(Format format) {
  return format == Format::compose || format == Format::github_actions || format == Format::gitlab_ci ||
         format == Format::dockerfile || format == Format::shell || format == Format::env;
}

}  // namespace

Format format_of(const FileView& file) {
  const std::string name = to_lower(name_of(file.path));
  if (name == "terragrunt.hcl") return Format::terragrunt;
  if (name.ends_with(".tfvars") || name.ends_with(".tfbackend") || name.ends_with(".backend"))
    return Format::tfvars;
  if (name.ends_with(".tf") || name.ends_with(".tofu") || name.ends_with(".hcl")) return Format::terraform;
  if (name.ends_with(".sls")) return Format::salt;
  if (name.ends_with(".pp") || name.ends_with(".epp") || name.ends_with(".erb")) return Format::puppet;
  if (name.ends_with(".nix")) return Format::nix;
  if (name.starts_with("dockerfile") || name.starts_with("containerfile")) return Format::dockerfile;
  if (name.starts_with(".env") || name.ends_with(".env")) return Format::env;
  if (name.ends_with(".sh") || name.ends_with(".bash")) return Format::shell;
  if (has_folder(file.path, "charts")) return Format::helm;
  const bool program = is_program(file.path);
  if (has_folder(file.path, "roles") && !program) return Format::ansible;
  if (name.ends_with(".yml") || name.ends_with(".yaml")) return format_of_yaml(file, name);
  if (name.ends_with(".json") &&
      file.text.substr(0, 4096).find("AWSTemplateFormatVersion") != file.text.npos) {
    return Format::cloudformation;
  }
  if (name.ends_with(".py")) return Format::python;
  for (const std::string_view suffix : {".ts", ".tsx", ".js", ".mjs", ".cjs"}) {
    if (name.ends_with(suffix)) return Format::javascript;
  }
  return Format::other;
}

std::string_view shared_place(std::string_view path) {
  if (has_folder(path, "modules") || has_folder(path, "terraform-modules")) return "a shared module";
  if (has_folder(path, "roles")) return "a shared role";
  if (has_folder(path, "charts")) return "a shared chart";
  if (has_folder(path, "base")) return "a shared base";
  return "shared code";
}

namespace {

// `-p TOKEN_URL='https://` in front of the literal: the variable that it goes to.
std::string_view assigned_word(std::string_view before) {
  const std::size_t equals = before.rfind('=');
  if (equals == before.npos || before.find_first_of(" \t", equals) != before.npos) return {};
  std::size_t begin = equals;
  while (begin > 0 &&
         (std::isupper(static_cast<unsigned char>(before[begin - 1])) ||
          std::isdigit(static_cast<unsigned char>(before[begin - 1])) || before[begin - 1] == '_'))
    --begin;
  const std::string_view word = before.substr(begin, equals - begin);
  return word.size() >= 3 && !std::isdigit(static_cast<unsigned char>(word.front())) ? word
                                                                                     : std::string_view();
}

}  // namespace

std::string parameter_name(const Site& site, const Literal& literal) {
  const Format format = format_of(site.file);
  // As it is written: keys of TypeScript and CloudFormation have capitals.
  const std::string& path = site.position.key_path;
  std::string name = path.substr(path.rfind('.') + 1);
  if (is_upper_case(format)) {
    // registryUrl is REGISTRY_URL there.
    for (std::size_t i = 1; i < name.size(); ++i) {
      if (std::islower(static_cast<unsigned char>(name[i - 1])) &&
          std::isupper(static_cast<unsigned char>(name[i])))
        name.insert(i, 1, '_');
    }
  }
  if (format != Format::javascript && format != Format::cloudformation) name = to_lower(name);
  std::ranges::replace(name, '-', '_');
  while (name.starts_with('$') || name.starts_with('@')) name.erase(0, 1);
  const bool is_word = !name.empty() && name.size() <= kNameBytesMax && std::ranges::all_of(name, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  });
  // A default belongs to its variable; "value", "name" and the like say nothing.
  static constexpr auto kEmptyWords = std::to_array<std::string_view>(
      {"default", "value", "values", "name", "type", "id", "description", "image", "resource", "principal",
       "aws", "item", "run", "source", "src", "url", "with", "identifiers", "key", "line", "msg", "cmd",
       "shell", "block", "when", "text", "options",
       // Whole documents, and names of environments: neither says what the value is.
       "policy", "assume_role_policy", "user_data", "content", "template", "script", "command", "args",
       "parameters", "resources", "statement", "data", "prod", "production", "preprod", "staging", "stage",
       "stg", "dev", "development", "test", "uat", "qa", "integration"});
  if (site.position.role == Role::default_value) {
    const std::size_t at = site.position.key_path.find("variable.");
    if (at != std::string::npos) {
      const std::size_t begin = at + 9;
      return site.position.key_path.substr(begin, site.position.key_path.find('.', begin) - begin);
    }
  }
  // A part of an ARN or a host is named for what it is.
  const bool part = (site.before.ends_with(':') || site.before.ends_with('.')) &&
                    (literal.variable == "account_id" || literal.variable == "region");
  if (part) name.clear();
  const bool starts_well = !name.empty() && !std::isdigit(static_cast<unsigned char>(name.front()));
  if (!is_word || !starts_well || is_any_of(name, kEmptyWords)) {
    const std::string_view assigned = is_upper_case(format) ? assigned_word(site.before) : std::string_view();
    name = !assigned.empty()          ? std::string(assigned)
           : literal.variable.empty() ? in_case(format, "value")
                                      : in_case(format, literal.variable);
  }
  if (is_upper_case(format)) {
    for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    // Shells set these themselves.
    static constexpr auto kTaken = std::to_array<std::string_view>(
        {"HOSTNAME", "HOME", "PATH", "USER", "UID", "HOST", "SHELL", "PWD", "GROUPS", "SECONDS", "RANDOM"});
    if (is_any_of(name, kTaken)) name = "SITE_" + name;
  }
  return name;
}

std::string title_of(const Site& site, const Literal& literal) {
  std::string title = literal.title.empty() ? std::string(site.rule.name) : literal.title;
  if (site.position.role == Role::comment) {
    title += ", in a comment";
  } else if (site.file.layer == Layer::shared) {
    const bool is_default = site.position.role == Role::default_value;
    title += is_default ? fmt::format(", as a default in {}", shared_place(site.file.path))
                        : fmt::format(", in {}", shared_place(site.file.path));
  }
  if (title.size() > kTitleBytesMax)
    title = literal.title.empty() ? std::string(site.rule.name) : literal.title;
  return std::string(truncate_utf8(title, kTitleBytesMax));
}

std::string message_of(const Site& site, const Literal& literal, Severity severity) {
  std::string message(site.rule.message);
  if (site.position.role == Role::comment || site.position.role == Role::description) {
    return message + " Nothing depends on it here, but everybody can read it.";
  }
  if (site.file.layer == Layer::shared && site.rule.axes.portability) {
    message +=
        fmt::format(" Whoever reuses this code ({}) has to edit it first.", shared_place(site.file.path));
  } else if (site.file.layer == Layer::env_data && severity == Severity::note) {
    message += " This is the right place for it, if it may be known.";
  }
  if (!literal.hint.empty()) message += ' ' + literal.hint;
  return message;
}

std::string remedy_of(const Site& site, const Literal& literal, Severity severity) {
  if (site.position.role == Role::comment || site.position.role == Role::description) {
    return "Take it out, or write a made-up one (192.0.2.10, example.org, 123456789012).";
  }
  if (site.file.layer == Layer::env_data && severity == Severity::note) {
    return "Nothing to do, if it may be known. Otherwise keep this value in a private repository or a secret "
           "store.";
  }
  // What has no parameter (a module source, a person's name in a comment) has its own words.
  if (literal.variable.empty()) return std::string(site.rule.remedy);
  const Format format = format_of(site.file);
  std::string remedy = parameterise(format, site, parameter_name(site, literal));
  const bool terraform = format == Format::terraform && !literal.lookup.empty();
  if (terraform) remedy += fmt::format(" Or look it up: `{}`.", literal.lookup);
  return remedy;
}

}  // namespace fanlight::coupling
