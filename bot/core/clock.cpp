#include "fanlight/core/clock.hpp"

#include <fmt/format.h>
#include <time.h>

#include <charconv>

namespace fanlight {

TimePoint SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::chrono::microseconds thread_cpu_time() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::microseconds(used.tv_sec * 1'000'000 + used.tv_nsec / 1'000);
}

std::string to_iso8601(TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

namespace {

// `digits` decimal digits at `at`, which moves behind them.
bool read_number(std::string_view text, std::size_t& at, std::size_t digits, int& out) {
  if (at + digits > text.size()) return false;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  std::from_chars(text.data() + at, text.data() + at + digits, out);
  at += digits;
  return true;
}

bool read_char(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

}  // namespace

bool parse_iso8601(std::string_view text, TimePoint& out) {
  using namespace std::chrono;
  std::size_t at = 0;
  int y = 0, m = 0, d = 0;
  if (!read_number(text, at, 4, y) || !read_char(text, at, '-') || !read_number(text, at, 2, m) ||
      !read_char(text, at, '-') || !read_number(text, at, 2, d)) {
    return false;
  }
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  if (!date.ok()) return false;
  const sys_days midnight{date};
  if (at == text.size()) {
    out = time_point_cast<milliseconds>(midnight + days{1});
    return true;
  }
  int hour = 0, minute = 0, second = 0, milli = 0;
  if (!(read_char(text, at, 'T') && read_number(text, at, 2, hour) && read_char(text, at, ':') &&
        read_number(text, at, 2, minute) && read_char(text, at, ':') && read_number(text, at, 2, second))) {
    return false;
  }
  if (read_char(text, at, '.') && !read_number(text, at, 3, milli)) return false;
  if (!read_char(text, at, 'Z') || at != text.size()) return false;
  if (hour > 23 || minute > 59 || second > 60) return false;
  out = time_point_cast<milliseconds>(midnight) + hours{hour} + minutes{minute} + seconds{second} +
        milliseconds{milli};
  return true;
}

}  // namespace fanlight
