// JSON, with comments; Terraform's JSON and CloudFormation's are what they are in their own syntax.
#include <array>

#include "fanlight/core/text.hpp"
#include "syntax/readers.hpp"
#include "syntax/sitter.hpp"
#include "syntax/strings.hpp"

namespace fanlight::coupling {

namespace {

using sitter::Step;
using sitter::Visit;

enum Type : std::uint8_t { kOther, kPair, kObject, kArray, kString, kNumber, kTrue, kFalse, kNull, kComment };
constexpr auto kTypes = std::to_array<std::string_view>(
    {"pair", "object", "array", "string", "number", "true", "false", "null", "comment"});
enum Field : std::uint8_t { kNoField, kKey, kValue };
constexpr auto kFields = std::to_array<std::string_view>({"key", "value"});

class JsonReader {
 public:
  explicit JsonReader(Builder& builder)
      : builder_(builder), terraform_(to_lower(builder.path()).ends_with(".tf.json")) {}

  Step enter(const Visit& visit) {
    if (visit.parent_type == kPair && visit.field == kKey) {
      builder_.top().name = unquoted(builder_.text(), visit.span);
      return Step::skip;
    }
    if (visit.parent_type == kPair && visit.field == kValue) builder_.value(visit.span);
    switch (visit.type) {
      case kPair:
        builder_.open(NodeKind::entry, visit.span);
        return Step::opened;
      case kObject:
        builder_.open(NodeKind::map, visit.span);
        return Step::opened;
      case kArray:
        builder_.open(NodeKind::list, visit.span);
        return Step::opened;
      case kString:
        string(visit.span);
        return Step::skip;
      case kNumber:
      case kTrue:
      case kFalse:
      case kNull:
        builder_.leaf(NodeKind::text, visit.span);
        return Step::skip;
      case kComment:
        builder_.leaf(NodeKind::comment, visit.span);
        return Step::skip;
      default:
        return Step::descend;
    }
  }

  void leave(const Visit&) {}

 private:
  void string(detect::Span span) {
    const Node& pair = builder_.top();
    const std::string_view key =
        pair.kind == NodeKind::entry ? builder_.slice(pair.name) : std::string_view();
    if (key == "Ref" || key == "Fn::GetAtt" || key == "Fn::ImportValue") {
      const detect::Span name = unquoted(builder_.text(), span);
      builder_.at(builder_.leaf(NodeKind::reference, span)).name = name;
      builder_.reference(builder_.slice(name), span, Interpolation::live);
      return;
    }
    const bool live = terraform_ || key == "Fn::Sub";
    builder_.at(builder_.leaf(NodeKind::text, span)).interpolates = live;
    if (builder_.slice(span).find("${") == std::string_view::npos) return;
    builder_.not_plain();
    add_braces(builder_, span,
               {.interpolation = live ? Interpolation::live : Interpolation::unknown, .defaults = !live});
  }

  Builder& builder_;
  bool terraform_;
};

}  // namespace

Reading read_json(Builder& builder, std::string_view masked) {
  static const sitter::Names kNames(tree_sitter_json(), kTypes, kFields);
  const sitter::Tree tree = sitter::parse(tree_sitter_json(), masked);
  if (!tree) return {};
  JsonReader reader(builder);
  return {true, sitter::walk(tree.get(), kNames, builder, reader)};
}

}  // namespace fanlight::coupling
