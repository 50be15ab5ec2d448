// Where in its file a literal stands: what it is there, and under which keys. Values only.
#pragma once

#include <cstdint>
#include <string>

namespace fanlight::coupling {

// What the literal is in its file. `unknown` is judged like `value`.
enum class Role : std::uint8_t {
  unknown,
  value,
  default_value,
  argument,
  key,
  label,
  comment,
  description,
  reference,
  ciphertext
};

struct Position {
  Role role = Role::unknown;
  std::string key_path;  // "resource.aws_instance.web.ami"; the nearest key when nothing better is known
  bool lexical =
      false;  // judged from the lines around it: no grammar for the file, or none that could read it
};

}  // namespace fanlight::coupling
