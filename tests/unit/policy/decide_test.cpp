// What is answered to each command, word by word, and what it changes.
#include <boost/test/unit_test.hpp>
#include <functional>

#include "fanlight/policy/commands.hpp"
#include "inline_request.hpp"
#include "unit/policy/support.hpp"

namespace fanlight::policy {
namespace {

using test::at;
using test::host;
using test::secret;

CommandContext context() {
  CommandContext out;
  out.actor = "kim";
  out.may_write = true;
  out.author = "jo";
  out.now = at("2026-11-22T10:00:00Z");
  out.known_rules = {"github-token", "ami-id"};
  Record record;
  record.head_sha = test::change().head_sha;
  record.review.verdict = Verdict::fail;
  record.review.findings = {secret(), host()};
  out.latest = record;
  return out;
}

Decision answer(std::string_view comment, const CommandContext& with) {
  const std::vector<Command> commands = parse_commands(comment);
  BOOST_REQUIRE(commands.size() == 1u);
  return decide(commands[0], with);
}

constexpr const char* open_here =
    "\n\nOpen here:\n- `3f9a1c0d`: GitHub token, checksum valid in `modules/vpc/main.tf:12`\n- `01234567`: "
    "default is a "
    "host of your own domain in `roles/web/defaults/main.yml:4`";

BOOST_AUTO_TEST_SUITE(deciding)

BOOST_AUTO_TEST_CASE(answers_that_change_nothing) {
  struct Row {
    const char* name;
    std::string comment;
    std::function<void(CommandContext&)> change;
    std::string reply;
  };
  const auto none = [](CommandContext&) {};
  const std::string list = open_here;
  const Row rows[] = {
      {"unknown command", "/fanlight recehck", none,
       "**I don't know `recehck`.** Did you mean `recheck`? `/fanlight help` lists what I can do."},
      {"nothing like any", "/fanlight `@x`", none,
       "**I don't know `` `@x` ``.** `/fanlight help` lists what I can do."},
      {"open quote", "/fanlight allow 3f9a1c0d --reason \"x", none,
       "**I could not read that line: a quote is open.** The whole command is `/fanlight allow <finding> "
       "--reason \"…\" "
       "[--expires 2027-01-31]`."},
      {"status", "/fanlight status", none, "**1 to fix, 1 to look at**, at `4be1d2c`." + list},
      {"status before the first review", "/fanlight status", [](auto& c) { c.latest.reset(); },
       "**I have not looked at this change yet.** `/fanlight recheck` makes me."},
      {"allow without permission", "/fanlight allow 3f9a1c0d --reason x",
       [](auto& c) { c.may_write = false; },
       "**Only people who can write to this repository can accept a finding.**"},
      {"allow without a reason", "/fanlight allow 3f9a1c0d", none,
       "**Say why, so that the next person knows:** `/fanlight allow 3f9a1c0d --reason \"…\"`"},
      {"allow with the example's reason", "/fanlight allow 3f9a1c0d --reason \"…\"", none,
       "**Say why, so that the next person knows:** `/fanlight allow 3f9a1c0d --reason \"…\"`"},
      {"allow with an invisible reason", "/fanlight allow 3f9a1c0d --reason \" \"", none,
       "**Say why, so that the next person knows:** `/fanlight allow 3f9a1c0d --reason \"…\"`"},
      {"allow of nothing", "/fanlight allow", none,
       "**Say which finding:** `/fanlight allow <finding> --reason \"…\" [--expires 2027-01-31]`." + list},
      {"allow of seven digits", "/fanlight allow 3f9a1c0 --reason x", none,
       "**`3f9a1c0` is too short to be sure which finding you mean.** Give at least its first 8 digits, as "
       "in `/fanlight "
       "allow 3f9a1c0d`."},
      {"allow of an unknown finding", "/fanlight allow deadbeef --reason x", none,
       "**My latest review has no finding `deadbeef`.**" + list},
      {"allow of a word", "/fanlight allow this --reason x", none,
       "**My latest review has no finding `this`.**" + list},
      {"allow before the first review", "/fanlight allow 3f9a1c0d --reason x",
       [](auto& c) { c.latest.reset(); },
       "**I have not looked at this change yet.** `/fanlight recheck` makes me."},
      {"allow of two", "/fanlight allow 3f9a1c0d --reason x",
       [](auto& c) {
         Finding other = secret();
         other.fingerprint = "3f9a1c0dffffffff";
         other.location.start_line = 13;
         c.latest->review.findings.push_back(other);
       },
       "**`3f9a1c0d` fits two findings.** Give more digits:\n\n- `3f9a1c0d5b7e2a84` in "
       "`modules/vpc/main.tf:12`\n- "
       "`3f9a1c0dffffffff` in `modules/vpc/main.tf:13`"},
      {"an unknown option", "/fanlight allow 3f9a1c0d --raeson x", none,
       "**I don't know `--raeson`.** Did you mean `--reason`? The whole command is `/fanlight allow "
       "<finding> --reason "
       "\"…\" [--expires 2027-01-31]`."},
      {"a word too many", "/fanlight allow 3f9a1c0d because", none,
       "**I don't know what to do with `because`.** The whole command is `/fanlight allow <finding> --reason "
       "\"…\" "
       "[--expires 2027-01-31]`."},
      {"a reason that is too long", "/fanlight allow 3f9a1c0d --reason " + std::string(301, 'x'), none,
       "**That reason is too long to keep.** Say it in at most 300 characters."},
      {"a date that is none", "/fanlight allow 3f9a1c0d --reason x --expires tomorrow", none,
       "**I can't read the date `tomorrow`.** Write it as in `--expires 2027-01-31`."},
      {"a date in the past", "/fanlight allow 3f9a1c0d --reason x --expires 2026-11-21", none,
       "**`2026-11-21` is in the past.** Give the last day on which it should count."},
      {"the author's own request", "/fanlight allow 3f9a1c0d --reason x",
       [](auto& c) {
         c.actor = "JO";
         c.latest->review.notices = {request_notice(secret())};
       },
       "**Someone else has to accept `3f9a1c0d`.** The change itself asks for it, and you are its author."},
      {"revoke without permission", "/fanlight revoke 3f9a1c0d", [](auto& c) { c.may_write = false; },
       "**Only people who can write to this repository can take an acceptance back.**"},
      {"revoke of nothing", "/fanlight revoke", none,
       "**Say which acceptance to take back**, with at least the first 8 digits of its finding: `/fanlight "
       "revoke "
       "<finding>`."},
      {"revoke of what nobody accepted", "/fanlight revoke 3f9a1c0d", none,
       "**No command has accepted `3f9a1c0d`.**"},
      {"revoke of what the policy accepts", "/fanlight revoke 3f9a1c0d",
       [](auto& c) { c.latest->review.waived = {{secret(), "policy", "x"}}; },
       "**No command has accepted `3f9a1c0d`.** It is accepted in `.fanlight.yml`: take it out there."},
      {"revoke of what a comment accepts", "/fanlight revoke 3f9a1c0d",
       [](auto& c) { c.latest->review.waived = {{secret(), "inline", "x"}}; },
       "**No command has accepted `3f9a1c0d`.** It is accepted by a comment at `modules/vpc/main.tf:12`: "
       "take it out "
       "there."},
      {"revoke of two", "/fanlight revoke 3f9a1c0d",
       [](auto& c) { c.waivers = {{"3f9a1c0d5b7e2a84", "x", "", {}}, {"3f9a1c0dffffffff", "x", "", {}}}; },
       "**`3f9a1c0d` fits two acceptances.** Give more digits."},
      {"explain of a rule that found nothing", "/fanlight explain ami-id", none,
       "**Nothing here is a `ami-id`.**" + list},
  };
  for (const Row& row : rows) {
    CommandContext with = context();
    row.change(with);
    const Decision got = answer(row.comment, with);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(got.reply == row.reply);
      BOOST_TEST(!got.add.has_value());
      BOOST_TEST(!got.drop.has_value());
      BOOST_TEST(!got.recheck);
    }
  }
}

BOOST_AUTO_TEST_CASE(allow_accepts_for_a_reason_until_a_day) {
  const Decision got =
      answer("/fanlight allow 3F9A1C0D --reason \"a *test*, see @jo\" --expires 2027-01-31", context());
  BOOST_REQUIRE(got.add);
  BOOST_TEST(got.add->fingerprint == "3f9a1c0d5b7e2a84");
  BOOST_TEST(got.add->reason == "a *test*, see @jo");
  BOOST_TEST(got.add->owner == "@kim");
  BOOST_TEST((got.add->expires == at("2027-01-31")));
  BOOST_TEST(got.recheck);
  BOOST_TEST(
      got.reply ==
      "**Accepted `3f9a1c0d`**, GitHub token, checksum valid in `modules/vpc/main.tf:12`: a \\*test\\*, see "
      "@\u200Bjo. It counts until 2027-01-31. I am looking again; `/fanlight revoke 3f9a1c0d` takes it back. "
      "Accepting it does not make it safe: if it still works, revoke it.");
}

BOOST_AUTO_TEST_CASE(allow_forgives_what_people_forget) {
  struct Row {
    const char* name;
    const char* comment;
    const char* reason;
  };
  const Row rows[] = {
      {"no quotes", "/fanlight allow 01234567 --reason documentation address", "documentation address"},
      {"an equals sign", "/fanlight allow 01234567 --reason=\"a test\"", "a test"},
      {"options first", "/fanlight allow 01234567 --expires 2027-01-31 --reason a test", "a test"},
      {"capital options", "/fanlight allow 01234567 --Reason \"a test\"", "a test"},
      {"hidden characters are shown as such", "/fanlight allow 01234567 --reason \"a\u202Eb\"", "a\uFFFDb"},
  };
  for (const Row& row : rows) {
    const Decision got = answer(row.comment, context());
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_REQUIRE(got.add);
      BOOST_TEST(got.add->reason == row.reason);
    }
  }
}

BOOST_AUTO_TEST_CASE(who_may_accept) {
  CommandContext own = context();
  own.actor = own.author;
  BOOST_TEST(answer("/fanlight allow 3f9a1c0d --reason x", own).add.has_value());
  CommandContext requested = context();
  requested.latest->review.notices = {request_notice(secret())};
  BOOST_TEST(answer("/fanlight allow 3f9a1c0d --reason x", requested).add.has_value());
  requested.actor = requested.author;
  BOOST_TEST(!answer("/fanlight allow 3f9a1c0d --reason x", requested).add.has_value());
  // The request is for the other finding.
  BOOST_TEST(answer("/fanlight allow 01234567 --reason x", requested).add.has_value());
}

BOOST_AUTO_TEST_CASE(what_is_accepted_already_can_be_accepted_again_for_longer) {
  CommandContext with = context();
  with.latest->review.findings = {};
  with.latest->review.waived = {{secret(), "jo", "x"}};
  BOOST_TEST(answer("/fanlight allow 3f9a1c0d --reason longer", with).add.has_value());
}

BOOST_AUTO_TEST_CASE(revoke_takes_back) {
  CommandContext with = context();
  with.waivers = {{"3f9a1c0d5b7e2a84", "x", "@jo", {}}};
  const Decision got = answer("/fanlight revoke 3F9A1C0D", with);
  BOOST_REQUIRE(got.drop);
  BOOST_TEST(*got.drop == "3f9a1c0d5b7e2a84");
  BOOST_TEST(got.recheck);
  BOOST_TEST(got.reply == "**Taken back: `3f9a1c0d` counts again.** I am looking again.");
}

BOOST_AUTO_TEST_CASE(recheck_needs_no_words) {
  CommandContext anyone = context();
  anyone.may_write = false;
  const Decision got = answer("/fanlight recheck", anyone);
  BOOST_TEST(got.recheck);
  BOOST_TEST(got.reply == "");
}

BOOST_AUTO_TEST_CASE(explain_says_it_by_finding_and_by_rule) {
  for (const char* comment : {"/fanlight explain 3f9a1c0d", "/fanlight explain github-token"}) {
    const std::string reply = answer(comment, context()).reply;
    BOOST_TEST(reply.starts_with("`modules/vpc/main.tf:12`:\n\n**Revoke this GitHub token now.** "), reply);
  }
  BOOST_TEST(answer("/fanlight help", context()).reply == help_markdown());
}

CommandContext names_context() {
  CommandContext out = context();
  out.public_repository = false;
  out.lexicon.domains = {"acme.example"};
  out.terms = {{"names", "bluebird", true, "jo"}, {"sites", "iad2", false, "jo"}};
  out.latest->review.proposals = {
      {"77aa88bb99cc00dd", "domains", "corp.example", "like the repository's owner", "modules/a/main.tf", 3}};
  out.kind_of_name = [](std::string_view text) {
    if (text == "github.com") return NameKind::provider;
    return text.find('.') == text.npos ? NameKind::unknown : NameKind::domain;
  };
  return out;
}

BOOST_AUTO_TEST_CASE(names_are_confirmed_and_rejected) {
  struct Row {
    const char* name;
    const char* comment;
    const char *kind, *text;
    bool confirmed;
  };
  const Row rows[] = {
      {"a domain says what it is", "/fanlight lexicon confirm Corp.Example", "domains", "corp.example", true},
      {"by the id of a proposal", "/fanlight lexicon confirm 77AA88BB", "domains", "corp.example", true},
      {"another domain", "/fanlight lexicon reject other.example", "domains", "other.example", false},
      {"a kind is given", "/fanlight lexicon confirm heron --kind names", "names", "heron", true},
      {"in the singular", "/fanlight lexicon confirm --kind=person kim.w", "people", "kim.w", true},
      {"what was confirmed is rejected", "/fanlight lexicon reject bluebird --kind name", "names", "bluebird",
       false},
      {"what was rejected is confirmed", "/fanlight lexicon confirm iad2 --kind sites", "sites", "iad2",
       true},
  };
  for (const bool open : {false, true}) {
    for (const Row& row : rows) {
      CommandContext with = names_context();
      with.public_repository = open;
      const Decision got = answer(row.comment, with);
      BOOST_TEST_CONTEXT(row.name << (open ? " in public" : "")) {
        BOOST_REQUIRE(got.term);
        BOOST_TEST(got.term->kind == row.kind);
        BOOST_TEST(got.term->text == row.text);
        BOOST_TEST(got.term->confirmed == row.confirmed);
        BOOST_TEST(got.term->by == "kim");
        BOOST_TEST(got.recheck);
        BOOST_TEST(got.reply.starts_with("**Noted: "));
        BOOST_TEST((got.reply.find(row.text) != std::string::npos) == !open, got.reply);
      }
    }
  }
  const std::string typed = answer("/fanlight lexicon confirm corp.example",
                                   [] {
                                     CommandContext open = names_context();
                                     open.public_repository = true;
                                     return open;
                                   }())
                                .reply;
  BOOST_TEST(
      typed ==
      "**Noted: that name is your own.** From now on I look for it in every change of this repository, as if "
      "it stood in `.fanlight.yml` under `lexicon: domains:`. I am looking again; `/fanlight lexicon reject "
      "…` takes it back. Everybody can read what is typed here, so I don't repeat it. If the name itself has "
      "to stay private: delete the comment, its earlier versions too, and put what `fanlight seal` makes of "
      "the name under `lexicon: sealed:` of `.fanlight.yml`.");
}

BOOST_AUTO_TEST_CASE(answers_about_names_that_change_nothing) {
  struct Row {
    const char* name;
    std::string comment;
    std::function<void(CommandContext&)> change;
    std::string part;
  };
  const auto none = [](CommandContext&) {};
  const auto open = [](CommandContext& c) { c.public_repository = true; };
  const Row rows[] = {
      {"who may only read", "/fanlight lexicon confirm corp.example", [](auto& c) { c.may_write = false; },
       "**Only people who can write"},
      {"who may only read does not see them", "/fanlight lexicon", [](auto& c) { c.may_write = false; },
       "**Only people who can write"},
      {"the list", "/fanlight lexicon", none,
       "**1 name confirmed and one rejected in comments.**\n\nYour own:\n- names: `bluebird`\n\nNot your "
       "own:\n- "
       "sites: `iad2`\n"},
      {"the list in public names none", "/fanlight lexicon", open,
       "**1 name confirmed and one rejected in comments.** Everybody can read this, so I don't list them. "
       "The policy "
       "holds 1 name."},
      {"an empty list", "/fanlight lexicon", [](auto& c) { c.terms.clear(); }, "**Nobody has confirmed"},
      {"another verb", "/fanlight lexicon confrim x.example", none, "Did you mean `confirm`?"},
      {"another verb in public", "/fanlight lexicon heron", open,
       "**I don't know what to do with that.** The whole"},
      {"no name", "/fanlight lexicon confirm", none, "**Say which name:**"},
      {"two names", "/fanlight lexicon confirm a.example b.example", none, "what to do with `b.example`"},
      {"two names in public", "/fanlight lexicon confirm a.example b.example", open, "what to do with that"},
      {"a name of no kind", "/fanlight lexicon confirm heron", none, "**Say what kind of name that is:**"},
      {"a kind that there is not", "/fanlight lexicon confirm heron --kind bird", none,
       "**I don't know the kind `bird`.**"},
      {"a kind without its word", "/fanlight lexicon confirm heron --kind", none, "**I don't know the kind"},
      {"a provider's", "/fanlight lexicon confirm github.com", none, "**That domain is a provider's"},
      {"not fit for its kind", "/fanlight lexicon confirm \"blue heron\" --kind names", none,
       "**That cannot be one of your names:** it has to be a name of 2 to 63 letters"},
      {"of the policy", "/fanlight lexicon confirm acme.example", none,
       "`acme.example` stands in the policy"},
      {"of the policy in public", "/fanlight lexicon confirm acme.example", open,
       "**That name stands in the policy"},
      {"rejected, and of the policy", "/fanlight lexicon reject acme.example", none, "take it out there"},
      {"said before", "/fanlight lexicon confirm bluebird --kind names", none, "**That was said before**"},
      {"one too many", "/fanlight lexicon confirm corp.example",
       [](auto& c) { c.terms.resize(lexicon_terms_max, {"names", "x", true, "jo"}); },
       "**I keep at most 500 names"},
  };
  for (const Row& row : rows) {
    CommandContext with = names_context();
    row.change(with);
    const Decision got = answer(row.comment, with);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(got.reply.find(row.part) != std::string::npos, got.reply);
      BOOST_TEST(!got.term.has_value());
      BOOST_TEST(!got.recheck);
    }
    if (!with.public_repository) continue;
    for (const char* word : {"heron", "acme.example", "b.example", "bluebird", "iad2"})
      BOOST_TEST(got.reply.find(word) == std::string::npos, row.name << ": " << got.reply);
  }
}

// A reply is a comment: the bot must not read its own answers as commands, whatever was typed.
BOOST_AUTO_TEST_CASE(no_answer_holds_a_command) {
  for (const char* comment :
       {"/fanlight help", "/fanlight status", "/fanlight x", "/fanlight allow",
        "/fanlight allow \"/fanlight help\"", "/fanlight explain 3f9a1c0d", "/fanlight revoke x",
        "/fanlight allow 3f9a1c0d --reason \"x\"", "/fanlight allow 3f9a1c0d --reason \"/fanlight help\""}) {
    BOOST_TEST(parse_commands(answer(comment, context()).reply).empty(), comment);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::policy
