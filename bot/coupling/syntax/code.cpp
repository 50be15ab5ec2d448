// Puppet, JavaScript, TypeScript and Nix, by hand: one lexer over a table of what the language writes
// differently. The Puppet grammar fails on half of real manifests, and those of the others are ten times
// their worth to compile. Strings, comments and brackets are exact; what is a key, a call or a parameter is
// told from the tokens around a bracket.
#include <algorithm>
#include <array>

#include "syntax/readers.hpp"
#include "syntax/strings.hpp"

namespace fanlight::coupling {

namespace {

struct Language {
  bool hash_comments, slash_comments, block_comments;
  bool double_interpolates;  // "${x}"
  bool backtick;             // `${x}`
  bool nix_strings;          // ''…''
  bool colon_entries;        // key: value
  bool assign_entries;       // key = value
  bool arrow_entries;        // key => value
  bool heredocs;             // @("END")
  bool bare_names;           // "$x" interpolates
};
constexpr Language kPuppet{true, false, true, true, false, false, false, true, true, true, true};
constexpr Language kJavascript{false, true, true, false, true, false, true, true, false, false, false};
constexpr Language kNix{true, false, true, true, false, true, false, true, false, false, false};

constexpr std::size_t kHeredocWordMax = 64;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

class CodeReader {
 public:
  CodeReader(Builder& builder, std::string_view text, const Language& language)
      : builder_(builder), text_(text), language_(language) {}

  void read() {
    while (at_ < text_.size() && !builder_.full()) {
      const char c = text_[at_];
      if (is_space(c)) {
        ++at_;
      } else if (comment() || heredoc()) {
        continue;
      } else if (c == '"' || c == '\'' || (c == '`' && language_.backtick)) {
        string(c);
      } else if (is_word(c)) {
        word();
      } else {
        sign(c);
      }
    }
    while (!open_.empty()) close_bracket();
  }

 private:
  // A bracket, the node it opened, and the entry that is being read in it.
  struct Level {
    char bracket;
    bool node, parameters;
    bool entry = false;
    int questions = 0;  // of "a ? b : c", whose colon begins no value
  };

  bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  bool comment() {
    std::size_t end = text_.npos;
    if ((language_.hash_comments && text_[at_] == '#') || (language_.slash_comments && starts("//"))) {
      end = std::min(text_.find('\n', at_), text_.size());
    } else if (language_.block_comments && starts("/*")) {
      const std::size_t close = text_.find("*/", at_ + 2);
      end = close == text_.npos ? text_.size() : close + 2;
    }
    if (end == text_.npos) return false;
    builder_.leaf(NodeKind::comment, {at_, end});
    at_ = end;
    return true;
  }

  // @("END"/n) … END: with quotes it interpolates.
  bool heredoc() {
    if (!language_.heredocs || !starts("@(")) return false;
    const std::size_t close = text_.find(')', at_);
    if (close == text_.npos || close - at_ > kHeredocWordMax) return false;
    std::string_view word = text_.substr(at_ + 2, close - at_ - 2);
    word = word.substr(0, word.find_first_of("/:"));
    while (!word.empty() && is_space(word.back())) word.remove_suffix(1);
    const bool live = word.size() > 1 && word.front() == '"';
    if (live) word = word.substr(1, word.size() - 2);
    if (word.empty()) return false;
    // The end stands alone on a line behind "|" and "-".
    std::size_t line = text_.find('\n', close), end = text_.size();
    for (; line != text_.npos; line = text_.find('\n', line + 1)) {
      std::size_t from = line + 1;
      while (from < text_.size() &&
             (text_[from] == ' ' || text_[from] == '\t' || text_[from] == '|' || text_[from] == '-'))
        ++from;
      const std::size_t after = from + word.size();
      if (text_.substr(from).starts_with(word) && (after >= text_.size() || is_space(text_[after]))) {
        end = after;
        break;
      }
    }
    finish_text({at_, end}, live);
    at_ = end;
    return true;
  }

  void string(char quote) {
    const std::size_t begin = at_;
    const bool long_nix = language_.nix_strings && starts("''");
    if (long_nix) {
      std::size_t close = text_.find("''", at_ + 2);
      while (close != text_.npos && close + 2 < text_.size() &&
             is_one_of(text_.substr(close + 2, 1), {"$", "'", "\\"}))
        close = text_.find("''", close + 3);
      at_ = close == text_.npos ? text_.size() : close + 2;
    } else if (quote == '\'' && language_.nix_strings) {
      ++at_;  // part of a name: foldl'
      return;
    } else {
      const bool lines = quote == '`' || language_.heredocs || language_.nix_strings;
      for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
        if (text_[at_] == '\\')
          ++at_;
        else if (text_[at_] == '\n' && !lines)
          break;  // not closed: an apostrophe, or a regular expression
      }
      at_ = std::min(at_ + 1, text_.size());
    }
    const bool live = quote == '`' || long_nix || (quote == '"' && language_.double_interpolates);
    // A string before ":" or "=>" is a key.
    const std::size_t next = skip_space(at_);
    const bool arrow = language_.arrow_entries && text_.substr(next).starts_with("=>");
    const bool colon =
        text_.substr(next).starts_with(":") && !text_.substr(next).starts_with("::") && !in_question();
    if (arrow || (colon && language_.colon_entries && in_map())) {
      begin_entry({begin + 1, std::max(begin + 1, at_ - 1)}, begin);
      at_ = next + (arrow ? 2 : 1);
      return;
    }
    if (colon && language_.heredocs && !open_.empty() && open_.back().bracket == '{') {
      title_ = {begin + 1, std::max(begin + 1, at_ - 1)};
    }
    finish_text({begin, at_}, live);
  }

  void finish_text(detect::Span span, bool live) {
    value_begins(span.begin);
    builder_.at(builder_.leaf(NodeKind::text, span)).interpolates = live;
    const std::string_view text = builder_.slice(span);
    if (text.find('$') == text.npos) return;
    const std::size_t before = builder_.references().size();
    const std::size_t insets = builder_.insets().size();
    add_braces(builder_, span,
               {.interpolation = live ? Interpolation::live : Interpolation::inert,
                .defaults = false,
                .bare_names = live && language_.bare_names,
                .backslash = true});
    if (!live) builder_.insets().resize(insets);  // what is not replaced is a literal
    if (live && builder_.references().size() > before) builder_.not_plain();
  }

  std::size_t skip_space(std::size_t at) const {
    while (at < text_.size() && is_space(text_[at])) ++at;
    return at;
  }

  bool in_map() const {
    return open_.empty() ? false : open_.back().bracket == '{' || open_.back().parameters;
  }
  bool in_question() const { return !open_.empty() && open_.back().questions > 0; }
  bool in_parameters() const { return !open_.empty() && open_.back().parameters; }

  // A word on a new line behind a value begins a statement.
  bool begins_statement() const {
    std::size_t at = at_;
    bool line = false;
    while (at > 0 && is_space(text_[at - 1])) line = text_[--at] == '\n' || line;
    return line && at > 0 &&
           (is_word(text_[at - 1]) || is_one_of(text_.substr(at - 1, 1), {")", "]", "}", "\"", "'", "`"}));
  }

  void word() {
    const std::size_t begin = at_;
    if (has_entry() && begins_statement()) end_entry(begin);
    while (at_ < text_.size() &&
           (is_word(text_[at_]) || text_[at_] == '.' ||
            (text_[at_] == ':' && language_.heredocs && text_.substr(at_, 2) == "::") ||
            (text_[at_] == ':' && at_ > begin && text_[at_ - 1] == ':' && language_.heredocs) ||
            (text_[at_] == '-' && language_.nix_strings))) {
      ++at_;
    }
    const detect::Span span{begin, at_};
    const std::string_view name = text_.substr(begin, at_ - begin);
    const std::size_t next = skip_space(at_);
    const std::string_view rest = text_.substr(next);
    if (is_one_of(name, {"class", "define", "node", "function", "plan"})) {
      head_ = span;
      label_ = {};
      return;
    }
    if (head_.end != 0 && label_.end == 0) {
      label_ = span;
      return;
    }
    const bool arrow = language_.arrow_entries && rest.starts_with("=>");
    const bool plus = language_.arrow_entries && rest.starts_with("+>");
    const bool assigns = language_.assign_entries && rest.starts_with("=") && !rest.starts_with("==") &&
                         !rest.starts_with("=>") && !rest.starts_with("=~");
    const bool choice = name == "default" || name == "case";  // of a switch
    const bool colon =
        language_.colon_entries && rest.starts_with(":") && in_map() && !in_question() && !choice;
    if (arrow || plus || assigns || colon) {
      begin_entry(name.starts_with('$') && language_.bare_names ? detect::Span{begin + 1, at_} : span, begin);
      at_ = next + (arrow || plus ? 2 : 1);
      // "name: Type = value": the type is no value.
      return;
    }
    if (is_one_of(name, {"const", "let",     "var",   "export", "default",   "new",      "return",  "await",
                         "async", "inherit", "if",    "else",   "unless",    "case",     "in",      "with",
                         "rec",   "import",  "from",  "public", "private",   "readonly", "static",  "then",
                         "undef", "true",    "false", "null",   "undefined", "extends",  "inherits"}))
      return;
    if (rest.starts_with("(") || (language_.heredocs && rest.starts_with("{") && !name.starts_with('$'))) {
      callee_ = span;
      return;
    }
    if (in_parameters() && name.starts_with('$') && (rest.starts_with(",") || rest.starts_with(")"))) {
      builder_.at(builder_.leaf(NodeKind::parameter, span)).name = {begin + 1, at_};
      return;
    }
    value_begins(begin);
    const bool number = name.find_first_not_of("0123456789._") == name.npos;
    if (number) {
      builder_.leaf(NodeKind::text, span);
    } else {
      builder_.at(builder_.leaf(NodeKind::reference, span)).name = span;
      if (name.find_first_of("$.") != name.npos)
        builder_.reference(name.starts_with('$') ? name.substr(1) : name, span, Interpolation::live);
    }
  }

  void begin_entry(detect::Span name, std::size_t begin) {
    const bool parameter = in_parameters();
    if (parameter && has_entry()) {  // "b: string = 'x'": the colon began it already
      builder_.top().value = {};
      return;
    }
    end_entry(begin);
    builder_.open(parameter ? NodeKind::parameter : NodeKind::entry, {begin, text_.size()});
    builder_.top().name = name;
    (open_.empty() ? top_entry_ : open_.back().entry) = true;
  }

  bool has_entry() const { return open_.empty() ? top_entry_ : open_.back().entry; }

  // The value of the entry being read begins at its first token.
  void value_begins(std::size_t at) {
    Node& top = builder_.top();
    const bool named = top.kind == NodeKind::entry || top.kind == NodeKind::parameter;
    if (named && top.value.end == 0) builder_.value({at, text_.size()});
  }

  void end_entry(std::size_t at) {
    bool& entry = open_.empty() ? top_entry_ : open_.back().entry;
    if (!entry) return;
    while (at > builder_.top().span.begin && is_space(text_[at - 1])) --at;
    Node& top = builder_.top();
    top.span.end = std::max(at, top.span.begin);
    if (top.value.end != 0) top.value.end = std::max(at, top.value.begin);
    builder_.close();
    entry = false;
  }

  void sign(char c) {
    if (c == '{' || c == '(' || c == '[') {
      open_bracket(c);
    } else if (c == '}' || c == ')' || c == ']') {
      close_bracket();
    } else {
      if (c == ',' || c == ';') end_entry(at_);
      if (c == ':' && title_.end != 0) {  // the resource's title
        if (!open_.empty() && open_.back().node) builder_.top().labels.push_back(builder_.slice(title_));
        title_ = {};
      }
      if (c == '+' || c == '?' || c == '*') builder_.not_plain();
      if (language_.backtick && !open_.empty()) {
        const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : ' ';
        int& questions = open_.back().questions;
        if (c == '?' && next != '.' && next != '?' && next != ':') ++questions;
        if (c == ':' && questions > 0) --questions;
        if (c == '?' && next == '?') ++at_;
      }
      ++at_;
    }
  }

  void open_bracket(char c) {
    Level level{c, false, false};
    if (c == '(' && head_.end != 0) {
      level.parameters = true;
      level.node = true;
      builder_.open(NodeKind::block, {head_.begin, text_.size()});
      name_block();
    } else if (c == '{' && head_.end != 0) {
      level.node = true;
      builder_.open(NodeKind::block, {head_.begin, text_.size()});
      name_block();
    } else if (callee_.end != 0) {
      value_begins(callee_.begin);
      builder_.open(NodeKind::call, {callee_.begin, text_.size()});
      builder_.top().name = callee_;
      level.node = true;
    } else if (c != '(') {
      value_begins(at_);
      builder_.open(c == '{' ? NodeKind::map : NodeKind::list, {at_, text_.size()});
      level.node = true;
    }
    callee_ = head_ = label_ = {};
    open_.push_back(level);
    ++at_;
  }

  void name_block() {
    builder_.top().name = head_;
    if (label_.end != 0) builder_.top().labels.push_back(builder_.slice(label_));
  }

  void close_bracket() {
    if (open_.empty()) {
      ++at_;
      return;
    }
    end_entry(at_);
    const Level level = open_.back();
    open_.pop_back();
    at_ = std::min(at_ + 1, text_.size());
    if (level.node) {
      builder_.top().span.end = at_;
      builder_.close();
    }
    callee_ = {};
    // A statement of JavaScript ends without a sign; an entry at the top does with its bracket.
    if (open_.empty() && top_entry_ && text_.substr(at_).starts_with("\n")) end_entry(at_);
  }

  Builder& builder_;
  std::string_view text_;
  const Language& language_;
  std::size_t at_ = 0;
  std::vector<Level> open_;
  bool top_entry_ = false;
  detect::Span head_, label_, callee_, title_;
};

}  // namespace

Reading read_code(Builder& builder, std::string_view masked) {
  const Format format = format_of(builder.path());
  const Language& language = format == Format::puppet ? kPuppet : format == Format::nix ? kNix : kJavascript;
  CodeReader(builder, masked, language).read();
  return {true, 0};
}

}  // namespace fanlight::coupling
