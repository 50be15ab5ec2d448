#include <algorithm>

#include "syntax/impl.hpp"
#include "syntax/readers.hpp"
#include "syntax/templates.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Reading read_format(Format format, Builder& builder, std::string_view masked) {
  switch (format) {
    case Format::hcl:
      return read_hcl(builder, masked);
    case Format::yaml:
      return read_yaml(builder, masked);
    case Format::json:
      return read_json(builder, masked);
    case Format::toml:
      return read_toml(builder, masked);
    case Format::python:
      return read_python(builder, masked);
    case Format::javascript:
    case Format::puppet:
    case Format::nix:
      return read_code(builder, masked);
    case Format::shell:
    case Format::dotenv:
    case Format::dockerfile:
      return read_shell(builder, masked);
    case Format::none:
    case Format::text:
      break;
  }
  return {true, 0};
}

bool holds(detect::Span outer, detect::Span inner) {
  return outer.begin <= inner.begin && inner.end <= outer.end;
}

}  // namespace

SyntaxTree SyntaxTree::Impl::unread(std::string_view path, std::string_view text) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->text = text;
  impl->format = format_of(path);
  impl->state = impl->format == Format::none ? State::no_parser : State::too_large;
  Builder builder(path, {});
  impl->nodes = std::move(builder.nodes());
  return SyntaxTree(std::move(impl));
}

std::string SyntaxTree::Impl::mask(Builder& builder) {
  const std::string_view text = builder.text();
  const TemplateStyle style = template_style(builder.path(), format_of(builder.path()));
  std::string masked = style.any() ? mask_templates(builder, style) : std::string();
  if (masked.empty()) masked = text;
  if (text.starts_with(kByteOrderMark)) std::fill_n(masked.begin(), kByteOrderMark.size(), ' ');
  return masked;
}

SyntaxTree SyntaxTree::Impl::read(Builder& builder, std::string_view masked) {
  auto impl = std::make_unique<Impl>();
  impl->path = builder.path();
  impl->text = builder.text();
  impl->format = format_of(impl->path);
  const Reading reading = read_format(impl->format, builder, masked);
  builder.finish();
  if (!reading.done || builder.full()) {
    impl->state = State::too_large;
  } else if (reading.error_bytes * 2 > impl->text.size()) {
    impl->state = State::unparsable;
  }
  impl->nodes = std::move(builder.nodes());
  impl->references = std::move(builder.references());
  impl->insets = std::move(builder.insets());
  return SyntaxTree(std::move(impl));
}

SyntaxTree SyntaxTree::parse(std::string_view path, std::string_view text) {
  if (text.size() > kTextBytesMax || format_of(path) == Format::none) return Impl::unread(path, text);
  Builder builder(path, text);
  const std::string masked = Impl::mask(builder);
  return Impl::read(builder, masked);
}

SyntaxTree::SyntaxTree(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SyntaxTree::SyntaxTree(SyntaxTree&&) noexcept = default;
SyntaxTree& SyntaxTree::operator=(SyntaxTree&&) noexcept = default;
SyntaxTree::~SyntaxTree() = default;

SyntaxTree::State SyntaxTree::state() const {
  return impl_->state;
}
Format SyntaxTree::format() const {
  return impl_->format;
}
std::string_view SyntaxTree::text() const {
  return impl_->text;
}
std::span<const Node> SyntaxTree::nodes() const {
  return impl_->nodes;
}
std::span<const Reference> SyntaxTree::references() const {
  return impl_->references;
}

std::string_view SyntaxTree::slice(detect::Span span) const {
  const std::size_t begin = std::min(span.begin, impl_->text.size());
  return impl_->text.substr(begin, std::max(span.end, begin) - begin);
}

std::uint32_t SyntaxTree::innermost(detect::Span span) const {
  const auto& nodes = impl_->nodes;
  // In the order of the text, so the last node that begins before the span is in the innermost one that holds
  // it.
  const auto after = std::upper_bound(nodes.begin() + 1, nodes.end(), span.begin,
                                      [](std::size_t at, const Node& node) { return at < node.span.begin; });
  auto index = static_cast<std::uint32_t>(after - nodes.begin()) - 1;
  while (index != 0 && !holds(nodes[index].span, span)) index = nodes[index].parent;
  return index;
}

std::optional<std::uint32_t> SyntaxTree::nearest(std::uint32_t index, NodeKind kind) const {
  while (impl_->nodes[index].kind != kind) {
    if (index == 0) return std::nullopt;
    index = impl_->nodes[index].parent;
  }
  return index;
}

std::vector<std::uint32_t> SyntaxTree::children(std::uint32_t index) const {
  std::vector<std::uint32_t> below;
  for (std::uint32_t i = index + 1; i < impl_->nodes[index].end; i = impl_->nodes[i].end) below.push_back(i);
  return below;
}

std::optional<std::uint32_t> SyntaxTree::entry(std::uint32_t index, std::string_view name) const {
  const auto& nodes = impl_->nodes;
  for (std::uint32_t i = index + 1; i < nodes[index].end;) {
    const Node& node = nodes[i];
    const bool named = node.kind == NodeKind::entry || node.kind == NodeKind::parameter;
    if (named && slice(node.name) == name) return i;
    // A mapping is the one way into a document's or an entry's value.
    i = node.kind == NodeKind::map && nodes[index].kind != NodeKind::map ? i + 1 : node.end;
  }
  return std::nullopt;
}

std::string SyntaxTree::key_path(std::uint32_t index) const {
  std::vector<std::uint32_t> above;
  for (; index != 0; index = impl_->nodes[index].parent) above.push_back(index);
  std::string path;
  const auto add = [&](std::string_view name) {
    if (name.empty() || path.size() > Impl::kKeyPathBytesMax) return;
    if (!path.empty()) path += '.';
    path += name.substr(0, Impl::kKeyBytesMax);
  };
  for (auto i = above.rbegin(); i != above.rend(); ++i) {
    const Node& node = impl_->nodes[*i];
    if (node.kind != NodeKind::block && node.kind != NodeKind::entry && node.kind != NodeKind::parameter)
      continue;
    add(slice(node.name));
    for (const std::string_view label : node.labels) add(label);
  }
  return path;
}

std::string_view SyntaxTree::literal(std::uint32_t index) const {
  const Node& node = impl_->nodes[index];
  const bool named = node.kind == NodeKind::entry || node.kind == NodeKind::parameter;
  return slice(unquoted(impl_->text, named ? node.value : node.span));
}

}  // namespace fanlight::coupling
