#include "fanlight/cli/cli.hpp"

int main(int argc, char** argv) {
  return fanlight::cli::run(argc, argv);
}
