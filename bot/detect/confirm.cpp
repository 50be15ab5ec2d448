#include "confirm.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <tuple>

#include "fanlight/core/text.hpp"
#include "fanlight/detect/judge.hpp"
#include "ruleset.hpp"

namespace fanlight::detect {

namespace {

// The lines of `whole` and `lines` more on both sides, at most kPartnerBytesMax bytes away.
Span partner_region(std::string_view text, Span whole, std::uint32_t lines) {
  Span region = whole;
  const std::size_t floor = whole.begin - std::min(whole.begin, kPartnerBytesMax);
  for (std::uint32_t line = 0; line <= lines && region.begin > floor; ++line) {
    if (line > 0) --region.begin;  // over the newline that ended the search before
    while (region.begin > floor && text[region.begin - 1] != '\n') --region.begin;
  }
  const std::size_t ceiling = std::min(text.size(), whole.end + kPartnerBytesMax);
  for (std::uint32_t line = 0; line <= lines && region.end < ceiling; ++line) {
    if (line > 0) ++region.end;
    while (region.end < ceiling && text[region.end] != '\n') ++region.end;
  }
  return region;
}

bool has_partner(const Rule& rule, const RulePatterns& patterns, std::string_view text, Span whole,
                 PartnerMemory& memory) {
  const Span region = partner_region(text, whole, rule.partner_lines);
  if (memory.found_begin < memory.found_end && region.begin <= memory.found_begin &&
      memory.found_end <= region.end) {
    return true;
  }
  std::size_t from = region.begin;
  if (memory.clear_begin <= region.begin && region.begin < memory.clear_end) {
    const std::size_t reach = std::min(memory.clear_end, patterns.partner_bytes_max());
    from = std::max(from, memory.clear_end - reach);
  }
  re2::StringPiece found;
  if (patterns.partner()->Match({text.data(), text.size()}, from, region.end, re2::RE2::UNANCHORED, &found,
                                1)) {
    memory.found_begin = static_cast<std::size_t>(found.data() - text.data());
    memory.found_end = memory.found_begin + found.size();
    return true;
  }
  memory.clear_begin = from == region.begin ? region.begin : memory.clear_begin;
  memory.clear_end = std::max(region.end, from == region.begin ? region.end : memory.clear_end);
  return false;
}

// What a match is called: from the start of its line, kBeforeBytesMax back at most, to the secret.
std::string_view name_of(std::string_view text, Span whole, Span secret) {
  const std::size_t floor = whole.begin - std::min(whole.begin, kBeforeBytesMax);
  const std::size_t newline = text.substr(floor, whole.begin - floor).rfind('\n');
  const std::size_t begin = newline == text.npos ? floor : floor + newline + 1;
  return text.substr(begin, secret.begin - begin);
}

bool overlap(Span a, Span b) {
  return a.begin < b.end && b.begin < a.end;
}

}  // namespace

void RulePatterns::outline(const Rule& rule) {
  std::call_once(outlined_, [&] {
    if (const auto automaton = Automaton::read(rule.pattern, 1)) {
      single_line_ = is_single_line(*automaton);
      for (const std::string_view anchor : rule.anchors) {
        bytes_after_.push_back(bytes_after(*automaton, anchor, rule.anchors_ignore_case));
      }
    }
    needed_run_ = needed_run(rule.pattern);
    if (rule.window_before == 0) start_bytes_ = start_bytes(rule.pattern);
  });
}

void RulePatterns::compile(const Rule& rule) {
  std::call_once(compiled_, [&] {
    pattern_ = compile_pattern(rule.pattern);
    assert(pattern_->ok());  // parse_rules and fanlight-rulec let nothing else through
    secret_groups_ = detect::secret_groups(*pattern_);
    if (rule.kind == FindingKind::secret && !rule.check.empty()) check_ = find_structure_check(rule.check);
    if (!rule.unless.empty()) unless_ = compile_pattern(rule.unless);
    if (rule.partner.empty()) return;
    partner_ = compile_pattern(rule.partner);
    partner_bytes_max_ = match_bytes_max(rule.partner).value_or(2 * kPartnerBytesMax + kWindowBytesMax);
  });
}

std::optional<Match> confirm(const Rule& rule, std::uint32_t index, const RulePatterns& patterns,
                             std::string_view text, Span whole, Span secret, PartnerMemory& memory) {
  const std::string_view value = text.substr(secret.begin, secret.end - secret.begin);
  if (rule.entropy_min > 0 && entropy_bits(value) < rule.entropy_min) return std::nullopt;
  if (rule.placeholders && (is_reference(value) || is_placeholder(value))) return std::nullopt;
  if (patterns.unless() != nullptr) {
    const std::string_view name = name_of(text, whole, secret);
    if (re2::RE2::PartialMatch({name.data(), name.size()}, *patterns.unless())) return std::nullopt;
  }
  if (patterns.partner() != nullptr && !has_partner(rule, patterns, text, whole, memory)) return std::nullopt;
  Match match{index, secret, whole, {}, Structure::unknown, {}, 0};
  if (patterns.check() != nullptr) {
    StructureResult result = patterns.check()->run(value);
    if (result.published) return std::nullopt;
    if (result.structure == Structure::invalid && patterns.check()->judges_looks) return std::nullopt;
    match.structure = result.structure;
    match.detail = std::move(result.detail);
  }
  match.secret = value;
  return match;
}

void sort_matches(std::vector<Match>& matches) {
  std::ranges::sort(matches, {}, [](const Match& match) {
    return std::tuple(match.span.begin, match.span.end, match.rule, match.depth, match.whole.begin);
  });
}

void keep_most_specific(std::span<const Rule> rules, std::vector<Match>& matches) {
  if (matches.size() < 2) return;
  std::ranges::sort(matches, {}, [&](const Match& match) {
    const std::size_t size = match.span.end - match.span.begin;
    return std::tuple(match.structure != Structure::valid, rules[match.rule].placeholders, ~size, match.rule,
                      match.span.begin);
  });
  // Kept spans, disjoint, by their begin: only the neighbours can overlap a new one.
  std::map<std::size_t, Span> spans;
  std::erase_if(matches, [&](const Match& match) {
    if (rules[match.rule].kind != FindingKind::secret) return false;
    const auto after = spans.lower_bound(match.span.begin);
    if (after != spans.end() && overlap(after->second, match.span)) return true;
    if (after != spans.begin() && overlap(std::prev(after)->second, match.span)) return true;
    spans.emplace(match.span.begin, match.span);
    return false;
  });
  sort_matches(matches);
}

}  // namespace fanlight::detect
