#include "github/encode.hpp"

#include "fanlight/core/text.hpp"
#include "github/marker.hpp"
#include "github/webhook.hpp"
#include "json.hpp"

namespace fanlight::host::github {
namespace {

constexpr std::size_t annotation_message_bytes_max = 64 * 1024 - 1;
constexpr std::size_t title_bytes_max = 255;

// At most `count` code points, with "…" as the last when something was cut.
std::string at_most(std::string_view text, std::size_t count) {
  if (count_code_points(text) <= count) return std::string(text);
  std::size_t end = 0;
  for (std::size_t started = 0; end < text.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (starts && ++started == count) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string_view level_word(AnnotationLevel level) {
  switch (level) {
    case AnnotationLevel::notice:
      return "notice";
    case AnnotationLevel::warning:
      return "warning";
    case AnnotationLevel::failure:
      return "failure";
  }
  return "warning";
}

std::string_view side_word(Side side) {
  return side == Side::right ? "RIGHT" : "LEFT";
}

void write_annotation(JsonWriter& json, const Annotation& annotation) {
  const auto start = std::max<std::uint32_t>(annotation.start_line, 1);
  json.open_object()
      .member("path", annotation.path)
      .member("start_line", start)
      .member("end_line", std::max(start, annotation.end_line))
      .member("annotation_level", level_word(annotation.level))
      .member("message", annotation.message.empty()
                             ? annotation.title
                             : std::string(truncate_utf8(annotation.message, annotation_message_bytes_max)));
  if (!annotation.title.empty()) json.member("title", truncate_utf8(annotation.title, title_bytes_max));
  json.close_object();
}

}  // namespace

std::string_view conclusion_of(CheckState state) {
  switch (state) {
    case CheckState::success:
      return "success";
    case CheckState::failure:
      return "failure";
    case CheckState::neutral:
      return "neutral";
    case CheckState::pending:
      break;
  }
  return {};
}

std::string encode_body(std::string_view body) {
  JsonWriter json;
  json.open_object().member("body", fit_body(body, body_bytes_max)).close_object();
  return json.take();
}

std::string encode_review(std::string_view head_sha, std::string_view body,
                          std::span<const InlineComment> comments) {
  JsonWriter json;
  json.open_object().member("commit_id", head_sha).member("event", "COMMENT");
  json.member("body", fit_body(body, body_bytes_max));
  json.key("comments").open_array();
  for (const InlineComment& comment : comments) {
    json.open_object().member("path", comment.path).member("line", comment.line);
    json.member("side", side_word(comment.side));
    // Equal ends are refused: "start line must precede the end line".
    if (comment.start_line && comment.start_line < comment.line) {
      json.member("start_line", comment.start_line).member("start_side", side_word(comment.side));
    }
    json.member("body", fit_body(comment.body, body_bytes_max)).close_object();
  }
  json.close_array().close_object();
  return json.take();
}

std::string encode_commit_status(const SetStatus& status, std::string_view context) {
  // A status has no word for "neutral": what was not looked at stays pending, which is not green and blames
  // nobody.
  std::string_view state = "pending";
  if (status.state == CheckState::success) state = "success";
  if (status.state == CheckState::failure) state = "failure";
  JsonWriter json;
  json.open_object().member("state", state).member("context", context);
  json.member("description", at_most(status.description, description_max));
  if (!status.details_url.empty()) json.member("target_url", status.details_url);
  json.close_object();
  return json.take();
}

std::string encode_reaction(std::string_view content) {
  JsonWriter json;
  json.open_object().member("content", content).close_object();
  return json.take();
}

std::string encode_check_run(const CheckRunPart& part) {
  const SetStatus& status = part.status;
  const bool done = part.complete && status.state != CheckState::pending;
  JsonWriter json;
  json.open_object().member("name", part.name);
  if (part.create) json.member("head_sha", status.head_sha);
  json.member("external_id", part.external_id);
  json.member("status", done ? "completed" : "in_progress");
  if (done) json.member("conclusion", conclusion_of(status.state));
  if (!status.details_url.empty()) json.member("details_url", status.details_url);
  json.key("output").open_object();
  json.member("title",
              truncate_utf8(status.description.empty() ? part.name : status.description, title_bytes_max));
  json.member("summary",
              fit_body(status.summary.empty() ? status.description : status.summary, summary_bytes_max));
  if (!part.annotations.empty()) {
    json.key("annotations").open_array();
    for (const Annotation& annotation : part.annotations) write_annotation(json, annotation);
    json.close_array();
  }
  json.close_object();
  if (done) {
    json.key("actions").open_array().open_object();
    json.member("label", "Re-run").member("description", "Look at this change again");
    json.member("identifier", recheck_action).close_object().close_array();
  }
  json.close_object();
  return json.take();
}

}  // namespace fanlight::host::github
