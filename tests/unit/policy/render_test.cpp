// The words, as they are posted. Each expected text is one situation of a review, complete.
#include "fanlight/policy/render.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "unit/policy/support.hpp"

namespace fanlight::policy {
namespace {

using test::change;
using test::host;
using test::secret;
using test::subnet;

constexpr std::size_t room = 65'000;
const std::string page = "https://bot.example/reviews/1?s=2";

Review review_of(Verdict verdict, std::vector<Finding> findings) {
  Review review;
  review.verdict = verdict;
  review.findings = std::move(findings);
  review.scanned = test::looked();
  return review;
}

std::string summary(const Review& review) {
  return summary_markdown(change(), review, page, room);
}

// What CommonMark does not read as a code span (6.1).
std::string without_code(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      out += text.substr(i, 2);
      i += 2;
    } else if (text[i] == '`') {
      const std::size_t length = text.substr(i).find_first_not_of('`');
      const std::string run(std::min(length, text.size() - i), '`');
      std::size_t close = i + run.size();
      while ((close = text.find(run, close)) != std::string_view::npos) {
        std::size_t end = close;
        while (end < text.size() && text[end] == '`') ++end;
        if (end - close == run.size()) break;
        close = end;
      }
      if (close == std::string_view::npos) out += run;
      i = close == std::string_view::npos ? i + run.size() : close + run.size();
    } else {
      out += text[i++];
    }
  }
  return out;
}

BOOST_AUTO_TEST_SUITE(words)

BOOST_AUTO_TEST_CASE(summary_when_something_is_wrong) {
  Finding gone = subnet();
  gone.change = ChangeKind::removed;
  gone.location.path = "modules/dns/main.tf";
  const Review review = review_of(Verdict::fail, {secret(), subnet(), host(), gone});
  BOOST_TEST(summary(review) == R"(**Two things to fix before merging, one to look at.**

| | where | what |
|---|---|---|
| ⛔ | `modules/vpc/main.tf:12` | GitHub token, checksum valid. **Revoke it now** |
| ⛔ | `modules/vpc/main.tf:31` | subnet of one AWS account, in a shared module |
| ⚠️ | `roles/web/defaults/main.yml:4` | default is a host of your own domain |

One old finding went away in `modules/dns/main.tf`.

<sub>Looked at 4 files, 3 commits, title and description; nothing skipped. [Details](https://bot.example/reviews/1?s=2) · `/fanlight help`</sub>)");
  BOOST_TEST(status_line(review) == "2 to fix, 1 to look at");
}

BOOST_AUTO_TEST_CASE(summary_of_places_that_are_no_line) {
  Finding history = secret();
  history.at_head = false;
  Finding title = secret();
  title.location = {Place::title, "", 1, 1, 1, 9};
  Finding message = secret();
  message.location = {Place::commit_message, "", 2, 1, 2, 9};
  Finding path = subnet();
  path.location = {Place::path, "envs/a|b.tf", 1, 1, 1, 9};
  BOOST_TEST(
      summary_markdown(change(), review_of(Verdict::fail, {history, title, message, path}), "", room) ==
      R"(**Four things to fix before merging.**

| | where | what |
|---|---|---|
| ⛔ | `modules/vpc/main.tf:12` in commit `4be1d2c` | GitHub token, checksum valid, only in the branch's history. **Revoke it now** |
| ⛔ | the title | GitHub token, checksum valid. **Revoke it now** |
| ⛔ | the message of commit `4be1d2c` | GitHub token, checksum valid. **Revoke it now** |
| ⛔ | the name of <code>envs&#47;a&#124;b&#46;tf</code> | subnet of one AWS account, in a shared module |

<sub>Looked at 4 files, 3 commits, title and description; nothing skipped. `/fanlight help`</sub>)");
}

BOOST_AUTO_TEST_CASE(summary_when_all_is_well) {
  BOOST_TEST(summary(review_of(Verdict::pass, {})) == "**Nothing to fix.** 4 files, 3 commits.");
  BOOST_TEST(status_line(review_of(Verdict::pass, {})) == "Nothing to fix");
}

BOOST_AUTO_TEST_CASE(summary_when_all_is_well_but_not_said_in_one_line) {
  Review review = review_of(Verdict::pass, {});
  review.waived = {{secret(), "jo", "a test"}};
  review.scanned.skipped = {{"logo.png", "binary"}, {"a", "binary"}, {"b", "binary"}, {"c", "binary"}};
  review.notices = {"The waiver of `ffffffff` ended."};
  BOOST_TEST(summary(review) == R"(**Nothing to fix.** 4 files, 3 commits.

- The waiver of `ffffffff` ended.

<sub>Looked at 4 files, 3 commits, title and description; skipped `logo.png` (binary), a (binary), b (binary) and 1 more; one accepted. [Details](https://bot.example/reviews/1?s=2) · `/fanlight help`</sub>)");
}

BOOST_AUTO_TEST_CASE(summary_of_a_warning) {
  const Review review = review_of(Verdict::pass, {host()});
  BOOST_TEST(summary(review).starts_with("**Nothing to fix, one thing to look at.**\n\n| | where | what |"));
  BOOST_TEST(status_line(review) == "Nothing to fix, 1 to look at");
}

BOOST_AUTO_TEST_CASE(summary_where_the_policy_fails_nothing) {
  const Review review = review_of(Verdict::pass, {secret(), host()});
  BOOST_TEST(summary(review).starts_with("**Nothing to fix, two things to look at.**"));
}

BOOST_AUTO_TEST_CASE(summary_of_a_review_that_could_not_see_everything) {
  Review review = review_of(Verdict::incomplete, {});
  review.missing = {{"dump.sql", "48 MB, over this server's limit of 25 MB"},
                    {"commit 4be1d2c0a1b2", "the host answered 502 five times"},
                    {"the diff", "too large"}};
  BOOST_TEST(
      summary(review) ==
      R"(**I could not look at everything, so I am not saying that it is clean.** `dump.sql`: 48 MB, over this server's limit of 25 MB; commit `4be1d2c`: the host answered 502 five times; the diff: too large. `/fanlight recheck` tries again.

<sub>Looked at 4 files, 3 commits, title and description. [Details](https://bot.example/reviews/1?s=2) · `/fanlight help`</sub>)");
  BOOST_TEST(status_line(review) == "Not fully checked: dump.sql and 2 more");
  review.missing.resize(1);
  BOOST_TEST(status_line(review) == "Not fully checked: dump.sql");
  review.findings = {host()};
  BOOST_TEST(status_line(review) == "Not fully checked: dump.sql; 1 to look at");
  review.verdict = Verdict::fail;
  review.findings = {secret()};
  BOOST_TEST(status_line(review) == "1 to fix");
  BOOST_TEST(summary(review).find(
                 "\n\nI could not look at everything either: `dump.sql`: 48 MB, over this server's limit "
                 "of 25 MB. `/fanlight recheck` tries again.\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(summary_of_a_policy_that_cannot_be_read) {
  Review review = review_of(Verdict::fail, {});
  review.problems = {".fanlight.yml:17: unknown key \"polcy\", did you mean \"policy\"?",
                     ".fanlight.yml:18: a `tick`"};
  BOOST_TEST(summary(review) == R"(**I could not read `.fanlight.yml`**, so this change cannot pass.

- `.fanlight.yml:17: unknown key "polcy", did you mean "policy"?`
- `` .fanlight.yml:18: a `tick` ``

I read it at the base of the change, `main`, so that is where it has to be mended. Until then I go by the rest of it and the defaults.

<sub>Looked at 4 files, 3 commits, title and description; nothing skipped. [Details](https://bot.example/reviews/1?s=2) · `/fanlight help`</sub>)");
  BOOST_TEST(status_line(review) == "The policy file has 2 errors");
  review.findings = {secret()};
  BOOST_TEST(status_line(review) == "The policy file has 2 errors; 1 to fix");
}

BOOST_AUTO_TEST_CASE(a_secret) {
  BOOST_TEST(
      finding_markdown(secret(), change(), true) ==
      R"(**Revoke this GitHub token now.** Its checksum is right, so it is real, and it stays in the branch's history when the line is deleted.
1. Revoke it: [where](https://docs.example/tokens).
2. Read the new one from your secret store: `token = var.github_token`.
3. Squash before merging: commit `4be1d2c` still has it.

Not a secret? `/fanlight allow 3f9a1c0d --reason "…"`
<sub>github-token · [why](https://docs.example/tokens)</sub>)");
}

BOOST_AUTO_TEST_CASE(a_secret_of_which_little_is_known) {
  Finding finding = secret();
  finding.commit.reset();
  finding.structure = Structure::unknown;
  finding.title = "Password in a URL";
  finding.message = "Whoever reads it can log in to `db.example`.";
  finding.remedy = "";
  finding.docs_url = "javascript:alert(1)";
  BOOST_TEST(
      finding_markdown(finding, change(), true) ==
      R"(**Revoke this password in a URL now.** Whoever reads it can log in to `db.example`. It stays in the branch's history when the line is deleted.
1. Revoke it where it was made.
2. Read the new one from your secret store.

Not a secret? `/fanlight allow 3f9a1c0d --reason "…"`
<sub>github-token</sub>)");
}

BOOST_AUTO_TEST_CASE(a_secret_that_only_history_has) {
  Finding finding = secret();
  finding.at_head = false;
  BOOST_TEST(
      finding_markdown(finding, change(), true) ==
      R"(**Revoke this GitHub token now.** Its checksum is right, so it is real, and commit `4be1d2c` still has it for everyone, although the files do not.
1. Revoke it: [where](https://docs.example/tokens).
2. Read the new one from your secret store: `token = var.github_token`.
3. Squash before merging, so that the commit goes away.

Not a secret? `/fanlight allow 3f9a1c0d --reason "…"`
<sub>github-token · [why](https://docs.example/tokens)</sub>)");
  Change closed = change();
  closed.public_repository = false;
  BOOST_TEST(finding_markdown(finding, closed, true).find("for everyone who can read the branch, although") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_are_proposed_and_in_public_only_their_places) {
  Review review = review_of(Verdict::pass, {});
  review.proposals = {
      {"77aa88bb99cc00dd", "domains", "corp.example", "like the repository's owner", "modules/a/main.tf", 3}};
  Change closed = change();
  closed.public_repository = false;
  BOOST_TEST(
      summary_markdown(closed, review, "", room)
          .find(
              "- `corp.example` looks like your own (like the repository's owner; `modules/a/main.tf:3`). "
              "`/fanlight lexicon confirm corp.example` if it is, `/fanlight lexicon reject corp.example` if "
              "not.") != std::string::npos);
  const std::string open = summary_markdown(change(), review, "", room);
  BOOST_TEST(
      open.find("- `modules/a/main.tf:3` brings a name that looks like your own. `/fanlight lexicon confirm "
                "77aa88bb` if it is, `/fanlight lexicon reject 77aa88bb` if not.") != std::string::npos,
      open);
  BOOST_TEST(open.find("corp.example") == std::string::npos);
  closed.ref.number = 0;
  BOOST_TEST(summary_markdown(closed, review, "", room)
                 .find("If it is, add it to `lexicon: domains:` in "
                       "`.fanlight.yml`.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_change_does_to_modules) {
  struct Row {
    const char* name;
    std::vector<ModuleStep> steps;
    const char* text;
  };
  const Row rows[] = {
      {"closer",
       {{"modules/dns", 2, 0}},
       "`modules/dns` is closer to release: two literals that tie it to you went away.\n"},
      {"further",
       {{"modules/vpc", 0, 1}},
       "`modules/vpc` is further from release: one literal that ties it to you came.\n"},
      {"both",
       {{"modules/vpc", 1, 3}},
       "`modules/vpc` is further from release: one literal that ties it to you went away, three came.\n"},
      {"the root",
       {{".", 1, 0}},
       "This module is closer to release: one literal that ties it to you went away.\n"},
      {"many",
       {{"a", 1, 0}, {"b", 1, 0}, {"c", 1, 0}, {"d", 1, 0}, {"e", 1, 0}, {"f", 1, 0}},
       " And 2 modules more."},
  };
  for (const Row& row : rows) {
    Review review = review_of(Verdict::fail, {subnet()});
    review.steps = row.steps;
    const std::string text = summary_markdown(change(), review, "", room);
    BOOST_TEST(text.find(row.text) != std::string::npos, row.name << ": " << text);
  }
}

// A finding that went away is told once: by its module, or by its file.
BOOST_AUTO_TEST_CASE(what_went_away_is_told_once) {
  Finding gone = subnet();
  gone.change = ChangeKind::removed;
  Review review = review_of(Verdict::pass, {gone});
  BOOST_TEST(summary_markdown(change(), review, "", room).find("One old finding went away in") !=
             std::string::npos);
  review.steps = {{"modules/vpc", 1, 0}};
  const std::string text = summary_markdown(change(), review, "", room);
  BOOST_TEST(text.find("old finding") == std::string::npos, text);
  BOOST_TEST(text.find("closer to release") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_probably_none) {
  Finding finding = secret();
  finding.structure = Structure::invalid;
  finding.severity = Severity::warn;
  finding.message = "It is not well formed, so it is probably made up, and counts one step less.";
  BOOST_TEST(
      finding_markdown(finding, change(), true) ==
      R"(**Is this GitHub token real?** It is not well formed, so it is probably made up, and counts one step less. If it ever was, [revoke it](https://docs.example/tokens): it stays in the branch's history when the line is deleted. Read the new one from your secret store: `token = var.github_token`.

Not a secret? `/fanlight allow 3f9a1c0d --reason "…"`
<sub>github-token · [why](https://docs.example/tokens)</sub>)");
}

BOOST_AUTO_TEST_CASE(why_deleting_does_not_help_depends_on_the_place) {
  struct Row {
    Place place;
    const char* sentence;
  };
  const Row rows[] = {
      {Place::path, "it stays in the branch's history when the file is renamed."},
      {Place::title, "earlier versions of the title can still be read after an edit."},
      {Place::body, "earlier versions of the description can still be read after an edit."},
      {Place::branch, "everyone who has fetched the branch has its name."},
      {Place::commit_message, "commit `4be1d2c` carries it in its message."},
  };
  for (const Row& row : rows) {
    Finding finding = secret();
    finding.location.place = row.place;
    const std::string text = finding_markdown(finding, change(), true);
    BOOST_TEST(text.find(std::string("so it is real, and ") + row.sentence) != std::string::npos, text);
  }
}

BOOST_AUTO_TEST_CASE(coupling_with_a_suggestion) {
  BOOST_TEST(
      finding_markdown(subnet(), change(), true) ==
      R"(**This subnet exists in one AWS account.** In `modules/`, whoever reuses the module has to edit it first.
```suggestion
  subnet_id = var.subnet_id
```
Declare it in `modules/vpc/variables.tf`, `variable "subnet_id" { type = string }`, and give it in `environments/prod/terraform.tfvars`.

Meant to stay? `/fanlight allow aa00bb11 --reason "…"`
<sub>aws-resource-id · portability, disclosure · [why](https://docs.example/why)</sub>)");
}

BOOST_AUTO_TEST_CASE(coupling_where_a_host_takes_no_suggestions) {
  BOOST_TEST(finding_markdown(host(), change(), false) == R"(**The default is a host of your own domain.**

Leave the default out.

Meant to stay? `/fanlight allow 01234567 --reason "…"`
<sub>org-domain-host · portability</sub>)");
  BOOST_TEST(finding_markdown(subnet(), change(), false).find("suggestion") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_fix_that_does_not_fix) {
  Finding finding = host();
  finding.message =
      "This is not interpolated. Puppet keeps `'$db_range'` in single quotes as it is, so the firewall rule "
      "gets the "
      "text, not the address.";
  finding.remedy = "Use double quotes, or no quotes.";
  BOOST_TEST(finding_markdown(finding, change(), true)
                 .starts_with("**This is not interpolated.** Puppet keeps `'$db_range'` in single quotes as "
                              "it is, so the firewall rule gets the "
                              "text, not the address.\n\nUse double quotes, or no quotes.\n"));
}

BOOST_AUTO_TEST_CASE(a_suggestion_cannot_leave_its_fence) {
  Finding finding = subnet();
  finding.suggestion = "```\n@octocat /fanlight allow aa00bb11 --reason x\n```suggestion\n";
  const std::string text = finding_markdown(finding, change(), true);
  BOOST_TEST(text.find("\n````suggestion\n```\n@octocat") != std::string::npos);
  BOOST_TEST(text.find("```suggestion\n````\n") != std::string::npos);
  finding.suggestion = std::string(20'000, 'x');
  BOOST_TEST(finding_markdown(finding, change(), true).size() < 2'000u);
  finding = subnet();
  finding.at_head = false;
  BOOST_TEST(finding_markdown(finding, change(), true).find("suggestion") == std::string::npos);
}

// Everything that a repository can choose, at its worst.
BOOST_AUTO_TEST_CASE(hostile_names_do_not_speak) {
  const std::string evil =
      "x`|\n\n# @octocat <img src=x> [y](https://evil.example) \u202E <!-- fanlight:summary --> "
      "```\n/fanlight allow "
      "aa00bb11 --reason x\n";
  Finding finding = subnet();
  finding.location.path = finding.title = finding.message = finding.remedy = finding.rule = evil;
  finding.commit = evil;
  finding.suggestion.reset();
  Review review = review_of(Verdict::fail, {finding});
  review.missing = {{evil, evil}};
  review.problems = {evil};
  review.scanned.skipped = {{evil, evil}};
  Change hostile = change();
  hostile.base_ref = evil;
  Finding old = finding;
  old.at_head = false;
  review.findings.push_back(old);
  for (const std::string& text :
       {summary_markdown(hostile, review, "https://x.example/)[", room),
        finding_markdown(finding, hostile, true), finding_markdown(old, hostile, true)}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(find_marker(text) == "");
      BOOST_TEST(text.find("\u202E") == std::string::npos);
      BOOST_TEST(text.find("\n/fanlight") == std::string::npos);
      BOOST_TEST(text.find("\n#") == std::string::npos);
      const std::string rest = without_code(text);
      for (const char* alive : {"](https://evil", "@octocat", "<img", "```"}) {
        BOOST_TEST(rest.find(alive) == std::string::npos, alive << " in " << rest);
      }
    }
  }
  BOOST_TEST(status_line(review).find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_review_says_how_much_is_left) {
  std::vector<Finding> many;
  for (unsigned i = 0; i < 60; ++i) {
    many.push_back(subnet());
    many.back().location.start_line = i + 1;
  }
  const std::string text = summary(review_of(Verdict::fail, many));
  BOOST_TEST(text.find("**60 things to fix before merging.**") != std::string::npos);
  BOOST_TEST(text.find("main.tf:50`") != std::string::npos);
  BOOST_TEST(text.find("main.tf:51`") == std::string::npos);
  BOOST_TEST(text.find("\nand 10 more on [the page](https://bot.example/reviews/1?s=2).\n") !=
             std::string::npos);
  BOOST_TEST(summary_markdown(change(), review_of(Verdict::fail, many), "", room).find("\nand 10 more.\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_summary_keeps_to_its_bytes) {
  std::vector<Finding> many;
  for (unsigned i = 0; i < 60; ++i) {
    many.push_back(subnet());
    many.back().location.path = std::string(300, 'p') + std::to_string(i);
    many.back().title = std::string(300, 't');
  }
  Review review = review_of(Verdict::fail, many);
  for (unsigned i = 0; i < 100; ++i) {
    review.missing.push_back({std::string(300, 'm'), std::string(300, 'r')});
    review.notices.push_back(std::string(100, 'n'));
    review.problems.push_back(std::string(300, 'e'));
  }
  for (const std::size_t bytes : {100u, 500u, 5'000u, 12'000u, 20'000u, 65'000u}) {
    BOOST_TEST(summary_markdown(change(), review, page, bytes).size() <= bytes);
  }
  BOOST_TEST(summary_markdown(change(), review, page, 100) == "The policy file has 100 errors; 60 to fix");
  review.problems = {};
  review.missing = {{std::string(300, 'm'), "r"}};
  review.verdict = Verdict::incomplete;
  BOOST_TEST(status_line(review).size() <= 140u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::policy
