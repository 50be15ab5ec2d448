// How many secrets are found, and how often something else is taken for one. Six collections, all made up
// afresh from a printed seed: lines of secrets.txt; every built-in rule's examples and tokens in every
// surrounding below; what only a service's name tells, in every way to write such a name; names and values
// that no rule knows, in every form of assignment; lines of lookalikes.txt; and what people assign to
// passwords and keys in fifteen languages, credentials.txt against no_credentials.txt. The floors are the
// project's promise: recall of at least 98 %, at most 1 % of look-alikes reported, F1 of at least 0.9 where
// only name, value and place can tell.
//
// FANLIGHT_ACCURACY_SEED tries other tokens, FANLIGHT_ACCURACY_SHOW=1 prints what was judged wrongly.
#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/files.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/detect/engine.hpp"
#include "fanlight/detect/examples.hpp"
#include "support/source_dir.hpp"

namespace fanlight::detect {
namespace {

constexpr double kRecallMin = 0.98, kFamilyRecallMin = 0.95, kFalsePositivesMax = 0.01, kF1Min = 0.9;
// Some rules with patterns of their own want a certain name: `snowflake_password`, not `snowflake_key`.
constexpr double kNamingRecallMin = 0.90;
constexpr int kRounds = 12;

std::uint64_t seed() {
  const char* text = std::getenv("FANLIGHT_ACCURACY_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 20261122;
}

struct Line {
  std::string family, path, text;  // with generators, line ends written out
};

std::vector<Line> read_lines(const std::string& name) {
  const auto file = read_file(testing::source_dir() + "/tests/accuracy/" + name, 1024 * 1024);
  BOOST_REQUIRE_MESSAGE(file.has_value(), "cannot read " << name);
  std::vector<Line> out;
  std::string family, path;
  for (const std::string_view line : split_lines(*file)) {
    if (line.empty() || line.starts_with("# ")) continue;
    if (line.starts_with("== ")) {
      const auto bar = line.find(" | ");
      family = line.substr(3, bar - 3);
      path = line.substr(bar + 3);
      continue;
    }
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const bool line_end = line.substr(i).starts_with("\\n");
      text.push_back(line_end ? '\n' : line[i]);
      i += line_end;
    }
    out.push_back({family, path, text});
  }
  return out;
}

struct Count {
  int lines = 0, reported = 0;
  double share() const { return lines == 0 ? 0 : static_cast<double>(reported) / lines; }
};

// Scans with one engine and keeps the counts per family.
class Tally {
 public:
  Tally()
      : engine_(*Engine::make(builtin_rules())),
        scratch_(engine_->make_scratch()),
        show_(std::getenv("FANLIGHT_ACCURACY_SHOW") != nullptr) {}

  std::vector<Match> scan(std::string_view text, std::string_view path) {
    return engine_->scan(text, path, {.coupling = false}, scratch_);
  }
  std::span<const Rule> rules() const { return engine_->rules(); }

  // `wanted`: whether a report is right.
  void add(const std::string& family, std::string_view text, std::string_view by, bool reported,
           bool wanted) {
    Count& count = families_[family];
    ++count.lines;
    count.reported += reported;
    if (show_ && reported != wanted) {
      fmt::print("  {} [{}] {} {}\n", wanted ? "missed" : "reported", family, by, text.substr(0, 240));
    }
  }

  Count total() const {
    Count out;
    for (const auto& [family, count] : families_) {
      out.lines += count.lines;
      out.reported += count.reported;
    }
    return out;
  }
  const std::map<std::string, Count>& families() const { return families_; }

  void print(std::string_view title) const {
    fmt::print("{} (seed {})\n", title, seed());
    for (const auto& [family, count] : families_)
      fmt::print("  {:<28} {:>6} of {:>6}  {:6.2f} %\n", family, count.reported, count.lines,
                 100 * count.share());
    const Count all = total();
    fmt::print("  {:<28} {:>6} of {:>6}  {:6.2f} %\n", "all", all.reported, all.lines, 100 * all.share());
  }

 private:
  std::shared_ptr<const Engine> engine_;
  Engine::Scratch scratch_;
  bool show_;
  std::map<std::string, Count> families_;
};

void require_recall(const Tally& tally, double family_min = kFamilyRecallMin) {
  BOOST_TEST(tally.total().share() >= kRecallMin);
  for (const auto& [family, count] : tally.families())
    BOOST_TEST(count.share() >= family_min, family << ": " << count.reported << " of " << count.lines);
}

// Where a token with a form of its own may stand. @ is the token.
constexpr std::string_view kTokenSurroundings[] = {
    "@",
    "token = \"@\"",
    "token='@'",
    "TOKEN=@",
    "export TOKEN=@;",
    "token: @",
    "  token: \"@\"  # staging",
    "{\"token\":\"@\"}",
    "{\\\"token\\\":\\\"@\\\"}",
    "curl -H \"X-Token: @\" https://api.example.org/",
    "https://api.example.org/v1?token=@&x=1",
    "https://api.example.org/v1#@",
    "<token>@</token>",
    "<add key=\"t\" value=\"@\"/>",
    "// @",
    "# was @, see the wiki",
    "`@`",
    "(@)",
    "[@]",
    "@,",
    "a,@,b",
    "\t@\t",
    "run --with=@ now",
    "ENV TOKEN @",
    "--build-arg TOKEN=@ .",
    "log: got @.",
    "key=@\r\n",
    "| @ |",
    "\"line one\\nTOKEN=@\\nline three\"",
    "+TOKEN=@",
};
// Where a whole assignment may stand. @ is the assignment.
constexpr std::string_view kLineSurroundings[] = {
    "@", "  @", "# @", "// @", "@\n", "before\n@\nafter", "+@", "> @", "@\r\n", "x; @",
};

std::string put(std::string_view frame, std::string_view text) {
  const auto at = frame.find('@');
  return std::string(frame.substr(0, at)).append(text).append(frame.substr(at + 1));
}

bool reaches(const std::vector<Match>& matches, std::size_t begin, std::size_t end) {
  for (const Match& match : matches)
    if (match.span.begin < end && begin < match.span.end) return true;
  return false;
}

// A rule stands for a token with a form of its own when the token holds an anchor.
bool has_own_form(const Rule& rule, std::string_view secret) {
  for (const std::string_view anchor : rule.anchors)
    if (!rule.anchors_ignore_case && secret.find(anchor) != std::string_view::npos) return true;
  return false;
}

std::string path_for(const Rule& rule) {
  return rule.paths_only.empty() ? "notes" : "deploy/values.yaml";
}

// What only the name of its service tells, in the ways people name and assign. $n is the name, $N the name in
// capitals, $v the secret.
constexpr std::string_view kNamings[] = {
    "$N_API_KEY=$v",
    "$N_KEY=$v",
    "export $N_KEY=\"$v\"",
    "$n_token: $v",
    "\"$nApiKey\": \"$v\",",
    "$n.api.key = $v",
    "$nToken := \"$v\"",
    "var $nKey string = \"$v\"",
    "const $nKey = `$v`;",
    "const char* $N_KEY = \"$v\";",
    "#define $N_KEY @\"$v\"",
    "'$n_secret' => '$v',",
    "$N_KEY ?= $v",
    "$n_key ||= '$v'",
    "System.setProperty(\"$N_KEY\", \"$v\");",
    "<$nKey>$v</$nKey>",
    "<key>$nKey</key>\n<string>$v</string>",
    "[$n]\nkey = $v",
    "$n:\n  apiKey: $v",
    "\"$n\": {\n  \"key\": \"$v\"\n}",
    "$n = {\"key\": \"$v\"}",
    "curl -H \"X-$n-Key: $v\" https://example.org/",
    "curl https://api.$n.com/v1/x?key=$v",
    "$n(api_key=\"$v\")",
    "new $n(\"$v\")",
    "$n.init('$v')",
    "$n = \"$v\"",
    "# $n token $v",
    "// $n key: $v",
    "the $n api key is $v",
    "$n-api-key: $v",
    "my_$n_key_prod = '$v'",
    "\"{\\\"$nKey\\\": \\\"$v\\\"}\"",
    "\"a=b\\n$N_KEY=$v\\nc=d\"",
    "$n_key: >-\n  $v",
    "$n_token: |\n  $v",
    "- name: $N_TOKEN\n  value: $v",
    "variable \"$n_key\" {\n  type    = string\n  default = \"$v\"\n}",
    "provider \"$n\" {\n  token = \"$v\"\n}",
    "os.getenv(\"$N_KEY\", \"$v\")",
    "const $N_KEY: &str = \"$v\";",
    "| $n | API key | $v |",
    "$n_key = SecretStr(\"$v\")",
};

std::string write_naming(std::string_view naming, std::string_view name, std::string_view secret) {
  std::string out;
  for (std::size_t i = 0; i < naming.size(); ++i) {
    const std::string_view here = naming.substr(i, 2);
    if (here == "$v") {
      out += secret;
    } else if (here == "$n") {
      out += name;
    } else if (here == "$N") {
      for (const char c : name) out.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
    } else {
      out.push_back(naming[i]);
      continue;
    }
    ++i;
  }
  return out;
}

// The first name that a rule looks for which others could be made of; empty when it looks for none.
std::string name_of(const Rule& rule) {
  if (!rule.anchors_ignore_case || rule.service == "generic") return {};
  for (const std::string_view anchor : rule.anchors) {
    const std::string_view name = anchor.substr(0, anchor.find_last_not_of('_') + 1);
    const bool plain = std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    if (plain && name.size() >= 3) return std::string(name);
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(accuracy)

BOOST_AUTO_TEST_CASE(secrets_are_found) {
  SeededRandom random(seed());
  Tally tally;
  for (const Line& line : read_lines("secrets.txt")) {
    for (int round = 0; round < kRounds; ++round) {
      const std::string text = expand_example(line.text, random);
      tally.add(line.family, text, "", !tally.scan(text, line.path).empty(), true);
    }
  }
  tally.print("secrets found");
  require_recall(tally);
}

BOOST_AUTO_TEST_CASE(every_rule_finds_its_examples_in_every_surrounding) {
  SeededRandom random(seed() + 1);
  Tally tally;
  for (std::size_t index = 0; index < tally.rules().size(); ++index) {
    const Rule& rule = tally.rules()[index];
    if (rule.kind != FindingKind::secret) continue;
    for (const std::string_view example : rule.examples) {
      const std::string text = expand_example(example, random);
      for (const std::string_view frame : kLineSurroundings) {
        if (text.find('\n') != std::string::npos && frame != "@" && frame != "before\n@\nafter") continue;
        const std::string framed = put(frame, text);
        tally.add(std::string(rule.service), framed, rule.id, !tally.scan(framed, path_for(rule)).empty(),
                  true);
      }
      for (const Match& match : tally.scan(text, path_for(rule))) {
        if (match.rule != index || match.depth > 0 || !has_own_form(rule, match.secret)) continue;
        if (match.secret.find_first_of("\n\\/") != std::string::npos)
          continue;  // keys and addresses have frames of their own
        for (const std::string_view frame : kTokenSurroundings) {
          const std::string framed = put(frame, match.secret);
          const std::size_t begin = frame.find('@');
          tally.add(std::string(rule.service), framed, rule.id,
                    reaches(tally.scan(framed, "notes"), begin, begin + match.secret.size()), true);
        }
      }
    }
  }
  tally.print("tokens found in their surroundings");
  require_recall(tally);
}

BOOST_AUTO_TEST_CASE(what_only_a_name_tells_is_found_in_every_way_to_write_it) {
  SeededRandom random(seed() + 5);
  Tally tally;
  for (std::size_t index = 0; index < tally.rules().size(); ++index) {
    const Rule& rule = tally.rules()[index];
    const std::string name = name_of(rule);
    if (rule.kind != FindingKind::secret || name.empty() || rule.examples.empty()) continue;
    for (const Match& match : tally.scan(expand_example(rule.examples.front(), random), path_for(rule))) {
      if (match.rule != index || match.secret.find_first_of(" \n") != std::string::npos) continue;
      for (const std::string_view naming : kNamings) {
        const std::string text = write_naming(naming, name, match.secret);
        const std::size_t begin = text.find(match.secret);
        std::string family(naming);
        std::ranges::replace(family, '\n', ' ');
        tally.add(family, text, rule.id,
                  reaches(tally.scan(text, path_for(rule)), begin, begin + match.secret.size()), true);
      }
    }
  }
  tally.print("secrets known by their name found");
  require_recall(tally, kNamingRecallMin);
}

// No rule knows these names; general rules find them by what their last words say, in the ways people assign.
BOOST_AUTO_TEST_CASE(credentials_without_a_known_form_are_found) {
  constexpr std::string_view forms[] = {"{}={}",
                                        "{}=\"{}\"",
                                        "{} = '{}'",
                                        "{}: {}",
                                        "\"{}\": \"{}\",",
                                        "export {}={}",
                                        "<{0}>{1}</{0}>",
                                        "--{}={}",
                                        "{{\\\"{}\\\":\\\"{}\\\"}}",
                                        "'{}' => '{}',",
                                        "{} := \"{}\"",
                                        ".setProperty(\"{}\", \"{}\")",
                                        "- name: {}\n  value: \"{}\"",
                                        "ENV {}={}",
                                        "set {} {}",
                                        "setx {} \"{}\"",
                                        "?{}={}&a=b",
                                        "// {}: {}",
                                        "{}               = \"{}\"",
                                        "{{\"name\":\"{}\",\"value\":\"{}\"}}",
                                        "-e {}={} x",
                                        "os.environ[\"{}\"] = \"{}\"",
                                        "{}: !!str {}",
                                        "$env:{} = \"{}\"",
                                        "<{} value=\"{}\"/>",
                                        "{}=`{}`",
                                        "\"{}\" : \"{}\""};
  constexpr std::string_view key_names[] = {
      "ACME_API_KEY",    "acme_token",         "acmeApiKey",     "acme.secret",   "acme-access-token",
      "ACME_SECRET_KEY", "acme_client_secret", "x-acme-api-key", "acmeAuthToken", "ACME_WEBHOOK_SECRET"};
  constexpr std::string_view keys[] = {
      "{{hex:32}}", "{{hex:40}}",    "{{base62:24}}",      "{{base62:40}}", "{{base64url:43}}",
      "{{uuid}}",   "{{base64:44}}", "{{alnum-lower:32}}", "{{hex:64}}",    "{{base62:20}}"};
  constexpr std::string_view password_names[] = {
      "smtp_password",    "DB_PASSWORD", "smtpPassword", "DB_PASS",    "smtp.passwd",
      "smtp_pwd",         "db_pass",     "password",     "Passphrase", "MYSQL_ROOT_PASSWORD",
      "ansible_password", "PGPASSWORD"};
  constexpr std::string_view passwords[] = {"{{password}}", "{{base62:16}}", "{{password}}",
                                            "{{alnum-lower:12}}"};
  SeededRandom random(seed() + 4);
  Tally tally;
  const auto run = [&](const std::string& family, std::span<const std::string_view> names,
                       std::span<const std::string_view> values) {
    for (const std::string_view name : names) {
      for (const std::string_view form : forms) {
        for (const std::string_view value : values) {
          const std::string made_up = expand_example(value, random);
          const std::string text = fmt::format(fmt::runtime(form), name, made_up);
          tally.add(family, text, "", !tally.scan(text, "notes").empty(), true);
        }
      }
    }
  };
  run("keys", key_names, keys);
  run("passwords", password_names, passwords);
  tally.print("credentials without a known form found");
  require_recall(tally);
}

BOOST_AUTO_TEST_CASE(counterexamples_are_not_what_their_rule_says) {
  SeededRandom random(seed() + 2);
  Tally tally;
  for (std::size_t index = 0; index < tally.rules().size(); ++index) {
    const Rule& rule = tally.rules()[index];
    if (rule.kind != FindingKind::secret) continue;
    for (const std::string_view example : rule.counterexamples) {
      const std::string text = expand_example(example, random);
      for (const Match& match : tally.scan(text, path_for(rule)))
        BOOST_TEST(match.rule != index, rule.id << " reports its counterexample " << example);
    }
  }
}

BOOST_AUTO_TEST_CASE(look_alikes_are_left_alone) {
  SeededRandom random(seed() + 3);
  Tally tally;
  for (const Line& line : read_lines("lookalikes.txt")) {
    for (int round = 0; round < kRounds; ++round) {
      const std::string text = expand_example(line.text, random);
      const auto matches = tally.scan(text, line.path);
      tally.add(line.family, text, matches.empty() ? "" : tally.rules()[matches.front().rule].id,
                !matches.empty(), false);
    }
  }
  tally.print("look-alikes reported");
  BOOST_TEST(tally.total().share() <= kFalsePositivesMax);
}

// Half of the values are what people make up, so that neither a prefix nor entropy tells them.
BOOST_AUTO_TEST_CASE(credentials_are_told_from_what_only_speaks_of_them) {
  SeededRandom random(seed() + 5);
  const auto judge = [&](const std::string& file, bool wanted) {
    Tally tally;
    for (const Line& line : read_lines(file)) {
      for (int round = 0; round < kRounds; ++round) {
        const std::string text = expand_example(line.text, random);
        const auto matches = tally.scan(text, line.path);
        tally.add(line.family, text, matches.empty() ? "" : tally.rules()[matches.front().rule].id,
                  !matches.empty(), wanted);
      }
    }
    tally.print(wanted ? "credentials found" : "what is no credential reported");
    return tally.total();
  };
  const Count found = judge("credentials.txt", true), wrong = judge("no_credentials.txt", false);
  const double recall = found.share(),
               precision = static_cast<double>(found.reported) / (found.reported + wrong.reported),
               f1 = 2 * precision * recall / (precision + recall);
  fmt::print("precision {:.4f}  recall {:.4f}  F1 {:.4f}\n", precision, recall, f1);
  BOOST_TEST(f1 >= kF1Min);
  BOOST_TEST(wrong.share() <= kFalsePositivesMax);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::detect
