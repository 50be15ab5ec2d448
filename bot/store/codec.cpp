// Each value has one writer and one reader that name its fields in the same order; a field added to the model
// is added to both. The round-trip test fills every field.
#include "codec.hpp"

#include <fmt/format.h>
#include <rapidjson/error/en.h>

#include "json_fields.hpp"

namespace fanlight::store {
namespace {

constexpr Names<LineKind, 3> line_kinds{{"context", "added", "removed"}};

// Overload sets cannot be passed as arguments.
constexpr auto parse_name = [](std::string_view text, auto& out) { return parse(text, out); };

void write(Out& out, const ChangeRef& ref) {
  out.field("host", ref.host);
  out.field("repository", ref.repository);
  out.field("number", ref.number);
  out.field("ref", ref.ref);
  out.field("installation", ref.installation);
}

void read(const In& in, ChangeRef& ref) {
  in.field("host", ref.host);
  in.field("repository", ref.repository);
  in.field("number", ref.number);
  in.field("ref", ref.ref);
  in.field("installation", ref.installation);
}

void write(Out& out, const Finding& finding) {
  const Location& at = finding.location;
  out.field("rule", finding.rule);
  out.field("kind", to_string(finding.kind));
  out.field("severity", to_string(finding.severity));
  out.field("portability", finding.axes.portability);
  out.field("disclosure", finding.axes.disclosure);
  out.field("layer", to_string(finding.layer));
  out.field("place", to_string(at.place));
  out.field("path", at.path);
  out.field("start_line", at.start_line);
  out.field("start_column", at.start_column);
  out.field("end_line", at.end_line);
  out.field("end_column", at.end_column);
  out.field("commit", finding.commit);
  out.field("at_head", finding.at_head);
  out.field("fingerprint", finding.fingerprint);
  out.field("excerpt", finding.excerpt);
  out.field("structure", to_string(finding.structure));
  out.field("change", to_string(finding.change));
  out.field("title", finding.title);
  out.field("message", finding.message);
  out.field("remedy", finding.remedy);
  out.field("suggestion", finding.suggestion);
  out.field("docs_url", finding.docs_url);
}

void read(const In& in, Finding& finding) {
  Location& at = finding.location;
  in.field("rule", finding.rule);
  in.name("kind", finding.kind, parse_name);
  in.name("severity", finding.severity, parse_name);
  in.field("portability", finding.axes.portability);
  in.field("disclosure", finding.axes.disclosure);
  in.name("layer", finding.layer, parse_name);
  in.name("place", at.place, parse_name);
  in.field("path", at.path);
  in.field("start_line", at.start_line);
  in.field("start_column", at.start_column);
  in.field("end_line", at.end_line);
  in.field("end_column", at.end_column);
  in.field("commit", finding.commit);
  in.field("at_head", finding.at_head);
  in.field("fingerprint", finding.fingerprint);
  in.field("excerpt", finding.excerpt);
  in.name("structure", finding.structure, parse_name);
  in.name("change", finding.change, parse_name);
  in.field("title", finding.title);
  in.field("message", finding.message);
  in.field("remedy", finding.remedy);
  in.field("suggestion", finding.suggestion);
  in.field("docs_url", finding.docs_url);
}

void write(Out& out, const Missing& missing) {
  out.field("what", missing.what);
  out.field("reason", missing.reason);
}

void read(const In& in, Missing& missing) {
  in.field("what", missing.what);
  in.field("reason", missing.reason);
}

void write(Out& out, const Scanned& scanned) {
  out.field("files", scanned.files);
  out.field("bytes", scanned.bytes);
  out.field("lines", scanned.lines);
  out.field("commits", scanned.commits);
  out.field("title_and_body", scanned.title_and_body);
  out.list("skipped", scanned.skipped,
           [&](const Missing& skipped) { out.object([&] { write(out, skipped); }); });
}

void read(const In& in, Scanned& scanned) {
  in.field("files", scanned.files);
  in.field("bytes", scanned.bytes);
  in.field("lines", scanned.lines);
  in.field("commits", scanned.commits);
  in.field("title_and_body", scanned.title_and_body);
  in.list("skipped", scanned.skipped, [](const In& item, Missing& skipped) { read(item, skipped); });
}

void write(Out& out, const Review& review) {
  out.field("verdict", to_string(review.verdict));
  out.list("findings", review.findings, [&](const Finding& f) { out.object([&] { write(out, f); }); });
  out.list("waived", review.waived, [&](const Waived& waived) {
    out.object([&] {
      out.object("finding", [&] { write(out, waived.finding); });
      out.field("by", waived.by);
      out.field("reason", waived.reason);
    });
  });
  out.list("missing", review.missing,
           [&](const Missing& missing) { out.object([&] { write(out, missing); }); });
  out.list("problems", review.problems, [&](const std::string& line) { out.text(line); });
  out.list("notices", review.notices, [&](const std::string& line) { out.text(line); });
  out.list("proposals", review.proposals, [&](const Proposal& proposal) {
    out.object([&] {
      out.field("id", proposal.id);
      out.field("kind", proposal.kind);
      out.field("text", proposal.text);
      out.field("why", proposal.why);
      out.field("path", proposal.path);
      out.field("line", proposal.line);
    });
  });
  out.list("steps", review.steps, [&](const ModuleStep& step) {
    out.object([&] {
      out.field("module", step.module);
      out.field("gone", step.gone);
      out.field("came", step.came);
    });
  });
  out.object("scanned", [&] { write(out, review.scanned); });
}

void read(const In& in, Review& review) {
  in.name("verdict", review.verdict, parse_name);
  in.list("findings", review.findings, [](const In& item, Finding& f) { read(item, f); });
  in.list("waived", review.waived, [](const In& item, Waived& waived) {
    item.object("finding", [&](const In& finding) { read(finding, waived.finding); });
    item.field("by", waived.by);
    item.field("reason", waived.reason);
  });
  in.list("missing", review.missing, [](const In& item, Missing& missing) { read(item, missing); });
  in.list("problems", review.problems,
          [](const In& item, std::string& line) { item.item("problems", line); });
  in.list("notices", review.notices, [](const In& item, std::string& line) { item.item("notices", line); });
  in.list("proposals", review.proposals, [](const In& item, Proposal& proposal) {
    item.field("id", proposal.id);
    item.field("kind", proposal.kind);
    item.field("text", proposal.text);
    item.field("why", proposal.why);
    item.field("path", proposal.path);
    item.field("line", proposal.line);
  });
  in.list("steps", review.steps, [](const In& item, ModuleStep& step) {
    item.field("module", step.module);
    item.field("gone", step.gone);
    item.field("came", step.came);
  });
  in.object("scanned", [&](const In& scanned) { read(scanned, review.scanned); });
}

void write(Out& out, const FindingContext& context) {
  out.field("fingerprint", context.fingerprint);
  out.list("lines", context.lines, [&](const ExcerptLine& line) {
    out.object([&] {
      out.field("kind", line_kinds.of(line.kind));
      out.field("old_line", line.old_line);
      out.field("new_line", line.new_line);
      out.field("text", line.text);
    });
  });
}

void read(const In& in, FindingContext& context) {
  in.field("fingerprint", context.fingerprint);
  in.list("lines", context.lines, [](const In& item, ExcerptLine& line) {
    item.name("kind", line.kind,
              [](std::string_view text, LineKind& out) { return line_kinds.parse(text, out); });
    item.field("old_line", line.old_line);
    item.field("new_line", line.new_line);
    item.field("text", line.text);
  });
}

void write(Out& out, const Record& record) {
  out.field("id", record.id);
  out.object("change", [&] { write(out, record.change); });
  out.field("title", record.title);
  out.field("author", record.author);
  out.field("base_sha", record.base_sha);
  out.field("head_sha", record.head_sha);
  out.field("web_url", record.web_url);
  out.field("created", record.created);
  out.field("took_ms", record.took_ms);
  out.object("review", [&] { write(out, record.review); });
  out.list("contexts", record.contexts, [&](const FindingContext& c) { out.object([&] { write(out, c); }); });
  out.list("done", record.done, [&](const ActionDone& done) {
    out.object([&] {
      out.field("what", done.what);
      out.field("detail", done.detail);
      out.field("url", done.url);
    });
  });
}

void read(const In& in, Record& record) {
  in.field("id", record.id);
  in.object("change", [&](const In& change) { read(change, record.change); });
  in.field("title", record.title);
  in.field("author", record.author);
  in.field("base_sha", record.base_sha);
  in.field("head_sha", record.head_sha);
  in.field("web_url", record.web_url);
  in.field("created", record.created);
  in.field("took_ms", record.took_ms);
  in.object("review", [&](const In& review) { read(review, record.review); });
  in.list("contexts", record.contexts, [](const In& item, FindingContext& context) { read(item, context); });
  in.list("done", record.done, [](const In& item, ActionDone& done) {
    item.field("what", done.what);
    item.field("detail", done.detail);
    item.field("url", done.url);
  });
}

// Iterative, so that depth costs no stack. The text itself stays out of the error.
Result<void> parse_object(std::string_view json, std::size_t bytes_max, rapidjson::Document& document) {
  if (json.size() > bytes_max)
    return fail(ErrorCode::too_large,
                fmt::format("{} bytes of JSON: the limit is {}", json.size(), bytes_max));
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (document.HasParseError())
    return fail(ErrorCode::bad_input, fmt::format("JSON at byte {}: {}", document.GetErrorOffset(),
                                                  rapidjson::GetParseError_En(document.GetParseError())));
  if (!document.IsObject()) return fail(ErrorCode::bad_input, "JSON: it is not an object");
  return {};
}

}  // namespace

Result<std::string> encode_record(const Record& record) {
  Out out;
  out.object([&] { write(out, record); });
  std::string json = out.take();
  if (json.size() > record_bytes_max)
    return fail(ErrorCode::too_large, fmt::format("store: record {}: {} bytes: the limit is {}", record.id,
                                                  json.size(), record_bytes_max));
  return json;
}

Result<Record> decode_record(std::string_view json) {
  rapidjson::Document document;
  if (auto parsed = parse_object(json, record_bytes_max, document); !parsed)
    return fail_in("store: read a record", parsed.error());
  Record record;
  std::string wrong;
  read(In(document, wrong), record);
  if (!wrong.empty())
    return fail(ErrorCode::bad_input,
                fmt::format("store: read a record: field \"{}\" has a value that is not known", wrong));
  return record;
}

std::string encode_headers(const std::map<std::string, std::string>& headers) {
  Out out;
  out.object([&] {
    for (const auto& [name, value] : headers) out.field(name, value);
  });
  return out.take();
}

Result<std::map<std::string, std::string>> decode_headers(std::string_view json) {
  // Each byte of a header is at most six of JSON.
  constexpr std::size_t json_bytes_max = 6 * (64u << 10);
  rapidjson::Document document;
  if (auto parsed = parse_object(json, json_bytes_max, document); !parsed)
    return fail_in("store: read delivery headers", parsed.error());
  std::map<std::string, std::string> headers;
  for (const auto& member : document.GetObject()) {
    if (!member.value.IsString())
      return fail(ErrorCode::bad_input, "store: read delivery headers: a value is not text");
    headers.emplace(std::string(member.name.GetString(), member.name.GetStringLength()),
                    std::string(member.value.GetString(), member.value.GetStringLength()));
  }
  return headers;
}

}  // namespace fanlight::store
