#include "syntax/pieces.hpp"

#include <algorithm>
#include <cctype>

#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

class Cuts {
 public:
  void at(std::size_t offset) {
    if (offset - begins_.back() >= kPieceBytesMin) begins_.push_back(offset);
  }
  std::vector<std::size_t> take() { return std::move(begins_); }
  static std::vector<std::size_t> none() { return {0}; }

 private:
  std::vector<std::size_t> begins_{0};
};

// Calls `use(offset, line)` for each line, without its end.
template <class Use>
void each_line(std::string_view text, Use use) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!use(at, line)) return;
    at = end + 1;
  }
}

// "… <<-EOT": the word that ends the heredoc; empty when none begins here.
std::string_view heredoc_of(std::string_view line) {
  const std::size_t at = line.rfind("<<");
  if (at == line.npos) return {};
  std::string_view word = line.substr(at + 2);
  if (word.starts_with('-')) word.remove_prefix(1);
  word = trim(word);
  const bool named = !word.empty() && is_name_start(word[0]) && std::ranges::all_of(word, is_name_char);
  return named ? word : std::string_view();
}

std::vector<std::size_t> cut_hcl(std::string_view text) {
  Cuts cuts;
  std::string_view heredoc;
  bool in_comment = false;
  each_line(text, [&](std::size_t at, std::string_view line) {
    if (!heredoc.empty()) {
      if (trim(line) == heredoc) heredoc = {};
      return true;
    }
    if (!in_comment && !line.empty() && is_name_start(line[0])) cuts.at(at);
    if (!in_comment) heredoc = heredoc_of(line);
    // A path that ends in /* looks like a comment; then less is cut.
    const std::size_t open = line.rfind("/*"), close = line.rfind("*/");
    if (close != line.npos) in_comment = false;
    if (open != line.npos && (close == line.npos || open > close)) in_comment = true;
    return true;
  });
  return cuts.take();
}

std::vector<std::size_t> cut_yaml(std::string_view text) {
  Cuts cuts;
  enum class Root { unknown, sequence, mapping } root = Root::unknown;
  bool plain = true;
  each_line(text, [&](std::size_t at, std::string_view line) {
    if (line.empty()) return true;
    if (line.starts_with("---") || line.starts_with("...")) {
      const std::string_view rest = trim(line.substr(3));
      // "--- |" and what follows at the margin is one scalar.
      plain = rest.empty() || rest.starts_with('#');
      root = Root::unknown;
      cuts.at(at);
      return plain;
    }
    const bool item = line[0] == '-' && (line.size() == 1 || line[1] == ' ' || line[1] == '\t');
    if (item) {
      // The items of a key may stand at the margin as well.
      if (root == Root::mapping) return true;
      root = Root::sequence;
      cuts.at(at);
      return true;
    }
    if (line[0] == '{' || line[0] == '[') {
      plain = root != Root::unknown;
      return plain;
    }
    if (std::string_view(" \t#}],:").contains(line[0])) return true;
    root = Root::mapping;
    cuts.at(at);
    return true;
  });
  return plain ? cuts.take() : Cuts::none();
}

// Strings, comments and brackets of Python, to know which line begins a statement.
class PythonLines {
 public:
  explicit PythonLines(std::string_view text) : text_(text) {}

  std::vector<std::size_t> cut() {
    bool decorated = false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (depth_ == 0 && (c == '@' || is_name_start(c)) && !continues()) {
        if (!decorated) cuts_.at(at_);
        decorated = c == '@';
      }
      skip_line();
    }
    return cuts_.take();
  }

 private:
  bool continues() const {
    std::string_view word = text_.substr(at_, 8);
    return word.starts_with("else") || word.starts_with("elif") || word.starts_with("except") ||
           word.starts_with("finally");
  }

  // To the beginning of the next line that is in no string of many lines.
  void skip_line() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        ++at_;
        return;
      }
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '"' || c == '\'') {
        skip_string(c);
      } else if (c == '\\') {
        at_ += 2;  // the next line goes on
      } else {
        if (c == '(' || c == '[' || c == '{') ++depth_;
        if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
        ++at_;
      }
    }
  }

  void skip_string(char quote) {
    const std::string three(3, quote);
    const bool long_one = text_.substr(at_, 3) == three;
    at_ += long_one ? 3 : 1;
    while (at_ < text_.size()) {
      if (text_[at_] == '\\') {
        at_ += 2;
      } else if (long_one ? text_.substr(at_, 3) == three : text_[at_] == quote) {
        at_ += long_one ? 3 : 1;
        return;
      } else if (!long_one && text_[at_] == '\n') {
        return;  // not closed
      } else {
        ++at_;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0, depth_ = 0;
  Cuts cuts_;
};

}  // namespace

std::vector<std::size_t> piece_begins(Format format, std::string_view masked) {
  if (masked.size() < 2 * kPieceBytesMin) return Cuts::none();
  switch (format) {
    case Format::hcl:
      return cut_hcl(masked);
    case Format::yaml:
      return cut_yaml(masked);
    case Format::python:
      return PythonLines(masked).cut();
    default:
      return Cuts::none();
  }
}

}  // namespace fanlight::coupling
