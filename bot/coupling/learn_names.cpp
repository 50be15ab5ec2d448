// Sites, environments, prefixes and people, each from what one pass over the files has counted.
#include <algorithm>
#include <array>
#include <cctype>

#include "check.hpp"
#include "fanlight/core/text.hpp"
#include "learn.hpp"
#include "name_index.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kSiteHostsMin = 3, kSiteHostsSure = 6;
constexpr std::size_t kPrefixNamesMin = 5, kPrefixNamesAlone = 25;

// Labels of purposes and kinds, which every organisation has.
constexpr auto kPurposes = std::to_array<std::string_view>(
    {"www",     "api",        "app",     "apps",     "web",      "mail",       "smtp",    "imap",
     "mx",      "ns",         "dns",     "ntp",      "ldap",     "db",         "sql",     "git",
     "gitlab",  "ci",         "cd",      "jenkins",  "docs",     "wiki",       "blog",    "status",
     "sso",     "auth",       "login",   "id",       "vpn",      "cdn",        "static",  "assets",
     "img",     "images",     "media",   "files",    "download", "downloads",  "ftp",     "mirror",
     "mirrors", "repo",       "repos",   "registry", "docker",   "k8s",        "kube",    "cluster",
     "cloud",   "svc",        "service", "services", "prod",     "production", "dev",     "devel",
     "stage",   "staging",    "test",    "testing",  "qa",       "uat",        "demo",    "sandbox",
     "preprod", "internal",   "int",     "private",  "priv",     "corp",       "intra",   "intranet",
     "lan",     "mgmt",       "admin",   "infra",    "ops",      "monitoring", "metrics", "logs",
     "grafana", "prometheus", "vault",   "consul",   "public",   "external",   "ext",     "edge",
     "lb",      "proxy",      "gateway", "gw",       "data",     "search",     "cache",   "queue",
     "list",    "lists",      "support", "shop",     "node",     "nodes",      "host",    "hosts",
     "server",  "servers",    "vm",      "vms",      "net",      "network"});

constexpr auto kPlainHeads = std::to_array<std::string_view>(
    {"aws",     "azure",     "gcp",     "google", "my",      "the",        "test",      "web",     "app",
     "api",     "db",        "node",    "k8s",    "kube",    "default",    "terraform", "ansible", "puppet",
     "helm",    "docker",    "install", "create", "set",     "get",        "enable",    "disable", "add",
     "remove",  "update",    "ensure",  "check",  "run",     "start",      "stop",      "build",   "deploy",
     "copy",    "configure", "config",  "name",   "main",    "this",       "all",       "public",  "private",
     "prod",    "staging",   "dev",     "iam",    "ec2",     "s3",         "rds",       "vpc",     "lambda",
     "cloud",   "data",      "log",     "logs",   "mysql",   "postgres",   "redis",     "nginx",   "apache",
     "python",  "ruby",      "php",     "java",   "go",      "linux",      "ubuntu",    "debian",  "centos",
     "example", "sample",    "github",  "gitlab", "jenkins", "prometheus", "grafana",   "actions"});

bool is_plain(std::string_view word, std::span<const std::string_view> list) {
  return std::ranges::find(list, word) != list.end();
}

bool is_token_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// "cg" of cloud.gov, "nwc" of nw-charlie: the first letters of the parts.
std::string initials(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (is_token_char(name[i]) && (i == 0 || !is_token_char(name[i - 1]))) out += name[i];
  }
  return out;
}

}  // namespace

std::vector<Term> find_sites(const Counts& domains, const std::vector<std::string>& own) {
  std::vector<Term> terms;
  for (const std::string& domain : own) {
    const auto found = domains.find(domain);
    if (found == domains.end()) continue;
    std::map<std::string, std::set<std::string>> hosts_of;
    for (const std::string& host : found->second.names) {
      if (host.size() <= domain.size()) continue;
      const std::string_view labels = std::string_view(host).substr(0, host.size() - domain.size() - 1);
      const std::size_t dot = labels.rfind('.');
      if (dot == labels.npos || dot == 0) continue;
      hosts_of[std::string(labels.substr(dot + 1))].insert(std::string(labels.substr(0, dot)));
    }
    for (const auto& [label, hosts] : hosts_of) {
      if (hosts.size() < kSiteHostsMin || label.size() < name_bytes_min || is_plain(label, kPurposes))
        continue;
      Term term;
      term.kind = TermKind::site;
      term.text = label;
      term.distinct = hosts.size();
      term.files = found->second.files + found->second.doc_files;
      term.places = found->second.places;
      term.score = static_cast<double>(hosts.size());
      const bool coded =
          label.size() <= 8 && std::ranges::any_of(label, [](char c) { return c >= '0' && c <= '9'; });
      term.certainty = hosts.size() >= kSiteHostsSure || coded ? Certainty::likely : Certainty::doubtful;
      term.why = "label left of " + domain;
      terms.push_back(std::move(term));
    }
  }
  return terms;
}

std::string environment_of(std::string_view path) {
  static constexpr auto kHolders = std::to_array<std::string_view>(
      {"environments", "envs", "live", "overlays", "inventories", "stages", "stacks"});
  static constexpr auto kShared = std::to_array<std::string_view>(
      {"common",  "all",       "default",  "defaults",  "base",       "shared",   "global",
       "example", "examples",  "template", "templates", "modules",    "main",     "schema",
       "local",   "terraform", "test",     "files",     "group_vars", "host_vars"});
  const std::string lower = to_lower(path);
  const auto parts = split(lower, '/');
  std::string name;
  for (std::size_t i = 0; i + 2 < parts.size(); ++i) {
    if (is_plain(parts[i], kHolders)) name = parts[i + 1];
  }
  const std::string_view file = parts.back();
  for (const auto& [head, tail] : {std::pair<std::string_view, std::string_view>{"values-", ".yaml"},
                                   {"pulumi.", ".yaml"},
                                   {"", ".tfvars"}}) {
    if (!name.empty() || !file.starts_with(head) || !file.ends_with(tail)) continue;
    if (file.size() > head.size() + tail.size())
      name = file.substr(head.size(), file.size() - head.size() - tail.size());
  }
  const bool word =
      name.size() >= name_bytes_min && name.size() <= 30 &&
      std::ranges::all_of(name, [](char c) { return is_token_char(c) || c == '-' || c == '_'; });
  return word && !is_plain(name, kShared) ? name : std::string();
}

std::vector<Term> find_environments(const Counts& environments) {
  std::vector<Term> terms;
  for (const auto& [name, evidence] : environments) {
    Term term = make_term(TermKind::environment, name, evidence);
    term.score = static_cast<double>(evidence.files + evidence.doc_files);
    term.certainty = evidence.files >= 3 ? Certainty::likely : Certainty::doubtful;
    term.why = "folder or file of an environment";
    terms.push_back(std::move(term));
  }
  return terms;
}

// The value of a key that gives a name: name = "acme-logs", bucket: acme-backups.
void count_names(std::string_view line,
                 const std::function<void(std::string_view, std::string_view)>& found) {
  const std::size_t mark = line.find_first_of("=:");
  if (mark == line.npos) return;
  std::string_view key = trim(line.substr(0, mark));
  while (key.starts_with('-') || key.starts_with('"') || key.starts_with('\'') || key.starts_with(' '))
    key.remove_prefix(1);
  while (key.ends_with('"') || key.ends_with('\'')) key.remove_suffix(1);
  if (key.empty() || key.size() > 40 || key.contains(' ')) return;
  if (!has_word(key, {"name", "bucket", "identifier", "cluster", "queue", "topic", "role", "database",
                      "prefix", "namespace"}))
    return;
  std::string_view value = trim(line.substr(mark + 1));
  if (value.ends_with(',')) value.remove_suffix(1);
  const bool quoted =
      value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
  if (quoted) value = value.substr(1, value.size() - 2);
  if (value.size() < 4 || value.size() > 100 || value.find_first_of(" /@(,") != value.npos) return;
  std::size_t end = 0;
  while (end < value.size() && is_token_char(value[end])) ++end;
  if (end < 2 || end + 1 >= value.size() || (value[end] != '-' && value[end] != '_')) return;
  const std::string head = to_lower(value.substr(0, end)), name = to_lower(value);
  if (std::isdigit(static_cast<unsigned char>(head.front()))) return;
  found(head, name);
}

std::vector<Term> find_prefixes(const Counts& heads, const std::vector<std::string>& own,
                                const OwnerHints& hints) {
  const std::vector<std::string> owners = owner_words(hints);
  std::vector<Term> terms;
  for (const auto& [head, evidence] : heads) {
    if (evidence.names.size() < kPrefixNamesMin || is_plain(head, kPlainHeads) || is_plain(head, kPurposes))
      continue;
    Term term = make_term(TermKind::name, head, evidence);
    term.score = static_cast<double>(evidence.names.size());
    const auto is_of = [&](std::string_view name) {
      const std::string whole = normalise_name(name);
      return whole == head || initials(name) == head || (head.size() >= 3 && whole.starts_with(head));
    };
    const bool domain = std::ranges::any_of(own, [&](const std::string& name) {
      return is_of(std::string_view(name).substr(0, name.find('.'))) || initials(name) == head;
    });
    if (domain || std::ranges::any_of(owners, is_of) ||
        std::ranges::any_of(hints.owners,
                            [&](const std::string& owner) { return initials(owner) == head; })) {
      term.certainty = Certainty::own;
      term.why = domain ? "begins names, and is in the domain" : "begins names, and is in the owner's name";
    } else if (evidence.names.size() >= kPrefixNamesAlone && evidence.files >= 5) {
      term.why = "begins many names";
    } else {
      continue;
    }
    terms.push_back(std::move(term));
  }
  return terms;
}

std::vector<Term> find_people(const Counts& people, const std::vector<std::string>& own) {
  std::vector<Term> terms;
  for (const auto& [name, evidence] : people) {
    if (name.size() < 3 || name.size() > 40 || is_role_mailbox(name) || is_service_user(name)) continue;
    const bool owner = evidence.names.contains("CODEOWNERS");
    const bool mail = std::ranges::any_of(evidence.names, [&](const std::string& host) {
      return std::ranges::any_of(own, [&](const std::string& domain) { return is_under(host, domain); });
    });
    if (!owner && !mail) continue;
    Term term = make_term(TermKind::person, name, evidence);
    term.score = static_cast<double>(evidence.files + evidence.doc_files);
    term.certainty = owner || evidence.files >= 2 ? Certainty::likely : Certainty::doubtful;
    term.why = owner ? "in CODEOWNERS" : "has an address under your domain";
    terms.push_back(std::move(term));
  }
  return terms;
}

}  // namespace fanlight::coupling
