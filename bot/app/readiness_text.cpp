// The readiness of a repository on a terminal: the modules by state, what blocks each, the cheapest fixes,
// the order.
#include <fmt/format.h>

#include <algorithm>

#include "fanlight/app/readiness_report.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::app {

namespace {

using coupling::Blocker;
using coupling::ModuleReport;
using coupling::ReadyState;

constexpr std::size_t blockers_shown_max = 20;
constexpr std::size_t fixes_shown_max = 15;
constexpr std::size_t name_width_max = 50;

struct Paint {
  bool on;
  std::string operator()(const char* code, std::string text) const {
    return on ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
  }
};

const char* color_of(ReadyState state) {
  switch (state) {
    case ReadyState::ready:
      return "32";
    case ReadyState::ready_after:
      return "36";
    case ReadyState::blocked:
      return "1;31";
    case ReadyState::entangled:
      return "35";
    default:
      return "33";
  }
}

std::string printable(std::string_view text) {
  std::string out = sanitize_utf8(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return out;
}

std::string count(std::size_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::string names(const std::vector<std::string>& list, std::size_t most = 5) {
  std::string out;
  for (std::size_t i = 0; i < std::min(list.size(), most); ++i) out += (i ? ", " : "") + printable(list[i]);
  if (list.size() > most) out += fmt::format(" and {} more", list.size() - most);
  return out;
}

std::string place_of(const Blocker& blocker) {
  return fmt::format("{}:{}", printable(blocker.path), blocker.line);
}

struct Writer {
  const ReadinessReport& report;
  Paint paint;
  std::size_t name_width = 0;
  std::string out = {};

  void blocker(const Blocker& one, std::string_view mark) {
    std::string line = fmt::format("      {}  {}  {}  {}", place_of(one), one.rule, printable(one.excerpt),
                                   printable(one.title));
    if (one.places > 1) line += fmt::format(", in {} places", one.places);
    if (one.composed) line += ", put together from parts";
    if (!one.since.empty()) line += ", since " + one.since;
    if (!mark.empty()) line += fmt::format(" ({})", mark);
    out += paint("2", std::move(line)) + '\n';
  }

  void module(const ModuleReport& one) {
    const std::string name = printable(one.name);
    const std::size_t pad = name_width > name.size() ? name_width - name.size() : 0;
    std::string line = "  " + paint(color_of(one.state), fmt::format("{:14}", state_with_detail(one))) +
                       paint("1", name) + std::string(pad + 2, ' ');
    if (one.state != ReadyState::gone) line += coupling::to_string(one.kind);
    if (!one.after.empty())
      line += (one.state == ReadyState::entangled ? ", with " : ", after ") + names(one.after);
    if (!one.found.overridable.empty())
      line += ", " + count(one.found.overridable.size(), "default", "defaults") + " of your own";
    const auto bare = std::ranges::count(one.found.seams, false, &coupling::Seam::has_stub);
    if (bare) line += ", " + count(static_cast<std::size_t>(bare), "lookup", "lookups") + " without a stub";
    if (one.found.warnings) line += ", " + count(one.found.warnings, "warning", "warnings");
    if (!one.found.waived.empty()) line += fmt::format(", {} waived", one.found.waived.size());
    out += line + '\n';
    if (const std::string history = history_sentence(one); !history.empty())
      out += paint("33", "      " + history) + '\n';
    details(one);
  }

  void details(const ModuleReport& one) {
    const auto& blockers = one.found.blockers;
    const std::size_t shown =
        report.module.empty() ? std::min(blockers.size(), blockers_shown_max) : blockers.size();
    for (std::size_t i = 0; i < shown; ++i) blocker(blockers[i], "");
    if (shown < blockers.size())
      out += paint("2", fmt::format("      and {} more: fanlight readiness --module {}",
                                    blockers.size() - shown, printable(one.name))) +
             '\n';
    for (const std::string& name : one.found.unresolved)
      out += paint("2", "      " + printable(name) + " is declared nowhere: a stranger's plan fails") + '\n';
    for (const std::string& path : one.unresolved_paths)
      out += paint("2", "      " + printable(path) + " is not in this repository") + '\n';
    for (const Missing& missing : one.found.missing)
      out +=
          paint("33", "      not looked at  " + printable(missing.what) + ": " + printable(missing.reason)) +
          '\n';
    if (report.module.empty()) return;
    for (const Blocker& default_ : one.found.overridable)
      blocker(default_, "a default: the consumer can set it");
    for (const Blocker& waived : one.found.waived) blocker(waived, "waived");
    for (const Blocker& past : one.found.history) blocker(past, "in the history alone");
    for (const coupling::Seam& seam : one.found.seams) {
      out += paint("2", fmt::format("      {}:{}  looks up {}, {}", printable(seam.path), seam.line,
                                    printable(seam.key), seam.has_stub ? "with a stub" : "no stub")) +
             '\n';
    }
    if (!one.depends_on.empty()) out += paint("2", "      depends on " + names(one.depends_on, 50)) + '\n';
  }

  void fixes() {
    if (report.readiness.fixes.empty()) return;
    out += '\n' + paint("1", "One literal from release") + '\n';
    std::size_t shown = 0;
    for (const coupling::Fix& fix : report.readiness.fixes) {
      if (shown++ == fixes_shown_max) {
        out += fmt::format("  and {} more\n", report.readiness.fixes.size() - fixes_shown_max);
        break;
      }
      out += fmt::format("  {}  {}, makes {} ready\n", place_of(fix.blocker), printable(fix.blocker.title),
                         names(fix.unlocks));
    }
  }

  void order() {
    std::size_t wave = 0;
    if (report.readiness.order.empty()) return;
    out += '\n' + paint("1", "Release order") + '\n';
    std::vector<std::string> now;
    const auto flush = [&] {
      if (!now.empty()) out += fmt::format("  {}. {}\n", wave, names(now, 12));
      now.clear();
    };
    for (const std::string& name : report.readiness.order) {
      const auto found = std::ranges::find(report.readiness.modules, name, &ModuleReport::name);
      if (found == report.readiness.modules.end()) continue;
      if (found->wave != wave) flush();
      wave = found->wave;
      now.push_back(name);
    }
    flush();
  }

  void since() {
    if (!report.since) return;
    const coupling::Difference& difference = *report.since;
    out += '\n' + paint("1", "Since the baseline") + '\n';
    for (const auto& [name, one] : difference.introduced)
      out += "  " + paint("1;31", "new      ") +
             fmt::format("{}  {}  {}\n", printable(name), place_of(one), printable(one.title));
    for (const auto& entry : difference.removed)
      out += "  " + paint("32", "gone     ") + fmt::format("{}  {}\n", printable(entry.module), entry.rule);
    if (difference.moved) out += fmt::format("  {} only moved, which changes nothing\n", difference.moved);
    if (difference.introduced.empty() && difference.removed.empty() && !difference.moved)
      out += "  nothing changed\n";
  }
};

}  // namespace

std::string readiness_text(const ReadinessReport& report, bool color) {
  Writer writer{report, {color}};
  const std::vector<const ModuleReport*> modules = modules_in_order(report);
  for (const ModuleReport* module : modules)
    writer.name_width = std::max(writer.name_width, std::min(name_width_max, printable(module->name).size()));
  writer.out += readiness_headline(report.readiness) + '\n';
  if (!modules.empty()) writer.out += '\n';
  for (const ModuleReport* module : modules) writer.module(*module);
  if (report.module.empty()) {
    writer.fixes();
    writer.order();
  }
  writer.since();
  for (const Missing& missing : report.readiness.missing)
    writer.out +=
        writer.paint("33", "not looked at  " + printable(missing.what) + ": " + printable(missing.reason)) +
        '\n';
  if (report.readiness.units)
    writer.out +=
        fmt::format("\n{} that only {} not counted.\n", count(report.readiness.units, "folder", "folders"),
                    report.readiness.units == 1 ? "deploys is" : "deploy are");
  return writer.out;
}

}  // namespace fanlight::app
