// Check values are verified against vectors computed by an independent implementation, then the same on
// made-up tokens: right ones are proved, a changed character is not. Tokens stand here in pieces.
#include "fanlight/detect/structure.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <vector>

#include "fanlight/core/random.hpp"
#include "fanlight/detect/examples.hpp"

namespace fanlight::detect {
namespace {

std::string repeat(std::string_view unit, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += unit;
  return out;
}

StructureResult run(std::string_view check, std::string_view secret) {
  const StructureCheck* found = find_structure_check(check);
  BOOST_REQUIRE_MESSAGE(found != nullptr, "no check " << check);
  return found->run(secret);
}

struct Row {
  std::string_view name;
  std::string_view check;
  std::string token;
  Structure structure;
  std::string_view detail = {};  // contained in the detail
};

void verify(const Row& row) {
  BOOST_TEST_CONTEXT(row.name) {
    const StructureResult result = run(row.check, row.token);
    BOOST_TEST(static_cast<int>(result.structure) == static_cast<int>(row.structure));
    BOOST_TEST(result.detail.find(row.detail) != std::string::npos, "detail is: " << result.detail);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(structure)

BOOST_AUTO_TEST_CASE(known_vectors) {
  const std::string hub = repeat("q7Zt", 7) + "Bx",
                    pat = "A1b2C3d4E5f6G7h8I9j0K1_m4N" + repeat("m4N", 13) + "m";
  const std::vector<Row> rows{
      {"GitHub classic", "github-crc32", "gh" + ("p_" + hub) + "1Pni5d", Structure::valid},
      {"GitHub classic, wrong", "github-crc32", "gh" + ("p_" + hub) + "1Pni5e", Structure::invalid},
      {"GitHub of another length says nothing", "github-crc32", "gh" + ("p_" + hub), Structure::unknown},
      {"fine-grained", "github-pat-sha256", "github_" + ("pat_" + pat) + "P2B62TX2aaaaaaaa",
       Structure::valid},
      {"fine-grained in small letters", "github-pat-sha256", "github_" + ("pat_" + pat) + "p2b62tx2aaaaaaaa",
       Structure::valid},
      {"fine-grained, wrong", "github-pat-sha256", "github_" + ("pat_" + pat) + "Q2B62TX2aaaaaaaa",
       Structure::invalid},
      {"npm", "npm-crc32", "np" + ("m_" + hub) + "1Pni5d", Structure::valid},
      {"Vercel", "vercel-crc32", "vc" + ("p_" + hub) + "1Pni5d", Structure::valid},
      {"Bitbucket", "atlassian-crc32", "AT" + std::string("BBk3Fv9Lq2Wd7Rt1Xs8Zp4Nb6M") + "66EDFA5B",
       Structure::valid},
      {"Bitbucket, wrong", "atlassian-crc32", "AT" + std::string("BBk3Fv9Lq2Wd7Rt1Xs8Zp4Nb6M") + "66EDFA5C",
       Structure::invalid},
      {"Cloudflare", "cloudflare-crc32", "cf" + ("k_" + repeat("u5Hc", 10)) + "a2869e9e", Structure::valid},
      {"Cloudflare, wrong", "cloudflare-crc32", "cf" + ("k_" + repeat("u5Hc", 10)) + "a2869e9f",
       Structure::invalid},
      {"Grafana, little-endian", "grafana-crc32", "gl" + ("sa_" + repeat("Yw6K", 8)) + "_a5044710",
       Structure::valid},
      {"Grafana, big-endian is wrong", "grafana-crc32", "gl" + ("sa_" + repeat("Yw6K", 8)) + "_104704a5",
       Structure::invalid},
      {"Confluent", "confluent-crc32", "cf" + ("lt" + repeat("n8Jd3P", 9)) + "bAySbw", Structure::valid},
      {"Confluent is weak", "confluent-crc32", "cf" + ("lt" + repeat("n8Jd3P", 9)) + "bAySbx",
       Structure::unknown},
      {"GitLab routable", "gitlab-routable", "gl" + ("pat-" + repeat("r2Vm7Tk9", 5)) + ".01.1411hj3he",
       Structure::valid},
      {"GitLab routable is weak", "gitlab-routable",
       "gl" + ("pat-" + repeat("r2Vm7Tk9", 5)) + ".01.1411hj3hf", Structure::unknown},
      {"Azure storage", "azure-storage-marvin32",
       std::string("CzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8") +
           "YYar0PUaP2SJrtP4HUJnjLHW+yBFao+02f4j+AStdruoOQ==",
       Structure::valid},
      {"Azure storage, wrong", "azure-storage-marvin32",
       std::string("DzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8") +
           "YYar0PUaP2SJrtP4HUJnjLHW+yBFao+02f4j+AStdruoOQ==",
       Structure::invalid},
      {"AWS account", "aws-access-key-id", std::string("AK") + "IARZPUZDIKAVNBPQ4Z", Structure::unknown,
       "account 123456789012"},
  };
  for (const Row& row : rows) verify(row);
}

BOOST_AUTO_TEST_CASE(made_up_tokens_are_proved) {
  constexpr std::uint64_t seed = 20261122;
  SeededRandom forms(seed);
  for (int i = 0; i < 100; ++i)
    verify({"prefix and length", "form", "acme_" + expand_example("{{base62:32}}", forms), Structure::valid});
  BOOST_TEST_MESSAGE("seed " << seed);
  SeededRandom random(seed);
  const std::vector<std::array<std::string_view, 3>> rows{
      {"github-crc32", "{{github:ghp_}}", "checksum"},
      {"github-crc32", "{{github:ghr_}}", "checksum"},
      {"github-pat-sha256", "{{github-pat}}", "checksum"},
      {"github-stateless", "ghs_123456_{{jwt}}", "app 123456"},
      {"npm-crc32", "{{npm}}", "checksum"},
      {"vercel-crc32", "{{vercel:vck_}}", "checksum"},
      {"atlassian-crc32", "{{atlassian:ATATT3}}", "checksum"},
      {"atlassian-crc32", "{{atlassian:ATBB}}", "checksum"},
      {"cloudflare-crc32", "{{cloudflare:cfat_}}", "checksum"},
      {"grafana-crc32", "{{grafana}}", "checksum"},
      {"confluent-crc32", "{{confluent}}", "checksum"},
      {"zuplo-crc32", "{{zuplo}}", "checksum"},
      {"gitlab-routable", "{{gitlab-routable:glpat-}}", "checksum"},
      {"azure-storage-marvin32", "{{azure-storage}}", "checksum"},
      {"azure-key-marvin32", "{{azure-key:ACDb}}", "Cosmos DB, read and write"},
      {"azure-key-marvin32", "{{azure-key:+ASb}}", "Service Bus, manage"},
      {"azure-key-marvin32", "{{azure-key:AIoT}}", "IoT Hub"},
      {"age-bech32", "{{age}}", "checksum"},
      {"jwt", "{{jwt}}", "alg HS256"},
      {"jwt", "{{jwt:expired}}", "expires 2017-07-14"},
      {"pypi-macaroon", "{{pypi}}", "for pypi.org"},
      {"pypi-macaroon", "{{pypi:test.pypi.org}}", "for test.pypi.org"},
      {"json-token", "{{json-token:grafana-cloud}}", ""},
      {"json-token", "{{json-token:grafana-key}}", ""},
      {"json-token", "{{json-token:sentry-org}}", "at us.sentry.io"},
      {"json-token", "{{json-token:1password}}", ""},
      {"private-key", "{{pem:rsa}}", "RSA 1024 bits, not encrypted"},
      {"private-key", "{{pem-escaped:rsa}}", "RSA 1024 bits, not encrypted"},
      {"private-key", "{{pem:ec}}", "EC 256 bits, not encrypted"},
      {"private-key", "{{pem:pkcs8}}", "ED25519 256 bits, not encrypted"},
      {"private-key", "{{pem:pkcs8-encrypted}}", "PKCS#8, encrypted"},
      {"private-key", "{{pem:rsa-encrypted}}", "encrypted"},
      {"private-key", "{{pem:openssh}}", "OpenSSH ssh-ed25519, not encrypted"},
      {"private-key", "{{pem:openssh-encrypted}}", "OpenSSH ssh-ed25519, encrypted"},
      {"private-key", "{{putty}}", "PuTTY, not encrypted"},
  };
  for (const auto& [check, text, detail] : rows)
    for (int i = 0; i < 5; ++i) verify({text, check, expand_example(text, random), Structure::valid, detail});
}

BOOST_AUTO_TEST_CASE(a_changed_character_is_not_proved) {
  SeededRandom random(7);
  const std::set<std::string_view> weak{"{{confluent}}", "{{zuplo}}", "{{gitlab-routable}}",
                                        "{{azure-key:ACDb}}"};
  const std::vector<std::array<std::string_view, 2>> rows{{"github-crc32", "{{github:ghp_}}"},
                                                          {"github-pat-sha256", "{{github-pat}}"},
                                                          {"npm-crc32", "{{npm}}"},
                                                          {"vercel-crc32", "{{vercel}}"},
                                                          {"atlassian-crc32", "{{atlassian}}"},
                                                          {"cloudflare-crc32", "{{cloudflare}}"},
                                                          {"grafana-crc32", "{{grafana}}"},
                                                          {"azure-storage-marvin32", "{{azure-storage}}"},
                                                          {"age-bech32", "{{age}}"},
                                                          {"confluent-crc32", "{{confluent}}"},
                                                          {"zuplo-crc32", "{{zuplo}}"},
                                                          {"gitlab-routable", "{{gitlab-routable}}"},
                                                          {"azure-key-marvin32", "{{azure-key:ACDb}}"}};
  for (const auto& [check, text] : rows) {
    std::string token = expand_example(text, random);
    char& changed = token[token.size() / 2];
    changed = changed == '7' ? '4' : '7';
    verify({text, check, token, weak.contains(text) ? Structure::unknown : Structure::invalid});
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_token_is_harmless) {
  SeededRandom random(11);
  const std::vector<Row> rows{
      {"JWT whose header is text", "jwt", "aGVsbG8.aGVsbG8.aGVsbG8", Structure::invalid},
      {"JWT without algorithm", "jwt", "eyJ0eXAiOiJKV1QifQ.e30.c2ln", Structure::invalid},
      {"the example of jwt.io", "jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2ln",
       Structure::invalid},
      {"two parts", "jwt", "eyJ0eXAiOiJKV1QifQ.e30", Structure::unknown},
      {"PEM that does not parse is unknown", "private-key",
       expand_example("{{}}-----BEGIN{{}} RSA PRIVATE KEY-----\n{{base64:64}}\n-----END RSA PRIVATE KEY-----",
                      random),
       Structure::unknown},
      {"macaroon of another site", "pypi-macaroon", expand_example("{{pypi:pypi.evil.test}}", random),
       Structure::invalid},
      {"a form with words in it", "form", "acme_this_is_not_a_random_value", Structure::unknown},
      {"a form that is cut off", "form", "acme_7f3K9", Structure::unknown},
      {"older AWS id has no account", "aws-access-key-id", std::string("AK") + "IAIZ2345ABCDEFGHIJ",
       Structure::unknown},
  };
  for (const Row& row : rows) verify(row);
  // Hostile bytes: every check takes anything.
  for (const StructureCheck& check : structure_checks()) {
    BOOST_TEST(!check.about.empty());
    for (const std::size_t size : {0, 1, 3, 7, 8, 20, 40, 46, 64, 85, 100, 4000}) {
      std::string bytes(size, '\0');
      random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
      BOOST_TEST(static_cast<int>(check.run(bytes).structure) != static_cast<int>(Structure::valid),
                 check.name << " proves noise of " << size << " bytes");
      for (const char fill : {'A', '.', '_', '=', '-'}) check.run(std::string(size, fill));
    }
  }
}

BOOST_AUTO_TEST_CASE(names_are_unique) {
  std::set<std::string_view> names;
  for (const StructureCheck& check : structure_checks()) BOOST_TEST(names.insert(check.name).second);
  BOOST_TEST(find_structure_check("no-such-check") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::detect
