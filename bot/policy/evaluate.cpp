// Findings to a verdict. Each pass below does one thing to all findings; evaluate() reads as their list.
#include "fanlight/policy/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "escape.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"
#include "fingerprint.hpp"
#include "inline_request.hpp"
#include "words.hpp"

namespace fanlight::policy {

namespace {

// A waiver from the policy file or from the store, and what it met.
struct Standing {
  Waiver waiver;
  bool from_policy = false;
  std::set<std::string> fits;  // fingerprints of this review
};

Severity lower(Severity severity) {
  return severity == Severity::block ? Severity::warn : Severity::note;
}

// The same thing found in the files and in a commit's patch is one finding, that of the files, which then
// knows the commit. The same at the same place is one finding too.
void merge_repeats(std::vector<Finding>& findings) {
  std::map<std::string, Finding*> at_head;
  for (Finding& finding : findings) {
    if (finding.at_head) at_head.try_emplace(finding.fingerprint, &finding);
  }
  std::set<std::tuple<std::string, std::string, int, std::string, unsigned, unsigned, bool>> seen;
  std::vector<Finding> kept;
  std::vector<bool> keep;
  for (Finding& finding : findings) {
    const auto head = at_head.find(finding.fingerprint);
    const bool in_files = finding.location.place == Place::file;
    if (!finding.at_head && in_files && head != at_head.end()) {
      if (!head->second->commit) head->second->commit = finding.commit;
      keep.push_back(false);
      continue;
    }
    const Location& at = finding.location;
    keep.push_back(seen.emplace(finding.rule, finding.fingerprint, static_cast<int>(at.place), at.path,
                                at.start_line, at.start_column, finding.at_head)
                       .second);
  }
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (keep[i]) kept.push_back(std::move(findings[i]));
  }
  findings = std::move(kept);
}

void apply_setting(Finding& finding, const Policy& policy) {
  const auto setting = policy.rules.find(finding.rule);
  if (setting == policy.rules.end() || !setting->second.severity) return;
  const Severity wanted = *setting->second.severity;
  const bool replaces = finding.kind == FindingKind::secret || finding.layer == Layer::shared;
  finding.severity = replaces ? wanted : std::min(wanted, finding.severity);
}

// What is known to be less bad than its rule says. `off` stays off.
void apply_knowledge(Finding& finding) {
  if (finding.severity == Severity::off) return;
  if (finding.kind == FindingKind::secret && finding.structure == Structure::invalid) {
    finding.severity = lower(finding.severity);
    finding.message += finding.message.empty() ? "" : " ";
    finding.message += "It is not well formed, so it is probably made up, and counts one step less.";
  }
  const bool only_history = !finding.at_head && finding.location.place == Place::file;
  const bool coupling = finding.kind == FindingKind::coupling;
  const bool old =
      finding.change == ChangeKind::moved || (coupling && finding.change == ChangeKind::existing);
  if (old || (coupling && only_history)) {
    finding.severity = std::min(finding.severity, Severity::note);
  }
}

void apply_severities(std::vector<Finding>& findings, const Policy& policy) {
  for (Finding& finding : findings) {
    apply_setting(finding, policy);
    apply_knowledge(finding);
    if (policy.fail_on == Severity::warn && finding.severity == Severity::warn)
      finding.severity = Severity::block;
  }
  std::erase_if(findings, [](const Finding& finding) { return finding.severity == Severity::off; });
}

std::vector<Standing> match_waivers(const EvaluateInput& input) {
  std::vector<Standing> standing;
  for (const Waiver& waiver : input.waivers) standing.push_back({waiver, false, {}});
  for (const Waiver& waiver : input.policy.waivers) standing.push_back({waiver, true, {}});
  for (Standing& one : standing) {
    one.waiver.fingerprint = to_lower(one.waiver.fingerprint);
    for (const Finding& finding : input.findings) {
      if (fits(one.waiver.fingerprint, finding.fingerprint)) one.fits.insert(finding.fingerprint);
    }
  }
  return standing;
}

bool has_expired(const Waiver& waiver, TimePoint now) {
  return waiver.expires && *waiver.expires <= now;
}

void note_waivers(const std::vector<Standing>& standing, const EvaluateInput& input,
                  std::vector<std::string>& notices) {
  for (const auto& [waiver, from_policy, fitting] : standing) {
    const std::string name = code_span(shorten(waiver.fingerprint, 20));
    const std::string_view place = from_policy ? " in `.fanlight.yml`" : "";
    if (fitting.size() > 1) {
      notices.push_back(
          fmt::format("The waiver of {}{} fits {} findings, so it accepts none: write more digits.", name,
                      place, number(fitting.size())));
    } else if (!fitting.empty() && has_expired(waiver, input.now)) {
      notices.push_back(fmt::format("The waiver of {}{} ended on {}, so the finding counts again.", name,
                                    place, last_day(*waiver.expires)));
    } else if (fitting.empty() && input.whole_repository) {
      notices.push_back(fmt::format("The waiver of {}{} fits nothing any more and can go.", name, place));
    }
  }
}

std::optional<Waived> waived_by_person(const Finding& finding, const std::vector<Standing>& standing,
                                       TimePoint now) {
  for (const auto& [waiver, from_policy, fitting] : standing) {
    if (fitting.size() != 1 || !fitting.contains(finding.fingerprint) || has_expired(waiver, now)) continue;
    const std::string_view owner = waiver.owner;
    std::string by =
        from_policy || owner.empty() ? "policy" : std::string(owner.substr(owner.starts_with('@')));
    return Waived{finding, std::move(by), waiver.reason};
  }
  return {};
}

// Whether an entry of a file accepts `finding`.
std::optional<Waived> waived_by_entry(const Finding& finding, const std::vector<AllowMark>& allows) {
  for (const AllowMark& allow : allows) {
    if (!allow.from_file || allow.fingerprint != finding.fingerprint) continue;
    if (allow.path != finding.location.path) continue;
    const auto& commits = allow.commits;
    if (!commits.empty() &&
        (!finding.commit || std::find(commits.begin(), commits.end(), *finding.commit) == commits.end()))
      continue;
    return Waived{finding, allow.mark == policy_path ? "policy" : allow.mark, allow.reason};
  }
  return {};
}

bool is_for(const AllowMark& allow, const Location& at, bool at_head) {
  if (!allow.path.empty() && allow.path != at.path) return false;
  return allow.line == 0 || !at_head || allow.line == at.start_line;
}

// Whether an inline allow accepts `finding`; if it does not, why not.
std::optional<Waived> waived_inline(const Finding& finding, const EvaluateInput& input,
                                    std::vector<std::string>& notices) {
  std::vector<std::string> reasons_not;
  for (const AllowMark& allow : input.allows) {
    if (allow.from_file || allow.fingerprint != finding.fingerprint ||
        !is_for(allow, finding.location, finding.at_head))
      continue;
    const bool own = allow.mark == "fanlight:allow";
    const std::string name = code_span(shorten(allow.mark, 40));
    if (input.policy.inline_allow == InlineAllowMode::ignore) {
      reasons_not.push_back(
          fmt::format("{} for {} does not count: the policy ignores inline allows.", name, where(finding)));
    } else if (!own && !input.policy.honour_other_tools) {
      reasons_not.push_back(
          fmt::format("{} for {} does not count: the policy does not honour the marks of other tools.", name,
                      where(finding)));
    } else if (own && trim(allow.reason).empty()) {
      reasons_not.push_back(fmt::format("{} for {} does not count without a reason: write it after the rule.",
                                        name, where(finding)));
    } else if (allow.added_here && input.policy.inline_allow == InlineAllowMode::ask) {
      reasons_not.push_back(request_notice(finding));
    } else {
      return Waived{finding, "inline", own ? allow.reason : allow.mark};
    }
  }
  for (std::string& reason : reasons_not) {
    if (std::find(notices.begin(), notices.end(), reason) == notices.end())
      notices.push_back(std::move(reason));
  }
  return {};
}

void accept(EvaluateInput& input, Review& review) {
  const std::vector<Standing> standing = match_waivers(input);
  note_waivers(standing, input, review.notices);
  for (Finding& finding : input.findings) {
    std::optional<Waived> waived = waived_by_person(finding, standing, input.now);
    if (!waived) waived = waived_by_entry(finding, input.allows);
    if (!waived) waived = waived_inline(finding, input, review.notices);
    if (waived) {
      review.waived.push_back(std::move(*waived));
    } else {
      review.findings.push_back(std::move(finding));
    }
  }
}

void know_baseline(EvaluateInput& input, Review& review) {
  if (!input.baseline) return;
  if (std::string fault = fault_of_key(*input.baseline, input.key_id); !fault.empty()) {
    review.problems.push_back(std::move(fault));
    return;
  }
  const auto unmet = apply_baseline(*input.baseline, input.findings);
  if (unmet.empty() || !input.whole_repository) return;
  review.notices.push_back(
      fmt::format("{} of {} nothing any more: `fanlight baseline prune` takes out such.",
                  plural(unmet.size(), "entry", "entries"),
                  code_span(input.baseline->file) + (unmet.size() == 1 ? " fits" : " fit")));
}

bool comes_before(const Finding& a, const Finding& b) {
  const auto key = [](const Finding& f) {
    return std::tie(f.location.path, f.location.start_line, f.rule, f.location.start_column, f.fingerprint,
                    f.commit, f.location.place, f.at_head);
  };
  if (is_new(a) != is_new(b)) return is_new(a);
  if (a.severity != b.severity) return a.severity > b.severity;
  return key(a) < key(b);
}

Verdict decide(const Review& review, const Policy& policy) {
  const auto fails = [&](const Finding& finding) {
    return is_new(finding) && policy.fail_on != Severity::off && finding.severity > Severity::note &&
           finding.severity >= policy.fail_on;
  };
  if (!review.problems.empty() || std::any_of(review.findings.begin(), review.findings.end(), fails)) {
    return Verdict::fail;
  }
  return review.missing.empty() ? Verdict::pass : Verdict::incomplete;
}

}  // namespace

Review evaluate(EvaluateInput input) {
  Review review;
  review.problems = std::move(input.problems);
  review.missing = std::move(input.missing);
  review.scanned = input.scanned;
  if (input.scanned.files == 0 && !input.empty_change && review.missing.empty()) {
    review.missing.push_back({"the change", "none of its files was looked at"});
  }
  merge_repeats(input.findings);
  apply_severities(input.findings, input.policy);
  know_baseline(input, review);
  accept(input, review);
  std::sort(review.findings.begin(), review.findings.end(), comes_before);
  std::sort(review.waived.begin(), review.waived.end(),
            [](const Waived& a, const Waived& b) { return comes_before(a.finding, b.finding); });
  review.verdict = decide(review, input.policy);
  return review;
}

}  // namespace fanlight::policy
