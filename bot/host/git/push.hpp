// What an installed hook tells the bot about one updated reference, as JSON:
//
//   {"repository": "infra.git", "ref": "refs/heads/topic", "old": "<id>", "new": "<id>",
//    "pusher": "ada", "quarantine": "tmp_objdir-incoming-a1B2c3"}
//
// `repository` is the path below the configured root, or an absolute one inside it. `quarantine` is the name
// of the folder below objects/ in which the push waits for a pre-receive hook; empty once it is accepted.
// Signed by X-Fanlight-Signature: sha256=<HMAC-SHA256 of the body>, numbered by X-Fanlight-Delivery. Pure.
#pragma once

#include <string>
#include <string_view>

#include "fanlight/core/result.hpp"
#include "fanlight/core/secret.hpp"
#include "fanlight/model/event.hpp"
#include "fanlight/net/http.hpp"

namespace fanlight::host {

inline constexpr std::string_view push_signature_header = "X-Fanlight-Signature";
inline constexpr std::string_view push_delivery_header = "X-Fanlight-Delivery";
inline constexpr std::string_view push_event_header = "X-Fanlight-Event";

struct Push {
  std::string repository, ref, old_id, new_id, pusher, quarantine;
};

std::string to_json(const Push& push);
// "sha256=<hex>".
std::string sign(const Secret& key, std::string_view bytes);
// unauthenticated unless the request's body is signed with `key`; then the delivery, without the signature.
Result<Delivery> verify_push(const net::Request& request, const Secret& key, const std::string& host);
// `root` is the configured root without a slash at its end.
Result<Event> decode_push(const Delivery& delivery, std::string_view root, std::string_view notes_ref);

// A push in quarantine is a change of its own, because it is not on the branch: two people may push to one
// branch at once, and each waits for an answer. Its ChangeRef::ref is "refs/heads/topic:1a2b3c4d5e6f" (a
// colon never stands in a reference) and ChangeRef::installation holds the quarantine's name.
std::string_view plain_ref(std::string_view change_ref);

}  // namespace fanlight::host
