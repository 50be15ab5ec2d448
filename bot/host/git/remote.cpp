// A change fetched by git over https into a temporary repository: two references, their merge base, one diff.
#include <cstdlib>
#include <filesystem>

#include "fanlight/core/files.hpp"
#include "fanlight/host/git_fetch.hpp"
#include "fanlight/host/git_repository.hpp"
#include "git/process.hpp"

namespace fanlight::host {
namespace {

struct TemporaryDirectory {
  std::string path;
  TemporaryDirectory() = default;
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!path.empty()) std::filesystem::remove_all(path, ignored);
  }
};

// Settings as environment, so that the token stands in no argument list that other users could read.
std::vector<std::string> git_environment(const Secret& authorization) {
  std::vector<std::string> out{"PATH=" + environment("PATH").value_or("/usr/bin:/bin"),
                               "HOME=/nonexistent",
                               "LC_ALL=C",
                               "GIT_CONFIG_NOSYSTEM=1",
                               "GIT_CONFIG_GLOBAL=/dev/null",
                               "GIT_TERMINAL_PROMPT=0",
                               "GIT_ASKPASS=/bin/false",
                               "GIT_ALLOW_PROTOCOL=https:http"};
  for (const char* proxy : {"http_proxy", "https_proxy", "no_proxy"}) {
    if (const auto value = environment(proxy)) out.push_back(std::string(proxy) + '=' + *value);
  }
  std::vector<std::pair<std::string, std::string>> settings{{"http.followRedirects", "false"},
                                                            {"core.hooksPath", "/dev/null"},
                                                            {"fetch.fsckObjects", "true"},
                                                            {"credential.helper", ""}};
  if (!authorization.empty()) {
    settings.emplace_back("http.extraHeader", "Authorization: " + std::string(authorization.reveal()));
  }
  out.push_back("GIT_CONFIG_COUNT=" + std::to_string(settings.size()));
  for (std::size_t i = 0; i < settings.size(); ++i) {
    out.push_back("GIT_CONFIG_KEY_" + std::to_string(i) + '=' + settings[i].first);
    out.push_back("GIT_CONFIG_VALUE_" + std::to_string(i) + '=' + settings[i].second);
  }
  return out;
}

Result<void> run_git(std::vector<std::string> arguments, const GitFetchRequest& request, const char* what,
                     Deadline deadline) {
  ProcessRun run;
  run.argv = std::move(arguments);
  run.environment = git_environment(request.authorization);
  auto done = run_process(run, deadline);
  if (!done) return fail_in(what, done.error());
  if (done->exit_code == 0) return {};
  return fail(ErrorCode::unavailable, std::string(what) + ": " + request.url + ": " + done->error_line);
}

// A temporary repository with what `refspecs` name. `directory` is where; it outlives the repository.
Result<GitRepository> fetch_into(TemporaryDirectory& directory, const GitFetchRequest& request,
                                 const std::vector<std::string>& options,
                                 const std::vector<std::string>& refspecs, Deadline deadline) {
  if (!request.url.starts_with("https://") && !request.url.starts_with("http://")) {
    return fail(ErrorCode::unsupported, "git fetch: " + request.url + ": not https");
  }
  std::string pattern = (std::filesystem::temp_directory_path() / "fanlight-fetch-XXXXXX").string();
  if (!mkdtemp(pattern.data())) return fail(ErrorCode::io, "git fetch: no temporary directory can be made");
  directory.path = pattern;
  if (auto made =
          run_git({"git", "init", "--quiet", "--bare", directory.path}, request, "git init", deadline);
      !made) {
    return std::unexpected(made.error());
  }
  std::vector<std::string> command{
      "git",     "-C",        directory.path,          "fetch",
      "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(request.url);
  command.insert(command.end(), refspecs.begin(), refspecs.end());
  if (auto fetched = run_git(std::move(command), request, "git fetch", deadline); !fetched)
    return std::unexpected(fetched.error());
  return GitRepository::open(directory.path, GitTrust::anybody, deadline);
}

Result<std::string> fetch_diff(const GitFetchRequest& request, Deadline deadline) {
  if (!is_object_id(request.base_sha) || !is_object_id(request.head_sha) || !is_ref_name(request.head_ref)) {
    return fail(ErrorCode::bad_input, "git fetch: not a commit or not a reference");
  }
  TemporaryDirectory directory;
  // The base by its id: a host that allows reviews allows fetching what a branch reaches.
  auto repository = fetch_into(
      directory, request, {},
      {"+" + request.head_ref + ":refs/fanlight/head", "+" + request.base_sha + ":refs/fanlight/base"},
      deadline);
  if (!repository) return std::unexpected(repository.error());
  // The reference may have moved on since the host told the head: what is asked for is judged, nothing else.
  if (const auto has = repository->has_commit(request.head_sha, deadline); !has || !*has) {
    return fail(ErrorCode::not_found, "git fetch: " + request.url + ": commit " +
                                          request.head_sha.substr(0, 7) + " is not in " + request.head_ref);
  }
  auto base = repository->merge_base(request.base_sha, request.head_sha, deadline);
  if (!base) return std::unexpected(base.error());
  return repository->diff(*base, request.head_sha, request.diff_bytes_max, deadline);
}

Result<Tree> fetch_tree(const GitFetchRequest& request, const TreeLimits& limits, Deadline deadline) {
  if (!is_object_id(request.head_sha)) return fail(ErrorCode::bad_input, "git fetch: not a commit");
  TemporaryDirectory directory;
  auto repository = fetch_into(directory, request, {"--depth=1"},
                               {"+" + request.head_sha + ":refs/fanlight/head"}, deadline);
  if (!repository) return std::unexpected(repository.error());
  return read_tree(*repository, request.head_sha, limits, deadline);
}

}  // namespace

Result<Tree> read_tree(const GitRepository& repository, const std::string& commit, const TreeLimits& limits,
                       Deadline deadline) {
  Tree tree;
  auto paths = repository.list_files(commit, deadline);
  if (!paths) return std::unexpected(paths.error());
  if (paths->size() > limits.files_max)
    return fail(ErrorCode::too_large, "git: read all files: " + std::to_string(paths->size()) +
                                          " files are over the limit of " + std::to_string(limits.files_max));
  tree.paths = std::move(*paths);
  auto files = repository.files(commit, tree.paths, limits.file_bytes_max, limits.total_bytes_max, deadline);
  if (!files) return std::unexpected(files.error());
  for (auto& [path, file] : *files) {
    if (file.text) tree.texts.emplace(path, std::move(*file.text));
  }
  return tree;
}

GitTreeFetch git_tree_fetch_on(boost::asio::thread_pool& pool) {
  return [&pool](GitFetchRequest request, TreeLimits limits, Deadline deadline) -> Task<Result<Tree>> {
    return on_pool(pool, [request = std::move(request), limits, deadline] {
      return fetch_tree(request, limits, deadline);
    });
  };
}

GitFetch git_fetch_on(boost::asio::thread_pool& pool) {
  return [&pool](GitFetchRequest request, Deadline deadline) -> Task<Result<std::string>> {
    return on_pool(pool, [request = std::move(request), deadline] { return fetch_diff(request, deadline); });
  };
}

}  // namespace fanlight::host
