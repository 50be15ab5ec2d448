// Records and headers as JSON: every field comes back, strange text comes back, bad JSON is refused in a
// line.
#include "codec.hpp"

#include "compress.hpp"
#include "suite.hpp"

using namespace store_test;

namespace {

Finding full_finding(std::string rule) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.kind = FindingKind::coupling;
  finding.severity = Severity::warn;
  finding.axes = {true, true};
  finding.layer = Layer::env_data;
  finding.location = {Place::commit_message, "modules/a b.tf", 12, 17, 13, 4};
  finding.commit = "4be1d2c";
  finding.at_head = false;
  finding.fingerprint = "3f9a1c0d5b7e2a84";
  finding.excerpt =
      "subn\xe2\x80\xa6"
      "5926";
  finding.structure = Structure::invalid;
  finding.change = ChangeKind::regressed;
  finding.title = "title";
  finding.message = "message \"quoted\" \\ \n\t\x01";
  finding.remedy = "remedy";
  finding.suggestion = "";
  finding.docs_url = "https://docs.example/";
  return finding;
}

// Every field differs from its default, so that one that is not written or not read shows.
Record full_record() {
  Record record = record_of("0123456789abcdef", "head", at(12.345), 18'446'744'073'709'551'615u);
  record.title = "title";
  record.author = "author";
  record.base_sha = "base";
  record.web_url = "https://host.example/1";
  record.took_ms = 4'294'967'295u;
  Review& review = record.review;
  review.verdict = Verdict::fail;
  review.findings = {full_finding("first"), Finding{}};
  review.waived = {{full_finding("waived"), "ann", "documentation"}};
  review.missing = {{"dump.sql", "48 MB"}};
  review.problems = {"one", "two"};
  review.notices = {"three"};
  review.proposals = {{"77aa88bb99cc00dd", "domains", "corp.example", "many hosts", "a.tf", 7}};
  review.steps = {{"modules/vpc", 2, 1}};
  review.scanned = {1, 2, 3, 4, true, {{"logo.png", "binary"}}};
  record.contexts = {
      {"3f9a1c0d5b7e2a84",
       {{LineKind::context, 1, 2, "a"}, {LineKind::added, 0, 3, "b"}, {LineKind::removed, 4, 0, ""}}}};
  record.done = {{"review", "3 comments", "https://host.example/2"}, {}};
  return record;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(codec)

BOOST_AUTO_TEST_CASE(every_field_of_a_record_comes_back) {
  Record record = full_record();
  Record back = ok(decode_record(ok(encode_record(record))));
  BOOST_TEST(back.id == record.id);
  BOOST_TEST(back.change.key() == record.change.key());
  BOOST_TEST(back.change.ref == record.change.ref);
  BOOST_TEST(back.change.installation == "77");
  BOOST_TEST(back.title == "title");
  BOOST_TEST(back.author == "author");
  BOOST_TEST(back.base_sha == "base");
  BOOST_TEST(back.head_sha == "head");
  BOOST_TEST(back.web_url == record.web_url);
  BOOST_TEST((back.created == at(12.345)));
  BOOST_TEST(back.took_ms == record.took_ms);
  BOOST_TEST((back.review.verdict == Verdict::fail));
  BOOST_REQUIRE(back.review.findings.size() == 2u);
  BOOST_TEST(!back.review.findings[1].commit.has_value());
  BOOST_TEST(!back.review.findings[1].suggestion.has_value());
  BOOST_TEST(back.review.waived.at(0).by == "ann");
  BOOST_TEST(back.review.waived.at(0).reason == "documentation");
  BOOST_TEST(back.review.missing.at(0).what == "dump.sql");
  BOOST_TEST(back.review.missing.at(0).reason == "48 MB");
  BOOST_TEST(back.review.problems == record.review.problems, boost::test_tools::per_element());
  BOOST_TEST(back.review.notices == record.review.notices, boost::test_tools::per_element());
  BOOST_REQUIRE(back.review.proposals.size() == 1u);
  const Proposal& proposal = back.review.proposals[0];
  BOOST_TEST(proposal.id == "77aa88bb99cc00dd");
  BOOST_TEST(proposal.kind == "domains");
  BOOST_TEST(proposal.text == "corp.example");
  BOOST_TEST(proposal.why == "many hosts");
  BOOST_TEST(proposal.path == "a.tf");
  BOOST_TEST(proposal.line == 7u);
  BOOST_REQUIRE(back.review.steps.size() == 1u);
  BOOST_TEST(back.review.steps[0].module == "modules/vpc");
  BOOST_TEST(back.review.steps[0].gone == 2u);
  BOOST_TEST(back.review.steps[0].came == 1u);
  BOOST_TEST(back.review.scanned.files == 1u);
  BOOST_TEST(back.review.scanned.bytes == 2u);
  BOOST_TEST(back.review.scanned.lines == 3u);
  BOOST_TEST(back.review.scanned.commits == 4u);
  BOOST_TEST(back.review.scanned.title_and_body);
  BOOST_TEST(back.review.scanned.skipped.at(0).what == "logo.png");
  BOOST_TEST(back.review.scanned.skipped.at(0).reason == "binary");
  BOOST_REQUIRE(back.contexts.at(0).lines.size() == 3u);
  BOOST_TEST(back.contexts[0].fingerprint == "3f9a1c0d5b7e2a84");
  BOOST_TEST((back.contexts[0].lines[2].kind == LineKind::removed));
  BOOST_TEST(back.contexts[0].lines[0].new_line == 2u);
  BOOST_TEST(back.contexts[0].lines[2].old_line == 4u);
  BOOST_TEST(back.contexts[0].lines[1].text == "b");
  BOOST_REQUIRE(back.done.size() == 2u);
  BOOST_TEST(back.done[0].what == "review");
  BOOST_TEST(back.done[0].detail == "3 comments");
  BOOST_TEST(back.done[0].url == "https://host.example/2");
  // What is left out above would show as a difference of a second writing.
  BOOST_TEST(ok(encode_record(back)) == ok(encode_record(record)));
}

BOOST_AUTO_TEST_CASE(every_field_of_a_finding_comes_back) {
  Record record = full_record();
  for (const Finding& back : {ok(decode_record(ok(encode_record(record)))).review.findings.at(0),
                              ok(decode_record(ok(encode_record(record)))).review.waived.at(0).finding}) {
    Finding f = full_finding(back.rule);
    BOOST_TEST((back.kind == f.kind));
    BOOST_TEST((back.severity == f.severity));
    BOOST_TEST((back.axes == f.axes));
    BOOST_TEST((back.layer == f.layer));
    BOOST_TEST((back.location == f.location));
    BOOST_TEST((back.commit == f.commit));
    BOOST_TEST(back.at_head == f.at_head);
    BOOST_TEST(back.fingerprint == f.fingerprint);
    BOOST_TEST(back.excerpt == f.excerpt);
    BOOST_TEST((back.structure == f.structure));
    BOOST_TEST((back.change == f.change));
    BOOST_TEST(back.title == f.title);
    BOOST_TEST(back.message == f.message);
    BOOST_TEST(back.remedy == f.remedy);
    BOOST_TEST((back.suggestion == f.suggestion));
    BOOST_TEST(back.docs_url == f.docs_url);
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_text_come_back) {
  Record record = full_record();
  record.title = std::string("\0\xff\xc3\x28 \xed\xa0\x80", 8);
  BOOST_TEST((ok(decode_record(ok(encode_record(record)))).title == record.title));
  std::map<std::string, std::string> headers = {{"x-a", std::string("\0\xff\"", 3)}, {"", ""}};
  BOOST_TEST((ok(decode_headers(encode_headers(headers))) == headers));
  BOOST_TEST(ok(decode_headers(encode_headers({}))).empty());
}

BOOST_AUTO_TEST_CASE(what_is_read_of_other_versions_and_of_damage) {
  struct Row {
    const char* name;
    std::string json;
    std::string error;  // empty: read
  } const rows[] = {
      {"nothing but an id", R"({"id": "x"})", ""},
      {"unknown fields",
       R"({"id": "x", "new": {"deep": [1, {"a": null}]}, "review": {"verdict": "pass", "n": 1}})", ""},
      {"null is as missing", R"({"id": "x", "title": null, "review": null})", ""},
      {"empty object", "{}", ""},
      {"not JSON", "{\"id\": \"x\"", "JSON at byte 10"},
      {"trailing text", "{} {}", "JSON at byte 3"},
      {"empty", "", "JSON at byte 0"},
      {"a list", "[]", "it is not an object"},
      {"wrong type of text", R"({"id": 5})", "\"id\""},
      {"wrong type of number", R"({"took_ms": "5"})", "\"took_ms\""},
      {"negative number", R"({"took_ms": -1})", "\"took_ms\""},
      {"number too large for the field", R"({"took_ms": 4294967296})", "\"took_ms\""},
      {"fraction", R"({"created": 1.5})", "\"created\""},
      {"unknown verdict", R"({"review": {"verdict": "maybe"}})", "\"verdict\""},
      {"unknown severity", R"({"review": {"findings": [{"severity": "huge"}]}})", "\"severity\""},
      {"list in place of object", R"({"review": []})", "\"review\""},
      {"object in place of list", R"({"review": {"findings": {}}})", "\"findings\""},
      {"number in a list of texts", R"({"review": {"problems": ["a", 1]}})", "\"problems\""},
      {"number in a list of objects", R"({"done": [1]})", "\"what\""},
      {"deep nesting", std::string(500'000, '['), "JSON at byte 500000"},
      {"deep nesting in an unknown field",
       "{\"a\":" + std::string(200'000, '[') + std::string(200'000, ']') + ", \"id\": \"x\"}", ""},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      auto record = decode_record(row.json);
      if (row.error.empty())
        BOOST_TEST(ok(record).id == (row.json == "{}" ? "" : "x"));
      else
        check_error(record, ErrorCode::bad_input, row.error);
    }
  }
}

BOOST_AUTO_TEST_CASE(sizes_are_bounded) {
  check_error(decode_record(std::string(record_bytes_max + 1, ' ')), ErrorCode::too_large, "bytes of JSON");
  Record record = full_record();
  record.title.assign(record_bytes_max, 'x');
  check_error(encode_record(record), ErrorCode::too_large, "the limit is 33554432");
  check_error(decode_headers(R"({"a": 1})"), ErrorCode::bad_input, "not text");
}

BOOST_AUTO_TEST_CASE(every_cut_and_every_flipped_byte_of_a_record_is_survived) {
  std::string json = ok(encode_record(full_record()));
  for (std::size_t i = 0; i < json.size(); ++i) {
    BOOST_TEST(!decode_record(json.substr(0, i)).has_value());
    std::string flipped = json;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x15);
    (void)decode_record(flipped);
  }
}

BOOST_AUTO_TEST_CASE(frames_come_back_and_damage_is_refused) {
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += std::to_string(i * 7919 % 1009);
  std::string frame = compress(bytes);
  BOOST_TEST((ok(decompress(frame, bytes.size())) == bytes));
  BOOST_TEST(ok(decompress(compress(""), 0)) == "");
  check_error(decompress(frame, bytes.size() - 1), ErrorCode::too_large, "the limit is");
  check_error(decompress("", 100), ErrorCode::bad_input, "not one zstd frame");
  check_error(decompress(frame + "x", bytes.size()), ErrorCode::bad_input, "not one zstd frame");
  for (std::size_t i = 0; i < frame.size(); i += 7) {
    BOOST_TEST(!decompress(frame.substr(0, i), 1 << 20).has_value());
    std::string flipped = frame;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x15);
    auto back = decompress(flipped, 1 << 20);
    BOOST_TEST((!back || back->size() <= (1u << 20)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
