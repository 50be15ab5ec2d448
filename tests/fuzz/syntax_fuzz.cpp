// Any text as any format: the first byte picks the name. Every question that a rule may ask has an answer
// within the text, twice the same.
#include <array>
#include <cstdlib>

#include "fanlight/coupling/judge.hpp"
#include "fanlight/coupling/syntax.hpp"

namespace {

using namespace fanlight;
using namespace fanlight::coupling;

constexpr auto kNames = std::to_array<std::string_view>(
    {"a.tf", "a.yaml", "a.json", "a.toml", "a.py", "a.ts", "a.pp", "a.nix", "a.sh", ".env", "Dockerfile",
     "a.yaml.j2", "a.sls", "a.conf.erb", "templates/a.tpl", "a.json.j2", "compose.yml"});

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 16 * 1024) return 0;
  const std::string_view path = kNames[data[0] % kNames.size()];
  const std::size_t at = data[1] * (size - 2) / 256;
  const std::string_view text(reinterpret_cast<const char*>(data + 2), size - 2);
  const SyntaxTree tree = SyntaxTree::parse(path, text);
  const auto nodes = tree.nodes();
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    require(nodes[i].span.begin <= nodes[i].span.end && nodes[i].span.end <= text.size());
    require(nodes[i].parent < i && nodes[i].end > i && nodes[i].end <= nodes.size());
    (void)tree.literal(static_cast<std::uint32_t>(i));
    (void)tree.name_of(nodes[i]);
  }
  for (const Reference& each : tree.references()) require(each.span.end <= text.size());
  (void)tree.declarations();
  const detect::Span span{at, std::min(at + 7, text.size())};
  const Position first = position_of({path, text}, span), second = position_of({path, text}, span);
  if (tree.state() == SyntaxTree::State::parsed)
    require(first.role == second.role && first.key_path == second.key_path);
  return 0;
}
