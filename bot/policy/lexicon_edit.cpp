// Three forms are edited: a list in brackets on one line, a list of "- " lines, and no list yet. Whatever
// else there is (a lexicon in braces, an anchor) shows when the result is read back, and is left to the
// person.
#include "fanlight/policy/lexicon_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "fanlight/core/text.hpp"
#include "fanlight/policy/policy.hpp"

namespace fanlight::policy {

namespace {

struct Kind {
  std::string_view key;
  std::vector<std::string> LexiconNames::* names;
};
constexpr std::array<Kind, 5> kinds{{{"domains", &LexiconNames::domains},
                                     {"sites", &LexiconNames::sites},
                                     {"environments", &LexiconNames::environments},
                                     {"names", &LexiconNames::names},
                                     {"people", &LexiconNames::people}}};

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}
bool is_blank(std::string_view line) {
  const std::string_view text = trim(line);
  return text.empty() || text.starts_with('#');
}

// Where the block under `lines[at]` ends: the next line that is no deeper. Blank lines and comments at its
// end are not of it.
std::size_t block_end(const std::vector<std::string>& lines, std::size_t at) {
  std::size_t end = at + 1;
  for (std::size_t i = at + 1; i < lines.size(); ++i) {
    if (is_blank(lines[i])) continue;
    const bool item = trim(lines[i]).starts_with("- ");
    if (indent_of(lines[i]) < indent_of(lines[at]) || (indent_of(lines[i]) == indent_of(lines[at]) && !item))
      break;
    end = i + 1;
  }
  return end;
}

void add_to_key(std::vector<std::string>& lines, std::size_t lexicon, std::string_view key,
                const std::string& text) {
  const std::size_t end = block_end(lines, lexicon);
  std::size_t indent = 2;
  for (std::size_t i = lexicon + 1; i < end; ++i) {
    if (is_blank(lines[i])) continue;
    indent = indent_of(lines[i]);
    break;
  }
  for (std::size_t i = lexicon + 1; i < end; ++i) {
    if (indent_of(lines[i]) != indent || !trim(lines[i]).starts_with(fmt::format("{}:", key))) continue;
    const std::size_t open = lines[i].find('['), close = lines[i].find(']');
    if (open != std::string::npos && close != std::string::npos && open < close) {
      const bool empty = trim(std::string_view(lines[i]).substr(open + 1, close - open - 1)).empty();
      lines[i].insert(close, (empty ? "" : ", ") + text);
      return;
    }
    const std::size_t list_end = block_end(lines, i);
    const std::size_t item = list_end > i + 1 ? indent_of(lines[list_end - 1]) : indent + 2;
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(list_end), std::string(item, ' ') + "- " + text);
    return;
  }
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(end),
               fmt::format("{}{}: [{}]", std::string(indent, ' '), key, text));
}

}  // namespace

Result<std::string> add_to_lexicon(std::string_view text, std::span<const LexiconEntry> entries) {
  const std::string file(policy_path);
  std::string start(text);
  if (trim(start).empty()) start = "version: 1\n";
  // Rules are not known here; whether they exist is not what is asked.
  const PolicyRead before = read_policy(start, file, {}, {});
  std::vector<std::string> lines;
  for (const std::string_view line : split_lines(start)) lines.emplace_back(line);
  std::string by_hand;
  for (const LexiconEntry& entry : entries) {
    const auto kind = std::ranges::find(kinds, entry.key, &Kind::key);
    if (kind == kinds.end())
      return fail(ErrorCode::bad_input, "lexicon: no kind of name is called " + entry.key);
    const auto& have = before.policy.lexicon.*kind->names;
    if (std::ranges::find(have, entry.text) != have.end()) continue;
    auto at =
        std::ranges::find_if(lines, [](const std::string& line) { return line.starts_with("lexicon:"); });
    if (at == lines.end()) {
      lines.emplace_back("lexicon:");
      at = lines.end() - 1;
    }
    by_hand += fmt::format(" {}: {};", entry.key, entry.text);
    add_to_key(lines, static_cast<std::size_t>(at - lines.begin()), entry.key, entry.text);
  }
  if (by_hand.empty()) return std::string(text);
  const std::string edited = join(lines, "\n") + "\n";
  const PolicyRead after = read_policy(edited, file, {}, {});
  const bool all = std::ranges::all_of(entries, [&](const LexiconEntry& entry) {
    const auto kind = std::ranges::find(kinds, entry.key, &Kind::key);
    const auto& have = after.policy.lexicon.*kind->names;
    return std::ranges::find(have, entry.text) != have.end();
  });
  if (!all || after.problems.size() > before.problems.size()) {
    by_hand.pop_back();
    return fail(ErrorCode::conflict,
                file + ": its lexicon has a form that is not edited here: add by hand" + by_hand);
  }
  return edited;
}

}  // namespace fanlight::policy
