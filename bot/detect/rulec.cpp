// fanlight-rulec OUT.cpp FILE...: the build's rule compiler. Reads the rule files, checks them harder than
// rules at run time are checked, and writes them as static tables with the anchors compiled for each
// platform, so that a process starts without parsing or compiling anything. A bad rule fails the build with
// "file:line: reason".
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "fanlight/core/files.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/detect/examples.hpp"
#include "prefilter.hpp"
#include "ruleset.hpp"

namespace fanlight::detect {
namespace {

constexpr std::size_t kFileBytesMax = 4 * 1024 * 1024;
constexpr std::uint64_t kExampleSeed = 1;

// C++ source of a string literal. Octal escapes take three digits at most, so the next character is never
// eaten.
std::string quoted(std::string_view bytes) {
  std::string out = "\"";
  std::size_t column = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const std::size_t before = out.size();
    if (byte < 0x20 || byte > 0x7e || c == '"' || c == '\\' || c == '?') {
      fmt::format_to(std::back_inserter(out), "\\{:03o}", byte);
    } else {
      out += c;
    }
    column += out.size() - before;
    if (column > 100) {
      out += "\"\n\"";
      column = 0;
    }
  }
  return out + "\"";
}

std::string view(std::string_view text) {
  return text.empty() ? "{}" : fmt::format("{{{}, {}}}", quoted(text), text.size());
}

bool holds_anchor(const Rule& rule, std::string_view text) {
  const std::string folded = rule.anchors_ignore_case ? to_lower(text) : std::string(text);
  return std::ranges::any_of(rule.anchors, [&](std::string_view anchor) {
    return folded.find(rule.anchors_ignore_case ? to_lower(anchor) : std::string(anchor)) != folded.npos;
  });
}

// What a built-in rule must have on top of fault_of.
std::string fault_of_builtin(const Rule& rule) {
  if (rule.source.empty()) return "source: missing";
  if (rule.examples.empty()) return "examples: needs a match";
  if (rule.counterexamples.empty()) return "examples: needs a no_match";
  if (!reach_of(rule).proven) return "anchors: not proven that each match holds one within the window";
  SeededRandom random(kExampleSeed);
  const auto pattern = compile_pattern(rule.pattern);
  for (const std::string_view example : rule.examples) {
    const std::string text = expand_example(example, random);
    if (!holds_anchor(rule, text)) return fmt::format("examples: a match without an anchor: {}", example);
    if (!re2::RE2::PartialMatch(text, *pattern))
      return fmt::format("examples: pattern does not match: {}", example);
  }
  return {};
}

class Writer {
 public:
  std::string write(const std::vector<ParsedRule>& rules,
                    const std::vector<std::pair<std::string, std::string>>& databases);

 private:
  std::string list(std::span<const std::string_view> items);
  void rule(const Rule& rule);

  std::string lists_, rules_;
  std::size_t list_count_ = 0;
};

std::string Writer::list(std::span<const std::string_view> items) {
  if (items.empty()) return "{}";
  const std::string name = fmt::format("kList{}", list_count_++);
  lists_ += fmt::format("constexpr std::string_view {}[] = {{", name);
  for (const std::string_view item : items) lists_ += view(item) + ",\n";
  lists_ += "};\n";
  return name;
}

void Writer::rule(const Rule& rule) {
  const auto severity = [&](std::size_t layer) {
    const std::string_view name = to_string(rule.severity[layer]);
    return fmt::format("Severity::{}", name);
  };
  rules_ += fmt::format(
      "  {{.id = {}, .name = {}, .service = {}, .kind = FindingKind::{},\n"
      "   .anchors = {}, .anchors_ignore_case = {}, .pattern = {}, .window_before = {}, .window_after = {},\n"
      "   .paths_only = {}, .paths_not = {}, .check = {}, .entropy_min = {}, .unless = {}, .placeholders = "
      "{}, .partner = "
      "{},\n"
      "   .partner_lines = {}, .severity = {{{}, {}, {}, {}}}, .axes = {{.portability = {}, .disclosure = "
      "{}}},\n"
      "   .message = {}, .remedy = {}, .source = {}, .revoke_url = {}, .examples = {}, .counterexamples = "
      "{}}},\n",
      view(rule.id), view(rule.name), view(rule.service), to_string(rule.kind), list(rule.anchors),
      rule.anchors_ignore_case, view(rule.pattern), rule.window_before, rule.window_after,
      list(rule.paths_only), list(rule.paths_not), view(rule.check), rule.entropy_min, view(rule.unless),
      rule.placeholders, view(rule.partner), rule.partner_lines, severity(0), severity(1), severity(2),
      severity(3), rule.axes.portability, rule.axes.disclosure, view(rule.message), view(rule.remedy),
      view(rule.source), view(rule.revoke_url), list(rule.examples), list(rule.counterexamples));
}

std::string Writer::write(const std::vector<ParsedRule>& rules,
                          const std::vector<std::pair<std::string, std::string>>& databases) {
  for (const ParsedRule& item : rules) rule(item.rule);
  std::string out =
      "// Made by fanlight-rulec from the rule files; do not edit.\n"
      "#include \"fanlight/detect/rule.hpp\"\n"
      "#pragma clang diagnostic ignored \"-Woverlength-strings\"\n"
      "namespace fanlight::detect {\nnamespace {\n";
  out += lists_;
  if (!rules.empty()) out += fmt::format("constexpr Rule kRules[] = {{\n{}}};\n", rules_);
  std::string table;
  for (const auto& [platform, bytes] : databases) {
    out +=
        fmt::format("alignas(64) constexpr unsigned char kDatabase_{}[] =\n{};\n", platform, quoted(bytes));
    table += fmt::format("  {{\"{0}\", std::span(kDatabase_{0}).first({1})}},\n", platform, bytes.size());
  }
  if (!databases.empty()) out += fmt::format("constexpr RuleSet::Database kDatabases[] = {{\n{}}};\n", table);
  out += fmt::format(
      "}}  // namespace\n\nconst RuleSet& builtin_rules() {{\n  static const RuleSet rules{{{}, {}, "
      "nullptr}};\n"
      "  return rules;\n}}\n\n}}  // namespace fanlight::detect\n",
      rules.empty() ? "{}" : "kRules", databases.empty() ? "{}" : "kDatabases");
  return out;
}

Result<ParsedRules> read_files(std::vector<std::string> files) {
  const auto base_name = [](const std::string& file) { return file.substr(file.rfind('/') + 1); };
  std::ranges::sort(files, {}, base_name);
  ParsedRules parsed{{}, make_arena()};
  for (const std::string& file : files) {
    const auto text = read_file(file, kFileBytesMax);
    if (!text) return std::unexpected(text.error());
    if (auto read = read_rules(*text, file, parsed); !read) return std::unexpected(read.error());
  }
  for (const ParsedRule& item : parsed.rules) {
    if (const std::string fault = fault_of_builtin(item.rule); !fault.empty()) {
      return fail(ErrorCode::bad_input,
                  fmt::format("{}:{}: {}: {}", item.file, item.line, item.rule.id, fault));
    }
  }
  ParsedRules ordered{{}, parsed.arena};
  for (const FindingKind kind : {FindingKind::secret, FindingKind::coupling}) {
    std::ranges::copy_if(parsed.rules, std::back_inserter(ordered.rules),
                         [&](const ParsedRule& item) { return item.rule.kind == kind; });
  }
  return ordered;
}

Result<void> compile(const std::string& output, std::vector<std::string> files) {
  const auto parsed = read_files(std::move(files));
  if (!parsed) return std::unexpected(parsed.error());
  std::vector<Rule> rules;
  for (const ParsedRule& item : parsed->rules) rules.push_back(item.rule);
  std::vector<std::pair<std::string, std::string>> databases;
  for (const std::string_view platform : platform_names()) {
    if (rules.empty()) break;
    // A library that was built without a platform's code cannot compile for it; the engine then does without.
    const auto database = compile_database(make_anchor_table(rules), platform);
    if (!database) continue;
    auto bytes = serialize_database(**database);
    if (!bytes) return std::unexpected(bytes.error());
    databases.emplace_back(platform, std::move(*bytes));
  }
  return write_file(output, Writer().write(parsed->rules, databases), 0644);
}

}  // namespace
}  // namespace fanlight::detect

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: fanlight-rulec OUT.cpp [FILE...]\n", stderr);
    return 2;
  }
  const auto done = fanlight::detect::compile(argv[1], {argv + 2, argv + argc});
  if (!done) {
    fmt::print(stderr, "{}\n", done.error().text);
    return 1;
  }
  return 0;
}
