// What a SyntaxTree holds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syntax/builder.hpp"

namespace fanlight::coupling {

struct SyntaxTree::Impl {
  static constexpr std::size_t kKeyPathBytesMax = 1024;
  static constexpr std::size_t kKeyBytesMax = 256;

  // A tree that knows nothing of its text.
  static SyntaxTree unread(std::string_view path, std::string_view text);
  // The builder's text with blanks where templates stand, which go into the builder.
  static std::string mask(Builder& builder);
  static SyntaxTree read(Builder& builder, std::string_view masked);

  State state = State::parsed;
  Format format = Format::none;
  std::string_view path, text;
  std::vector<Node> nodes;
  std::vector<Reference> references;
  std::vector<Inset> insets;
};

}  // namespace fanlight::coupling
