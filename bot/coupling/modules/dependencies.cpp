#include "fanlight/coupling/dependencies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "fanlight/core/text.hpp"
#include "lines.hpp"
#include "rule_rows.hpp"

namespace fanlight::coupling {

namespace {

enum Index : std::size_t {
  kPrivateModule,
  kPrivateManifest,
  kInverted,
  kGlobal,
  kCi,
  kSecretPath,
  kNoStub,
  kNoSchema,
  kPrivateFile,
  kPrivateImage
};

// clang-format off
constexpr auto kRows = std::to_array<RuleRow>({
    {"public-depends-on-private-module", "Depends on a private module", "dependency", "dependency", "D01",
     {kBlock, kBlock, kOff, kOff}, kPortability, "Only your organisation can fetch it.",
     "Publish it first, or depend on an interface with a public stub.",
     "source = \"git::ssh://git@git.internal/waf.git\"", "source = \"terraform-aws-modules/vpc/aws\""},
    {"private-submodule-or-subrepo", "Needs a private repository", "dependency", "dependency", "D02",
     {kBlock, kBlock, kOff, kOff}, kPortability, "Only your organisation can fetch it.",
     "Take it out, or make it an overlay that others can do without.",
     "url = git@git.internal:infra/site.git", "url = https://github.com/acme/public.git"},
    {"inverted-layer-edge", "Shared code reaches into one environment", "dependency", "dependency", "D03",
     {kBlock, kOff, kOff, kOff}, kPortability, "Shared code depends on what only one environment has.",
     "Pass the value in, and let the environment depend on the module.",
     "source = \"../../environments/prod/network\"", "source = \"../vpc\""},
    {"implicit-global-read", "Reads a variable of the site", "dependency", "dependency", "D04",
     {kWarn, kOff, kOff, kOff}, kPortability, "It is declared nowhere in the module; elsewhere it is empty.",
     "Declare it as a parameter.", "if $::realm == 'production' {", "if $::osfamily == 'Debian' {"},
    {"ci-depends-on-private", "Pipeline needs something private", "dependency", "dependency", "D06",
     {kWarn, kWarn, kOff, kOff}, kPortability, "A fork's pipeline cannot run it.",
     "Use a public one, or fall back to one: `runs-on: ${{ vars.RUNNER || 'ubuntu-latest' }}`.",
     "runs-on: [self-hosted, big]", "runs-on: ubuntu-latest"},
    {"secret-store-path", "Path in a store of secrets", "seam", "lookup", "X01", {kWarn, kNote, kOff, kOff},
     kBoth, "It tells how your secrets are laid out, and others have them elsewhere.",
     "Make the prefix an input, and say in the documentation what is expected below it.",
     "password: op://infra/db-prod/password", "password: \"{{ db_password }}\""},
    {"seam-without-stub", "Private value without a stub", "seam", "lookup", "X02",
     {kWarn, kWarn, kOff, kOff}, kPortability,
     "It is looked up here, and no public file shows what it looks like.",
     "Add a stub with a made-up value to the example data. Never the value itself.",
     "$smarthost = hiera('mail_smarthost')", "$smarthost = hiera('mail_smarthost', 'localhost')"},
    {"substitution-without-schema", "Substituted key is declared nowhere", "seam", "lookup", "X03",
     {kWarn, kWarn, kOff, kOff}, kPortability, "Others cannot know that it has to be set.",
     "Name it in `values.yaml`, a schema or `.env.example`, with a made-up value.",
     "image: nas/${NAS_ADDR}/app", "image: \"app:${TAG:-latest}\""},
    {"private-file-by-path", "File of a private tree", "seam", "lookup", "X04", {kWarn, kWarn, kOff, kOff},
     kPortability, "The file lies outside what is public.",
     "Say what the file has to hold, and add a stub folder for others.",
     "src: \"{{ private }}/ssl/site.key\"", "src: \"{{ role_path }}/files/site.conf\""},
    // The built-in rule of that name knows the registries that need no lexicon.
    {"private-container-registry", "Image of a private registry", "seam", "lookup", "I01",
     {kBlock, kWarn, kNote, kOff}, kBoth, "Only your organisation can pull it.",
     "Make the image an input, with a public one as its default.", "image: registry.internal/app:1.2",
     "image: nginx:1.27"},
});
// clang-format on

const std::vector<detect::Rule>& rules() {
  static const auto kRules = make_rules(kRows);
  return kRules;
}

struct Finder {
  const FileView& file;
  const Surroundings& around;
  std::vector<Hit> hits = {};

  void add(Index index, detect::Span span, std::string_view normalised, std::string_view title = {},
           std::string_view message = {}, std::string_view remedy = {}, Severity at_most = kBlock) {
    const detect::Rule& rule = rules()[index];
    const Severity severity = std::min(rule.severity[static_cast<std::size_t>(file.layer)], at_most);
    if (severity == kOff) return;
    Judgement judgement;
    judgement.severity = severity;
    judgement.normalised = to_lower(normalised);
    judgement.title = title.empty() ? rule.name : title;
    judgement.message = message.empty() ? rule.message : message;
    judgement.remedy = remedy.empty() ? rule.remedy : remedy;
    hits.push_back({&rule, span, std::string(file.text.substr(span.begin, span.end - span.begin)),
                    std::move(judgement)});
  }

  bool in_comment(detect::Span span) const { return position_of(file, span).role == Role::comment; }

  void fetched(const Dependency& dependency, const Source& source) {
    const Seen seen = seen_by(source, around.visibility, file.lexicon);
    const bool ci =
        dependency.need == Need::action || (dependency.need == Need::image && is_pipeline(file.path));
    const Index index = ci ? kCi : dependency.need == Need::manifest ? kPrivateManifest : kPrivateModule;
    if (seen == Seen::by_some) {
      const std::string_view what = source.kind == SourceKind::image      ? "image"
                                    : source.kind == SourceKind::registry ? "registry"
                                                                          : "repository";
      if (dependency.need == Need::image) return image(dependency, source);
      // Asked, a host tells a private repository from none only to those who may know: what a stranger finds
      // is said, and no more.
      if (around.visibility.asked.contains(source.name())) {
        return add(index, dependency.span, source.name(),
                   fmt::format("Depends on a {} that is not public", what), "Not everybody can fetch it.");
      }
      return add(index, dependency.span, source.name(), fmt::format("Depends on a private {}", what));
    }
    // The name may be public and the way to it is not: without a key of that host nobody can fetch it.
    const bool told = seen == Seen::by_everybody && around.visibility.asked.contains(source.name());
    if ((seen == Seen::unknown || told) && source.ssh) {
      add(index, dependency.span, source.name(), "Fetched over ssh",
          "Whoever has no key there cannot fetch it, even when the repository is public.",
          fmt::format("If everybody may see it, write `https://{}`. If not, publish it first.", source.host),
          kWarn);
    }
  }

  void image(const Dependency& dependency, const Source& source) {
    add(kPrivateImage, dependency.span, source.name());
  }

  static bool is_pipeline(std::string_view path) {
    return path.find(".github/") != path.npos || path.find(".gitlab") != path.npos ||
           path.find(".gitea/") != path.npos;
  }

  // A path that leads from shared code into an environment's or a deployment's own place.
  void local(const Dependency& dependency, const Source& source) {
    if (file.layer != Layer::shared) return;
    std::string target;
    if (!resolve_path(folder_of(file.path), source.repository, target) || target.empty()) return;
    // A folder has the layer of the code in it.
    const bool named = target.substr(target.rfind('/') + 1).find('.') != target.npos;
    const std::string probe = named || dependency.need == Need::file ? target : target + "/main.tf";
    const LayerOf layer = around.layers ? around.layers->of(probe) : Layers{}.of(probe);
    const bool said = !layer.by_default && !layer.guessed;
    const bool theirs = layer.layer == Layer::env_data || (layer.layer == Layer::instance && said);
    if (theirs) add(kInverted, dependency.span, target);
  }

  void puppet_class(const Dependency& dependency) {
    const std::string_view first = std::string_view(dependency.target).substr(0, dependency.target.find(':'));
    if (first != "profile" && first != "role") return;
    const std::string wrapped = '/' + std::string(file.path);
    for (const std::string_view own : {"/profile/", "/role/", "/profiles/", "/roles/", "/site/", "/nodes/"}) {
      if (wrapped.find(own) != wrapped.npos) return;
    }
    if (wrapped.ends_with("/site.pp")) return;
    add(kInverted, dependency.span, dependency.target, {},
        "A module includes a profile or role, which only this organisation has.",
        "Let the profile include the module, and pass the value as a parameter.");
  }

  void runner(const Dependency& dependency) {
    static constexpr auto kPublic = std::to_array<std::string_view>(
        {"ubuntu", "windows", "macos", "linux", "docker", "shell", "saas-", "gitlab-org", "x64", "arm64",
         "x86", "buildjet", "blacksmith", "depot", "warp", "namespace", "amd64", "kubernetes", "privileged"});
    const std::string label = to_lower(dependency.target);
    if (std::ranges::any_of(kPublic, [&](auto known) { return label.starts_with(known); })) return;
    add(kCi, dependency.span, label, "Runner of your own");
    if (!hits.empty() && hits.back().span == dependency.span)
      hits.back().judgement.suggestion = public_runner(dependency.span);
  }

  // The line that asks for it, with a runner that a fork has as well: only where the labels are all of it.
  std::optional<std::string> public_runner(detect::Span span) const {
    const std::string line = std::string(line_before(file.text, span)) +
                             std::string(file.text.substr(span.begin, span.end - span.begin)) +
                             std::string(line_after(file.text, span));
    const std::size_t key = line.find_first_not_of(' ');
    if (key == line.npos || line.find('#') != line.npos) return std::nullopt;
    const std::string indent = line.substr(0, key);
    const std::string_view rest = trim(line);
    if (rest.starts_with("runs-on:") && trim(rest.substr(8)) != "")
      return indent + "runs-on: ${{ vars.RUNNER || 'ubuntu-latest' }}";
    if (rest.starts_with("tags:") && rest.ends_with(']')) return indent + "tags: [$RUNNER_TAG]";
    return std::nullopt;
  }

  void depend(const Dependency& dependency) {
    switch (dependency.need) {
      case Need::puppet_class:
        return puppet_class(dependency);
      case Need::runner:
        return runner(dependency);
      case Need::salt_state:
      case Need::role:
      case Need::import:
        return;
      default:
        break;
    }
    const Source source = parse_source(dependency, file.path);
    if (source.kind == SourceKind::local) return local(dependency, source);
    if (source.kind != SourceKind::none) fetched(dependency, source);
  }

  void look_up(const Lookup& lookup) {
    const auto stubbed = [&] {
      return !around.declared || lookup.has_default || has_stub(lookup, *around.declared);
    };
    switch (lookup.kind) {
      case LookupKind::global:
        return add(kGlobal, lookup.span, lookup.key);
      case LookupKind::secret_path:
        if (in_comment(lookup.span)) return;
        return add(kSecretPath, lookup.span, lookup.key);
      case LookupKind::private_file:
        if (in_comment(lookup.span)) return;
        return add(kPrivateFile, lookup.span, lookup.key);
      case LookupKind::hiera:
      case LookupKind::pillar:
        if (!stubbed()) add(kNoStub, lookup.span, lookup.key, {}, {}, remedy(lookup));
        return;
      case LookupKind::values:
      case LookupKind::environment:
        if (!stubbed()) add(kNoSchema, lookup.span, lookup.key, {}, {}, remedy(lookup));
        return;
    }
  }

  static std::string remedy(const Lookup& lookup) {
    switch (lookup.kind) {
      case LookupKind::hiera:
        return fmt::format(
            "Add `{}` with a made-up value to the module's `data/common.yaml` or to example hiera data.",
            lookup.key);
      case LookupKind::pillar:
        return fmt::format("Add `{}` with a made-up value to `pillar.example`.", lookup.key);
      case LookupKind::values:
        return fmt::format("Declare `{}` in `values.yaml` with a neutral value.", lookup.key);
      default:
        return fmt::format("Name `{}` in `.env.example` with a made-up value.", lookup.key);
    }
  }
};

bool is_well_known(std::string_view key) {
  static constexpr auto kKeys = std::to_array<std::string_view>(
      {"PWD", "HOME", "USER", "UID", "GID", "PATH", "HOSTNAME", "SHELL", "TZ", "CI", "CI_COMMIT_SHA"});
  return std::ranges::find(kKeys, key) != kKeys.end() || key.starts_with("GITHUB_") || key.starts_with("CI_");
}

}  // namespace

bool has_stub(const Lookup& lookup, const std::set<std::string, std::less<>>& declared) {
  if (lookup.kind == LookupKind::environment && is_well_known(lookup.key)) return true;
  // ".Values.global.x" may be set by whatever includes the chart; a nested key is declared by its parents'
  // example.
  return declared.contains(lookup.key);
}

std::span<const detect::Rule> dependency_rules() {
  return rules();
}

const detect::Rule& dependency_rule(std::string_view id) {
  return *std::ranges::find(rules(), id, &detect::Rule::id);
}

std::vector<Hit> find_dependencies(const FileView& file, const Surroundings& surroundings) {
  if (file.layer == Layer::doc_test || !has_facts(file.path)) return {};
  const FileFacts facts = read_facts(file.path, file.text);
  Finder finder{file, surroundings};
  for (const Dependency& dependency : facts.dependencies) finder.depend(dependency);
  for (const Lookup& lookup : facts.lookups) finder.look_up(lookup);
  std::ranges::sort(finder.hits, {},
                    [](const Hit& hit) { return std::tuple(hit.span.begin, hit.span.end, hit.rule->id); });
  const auto same = [](const Hit& a, const Hit& b) { return a.rule == b.rule && a.span == b.span; };
  const auto rest = std::ranges::unique(finder.hits, same);
  finder.hits.erase(rest.begin(), rest.end());
  return std::move(finder.hits);
}

std::vector<std::string> unknown_repositories(const FileView& file, const Visibility& visibility) {
  std::vector<std::string> out;
  if (file.layer == Layer::env_data || file.layer == Layer::doc_test || !has_facts(file.path)) return out;
  for (const Dependency& dependency : read_facts(file.path, file.text).dependencies) {
    const Source source = parse_source(dependency, file.path);
    if (source.kind == SourceKind::git && seen_by(source, visibility, file.lexicon) == Seen::unknown)
      out.push_back(source.name());
  }
  std::ranges::sort(out);
  const auto rest = std::ranges::unique(out);
  out.erase(rest.begin(), rest.end());
  return out;
}

}  // namespace fanlight::coupling
