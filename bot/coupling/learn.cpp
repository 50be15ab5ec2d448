// One pass over the files counts hosts, names, folders and people; then each kind is ranked by its own rule.
#include "learn.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <tuple>
#include <unordered_map>

#include "check.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/layers.hpp"
#include "name_index.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kFileBytesMax = 2 * 1024 * 1024, kLineBytesMax = 4096;
constexpr std::size_t kNamesMax = 5'000;  // of one term
// Debian's own machines are 200; a repository that only uses Debian names ten of its hosts.
constexpr std::size_t kProjectHostsMin = 24;

bool is_alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// Last labels that are members and file endings more often than they are domains: self.config.name, setup.py.
constexpr auto kMembers = std::to_array<std::string_view>(
    {"py",       "md",      "sh",     "pl",   "rs",      "cc",   "so",      "ps",         "id",      "is",
     "name",     "info",    "in",     "do",   "to",      "as",   "at",      "by",         "my",      "st",
     "sc",       "tf",      "pm",     "zip",  "mov",     "app",  "cat",     "im",         "ms",      "mk",
     "ml",       "pub",     "py",     "re",   "run",     "host", "link",    "page",       "new",     "map",
     "target",   "select",  "search", "help", "cloud",   "box",  "network", "group",      "data",    "post",
     "date",     "now",     "get",    "open", "call",    "java", "log",     "tab",        "top",     "video",
     "watch",    "tools",   "click",  "bar",  "foo",     "prod", "dev",     "build",      "support", "email",
     "services", "domains", "zone",   "fail", "systems", "auto", "global",  "properties", "cfd",     "xxx"});

// What people write for "your domain here" without knowing that example.org is for that.
bool is_placeholder_domain(std::string_view domain) {
  static constexpr auto kPlaceholders = std::to_array<std::string_view>(
      {"company.com", "domain.com", "domain.tld", "foo.com",       "bar.com",  "test.com",
       "site.com",    "host.com",   "server.com", "somewhere.com", "acme.com", "corp.com",
       "mycorp.com",  "abc.com",    "xyz.com",    "email.com",     "mail.com", "a.com",
       "b.com",       "example.io", "example.co", "example.dev"});
  return std::ranges::find(kPlaceholders, domain) != kPlaceholders.end();
}

bool is_vendored(std::string_view path) {
  const std::string wrapped = '/' + to_lower(path);
  for (const std::string_view part :
       {"/node_modules/", "/vendor/", "/.terraform/", "/third_party/", "/dist/", "/.git/"}) {
    if (wrapped.contains(part)) return true;
  }
  for (const std::string_view end :
       {"-lock.json", ".lock", "go.sum", ".lock.hcl", ".min.js", ".css", ".svg", ".map", ".pem", ".crt",
        ".po", ".csv", "checksums.json", "changelog", "changelog.md"}) {
    if (wrapped.ends_with(end)) return true;
  }
  return false;
}

// Programs, and languages whose values are quoted: a bare dotted word is an expression.
bool wants_quotes(std::string_view path) {
  const std::string lower = to_lower(path);
  return is_program(lower) || lower.ends_with(".tf") || lower.ends_with(".hcl") || lower.ends_with(".pp") ||
         lower.ends_with(".nix") || lower.ends_with(".bicep") || lower.ends_with(".jsonnet");
}

// "domain: corp.example": two labels are a domain where the key says so.
bool names_a_domain(std::string_view before) {
  while (!before.empty() && std::string_view(" \t\"'=>:").contains(before.back())) before.remove_suffix(1);
  std::size_t begin = before.size();
  while (begin > 0 && (is_alnum(before[begin - 1]) || before[begin - 1] == '_' || before[begin - 1] == '-'))
    --begin;
  const std::string key = to_lower(before.substr(begin));
  return key.ends_with("domain") || key.ends_with("domainname") || key.ends_with("domain_name") ||
         key.ends_with("fqdn") || key.ends_with("hostname") || key == "search";
}

// "dc=corp,dc=example" is corp.example to a directory. At most one of a line.
std::string domain_of_directory(std::string_view line) {
  const std::string lower = to_lower(line);
  std::string domain;
  for (std::size_t at = lower.find("dc="); at != lower.npos;) {
    std::size_t end = at + 3;
    while (end < lower.size() && (is_alnum(lower[end]) || lower[end] == '-')) ++end;
    if (end == at + 3) return {};
    if (!domain.empty()) domain += '.';
    domain += lower.substr(at + 3, end - at - 3);
    if (lower.compare(end, 4, ",dc=") != 0) break;
    at = end + 1;
  }
  return domain.contains('.') ? domain : std::string();
}

class Domains {
 public:
  const std::string& of(std::string_view host) {
    const auto found = known_.find(std::string(host));
    if (found != known_.end()) return found->second;
    return known_.emplace(host, registrable_domain(host)).first->second;
  }

 private:
  std::unordered_map<std::string, std::string> known_;
};

void read_file(const SourceFile& file, std::size_t number, Domains& domains, Seen& seen) {
  if (is_vendored(file.path) || file.text.size() > kFileBytesMax) return;
  const std::string_view text = file.text;
  if (text.substr(0, 8000).contains('\0')) return;
  const bool doc = Layers{}.of(file.path).layer == Layer::doc_test, code = wants_quotes(file.path);
  const bool owners = to_lower(file.path).ends_with("codeowners");
  if (const std::string name = environment_of(file.path); !name.empty())
    seen.environments[name].add(file.path, number, doc, file.path, 1);
  std::uint32_t line_number = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\n', at);
    if (end == text.npos) end = text.size();
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    ++line_number;
    if (line.size() > kLineBytesMax) continue;
    if (line.contains('.') && !is_boilerplate(line)) {
      for_each_host(line, code, [&](std::string_view host, bool) {
        const std::string& domain = domains.of(host);
        if (!domain.empty() && !is_example_host(host) && !is_placeholder_domain(domain))
          seen.domains[domain].add(host, number, doc, file.path, line_number);
      });
    }
    if (const std::string directory = domain_of_directory(line); !directory.empty()) {
      const std::string& domain = domains.of(directory);
      if (!domain.empty() && !is_example_host(directory) && !is_placeholder_domain(domain))
        seen.domains[domain].add(directory, number, doc, file.path, line_number);
    }
    if (!doc) {
      count_names(line, [&](std::string_view head, std::string_view name) {
        seen.heads[std::string(head)].add(name, number, doc, file.path, line_number);
      });
    }
    for (std::size_t mark = line.find('@'); mark != line.npos; mark = line.find('@', mark + 1)) {
      const auto name_end = [&](std::size_t from) {
        while (from < line.size() &&
               (is_alnum(line[from]) || line[from] == '-' || line[from] == '.' || line[from] == '_'))
          ++from;
        return from;
      };
      std::size_t begin = mark;
      while (begin > 0 && (is_alnum(line[begin - 1]) || line[begin - 1] == '.' || line[begin - 1] == '-' ||
                           line[begin - 1] == '_'))
        --begin;
      const std::size_t stop = name_end(mark + 1);
      if (begin < mark) {
        std::string host = to_lower(line.substr(mark + 1, stop - mark - 1));
        while (host.ends_with('.')) host.pop_back();
        seen.people[to_lower(line.substr(begin, mark - begin))].add(host, number, doc, file.path,
                                                                    line_number);
      } else if (owners && stop > mark + 1 && (stop == line.size() || line[stop] != '/')) {
        seen.people[to_lower(line.substr(mark + 1, stop - mark - 1))].add("CODEOWNERS", number, doc,
                                                                          file.path, line_number);
      }
    }
  }
}

double score_of(const Evidence& evidence) {
  const double files = static_cast<double>(evidence.files) + 0.5 * static_cast<double>(evidence.doc_files);
  return static_cast<double>(evidence.names.size()) * std::sqrt(files);
}

bool resembles(std::string_view domain, std::string_view owner) {
  const std::string label = normalise_name(domain.substr(0, domain.find('.')));
  const std::string whole = normalise_name(domain);
  if (label.empty() || owner.empty()) return false;
  if (label == owner || whole == owner) return true;
  return std::min(label.size(), owner.size()) >= 4 && (label.contains(owner) || owner.contains(label));
}

}  // namespace

void Evidence::add(std::string_view name, std::size_t file, bool doc, const std::string& path,
                   std::uint32_t line) {
  if (names.size() < kNamesMax && !names.contains(name)) names.emplace(name);
  ++times;
  if (last_file == file) return;
  last_file = file;
  ++(doc ? doc_files : files);
  if (places.size() < term_places_max) places.push_back({path, line});
}

bool is_boilerplate(std::string_view line) {
  const std::string lower = to_lower(line);
  for (const std::string_view word : {"licen", "copyright", "mozilla.org/mpl", "$schema", "xmlns", "homepage",
                                      "spdx-", "dtd", "project_page", "issues_url", "documentation_uri"}) {
    if (lower.contains(word)) return true;
  }
  return false;
}

void for_each_host(std::string_view line, bool code,
                   const std::function<void(std::string_view, bool)>& found) {
  const auto in_host = [](char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; };
  for (std::size_t dot = line.find('.'); dot != line.npos; dot = line.find('.', dot)) {
    std::size_t begin = dot, end = dot;
    while (begin > 0 && in_host(line[begin - 1])) --begin;
    while (end < line.size() && in_host(line[end])) ++end;
    dot = end;
    std::string_view run = line.substr(begin, end - begin);
    const bool templated =
        run.starts_with('.') && begin > 0 && (line[begin - 1] == '}' || line[begin - 1] == '*');
    while (run.ends_with('.') || run.ends_with('-')) run.remove_suffix(1);
    if (run.starts_with('.')) run.remove_prefix(1);
    const std::size_t last = run.rfind('.');
    if (last == run.npos || run.starts_with('-') || run.contains("..")) continue;
    const std::string host = to_lower(run), top = host.substr(last + 1);
    if (top.size() < 2 || !std::ranges::all_of(top, [](char c) { return c >= 'a' && c <= 'z'; })) continue;

    const std::string_view before = line.substr(0, begin), after = line.substr(end);
    const char open = before.empty() ? ' ' : before.back(), close = after.empty() ? ' ' : after.front();
    if (close == '(' || close == '[' || close == '@') continue;
    const bool mail = open == '@' && before.size() > 1 && is_alnum(before[before.size() - 2]);
    const bool port = close == ':' && after.size() > 1 && std::isdigit(static_cast<unsigned char>(after[1]));
    bool strong = before.ends_with("://") || mail || (port && !code);
    if (!strong) {
      const bool quoted = open == '"' || open == '\'' || open == '`' || templated;
      const bool opens = quoted || (!code && std::string_view(" \t=:,([|>/").contains(open));
      const bool closes = std::string_view(" \t\"'`/,)];|<:\\\r").contains(close);
      const bool labels = std::ranges::count(host, '.') >= 2 || templated;
      // Ansible's names of modules have three labels: ansible.builtin.shell.
      const bool named = !labels && names_a_domain(before);
      if (!opens || !closes || (!labels && !named) || host.starts_with("ansible.") ||
          std::ranges::find(kMembers, top) != kMembers.end())
        continue;
      if (open == '/' && !before.ends_with("//")) continue;
    }
    found(host, mail);
  }
}

// "acme" of "acme-infra", "acmecp" of "Acme-Carbon-Portal".
std::string short_name(std::string_view owner) {
  static constexpr auto kDepartments = std::to_array<std::string_view>(
      {"infra", "infrastructure", "ops", "devops", "platform", "hq", "it", "cloud", "eng", "engineering",
       "labs", "tech", "dev", "io", "org", "team"});
  const std::size_t first = owner.find('-'), last = owner.rfind('-');
  if (first == owner.npos || first == 0 || last + 1 == owner.size()) return {};
  if (std::ranges::find(kDepartments, to_lower(owner.substr(last + 1))) != kDepartments.end())
    return normalise_name(owner.substr(0, last));
  if (first == last) return {};
  std::string out(owner.substr(0, first));
  for (std::size_t dash = first; dash != owner.npos; dash = owner.find('-', dash + 1)) {
    if (dash + 1 < owner.size()) out += owner[dash + 1];
  }
  return normalise_name(out);
}

std::vector<std::string> owner_words(const OwnerHints& hints) {
  std::vector<std::string> out;
  for (std::string_view owner : hints.owners) {
    if (owner.starts_with('@')) owner.remove_prefix(1);
    owner = owner.substr(0, owner.find('/'));
    for (const std::string& word : {normalise_name(owner), short_name(owner)}) {
      if (word.size() >= 2 && std::ranges::find(out, word) == out.end()) out.push_back(word);
    }
  }
  return out;
}

Term make_term(TermKind kind, std::string text, const Evidence& evidence) {
  Term term;
  term.kind = kind;
  term.text = std::move(text);
  term.distinct = evidence.names.size();
  term.files = evidence.files + evidence.doc_files;
  term.times = evidence.times;
  term.places = evidence.places;
  return term;
}

// Everybody's code names some hosts of a distribution or a language; only its own infrastructure names
// dozens.
bool runs_provider(const std::string& domain, const Evidence& evidence) {
  return is_project_domain(domain) && evidence.names.size() >= kProjectHostsMin;
}

std::vector<Term> rank_domains(const Counts& domains, const OwnerHints& hints) {
  const std::vector<std::string> owners = owner_words(hints);
  std::vector<Term> terms;
  for (const auto& [domain, evidence] : domains) {
    Term term = make_term(TermKind::domain, domain, evidence);
    const bool owner = std::ranges::any_of(owners, [&](const auto& word) { return resembles(domain, word); });
    const bool author = std::ranges::any_of(hints.domains, [&](const auto& host) {
      return !is_provider_domain(host) && registrable_domain(host) == domain;
    });
    if (is_provider_domain(domain) && !owner && !runs_provider(domain, evidence)) continue;
    term.score = score_of(evidence) * (owner ? 4 : 1) * (author ? 2 : 1);
    term.why = owner ? "like the repository's owner" : author ? "of an author's address or the remote" : "";
    // Until the ranks are known.
    term.certainty = owner || author ? Certainty::likely : Certainty::doubtful;
    terms.push_back(std::move(term));
  }
  std::ranges::sort(terms, [](const Term& a, const Term& b) {
    return a.score != b.score ? a.score > b.score : a.text < b.text;
  });
  for (std::size_t i = 0; i < terms.size(); ++i) {
    Term& term = terms[i];
    const double top = terms[0].score, second = terms.size() > 1 ? terms[1].score : 0;
    const bool leads = i == 0 && term.distinct >= 10 && term.score >= 3 * second;
    if (leads || (term.certainty == Certainty::likely && term.score >= 0.2 * top)) {
      term.certainty = Certainty::own;
      if (term.why.empty()) term.why = "far ahead of all others";
    } else if (term.distinct >= 3 && term.score >= 0.5 * top) {
      term.certainty = Certainty::likely;
      if (term.why.empty()) term.why = "many hosts in many files";
    }
    if (term.why.empty()) term.why = "few hosts";
  }
  std::erase_if(terms, [&](const Term& term) {
    const bool weak = term.distinct < 2 && term.files < 3;
    return term.certainty == Certainty::doubtful && (weak || term.score < 0.05 * terms[0].score);
  });
  if (terms.size() > terms_max) terms.resize(terms_max);
  return terms;
}

std::vector<Term> learn_lexicon(std::span<const SourceFile> files, const OwnerHints& hints) {
  Seen seen;
  Domains domains;
  for (std::size_t i = 0; i < files.size(); ++i) read_file(files[i], i, domains, seen);
  OwnerHints all = hints;
  // CODEOWNERS names teams of the organisation: @acme/platform.
  for (const SourceFile& file : files) {
    if (!to_lower(file.path).ends_with("codeowners")) continue;
    for (const std::string_view line : split_lines(file.text)) {
      for (const std::string_view word : split(line.substr(0, line.find('#')), ' ')) {
        if (word.starts_with('@') && word.contains('/') && all.owners.size() < kNamesMax)
          all.owners.emplace_back(word);
      }
    }
  }
  std::vector<Term> terms = rank_domains(seen.domains, all);
  std::vector<std::string> own;
  for (const Term& term : terms) {
    if (term.certainty != Certainty::doubtful) own.push_back(term.text);
  }
  const auto append = [&](std::vector<Term> more) {
    std::ranges::sort(more, {}, [](const Term& a) { return std::tuple(a.certainty, -a.score, a.text); });
    if (more.size() > terms_max) more.resize(terms_max);
    std::ranges::move(more, std::back_inserter(terms));
  };
  append(find_sites(seen.domains, own));
  append(find_environments(seen.environments));
  append(find_prefixes(seen.heads, own, all));
  append(find_people(seen.people, own));
  return terms;
}

std::string_view to_string(TermKind kind) {
  static constexpr auto kNames =
      std::to_array<std::string_view>({"domain", "site", "environment", "name", "person"});
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view policy_key(TermKind kind) {
  static constexpr auto kKeys =
      std::to_array<std::string_view>({"domains", "sites", "environments", "names", "people"});
  return kKeys[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Certainty certainty) {
  static constexpr auto kNames = std::to_array<std::string_view>({"own", "likely", "doubtful"});
  return kNames[static_cast<std::size_t>(certainty)];
}

}  // namespace fanlight::coupling
