// How what the engine found becomes a finding. Used only inside this box.
#pragma once

#include <string>
#include <string_view>

#include "document.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/coupling/find.hpp"
#include "fanlight/detect/engine.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight::app {

// 16 hex digits of HMAC-SHA256 over the rule and the normalised match.
std::string fingerprint(const Secret& key, std::string_view rule, std::string_view normalised);

Finding secret_finding(const Secret& key, const detect::Rule& rule, const detect::Match& match,
                       const Document& document, Layer layer);
Finding coupling_finding(const Secret& key, coupling::Hit hit, const Document& document, Layer layer);

}  // namespace fanlight::app
