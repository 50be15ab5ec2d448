// Any payload that is signed right is an event or one clear error, for every event name.
#include <cstdlib>

#include "fanlight/core/hash.hpp"
#include "github/webhook.hpp"

using namespace fanlight;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr const char* events[] = {"pull_request", "issue_comment", "pull_request_review_comment",
                                    "check_run",    "check_suite",   "merge_group",
                                    "push",         "ping"};
  if (size < 2) return 0;
  const Secret secret("fuzz");
  net::Request request;
  request.method = "POST";
  request.body.assign(reinterpret_cast<const char*>(data + 2), size - 2);
  request.headers.add("X-GitHub-Event", events[data[0] % std::size(events)]);
  request.headers.add("X-GitHub-Delivery", "d");
  request.headers.add("Content-Type", data[1] % 2 ? "application/json" : "application/x-www-form-urlencoded");
  request.headers.add("X-Hub-Signature-256", "sha256=" + to_hex(hmac_sha256(secret.reveal(), request.body)));
  const host::github::Identity identity{"github", "fanlight", "fanlight[bot]"};
  const auto received = host::github::receive_webhook(identity, secret, request);
  if (!received) {
    if (received.error().text.empty() || received.error().text.find('\n') != std::string::npos) std::abort();
    return 0;
  }
  // What was accepted is decoded again when its job is done: to the same meaning.
  const auto again = host::github::decode_webhook(identity, received->delivery);
  if (!again || again->meaning != received->event.meaning || again->type != received->event.type)
    std::abort();
  return 0;
}
