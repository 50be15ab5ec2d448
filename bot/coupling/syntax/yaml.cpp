// YAML of all who write it: Kubernetes, Ansible, CloudFormation, compose, CI, Helm values, hiera, Salt. The
// grammar gives pairs, sequences and scalars; what a tag or a key of CloudFormation makes of a scalar is
// decided here.
#include <algorithm>
#include <array>

#include "fanlight/core/text.hpp"
#include "syntax/readers.hpp"
#include "syntax/sitter.hpp"
#include "syntax/strings.hpp"

namespace fanlight::coupling {

namespace {

using sitter::Step;
using sitter::Visit;

enum Type : std::uint8_t {
  kOther,
  kDocument,
  kBlockPair,
  kFlowPair,
  kBlockMapping,
  kFlowMapping,
  kBlockSequence,
  kFlowSequence,
  kPlain,
  kDouble,
  kSingle,
  kBlockScalar,
  kTag,
  kAnchor,
  kAlias,
  kComment,
  kBlockNode,
  kFlowNode,
  kDirective,
  kDirectiveTag
};
constexpr auto kTypes = std::to_array<std::string_view>(
    {"document", "block_mapping_pair", "flow_pair", "block_mapping", "flow_mapping", "block_sequence",
     "flow_sequence", "plain_scalar", "double_quote_scalar", "single_quote_scalar", "block_scalar", "tag",
     "anchor", "alias", "comment", "block_node", "flow_node", "yaml_directive", "tag_directive"});
enum Field : std::uint8_t { kNoField, kKey, kValue };
constexpr auto kFields = std::to_array<std::string_view>({"key", "value"});

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// What the scalar after a tag, or below a key of CloudFormation, is.
enum class Meaning { text, substituted, reference, ciphertext };

Meaning meaning_of_tag(std::string_view tag) {
  if (is_one_of(tag, {"!vault", "!encrypted", "!sops", "!gpg", "!vault-encrypted"}))
    return Meaning::ciphertext;
  if (is_one_of(tag, {"!Sub"})) return Meaning::substituted;
  if (is_one_of(tag, {"!Ref", "!GetAtt", "!ImportValue", "!Condition", "!reference", "!secret", "!env_var",
                      "!include"}))
    return Meaning::reference;
  return Meaning::text;
}

Meaning meaning_of_key(std::string_view key) {
  if (key == "Fn::Sub") return Meaning::substituted;
  if (is_one_of(key, {"Ref", "Fn::Ref", "Fn::GetAtt", "Fn::ImportValue"})) return Meaning::reference;
  return Meaning::text;
}

// Who reads "${X}" in a plain scalar of this file.
Interpolation plain_braces(std::string_view path) {
  const std::string name = to_lower(path.substr(path.rfind('/') + 1));
  const bool compose = name.find("compose") != name.npos || name.starts_with("docker-stack");
  return compose ? Interpolation::live : Interpolation::unknown;
}

class YamlReader {
 public:
  explicit YamlReader(Builder& builder) : builder_(builder), braces_(plain_braces(builder.path())) {}

  Step enter(const Visit& visit) {
    if (visit.field == kKey && is_pair(visit.parent_type)) {
      builder_.top().name = key_span(visit.node);
      meaning_ = meaning_of_key(builder_.slice(builder_.top().name));
      return Step::skip;
    }
    if (visit.field == kValue && is_pair(visit.parent_type)) builder_.value(visit.span);
    switch (visit.type) {
      case kDocument:
        builder_.open(NodeKind::document, visit.span);
        return Step::opened;
      case kBlockPair:
      case kFlowPair:
        meaning_ = Meaning::text;
        builder_.open(NodeKind::entry, visit.span);
        return Step::opened;
      case kBlockMapping:
      case kFlowMapping:
        meaning_ = Meaning::text;
        builder_.open(NodeKind::map, visit.span);
        return Step::opened;
      case kBlockSequence:
      case kFlowSequence:
        // "Fn::Sub: [text, values]" and "!GetAtt [a, b]" keep their meaning.
        builder_.open(NodeKind::list, visit.span);
        return Step::opened;
      case kTag:
        meaning_ = meaning_of_tag(builder_.slice(visit.span));
        return Step::skip;
      case kPlain:
      case kDouble:
      case kSingle:
      case kBlockScalar:
        scalar(visit.span);
        return Step::skip;
      case kAlias:
        builder_.leaf(NodeKind::reference, visit.span);
        builder_.reference(builder_.slice(visit.span), visit.span, Interpolation::live);
        return Step::skip;
      case kComment:
        builder_.leaf(NodeKind::comment, visit.span);
        return Step::skip;
      case kAnchor:
      case kDirective:
      case kDirectiveTag:
        return Step::skip;
      default:
        return Step::descend;
    }
  }

  void leave(const Visit& visit) {
    if (visit.type == kBlockNode || visit.type == kFlowNode || is_pair(visit.type)) {
      if (visit.parent_type != kFlowSequence && visit.parent_type != kBlockSequence) meaning_ = Meaning::text;
    }
  }

 private:
  static bool is_pair(std::uint8_t type) { return type == kBlockPair || type == kFlowPair; }

  // The scalar of a key, without its anchor, tag and quotes.
  detect::Span key_span(TSNode node) const {
    const std::uint32_t count = ts_node_named_child_count(node);
    const TSNode scalar = count == 0 ? node : ts_node_named_child(node, count - 1);
    return unquoted(builder_.text(), sitter::span_of(scalar));
  }

  void scalar(detect::Span span) {
    const std::string_view content = builder_.slice(unquoted(builder_.text(), span));
    if (meaning_ == Meaning::ciphertext || content.starts_with("$ANSIBLE_VAULT;")) {
      builder_.leaf(NodeKind::ciphertext, span);
      return;
    }
    if (meaning_ == Meaning::reference) {
      builder_.at(builder_.leaf(NodeKind::reference, span)).name = unquoted(builder_.text(), span);
      builder_.reference(content, span, Interpolation::live);
      return;
    }
    const bool substituted = meaning_ == Meaning::substituted;
    const std::uint32_t index = builder_.leaf(NodeKind::text, span);
    builder_.at(index).interpolates = substituted || braces_ == Interpolation::live;
    if (content.find("${") != content.npos) braces(span, substituted);
    if (content.find("%{") != content.npos) {
      add_braces(builder_, span, {.sign = '%', .interpolation = Interpolation::live, .defaults = false});
    }
  }

  void braces(detect::Span span, bool substituted) {
    const std::size_t first = builder_.references().size();
    add_braces(builder_, span,
               {.interpolation = substituted ? Interpolation::live : braces_, .defaults = !substituted});
    if (builder_.references().size() > first) builder_.not_plain();
    if (substituted) return;
    // CloudFormation's own names are replaced below !Sub alone.
    for (std::size_t i = first; i < builder_.references().size(); ++i) {
      Reference& reference = builder_.references()[i];
      if (reference.name.starts_with("AWS::")) reference.interpolation = Interpolation::inert;
    }
  }

  Builder& builder_;
  Interpolation braces_;
  Meaning meaning_ = Meaning::text;
};

}  // namespace

Reading read_yaml(Builder& builder, std::string_view masked) {
  static const sitter::Names kNames(tree_sitter_yaml(), kTypes, kFields);
  const sitter::Tree tree = sitter::parse(tree_sitter_yaml(), masked);
  if (!tree) return {};
  YamlReader reader(builder);
  const std::size_t error_bytes = sitter::walk(tree.get(), kNames, builder, reader);
  return {true, error_bytes};
}

}  // namespace fanlight::coupling
