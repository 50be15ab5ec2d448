// Tables of keys that `.fanlight.yml` is made of: layers, lexicon, waivers.
#include "policy_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "fanlight/core/text.hpp"
#include "fingerprint.hpp"

namespace fanlight::policy {

namespace {

constexpr std::array<Layer, 4> layer_values{Layer::shared, Layer::instance, Layer::env_data, Layer::doc_test};

bool is_domain(std::string_view text) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return text.size() <= 253 && text.find('.') != std::string_view::npos && !text.starts_with('.') &&
         !text.ends_with('.') && text.find("..") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), good);
}

bool is_sealed(std::string_view text) {
  return text.starts_with("hmac:") && text.size() > 5 + 15 && text.size() <= 5 + 128 &&
         is_hex(text.substr(5));
}

void read_checked_strings(const YamlNode& node, YamlErrors& errors, std::vector<std::string>& out,
                          bool (*good)(std::string_view), std::string_view wanted) {
  std::vector<std::string> values;
  const std::size_t before = errors.list.size();
  read_strings(node, errors, values);
  if (errors.list.size() > before) return;
  bool all = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = to_lower(values[i]);
    if (good(values[i])) continue;
    // The value is not shown: it may be a name that is private.
    errors.add_value(node.items[i], fmt::format("entry {} must be {}", i + 1, wanted));
    all = false;
  }
  if (!all) return;
  // On top of those of the layers below: a name stays a name.
  for (std::string& value : values) {
    if (std::find(out.begin(), out.end(), value) == out.end()) out.push_back(std::move(value));
  }
}

}  // namespace

void read_globs(const YamlNode& node, YamlErrors& errors, std::vector<std::string>& out) {
  std::vector<std::string> globs;
  const std::size_t before = errors.list.size();
  read_strings(node, errors, globs);
  if (errors.list.size() > before) return;
  if (globs.size() > globs_max) {
    errors.add_value(node, fmt::format("has {} entries, the limit is {}", globs.size(), globs_max));
    return;
  }
  for (std::size_t i = 0; i < globs.size(); ++i) {
    if (trim(globs[i]).empty() || globs[i].size() > 1'000) {
      errors.add_value(node.items[i], "has an empty or endless glob: write one such as \"modules/**\"");
      return;
    }
  }
  out = std::move(globs);
}

std::vector<YamlKey> layer_keys(std::vector<LayerGlob>& layers) {
  static constexpr std::array<std::string_view, 4> about{
      "Code that others can reuse.", "Code of one running instance.", "Data of one environment.",
      "Documentation, examples and tests."};
  std::vector<YamlKey> keys;
  for (std::size_t i = 0; i < layer_values.size(); ++i) {
    const Layer layer = layer_values[i];
    keys.push_back({.name = to_string(layer),
                    .type = "list of strings",
                    .about = about[i],
                    .fallback = "[]",
                    .read = [layer, &layers](const YamlNode& node, YamlErrors& errors) {
                      std::vector<std::string> globs;
                      read_globs(node, errors, globs);
                      for (std::string& glob : globs) layers.push_back({layer, std::move(glob)});
                    }});
  }
  return keys;
}

std::vector<YamlKey> lexicon_keys(Policy& policy) {
  return {
      {.name = "domains",
       .type = "list of strings",
       .about = "Domains of your own. They are readable here; in a public repository seal what is private.",
       .fallback = "[]",
       .read =
           [&policy](const YamlNode& node, YamlErrors& errors) {
             read_checked_strings(node, errors, policy.lexicon_domains, is_domain,
                                  "a domain such as corp.example");
           }},
      {.name = "sealed",
       .type = "list of strings",
       .about = "Private names as keyed hashes, made by `fanlight seal`.",
       .fallback = "[]",
       .read =
           [&policy](const YamlNode& node, YamlErrors& errors) {
             read_checked_strings(node, errors, policy.lexicon_sealed, is_sealed,
                                  "\"hmac:\" and hexadecimal digits, as `fanlight seal` prints it");
           }},
  };
}

std::vector<YamlKey> waiver_keys(Waiver& waiver) {
  return {
      {.name = "finding",
       .type = "string",
       .about = "Fingerprint of the finding, at least its first 8 digits.",
       .read =
           [&waiver](const YamlNode& node, YamlErrors& errors) {
             read_string(node, errors, waiver.fingerprint);
             waiver.fingerprint = to_lower(waiver.fingerprint);
             if (node.type != YamlType::scalar || is_fingerprint(waiver.fingerprint)) return;
             errors.add_value(node,
                              fmt::format("must be 8 to 16 hexadecimal digits, is {}", quoted(node.scalar)));
             waiver.fingerprint.clear();
           },
       .required = true},
      {.name = "reason",
       .type = "string",
       .about = "Why it is accepted, for the next person; at most 300 characters.",
       .read =
           [&waiver](const YamlNode& node, YamlErrors& errors) {
             read_string(node, errors, waiver.reason);
             if (node.type != YamlType::scalar) return;
             if (!trim(waiver.reason).empty() && count_code_points(waiver.reason) <= reason_chars_max) return;
             errors.add_value(node, fmt::format("must say why, in 1 to {} characters", reason_chars_max));
             waiver.reason.clear();
           },
       .required = true},
      {.name = "owner",
       .type = "string",
       .about = "Who answers for it: \"@platform\".",
       .read = [&waiver](const YamlNode& node,
                         YamlErrors& errors) { read_string(node, errors, waiver.owner); }},
      {.name = "expires",
       .type = "date",
       .about = "The last day on which it counts: 2027-01-31.",
       .read =
           [&waiver](const YamlNode& node, YamlErrors& errors) {
             std::string text;
             read_string(node, errors, text);
             if (node.type != YamlType::scalar) return;
             TimePoint time;
             if (parse_iso8601(text, time)) {
               waiver.expires = time;
             } else {
               errors.add_value(node, fmt::format("must be a date such as 2027-01-31, is {}", quoted(text)));
             }
           }},
  };
}

}  // namespace fanlight::policy
