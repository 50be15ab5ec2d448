#include "fanlight/coupling/source.hpp"

#include <algorithm>
#include <array>

#include "check.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

std::string_view cut_at(std::string_view text, std::string_view what) {
  return text.substr(0, text.find(what));
}

bool is_path(std::string_view text) {
  return text.starts_with("./") || text.starts_with("../") || text == "." || text == ".." ||
         text.starts_with('/');
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// The part that names the repository: without query, "//folder" inside it, ".git" and slashes.
std::string repository_of(std::string_view path) {
  path = cut_at(cut_at(path, "?"), "#");
  path = cut_at(path, "//");
  while (path.starts_with('/')) path.remove_prefix(1);
  if (const std::size_t git = path.find(".git");
      git != path.npos && (git + 4 == path.size() || path[git + 4] == '/'))
    path = path.substr(0, git);
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

// "owner/name" of a deeper path, for hosts where a repository has exactly two parts.
std::string two_parts(std::string_view path) {
  const std::size_t first = path.find('/');
  if (first == path.npos) return std::string(path);
  return std::string(path.substr(0, path.find('/', first + 1)));
}

bool has_two_parts(std::string_view host) {
  return host == "github.com" || host == "bitbucket.org" || host == "codeberg.org";
}

Source git_source(std::string_view host, std::string_view path, bool ssh) {
  Source out{SourceKind::git, to_lower(host), repository_of(path), ssh};
  if (has_two_parts(out.host)) out.repository = two_parts(out.repository);
  return out;
}

std::string_view without_port(std::string_view host) {
  return cut_at(host, ":");
}

// What has a scheme, or is "git@host:path".
bool parse_url(std::string_view text, Source& out) {
  take_prefix(text, "git+");
  const std::size_t scheme = text.find("://");
  const std::size_t at = text.find('@'), colon = text.find(':');
  if (scheme == text.npos) {
    const bool scp = at != text.npos && colon != text.npos && at < colon && text.find('/') > colon;
    if (!scp) return false;
    out = git_source(text.substr(at + 1, colon - at - 1), text.substr(colon + 1), true);
    return true;
  }
  const std::string_view name = text.substr(0, scheme);
  std::string_view rest = text.substr(scheme + 3);
  std::string_view authority = rest.substr(0, rest.find('/'));
  const std::string_view path = rest.substr(authority.size());
  if (const std::size_t login = authority.rfind('@'); login != authority.npos)
    authority.remove_prefix(login + 1);
  out = git_source(without_port(authority), path, name == "ssh");
  return true;
}

bool looks_like_host(std::string_view text) {
  return text.find('.') != text.npos && text.find_first_of(" _@") == text.npos && !text.starts_with('.');
}

Source terraform_source(std::string_view text) {
  Source out;
  if (is_path(text)) return {SourceKind::local, "", std::string(cut_at(text, "?")), false};
  if (text.starts_with("s3::") || text.starts_with("gcs::"))
    return {SourceKind::bucket, "", std::string(cut_at(text.substr(text.find("::") + 2), "?")), false};
  if (take_prefix(text, "tfr://")) {
    const std::string_view host = cut_at(text, "/");
    return {SourceKind::registry, host.empty() ? "registry.terraform.io" : to_lower(host),
            repository_of(text.substr(host.size())), false};
  }
  for (const std::string_view prefix : {"git::", "hg::", "http::", "https::"}) take_prefix(text, prefix);
  if (parse_url(text, out)) return out;
  const std::string_view plain = cut_at(cut_at(text, "?"), "//");
  const std::string_view first = cut_at(plain, "/");
  const auto parts = std::ranges::count(plain, '/') + 1;
  if (has_two_parts(first)) return git_source(first, plain.substr(first.size()), false);
  if (looks_like_host(first) && parts == 4)
    return {SourceKind::registry, to_lower(first), std::string(plain.substr(first.size() + 1)), false};
  if (looks_like_host(first) && parts >= 3) return git_source(first, plain.substr(first.size()), false);
  if (parts == 3) return {SourceKind::registry, "registry.terraform.io", std::string(plain), false};
  return out;
}

Source kustomize_source(std::string_view text) {
  Source out;
  if (parse_url(text, out)) return out;
  const std::string_view first = cut_at(text, "/");
  if (has_two_parts(first)) return git_source(first, text.substr(first.size()), false);
  return {SourceKind::local, "", std::string(text), false};
}

Source chart_source(std::string_view text) {
  const bool oci = take_prefix(text, "oci://");
  Source out;
  if (!oci && is_path(text)) return {SourceKind::local, "", std::string(text), false};
  if (!oci && !parse_url(text, out)) return out;
  if (oci) {
    const std::string_view host = cut_at(text, "/");
    out = {SourceKind::image, to_lower(without_port(host)), repository_of(text.substr(host.size())), false};
  }
  if (out.kind == SourceKind::git && !text.ends_with(".git")) out.kind = SourceKind::registry;
  return out;
}

Source image_source(std::string_view text) {
  text = cut_at(text, "@");
  const std::string_view first = cut_at(text, "/");
  const bool named =
      first.size() != text.size() && (first.find('.') != first.npos || first.find(':') != first.npos);
  std::string_view path = named ? text.substr(first.size() + 1) : text;
  if (const std::size_t tag = path.rfind(':'); tag != path.npos) path = path.substr(0, tag);
  // "registry: registry.example.org" in a values file names the host alone.
  if (!named && first.size() == text.size() && looks_like_host(cut_at(text, ":")) &&
      text.find('/') == text.npos && std::ranges::count(cut_at(text, ":"), '.') >= 1) {
    return {SourceKind::image, to_lower(without_port(text)), "", false};
  }
  return {SourceKind::image, named ? to_lower(without_port(first)) : "docker.io", std::string(path), false};
}

Source manifest_source(std::string_view text, std::string_view file) {
  Source out;
  if (take_prefix(text, "path:") || is_path(text)) {
    // A relative URL of a submodule is a sibling of wherever this repository is.
    const bool sibling = file == ".gitmodules";
    return {sibling ? SourceKind::none : SourceKind::local, "", std::string(text), false};
  }
  if (take_prefix(text, "github:")) return git_source("github.com", two_parts(text), false);
  if (take_prefix(text, "gitlab:")) return git_source("gitlab.com", text, false);
  if (parse_url(text, out)) return out;
  const std::string_view first = cut_at(text, "/");
  if (file == "go.mod") return git_source(first, text.substr(first.size()), false);
  if (std::ranges::count(text, '/') == 1) return git_source("github.com", text, false);
  return out;
}

Source action_source(std::string_view text, std::string_view path) {
  if (text.starts_with("./") || text.starts_with('/'))
    return {SourceKind::local, "", std::string(text), false};
  Source out;
  if (path.find(".gitlab") != path.npos) {
    if (parse_url(text, out)) return out;
    return {SourceKind::none, "", std::string(text), false};  // on the GitLab that runs it
  }
  if (parse_url(text, out)) return out;
  text = cut_at(text, "@");
  if (text.find('/') == text.npos) return out;
  return git_source("github.com", two_parts(text), false);
}

bool ends_with_any(std::string_view host, std::span<const std::string_view> suffixes) {
  return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return host.ends_with(suffix); });
}

constexpr auto kPrivateSuffixes = std::to_array<std::string_view>(
    {".internal", ".local", ".lan", ".corp", ".intranet", ".private", ".home.arpa", ".svc", ".consul"});

// Registries that serve nobody without an account of the organisation.
bool is_private_registry(const Source& source) {
  const std::string_view host = source.host;
  if (host.find(".dkr.ecr.") != host.npos || host.ends_with(".azurecr.io")) return true;
  return source.kind == SourceKind::registry && host == "app.terraform.io";
}

bool is_public_registry(std::string_view host) {
  static constexpr auto kHosts =
      std::to_array<std::string_view>({"registry.terraform.io", "registry.opentofu.org", "galaxy.ansible.com",
                                       "registry.k8s.io", "k8s.gcr.io", "mcr.microsoft.com", "public.ecr.aws",
                                       "registry.access.redhat.com", "docker.elastic.co", "lscr.io"});
  return std::ranges::find(kHosts, host) != kHosts.end();
}

}  // namespace

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? std::string_view{} : path.substr(0, slash);
}

bool resolve_path(std::string_view folder, std::string_view relative, std::string& out) {
  std::vector<std::string_view> parts;
  if (!relative.starts_with('/')) {
    for (const std::string_view part : split(folder, '/')) {
      if (!part.empty()) parts.push_back(part);
    }
  }
  for (const std::string_view part : split(relative, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (parts.empty()) return false;
      parts.pop_back();
    } else {
      parts.push_back(part);
    }
  }
  out.clear();
  for (const std::string_view part : parts) out.append(out.empty() ? "" : "/").append(part);
  return true;
}

Source parse_source(const Dependency& dependency, std::string_view path) {
  const std::string_view target = dependency.target;
  const std::string name = to_lower(path.substr(path.rfind('/') + 1));
  switch (dependency.need) {
    case Need::module:
      if (name.starts_with("kustomization")) return kustomize_source(target);
      if (name == "chart.yaml" || name == "requirements.yaml") return chart_source(target);
      if (name.ends_with(".tf") || name.ends_with(".tofu") || name.ends_with(".hcl"))
        return terraform_source(target);
      return is_path(target) || target.find("://") == target.npos ? kustomize_source(target)
                                                                  : chart_source(target);
    case Need::file:
      return {SourceKind::local, "", std::string(target), false};
    case Need::manifest:
      return manifest_source(target, name);
    case Need::image:
      return image_source(target);
    case Need::action:
      return action_source(target, path);
    case Need::role:
    case Need::puppet_class:
    case Need::salt_state:
    case Need::import:
    case Need::runner:
      break;
  }
  return {};
}

Seen seen_by(const Source& source, const Visibility& visibility, const Lexicon* lexicon) {
  if (source.kind == SourceKind::none || source.kind == SourceKind::local) return Seen::unknown;
  const std::string name = source.name();
  const auto fits = [&](const std::string& glob) { return glob_match(glob, name); };
  if (std::ranges::any_of(visibility.public_globs, fits)) return Seen::by_everybody;
  if (std::ranges::any_of(visibility.private_globs, fits)) return Seen::by_some;
  if (const auto answer = visibility.asked.find(name); answer != visibility.asked.end())
    return answer->second ? Seen::by_everybody : Seen::by_some;
  if (is_public_registry(source.host)) return Seen::by_everybody;
  if (is_private_registry(source)) return Seen::by_some;
  if (source.host.empty() || source.host == "localhost") return Seen::unknown;
  // A name without a dot or under a private suffix resolves nowhere else.
  if (source.host.find('.') == std::string::npos || ends_with_any(source.host, kPrivateSuffixes))
    return Seen::by_some;
  if (!lexicon_domain_of(source.host, lexicon).empty()) return Seen::by_some;
  return Seen::unknown;
}

}  // namespace fanlight::coupling
