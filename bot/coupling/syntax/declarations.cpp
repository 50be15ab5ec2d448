// The names that a file gives a meaning to, read off its tree.
#include <algorithm>

#include "syntax/impl.hpp"

namespace fanlight::coupling {

namespace {

bool is_data_file(Format format) {
  return format == Format::yaml || format == Format::json || format == Format::toml ||
         format == Format::dotenv;
}

class Collector {
 public:
  Collector(const SyntaxTree& tree) : tree_(tree), nodes_(tree.nodes()) {}

  std::vector<Declaration> collect() {
    for (std::uint32_t i = 1; i < nodes_.size() && found_.size() < SyntaxTree::kDeclarationsMax; ++i)
      look_at(i);
    return std::move(found_);
  }

 private:
  void look_at(std::uint32_t index) {
    const Node& node = nodes_[index];
    switch (node.kind) {
      case NodeKind::block:
        if (tree_.format() == Format::hcl) hcl_block(index);
        break;
      case NodeKind::parameter:
        add(DeclarationKind::parameter, index, tree_.name_of(node), node.value, node.plain);
        break;
      case NodeKind::entry:
        entry(index);
        break;
      default:
        break;
    }
  }

  void hcl_block(std::uint32_t index) {
    const Node& node = nodes_[index];
    const std::string_view type = tree_.name_of(node);
    if (node.parent != 0 || node.labels.empty()) return;
    if (type != "variable" && type != "output") return;
    const bool variable = type == "variable";
    const auto value = tree_.entry(index, variable ? "default" : "value");
    add(variable ? DeclarationKind::parameter : DeclarationKind::output, index, node.labels.front(),
        value ? nodes_[*value].value : detect::Span{}, value && nodes_[*value].plain);
  }

  void entry(std::uint32_t index) {
    const Node& node = nodes_[index];
    const Node& above = nodes_[node.parent];
    const Format format = tree_.format();
    const bool top = node.parent == 0;
    if (format == Format::hcl) {
      if (top || (above.kind == NodeKind::map && is_inputs(nodes_[above.parent])))
        add(DeclarationKind::data_key, index, tree_.name_of(node), node.value, node.plain);
      if (above.kind == NodeKind::block && above.parent == 0 && tree_.name_of(above) == "locals")
        add(DeclarationKind::local, index, tree_.name_of(node), node.value, node.plain);
    } else if (is_data_file(format)) {
      if (in_list(index)) return;
      if (format != Format::dotenv && cloudformation_parameter(index)) return;
      add(DeclarationKind::data_key, index, tree_.name_of(node), node.value, node.plain);
    } else if (above.kind != NodeKind::map && above.kind != NodeKind::call && above.kind != NodeKind::list) {
      add(DeclarationKind::local, index, tree_.name_of(node), node.value, node.plain);
    }
  }

  bool is_inputs(const Node& node) const {
    return node.kind == NodeKind::entry && node.parent == 0 && tree_.name_of(node) == "inputs";
  }

  bool in_list(std::uint32_t index) const {
    for (; index != 0; index = nodes_[index].parent) {
      if (nodes_[index].kind == NodeKind::list) return true;
    }
    return false;
  }

  // Parameters: {Vpc: {Type: …, Default: …}} at the top declares Vpc. True for everything below Parameters.
  bool cloudformation_parameter(std::uint32_t index) {
    std::vector<std::uint32_t> path;
    for (std::uint32_t i = index; i != 0; i = nodes_[i].parent) {
      if (nodes_[i].kind == NodeKind::entry) path.push_back(i);
    }
    if (path.size() < 2 || tree_.name_of(nodes_[path.back()]) != "Parameters") return false;
    const std::uint32_t parameter = path[path.size() - 2];
    if (!tree_.entry(parameter, "Type")) return false;
    if (parameter == index) {
      const auto value = tree_.entry(index, "Default");
      add(DeclarationKind::parameter, index, tree_.name_of(nodes_[index]),
          value ? nodes_[*value].value : detect::Span{}, value && nodes_[*value].plain);
    }
    return true;
  }

  void add(DeclarationKind kind, std::uint32_t index, std::string_view name, detect::Span value, bool plain) {
    found_.push_back(
        {kind, name, tree_.key_path(index), nodes_[index].span, value, value.begin < value.end, plain});
  }

  const SyntaxTree& tree_;
  std::span<const Node> nodes_;
  std::vector<Declaration> found_;
};

}  // namespace

std::vector<Declaration> SyntaxTree::declarations() const {
  if (impl_->state != State::parsed) return {};
  return Collector(*this).collect();
}

}  // namespace fanlight::coupling
