// A fix that names a parameter which nobody declares: `var.bucket` without a `variable "bucket"`,
// `.Values.host` without a `host:` in the chart's values. A change shows only a part of its module, so this
// is said where the part that holds the declarations was seen: the module's variables.tf, the chart's
// values.yaml. A module that declares elsewhere (another name of its old lines is not there either) is left
// alone.
#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "fanlight/core/text.hpp"
#include "fanlight/coupling/change.hpp"
#include "fanlight/coupling/dependencies.hpp"
#include "fanlight/coupling/facts.hpp"
#include "lines.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kLineBytesRead = 4096;
constexpr std::string_view kTemplates = "/templates/";

struct Use {
  std::string name;
  std::size_t begin = 0, end = 0;  // on its line
};

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? std::string() : std::string(path.substr(0, slash + 1));
}

// Names behind `head` ("var.", ".Values."), up to the next dot.
std::vector<Use> uses_of(std::string_view line, std::string_view head) {
  std::vector<Use> uses;
  if (line.size() > kLineBytesRead) return uses;
  for (std::size_t at = line.find(head); at != line.npos; at = line.find(head, at + head.size())) {
    if (head.front() != '.' && at > 0 && (is_name_char(line[at - 1]) || line[at - 1] == '.')) continue;
    std::size_t end = at + head.size();
    while (end < line.size() && is_name_char(line[end])) ++end;
    const std::string_view name = line.substr(at + head.size(), end - at - head.size());
    // "var.x.*" in prose and "var.${…}" name nothing.
    if (!name.empty() && (std::isalpha(static_cast<unsigned char>(name.front())) || name.front() == '_'))
      uses.push_back({std::string(name), at, end});
  }
  return uses;
}

// A reference in a string of HCL stands in ${…} or %{…}; elsewhere the text is text.
bool is_text_in_hcl(std::string_view line, std::size_t at) {
  const std::string_view before = line.substr(0, at);
  if (std::ranges::count(before, '"') % 2 == 0) return false;
  const std::size_t open = std::max(before.rfind("${") + 1, before.rfind("%{") + 1);
  return open == 0 || before.find('}', open) != before.npos;
}

void read_variables(std::string_view text, std::set<std::string, std::less<>>& declared) {
  for (const std::string_view line : split_lines(text)) {
    const std::string_view body = trim(line);
    if (!body.starts_with("variable")) continue;
    std::string_view name = trim(body.substr(8));
    if (name.starts_with('"')) name = name.substr(1, name.find('"', 1) - 1);
    name = name.substr(0, std::min(name.find_first_of(" \"{"), name.size()));
    if (!name.empty()) declared.emplace(name);
  }
}

// Keys of the chart at the top of its values, and what its schema describes.
void read_chart_values(std::string_view path, std::string_view text,
                       std::set<std::string, std::less<>>& declared) {
  for (const std::string& key : read_facts(path, text).declares)
    declared.insert(key.substr(0, key.find('.')));
}

struct Family {
  std::string_view head;  // how a name is used
  std::string home;       // the file that declares
  std::string_view rule;
  bool terraform = false;
};

std::optional<Family> family_of(std::string_view path) {
  if (path.ends_with(".tf"))
    return Family{"var.", folder_of(path) + "variables.tf", "dangling-parameter", true};
  const std::size_t templates = path.rfind(kTemplates);
  if (templates != path.npos && !path.ends_with(".txt"))
    return Family{".Values.", std::string(path.substr(0, templates)) + "/values.yaml",
                  "substitution-without-schema"};
  return std::nullopt;
}

// Of the added lines, or of those that stand as they were.
std::vector<std::pair<const DiffLine*, Use>> uses_in(const FileDiff& file, const Family& family,
                                                     LineKind kind) {
  std::vector<std::pair<const DiffLine*, Use>> found;
  const Syntax syntax = syntax_of(file.path());
  for (const Hunk& hunk : file.hunks) {
    for (const DiffLine& line : hunk.lines) {
      if (line.kind != kind) continue;
      for (Use& use : uses_of(line.text, family.head)) {
        const bool text = family.terraform && is_text_in_hcl(line.text, use.begin);
        const bool guarded = !family.terraform && (line.text.find("default") != line.text.npos ||
                                                   line.text.find("required") != line.text.npos);
        if (text || guarded || opens_line_comment(line.text.substr(0, use.begin + 1), syntax)) continue;
        found.emplace_back(&line, std::move(use));
      }
    }
  }
  return found;
}

std::set<std::string, std::less<>> declared_in(const Family& family,
                                               const std::map<std::string, std::string>& seen) {
  std::set<std::string, std::less<>> declared;
  const std::string folder = folder_of(family.home);
  for (const auto& [path, text] : seen) {
    if (family.terraform && folder_of(path) == folder && path.ends_with(".tf"))
      read_variables(text, declared);
    if (!family.terraform && path == family.home) read_chart_values(path, text, declared);
  }
  if (!family.terraform) declared.insert({"global", "enabled"});
  return declared;
}

}  // namespace

std::optional<std::string> declarations_wanted(const FileDiff& file,
                                               const std::map<std::string, std::string>& seen) {
  const auto family = family_of(file.path());
  if (!family || seen.contains(family->home)) return std::nullopt;
  const auto declared = declared_in(*family, seen);
  const auto uses = uses_in(file, *family, LineKind::added);
  const bool open =
      std::ranges::any_of(uses, [&](const auto& use) { return !declared.contains(use.second.name); });
  return open ? std::optional(family->home) : std::nullopt;
}

std::vector<FixFault> find_undeclared(const FileDiff& file, Layer layer,
                                      const std::map<std::string, std::string>& seen) {
  std::vector<FixFault> faults;
  const auto family = family_of(file.path());
  if (!family || !seen.contains(family->home)) return faults;
  const auto declared = declared_in(*family, seen);
  const auto is_open = [&](const auto& use) { return !declared.contains(use.second.name); };
  if (declared.empty() || std::ranges::any_of(uses_in(file, *family, LineKind::context), is_open))
    return faults;
  const detect::Rule& rule = family->terraform ? change_rule(family->rule) : dependency_rule(family->rule);
  const Severity severity = rule.severity[static_cast<std::size_t>(layer)];
  if (severity == Severity::off) return faults;
  std::set<std::string> told;
  for (const auto& [line, use] : uses_in(file, *family, LineKind::added)) {
    if (declared.contains(use.name) || !told.insert(use.name).second) continue;
    FixFault fault;
    fault.rule = &rule;
    fault.line = line->new_line;
    fault.begin = use.begin;
    fault.end = use.end;
    fault.severity = severity;
    fault.normalised = use.name;
    fault.title = rule.name;
    fault.message = family->terraform ? fmt::format("Nothing declares the variable `{}`.", use.name)
                                      : fmt::format("The chart's values have no `{}`.", use.name);
    fault.remedy =
        family->terraform
            ? fmt::format(
                  "Declare `variable \"{}\" {{ type = string }}` in `{}` without a default, and give the "
                  "value in the environment's `.tfvars`.",
                  use.name, family->home)
            : fmt::format(
                  "Declare `{}` in `{}` with a neutral value, and give the real one in `values-<env>.yaml`.",
                  use.name, family->home);
    faults.push_back(std::move(fault));
  }
  return faults;
}

}  // namespace fanlight::coupling
