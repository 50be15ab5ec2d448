// Tables of keys that `.fanlight.yml` is made of. Each reads into what it is given, which must outlive it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fanlight/policy/policy.hpp"

namespace fanlight::policy {

// Globs, none of them empty, at most globs_max; leaves `out` alone when one does not fit.
void read_globs(const YamlNode& node, YamlErrors& errors, std::vector<std::string>& out);
std::vector<YamlKey> layer_keys(std::vector<LayerGlob>& layers);
std::vector<YamlKey> lexicon_keys(Policy& policy);
// What a name of that kind ("domains") must be, when it is not: "a domain such as corp.example". Empty: it is
// one. Nothing for a kind that there is not.
std::optional<std::string_view> fault_of_name(std::string_view kind, std::string_view text);
std::vector<YamlKey> waiver_keys(Waiver& waiver);
// Those of one entry of `allow`. `known_rules` outlive the keys.
std::vector<YamlKey> allow_keys(AllowEntry& entry, std::span<const std::string_view> known_rules);

}  // namespace fanlight::policy
