// What a SyntaxTree holds.
#pragma once

#include <vector>

#include "syntax/builder.hpp"

namespace fanlight::coupling {

struct SyntaxTree::Impl {
  static constexpr std::size_t kKeyPathBytesMax = 1024;
  static constexpr std::size_t kKeyBytesMax = 256;

  State state = State::parsed;
  Format format = Format::none;
  std::string_view path, text;
  std::vector<Node> nodes;
  std::vector<Reference> references;
  std::vector<Inset> insets;
};

}  // namespace fanlight::coupling
