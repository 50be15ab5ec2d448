// For the tests of the SQLite store alone: opening a file, and children of this process.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "suite.hpp"

namespace store_test {

inline std::unique_ptr<Store> open(const std::string& path, const SqliteOptions& options = unflushed()) {
  return ok(open_sqlite_store(path, options));
}

// Runs `work` in a child that _exits with what it returns.
inline pid_t in_child(const std::function<int()>& work) {
  pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  BOOST_REQUIRE(child > 0);
  return child;
}

inline int exit_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace store_test
