// The routes of pages: each checks the link or the token, reads the store, and renders.
#include "fanlight/app/pages.hpp"

#include <fmt/format.h>

#include <charconv>

#include "embedded.hpp"
#include "fanlight/core/hash.hpp"
#include "message_page.hpp"

namespace fanlight::app {

namespace {

constexpr std::size_t dashboard_rows = 50;
constexpr std::string_view html = "text/html; charset=utf-8";

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
