// Any comment has at most five commands, and every answer is bounded and cannot call anybody or forge a
// marker.
#include <cstdlib>

#include "fanlight/policy/commands.hpp"
#include "fanlight/policy/render.hpp"

using namespace fanlight;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view comment(reinterpret_cast<const char*>(data), size);
  const auto commands = policy::parse_commands(comment);
  if (commands.size() > policy::commands_per_comment_max) std::abort();
  policy::CommandContext context;
  context.actor = "ada";
  context.may_write = true;
  for (const policy::Command& command : commands) {
    const policy::Decision decision = policy::decide(command, context);
    if (decision.add) std::abort();  // there is no record, so there is nothing to accept
    if (decision.reply.size() > 65'536 || !policy::find_marker(decision.reply).empty()) std::abort();
  }
  return 0;
}
