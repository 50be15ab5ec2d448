// The pure parts beside webhooks: anchors, markers, limits of a driver, lines, the App's JWT.
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <random>

#include "driver.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "github/anchor.hpp"
#include "github/auth.hpp"
#include "github/decode.hpp"
#include "github/encode.hpp"
#include "github/line_diff.hpp"
#include "github/marker.hpp"
#include "github/synthesize.hpp"
#include "json.hpp"

namespace fanlight::host {
namespace {

using github::anchor_problem;

// A file with hunks at 2..4 (3 added) and 10..11, renamed from old.tf.
Diff two_hunks() {
  Diff diff;
  FileDiff file;
  file.old_path = "old.tf";
  file.new_path = "new.tf";
  file.status = FileStatus::renamed;
  file.hunks.push_back({2,
                        2,
                        2,
                        3,
                        {{LineKind::context, true, 2, 2, "a"},
                         {LineKind::added, true, 0, 3, "b"},
                         {LineKind::context, true, 3, 4, "c"}}});
  file.hunks.push_back(
      {9, 2, 10, 1, {{LineKind::removed, true, 9, 0, "d"}, {LineKind::context, true, 10, 10, "e"}}});
  diff.files.push_back(file);
  return diff;
}

net::Response response(unsigned status, std::string body,
                       std::vector<std::pair<std::string, std::string>> headers = {}) {
  net::Response out;
  out.status = status;
  out.body = std::move(body);
  for (auto& [name, value] : headers) out.headers.add(name, value);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(github_codec)

BOOST_AUTO_TEST_CASE(anchors_stand_inside_one_hunk) {
  struct {
    const char* name;
    const char* path;
    Side side;
    std::uint32_t start, line;
    std::string problem;
  } rows[] = {
      {"added line", "new.tf", Side::right, 0, 3, ""},
      {"context on the right", "new.tf", Side::right, 0, 4, ""},
      {"removed on the left", "new.tf", Side::left, 0, 9, ""},
      {"removed under its old name", "old.tf", Side::left, 0, 9, ""},
      {"old name on the right", "old.tf", Side::right, 0, 3, "the file is not in the diff"},
      {"range", "new.tf", Side::right, 2, 4, ""},
      {"trap 13 start equals line", "new.tf", Side::right, 4, 4, ""},
      {"start after line", "new.tf", Side::right, 4, 3, "starts at line 4, after its end"},
      {"range over two hunks", "new.tf", Side::right, 4, 10, "lines 4 to 10 are not in one hunk"},
      {"one before the hunk", "new.tf", Side::right, 0, 1, "line 1 is in no hunk"},
      {"one after the hunk", "new.tf", Side::right, 0, 5, "line 5 is in no hunk"},
      {"line 0", "new.tf", Side::right, 0, 0, "line 0 does not exist"},
      {"unknown file", "x", Side::right, 0, 1, "the file is not in the diff"},
  };
  const Diff diff = two_hunks();
  for (const auto& row : rows) {
    InlineComment comment;
    comment.path = row.path;
    comment.side = row.side;
    comment.line = row.line;
    comment.start_line = row.start;
    BOOST_TEST(anchor_problem(diff, comment) == row.problem, row.name);
  }
}

BOOST_AUTO_TEST_CASE(bodies_are_cut_between_characters_and_keep_their_marker) {
  const std::string marker = "<!-- fanlight:summary:1 -->";
  BOOST_TEST(github::fit_body("short " + marker, 100) == "short " + marker);
  for (const std::size_t most : {200u, 201u, 202u, 203u}) {
    std::string body;
    while (body.size() < 400) body += "ä€";
    const std::string cut = github::fit_body(body + marker, most);
    BOOST_TEST(cut.size() <= most);
    BOOST_TEST(cut.size() + 3 > most);
    BOOST_TEST(is_utf8(cut));
    BOOST_TEST(github::marker_in(cut) == "summary:1");
  }
  BOOST_TEST(github::fit_body("123456", 5).size() <= 5u);
}

BOOST_AUTO_TEST_CASE(markers_are_found_with_and_without_their_signs) {
  BOOST_TEST(github::marker_in("x <!-- fanlight:inline:a --> y <!-- fanlight:reply:b -->") == "reply:b");
  BOOST_TEST(github::marker_in("x <!-- fanlight:open") == "");
  BOOST_TEST(github::marker_in("none") == "");
  BOOST_TEST(github::bare_marker("<!-- fanlight:inline:a -->") == "inline:a");
  BOOST_TEST(github::bare_marker("inline:a") == "inline:a");
  BOOST_TEST((github::kind_of("inline:a") == PostedKind::inline_comment));
  BOOST_TEST((github::kind_of("summary") == PostedKind::summary));
  BOOST_TEST((github::kind_of("reply:9") == PostedKind::reply));
}

BOOST_AUTO_TEST_CASE(answers_are_told_apart) {
  const TimePoint now{std::chrono::seconds(1'000)};
  struct {
    const char* name;
    net::Response response;
    ErrorCode code;
    std::int64_t retry_s;
  } rows[] = {
      {"401", response(401, "{}"), ErrorCode::unauthenticated, 0},
      {"permission", response(403, R"({"message": "Resource not accessible by integration"})"),
       ErrorCode::forbidden, 0},
      {"retry after", response(403, "{}", {{"Retry-After", "58"}}), ErrorCode::rate_limited, 58},
      {"no requests left",
       response(403, "{}", {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1120"}}),
       ErrorCode::rate_limited, 120},
      {"reset in the past",
       response(403, "{}", {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "12"}}),
       ErrorCode::rate_limited, 1},
      {"reset in a year",
       response(403, "{}", {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "99999999"}}),
       ErrorCode::rate_limited, 7'200},
      {"requests left", response(403, "{}", {{"X-RateLimit-Remaining", "9"}}), ErrorCode::forbidden, 0},
      {"trap 18 secondary", response(403, R"({"message": "You have exceeded a secondary rate limit"})"),
       ErrorCode::rate_limited, 60},
      {"abuse detection", response(403, R"({"message": "You have triggered an abuse detection mechanism"})"),
       ErrorCode::rate_limited, 60},
      {"429", response(429, ""), ErrorCode::rate_limited, 60},
      {"404", response(404, ""), ErrorCode::not_found, 0},
      {"trap 9 406", response(406, ""), ErrorCode::unsupported, 0},
      {"409", response(409, ""), ErrorCode::conflict, 0},
      {"422", response(422, ""), ErrorCode::bad_input, 0},
      {"502", response(502, "<html>"), ErrorCode::unavailable, 0},
  };
  for (const auto& row : rows) {
    const Error error = classify("github: get x", row.response, now);
    BOOST_TEST((error.code == row.code), row.name);
    BOOST_TEST(error.retry_after.value_or(std::chrono::milliseconds(0)).count() == row.retry_s * 1'000,
               row.name);
    BOOST_TEST(error.text.starts_with("github: get x: " + std::to_string(row.response.status)), row.name);
  }
  const Error quoted = classify("github: get x", response(422, R"({"message": "a\nb"})"), now);
  BOOST_TEST(quoted.text == "github: get x: 422 \"a b\"");
}

BOOST_AUTO_TEST_CASE(next_page_is_read_from_the_link_header) {
  BOOST_TEST(has_next_page(R"(<https://x/?page=2>; rel="next", <https://x/?page=9>; rel="last")"));
  BOOST_TEST(!has_next_page(R"(<https://x/?page=1>; rel="prev", <https://x/?page=1>; rel="first")"));
  BOOST_TEST(!has_next_page(""));
}

BOOST_AUTO_TEST_CASE(files_without_a_patch_are_told_apart) {
  using github::Completion;
  struct {
    const char* name;
    github::FileItem item;
    Completion expected;
  } rows[] = {
      {"patch", {"a", "", "s", "modified", 1, "@@ -1 +1 @@"}, Completion::whole},
      {"trap 10 changes without a patch", {"a", "", "s", "modified", 900, {}}, Completion::needs_blob},
      {"trap 10 added without a patch", {"a", "", "s", "added", 0, {}}, Completion::needs_blob},
      {"empty file",
       {"a", "", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "added", 0, {}},
       Completion::no_content},
      {"pure rename", {"b", "a", "s", "renamed", 0, {}}, Completion::no_content},
      {"rename with changes", {"b", "a", "s", "renamed", 3, {}}, Completion::needs_blob},
      {"removed", {"a", "", "s", "removed", 900, {}}, Completion::no_content},
      {"binary or mode", {"a", "", "s", "modified", 0, {}}, Completion::needs_blob},
  };
  for (const auto& row : rows) BOOST_TEST((github::completion_of(row.item) == row.expected), row.name);
}

// Walking the hunks over the old lines must give the new ones, and the other way round.
BOOST_AUTO_TEST_CASE(line_diff_turns_one_text_into_the_other) {
  const unsigned seed = 20'261'122;
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> before, after;
    const unsigned words = 1 + random() % 12;
    for (unsigned i = random() % 40; i > 0; --i) before.push_back("w" + std::to_string(random() % words));
    after = before;
    for (unsigned edits = random() % 6; edits > 0; --edits) {
      const std::size_t at = after.empty() ? 0 : random() % after.size();
      if (random() % 2 && !after.empty()) {
        after.erase(after.begin() + static_cast<std::ptrdiff_t>(at));
      } else {
        after.insert(after.begin() + static_cast<std::ptrdiff_t>(at), "w" + std::to_string(random() % words));
      }
    }
    const std::string old_text = join(before, "\n") + (before.empty() || random() % 4 ? "\n" : "");
    const std::string new_text = join(after, "\n") + (after.empty() || random() % 4 ? "\n" : "");
    std::vector<std::string> rebuilt;
    std::size_t old_at = 0;
    const auto old_lines = split_lines(old_text);
    for (const Hunk& hunk : diff_lines(old_text, new_text)) {
      for (const DiffLine& line : hunk.lines) {
        if (line.old_line) {
          while (old_at + 1 < line.old_line) rebuilt.emplace_back(old_lines[old_at++]);
          BOOST_REQUIRE(line.text == old_lines[old_at]);
          ++old_at;
        } else {
          while (rebuilt.size() + 1 < line.new_line) rebuilt.emplace_back(old_lines[old_at++]);
        }
        if (line.new_line) {
          BOOST_REQUIRE_EQUAL(line.new_line, rebuilt.size() + 1);
          rebuilt.emplace_back(line.text);
        }
      }
    }
    while (old_at < old_lines.size()) rebuilt.emplace_back(old_lines[old_at++]);
    std::vector<std::string> expected;
    for (const auto line : split_lines(new_text)) expected.emplace_back(line);
    BOOST_REQUIRE_MESSAGE(rebuilt == expected, fmt::format("round {}", round));
  }
}

BOOST_AUTO_TEST_CASE(inserted_line_is_the_only_one_that_is_added) {
  BOOST_TEST(github::unified_hunks("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nnew\nd\ne\nf\n") ==
             "@@ -1,6 +1,7 @@\n a\n b\n c\n+new\n d\n e\n f\n");
  BOOST_TEST(github::unified_hunks("a\n", "a\n") == "");
  BOOST_TEST(github::unified_hunks("", "a") == "@@ -0,0 +1,1 @@\n+a\n\\ No newline at end of file\n");
}

BOOST_AUTO_TEST_CASE(jwt_is_signed_with_the_apps_key_and_short_lived) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_RSA_gen(2048), EVP_PKEY_free);
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
  BOOST_REQUIRE(PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  auto parsed = github::AppKey::parse(Secret(std::string(data, static_cast<std::size_t>(size))));
  BOOST_REQUIRE(parsed.has_value());
  const TimePoint now{std::chrono::seconds(1'760'000'000)};
  auto jwt = parsed->sign_jwt("4711", now);
  BOOST_REQUIRE(jwt.has_value());
  const auto parts = split(jwt->reveal(), '.');
  BOOST_REQUIRE(parts.size() == 3);
  auto claims = JsonDocument::parse(*from_base64(parts[1]));
  BOOST_TEST(claims->root()["iss"].text() == "4711");
  BOOST_TEST(claims->root()["iat"].integer() == 1'759'999'940);
  BOOST_TEST(claims->root()["exp"].integer() == 1'760'000'540);
  const std::string signed_text = std::string(parts[0]) + '.' + std::string(parts[1]),
                    signature = *from_base64(parts[2]);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  BOOST_REQUIRE(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1);
  BOOST_TEST(EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                              signature.size(), reinterpret_cast<const unsigned char*>(signed_text.data()),
                              signed_text.size()) == 1);
  for (const char* bad : {"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
    BOOST_TEST(!github::AppKey::parse(Secret(bad)).has_value());
  }
}

BOOST_AUTO_TEST_CASE(nesting_at_the_limit_is_read_and_one_over_refused) {
  for (const unsigned depth : {json_depth_max - 1, json_depth_max, json_depth_max + 1}) {
    const std::string text = std::string(depth, '[') + std::string(depth, ']');
    BOOST_TEST(JsonDocument::parse(text).has_value() == (depth <= json_depth_max));
  }
  BOOST_TEST(JsonDocument::parse("\"" + std::string(100, '[') + "\"").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::host
