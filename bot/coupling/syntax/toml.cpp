// TOML: tables are blocks, the rest is pairs.
#include <array>

#include "syntax/readers.hpp"
#include "syntax/sitter.hpp"

namespace fanlight::coupling {

namespace {

using sitter::Step;
using sitter::Visit;

enum Type : std::uint8_t {
  kOther,
  kTable,
  kTableArray,
  kPair,
  kBareKey,
  kQuotedKey,
  kDottedKey,
  kString,
  kInteger,
  kFloat,
  kBoolean,
  kArray,
  kInlineTable,
  kComment
};
constexpr auto kTypes = std::to_array<std::string_view>(
    {"table", "table_array_element", "pair", "bare_key", "quoted_key", "dotted_key", "string", "integer",
     "float", "boolean", "array", "inline_table", "comment"});

class TomlReader {
 public:
  explicit TomlReader(Builder& builder) : builder_(builder) {}

  Step enter(const Visit& visit) {
    const bool key = visit.type == kBareKey || visit.type == kQuotedKey || visit.type == kDottedKey;
    if (key) {
      builder_.top().name = unquoted(builder_.text(), visit.span);
      return Step::skip;
    }
    if (visit.parent_type == kPair && visit.type != kComment) builder_.value(visit.span);
    switch (visit.type) {
      case kTable:
      case kTableArray:
        builder_.open(NodeKind::block, visit.span);
        return Step::opened;
      case kPair:
        builder_.open(NodeKind::entry, visit.span);
        return Step::opened;
      case kArray:
        builder_.open(NodeKind::list, visit.span);
        return Step::opened;
      case kInlineTable:
        builder_.open(NodeKind::map, visit.span);
        return Step::opened;
      case kComment:
        builder_.leaf(NodeKind::comment, visit.span);
        return Step::skip;
      case kString:
      case kInteger:
      case kFloat:
      case kBoolean:
        builder_.leaf(NodeKind::text, visit.span);
        return Step::skip;
      default:
        return visit.parent_type == kPair ? Step::skip : Step::descend;
    }
  }

  void leave(const Visit&) {}

 private:
  Builder& builder_;
};

}  // namespace

Reading read_toml(Builder& builder, std::string_view masked) {
  static const sitter::Names kNames(tree_sitter_toml(), kTypes, {});
  const sitter::Tree tree = sitter::parse(tree_sitter_toml(), masked);
  if (!tree) return {};
  TomlReader reader(builder);
  return {true, sitter::walk(tree.get(), kNames, builder, reader)};
}

}  // namespace fanlight::coupling
