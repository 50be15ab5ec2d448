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

bool is_name(std::string_view text, std::string_view marks) {
  const auto good = [marks](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || marks.contains(c);
  };
  return text.size() >= 2 && text.size() <= 63 && std::all_of(text.begin(), text.end(), good);
}
bool is_word(std::string_view text) {
  return is_name(text, "-_");
}
// A shorter one would be found in every second name.
bool is_token(std::string_view text) {
  return text.size() >= 3 && is_word(text);
}
bool is_user_name(std::string_view text) {
  return is_name(text, "-_.");
}

bool is_sealed(std::string_view text) {
  constexpr std::size_t digits = 56;  // of the key's id, the hint and the hash
  return text.starts_with("hmac:") && text.size() == 5 + digits && is_hex(text.substr(5));
}

struct NameRow {
  std::string_view name, about;
  std::vector<std::string> LexiconNames::* names;
  bool (*good)(std::string_view);
  std::string_view wanted;
};
constexpr std::string_view token = "a name of 3 to 63 letters, digits, \"-\" and \"_\"";
constexpr std::string_view word = "a name of 2 to 63 letters, digits, \"-\" and \"_\"";
constexpr std::array<NameRow, 6> name_rows{{
    {"domains", "Domains of your own. They are readable here; in a public repository seal what is private.",
     &LexiconNames::domains, is_domain, "a domain such as corp.example"},
    {"sites", "Labels of your sites and data centres as they stand in host names: iad2.",
     &LexiconNames::sites, is_token, token},
    {"environments", "Names of your environments, on top of the usual ones such as prod and staging.",
     &LexiconNames::environments, is_token, token},
    {"names", "Names of your organisation and its products, and the prefixes made of them.",
     &LexiconNames::names, is_word, word},
    {"people", "User names of people.", &LexiconNames::people, is_user_name,
     "a user name of 2 to 63 letters, digits, \".\", \"-\" and \"_\""},
    {"sealed", "Private names as keyed hashes, made by `fanlight seal`.", &LexiconNames::sealed, is_sealed,
     "\"hmac:\" and 56 hexadecimal digits, as `fanlight seal` prints it"},
}};

void read_checked_strings(const YamlNode& node, YamlErrors& errors, std::vector<std::string>& out,
                          bool (*good)(std::string_view), std::string_view wanted) {
  std::vector<std::string> values;
  const std::size_t before = errors.list.size();
  read_strings(node, errors, values);
  if (errors.list.size() > before) return;
  if (values.size() > lexicon_names_max) {
    errors.add_value(node, fmt::format("has {} entries, the limit is {}", values.size(), lexicon_names_max));
    return;
  }
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
  std::vector<YamlKey> keys;
  for (const NameRow& row : name_rows) {
    keys.push_back({.name = row.name,
                    .type = "list of strings",
                    .about = row.about,
                    .fallback = "[]",
                    .read = [&policy, &row](const YamlNode& node, YamlErrors& errors) {
                      read_checked_strings(node, errors, policy.lexicon.*row.names, row.good, row.wanted);
                    }});
  }
  return keys;
}

std::optional<std::string_view> fault_of_name(std::string_view kind, std::string_view text) {
  const auto row = std::ranges::find(name_rows, kind, &NameRow::name);
  if (row == name_rows.end()) return {};
  return row->good(text) ? std::string_view() : row->wanted;
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

std::vector<YamlKey> allow_keys(AllowEntry& entry, std::span<const std::string_view> known_rules) {
  const auto texts = [](std::string_view name, std::string_view about, std::vector<std::string>& out) {
    return YamlKey{.name = name,
                   .type = "list of strings",
                   .about = about,
                   .fallback = "[]",
                   .read = [&out](const YamlNode& node, YamlErrors& errors) {
                     const std::size_t before = errors.list.size();
                     read_strings(node, errors, out);
                     for (std::size_t i = 0; i < out.size() && errors.list.size() == before; ++i) {
                       // Each of these fits everything.
                       if (trim(out[i]).empty()) errors.add_value(node.items[i], "has an empty entry");
                     }
                   }};
  };
  return {
      {.name = "reason",
       .type = "string",
       .about = "Why, for the next person; at most 300 characters.",
       .read =
           [&entry](const YamlNode& node, YamlErrors& errors) {
             read_string(node, errors, entry.reason);
             if (node.type == YamlType::scalar &&
                 (trim(entry.reason).empty() || count_code_points(entry.reason) > reason_chars_max))
               errors.add_value(node, fmt::format("must say why, in 1 to {} characters", reason_chars_max));
           },
       .required = true},
      {.name = "rules",
       .type = "list of strings",
       .about = "Only findings of these rules.",
       .fallback = "[]",
       .read =
           [&entry, known_rules](const YamlNode& node, YamlErrors& errors) {
             read_strings(node, errors, entry.rules);
             for (std::size_t i = 0; i < entry.rules.size() && i < node.items.size(); ++i) {
               if (std::find(known_rules.begin(), known_rules.end(), entry.rules[i]) == known_rules.end())
                 errors.add(node.items[i], "unknown rule " + quoted(entry.rules[i]) +
                                               did_you_mean(entry.rules[i], known_rules));
             }
           }},
      {.name = "paths",
       .type = "list of strings",
       .about = "Globs of files.",
       .fallback = "[]",
       .read = [&entry](const YamlNode& node,
                        YamlErrors& errors) { read_globs(node, errors, entry.path_globs); }},
      texts("path_patterns", "RE2 patterns of paths.", entry.path_patterns),
      texts("secret_patterns", "RE2 patterns of the secret itself.", entry.secret_patterns),
      texts("match_patterns", "RE2 patterns of the whole match, name and value.", entry.match_patterns),
      texts("line_patterns", "RE2 patterns of the line.", entry.line_patterns),
      texts("words", "Words in the secret, in any case.", entry.words),
      texts("commits", "Whole ids of commits.", entry.commits),
  };
}

}  // namespace fanlight::policy
