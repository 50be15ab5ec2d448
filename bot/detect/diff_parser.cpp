// A diff is a list of files; a file is header lines, then hunks or a binary patch. Everything between files
// is text that a mail or `git log` puts there, and is skipped. Hunks say how many lines they have and are
// held to it: a line that starts with "-" is otherwise not to be told from a mail's signature.
#include "fanlight/detect/diff_parser.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "diff_lines.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::detect {

namespace {

constexpr std::string_view kNull = "/dev/null";
constexpr std::string_view kGit = "diff --git ";
constexpr std::size_t kReserveLinesMax = 4096;  // a hunk's counts are a claim, not a size to allocate
constexpr std::uint32_t kLineNumberMax = 1u << 31;

// A number and what follows it; nothing when there is none or it is absurd.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || value > kLineNumberMax) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// "@@ -12,3 +14,5 @@ …", where ",1" may be missing.
std::optional<Hunk> read_hunk_header(std::string_view text) {
  Hunk hunk;
  const auto range = [&](std::string_view sign, std::uint32_t& start, std::uint32_t& count) {
    const auto first = take(text, sign) ? take_number(text) : std::nullopt;
    if (!first) return false;
    start = *first;
    count = 1;
    if (!take(text, ",")) return true;
    const auto second = take_number(text);
    count = second.value_or(0);
    return second.has_value();
  };
  if (!range("@@ -", hunk.old_start, hunk.old_count) || !range(" +", hunk.new_start, hunk.new_count)) {
    return std::nullopt;
  }
  return take(text, " @@") ? std::optional(hunk) : std::nullopt;
}

class DiffReader {
 public:
  // `name` stands before the line number in errors.
  DiffReader(std::string_view text, std::string name, const DiffLimits& limits)
      : lines_(text), name_(std::move(name)), limits_(limits), is_blank_(trim(text).empty()) {}

  Result<std::vector<FileDiff>> read_files();
  Result<std::vector<Hunk>> read_hunks();

 private:
  std::unexpected<Error> refuse(std::string_view why, ErrorCode code = ErrorCode::bad_input) const {
    return fail(code, fmt::format("{}:{}: {}", name_, lines_.number(), why));
  }
  bool at_plain_header() const {
    return lines_.starts_with("--- ") && lines_.next_line().starts_with("+++ ");
  }

  Result<FileDiff> read_git_file();
  Result<FileDiff> read_plain_file();
  Result<void> read_paths(FileDiff& file);
  Result<void> read_binary_paths(FileDiff& file);
  Result<void> set_paths(FileDiff& file, std::string old_path, std::string new_path) const;
  bool read_extended_header(FileDiff& file);
  void skip_binary_patch();
  Result<Hunk> read_hunk();
  Result<void> check_after_hunk() const;

  LineReader lines_;
  std::string name_;
  DiffLimits limits_;
  bool is_blank_;
  std::size_t line_count_ = 0;
};

Result<std::vector<FileDiff>> DiffReader::read_files() {
  std::vector<FileDiff> files;
  const bool is_log = lines_.starts_with("commit ") || lines_.starts_with("From ");
  while (!lines_.at_end()) {
    if (!lines_.starts_with("d") && !lines_.starts_with("-") && !lines_.starts_with("@")) {
      lines_.advance();
      continue;
    }
    const bool is_git = lines_.starts_with(kGit);
    if (is_git || at_plain_header()) {
      if (files.size() == limits_.files_max) {
        return refuse(fmt::format("more than {} files", limits_.files_max), ErrorCode::too_large);
      }
      auto file = is_git ? read_git_file() : read_plain_file();
      if (!file) return std::unexpected(file.error());
      files.push_back(std::move(*file));
    } else if (lines_.starts_with("diff --cc ") || lines_.starts_with("diff --combined ") ||
               lines_.starts_with("@@@ -")) {
      return refuse("combined diff of a merge: ask for the diff against one parent");
    } else if (read_hunk_header(lines_.line())) {
      return refuse("hunk without a file header");
    } else {
      lines_.advance();
    }
  }
  if (files.empty() && !is_log && !is_blank_)
    return refuse("no file header in the whole text: not a unified diff");
  return files;
}

Result<FileDiff> DiffReader::read_git_file() {
  FileDiff file;
  auto named = read_git_paths(lines_.header().substr(kGit.size()));
  lines_.advance();
  while (!lines_.at_end() && read_extended_header(file)) lines_.advance();
  if (file.status != FileStatus::renamed && file.status != FileStatus::copied && named) {
    strip_prefixes(named->old_path, named->new_path);
    file.old_path = named->old_path;
    file.new_path = named->new_path;
  }
  if (at_plain_header()) {
    if (auto read = read_paths(file); !read) return std::unexpected(read.error());
  }
  if (lines_.starts_with("Binary files ") || lines_.starts_with("GIT binary patch")) {
    if (auto read = read_binary_paths(file); !read) return std::unexpected(read.error());
    file.binary = true;
    skip_binary_patch();
  }
  if (file.old_path.empty() || file.new_path.empty()) return refuse("file without a readable path");
  auto hunks = read_hunks();
  if (!hunks) return std::unexpected(hunks.error());
  file.hunks = std::move(*hunks);
  if (file.status == FileStatus::modified && file.hunks.empty() && !file.binary &&
      file.old_mode != file.new_mode) {
    file.status = FileStatus::mode_changed;
  }
  return file;
}

Result<FileDiff> DiffReader::read_plain_file() {
  FileDiff file;
  if (auto read = read_paths(file); !read) return std::unexpected(read.error());
  auto hunks = read_hunks();
  if (!hunks) return std::unexpected(hunks.error());
  if (hunks->empty()) return refuse("file header without a hunk");
  file.hunks = std::move(*hunks);
  return file;
}

// "--- old" and "+++ new".
Result<void> DiffReader::read_paths(FileDiff& file) {
  auto old_path = read_path(lines_.header().substr(4));
  if (!old_path) return refuse("path cannot be read");
  lines_.advance();
  auto new_path = read_path(lines_.header().substr(4));
  if (!new_path) return refuse("path cannot be read");
  lines_.advance();
  return set_paths(file, std::move(*old_path), std::move(*new_path));
}

// "Binary files old and new differ": the one place for names that differ without a rename, as of two folders.
Result<void> DiffReader::read_binary_paths(FileDiff& file) {
  std::string_view names = lines_.header();
  if (!file.old_path.empty() || !take(names, "Binary files ") || !names.ends_with(" differ")) return {};
  names.remove_suffix(std::string_view(" differ").size());
  // A name may hold " and ": the new one starts with what git puts in front.
  constexpr std::string_view kAnd = " and ";
  for (std::size_t at = names.find(kAnd); at != names.npos; at = names.find(kAnd, at + 1)) {
    auto old_path = read_path(names.substr(0, at)), new_path = read_path(names.substr(at + kAnd.size()));
    const bool is_last = names.find(kAnd, at + 1) == names.npos;
    if (!old_path || !new_path) continue;
    if (!is_last && !new_path->starts_with("b/") && *new_path != kNull) continue;
    return set_paths(file, std::move(*old_path), std::move(*new_path));
  }
  return {};
}

// Names in a rename's own lines are surer, so that those stay.
Result<void> DiffReader::set_paths(FileDiff& file, std::string old_path, std::string new_path) const {
  const bool is_new = old_path == kNull, is_gone = new_path == kNull;
  if (is_new && is_gone) return refuse("both paths are /dev/null");
  if (is_new) file.status = FileStatus::added;
  if (is_gone) file.status = FileStatus::removed;
  if (!file.old_path.empty()) return {};
  strip_prefixes(old_path, new_path);
  file.new_path = is_gone ? old_path : new_path;
  file.old_path = file.new_path;
  return {};
}

// One line of a git header after the first; false when it is none.
bool DiffReader::read_extended_header(FileDiff& file) {
  std::string_view line = lines_.header();
  const auto path_to = [&](std::string& path, FileStatus status) {
    if (auto read = read_path(line)) {
      path = std::move(*read);
      file.status = status;
    }
    return true;
  };
  if (take(line, "rename from ")) return path_to(file.old_path, FileStatus::renamed);
  if (take(line, "rename to ")) return path_to(file.new_path, FileStatus::renamed);
  if (take(line, "copy from ")) return path_to(file.old_path, FileStatus::copied);
  if (take(line, "copy to ")) return path_to(file.new_path, FileStatus::copied);
  if (take(line, "old mode ")) return file.old_mode = line, true;
  if (take(line, "new mode ")) return file.new_mode = line, true;
  if (take(line, "new file mode ")) return file.new_mode = line, file.status = FileStatus::added, true;
  if (take(line, "deleted file mode ")) return file.old_mode = line, file.status = FileStatus::removed, true;
  if (take(line, "index ")) {
    if (const std::size_t mode = line.rfind(' '); mode != line.npos)
      file.old_mode = file.new_mode = line.substr(mode + 1);
    return true;
  }
  return take(line, "similarity index ") || take(line, "dissimilarity index ");
}

// "Binary files … differ" is one line. A binary patch is two parts, "literal N" or "delta N" with lines of
// base85, each ended by an empty line.
void DiffReader::skip_binary_patch() {
  const bool has_parts = lines_.starts_with("GIT");
  lines_.advance();
  while (has_parts && (lines_.starts_with("literal ") || lines_.starts_with("delta "))) {
    while (!lines_.at_end() && !lines_.header().empty()) lines_.advance();
    lines_.advance();
  }
}

Result<std::vector<Hunk>> DiffReader::read_hunks() {
  std::vector<Hunk> hunks;
  while (!lines_.at_end() && lines_.starts_with("@@")) {
    if (lines_.starts_with("@@@"))
      return refuse("combined diff of a merge: ask for the diff against one parent");
    auto hunk = read_hunk();
    if (!hunk) return std::unexpected(hunk.error());
    hunks.push_back(std::move(*hunk));
    if (auto checked = check_after_hunk(); !checked) return std::unexpected(checked.error());
  }
  return hunks;
}

Result<Hunk> DiffReader::read_hunk() {
  auto header = read_hunk_header(lines_.header());
  if (!header) return refuse("hunk header cannot be read");
  Hunk hunk = std::move(*header);
  lines_.advance();
  std::uint32_t old_left = hunk.old_count, new_left = hunk.new_count;
  hunk.lines.reserve(std::min<std::size_t>(std::size_t{old_left} + new_left, kReserveLinesMax));
  while (old_left != 0 || new_left != 0 || lines_.starts_with("\\")) {
    std::string_view text = lines_.line();
    // Mailers take the blank of an empty context line away.
    const char marker = text.empty() || text == "\r" ? ' ' : text.front();
    if (marker == '\\' && !hunk.lines.empty()) {
      hunk.lines.back().newline_at_end = false;
      lines_.advance();
      continue;
    }
    const bool is_old = marker != '+', is_new = marker != '-';
    if (lines_.at_end() || (marker != ' ' && marker != '+' && marker != '-') || (is_old && old_left == 0) ||
        (is_new && new_left == 0)) {
      return refuse(fmt::format("hunk says {} old and {} new lines, has {} and {}", hunk.old_count,
                                hunk.new_count, hunk.old_count - old_left, hunk.new_count - new_left));
    }
    if (++line_count_ > limits_.lines_max) {
      return refuse(fmt::format("more than {} lines", limits_.lines_max), ErrorCode::too_large);
    }
    if (!text.empty() && text != "\r") text.remove_prefix(1);
    hunk.lines.push_back({is_old && is_new ? LineKind::context
                          : is_new         ? LineKind::added
                                           : LineKind::removed,
                          true, is_old ? hunk.old_start + hunk.old_count - old_left : 0,
                          is_new ? hunk.new_start + hunk.new_count - new_left : 0, text});
    old_left -= is_old;
    new_left -= is_new;
    lines_.advance();
  }
  return hunk;
}

// What looks like one more line of the hunk is one, unless it is a mail's signature or the next file.
Result<void> DiffReader::check_after_hunk() const {
  const std::string_view line = lines_.header();
  if (line.empty() || lines_.at_end() || line == "-- " || at_plain_header()) return {};
  if (line[0] == '+' || line[0] == '-' || line[0] == ' ') return refuse("hunk has more lines than it says");
  return {};
}

}  // namespace

Result<Diff> parse_diff(std::shared_ptr<const std::string> text, const DiffLimits& limits) {
  auto files = DiffReader(*text, "diff", limits).read_files();
  if (!files) return std::unexpected(files.error());
  return Diff{std::move(text), std::move(*files)};
}

Result<Diff> parse_diff(std::string text, const DiffLimits& limits) {
  return parse_diff(std::make_shared<const std::string>(std::move(text)), limits);
}

Result<std::vector<Hunk>> parse_hunks(const std::shared_ptr<const std::string>& patch,
                                      std::string_view path) {
  DiffReader reader(*patch, fmt::format("patch of {}", sanitize_utf8(path)), {});
  if (patch->empty()) return std::vector<Hunk>{};
  auto hunks = reader.read_hunks();
  if (hunks && hunks->empty()) {
    return fail(ErrorCode::bad_input, fmt::format("patch of {}:1: no hunk", sanitize_utf8(path)));
  }
  return hunks;
}

}  // namespace fanlight::detect
