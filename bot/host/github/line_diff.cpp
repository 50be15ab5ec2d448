#include "github/line_diff.hpp"

#include <algorithm>
#include <unordered_map>

namespace fanlight::host {
namespace {

constexpr std::size_t context_lines = 3;

using Lines = std::vector<std::string_view>;

// Lines without "\n"; a "\r" stays, as in a diff.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

struct Range {
  std::size_t old_from, old_to, new_from, new_to;
};

struct Counts {
  std::uint32_t before = 0, after = 0;
  std::size_t old_at = 0;
};

struct Fixed {
  std::size_t old_at, new_at;
};

// Lines that occur once on both sides, in the order of the new text, thinned to the longest run that is in
// order on the old side as well (patience sorting).
std::vector<Fixed> fixed_points(const Lines& before, const Lines& after, const Range& range) {
  std::unordered_map<std::string_view, Counts> counts;
  for (std::size_t i = range.old_from; i < range.old_to; ++i) {
    Counts& at = counts[before[i]];
    ++at.before;
    at.old_at = i;
  }
  for (std::size_t i = range.new_from; i < range.new_to; ++i) ++counts[after[i]].after;

  std::vector<Fixed> unique;
  for (std::size_t i = range.new_from; i < range.new_to; ++i) {
    const Counts& at = counts[after[i]];
    if (at.before == 1 && at.after == 1) unique.push_back({at.old_at, i});
  }
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> tops, previous(unique.size(), none);
  for (std::size_t i = 0; i < unique.size(); ++i) {
    const auto pile = std::ranges::lower_bound(tops, unique[i].old_at, {},
                                               [&](std::size_t top) { return unique[top].old_at; });
    if (pile != tops.begin()) previous[i] = *(pile - 1);
    if (pile == tops.end()) {
      tops.push_back(i);
    } else {
      *pile = i;
    }
  }
  std::vector<Fixed> chain;
  for (std::size_t at = tops.empty() ? none : tops.back(); at != none; at = previous[at])
    chain.push_back(unique[at]);
  std::ranges::reverse(chain);
  return chain;
}

// Marks what is kept; everything unmarked was removed or added.
struct Kept {
  std::vector<std::size_t> of_new;  // old index + 1 of a kept new line, 0 for an added one
};

void trim_ends(const Lines& before, const Lines& after, Range& range, Kept& kept) {
  while (range.old_from < range.old_to && range.new_from < range.new_to &&
         before[range.old_from] == after[range.new_from]) {
    kept.of_new[range.new_from++] = ++range.old_from;
  }
  while (range.old_from < range.old_to && range.new_from < range.new_to &&
         before[range.old_to - 1] == after[range.new_to - 1]) {
    kept.of_new[--range.new_to] = range.old_to--;
  }
}

Kept compare(const Lines& before, const Lines& after) {
  Kept kept{std::vector<std::size_t>(after.size(), 0)};
  Range whole{0, before.size(), 0, after.size()};
  trim_ends(before, after, whole, kept);
  Range gap = whole;
  for (const Fixed& point : fixed_points(before, after, whole)) {
    gap.old_to = point.old_at;
    gap.new_to = point.new_at;
    Range inner = gap;
    trim_ends(before, after, inner, kept);
    kept.of_new[point.new_at] = point.old_at + 1;
    gap.old_from = point.old_at + 1;
    gap.new_from = point.new_at + 1;
  }
  gap.old_to = whole.old_to;
  gap.new_to = whole.new_to;
  trim_ends(before, after, gap, kept);
  return kept;
}

std::vector<DiffLine> script_of(const Lines& before, const Lines& after, const Kept& kept) {
  std::vector<DiffLine> script;
  std::size_t old_at = 0;
  auto removed_until = [&](std::size_t end) {
    for (; old_at < end; ++old_at) {
      script.push_back({LineKind::removed, true, static_cast<std::uint32_t>(old_at + 1), 0, before[old_at]});
    }
  };
  for (std::size_t i = 0; i < after.size(); ++i) {
    const auto line = static_cast<std::uint32_t>(i + 1);
    if (!kept.of_new[i]) {
      script.push_back({LineKind::added, true, 0, line, after[i]});
      continue;
    }
    removed_until(kept.of_new[i] - 1);
    script.push_back({LineKind::context, true, static_cast<std::uint32_t>(++old_at), line, after[i]});
  }
  removed_until(before.size());
  return script;
}

void finish(Hunk& hunk) {
  for (const DiffLine& line : hunk.lines) {
    if (line.old_line && !hunk.old_count++) hunk.old_start = line.old_line;
    if (line.new_line && !hunk.new_count++) hunk.new_start = line.new_line;
  }
}

}  // namespace

std::vector<Hunk> diff_lines(std::string_view before, std::string_view after) {
  const Lines old_lines = lines_of(before), new_lines = lines_of(after);
  std::vector<DiffLine> script = script_of(old_lines, new_lines, compare(old_lines, new_lines));
  for (DiffLine& line : script) {
    if (line.old_line == old_lines.size() && !before.ends_with('\n') && line.kind != LineKind::added) {
      line.newline_at_end = false;
    }
    if (line.new_line == new_lines.size() && line.new_line && !after.ends_with('\n'))
      line.newline_at_end = false;
  }
  std::vector<Hunk> hunks;
  std::size_t taken = 0;  // lines of the script that stand in a hunk already
  for (std::size_t i = 0; i < script.size(); ++i) {
    if (script[i].kind == LineKind::context) continue;
    const std::size_t from = std::max(taken, i < context_lines ? 0 : i - context_lines);
    if (hunks.empty() || from > taken) hunks.emplace_back();
    const std::size_t to = std::min(script.size(), i + 1 + context_lines);
    const std::size_t start = hunks.back().lines.empty() ? from : taken;
    for (std::size_t k = std::max(start, taken); k < to; ++k) hunks.back().lines.push_back(script[k]);
    taken = std::max(taken, to);
  }
  for (Hunk& hunk : hunks) finish(hunk);
  return hunks;
}

bool looks_binary(std::string_view text) {
  return text.substr(0, 8'000).find('\0') != std::string_view::npos;
}

}  // namespace fanlight::host
