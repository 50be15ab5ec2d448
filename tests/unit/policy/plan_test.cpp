// The fewest actions: tables for each of them, and the property that a plan that was carried out plans
// nothing.
#include "fanlight/policy/plan.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>

#include "anchors.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/policy/evaluate.hpp"
#include "fanlight/policy/render.hpp"
#include "unit/policy/support.hpp"

namespace fanlight::policy {
namespace {

using test::change;
using test::host;
using test::secret;
using test::subnet;

// Hunks of new lines [first, first + count): every third line is context, the rest is added; one removed
// line.
FileDiff file_with(std::string path, std::vector<std::pair<std::uint32_t, std::uint32_t>> hunks) {
  FileDiff file;
  file.old_path = file.new_path = std::move(path);
  for (const auto& [first, count] : hunks) {
    Hunk hunk;
    hunk.new_start = first;
    hunk.new_count = count;
    for (std::uint32_t i = 0; i < count; ++i) {
      const bool context = i % 3 == 0;
      hunk.lines.push_back(
          {context ? LineKind::context : LineKind::added, true, context ? i + 1 : 0, first + i, "x"});
      if (i == 1) hunk.lines.push_back({LineKind::removed, true, 500 + i, 0, "y"});
    }
    file.hunks.push_back(std::move(hunk));
  }
  return file;
}

PlanInput input_of(std::vector<Finding> findings) {
  EvaluateInput judged;
  judged.findings = std::move(findings);
  judged.scanned = test::looked();
  PlanInput input;
  input.change = change();
  input.diff.files = {file_with("modules/vpc/main.tf", {{10, 5}, {30, 3}}),
                      file_with("roles/web/defaults/main.yml", {{1, 9}})};
  input.review = evaluate(std::move(judged));
  input.page_url = "https://bot.example/reviews/1";
  return input;
}

// What a host does with actions; refuses the comments on `refused` lines.
std::vector<InlineComment> carry_out(const std::vector<Action>& actions, std::vector<Posted>& posted,
                                     const std::set<std::uint32_t>& refused = {}) {
  std::vector<InlineComment> out;
  for (const Action& action : actions) {
    if (const auto* review = std::get_if<PostReview>(&action)) {
      for (const InlineComment& comment : review->comments) {
        const bool no = refused.contains(comment.line);
        posted.push_back({PostedKind::inline_comment, no ? "" : std::to_string(posted.size() + 1),
                          comment.marker, review->head_sha, body_digest(comment.body)});
        if (no) out.push_back(comment);
      }
    } else if (const auto* summary = std::get_if<PutSummary>(&action)) {
      std::erase_if(posted, [](const Posted& p) { return p.kind == PostedKind::summary; });
      posted.push_back({PostedKind::summary, summary->id.empty() ? "s1" : summary->id, summary->marker,
                        summary->head_sha, body_digest(summary->body)});
    } else if (const auto* status = std::get_if<SetStatus>(&action)) {
      std::erase_if(posted, [](const Posted& p) { return p.kind == PostedKind::verdict; });
      posted.push_back({PostedKind::verdict, "v1", "", status->head_sha, status_digest(*status)});
    }
  }
  return out;
}

std::string names(const std::vector<Action>& actions) {
  std::string out;
  for (const Action& action : actions) out += std::string(action_name(action)) + ' ';
  return out;
}

template <class T>
T the(const std::vector<Action>& actions) {
  for (const Action& action : actions) {
    if (const T* found = std::get_if<T>(&action)) return *found;
  }
  BOOST_FAIL("no such action");
  return {};
}

BOOST_AUTO_TEST_SUITE(planning)

BOOST_AUTO_TEST_CASE(lines_that_can_carry_a_comment) {
  struct Row {
    const char* name;
    std::string_view path;
    LineRange wanted;
    std::optional<LineRange> expected;
  };
  Diff diff;
  diff.files = {file_with("a", {{10, 5}, {30, 3}}), file_with("gone", {{1, 3}})};
  diff.files[1].status = FileStatus::removed;
  FileDiff binary;
  binary.new_path = "b";
  binary.binary = true;
  diff.files.push_back(binary);
  const Row rows[] = {
      {"first line of a hunk", "a", {10, 10}, LineRange{10, 10}},
      {"last line of a hunk", "a", {14, 14}, LineRange{14, 14}},
      {"one before", "a", {9, 9}, {}},
      {"one after", "a", {15, 15}, {}},
      {"a range inside a hunk", "a", {11, 13}, LineRange{11, 13}},
      {"a range over two hunks keeps its start", "a", {13, 31}, LineRange{13, 13}},
      {"a range that ends in a hunk", "a", {20, 31}, LineRange{31, 31}},
      {"a range around a hunk", "a", {9, 15}, {}},
      {"an upside-down range", "a", {13, 11}, LineRange{13, 13}},
      {"a removed file", "gone", {1, 1}, {}},
      {"a binary file", "b", {1, 1}, {}},
      {"a file that is not there", "c", {1, 1}, {}},
  };
  const Anchors anchors(diff);
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST((anchors.place(row.path, row.wanted) == row.expected));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_first_review_posts_comments_summary_and_status_in_this_order) {
  const PlanInput input = input_of({secret(), subnet(), host()});
  const std::vector<Action> actions = plan(input);
  BOOST_TEST(names(actions) == "review summary status ");
  const PostReview review = the<PostReview>(actions);
  BOOST_TEST(review.head_sha == change().head_sha);
  BOOST_REQUIRE(review.comments.size() == 3u);
  BOOST_TEST(review.comments[0].path == "modules/vpc/main.tf");
  BOOST_TEST(review.comments[0].line == 12u);
  BOOST_TEST((review.comments[0].side == Side::right));
  BOOST_TEST(review.comments[0].marker == "inline:3f9a1c0d5b7e2a84");
  BOOST_TEST(review.comments[0].body.ends_with("\n\n<!-- fanlight:inline:3f9a1c0d5b7e2a84 -->"));
  BOOST_TEST(
      review.body.starts_with("At `4be1d2c`: 2 to fix, 1 to look at.\n\n<!-- fanlight:review:4be1d2c0a1b2-"));
  BOOST_TEST(find_marker(review.body) == review.marker);
  const PutSummary summary = the<PutSummary>(actions);
  BOOST_TEST(summary.id == "");
  BOOST_TEST(summary.marker == "summary");
  BOOST_TEST(summary.body.starts_with("**Two things to fix before merging, one to look at.**"));
  BOOST_TEST(summary.body.ends_with("\n\n<!-- fanlight:summary -->"));
  const SetStatus status = the<SetStatus>(actions);
  BOOST_TEST((status.state == CheckState::failure));
  BOOST_TEST(status.description == "2 to fix, 1 to look at");
  BOOST_TEST(status.details_url == input.page_url);
  BOOST_TEST(status.annotations.empty());
}

BOOST_AUTO_TEST_CASE(what_is_planned) {
  struct Row {
    const char* name;
    std::vector<Finding> findings;
    std::function<void(PlanInput&)> change;
    std::string expected;
  };
  const auto none = [](PlanInput&) {};
  const Row rows[] = {
      {"all is well and nothing stands: the status alone", {}, none, "status "},
      {"all is well and a summary stands: it is edited",
       {},
       [](PlanInput& in) { in.posted = {{PostedKind::summary, "7", "summary", "old", "0"}}; },
       "summary status "},
      {"the marker of a host that keeps the comment signs",
       {},
       [](PlanInput& in) {
         in.posted = {{PostedKind::summary, "7", "<!-- fanlight:summary -->", "old", "0"}};
       },
       "summary status "},
      {"something missing is something to say",
       {},
       [](PlanInput& in) {
         in.review.verdict = Verdict::incomplete;
         in.review.missing = {{"a.sql", "48 MB"}};
       },
       "summary status "},
      {"a notice is something to say",
       {},
       [](PlanInput& in) { in.review.notices = {"x"}; },
       "summary status "},
      {"a finding outside of the diff",
       {secret()},
       [](PlanInput& in) {
         in.review.findings[0].location.start_line = in.review.findings[0].location.end_line = 99;
       },
       "summary status "},
      {"a finding in the title",
       {secret()},
       [](PlanInput& in) { in.review.findings[0].location.place = Place::title; },
       "summary status "},
      {"a finding only in history",
       {secret()},
       [](PlanInput& in) { in.review.findings[0].at_head = false; },
       "summary status "},
      {"a note gets no comment",
       {host()},
       [](PlanInput& in) { in.review.findings[0].severity = Severity::note; },
       "status "},
      {"what was there before gets no comment",
       {secret()},
       [](PlanInput& in) { in.review.findings[0].change = ChangeKind::existing; },
       "summary status "},
      {"a host without inline comments",
       {secret()},
       [](PlanInput& in) { in.capabilities.inline_comments = false; },
       "summary status "},
      {"a host without inline comments and without a place for a summary",
       {secret()},
       [](PlanInput& in) { in.capabilities.inline_comments = in.capabilities.summary = false; },
       "status "},
      {"a host where nobody is notified of a summary",
       {},
       [](PlanInput& in) { in.capabilities.summary_always = true; },
       "summary status "},
      {"no comments wanted",
       {secret()},
       [](PlanInput& in) { in.policy.inline_comments_max = 0; },
       "summary status "},
      {"a draft: the summary alone",
       {secret()},
       [](PlanInput& in) { in.change.draft = true; },
       "summary status "},
      {"a draft that gets all",
       {secret()},
       [](PlanInput& in) {
         in.change.draft = true;
         in.policy.draft = DraftMode::full;
       },
       "review summary status "},
      {"a draft that is left alone",
       {secret()},
       [](PlanInput& in) {
         in.change.draft = true;
         in.policy.draft = DraftMode::skip;
       },
       "status "},
      {"a comment that stands is not posted again",
       {secret()},
       [](PlanInput& in) {
         in.posted = {{PostedKind::inline_comment, "9", "inline:3f9a1c0d5b7e2a84", "older", ""}};
       },
       "summary status "},
      {"a comment refused at another head is tried again",
       {secret()},
       [](PlanInput& in) {
         in.posted = {{PostedKind::inline_comment, "", "inline:3f9a1c0d5b7e2a84", "older", ""}};
       },
       "review summary status "},
  };
  for (const Row& row : rows) {
    PlanInput input = input_of(row.findings);
    row.change(input);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(names(plan(input)) == row.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_standing_summary_is_edited_by_its_id_and_left_when_equal) {
  PlanInput input = input_of({});
  input.posted = {{PostedKind::summary, "7", "summary", "old", "0"}};
  const PutSummary summary = the<PutSummary>(plan(input));
  BOOST_TEST(summary.id == "7");
  BOOST_TEST(summary.body == "**Nothing to fix.** 4 files, 3 commits.\n\n<!-- fanlight:summary -->");
  input.posted[0].digest = body_digest(summary.body);
  BOOST_TEST(names(plan(input)) == "status ");
}

BOOST_AUTO_TEST_CASE(the_same_status_is_set_again_only_when_asked_for_or_at_a_new_head) {
  PlanInput input = input_of({});
  carry_out(plan(input), input.posted);
  BOOST_TEST(names(plan(input)) == "");
  input.forced = true;
  BOOST_TEST(names(plan(input)) == "status ");
  input.forced = false;
  input.change.head_sha[0] = 'f';
  BOOST_TEST(names(plan(input)) == "status ");
}

BOOST_AUTO_TEST_CASE(states) {
  const auto state = [](Verdict verdict) {
    PlanInput input = input_of({});
    input.review.verdict = verdict;
    return the<SetStatus>(plan(input)).state;
  };
  BOOST_TEST((state(Verdict::pass) == CheckState::success));
  BOOST_TEST((state(Verdict::fail) == CheckState::failure));
  BOOST_TEST((state(Verdict::incomplete) == CheckState::failure));
  PlanInput draft = input_of({secret()});
  draft.change.draft = true;
  draft.policy.draft = DraftMode::skip;
  BOOST_TEST((the<SetStatus>(plan(draft)).state == CheckState::neutral));
  BOOST_TEST(the<SetStatus>(plan(draft)).description == "Draft: not looked at");
  const SetStatus pending = pending_status(change(), "https://x.example");
  BOOST_TEST((pending.state == CheckState::pending));
  BOOST_TEST(pending.description == "Looking at 4be1d2c");
  BOOST_TEST(pending.head_sha == change().head_sha);
}

BOOST_AUTO_TEST_CASE(the_limit_counts_what_stands_already) {
  std::vector<Finding> many;
  for (std::uint32_t i = 0; i < 5; ++i) {
    many.push_back(subnet());
    many.back().fingerprint = "aa00bb11cc22dd3" + std::to_string(i);
    many.back().location.start_line = many.back().location.end_line = 10 + i;
  }
  PlanInput input = input_of(many);
  input.policy.inline_comments_max = 2;
  BOOST_TEST(the<PostReview>(plan(input)).comments.size() == 2u);
  carry_out(plan(input), input.posted);
  BOOST_TEST(names(plan(input)) == "");
}

BOOST_AUTO_TEST_CASE(the_same_value_in_many_places_is_one_comment) {
  std::vector<Finding> same;
  for (const std::uint32_t line : {12u, 11u, 13u, 99u}) {
    same.push_back(secret());
    same.back().location.start_line = same.back().location.end_line = line;
  }
  const PostReview review = the<PostReview>(plan(input_of(same)));
  BOOST_REQUIRE(review.comments.size() == 1u);
  BOOST_TEST(review.comments[0].line == 11u);
  BOOST_TEST(review.comments[0].body.find(
                 "\nAlso in `modules/vpc/main.tf:12` and two more places.\n\n<sub>") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_suggestion_needs_all_of_its_lines) {
  Finding wide = subnet();
  wide.location.start_line = 30;
  wide.location.end_line = 32;
  const InlineComment whole = the<PostReview>(plan(input_of({wide}))).comments[0];
  BOOST_TEST(whole.start_line == 30u);
  BOOST_TEST(whole.line == 32u);
  BOOST_TEST(whole.body.find("```suggestion") != std::string::npos);
  wide.location.end_line = 33;
  const InlineComment part = the<PostReview>(plan(input_of({wide}))).comments[0];
  BOOST_TEST(part.start_line == 30u);
  BOOST_TEST(part.line == 30u);
  BOOST_TEST(part.body.find("```suggestion") == std::string::npos);
  PlanInput input = input_of({subnet()});
  input.capabilities.suggestions = false;
  BOOST_TEST(the<PostReview>(plan(input)).comments[0].body.find("```suggestion") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(annotations_where_the_host_shows_them) {
  Finding evil = host();
  evil.title = "a\nb\u202E";
  evil.location.end_line = 1;
  PlanInput input = input_of({secret(), evil});
  input.capabilities.annotations = true;
  const std::vector<Annotation> got = the<SetStatus>(plan(input)).annotations;
  BOOST_REQUIRE(got.size() == 2u);
  BOOST_TEST(got[0].start_line == 12u);
  BOOST_TEST((got[0].level == AnnotationLevel::failure));
  BOOST_TEST((got[1].level == AnnotationLevel::warning));
  BOOST_TEST(got[1].title == "a b\uFFFD");
  BOOST_TEST(got[1].end_line == got[1].start_line);
}

BOOST_AUTO_TEST_CASE(what_the_host_refused_stands_in_the_summary_and_stays_there) {
  PlanInput input = input_of({secret(), subnet(), host()});
  const std::vector<Action> actions = plan(input);
  const std::vector<InlineComment> refused = carry_out(actions, input.posted, {31});
  BOOST_REQUIRE(refused.size() == 1u);
  const PutSummary again = summary_with_refused(input, refused);
  BOOST_TEST(again.id == "s1");
  BOOST_TEST(
      again.body.find("\n\n---\n\n`modules/vpc/main.tf:31`\n\n**This subnet exists in one AWS account.**") !=
      std::string::npos);
  BOOST_TEST(find_marker(again.body) == "summary");
  BOOST_TEST(again.body.find("fanlight:inline") == std::string::npos);
  carry_out({again}, input.posted);
  BOOST_TEST(names(plan(input)) == "");
}

BOOST_AUTO_TEST_CASE(bodies_keep_to_the_hosts_limits) {
  std::vector<Finding> many;
  for (std::uint32_t i = 0; i < 40; ++i) {
    many.push_back(subnet());
    many.back().fingerprint = "aa00bb11cc22dd" + std::to_string(10 + i);
    many.back().location.start_line = many.back().location.end_line = 10 + i % 5;
    many.back().message = std::string(3'000, 'm');
    many.back().suggestion = std::string(5'000, 's');
  }
  PlanInput input = input_of(many);
  for (const std::size_t bytes : {400u, 1'000u, 4'000u, 65'536u}) {
    input.capabilities.comment_bytes_max = bytes;
    input.capabilities.status_description_max = 20;
    const std::vector<Action> actions = plan(input);
    for (const InlineComment& comment : the<PostReview>(actions).comments) {
      BOOST_TEST(comment.body.size() <= bytes);
      BOOST_TEST(find_marker(comment.body) == comment.marker);
    }
    BOOST_TEST(the<PutSummary>(actions).body.size() <= bytes);
    BOOST_TEST(summary_with_refused(input, the<PostReview>(actions).comments).body.size() <= bytes);
    BOOST_TEST(the<SetStatus>(actions).description.size() <= 20u);
    BOOST_TEST(the<SetStatus>(actions).summary.size() <= bytes);
  }
}

Finding random_finding(Random& random) {
  Finding finding = random.below(2) ? secret() : subnet();
  finding.severity = static_cast<Severity>(random.below(4));
  finding.change = static_cast<ChangeKind>(random.below(5));
  finding.structure = static_cast<Structure>(random.below(3));
  finding.at_head = random.below(4) != 0;
  finding.location.place = random.below(4) ? Place::file : static_cast<Place>(random.below(6));
  finding.location.path = random.below(2) ? "modules/vpc/main.tf" : "roles/web/defaults/main.yml";
  finding.location.start_line = static_cast<std::uint32_t>(1 + random.below(35));
  finding.location.end_line = finding.location.start_line + static_cast<std::uint32_t>(random.below(3));
  finding.fingerprint = "aa00bb11cc22dd3" + std::to_string(random.below(8));
  return finding;
}

PlanInput random_input(Random& random) {
  std::vector<Finding> findings;
  for (std::uint64_t n = random.below(10); n > 0; --n) findings.push_back(random_finding(random));
  PlanInput input = input_of(std::move(findings));
  if (random.below(4) == 0) input.review.missing = {{"a", "b"}};
  input.change.draft = random.below(4) == 0;
  input.policy.draft = static_cast<DraftMode>(random.below(3));
  input.policy.inline_comments_max = random.below(4);
  input.capabilities.inline_comments = random.below(4) != 0;
  input.capabilities.summary = random.below(4) != 0;
  input.capabilities.summary_always = random.below(4) == 0;
  input.capabilities.annotations = random.below(2) != 0;
  return input;
}

// Over several heads: carried out, a plan leaves nothing to do; no marker is ever posted twice; the status is
// last.
BOOST_AUTO_TEST_CASE(a_plan_that_was_carried_out_plans_nothing) {
  const std::uint64_t seed = 42;
  SeededRandom random(seed);
  for (int round = 0; round < 400; ++round) {
    std::vector<Posted> posted;
    std::set<std::string> seen;
    for (int head = 0; head < 4; ++head) {
      PlanInput input = random_input(random);
      input.change.head_sha = random.hex(20);
      input.posted = posted;
      const std::vector<Action> actions = plan(input);
      std::set<std::uint32_t> refused;
      if (random.below(3) == 0) refused = {static_cast<std::uint32_t>(1 + random.below(35)), 11, 31};
      const std::vector<InlineComment> left = carry_out(actions, input.posted, refused);
      if (!left.empty() && input.capabilities.summary)
        carry_out({summary_with_refused(input, left)}, input.posted);
      posted = input.posted;
      BOOST_TEST_CONTEXT("seed " << seed << " round " << round << " head " << head) {
        BOOST_REQUIRE(!actions.empty());
        BOOST_TEST(std::holds_alternative<SetStatus>(actions.back()));
        for (const Posted& one : posted) {
          if (one.kind == PostedKind::inline_comment && !one.id.empty() &&
              one.head_sha == input.change.head_sha) {
            BOOST_TEST(seen.insert(one.marker).second);
          }
        }
        BOOST_TEST(names(plan(input)) == "");
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::policy
