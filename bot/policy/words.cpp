#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "escape.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"
#include "fingerprint.hpp"

namespace fanlight::policy {

namespace {

constexpr std::size_t path_bytes_max = 160;
constexpr std::size_t sha_digits = 7;

// "modules/vpc/main.tf:12".
std::string path_and_line(const Finding& finding) {
  std::string out = shorten_path(finding.location.path, path_bytes_max);
  if (finding.location.place == Place::file) out += fmt::format(":{}", finding.location.start_line);
  return out;
}

std::string where_with(const Finding& finding, std::string (*code)(std::string_view)) {
  std::string out;
  switch (finding.location.place) {
    case Place::file:
      out = code(path_and_line(finding));
      break;
    case Place::path:
      out = "the name of " + code(path_and_line(finding));
      break;
    case Place::title:
      return "the title";
    case Place::body:
      return "the description";
    case Place::branch:
      return "the name of the branch";
    case Place::commit_message:
      return finding.commit ? "the message of commit " + code(short_sha(*finding.commit))
                            : "a commit message";
  }
  if (!finding.at_head && finding.commit) out += " in commit " + code(short_sha(*finding.commit));
  if (!finding.at_head && !finding.commit) out += " in an earlier commit";
  return out;
}

}  // namespace

bool is_new(const Finding& finding) {
  return finding.change == ChangeKind::introduced || finding.change == ChangeKind::regressed;
}

Counts count(const Review& review) {
  Counts counts;
  for (const Finding& finding : review.findings) {
    if (!is_new(finding)) continue;
    if (finding.severity == Severity::block && review.verdict == Verdict::fail) {
      ++counts.to_fix;
    } else if (finding.severity >= Severity::warn) {
      ++counts.to_look;
    } else {
      ++counts.notes;
    }
  }
  return counts;
}

std::string number(std::uint64_t n) {
  static constexpr std::array<std::string_view, 11> names{"no",  "one",   "two",   "three", "four", "five",
                                                          "six", "seven", "eight", "nine",  "ten"};
  return n < names.size() ? std::string(names[n]) : std::to_string(n);
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

std::string plural(std::uint64_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::string where(const Finding& finding) {
  return where_with(finding, code_span);
}
std::string where_cell(const Finding& finding) {
  return where_with(finding, cell_code);
}
std::string where_plain(const Finding& finding) {
  return where_with(finding, printable_line);
}

std::string short_sha(std::string_view sha) {
  return printable_line(sha.substr(0, sha_digits));
}
std::string commit_span(std::string_view sha) {
  return code_span(short_sha(sha));
}

std::string thing(const Finding& finding) {
  const std::string_view title = finding.title;
  const std::string_view name = title.substr(0, title.find(','));
  return trim(name).empty() ? "secret" : std::string(trim(name));
}

std::string allow_command(std::string_view fingerprint) {
  return fmt::format("/fanlight allow {} --reason \"…\"", short_fingerprint(fingerprint));
}

std::string last_day(TimePoint expires) {
  return to_iso8601(expires - std::chrono::milliseconds(1)).substr(0, 10);
}

std::string link(std::string_view text, std::string_view url) {
  const auto plain = [](char c) {
    return c > ' ' && c < 0x7F && std::string_view("<>()[]\\\"`").find(c) == std::string_view::npos;
  };
  if (!url.starts_with("https://") && !url.starts_with("http://")) return {};
  if (url.size() > 2'000 || !std::all_of(url.begin(), url.end(), plain)) return {};
  return fmt::format("[{}]({})", text, url);
}

}  // namespace fanlight::policy
