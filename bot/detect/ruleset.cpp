// What makes a rule usable. The limits keep one bad rule from slowing or breaking every scan: anchors that
// are too short stand everywhere, a pattern that matches nothing matches everywhere, a window that is too
// small loses matches.
#include "ruleset.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <hs/hs.h>

#include "automaton.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/detect/structure.hpp"

namespace fanlight::detect {

namespace {

struct Widths {
  unsigned min = 0;
  std::optional<std::uint32_t> max;
};

// Vectorscan knows the shortest and longest match of a pattern; RE2 does not say. Their syntax is nearly the
// same; what Vectorscan cannot read has no known widths.
std::optional<Widths> widths_of(std::string_view pattern) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  const std::string text = "(?m)" + std::string(pattern);
  if (hs_expression_info(text.c_str(), 0, &info, &error) != HS_SUCCESS) {
    hs_free_compile_error(error);
    return std::nullopt;
  }
  Widths widths{info->min_width, std::nullopt};
  if (info->max_width <= kWindowBytesMax) widths.max = info->max_width;
  std::free(info);
  return widths;
}

bool is_kebab_case(std::string_view id) {
  if (id.empty() || id.front() == '-' || id.back() == '-') return false;
  return id.find("--") == id.npos && std::ranges::all_of(id, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

// `\A` and `\z` speak of the whole text, which a window does not see.
bool has_text_edge(std::string_view pattern) {
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] != '\\') continue;
    if (pattern[i + 1] == 'A' || pattern[i + 1] == 'z') return true;
    ++i;
  }
  return false;
}

std::string fault_of_pattern(std::string_view key, std::string_view pattern) {
  if (pattern.empty()) return fmt::format("{}: missing", key);
  if (pattern.size() > kPatternBytesMax)
    return fmt::format("{}: longer than {} bytes", key, kPatternBytesMax);
  const auto compiled = compile_pattern(pattern);
  if (!compiled->ok()) {
    std::string why = compiled->error();
    if (const std::size_t ours = why.find("(?m)"); ours != why.npos) why.erase(ours, 4);
    return fmt::format("{}: {}", key, why);
  }
  if (has_text_edge(pattern))
    return fmt::format("{}: \\A and \\z are not supported, use ^ and $ for line edges", key);
  if (re2::RE2::PartialMatch("", *compiled)) return fmt::format("{}: matches the empty text", key);
  return {};
}

std::string fold(const Rule& rule, std::string_view anchor) {
  return rule.anchors_ignore_case ? to_lower(anchor) : std::string(anchor);
}

std::string fault_of_search(const Rule& rule) {
  if (rule.anchors.empty()) return "anchors: missing";
  std::size_t longest = 0;
  for (const std::string_view& anchor : rule.anchors) {
    if (anchor.size() < kAnchorBytesMin || anchor.size() > kAnchorBytesMax) {
      return fmt::format("anchors: \"{}\" has {} bytes, {} to {} are allowed", anchor, anchor.size(),
                         kAnchorBytesMin, kAnchorBytesMax);
    }
    longest = std::max(longest, anchor.size());
  }
  for (const std::string_view& anchor : rule.anchors) {
    for (const std::string_view& other : rule.anchors) {
      if (&anchor != &other && fold(rule, anchor).find(fold(rule, other)) != std::string::npos) {
        return fmt::format("anchors: \"{}\" holds \"{}\", which is enough", anchor, other);
      }
    }
  }
  if (std::string fault = fault_of_pattern("pattern", rule.pattern); !fault.empty()) return fault;
  if (secret_groups(*compile_pattern(rule.pattern)).last > kSecretGroupMax) {
    return fmt::format("pattern: the secret is beyond group {}", kSecretGroupMax);
  }
  if (rule.window_before > kWindowBytesMax || rule.window_after > kWindowBytesMax) {
    return fmt::format("window: more than {} bytes", kWindowBytesMax);
  }
  const auto widths = widths_of(rule.pattern);
  if (widths && widths->min == 0) return "pattern: matches the empty text";
  if (widths && rule.window_before + longest + rule.window_after < widths->min) {
    return fmt::format("window: smaller than the shortest match, which has {} bytes", widths->min);
  }
  return reach_of(rule).fault;
}

// A made up match as an error shows it: one line, short.
std::string shown(std::string_view text) {
  constexpr std::size_t kShownMax = 120;
  std::string out;
  for (const char c : text.substr(0, kShownMax)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += c == '\n' ? "\\n" : c == '\t' ? "\\t" : fmt::format("\\x{:02x}", byte);
    }
  }
  return text.size() > kShownMax ? out + "…" : out;
}

// `reason` with the witness when RE2 sees a match in it as well: the automaton knows no \b.
Reach reach_of_witness(const Rule& rule, const Witness& witness, std::string_view reason) {
  if (!witness.known) return {};
  if (!witness.text) return {{}, true};
  const std::string& text = *witness.text;
  const auto pattern = compile_pattern(rule.pattern);
  const bool is_match =
      pattern->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::ANCHOR_BOTH, nullptr, 0);
  if (!is_match) return {};
  return {fmt::format("{}: \"{}\"", reason, shown(text)), false};
}

}  // namespace

std::unique_ptr<re2::RE2> compile_pattern(std::string_view pattern) {
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemoryMax);
  return std::make_unique<re2::RE2>("(?m)" + std::string(pattern), options);
}

SecretGroups secret_groups(const re2::RE2& pattern) {
  const auto& names = pattern.NamedCapturingGroups();
  if (const auto found = names.find("secret"); found != names.end()) return {found->second, found->second};
  const int count = pattern.NumberOfCapturingGroups();
  return {std::min(count, 1), count};
}

std::optional<std::uint32_t> match_bytes_max(std::string_view pattern) {
  const auto widths = widths_of(pattern);
  return widths ? widths->max : std::nullopt;
}

Reach reach_of(const Rule& rule) {
  const auto automaton = Automaton::read(rule.pattern);
  if (!automaton) return {};
  const auto without = [&](std::size_t before) {
    return text_without_anchor(*automaton, rule.anchors, rule.anchors_ignore_case, before);
  };
  Reach all = reach_of_witness(rule, without(kAnywhere), "anchors: a match holds none");
  const auto longest = match_bytes_max(rule.pattern);
  if (all.proven && (!longest || rule.window_before < *longest)) {
    all = reach_of_witness(rule, without(rule.window_before),
                           "window: the anchor of a match has more before it than window.before");
  }
  if (!all.proven || !longest || rule.window_after >= *longest) return all;
  std::vector<std::string> backwards;
  for (const std::string_view anchor : rule.anchors) backwards.emplace_back(anchor.rbegin(), anchor.rend());
  const std::vector<std::string_view> anchors(backwards.begin(), backwards.end());
  Witness witness =
      text_without_anchor(automaton->reversed(), anchors, rule.anchors_ignore_case, rule.window_after);
  if (witness.text) std::ranges::reverse(*witness.text);
  return reach_of_witness(rule, witness,
                          "window: the anchor of a match has more behind it than window.after");
}

std::string fault_of(const Rule& rule) {
  if (!is_kebab_case(rule.id) || rule.id.size() > kNameBytesMax) return "id: must be words in kebab-case";
  if (rule.name.empty() || rule.name.size() > kNameBytesMax) return "name: missing or longer than 60 bytes";
  if (rule.service.empty()) return "service: missing";
  if (std::string fault = fault_of_search(rule); !fault.empty()) return fault;
  if (rule.kind == FindingKind::secret && !rule.check.empty() &&
      find_structure_check(rule.check) == nullptr) {
    std::vector<std::string_view> names;
    for (const StructureCheck& check : structure_checks()) names.push_back(check.name);
    const std::string_view near = nearest(rule.check, names);
    return fmt::format("check: there is no structure check \"{}\"{}", rule.check,
                       near.empty() ? "" : fmt::format(", did you mean \"{}\"?", near));
  }
  if (rule.entropy_min < 0 || rule.entropy_min > 8) return "entropy: must be 0 to 8 bits per byte";
  if (!rule.unless.empty()) {
    if (std::string fault = fault_of_pattern("unless", rule.unless); !fault.empty()) return fault;
  }
  if (!rule.partner.empty()) {
    if (std::string fault = fault_of_pattern("partner", rule.partner); !fault.empty()) return fault;
    if (rule.partner_lines > kPartnerLinesMax)
      return fmt::format("partner: more than {} lines", kPartnerLinesMax);
  }
  if (!rule.axes.portability && !rule.axes.disclosure) return "axis: missing";
  if (rule.message.empty()) return "message: missing";
  if (rule.remedy.empty()) return "remedy: missing";
  return {};
}

}  // namespace fanlight::detect
