// How git is called, and everything about revisions. The environment and the options below are the whole
// defence against a hostile repository: see `hardened_environment` and `hardened_options`, one reason per
// line.
#include "fanlight/host/git_repository.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "fanlight/core/files.hpp"
#include "fanlight/core/text.hpp"
#include "git/call.hpp"

namespace fanlight::host {
namespace {

constexpr std::size_t revision_bytes_max = 1024;
constexpr std::size_t line_bytes_max = 16 * 1024;
constexpr std::size_t commit_bytes_max = 256 * 1024;  // author and message of one commit

std::vector<std::string> hardened_environment(const std::string& empty_tree) {
  return {
      "PATH=" + environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin"),
      "LC_ALL=C",
      "HOME=/nonexistent",              // no configuration but the repository's own
      "GIT_CONFIG_NOSYSTEM=1",          //
      "GIT_CONFIG_GLOBAL=/dev/null",    //
      "GIT_ATTR_NOSYSTEM=1",            // no attributes: "*.tf -diff" would hide a file from every diff
      "GIT_ATTR_SOURCE=" + empty_tree,  // (git 2.41 and newer; --bare does it for older ones)
      "GIT_IMPLICIT_WORK_TREE=0",       //
      "GIT_NO_REPLACE_OBJECTS=1",       // a pushed refs/replace/* would show other content than is there
      "GIT_NO_LAZY_FETCH=1",            // a promisor remote would start ssh
      "GIT_ALLOW_PROTOCOL=",            // nothing may be fetched at all
      "GIT_TERMINAL_PROMPT=0",
      "GIT_OPTIONAL_LOCKS=0",
      "GIT_PAGER=cat",
      "GIT_AUTHOR_NAME=fanlight",
      "GIT_AUTHOR_EMAIL=fanlight@localhost",
      "GIT_COMMITTER_NAME=fanlight",
      "GIT_COMMITTER_EMAIL=fanlight@localhost",
  };
}

// Configuration of the repository that could start a program or change what is printed.
std::vector<std::string> hardened_options() {
  return {"-c", "core.fsmonitor=false",          "-c", "core.hooksPath=/dev/null",
          "-c", "core.quotePath=true",           "-c", "core.pager=cat",
          "-c", "core.attributesFile=/dev/null", "-c", "log.showSignature=false",
          "-c", "core.bigFileThreshold=512m",    "-c", "diff.suppressBlankEmpty=false",
          "-c", "core.useReplaceRefs=false",     "-c", "gc.auto=0",
          "-c", "maintenance.auto=false"};
}

// Finding the repository starts nothing that it could configure. The user's own safe.directory counts there.
std::vector<std::string> discovery_environment(GitTrust trust) {
  std::vector<std::string> result = {"PATH=" + environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin"),
                                     "LC_ALL=C", "GIT_TERMINAL_PROMPT=0"};
  if (trust == GitTrust::user) {
    result.push_back("HOME=" + environment("HOME").value_or("/nonexistent"));
  } else {
    result.insert(result.end(),
                  {"HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null"});
  }
  return result;
}

// git's words for what it did not find, sorted into our codes.
ErrorCode classify(std::string_view line) {
  auto has = [&](std::string_view part) { return line.find(part) != std::string_view::npos; };
  if (has("dubious ownership") || has("unsafe repository")) return ErrorCode::forbidden;
  if (has("Permission denied") || has("insufficient permission") || has("Read-only file system"))
    return ErrorCode::forbidden;
  if (has("not a git repository") || has("cannot change to")) return ErrorCode::not_found;
  if (has(".lock': File exists") || has("cannot lock ref")) return ErrorCode::conflict;
  return ErrorCode::io;
}

std::unexpected<Error> git_failed(const std::string& what, const ProcessResult& result) {
  return fail(classify(result.error_line),
              fmt::format("git: {}: {}", what,
                          result.error_line.empty() ? fmt::format("exit code {}", result.exit_code)
                                                    : result.error_line));
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

bool is_object_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) && is_hex(text);
}

bool is_null_id(std::string_view text) {
  return is_object_id(text) && text.find_first_not_of('0') == std::string_view::npos;
}

bool is_ref_name(std::string_view text) {
  if (text.size() > revision_bytes_max || !text.starts_with("refs/") || text.ends_with('/')) return false;
  if (text.ends_with('.') || text.find("..") != text.npos || text.find("@{") != text.npos) return false;
  if (text.find_first_of(" ~^:?*[\\") != text.npos) return false;
  if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) return false;
  return std::ranges::none_of(split(text, '/'), [](std::string_view part) {
    return part.empty() || part.starts_with('.') || part.ends_with(".lock");
  });
}

ProcessRun GitRepository::process(Call call) const {
  ProcessRun process;
  process.argv = {"git", "--bare", "--git-dir=" + git_dir_, "--no-pager", "--literal-pathspecs"};
  for (std::string& option : hardened_options()) process.argv.push_back(std::move(option));
  for (std::string& argument : call.arguments) process.argv.push_back(std::move(argument));
  process.environment = hardened_environment(empty_tree_);
  if (!quarantine_.empty() && call.quarantine) {
    process.environment.push_back("GIT_OBJECT_DIRECTORY=" + quarantine_);
    process.environment.push_back("GIT_ALTERNATE_OBJECT_DIRECTORIES=" + objects_dir_);
  }
  if (!call.index) process.environment.push_back("GIT_INDEX_FILE=/nonexistent/index");
  process.input = std::move(call.input);
  process.output_bytes_max = call.output_bytes_max;
  return process;
}

Result<GitRepository::Answer> GitRepository::run(Call call, Deadline deadline) const {
  std::string what = call.what;
  auto result = run_process(process(std::move(call)), deadline);
  if (!result) return fail_in("git: " + what, result.error());
  return Answer{std::move(*result), std::move(what)};
}

Result<std::string> GitRepository::run_ok(Call call, Deadline deadline) const {
  auto answer = run(std::move(call), deadline);
  if (!answer) return std::unexpected(answer.error());
  if (answer->process.exit_code != 0) return git_failed(answer->what, answer->process);
  return std::move(answer->process.output);
}

Result<GitRepository> GitRepository::open(const std::string& directory, GitTrust trust, Deadline deadline) {
  std::string shown = printable_line(directory, 300);
  if (directory.empty() || directory.find('\0') != std::string::npos)
    return fail(ErrorCode::bad_input, "git: open \"" + shown + "\": not the name of a folder");
  struct stat info{};
  if (::stat(directory.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
    return fail(ErrorCode::not_found, fmt::format("git: open {}: no such folder", shown));

  std::vector<std::string> command = {"git", "-c", "core.fsmonitor=false"};
  if (trust == GitTrust::anybody) command.insert(command.end(), {"-c", "safe.directory=*"});
  command.insert(command.end(), {"rev-parse", "--path-format=absolute"});
  auto ask = [&](std::vector<std::string> questions) {
    ProcessRun process{.argv = command, .environment = discovery_environment(trust), .directory = directory};
    process.argv.insert(process.argv.end(), questions.begin(), questions.end());
    return run_process(process, deadline);
  };
  auto result =
      ask({"--absolute-git-dir", "--git-path", "objects", "--show-object-format", "--is-inside-work-tree"});
  if (!result) return fail_in("git: open " + shown, result.error());
  if (result->exit_code != 0) return git_failed("open " + shown, *result);
  std::vector<std::string_view> lines = split_lines(result->output);
  if (lines.size() != 4)
    return fail(ErrorCode::unsupported,
                "git: open " + shown + ": unexpected answer, git 2.38 or newer is needed");

  GitRepository repository;
  repository.git_dir_ = lines[0];
  repository.objects_dir_ = lines[1];
  // The well-known id of the empty tree under either hash; git has that object without storing it.
  repository.empty_tree_ = lines[2] == "sha256"
                               ? "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
                               : "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
  if (lines[3] == "true") {
    auto top = ask({"--show-toplevel"});
    if (!top) return fail_in("git: open " + shown, top.error());
    repository.work_tree_ = trim(top->output);
  }
  return repository;
}

Result<void> GitRepository::read_quarantine(std::string_view name) {
  bool known = name.starts_with("tmp_objdir-") || name.starts_with("incoming-");
  if (!known || name.size() > 100 || name.find_first_of("/:\"\\\n") != name.npos ||
      name.find('\0') != name.npos)
    return fail(ErrorCode::bad_input, "git: read a push before it is accepted: not the name of its folder");
  std::string folder = objects_dir_ + "/" + std::string(name);
  struct stat info{};
  if (::lstat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
    return fail(ErrorCode::not_found,
                "git: read a push before it is accepted: it is over, its objects are not there any more");
  if (::access(folder.c_str(), R_OK | X_OK) != 0)
    return fail(
        ErrorCode::forbidden,
        fmt::format("git: read a push before it is accepted: {}: permission denied: run fanlight as the "
                    "user who owns the repository",
                    folder));
  quarantine_ = std::move(folder);
  return {};
}

Result<std::string> GitRepository::resolve(std::string_view revision, Deadline deadline) const {
  std::string shown = printable_line(revision, 100);
  bool bad = revision.empty() || revision.size() > revision_bytes_max || revision.starts_with('-') ||
             revision.find("..") != revision.npos ||
             std::ranges::any_of(revision, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (bad) return fail(ErrorCode::bad_input, "git: resolve \"" + shown + "\": not a revision");
  auto answer = run({.what = "resolve " + shown,
                     .arguments = {"rev-parse", "--verify", "--quiet", "--end-of-options",
                                   std::string(revision) + "^{commit}"},
                     .output_bytes_max = line_bytes_max},
                    deadline);
  if (!answer) return std::unexpected(answer.error());
  std::string id(trim(answer->process.output));
  if (answer->process.exit_code == 0 && is_object_id(id)) return id;
  return fail(ErrorCode::not_found,
              fmt::format("git: resolve {}: {} has no such commit", shown, printable_line(git_dir_, 300)));
}

Result<GitRange> GitRepository::resolve_range(std::string_view range, Deadline deadline) const {
  std::size_t dots = range.find("..");
  std::string_view left = range.substr(0, dots), right;
  if (dots != range.npos) {
    right = range.substr(dots + 2);
    if (right.starts_with('.')) right.remove_prefix(1);
  }
  if (left.empty()) left = "HEAD";
  if (right.empty()) right = "HEAD";
  auto base = resolve(left, deadline);
  if (!base) return std::unexpected(base.error());
  auto head = resolve(right, deadline);
  if (!head) return std::unexpected(head.error());
  auto common = merge_base(*base, *head, deadline);
  if (!common && common.error().code != ErrorCode::not_found) return std::unexpected(common.error());
  return GitRange{.base = common ? *common : empty_tree_, .head = *head};
}

Result<std::string> GitRepository::default_branch(Deadline deadline) const {
  auto answer = run({.what = "read HEAD", .arguments = {"symbolic-ref", "--quiet", "HEAD"}}, deadline);
  if (!answer) return std::unexpected(answer.error());
  std::string ref(trim(answer->process.output));
  if (answer->process.exit_code == 0 && is_ref_name(ref)) return ref;
  return fail(ErrorCode::not_found,
              "git: read HEAD of " + printable_line(git_dir_, 300) +
                  ": it names no branch: `git symbolic-ref HEAD refs/heads/main` sets it");
}

Result<std::string> GitRepository::merge_base(const std::string& a, const std::string& b,
                                              Deadline deadline) const {
  if (!is_object_id(a) || !is_object_id(b))
    return fail(ErrorCode::bad_input, "git: merge base: not object ids");
  auto answer = run({.what = "merge base", .arguments = {"merge-base", a, b}}, deadline);
  if (!answer) return std::unexpected(answer.error());
  std::string id(trim(answer->process.output));
  if (answer->process.exit_code == 0 && is_object_id(id)) return id;
  if (answer->process.exit_code == 1) return fail(ErrorCode::not_found, "git: merge base: no common history");
  return git_failed("merge base", answer->process);
}

Result<std::vector<GitCommit>> GitRepository::commits(const std::string& base, const std::string& head,
                                                      std::size_t commits_max, Deadline deadline) const {
  if (!is_object_id(base) || !is_object_id(head))
    return fail(ErrorCode::bad_input, "git: commits: not object ids");
  Call call{.what = "commits",
            .arguments = {"rev-list", "--no-commit-header", "--topo-order", "--reverse", "--encoding=UTF-8",
                          fmt::format("--max-count={}", commits_max),
                          "--format=%H%x00%P%x00%an%x00%ae%x00%B%x00", head},
            .output_bytes_max = commits_max * commit_bytes_max};
  if (base != empty_tree_) call.arguments.push_back("^" + base);
  auto output = run_ok(std::move(call), deadline);
  if (!output) return std::unexpected(output.error());

  // Five fields that end in NUL, then a newline, per commit.
  std::vector<GitCommit> result;
  std::vector<std::string_view> fields = split(*output, '\0');
  for (std::size_t i = 0; i + 5 < fields.size(); i += 5) {
    GitCommit commit{.sha = std::string(trim(fields[i])),
                     .parents = {},
                     .author_name = std::string(fields[i + 2]),
                     .author_email = std::string(fields[i + 3]),
                     .message = std::string(fields[i + 4])};
    if (!is_object_id(commit.sha))
      return fail(ErrorCode::internal, "git: commits: unexpected answer of rev-list");
    for (std::string_view parent : split(fields[i + 1], ' '))
      if (is_object_id(parent)) commit.parents.emplace_back(parent);
    result.push_back(std::move(commit));
  }
  return result;
}

Result<std::vector<std::string>> GitRepository::first_parents(const std::string& head,
                                                              std::size_t commits_max,
                                                              Deadline deadline) const {
  if (!is_object_id(head)) return fail(ErrorCode::bad_input, "git: first parents: not an object id");
  auto output =
      run_ok({.what = "first parents",
              .arguments = {"rev-list", "--first-parent", fmt::format("--max-count={}", commits_max), head},
              .output_bytes_max = commits_max * 66},
             deadline);
  if (!output) return std::unexpected(output.error());
  std::vector<std::string> result;
  for (std::string_view line : split_lines(*output)) result.emplace_back(line);
  return result;
}

Result<bool> GitRepository::has_commit(const std::string& commit, Deadline deadline) const {
  if (!is_object_id(commit)) return fail(ErrorCode::bad_input, "git: look for a commit: not an object id");
  auto answer = run({.what = "look for " + commit,
                     .arguments = {"cat-file", "-e", commit + "^{commit}"},
                     .quarantine = false},
                    deadline);
  if (!answer) return std::unexpected(answer.error());
  return answer->process.exit_code == 0;
}

Result<bool> GitRepository::has_ref(const std::string& ref, Deadline deadline) const {
  if (!is_ref_name(ref)) return fail(ErrorCode::bad_input, "git: look for a reference: not the name of one");
  auto answer =
      run({.what = "look for " + ref, .arguments = {"show-ref", "--verify", "--quiet", ref}}, deadline);
  if (!answer) return std::unexpected(answer.error());
  return answer->process.exit_code == 0;
}

Result<std::optional<std::string>> GitRepository::config(const std::string& key, Deadline deadline) const {
  auto answer = run({.what = "read configuration " + key,
                     .arguments = {"config", "--local", "--get", key},
                     .output_bytes_max = line_bytes_max},
                    deadline);
  if (!answer) return std::unexpected(answer.error());
  if (answer->process.exit_code == 1) return std::optional<std::string>{};
  if (answer->process.exit_code != 0) return git_failed("read configuration " + key, answer->process);
  std::string_view value = answer->process.output;
  if (value.ends_with('\n')) value.remove_suffix(1);
  return std::optional<std::string>(value);
}

Result<void> GitRepository::set_config(const std::string& key, const std::string& value,
                                       Deadline deadline) const {
  auto written = run_ok({.what = "set configuration " + key,
                         .arguments = {"config", "--local", "--replace-all", key, value},
                         .quarantine = false},
                        deadline);
  if (!written) return std::unexpected(written.error());
  return {};
}

}  // namespace fanlight::host
