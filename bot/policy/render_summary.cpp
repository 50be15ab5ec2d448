// The summary comment and the status line: one review in one look. First what to do, then where, then what
// was looked at. Everything that is listed has a limit, so that a change with ten thousand findings stays
// readable.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "escape.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"
#include "words.hpp"

namespace fanlight::policy {

namespace {

constexpr std::size_t status_bytes_max = 140;
constexpr std::size_t rows_max = 50;
constexpr std::size_t missing_max = 8;
constexpr std::size_t notices_max = 8;
constexpr std::size_t problems_max = 20;
constexpr std::size_t skipped_max = 3;
constexpr std::size_t steps_max = 4;
constexpr std::size_t title_bytes_max = 120;
constexpr std::size_t reason_bytes_max = 200;

std::string_view icon(Severity severity) {
  switch (severity) {
    case Severity::block:
      return "⛔";
    case Severity::warn:
      return "⚠️";
    case Severity::note:
    case Severity::off:
      break;
  }
  return "ℹ️";
}

// "`dump.sql`", "commit `4be1d2c`", "the diff".
std::string subject(std::string_view what) {
  constexpr std::string_view commit = "commit ";
  if (what.starts_with(commit)) return "commit " + commit_span(what.substr(commit.size()));
  const bool path =
      what.find_first_of("./") != std::string_view::npos && what.find(' ') == std::string_view::npos;
  return path ? code_span(shorten_path(what, 120)) : escape_markdown(shorten(what, 120));
}

std::string list_missing(const std::vector<Missing>& missing) {
  std::string out;
  for (std::size_t i = 0; i < missing.size() && i < missing_max; ++i) {
    if (i > 0) out += "; ";
    out += subject(missing[i].what) + ": " + escape_markdown(shorten(missing[i].reason, reason_bytes_max));
  }
  if (missing.size() > missing_max) out += fmt::format("; and {} more", missing.size() - missing_max);
  return out;
}

std::string missing_text(const Review& review) {
  if (review.missing.empty()) return {};
  const std::string list = list_missing(review.missing);
  if (review.verdict == Verdict::fail) {
    return fmt::format("I could not look at everything either: {}. `/fanlight recheck` tries again.\n\n",
                       list);
  }
  return fmt::format(
      "**I could not look at everything, so I am not saying that it is clean.** {}. "
      "`/fanlight recheck` tries again.\n\n",
      capital(list));
}

std::string problems_text(const Change& change, const Review& review) {
  if (review.problems.empty()) return {};
  std::string out = "**I could not read `.fanlight.yml`**, so this change cannot pass.\n\n";
  for (std::size_t i = 0; i < review.problems.size() && i < problems_max; ++i) {
    out += "- " + code_span(shorten(review.problems[i], reason_bytes_max)) + '\n';
  }
  if (review.problems.size() > problems_max)
    out += fmt::format("- and {} more\n", review.problems.size() - problems_max);
  out += "\nI read it at the base of the change";
  if (!change.base_ref.empty()) out += ", " + code_span(shorten(change.base_ref, 80));
  return out +
         ", so that is where it has to be mended. Until then I go by the rest of it and the defaults.\n\n";
}

std::string files_and_commits(const Scanned& scanned) {
  std::string out = plural(scanned.files, "file", "files");
  if (scanned.commits > 0) out += ", " + plural(scanned.commits, "commit", "commits");
  return out;
}

std::string heading(const Review& review, const Counts& counts) {
  const std::string look = number(counts.to_look);
  if (counts.to_fix > 0) {
    const std::string fix = capital(number(counts.to_fix)) + (counts.to_fix == 1 ? " thing" : " things");
    return counts.to_look > 0 ? fmt::format("**{} to fix before merging, {} to look at.**\n\n", fix, look)
                              : fmt::format("**{} to fix before merging.**\n\n", fix);
  }
  const std::string_view things = counts.to_look == 1 ? "thing" : "things";
  if (review.verdict == Verdict::pass) {
    if (counts.to_look > 0) return fmt::format("**Nothing to fix, {} {} to look at.**\n\n", look, things);
    return fmt::format("**Nothing to fix.** {}.\n\n", capital(files_and_commits(review.scanned)));
  }
  return counts.to_look > 0 ? fmt::format("{} {} to look at:\n\n", capital(look), things) : std::string();
}

std::string row(const Finding& finding) {
  std::string what = escape_markdown(shorten(finding.title, title_bytes_max));
  if (finding.kind == FindingKind::secret) {
    if (!finding.at_head && finding.location.place == Place::file) what += ", only in the branch's history";
    if (finding.severity == Severity::block) what += ". **Revoke it now**";
  }
  return fmt::format("| {} | {} | {} |\n", icon(finding.severity), where_cell(finding), what);
}

std::string table(const Review& review, const std::string& page_url, std::size_t bytes_max) {
  std::string out;
  std::size_t rows = 0, left = 0;
  for (const Finding& finding : review.findings) {
    if (!is_new(finding)) continue;
    std::string line = row(finding);
    if (rows == rows_max || left > 0 || out.size() + line.size() > bytes_max) {
      ++left;
      continue;
    }
    if (rows++ == 0) out += "| | where | what |\n|---|---|---|\n";
    out += line;
  }
  if (left > 0) {
    const std::string page = link("the page", page_url);
    out += fmt::format("\nand {} more{}.\n", left, page.empty() ? "" : " on " + page);
  }
  return out.empty() ? out : out + '\n';
}

bool is_below(std::string_view path, std::string_view folder) {
  return folder == "." || (path.starts_with(folder) && path.substr(folder.size(), 1) == "/");
}

// What the change made better, besides what is said of modules.
std::string gone_text(const Review& review) {
  std::set<std::string> paths;
  std::size_t gone = 0;
  for (const Finding& finding : review.findings) {
    if (finding.change != ChangeKind::removed || finding.kind != FindingKind::coupling) continue;
    const bool told = std::ranges::any_of(review.steps, [&](const ModuleStep& step) {
      return step.gone > 0 && is_below(finding.location.path, step.module);
    });
    if (told) continue;
    ++gone;
    paths.insert(finding.location.path);
  }
  if (gone == 0) return {};
  const std::string place =
      paths.size() == 1 ? code_span(shorten_path(*paths.begin(), 120)) : number(paths.size()) + " files";
  return fmt::format("{} old {} went away in {}.\n\n", capital(number(gone)),
                     gone == 1 ? "finding" : "findings", place);
}

// "`modules/dns` is closer to release: two literals that tie it to you went away."
std::string steps_text(const Review& review) {
  std::string out;
  std::size_t told = 0;
  for (const ModuleStep& step : review.steps) {
    if (told == steps_max) break;
    const auto literals = [](std::uint32_t count) {
      return number(count) + (count == 1 ? " literal that ties it to you" : " literals that tie it to you");
    };
    std::string what;
    if (step.gone > 0) what = literals(step.gone) + " went away";
    if (step.came > 0) what += (what.empty() ? literals(step.came) : ", " + number(step.came)) + " came";
    out += fmt::format("{}{} is {} release: {}.", told == 0 ? "" : " ",
                       step.module == "." ? "This module" : code_span(shorten_path(step.module, 120)),
                       step.gone > step.came ? "closer to" : "further from", what);
    ++told;
  }
  if (review.steps.size() > told)
    out += fmt::format(" And {} more.", plural(review.steps.size() - told, "module", "modules"));
  return out.empty() ? out : out + "\n\n";
}

// In public the place is named and not the name: what it means is not for everybody.
std::string proposals_text(const Change& change, const Review& review) {
  std::string out;
  for (const Proposal& proposal : review.proposals) {
    const std::string at = code_span(fmt::format("{}:{}", shorten_path(proposal.path, 120), proposal.line));
    const bool open = change.public_repository;
    const std::string word = open ? proposal.id.substr(0, 8) : shorten(proposal.text, 100);
    const std::string what = open ? fmt::format("{} brings a name that looks like your own", at)
                                  : fmt::format("{} looks like your own ({}; {})", code_span(word),
                                                escape_markdown(proposal.why), at);
    if (change.ref.number == 0) {
      out +=
          fmt::format("- {}. If it is, add it to `lexicon: {}:` in `.fanlight.yml`.\n", what, proposal.kind);
    } else {
      out +=
          fmt::format("- {}. {} if it is, {} if not.\n", what, code_span("/fanlight lexicon confirm " + word),
                      code_span("/fanlight lexicon reject " + word));
    }
  }
  return out.empty() ? out : out + '\n';
}

std::string notices_text(const Review& review) {
  std::string out;
  for (std::size_t i = 0; i < review.notices.size() && i < notices_max; ++i) {
    out += "- " + review.notices[i] + '\n';
  }
  if (review.notices.size() > notices_max)
    out += fmt::format("- and {} more\n", review.notices.size() - notices_max);
  return out.empty() ? out : out + '\n';
}

std::string skipped_text(const Review& review) {
  const std::vector<Missing>& skipped = review.scanned.skipped;
  if (skipped.empty()) return review.missing.empty() ? "nothing skipped" : "";
  std::string out = "skipped ";
  for (std::size_t i = 0; i < skipped.size() && i < skipped_max; ++i) {
    if (i > 0) out += ", ";
    out += fmt::format("{} ({})", subject(skipped[i].what), escape_markdown(shorten(skipped[i].reason, 80)));
  }
  if (skipped.size() > skipped_max) out += fmt::format(" and {} more", skipped.size() - skipped_max);
  return out;
}

std::string footer(const Change& change, const Review& review, const std::string& page_url, bool quiet) {
  const std::string details = link("Details", page_url);
  std::string looked = "Looked at " + files_and_commits(review.scanned);
  if (review.scanned.title_and_body) looked += ", title and description";
  const std::string skipped = skipped_text(review);
  if (!skipped.empty()) looked += "; " + skipped;
  if (!review.waived.empty()) looked += fmt::format("; {} accepted", number(review.waived.size()));
  // When all is well, the first line has said it.
  if (quiet && review.waived.empty() && review.scanned.skipped.empty()) return {};
  // Commands are comments on a numbered change; a push and a local review have none.
  const std::string help = change.ref.number != 0 ? "`/fanlight help`" : "";
  const std::string_view between = details.empty() || help.empty() ? "" : " · ";
  return fmt::format("<sub>{}.{}{}{}{}</sub>\n", looked, details.empty() && help.empty() ? "" : " ", details,
                     between, help);
}

}  // namespace

std::string status_line(const Review& review) {
  const Counts counts = count(review);
  std::string found;
  if (counts.to_fix > 0) found = fmt::format("{} to fix", counts.to_fix);
  if (counts.to_look > 0) found += fmt::format("{}{} to look at", found.empty() ? "" : ", ", counts.to_look);
  std::string out;
  if (!review.problems.empty()) {
    out = fmt::format("The policy file has {}", plural(review.problems.size(), "error", "errors"));
    if (!found.empty()) out += "; " + found;
  } else if (review.verdict == Verdict::incomplete) {
    out = "Not fully checked";
    if (!review.missing.empty()) out += ": " + shorten(review.missing[0].what, 60);
    if (review.missing.size() > 1) out += fmt::format(" and {} more", review.missing.size() - 1);
    if (!found.empty()) out += "; " + found;
  } else if (counts.to_fix > 0) {
    out = found;
  } else {
    out = "Nothing to fix" + (found.empty() ? "" : ", " + found);
  }
  return shorten(out, status_bytes_max);
}

std::string summary_markdown(const Change& change, const Review& review, const std::string& page_url,
                             std::size_t bytes_max) {
  const Counts counts = count(review);
  const bool quiet = review.verdict == Verdict::pass && counts.to_look == 0;
  std::string head = problems_text(change, review);
  if (review.verdict == Verdict::incomplete) head += missing_text(review);
  head += heading(review, counts);
  std::string tail = gone_text(review) + steps_text(review);
  if (review.verdict == Verdict::fail) tail += missing_text(review);
  tail += proposals_text(change, review) + notices_text(review) + footer(change, review, page_url, quiet);

  constexpr std::size_t more_line = 2'200;  // "and 7 more on [the page](…)" with the longest link
  const std::size_t used = head.size() + tail.size() + more_line;
  std::string body = head + table(review, page_url, bytes_max > used ? bytes_max - used : 0) + tail;
  body = std::string(trim(body));
  if (body.size() > bytes_max) body = shorten(status_line(review), std::max<std::size_t>(bytes_max, 4));
  return body;
}

}  // namespace fanlight::policy
