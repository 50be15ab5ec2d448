// tree-sitter as the readers use it: a parse with a limit of work, and a walk that needs no stack per level.
// The limit counts the parser's own steps, so that the same file gets the same answer on a slow machine; only
// a file made to hurt meets the fuse of CPU time behind it.
#pragma once

#include <tree_sitter/api.h>

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "syntax/builder.hpp"

extern "C" {
const TSLanguage* tree_sitter_hcl(void);
const TSLanguage* tree_sitter_yaml(void);
const TSLanguage* tree_sitter_json(void);
const TSLanguage* tree_sitter_toml(void);
const TSLanguage* tree_sitter_python(void);
}

namespace fanlight::coupling::sitter {

struct TreeDelete {
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};
using Tree = std::unique_ptr<TSTree, TreeDelete>;

// Nothing when the work was more than the text's size allows.
Tree parse(const TSLanguage* language, std::string_view text);

// The types and fields of a language that a reader knows, as small numbers: its own enumerators, from 1, in
// the order of the names. 0 is everything else.
class Names {
 public:
  Names(const TSLanguage* language, std::span<const std::string_view> types,
        std::span<const std::string_view> fields);
  std::uint8_t type(TSNode node) const {
    const TSSymbol symbol = ts_node_symbol(node);
    return symbol < types_.size() ? types_[symbol] : 0;
  }
  std::uint8_t field(TSFieldId id) const { return id < fields_.size() ? fields_[id] : 0; }

 private:
  std::vector<std::uint8_t> types_, fields_;
};

struct Visit {
  TSNode node;
  detect::Span span;
  std::uint8_t type = 0, field = 0;
  std::uint8_t parent_type = 0;  // of the node above in the syntax tree
};

// What a reader made of a node it was shown.
enum class Step : std::uint8_t {
  skip,     // nothing below matters
  descend,  // look below
  opened,   // it opened a node of the builder, closed when everything below was seen
};

inline detect::Span span_of(TSNode node) {
  return {ts_node_start_byte(node), ts_node_end_byte(node)};
}

// Shows `reader` every node (named ones only) before and after what is below it: `Step enter(const Visit&)`
// and `void leave(const Visit&)`. What the parser could not read becomes an error node. Returns how many
// bytes those are.
template <class Reader>
std::size_t walk(const TSTree* tree, const Names& names, Builder& builder, Reader& reader) {
  struct Level {
    Visit visit;
    bool opened;
  };
  std::vector<Level> above;
  std::size_t error_bytes = 0;
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  bool down = true;
  while (true) {
    if (down) {
      const TSNode node = ts_tree_cursor_current_node(&cursor);
      Step step = Step::skip;
      Visit visit{node, span_of(node), 0, 0, above.empty() ? std::uint8_t{0} : above.back().visit.type};
      if (ts_node_is_error(node)) {
        builder.leaf(NodeKind::error, visit.span);
        error_bytes += visit.span.end - visit.span.begin;
      } else if (ts_node_is_named(node)) {
        visit.type = names.type(node);
        visit.field = names.field(ts_tree_cursor_current_field_id(&cursor));
        step = reader.enter(visit);
      }
      if (step != Step::skip) {
        if (ts_tree_cursor_goto_first_child(&cursor)) {
          above.push_back({visit, step == Step::opened});
          continue;
        }
        if (step == Step::opened) builder.close();
        reader.leave(visit);
      }
    }
    if (ts_tree_cursor_goto_next_sibling(&cursor)) {
      down = true;
      continue;
    }
    if (above.empty() || !ts_tree_cursor_goto_parent(&cursor)) break;
    if (above.back().opened) builder.close();
    reader.leave(above.back().visit);
    above.pop_back();
    down = false;
  }
  ts_tree_cursor_delete(&cursor);
  return error_bytes;
}

}  // namespace fanlight::coupling::sitter
