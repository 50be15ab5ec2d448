// Learns an organisation's own names from a repository: its domains, sites, environments, name prefixes and
// people, each with the evidence. A proposal is not a lexicon: the owner confirms it. Called by `fanlight
// lexicon`; pure.
//
// Domains are ranked by distinct hosts × √files: an organisation's own domain has many hosts in many files, a
// product's download host is one name in many files, a vendor's has many names in one. In 16 measured
// repositories that put the own domain first in 15.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/judge.hpp"

namespace fanlight::coupling {

struct SourceFile {
  std::string path, text;
};

// What is known of the owner beside the files.
struct OwnerHints {
  std::vector<std::string> owners;   // of the repository at its host: "acme", "@acme/platform"
  std::vector<std::string> domains;  // of authors' addresses and of the remote's host
};

enum class TermKind : std::uint8_t { domain, site, environment, name, person };
enum class Certainty : std::uint8_t { own, likely, doubtful };

struct TermPlace {
  std::string path;
  std::uint32_t line = 1;
};

struct Term {
  TermKind kind = TermKind::domain;
  std::string text;
  Certainty certainty = Certainty::doubtful;
  double score = 0;
  std::size_t distinct = 0;  // hosts of a domain or site, names of a prefix
  std::size_t files = 0, times = 0;
  std::string why;                // one phrase: "owner of the repository"
  std::vector<TermPlace> places;  // three at most
};

inline constexpr std::size_t term_places_max = 3;
inline constexpr std::size_t terms_max = 25;  // of one kind

// Best first, the kinds in their order. The same input gives the same output.
std::vector<Term> learn_lexicon(std::span<const SourceFile> files, const OwnerHints& hints);

// The registrable domain of a host by the Public Suffix List ("db.eu.corp.example.co.uk" → "example.co.uk");
// empty for a suffix itself, for what ends in no known suffix, and for addresses. Private suffixes
// (github.io) count; .internal, .corp, .lan and .intra are suffixes too.
std::string registrable_domain(std::string_view host);
// Of a cloud, a registry, a distribution, a tool's vendor: nobody's own, whatever it holds.
bool is_provider_domain(std::string_view host);
// A provider's whose own infrastructure may be what is read: a distribution, a language.
bool is_project_domain(std::string_view domain);

std::string_view to_string(TermKind kind);  // "domain"; the policy's key is its plural
std::string_view policy_key(TermKind kind);
std::string_view to_string(Certainty certainty);

}  // namespace fanlight::coupling
