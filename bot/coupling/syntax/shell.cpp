// Shell, .env and Dockerfiles, by hand: words, quotes, heredocs, assignments. Who quotes with ' or 'EOF' gets
// no replacement, and that is what the rules ask about.
#include <algorithm>
#include <array>

#include "fanlight/core/text.hpp"
#include "syntax/readers.hpp"
#include "syntax/strings.hpp"

namespace fanlight::coupling {

namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

class ShellReader {
 public:
  ShellReader(Builder& builder, std::string_view text)
      : builder_(builder), text_(text), format_(format_of(builder.path())) {}

  void read() {
    while (at_ < text_.size() && !builder_.full()) {
      if (line_begins_) begin_line();
      if (at_ >= text_.size()) break;
      const char c = text_[at_];
      if (c == '\n') {
        end_line();
      } else if (is_blank(c)) {
        word_begins_ = true;
        ++at_;
      } else if (c == '\\' && at_ + 1 < text_.size()) {
        at_ += text_.substr(at_ + 1).starts_with("\r\n") ? 3 : 2;  // an escape, or the line goes on
      } else if (c == '#' && word_begins_ && comments_inside()) {
        comment();
      } else if (c == ';' || c == '&' || c == '|' || c == '(' || c == ')') {
        word_begins_ = true;
        ++at_;
      } else if (c == '<' && text_.substr(at_).starts_with("<<") && format_ != Format::dotenv) {
        heredoc_word();
      } else {
        word();
      }
    }
    close_instruction(text_.size());
  }

 private:
  bool comments_inside() const { return format_ != Format::dockerfile; }

  void begin_line() {
    line_begins_ = false;
    word_begins_ = true;
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    if (at_ < text_.size() && text_[at_] == '#') {
      comment();
    } else if (format_ == Format::dockerfile && instruction_.empty()) {
      const std::size_t begin = at_;
      while (at_ < text_.size() && is_name(text_[at_])) ++at_;
      instruction_ = to_lower(text_.substr(begin, at_ - begin));
      if (instruction_.empty()) return;
      builder_.open(NodeKind::block, {begin, text_.size()});
      builder_.top().name = {begin, at_};
    }
  }

  void comment() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    builder_.leaf(NodeKind::comment, {at_, end});
    at_ = end;
  }

  void end_line() {
    // A comment in the middle of a continued instruction does not end it.
    const std::size_t line = text_.rfind('\n', at_ == 0 ? 0 : at_ - 1);
    const std::size_t begin = line == text_.npos || line == at_ ? 0 : line + 1;
    const std::string_view ended = trim(text_.substr(begin, at_ - begin));
    ++at_;
    if (!heredocs_.empty()) read_heredocs();
    if (!(format_ == Format::dockerfile && ended.starts_with('#'))) close_instruction(at_);
    line_begins_ = true;
  }

  void close_instruction(std::size_t end) {
    if (instruction_.empty()) return;
    builder_.top().span.end = end;
    builder_.close();
    instruction_.clear();
  }

  // NAME=value, "export NAME=value", "ENV NAME value"; or a word of a command.
  void word() {
    const std::size_t begin = at_;
    std::size_t end = at_;
    while (end < text_.size() && (is_name(text_[end]) || (format_ == Format::dockerfile &&
                                                          (text_[end] == '.' || text_[end] == '-'))))
      ++end;
    const bool assigns =
        word_begins_ && end > begin && end < text_.size() && text_[end] == '=' && names_allowed();
    word_begins_ = false;
    if (!assigns) {
      value({begin, end_of_word(begin)}, {});
      return;
    }
    const bool parameter = instruction_ == "arg";
    at_ = end + 1;
    const std::size_t last = format_ == Format::dotenv ? end_of_value(at_) : end_of_word(at_);
    builder_.open(parameter ? NodeKind::parameter : NodeKind::entry, {begin, last});
    builder_.top().name = {begin, end};
    value({end + 1, last}, {end + 1, last});
    builder_.close();
  }

  bool names_allowed() const {
    return format_ != Format::dockerfile || instruction_ == "arg" || instruction_ == "env" ||
           instruction_ == "label" || instruction_ == "run";
  }

  // Where the word ends that begins at `at`: outside of quotes, at a blank or a sign.
  std::size_t end_of_word(std::size_t at) const {
    char quote = 0;
    int braces = 0;
    for (; at < text_.size(); ++at) {
      const char c = text_[at];
      if (quote) {
        if (c == '\\' && quote == '"')
          ++at;
        else if (c == quote)
          quote = 0;
        continue;
      }
      if (c == '"' || c == '\'')
        quote = c;
      else if (c == '\\')
        ++at;
      else if (c == '{' && at > 0 && text_[at - 1] == '$')
        ++braces;
      else if (c == '}' && braces > 0)
        --braces;
      else if (braces == 0 &&
               (is_blank(c) || c == '\n' || c == ';' || c == '|' || c == '&' || c == '<' || c == ')'))
        break;
    }
    return std::min(at, text_.size());
  }

  // A value of .env goes to the end of its line, or of its quotes.
  std::size_t end_of_value(std::size_t at) const {
    if (at < text_.size() && (text_[at] == '"' || text_[at] == '\'')) return end_of_word(at);
    std::size_t end = std::min(text_.find('\n', at), text_.size());
    const std::size_t hash = text_.substr(at, end - at).find(" #");
    if (hash != text_.npos) end = at + hash;
    while (end > at && is_blank(text_[end - 1])) --end;
    return end;
  }

  void value(detect::Span span, detect::Span of_entry) {
    if (span.end <= span.begin) {
      at_ = std::max(at_ + (of_entry.end == 0 ? 1 : 0), span.end);
      return;
    }
    if (of_entry.end != 0) builder_.value(of_entry);
    at_ = span.end;
    const bool inert = text_[span.begin] == '\'';
    add_text(span, !inert);
  }

  void add_text(detect::Span span, bool live) {
    builder_.at(builder_.leaf(NodeKind::text, span)).interpolates = live;
    if (builder_.slice(span).find('$') == std::string_view::npos) return;
    const std::size_t insets = builder_.insets().size(), references = builder_.references().size();
    add_braces(builder_, span,
               {.interpolation = live ? Interpolation::live : Interpolation::inert,
                .defaults = true,
                .bare_names = true,
                .backslash = true});
    if (!live) builder_.insets().resize(insets);
    if (live && builder_.references().size() > references) builder_.not_plain();
  }

  struct Heredoc {
    std::string_view word;
    bool live;
  };

  void heredoc_word() {
    at_ += 2;
    if (at_ < text_.size() && text_[at_] == '<') {  // "<<<" hands over one word
      ++at_;
      return;
    }
    if (at_ < text_.size() && text_[at_] == '-') ++at_;
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    const std::size_t begin = at_;
    const char quote = at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '"') ? text_[at_] : '\0';
    if (quote) ++at_;
    const std::size_t word = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    const std::string_view name = text_.substr(word, at_ - word);
    if (quote && at_ < text_.size() && text_[at_] == quote) ++at_;
    const bool begins_name = !name.empty() && !(name.front() >= '0' && name.front() <= '9');
    if (begins_name && heredocs_.size() < 8) heredocs_.push_back({name, quote == '\0'});
    if (at_ == begin) word_begins_ = true;
  }

  void read_heredocs() {
    for (const Heredoc& heredoc : heredocs_) {
      const std::size_t begin = at_;
      std::size_t line = at_;
      while (line < text_.size()) {
        const std::size_t end = std::min(text_.find('\n', line), text_.size());
        if (trim(text_.substr(line, end - line)) == heredoc.word) break;
        line = std::min(end + 1, text_.size());
      }
      if (line > begin) add_text({begin, line}, heredoc.live);
      at_ = std::min(text_.find('\n', line), text_.size());
      if (at_ < text_.size()) ++at_;
    }
    heredocs_.clear();
  }

  Builder& builder_;
  std::string_view text_;
  Format format_;
  std::size_t at_ = 0;
  bool line_begins_ = true, word_begins_ = true;
  std::string instruction_;  // of a Dockerfile, lower case, while its lines last
  std::vector<Heredoc> heredocs_;
};

}  // namespace

Reading read_shell(Builder& builder, std::string_view masked) {
  ShellReader(builder, masked).read();
  return {true, 0};
}

}  // namespace fanlight::coupling
