// What holds on one machine, for one year, or for one owner: devices and user numbers, dated names, and files
// that say they must not leave.
#include <algorithm>
#include <array>

#include "check.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kHeaderBytes = 4096;  // a licence or notice stands at the top of its file

std::optional<Literal> machine_assumption(const Site& site) {
  const std::string literal = to_lower(site.literal);
  if (is_program(site.file.path) || site.file.path.ends_with(".json")) return std::nullopt;
  const bool number = literal.find_first_not_of("0123456789") == literal.npos;
  // 1000 is the first person's number everywhere, 65532…65535 are nobody's.
  if (number && (literal == "1000" || literal == "1001" || literal.starts_with("6553") ||
                 literal == "10000" || literal == "10001"))
    return std::nullopt;
  if (literal.starts_with("eth") &&
      !has_word(site.key, {"interface", "iface", "device", "dev", "nic", "ifname", "parent", "network",
                           "netdev", "master", "name", "port"})) {
    return std::nullopt;
  }
  return Literal{literal, number ? "User number of one machine" : "Device of one machine",
                 number ? "uid" : "interface", ""};
}

std::optional<Literal> dated_name(const Site& site) {
  const std::string name = to_lower(site.literal);
  // Names of policies and authorities that AWS publishes have years, and so have TLS versions.
  for (const std::string_view known :
       {"securitypolicy", "tlsv1", "tls-1", "tls13", "tls12", "rds-ca", "tls_", "draft"}) {
    if (name.find(known) != name.npos) return std::nullopt;
  }
  if (site.before.ends_with("TLSv1") || is_program(site.file.path) || site.before.ends_with('-'))
    return std::nullopt;
  const bool quoted = !site.before.empty() && (site.before.back() == '"' || site.before.back() == '\'' ||
                                               site.before.back() == ' ' || site.before.back() == '/');
  if (!quoted) return std::nullopt;
  return Literal{name, "Name with a year in it", "certificate_name", ""};
}

std::optional<Literal> provenance(const Site& site) {
  const std::string words = to_lower(site.literal);
  const std::string_view before = text_before(site, kHeaderBytes + 1);
  if (before.size() > kHeaderBytes) return std::nullopt;
  const std::string around = to_lower(before) + to_lower(text_after(site, 400));
  if (around.find("spdx-license-identifier") != around.npos) return std::nullopt;
  // "Internal use only" is mostly said of functions. Of a file it stands beside who owns it, in a notice.
  const bool owned = around.find("copyright") != around.npos || around.find("(c)") != around.npos ||
                     around.find("©") != around.npos || around.find("all rights reserved") != around.npos;
  const bool notice = site.position.role == Role::comment || before.find('\n') == before.npos ||
                      site.file.path.ends_with(".md") || site.file.path.ends_with(".txt");
  if (!owned || !notice) return std::nullopt;
  // Open licences talk of confidentiality, too.
  for (const std::string_view licence :
       {"apache license", "mit license", "permission is hereby granted", "gnu ", "mozilla public",
        "redistribution and use", "creative commons"}) {
    if (around.find(licence) != around.npos) return std::nullopt;
  }
  return Literal{std::string(site.file.path) + ' ' + words, "File that says it must not be public", "", ""};
}

constexpr auto kChecks = std::to_array<Check>({
    {"machine-assumption", machine_assumption},
    {"dated-name", dated_name},
    {"provenance", provenance, false, true, false, true},
});

}  // namespace

std::span<const Check> machine_checks() {
  return kChecks;
}

}  // namespace fanlight::coupling
