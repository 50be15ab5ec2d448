#include "search.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include <hs/hs.h>

#include "fanlight/core/text.hpp"
#include "ruleset.hpp"

namespace fanlight::detect {

namespace {

// hs_scan counts bytes in 32 bits; longer texts go in pieces that overlap by an anchor.
constexpr std::size_t kPieceBytes = std::size_t{1} << 30;
constexpr std::size_t kGroups = kSecretGroupMax + 1;

bool path_is_wanted(const Rule& rule, std::string_view path) {
  const auto matches = [&](std::string_view glob) { return glob_match(glob, path); };
  if (!rule.paths_only.empty() && std::ranges::none_of(rule.paths_only, matches)) return false;
  return std::ranges::none_of(rule.paths_not, matches);
}

}  // namespace

void ScratchFree::operator()(hs_scratch* scratch) const {
  hs_free_scratch(scratch);
}

Search::Search(const CompiledRules& compiled, Workspace& workspace, std::string_view text,
               std::string_view path, const ScanOptions& options)
    : compiled_(compiled), workspace_(workspace), text_(text), path_(path), options_(options) {
  ++workspace_.text;
}

std::vector<Match> Search::run() {
  if (!compiled_.database) return {};
  for (std::size_t done = 0; done < text_.size();) {
    piece_begin_ = done - std::min(done, kAnchorBytesMax);
    piece_new_ = done;
    const std::size_t size = std::min(text_.size() - piece_begin_, kPieceBytes);
    const hs_error_t status =
        hs_scan(compiled_.database.get(), text_.data() + piece_begin_, static_cast<unsigned>(size), 0,
                workspace_.scratch.get(), on_report, this);
    if (status != HS_SUCCESS && status != HS_SCAN_TERMINATED) throw std::bad_alloc();
    if (status == HS_SCAN_TERMINATED) break;
    done = piece_begin_ + size;
  }
  for (const std::uint32_t rule : seen_) close_window(rule, workspace_.states[rule]);
  keep_most_specific(compiled_.rules, found_);
  return std::move(found_);
}

int Search::on_report(unsigned id, unsigned long long, unsigned long long to, unsigned, void* self) {
  auto& search = *static_cast<Search*>(self);
  const std::size_t end = search.piece_begin_ + to;
  if (end <= search.piece_new_) return 0;
  const AnchorTable& table = search.compiled_.anchors;
  const std::size_t literal_begin = end - table.literals[id].text.size();
  for (const Holder& holder : table.holders[id]) {
    if (holder.offset > literal_begin) continue;
    const Anchor& anchor = table.anchors[holder.anchor];
    const std::size_t begin = literal_begin - holder.offset;
    const bool is_literal = anchor.text.size() == table.literals[id].text.size() &&
                            anchor.ignore_case == table.literals[id].ignore_case;
    if (!is_literal && !anchor.stands_at(search.text_, begin)) continue;
    for (const AnchorUse use : table.uses(holder.anchor))
      search.see_anchor(use, begin, begin + anchor.text.size());
  }
  if (search.found_.size() < search.options_.matches_max) return 0;
  search.workspace_.incomplete = true;
  return 1;
}

void Search::see_anchor(AnchorUse use, std::size_t begin, std::size_t end) {
  const std::uint32_t index = use.rule;
  RuleState& state = workspace_.states[index];
  const Rule& rule = compiled_.rules[index];
  if (!is_wanted(rule, state)) return;
  if (state.text != workspace_.text) {
    state.text = workspace_.text;
    state.open = false;
    state.resume = 0;
    state.partner = {};
    seen_.push_back(index);
    compiled_.patterns[index].outline(rule);
  }
  const RulePatterns& patterns = compiled_.patterns[index];
  if (!patterns.may_follow(use.place, text_, end)) return;
  std::size_t window_end = end + std::min<std::size_t>(text_.size() - end, rule.window_after);
  if (rule.window_before == 0) return try_at(index, state, begin, window_end);
  std::size_t window_begin = begin - std::min<std::size_t>(begin, rule.window_before);
  if (patterns.single_line()) {
    const char* text = text_.data();
    if (const void* newline = memrchr(text + window_begin, '\n', begin - window_begin)) {
      window_begin = static_cast<std::size_t>(static_cast<const char*>(newline) - text) + 1;
    }
    if (const void* newline = std::memchr(text + end, '\n', window_end - end)) {
      window_end = static_cast<std::size_t>(static_cast<const char*>(newline) - text);
    }
  }
  if (state.open && window_begin <= state.end) {
    state.begin = std::min(state.begin, window_begin);
    state.end = std::max(state.end, window_end);
    return;
  }
  close_window(index, state);
  state.open = true;
  state.begin = window_begin;
  state.end = window_end;
}

bool Search::is_wanted(const Rule& rule, RuleState& state) const {
  if (!(rule.kind == FindingKind::secret ? options_.secrets : options_.coupling)) return false;
  if (rule.paths_only.empty() && rule.paths_not.empty()) return true;
  if (state.scan != workspace_.scan) {
    state.scan = workspace_.scan;
    state.wanted = path_is_wanted(rule, path_) ? RuleState::Wanted::yes : RuleState::Wanted::no;
  }
  return state.wanted == RuleState::Wanted::yes;
}

void Search::try_at(std::uint32_t rule, RuleState& state, std::size_t begin, std::size_t end) {
  if (begin < state.resume) return;
  RulePatterns& patterns = compiled_.patterns[rule];
  if (!patterns.may_start(text_, begin) || !patterns.may_hold(text_.substr(begin, end - begin))) return;
  patterns.compile(compiled_.rules[rule]);
  std::array<re2::StringPiece, kGroups> groups;
  const auto count = static_cast<std::size_t>(patterns.secret_groups().last) + 1;
  if (patterns.pattern().Match({text_.data(), text_.size()}, begin, end, re2::RE2::ANCHOR_START,
                               groups.data(), static_cast<int>(count))) {
    add_match(rule, state, std::span(groups).first(count));
  }
}

void Search::close_window(std::uint32_t rule, RuleState& state) {
  if (!state.open) return;
  state.open = false;
  const std::size_t begin = std::max(state.begin, state.resume);
  RulePatterns& patterns = compiled_.patterns[rule];
  if (begin >= state.end || !patterns.may_hold(text_.substr(begin, state.end - begin))) return;
  patterns.compile(compiled_.rules[rule]);
  std::array<re2::StringPiece, kGroups> groups;
  const auto count = static_cast<std::size_t>(patterns.secret_groups().last) + 1;
  for (std::size_t at = begin; at < state.end;) {
    if (!patterns.pattern().Match({text_.data(), text_.size()}, at, state.end, re2::RE2::UNANCHORED,
                                  groups.data(), static_cast<int>(count))) {
      return;
    }
    add_match(rule, state, std::span(groups).first(count));
    at = state.resume;
  }
}

void Search::add_match(std::uint32_t index, RuleState& state, std::span<const re2::StringPiece> groups) {
  const auto span_of = [&](const re2::StringPiece& piece) {
    const auto begin = static_cast<std::size_t>(piece.data() - text_.data());
    return Span{begin, begin + piece.size()};
  };
  const Span whole = span_of(groups.front());
  Span secret = whole;
  const auto first = static_cast<std::size_t>(compiled_.patterns[index].secret_groups().first);
  for (std::size_t group = first; group < groups.size(); ++group) {
    if (groups[group].data() == nullptr) continue;
    secret = span_of(groups[group]);
    break;
  }
  state.resume = std::max(whole.end, whole.begin + 1);  // a rule never matches the empty text
  if (auto match = confirm(compiled_.rules[index], index, compiled_.patterns[index], text_, whole, secret,
                           state.partner)) {
    found_.push_back(std::move(*match));
  }
}

}  // namespace fanlight::detect
