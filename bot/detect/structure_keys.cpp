// Private keys: what stands between BEGIN and END is cleaned of the quoting it was pasted in, decoded and
// parsed. A text that does not parse stays `unknown`: a damaged key is still most of a key.
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "structure_parts.hpp"

namespace fanlight::detect {
namespace {

constexpr std::size_t kKeyBytesMax = 64 * 1024;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeEncrypted {
  void operator()(X509_SIG* encrypted) const { X509_SIG_free(encrypted); }
};

// Line ends written as \n (once or twice escaped) become line ends. Quotes, commas and other marks of the
// language around are left for the base64 filter.
std::string unescape_lines(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      while (i + 1 < text.size() && text[i + 1] == '\\') ++i;
      if (i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 'r')) {
        ++i;
        out.push_back('\n');
      }
      continue;
    }
    out.push_back(text[i]);
  }
  return out;
}

struct Armour {
  std::string label;  // "RSA PRIVATE KEY"
  std::string bytes;
  bool encrypted_header = false;  // Proc-Type: 4,ENCRYPTED
};

bool is_base64(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
         c == '=';
}

Armour read_armour(std::string_view text) {
  Armour out;
  constexpr std::string_view begin = "-----BEGIN ", dashes = "-----";
  const auto start = text.find(begin);
  if (start == std::string_view::npos) return out;
  text.remove_prefix(start + begin.size());
  const auto label_end = text.find(dashes);
  if (label_end == std::string_view::npos) return out;
  out.label = text.substr(0, label_end);
  text.remove_prefix(label_end + dashes.size());
  text = text.substr(0, text.find(dashes));
  std::string body;
  for (const std::string_view line : split_lines(text)) {
    if (line.find(':') != std::string_view::npos) {
      out.encrypted_header = out.encrypted_header || line.find("ENCRYPTED") != std::string_view::npos;
      continue;
    }
    for (const char c : line)
      if (is_base64(c)) body.push_back(c);
  }
  out.bytes = from_base64(body).value_or("");
  return out;
}

// A length in four bytes, then that many bytes; empty and `ok` false past the end.
std::string_view ssh_string(std::string_view& rest, bool& ok) {
  std::size_t length = 0;
  if (rest.size() < 4) {
    ok = false;
    return {};
  }
  for (int i = 0; i < 4; ++i)
    length = (length << 8) | static_cast<unsigned char>(rest[static_cast<std::size_t>(i)]);
  rest.remove_prefix(4);
  if (length > rest.size()) {
    ok = false;
    return {};
  }
  const std::string_view out = rest.substr(0, length);
  rest.remove_prefix(length);
  return out;
}

StructureResult check_openssh(std::string_view bytes) {
  constexpr std::string_view magic("openssh-key-v1\0", 15);
  if (!bytes.starts_with(magic)) return {};
  bytes.remove_prefix(magic.size());
  bool ok = true;
  const std::string_view cipher = ssh_string(bytes, ok);
  ssh_string(bytes, ok);  // key derivation
  ssh_string(bytes, ok);  // its options
  if (!ok || bytes.size() < 4) return {};
  bytes.remove_prefix(4);  // number of keys
  std::string_view public_key = ssh_string(bytes, ok);
  const std::string_view secret = ssh_string(bytes, ok);
  const std::string_view type = ssh_string(public_key, ok);
  if (!ok || secret.size() < 16 || type.size() > 64) return {};
  for (const char c : type)
    if (c < '!' || c > '~') return {};
  return {Structure::valid,
          fmt::format("OpenSSH {}, {}", type, cipher == "none" ? "not encrypted" : "encrypted")};
}

StructureResult check_der(const Armour& armour) {
  const auto* data = reinterpret_cast<const unsigned char*>(armour.bytes.data());
  const auto size = static_cast<long>(armour.bytes.size());
  if (armour.label.starts_with("ENCRYPTED")) {
    const std::unique_ptr<X509_SIG, FreeEncrypted> encrypted(d2i_X509_SIG(nullptr, &data, size));
    return encrypted ? StructureResult{Structure::valid, "PKCS#8, encrypted"}
                     : StructureResult{Structure::unknown, "encrypted"};
  }
  const std::unique_ptr<EVP_PKEY, FreeKey> key(d2i_AutoPrivateKey(nullptr, &data, size));
  if (!key) return {};
  const char* name = EVP_PKEY_get0_type_name(key.get());
  return {Structure::valid, fmt::format("{} {} bits, not encrypted", name != nullptr ? name : "key",
                                        EVP_PKEY_get_bits(key.get()))};
}

StructureResult check_putty(std::string_view text) {
  const auto at = text.find("Encryption: ");
  if (at == std::string_view::npos || text.find("Private-Lines:") == std::string_view::npos) return {};
  return {Structure::valid,
          text.substr(at + 12).starts_with("none") ? "PuTTY, not encrypted" : "PuTTY, encrypted"};
}

}  // namespace

StructureResult check_private_key(std::string_view token) {
  if (token.size() > kKeyBytesMax) return {};
  const std::string text = unescape_lines(token);
  if (text.starts_with("PuTTY-User-Key-File")) return check_putty(text);
  const Armour armour = read_armour(text);
  if (armour.encrypted_header) return {Structure::valid, "encrypted"};
  if (armour.bytes.empty()) return {};
  if (armour.label.ends_with("KEY STORE"))  // key_store_text has seen the key in it
    return {Structure::valid, fmt::format("{} with a private key", armour.label)};
  if (armour.label.starts_with("OPENSSH")) return check_openssh(armour.bytes);
  if (armour.label.starts_with("PGP")) return {};
  StructureResult result = check_der(armour);
  ERR_clear_error();  // a text that is no key is no error of ours
  return result;
}

}  // namespace fanlight::detect
