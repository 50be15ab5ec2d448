// What a delivery means, the same for every host. A host's codec makes it from verified bytes.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "fanlight/model/change.hpp"

namespace fanlight {

// One webhook request as it arrived. Header names are lower case.
struct Delivery {
  std::string host;                            // configuration section
  std::string delivery_id;                     // the host's id for it; unique per host
  std::map<std::string, std::string> headers;  // those that decoding needs, nothing secret
  std::string body;                            // raw bytes
};

enum class EventType : std::uint8_t {
  ignored,  // verified and of no interest; `reason` says why
  ping,
  change_updated,  // opened, reopened, new head, base moved, title or body edited, re-run asked for
  change_closed,
  command,  // a comment that holds at least one line starting with "/fanlight"
};

enum class CommentKind : std::uint8_t { conversation, inline_comment };

struct CommentRef {
  CommentKind kind = CommentKind::conversation;
  std::string id;
};

struct Event {
  EventType type = EventType::ignored;
  std::string reason;  // for ignored: "action labeled"
  std::string action;  // the host's word: "synchronize"
  ChangeRef change;
  std::string head_sha;  // a hint: the host's answer at fetch time decides
  std::string base_sha;
  bool forced = false;  // a person asked for it: do the work again for the same head
  std::string actor;    // login
  bool actor_is_bot = false;
  CommentRef comment;        // for command
  std::string comment_body;  // for command
  // Equal for two deliveries that mean the same under different ids (two hooks on one repository).
  // "acme/api#42:synchronize:<head>".
  std::string meaning;
  // Plain git only: the pusher's object directory while a push is in quarantine; empty otherwise.
  std::string quarantine;
};

std::string_view to_string(EventType);

}  // namespace fanlight
