// The small words that more than one text is made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fanlight/core/clock.hpp"
#include "fanlight/model/verdict.hpp"

namespace fanlight::policy {

// It is news of this change: introduced or regressed. Everything else is told, and decides nothing.
bool is_new(const Finding& finding);

// What a person has to do about a review.
struct Counts {
  std::size_t to_fix = 0;   // new, severity block, and the verdict says no because of it
  std::size_t to_look = 0;  // new, severity warn (or block where the policy fails nothing)
  std::size_t notes = 0;
};
Counts count(const Review& review);

// "one", "two" … "ten", then digits; "One" at the start of a sentence.
std::string number(std::uint64_t n);
std::string capital(std::string text);
// "1 file", "4 files".
std::string plural(std::uint64_t n, std::string_view one, std::string_view many);

// Where a finding stands, Markdown: "`modules/vpc/main.tf:12`", "the description", "the message of commit
// `4be1d2c`".
std::string where(const Finding& finding);
// The same for a cell of a table.
std::string where_cell(const Finding& finding);
// The same for a status or a terminal.
std::string where_plain(const Finding& finding);
// "`4be1d2c`" of a full commit id; what does not look like one is shown as it is, shortened.
std::string commit_span(std::string_view sha);
std::string short_sha(std::string_view sha);

// The thing itself: "GitHub token" of the title "GitHub token, checksum valid".
std::string thing(const Finding& finding);
// `/fanlight allow 3f9a1c0d --reason "…"`, without backticks.
std::string allow_command(std::string_view fingerprint);
// The last day that a waiver counts: "2027-01-31".
std::string last_day(TimePoint expires);
// A link that Markdown keeps: only https and http, nothing that ends it. Empty when `url` is not one.
std::string link(std::string_view text, std::string_view url);

}  // namespace fanlight::policy
