#include "readiness_reply.hpp"

#include <algorithm>

#include "fanlight/app/readiness.hpp"
#include "fanlight/app/readiness_report.hpp"
#include "fanlight/core/log.hpp"
#include "fanlight/policy/render.hpp"

namespace fanlight::app {

namespace {

constexpr std::size_t names_max = 20;

// The tree's files for measuring. Measuring has no deadline of its own: after this one nothing more is read,
// and what was not read is told.
RepositoryText text_of(std::shared_ptr<const host::Tree> tree, Deadline deadline) {
  RepositoryText out;
  out.paths = tree->paths;
  out.read = [tree, deadline](const std::string& path) -> Result<std::string> {
    if (deadline.expired()) return fail(ErrorCode::timeout, "the time for one answer was over");
    const auto found = tree->texts.find(path);
    if (found == tree->texts.end())
      return fail(ErrorCode::too_large, "over this server's limit for one answer");
    return found->second;
  };
  return out;
}

std::string no_module(const coupling::Readiness& readiness, const std::string& module) {
  std::string out = "**I know no module " + policy::code_span(module) + " here.**";
  if (readiness.modules.empty()) return out + " In fact I found no module at all.";
  out += " There are: ";
  for (std::size_t i = 0; i < std::min(readiness.modules.size(), names_max); ++i)
    out += (i ? ", " : "") + policy::code_span(readiness.modules[i].name);
  if (readiness.modules.size() > names_max)
    out += " and " + std::to_string(readiness.modules.size() - names_max) + " more";
  return out + '.';
}

std::string describe(const coupling::Readiness& readiness, const std::string& module, std::size_t bytes_max) {
  if (!module.empty() &&
      std::ranges::find(readiness.modules, module, &coupling::ModuleReport::name) == readiness.modules.end())
    return no_module(readiness, module);
  ReadinessReport report{readiness};
  report.module = module;
  return cut_report(readiness_markdown(report), bytes_max);
}

}  // namespace

std::string cut_report(std::string markdown, std::size_t bytes_max) {
  if (markdown.size() <= bytes_max) return markdown;
  constexpr std::string_view more =
      "\nThe rest does not fit here: name one module, `/fanlight readiness modules/x`, or run `fanlight "
      "readiness`.\n";
  constexpr std::string_view end = "</details>\n";
  const std::size_t room = bytes_max - std::min(bytes_max, more.size() + end.size() + 2);
  std::string out = markdown.substr(0, markdown.rfind('\n', room) + 1);
  // A list that is cut in two is closed.
  const std::size_t opened = out.rfind("<details>"), closed = out.rfind("</details>");
  if (opened != out.npos && (closed == out.npos || closed < opened)) out.append("\n").append(end);
  return out.append(more);
}

Task<std::string> readiness_reply(Work& work, Surroundings around, std::string module,
                                  std::size_t bytes_max) {
  Services& services = work.services;
  auto fetching = work.host.fetch_tree(around.change, {}, work.deadline);
  auto tree = co_await std::move(fetching);
  if (!tree) {
    log::warn("tree not read", {{"change", work.job.display}, {"error", tree.error().text}});
    co_return "**I could not read the repository, so I say nothing of its modules.** " +
        policy::escape_markdown(tree.error().text) + ". `/fanlight readiness` tries again.";
  }
  auto measuring = on_pool(
      services.scan_pool, [&around, &module, bytes_max, deadline = work.deadline, now = services.clock.now(),
                           tree = std::make_shared<const host::Tree>(*std::move(tree))] {
        const auto readiness =
            measure_readiness(*around.scanner, around.policy, text_of(tree, deadline), {1, now});
        // Only a history can fail to be read, and none was asked for.
        return readiness ? describe(*readiness, module, bytes_max)
                         : policy::escape_markdown(readiness.error().text);
      });
  co_return co_await std::move(measuring);
}

}  // namespace fanlight::app
