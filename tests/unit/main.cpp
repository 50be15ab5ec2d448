// The Boost.Test runner, compiled once and shared by every test program.
#define BOOST_TEST_MODULE fanlight
#include <boost/test/unit_test.hpp>

#include "support/source_dir.hpp"

std::string fanlight::testing::source_dir() {
  return FANLIGHT_SOURCE_DIR;
}
