// HCL expressions, evaluated as far as a text alone allows: literals, templates, variables, locals,
// conditionals and the functions that make strings of strings. What is not known stays unknown; nothing is
// fetched. Bounded by a budget of steps, so that a hostile module costs no more than a large one. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fanlight::coupling {

inline constexpr std::size_t kHclTextBytesMax = 16 * 1024;  // of one value

struct HclEntry;

struct HclValue {
  enum class Kind : std::uint8_t { unknown, text, list, object };
  Kind kind = Kind::unknown;
  std::string text;  // numbers and booleans as they are written
  std::vector<HclValue> items;
  std::vector<HclEntry> entries;

  static HclValue of(std::string text);
  bool is_text() const { return kind == Kind::text; }
  // Every text in it, in order.
  void collect(std::vector<std::string>& out) const;
  // What a copy costs, in steps: values that hold each other twice grow faster than their text.
  std::size_t cost() const;
};

struct HclEntry {
  std::string key;
  HclValue value;
};

// What "var", "local", "each" … are: the value of "local.name". Called with the root and the name.
using HclNames = std::function<HclValue(std::string_view root, std::string_view name)>;

struct HclBudget {
  std::size_t steps = 500'000;
  unsigned depth = 64;
};

HclValue evaluate_hcl(std::string_view expression, const HclNames& names, HclBudget& budget);

}  // namespace fanlight::coupling
