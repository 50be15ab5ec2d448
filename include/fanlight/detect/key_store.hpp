// Private keys in binary files, told by content: Java key stores (JKS, JCEKS), PKCS#12, keys in DER, secret
// keyrings of PGP. A binary file has no lines for rules to look at, so that such a file is looked at as the
// text it would be in PEM. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fanlight::detect {

inline constexpr std::size_t kKeyStoreBytesMax = std::size_t{4}
                                                 << 20;  // larger ones hold no keys but certificates

// Whether the first bytes are those of such a file. Cheap; says yes to much else in DER.
bool may_be_key_store(std::string_view bytes);

// "-----BEGIN PKCS12 KEY STORE-----", then base64 of the first 6 KB at most; the labels of PEM where there
// are some. Nothing when no private key is seen in `bytes`: a store of certificates is no secret, and one
// whose every part is encrypted does not tell.
std::optional<std::string> key_store_text(std::string_view bytes);

}  // namespace fanlight::detect
