// What one file of a repository declares, needs and looks up, read from its text alone: parameters,
// dependencies, lookups of private values. The module graph and the rules of direction are made from these.
// Pure, any thread; linear in the text, every list is bounded by kFactsMax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/detect/engine.hpp"

namespace fanlight::coupling {

inline constexpr std::size_t kFactsMax = 5'000;                 // of one kind, in one file
inline constexpr std::size_t kFactsBytesMax = 4 * 1024 * 1024;  // longer files are read to here

// In which way a file needs what it names.
enum class Need : std::uint8_t {
  module,  // module source, terragrunt source or dependency, kustomize resource, chart, remote base
  role,    // an Ansible role or collection by name
  puppet_class,
  salt_state,  // "web.nginx", below the folder of states
  import,      // a Python module
  file,        // another file, by path: include_tasks, include_vars, templatefile
  manifest,    // an entry of .gitmodules, Puppetfile, requirements.yml, Berksfile, go.mod, flake.nix
  image,       // a container image
  action,      // an action, a reusable workflow, an included pipeline
  runner,      // a label of a runner
};

struct Dependency {
  Need need = Need::module;
  std::string target;  // as written: "../vpc", "git@github.com:acme/waf.git", "acme.base.web"
  detect::Span span;   // of the target
};

struct Parameter {
  std::string name;
  std::string type;  // as written, may be empty
  bool has_default = false;
  std::uint32_t first_line = 0, last_line = 0;  // of the declaration, the default included; from 1
};

enum class LookupKind : std::uint8_t {
  hiera,         // hiera('key'), lookup('key')
  pillar,        // pillar['key'], salt['pillar.get']('key')
  values,        // {{ .Values.key }}
  environment,   // ${KEY} of compose, envsubst and Flux
  global,        // $::key, a site's own top-scope variable
  secret_path,   // a path in Vault, SSM, Secrets Manager, 1Password, Consul
  private_file,  // a file of a private tree: {{ private }}/…, ../secrets/…
};

struct Lookup {
  LookupKind kind = LookupKind::hiera;
  std::string key;
  bool has_default = false;
  detect::Span span;
  std::uint32_t line = 1;
};

struct FileFacts {
  std::vector<Dependency> dependencies;
  std::vector<Parameter> parameters;
  std::vector<Lookup> lookups;
  std::vector<std::string> declares;  // keys that a data file gives a value to: hiera, pillar, values, .env
  bool root = false;                  // a backend, a configured provider: deployed from here, no module
  bool all_defaults =
      false;         // every value is a default that a consumer may set: values.yaml, roles/*/defaults
  std::string name;  // what it calls itself: Chart.yaml, galaxy.yml, metadata.json
};

// Nothing for a file of a format that has none of these.
FileFacts read_facts(std::string_view path, std::string_view text);
// Whether read_facts would look at the text at all.
bool has_facts(std::string_view path);

}  // namespace fanlight::coupling
