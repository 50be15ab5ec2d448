// Formats for machines: what each must hold, and that hostile text stays text. tests/formats validates what
// the program prints against the published schemas.
#include <rapidjson/document.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "fanlight/detect/rule.hpp"
#include "fanlight/policy/render.hpp"
#include "format.hpp"
#include "unit/policy/support.hpp"

namespace fanlight::cli {

namespace {

using policy::test::secret;
using policy::test::subnet;

constexpr std::string_view hostile = "=cmd|'/c calc'!A1 \"x\", <b>&\x01\xff ]]>\n::error::x";

Review mixed() {
  Review review;
  review.verdict = Verdict::fail;
  review.findings = {secret(), subnet()};
  Finding removed = secret();
  removed.change = ChangeKind::removed;
  removed.fingerprint = "00000000000000aa";
  Finding title = secret();
  title.location = {Place::title, "", 1, 1, 1, 5};
  title.fingerprint = "00000000000000bb";
  title.commit.reset();
  Finding nasty = secret();
  nasty.location.path = hostile;
  nasty.title = hostile;
  nasty.excerpt = hostile;
  nasty.severity = Severity::note;
  nasty.fingerprint = "00000000000000cc";
  review.findings.insert(review.findings.end(), {removed, title, nasty});
  Finding accepted = secret();
  accepted.fingerprint = "00000000000000dd";
  review.waived = {{accepted, "policy", "made up"}, {accepted, "inline", std::string(hostile)}};
  review.missing = {{"dump.sql", "48 MB, over the limit"}};
  review.problems = {".fanlight.yml:3: unknown key \"polcy\""};
  review.notices = {"The waiver of `1234` fits nothing any more and can go."};
  review.scanned = policy::test::looked();
  return review;
}

std::string print(std::string_view name, const Review& review) {
  TimePoint now{};
  parse_iso8601("2026-11-22T10:35:00Z", now);
  const Change change = policy::test::change();
  const auto rules = detect::builtin_rules().rules;
  const Report report{review, change, rules, std::chrono::milliseconds(1500), false, now};
  for (const FormatSpec& spec : formats()) {
    if (spec.name == name) return spec.write(report);
  }
  BOOST_FAIL("no format " << name);
  return {};
}

rapidjson::Document parse(const std::string& text) {
  rapidjson::Document out;
  out.Parse<rapidjson::kParseValidateEncodingFlag>(text.c_str());
  BOOST_TEST_REQUIRE(!out.HasParseError());
  return out;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++n;
  return n;
}

// RFC 4180, strictly: a bare quote or a bare line end is no CSV.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string& cell = rows.back().back();
    if (cell.empty() && text[i] == '"') {
      for (++i; i < text.size(); ++i) {
        if (text[i] == '"' && (i + 1 == text.size() || text[i + 1] != '"')) break;
        if (text[i] == '"') ++i;
        cell += text[i];
      }
    } else if (text[i] == ',') {
      rows.back().emplace_back();
    } else if (text.compare(i, 2, "\r\n") == 0) {
      rows.emplace_back(1);
      ++i;
    } else {
      BOOST_TEST((text[i] != '"' && text[i] != '\n' && text[i] != '\r'));
      cell += text[i];
    }
  }
  BOOST_TEST(rows.back().front().empty());
  rows.pop_back();
  return rows;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_format_prints_an_empty_and_a_full_review) {
  Review empty;
  empty.verdict = Verdict::pass;
  std::set<std::string_view> names;
  for (const FormatSpec& spec : formats()) {
    BOOST_TEST_CONTEXT(spec.name) {
      BOOST_TEST(names.insert(spec.name).second);
      BOOST_TEST(!spec.about.empty());
      BOOST_TEST(!print(spec.name, empty).empty());
      const std::string full = print(spec.name, mixed());
      BOOST_TEST(full.find("dump.sql") != std::string::npos);  // what was not looked at is said
      BOOST_TEST(full.find('\x01') == std::string::npos);
      BOOST_TEST(full.find('\xff') == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(sarif_has_rules_fingerprints_and_suppressions) {
  const auto document = parse(print("sarif", mixed()));
  const auto& run = document["runs"][0];
  const auto& results = run["results"];
  BOOST_TEST(results.Size() == 6U);  // what was removed is none
  for (const auto& result : results.GetArray()) {
    const auto& rule = run["tool"]["driver"]["rules"][result["ruleIndex"].GetUint()];
    BOOST_TEST(rule["id"].GetString() == result["ruleId"].GetString());
    BOOST_TEST(result["partialFingerprints"]["fanlight/v1"].GetStringLength() == 16U);
    BOOST_TEST(result["locations"].Size() == 1U);
  }
  BOOST_TEST(results[0]["level"].GetString() == "error");
  BOOST_TEST(!results[0].HasMember("suppressions"));
  BOOST_TEST(results[4]["suppressions"][0]["kind"].GetString() == "external");
  BOOST_TEST(results[5]["suppressions"][0]["kind"].GetString() == "inSource");
  BOOST_TEST(!run["invocations"][0]["executionSuccessful"].GetBool());
}

BOOST_AUTO_TEST_CASE(sarif_explains_a_built_in_rule) {
  Review review = mixed();
  for (Finding& finding : review.findings) finding.rule = detect::builtin_rules().rules.front().id;
  const auto document = parse(print("sarif", review));
  bool explained = false;
  for (const auto& rule : document["runs"][0]["tool"]["driver"]["rules"].GetArray()) {
    if (rule["id"].GetString() != review.findings.front().rule) continue;
    explained = true;
    BOOST_TEST(rule["help"]["text"].GetStringLength() > 10U);
    BOOST_TEST(rule["shortDescription"]["text"].GetStringLength() > 3U);
    BOOST_TEST(rule["defaultConfiguration"].HasMember("level"));
  }
  BOOST_TEST(explained);
}

BOOST_AUTO_TEST_CASE(junit_counts_what_it_holds) {
  const std::string xml = print("junit", mixed());
  BOOST_TEST(
      xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"fanlight\" tests=\"8\" "
                      "failures=\"3\" errors=\"2\" time=\"1.500\">"));
  BOOST_TEST(count(xml, "<testcase ") == 8U);
  BOOST_TEST(count(xml, "<failure ") == 3U);
  BOOST_TEST(count(xml, "<error ") == 2U);
  BOOST_TEST(count(xml, "<skipped ") == 2U);
  BOOST_TEST(count(xml, "<b>") == 0U);
  Review empty;
  BOOST_TEST(count(print("junit", empty), "<testcase ") == 1U);
}

BOOST_AUTO_TEST_CASE(gitlab_holds_secrets_and_counts_the_rest) {
  Review review = mixed();
  Finding again = secret();
  again.location.start_line = again.location.end_line = 40;
  review.findings.push_back(again);
  const auto document = parse(print("gitlab", review));
  std::set<std::string> ids;
  for (const auto& one : document["vulnerabilities"].GetArray()) {
    const std::string id = one["id"].GetString();
    BOOST_TEST(id.size() == 36U);
    BOOST_TEST(ids.insert(id).second);  // the same secret twice is two entries
    BOOST_TEST(one["identifiers"].Size() == 1U);
    BOOST_TEST(one["location"]["commit"].HasMember("sha"));
  }
  BOOST_TEST(ids.size() == 4U);
  const auto& scan = document["scan"];
  BOOST_TEST(scan["type"].GetString() == "secret_detection");
  BOOST_TEST(scan["status"].GetString() == "failure");
  BOOST_TEST(scan["start_time"].GetString() == "2026-11-22T10:34:58");
  BOOST_TEST(scan["end_time"].GetString() == "2026-11-22T10:35:00");
  BOOST_TEST(scan["messages"].Size() == 3U);
}

BOOST_AUTO_TEST_CASE(gitlab_ids_do_not_know_lines) {
  Review review;
  review.findings = {secret()};
  const std::string before = parse(print("gitlab", review))["vulnerabilities"][0]["id"].GetString();
  review.findings[0].location.start_line = 99;
  BOOST_TEST(parse(print("gitlab", review))["vulnerabilities"][0]["id"].GetString() == before);
  review.findings[0].location.path = "other.tf";
  BOOST_TEST(parse(print("gitlab", review))["vulnerabilities"][0]["id"].GetString() != before);
}

BOOST_AUTO_TEST_CASE(code_quality_has_what_gitlab_asks_for) {
  const auto document = parse(print("gitlab-codequality", mixed()));
  const std::set<std::string> severities{"info", "minor", "major", "critical", "blocker"};
  std::set<std::string> fingerprints;
  for (const auto& issue : document.GetArray()) {
    BOOST_TEST(fingerprints.insert(issue["fingerprint"].GetString()).second);
    BOOST_TEST(severities.contains(issue["severity"].GetString()));
    BOOST_TEST(issue["location"]["path"].GetStringLength() > 0U);
    BOOST_TEST(issue["location"]["lines"]["begin"].GetInt() >= 1);
  }
  BOOST_TEST(fingerprints.size() == 6U);
}

BOOST_AUTO_TEST_CASE(csv_is_a_table_without_formulas) {
  const auto rows = read_csv(print("csv", mixed()));
  BOOST_TEST(rows.size() == 10U);
  for (const auto& row : rows) {
    BOOST_TEST(row.size() == rows.front().size());
    for (const std::string& cell : row)
      BOOST_TEST((cell.empty() || std::string_view("=+-@\t\r").find(cell.front()) == std::string_view::npos));
  }
  BOOST_TEST(rows[5][5].starts_with("'=cmd|"));
  BOOST_TEST(rows[6].back() == "made up");
}

BOOST_AUTO_TEST_CASE(github_commands_cannot_be_forged) {
  const std::string text = print("github", mixed());
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; ++at) ++lines;
  BOOST_TEST(count(text, "\n::error::x") == 0U);
  BOOST_TEST(lines == 6U);  // four findings, what is missing, and how it went
}

BOOST_AUTO_TEST_CASE(a_history_is_asked_whether_it_may_be_public) {
  const Change change;
  const auto answer = [&](const Review& review) {
    return format_publication({review, change, {}, {}, false, {}, true});
  };
  Review review;
  review.verdict = Verdict::pass;
  review.scanned.files = 3;
  review.scanned.commits = 2;
  BOOST_TEST(answer(review).contains("**Yes.**"));
  BOOST_TEST(!answer(review).contains("\n## "));
  review.missing = {{"a.bin", "too large"}};
  BOOST_TEST(answer(review).contains("**Not known:**"));
  BOOST_TEST(answer(review).contains("## Not looked at"));
  Finding gone = secret(), value = secret(), words = secret();
  gone.at_head = value.at_head = false;
  value.severity = Severity::note;
  value.kind = FindingKind::coupling;
  words.location.place = Place::commit_message;
  words.severity = Severity::warn;
  review.findings = {secret(), gone, value, words};
  const std::string text = answer(review);
  BOOST_TEST(text.contains("**No.** 2 things stand in the way: 1 at the head, 1 in the history alone."));
  for (const std::string_view heading :
       {"\n## At the head\n", "\n## Secrets and private names in the history\n",
        "\n## In words about the code\n", "\n## Private values in the history\n"})
    BOOST_TEST(count(text, heading) == 1u, heading);
  BOOST_TEST(count(text, "\n| ") == 4u + 4u);
  // A path cannot end its cell, and code in a sentence stays code.
  gone.location.path = "a|b.tf";
  gone.remedy = "Write `var.a|b`.";
  gone.commit = "0123456789abcdef";
  review.findings = {gone};
  BOOST_TEST(answer(review).contains("| <code>a&#124;b&#46;tf&#58;"));
  BOOST_TEST(answer(review).contains(", since `0123456789` | Write `var.a\\|b`"));
}

}  // namespace fanlight::cli
