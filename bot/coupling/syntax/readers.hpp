// One function per format: reads a text into a builder. `masked` has the length of the builder's text and
// blanks where a template stood; names and contents are taken from the builder's own text.
#pragma once

#include <string_view>

#include "syntax/builder.hpp"

namespace fanlight::coupling {

struct Reading {
  bool done = false;            // false: given up, more work than the text is worth
  std::size_t error_bytes = 0;  // of what could not be read
};

Reading read_hcl(Builder& builder, std::string_view masked);
Reading read_yaml(Builder& builder, std::string_view masked);
Reading read_json(Builder& builder, std::string_view masked);
Reading read_toml(Builder& builder, std::string_view masked);
Reading read_python(Builder& builder, std::string_view masked);
Reading read_code(Builder& builder, std::string_view masked);   // Puppet, JavaScript and TypeScript, Nix
Reading read_shell(Builder& builder, std::string_view masked);  // shell, .env, Dockerfile

}  // namespace fanlight::coupling
