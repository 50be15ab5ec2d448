// Names that only resolve inside. The suffix proves little: in measured infrastructure 19 of 20 texts that
// end in .internal, .corp or .local are expressions, packages, file names or samples. So a name has to stand
// where a value stands, be quoted in program code, and not be one that software brings along.
#include <algorithm>
#include <array>
#include <cctype>

#include "check.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

constexpr auto kPublicNames = std::to_array<std::string_view>(
    {"compute.internal",    "ec2.internal",   "google.internal", "docker.internal",
     "containers.internal", "lima.internal",  "orb.local",       "grafana.internal",
     "mydomain.internal",   "cluster.local",  "svc.local",       "localhost.localdomain",
     "kadmin.local",        "azure.internal", "example.local",   "bosh.internal",
     "flycast.internal",    "fly.internal",   "vm.internal",     "railway.internal"});

// First labels of two-label names that are expressions: self.corp, config.internal, env.local.
constexpr auto kExpressions = std::to_array<std::string_view>(
    {"self",        "this",      "config",    "cfg",       "conf",    "command",     "settings",
     "outputs",     "output",    "local",     "locals",    "var",     "vars",        "values",
     "module",      "net",       "docker",    "env",       "options", "opts",        "params",
     "request",     "req",       "response",  "ctx",       "context", "data",        "item",
     "node",        "window",    "app",       "state",     "props",   "math",        "std",
     "thread",      "bash",      "profile",   "etc",       "rc",      "site",        "usr",
     "bin",         "sun",       "java",      "go",        "pkg",     "src",         "lib",
     "types",       "is",        "type",      "namespace", "scope",   "network",     "visibility",
     "access",      "server",    "internal",  "public",    "private", "settings_py", "docker-compose",
     "values-yaml", "firewalld", "gitignore", "git",       "make",    "makefile",    "common",
     "core",        "user"});

constexpr auto kPackages = std::to_array<std::string_view>(
    {"com", "org", "net", "io", "java", "javax", "sun", "jdk", "dev", "github", "edu"});

char last_of(std::string_view text) {
  return text.empty() ? '\n' : text.back();
}
char first_of(std::string_view text) {
  return text.empty() ? '\n' : text.front();
}
bool is_in_text(char c, std::string_view set) {
  return set.find(c) != set.npos;
}

// Ended by what ends a host: a quote, white space, a port, a path. Not by a call, an index or another member.
bool stands_alone(std::string_view before, std::string_view after) {
  if (!is_in_text(last_of(before), "\n \t\"'`@/=:,[(>;|")) return false;
  if (before.size() > 1 && last_of(before) == '/' && before[before.size() - 2] != '/') return false;
  const char next = first_of(after);
  if (next == ':') return after.size() == 1 || is_in_text(after[1], "0123456789/ \t\r");
  if (next == '.') return after.size() == 1 || is_in_text(after[1], " \t\r\"'\n");
  return is_in_text(next, "\n\r \t\"'`/,])<;|?");
}

bool has_host_context(const Site& site) {
  if (site.before.ends_with("://") || site.before.ends_with('@')) return true;
  if (first_of(site.after) == ':' && site.after.size() > 1 && is_in_text(site.after[1], "0123456789"))
    return true;
  return has_word(site.key, {"host",     "hostname", "server", "domain", "url",  "uri",     "endpoint",
                             "address",  "addr",     "fqdn",   "dns",    "zone", "realm",   "broker",
                             "registry", "proxy",    "relay",  "ntp",    "smtp", "ldap",    "nameserver",
                             "search",   "upstream", "target", "peer",   "site", "baseurl", "servername"});
}

bool is_quoted(const Site& site) {
  const char open = last_of(site.before);
  return site.before.ends_with("://") || site.before.ends_with('@') ||
         (is_in_text(open, "\"'`") && is_in_text(first_of(site.after), "\"'`:/"));
}

std::optional<Literal> internal_name(const Site& site) {
  const std::string name = to_lower(site.literal);
  const std::vector<std::string_view> labels = split(name, '.');
  if (labels.size() < 2 || !stands_alone(site.before, site.after)) return std::nullopt;
  for (const std::string_view known : kPublicNames) {
    if (is_under(name, known)) return std::nullopt;
  }
  if (is_example_host(name) || is_any_of(labels.front(), kPackages)) return std::nullopt;
  // The organisation's own domain may be private (corp.internal): then the lexicon's rule speaks.
  if (!lexicon_domain_of(name, site.file.lexicon).empty()) return std::nullopt;
  if (labels.back() != "arpa" && labels.size() == 2 &&
      (is_any_of(labels.front(), kExpressions) || !has_host_context(site))) {
    return std::nullopt;
  }
  if (labels.back() == "local" && !has_host_context(site)) return std::nullopt;
  if (is_program(site.file.path) && !is_quoted(site)) return std::nullopt;
  return Literal{name, "Name that resolves only inside", "hostname", "data.aws_route53_zone.private.name"};
}

// A jump host is known by what uses it, or by its name under a domain of the organisation's own.
std::optional<Literal> bastion(const Site& site) {
  const std::string host = to_lower(site.literal);
  if (host.find('.') == host.npos || is_example_host(host) || is_composed(host) ||
      !stands_alone(site.before, site.after)) {
    return std::nullopt;  // without a domain it is an alias in the operator's own ssh_config
  }
  const std::string before = to_lower(site.before);
  const bool used = before.find("proxyjump") != before.npos || before.find("proxycommand") != before.npos;
  if (!used && lexicon_domain_of(host, site.file.lexicon).empty()) return std::nullopt;
  return Literal{host, "Jump host or VPN of your own", "bastion_host", ""};
}

std::optional<Literal> consul_name(const Site& site) {
  static constexpr auto kBuiltIn = std::to_array<std::string_view>(
      {"consul", "vault", "nomad", "nomad-client", "active", "standby", "web", "api", "db", "redis",
       "service", "my-service", "mysql", "postgres", "server", "client", "traefik", "prometheus"});
  const std::string name = to_lower(site.literal);
  const std::vector<std::string_view> labels = split(name, '.');
  // "active.vault.service.consul" is built in too; a data centre's label makes any name one of yours.
  const auto kind = std::ranges::find_if(labels, [](auto label) {
    return label == "service" || label == "query" || label == "node" || label == "connect";
  });
  if (kind == labels.begin() || kind == labels.end() || labels.size() < 3) return std::nullopt;
  const bool placed = std::distance(kind, labels.end()) > 2;
  if (!placed && is_any_of(*std::prev(kind), kBuiltIn)) return std::nullopt;
  if (is_placeholder_name(labels.front()) || site.before.ends_with('.') || site.before.ends_with('}') ||
      site.before.ends_with('-')) {
    return std::nullopt;
  }
  if (placed && (kind[1] == "dc1" || kind[1] == "dc2" || kind[1] == "dc"))
    return std::nullopt;  // Consul's manual
  if (is_program(site.file.path) && !is_quoted(site)) return std::nullopt;
  return Literal{name, "Name in one service catalogue", "endpoint", ""};
}

// office@corp.example, and neither ssh://git@corp.example/x nor git@corp.example:x.
bool is_mailbox(const Site& site) {
  if (!site.before.ends_with('@') || site.after.starts_with(':') || site.after.starts_with('/')) return false;
  const std::size_t local = site.before.find_last_of(" \t\"'<=,;:/([", site.before.size() - 2);
  return local == site.before.npos || site.before[local] != '/';
}

std::optional<Literal> lexicon_host(const Site& site) {
  const std::string host = to_lower(site.literal);
  const std::string_view domain = lexicon_domain_of(host, site.file.lexicon);
  // As a map key it is an index into data, and a schema's or package's name is only a name; a key of the form
  // domain/name is a label.
  const bool key = site.position.role == Role::key;
  const bool label = site.after.starts_with('/') && (site.position.role == Role::label || key);
  if (domain.empty() || (key && !label) || (label && site.file.layer != Layer::shared)) return std::nullopt;
  if (has_word(site.key, {"$schema", "xmlns", "homepage", "license", "copyright"})) return std::nullopt;
  // Everybody who writes under a licence links to it.
  const std::string path = to_lower(site.after.substr(0, 24));
  if (path.starts_with("/mpl") || path.starts_with("/licen") || path.starts_with("/legal"))
    return std::nullopt;
  const bool mailbox = is_mailbox(site);
  const bool contact = has_word(site.key, {"owner", "contact", "support"}) || is_credit(site);
  if (mailbox && (contact || site.position.role == Role::comment)) return std::nullopt;
  Literal literal{host, "Host under your own domain", host == domain ? "base_domain" : "hostname", ""};
  if (label) literal.at_most = Severity::note;
  if (mailbox) literal.at_most = Severity::warn;
  return literal;
}

std::optional<Literal> lexicon_internal(const Site& site) {
  std::optional<Literal> literal = lexicon_host(site);
  if (literal) literal->title = "Name that resolves only inside";
  if (literal) literal->lookup = "data.aws_route53_zone.private.name";
  return literal;
}

constexpr auto kChecks = std::to_array<Check>({
    {"internal-name", internal_name},
    {"lexicon-host", lexicon_host},
    {"bastion", bastion, false, true},
    {"consul-name", consul_name},
    {"lexicon-internal", lexicon_internal},
});

}  // namespace

std::span<const Check> name_checks() {
  return kChecks;
}

}  // namespace fanlight::coupling
