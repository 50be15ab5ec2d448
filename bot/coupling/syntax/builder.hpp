// What a format's reader writes into: nodes in the order of the text, references, and insets, the parts of a
// template or of a string that are not what surrounds them. Every reader ends with the same result, so
// everything that asks (role.cpp, syntax_tree.cpp) knows one tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/syntax.hpp"

namespace fanlight::coupling {

// A stretch of text with a role of its own: the name in "${NAME:-x}" is a reference, the x a default. They do
// not overlap.
struct Inset {
  detect::Span span;
  Role role = Role::reference;
};

class Builder {
 public:
  static constexpr std::size_t kNodesMax = 500'000;
  static constexpr std::size_t kDepthMax = 500;

  // `text` is the file as it was written; a reader may have read a masked copy of the same length.
  Builder(std::string_view path, std::string_view text);

  // Everything up to close() is below the new node. Over a limit nothing is added and full() becomes true;
  // opens and closes still pair.
  std::uint32_t open(NodeKind kind, detect::Span span);
  void close();
  std::uint32_t leaf(NodeKind kind, detect::Span span) {
    const std::uint32_t index = open(kind, span);
    close();
    return index;
  }
  bool full() const { return full_; }

  // The innermost open node, and any node by its index.
  Node& top() { return nodes_[open_.back()]; }
  std::uint32_t top_index() const { return open_.back(); }
  Node& at(std::uint32_t index) { return nodes_[index]; }
  std::size_t depth() const { return open_.size(); }

  // The value of the nearest entry or parameter is more than one literal.
  void not_plain();
  // Sets the value of the innermost open node, which counts as plain until something below says otherwise.
  void value(detect::Span span);

  void reference(std::string_view name, detect::Span span, Interpolation interpolation);
  void inset(detect::Span span, Role role);

  std::string_view path() const { return path_; }
  std::string_view text() const { return text_; }
  std::string_view slice(detect::Span span) const { return text_.substr(span.begin, span.end - span.begin); }

  std::vector<Node>& nodes() { return nodes_; }
  std::vector<Reference>& references() { return references_; }
  std::vector<Inset>& insets() { return insets_; }

  // Closes what is open and puts references and insets in the order of the text.
  void finish();

 private:
  std::string_view path_, text_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> open_;
  std::vector<Reference> references_;
  std::vector<Inset> insets_;
  std::size_t refused_ = 0;  // opens that added nothing and wait for their close
  bool full_ = false;
};

// The span without one pair of quotes around it.
detect::Span unquoted(std::string_view text, detect::Span span);

}  // namespace fanlight::coupling
