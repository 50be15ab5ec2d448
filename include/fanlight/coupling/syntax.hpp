// A file as its format reads it: blocks, entries, parameters, lists, calls, literals, references, comments.
// One tree for all formats, so that a rule asks "which block, which key, is it a default, does this string
// interpolate" once. Made by SyntaxTree::parse, or on the first question by LazySyntax (the scanner's way: a
// file without candidates is never parsed). Pure: no clock, no I/O; the same text gives the same tree on
// every machine. Any thread; a tree is read-only once made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/position.hpp"
#include "fanlight/detect/engine.hpp"

namespace fanlight::coupling {

enum class Format : std::uint8_t {
  none,
  hcl,
  yaml,
  json,
  toml,
  python,
  javascript,
  puppet,
  dockerfile,
  shell,
  dotenv,
  nix,
  text
};
// By name alone; the suffix of a template (.j2, .erb, .epp, .tpl, .tftpl …) is looked through: "x.yaml.j2" is
// YAML. `text` is a template of nothing that has a parser: only its template parts are known.
Format format_of(std::string_view path);
std::string_view to_string(Format format);

enum class NodeKind : std::uint8_t {
  file,       // the root
  document,   // one of a YAML stream
  block,      // HCL block, class, function, resource, node, Dockerfile stage: `name` and `labels`
  entry,      // key and value: attribute, mapping pair, assignment, keyword argument
  parameter,  // of a class, function, define, or a `variable` of its own line: `name`, `value` is the default
  list,       // a sequence
  map,        // an object or mapping without a key of its own (an item of a list, an argument)
  call,       // `name` is the callee
  text,       // a string, heredoc, block scalar, number, bare word: something written literally
  reference,  // an expression that is looked up; literals inside it are `text` nodes below it
  comment,
  ciphertext,
  error,  // what the parser could not read
};

// Spans are bytes of the text, begin inclusive, end exclusive. A missing part is the empty span {0, 0}.
struct Node {
  NodeKind kind = NodeKind::file;
  bool plain = false;         // entry, parameter: the value is a literal and nothing else
  bool interpolates = false;  // text: the language replaces references in this string
  std::uint32_t parent = 0;   // index into nodes(); the root is its own parent
  std::uint32_t end = 0;      // nodes()[i + 1 … end) are below node i
  detect::Span span = {};
  detect::Span name = {};   // without quotes
  detect::Span value = {};  // entry, parameter: with quotes
  std::vector<std::string_view> labels =
      {};  // of an HCL block, in order; the type's parts of a typed Puppet resource
};

enum class DeclarationKind : std::uint8_t { parameter, local, output, data_key };

// A name that the file gives a meaning to.
struct Declaration {
  DeclarationKind kind = DeclarationKind::parameter;
  std::string_view name;  // "vpc_id"; of a data key the last part
  std::string key_path;   // "variable.vpc_id", "class.ntp.server", "image.repository"
  detect::Span span;      // the whole declaration
  detect::Span value;     // the default or the value, with quotes; empty when there is none
  bool has_value = false;
  bool plain = false;  // the value is a literal and nothing else
};

enum class Interpolation : std::uint8_t {
  live,     // the language looks it up
  inert,    // written like a reference, and stays text: '${x}' in single quotes of Puppet, ${x} in plain
            // JavaScript
  unknown,  // depends on who reads the file: ${X} in YAML that Flux or envsubst may see
};

struct Reference {
  std::string_view name;  // "var.env", "local.x", ".Values.image.tag", "AWS::AccountId", "facts.os"
  detect::Span span;      // with its braces
  Interpolation interpolation = Interpolation::live;
};

class SyntaxTree {
 public:
  enum class State : std::uint8_t {
    parsed,      // perhaps with error nodes
    no_parser,   // the format has none
    too_large,   // over kTextBytesMax, or too much work for what it says (minified, hostile)
    unparsable,  // more than half of it is errors
  };
  // Larger files are judged from their lines: they are generated, and nobody reviews them.
  static constexpr std::size_t kTextBytesMax = 1024 * 1024;

  // `path` and `text` must outlive the tree.
  static SyntaxTree parse(std::string_view path, std::string_view text);

  SyntaxTree(SyntaxTree&&) noexcept;
  SyntaxTree& operator=(SyntaxTree&&) noexcept;
  ~SyntaxTree();

  State state() const;
  Format format() const;
  std::string_view text() const;
  std::string_view slice(detect::Span span) const;  // clamped to the text

  // Nothing where the tree does not know: no parser, or inside an error. Ask the lines then (position_of of
  // judge.hpp does both).
  std::optional<Position> position_of(detect::Span span) const;

  // In the order of the text, parents before what is below them; nodes()[0] is the root.
  std::span<const Node> nodes() const;
  std::string_view name_of(const Node& node) const { return slice(node.name); }
  // The deepest node that holds the whole span.
  std::uint32_t innermost(detect::Span span) const;
  // The nearest node of that kind at or above `index`; nothing when there is none.
  std::optional<std::uint32_t> nearest(std::uint32_t index, NodeKind kind) const;
  // Nodes directly below.
  std::vector<std::uint32_t> children(std::uint32_t index) const;
  // The entry or parameter of that name directly below a block, a map or a document (also through one map).
  std::optional<std::uint32_t> entry(std::uint32_t index, std::string_view name) const;
  // "resource.aws_instance.web.ami": the names of the node and of all above it.
  std::string key_path(std::uint32_t index) const;
  // A text's content without its quotes; of an entry or a parameter, its value's.
  std::string_view literal(std::uint32_t index) const;

  // In the order of the text; made anew by each call, at most kDeclarationsMax.
  std::vector<Declaration> declarations() const;
  std::span<const Reference> references() const;  // in the order of the text
  static constexpr std::size_t kDeclarationsMax = 20'000;

 private:
  struct Impl;
  friend class LazySyntax;
  explicit SyntaxTree(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Parses when first asked, and of a long text only the piece around the question (syntax/pieces.hpp). One
// thread at a time; `path` and `text` must outlive it.
class LazySyntax {
 public:
  LazySyntax(std::string_view path, std::string_view text);
  ~LazySyntax();
  LazySyntax(const LazySyntax&) = delete;
  LazySyntax& operator=(const LazySyntax&) = delete;

  Format format() const;
  // As SyntaxTree::position_of.
  std::optional<Position> position_of(detect::Span span);
  // The worst of what was parsed so far; no_parser when nothing was.
  SyntaxTree::State state() const { return state_; }

 private:
  struct Pieces;
  std::string_view path_, text_;
  std::unique_ptr<Pieces> pieces_;  // made by the first question
  SyntaxTree::State state_ = SyntaxTree::State::no_parser;
};

}  // namespace fanlight::coupling
