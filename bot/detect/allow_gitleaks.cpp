// `.gitleaksignore` (a fingerprint a line: [commit:]path:rule:line) and the allow-lists of `.gitleaks.toml`,
// the old single table and the new list, of the whole configuration and of one rule.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "fanlight/core/text.hpp"
#include "fanlight/detect/allow_list.hpp"
#include "toml.hpp"

namespace fanlight::detect {

namespace {

bool is_commit(std::string_view text) {
  return text.size() == 40 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// From the right: a path may hold colons.
bool read_fingerprint(std::string_view line, AllowEntry& entry) {
  const std::size_t last = line.rfind(':');
  if (last == line.npos || last == 0) return false;
  const std::size_t before = line.rfind(':', last - 1);
  if (before == line.npos || before == 0) return false;
  const std::string_view number = line.substr(last + 1);
  const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), entry.at_line);
  if (code != std::errc() || end != number.data() + number.size()) return false;
  entry.rules = {std::string(line.substr(before + 1, last - before - 1))};
  std::string_view path = line.substr(0, before);
  if (path.size() > 41 && path[40] == ':' && is_commit(path.substr(0, 40))) {
    entry.commits = {std::string(path.substr(0, 40))};
    path.remove_prefix(41);
  }
  if (path.starts_with("./")) path.remove_prefix(2);
  entry.path = path;
  return !entry.path.empty() && !entry.rules[0].empty();
}

class Reader {
 public:
  Reader(const std::string& file, AllowRead& out) : file_(file), out_(out) {}

  void read(const toml::table& root) {
    lists(root, {});
    if (const toml::node* extend = root.get("extend"); extend && extend->as_table()) {
      if (const toml::node* path = extend->as_table()->get("path"))
        problem(*path, "extend.path is another file: its allow-lists are not read");
    }
    const toml::array* rules = root.get("rules") ? root.get("rules")->as_array() : nullptr;
    if (!rules) return;
    for (const toml::node& node : *rules) {
      const toml::table* rule = node.as_table();
      if (!rule) continue;
      const auto id = (*rule)["id"].value<std::string>();
      if (id) lists(*rule, {*id});
    }
  }

 private:
  void problem(const toml::node& at, std::string_view what) {
    out_.problems.push_back(fmt::format("{}:{}: {}", file_, at.source().begin.line, what));
  }

  void lists(const toml::table& of, const std::vector<std::string>& rules) {
    if (const toml::node* one = of.get("allowlist")) {
      if (const toml::table* table = one->as_table()) list(*table, rules);
    }
    const toml::node* many = of.get("allowlists");
    const toml::array* array = many ? many->as_array() : nullptr;
    if (!array) return;
    for (const toml::node& node : *array) {
      if (const toml::table* table = node.as_table()) list(*table, rules);
    }
  }

  std::vector<std::string> strings(const toml::table& of, const char* key) {
    std::vector<std::string> out;
    const toml::node* node = of.get(key);
    if (!node) return out;
    const toml::array* array = node->as_array();
    if (!array) {
      problem(*node, fmt::format("{} must be a list of strings", key));
      return out;
    }
    for (const toml::node& item : *array) {
      if (const auto text = item.value<std::string>()) {
        out.push_back(*text);
      } else {
        problem(item, fmt::format("{} must be a list of strings", key));
      }
    }
    return out;
  }

  void list(const toml::table& table, std::vector<std::string> rules) {
    AllowEntry common;
    common.file = file_;
    common.line = table.source().begin.line;
    common.reason = table["description"].value_or(std::string());
    if (const auto target = strings(table, "targetRules"); !target.empty()) rules = target;
    common.rules = std::move(rules);
    const auto paths = strings(table, "paths"), regexes = strings(table, "regexes"),
               words = strings(table, "stopwords"), commits = strings(table, "commits");
    const std::string target = table["regexTarget"].value_or(std::string("secret"));
    const auto patterns_of = [&](AllowEntry& entry) -> std::vector<std::string>& {
      return target == "line"    ? entry.line_patterns
             : target == "match" ? entry.match_patterns
                                 : entry.secret_patterns;
    };
    const std::string condition = to_lower(table["condition"].value_or(std::string("or")));
    if (condition == "and" || condition == "&&") {
      common.path_patterns = paths;
      patterns_of(common) = regexes;
      common.words = words;
      common.commits = commits;
      out_.entries.push_back(std::move(common));
      return;
    }
    // Each alternative is an entry of its own, so that the one that fits nothing any more can be named.
    const auto add = [&](const toml::node* at, const auto& set) {
      AllowEntry entry = common;
      if (at) entry.line = at->source().begin.line;
      set(entry);
      out_.entries.push_back(std::move(entry));
    };
    const auto node_of = [&](const char* key, std::size_t i) -> const toml::node* {
      const toml::array* array = table.get(key) ? table.get(key)->as_array() : nullptr;
      return array && i < array->size() ? array->get(i) : nullptr;
    };
    for (std::size_t i = 0; i < paths.size(); ++i)
      add(node_of("paths", i), [&](AllowEntry& e) { e.path_patterns = {paths[i]}; });
    for (std::size_t i = 0; i < regexes.size(); ++i)
      add(node_of("regexes", i), [&](AllowEntry& e) { patterns_of(e) = {regexes[i]}; });
    for (std::size_t i = 0; i < words.size(); ++i)
      add(node_of("stopwords", i), [&](AllowEntry& e) { e.words = {words[i]}; });
    for (std::size_t i = 0; i < commits.size(); ++i)
      add(node_of("commits", i), [&](AllowEntry& e) { e.commits = {commits[i]}; });
  }

  const std::string& file_;
  AllowRead& out_;
};

}  // namespace

AllowRead read_gitleaks_ignore(std::string_view text, const std::string& file) {
  AllowRead out;
  std::uint32_t number = 0;
  for (std::string_view line : split_lines(text)) {
    ++number;
    line = trim(line);
    if (line.empty() || line.starts_with('#')) continue;
    AllowEntry entry;
    entry.file = file;
    entry.line = number;
    if (out.entries.size() == kAllowEntriesMax) {
      out.problems.push_back(fmt::format("{}:{}: more than {} entries", file, number, kAllowEntriesMax));
      break;
    }
    if (read_fingerprint(line, entry)) {
      out.entries.push_back(std::move(entry));
    } else {
      out.problems.push_back(fmt::format("{}:{}: no fingerprint: write path:rule:line", file, number));
    }
  }
  return out;
}

AllowRead read_gitleaks_allowlists(std::string_view text, const std::string& file) {
  AllowRead out;
  const auto parsed = parse_toml(text, file);
  if (!parsed) {
    out.problems.push_back(parsed.error().text);
    return out;
  }
  Reader(file, out).read(*parsed);
  return out;
}

}  // namespace fanlight::detect
