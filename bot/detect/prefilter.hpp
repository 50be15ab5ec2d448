// Where anchors stand: all distinct literals of a rule set in one Vectorscan database, and the way back from
// a literal to the rules that want it. The order of the literals depends on the rules alone, so that a
// database compiled by fanlight-rulec fits the tables that an engine makes at start. Used only inside this
// box.
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
};

// A rule that wants an anchor, which is the `place`th of its own.
struct AnchorUse {
  std::uint32_t rule = 0, place = 0;
};

// uses_of[begin[i] .. begin[i + 1]) are the rules of anchor i.
struct AnchorTable {
  std::vector<Anchor> anchors;
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
