// One page: the headline, a bar for all modules, the graph as drawn by us (columns are the waves of the
// release order), and a row for each module that opens to what blocks it. No script; the style is in the
// page.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "embedded.hpp"
#include "fanlight/app/readiness_report.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::app {

namespace {

using coupling::ModuleReport;
using coupling::ReadyState;

constexpr std::size_t graph_nodes_max = 150;
constexpr int node_width = 210, node_height = 34, column_gap = 70, row_gap = 12, margin = 16;

std::string html(std::string_view text) {
  return escape_html(sanitize_utf8(text));
}

// The end of a path says most.
std::string shortened(std::string_view name) {
  constexpr std::size_t most = 26;
  if (count_code_points(name) <= most) return std::string(name);
  std::size_t at = name.size() - most + 1;
  while (at < name.size() && (static_cast<unsigned char>(name[at]) & 0xC0) == 0x80) ++at;
  return "…" + std::string(name.substr(at));
}

std::string names(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& name : list) out += (out.empty() ? "<code>" : ", <code>") + html(name) + "</code>";
  return out;
}

struct Page {
  const ReadinessReport& report;
  std::vector<const ModuleReport*> modules = {};
  std::string out = {};

  void bar() {
    const std::size_t all = modules.size();
    if (all == 0) return;
    out += "<div class=\"bar\" role=\"img\" aria-label=\"modules by state\">";
    for (const ReadyState state : {ReadyState::ready, ReadyState::ready_after, ReadyState::blocked,
                                   ReadyState::entangled, ReadyState::incomplete, ReadyState::gone}) {
      const std::size_t n = report.readiness.count(state);
      if (n == 0) continue;
      out += fmt::format("<span class=\"{}\" style=\"flex-grow:{}\" title=\"{} {}\">{}</span>",
                         class_of(state), n, n, to_string(state), n);
    }
    out += "</div><ul class=\"legend\">";
    for (const auto& [state, words] : {std::pair{ReadyState::ready, "ready"},
                                       {ReadyState::ready_after, "ready after others"},
                                       {ReadyState::blocked, "blocked by literals"},
                                       {ReadyState::entangled, "entangled"}}) {
      out += fmt::format("<li><i class=\"{}\"></i>{}</li>", class_of(state), words);
    }
    out += "</ul>";
  }

  struct At {
    int x = 0, y = 0;
  };

  // Modules that have an edge, a column for each wave; those in cycles in the last one.
  std::map<std::string_view, At> places(int& width, int& height) const {
    std::map<std::size_t, std::vector<const ModuleReport*>> columns;
    std::size_t nodes = 0;
    for (const ModuleReport* module : linked(modules)) {
      if (++nodes > graph_nodes_max) break;
      columns[module->wave ? module->wave : SIZE_MAX].push_back(module);
    }
    std::map<std::string_view, At> out_places;
    int x = margin;
    for (auto& [wave, column] : columns) {
      std::ranges::sort(column, {}, [](const ModuleReport* m) { return std::string_view(m->name); });
      int y = margin;
      for (const ModuleReport* module : column) {
        out_places[module->name] = {x, y};
        y += node_height + row_gap;
      }
      height = std::max(height, y);
      x += node_width + column_gap;
    }
    width = x - column_gap + margin;
    return out_places;
  }

  void graph() {
    int width = 0, height = 0;
    const auto at = places(width, height);
    if (at.empty()) return;
    out += fmt::format(
        "<h2>What depends on what</h2><div class=\"graph\"><svg viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" "
        "role=\"img\" aria-label=\"dependency graph\">",
        width, height);
    for (const ModuleReport* module : modules) {
      const auto from = at.find(module->name);
      if (from == at.end()) continue;
      for (const std::string& name : module->depends_on) {
        const auto to = at.find(name);
        if (to == at.end()) continue;
        const int x1 = to->second.x + node_width, y1 = to->second.y + node_height / 2;
        const int x2 = from->second.x, y2 = from->second.y + node_height / 2, bend = column_gap / 2;
        out += fmt::format("<path d=\"M{} {}C{} {} {} {} {} {}\"/>", x1, y1, x1 + bend, y1, x2 - bend, y2, x2,
                           y2);
      }
    }
    for (const ModuleReport* module : modules) {
      const auto place = at.find(module->name);
      if (place == at.end()) continue;
      const auto [x, y] = place->second;
      out += fmt::format(
          "<a href=\"#m-{}\"><g class=\"{}\"><title>{}: {}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" "
          "height=\"{}\" "
          "rx=\"6\"/><text x=\"{}\" y=\"{}\">{}</text></g></a>",
          anchor(*module), class_of(module->state), html(module->name), state_with_detail(*module), x, y,
          node_width, node_height, x + 10, y + node_height / 2 + 5, html(shortened(module->name)));
    }
    out += "</svg></div>";
  }

  static std::string anchor(const ModuleReport& module) {
    std::string id;
    for (const char c : module.name) id += std::isalnum(static_cast<unsigned char>(c)) ? c : '-';
    return id;
  }

  void blocker(const coupling::Blocker& one, std::string_view note) {
    out += fmt::format("<li><code>{}:{}</code> {} <code class=\"excerpt\">{}</code>{}{}{}{}</li>",
                       html(one.path), one.line, html(one.title), html(one.excerpt),
                       one.places > 1 ? fmt::format(", in {} places", one.places) : "",
                       one.composed ? ", put together from parts" : "",
                       one.since.empty() ? "" : ", since " + html(one.since), note);
  }

  void module_row(const ModuleReport& module, std::size_t most) {
    const auto& found = module.found;
    const std::size_t n = obstacles(module);
    out += fmt::format(
        "<details id=\"m-{}\"><summary><span class=\"state {}\">{}</span><span class=\"name\">{}</span>"
        "<span class=\"kind\">{}</span><span class=\"count\"><i class=\"{}\" "
        "style=\"width:{}%\"></i></span></summary>",
        anchor(module), class_of(module.state), state_with_detail(module), html(module.name),
        module.state == ReadyState::gone ? std::string_view{} : coupling::to_string(module.kind),
        class_of(module.state), most ? n * 100 / most : 0);
    out += "<ul>";
    for (const coupling::Blocker& one : found.blockers) blocker(one, "");
    for (const std::string& name : found.unresolved)
      out += "<li><code>" + html(name) + "</code> is declared nowhere: a stranger's plan fails</li>";
    for (const std::string& path : module.unresolved_paths)
      out += "<li><code>" + html(path) + "</code> is not in this repository</li>";
    for (const coupling::Blocker& one : found.overridable)
      blocker(one, ", a default that a consumer can set");
    for (const coupling::Blocker& one : found.waived) blocker(one, ", <strong>waived</strong>");
    for (const coupling::Seam& seam : found.seams) {
      out += fmt::format("<li>looks up <code>{}</code> in <code>{}:{}</code>, {}</li>", html(seam.key),
                         html(seam.path), seam.line,
                         seam.has_stub ? "which has a stub" : "<strong>without a stub</strong>");
    }
    for (const Missing& missing : found.missing)
      out += fmt::format("<li>not looked at: <code>{}</code>: {}</li>", html(missing.what),
                         html(missing.reason));
    if (!module.after.empty()) {
      out += fmt::format("<li>{} {}</li>",
                         module.state == ReadyState::entangled ? "entangled with" : "can follow",
                         names(module.after));
    }
    if (!module.depends_on.empty()) out += "<li>depends on " + names(module.depends_on) + "</li>";
    if (found.warnings)
      out += fmt::format("<li>{} warning{}, which do not block</li>", found.warnings,
                         found.warnings == 1 ? "" : "s");
    if (const std::string history = history_sentence(module); !history.empty())
      out += "<li><strong>" + history + "</strong></li>";
    for (const coupling::Blocker& one : found.history) blocker(one, ", in the history alone");
    if (n == 0 && found.missing.empty() && module.after.empty() && found.history.empty())
      out += "<li>nothing stands in the way</li>";
    out += "</ul></details>";
  }

  void fixes() {
    if (report.readiness.fixes.empty()) return;
    out += "<h2>One literal from release</h2><ol class=\"fixes\">";
    for (const coupling::Fix& fix : report.readiness.fixes) {
      out += fmt::format("<li><b>{}</b> {} · <code>{}:{}</code> {}<br>{}</li>", fix.unlocks.size(),
                         fix.unlocks.size() == 1 ? "module" : "modules", html(fix.blocker.path),
                         fix.blocker.line, html(fix.blocker.title), names(fix.unlocks));
    }
    out += "</ol>";
  }

  std::string write() {
    modules = modules_in_order(report);
    const std::string title = report.title.empty() ? "Readiness" : "Readiness of " + html(report.title);
    out = fmt::format(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light "
        "dark\"><title>{}"
        "</title><style>{}</style></head><body><main><h1>{}</h1><p class=\"headline\">{}</p>",
        title, embedded("pages/readiness.css"), title, html(readiness_headline(report.readiness)));
    bar();
    fixes();
    graph();
    std::size_t most = 0;
    for (const ModuleReport* module : modules) most = std::max(most, obstacles(*module));
    if (!modules.empty()) out += "<h2>Modules</h2>";
    for (const ModuleReport* module : modules) module_row(*module, most);
    if (!report.readiness.missing.empty()) {
      out += "<h2>Not looked at</h2><ul>";
      for (const Missing& missing : report.readiness.missing)
        out += fmt::format("<li><code>{}</code>: {}</li>", html(missing.what), html(missing.reason));
      out += "</ul>";
    }
    if (report.readiness.units)
      out += fmt::format("<p class=\"foot\">{} folder{} that only deploy{} not counted.</p>",
                         report.readiness.units, report.readiness.units == 1 ? "" : "s",
                         report.readiness.units == 1 ? "s is" : " are");
    return out + "</main></body></html>\n";
  }
};

}  // namespace

std::string readiness_html(const ReadinessReport& report) {
  return Page{report}.write();
}

}  // namespace fanlight::app
