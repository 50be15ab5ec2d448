// What gitleaks' rules and both tools' allow-lists are in fanlight's words. A gitleaks rule has keywords that
// must stand somewhere in the same piece of text; a rule here has anchors that every match holds, which is
// what makes it cheap. Which literals every match holds is asked of RE2's own prefilter.
#include "fanlight/detect/import.hpp"

#include <fmt/format.h>
#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>

#include "fanlight/core/text.hpp"
#include "fanlight/detect/allow_list.hpp"
#include "fanlight/detect/rule.hpp"
#include "ruleset.hpp"
#include "toml.hpp"

namespace fanlight::detect {

namespace {

constexpr std::size_t kAtomsMax = 200;

// '…' keeps backslashes as they are; what it cannot hold goes into "…".
std::string quote(std::string_view text) {
  const std::string clean = sanitize_utf8(text);
  std::string out;
  if (std::ranges::none_of(clean, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; })) {
    for (const char c : clean) out += c == '\'' ? std::string("''") : std::string(1, c);
    return '\'' + out + '\'';
  }
  for (const char c : clean) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return '"' + out + '"';
}

std::string quote_list(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  for (const std::string& text : texts) out.push_back(quote(text));
  return '[' + join(out, ", ") + ']';
}

std::string kebab(std::string_view text) {
  std::string out;
  for (const char c : to_lower(text)) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (word) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  out = out.substr(0, kNameBytesMax);
  while (out.ends_with('-')) out.pop_back();
  return out;
}

// The n-th capturing group becomes the one named `secret`.
std::string name_group(std::string_view pattern, int wanted) {
  std::string out;
  int group = 0;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    out += c;
    if (c == '\\' && i + 1 < pattern.size()) {
      out += pattern[++i];
    } else if (in_class) {
      in_class = c != ']' || (i > 0 && pattern[i - 1] == '[') || (i > 1 && pattern.substr(i - 2, 2) == "[^");
    } else if (c == '[') {
      in_class = true;
    } else if (c == '(') {
      const std::string_view rest = pattern.substr(i + 1);
      const bool named = rest.starts_with("?P<") || (rest.starts_with("?<") && !rest.starts_with("?<="));
      if (rest.starts_with('?') && !named) continue;
      if (++group != wanted) continue;
      if (named) i = pattern.find('>', i);
      out += "?P<secret>";
    }
  }
  return out;
}

// Literals of which every match of `pattern` holds one: `keywords` when they are, else what RE2 finds. Empty
// when there are none of 3 bytes.
std::vector<std::string> anchors_of(const std::string& pattern, const std::vector<std::string>& keywords) {
  re2::FilteredRE2 filter(static_cast<int>(kAnchorBytesMin));
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_log_errors(false);
  int id = 0;
  if (filter.Add(pattern, options, &id) != re2::RE2::NoError) return {};
  std::vector<std::string> atoms;
  filter.Compile(&atoms);
  // Whether a text that holds only the atoms of `which` may still match.
  const auto may_match = [&](const auto& which) {
    std::vector<int> held, potentials;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      if (which(atoms[i])) held.push_back(static_cast<int>(i));
    }
    filter.AllPotentials(held, &potentials);
    return !potentials.empty();
  };
  const bool usable = !keywords.empty() && std::ranges::all_of(keywords, [](const std::string& word) {
    return word.size() >= kAnchorBytesMin && word.size() <= kAnchorBytesMax;
  });
  // Whether each match holds one of `words`.
  const auto suffice = [&](const std::vector<std::string>& words) {
    return !may_match([&](const std::string& atom) {
      return std::ranges::none_of(words, [&](const auto& word) { return atom.find(word) != atom.npos; });
    });
  };
  std::vector<std::string> found;
  if (usable && suffice(keywords)) {
    found = keywords;
  } else if (atoms.size() <= kAtomsMax && suffice(atoms)) {
    found = atoms;
  }
  const auto shortest_first = [](const auto& text) { return std::pair(text.size(), text); };
  std::ranges::sort(found, {}, shortest_first);
  // Short literals stand everywhere: without each that the others can do without.
  for (std::size_t i = 0; i < found.size();) {
    std::vector<std::string> fewer = found;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (!fewer.empty() && suffice(fewer)) {
      found = std::move(fewer);
    } else {
      ++i;
    }
  }
  std::vector<std::string> out;
  for (std::string& text : found) {
    if (text.size() > kAnchorBytesMax) text.resize(kAnchorBytesMax);
    if (std::ranges::none_of(out, [&](const auto& held) { return text.find(held) != text.npos; }))
      out.push_back(std::move(text));
  }
  return out;
}

std::vector<std::string> strings(const toml::table& of, const char* key) {
  std::vector<std::string> out;
  const toml::node* node = of.get(key);
  if (!node || !node->as_array()) return out;
  for (const toml::node& item : *node->as_array()) {
    if (const auto text = item.value<std::string>()) out.push_back(*text);
  }
  return out;
}

class GitleaksImport {
 public:
  GitleaksImport(const std::string& file, std::span<const std::string_view> taken)
      : file_(file), taken_(taken.begin(), taken.end()) {}

  void read(const toml::table& root) {
    if (const toml::node* extend = root.get("extend"); extend && extend->as_table())
      read_extend(*extend->as_table());
    const toml::array* list = root.get("rules") ? root.get("rules")->as_array() : nullptr;
    if (!list) return;
    for (const toml::node& node : *list) {
      const toml::table* rule = node.as_table();
      if (!rule) continue;
      const std::string id = (*rule)["id"].value_or(std::string());
      patterns_[id] = (*rule)["regex"].value_or(std::string());
    }
    for (const toml::node& node : *list) {
      if (const toml::table* rule = node.as_table()) read_rule(*rule);
    }
  }

  std::string rules_yaml;
  std::size_t rules = 0;
  std::vector<std::string> left_out;
  std::map<std::string, std::string> ids;  // theirs to ours

  void leave(std::uint32_t line, std::string_view what) {
    left_out.push_back(fmt::format("{}:{}: {}", file_, line, what));
  }

 private:
  void read_extend(const toml::table& extend) {
    const std::uint32_t line = extend.source().begin.line;
    if (extend["useDefault"].value_or(false))
      leave(line, "extend.useDefault: fanlight's built-in rules stand for gitleaks' own");
    if (extend.get("path")) leave(line, "extend.path: import that file as well");
    for (const std::string& id : strings(extend, "disabledRules"))
      leave(line,
            fmt::format("disabledRules: \"{}\" is a rule of gitleaks: switch fanlight's off under `rules:`",
                        id));
  }

  void read_rule(const toml::table& rule) {
    const std::uint32_t line = rule.source().begin.line;
    const std::string theirs = rule["id"].value_or(std::string());
    const auto refuse = [&](std::string_view why) {
      leave(line, fmt::format("rule \"{}\": {}", theirs, why));
    };
    std::string pattern = rule["regex"].value_or(std::string());
    if (pattern.empty())
      return refuse(rule.get("path") ? "it looks at file names alone: a path is no secret here"
                                     : "it has no regex");
    std::string id = kebab(theirs);
    if (id.empty()) return refuse("it has no id");
    if (taken_.contains(id)) id = "gitleaks-" + id;
    if (!taken_.insert(id).second) return refuse("its id stands twice");
    if (const auto group = rule["secretGroup"].value_or(0); group > 1)
      pattern = name_group(pattern, static_cast<int>(group));
    const auto compiled = compile_pattern(pattern);
    if (!compiled->ok()) return refuse("RE2 does not know its regex: " + compiled->error());
    std::vector<std::string> keywords;
    for (const std::string& word : strings(rule, "keywords")) keywords.push_back(to_lower(word));
    const auto anchors = anchors_of(pattern, keywords);
    if (anchors.empty())
      return refuse("no literal of 3 bytes stands in each of its matches, so nothing cheap can look for it");

    std::string description = rule["description"].value_or(std::string());
    if (trim(description).empty()) description = theirs;
    std::string yaml =
        fmt::format("  - id: {}\n    name: {}\n    service: {}\n    kind: secret\n", id,
                    quote(truncate_utf8(description, kNameBytesMax)), id.substr(0, id.find('-')));
    yaml += fmt::format("    anchors: {}\n    ignore_case: true\n    pattern: {}\n", quote_list(anchors),
                        quote(pattern));
    if (const double entropy = rule["entropy"].value_or(0.0); entropy > 0)
      yaml += fmt::format("    entropy: {}\n", entropy);
    yaml += partner_of(rule, theirs);
    if (const auto path = rule["path"].value<std::string>())
      refuse(fmt::format("path \"{}\" is not taken over: the rule looks at every file; `paths:` takes globs",
                         *path));
    yaml += fmt::format(
        "    message: {}\n    remedy: 'Revoke it, then read the new one from your secret store.'\n",
        quote(description));
    if (const std::string why = add(yaml); !why.empty()) return refuse(why);
    ids[theirs] = id;
    ++rules;
  }

  std::string partner_of(const toml::table& rule, const std::string& theirs) {
    const toml::array* required = rule.get("required") ? rule.get("required")->as_array() : nullptr;
    if (!required || required->empty()) return {};
    const toml::table* first = required->get(0)->as_table();
    const std::string other = first ? (*first)["id"].value_or(std::string()) : std::string();
    const auto lines = first ? (*first)["withinLines"].value_or(std::int64_t{10}) : std::int64_t{10};
    const auto pattern = patterns_.find(other);
    if (required->size() > 1 || pattern == patterns_.end() || pattern->second.empty()) {
      leave(rule.source().begin.line,
            fmt::format("rule \"{}\": of what it requires only one rule of the same file can be taken over",
                        theirs));
      return {};
    }
    return fmt::format("    partner: {{pattern: {}, lines: {}}}\n", quote(pattern->second),
                       std::clamp<std::int64_t>(lines, 0, kPartnerLinesMax));
  }

  // Why the rule cannot be used; it is taken when it can.
  std::string add(const std::string& yaml) {
    const auto fault = [&](const std::string& text) {
      const auto parsed = parse_rules(text, "rule");
      return parsed ? std::string() : parsed.error().text.substr(parsed.error().text.find(": ") + 2);
    };
    std::string why = fault(yaml);
    std::string with_window = yaml + "    window: {before: 512, after: 4096}\n";
    if (why.empty()) {
      rules_yaml += yaml;
    } else if (why.find("has no longest match") != why.npos) {
      why = fault(with_window);
      if (why.empty()) rules_yaml += with_window;
    }
    return why;
  }

  const std::string& file_;
  std::set<std::string, std::less<>> taken_;
  std::map<std::string, std::string> patterns_;
};

std::string allow_yaml(const AllowEntry& entry) {
  std::string out = "  - reason: " + quote(truncate_utf8(entry.reason, 300)) + "\n";
  const std::pair<const char*, const std::vector<std::string>*> lists[] = {
      {"rules", &entry.rules},
      {"path_patterns", &entry.path_patterns},
      {"secret_patterns", &entry.secret_patterns},
      {"match_patterns", &entry.match_patterns},
      {"line_patterns", &entry.line_patterns},
      {"words", &entry.words},
      {"commits", &entry.commits}};
  for (const auto& [name, list] : lists) {
    if (!list->empty()) out += fmt::format("    {}: {}\n", name, quote_list(*list));
  }
  return out;
}

std::string document(std::string_view tool, const std::string& file, const Imported& imported,
                     const std::string& rules, const std::string& allows, std::string_view more) {
  std::string out = fmt::format("# Made by `fanlight import {} {}`: {} rules, {} allow-lists.\n", tool,
                                sanitize_utf8(file), imported.rules, imported.allows);
  if (!imported.left_out.empty()) out += "# Not taken over:\n";
  for (const std::string& line : imported.left_out) {
    std::string one = sanitize_utf8(line);
    std::ranges::replace_if(one, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    out += "#   " + one + '\n';
  }
  out += "version: 1\n";
  out += more;
  if (!rules.empty()) out += "custom_rules:\n" + rules;
  if (!allows.empty()) out += "allow:\n" + allows;
  return out;
}

// An entry that RE2 can use, or why not.
std::string fault_of_entry(const AllowEntry& entry) {
  std::vector<std::string> problems;
  AllowList::make({entry}, problems);
  return problems.empty() ? std::string() : problems.front();
}

}  // namespace

Result<Imported> import_gitleaks(std::string_view text, const std::string& file,
                                 std::span<const std::string_view> taken) {
  const auto root = parse_toml(text, file);
  if (!root) return std::unexpected(root.error());
  GitleaksImport import(file, taken);
  import.read(*root);
  Imported out;
  out.rules = import.rules;
  AllowRead read = read_gitleaks_allowlists(text, file);
  std::string allows;
  for (AllowEntry& entry : read.entries) {
    std::vector<std::string> ours, unknown;
    for (const std::string& rule : entry.rules) {
      const auto found = import.ids.find(rule);
      (found == import.ids.end() ? unknown : ours)
          .push_back(found == import.ids.end() ? rule : found->second);
    }
    if (!unknown.empty())
      import.leave(entry.line,
                   fmt::format("an allow-list of rule \"{}\", which is not taken over: name fanlight's rule",
                               unknown[0]));
    if (!entry.rules.empty() && ours.empty()) continue;
    entry.rules = std::move(ours);
    if (const std::string why = fault_of_entry(entry); !why.empty()) {
      import.left_out.push_back(why);
      continue;
    }
    if (trim(entry.reason).empty()) entry.reason = fmt::format("from {}:{}", file, entry.line);
    allows += allow_yaml(entry);
    ++out.allows;
  }
  // Of `extend` the import itself has spoken.
  for (const std::string& problem : read.problems) {
    if (problem.find("extend.path") == problem.npos) import.left_out.push_back(problem);
  }
  out.left_out = std::move(import.left_out);
  out.yaml = document("gitleaks", file, out, import.rules_yaml, allows, "");
  return out;
}

Result<Imported> import_detect_secrets(std::string_view json, const std::string& file) {
  AllowRead read = read_secrets_baseline(json, file);
  if (read.entries.empty() && !read.problems.empty())
    return fail(ErrorCode::bad_input, read.problems.front());
  Imported out;
  out.left_out = std::move(read.problems);
  std::string allows;
  std::size_t known = 0;
  for (AllowEntry& entry : read.entries) {
    if (!entry.secret_sha1.empty()) {
      ++known;
      continue;
    }
    if (const std::string why = fault_of_entry(entry); !why.empty()) {
      out.left_out.push_back(why);
      continue;
    }
    entry.reason = fmt::format("left out by {}", file);
    allows += allow_yaml(entry);
    ++out.allows;
  }
  std::string more;
  if (known) {
    // Its results are hashes of the secrets: they are compared where the file stays, and cannot be turned
    // into anything else.
    more = fmt::format(
        "# The {} secrets that {} knows stay known while that file is there.\nhonour_other_tools: true\n",
        known, sanitize_utf8(file));
  }
  out.left_out.push_back(file + ": plugins and their limits: fanlight has rules of its own");
  out.yaml = document("detect-secrets", file, out, "", allows, more);
  return out;
}

}  // namespace fanlight::detect
