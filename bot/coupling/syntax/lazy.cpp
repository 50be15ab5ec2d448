// Questions about a text, answered from the piece that they are about.
#include <algorithm>
#include <iterator>

#include "syntax/impl.hpp"
#include "syntax/pieces.hpp"

namespace fanlight::coupling {

struct LazySyntax::Pieces {
  Format format = Format::none;
  std::string masked;         // of the whole text
  std::vector<Inset> insets;  // its templates
  std::vector<std::size_t> begins;
  std::vector<std::optional<SyntaxTree>> trees;  // of each piece, once asked for
  std::optional<SyntaxTree> whole;               // for what crosses pieces, and for what is not cut
};

LazySyntax::LazySyntax(std::string_view path, std::string_view text) : path_(path), text_(text) {}
LazySyntax::~LazySyntax() = default;

Format LazySyntax::format() const {
  return pieces_ ? pieces_->format : format_of(path_);
}

std::optional<Position> LazySyntax::position_of(detect::Span span) {
  using Impl = SyntaxTree::Impl;
  if (!pieces_) {
    const Format format = format_of(path_);
    pieces_ = std::make_unique<Pieces>();
    pieces_->format = format;
    if (text_.size() > SyntaxTree::kTextBytesMax || format == Format::none) {
      pieces_->whole = SyntaxTree::parse(path_, text_);
      pieces_->begins = {0};
    } else {
      Builder builder(path_, text_);
      pieces_->masked = Impl::mask(builder);
      pieces_->insets = std::move(builder.insets());
      pieces_->begins = piece_begins(format, pieces_->masked);
    }
    pieces_->trees.resize(pieces_->begins.size());
  }
  Pieces& pieces = *pieces_;
  const auto ask = [&](const SyntaxTree& tree, detect::Span at) {
    const auto worse = [](SyntaxTree::State state) {
      return state == SyntaxTree::State::no_parser ? -1 : static_cast<int>(state);
    };
    if (worse(tree.state()) > worse(state_)) state_ = tree.state();
    return tree.position_of(at);
  };
  const auto after = std::ranges::upper_bound(pieces.begins, std::min(span.begin, text_.size()));
  const std::size_t begin = *std::prev(after);
  const std::size_t end = after == pieces.begins.end() ? text_.size() : *after;
  if (pieces.begins.size() == 1 || span.end > end) {
    if (!pieces.whole) pieces.whole = SyntaxTree::parse(path_, text_);
    return ask(*pieces.whole, span);
  }
  auto& tree = pieces.trees[static_cast<std::size_t>(after - pieces.begins.begin()) - 1];
  if (!tree) {
    Builder builder(path_, text_.substr(begin, end - begin));
    for (const Inset& inset : pieces.insets) {
      if (inset.span.begin < begin || inset.span.end > end) continue;
      builder.inset({inset.span.begin - begin, inset.span.end - begin}, inset.role);
    }
    tree = Impl::read(builder, std::string_view(pieces.masked).substr(begin, end - begin));
  }
  return ask(*tree, {span.begin - begin, span.end - begin});
}

}  // namespace fanlight::coupling
