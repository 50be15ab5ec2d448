#include "rule_rows.hpp"

namespace fanlight::coupling {

std::vector<detect::Rule> make_rules(std::span<const RuleRow> rows) {
  std::vector<detect::Rule> out;
  for (const RuleRow& row : rows) {
    detect::Rule& rule = out.emplace_back();
    rule.id = row.id;
    rule.name = row.name;
    rule.service = row.service;
    rule.kind = FindingKind::coupling;
    rule.check = row.check;
    rule.severity = row.severity;
    rule.axes = row.axes;
    rule.message = row.message;
    rule.remedy = row.remedy;
    rule.source = row.source;
    if (!row.match.empty()) rule.examples = {&row.match, 1};
    if (!row.no_match.empty()) rule.counterexamples = {&row.no_match, 1};
  }
  return out;
}

}  // namespace fanlight::coupling
