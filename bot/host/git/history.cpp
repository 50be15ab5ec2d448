// The whole history in a few passes: rev-list names objects and cat-file prints them, joined by a pipe, so
// that neither a list of names nor a content is ever held but the one that is being read. git reads its packs
// at its own speed; everything else keeps up or makes it wait.
#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <utility>

#include "fanlight/core/text.hpp"
#include "git/call.hpp"

namespace fanlight::host {
namespace {

constexpr std::size_t names_bytes_max = 256 * 1024 * 1024;
constexpr std::size_t header_bytes_max = 16 * 1024;  // a path has 4096 bytes

// The answer of `cat-file --batch`, piece by piece: a header line, so many bytes, an end of line.
class ObjectParser {
 public:
  ObjectParser(std::size_t bytes_max, const GitRepository::TakeObject& take)
      : bytes_max_(bytes_max), take_(take) {}

  void add(std::string_view piece) {
    while (!piece.empty()) {
      if (in_header_) {
        const std::size_t end = piece.find('\n');
        header_ += piece.substr(0, std::min(end, header_bytes_max));
        if (end == piece.npos) return;
        piece.remove_prefix(end + 1);
        read_header();
        continue;
      }
      const std::size_t size = std::min(left_, piece.size());
      // The end of line behind the content is counted, and is none of it.
      if (object_.text) object_.text->append(piece.substr(0, size));
      left_ -= size;
      piece.remove_prefix(size);
      if (left_ > 0) return;
      if (object_.text) object_.text->pop_back();
      give();
    }
  }
  // False when the answer was cut off.
  bool is_done() const { return in_header_ && header_.empty(); }

 private:
  // "<id> <type> <size> <path>", or "<id> missing".
  void read_header() {
    std::string_view rest = header_;
    const auto word = [&] {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      const std::string_view out = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      return out;
    };
    object_.id = word();
    const std::string_view type = word(), size = word();
    const auto read = std::from_chars(size.data(), size.data() + size.size(), object_.bytes);
    if (read.ec != std::errc() || size.empty()) return give();
    object_.type = type;
    object_.path = rest;
    left_ = object_.bytes + 1;
    if (object_.bytes <= bytes_max_) object_.text.emplace().reserve(left_);
    in_header_ = false;
    header_.clear();
  }

  void give() {
    take_(std::exchange(object_, {}));
    header_.clear();
    in_header_ = true;
  }

  std::size_t bytes_max_;
  const GitRepository::TakeObject& take_;
  GitObject object_;
  std::string header_;
  bool in_header_ = true;
  std::size_t left_ = 0;
};

// Lines, piece by piece.
template <typename Take>
class LineParser {
 public:
  explicit LineParser(Take take) : take_(std::move(take)) {}

  void add(std::string_view piece) {
    for (std::size_t end; (end = piece.find('\n')) != piece.npos; piece.remove_prefix(end + 1)) {
      if (rest_.empty()) {
        take_(piece.substr(0, end));
      } else {
        rest_ += piece.substr(0, end);
        take_(std::string_view(rest_));
        rest_.clear();
      }
    }
    rest_ += piece;
  }

 private:
  Take take_;
  std::string rest_;
};

// ":<mode> …×parents… <mode> <id> …×parents… <id> <status>\t<path>"
bool read_raw_line(std::string_view line, GitBlobChange& out) {
  const std::size_t parents = line.find_first_not_of(':');
  if (parents == 0 || parents == line.npos) return false;
  std::vector<std::string_view> words = split(line.substr(parents, line.find('\t') - parents), ' ');
  if (words.size() < 2 * parents + 2) return false;
  out.before.assign(words.begin() + static_cast<std::ptrdiff_t>(parents) + 1,
                    words.begin() + 2 * static_cast<std::ptrdiff_t>(parents) + 1);
  out.after = words[2 * parents + 1];
  return true;
}

std::vector<std::string> arguments_of(std::vector<std::string> arguments, const GitHistory& history) {
  if (history.tips.empty()) arguments.push_back("--all");
  arguments.push_back("--stdin");
  return arguments;
}

std::string input_of(const GitHistory& history, const std::vector<std::string>& stashes) {
  std::string out;
  for (const std::string& id : history.tips) out += id + '\n';
  if (history.tips.empty()) {
    for (const std::string& id : stashes) out += id + '\n';
  }
  for (const std::string& id : history.without) out += '^' + id + '\n';
  return out;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::string_view line : split(text, '\n')) {
    if (!line.empty()) out.emplace_back(line);
  }
  return out;
}

const std::vector<std::string> kCatFile{
    "cat-file", "--batch=%(objectname) %(objecttype) %(objectsize) %(rest)", "--buffer"};

}  // namespace

Result<GitHistory> GitRepository::history(const std::vector<std::string>& branches, const std::string& since,
                                          Deadline deadline) const {
  GitHistory out;
  for (const std::string& branch : branches) {
    auto id = resolve(branch, deadline);
    if (!id) return std::unexpected(id.error());
    out.tips.push_back(std::move(*id));
  }
  if (since.empty()) return out;
  if (since.find('\0') != since.npos) return fail(ErrorCode::bad_input, "git: since: not a date");
  // What was there before: the commits just over the border.
  auto listed = run_ok({.what = "since",
                        .arguments = arguments_of({"rev-list", "--boundary", "--since=" + since}, out),
                        .input = input_of(out, {}),
                        .output_bytes_max = names_bytes_max},
                       deadline);
  if (!listed) return std::unexpected(listed.error());
  bool any = false;
  for (const std::string& line : lines_of(*listed)) {
    if (line.starts_with('-')) {
      out.without.push_back(line.substr(1));
    } else {
      any = true;
    }
  }
  if (!any) return fail(ErrorCode::not_found, "git: no commit since " + printable_line(since, 100));
  return out;
}

Result<std::vector<std::string>> GitRepository::stashes(Deadline deadline) const {
  auto has = has_ref("refs/stash", deadline);
  if (!has) return std::unexpected(has.error());
  if (!*has) return std::vector<std::string>{};
  auto listed = run_ok(
      {.what = "stashes", .arguments = {"rev-list", "-g", "refs/stash"}, .output_bytes_max = names_bytes_max},
      deadline);
  if (!listed) return std::unexpected(listed.error());
  return lines_of(*listed);
}

Result<void> GitRepository::read_objects(std::vector<Call> calls, std::size_t bytes_max,
                                         const TakeObject& take, Deadline deadline) const {
  const std::string what = calls.front().what;
  std::vector<ProcessRun> runs;
  for (Call& call : calls) runs.push_back(process(std::move(call)));
  ObjectParser parser(bytes_max, take);
  auto done = run_pipeline(runs, [&](std::string_view piece) { parser.add(piece); }, deadline);
  if (!done) return fail_in("git: " + what, done.error());
  if (!parser.is_done()) return fail(ErrorCode::io, "git: " + what + ": the answer ends in the middle");
  return {};
}

Result<void> GitRepository::read_blobs(const GitHistory& history, std::size_t bytes_max,
                                       const TakeObject& take, Deadline deadline) const {
  auto stashed = stashes(deadline);
  if (!stashed) return std::unexpected(stashed.error());
  return read_objects({{.what = "read the history's files",
                        .arguments = arguments_of({"rev-list", "--objects", "--filter=object:type=blob",
                                                   "--filter-provided-objects", "--missing=print"},
                                                  history),
                        .input = input_of(history, *stashed)},
                       {.what = "contents", .arguments = kCatFile}},
                      bytes_max, take, deadline);
}

Result<void> GitRepository::read_commits(const GitHistory& history, std::size_t bytes_max,
                                         const TakeObject& take, Deadline deadline) const {
  auto stashed = stashes(deadline);
  if (!stashed) return std::unexpected(stashed.error());
  auto commits = read_objects({{.what = "read the history's commits",
                                .arguments = arguments_of({"rev-list"}, history),
                                .input = input_of(history, *stashed)},
                               {.what = "contents", .arguments = kCatFile}},
                              bytes_max, take, deadline);
  if (!commits || !history.tips.empty()) return commits;
  return read_objects(
      {{.what = "read the tags", .arguments = {"for-each-ref", "--format=%(objectname)", "refs/tags"}},
       {.what = "contents", .arguments = kCatFile}},
      bytes_max,
      [&](GitObject object) {
        if (object.type == "tag") take(std::move(object));
      },
      deadline);
}

Result<void> GitRepository::read_changes(const GitHistory& history,
                                         const std::function<void(const GitBlobChange&)>& take,
                                         Deadline deadline) const {
  auto stashed = stashes(deadline);
  if (!stashed) return std::unexpected(stashed.error());
  std::vector<ProcessRun> runs;
  runs.push_back(process({.what = "commits",
                          .arguments = arguments_of({"rev-list", "--topo-order"}, history),
                          .input = input_of(history, *stashed)}));
  runs.push_back(process({.what = "changes",
                          .arguments = {"diff-tree", "--stdin", "-r", "-c", "--root", "--raw", "--no-abbrev",
                                        "--no-renames", "--format=commit %H %cs"}}));
  std::string commit, date;
  LineParser lines([&](std::string_view line) {
    if (line.starts_with("commit ")) {
      const std::size_t blank = line.find(' ', 7);
      commit = line.substr(7, blank - 7);
      date = blank == line.npos ? "" : line.substr(blank + 1);
      return;
    }
    GitBlobChange change{commit, date, {}, {}};
    if (read_raw_line(line, change)) take(change);
  });
  auto done = run_pipeline(runs, [&](std::string_view piece) { lines.add(piece); }, deadline);
  if (!done) return fail_in("git: read the history's changes", done.error());
  return {};
}

Result<std::multimap<std::string, std::string>> GitRepository::tree_blobs(const std::string& commit,
                                                                          Deadline deadline) const {
  if (!is_object_id(commit)) return fail(ErrorCode::bad_input, "git: list files: not an object id");
  auto output = run_ok({.what = "list files",
                        .arguments = {"ls-tree", "-r", "-z", "--full-tree", commit},
                        .output_bytes_max = names_bytes_max},
                       deadline);
  if (!output) return std::unexpected(output.error());
  std::multimap<std::string, std::string> result;
  for (std::string_view entry : split(*output, '\0')) {
    // "100644 blob <id>\t<path>"
    const std::size_t tab = entry.find('\t');
    const std::vector<std::string_view> words = split(entry.substr(0, tab), ' ');
    if (tab != entry.npos && words.size() == 3 && words[1] == "blob") {
      result.emplace(words[2], entry.substr(tab + 1));
    }
  }
  return result;
}

bool GitRepository::is_shallow() const {
  std::error_code error;
  return std::filesystem::exists(git_dir_ + "/shallow", error);
}

}  // namespace fanlight::host
