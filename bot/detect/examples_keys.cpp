// Keys are written as DER by hand: sixty lines, the same bytes for the same seed, and no key generator that
// would draw from the system's randomness. RSA is 1024 bits so that an example costs milliseconds.
#include "examples_keys.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>

#include <memory>

#include "fanlight/core/hash.hpp"

namespace fanlight::detect {
namespace {

std::string random_bytes(std::size_t count, Random& random) {
  std::string out(count, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(out.data()), out.size()});
  return out;
}

std::string der(unsigned char tag, std::string_view content) {
  std::string out(1, static_cast<char>(tag));
  if (content.size() < 128) {
    out.push_back(static_cast<char>(content.size()));
  } else {
    out.push_back('\x82');
    out.push_back(static_cast<char>(content.size() >> 8));
    out.push_back(static_cast<char>(content.size() & 0xff));
  }
  return out.append(content);
}

constexpr unsigned char kInteger = 0x02, kOctets = 0x04, kOid = 0x06, kSequence = 0x30;

struct FreeBignum {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
};
struct FreeBignumContext {
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Bignum = std::unique_ptr<BIGNUM, FreeBignum>;
using BignumContext = std::unique_ptr<BN_CTX, FreeBignumContext>;

Bignum make_bignum() {
  return Bignum(BN_new());
}

// Big-endian with a leading zero byte, so that the number is positive.
std::string integer(const BIGNUM* number) {
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)) + 1, '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()) + 1);
  if (bytes.size() > 1 && static_cast<unsigned char>(bytes[1]) < 0x80) bytes.erase(0, 1);
  return der(kInteger, bytes);
}

Bignum random_prime(int bits, const BIGNUM* exponent, Random& random, BN_CTX* context) {
  const std::string seed = random_bytes(static_cast<std::size_t>(bits) / 8, random);
  Bignum prime(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(seed.data()), static_cast<int>(seed.size()), nullptr));
  BN_set_bit(prime.get(), 0);
  BN_set_bit(prime.get(), bits - 1);
  BN_set_bit(prime.get(), bits - 2);
  const Bignum rest = make_bignum();
  for (;; BN_add_word(prime.get(), 2)) {
    BN_mod(rest.get(), prime.get(), exponent, context);
    if (BN_is_one(rest.get())) continue;  // p - 1 must be coprime to the exponent, itself a prime
    if (BN_check_prime(prime.get(), context, nullptr) == 1) return prime;
  }
}

std::string rsa_private_key(Random& random) {
  const BignumContext context(BN_CTX_new());
  const Bignum e = make_bignum(), n = make_bignum(), phi = make_bignum(), d = make_bignum();
  const Bignum p1 = make_bignum(), q1 = make_bignum(), dp = make_bignum(), dq = make_bignum(),
               qi = make_bignum();
  BN_set_word(e.get(), 65537);
  const Bignum p = random_prime(512, e.get(), random, context.get());
  const Bignum q = random_prime(512, e.get(), random, context.get());
  BN_mul(n.get(), p.get(), q.get(), context.get());
  BN_sub(p1.get(), p.get(), BN_value_one());
  BN_sub(q1.get(), q.get(), BN_value_one());
  BN_mul(phi.get(), p1.get(), q1.get(), context.get());
  BN_mod_inverse(d.get(), e.get(), phi.get(), context.get());
  BN_mod(dp.get(), d.get(), p1.get(), context.get());
  BN_mod(dq.get(), d.get(), q1.get(), context.get());
  BN_mod_inverse(qi.get(), q.get(), p.get(), context.get());
  std::string fields = der(kInteger, std::string(1, '\0'));
  for (const auto* number : {&n, &e, &d, &p, &q, &dp, &dq, &qi}) fields += integer(number->get());
  return der(kSequence, fields);
}

// RFC 5915 with the curve and without the public point, which a reader computes.
std::string ec_private_key(Random& random) {
  constexpr std::string_view p256 = "\x2a\x86\x48\xce\x3d\x03\x01\x07";
  std::string scalar = random_bytes(32, random);
  scalar[0] = static_cast<char>(scalar[0] & 0x7f);  // below the order of the group
  return der(kSequence, der(kInteger, "\x01") + der(kOctets, scalar) + der(0xa0, der(kOid, p256)));
}

// RFC 8410: an Ed25519 key in PKCS#8.
std::string pkcs8_private_key(Random& random) {
  return der(kSequence, der(kInteger, std::string(1, '\0')) + der(kSequence, der(kOid, "\x2b\x65\x70")) +
                            der(kOctets, der(kOctets, random_bytes(32, random))));
}

// RFC 5958, EncryptedPrivateKeyInfo under pbeWithSHA1And3-KeyTripleDES-CBC.
std::string pkcs8_encrypted_key(Random& random) {
  constexpr std::string_view scheme = "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03";
  const std::string parameters =
      der(kSequence, der(kOctets, random_bytes(8, random)) + der(kInteger, std::string_view("\x08\x00", 2)));
  return der(kSequence,
             der(kSequence, der(kOid, scheme) + parameters) + der(kOctets, random_bytes(320, random)));
}

// The strings of PROTOCOL.key of OpenSSH: a length in four bytes, then the bytes.
std::string ssh_number(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>((value >> shift) & 0xff));
  return out;
}

std::string ssh_string(std::string_view text) {
  return ssh_number(static_cast<std::uint32_t>(text.size())).append(text);
}

std::string openssh_private_key(Random& random, bool encrypted) {
  const std::string point = random_bytes(32, random), check = random_bytes(4, random);
  const std::string type = ssh_string("ssh-ed25519");
  std::string secret = check + check + type + ssh_string(point) +
                       ssh_string(random_bytes(32, random) + point) + ssh_string("build");
  for (char pad = 1; secret.size() % 16 != 0; ++pad) secret.push_back(pad);
  std::string out("openssh-key-v1", 15);
  if (encrypted) {
    out += ssh_string("aes256-ctr") + ssh_string("bcrypt") +
           ssh_string(ssh_string(random_bytes(16, random)) + ssh_number(16));
    secret = random_bytes(secret.size(), random);
  } else {
    out += ssh_string("none") + ssh_string("none") + ssh_string("");
  }
  return out + ssh_number(1) + ssh_string(type + ssh_string(point)) + ssh_string(secret);
}

std::string armour(std::string_view label, std::string_view headers, std::string_view bytes,
                   std::size_t width) {
  const std::string body = to_base64(bytes);
  std::string out = fmt::format("-----BEGIN {}-----\n{}", label, headers);
  for (std::size_t i = 0; i < body.size(); i += width) out += body.substr(i, width) + "\n";
  return out + fmt::format("-----END {}-----", label);
}

}  // namespace

std::string make_pem(std::string_view kind, Random& random) {
  if (kind == "ec") return armour("EC PRIVATE KEY", "", ec_private_key(random), 64);
  if (kind == "pkcs8") return armour("PRIVATE KEY", "", pkcs8_private_key(random), 64);
  if (kind == "pkcs8-encrypted") return armour("ENCRYPTED PRIVATE KEY", "", pkcs8_encrypted_key(random), 64);
  if (kind == "rsa-encrypted") {
    std::string iv = random.hex(16);
    for (char& c : iv) c = c >= 'a' ? static_cast<char>(c - 32) : c;
    return armour("RSA PRIVATE KEY", fmt::format("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{}\n\n", iv),
                  random_bytes(608, random), 64);
  }
  if (kind == "openssh") return armour("OPENSSH PRIVATE KEY", "", openssh_private_key(random, false), 70);
  if (kind == "openssh-encrypted")
    return armour("OPENSSH PRIVATE KEY", "", openssh_private_key(random, true), 70);
  if (kind == "pgp") return armour("PGP PRIVATE KEY BLOCK", "\n", random_bytes(700, random), 64);
  if (kind == "public") return armour("PUBLIC KEY", "", random_bytes(162, random), 64);
  if (kind == "certificate") return armour("CERTIFICATE", "", random_bytes(760, random), 64);
  return armour("RSA PRIVATE KEY", "", rsa_private_key(random), 64);
}

std::string make_escaped_pem(std::string_view kind, Random& random) {
  std::string out;
  for (const char c : make_pem(kind, random)) {
    if (c == '\n') {
      out += "\\n";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string make_putty_key(Random& random) {
  const auto lines = [&](int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += to_base64(random_bytes(48, random)) + "\n";
    return out;
  };
  return fmt::format(
      "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: deploy\nPublic-Lines: 6\n{}Private-Lines: "
      "14\n{}"
      "Private-MAC: {}",
      lines(6), lines(14), random.hex(32));
}

}  // namespace fanlight::detect
