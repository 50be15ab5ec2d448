// Java's key stores are a list of entries, each with its kind in front; PKCS#12 and DER are parsed by
// OpenSSL; of PGP the first packet tells. Every length is held against what is left.
#include "fanlight/detect/key_store.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <memory>

#include "fanlight/core/hash.hpp"

namespace fanlight::detect {
namespace {

constexpr std::size_t kShownBytesMax = 6 * 1024;
constexpr std::size_t kEntriesMax = 10'000;
constexpr std::size_t kLineBytes = 64;

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
struct FreeInfos {
  void operator()(STACK_OF(PKCS7) * infos) const { sk_PKCS7_pop_free(infos, PKCS7_free); }
};
struct FreeBags {
  void operator()(STACK_OF(PKCS12_SAFEBAG) * bags) const {
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
  }
};

// Numbers in big-endian order; past the end everything is 0 and `ok` false.
class Bytes {
 public:
  explicit Bytes(std::string_view rest) : rest_(rest) {}
  std::size_t number(std::size_t size) {
    std::size_t out = 0;
    for (const char c : take(size)) out = (out << 8) | static_cast<unsigned char>(c);
    return out;
  }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

constexpr std::string_view kJks("\xFE\xED\xFE\xED", 4), kJceks("\xCE\xCE\xCE\xCE", 4);

// Entries of kind 2 are certificates, 1 private keys, 3 (JCEKS) secret keys.
bool java_store_holds_key(std::string_view text) {
  Bytes bytes(text.substr(4));
  const std::size_t version = bytes.number(4), count = bytes.number(4);
  if (version < 1 || version > 2 || count > kEntriesMax) return false;
  for (std::size_t i = 0; i < count && bytes.ok(); ++i) {
    const std::size_t kind = bytes.number(4);
    if (kind == 1 || kind == 3) return bytes.ok();
    if (kind != 2) return false;
    bytes.take(bytes.number(2));                    // its name
    bytes.take(8);                                  // its date
    if (version == 2) bytes.take(bytes.number(2));  // "X.509"
    bytes.take(bytes.number(4));
  }
  return false;
}

bool pkcs12_holds_key(std::string_view text) {
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  const std::unique_ptr<PKCS12, FreeWith<PKCS12_free>> store(
      d2i_PKCS12(nullptr, &data, static_cast<long>(text.size())));
  if (!store) return false;
  const std::unique_ptr<STACK_OF(PKCS7), FreeInfos> infos(PKCS12_unpack_authsafes(store.get()));
  if (!infos) return false;
  for (int i = 0; i < sk_PKCS7_num(infos.get()); ++i) {
    PKCS7* info = sk_PKCS7_value(infos.get(), i);
    if (OBJ_obj2nid(info->type) != NID_pkcs7_data) continue;
    const std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), FreeBags> bags(PKCS12_unpack_p7data(info));
    if (!bags) continue;
    for (int j = 0; j < sk_PKCS12_SAFEBAG_num(bags.get()); ++j) {
      const int kind = PKCS12_SAFEBAG_get_nid(sk_PKCS12_SAFEBAG_value(bags.get(), j));
      if (kind == NID_keyBag || kind == NID_pkcs8ShroudedKeyBag) return true;
    }
  }
  return false;
}

bool is_der_key(std::string_view text) {
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  const std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>> key(
      d2i_AutoPrivateKey(nullptr, &data, static_cast<long>(text.size())));
  return key && data == reinterpret_cast<const unsigned char*>(text.data() + text.size());
}

// An encrypted key names how it is encrypted; much else in DER has the same outer shape (a digest, say).
bool is_encrypted_der_key(std::string_view text) {
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  const std::unique_ptr<X509_SIG, FreeWith<X509_SIG_free>> sealed(
      d2i_X509_SIG(nullptr, &data, static_cast<long>(text.size())));
  if (!sealed || data != reinterpret_cast<const unsigned char*>(text.data() + text.size())) return false;
  const X509_ALGOR* algorithm = nullptr;
  const ASN1_OCTET_STRING* digest = nullptr;
  X509_SIG_get0(sealed.get(), &algorithm, &digest);
  const ASN1_OBJECT* name = nullptr;
  X509_ALGOR_get0(&name, nullptr, nullptr, algorithm);
  int type = 0;
  return EVP_PBE_find(EVP_PBE_TYPE_OUTER, OBJ_obj2nid(name), &type, nullptr, nullptr) == 1 &&
         ASN1_STRING_length(digest) >= 32;
}

// RFC 9580, 4.2 and 5.5.3: a packet of tag 5, a version, a time, an algorithm that is known.
bool is_pgp_secret_key(std::string_view text) {
  const auto tag = static_cast<unsigned char>(text.front());
  Bytes bytes(text.substr(1));
  if (tag == 0xC5) {
    const std::size_t first = bytes.number(1);
    if (first >= 192) bytes.number(first < 224 ? 1 : 4);
  } else if (tag >= 0x94 && tag <= 0x96) {
    bytes.number(std::size_t{1} << (tag - 0x94));
  } else {
    return false;
  }
  const std::size_t version = bytes.number(1), made = bytes.number(4), algorithm = bytes.number(1);
  const bool known = (algorithm >= 1 && algorithm <= 3) || (algorithm >= 16 && algorithm <= 28);
  constexpr std::size_t year_1995 = 788'918'400, year_2100 = 4'102'444'800;
  return bytes.ok() && text.size() >= 64 && (version == 4 || version == 6) && made > year_1995 &&
         made < year_2100 && known;
}

std::string_view label_of(std::string_view bytes) {
  if (bytes.starts_with(kJks)) return java_store_holds_key(bytes) ? "JKS KEY STORE" : "";
  if (bytes.starts_with(kJceks)) return java_store_holds_key(bytes) ? "JCEKS KEY STORE" : "";
  if (is_pgp_secret_key(bytes)) return "PGP PRIVATE KEY BLOCK";
  if (bytes.front() != '\x30') return "";
  if (pkcs12_holds_key(bytes)) return "PKCS12 KEY STORE";
  if (is_der_key(bytes)) return "PRIVATE KEY";
  return is_encrypted_der_key(bytes) ? "ENCRYPTED PRIVATE KEY" : "";
}

}  // namespace

bool may_be_key_store(std::string_view bytes) {
  if (bytes.size() < 48 || bytes.size() > kKeyStoreBytesMax) return false;
  const auto first = static_cast<unsigned char>(bytes[0]), second = static_cast<unsigned char>(bytes[1]);
  // A sequence in DER has its size in one byte, or how many bytes the size takes.
  const bool is_sequence = first == 0x30 && (second >= 0x80 || bytes.size() == std::size_t{second} + 2);
  return is_sequence || bytes.starts_with(kJks) || bytes.starts_with(kJceks) || first == 0xC5 ||
         (first >= 0x94 && first <= 0x96);
}

std::optional<std::string> key_store_text(std::string_view bytes) {
  if (!may_be_key_store(bytes)) return std::nullopt;
  const std::string label(label_of(bytes));
  ERR_clear_error();  // a file that is no key is no error of ours
  if (label.empty()) return std::nullopt;
  std::string out = "-----BEGIN " + label + "-----\n";
  const std::string body = to_base64(bytes.substr(0, kShownBytesMax));
  for (std::size_t at = 0; at < body.size(); at += kLineBytes)
    out.append(body, at, kLineBytes).push_back('\n');
  return out + "-----END " + label + "-----\n";
}

}  // namespace fanlight::detect
