// A folder of its own with real repositories in it, gone when the test ends.
#pragma once

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "fanlight/core/text.hpp"
#include "git/process.hpp"

namespace fanlight::host {

class GitSandbox {
 public:
  GitSandbox() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fanlight-git-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = std::filesystem::canonical(pattern).string();
  }
  ~GitSandbox() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  GitSandbox(const GitSandbox&) = delete;
  GitSandbox& operator=(const GitSandbox&) = delete;

  std::string path(const std::string& name) const { return name.empty() ? path_ : path_ + "/" + name; }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
  }

  // What git printed, trimmed; the test stops when it failed.
  std::string git(const std::string& folder, std::vector<std::string> arguments,
                  std::vector<std::string> more_environment = {}) const {
    ProcessResult result = try_git(folder, std::move(arguments), std::move(more_environment));
    BOOST_REQUIRE_MESSAGE(result.exit_code == 0, result.error_line);
    return std::string(trim(result.output));
  }

  ProcessResult try_git(const std::string& folder, std::vector<std::string> arguments,
                        std::vector<std::string> more_environment = {}) const {
    arguments.insert(arguments.begin(),
                     {"git", "-c", "init.defaultBranch=main", "-c", "core.autocrlf=false"});
    ProcessRun run{
        .argv = std::move(arguments),
        .environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + path_, "GIT_CONFIG_NOSYSTEM=1",
                        "LC_ALL=C", "GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.org",
                        "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.org"},
        .directory = path(folder),
        .output_bytes_max = 1 << 20};
    run.environment.insert(run.environment.end(), more_environment.begin(), more_environment.end());
    auto result = run_process(run, Deadline::after(std::chrono::seconds(30)));
    BOOST_REQUIRE_MESSAGE(result, result.error().text);
    return *result;
  }

  // Commits `text` as `name` in the work tree `folder`; the commit's id.
  std::string commit(const std::string& folder, const std::string& name, const std::string& text,
                     const std::string& message = "change") const {
    write(folder + "/" + name, text);
    git(folder, {"add", "--all"});
    git(folder, {"commit", "--quiet", "--allow-empty", "-m", message});
    return git(folder, {"rev-parse", "HEAD"});
  }

 private:
  std::string path_;
};

inline Deadline soon() {
  return Deadline::after(std::chrono::seconds(30));
}

}  // namespace fanlight::host
