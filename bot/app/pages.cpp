// Records to HTML through Mustache templates (bot/app/pages), which escape every value. The routes check the
// link or the token, read the store, and render.
#include "fanlight/app/pages.hpp"

#include <fmt/format.h>

#include <charconv>
#include <kainjow/mustache.hpp>

#include "embedded.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"

namespace fanlight::app {

using kainjow::mustache::data;
using kainjow::mustache::mustache;
using kainjow::mustache::partial;

namespace {

constexpr std::size_t skipped_shown_max = 20;
constexpr std::size_t dashboard_rows = 50;
constexpr std::string_view html = "text/html; charset=utf-8";

std::string render(std::string_view name, data values) {
  values.set("top", partial([] { return std::string(embedded("pages/head.mustache")); }));
  mustache page{std::string(embedded(name))};
  return page.render(values);
}

std::string message_page(const std::string& title, const std::string& text) {
  data values;
  values.set("title", title);
  values.set("text", text);
  return render("pages/message.mustache", values);
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
  card.set("message", finding.message);
  card.set("remedy", finding.remedy);
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

// A page holds what only some may see, and its own address opens it: nobody may keep it, frame it or learn
// its address from a click.
net::Response page_response(unsigned status, std::string body) {
  net::Response out = net::make_response(status, std::move(body), html);
  out.headers.add(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  out.headers.add("Referrer-Policy", "no-referrer");
  out.headers.add("Cache-Control", "private, no-store");
  out.headers.add("X-Robots-Tag", "noindex");
  return out;
}

std::string link_signature(std::string_view id, std::string_view until, const Secret& key) {
  const Sha256 digest =
      hmac_sha256(key.reveal(), "review link\n" + std::string(id) + "\n" + std::string(until));
  return to_hex(digest).substr(0, 32);
}

bool token_holds(const net::Request& request, const Secret& token) {
  const std::string_view header = request.headers.get("Authorization");
  if (header.starts_with("Bearer ")) return equal_constant_time(header.substr(7), token.reveal());
  if (!header.starts_with("Basic ")) return false;
  const auto pair = from_base64(header.substr(6));
  if (!pair) return false;
  const std::size_t colon = pair->find(':');
  return colon != std::string::npos &&
         equal_constant_time(std::string_view(*pair).substr(colon + 1), token.reveal());
}

Task<net::Response> review_route(Services& services, net::Request request) {
  const std::string id(request.path().substr(std::string_view("/reviews/").size()));
  const std::string until = request.query("until").value_or(""),
                    signature = request.query("sig").value_or("");
  if (!check_review_link(id, until, signature, services.clock.now(), services.config.key)) {
    co_return page_response(
        403, message_page("This link does not open anything",
                          "It has expired or is not whole. The newest link is in the status and in "
                          "the summary of the change; /fanlight recheck there makes a new one."));
  }
  auto reading = on_pool(services.store_pool, [&store = services.store, id] { return store.record(id); });
  const auto record = co_await std::move(reading);
  if (!record) {
    co_return page_response(503,
                            message_page("The review cannot be read just now", "Try again in a moment."));
  }
  if (!*record) {
    co_return page_response(
        404, message_page("This review is not kept any more",
                          "Reviews are removed after some time. /fanlight recheck makes a new one."));
  }
  co_return page_response(200, review_page(**record, services.clock.now()));
}

struct Overview {
  std::vector<Record> records;
  std::vector<store::Job> jobs;
  store::QueueStats queue;
  std::vector<store::AuditEntry> audit;
};

Result<Overview> read_overview(store::Store& store) {
  auto records = store.records(dashboard_rows);
  if (!records) return std::unexpected(records.error());
  auto jobs = store.jobs(dashboard_rows);
  if (!jobs) return std::unexpected(jobs.error());
  auto queue = store.queue();
  if (!queue) return std::unexpected(queue.error());
  auto audit = store.audit_log(dashboard_rows);
  if (!audit) return std::unexpected(audit.error());
  return Overview{std::move(*records), std::move(*jobs), *queue, std::move(*audit)};
}

Task<net::Response> dashboard_route(Services& services, net::Request request) {
  if (services.config.dashboard_token.empty()) {
    co_return page_response(
        404, message_page("The overview is off", "Set dashboard_token in the configuration to have it."));
  }
  if (!token_holds(request, services.config.dashboard_token)) {
    net::Response refused = page_response(
        401, message_page("Token, please", "Any name, and the dashboard token as the password."));
    refused.headers.add("WWW-Authenticate", "Basic realm=\"fanlight\", charset=\"UTF-8\"");
    co_return refused;
  }
  auto reading = on_pool(services.store_pool, [&store = services.store] { return read_overview(store); });
  const auto seen = co_await std::move(reading);
  if (!seen)
    co_return page_response(503,
                            message_page("The overview cannot be read just now", "Try again in a moment."));
  co_return page_response(
      200, dashboard_page(seen->records, seen->jobs, seen->queue, seen->audit, services.clock.now(),
                          services.config.key, services.config.link_valid));
}

Task<net::Response> style_route(net::Request) {
  net::Response out =
      net::make_response(200, std::string(embedded("pages/style.css")), "text/css; charset=utf-8");
  out.headers.add("Cache-Control", "public, max-age=3600");
  co_return out;
}

}  // namespace

std::string review_path(std::string_view id, TimePoint until, const Secret& key) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(until.time_since_epoch()).count();
  const std::string text = std::to_string(seconds);
  return fmt::format("/reviews/{}?until={}&sig={}", id, text, link_signature(id, text, key));
}

TimePoint link_until(TimePoint now, std::chrono::hours valid) {
  const auto step =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::max(valid, std::chrono::hours(1)));
  return TimePoint(step * (now.time_since_epoch() / step + 2));
}

bool check_review_link(std::string_view id, std::string_view until, std::string_view signature, TimePoint now,
                       const Secret& key) {
  if (!equal_constant_time(signature, link_signature(id, until, key))) return false;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(until.data(), until.data() + until.size(), seconds);
  if (error != std::errc() || end != until.data() + until.size()) return false;
  return now.time_since_epoch() < std::chrono::seconds(seconds);
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
  set_strings(values, "notices", review.notices);
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

std::vector<net::Route> page_routes(Services& services) {
  return {
      {"GET", "/", 0,
       [&services](net::Request request) { return dashboard_route(services, std::move(request)); }},
      {"GET", "/style.css", 0, style_route},
      {"GET", "/reviews/*", 0,
       [&services](net::Request request) { return review_route(services, std::move(request)); }},
  };
}

}  // namespace fanlight::app
