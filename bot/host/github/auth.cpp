#include "github/auth.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <utility>

#include "fanlight/core/hash.hpp"
#include "json.hpp"

namespace fanlight::host::github {
namespace {

constexpr int key_bits_min = 2'048;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Without it OpenSSL would ask for a pass phrase on the terminal.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

}  // namespace

struct AppKey::State {
  std::unique_ptr<EVP_PKEY, FreeKey> key;
};

AppKey::AppKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
AppKey::AppKey(AppKey&&) noexcept = default;
AppKey& AppKey::operator=(AppKey&&) noexcept = default;
AppKey::~AppKey() = default;

Result<AppKey> AppKey::parse(const Secret& pem) {
  const std::string_view text = pem.reveal();
  const std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  auto state = std::make_unique<State>();
  if (bio) state->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!state->key) {
    return fail(ErrorCode::bad_input,
                "app_private_key: is no PEM key without a pass phrase: use the file GitHub gave");
  }
  if (EVP_PKEY_get_base_id(state->key.get()) != EVP_PKEY_RSA ||
      EVP_PKEY_get_bits(state->key.get()) < key_bits_min) {
    return fail(ErrorCode::bad_input,
                "app_private_key: is no RSA key of 2048 bits or more: use the file GitHub gave");
  }
  return AppKey(std::move(state));
}

Result<Secret> AppKey::sign_jwt(const std::string& app_id, TimePoint now) const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  JsonWriter claims;
  claims.open_object()
      .member("iat", seconds - 60)
      .member("exp", seconds + 540)
      .member("iss", app_id)
      .close_object();
  std::string text = to_base64url(R"({"alg":"RS256","typ":"JWT"})") + '.' + to_base64url(claims.take());

  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  std::size_t size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  std::string signature;
  bool ok = context &&
            EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, state_->key.get()) == 1 &&
            EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) == 1;
  if (ok) {
    signature.resize(size);
    ok = EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data,
                        text.size()) == 1;
    signature.resize(size);
  }
  ERR_clear_error();
  if (!ok) return fail(ErrorCode::internal, "app_private_key: could not sign");
  return Secret(text + '.' + to_base64url(signature));
}

}  // namespace fanlight::host::github
