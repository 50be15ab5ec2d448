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
  return Literal{ref, "Image from a registry outsiders cannot pull",
                 ref.find('/') == ref.npos ? "image_registry" : "image", ""};
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
  // Where the checkout itself came from is no dependency.
  if (has_word(site.key, {"remote", "origin"})) return std::nullopt;
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

// Everybody's indexes, and hosts that only look private.
constexpr auto kPublicIndexes = std::to_array<std::string_view>(
    {"releases.jfrog.io", "repo.jfrog.io", "jfrog.io", "www.jfrog.io", "charts.jfrog.io", "docker.jfrog.io",
     "scm.jfrog.io", "get.jfrog.io", "pkgs.dev.azure.com/azure-sdk", "pkgs.dev.azure.com/dnceng",
     "azure-sdk.pkgs.visualstudio.com", "dnceng.pkgs.visualstudio.com", "pkgs.dev.azure.com/ms"});

bool is_inside_only(std::string_view host, const Site& site) {
  if (!lexicon_domain_of(host, site.file.lexicon).empty()) return true;
  for (const std::string_view suffix : {".corp", ".internal", ".lan", ".intra", ".home.arpa", ".private"}) {
    if (host.ends_with(suffix)) return true;
  }
  return false;
}

std::optional<Literal> package_index(const Site& site) {
  const std::string host = to_lower(site.literal);
  if (is_example_host(host.substr(0, host.find('/'))) || is_composed(host) || is_any_of(host, kPublicIndexes))
    return std::nullopt;
  if (site.after.starts_with('{') || site.after.starts_with('$') || site.before.ends_with('.'))
    return std::nullopt;
  const bool hosted = host.ends_with(".jfrog.io") || host.find(".codeartifact.") != host.npos ||
                      host.find("pkgs.visualstudio.com") != host.npos ||
                      host.starts_with("pkgs.dev.azure.com");
  if (hosted) {
    const std::string owner =
        host.starts_with("pkgs.dev.azure.com/") ? host.substr(19) : host.substr(0, host.find('.'));
    if (is_placeholder_name(owner) || host.find("123456789012") != host.npos) return std::nullopt;
  } else if (!is_inside_only(host, site) ||
             has_word(site.key, {"repository", "gerrit_baseurl", "public_baseurl"})) {
    return std::nullopt;
  }
  return Literal{host, "Package index outsiders cannot reach", "package_index", ""};
}

// The address of a file that is fetched: in the words around it, or in how it is written.
bool is_fetched(const Site& site) {
  const std::string around = to_lower(text_before(site, 300)) + to_lower(site.after);
  static constexpr auto kFetchers = std::to_array<std::string_view>(
      {"get_url", "curl", "wget", "unarchive", "remote_file", "archive", "fetchurl", "download",
       "url:", "url =", "source =>", "src:", "add http", "artifact"});
  return std::ranges::any_of(kFetchers,
                             [&](std::string_view word) { return around.find(word) != around.npos; });
}

std::optional<Literal> private_artefact(const Site& site) {
  const std::string url = to_lower(site.literal);
  if (is_composed(url) || !is_fetched(site)) return std::nullopt;
  std::string host = url.substr(url.find("//") + 2);
  host.resize(std::min(host.size(), host.find('/')));
  host.resize(std::min(host.size(), host.find(':')));
  std::string bucket;
  if (url.starts_with("s3://") || url.starts_with("gs://")) {
    bucket = host;
  } else if (host == "s3.amazonaws.com") {
    const std::size_t begin = url.find(host) + host.size() + 1;
    bucket = url.substr(begin, url.find('/', begin) - begin);
  } else if (const std::size_t at = host.find(".s3"); at != host.npos) {
    bucket = host.substr(0, at);
  }
  if (!bucket.empty() ? is_public_bucket(bucket) || is_placeholder_name(bucket) : is_example_host(host))
    return std::nullopt;
  return Literal{url, "Artefact outsiders cannot download", "artefact_url", ""};
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
    {"package-index", package_index},
    {"private-artefact", private_artefact},
});

}  // namespace

std::span<const Check> artefact_checks() {
  return kChecks;
}

}  // namespace fanlight::coupling
