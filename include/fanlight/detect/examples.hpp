// Rule examples hold no tokens. A text says {{github:ghp_}} or {{base62:36}} where a token stands, and this
// makes one up: random body, right check value, never a word or a placeholder. So no scanner trips over this
// repository, and each run tries different tokens. Called by the rule tests, `fanlight rules test` and
// tests/accuracy. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fanlight/core/random.hpp"

namespace fanlight::detect {

// One kind of {{name}} or {{name:argument}}.
struct ExampleGenerator {
  std::string_view name;
  std::string_view about;  // one line, with what the argument means
};

std::span<const ExampleGenerator> example_generators();

// `text` with every generator replaced. What stands in {{…}} but is no generator's name stays as it is
// (templates of other tools are written the same way: "{{ vault_password }}"); `{{}}` becomes nothing and
// splits a literal that must not stand whole in a file. Same seed, same result.
std::string expand_example(std::string_view text, Random& random);

}  // namespace fanlight::detect
