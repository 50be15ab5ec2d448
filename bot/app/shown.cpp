#include "shown.hpp"

#include <algorithm>

#include "fanlight/core/text.hpp"

namespace fanlight::app {

namespace {

constexpr std::size_t line_bytes_max = 400;
constexpr std::size_t span_lines_max = 20;  // a key of fifty lines is shown by its first ones

}  // namespace

std::vector<detect::Span> find_hidden(const detect::Engine& engine, std::string_view text,
                                      const coupling::SealedTerms* sealed, detect::Engine::Scratch& scratch) {
  std::vector<detect::Span> out;
  const detect::ScanOptions options{.secrets = true, .coupling = false};
  for (const auto& match : engine.scan(text, "", options, scratch)) out.push_back(match.span);
  if (sealed) std::ranges::copy(sealed->find(text), std::back_inserter(out));
  return out;
}

std::string black_out(std::string_view text, std::size_t offset, const std::vector<detect::Span>& secrets) {
  const std::size_t begin = offset, end = offset + text.size();
  std::vector<detect::Span> inside;
  for (const auto span : secrets) {
    if (span.begin < end && begin < span.end)
      inside.push_back({std::max(span.begin, begin), std::min(span.end, end)});
  }
  std::sort(inside.begin(), inside.end(), [](auto a, auto b) { return a.begin < b.begin; });
  std::string out;
  std::size_t at = begin;
  for (const auto span : inside) {
    if (span.end <= at) continue;
    if (span.begin >= at) out.append(text.substr(at - begin, span.begin - at)).append("████");
    at = span.end;
  }
  return out.append(text.substr(at - begin));
}

std::vector<ExcerptLine> shown_lines(const Document& document, detect::Span span,
                                     const std::vector<detect::Span>& secrets, std::size_t around) {
  const auto& lines = document.lines;
  std::size_t first = document.line_at(span.begin);
  std::size_t last = document.line_at(span.end > span.begin ? span.end - 1 : span.begin);
  for (std::size_t i = 0; i < around && first > 0 && lines[first - 1].number != 0; ++i) --first;
  last = std::min(last, first + 2 * around + span_lines_max);
  for (std::size_t i = 0; i < around && last + 1 < lines.size() && lines[last + 1].number != 0; ++i) ++last;
  std::vector<ExcerptLine> out;
  for (std::size_t i = first; i <= last; ++i) {
    const std::string text = black_out(document.line_text(i), lines[i].begin, secrets);
    out.push_back({lines[i].kind, 0, lines[i].number, sanitize_utf8(truncate_utf8(text, line_bytes_max))});
  }
  return out;
}

}  // namespace fanlight::app
