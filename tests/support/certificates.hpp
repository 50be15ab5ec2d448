// Certificate authorities and certificates made at test time with OpenSSL: nothing secret is in the tree,
// nothing expires. EC P-256, valid from an hour ago for a day.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace fanlight::test {

class Certificate {
 public:
  // A certificate authority, signed by itself.
  static Certificate make_authority(const std::string& name) {
    return Certificate(name, "CA:TRUE", "", nullptr);
  }
  // For a server; `names` as in "DNS:good.test,IP:127.0.0.1".
  Certificate issue(const std::string& names) const { return Certificate("server", "CA:FALSE", names, this); }

  std::string certificate_pem() const {
    return to_pem([this](BIO* out) { return PEM_write_bio_X509(out, certificate_.get()); });
  }
  std::string key_pem() const {
    return to_pem([this](BIO* out) {
      return PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }

 private:
  template <auto F>
  struct Free {
    template <class T>
    void operator()(T* object) const {
      F(object);
    }
  };

  Certificate(const std::string& name, const char* constraints, const std::string& names,
              const Certificate* issuer)
      : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    static long serial = 0;
    auto* x = certificate_.get();
    const Certificate& signer = issuer != nullptr ? *issuer : *this;
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    X509_set_pubkey(x, key_.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(signer.certificate_.get()));
    extend(NID_basic_constraints, constraints);
    if (!names.empty()) extend(NID_subject_alt_name, names);
    if (X509_sign(x, signer.key_.get(), EVP_sha256()) == 0) throw std::runtime_error("X509_sign failed");
  }
  void extend(int id, const std::string& value) {
    std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str()));
    if (!extension || X509_add_ext(certificate_.get(), extension.get(), -1) == 0)
      throw std::runtime_error("X509 extension failed: " + value);
  }
  template <class Write>
  static std::string to_pem(Write write) {
    std::unique_ptr<BIO, Free<BIO_free_all>> out(BIO_new(BIO_s_mem()));
    if (write(out.get()) == 0) throw std::runtime_error("PEM_write failed");
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
  }

  std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key_;
  std::unique_ptr<X509, Free<X509_free>> certificate_;
};

}  // namespace fanlight::test
