// What to do, in words of the file's own format: "variable + tfvars line" in Terraform, "defaults +
// group_vars" in Ansible. The facts are facts/literal_vs_parameter.md's table.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "check.hpp"

namespace fanlight::coupling {

enum class Format : std::uint8_t {
  terraform,
  tfvars,
  terragrunt,
  pulumi,
  ansible,
  salt,
  puppet,
  helm,
  kubernetes,
  compose,
  cloudformation,
  github_actions,
  gitlab_ci,
  dockerfile,
  nix,
  shell,
  env,
  python,
  javascript,
  other
};

Format format_of(const FileView& file);

// "a shared module", "a shared role", "a shared chart", "shared code".
std::string_view shared_place(std::string_view path);
// A name for the parameter: the key when it is one word of the language, else the check's.
std::string parameter_name(const Site& site, const Literal& literal);

std::string title_of(const Site& site, const Literal& literal);
std::string message_of(const Site& site, const Literal& literal, Severity severity);
std::string remedy_of(const Site& site, const Literal& literal, Severity severity);
// The line with a parameter where the literal stands, when that is all the line needs; what declares the
// parameter is in the remedy. Nothing where the literal is not the whole value of its line, or is not in code
// to be shared.
std::optional<std::string> suggestion_of(const Site& site, const Literal& literal);
// How a module of NixOS reads an option that it declares itself: "cfg.x"; empty when it takes no config.
std::string nix_option(std::string_view text, std::string_view name);

}  // namespace fanlight::coupling
