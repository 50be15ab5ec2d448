// A match of a coupling rule becomes a judgement in this order: the rule's severity for the layer, where the
// literal stands, what the rule's check makes of it, and then the words. Each step can end in "nothing".
#include "fanlight/coupling/judge.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "check.hpp"
#include "fanlight/core/text.hpp"
#include "words.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kLiteralBytesMax = 16 * 1024;

std::vector<Check> make_table() {
  std::vector<Check> table;
  for (const auto family :
       {address_checks, name_checks, aws_checks, cloud_checks, artefact_checks, people_checks, contact_checks,
        state_checks, trust_checks, machine_checks, token_checks}) {
    const std::span<const Check> rows = family();
    table.insert(table.end(), rows.begin(), rows.end());
  }
  return table;
}

const std::vector<Check>& table() {
  static const std::vector<Check> kTable = make_table();
  return kTable;
}

const Check* find_check(std::string_view name) {
  const auto found = std::ranges::find(table(), name, &Check::name);
  return found == table().end() ? nullptr : &*found;
}

Severity for_layer(const detect::Rule& rule, Layer layer) {
  return rule.severity[static_cast<std::size_t>(layer)];
}

// A comment binds nobody who reuses the code, but it tells; a description shows a form, mostly with made-up
// values.
Severity for_position(const detect::Rule& rule, const Check& check, Role role, Severity severity) {
  switch (role) {
    case Role::reference:
      return check.in_reference ? severity : Severity::off;
    case Role::ciphertext:
      return check.in_ciphertext ? std::min(severity, Severity::note) : Severity::off;
    case Role::comment:
      if (check.in_comment) return severity;
      return rule.axes.disclosure ? std::min(severity, Severity::note) : Severity::off;
    case Role::description:
      return check.in_description && rule.axes.disclosure ? std::min(severity, Severity::note)
                                                          : Severity::off;
    default:
      return severity;
  }
}

Site make_site(const detect::Rule& rule, const detect::Match& match, const FileView& file,
               const Position& position) {
  Site site{rule, file, position, match.secret, {}, {}, match.secret, {}};
  const detect::Span span = match.span;
  const bool plain = match.depth == 0 && span.begin <= span.end && span.end <= file.text.size();
  if (plain) {
    const auto line_begin = [&] {
      const std::size_t at = span.begin == 0 ? file.text.npos : file.text.rfind('\n', span.begin - 1);
      return at == file.text.npos ? 0 : at + 1;
    }();
    const std::size_t begin =
        std::max(line_begin, span.begin > kLiteralBytesMax ? span.begin - kLiteralBytesMax : 0);
    const std::string_view rest = file.text.substr(span.end, kLiteralBytesMax);
    const std::size_t end = span.end + std::min(rest.size(), rest.find('\n'));
    site.before = file.text.substr(begin, span.begin - begin);
    site.after = file.text.substr(span.end, end - span.end);
    site.line = file.text.substr(begin, end - begin);
    if (site.after.ends_with('\r')) site.after.remove_suffix(1);
  }
  const std::size_t dot = position.key_path.rfind('.');
  site.key = to_lower(position.key_path.substr(dot == std::string::npos ? 0 : dot + 1));
  // A default is a value of its variable: that has the name that says what it is.
  if (site.key == "default" && position.key_path.starts_with("variable.")) {
    const std::string_view variable = std::string_view(position.key_path).substr(9);
    site.key = to_lower(variable.substr(0, variable.find('.')));
  }
  return site;
}

}  // namespace

std::optional<Judgement> judge(const detect::Rule& rule, const detect::Match& match, const FileView& file) {
  Severity severity = for_layer(rule, file.layer);
  if (severity == Severity::off || match.secret.size() > kLiteralBytesMax) return std::nullopt;
  const Check* check = find_check(rule.check);
  // A custom rule without a check: the pattern alone decides.
  static constexpr Check kNone{"", nullptr};
  const Check& used = check ? *check : kNone;
  const Position position = position_of(file, match.span);
  severity = for_position(rule, used, position.role, severity);
  if (severity == Severity::off) return std::nullopt;

  const Site site = make_site(rule, match, file, position);
  std::optional<Literal> literal =
      used.run ? used.run(site) : std::optional(Literal{to_lower(match.secret), "", "", ""});
  if (!literal) return std::nullopt;
  if (literal->at_most) severity = std::min(severity, *literal->at_most);

  Judgement judgement;
  judgement.severity = severity;
  judgement.title = title_of(site, *literal);
  judgement.message = message_of(site, *literal, severity);
  judgement.remedy = remedy_of(site, *literal, severity);
  if (severity >= Severity::warn || file.layer == Layer::instance)
    judgement.suggestion = suggestion_of(site, *literal);
  if (judgement.suggestion) judgement.parameter = parameter_name(site, *literal);
  judgement.normalised = std::move(literal->normalised);
  judgement.role = position.role;
  judgement.key = position.key_path.substr(position.key_path.rfind('.') + 1);
  return judgement;
}

std::span<const std::string_view> check_names() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const Check& check : table()) names.push_back(check.name);
    return names;
  }();
  return kNames;
}

}  // namespace fanlight::coupling
