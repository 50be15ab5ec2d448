// Reads a diff line by line and decodes the paths in its headers. Used only inside this box.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanlight::detect {

class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) { find_end(); }

  bool at_end() const { return begin_ >= text_.size(); }
  // The line without "\n"; empty at the end. `header` is without "\r" as well.
  std::string_view line() const { return text_.substr(begin_, end_ - begin_); }
  std::string_view header() const {
    const std::string_view all = line();
    return all.ends_with('\r') ? all.substr(0, all.size() - 1) : all;
  }
  // The line after this one, without "\n".
  std::string_view next_line() const;
  bool starts_with(std::string_view prefix) const { return text_.substr(begin_).starts_with(prefix); }
  std::uint64_t number() const { return number_; }  // from 1
  void advance();

 private:
  void find_end();

  std::string_view text_;
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t number_ = 1;
};

// One path of a header: "…" with C escapes, or plain up to a tab (a time follows it). Nothing when it is
// broken, empty, too long or holds a NUL.
std::optional<std::string> read_path(std::string_view text);

// The two paths of "diff --git <old> <new>" as they stand, prefixes included. Without quotes a blank may be
// part of a path, so that only two equal names can be told apart: that is the case wherever git writes no
// other line with the paths. Nothing when they differ.
struct PathPair {
  std::string old_path, new_path;
};
std::optional<PathPair> read_git_paths(std::string_view text);

// Takes "a/" and "b/" away (or i/ w/ c/ o/ 1/ 2/, as diff.mnemonicPrefix writes them) where both have one and
// they differ; a diff made with --no-prefix has none. "/dev/null" stays.
void strip_prefixes(std::string& old_path, std::string& new_path);

}  // namespace fanlight::detect
