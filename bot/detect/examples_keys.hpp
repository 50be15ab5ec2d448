// Made-up private keys that really parse, for example texts. Small on purpose: they prove structure, nothing
// else.
#pragma once

#include <string>
#include <string_view>

#include "fanlight/core/random.hpp"

namespace fanlight::detect {

// `kind`: rsa, ec, pkcs8, pkcs8-encrypted, rsa-encrypted, openssh, openssh-encrypted, pgp; also public and
// certificate, whose bodies are random. Lines end in "\n", the last one does not.
std::string make_pem(std::string_view kind, Random& random);
// The same on one line, line ends written as \n as in JSON and .env files.
std::string make_escaped_pem(std::string_view kind, Random& random);
std::string make_putty_key(Random& random);

}  // namespace fanlight::detect
