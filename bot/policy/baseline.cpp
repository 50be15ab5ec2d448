#include "fanlight/policy/baseline.hpp"

#include <fmt/format.h>

#include "escape.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "fingerprint.hpp"

namespace fanlight::policy {

namespace {

constexpr std::string_view head = "# fanlight baseline 1, key ";
constexpr std::string_view about =
    "# Findings that were here before fanlight was. `fanlight baseline create` makes this file, `fanlight "
    "baseline\n"
    "# prune` takes out what is mended. With \"merge=union\" for it in .gitattributes branches never "
    "conflict.\n";
constexpr std::size_t key_id_digits = 8;
constexpr std::size_t fingerprint_digits = 16;
constexpr std::size_t entries_max = 200'000;

bool read_entry(std::string_view line, BaselineEntry& entry) {
  const std::size_t first = line.find(' ');
  entry.fingerprint = line.substr(0, first);
  if (entry.fingerprint.size() != fingerprint_digits || !is_hex(entry.fingerprint)) return false;
  if (first == line.npos) return true;
  line = trim(line.substr(first));
  const std::size_t second = line.find(' ');
  entry.rule = line.substr(0, second);
  if (second != line.npos) entry.path = trim(line.substr(second));
  return true;
}

}  // namespace

std::string fingerprint_key_id(const Secret& key) {
  return to_hex(hmac_sha256(key.reveal(), "fanlight baseline")).substr(0, key_id_digits);
}

Result<Baseline> read_baseline(std::string_view text, const std::string& file) {
  const auto refuse = [&](std::size_t line, std::string_view why) {
    return fail(ErrorCode::bad_input, fmt::format("{}:{}: {}", file, line, why));
  };
  if (text.size() > baseline_bytes_max) return refuse(1, "more than 16 MiB");
  Baseline out;
  out.file = file;
  std::size_t number = 0;
  for (const std::string_view raw : split_lines(text)) {
    const std::string_view line = trim(raw);
    ++number;
    if (line.starts_with(head)) {
      const std::string_view id = line.substr(head.size());
      if (id.size() != key_id_digits || !is_hex(id)) return refuse(number, "no key id");
      // Two branches that each made one, with different keys.
      if (!out.key_id.empty() && out.key_id != id) return refuse(number, "a second key: make it anew");
      out.key_id = id;
      continue;
    }
    if (line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>") || line.starts_with("======="))
      return refuse(number, "a merge that was not finished: take out the marker, both sides may stay");
    if (line.empty() || line.starts_with('#')) continue;
    BaselineEntry entry;
    if (!read_entry(line, entry))
      return refuse(number,
                    "no fingerprint: 16 hexadecimal digits, as `fanlight baseline create` writes them");
    out.entries.insert(std::move(entry));
    if (out.entries.size() > entries_max) return refuse(number, "more than 200,000 entries");
  }
  if (out.key_id.empty())
    return refuse(
        1, fmt::format("no baseline: \"{}…\" is missing, as `fanlight baseline create` writes it", head));
  return out;
}

std::string write_baseline(const Baseline& baseline) {
  std::string out = fmt::format("{}{}\n{}", head, baseline.key_id, about);
  for (const BaselineEntry& entry : baseline.entries) {
    out += entry.fingerprint;
    if (!entry.rule.empty()) out += ' ' + entry.rule;
    if (!entry.rule.empty() && !entry.path.empty()) out += ' ' + printable_line(entry.path);
    out += '\n';
  }
  return out;
}

std::string fault_of_key(const Baseline& baseline, std::string_view key_id) {
  if (baseline.key_id == key_id) return {};
  return fmt::format(
      "{}:1: made with another key ({}, this one is {}), so that nothing in it fits: give its key with "
      "--key-file "
      "or FANLIGHT_KEY, or make it anew with `fanlight baseline create`",
      baseline.file, baseline.key_id, key_id);
}

std::vector<BaselineEntry> apply_baseline(const Baseline& baseline, std::vector<Finding>& findings) {
  std::set<std::string_view> known, met;
  for (const BaselineEntry& entry : baseline.entries) known.insert(entry.fingerprint);
  for (Finding& finding : findings) {
    const auto found = known.find(finding.fingerprint);
    if (found == known.end()) continue;
    met.insert(*found);
    const bool news = finding.change == ChangeKind::introduced || finding.change == ChangeKind::regressed;
    if (news) finding.change = ChangeKind::existing;
  }
  std::vector<BaselineEntry> unmet;
  for (const BaselineEntry& entry : baseline.entries) {
    if (!met.contains(entry.fingerprint)) unmet.push_back(entry);
  }
  return unmet;
}

}  // namespace fanlight::policy
