// Terraform, OpenTofu, Terragrunt, Packer, Nomad: blocks with labels, attributes, and expressions in which
// every string interpolates.
#include <array>

#include "syntax/readers.hpp"
#include "syntax/sitter.hpp"

namespace fanlight::coupling {

namespace {

using sitter::Step;
using sitter::Visit;

enum Type : std::uint8_t {
  kOther,
  kBlock,
  kAttribute,
  kIdentifier,
  kStringLit,
  kQuotedTemplate,
  kHeredoc,
  kInterpolation,
  kIfIntro,
  kForIntro,
  kTemplateForStart,
  kObjectElem,
  kTuple,
  kObject,
  kCall,
  kVariable,
  kGetAttr,
  kIndex,
  kSplat,
  kComment,
  kNumber,
  kBool,
  kNull,
  kOperation,
  kConditional,
  kExpression,
  kForTuple,
  kForObject
};
// clang-format off
constexpr auto kTypes = std::to_array<std::string_view>(
    {"block", "attribute", "identifier", "string_lit", "quoted_template", "heredoc_template", "template_interpolation",
     "template_if_intro", "for_intro", "template_for_start", "object_elem", "tuple", "object", "function_call",
     "variable_expr", "get_attr", "index", "splat", "comment", "numeric_lit", "bool_lit", "null_lit", "operation",
     "conditional", "expression", "for_tuple_expr", "for_object_expr"});
// clang-format on
enum Field : std::uint8_t { kNoField, kKey, kVal };
constexpr auto kFields = std::to_array<std::string_view>({"key", "val"});

// "$${x}" and "%%{x}" are written out as they stand, without the first sign.
void add_escaped(Builder& builder, detect::Span span) {
  const std::string_view text = builder.slice(span);
  for (std::size_t at = 0; (at = text.find("{", at)) != text.npos; ++at) {
    if (at < 2 || text[at - 1] != text[at - 2] || (text[at - 1] != '$' && text[at - 1] != '%')) continue;
    const std::size_t close = text.find('}', at);
    if (close == text.npos) return;
    builder.reference(text.substr(at + 1, close - at - 1), {span.begin + at - 1, span.begin + close + 1},
                      Interpolation::inert);
  }
}

class HclReader {
 public:
  explicit HclReader(Builder& builder) : builder_(builder) {}

  Step enter(const Visit& visit) {
    switch (visit.type) {
      case kBlock:
        builder_.open(NodeKind::block, visit.span);
        return Step::opened;
      case kAttribute:
      case kObjectElem:
        builder_.open(NodeKind::entry, visit.span);
        return Step::opened;
      case kIdentifier:
        name(visit);
        return Step::skip;
      case kStringLit:
        if (visit.parent_type == kBlock) {
          builder_.top().labels.push_back(builder_.slice(unquoted(builder_.text(), visit.span)));
          return Step::skip;
        }
        if (!indexes_.empty()) return Step::skip;
        text(visit);
        builder_.close();
        add_escaped(builder_, visit.span);
        return Step::skip;
      case kQuotedTemplate:
      case kHeredoc:
        text(visit);
        add_escaped(builder_, visit.span);
        return Step::opened;
      case kNumber:
      case kBool:
      case kNull:
        if (indexes_.empty()) builder_.leaf(NodeKind::text, visit.span);
        return Step::skip;
      case kInterpolation:
      case kIfIntro:
      case kTemplateForStart:
        builder_.open(NodeKind::reference, visit.span);
        return Step::opened;
      case kTuple:
      case kForTuple:
        builder_.open(NodeKind::list, visit.span);
        return Step::opened;
      case kObject:
      case kForObject:
        builder_.open(NodeKind::map, visit.span);
        return Step::opened;
      case kCall:
        builder_.open(NodeKind::call, visit.span);
        return Step::opened;
      case kVariable:
        last_ = builder_.leaf(NodeKind::reference, visit.span);
        builder_.at(last_).name = visit.span;
        return Step::skip;
      case kGetAttr:
      case kSplat:
        extend(visit.span);
        return Step::skip;
      case kIndex:
        extend(visit.span);
        indexes_.push_back(last_);
        return Step::descend;
      case kOperation:
      case kConditional:
        builder_.not_plain();
        return Step::descend;
      case kComment:
        builder_.leaf(NodeKind::comment, visit.span);
        return Step::skip;
      case kExpression:
        if (visit.parent_type == kAttribute) builder_.value(visit.span);
        if (visit.parent_type == kObjectElem && visit.field == kVal) builder_.value(visit.span);
        if (visit.parent_type == kObjectElem && visit.field == kKey) {
          builder_.top().name = unquoted(builder_.text(), visit.span);
          return Step::skip;
        }
        return Step::descend;
      default:
        return Step::descend;
    }
  }

  void leave(const Visit& visit) {
    if (visit.type != kIndex || indexes_.empty()) return;
    last_ = indexes_.back();
    indexes_.pop_back();
  }

 private:
  void name(const Visit& visit) {
    Node& top = builder_.top();
    if (visit.parent_type == kBlock && top.name.end != 0) {
      top.labels.push_back(builder_.slice(visit.span));
    } else if (visit.parent_type == kBlock || visit.parent_type == kAttribute || visit.parent_type == kCall) {
      top.name = visit.span;
    }
  }

  void text(const Visit& visit) {
    builder_.at(builder_.open(NodeKind::text, visit.span)).interpolates = true;
  }

  // ".id" and "[0]" belong to the reference that they follow.
  void extend(detect::Span span) {
    Node& node = builder_.at(last_);
    if (node.kind == NodeKind::reference && node.span.end == span.begin)
      node.span.end = node.name.end = span.end;
  }

  Builder& builder_;
  std::uint32_t last_ = 0;              // the last reference
  std::vector<std::uint32_t> indexes_;  // references whose index is being read
};

// "var.env" of "var.env[0].x": up to the first index. A bare word is a type, a function's variable, or
// nothing.
void collect_references(Builder& builder) {
  for (const Node& node : builder.nodes()) {
    if (node.kind != NodeKind::reference || node.name.end == 0) continue;
    std::string_view name = builder.slice(node.name);
    name = name.substr(0, name.find_first_of("[ \t\r\n*"));
    if (name.ends_with('.')) name.remove_suffix(1);
    if (name.find('.') != name.npos) builder.reference(name, node.span, Interpolation::live);
  }
}

}  // namespace

Reading read_hcl(Builder& builder, std::string_view masked) {
  static const sitter::Names kNames(tree_sitter_hcl(), kTypes, kFields);
  const sitter::Tree tree = sitter::parse(tree_sitter_hcl(), masked);
  if (!tree) return {};
  HclReader reader(builder);
  const std::size_t error_bytes = sitter::walk(tree.get(), kNames, builder, reader);
  collect_references(builder);
  return {true, error_bytes};
}

}  // namespace fanlight::coupling
