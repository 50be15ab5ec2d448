// `fanlight rules list|show|test`.
#include <fmt/format.h>

#include <algorithm>

#include "fanlight/cli/cli.hpp"
#include "fanlight/core/files.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/change.hpp"
#include "fanlight/coupling/dependencies.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "fanlight/detect/engine.hpp"
#include "fanlight/detect/examples.hpp"
#include "fanlight/detect/structure.hpp"
#include "json_out.hpp"
#include "options.hpp"

namespace fanlight::cli {

namespace {

constexpr std::size_t rules_bytes_max = 16 * 1024 * 1024;
// Examples are generated: several draws, so that a pattern that fits only some bodies shows.
constexpr int draws = 20;

std::string_view severity_of(const detect::Rule& rule) {
  return to_string(*std::max_element(rule.severity.begin(), rule.severity.end()));
}

std::string proof_of(const detect::Rule& rule) {
  if (!rule.check.empty()) return std::string(rule.check);
  if (!rule.partner.empty()) return "partner";
  if (rule.entropy_min > 0) return "entropy";
  return "shape";
}

// A path that the rule looks at: its first glob with a letter for what may be anything.
std::string path_for(const detect::Rule& rule) {
  if (rule.paths_only.empty()) return "main.tf";
  std::string path;
  for (const char c : rule.paths_only.front()) {
    if (c != '*' || !path.ends_with('x')) path += c == '*' ? 'x' : c;
  }
  return path;
}

bool finds(const detect::Engine& engine, std::uint32_t rule, std::string_view text,
           detect::Engine::Scratch& scratch) {
  const auto matches = engine.scan(text, path_for(engine.rules()[rule]), {}, scratch);
  return std::any_of(matches.begin(), matches.end(), [&](const detect::Match& m) { return m.rule == rule; });
}

}  // namespace

std::vector<detect::Rule> all_rules(std::span<const detect::Rule> engine) {
  std::vector<detect::Rule> out(engine.begin(), engine.end());
  for (const auto more : {coupling::dependency_rules(), coupling::lexicon_rules()}) {
    for (const detect::Rule& rule : more) {
      if (std::none_of(out.begin(), out.end(), [&](const auto& other) { return other.id == rule.id; }))
        out.push_back(rule);
    }
  }
  for (const detect::Rule& rule : coupling::vocabulary_rules()) {
    if (std::none_of(out.begin(), out.end(), [&](const auto& other) { return other.id == rule.id; }))
      out.push_back(rule);
  }
  for (const detect::Rule& rule : coupling::change_rules()) out.push_back(rule);
  return out;
}

int run_rules_list(const CommonOptions& common, std::string_view format) {
  auto scanner = make_scanner(common);
  if (!scanner) return complain(scanner.error());
  const auto rules = all_rules(scanner->engine().rules());
  if (format == "json") {
    JsonOut to;
    to.array([&] {
      for (const detect::Rule& rule : rules) {
        to.object([&] {
          to.member("id", rule.id);
          to.member("name", rule.name);
          to.member("service", rule.service);
          to.member("kind", to_string(rule.kind));
          to.object("severity", [&] {
            for (std::size_t layer = 0; layer < rule.severity.size(); ++layer)
              to.member(std::string(to_string(static_cast<Layer>(layer))).c_str(),
                        to_string(rule.severity[layer]));
          });
          to.member("proven_by", proof_of(rule));
          to.member("source", rule.source);
          to.member("revoke", rule.revoke_url);
        });
      }
    });
    fmt::print("{}", to.str());
    return exit_clean;
  }
  fmt::print("{:40} {:44} {:18} {:9} {:8} {:26} {}\n", "id", "name", "service", "kind", "severity",
             "proven by", "documented at");
  for (const detect::Rule& rule : rules) {
    fmt::print("{:40} {:44} {:18} {:9} {:8} {:26} {}\n", rule.id, rule.name, rule.service,
               to_string(rule.kind), severity_of(rule), proof_of(rule), rule.source);
  }
  return exit_clean;
}

int run_rules_show(const CommonOptions& common, const std::string& id) {
  auto scanner = make_scanner(common);
  if (!scanner) return complain(scanner.error());
  const auto rules = all_rules(scanner->engine().rules());
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.id == id; });
  if (found == rules.end()) {
    std::vector<std::string_view> ids;
    for (const auto& rule : rules) ids.push_back(rule.id);
    const auto near = nearest(id, ids);
    return complain(
        {ErrorCode::not_found, fmt::format("rules show: no rule \"{}\"{}", id,
                                           near.empty() ? "; `fanlight rules list` shows them all"
                                                        : fmt::format(", did you mean \"{}\"?", near))});
  }
  const detect::Rule& rule = *found;
  fmt::print("{}\n  {} ({}, {})\n  severity  ", rule.id, rule.name, rule.service, to_string(rule.kind));
  for (std::size_t layer = 0; layer < rule.severity.size(); ++layer) {
    fmt::print("{} {}  ", to_string(static_cast<Layer>(layer)), to_string(rule.severity[layer]));
  }
  fmt::print("\n  proven by {}\n  pattern   {}\n  why       {}\n  do        {}\n  source    {}\n",
             proof_of(rule), rule.pattern, rule.message, rule.remedy, rule.source);
  if (const auto* check = detect::find_structure_check(rule.check))
    fmt::print("  check     {}\n", check->about);
  SystemRandom random;
  for (const auto example : rule.examples) {
    // Made up just now; shown so that a person sees the shape.
    fmt::print("  finds     {}\n", redact_excerpt(detect::expand_example(example, random)));
  }
  return exit_clean;
}

int run_rules_test(const std::string& file) {
  detect::RuleSet rules = detect::builtin_rules();
  if (!file.empty()) {
    auto text = read_file(file, rules_bytes_max);
    if (!text) return complain(text.error());
    auto parsed = detect::parse_rules(*text, file);
    if (!parsed) return complain(parsed.error());
    rules = std::move(*parsed);
  }
  auto engine = detect::Engine::make(rules);
  if (!engine) return complain(engine.error());
  auto scratch = (*engine)->make_scratch();
  SystemRandom random;
  std::size_t tried = 0, wrong = 0;
  for (std::uint32_t i = 0; i < rules.rules.size(); ++i) {
    const detect::Rule& rule = rules.rules[i];
    const auto check = [&](std::string_view example, bool expected) {
      for (int draw = 0; draw < draws; ++draw) {
        ++tried;
        if (finds(**engine, i, detect::expand_example(example, random), scratch) == expected) continue;
        ++wrong;
        fmt::print("{}: {} {}\n", rule.id, expected ? "does not find" : "finds", example);
        return;
      }
    };
    for (const auto example : rule.examples) check(example, true);
    for (const auto example : rule.counterexamples) check(example, false);
    if (rule.examples.empty()) {
      ++wrong;
      fmt::print("{}: has no example\n", rule.id);
    }
  }
  fmt::print("{} rules, {} examples tried, {} wrong\n", rules.rules.size(), tried, wrong);
  return wrong ? exit_findings : exit_clean;
}

}  // namespace fanlight::cli
