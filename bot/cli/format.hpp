// A review in the formats that people and machines read. Pure. No format ever holds a secret: a Finding has
// none.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/detect/rule.hpp"
#include "fanlight/model/change.hpp"
#include "fanlight/model/verdict.hpp"

namespace fanlight::cli {

enum class Format { text, json, jsonl, sarif, github, markdown };

struct FormatSpec {
  Format format;
  std::string_view name;
  std::string_view about;
};
std::span<const FormatSpec> formats();

struct Report {
  const Review& review;
  const Change& change;  // of a review; empty for a scan
  std::span<const detect::Rule> rules;
  std::chrono::milliseconds took{0};
  bool color = false;
};

std::string format_report(Format format, const Report& report);
std::string format_text(const Report& report);
std::string format_json(const Report& report);
std::string format_jsonl(const Report& report);
std::string format_sarif(const Report& report);
std::string format_github(const Report& report);

}  // namespace fanlight::cli
