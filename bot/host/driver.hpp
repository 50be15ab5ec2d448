// What talking to any git host's API has in common: one request with the right authorisation, a token renewed
// once when it is refused, the host's limits told from its refusals, pages, and answers kept by ETag. Hosts
// differ in the bytes; those are the codecs' business.
//
// One io thread. A Driver is made once per configured host and lives as long as it.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fanlight/core/clock.hpp"
#include "fanlight/core/deadline.hpp"
#include "fanlight/core/result.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/core/task.hpp"
#include "fanlight/net/client.hpp"

namespace fanlight::host {

// On whose behalf a request is made.
struct Scope {
  std::string repository;    // "owner/name"; empty for what belongs to no repository
  std::string installation;  // GitHub App installation; empty: found by the repository
  bool as_app = false;       // as the App itself, not as one of its installations
};

struct Call {
  std::string what;  // for people: "get the diff of acme/api#42"
  Scope scope;
  std::string method = "GET";
  std::string path;  // below the API's base: "/repos/acme/api/pulls/42"
  std::string accept;
  std::string body;  // JSON; empty for none
  // Statuses besides 2xx that are an answer and not an error: 404 where absence is one, 406, 422.
  std::vector<unsigned> answers;
  std::size_t body_bytes_max = 8 * 1024 * 1024;
  bool keep = false;  // by ETag: an answer that did not change costs nothing of the host's limit
  // True for a refusal that passes by itself: the host does not know a new head yet. Tried again after 1, 2
  // and 4 units of DriverConfig::lag.
  bool (*lags)(const net::Response&) = nullptr;
};

// The value of the Authorization header for `scope`; `renew` after the host refused the last one.
using Authorize = std::function<Task<Result<Secret>>(Scope scope, bool renew, Deadline deadline)>;

struct DriverConfig {
  std::string name;      // section of the configuration, first word of every error
  std::string base_url;  // without a slash at the end
  std::vector<std::pair<std::string, std::string>> headers;
  std::chrono::milliseconds lag{1'000};
  // Writes go one at a time; beyond the burst at most one per interval, or hosts call it abuse.
  unsigned write_burst = 10;
  std::chrono::milliseconds write_interval{1'000};
  std::size_t kept_bytes_max = 8 * 1024 * 1024;
};

// One coroutine at a time, in no particular order.
class Turn {
 public:
  // False when the deadline came first. Executor's thread.
  Task<bool> take(Deadline deadline);
  void give();

 private:
  bool taken_ = false;
  std::shared_ptr<Signal> freed_;
};

class Driver {
 public:
  Driver(DriverConfig config, net::Client& client, Clock& clock, Authorize authorize);

  // 2xx and what `answers` names; everything else is an Error that says what failed, with what status, and
  // when to try again. The host's own message is quoted in part, never a header.
  Task<Result<net::Response>> send(Call call, Deadline deadline);

  // Page 1, 2, … of a list, `per_page` each, as long as the Link header says that there is a next one. The
  // number of the page counts, not the address in the header: addresses come from configuration alone. False
  // when `pages_max` were read and there are more.
  Task<Result<bool>> pages(Call call, unsigned per_page, unsigned pages_max,
                           std::function<Result<void>(std::string body)> each, Deadline deadline);

  const std::string& name() const { return config_.name; }

 private:
  struct Kept {
    std::string key, etag;
    net::Response response;
  };
  Task<Result<net::Response>> send_once(const Call& call, bool renew, Deadline deadline);
  Task<Result<net::Response>> send_read(const Call& call, Deadline deadline);
  Task<Result<net::Response>> send_paced(const Call& call, Deadline deadline);
  Task<Result<net::Response>> send_authorized(const Call& call, Deadline deadline);
  std::chrono::milliseconds pace();
  const Kept* find_kept(const std::string& key);
  void keep(std::string key, const net::Response& response);

  DriverConfig config_;
  net::Client& client_;
  Clock& clock_;
  Authorize authorize_;
  Turn write_turn_;
  double write_tokens_;
  TimePoint write_seen_{};
  std::list<Kept> kept_;  // newest first
  std::size_t kept_bytes_ = 0;
};

// Pure, for tests and for hosts with a rule of their own.
//
// The error that an answer means, `now` for a reset given as a time of day. 401 unauthenticated; 403 and 429
// with Retry-After, with no requests remaining or with the words of a secondary limit rate_limited; other 403
// forbidden; 404 and 410 not_found; 409 conflict; 413 too_large; 5xx unavailable; other 4xx bad_input.
Error classify(const std::string& what, const net::Response& response, TimePoint now);
bool has_next_page(std::string_view link_header);

}  // namespace fanlight::host
