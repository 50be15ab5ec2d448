#include "syntax/builder.hpp"

#include <algorithm>
#include <tuple>

namespace fanlight::coupling {

Builder::Builder(std::string_view path, std::string_view text) : path_(path), text_(text) {
  nodes_.reserve(text.size() / 24 + 8);
  nodes_.push_back({.kind = NodeKind::file, .span = {0, text.size()}});
  open_.push_back(0);
}

std::uint32_t Builder::open(NodeKind kind, detect::Span span) {
  if (refused_ > 0 || nodes_.size() >= kNodesMax || open_.size() >= kDepthMax) {
    full_ = true;
    ++refused_;
    return open_.back();
  }
  if (kind != NodeKind::text && kind != NodeKind::comment) not_plain();
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  span.end = std::min(span.end, text_.size());
  span.begin = std::min(span.begin, span.end);
  nodes_.push_back({.kind = kind, .parent = open_.back(), .end = index + 1, .span = span});
  open_.push_back(index);
  return index;
}

void Builder::close() {
  if (refused_ > 0) {
    --refused_;
    return;
  }
  if (open_.size() == 1) return;
  nodes_[open_.back()].end = static_cast<std::uint32_t>(nodes_.size());
  open_.pop_back();
}

void Builder::not_plain() {
  for (std::size_t i = open_.size(); i-- > 0;) {
    Node& node = nodes_[open_[i]];
    if (node.kind == NodeKind::entry || node.kind == NodeKind::parameter) {
      node.plain = false;
      return;
    }
    if (node.kind == NodeKind::block || node.kind == NodeKind::document) return;
  }
}

void Builder::value(detect::Span span) {
  if (refused_ > 0) return;
  top().value = span;
  top().plain = span.begin < span.end;
}

void Builder::reference(std::string_view name, detect::Span span, Interpolation interpolation) {
  if (references_.size() < kNodesMax) references_.push_back({name, span, interpolation});
}

void Builder::inset(detect::Span span, Role role) {
  if (span.begin < span.end && insets_.size() < kNodesMax) insets_.push_back({span, role});
}

void Builder::finish() {
  refused_ = 0;
  while (open_.size() > 1) close();
  nodes_.front().end = static_cast<std::uint32_t>(nodes_.size());
  std::ranges::sort(references_, {},
                    [](const Reference& r) { return std::tuple(r.span.begin, r.span.end, r.name); });
  std::ranges::sort(insets_, {}, [](const Inset& i) { return std::pair(i.span.begin, i.span.end); });
}

detect::Span unquoted(std::string_view text, detect::Span span) {
  if (span.end < span.begin + 2) return span;
  const char first = text[span.begin], last = text[span.end - 1];
  const bool quote = first == '"' || first == '\'' || first == '`';
  return quote && first == last ? detect::Span{span.begin + 1, span.end - 1} : span;
}

}  // namespace fanlight::coupling
