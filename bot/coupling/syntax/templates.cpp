#include "syntax/templates.hpp"

#include <algorithm>
#include <array>

#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

// Braces that close nowhere: after so many the file is no template.
constexpr std::size_t kUnclosedMax = 200;

constexpr auto kSuffixes = std::to_array<std::string_view>(
    {".j2", ".jinja", ".jinja2", ".erb", ".epp", ".tpl", ".tmpl", ".gotmpl", ".tftpl", ".template", ".in"});

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_keyword(std::string_view word) {
  return is_one_of(word, {"if",     "else",    "elif",     "elsif",  "endif",   "for",     "endfor", "in",
                          "not",    "and",     "or",       "is",     "set",     "end",     "range",  "with",
                          "define", "block",   "endblock", "from",   "import",  "true",    "false",  "True",
                          "False",  "none",    "None",     "nil",    "do",      "each",    "unless", "raw",
                          "endraw", "macro",   "endmacro", "call",   "endcall", "eq",      "ne",     "quote",
                          "toYaml", "nindent", "indent",   "tpl",    "printf",  "defined", "then",   "case",
                          "when",   "while",   "context",  "filter", "endset",  "extends", "loop"});
}

bool gives_default(std::string_view word) {
  return is_one_of(word, {"default", "d", "coalesce", "ternary", "dig"});
}

// Looks up the name that its first string says; further strings are what comes back without it.
bool looks_up(std::string_view word) {
  const std::string_view last = word.substr(word.find_last_of(".:") + 1);
  return is_one_of(last, {"get", "hiera", "lookup", "getenv", "env", "getvar", "scope", "hiera_hash",
                          "hiera_array", "fetch", "dig", "query", "param", "pillar", "secrets", "vars"});
}

struct Delimiters {
  std::string_view open, close;
};

// Where the template that opens at `at` closes (after its last byte); npos when it does not. Strings inside
// may hold the closing sign.
std::size_t end_of(std::string_view text, std::size_t at, std::string_view close) {
  const std::size_t limit = std::min(text.size(), at + kTemplateBytesMax);
  char quote = 0;
  std::size_t unquoted_end = text.npos;
  for (std::size_t i = at; i < limit; ++i) {
    const char c = text[i];
    if (unquoted_end == text.npos && text.substr(i).starts_with(close)) unquoted_end = i + close.size();
    if (quote) {
      if (c == '\\') {
        ++i;
      } else if (c == quote) {
        quote = 0;
      }
      continue;
    }
    if (c == '"' || c == '\'' || c == '`') quote = c;
    if (text.substr(i).starts_with(close)) return i + close.size();
  }
  return unquoted_end;  // an apostrophe opened no string after all
}

// The parts of one template: names are references, strings are literals, defaults or names that are looked
// up.
class Inside {
 public:
  Inside(Builder& builder, detect::Span span, std::size_t begin, std::size_t end)
      : builder_(builder), text_(builder.text()), span_(span), done_(span.begin), at_(begin), end_(end) {}

  void read() {
    while (at_ < end_) {
      const char c = text_[at_];
      if (c == '"' || c == '\'' || c == '`') {
        string(c);
      } else if (is_name(c) || c == '.' || c == '$' || c == '@') {
        word();
      } else {
        if (c == '|') after_pipe_ = true;
        if (c == ',' && defaulting_ == 2) defaulting_ = 1;
        if (c == ')' && lookup_ > 0) lookup_ = 0;
        ++at_;
      }
    }
    builder_.inset({done_, span_.end}, Role::reference);
  }

 private:
  void string(char quote) {
    const std::size_t begin = at_++;
    while (at_ < end_ && text_[at_] != quote) at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, end_);
    const detect::Span inner{begin + 1, std::max(begin + 1, at_ - 1)};
    // A subscript is a name: hostvars['db'].
    const bool subscript = begin > 0 && text_[begin - 1] == '[' && at_ < text_.size() && text_[at_] == ']';
    if (lookup_ == 1) {
      lookup_ = 2;
      builder_.reference(builder_.slice(inner), span_, Interpolation::live);
      return;
    }
    if (subscript) return;
    builder_.inset({done_, inner.begin}, Role::reference);
    const bool fallback = defaulting_ > 0 || lookup_ == 2;
    builder_.inset(inner, fallback ? Role::default_value : Role::value);
    done_ = inner.end;
  }

  void word() {
    const std::size_t begin = at_;
    while (at_ < end_ &&
           (is_name(text_[at_]) || text_[at_] == '.' || text_[at_] == '$' || text_[at_] == '@' ||
            (text_[at_] == ':' && at_ + 1 < end_ && (text_[at_ + 1] == ':' || text_[at_ - 1] == ':')))) {
      ++at_;
    }
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (gives_default(name)) {
      defaulting_ = 1;
    } else if (looks_up(name)) {
      lookup_ = 1;
    } else if (!after_pipe_ && !is_keyword(name) && name.size() > 1 &&
               name.find_first_not_of("0123456789.") != name.npos) {
      // "salt['pillar.get']('key')" looks its key up.
      if (text_.substr(at_, end_ - at_).starts_with("['pillar.get']")) {
        at_ += 14;
        lookup_ = 1;
      } else {
        builder_.reference(name, span_, Interpolation::live);
      }
    }
    after_pipe_ = false;
  }

  Builder& builder_;
  std::string_view text_;
  detect::Span span_;
  std::size_t done_;  // up to here everything has its inset
  std::size_t at_, end_;
  int defaulting_ = 0;  // 1: the next string is a default
  int lookup_ = 0;      // 1: the next string is a name, 2: a default
  bool after_pipe_ = false;
};

void read_template(Builder& builder, detect::Span span, std::size_t open_bytes, std::size_t close_bytes) {
  const std::string_view text = builder.text();
  std::size_t begin = span.begin + open_bytes;
  const std::size_t end = std::max(begin, span.end - close_bytes);
  while (begin < end &&
         (text[begin] == '-' || text[begin] == '=' || text[begin] == '+' || is_space(text[begin])))
    ++begin;
  const std::string_view inside = text.substr(begin, end - begin);
  if (inside.starts_with("/*") || inside.starts_with('#')) {
    builder.inset(span, Role::comment);
    return;
  }
  Inside(builder, span, begin, end).read();
}

// Templates alone on their lines leave nothing; others leave a value. The indentation of their later lines
// stays: YAML reads it, in a quoted string too.
void fill(std::string& masked, std::string_view text, detect::Span span, bool alone, char filler) {
  bool indentation = false;
  for (std::size_t i = span.begin; i < span.end; ++i) {
    if (text[i] == '\n') indentation = true;
    if (!is_space(text[i])) indentation = false;
    if (text[i] != '\n' && text[i] != '\r' && !indentation) masked[i] = alone ? ' ' : filler;
  }
}

// True when nothing but white space and templates stands on the lines of spans[first … last).
bool alone(std::string_view text, const std::vector<detect::Span>& spans, std::size_t first,
           std::size_t last) {
  std::size_t at = spans[first].begin;
  while (at > 0 && text[at - 1] != '\n') {
    if (!is_space(text[at - 1])) return false;
    --at;
  }
  for (std::size_t i = first; i < last; ++i) {
    const std::size_t until = i + 1 < last ? spans[i + 1].begin : text.size();
    for (std::size_t k = spans[i].end; k < until && text[k] != '\n'; ++k) {
      if (!is_space(text[k])) return false;
    }
  }
  return true;
}

}  // namespace

std::string_view without_template_suffix(std::string_view path) {
  for (int round = 0; round < 2; ++round) {
    for (const std::string_view suffix : kSuffixes) {
      if (path.size() > suffix.size() && iequals(path.substr(path.size() - suffix.size()), suffix))
        path.remove_suffix(suffix.size());
    }
  }
  return path;
}

TemplateStyle template_style(std::string_view path, Format format) {
  const std::string lower = to_lower(path);
  TemplateStyle style;
  if (format == Format::json || format == Format::toml) style.filler = '1';
  if (lower.ends_with(".erb") || lower.ends_with(".epp")) {
    style.angles = true;
    return style;
  }
  if (lower.ends_with(".tftpl") || lower.ends_with(".in")) return style;
  if (without_template_suffix(path).size() != path.size() || lower.ends_with(".sls")) {
    style.braces = style.statements = true;
    style.comments = !lower.ends_with(".tpl") && !lower.ends_with(".gotmpl") && !lower.ends_with(".tmpl");
  } else if (format == Format::yaml) {
    style.braces = style.statements = true;
  }
  return style;
}

std::string mask_templates(Builder& builder, const TemplateStyle& style) {
  const std::string_view text = builder.text();
  std::vector<detect::Span> spans;
  std::vector<bool> blank;
  std::size_t unclosed = 0;
  for (std::size_t at = 0; (at = text.find_first_of("{<", at)) != text.npos && unclosed < kUnclosedMax;) {
    Delimiters found;
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    if (text[at] == '{' && next == '{' && style.braces) found = {"{{", "}}"};
    if (text[at] == '{' && next == '%' && style.statements) found = {"{%", "%}"};
    if (text[at] == '{' && next == '#' && style.comments) found = {"{#", "#}"};
    if (text[at] == '<' && next == '%' && style.angles) found = {"<%", "%>"};
    const std::size_t end = found.open.empty() ? text.npos : end_of(text, at + 2, found.close);
    if (end == text.npos) {
      if (!found.open.empty()) ++unclosed;
      ++at;
      continue;
    }
    const bool comment = found.open == "{#";
    if (comment) {
      builder.inset({at, end}, Role::comment);
    } else {
      read_template(builder, {at, end}, 2, 2);
    }
    spans.push_back({at, end});
    blank.push_back(comment);
    at = end;
  }
  if (spans.empty()) return {};
  std::string masked(text);
  for (std::size_t first = 0; first < spans.size();) {
    // Those that share a line are judged together.
    std::size_t last = first + 1;
    while (last < spans.size() &&
           text.substr(spans[last - 1].end, spans[last].begin - spans[last - 1].end).find('\n') ==
               text.npos) {
      ++last;
    }
    const bool is_alone = alone(text, spans, first, last);
    for (std::size_t i = first; i < last; ++i)
      fill(masked, text, spans[i], is_alone || blank[i], style.filler);
    first = last;
  }
  return masked;
}

}  // namespace fanlight::coupling
