// An inline allow that the change itself adds is a request (policy: `inline_allow: ask`). It is kept as a
// notice of the review, because the record of a review is all that a later `/fanlight allow` has to go by.
// Written and read here, nowhere else.
#pragma once

#include <string>
#include <string_view>

#include "fanlight/model/verdict.hpp"

namespace fanlight::policy {

std::string request_notice(const Finding& finding);
// `review` holds a request for this finding: then the author of the change cannot accept it.
bool is_requested(const Review& review, std::string_view fingerprint);

}  // namespace fanlight::policy
