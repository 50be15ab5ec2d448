#include "fanlight/detect/structure.hpp"

#include <algorithm>

#include "fanlight/detect/judge.hpp"
#include "structure_parts.hpp"

namespace fanlight::detect {
namespace {

// A token whose vendor adds a check value is not worth a finding under a general rule when the value is
// wrong.
struct OwnForm {
  std::string_view prefix;
  StructureResult (*run)(std::string_view token);
};
constexpr OwnForm kOwnForms[] = {
    {"ghp_", check_github},
    {"gho_", check_github},
    {"ghu_", check_github},
    {"ghs_", check_github},
    {"ghr_", check_github},
    {"npm_", check_github},
    {"github_pat_", check_github_pat},
    {"ATATT3", check_atlassian},
    {"ATCTT3", check_atlassian},
    {"ATBB", check_atlassian},
    {"cfk_", check_cloudflare},
    {"cfut_", check_cloudflare},
    {"cfat_", check_cloudflare},
    {"glsa_", check_grafana},
    {"vcp_", check_vercel},
    {"vck_", check_vercel},
    {"eyJ", check_jwt},
};

// For rules of tokens without a form of their own, where the name beside is all there is to go by.
StructureResult check_random(std::string_view token) {
  for (const OwnForm& form : kOwnForms)
    if (token.starts_with(form.prefix) && form.run(token).structure == Structure::invalid)
      return {Structure::invalid, ""};
  if (check_azure_storage(token).structure == Structure::invalid) return {Structure::invalid, ""};
  // The header of a web token alone opens nothing.
  if (token.starts_with("eyJhbGciOi") && token.find('.') == std::string_view::npos)
    return {Structure::invalid, ""};
  return {looks_random(token) ? Structure::unknown : Structure::invalid, ""};
}

// The pattern is all of the vendor's form: a prefix of its own, one alphabet, one length. Whether the rest is
// random is what can still be told.
StructureResult check_form(std::string_view token) {
  const bool plain = token.size() >= 20 && std::ranges::all_of(token, [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              c == '_' || c == '-' || c == '.';
                     });
  return {plain && looks_random(token) ? Structure::valid : Structure::unknown, ""};
}

// For passwords that no quotes mark off from names and calls of the code around.
StructureResult check_strong(std::string_view value) {
  return {is_strong_password(value) ? Structure::unknown : Structure::invalid, ""};
}

constexpr StructureCheck kChecks[] = {
    {"github-crc32",
     "last 6 = base62(CRC-32(30 characters before)); GitHub's token format announcement of 2021-04",
     check_github},
    {"github-pat-sha256", "8 characters at 77 = base32(SHA-256(first 77 characters)), any case",
     check_github_pat},
    {"github-stateless", "ghs_, app id, then a JSON web token", check_github_stateless},
    {"npm-crc32", "last 6 = base62(CRC-32(30 characters before)), as GitHub's", check_github},
    {"vercel-crc32", "last 6 = base62(CRC-32(what stands between prefix and check))", check_vercel},
    {"atlassian-crc32", "last 8 = upper-case hex CRC-32 of everything before", check_atlassian},
    {"cloudflare-crc32", "last 8 = hex CRC-32 of the 40 characters before; Cloudflare's token formats",
     check_cloudflare},
    {"grafana-crc32", "last 8 = little-endian hex CRC-32 of glsa_ and 32 characters", check_grafana},
    {"confluent-crc32", "weak: last 6 = base64 of the little-endian CRC-32 of the 54 characters before",
     check_confluent},
    {"zuplo-crc32", "weak: last 8 = hex CRC-32 of the body or of all before", check_zuplo},
    {"gitlab-routable", "weak: last 7 = base36(CRC-32(everything before)); GitLab's routable tokens",
     check_gitlab_routable},
    {"azure-storage-marvin32", "last 4 of 64 bytes = Marvin32 of the rest; microsoft/security-utilities",
     check_azure_storage},
    {"azure-key-marvin32", "weak: as the storage key, one of the published seeds for the key's signature",
     check_azure_key},
    {"age-bech32", "Bech32 check characters of BIP 173", check_age},
    {"aws-access-key-id", "base32; the account stands in the first 6 bytes of keys made since 2019",
     check_aws_access_key_id},
    {"jwt",
     "three base64url parts, the first two JSON objects, or five and a JSON header: RFC 7519, RFC 7516",
     check_jwt},
    {"pypi-macaroon", "base64 macaroon, version 2, whose location is a PyPI host", check_pypi},
    {"json-token", "base64 of a JSON object after the prefix", check_json_token},
    {"form",
     "the vendor's prefix, alphabet and exact length, as its rule's pattern has them, and random otherwise",
     check_form},
    {"random", "no formula: invalid when the value reads like words, a number or a name", check_random, true},
    {"strong", "no formula: invalid unless the value is random or mixes kinds of characters as passwords do",
     check_strong, true},
    {"private-key", "PEM, OpenSSH or PuTTY key that parses: kind, bits, encrypted or not", check_private_key},
};

}  // namespace

std::span<const StructureCheck> structure_checks() {
  return kChecks;
}

const StructureCheck* find_structure_check(std::string_view name) {
  const auto* found = std::ranges::find(kChecks, name, &StructureCheck::name);
  return found == std::end(kChecks) ? nullptr : found;
}

}  // namespace fanlight::detect
