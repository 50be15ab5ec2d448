#include "fanlight/detect/examples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "examples_keys.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/detect/judge.hpp"
#include "token_formulas.hpp"

namespace fanlight::detect {
namespace {

constexpr std::size_t kLengthMax = 4096;

std::string draw(std::string_view alphabet, std::size_t length, Random& random) {
  std::string out;
  for (std::size_t i = 0; i < length; ++i) out.push_back(alphabet[random.below(alphabet.size())]);
  return out;
}

bool holds_any(std::string_view text, std::string_view characters) {
  return text.find_first_of(characters) != std::string_view::npos;
}

// A real token is random as a whole: it has digits when its alphabet has them, and reads like nothing. Short
// draws often do not, so they are drawn again; the bound only matters for lengths that cannot satisfy this.
std::string mixed(std::string_view alphabet, std::size_t length, Random& random) {
  std::string out;
  for (int attempt = 0; attempt < 64; ++attempt) {
    out = draw(alphabet, length, random);
    if (length < 8) break;
    bool good = !is_placeholder(out);
    for (const std::string_view part : {kDigits, kUpper, kLower})
      if (holds_any(alphabet, part) && alphabet.find(part.back()) != std::string_view::npos)
        good = good && holds_any(out, part);
    if (good) break;
  }
  return out;
}

std::size_t length_of(std::string_view argument, std::size_t otherwise) {
  std::size_t length = otherwise;
  std::from_chars(argument.data(), argument.data() + argument.size(), length);
  return std::min(length, kLengthMax);
}

constexpr std::string_view kBase64Alphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/";
constexpr std::string_view kBase64UrlAlphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

template <const auto& Alphabet>
std::string characters(std::string_view argument, Random& random) {
  return mixed(Alphabet, length_of(argument, 32), random);
}

constexpr std::string_view kHexLower = "0123456789abcdef", kHexUpper = "0123456789ABCDEF";
constexpr std::string_view kBase32Lower = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view kUpperDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::string uuid(std::string_view, Random& random) {
  const std::string h = random.hex(16);
  return fmt::format("{}-{}-4{}-a{}-{}", h.substr(0, 8), h.substr(8, 4), h.substr(13, 3), h.substr(17, 3),
                     h.substr(20, 12));
}

constexpr std::array<std::string_view, 24> kWords{
    "river",  "window", "garden", "letter", "bridge", "summer", "paper",  "silver",
    "market", "winter", "copper", "yellow", "planet", "harbor", "candle", "meadow",
    "forest", "engine", "island", "basket", "saddle", "pepper", "marble", "thunder"};

std::string words(std::string_view argument, Random& random) {
  std::string out;
  for (std::size_t i = 0; i < length_of(argument, 3); ++i)
    out.append(out.empty() ? "" : " ").append(kWords[random.below(kWords.size())]);
  return out;
}

// What a person makes up: a word with a capital, digits, marks: "Copper4821!mQ".
std::string password(std::string_view, Random& random) {
  std::string word(kWords[random.below(kWords.size())]);
  word[0] = static_cast<char>(word[0] - 32);
  constexpr std::string_view marks = "!?*+=%#-_";
  return word + draw(kDigits, 4, random) + marks[random.below(marks.size())] + draw(kBase62, 2, random);
}

// Shorter and weaker, in the shapes that people have for it: "river42!", "Copper@2019", "s1lv3r#07",
// "pepper31", "marbleGarden5", letters without a word, "planet-Basket_60".
std::string human_password(std::string_view, Random& random) {
  const auto word = [&] { return std::string(kWords[random.below(kWords.size())]); };
  const auto capital = [&] {
    std::string out = word();
    out[0] = static_cast<char>(out[0] - 32);
    return out;
  };
  constexpr std::string_view marks = "!@#*+=_-%";
  const std::string mark(1, marks[random.below(marks.size())]);
  switch (random.below(10)) {
    case 0:
      return word() + draw(kDigits, 2, random) + "!";
    case 1:
      return capital() + "@20" + draw("012", 1, random) + draw(kDigits, 1, random);
    case 2: {
      std::string out = word();
      for (char& c : out) c = c == 'e' ? '3' : c == 'i' ? '1' : c == 'a' ? '4' : c == 'o' ? '0' : c;
      return out + "#" + draw(kDigits, 2, random);
    }
    case 3:
      return word() + draw(kDigits, 2, random);
    case 4:
      return word() + capital() + draw(kDigits, 1, random);
    case 5:
      return draw("bcdfghjklmnpqrstvwxz", 3, random) + draw("abcdefghijklmnopqrstuvwxyz", 6, random);
    case 6:
      return mixed(kBase62, 8, random);
    case 7:
      return password({}, random);
    case 8:
      return word() + "-" + capital() + "_" + draw(kDigits, 2, random);
    default:
      return draw(kUpper, 2, random) + draw(kLower, 3, random) + mark + mixed(kBase62, 5, random);
  }
}

std::string github(std::string_view prefix, Random& random) {
  const std::string body = mixed(kBase62, 30, random);
  return fmt::format("{}{}{}", prefix.empty() ? "ghp_" : prefix, body, crc32_base62(body));
}

std::string github_pat(std::string_view, Random& random) {
  const std::string start =
      "github_pat_" + mixed(kBase62, 22, random) + "_" + mixed(kBase62, 43, random);  // 77 characters
  const Sha256 digest = sha256(start);
  const std::string check =
      to_base32({reinterpret_cast<const char*>(digest.data()), digest.size()}).substr(0, 8);
  return start + check + mixed(kBase62, 8, random);
}

std::string npm(std::string_view, Random& random) {
  return github("npm_", random);
}

std::string vercel(std::string_view prefix, Random& random) {
  const std::string body = mixed(kBase62, 50, random);
  return fmt::format("{}{}{}", prefix.empty() ? "vcp_" : prefix, body, crc32_base62(body));
}

// Argument: the prefix, ATATT3 (the default), ATCTT3 or ATBB, whose bodies differ in length.
std::string atlassian(std::string_view prefix, Random& random) {
  std::string out(prefix.empty() ? "ATATT3" : prefix);
  out += out == "ATBB" ? mixed(kBase62, 24, random) : "xFfG" + mixed(kBase64UrlAlphabet, 173, random) + "=";
  return out + hex_big_endian(crc32(out), true);
}

std::string cloudflare(std::string_view prefix, Random& random) {
  const std::string body = mixed(kBase62, 40, random);
  return fmt::format("{}{}{}", prefix.empty() ? "cfut_" : prefix, body, hex_big_endian(crc32(body)));
}

std::string grafana(std::string_view, Random& random) {
  const std::string start = "glsa_" + mixed(kBase62, 32, random);
  return start + "_" + hex_little_endian(crc32(start));
}

std::string confluent(std::string_view, Random& random) {
  const std::string body = mixed(kBase64Alphabet, 54, random);
  return "cflt" + body + crc32_base64(body);
}

std::string zuplo(std::string_view, Random& random) {
  const std::string body = mixed(kBase62, 32, random);
  return "zpka_" + body + "_" + hex_big_endian(crc32(body));
}

// prefix, payload, version, payload length in base 36, CRC-32 of all that in base 36.
std::string gitlab_routable(std::string_view prefix, Random& random) {
  const std::string payload = mixed(kBase64UrlAlphabet, 40, random);
  const std::string start = fmt::format("{}{}.01.{}", prefix.empty() ? "glpat-" : prefix, payload,
                                        to_positional(payload.size(), kBase36, 2));
  return start + to_positional(crc32(start), kBase36, 7);
}

// `bytes` random bytes, the signature at its place in the base64 form, and the Marvin32 of all before the
// last four.
std::string azure_identifiable(std::size_t bytes, std::string_view signature, std::string_view seed,
                               Random& random) {
  std::string key(bytes, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(key.data()), key.size()});
  std::string text = to_base64(key);
  const std::size_t padding = text.size() - std::min(text.find('='), text.size());
  text.replace(text.size() - padding - 10, 4, signature);
  key = from_base64(text).value_or(key);
  // The bits between the signature and the check value belong to no byte of either; the vendor leaves them
  // zero.
  const std::size_t end = bytes - 4;
  const std::size_t spare = (end * 8) % 6;
  key[end - 1] = static_cast<char>(key[end - 1] & (0xff << spare));
  const std::uint32_t check = marvin32({key.data(), end}, marvin_seed(seed));
  for (std::size_t i = 0; i < 4; ++i) key[end + i] = static_cast<char>((check >> (8 * i)) & 0xff);
  return to_base64(key);
}

std::string azure_storage(std::string_view, Random& random) {
  return azure_identifiable(64, "+ASt", "Default0", random);
}

std::string azure_key(std::string_view signature, Random& random) {
  if (signature == "ACDb") return azure_identifiable(64, signature, "MastRW00", random);
  if (signature == "+ABa") return azure_identifiable(64, signature, "AbAcct00", random);
  if (signature == "AIoT") return azure_identifiable(32, signature, "IoTHub00", random);
  return azure_identifiable(32, "+ASb", "Manage00", random);
}

// An access key id whose account can be read from it, as in all that AWS makes since 2019.
std::string aws_id(std::string_view prefix, Random& random) {
  for (;;) {
    const std::uint64_t account = 100'000'000'000 + random.below(900'000'000'000);
    const std::uint64_t bits = 0x8000'0000'0000 | (account << 7) | random.below(128);
    std::string bytes;
    for (int shift = 40; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((bits >> shift) & 0xff));
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(random.below(256)));
    const std::string body = to_base32(bytes);
    if (!is_placeholder(body) && holds_any(body, kDigits))
      return fmt::format("{}{}", prefix.empty() ? "AKIA" : prefix, body);
  }
}

std::string json_part(std::string_view json) {
  return to_base64url(json);
}

// Argument: empty (valid for years) or "expired".
std::string jwt(std::string_view kind, Random& random) {
  const std::uint64_t expiry = kind == "expired" ? 1'500'000'000 : 4'000'000'000;
  return json_part(R"({"alg":"HS256","typ":"JWT"})") + "." +
         json_part(fmt::format(R"({{"iss":"https://login.{}.org/","sub":"{}","exp":{}}})",
                               kWords[random.below(kWords.size())], random.hex(8), expiry)) +
         "." + mixed(kBase64UrlAlphabet, 43, random);
}

// Base64 of a small JSON object, as several vendors wrap their tokens. Argument: its shape.
std::string json_token(std::string_view shape, Random& random) {
  if (shape == "grafana-cloud")
    return "glc_" + to_base64(fmt::format(R"({{"o":"{}","n":"deploy","k":"{}","m":{{"r":"eu"}}}})",
                                          draw(kDigits, 6, random), mixed(kBase62, 24, random)));
  if (shape == "grafana-key")
    return to_base64(
        fmt::format(R"({{"k":"{}","n":"deploy","id":{}}})", mixed(kBase62, 32, random), 1 + random.below(9)));
  if (shape == "sentry-org")
    return "sntrys_" +
           to_base64(fmt::format(
               R"({{"iat":1700000000.{},"url":"https://sentry.io","region_url":"https://us.sentry.io","org":"{}"}})",
               draw(kDigits, 6, random), kWords[random.below(kWords.size())])) +
           "_" + mixed(kBase64Alphabet, 43, random);
  return "ops_" + to_base64(fmt::format(
                      R"({{"signInAddress":"my.1password.com","userAuth":{{"salt":"{}"}},"key":"{}"}})",
                      mixed(kBase62, 22, random), mixed(kBase62, 180, random)));
}

std::string pypi(std::string_view host, Random& random) {
  const std::string location(host.empty() ? "pypi.org" : host);
  const auto field = [](char type, std::string_view text) {
    return std::string(1, type) + static_cast<char>(text.size()) + std::string(text);
  };
  const std::string caveat = fmt::format(R"([2,["{}"]])", uuid({}, random));
  std::string signature(32, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(signature.data()), signature.size()});
  const std::string end(1, '\0');
  return "pypi-" + to_base64url(std::string("\x02") + field(1, location) + field(2, uuid({}, random)) + end +
                                field(2, caveat) + end + end + field(6, signature));
}

std::string age(std::string_view, Random& random) {
  std::vector<std::uint8_t> groups;
  for (int i = 0; i < 51; ++i) groups.push_back(static_cast<std::uint8_t>(random.below(32)));
  groups.push_back(static_cast<std::uint8_t>(random.below(2) * 16));  // 256 bits fill 51 groups and one bit
  std::string out = "AGE-SECRET-KEY-1";
  const auto append = [&](std::uint8_t group) {
    const char c = kBech32[group];
    out.push_back(c >= 'a' ? static_cast<char>(c - 32) : c);
  };
  for (const std::uint8_t group : groups) append(group);
  for (const std::uint8_t group : bech32_checksum("age-secret-key-", groups)) append(group);
  return out;
}

std::string putty(std::string_view, Random& random) {
  return make_putty_key(random);
}

struct Generator {
  ExampleGenerator shown;
  std::string (*run)(std::string_view argument, Random& random);
};

constexpr Generator kGenerators[] = {
    {{"base62", "N characters of 0-9A-Za-z"}, characters<kBase62>},
    {{"hex", "N lower-case hex digits"}, characters<kHexLower>},
    {{"HEX", "N upper-case hex digits"}, characters<kHexUpper>},
    {{"base64", "N characters of the base64 alphabet, no padding"}, characters<kBase64Alphabet>},
    {{"base64url", "N characters of the URL-safe base64 alphabet"}, characters<kBase64UrlAlphabet>},
    {{"base32", "N characters of A-Z2-7"}, characters<kBase32>},
    {{"base32-lower", "N characters of a-z2-7"}, characters<kBase32Lower>},
    {{"digits", "N digits"}, characters<kDigits>},
    {{"upper", "N upper-case letters"}, characters<kUpper>},
    {{"lower", "N lower-case letters"}, characters<kLower>},
    {{"alnum-lower", "N characters of 0-9a-z"}, characters<kBase36>},
    {{"alnum-upper", "N characters of 0-9A-Z"}, characters<kUpperDigits>},
    {{"uuid", "a version 4 UUID"}, uuid},
    {{"words", "N English words with spaces between"}, words},
    {{"password", "what a person makes up as a password"}, password},
    {{"human", "what a person makes up as a short password"}, human_password},
    {{"github", "GitHub token with prefix ghp_, gho_, ghu_, ghs_ or ghr_"}, github},
    {{"github-pat", "GitHub fine-grained token"}, github_pat},
    {{"npm", "npm access token"}, npm},
    {{"vercel", "Vercel token with prefix vcp_, vck_, vca_, vci_ or vcr_"}, vercel},
    {{"atlassian", "Atlassian token with prefix ATATT3, ATCTT3 or ATBB"}, atlassian},
    {{"cloudflare", "Cloudflare token with prefix cfk_, cfut_ or cfat_"}, cloudflare},
    {{"grafana", "Grafana service account token"}, grafana},
    {{"confluent", "Confluent API secret"}, confluent},
    {{"zuplo", "Zuplo API key"}, zuplo},
    {{"gitlab-routable", "GitLab routable token with a prefix such as glpat-"}, gitlab_routable},
    {{"azure-storage", "Azure storage account key"}, azure_storage},
    {{"azure-key", "Azure key with signature ACDb, +ABa, AIoT or +ASb"}, azure_key},
    {{"aws-id", "AWS access key id with prefix AKIA or ASIA"}, aws_id},
    {{"jwt", "JSON web token; 'expired' for one of 2017"}, jwt},
    {{"json-token", "base64 of JSON: grafana-cloud, grafana-key, sentry-org or 1password"}, json_token},
    {{"pypi", "PyPI token; the argument is the host"}, pypi},
    {{"age", "age identity"}, age},
    {{"pem",
      "private key: rsa, ec, pkcs8, pkcs8-encrypted, rsa-encrypted, openssh, openssh-encrypted, pgp; public, "
      "certificate"},
     make_pem},
    {{"pem-escaped", "the same on one line with \\n"}, make_escaped_pem},
    {{"putty", "PuTTY private key"}, putty},
};

const Generator* find_generator(std::string_view name) {
  const auto* found = std::ranges::find(kGenerators, name, [](const Generator& g) { return g.shown.name; });
  return found == std::end(kGenerators) ? nullptr : found;
}

}  // namespace

std::span<const ExampleGenerator> example_generators() {
  static const auto shown = [] {
    std::vector<ExampleGenerator> out;
    for (const Generator& generator : kGenerators) out.push_back(generator.shown);
    return out;
  }();
  return shown;
}

std::string expand_example(std::string_view text, Random& random) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find("{{");
    const auto close = open == std::string_view::npos ? open : text.find("}}", open + 2);
    if (close == std::string_view::npos) return out.append(text);
    out.append(text.substr(0, open));
    const std::string_view inside = text.substr(open + 2, close - open - 2);
    const auto colon = inside.find(':');
    const Generator* generator = find_generator(inside.substr(0, colon));
    if (generator == nullptr &&
        !inside.empty()) {  // somebody else's braces: a generator may start one further
      out.push_back('{');
      text.remove_prefix(open + 1);
      continue;
    }
    if (generator != nullptr)
      out += generator->run(colon == std::string_view::npos ? "" : inside.substr(colon + 1), random);
    text.remove_prefix(close + 2);
  }
  return out;
}

}  // namespace fanlight::detect
