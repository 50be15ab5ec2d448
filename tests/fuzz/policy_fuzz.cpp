// Any text is a policy with or without problems, in bounded time and depth; each problem is one line with its
// place.
#include <cstdlib>

#include "fanlight/policy/policy.hpp"

using namespace fanlight;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = policy::read_policy(text, ".fanlight.yml", {}, {"github-token", "region-or-az-literal"});
  for (const std::string& problem : read.problems) {
    if (!problem.starts_with(".fanlight.yml") || problem.find('\n') != std::string::npos) std::abort();
  }
  return 0;
}
