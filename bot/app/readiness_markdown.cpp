// Markdown for comments and files: a headline, a table, a graph in Mermaid, the fixes, what blocks each
// module.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "fanlight/app/readiness_report.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"

namespace fanlight::app {

namespace {

using coupling::ModuleReport;
using coupling::ReadyState;

constexpr std::size_t rows_max = 100;      // of the table
constexpr std::size_t nodes_max = 60;      // a graph with more says nothing
constexpr std::size_t blockers_max = 200;  // in all, so that a comment stays under a host's limit
constexpr std::size_t fixes_max = 10;

std::string_view icon_of(ReadyState state) {
  switch (state) {
    case ReadyState::ready:
      return "✅";
    case ReadyState::ready_after:
      return "🔜";
    case ReadyState::blocked:
      return "⛔";
    case ReadyState::entangled:
      return "🪢";
    case ReadyState::incomplete:
      return "❔";
    case ReadyState::gone:
      return "👻";
  }
  return "";
}

// A label in double quotes; Mermaid reads entities in it.
std::string label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '-' || c == '_' ||
                       c == '.' || c == ' ';
    out += plain ? std::string(1, c) : fmt::format("#{};", static_cast<unsigned char>(c));
  }
  return out;
}

std::string names(const std::vector<std::string>& list, std::size_t most = 4) {
  std::string out;
  for (std::size_t i = 0; i < std::min(list.size(), most); ++i)
    out += (i ? ", " : "") + policy::code_span(list[i]);
  if (list.size() > most) out += fmt::format(" and {} more", list.size() - most);
  return out;
}

std::string what(const ModuleReport& module) {
  std::string out;
  const auto add = [&](std::string part) { out += (out.empty() ? "" : ", ") + part; };
  if (!module.after.empty())
    add((module.state == ReadyState::entangled ? "with " : "after ") + names(module.after));
  if (!module.found.overridable.empty())
    add(fmt::format("{} default{} of your own", module.found.overridable.size(),
                    module.found.overridable.size() == 1 ? "" : "s"));
  const auto bare = std::ranges::count(module.found.seams, false, &coupling::Seam::has_stub);
  if (bare) add(fmt::format("{} lookup{} without a stub", bare, bare == 1 ? "" : "s"));
  if (!module.found.waived.empty()) add(fmt::format("{} waived", module.found.waived.size()));
  if (std::string history = history_sentence(module); !history.empty()) add(std::move(history));
  if (!module.found.missing.empty()) add(fmt::format("{} not looked at", module.found.missing.size()));
  return out;
}

struct Writer {
  const ReadinessReport& report;
  std::string out = {};

  void table(const std::vector<const ModuleReport*>& modules) {
    out += "| | module | state | |\n|---|---|---|---|\n";
    for (std::size_t i = 0; i < std::min(modules.size(), rows_max); ++i) {
      const ModuleReport& module = *modules[i];
      out += fmt::format("| {} | {} | {} | {} |\n", icon_of(module.state), policy::code_span(module.name),
                         state_with_detail(module), what(module));
    }
    if (modules.size() > rows_max) out += fmt::format("| | and {} more | | |\n", modules.size() - rows_max);
  }

  void graph(const std::vector<const ModuleReport*>& modules) {
    std::map<std::string_view, std::size_t> ids;
    for (const ModuleReport* module : linked(modules)) {
      if (ids.size() < nodes_max) ids.emplace(module->name, ids.size());
    }
    if (ids.empty()) return;
    out += "\n```mermaid\ngraph LR\n";
    for (const ModuleReport* module : modules) {
      const auto id = ids.find(module->name);
      if (id == ids.end()) continue;
      out += fmt::format("  m{}[\"{}\"]:::{}\n", id->second, label(module->name), class_of(module->state));
    }
    for (const ModuleReport* module : modules) {
      const auto from = ids.find(module->name);
      if (from == ids.end()) continue;
      for (const std::string& to : module->depends_on) {
        if (const auto id = ids.find(to); id != ids.end())
          out += fmt::format("  m{} --> m{}\n", from->second, id->second);
      }
    }
    out +=
        "  classDef ready fill:#1a7f37,color:#fff\n  classDef after fill:#0969da,color:#fff\n"
        "  classDef blocked fill:#cf222e,color:#fff\n  classDef entangled fill:#8250df,color:#fff\n"
        "  classDef other fill:#6e7781,color:#fff\n```\n";
  }

  void fixes() {
    if (report.readiness.fixes.empty()) return;
    out += "\n**One literal from release**\n\n";
    for (std::size_t i = 0; i < std::min(report.readiness.fixes.size(), fixes_max); ++i) {
      const coupling::Fix& fix = report.readiness.fixes[i];
      out += fmt::format("- {}: {}. Makes {} ready.\n",
                         policy::code_span(fmt::format("{}:{}", fix.blocker.path, fix.blocker.line)),
                         policy::escape_markdown(fix.blocker.title), names(fix.unlocks));
    }
    if (report.readiness.fixes.size() > fixes_max)
      out += fmt::format("- and {} more\n", report.readiness.fixes.size() - fixes_max);
  }

  void blockers(const std::vector<const ModuleReport*>& modules) {
    std::size_t left = blockers_max;
    for (const ModuleReport* module : modules) {
      const auto& found = module->found;
      if (found.blockers.empty() && found.unresolved.empty() && module->unresolved_paths.empty()) continue;
      if (left == 0) {
        out += "\nMore blockers than fit here: `fanlight readiness` lists them all.\n";
        return;
      }
      // Within a summary Markdown is not read: HTML alone counts there.
      out += fmt::format("\n<details><summary><code>{}</code>: {}</summary>\n\n", escape_html(module->name),
                         state_with_detail(*module));
      for (const coupling::Blocker& one : found.blockers) {
        if (left == 0) break;
        --left;
        out += fmt::format("- {} {}, {}{}{}\n", policy::code_span(fmt::format("{}:{}", one.path, one.line)),
                           policy::escape_markdown(one.title), policy::code_span(one.excerpt),
                           one.places > 1 ? fmt::format(", in {} places", one.places) : "",
                           one.composed ? ", put together from parts" : "");
      }
      for (const std::string& name : found.unresolved)
        out += fmt::format("- {} is declared nowhere\n", policy::code_span(name));
      for (const std::string& path : module->unresolved_paths)
        out += fmt::format("- {} is not in this repository\n", policy::code_span(path));
      out += "\n</details>\n";
    }
  }

  void since() {
    if (!report.since) return;
    out += fmt::format("\n**Since the baseline:** {} new, {} gone, {} only moved.\n",
                       report.since->introduced.size(), report.since->removed.size(), report.since->moved);
    for (const auto& [name, one] : report.since->introduced)
      out += fmt::format("- new in {}: {} {}\n", policy::code_span(name),
                         policy::code_span(fmt::format("{}:{}", one.path, one.line)),
                         policy::escape_markdown(one.title));
  }
};

}  // namespace

std::string readiness_markdown(const ReadinessReport& report) {
  const std::vector<const ModuleReport*> modules = modules_in_order(report);
  Writer writer{report};
  writer.out = "**" + readiness_headline(report.readiness) + "**\n\n";
  if (!modules.empty()) writer.table(modules);
  if (report.module.empty()) {
    writer.graph(modules);
    writer.fixes();
  }
  writer.blockers(modules);
  writer.since();
  for (const Missing& missing : report.readiness.missing)
    writer.out += fmt::format("\nNot looked at: {}: {}\n", policy::code_span(missing.what),
                              policy::escape_markdown(missing.reason));
  return writer.out;
}

}  // namespace fanlight::app
