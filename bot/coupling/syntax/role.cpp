// What a literal is, from the nodes around it. The order of the questions is that of position.cpp: ciphertext
// is never read as text, a comment is a comment whatever it quotes, a reference is no literal; then what the
// keys say.
#include <algorithm>

#include "fanlight/core/text.hpp"
#include "syntax/impl.hpp"
#include "syntax/role_words.hpp"

namespace fanlight::coupling {

namespace {

bool holds(detect::Span outer, detect::Span inner) {
  return outer.begin <= inner.begin && inner.end <= outer.end && outer.begin < outer.end;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

const Inset* inset_at(const std::vector<Inset>& insets, detect::Span span) {
  auto after =
      std::ranges::upper_bound(insets, span.begin, {}, [](const Inset& inset) { return inset.span.begin; });
  if (after == insets.begin()) return nullptr;
  --after;
  return holds(after->span, span) ? &*after : nullptr;
}

// What is known on the way from the literal up to the root.
struct Surroundings {
  bool error = false, comment = false, ciphertext = false, reference = false;
  bool description = false, key = false, fallback = false, label = false, argument = false;
};

class Climb {
 public:
  Climb(const SyntaxTree& tree, detect::Span span) : tree_(tree), nodes_(tree.nodes()), span_(span) {}

  Surroundings up_from(std::uint32_t index) {
    for (std::uint32_t below = index;; below = index, index = nodes_[index].parent) {
      look_at(index, below);
      if (index == 0) return found_;
    }
  }

 private:
  void look_at(std::uint32_t index, std::uint32_t below) {
    const Node& node = nodes_[index];
    switch (node.kind) {
      case NodeKind::error:
        found_.error = true;
        break;
      case NodeKind::comment:
        found_.comment = true;
        break;
      case NodeKind::ciphertext:
        found_.ciphertext = true;
        break;
      case NodeKind::reference:
        if (!in_text_) found_.reference = true;
        break;
      case NodeKind::text:
        in_text_ = true;
        break;
      case NodeKind::call:
        call(index, below);
        break;
      case NodeKind::entry:
      case NodeKind::parameter:
        entry(node, index);
        break;
      case NodeKind::block:
        block(node, below);
        break;
      default:
        break;
    }
  }

  // getenv("X", "lit"), dict.get(k, "lit"): the second argument is what holds when nobody says otherwise.
  void call(std::uint32_t index, std::uint32_t below) {
    const std::string_view name = tree_.name_of(nodes_[index]);
    if (holds(nodes_[index].name, span_)) found_.reference = true;
    if (!in_key_) found_.argument = true;
    if (keys_ > 0 || below == index) return;
    const std::string_view last = name.substr(name.find_last_of(".:") + 1);
    const bool second = below != index + 1 && below != first_argument(index);
    if (second &&
        is_one_of(last, {"get", "getenv", "getattr", "pop", "setdefault", "lookup", "hiera", "env", "try"}))
      found_.fallback = true;
  }
  std::uint32_t first_argument(std::uint32_t index) const {
    std::uint32_t i = index + 1;
    while (i < nodes_[index].end && nodes_[i].kind == NodeKind::comment) i = nodes_[i].end;
    return i;
  }

  void entry(const Node& node, std::uint32_t index) {
    const std::string_view name = tree_.name_of(node);
    const bool in_name = keys_ == 0 && holds(node.name, span_);
    if (in_name) {
      found_.key = in_key_ = true;
    } else {
      if (is_description_key(name)) found_.description = true;
      if (node.kind == NodeKind::parameter) found_.fallback = true;
      if (keys_ == 0 && is_default_key(name)) found_.fallback = true;
      const Node& above = nodes_[node.parent];
      if (name == "default" && above.kind == NodeKind::block && tree_.name_of(above) == "variable")
        found_.fallback = true;
    }
    if (is_label_key(name) && !in_name) found_.label = true;
    if (name == "sops" && is_top(index)) found_.ciphertext = true;
    ++keys_;
  }

  // sops writes its own key at the top of the file.
  bool is_top(std::uint32_t index) const {
    for (index = nodes_[index].parent; index != 0; index = nodes_[index].parent) {
      if (nodes_[index].kind == NodeKind::entry || nodes_[index].kind == NodeKind::block) return false;
    }
    return true;
  }

  void block(const Node& node, std::uint32_t below) {
    const std::string_view type = tree_.name_of(node);
    if (is_one_of(type, {"resource", "data", "module", "provider"})) found_.argument = true;
    if (is_label_key(type)) found_.label = true;  // LABEL of a Dockerfile, [labels] of TOML
    // The names in its head.
    if (nodes_[below].kind == NodeKind::block && &nodes_[below] == &node && !in_text_) found_.key = true;
  }

  const SyntaxTree& tree_;
  std::span<const Node> nodes_;
  detect::Span span_;
  Surroundings found_;
  bool in_text_ = false, in_key_ = false;
  std::size_t keys_ = 0;  // entries passed on the way
};

Role role_of(const Surroundings& around, bool default_file) {
  if (around.ciphertext) return Role::ciphertext;
  if (around.comment) return Role::comment;
  if (around.reference) return Role::reference;
  if (around.description) return Role::description;
  if (around.key) return Role::key;
  if (around.fallback) return Role::default_value;
  if (around.label) return Role::label;
  if (around.argument) return Role::argument;
  return default_file ? Role::default_value : Role::value;
}

}  // namespace

std::optional<Position> SyntaxTree::position_of(detect::Span span) const {
  if (impl_->state != State::parsed) return std::nullopt;
  span.end = std::min(span.end, impl_->text.size());
  span.begin = std::min(span.begin, span.end);
  const std::uint32_t index = innermost(span);
  const Inset* inset = inset_at(impl_->insets, span);
  const NodeKind kind = impl_->nodes[index].kind;
  // Between the nodes of a file there is nothing that the tree could tell about.
  if (!inset && (kind == NodeKind::file || kind == NodeKind::document)) return std::nullopt;
  const Surroundings around = Climb(*this, span).up_from(index);
  if (around.error && !inset) return std::nullopt;
  Position position;
  position.role = role_of(around, is_default_file(impl_->path));
  // A key that is itself the literal is no path to it: what names the place must not name what was found.
  position.key_path = key_path(around.key ? impl_->nodes[index].parent : index);
  const bool hidden = position.role == Role::ciphertext || position.role == Role::comment ||
                      position.role == Role::description;
  if (inset && !hidden && inset->role != Role::value) position.role = inset->role;
  return position;
}

}  // namespace fanlight::coupling
