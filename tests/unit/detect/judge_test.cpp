#include "fanlight/detect/judge.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

#include "fanlight/core/random.hpp"
#include "fanlight/detect/examples.hpp"

namespace fanlight::detect {

BOOST_AUTO_TEST_SUITE(judge)

BOOST_AUTO_TEST_CASE(references) {
  for (const std::string_view value : {"var.db_password",
                                       "local.secrets.api",
                                       "module.db.password",
                                       "${DB_PASSWORD}",
                                       "$DB_PASSWORD",
                                       "$(cat /run/x)",
                                       "{{ vault_db_password }}",
                                       "<your-token>",
                                       "%(password)s",
                                       "os.environ[\"TOKEN\"]",
                                       "process.env.API_KEY",
                                       "!Ref DbPassword",
                                       "vault://kv/db#password",
                                       "op://infra/db/password",
                                       "arn:aws:secretsmanager:eu-west-1:1:secret:x",
                                       "data.aws_secretsmanager_secret_version.db.secret_string",
                                       "random_password.db.result",
                                       "getPassword()",
                                       "settings.DB_PASSWORD",
                                       "config['password']",
                                       "/run/secrets/db_password",
                                       "./secrets/db.txt",
                                       "~/.ssh/id_rsa",
                                       "DB_PASSWORD",
                                       "SECRET_KEY_BASE",
                                       "%DB_PASSWORD%",
                                       "__DB_PASSWORD__",
                                       "@DB_PASSWORD@",
                                       "ENC[AES256_GCM,data:abc]",
                                       "ENC[PKCS7,MIIBiQ]",
                                       "{cipher}5f3a",
                                       "user.password",
                                       "request->password",
                                       "Config::token",
                                       "secrets.GITHUB_TOKEN",
                                       "!vault |",
                                       "lookup('env', 'TOKEN')",
                                       "{{ .Values.db.password }}",
                                       "<%= ENV['TOKEN'] %>",
                                       "#{token}",
                                       "%s",
                                       "https://vault.example.org/v1/kv",
                                       "server.key",
                                       "*db_password",
                                       "{password}",
                                       "[password]",
                                       "args.password",
                                       ").append(",
                                       "/go/src/github.com/acme/shop"})
    BOOST_TEST(is_reference(value), value);
}

BOOST_AUTO_TEST_CASE(values_are_no_references) {
  for (const std::string_view value :
       {"Sommer2024!x", "hunter2", "correct$Horse9", "p4ss/w0rd!", "Tr0ub4dor&3", "Zx9$kLm2", "a1b2c3d4e5",
        "!Passw0rt99", "#Blau4711", "/8fK2mQ9xLp3Vt7RzN5w", "k.Jh7Gt5Rf4De3", "S0mmer.2024",
        "weypek/ApXzRqKlgBbzQw/bC05wPjLK4Ixj2Ukbq"})
    BOOST_TEST(!is_reference(value), value);
}

BOOST_AUTO_TEST_CASE(placeholders) {
  for (const std::string_view value : {"",
                                       "x",
                                       "changeme",
                                       "ChangeMe123",
                                       "xxxxxxxx",
                                       "********",
                                       "example",
                                       "my-example-key",
                                       "your-api-key",
                                       "YOUR_TOKEN_HERE",
                                       "123456",
                                       "1234567890",
                                       "abcdefgh",
                                       "0000000000000000",
                                       "aaaaaaaa",
                                       "abcabcabc",
                                       "password",
                                       "Password123",
                                       "secret",
                                       "mysecretpassword",
                                       "admin",
                                       "admin123",
                                       "root",
                                       "postgres",
                                       "test1234",
                                       "testPassword1",
                                       "foobar",
                                       "dummy-token",
                                       "REDACTED",
                                       "<redacted>",
                                       "null",
                                       "none",
                                       "true",
                                       "false",
                                       "undefined",
                                       "string",
                                       "required",
                                       "Enter your password",
                                       "user access token",
                                       "Das Passwort ist falsch",
                                       "userAccessToken",
                                       "db-password-prod",
                                       "postgres-credentials",
                                       "AKIA\111OSFODNN7EXAMPLE",
                                       "2024-01-31",
                                       "10.0.0.1",
                                       "1.2.3",
                                       "128Mi",
                                       "TODO",
                                       "insert-key-here",
                                       "fake_key_1",
                                       "sk_te\163t_xxxxxxxxxxxxxxxx",
                                       "not-a-secret",
                                       "placeholder",
                                       "deadbeefdeadbeef",
                                       "s3cr3t-example",
                                       "0123456789abcdef0123456789abcdef",
                                       "gh\160_1234567890abcdefghijklmnopqrstuvwxyz",
                                       "xo\170b-123456789012-123456789012-abcdefghijklmnopqrstuvwx",
                                       "................",
                                       "testtesttest",
                                       "changeit",
                                       "ThisIsASecret",
                                       "correct horse battery staple",
                                       "user_password_1",
                                       "input-field-2",
                                       "j_password",
                                       "required|string|min:8|confirmed",
                                       "aabbccddeeffgghh",
                                       "パスワード",
                                       "YourStrong!Passw0rd",
                                       "always"})
    BOOST_TEST(is_placeholder(value), value);
}

BOOST_AUTO_TEST_CASE(secrets_are_no_placeholders) {
  for (const std::string_view value :
       {"Sommer2024!x", "hunter2", "Tr0ub4dor&3", "Zx9$kLm2", "P4nd4b34r!", "qX7-mmR2-91kd", "Admin@2024!Db",
        "b3rl1n-wall", "S3rv1ce#Acc0unt", "pgAdm1n99", "korrektpferdbatterieklammer", "vK3yM9!!",
        "winter-1987-Kiel", "marbleGarden5", "planet-Basket_60", "copper31", "aB3xY9kQ",
        "xo\170b-123456789012-1234567890123-8ShrMCFkWfVDwTfTX2r6SVop"})
    BOOST_TEST(!is_placeholder(value), value);
}

BOOST_AUTO_TEST_CASE(made_up_tokens_are_random_and_no_placeholders) {
  constexpr std::uint64_t seed = 99;
  SeededRandom random(seed);
  for (const std::string_view text :
       {"{{base62:16}}", "{{base62:40}}", "{{hex:16}}", "{{hex:32}}", "{{hex:64}}", "{{base64:40}}",
        "{{base64url:43}}", "{{alnum-lower:24}}", "{{alnum-lower:32}}", "{{alnum-upper:20}}", "{{base32:32}}",
        "{{uuid}}", "{{github:ghp_}}", "{{jwt}}"}) {
    int wrong = 0;
    constexpr int tries = 2000;
    for (int i = 0; i < tries; ++i) {
      const std::string value = expand_example(text, random);
      wrong += !looks_random(value) || is_placeholder(value) || is_reference(value);
    }
    BOOST_TEST(wrong <= tries / 100, text << ": " << wrong << " of " << tries << " misjudged, seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(names_and_language_are_not_random) {
  for (const std::string_view value :
       {"user_access_token_value", "getUserTokenFromRequest", "kubernetes.io/service-account-token",
        "client_credentials", "x-amz-security-token", "2147483647", "application-default-credentials",
        "AwsSecretAccessKey", "stage2-deploy-key", "refresh_token_expires_in", "HttpOnlyCookie2",
        "the quick brown fox"})
    BOOST_TEST(!looks_random(value), value);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::detect
