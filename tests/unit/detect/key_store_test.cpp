#include "fanlight/detect/key_store.hpp"

#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>

namespace fanlight::detect {
namespace {

std::string number(std::size_t value, std::size_t size) {
  std::string out;
  for (std::size_t i = size; i-- > 0;) out.push_back(static_cast<char>(value >> 8 * i & 0xff));
  return out;
}

// As keytool writes it: magic, version 2, entries of a kind, a name, a date and what is kept.
std::string java_store(std::string_view magic, std::initializer_list<int> kinds) {
  std::string out = std::string(magic) + number(2, 4) + number(kinds.size(), 4);
  for (const int kind : kinds) {
    out += number(static_cast<std::size_t>(kind), 4) + number(4, 2) + "name" + number(0, 8);
    if (kind == 2) out += number(5, 2) + "X.509";
    out += number(64, 4) + std::string(64, 'x');
    if (kind == 1) out += number(0, 4);
  }
  return out + std::string(20, 'h');
}

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(PKCS12* store) const { PKCS12_free(store); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;

Key make_key() {
  return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
}

template <class T, class Write>
std::string der(T* object, Write write) {
  unsigned char* bytes = nullptr;
  const int size = write(object, &bytes);
  std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return out;
}

std::string pkcs12(bool with_key) {
  const Key key = make_key();
  const std::unique_ptr<X509, Free> certificate(X509_new());
  X509_set_pubkey(certificate.get(), key.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const std::unique_ptr<PKCS12, Free> store(PKCS12_create("changeit", "a", with_key ? key.get() : nullptr,
                                                          certificate.get(), nullptr, 0, 0, 0, 0, 0));
  return der(store.get(), i2d_PKCS12);
}

std::string label(std::string_view bytes) {
  const auto text = key_store_text(bytes);
  if (!text) return "";
  return text->substr(11, text->find('\n') - 16);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(key_store)

BOOST_AUTO_TEST_CASE(private_keys_are_seen_in_binary_files) {
  constexpr std::string_view jks = "\xFE\xED\xFE\xED", jceks = "\xCE\xCE\xCE\xCE";
  const std::string key = der(make_key().get(), i2d_PrivateKey);
  const std::string pgp = std::string("\xC5\x58\x04\x65\x00\x00\x00\x16", 8) + std::string(80, 'x');
  struct Row {
    const char* name;
    std::string bytes, label;
  };
  const Row rows[] = {
      {"JKS with a key", java_store(jks, {1}), "JKS KEY STORE"},
      {"JKS with a key behind certificates", java_store(jks, {2, 2, 1}), "JKS KEY STORE"},
      {"JKS of certificates", java_store(jks, {2, 2}), ""},
      {"JCEKS with a secret key", java_store(jceks, {3}), "JCEKS KEY STORE"},
      {"JKS of a kind that is none", java_store(jks, {7}), ""},
      {"JKS that is cut off", java_store(jks, {2, 1}).substr(0, 60), ""},
      {"PKCS#12 with a key", pkcs12(true), "PKCS12 KEY STORE"},
      {"PKCS#12 of a certificate", pkcs12(false), ""},
      {"a key in DER", key, "PRIVATE KEY"},
      {"a key in DER with something behind", key + "x", ""},
      {"PGP secret key", pgp, "PGP PRIVATE KEY BLOCK"},
      {"PGP public key", std::string("\xC6") + pgp.substr(1), ""},
      {"a picture", "\x89PNG\r\n\x1a\n" + std::string(100, '\0'), ""},
      {"nothing", "", ""},
  };
  for (const Row& row : rows) BOOST_TEST(label(row.bytes) == row.label, row.name << ": " << label(row.bytes));
}

BOOST_AUTO_TEST_CASE(whatever_is_cut_off_or_changed_is_read_within_its_bytes) {
  const std::string store = pkcs12(true), java = java_store("\xFE\xED\xFE\xED", {2, 1});
  for (const std::string& whole : {store, java}) {
    for (std::size_t size = 0; size < whole.size(); size += 7) key_store_text(whole.substr(0, size));
    for (std::size_t at = 0; at < whole.size(); at += 5) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 0x5a);
      key_store_text(changed);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::detect
