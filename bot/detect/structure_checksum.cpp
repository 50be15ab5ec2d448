// Tokens that end in a check value. A formula that was confirmed on few published tokens (facts: "weak")
// proves `valid` when it holds, since it holds by chance once in 2^32, and says nothing when it does not.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "structure_parts.hpp"
#include "token_formulas.hpp"

namespace fanlight::detect {
namespace {

StructureResult checksum(bool right) {
  return right ? StructureResult{Structure::valid, "checksum valid"}
               : StructureResult{Structure::invalid, "checksum wrong"};
}

StructureResult weak_checksum(bool right) {
  return right ? StructureResult{Structure::valid, "checksum valid"} : StructureResult{};
}

// What follows the first `_`; empty without one.
std::string_view after_prefix(std::string_view token) {
  const auto underscore = token.find('_');
  return underscore == std::string_view::npos ? std::string_view{} : token.substr(underscore + 1);
}

StructureResult check_crc32_base62(std::string_view body) {
  if (body.size() <= 6) return {};
  return checksum(crc32_base62(body.substr(0, body.size() - 6)) == body.substr(body.size() - 6));
}

std::string_view last(std::string_view text, std::size_t count) {
  return text.substr(text.size() - count);
}
std::string_view without_last(std::string_view text, std::size_t count) {
  return text.substr(0, text.size() - count);
}

}  // namespace

StructureResult check_github(std::string_view token) {
  const std::string_view body = after_prefix(token);
  if (body.size() != 36) return {};  // longer forms exist and carry no known check value
  return check_crc32_base62(body);
}

StructureResult check_github_pat(std::string_view token) {
  if (token.size() < 85) return {};
  const Sha256 digest = sha256(token.substr(0, 77));
  const std::string wanted =
      to_base32({reinterpret_cast<const char*>(digest.data()), digest.size()}).substr(0, 8);
  return checksum(iequals(wanted, token.substr(77, 8)));
}

StructureResult check_vercel(std::string_view token) {
  return check_crc32_base62(after_prefix(token));
}

StructureResult check_atlassian(std::string_view token) {
  if (token.size() <= 12) return {};
  return checksum(hex_big_endian(crc32(without_last(token, 8)), true) == last(token, 8));
}

StructureResult check_cloudflare(std::string_view token) {
  const std::string_view body = after_prefix(token);
  if (body.size() != 48) return {};
  return checksum(iequals(hex_big_endian(crc32(body.substr(0, 40))), body.substr(40)));
}

StructureResult check_grafana(std::string_view token) {
  if (token.size() != 46) return {};
  return checksum(iequals(hex_little_endian(crc32(token.substr(0, 37))), token.substr(38)));
}

StructureResult check_confluent(std::string_view token) {
  if (token.size() != 64) return {};
  return weak_checksum(crc32_base64(token.substr(4, 54)) == token.substr(58));
}

StructureResult check_zuplo(std::string_view token) {
  const auto underscore = token.rfind('_');
  if (underscore == std::string_view::npos || token.size() - underscore != 9) return {};
  const std::string_view whole = token.substr(0, underscore), check = token.substr(underscore + 1);
  return weak_checksum(iequals(hex_big_endian(crc32(after_prefix(whole))), check) ||
                       iequals(hex_big_endian(crc32(whole)), check));
}

StructureResult check_gitlab_routable(std::string_view token) {
  // Below 2^32 fits seven base 36 digits, padded with zeros.
  if (token.size() < 16 || token[token.size() - 10] != '.') return {};
  return weak_checksum(to_positional(crc32(without_last(token, 7)), kBase36, 7) == last(token, 7));
}

namespace {

bool marvin_holds(std::string_view key, std::string_view seed) {
  if (key.size() <= 4) return false;
  const std::uint32_t sum = marvin32(without_last(key, 4), marvin_seed(seed));
  for (std::size_t i = 0; i < 4; ++i)
    if (static_cast<unsigned char>(key[key.size() - 4 + i]) != ((sum >> (8 * i)) & 0xff)) return false;
  return true;
}

// Seeds as published, by the signature ten characters before the padding.
struct AzureSeed {
  std::string_view signature, seed, what;
};
constexpr std::array kAzureSeeds = std::to_array<AzureSeed>({
    {"+ASt", "Default0", "storage account"},
    {"+ABa", "AbAcct00", "Batch account"},
    {"ACDb", "MastRW00", "Cosmos DB, read and write"},
    {"ACDb", "MastRO00", "Cosmos DB, read only"},
    {"+ASb", "Send0000", "Service Bus, send"},
    {"+ASb", "Listen00", "Service Bus, listen"},
    {"+ASb", "Manage00", "Service Bus, manage"},
    {"+AEh", "Send0000", "Event Hubs, send"},
    {"+AEh", "Listen00", "Event Hubs, listen"},
    {"+AEh", "Manage00", "Event Hubs, manage"},
    {"+ARm", "Send0000", "Relay, send"},
    {"+ARm", "Listen00", "Relay, listen"},
    {"+ARm", "Manage00", "Relay, manage"},
    {"AIoT", "IoTHub00", "IoT Hub"},
    {"AIoT", "DpsKey00", "IoT device provisioning"},
    {"AIoT", "Device00", "IoT device"},
    {"APIM", "Tenant00", "API Management, direct management"},
    {"APIM", "IoTHub00", "API Management, subscription"},
    {"APIM", "Gateway0", "API Management, gateway"},
    {"APIM", "GitKey00", "API Management, repository"},
    {"AzCa", "Access00", "Cache for Redis"},
    {"AzFu", "Master00", "Functions, master"},
    {"AzFu", "System00", "Functions, system"},
    {"AzFu", "Functi00", "Functions"},
    {"AzSe", "Query000", "AI Search, query"},
    {"AzSe", "PAdmin00", "AI Search, admin"},
    {"+ACR", "ACRDflt0", "Container Registry"},
    {"+AMC", "Classic0", "Machine Learning classic"},
});

std::string_view azure_signature(std::string_view token) {
  while (!token.empty() && token.back() == '=') token.remove_suffix(1);
  return token.size() < 20 ? std::string_view{} : token.substr(token.size() - 10, 4);
}

}  // namespace

StructureResult check_azure_storage(std::string_view token) {
  const auto key = from_base64(token);
  if (!key || key->size() != 64) return {};
  if (azure_signature(token) != "+ASt")
    return {};  // keys made before 2022 have neither signature nor checksum
  return checksum(marvin_holds(*key, "Default0"));
}

StructureResult check_azure_key(std::string_view token) {
  const auto key = from_base64(token);
  const std::string_view signature = azure_signature(token);
  if (!key || signature.empty()) return {};
  for (const AzureSeed& row : kAzureSeeds)
    if (row.signature == signature && marvin_holds(*key, row.seed))
      return {Structure::valid, fmt::format("{}, checksum valid", row.what)};
  return {};
}

StructureResult check_age(std::string_view token) {
  const std::string lower = to_lower(token);
  const auto one = lower.rfind('1');
  if (one == std::string::npos || lower.size() - one < 8) return {};
  std::vector<std::uint8_t> groups;
  for (const char c : std::string_view(lower).substr(one + 1)) {
    const auto value = kBech32.find(c);
    if (value == std::string_view::npos) return {Structure::invalid, "not Bech32"};
    groups.push_back(static_cast<std::uint8_t>(value));
  }
  const std::vector<std::uint8_t> check(groups.end() - 6, groups.end());
  groups.resize(groups.size() - 6);
  return checksum(std::ranges::equal(bech32_checksum(std::string_view(lower).substr(0, one), groups), check));
}

StructureResult check_aws_access_key_id(std::string_view token) {
  if (token.size() != 20) return {};
  const auto bytes = from_base32(token.substr(4));
  if (!bytes) return {Structure::invalid, "not base32"};
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 6; ++i) bits = (bits << 8) | static_cast<unsigned char>((*bytes)[i]);
  const std::uint64_t account = (bits & 0x7fff'ffff'ff80) >> 7;
  // Older keys have the top bit clear and no account inside.
  if ((bits >> 47) == 0 || account >= 1'000'000'000'000) return {};
  return {Structure::unknown, fmt::format("account {:012}", account)};
}

}  // namespace fanlight::detect
