// A check parses what a rule's pattern caught and says whether it is coupling. The pattern finds the shape;
// the check knows the ranges, the public constants and the traps. One file per family, one table per file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/judge.hpp"

namespace fanlight::coupling {

struct Site {
  const detect::Rule& rule;
  const FileView& file;
  const Position& position;
  std::string_view literal;        // what the rule caught, decoded
  std::string_view before, after;  // the rest of its line; empty when it was encoded
  std::string_view line;           // all of it; the literal alone when it was encoded
  std::string key;                 // the nearest key, lower case
};

struct Literal {
  std::string normalised;
  std::string title;                     // begins the finding's title; empty: the rule's name
  std::string variable;                  // what a parameter for it could be called
  std::string lookup;                    // a Terraform expression that finds it; empty: none
  std::optional<Severity> at_most = {};  // when this literal weighs less than its rule
  std::string hint = {};                 // one sentence more, when the check knows something
};

struct Check {
  std::string_view name;
  std::optional<Literal> (*run)(const Site&);
  bool in_ciphertext = false;   // also judges what stands in ciphertext (its envelope)
  bool in_description = false;  // names a real thing even where the text only describes
  bool in_reference = false;    // the reference itself is what couples
  bool in_comment = false;      // weighs as much in a comment as anywhere
};

std::span<const Check> address_checks();
std::span<const Check> name_checks();
std::span<const Check> aws_checks();
std::span<const Check> cloud_checks();
std::span<const Check> artefact_checks();
std::span<const Check> people_checks();
std::span<const Check> contact_checks();
std::span<const Check> state_checks();
std::span<const Check> trust_checks();
std::span<const Check> machine_checks();
std::span<const Check> token_checks();

// Dotted quads that are routed in public, wherever they stand: no literal of three bytes holds them all, so
// the engine cannot find them. Judged by the rule org-public-address. Linear.
std::vector<detect::Span> find_public_addresses(std::string_view text);

// Shared by the families.

// Lower-case ASCII words of a key or comment: "office_vpn-CIDR" has office, vpn, cidr.
bool has_word(std::string_view text, std::initializer_list<std::string_view> words);
bool is_any_of(std::string_view text, std::span<const std::string_view> list);
// 0123…, abcd…, deadbeef, one or two characters repeated: what people type when they need an id.
bool is_made_up_hex(std::string_view hex);
// Under example.com, .test, .invalid, .localhost … (RFC 2606, RFC 6761), or plainly a placeholder.
bool is_example_host(std::string_view host);
// Holds a variable, a template or a wildcard: not one literal.
bool is_composed(std::string_view text);
// The host is `domain` or lies under it.
bool is_under(std::string_view host, std::string_view domain);
// A domain of the lexicon that `host` lies under; empty: none.
std::string_view lexicon_domain_of(std::string_view host, const Lexicon* lexicon);
// A role's mailbox, or what people write for "somebody": ops, no-reply, test-user, alice.
bool is_role_mailbox(std::string_view local);
// Credit and contact data of what is published: there people are named because they want to be.
bool is_credit(const Site& site);
// A user that an image or a service brings along: ubuntu, runner, postgres.
bool is_service_user(std::string_view name);
// A bucket that its owner lets everybody read: of AWS itself, of projects' releases.
bool is_public_bucket(std::string_view name);
// What people write for "the name of yours": my-org, octo-org, example, acme.
bool is_placeholder_name(std::string_view name);
// The scanned text behind and before the literal, over lines, at most `bytes`; empty when it was encoded.
std::string_view text_after(const Site& site, std::size_t bytes);
std::string_view text_before(const Site& site, std::size_t bytes);
// Files of program code, where a dotted word is mostly an expression.
bool is_program(std::string_view path);

}  // namespace fanlight::coupling
