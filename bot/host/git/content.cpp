// Diffs, patches and files. Plumbing commands only: porcelain takes its format from the repository's
// configuration.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "fanlight/core/text.hpp"
#include "git/call.hpp"

namespace fanlight::host {
namespace {

constexpr std::size_t names_bytes_max = 64 * 1024 * 1024;

// Everything that decides how a diff looks is said here, so that no configuration does.
std::vector<std::string> diff_options() {
  return {"-p",
          "-M",
          "-l1000",
          "-U3",
          "--inter-hunk-context=0",
          "--full-index",
          "--no-color",
          "--no-ext-diff",
          "--no-textconv",
          "--src-prefix=a/",
          "--dst-prefix=b/",
          "--no-relative",
          "--submodule=short",
          "--ignore-submodules=none",
          "--diff-algorithm=myers",
          "--no-indent-heuristic"};
}

std::vector<std::string> nul_separated(std::string_view text) {
  std::vector<std::string> result;
  for (std::string_view part : split(text, '\0'))
    if (!part.empty()) result.emplace_back(part);
  return result;
}

// The answers of `diff-tree --stdin`: each commit's id on a line of its own, then its diff. A line of a diff
// that is nothing but an id does not exist, because every line of a hunk starts with its marker.
void split_patches(std::string_view output, const std::set<std::string, std::less<>>& wanted,
                   std::map<std::string, std::string>& result) {
  std::string* current = nullptr;
  while (!output.empty()) {
    std::size_t end = output.find('\n');
    std::size_t size = end == output.npos ? output.size() : end + 1;
    std::string_view line = output.substr(0, end);
    if (is_object_id(line) && wanted.contains(line)) {
      current = &result[std::string(line)];
    } else if (current) {
      current->append(output.substr(0, size));
    }
    output.remove_prefix(size);
  }
}

// "<id> <type> <size>", the header of one object in the answer of `cat-file --batch`.
struct ObjectHeader {
  std::string_view type;
  std::size_t bytes = 0;
};

// Takes one header off the front of `answer`; nothing when the object is missing. `wanted` is the name asked
// for: git repeats it in "<name> missing", newlines and all.
std::optional<ObjectHeader> take_header(std::string_view& answer, const std::string& wanted) {
  std::string missing = wanted + " missing\n";
  if (answer.starts_with(missing)) {
    answer.remove_prefix(missing.size());
    return std::nullopt;
  }
  std::string_view line = answer.substr(0, answer.find('\n'));
  answer.remove_prefix(std::min(answer.size(), line.size() + 1));
  std::vector<std::string_view> words = split(line, ' ');
  if (words.size() != 3 || !is_object_id(words[0])) return std::nullopt;
  ObjectHeader header{.type = words[1]};
  std::from_chars(words[2].data(), words[2].data() + words[2].size(), header.bytes);
  return header;
}

std::string object_name(const std::string& commit, const std::string& path) {
  return commit == ":" ? ":0:" + path : commit + ":" + path;
}

// One file of a combined diff while it is being rewritten.
struct CombinedHunk {
  std::size_t parents = 0;
  std::size_t new_start = 0;
  std::size_t old_count = 0, new_count = 0;
  std::size_t new_left = 0;
  std::string lines;

  void write_to(std::string& out) {
    if (parents == 0) return;
    std::size_t old_start = new_start;
    if (old_count == 0 && new_start > 0) --old_start;  // as git: the line before
    if (old_count > 0 && new_start == 0) old_start = 1;
    out += fmt::format("@@ -{},{} +{},{} @@\n{}", old_start, old_count, new_start, new_count, lines);
    *this = {};
  }
};

// "@@@ -1,3 -1,4 +1,5 @@@": as many '@' as there are parents and one.
bool read_combined_header(std::string_view line, CombinedHunk& hunk) {
  std::size_t signs = line.find_first_not_of('@');
  if (signs == line.npos || signs < 3) return false;
  std::size_t plus = line.find(" +");
  if (plus == line.npos) return false;
  hunk.parents = signs - 1;
  auto number = [&](std::string_view text, std::size_t& out) {
    return std::from_chars(text.data(), text.data() + text.size(), out).ptr;
  };
  std::string_view rest = line.substr(plus + 2);
  const char* end = number(rest, hunk.new_start);
  if (end == rest.data()) return false;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  hunk.new_left = 1;
  if (rest.starts_with(',')) number(rest.substr(1), hunk.new_left);
  return true;
}

void add_combined_line(std::string_view line, CombinedHunk& hunk) {
  if (line.size() < hunk.parents)
    return;  // " \ No newline at end of file" is longer; nothing git writes is shorter
  std::string_view marks = line.substr(0, hunk.parents), text = line.substr(hunk.parents);
  if (marks.find('\\') != marks.npos || text.starts_with("\\ No newline")) return;
  bool in_result = marks.find('-') == marks.npos;
  if (in_result) {
    bool added = marks.find_first_not_of('+') == marks.npos;
    hunk.lines += added ? '+' : ' ';
    ++hunk.new_count;
    if (!added) ++hunk.old_count;
  } else {
    if (marks.find_first_not_of('-') != marks.npos) return;  // one parent had it: its own commits show that
    hunk.lines += '-';
    ++hunk.old_count;
  }
  hunk.lines.append(text).append("\n");
}

std::string with_prefix(std::string_view path, std::string_view prefix) {
  if (path.starts_with('"')) return fmt::format("\"{}{}", prefix, path.substr(1));
  return fmt::format("{}{}", prefix, path);
}

}  // namespace

Result<std::string> plain_from_combined(std::string_view combined) {
  std::string out, path;
  CombinedHunk hunk;
  for (std::string_view rest = combined; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    bool starts_file = line.starts_with("diff --cc ") || line.starts_with("diff --combined ");
    if (starts_file) {
      hunk.write_to(out);
      path = line.substr(line.find(' ', 5) + 1);
      out += fmt::format("diff --git {} {}\n", with_prefix(path, "a/"), with_prefix(path, "b/"));
    } else if (path.empty()) {
      return fail(ErrorCode::bad_input, "git: combined diff: starts with no file");
    } else if (line.starts_with("@@@")) {
      hunk.write_to(out);
      if (!read_combined_header(line, hunk))
        return fail(ErrorCode::bad_input, "git: combined diff: a hunk has no range");
    } else if (hunk.parents > 0) {
      add_combined_line(line, hunk);
    } else if (line.starts_with("--- ") || line.starts_with("+++ ") || line.starts_with("new file mode ")) {
      out.append(line).append("\n");
    } else if (line.starts_with("deleted file mode ")) {
      out.append(line.substr(0, line.find(','))).append("\n");
    } else if (line.starts_with("Binary files ")) {
      out += fmt::format("Binary files {} and {} differ\n", with_prefix(path, "a/"), with_prefix(path, "b/"));
    }
  }
  hunk.write_to(out);
  return out;
}

Result<std::string> GitRepository::diff(const std::string& base, const std::string& head,
                                        std::size_t bytes_max, Deadline deadline,
                                        const std::vector<std::string>& paths) const {
  if (!is_object_id(base) || !is_object_id(head))
    return fail(ErrorCode::bad_input, "git: diff: not object ids");
  Call call{.what = "diff", .arguments = {"diff-tree", "-r"}, .output_bytes_max = bytes_max};
  std::vector<std::string> options = diff_options();
  call.arguments.insert(call.arguments.end(), options.begin(), options.end());
  call.arguments.insert(call.arguments.end(), {base, head, "--"});
  call.arguments.insert(call.arguments.end(), paths.begin(), paths.end());
  return run_ok(std::move(call), deadline);
}

Result<std::string> GitRepository::staged_diff(std::size_t bytes_max, Deadline deadline) const {
  auto head = resolve("HEAD", deadline);
  if (!head && head.error().code != ErrorCode::not_found) return std::unexpected(head.error());
  Call call{.what = "staged diff",
            .arguments = {"diff-index", "--cached"},
            .output_bytes_max = bytes_max,
            .index = true};
  std::vector<std::string> options = diff_options();
  call.arguments.insert(call.arguments.end(), options.begin(), options.end());
  call.arguments.insert(call.arguments.end(), {head ? *head : empty_tree_, "--"});
  return run_ok(std::move(call), deadline);
}

Result<std::string> GitRepository::merge_patch(const GitCommit& commit, std::size_t bytes_max,
                                               Deadline deadline) const {
  auto output = run_ok(
      {.what = "patch of merge " + commit.sha,
       .arguments = {"diff-tree", "--cc", "-p", "-r", "--no-commit-id", "--no-color", "--full-index",
                     "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", commit.sha},
       .output_bytes_max = bytes_max},
      deadline);
  if (!output) return std::unexpected(output.error());
  return plain_from_combined(*output);
}

Result<std::map<std::string, std::string>> GitRepository::patches(const std::vector<GitCommit>& commits,
                                                                  std::size_t bytes_max,
                                                                  std::size_t total_bytes_max,
                                                                  Deadline deadline) const {
  std::map<std::string, std::string> result;
  std::set<std::string, std::less<>> plain;
  for (const GitCommit& commit : commits) {
    if (!is_object_id(commit.sha)) return fail(ErrorCode::bad_input, "git: patches: not an object id");
    if (commit.parents.size() < 2) plain.insert(commit.sha);
  }
  auto fetch = [&](const std::set<std::string, std::less<>>& ids, std::size_t limit) -> Result<std::string> {
    Call call{.what = "patches",
              .arguments = {"diff-tree", "--stdin", "-r", "--root", "--always"},
              .output_bytes_max = limit};
    std::vector<std::string> options = diff_options();
    call.arguments.insert(call.arguments.end(), options.begin(), options.end());
    for (const std::string& id : ids) call.input += id + "\n";
    return run_ok(std::move(call), deadline);
  };

  // All in one process when they fit, else one by one, so that a single huge commit hides no other.
  std::size_t room = total_bytes_max;
  auto all = plain.empty() ? Result<std::string>("") : fetch(plain, std::min(room, total_bytes_max));
  if (!all && all.error().code != ErrorCode::too_large) return std::unexpected(all.error());
  if (all) {
    split_patches(*all, plain, result);
    std::erase_if(result, [&](const auto& entry) { return entry.second.size() > bytes_max; });
    room -= all->size();
  } else {
    for (const std::string& id : plain) {
      auto one = fetch({id}, std::min(room, bytes_max));
      if (!one && one.error().code == ErrorCode::too_large) continue;
      if (!one) return std::unexpected(one.error());
      split_patches(*one, {id}, result);
      room -= one->size();
    }
  }
  for (const GitCommit& commit : commits) {
    if (commit.parents.size() < 2) continue;
    auto patch = merge_patch(commit, std::min(room, bytes_max), deadline);
    if (!patch && patch.error().code == ErrorCode::too_large) continue;
    if (!patch) return std::unexpected(patch.error());
    room -= std::min(room, patch->size());
    result[commit.sha] = std::move(*patch);
  }
  return result;
}

Result<std::vector<std::string>> GitRepository::changed_paths(const std::string& base,
                                                              const std::string& head,
                                                              Deadline deadline) const {
  if (!is_object_id(base) || !is_object_id(head))
    return fail(ErrorCode::bad_input, "git: changed paths: not object ids");
  auto output = run_ok({.what = "changed paths",
                        .arguments = {"diff-tree", "-r", "-z", "--name-only", "--no-renames", base, head},
                        .output_bytes_max = names_bytes_max},
                       deadline);
  if (!output) return std::unexpected(output.error());
  return nul_separated(*output);
}

Result<std::vector<std::string>> GitRepository::list_files(const std::string& commit,
                                                           Deadline deadline) const {
  const bool staged = commit == ":";
  if (!staged && !is_object_id(commit))
    return fail(ErrorCode::bad_input, "git: list files: not an object id");
  std::vector<std::string> listing{"ls-tree", "-r", "-z", "--full-tree", commit};
  if (staged) listing = {"ls-files", "--stage", "-z"};
  auto output = run_ok({.what = "list files",
                        .arguments = std::move(listing),
                        .output_bytes_max = names_bytes_max,
                        .index = staged},
                       deadline);
  if (!output) return std::unexpected(output.error());
  std::vector<std::string> result;
  for (std::string_view entry : split(*output, '\0')) {
    // "100644 blob <id>\t<path>", of the index "100644 <id> 0\t<path>"; symbolic links (12…) and submodules
    // (16…) are no files.
    std::size_t tab = entry.find('\t');
    if (entry.starts_with("100") && tab != entry.npos) result.emplace_back(entry.substr(tab + 1));
  }
  return result;
}

Result<std::map<std::string, GitFile>> GitRepository::files(const std::string& commit,
                                                            const std::vector<std::string>& paths,
                                                            std::size_t bytes_max,
                                                            std::size_t total_bytes_max,
                                                            Deadline deadline) const {
  if (commit != ":" && !is_object_id(commit))
    return fail(ErrorCode::bad_input, "git: files: not an object id");
  std::map<std::string, GitFile> result;
  Call sizes{.what = "sizes of files",
             .arguments = {"cat-file", "--batch-check", "-z"},
             .output_bytes_max = names_bytes_max,
             .index = commit == ":"};
  std::vector<std::string> asked;
  for (const std::string& path : paths) {
    if (path.empty() || path.find('\0') != path.npos || result.contains(path)) continue;
    result[path];
    asked.push_back(path);
    sizes.input += object_name(commit, path) + '\0';
  }
  if (asked.empty()) return result;
  auto answer = run_ok(std::move(sizes), deadline);
  if (!answer) return std::unexpected(answer.error());

  Call contents{.what = "files",
                .arguments = {"cat-file", "--batch", "-z"},
                .output_bytes_max = 0,
                .index = commit == ":"};
  std::vector<std::string> wanted;
  std::size_t total = 0;
  std::string_view rest = *answer;
  for (const std::string& path : asked) {
    auto header = take_header(rest, object_name(commit, path));
    if (!header || header->type != "blob") continue;
    result[path].bytes = header->bytes;
    if (header->bytes > bytes_max || header->bytes > total_bytes_max - total) continue;
    total += header->bytes;
    contents.input += object_name(commit, path) + '\0';
    contents.output_bytes_max += header->bytes + 200;  // header line, 64 digits of id
    wanted.push_back(path);
  }
  if (wanted.empty()) return result;
  answer = run_ok(std::move(contents), deadline);
  if (!answer) return std::unexpected(answer.error());
  rest = *answer;
  for (const std::string& path : wanted) {
    auto header = take_header(rest, object_name(commit, path));
    if (!header || header->bytes >= rest.size())
      return fail(ErrorCode::internal, "git: files: unexpected answer of cat-file");
    result[path].text = std::string(rest.substr(0, header->bytes));
    rest.remove_prefix(header->bytes + 1);
  }
  return result;
}

}  // namespace fanlight::host
