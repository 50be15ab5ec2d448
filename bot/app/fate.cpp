#include "fate.hpp"

#include <algorithm>

#include "fanlight/core/secret.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "fanlight/coupling/modules.hpp"

namespace fanlight::app {

namespace {

std::string_view added_text(const FileDiff& file, std::uint32_t number) {
  for (const Hunk& hunk : file.hunks) {
    for (const DiffLine& line : hunk.lines) {
      if (line.kind == LineKind::added && line.new_line == number) return line.text;
    }
  }
  return {};
}

// Whether the region or the partition of an ARN stood in a line that the added one replaces: there the
// literal account was what was told, and a fix of the account must not seem to bring the rest.
bool stood_in_an_arn(const Finding& finding, const FileDiff& file) {
  if (finding.rule != "region-or-az-literal" && finding.rule != "partition-literal") return false;
  const std::string_view line = added_text(file, finding.location.start_line);
  const std::size_t arn = line.rfind("arn:", finding.location.start_column);
  if (arn == line.npos || finding.location.start_column <= arn) return false;
  // As far as the account: arn:aws:lambda:eu-west-1:
  std::size_t end = arn;
  for (int colon = 0; colon < 4 && end != line.npos; ++colon) end = line.find(':', end + (colon > 0 ? 1 : 0));
  if (end == line.npos) return false;
  const std::string_view head = line.substr(arn, end + 1 - arn);
  for (const Hunk& hunk : file.hunks) {
    for (const DiffLine& old : hunk.lines) {
      if (old.kind == LineKind::removed && old.text.find(head) != old.text.npos) return true;
    }
  }
  return false;
}

}  // namespace

void becomes(Finding& finding, std::string_view id) {
  const detect::Rule& rule = coupling::change_rule(id);
  finding.rule = rule.id;
  finding.severity = rule.severity[static_cast<std::size_t>(finding.layer)];
  finding.axes = rule.axes;
  finding.message = std::string(rule.message) + ' ' + finding.message;
  finding.remedy = rule.remedy;
}

void judge_fate(Finding& finding, const FileDiff& file, const Held& held, const std::vector<Gone>& gone) {
  std::vector<coupling::Standing> before;
  for (const Gone& old : gone) before.push_back({old.path, old.layer, old.held.role, old.held.key});
  const coupling::Standing now{finding.location.path, finding.layer, held.role, held.key};
  switch (coupling::fate_of(now, before)) {
    case coupling::Fate::introduced:
      if (stood_in_an_arn(finding, file)) {
        finding.change = ChangeKind::existing;
        return;
      }
      if (coupling::replaces_reference(file, finding.location.start_line, held.key)) {
        const detect::Rule& rule = coupling::change_rule("lookup-replaced-by-literal");
        finding.change = ChangeKind::regressed;
        finding.severity = std::max(finding.severity, rule.severity[static_cast<std::size_t>(finding.layer)]);
        finding.message += ' ';
        finding.message += rule.message;
        finding.remedy = std::string(rule.remedy) + ' ' + finding.remedy;
      }
      return;
    case coupling::Fate::existing:
      finding.change = ChangeKind::existing;
      return;
    case coupling::Fate::moved:
      finding.change = ChangeKind::moved;
      return;
    case coupling::Fate::relocated:
      finding.change = ChangeKind::moved;
      if (finding.layer == Layer::shared) becomes(finding, "literal-relocated-not-removed");
      return;
    case coupling::Fate::defaulted:
      becomes(finding, "default-carries-coupling");
      return;
  }
}

bool left_its_module(const Finding& old, const std::vector<const Finding*>& now) {
  if (old.kind != FindingKind::coupling || old.layer != Layer::shared) return false;
  const auto module = coupling::unit_folder(old.location.path);
  return module && std::ranges::none_of(now, [&](const Finding* finding) {
           return finding->layer == Layer::shared && coupling::unit_folder(finding->location.path) == module;
         });
}

bool stays_in_history(const Finding& finding) {
  return finding.kind == FindingKind::secret || coupling::is_sealed_rule(finding.rule);
}

Finding fault_finding(coupling::FixFault fault, const FileDiff& file, Layer layer) {
  const std::string_view line = added_text(file, fault.line);
  Finding out;
  out.rule = fault.rule->id;
  out.kind = FindingKind::coupling;
  out.severity = fault.severity;
  out.axes = fault.rule->axes;
  out.layer = layer;
  const auto column = [&](std::size_t byte) {
    return static_cast<std::uint32_t>(count_code_points(line.substr(0, byte))) + 1;
  };
  out.location = {Place::file, file.path(), fault.line, column(fault.begin), fault.line, column(fault.end)};
  out.excerpt = redact_excerpt(line.substr(fault.begin, fault.end - fault.begin));
  out.title = std::move(fault.title);
  out.message = std::move(fault.message);
  out.remedy = std::move(fault.remedy);
  return out;
}

}  // namespace fanlight::app
