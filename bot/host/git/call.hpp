// One call of the git program, as GitRepository makes it. Only for repository.cpp, content.cpp and notes.cpp.
#pragma once

#include <string>
#include <vector>

#include "fanlight/host/git_repository.hpp"
#include "git/process.hpp"

namespace fanlight::host {

struct GitRepository::Call {
  std::string what;  // for errors: "merge base"
  std::vector<std::string> arguments;
  std::string input = {};
  std::size_t output_bytes_max = 64 * 1024;
  bool quarantine = true;  // sees the objects of a push that is not accepted yet
  // Reads the index. Without it git cannot take attributes from there: "*.tf -diff" would hide files from a
  // diff.
  bool index = false;
};

struct GitRepository::Answer {
  ProcessResult process;
  std::string what;
};

}  // namespace fanlight::host
