// A review to the fewest actions. What stands already is known by marker and digest; an action is planned
// only where those differ, so a plan that was carried out plans nothing the second time.
#include "fanlight/policy/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "anchors.hpp"
#include "escape.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"
#include "words.hpp"

namespace fanlight::policy {

namespace {

constexpr std::size_t digest_digits = 16;
constexpr std::size_t annotations_max = 500;
constexpr std::size_t annotation_bytes_max = 2'000;
constexpr std::size_t marker_bytes_max = 120;
constexpr std::size_t comment_bytes_least = 400;  // no host has less room; keeps the arithmetic above zero

// The marker as it stands in Posted::marker and in the actions: without the comment signs.
std::string bare(std::string_view kind, std::string_view id) {
  return find_marker(marker(kind, id));
}

bool same_marker(const Posted& posted, std::string_view wanted) {
  return posted.marker == wanted || find_marker(posted.marker) == wanted;
}

std::string with_marker(std::string body, const std::string& bare_marker) {
  return fmt::format("{}\n\n{}", trim(body), marker(bare_marker, ""));
}

std::size_t body_bytes_max(const PlanInput& input) {
  return std::max(input.capabilities.comment_bytes_max, comment_bytes_least) - marker_bytes_max;
}

std::string inline_marker(const Finding& finding) {
  return bare("inline", finding.fingerprint);
}

// One comment per thing found: the same value in twenty places is one sentence, not twenty comments.
std::string also_at(const std::vector<const Finding*>& same) {
  if (same.size() < 2) return {};
  std::string out = "Also in " + where(*same[1]);
  if (same.size() == 3) out += " and " + where(*same[2]);
  if (same.size() > 3) out += fmt::format(" and {} more places", number(same.size() - 2));
  return out + ".\n\n";
}

struct Placed {
  const Finding* finding = nullptr;
  LineRange lines;
  std::vector<const Finding*> same;
};

// The findings that get a comment on their line, the worst first, at most inline_comments_max of them. The
// limit counts what is posted already, so that asking again does not bring the next twenty.
std::vector<Placed> choose(const PlanInput& input) {
  std::vector<Placed> out;
  std::map<std::string, std::vector<const Finding*>> by_fingerprint;
  for (const Finding& finding : input.review.findings) {
    if (is_new(finding) && finding.at_head) by_fingerprint[finding.fingerprint].push_back(&finding);
  }
  const Anchors anchors(input.diff);
  std::set<std::string> taken;
  for (const Finding& finding : input.review.findings) {
    if (out.size() >= input.policy.inline_comments_max) break;
    const Location& at = finding.location;
    const bool wanted = is_new(finding) && finding.at_head && finding.severity >= Severity::warn &&
                        at.place == Place::file && !taken.contains(finding.fingerprint);
    const auto lines = wanted ? anchors.place(at.path, {at.start_line, at.end_line}) : std::nullopt;
    if (!lines) continue;
    taken.insert(finding.fingerprint);
    std::vector<const Finding*> same = by_fingerprint[finding.fingerprint];
    std::rotate(same.begin(), std::find(same.begin(), same.end(), &finding), same.end());
    out.push_back({&finding, *lines, std::move(same)});
  }
  return out;
}

InlineComment inline_comment(const PlanInput& input, const Placed& placed) {
  const Finding& finding = *placed.finding;
  // A suggestion replaces exactly the lines of its comment.
  const bool whole = placed.lines == LineRange{finding.location.start_line, finding.location.end_line};
  InlineComment out;
  out.path = finding.location.path;
  out.line = placed.lines.last;
  out.start_line = placed.lines.first;
  out.marker = inline_marker(finding);
  const std::string also = also_at(placed.same);
  for (const bool suggestion : {input.capabilities.suggestions && whole, false}) {
    std::string body = finding_markdown(finding, input.change, suggestion);
    if (const std::size_t footer = body.rfind("<sub>"); footer != std::string::npos)
      body.insert(footer, also);
    out.body = with_marker(std::move(body), out.marker);
    if (out.body.size() <= body_bytes_max(input) + marker_bytes_max) return out;
  }
  out.body = with_marker(shorten(finding.title, comment_bytes_least / 2), out.marker);
  return out;
}

enum class Standing : std::uint8_t { no, posted, refused };

Standing standing(const PlanInput& input, const InlineComment& comment) {
  Standing out = Standing::no;
  for (const Posted& posted : input.posted) {
    if (posted.kind != PostedKind::inline_comment || !same_marker(posted, comment.marker)) continue;
    if (!posted.id.empty()) return Standing::posted;
    // A new head may show the line that this one does not.
    if (posted.head_sha == input.change.head_sha) out = Standing::refused;
  }
  return out;
}

bool inline_wanted(const PlanInput& input) {
  return input.capabilities.inline_comments &&
         !(input.change.draft && input.policy.draft == DraftMode::summary);
}

struct Inline {
  std::vector<InlineComment> fresh, refused;
};

Inline plan_inline(const PlanInput& input) {
  Inline out;
  if (!inline_wanted(input)) return out;
  for (const Placed& placed : choose(input)) {
    InlineComment comment = inline_comment(input, placed);
    switch (standing(input, comment)) {
      case Standing::no:
        out.fresh.push_back(std::move(comment));
        break;
      case Standing::refused:
        out.refused.push_back(std::move(comment));
        break;
      case Standing::posted:
        break;
    }
  }
  return out;
}

PostReview make_review(const PlanInput& input, std::vector<InlineComment> comments) {
  // The same comments at the same head are the same review, however often it is tried.
  std::string all;
  for (const InlineComment& comment : comments) all += comment.marker + '\n';
  PostReview out;
  out.head_sha = input.change.head_sha;
  out.marker = bare("review",
                    fmt::format("{}-{}", input.change.head_sha.substr(0, 12), body_digest(all).substr(0, 8)));
  const std::string head =
      input.change.head_sha.empty() ? "" : "At " + commit_span(input.change.head_sha) + ": ";
  out.body = with_marker(fmt::format("{}{}.", head, escape_markdown(status_line(input.review))), out.marker);
  out.comments = std::move(comments);
  return out;
}

const Posted* standing_summary(const PlanInput& input) {
  const std::string wanted = bare("summary", "");
  const Posted* found = nullptr;
  for (const Posted& posted : input.posted) {
    if (posted.kind == PostedKind::summary && same_marker(posted, wanted)) found = &posted;
  }
  return found;
}

bool has_something_to_say(const Review& review) {
  const Counts counts = count(review);
  return review.verdict != Verdict::pass || counts.to_fix + counts.to_look > 0 || !review.notices.empty() ||
         !review.proposals.empty();
}

std::string refused_text(const std::vector<InlineComment>& refused, std::size_t bytes_max) {
  std::string out;
  std::size_t left = 0;
  for (const InlineComment& comment : refused) {
    // Without its marker: this is not the comment, only its words.
    const std::string_view body = trim(std::string_view(comment.body).substr(0, comment.body.rfind("<!--")));
    std::string part =
        fmt::format("\n\n---\n\n{}\n\n{}",
                    code_span(fmt::format("{}:{}", shorten_path(comment.path, 160), comment.line)), body);
    if (left > 0 || out.size() + part.size() > bytes_max) {
      ++left;
    } else {
      out += part;
    }
  }
  if (left > 0) out += fmt::format("\n\nand {} more.", left);
  return out;
}

PutSummary make_summary(const PlanInput& input, const std::vector<InlineComment>& refused) {
  const std::size_t room = body_bytes_max(input);
  const std::size_t for_refused = refused.empty() ? 0 : room / 2;
  std::string body = summary_markdown(input.change, input.review, input.page_url, room - for_refused);
  if (!refused.empty()) body += refused_text(refused, for_refused - 100);
  PutSummary out;
  if (const Posted* posted = standing_summary(input)) out.id = posted->id;
  out.head_sha = input.change.head_sha;
  out.marker = bare("summary", "");
  out.body = with_marker(std::move(body), out.marker);
  return out;
}

std::vector<Annotation> annotations(const PlanInput& input) {
  std::vector<Annotation> out;
  if (!input.capabilities.annotations) return out;
  for (const Finding& finding : input.review.findings) {
    if (out.size() == annotations_max) break;
    if (!is_new(finding) || !finding.at_head || finding.location.place != Place::file) continue;
    Annotation one;
    one.path = finding.location.path;
    one.start_line = finding.location.start_line;
    one.end_line = std::max(finding.location.end_line, one.start_line);
    one.level = finding.severity == Severity::block  ? AnnotationLevel::failure
                : finding.severity == Severity::warn ? AnnotationLevel::warning
                                                     : AnnotationLevel::notice;
    one.title = shorten(finding.title, 200);
    one.message = shorten(finding.message + ' ' + finding.remedy, annotation_bytes_max);
    if (one.message.empty()) one.message = one.title;
    out.push_back(std::move(one));
  }
  return out;
}

SetStatus make_status(const PlanInput& input) {
  SetStatus out;
  out.head_sha = input.change.head_sha;
  // Neutral lets a merge through, so what was not fully looked at is a failure.
  out.state = input.review.verdict == Verdict::pass ? CheckState::success : CheckState::failure;
  out.description = shorten(status_line(input.review),
                            std::max<std::size_t>(input.capabilities.status_description_max, 20));
  out.summary = summary_markdown(input.change, input.review, input.page_url, body_bytes_max(input));
  out.details_url = input.page_url;
  out.annotations = annotations(input);
  return out;
}

SetStatus skipped_draft(const PlanInput& input) {
  SetStatus out;
  out.head_sha = input.change.head_sha;
  out.state = CheckState::neutral;
  out.description = "Draft: not looked at";
  out.summary = "**Draft: not looked at.** The policy leaves drafts alone until they are ready for review.";
  out.details_url = input.page_url;
  return out;
}

void append_status(const PlanInput& input, SetStatus status, std::vector<Action>& actions) {
  const std::string digest = status_digest(status);
  const bool stands = std::any_of(input.posted.begin(), input.posted.end(), [&](const Posted& posted) {
    return posted.kind == PostedKind::verdict && posted.head_sha == status.head_sha &&
           posted.digest == digest;
  });
  if (!stands || input.forced) actions.emplace_back(std::move(status));
}

}  // namespace

std::string body_digest(std::string_view body) {
  return to_hex(sha256(body)).substr(0, digest_digits);
}

std::string status_digest(const SetStatus& status) {
  std::string all = fmt::format("{}\n{}\n{}\n{}", static_cast<int>(status.state), status.description,
                                status.details_url, status.summary);
  for (const Annotation& one : status.annotations) {
    all += fmt::format("\n{}\n{}\n{}\n{}\n{}\n{}", one.path, one.start_line, one.end_line,
                       static_cast<int>(one.level), one.title, one.message);
  }
  return body_digest(all);
}

std::vector<Action> plan(const PlanInput& input) {
  std::vector<Action> actions;
  if (input.change.draft && input.policy.draft == DraftMode::skip) {
    append_status(input, skipped_draft(input), actions);
    return actions;
  }
  Inline comments = plan_inline(input);
  if (!comments.fresh.empty()) actions.emplace_back(make_review(input, std::move(comments.fresh)));
  if (input.capabilities.summary) {
    const Posted* posted = standing_summary(input);
    PutSummary summary = make_summary(input, comments.refused);
    const bool changed = posted != nullptr && posted->digest != body_digest(summary.body);
    const bool first =
        posted == nullptr && (input.capabilities.summary_always || has_something_to_say(input.review));
    if (changed || first) actions.emplace_back(std::move(summary));
  }
  append_status(input, make_status(input), actions);
  return actions;
}

SetStatus pending_status(const Change& change, const std::string& page_url) {
  SetStatus out;
  out.head_sha = change.head_sha;
  out.state = CheckState::pending;
  out.description = "Looking at " + short_sha(change.head_sha);
  out.summary = "Looking at " + commit_span(change.head_sha) + ".";
  out.details_url = page_url;
  return out;
}

PutSummary summary_with_refused(const PlanInput& input, const std::vector<InlineComment>& refused) {
  // With what was refused at this head before, in the order of the findings, so that the next plan finds it
  // equal.
  std::vector<InlineComment> all;
  for (const Placed& placed : choose(input)) {
    InlineComment comment = inline_comment(input, placed);
    const bool now = std::any_of(refused.begin(), refused.end(),
                                 [&](const InlineComment& one) { return one.marker == comment.marker; });
    if (now || standing(input, comment) == Standing::refused) all.push_back(std::move(comment));
  }
  return make_summary(input, all);
}

}  // namespace fanlight::policy
