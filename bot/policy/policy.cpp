// `.fanlight.yml`. One table of keys reads the file, checks it, and prints the schema and the reference;
// there is no second list of keys anywhere. The table is built over one PolicyFile, which the readers fill.
#include "fanlight/policy/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "fanlight/core/text.hpp"
#include "policy_parts.hpp"

namespace fanlight::policy {

namespace {

constexpr std::array<std::string_view, 3> openness_words{"public", "opening", "private"};
constexpr std::array<std::string_view, 3> inline_allow_words{"ask", "trust", "ignore"};
constexpr std::array<std::string_view, 3> draft_words{"full", "summary", "skip"};
constexpr std::array<std::string_view, 3> fail_on_words{"block", "warn", "never"};
constexpr std::array<Severity, 3> fail_on_values{Severity::block, Severity::warn, Severity::off};
// In the order of enum Severity.
constexpr std::array<std::string_view, 4> severity_words{"off", "note", "warn", "block"};

template <std::size_t N>
std::vector<std::string_view> words_of(const std::array<std::string_view, N>& words) {
  return {words.begin(), words.end()};
}

template <class Enum, std::size_t N>
auto choice_reader(const std::array<std::string_view, N>& words, Enum& out) {
  return [&words, &out](const YamlNode& node, YamlErrors& errors) {
    std::size_t index = static_cast<std::size_t>(out);
    read_choice(node, errors, words, index);
    out = static_cast<Enum>(index);
  };
}

// What the keys read into. `waiver` and `setting` stand for the many of a list where the table describes
// them.
struct PolicyFile {
  Policy& policy;
  std::span<const std::string_view> known_rules;
  Waiver waiver;
  RuleSetting setting;
  AllowEntry allow;
};

std::vector<YamlKey> rule_keys(RuleSetting& setting) {
  return {{.name = "severity",
           .type = "string",
           .about = "What a finding of this rule is.",
           .read =
               [&setting](const YamlNode& node, YamlErrors& errors) {
                 std::size_t index = severity_words.size();
                 read_choice(node, errors, severity_words, index);
                 if (index < severity_words.size()) setting.severity = static_cast<Severity>(index);
               },
           .choices = words_of(severity_words),
           .required = true}};
}

void read_rules(const YamlNode& node, YamlErrors& errors, PolicyFile& file) {
  if (node.type != YamlType::mapping) {
    errors.add_value(node, "must be a mapping of rules to severities, such as \"ami-id: warn\"");
    return;
  }
  const std::string outer = errors.path;
  for (const auto& [name, value] : node.entries) {
    const auto known = std::find(file.known_rules.begin(), file.known_rules.end(), name.scalar);
    if (known == file.known_rules.end()) {
      errors.add(name, "unknown rule " + quoted(name.scalar) + did_you_mean(name.scalar, file.known_rules));
      continue;
    }
    errors.path = outer + '.' + name.scalar;
    RuleSetting setting;
    if (value.type == YamlType::mapping) {
      read_mapping(value, rule_keys(setting), errors);
    } else {
      rule_keys(setting)[0].read(value, errors);
    }
    if (setting.severity) file.policy.rules[name.scalar] = setting;
  }
  errors.path = outer;
}

void read_waivers(const YamlNode& node, YamlErrors& errors, Policy& policy) {
  if (node.type != YamlType::sequence || node.items.size() > waivers_max) {
    errors.add_value(node, fmt::format("must be a list of at most {} waivers", waivers_max));
    return;
  }
  for (const YamlNode& item : node.items) {
    Waiver waiver;
    const std::size_t before = errors.list.size();
    read_mapping(item, waiver_keys(waiver), errors);
    // A waiver with an error accepts nothing: better one finding too many than one too few.
    if (errors.list.size() == before) policy.waivers.push_back(std::move(waiver));
  }
}

void read_allow(const YamlNode& node, YamlErrors& errors, PolicyFile& file) {
  if (node.type != YamlType::sequence || node.items.size() > allow_entries_max) {
    errors.add_value(node, fmt::format("must be a list of at most {} entries", allow_entries_max));
    return;
  }
  for (const YamlNode& item : node.items) {
    AllowEntry entry;
    entry.file = errors.file;
    entry.line = item.line;
    entry.rules_are_ours = true;
    const std::size_t before = errors.list.size();
    read_mapping(item, allow_keys(entry, file.known_rules), errors);
    const bool says_something = !entry.path_globs.empty() || !entry.path_patterns.empty() ||
                                !entry.secret_patterns.empty() || !entry.match_patterns.empty() ||
                                !entry.line_patterns.empty() || !entry.words.empty() ||
                                !entry.commits.empty();
    if (errors.list.size() > before) continue;
    if (says_something) {
      file.policy.allow.push_back(std::move(entry));
    } else {
      errors.add_value(item, "has an entry that would accept everything: say which paths, patterns or words");
    }
  }
}

// What a rule may hold is detect's to say; its id has to be known here, so that `rules:` may name it.
void read_custom_rules(const YamlNode& node, YamlErrors& errors, Policy& policy) {
  if (node.type != YamlType::sequence || node.items.size() > custom_rules_max) {
    errors.add_value(node, fmt::format("must be a list of at most {} rules", custom_rules_max));
    return;
  }
  policy.custom_rules.push_back({errors.file, yaml_text(node)});
}

// The ids that stand in a list of rules, whatever else is wrong with it.
std::vector<std::string> ids_in(const YamlNode& root) {
  std::vector<std::string> out;
  const YamlNode* rules = root.find("custom_rules");
  if (!rules || rules->items.size() > custom_rules_max) return out;
  for (const YamlNode& rule : rules->items) {
    if (const YamlNode* id = rule.find("id"); id && id->type == YamlType::scalar) out.push_back(id->scalar);
  }
  return out;
}

std::vector<YamlKey> review_keys(Policy& policy) {
  return {
      {.name = "inline_comments_max",
       .type = "integer",
       .about = "Comments on lines in one change, from 0 to 100; the summary has the rest.",
       .fallback = "20",
       .read =
           [&policy](const YamlNode& node, YamlErrors& errors) {
             auto value = static_cast<std::int64_t>(policy.inline_comments_max);
             read_integer(node, errors, value, 0, inline_comments_limit);
             policy.inline_comments_max = static_cast<std::size_t>(value);
           }},
      {.name = "draft",
       .type = "string",
       .about = "Drafts get a full review, only its summary, or none.",
       .fallback = "summary",
       .read = choice_reader(draft_words, policy.draft),
       .choices = words_of(draft_words)},
      {.name = "fail_on",
       .type = "string",
       .about = "The least severity that fails a change. With warn every warning has to be mended.",
       .fallback = "block",
       .read =
           [&policy](const YamlNode& node, YamlErrors& errors) {
             std::size_t index = fail_on_words.size();
             read_choice(node, errors, fail_on_words, index);
             if (index < fail_on_words.size()) policy.fail_on = fail_on_values[index];
           },
       .choices = words_of(fail_on_words)},
  };
}

std::vector<YamlKey> visibility_keys(Policy& policy) {
  return {
      {.name = "public",
       .type = "list of strings",
       .about =
           "What everybody can fetch: \"github.com/acme/*\". Without it, hosts are asked where they can be.",
       .fallback = "[]",
       .read = [&policy](const YamlNode& node,
                         YamlErrors& errors) { read_globs(node, errors, policy.public_repositories); }},
      {.name = "private",
       .type = "list of strings",
       .about = "What only your organisation can fetch: repositories, registries, images.",
       .fallback = "[]",
       .read = [&policy](const YamlNode& node,
                         YamlErrors& errors) { read_globs(node, errors, policy.private_repositories); }},
  };
}

std::vector<YamlKey> policy_keys(PolicyFile& file) {
  Policy& policy = file.policy;
  return {
      {.name = "version",
       .type = "integer",
       .about = "Of this format: 1.",
       .read =
           [](const YamlNode& node, YamlErrors& errors) {
             std::int64_t version = 1;
             read_integer(node, errors, version, 1, 1);
           },
       .choices = {"1"},
       .required = true},
      {.name = "openness",
       .type = "string",
       .about = "How open the repository is: public, on its way (opening), or private for now.",
       .fallback = "opening",
       .read = choice_reader(openness_words, policy.openness),
       .choices = words_of(openness_words)},
      {.name = "layers",
       .type = "mapping",
       .about = "Globs of what files are for, on top of what fanlight recognises.",
       .read =
           [&policy](const YamlNode& node, YamlErrors& errors) {
             // In front of those of the layers below: the nearest to the code wins.
             std::vector<LayerGlob> layers;
             read_mapping(node, layer_keys(layers), errors);
             policy.layers.insert(policy.layers.begin(), layers.begin(), layers.end());
           },
       .children = layer_keys(policy.layers)},
      {.name = "lexicon",
       .type = "mapping",
       .about = "Names of your own organisation.",
       .read = [&policy](const YamlNode& node,
                         YamlErrors& errors) { read_mapping(node, lexicon_keys(policy), errors); },
       .children = lexicon_keys(policy)},
      {.name = "visibility",
       .type = "mapping",
       .about = "Who can fetch what the code depends on.",
       .read = [&policy](const YamlNode& node,
                         YamlErrors& errors) { read_mapping(node, visibility_keys(policy), errors); },
       .children = visibility_keys(policy)},
      {.name = "rules",
       .type = "mapping by name",
       .about = "A severity for a rule. For coupling it counts in shared code and is the most elsewhere.",
       .read = [&file](const YamlNode& node, YamlErrors& errors) { read_rules(node, errors, file); },
       .choices = words_of(severity_words),
       .children = rule_keys(file.setting)},
      {.name = "custom_rules",
       .type = "list of mappings",
       .about = "Rules of your own, written as the built-in ones are: bot/detect/README.md.",
       .fallback = "[]",
       .read = [&policy](const YamlNode& node,
                         YamlErrors& errors) { read_custom_rules(node, errors, policy); }},
      {.name = "waivers",
       .type = "list of mappings",
       .about = "Findings that are accepted.",
       .fallback = "[]",
       .read = [&policy](const YamlNode& node, YamlErrors& errors) { read_waivers(node, errors, policy); },
       .children = waiver_keys(file.waiver)},
      {.name = "allow",
       .type = "list of mappings",
       .about =
           "Findings that are accepted by what they are or where they stand. Each kind of condition that is "
           "given must hold.",
       .fallback = "[]",
       .read = [&file](const YamlNode& node, YamlErrors& errors) { read_allow(node, errors, file); },
       .children = allow_keys(file.allow, file.known_rules)},
      {.name = "baseline",
       .type = "string",
       .about = "File of findings that were here before: they are listed and decide nothing. "
                "`fanlight baseline create` makes it.",
       .read =
           [&policy](const YamlNode& node, YamlErrors& errors) {
             std::string path;
             read_string(node, errors, path);
             if (path.starts_with('/') || path.find("..") != path.npos || path.size() > 1'000) {
               errors.add_value(node, "must be a path below the root of the repository");
             } else {
               policy.baseline = std::move(path);
             }
           }},
      {.name = "review",
       .type = "mapping",
       .about = "How much is said, and what fails.",
       .read = [&policy](const YamlNode& node,
                         YamlErrors& errors) { read_mapping(node, review_keys(policy), errors); },
       .children = review_keys(policy)},
      {.name = "inline_allow",
       .type = "string",
       .about = "An inline allow that the change itself adds: ask someone else, trust it, or ignore it.",
       .fallback = "ask",
       .read = choice_reader(inline_allow_words, policy.inline_allow),
       .choices = words_of(inline_allow_words)},
      {.name = "ignore_paths",
       .type = "list of strings",
       .about = "Globs of files that are not looked at; the review lists them.",
       .fallback = "[]",
       .read = [&policy](const YamlNode& node,
                         YamlErrors& errors) { read_globs(node, errors, policy.ignore_paths); }},
      {.name = "honour_other_tools",
       .type = "boolean",
       .about = "Count `gitleaks:allow` and `pragma: allowlist secret`, and read `.gitleaksignore`, "
                "`.gitleaks.toml` and `.secrets.baseline`.",
       .fallback = "false",
       .read = [&policy](const YamlNode& node,
                         YamlErrors& errors) { read_bool(node, errors, policy.honour_other_tools); }},
      {.name = "locked",
       .type = "list of strings",
       .about = "Keys that a repository's own policy may not set: \"waivers\", \"review.fail_on\", "
                "\"rules.ami-id\".",
       .fallback = "[]",
       .read = [&policy](const YamlNode& node,
                         YamlErrors& errors) { read_strings(node, errors, policy.locked); }},
  };
}

// Takes one key out of a mapping; where it stood.
std::optional<YamlNode> take_out(YamlNode& mapping, std::string_view key) {
  const auto found = std::find_if(mapping.entries.begin(), mapping.entries.end(),
                                  [&](const YamlEntry& entry) { return entry.key.scalar == key; });
  if (found == mapping.entries.end()) return {};
  YamlNode at = std::move(found->key);
  mapping.entries.erase(found);
  return at;
}

// Keys that a layer below has locked may not stand in this one, and have no effect if they do.
void take_out_locked(YamlNode& root, const std::vector<std::string>& locked, YamlErrors& errors) {
  for (const std::string& key : locked) {
    const std::size_t dot = key.find('.');
    std::optional<YamlNode> stood;
    if (dot == std::string::npos) {
      stood = take_out(root, key);
    } else {
      const auto outer = std::find_if(root.entries.begin(), root.entries.end(), [&](const YamlEntry& entry) {
        return entry.key.scalar == std::string_view(key).substr(0, dot);
      });
      if (outer != root.entries.end()) stood = take_out(outer->value, std::string_view(key).substr(dot + 1));
    }
    if (stood)
      errors.add(*stood, fmt::format("key {} is locked by the organisation: take it out here", quoted(key)));
  }
}

PolicyRead read_keys(YamlNode root, const std::string& file, const Policy& base,
                     std::span<const std::string_view> known_rules, bool version_required) {
  PolicyRead out{base, {}};
  YamlErrors errors{.file = file};
  take_out_locked(root, base.locked, errors);
  const std::vector<std::string> own = ids_in(root);
  std::vector<std::string_view> known(known_rules.begin(), known_rules.end());
  known.insert(known.end(), own.begin(), own.end());
  PolicyFile keys{out.policy, known, {}, {}, {}};
  std::vector<YamlKey> table = policy_keys(keys);
  table.front().required = version_required;
  read_mapping(root, table, errors);
  // What is locked stays locked.
  std::vector<std::string>& now = out.policy.locked;
  for (const std::string& key : base.locked) {
    if (std::find(now.begin(), now.end(), key) == now.end()) now.push_back(key);
  }
  out.problems = std::move(errors.list);
  return out;
}

}  // namespace

PolicyRead read_policy(std::string_view text, const std::string& file, const Policy& base,
                       const std::vector<std::string_view>& known_rules) {
  const Result<YamlNode> root = parse_yaml(text, file);
  if (!root) return {base, {root.error().text}};
  return read_keys(*root, file, base, known_rules, true);
}

PolicyRead read_policy_node(const YamlNode& node, const std::string& file, const Policy& base,
                            const std::vector<std::string_view>& known_rules) {
  return read_keys(node, file, base, known_rules, false);
}

std::string policy_schema() {
  Policy policy;
  PolicyFile file{policy, {}, {}, {}, {}};
  return json_schema("fanlight policy (.fanlight.yml)", policy_keys(file));
}

std::string policy_reference_markdown() {
  Policy policy;
  PolicyFile file{policy, {}, {}, {}, {}};
  return reference_markdown(policy_keys(file));
}

}  // namespace fanlight::policy
