#include "inline_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fingerprint.hpp"
#include "words.hpp"

namespace fanlight::policy {

namespace {
// Nothing from the repository stands before the fingerprint, so a path cannot imitate a request.
std::string head_of(std::string_view fingerprint) {
  return fmt::format("A comment in the code asks to accept `{}` in ", short_fingerprint(fingerprint));
}
}  // namespace

std::string request_notice(const Finding& finding) {
  return fmt::format("{}{}; someone else with write permission can say `{}`.", head_of(finding.fingerprint),
                     where(finding), allow_command(finding.fingerprint));
}

bool is_requested(const Review& review, std::string_view fingerprint) {
  const std::string head = head_of(fingerprint);
  return std::any_of(review.notices.begin(), review.notices.end(),
                     [&](const std::string& notice) { return notice.starts_with(head); });
}

}  // namespace fanlight::policy
