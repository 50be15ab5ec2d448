#include "fanlight/app/status_routes.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "fanlight/app/pages.hpp"
#include "fanlight/app/results.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"

namespace fanlight::app {

namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view prometheus_type = "text/plain; version=0.0.4; charset=utf-8";

Task<net::Response> health(net::Request) {
  co_return net::make_response(200, "ok\n");
}

Task<net::Response> ready(Services& services, net::Request) {
  if (services.stopping) co_return net::make_response(503, "stopping\n");
  auto pinging = on_pool(services.store_pool, [&store = services.store] { return store.ping(); });
  const auto pinged = co_await std::move(pinging);
  if (!pinged) co_return net::make_response(503, pinged.error().text + "\n");
  co_return net::make_response(200, "ready\n");
}

Task<net::Response> metrics(Services& services, net::Request) {
  auto asking = on_pool(services.store_pool, [&store = services.store] { return store.queue(); });
  const auto queue = co_await std::move(asking);
  co_return net::make_response(200, services.metrics.text(queue.value_or(store::QueueStats{})),
                               prometheus_type);
}

// ---- the result of a push, for the hook that waits for it
// ---------------------------------------------------------

struct Found {
  std::optional<Record> record;
  std::optional<store::Job> parked;
};

Result<Found> find_result(store::Store& store, const ResultLink& link) {
  auto record = store.latest(link.change_key, link.head_sha);
  if (!record) return std::unexpected(record.error());
  if (*record && (*record)->created >= link.asked) return Found{std::move(*record), {}};
  auto jobs = store.jobs(store::records_page_max);
  if (!jobs) return std::unexpected(jobs.error());
  for (store::Job& job : *jobs) {
    if (job.change_key == link.change_key && job.state == store::JobState::parked &&
        job.asked >= link.asked) {
      return Found{{}, std::move(job)};
    }
  }
  return Found{};
}

std::string where(const Finding& finding) {
  if (finding.location.place != Place::file) return std::string(to_string(finding.location.place));
  return finding.location.path + ':' + std::to_string(finding.location.start_line);
}

// What the pusher reads, line by line.
std::string pusher_text(const Record& record, const std::string& url) {
  constexpr std::size_t lines_max = 20;
  std::string out = "fanlight: " + policy::status_line(record.review) + "\n";
  std::size_t shown = 0;
  for (const std::string& problem : record.review.problems) out += "  policy: " + problem + "\n";
  for (const Finding& finding : record.review.findings) {
    if (finding.change == ChangeKind::removed || finding.change == ChangeKind::existing) continue;
    if (++shown > lines_max) continue;
    out +=
        "  " + where(finding) + "  " + std::string(to_string(finding.severity)) + "  " + finding.title + "\n";
    out += "    " + finding.remedy + "\n";
  }
  if (shown > lines_max) out += "  and " + std::to_string(shown - lines_max) + " more\n";
  for (const Missing& missing : record.review.missing) {
    out += "  not looked at: " + missing.what + ": " + missing.reason + "\n";
  }
  return out + "  " + url + "\n";
}

std::string result_json(std::string_view state, std::string_view verdict, std::string_view text,
                        std::string_view url) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer writer(buffer);
  const auto member = [&](const char* key, std::string_view value) {
    const std::string clean = sanitize_utf8(value);
    writer.Key(key);
    writer.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
  };
  writer.StartObject();
  member("state", state);
  member("verdict", verdict);
  member("text", text);
  member("url", url);
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

Task<net::Response> result(Services& services, net::Request request) {
  const auto link = read_result_link(request, services.config.key);
  if (!link) co_return net::make_response(403, "result: the link is not whole\n");
  auto finding =
      on_pool(services.store_pool, [&store = services.store, link] { return find_result(store, *link); });
  const auto found = co_await std::move(finding);
  if (!found) co_return net::make_response(503, found.error().text + "\n");
  if (found->record) {
    const Record& record = *found->record;
    const std::string url =
        services.public_url + review_path(record.id,
                                          link_until(services.clock.now(), services.config.link_valid),
                                          services.config.key);
    co_return net::make_response(
        200, result_json("done", to_string(record.review.verdict), pusher_text(record, url), url), json_type);
  }
  if (found->parked) {
    const std::string text =
        "fanlight: could not look at this push, so it is not said to be clean: " + found->parked->error +
        "\n";
    co_return net::make_response(200, result_json("done", "incomplete", text, ""), json_type);
  }
  co_return net::make_response(202, result_json("waiting", "", "", ""), json_type);
}

}  // namespace

std::vector<net::Route> status_routes(Services& services) {
  return {
      {"GET", "/healthz", 0, health},
      {"GET", "/readyz", 0,
       [&services](net::Request request) { return ready(services, std::move(request)); }},
      {"GET", "/metrics", 0,
       [&services](net::Request request) { return metrics(services, std::move(request)); }},
      {"GET", "/result", 0,
       [&services](net::Request request) { return result(services, std::move(request)); }},
  };
}

}  // namespace fanlight::app
