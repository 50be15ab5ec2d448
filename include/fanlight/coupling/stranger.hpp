// The stranger check: a module as somebody else would use it. Every declared parameter gets a made-up,
// neutral value (192.0.2.0/24, example.org, 123456789012, fan-<hash>), what can be evaluated without running
// anything is evaluated, and the result is text to be scanned like any other. What points home in it is in
// the module itself, however it was split, renamed or moved to a local. Names that nobody declares are said:
// a module that does not evaluate is not ready. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/modules.hpp"

namespace fanlight::coupling {

struct ModuleText {
  std::string_view path;
  std::string_view text;
};

// Only what was put together; literals that stand in one piece are found in the files themselves.
struct StrangerText {
  std::string path;
  std::string text;                  // a line for each value: key = "value"
  std::vector<std::uint32_t> lines;  // of the file, for each line of `text`
};

struct UnresolvedName {
  std::string name;  // "var.zone"
  std::string path;
  std::uint32_t line = 0;
};

struct Instance {
  std::vector<StrangerText> texts;  // by path
  std::vector<UnresolvedName> unresolved;
  bool incomplete = false;  // over the budget
};

Instance instantiate(ModuleKind kind, std::span<const ModuleText> files);

// The value that a parameter of this name and type gets.
std::string neutral_value(std::string_view name, std::string_view type);

}  // namespace fanlight::coupling
