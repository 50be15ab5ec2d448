// Where the project's sources are, for tests that read data files. Only tests/unit/main.cpp is compiled with
// the path, so that the compiler cache serves every checkout.
#pragma once

#include <string>

namespace fanlight::testing {

std::string source_dir();

}  // namespace fanlight::testing
