#include "vocabulary.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "check.hpp"
#include "fanlight/core/text.hpp"
#include "lines.hpp"
#include "rule_rows.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kNameBytesMin = 3;
constexpr std::size_t kHitsMax = 1000;  // in one text

// clang-format off
constexpr auto kRows = std::to_array<RuleRow>({
    {"org-name-in-identifier", "Your own name in an identifier", "vocabulary", "", "V02",
     {kWarn, kOff, kOff, kOff}, kPortability, "This name carries yours into every copy.",
     "Take a prefix as an input."},
    {"org-header-or-brand-asset", "Your own name in a page", "vocabulary", "", "V04",
     {kWarn, kOff, kOff, kOff}, kPortability, "The page speaks in your name.",
     "Take the name as a template variable."},
    {"org-label-domain", "Your own domain in a label", "vocabulary", "", "V05", {kNote, kOff, kOff, kOff},
     kPortability, "The label carries your domain into every copy.",
     "Take the prefix of the labels as a value."},
    {"organisation-as-default-identity", "Your own organisation as the default", "vocabulary", "", "V06",
     {kBlock, kNote, kOff, kOff}, kPortability, "Whoever reuses this acts in your name until it is edited.",
     "Make the organisation an input."},
    {"lookup-by-org-name", "Lookup that only works in your account", "state", "", "S04",
     {kWarn, kOff, kOff, kOff}, kPortability, "This lookup finds something in one organisation alone.",
     "Take what is looked for as an input."},
    {"dashboard-or-runbook-link", "Link to your own dashboard or runbook", "monitoring", "", "M02",
     {kWarn, kOff, kOff, kOff}, kPortability, "Whoever gets this alert cannot open the page behind it.",
     "Build the link from a base address that comes as an input."},
    {"private-time-or-mail-infra", "Server of your own network", "environment", "", "E07",
     {kBlock, kNote, kOff, kOff}, kPortability, "Time, mail, names and proxies are other ones elsewhere.",
     "Take it as a parameter that the site's profile sets."},
    // The built-in rule of that name knows the issuers that need no lexicon.
    {"spiffe-or-oidc-issuer", "Token issuer of your own", "trust", "", "T03", {kBlock, kNote, kOff, kOff},
     kBoth, "Tokens of this issuer exist in one organisation.", "Take the issuer as an input."},
});
// clang-format on

const std::vector<detect::Rule>& rules() {
  static const auto kRules = make_rules(kRows);
  return kRules;
}

const detect::Rule& rule_of(std::string_view source) {
  return *std::ranges::find(rules(), source, &detect::Rule::source);
}

std::string_view nearer(const FileView& file, std::string_view key, std::string_view key_path,
                        std::string_view after, Role role) {
  // A data source of Terraform; a ConfigMap has data as well.
  if (key_path.starts_with("data.") && syntax_of(file.path) == Syntax::hcl) return "S04";
  if ((role == Role::label || role == Role::key) && after.starts_with('/')) return "V05";
  if (has_word(key, {"runbook", "dashboard", "runbook_url", "dashboard_url", "playbook_url"})) return "M02";
  if (has_word(key, {"issuer", "audience", "trust_domain", "trustdomain", "issuer_url"})) return "T03";
  if (has_word(key, {"smtp", "ntp", "proxy", "ldap", "puppet", "syslog", "relay", "smarthost", "mirror",
                     "mailhost", "mail"}))
    return "E07";
  return {};
}

bool is_metadata(std::string_view path) {
  const std::string lower = to_lower(path);
  const std::string_view name = std::string_view(lower).substr(lower.rfind('/') + 1);
  return name.starts_with("license") || name.starts_with("codeowners") || name.starts_with("notice") ||
         name == "package.json" || name == "metadata.json" || name == "galaxy.yml" || name == "chart.yaml" ||
         name == "pyproject.toml" || name == "setup.py" || name == "setup.cfg" || name.ends_with(".md") ||
         name.ends_with(".rst") || name.ends_with(".gemspec");
}

bool is_identity_key(std::string_view key) {
  static constexpr auto kKeys = std::to_array<std::string_view>(
      {"organization", "organisation", "org", "owner", "realm", "base_dn", "basedn", "github_org",
       "github_owner", "tfc_org", "github_organization", "organization_name", "default_realm",
       "kerberos_realm"});
  const std::string name = to_lower(key);
  if (is_any_of(name, kKeys)) return true;
  // trusted_github_org, tfe_organization
  const bool ends = name.ends_with("_org") || name.ends_with("_organization") ||
                    name.ends_with("_organisation") || name.ends_with("_owner");
  return ends &&
         has_word(name, {"github", "gitlab", "git", "tfe", "tfc", "terraform", "azdo", "sentry", "grafana"});
}

// A default is a value of its variable.
std::string key_of(const Position& position) {
  const std::string& path = position.key_path;
  if (path.starts_with("variable.") && path.ends_with(".default"))
    return path.substr(9, path.find('.', 9) - 9);
  return path.substr(path.rfind('.') + 1);
}

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

bool is_page(std::string_view path) {
  const std::string lower = to_lower(path);
  for (const std::string_view suffix :
       {".html", ".html.j2", ".html.erb", ".html.tmpl", ".html.tpl", ".htm"}) {
    if (lower.ends_with(suffix)) return true;
  }
  return false;
}

// What an identifier with the name in it is, or nothing.
std::string_view kind_of_name(const FileView& file, detect::Span span, std::size_t name_bytes,
                              const Position& position, std::string_view key) {
  const std::string_view before = line_before(file.text, span), after = line_after(file.text, span);
  if (is_page(file.path)) {
    const bool attribute = before.rfind('<') != before.npos &&
                           (before.rfind('>') == before.npos || before.rfind('>') < before.rfind('<'));
    const bool credit = has_word(before, {"copyright", "(c)", "license", "author"});
    return attribute || credit ? std::string_view() : "V04";
  }
  const bool value = position.role == Role::value || position.role == Role::argument ||
                     position.role == Role::default_value || position.role == Role::unknown ||
                     (position.role == Role::label && position.key_path.contains("tags"));
  const bool whole = span.end - span.begin == name_bytes;
  if (after.starts_with('@')) return {};  // a mailbox: the host behind it says whose
  if (value && (is_identity_key(key) || before.ends_with("dc="))) return "V06";
  // A name alone is a word; joined to others it is an identifier. A module's source and a URL are other
  // rules'.
  if (!value || whole ||
      has_word(key, {"source", "author", "maintainer", "license", "homepage", "url", "repo", "repository"}))
    return {};
  if (before.ends_with('/') || before.ends_with('@') || before.ends_with('.') || after.starts_with('.') ||
      after.starts_with('/'))
    return {};
  const bool quoted = before.ends_with('"') || before.ends_with('\'') || before.ends_with("${");
  if (!quoted && (is_program(file.path) || syntax_of(file.path) != Syntax::yaml)) return {};
  return "V02";
}

}  // namespace

std::span<const detect::Rule> vocabulary_rules() {
  return rules();
}

void name_nearer_rule(const FileView& file, LexiconHit& hit) {
  const Role role = hit.judgement.role;
  if (hit.rule->id != "org-domain-host" || role == Role::comment || role == Role::description) return;
  const Position position = position_of(file, hit.span);
  if (line_before(file.text, hit.span).ends_with('@')) return;  // a mailbox
  const std::string_view source =
      nearer(file, to_lower(hit.judgement.key), position.key_path, line_after(file.text, hit.span), role);
  if (source.empty()) return;
  const detect::Rule& rule = rule_of(source);
  const Severity severity = rule.severity[static_cast<std::size_t>(file.layer)];
  if (severity == Severity::off) return;  // then the host itself is what there is to say
  hit.rule = &rule;
  hit.judgement.severity = severity;
  hit.judgement.title = rule.name;
  hit.judgement.message = rule.message;
}

namespace {

// A name of a directory: "dc=corp,dc=example" of "ou=people,dc=corp,dc=example".
struct DirectoryName {
  detect::Span span;
  std::string domain;  // "corp.example"
};

std::vector<DirectoryName> directory_names(std::string_view lower) {
  std::vector<DirectoryName> found;
  for (std::size_t at = lower.find("dc="); at != lower.npos && found.size() < kHitsMax;
       at = lower.find("dc=", at)) {
    DirectoryName name{{at, at}, ""};
    while (lower.compare(at, 3, "dc=") == 0) {
      std::size_t end = at + 3;
      while (end < lower.size() && is_name_char(lower[end])) ++end;
      if (!name.domain.empty()) name.domain += '.';
      name.domain += lower.substr(at + 3, end - at - 3);
      name.span.end = end;
      at = end;
      if (at < lower.size() && lower[at] == ',') ++at;
    }
    const bool alone = name.span.begin == 0 || !is_name_char(lower[name.span.begin - 1]);
    if (alone && name.domain.contains('.')) found.push_back(std::move(name));
  }
  return found;
}

void add_hit(const FileView& file, std::string_view source, detect::Span span, std::string normalised,
             const Position& position, std::vector<LexiconHit>& hits) {
  const detect::Rule& rule = rule_of(source);
  Judgement judgement;
  judgement.severity = rule.severity[static_cast<std::size_t>(file.layer)];
  if (judgement.severity == Severity::off) return;
  judgement.normalised = std::move(normalised);
  judgement.title = rule.name;
  judgement.message = rule.message;
  judgement.remedy = rule.remedy;
  judgement.role = position.role;
  judgement.key = position.key_path.substr(position.key_path.rfind('.') + 1);
  hits.push_back({&rule, span, std::move(judgement)});
}

}  // namespace

std::vector<LexiconHit> find_directories(const FileView& file) {
  std::vector<LexiconHit> hits;
  if (!file.lexicon || file.lexicon->domains.empty()) return hits;
  if (file.layer == Layer::env_data || file.layer == Layer::doc_test) return hits;
  for (DirectoryName& name : directory_names(to_lower(file.text))) {
    if (lexicon_domain_of(name.domain, file.lexicon).empty()) continue;
    const Position position = position_of(file, name.span);
    if (position.role == Role::comment || position.role == Role::description ||
        position.role == Role::reference)
      continue;
    add_hit(file, "V06", name.span, std::move(name.domain), position, hits);
  }
  return hits;
}

std::vector<LexiconHit> find_names(const FileView& file) {
  std::vector<LexiconHit> hits;
  if (!file.lexicon || file.lexicon->names.empty() || is_metadata(file.path)) return hits;
  if (file.layer == Layer::env_data || file.layer == Layer::doc_test) return hits;
  const std::string lower = to_lower(file.text);
  for (const std::string& name : file.lexicon->names) {
    if (name.size() < kNameBytesMin) continue;
    for (std::size_t at = lower.find(name); at != lower.npos && hits.size() < kHitsMax;
         at = lower.find(name, at + name.size())) {
      const bool starts = at == 0 || std::isalnum(static_cast<unsigned char>(lower[at - 1])) == 0;
      const std::size_t next = at + name.size();
      const bool ends = next >= lower.size() || std::isalnum(static_cast<unsigned char>(lower[next])) == 0;
      if (!starts || !ends) continue;
      detect::Span span{at, next};
      while (span.begin > 0 && is_name_char(lower[span.begin - 1])) --span.begin;
      while (span.end < lower.size() && is_name_char(lower[span.end])) ++span.end;
      const Position position = position_of(file, span);
      const std::string key = key_of(position);
      const std::string_view source = kind_of_name(file, span, name.size(), position, key);
      if (source.empty()) continue;
      add_hit(file, source, span, lower.substr(span.begin, span.end - span.begin), position, hits);
    }
  }
  std::ranges::sort(hits, {}, [](const LexiconHit& hit) { return hit.span.begin; });
  return hits;
}

}  // namespace fanlight::coupling
