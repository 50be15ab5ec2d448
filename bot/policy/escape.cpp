// Escaping. A backslash is enough for what the Markdown parser reads. It is not for what a host looks for in
// the text afterwards (@names, #numbers, addresses that become links): there a zero-width space goes between
// the sign and the word, which a reader does not see and the host does not match.
#include "escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"

namespace fanlight::policy {

namespace {

constexpr std::string_view zero_width_space = "\u200B";

// The code point at `at` of valid UTF-8, and how many bytes it takes.
std::pair<std::uint32_t, std::size_t> code_point(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(text[at + i])}; };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {(first & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (first < 0xF0) return {(first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
  return {(first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F), 4};
}

bool is_blank(std::uint32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x2028 || c == 0x2029;
}

// Ranges of characters that hide or move text. Unicode 15, general category Cf and Cc, and the variation
// selectors that carry no glyph of their own.
bool is_hidden(std::uint32_t c) {
  static constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 15> ranges{{{0x00, 0x1F},
                                                                                   {0x7F, 0x9F},
                                                                                   {0xAD, 0xAD},
                                                                                   {0x034F, 0x034F},
                                                                                   {0x0600, 0x0605},
                                                                                   {0x061C, 0x061C},
                                                                                   {0x115F, 0x1160},
                                                                                   {0x180B, 0x180F},
                                                                                   {0x200B, 0x200F},
                                                                                   {0x202A, 0x202E},
                                                                                   {0x2060, 0x206F},
                                                                                   {0x3164, 0x3164},
                                                                                   {0xFEFF, 0xFEFF},
                                                                                   {0xFFF9, 0xFFFB},
                                                                                   {0xE0000, 0xE0FFF}}};
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const auto& range) { return c >= range.first && c <= range.second; });
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::size_t longest_run(std::string_view text, char of) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == of ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// A host would read this as its own sign: a mention, a reference to an issue, a merge request, a milestone.
bool starts_reference(std::string_view text, std::size_t at) {
  constexpr std::string_view signs = "@#!~%$&";
  return signs.find(text[at]) != std::string_view::npos && at + 1 < text.size() &&
         (is_word(text[at + 1]) || text[at + 1] == '"' || text[at + 1] == '-');
}

// After `at` stands what turns a bare address into a link: "://", "www.", "mailto:", "GH-12".
std::size_t link_head(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 4> heads{"://", "www.", "mailto:", "xmpp:"};
  for (const std::string_view head : heads) {
    if (iequals(text.substr(at, head.size()), head)) return head == "://" ? 1 : head.size() - 1;
  }
  return iequals(text.substr(at, 3), "gh-") ? 2 : 0;
}

std::string escape_line(std::string_view line) {
  constexpr std::string_view markup = "\\`*_[]|~$";
  constexpr std::string_view at_start = "#+-=";
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (const std::size_t head = link_head(line, i); head > 0) {
      out.append(line.substr(i, head)).append(zero_width_space);
      i += head - 1;
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += starts_reference(line, i) ? fmt::format("&amp;{}", zero_width_space) : "&amp;";
    } else {
      if (markup.find(c) != std::string_view::npos ||
          (i == 0 && at_start.find(c) != std::string_view::npos)) {
        out += '\\';
      }
      out += c;
      if (starts_reference(line, i)) out += zero_width_space;
    }
  }
  // "1." and "/close" mean something at the start of a line alone.
  if (out.starts_with('/')) out.insert(0, zero_width_space);
  const std::size_t digits = out.find_first_not_of("0123456789");
  if (digits != 0 && digits != std::string::npos && out[digits] == '.') out.insert(digits, 1, '\\');
  return out;
}

}  // namespace

std::string printable_line(std::string_view text) {
  const std::string valid = sanitize_utf8(text);
  std::string out;
  for (std::size_t i = 0; i < valid.size();) {
    const auto [c, size] = code_point(valid, i);
    if (is_blank(c)) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (is_hidden(c)) {
      out += "\uFFFD";
    } else {
      out.append(valid, i, size);
    }
    i += size;
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string shorten(std::string_view text, std::size_t bytes_max) {
  std::string line = printable_line(text);
  if (line.size() <= bytes_max) return line;
  return std::string(trim(truncate_utf8(line, bytes_max - 3))) + "…";
}

std::string shorten_path(std::string_view path, std::size_t bytes_max) {
  std::string line = printable_line(path);
  if (line.size() <= bytes_max) return line;
  std::string_view end = std::string_view(line).substr(line.size() - (bytes_max - 3));
  // Not in the middle of a code point.
  while (!end.empty() && (static_cast<unsigned char>(end.front()) & 0xC0) == 0x80) end.remove_prefix(1);
  return "…" + std::string(end);
}

std::string escape_markdown(std::string_view text) {
  return escape_line(printable_line(text));
}

std::string code_span(std::string_view text) {
  std::string line = printable_line(text);
  // A marker is looked for in raw bodies: a path must not be able to bring one.
  for (std::size_t at = line.find("<!--"); at != std::string::npos; at = line.find("<!--", at + 1)) {
    line.insert(at + 2, zero_width_space);
  }
  if (line.empty()) return "` `";
  const std::string ticks(longest_run(line, '`') + 1, '`');
  const bool pad = line.starts_with('`') || line.ends_with('`');
  return ticks + (pad ? " " : "") + line + (pad ? " " : "") + ticks;
}

std::string prose(std::string_view text) {
  const std::string line = printable_line(text);
  const std::vector<std::string_view> parts = split(line, '`');
  // An odd number of backticks opens code that never ends, and neighbouring ones pair up otherwise than they
  // look: then none of it is code.
  const auto empty = [&](std::size_t i) { return parts[i].empty() && i != 0 && i + 1 != parts.size(); };
  bool plain = parts.size() % 2 == 1;
  for (std::size_t i = 0; i < parts.size(); ++i) plain = plain && !empty(i);
  if (!plain) return escape_markdown(line);
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i % 2 == 1) {
      out += code_span(parts[i]);
    } else {
      out += escape_line(parts[i]);
    }
  }
  return out;
}

std::string cell_code(std::string_view text) {
  const std::string line = printable_line(text);
  if (line.find('|') == std::string::npos) return code_span(line);
  std::string out = "<code>";
  for (const char c : line) {
    if (is_word(c) || c == ' ' || static_cast<unsigned char>(c) >= 0x80) {
      out += c;
    } else {
      out += fmt::format("&#{};", static_cast<int>(c));
    }
  }
  return out + "</code>";
}

std::string fenced(std::string_view content, std::string_view info) {
  const std::string fence(std::max<std::size_t>(3, longest_run(content, '`') + 1), '`');
  std::string out = fmt::format("{}{}\n{}", fence, info, content);
  if (!out.ends_with('\n')) out += '\n';
  return out + fence + '\n';
}

}  // namespace fanlight::policy
