#include "github/marker.hpp"

#include <fmt/format.h>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::host::github {
namespace {

constexpr std::string_view opening = "<!-- fanlight:";
constexpr std::string_view closing = "-->";
constexpr std::string_view cut_notice =
    "\n\n_This text was too long for one comment; the rest is left out._\n";

}  // namespace

bool has_marker(std::string_view body) {
  return body.find(opening) != std::string_view::npos;
}

std::string marker_in(std::string_view body) {
  const auto start = body.rfind(opening);
  if (start == std::string_view::npos) return {};
  const auto from = start + opening.size();
  const auto end = body.find(closing, from);
  if (end == std::string_view::npos) return {};
  return std::string(trim(body.substr(from, end - from)));
}

std::string_view bare_marker(std::string_view marker) {
  marker = trim(marker);
  if (marker.starts_with(opening)) marker.remove_prefix(opening.size());
  if (marker.ends_with(closing)) marker.remove_suffix(closing.size());
  return trim(marker);
}

PostedKind kind_of(std::string_view bare) {
  const std::string_view word = bare.substr(0, bare.find(':'));
  if (word == "inline") return PostedKind::inline_comment;
  if (word == "reply") return PostedKind::reply;
  if (word == "status" || word == "verdict") return PostedKind::verdict;
  return PostedKind::summary;
}

std::string body_digest(std::string_view body) {
  return to_hex(sha256(trim(body))).substr(0, 16);
}

std::string fit_body(std::string_view body, std::size_t bytes_max) {
  if (body.size() <= bytes_max) return std::string(body);
  const std::string bare = marker_in(body);
  const std::string tail =
      bare.empty() ? std::string(cut_notice) : fmt::format("{}\n{}{} {}", cut_notice, opening, bare, closing);
  if (tail.size() >= bytes_max) return std::string(truncate_utf8(body, bytes_max));
  return std::string(truncate_utf8(body, bytes_max - tail.size())) + tail;
}

}  // namespace fanlight::host::github
