// What code needs from places that only one organisation can reach: images, modules, state, and ciphertext
// that only its keys open.
#include <algorithm>
#include <array>
#include <cstring>

#include "arn.hpp"
#include "check.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

std::optional<Literal> image(const Site& site) {
  const std::string ref = to_lower(site.literal);
  if (is_public_account(std::string_view(ref).substr(0, 12)) ||
      is_example_host(ref.substr(0, ref.find('/')))) {
    return std::nullopt;
  }
  if (site.before.ends_with('.') || site.before.ends_with('}')) return std::nullopt;
  // A service in the cluster is a registry at port 5000 or where an image is named; elsewhere it is a URL.
  if (ref.find(".svc") != ref.npos && ref.find(":5000/") == ref.npos &&
      !has_word(site.key, {"image", "registry"})) {
    return std::nullopt;
  }
  const std::string_view account = std::string_view(ref).substr(0, ref.find('.'));
  if (account == "myregistry" || has_word(account, {"my", "your"})) return std::nullopt;
  return Literal{ref, "Image from a registry outsiders cannot pull", "image_registry", ""};
}

constexpr auto kForges =
    std::to_array<std::string_view>({"github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "git.sr.ht",
                                     "salsa.debian.org", "gitea.com"});

std::optional<Literal> module_source(const Site& site) {
  std::string source = to_lower(site.literal);
  if (is_composed(source) && source.find('$') != source.npos) return std::nullopt;
  for (const std::string_view prefix : {"git::", "ssh://", "git+ssh://"}) {
    if (source.starts_with(prefix)) source.erase(0, prefix.size());
  }
  if (source.starts_with("app.terraform.io/")) {
    if (is_example_host(source.substr(17, source.find('/', 17) - 17))) return std::nullopt;
    return Literal{source, "Module from a private registry",
                   "",     "",
                   {},     "Whoever has no account there cannot run `terraform init`."};
  }
  const std::size_t at = source.find('@');
  const std::string host = source.substr(at + 1, source.find_first_of(":/", at) - at - 1);
  if (host.empty() || is_example_host(host)) return std::nullopt;
  if (source.find("example") != source.npos || source.find("your-org") != source.npos) return std::nullopt;
  Literal literal{source, "Source that outsiders cannot fetch", "", ""};
  if (is_any_of(host, kForges)) {
    // Over ssh even a public repository asks for an account. Whether it is public is not in the text.
    literal.title = "Source over ssh, which asks for an account";
    literal.at_most = Severity::warn;
    literal.hint = "If that repository is public, write its https address.";
  }
  return literal;
}

std::optional<Literal> state_backend(const Site& site) {
  const std::string name = to_lower(site.literal);
  if (is_composed(name) || is_example_host(name) ||
      has_word(name, {"my", "your", "example", "bucket-name"})) {
    return std::nullopt;
  }
  return Literal{
      name, "Place of the Terraform state",
      "",   "",
      {},   "Leave the backend block empty and give the rest with `terraform init -backend-config=…`."};
}

// Not a leak. It says which tool, and so what to check before the repository is opened.
std::optional<Literal> encrypted(const Site& site) {
  std::string tool = "age";
  if (site.literal.find("ANSIBLE") != site.literal.npos)
    tool = "ansible-vault";
  else if (site.literal.find("ENC[AES256_GCM") != site.literal.npos)
    tool = "sops";
  else if (site.literal.find("ENC[") != site.literal.npos)
    tool = "eyaml";
  else if (site.literal.find("PGP") != site.literal.npos)
    tool = "PGP";
  else if (site.literal.find("GITCRYPT") != site.literal.npos)
    tool = "git-crypt";
  // memmem and not find: the literal's first character is a dash or a dollar sign, which stand everywhere.
  const std::string_view text = site.file.text;
  const void* first = memmem(text.data(), text.size(), site.literal.data(), site.literal.size());
  if (site.line.data() && first && static_cast<const char*>(first) < site.line.data() + site.before.size()) {
    return std::nullopt;
  }
  // One file, one finding, at the first place: the fingerprint is the tool's, not the ciphertext's, which
  // changes with every edit.
  return Literal{tool + ' ' + std::string(site.file.path), "Encrypted with " + tool, "", ""};
}

constexpr auto kChecks = std::to_array<Check>({
    {"image-reference", image},
    {"module-source", module_source},
    {"state-backend", state_backend},
    {"ciphertext", encrypted, true, true},
});

}  // namespace

std::span<const Check> artefact_checks() {
  return kChecks;
}

}  // namespace fanlight::coupling
