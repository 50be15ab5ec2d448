// What the parts of learning share: evidence that is counted, and the hosts of a text.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/learn.hpp"

namespace fanlight::coupling {

// How often, in what and where something was seen.
struct Evidence {
  std::set<std::string, std::less<>> names;  // hosts, or whole names
  std::size_t files = 0, doc_files = 0, times = 0;
  std::size_t last_file = SIZE_MAX;
  std::vector<TermPlace> places;

  void add(std::string_view name, std::size_t file, bool doc, const std::string& path, std::uint32_t line);
};
using Counts = std::map<std::string, Evidence, std::less<>>;

// Everything that one pass over the files saw.
struct Seen {
  Counts domains;       // registrable → hosts
  Counts heads;         // first part of resource and folder names → names
  Counts environments;  // names of folders and files of environments
  Counts people;        // user names; `names` are the addresses they stood in
};

// Calls `found` with each host of a line of a file of that path: lower case, with a dot.
void for_each_host(std::string_view line, bool code,
                   const std::function<void(std::string_view host, bool mail)>& found);
// A licence's header, a schema's address, the homepage of a package.
bool is_boilerplate(std::string_view line);

std::vector<Term> rank_domains(const Counts& domains, const OwnerHints& hints);
// `own`: domains that are surely or likely own.
std::vector<Term> find_sites(const Counts& domains, const std::vector<std::string>& own);
std::vector<Term> find_environments(const Counts& environments);
std::vector<Term> find_prefixes(const Counts& heads, const std::vector<std::string>& own,
                                const OwnerHints& hints);
std::vector<Term> find_people(const Counts& people, const std::vector<std::string>& own);

void count_names(std::string_view line,
                 const std::function<void(std::string_view head, std::string_view name)>& found);
// The environment that a path is of, by its folder or name; empty: none.
std::string environment_of(std::string_view path);

// Lower-case letters and digits of the owner's names, without "@" and team: "acme-corp" is "acmecorp".
std::vector<std::string> owner_words(const OwnerHints& hints);
Term make_term(TermKind kind, std::string text, const Evidence& evidence);

}  // namespace fanlight::coupling
