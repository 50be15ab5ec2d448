// HCL as blocks and attributes with the spans of their expressions; expressions are left as text for whoever
// evaluates them. Forgiving: what it cannot read is skipped to the end of the line. Pure, linear, bounded in
// depth.
#pragma once

#include <string_view>
#include <vector>

#include "fanlight/detect/engine.hpp"

namespace fanlight::coupling {

inline constexpr unsigned kHclDepthMax = 64;

struct HclAttribute {
  std::string_view name;
  detect::Span value;  // the expression, without white space around it
};

struct HclBlock;
struct HclBody {
  std::vector<HclAttribute> attributes;
  std::vector<HclBlock> blocks;

  const HclAttribute* find(std::string_view name) const;
};

struct HclBlock {
  std::string_view type;
  std::vector<std::string_view> labels;  // without quotes
  detect::Span span;                     // from the type to the closing brace
  HclBody body;
};

// Everything points into `text`.
HclBody parse_hcl(std::string_view text);
// Past the string, heredoc or comment that begins at `at`; `at` itself when none does.
std::size_t skip_hcl_token(std::string_view text, std::size_t at);
// The text of a plain string ("…" without interpolation or escapes), else nothing and false.
bool plain_string(std::string_view expression, std::string_view& out);

}  // namespace fanlight::coupling
