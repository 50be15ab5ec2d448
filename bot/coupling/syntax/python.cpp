// Python, as Pulumi and CDK programs use it: parameters with defaults, keyword arguments, dictionaries,
// f-strings.
#include <algorithm>
#include <array>

#include "syntax/readers.hpp"
#include "syntax/sitter.hpp"

namespace fanlight::coupling {

namespace {

using sitter::Step;
using sitter::Visit;

enum Type : std::uint8_t {
  kOther,
  kFunction,
  kClass,
  kDefaultParameter,
  kTypedDefault,
  kAssignment,
  kKeyword,
  kPair,
  kDictionary,
  kList,
  kTuple,
  kSet,
  kCall,
  kString,
  kInterpolation,
  kStringContent,
  kInteger,
  kFloat,
  kIdentifier,
  kAttribute,
  kComment,
  kStatement,
  kParameters,
  kOperator,
  kConditional,
  kImport,
  kImportFrom,
  kTypeAnnotation,
  kFormat,
  kConversion,
  kTypedParameter
};
// clang-format off
constexpr auto kTypes = std::to_array<std::string_view>(
    {"function_definition", "class_definition", "default_parameter", "typed_default_parameter", "assignment",
     "keyword_argument", "pair", "dictionary", "list", "tuple", "set", "call", "string", "interpolation",
     "string_content", "integer", "float", "identifier", "attribute", "comment", "expression_statement", "parameters",
     "binary_operator", "conditional_expression", "import_statement", "import_from_statement", "type",
     "format_specifier", "type_conversion", "typed_parameter"});
// clang-format on
enum Field : std::uint8_t { kNoField, kName, kValue, kLeft, kRight, kKey, kCallee };
constexpr auto kFields =
    std::to_array<std::string_view>({"name", "value", "left", "right", "key", "function"});

class PythonReader {
 public:
  explicit PythonReader(Builder& builder) : builder_(builder) {}

  Step enter(const Visit& visit) {
    if (names(visit)) {
      builder_.top().name = unquoted(builder_.text(), visit.span);
      return Step::skip;
    }
    const bool value = visit.field == kValue || visit.field == kRight;
    if (value && visit.parent_type != kOther && is_entry(visit.parent_type)) builder_.value(visit.span);
    switch (visit.type) {
      case kFunction:
      case kClass:
        builder_.open(NodeKind::block, visit.span);
        return Step::opened;
      case kDefaultParameter:
      case kTypedDefault:
        builder_.open(NodeKind::parameter, visit.span);
        return Step::opened;
      case kAssignment:
      case kKeyword:
      case kPair:
        builder_.open(NodeKind::entry, visit.span);
        return Step::opened;
      case kDictionary:
        builder_.open(NodeKind::map, visit.span);
        return Step::opened;
      case kList:
      case kTuple:
      case kSet:
        builder_.open(NodeKind::list, visit.span);
        return Step::opened;
      case kCall:
        builder_.open(NodeKind::call, visit.span);
        return Step::opened;
      case kString:
        return string(visit);
      case kInterpolation:
        builder_.open(NodeKind::reference, visit.span);
        return Step::opened;
      case kInteger:
      case kFloat:
        builder_.leaf(NodeKind::text, visit.span);
        return Step::skip;
      case kIdentifier:
      case kAttribute:
        identifier(visit);
        return Step::skip;
      case kComment:
        builder_.leaf(NodeKind::comment, visit.span);
        return Step::skip;
      case kParameters:
        in_parameters_ = true;
        return Step::descend;
      case kOperator:
      case kConditional:
        builder_.not_plain();
        return Step::descend;
      case kImport:
      case kImportFrom:
      case kTypeAnnotation:
      case kFormat:
      case kConversion:
      case kStringContent:
        return Step::skip;
      default:
        return Step::descend;
    }
  }

  void leave(const Visit& visit) {
    if (visit.type == kParameters) in_parameters_ = false;
  }

 private:
  static bool is_entry(std::uint8_t type) {
    return type == kDefaultParameter || type == kTypedDefault || type == kAssignment || type == kKeyword ||
           type == kPair;
  }

  // The child that names the node above it.
  static bool names(const Visit& visit) {
    switch (visit.parent_type) {
      case kFunction:
      case kClass:
      case kDefaultParameter:
      case kTypedDefault:
      case kKeyword:
        return visit.field == kName;
      case kAssignment:
        return visit.field == kLeft;
      case kPair:
        return visit.field == kKey;
      case kCall:
        return visit.field == kCallee && (visit.type == kIdentifier || visit.type == kAttribute);
      default:
        return false;
    }
  }

  Step string(const Visit& visit) {
    // A string that is a statement explains: it is nobody's value.
    if (visit.parent_type == kStatement) {
      builder_.leaf(NodeKind::comment, visit.span);
      return Step::skip;
    }
    const std::string_view text = builder_.slice(visit.span);
    const std::string_view prefix = text.substr(0, text.find_first_of("\"'"));
    builder_.at(builder_.open(NodeKind::text, visit.span)).interpolates =
        prefix.find_first_of("fFtT") != prefix.npos;
    return Step::opened;
  }

  void identifier(const Visit& visit) {
    if (in_parameters_ && visit.parent_type == kParameters) {
      builder_.at(builder_.leaf(NodeKind::parameter, visit.span)).name = visit.span;
      return;
    }
    if (in_parameters_ && visit.parent_type == kTypedParameter) {
      builder_.at(builder_.leaf(NodeKind::parameter, visit.span)).name = visit.span;
      return;
    }
    builder_.at(builder_.leaf(NodeKind::reference, visit.span)).name = visit.span;
    builder_.reference(builder_.slice(visit.span), visit.span, Interpolation::live);
  }

  Builder& builder_;
  bool in_parameters_ = false;
};

}  // namespace

Reading read_python(Builder& builder, std::string_view masked) {
  static const sitter::Names kNames(tree_sitter_python(), kTypes, kFields);
  const sitter::Tree tree = sitter::parse(tree_sitter_python(), masked);
  if (!tree) return {};
  PythonReader reader(builder);
  return {true, sitter::walk(tree.get(), kNames, builder, reader)};
}

}  // namespace fanlight::coupling
