// Where anchors stand: the literals of a rule set in one Vectorscan database, and the way back from a literal
// to the anchors that hold it and the rules that want them. Vectorscan slows down with the number of its
// literals, so that of anchors that hold another only the other is one. Their order depends on the rules
// alone, so that a database compiled by fanlight-rulec fits the tables that an engine makes at start. Used
// only inside this box.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/core/result.hpp"
#include "fanlight/detect/rule.hpp"

struct hs_database;

namespace fanlight::detect {

struct Anchor {
  std::string_view text;
  bool ignore_case = false;

  // Whether the anchor stands in `text` at `at`.
  bool stands_at(std::string_view text, std::size_t at) const;
};

// A rule that wants an anchor, which is the `place`th of its own.
struct AnchorUse {
  std::uint32_t rule = 0, place = 0;
};

// An anchor that holds a literal, which starts `offset` bytes behind its start.
struct Holder {
  std::uint32_t anchor = 0, offset = 0;
};

// uses_of[begin[i] .. begin[i + 1]) are the rules of anchor i, holders[i] the anchors to look for where
// literal i is: itself, and those that hold it and no literal that ends before; the earliest start first.
struct AnchorTable {
  std::vector<Anchor> anchors;
  std::vector<Anchor> literals;
  std::vector<std::vector<Holder>> holders;
  std::vector<std::uint32_t> begin;
  std::vector<AnchorUse> uses_of;

  std::span<const AnchorUse> uses(std::size_t anchor) const {
    return std::span(uses_of).subspan(begin[anchor], begin[anchor + 1] - begin[anchor]);
  }
};

AnchorTable make_anchor_table(std::span<const Rule> rules);

struct DatabaseFree {
  void operator()(hs_database* database) const;
};
using DatabasePtr = std::unique_ptr<hs_database, DatabaseFree>;

// For this processor when `platform` is empty; else one of platform_names(). unsupported when this build of
// Vectorscan cannot compile for it.
Result<DatabasePtr> compile_database(const AnchorTable& table, std::string_view platform = {});
// Best first.
std::span<const std::string_view> platform_names();

Result<std::string> serialize_database(const hs_database& database);
// The best of `databases` that this processor can run; null when there is none.
DatabasePtr load_database(std::span<const RuleSet::Database> databases);

}  // namespace fanlight::detect
