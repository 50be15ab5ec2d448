// What becomes a finding, where it is said to be, and what never leaves a scan.
#include "fanlight/app/scanner.hpp"

#include <boost/test/unit_test.hpp>

#include "fanlight/core/text.hpp"
#include "fanlight/coupling/syntax.hpp"
#include "support.hpp"

using namespace fanlight;
using namespace fanlight::app;
using namespace fanlight::testing;

namespace {

Snapshot change_of(const std::string& diff) {
  Snapshot out;
  out.diff = parse(diff);
  return out;
}

std::string one(const ScanOutcome& outcome, std::string_view rule) {
  const auto found = of_rule(outcome.findings, rule);
  return found.size() == 1 ? describe(found[0]) : std::to_string(found.size()) + " findings";
}

std::string filled(std::string_view text, const std::string& token) {
  std::string out(text);
  for (std::size_t at; (at = out.find("TOKEN")) != out.npos;) out.replace(at, 5, token);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scanner_tests)

BOOST_AUTO_TEST_CASE(only_what_a_change_adds_is_found) {
  struct Row {
    const char* name;
    std::vector<std::string> lines;
    std::string expected;
  };
  const Row rows[] = {
      {"an added line", {" a", "+t = \"TOKEN\"", " b"}, "file f.tf 8:6-8:46 introduced"},
      {"a line that was there", {" t = \"TOKEN\"", "+other", " b"}, "0 findings"},
      {"a line that goes away", {"-t = \"TOKEN\"", "+other", " b"}, "file f.tf 7:6-7:46 removed"},
      {"columns count code points", {"+ü = \"TOKEN\"", " b"}, "file f.tf 7:6-7:46 introduced"},
      {"with a carriage return", {"+t = \"TOKEN\"\r", " b"}, "file f.tf 7:6-7:46 introduced"},
      {"taken out and put back", {"-t = \"TOKEN\"", "+u = \"TOKEN\""}, "file f.tf 7:6-7:46 introduced"},
  };
  const std::string token = github_token(1);
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      std::vector<std::string> lines;
      for (const auto& line : row.lines) lines.push_back(filled(line, token));
      const ScanOutcome outcome = scan(change_of(modified_file("f.tf", 7, lines)));
      BOOST_TEST(one(outcome, "github-token") == row.expected);
      BOOST_TEST(all_text(outcome).find(token) == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_judged_without_its_syntax_says_so_once) {
  ScanSettings settings;
  settings.lexicon.domains = {"corp.example"};
  const std::string host = "host: db01.corp.example\n";
  const std::string padding(coupling::SyntaxTree::kTextBytesMax, '#');
  const auto large = scan_text("charts/a/values.yaml", host + host + padding + '\n', settings);
  BOOST_REQUIRE(large.findings.size() == 2u);
  BOOST_TEST(large.findings[0].message.contains("Judged by the lines around it"));
  BOOST_TEST(!large.findings[1].message.contains("Judged by the lines around it"));
  BOOST_REQUIRE(large.scanned.skipped.size() == 1u);
  BOOST_TEST(large.scanned.skipped[0].what == "syntax of charts/a/values.yaml");
  const auto small = scan_text("charts/a/values.yaml", host, settings);
  BOOST_TEST(small.findings.size() == 1u);
  BOOST_TEST(small.scanned.skipped.empty());
  // Nothing in it had to be judged.
  BOOST_TEST(scan_text("charts/a/values.yaml", padding, settings).scanned.skipped.empty());
}

BOOST_AUTO_TEST_CASE(names_in_paths_and_messages_are_told_once) {
  ScanSettings settings;
  settings.lexicon.domains = {"corp.example"};
  settings.lexicon.names = {"acme"};
  Snapshot change = change_of(added_file("modules/acme-waf/main.tf", {"# x"}) +
                              added_file("modules/acme-waf/outputs.tf", {"# x"}) +
                              modified_file("modules/acme-vpc/main.tf", 1, {"+# x"}));
  change.change.title = "Move to db01.int.corp.example";
  change.commits = {{"1111", "Copy from git.corp.example", "", "", {}}};
  const auto outcome = scan(change, settings);
  BOOST_TEST(one(outcome, "coupling-in-path-or-filename") ==
             "path modules/acme-waf/main.tf 1:9-1:17 introduced");
  BOOST_TEST(of_rule(outcome.findings, "coupling-in-commit-metadata").size() == 2u);
  settings.coupling = false;
  BOOST_TEST(scan(change, settings).findings.empty());
}

BOOST_AUTO_TEST_CASE(a_finding_says_what_it_is) {
  const std::string token = github_token(1);
  const auto outcome = scan(change_of(added_file("modules/a/main.tf", {"t = \"" + token + "\""})));
  const auto found = of_rule(outcome.findings, "github-token");
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST((found[0].kind == FindingKind::secret));
  BOOST_TEST((found[0].severity == Severity::block));
  BOOST_TEST((found[0].structure == Structure::valid));
  BOOST_TEST((found[0].layer == Layer::shared));
  BOOST_TEST(found[0].at_head);
  BOOST_TEST(found[0].fingerprint.size() == 16u);
  BOOST_TEST(found[0].excerpt == "ghp_…" + token.substr(36));
  BOOST_TEST(!found[0].remedy.empty());
  BOOST_TEST(found[0].docs_url.starts_with("https://"));
}

BOOST_AUTO_TEST_CASE(a_fingerprint_belongs_to_the_secret_and_the_key_not_to_the_place) {
  const std::string token = github_token(1);
  const auto here = scan(change_of(added_file("a.tf", {"x", "t = \"" + token + "\""})));
  const auto there = scan(change_of(added_file("b.yml", {"key: " + token})));
  const auto other = scan(change_of(added_file("a.tf", {"x", "t = \"" + github_token(2) + "\""})));
  const std::string first = of_rule(here.findings, "github-token").at(0).fingerprint;
  BOOST_TEST(of_rule(there.findings, "github-token").at(0).fingerprint == first);
  BOOST_TEST(of_rule(other.findings, "github-token").at(0).fingerprint != first);

  const Scanner keyed(detect::Engine::make(detect::builtin_rules()).value(), Secret("another key"));
  auto scratch = keyed.engine().make_scratch();
  const auto again = keyed.scan_file("b.yml", "key: " + token, {}, scratch);
  BOOST_TEST(of_rule(again.findings, "github-token").at(0).fingerprint != first);
}

BOOST_AUTO_TEST_CASE(the_words_of_a_change_are_looked_at_too) {
  const std::string token = github_token(3);
  struct Row {
    const char* name;
    void (*put)(Snapshot&, const std::string&);
    Place place;
  };
  const Row rows[] = {
      {"title", [](Snapshot& s, const std::string& t) { s.change.title = "use " + t; }, Place::title},
      {"body", [](Snapshot& s, const std::string& t) { s.change.body = "Hi.\n\n    " + t + "\n"; },
       Place::body},
      {"branch", [](Snapshot& s, const std::string& t) { s.change.head_ref = "topic/" + t; }, Place::branch},
      {"commit message", [](Snapshot& s, const std::string& t) { s.commits[0].message = "fix\n\n" + t; },
       Place::commit_message},
      {"path",
       [](Snapshot& s, const std::string& t) { s.diff = parse(added_file("keys/" + t + ".txt", {"x"})); },
       Place::path},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      Snapshot snapshot = change_of(added_file("a.txt", {"nothing"}));
      snapshot.commits.push_back({"c0ffee", "work", "ada", "ada@example.org", snapshot.diff});
      row.put(snapshot, token);
      const auto found = of_rule(scan(snapshot).findings, "github-token");
      BOOST_REQUIRE(found.size() == 1u);
      BOOST_TEST((found[0].location.place == row.place));
      if (row.place == Place::commit_message) BOOST_TEST(found[0].commit.value_or("") == "c0ffee");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_secret_that_only_history_has_names_its_commit) {
  const std::string token = github_token(4);
  Snapshot snapshot = change_of(added_file("a.txt", {"clean"}));
  snapshot.commits.push_back(
      {"1111111111", "add", "ada", "", parse(added_file("a.txt", {"t = \"" + token + "\""}))});
  snapshot.commits.push_back({"2222222222", "mend", "ada", "",
                              parse(modified_file("a.txt", 1, {"-t = \"" + token + "\"", "+clean"}))});
  const auto outcome = scan(snapshot);
  const auto found = of_rule(outcome.findings, "github-token");
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST(!found[0].at_head);
  BOOST_TEST(found[0].commit.value_or("") == "1111111111");
  BOOST_TEST((found[0].change == ChangeKind::introduced));
  BOOST_TEST(outcome.scanned.commits == 2u);
}

BOOST_AUTO_TEST_CASE(a_secret_at_the_head_is_told_once_with_its_first_commit) {
  const std::string line = "t = \"" + github_token(5) + "\"";
  Snapshot snapshot = change_of(added_file("a.txt", {line, "more"}));
  snapshot.commits.push_back({"1111111111", "add", "ada", "", parse(added_file("a.txt", {line}))});
  snapshot.commits.push_back(
      {"2222222222", "more", "ada", "", parse(modified_file("a.txt", 1, {" " + line, "+more"}))});
  const auto found = of_rule(scan(snapshot).findings, "github-token");
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST(found[0].at_head);
  BOOST_TEST(found[0].commit.value_or("") == "1111111111");
}

BOOST_AUTO_TEST_CASE(a_secret_hides_the_coupling_in_it) {
  const std::string password = "Xk9vQ2mZ7rTp4Lw8";
  const auto outcome = scan(change_of(
      added_file("modules/a/main.tf", {"url = \"postgres://app:" + password + "@10.1.2.3:5432/app\""})));
  BOOST_TEST(!outcome.findings.empty());
  for (const Finding& a : outcome.findings) {
    for (const Finding& b : outcome.findings) {
      if (a.kind != FindingKind::secret || b.kind != FindingKind::coupling) continue;
      BOOST_TEST((b.location.end_column <= a.location.start_column ||
                  b.location.start_column >= a.location.end_column));
    }
  }
  BOOST_TEST(all_text(outcome).find(password) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(half_a_key_whose_other_half_is_an_unchanged_line_is_found_with_the_whole_file) {
  const std::string id = aws_id(1), secret = aws_secret(1);
  std::string file = "[default]\nid = " + id + "\n";
  for (int i = 0; i < 9; ++i) file += "# line\n";
  file += "# a\nkey = " + secret + "\n# b\n";
  Snapshot snapshot = change_of(modified_file("credentials.ini", 12, {" # a", "+key = " + secret, " # b"}));
  const auto alone = scan(snapshot);
  BOOST_TEST(alone.wants_files.size() == 1u);
  snapshot.files["credentials.ini"] = file;
  const auto outcome = scan(snapshot);
  const auto found = of_rule(outcome.findings, "aws-secret-near-id");
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST(describe(found[0]) == "file credentials.ini 13:7-13:47 introduced");
  BOOST_TEST(all_text(outcome).find(secret) == std::string::npos);
  BOOST_TEST(all_text(outcome).find(id) == std::string::npos);
  BOOST_TEST(outcome.wants_files.empty());
}

BOOST_AUTO_TEST_CASE(the_whole_file_is_asked_for_only_where_it_may_matter) {
  struct Row {
    const char* name;
    std::string diff;
    std::size_t wanted;
  };
  const Row rows[] = {
      {"plain words", modified_file("a.tf", 1, {" x", "+name = \"plain words that say nothing\""}), 0},
      {"coupling in an old file", modified_file("modules/a/main.tf", 1, {"+cidr = \"10.42.16.0/20\""}), 1},
      {"coupling in a new file, which is whole already",
       added_file("modules/a/main.tf", {"cidr = \"10.42.16.0/20\""}), 0},
      {"a random value on an unchanged line", modified_file("a.ini", 1, {" k = " + aws_secret(2), "+x"}), 0},
      {"a path is no random value",
       modified_file("a.tf", 1, {"+source = \"../../modules/network/subnets/private\""}), 0},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) BOOST_TEST(scan(change_of(row.diff)).wants_files.size() == row.wanted);
  }
}

BOOST_AUTO_TEST_CASE(inline_allows_cover_their_line_and_the_next) {
  struct Row {
    const char* name;
    std::vector<std::string> lines;
    std::size_t marks;
    bool added;
  };
  const Row rows[] = {
      {"on the line", {"+t = \"TOKEN\" # fanlight:allow github-token made up"}, 1, true},
      {"on the line above", {"+# fanlight:allow github-token made up", "+t = \"TOKEN\""}, 1, true},
      {"above, and there before", {" # fanlight:allow github-token made up", "+t = \"TOKEN\""}, 1, false},
      {"two lines above", {"+# fanlight:allow github-token made up", "+", "+t = \"TOKEN\""}, 0, true},
      {"below", {"+t = \"TOKEN\"", "+# fanlight:allow github-token made up"}, 0, true},
      {"of another rule", {"+t = \"TOKEN\" # fanlight:allow aws-access-key-id made up"}, 0, true},
      {"outside of a comment", {"+t = \"TOKEN fanlight:allow github-token made up\""}, 0, true},
      {"of another tool", {"+t = \"TOKEN\" # gitleaks:allow"}, 1, true},
      {"of another tool, which speaks of its line alone", {"+# gitleaks:allow", "+t = \"TOKEN\""}, 0, true},
      {"of another tool, of the next line",
       {"+# pragma: allowlist nextline secret", "+t = \"TOKEN\""},
       1,
       true},
      {"and not of its own", {"+t = \"TOKEN\" # pragma: allowlist nextline secret"}, 0, true},
  };
  const std::string token = github_token(6);
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      std::vector<std::string> lines;
      for (const auto& line : row.lines) lines.push_back(filled(line, token));
      const auto outcome = scan(change_of(modified_file("a.tf", 1, lines)));
      BOOST_REQUIRE(outcome.allows.size() == row.marks);
      if (row.marks == 0) continue;
      BOOST_TEST(outcome.allows[0].added_here == row.added);
      BOOST_TEST(outcome.allows[0].fingerprint ==
                 of_rule(outcome.findings, "github-token").at(0).fingerprint);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_left_out_is_named) {
  const std::string token = github_token(7);
  ScanSettings settings;
  settings.ignore_paths = {"vendor/**"};
  const auto ignored = scan(change_of(added_file("vendor/a.txt", {token})), settings);
  BOOST_TEST(ignored.findings.empty());
  BOOST_REQUIRE(ignored.scanned.skipped.size() == 1u);
  BOOST_TEST(ignored.scanned.skipped[0].what == "vendor/a.txt");

  const auto binary =
      scan(change_of("diff --git a/logo.png b/logo.png\nnew file mode 100644\nBinary files /dev/null and "
                     "b/logo.png differ\n"));
  BOOST_REQUIRE(binary.scanned.skipped.size() == 1u);
  BOOST_TEST(binary.scanned.skipped[0].reason == "binary");

  const auto nul = scan_text("a.bin", std::string("\0\0", 2) + token);
  BOOST_TEST(nul.findings.empty());
  BOOST_REQUIRE(nul.scanned.skipped.size() == 1u);
  BOOST_TEST(nul.scanned.files == 0u);

  // One private key, name and date, then the key.
  const std::string store =
      std::string("\xFE\xED\xFE\xED\0\0\0\2\0\0\0\1\0\0\0\1\0\1a", 19) + std::string(400, '\x7a');
  const auto keys = scan_text("conf/server.jks", store);
  BOOST_REQUIRE(keys.findings.size() == 1u);
  BOOST_TEST(keys.findings[0].rule == "key-store");
  BOOST_TEST(keys.scanned.files == 1u);
  BOOST_TEST(keys.scanned.skipped.empty());
}

BOOST_AUTO_TEST_CASE(utf16_is_text) {
  const std::string token = github_token(8);
  for (const bool little : {true, false}) {
    std::string text = little ? "\xFF\xFE" : "\xFE\xFF";
    for (const char c : "token = " + token + "\r\n") {
      if (!little) text += '\0';
      text += c;
      if (little) text += '\0';
    }
    const auto outcome = scan_text("a.ps1", text);
    BOOST_TEST(of_rule(outcome.findings, "github-token").size() == 1u);
    BOOST_TEST(all_text(outcome).find(token) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(no_context_shows_a_secret) {
  const std::string first = github_token(9), second = github_token(10), password = aws_secret(3);
  struct Row {
    const char* name;
    std::vector<std::string> lines;
  };
  const Row rows[] = {
      {"two secrets on neighbouring lines", {"+a = \"" + first + "\"", "+b = \"" + second + "\""}},
      {"another one on an unchanged line", {" a = \"" + first + "\"", "+b = \"" + second + "\""}},
      {"two on one line", {"+a = \"" + first + "\" b = \"" + second + "\""}},
      {"the same twice on one line", {"+a = \"" + first + "\" b = \"" + first + "\""}},
      {"coupling beside a secret that was there", {" a = \"" + first + "\"", "+cidr = \"10.42.16.0/20\""}},
      {"a secret near an id",
       {" id = " + aws_id(4), "+key = " + password, "+aws_secret_access_key = " + password}},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto outcome = scan(change_of(modified_file("modules/a/main.tf", 1, row.lines)));
      BOOST_TEST(!outcome.contexts.empty());
      const std::string text = all_text(outcome);
      for (const std::string& secret : {first, second, password}) {
        BOOST_TEST(text.find(secret) == std::string::npos);
        BOOST_TEST(text.find(secret.substr(6, 20)) == std::string::npos);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_private_name_is_found_in_every_text_and_shown_in_none) {
  const Scanner scanner(detect::Engine::make(detect::builtin_rules()).value(), Secret("a key"));
  policy::Policy policy;
  policy.lexicon.domains = {"nwcharlie.net"};
  policy.lexicon.sealed = {coupling::seal_term("BlueHeron", Secret("a key")).value()};
  const ScanSettings settings = scanner.settings(policy);
  BOOST_TEST(settings.problems.empty());
  Snapshot snapshot = change_of(modified_file(
      "blue_heron/f.tf", 7,
      {" a", "+# BLUE-HERON: ask them", "+h = \"blueheron.nwcharlie.net\"", " blue-heron was here before"}));
  snapshot.change.title = "For BlueHeron";
  snapshot.change.body = "See blue heron.";
  snapshot.change.head_ref = "topic/blue-heron";
  snapshot.commits.push_back({});
  snapshot.commits[0].message = "blueHeron needs it";
  auto scratch = scanner.engine().make_scratch();
  const ScanOutcome outcome = scanner.scan_change(snapshot, settings, scratch);
  std::string places;
  for (const Finding& finding : of_rule(outcome.findings, "org-unit-or-project-codename")) {
    places += std::string(to_string(finding.location.place)) + ' ';
    BOOST_TEST(finding.excerpt == "████");
    BOOST_TEST((finding.severity == Severity::block));
  }
  BOOST_TEST(places == "commit-message title body branch file file ");
  BOOST_TEST(of_rule(outcome.findings, "org-domain-host").empty());
  const std::string all = to_lower(all_text(outcome));
  for (const char* name : {"blue-heron", "blue_heron", "blueheron", "blue heron"})
    BOOST_TEST(all.find(name) == std::string::npos, name);
}

BOOST_AUTO_TEST_CASE(a_list_of_sealed_names_is_no_secret) {
  for (int i = 0; i < 50; ++i) {
    const std::string entry = coupling::seal_term("BlueHeron", Secret("key " + std::to_string(i))).value();
    BOOST_TEST(scan_text(".fanlight.yml", "lexicon:\n  sealed:\n    - " + entry + "\n").findings.empty(), i);
    // The same digits as somebody's key are one.
    BOOST_TEST(!scan_text("a.yml", "hmac_secret_key: " + entry.substr(5) + "\n").findings.empty(), i);
  }
}

BOOST_AUTO_TEST_CASE(private_names_under_another_key_are_a_problem_not_an_empty_list) {
  const Scanner scanner(detect::Engine::make(detect::builtin_rules()).value(), Secret("a key"));
  policy::Policy policy;
  policy.lexicon.sealed = {coupling::seal_term("BlueHeron", Secret("b key")).value()};
  const ScanSettings settings = scanner.settings(policy);
  BOOST_REQUIRE(settings.problems.size() == 1u);
  BOOST_TEST(
      settings.problems[0].starts_with(".fanlight.yml: lexicon.sealed: entry 1 was made with another key"));
}

BOOST_AUTO_TEST_CASE(a_secret_in_a_path_is_hidden_wherever_the_path_is_named) {
  const std::string token = github_token(15);
  ScanSettings settings;
  settings.ignore_paths = {"vendor/**"};
  const std::string diff = modified_file("modules/" + token + "/main.tf", 1, {"+cidr = \"10.42.16.0/20\""}) +
                           added_file("vendor/" + token + ".txt", {"x"}) + "diff --git a/" + token +
                           ".png b/" + token + ".png\nnew file mode 100644\nBinary files /dev/null and b/" +
                           token + ".png differ\n";
  Snapshot snapshot = change_of(diff);
  snapshot.missing.push_back({"modules/" + token + "/main.tf", "too large"});
  const auto outcome = scan(snapshot, settings);
  BOOST_TEST(outcome.findings.size() >= 2u);
  BOOST_TEST(outcome.scanned.skipped.size() == 2u);
  BOOST_TEST(all_text(outcome).find(token) == std::string::npos);
  // The file is still found by its name.
  BOOST_REQUIRE(outcome.wants_files.size() == 1u);
  BOOST_TEST(outcome.wants_files[0] == "modules/" + token + "/main.tf");

  const auto file = scan_text("keys/" + token, "nothing\n");
  BOOST_REQUIRE(of_rule(file.findings, "github-token").size() == 1u);
  BOOST_TEST(all_text(file).find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_reason_of_an_allow_holds_no_secret) {
  const std::string token = github_token(16), other = github_token(17);
  const auto outcome = scan(change_of(
      added_file("a.tf", {"t = \"" + token + "\" # fanlight:allow github-token it is not " + other})));
  BOOST_TEST(outcome.allows.size() >= 1u);
  BOOST_TEST(all_text(outcome).find(other) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_of_many_lines_is_blacked_out_on_each) {
  SeededRandom random(11);
  std::vector<std::string> lines{
      "-----BEGIN RSA PRIVATE "
      "KEY-----"};
  std::string all;
  for (int i = 0; i < 25; ++i) {
    lines.push_back(aws_secret(100 + static_cast<unsigned>(i)) +
                    aws_secret(200 + static_cast<unsigned>(i)).substr(0, 24));
  }
  lines.push_back(
      "-----END RSA PRIVATE "
      "KEY-----");
  const auto outcome = scan(change_of(added_file("id_rsa", lines)));
  BOOST_TEST(!outcome.findings.empty());
  BOOST_TEST(!outcome.contexts.empty());
  const std::string text = all_text(outcome);
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) BOOST_TEST(text.find(lines[i]) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_line_is_found_and_shown_short) {
  const std::string token = github_token(12);
  std::string line = "{\"a\": \"";
  while (line.size() < 200'000) line += "lorem ipsum ";
  line += "\", \"t\": \"" + token + "\"}";
  const auto outcome = scan(change_of(added_file("a.json", {line})));
  BOOST_REQUIRE(of_rule(outcome.findings, "github-token").size() == 1u);
  BOOST_TEST(all_text(outcome).size() < 5'000u);
  BOOST_TEST(all_text(outcome).find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_as_it_is_counts_every_line) {
  const std::string token = github_token(13);
  const auto outcome = scan_text("a.env", "A=1\nTOKEN=" + token + "\n");
  BOOST_TEST(one(outcome, "github-token") == "file a.env 2:7-2:47 introduced");
  const auto allowed = scan_text("a.env", "# fanlight:allow github-token made up\nTOKEN=" + token + "\n");
  BOOST_REQUIRE(allowed.allows.size() == 1u);
  BOOST_TEST(!allowed.allows[0].added_here);
}

BOOST_AUTO_TEST_CASE(kinds_can_be_switched_off) {
  const std::string text = "t = \"" + github_token(14) + "\"\ncidr = \"10.42.16.0/20\"\n";
  ScanSettings secrets, coupling;
  secrets.coupling = false;
  coupling.secrets = false;
  for (const Finding& f : scan_text("modules/a/main.tf", text, secrets).findings)
    BOOST_TEST((f.kind == FindingKind::secret));
  const auto only = scan_text("modules/a/main.tf", text, coupling);
  BOOST_TEST(!only.findings.empty());
  for (const Finding& f : only.findings) BOOST_TEST((f.kind == FindingKind::coupling));
}

BOOST_AUTO_TEST_CASE(the_same_input_gives_the_same_output) {
  std::string diff;
  for (unsigned i = 0; i < 20; ++i) {
    diff += added_file(
        "modules/m" + std::to_string(i % 7) + "/f" + std::to_string(i) + ".tf",
        {"t = \"" + github_token(i % 5) + "\"", "cidr = \"10.42." + std::to_string(i) + ".0/24\""});
  }
  const auto first = scan(change_of(diff)), second = scan(change_of(diff));
  BOOST_REQUIRE(first.findings.size() == second.findings.size());
  BOOST_TEST(all_text(first) == all_text(second));
  for (std::size_t i = 0; i < first.findings.size(); ++i) {
    BOOST_TEST(describe(first.findings[i]) == describe(second.findings[i]));
  }
}

BOOST_AUTO_TEST_SUITE_END()
