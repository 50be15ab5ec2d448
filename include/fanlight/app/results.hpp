// Where the result of an accepted delivery will be: the Location of intake's 202 answer. Whoever sent the
// delivery may ask there; nobody else knows the address, which is signed. Pure.
#pragma once

#include <optional>
#include <string>

#include "fanlight/core/clock.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/net/http.hpp"

namespace fanlight::app {

struct ResultLink {
  std::string change_key, head_sha;
  TimePoint asked{};  // results older than this are of an earlier push of the same head
};

// "/result?change=…&head=…&asked=…&sig=…"
std::string result_path(const ResultLink& link, const Secret& key);
// Nothing when the signature does not hold.
std::optional<ResultLink> read_result_link(const net::Request& request, const Secret& key);

}  // namespace fanlight::app
