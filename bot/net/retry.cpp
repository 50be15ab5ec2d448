#include "retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "fanlight/core/text.hpp"

namespace fanlight::net {

namespace {

template <class T>
bool parse_digits(std::string_view text, T& out) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  return std::from_chars(text.data(), text.data() + text.size(), out).ec == std::errc();
}

constexpr std::chrono::seconds retry_after_max = std::chrono::hours(24);

}  // namespace

bool is_idempotent(std::string_view method) {
  static constexpr std::array<std::string_view, 5> methods = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

bool is_retryable_status(unsigned status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

std::optional<TimePoint> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text[3] != ',' || text[4] != ' ' || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT")
    return std::nullopt;
  const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
  unsigned day = 0, hour = 0, minute = 0, second = 0;
  int year = 0;
  if (month == months.end() || !parse_digits(text.substr(5, 2), day) ||
      !parse_digits(text.substr(12, 4), year) || !parse_digits(text.substr(17, 2), hour) ||
      !parse_digits(text.substr(20, 2), minute) || !parse_digits(text.substr(23, 2), second))
    return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
      std::chrono::day(day)};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

std::optional<std::chrono::milliseconds> parse_retry_after(const Headers& headers, TimePoint now) {
  const auto value = trim(headers.get("Retry-After"));
  if (value.empty()) return std::nullopt;
  std::chrono::milliseconds wait{0};
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    std::uint32_t seconds = 0;
    wait = parse_digits(value, seconds) ? std::chrono::seconds(seconds) : retry_after_max;
  } else {
    const auto until = parse_http_date(value);
    if (!until) return std::nullopt;
    wait = *until - parse_http_date(trim(headers.get("Date"))).value_or(now);
  }
  return std::clamp<std::chrono::milliseconds>(wait, std::chrono::milliseconds(0), retry_after_max);
}

std::chrono::milliseconds make_backoff(const RetryPolicy& policy, unsigned attempt, Random& random) {
  auto ceiling = std::max(policy.base, std::chrono::milliseconds(0));
  for (unsigned i = 0; i < attempt && ceiling < policy.most; ++i) ceiling *= 2;
  ceiling = std::max(std::min(ceiling, policy.most), std::chrono::milliseconds(0));
  return std::chrono::milliseconds(random.below(static_cast<std::uint64_t>(ceiling.count()) + 1));
}

}  // namespace fanlight::net
