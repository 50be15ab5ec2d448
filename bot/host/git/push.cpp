#include "git/push.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/host/git_repository.hpp"
#include "git/process.hpp"
#include "json.hpp"

namespace fanlight::host {
namespace {

constexpr std::size_t repository_bytes_max = 500;
constexpr std::size_t delivery_id_bytes_max = 64;
constexpr std::size_t pusher_bytes_max = 100;

Event ignored(std::string reason) {
  Event event;
  event.type = EventType::ignored;
  event.reason = std::move(reason);
  return event;
}

// Below the root, in plain components. The '|' separates the parts of ChangeRef::key().
bool is_repository_name(std::string_view name) {
  if (name.empty() || name.size() > repository_bytes_max || name.find('|') != name.npos) return false;
  if (std::ranges::any_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) return false;
  return std::ranges::none_of(split(name, '/'), [](std::string_view part) {
    return part.empty() || part == "." || part == ".." || part.starts_with('-');
  });
}

Result<std::string> name_below(std::string_view root, std::string_view path) {
  if (path.starts_with('/')) {
    bool inside = path.size() > root.size() + 1 && path.starts_with(root) && path[root.size()] == '/';
    if (!inside)
      return fail(ErrorCode::forbidden,
                  fmt::format("git: push to {}: not below {}: set git.root, or install the "
                              "hook with --name",
                              printable_line(path, 200), root));
    path.remove_prefix(root.size() + 1);
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!is_repository_name(path))
    return fail(ErrorCode::bad_input,
                "git: push: repository: \"" + printable_line(path, 100) + "\" is no path below the root");
  return std::string(path);
}

}  // namespace

std::string to_json(const Push& push) {
  JsonWriter json;
  json.open_object()
      .member("repository", push.repository)
      .member("ref", push.ref)
      .member("old", push.old_id)
      .member("new", push.new_id)
      .member("pusher", push.pusher)
      .member("quarantine", push.quarantine)
      .close_object();
  return json.take();
}

std::string sign(const Secret& key, std::string_view bytes) {
  return "sha256=" + to_hex(hmac_sha256(key.reveal(), bytes));
}

std::string_view plain_ref(std::string_view change_ref) {
  return change_ref.substr(0, change_ref.find(':'));
}

Result<Delivery> verify_push(const net::Request& request, const Secret& key, const std::string& host) {
  std::string_view given = request.headers.get(push_signature_header);
  if (given.empty())
    return fail(ErrorCode::unauthenticated,
                "git: push: no X-Fanlight-Signature: was it sent by `fanlight hook run`?");
  if (key.empty() || !equal_constant_time(given, sign(key, request.body)))
    return fail(ErrorCode::unauthenticated,
                "git: push: the signature does not hold: the hook's secret file and git.hook_secret differ");
  std::string_view id = request.headers.get(push_delivery_header);
  bool good_id =
      !id.empty() && id.size() <= delivery_id_bytes_max &&
      std::ranges::all_of(id, [](unsigned char c) { return c < 0x80 && (std::isalnum(c) || c == '-'); });
  if (!good_id) return fail(ErrorCode::bad_input, "git: push: X-Fanlight-Delivery is not an id");
  Delivery delivery{.host = host, .delivery_id = std::string(id), .headers = {}, .body = request.body};
  delivery.headers.emplace("x-fanlight-event",
                           std::string(request.headers.get(push_event_header).substr(0, 40)));
  return delivery;
}

Result<Event> decode_push(const Delivery& delivery, std::string_view root, std::string_view notes_ref) {
  auto kind = delivery.headers.find("x-fanlight-event");
  if (kind != delivery.headers.end() && kind->second == "ping") {
    Event event;
    event.type = EventType::ping;
    return event;
  }
  auto document = JsonDocument::parse(delivery.body);
  if (!document) return fail_in("git: push", document.error());
  Json json = document->root();

  auto repository = name_below(root, json["repository"].text());
  if (!repository) return std::unexpected(repository.error());
  std::string ref(json["ref"].text()), old_id(json["old"].text()), new_id(json["new"].text());
  if (!is_ref_name(ref)) return fail(ErrorCode::bad_input, "git: push: ref: not the name of a reference");
  if (!is_object_id(old_id) || !is_object_id(new_id))
    return fail(ErrorCode::bad_input, "git: push: old, new: not object ids");
  std::string quarantine(json["quarantine"].text());
  if (quarantine.size() > 100 || quarantine.find('/') != quarantine.npos)
    return fail(ErrorCode::bad_input, "git: push: quarantine: not the name of a folder");
  if (is_null_id(new_id)) return ignored("the reference was deleted");
  if (ref == notes_ref) return ignored("our own notes");

  Event event;
  event.type = EventType::change_updated;
  event.action = "push";
  event.change = {
      .host = delivery.host, .repository = *repository, .number = 0, .ref = ref, .installation = {}};
  event.head_sha = new_id;
  event.base_sha = old_id;
  event.actor = printable_line(json["pusher"].text(), pusher_bytes_max);
  if (!quarantine.empty()) {
    event.change.ref += ":" + new_id.substr(0, 12);
    event.change.installation = quarantine;
    event.quarantine = std::move(quarantine);
    // Whoever pushes a refused commit again asks again: something may have been accepted meanwhile.
    event.forced = true;
  }
  // A hook never sends one push under two ids, and a branch may go from A to B twice: each delivery counts.
  event.meaning = fmt::format("{}:push:{}:{}", event.change.display(), new_id, delivery.delivery_id);
  return event;
}

}  // namespace fanlight::host
