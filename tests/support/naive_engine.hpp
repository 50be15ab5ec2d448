// The oracle of the engine: every rule, RE2 over the whole text, no anchors, no windows, no order of work
// that matters. Written from the contract in engine.hpp and bot/detect/README.md, not from the engine; shares
// only what has tests of its own: the judge, the structure checks and the decoders.
#pragma once

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fanlight/core/text.hpp"
#include "fanlight/detect/decode.hpp"
#include "fanlight/detect/engine.hpp"
#include "fanlight/detect/judge.hpp"
#include "fanlight/detect/structure.hpp"

namespace fanlight::test {

class NaiveEngine {
 public:
  explicit NaiveEngine(std::span<const detect::Rule> rules) : rules_(rules) {
    for (const detect::Rule& rule : rules) {
      patterns_.push_back(compile(rule.pattern));
      partners_.push_back(rule.partner.empty() ? nullptr : compile(rule.partner));
      unless_.push_back(rule.unless.empty() ? nullptr : compile(rule.unless));
    }
  }

  std::vector<detect::Match> scan(std::string_view text, std::string_view path,
                                  const detect::ScanOptions& options, unsigned depth = 0) const {
    std::vector<detect::Match> matches = resolve(find_all(text, path, options));
    if (depth == options.depth_max) return matches;
    bool truncated = false;
    std::vector<detect::Match> decoded;
    for (const detect::EncodedRun& run :
         detect::find_encoded_runs(text, options.decoded_bytes_max, truncated)) {
      const auto inner = detect::decode_run(text, run);
      if (!inner) continue;
      for (detect::Match match : scan(*inner, path, options, depth + 1)) {
        match.depth = static_cast<std::uint8_t>(std::max<unsigned>(match.depth, depth + 1));
        place(text, run, match);
        decoded.push_back(std::move(match));
      }
    }
    return merge(std::move(matches), std::move(decoded));
  }

 private:
  static std::unique_ptr<re2::RE2> compile(std::string_view pattern) {
    re2::RE2::Options options(re2::RE2::Latin1);
    options.set_log_errors(false);
    options.set_max_mem(64 << 20);
    return std::make_unique<re2::RE2>("(?m)" + std::string(pattern), options);
  }

  static bool overlap(detect::Span a, detect::Span b) { return a.begin < b.end && b.begin < a.end; }

  bool wants(const detect::Rule& rule, std::string_view path, const detect::ScanOptions& options) const {
    if (rule.kind == FindingKind::secret ? !options.secrets : !options.coupling) return false;
    const auto matches = [&](std::string_view glob) { return glob_match(glob, path); };
    if (!rule.paths_only.empty() && std::ranges::none_of(rule.paths_only, matches)) return false;
    return std::ranges::none_of(rule.paths_not, matches);
  }

  std::vector<detect::Match> find_all(std::string_view text, std::string_view path,
                                      const detect::ScanOptions& options) const {
    std::vector<detect::Match> out;
    for (std::uint32_t index = 0; index < rules_.size(); ++index) {
      if (!wants(rules_[index], path, options)) continue;
      const re2::RE2& pattern = *patterns_[index];
      int first = 0, last = pattern.NumberOfCapturingGroups();
      for (const auto& [name, number] : pattern.NamedCapturingGroups()) {
        if (name == "secret") first = last = number;
      }
      re2::StringPiece groups[16];
      for (std::size_t at = 0; at < text.size();) {
        if (!pattern.Match({text.data(), text.size()}, at, text.size(), re2::RE2::UNANCHORED, groups,
                           last + 1))
          break;
        const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
        const detect::Span whole{begin, begin + groups[0].size()};
        detect::Span span = whole;
        for (int group = last; group >= first; --group) {
          if (groups[group].data() == nullptr || group == 0) continue;
          span.begin = static_cast<std::size_t>(groups[group].data() - text.data());
          span.end = span.begin + groups[group].size();
        }
        at = whole.end;
        judge(index, text, whole, span, out);
      }
    }
    return out;
  }

  void judge(std::uint32_t index, std::string_view text, detect::Span whole, detect::Span span,
             std::vector<detect::Match>& out) const {
    const detect::Rule& rule = rules_[index];
    const std::string secret(text.substr(span.begin, span.end - span.begin));
    if (rule.entropy_min > 0 && entropy_bits(secret) < rule.entropy_min) return;
    if (rule.placeholders && (detect::is_reference(secret) || detect::is_placeholder(secret))) return;
    if (unless_[index]) {
      std::string before(text.substr(0, whole.begin));
      before = before.substr(before.rfind('\n') + 1);
      if (before.size() > detect::kBeforeBytesMax)
        before = before.substr(before.size() - detect::kBeforeBytesMax);
      before += text.substr(whole.begin, span.begin - whole.begin);
      if (re2::RE2::PartialMatch(before, *unless_[index])) return;
    }
    if (partners_[index] && !has_partner(index, text, whole)) return;
    detect::Match match{index, span, whole, secret, Structure::unknown, {}, 0};
    if (rule.kind == FindingKind::secret && !rule.check.empty()) {
      const detect::StructureCheck& check = *detect::find_structure_check(rule.check);
      const detect::StructureResult result = check.run(secret);
      if (result.published || (result.structure == Structure::invalid && check.judges_looks)) return;
      match.structure = result.structure;
      match.detail = result.detail;
    }
    out.push_back(std::move(match));
  }

  // Numbers lines and puts those near the match together again.
  bool has_partner(std::uint32_t index, std::string_view text, detect::Span whole) const {
    const auto line_of = [&](std::size_t at) {
      return std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
    };
    const auto first = line_of(whole.begin) - rules_[index].partner_lines;
    const auto last = line_of(whole.end) + rules_[index].partner_lines;
    std::size_t begin = text.size(), end = 0;
    long line = 0;
    for (std::size_t at = 0; at <= text.size(); ++at) {
      if (line >= first && line <= last) {
        begin = std::min(begin, at);
        end = at;
      }
      if (at < text.size() && text[at] == '\n') ++line;
    }
    const std::size_t near = detect::kPartnerBytesMax;
    begin = std::max(begin, whole.begin - std::min(whole.begin, near));
    end = std::min(end, whole.end + near);
    return partners_[index]->Match({text.data(), text.size()}, begin, end, re2::RE2::UNANCHORED, nullptr, 0);
  }

  // True when `a` hides `b` where they overlap.
  bool beats(const detect::Match& a, const detect::Match& b) const {
    if ((a.structure == Structure::valid) != (b.structure == Structure::valid))
      return a.structure == Structure::valid;
    if (rules_[a.rule].placeholders != rules_[b.rule].placeholders) return rules_[b.rule].placeholders;
    const std::size_t a_size = a.span.end - a.span.begin, b_size = b.span.end - b.span.begin;
    if (a_size != b_size) return a_size > b_size;
    return std::tuple(a.rule, a.span.begin) < std::tuple(b.rule, b.span.begin);
  }

  std::vector<detect::Match> resolve(std::vector<detect::Match> all) const {
    std::vector<detect::Match> kept;
    while (!all.empty()) {
      const auto best =
          std::ranges::min_element(all, [&](const auto& a, const auto& b) { return beats(a, b); });
      const detect::Match winner = *best;
      all.erase(best);
      std::erase_if(all, [&](const detect::Match& other) {
        return rules_[other.rule].kind == FindingKind::secret &&
               rules_[winner.rule].kind == FindingKind::secret && overlap(other.span, winner.span);
      });
      kept.push_back(winner);
    }
    return sorted(std::move(kept));
  }

  static std::vector<detect::Match> sorted(std::vector<detect::Match> matches) {
    std::ranges::sort(matches, {}, [](const detect::Match& match) {
      return std::tuple(match.span.begin, match.span.end, match.rule, match.depth, match.whole.begin);
    });
    return matches;
  }

  static void place(std::string_view text, const detect::EncodedRun& run, detect::Match& match) {
    if (!detect::keeps_places(run.encoding)) {
      match.span = match.whole = {run.begin, run.end};
      return;
    }
    for (std::size_t* at : {&match.span.begin, &match.span.end, &match.whole.begin, &match.whole.end}) {
      *at = detect::source_offsets(text, run, std::span(at, 1)).front();
    }
  }

  std::vector<detect::Match> merge(std::vector<detect::Match> plain,
                                   std::vector<detect::Match> decoded) const {
    std::erase_if(plain, [&](const detect::Match& match) {
      return rules_[match.rule].placeholders && std::ranges::any_of(decoded, [&](const detect::Match& other) {
               return !rules_[other.rule].placeholders &&
                      rules_[other.rule].kind == rules_[match.rule].kind && overlap(other.span, match.span);
             });
    });
    std::ranges::sort(decoded, {}, [](const detect::Match& match) {
      return std::tuple(match.depth, match.span.begin, match.span.end, match.rule);
    });
    for (detect::Match& match : decoded) {
      const bool told = std::ranges::any_of(plain, [&](const detect::Match& other) {
        return other.rule == match.rule && other.secret == match.secret && overlap(other.span, match.span);
      });
      if (!told) plain.push_back(std::move(match));
    }
    return sorted(std::move(plain));
  }

  std::span<const detect::Rule> rules_;
  std::vector<std::unique_ptr<re2::RE2>> patterns_, partners_, unless_;
};

}  // namespace fanlight::test
