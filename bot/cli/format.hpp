// A review in the formats that people and machines read. Pure. No format ever holds a secret: a Finding has
// none.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/clock.hpp"
#include "fanlight/detect/rule.hpp"
#include "fanlight/model/change.hpp"
#include "fanlight/model/verdict.hpp"

namespace fanlight::cli {

struct Report;

// A format is a row: its name on the command line, and the function from a report to text.
struct FormatSpec {
  std::string_view name;
  std::string_view about;
  std::string (*write)(const Report&);
};
std::span<const FormatSpec> formats();

struct Report {
  const Review& review;
  const Change& change;  // of a review; empty for a scan
  std::span<const detect::Rule> rules;
  std::chrono::milliseconds took{0};
  bool color = false;
  TimePoint now{};       // when it ended
  bool history = false;  // all of it was looked at, and not a change
};

// What a change brought. The rest (removed, existing, only moved) is told by the formats for people.
bool is_news(const Finding& finding);
// Where a finding stands, one line for a terminal: "modules/vpc/main.tf:12:17", "title".
std::string place_of(const Finding& finding);
// Text from a repository that cannot steer the terminal.
std::string printable(std::string_view text);
// nullptr when the report does not know it.
const detect::Rule* find_rule(const Report& report, std::string_view id);

std::string format_text(const Report& report);
std::string format_json(const Report& report);
std::string format_jsonl(const Report& report);
std::string format_sarif(const Report& report);
std::string format_junit(const Report& report);
std::string format_gitlab(const Report& report);
std::string format_gitlab_codequality(const Report& report);
std::string format_github(const Report& report);
std::string format_csv(const Report& report);
std::string format_markdown(const Report& report);
std::string format_publication(const Report& report);  // of a history, in Markdown

}  // namespace fanlight::cli
