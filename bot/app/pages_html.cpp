// Records to HTML through Mustache templates (bot/app/pages), which escape every value; prose_html() escapes
// what it is given itself.
#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "embedded.hpp"
#include "fanlight/app/pages.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"
#include "message_page.hpp"

namespace fanlight::app {

using kainjow::mustache::data;
using kainjow::mustache::mustache;
using kainjow::mustache::partial;

namespace {

constexpr std::size_t skipped_shown_max = 20;

std::string render(std::string_view name, data values) {
  values.set("top", partial([] { return std::string(embedded("pages/head.mustache")); }));
  mustache page{std::string(embedded(name))};
  return page.render(values);
}

// Sentences whose only markup is code between backticks, as HTML.
std::string prose_html(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('`');
    out += escape_html(text.substr(0, open));
    if (open == text.npos) break;
    text.remove_prefix(open);
    // As many backticks as opened the code close it; without them it is no code.
    const std::size_t count = std::min(text.find_first_not_of('`'), text.size());
    const std::string_view fence = text.substr(0, count);
    std::size_t close = text.find(fence, count);
    while (close != text.npos && close + count < text.size() && text[close + count] == '`') {
      close = text.find(fence, std::min(text.find_first_not_of('`', close), text.size()));
    }
    if (close == text.npos) {
      out += escape_html(fence);
      text.remove_prefix(count);
      continue;
    }
    std::string_view code = text.substr(count, close - count);
    if (code.size() > 2 && code.front() == ' ' && code.back() == ' ') code = code.substr(1, code.size() - 2);
    out += "<code>" + escape_html(code) + "</code>";
    text.remove_prefix(close + count);
  }
  return out;
}

std::string ago(TimePoint then, TimePoint now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - then).count();
  const auto say = [](auto n, const char* unit) {
    return fmt::format("{} {}{} ago", n, unit, n == 1 ? "" : "s");
  };
  if (seconds < 60) return "just now";
  if (seconds < 3'600) return say(seconds / 60, "minute");
  if (seconds < 86'400) return say(seconds / 3'600, "hour");
  return say(seconds / 86'400, "day");
}

std::string where(const Finding& finding) {
  const Location& at = finding.location;
  switch (at.place) {
    case Place::file:
      return fmt::format("{}:{}", at.path, at.start_line);
    case Place::path:
      return at.path + " (its name)";
    case Place::commit_message:
      return "message of commit " + finding.commit.value_or("").substr(0, 7);
    case Place::title:
      return "title";
    case Place::body:
      return "description";
    case Place::branch:
      return "branch name";
  }
  return {};
}

std::string axes(const Finding& finding) {
  if (finding.kind == FindingKind::secret) return "secret";
  if (finding.axes.portability && finding.axes.disclosure) return "portability, disclosure";
  return finding.axes.portability ? "portability" : "disclosure";
}

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::block:
      return "Fix before merging";
    case Severity::warn:
      return "Look at this";
    default:
      return "Good to know";
  }
}

data lines_of(const FindingContext& context, const Finding& finding) {
  data lines{data::type::list};
  for (const ExcerptLine& line : context.lines) {
    const std::uint32_t number = line.new_line ? line.new_line : line.old_line;
    const bool hit = number >= finding.location.start_line && number <= finding.location.end_line;
    data row;
    row.set("number", number ? std::to_string(number) : "");
    row.set("text", line.text);
    row.set("class", hit ? "hit" : line.kind == LineKind::added ? "added" : "");
    lines.push_back(row);
  }
  return lines;
}

data finding_card(const Finding& finding, const Record& record) {
  data card;
  card.set("title", finding.title);
  card.set("severity", std::string(to_string(finding.severity)));
  card.set("severity_word", std::string(severity_word(finding.severity)));
  card.set("where", where(finding));
  card.set("rule", finding.rule);
  card.set("axes", axes(finding));
  card.set("message", prose_html(finding.message));
  card.set("remedy", prose_html(finding.remedy));
  card.set("fingerprint", finding.fingerprint);
  card.set("excerpt", finding.excerpt);
  if (finding.docs_url.starts_with("https://")) card.set("docs", finding.docs_url);
  if (!finding.at_head)
    card.set("note", "gone at the head, still in commit " + finding.commit.value_or("").substr(0, 7));
  if (finding.change == ChangeKind::moved) card.set("note", "only moved");
  for (const FindingContext& context : record.contexts) {
    if (context.fingerprint != finding.fingerprint) continue;
    card.set("has_lines", !context.lines.empty());
    card.set("lines", lines_of(context, finding));
    break;
  }
  return card;
}

// Sets `name` and "has_<name>", which the templates ask.
void set_list(data& values, const std::string& name, data list) {
  values.set("has_" + name, list.is_non_empty_list());
  values.set(name, std::move(list));
}

void set_strings(data& values, const std::string& name, const std::vector<std::string>& list) {
  data out{data::type::list};
  for (const auto& text : list) out.push_back(data(text));
  set_list(values, name, std::move(out));
}

data missing_list(const std::vector<Missing>& list, std::size_t most) {
  data out{data::type::list};
  for (std::size_t i = 0; i < list.size() && i < most; ++i) {
    data row;
    row.set("what", list[i].what);
    row.set("reason", list[i].reason);
    out.push_back(row);
  }
  return out;
}

std::string scanned_words(const Scanned& scanned) {
  const auto count = [](std::uint64_t n, const char* unit) {
    return fmt::format("{} {}{}", n, unit, n == 1 ? "" : "s");
  };
  std::string out = count(scanned.files, "file");
  if (scanned.commits) out += ", " + count(scanned.commits, "commit");
  if (scanned.title_and_body) out += ", title and description";
  return out;
}

data done_list(const Record& record) {
  data out{data::type::list};
  for (const ActionDone& done : record.done) {
    data row;
    row.set("what", done.what);
    if (!done.detail.empty()) row.set("detail", done.detail);
    if (done.url.starts_with("https://") || done.url.starts_with("http://")) row.set("url", done.url);
    out.push_back(row);
  }
  return out;
}

}  // namespace

std::string message_page(const std::string& title, const std::string& text) {
  data values;
  values.set("title", title);
  values.set("text", text);
  return render("pages/message.mustache", values);
}

std::string review_page(const Record& record, TimePoint now) {
  const Review& review = record.review;
  data values;
  values.set("change", record.change.display());
  values.set("title", record.title.empty() ? record.change.display() : record.title);
  values.set("verdict", std::string(to_string(review.verdict)));
  values.set("status", policy::status_line(review));
  values.set("head", record.head_sha.substr(0, 12));
  if (!record.author.empty()) values.set("author", record.author);
  values.set("when", ago(record.created, now) + ", " + to_iso8601(record.created));
  values.set("took", std::to_string(record.took_ms));
  if (record.web_url.starts_with("https://") || record.web_url.starts_with("http://")) {
    values.set("web_url", record.web_url);
  }
  set_strings(values, "problems", review.problems);
  std::vector<std::string> notices;
  for (const std::string& notice : review.notices) notices.push_back(prose_html(notice));
  set_strings(values, "notices", notices);
  set_list(values, "missing", missing_list(review.missing, review.missing.size()));
  set_list(values, "skipped", missing_list(review.scanned.skipped, skipped_shown_max));
  if (review.scanned.skipped.size() > skipped_shown_max) {
    values.set("more_skipped", fmt::format("and {} more", review.scanned.skipped.size() - skipped_shown_max));
  }
  data findings{data::type::list}, gone{data::type::list}, waived{data::type::list};
  for (const Finding& finding : review.findings) {
    (finding.change == ChangeKind::removed ? gone : findings).push_back(finding_card(finding, record));
  }
  for (const Waived& accepted : review.waived) {
    data row;
    row.set("title", accepted.finding.title);
    row.set("where", where(accepted.finding));
    row.set("reason", accepted.reason);
    row.set("by", accepted.by);
    waived.push_back(row);
  }
  set_list(values, "findings", std::move(findings));
  set_list(values, "gone", std::move(gone));
  set_list(values, "waived", std::move(waived));
  values.set("scanned", scanned_words(review.scanned));
  values.set("done", done_list(record));
  return render("pages/review.mustache", std::move(values));
}

std::string dashboard_page(const std::vector<Record>& records, const std::vector<store::Job>& jobs,
                           const store::QueueStats& queue, const std::vector<store::AuditEntry>& audit,
                           TimePoint now, const Secret& key, std::chrono::hours link_valid) {
  data values;
  values.set("title", "Reviews and queue");
  values.set("waiting", std::to_string(queue.waiting));
  values.set("leased", std::to_string(queue.leased));
  values.set("parked", std::to_string(queue.parked));
  values.set("parked_class", queue.parked ? "fail" : "soft");
  if (queue.oldest_waiting) values.set("oldest", ago(*queue.oldest_waiting, now));
  constexpr std::string_view states[] = {"waiting", "being done", "done", "set aside"};
  data job_rows{data::type::list}, record_rows{data::type::list}, audit_rows{data::type::list};
  for (const store::Job& job : jobs) {
    data row;
    row.set("display", job.display);
    row.set("state", std::string(states[static_cast<std::size_t>(job.state)]));
    row.set("class", job.state == store::JobState::parked ? "fail" : "");
    row.set("asked", ago(job.asked, now));
    row.set("attempts", std::to_string(job.attempts));
    row.set("error", job.error);
    job_rows.push_back(row);
  }
  for (const Record& record : records) {
    data row;
    row.set("url", review_path(record.id, link_until(now, link_valid), key));
    row.set("display", record.change.display());
    row.set("title", record.title);
    row.set("verdict", std::string(to_string(record.review.verdict)));
    row.set("status", policy::status_line(record.review));
    row.set("when", ago(record.created, now));
    record_rows.push_back(row);
  }
  for (const store::AuditEntry& entry : audit) {
    data row;
    row.set("when", ago(entry.at, now));
    row.set("actor", entry.actor);
    row.set("what", entry.what);
    row.set("detail", entry.detail);
    row.set("subject", entry.subject);
    audit_rows.push_back(row);
  }
  set_list(values, "jobs", std::move(job_rows));
  set_list(values, "records", std::move(record_rows));
  set_list(values, "audit", std::move(audit_rows));
  return render("pages/dashboard.mustache", std::move(values));
}

}  // namespace fanlight::app
