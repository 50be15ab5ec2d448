// As much of a certificate (RFC 5280, in DER) as says who made it: organisation and common name of issuer and
// subject. No signature is checked and nothing is trusted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fanlight::coupling {

struct CertificateNames {
  std::string issuer, subject;  // "Organisation, Common name"; either part may be missing
};

// `der` is hostile: every length is checked. Nothing when it is no certificate.
std::optional<CertificateNames> certificate_names(std::string_view der);

}  // namespace fanlight::coupling
