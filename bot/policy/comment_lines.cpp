// One pass over the lines of a comment, with the little state that Markdown's blocks need: an open fence, an
// open HTML comment or element, whether the last line was a paragraph, and whether that paragraph was a
// quote. Then one look at each paragraph for code spans that go over several lines.
#include "comment_lines.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "fanlight/core/text.hpp"

namespace fanlight::policy {

namespace {

constexpr std::size_t comment_bytes_max = 256 * 1024;

struct Fence {
  char sign = 0;
  std::size_t length = 0;
  std::size_t indent_max = 3;  // of the closing fence; more inside a list item
};

std::size_t run_length(std::string_view text, char sign) {
  return std::min(text.find_first_not_of(sign), text.size());
}

// CommonMark 4.5: three or more ` or ~; the info string of a backtick fence holds no backtick.
std::optional<Fence> opens_fence(std::string_view text) {
  if (text.empty() || (text[0] != '`' && text[0] != '~')) return {};
  const std::size_t length = run_length(text, text[0]);
  if (length < 3) return {};
  if (text[0] == '`' && text.find('`', length) != std::string_view::npos) return {};
  return Fence{text[0], length, 3};
}

bool closes_fence(std::string_view text, std::size_t indent, const Fence& fence) {
  if (indent > fence.indent_max || text.empty() || text[0] != fence.sign) return false;
  const std::size_t length = run_length(text, fence.sign);
  return length >= fence.length && trim(text.substr(length)).empty();
}

// How far into `text` the content of a list item starts: "- ", "12. "; 0 when it is none.
std::size_t list_marker(std::string_view text) {
  std::size_t at = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '*' || text[0] == '+')) {
    at = 1;
  } else {
    while (at < text.size() && at < 9 && text[at] >= '0' && text[at] <= '9') ++at;
    if (at == 0 || at == text.size() || (text[at] != '.' && text[at] != ')')) return 0;
    ++at;
  }
  if (at == text.size() || text[at] != ' ') return 0;
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

// Elements whose text a reader sees as code or as a quote, or not at all; they hide until they are closed.
constexpr std::array<std::string_view, 8> hiding{"blockquote", "code",     "pre",      "script",
                                                 "style",      "textarea", "template", "q"};

// "pre" of "<pre class=x>"; empty when `text` starts with no tag. An address in angle brackets is none.
std::string tag_name(std::string_view text) {
  if (text.size() < 2 || text[0] != '<') return {};
  std::size_t end = 1;
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  while (end < text.size() && letter(text[end])) ++end;
  if (end == 1 || (end < text.size() && std::string_view(" \t/>").find(text[end]) == std::string_view::npos))
    return {};
  return to_lower(text.substr(1, end - 1));
}

class Reader {
 public:
  void take(std::string_view raw) {
    std::string line = expand(raw);
    const std::size_t indent = run_length(line, ' ');
    const std::string_view text = std::string_view(line).substr(indent);
    if (inside_) {
      leave(text);
    } else if (fence_) {
      if (closes_fence(text, indent, *fence_)) fence_.reset();
      end_paragraph();
    } else if (trim(text).empty()) {
      end_paragraph();
      html_ = false;
    } else if (html_) {
      hide_in(text);
    } else {
      take_text(text, indent);
    }
  }

  std::vector<std::string> finish() && {
    end_paragraph();
    return std::move(lines_);
  }

 private:
  // A tab reaches to the next column of four; a no-break space, which phones like to write, is a blank.
  static std::string expand(std::string_view raw) {
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '\t') {
        out.append(4 - out.size() % 4, ' ');
      } else if (raw.substr(i, 2) == "\u00A0") {
        out += ' ';
        ++i;
      } else {
        out += raw[i];
      }
    }
    return out;
  }

  void take_text(std::string_view text, std::size_t indent) {
    if (indent >= 4) return;  // code, or the tail of a paragraph: never where a command starts
    if (text[0] == '>') {
      end_paragraph();
      take_quote(text.substr(1));
      return;
    }
    const std::size_t item = list_marker(text);
    if (auto fence = opens_fence(text.substr(item))) {
      end_paragraph();
      fence_ = fence;
      fence_->indent_max += item + indent;
      return;
    }
    if (text.starts_with("<!--") || !tag_name(text).empty() || text.starts_with("</")) {
      end_paragraph();
      html_ = !text.starts_with("<!--");
      hide_in(text);
      return;
    }
    if (quoted_) return;  // a quote's paragraph goes on without its sign (CommonMark 5.1, laziness)
    paragraph_.emplace_back(text);
    hide_in(text);
  }

  void take_quote(std::string_view text) {
    const std::string_view inner = trim(text);
    // After a blank quoted line or a fence nothing is left that could go on.
    quoted_ = !inner.empty() && !opens_fence(inner) && inner[0] != '#';
  }

  // Opens what `text` leaves open: an HTML comment or a hiding element. Code spans of the line are no HTML.
  void hide_in(std::string_view text) {
    const std::string lower = to_lower(text);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '`') {
        const std::size_t length = run_length(text.substr(i), '`');
        const std::size_t close = text.find(std::string(length, '`'), i + length);
        i = close == std::string_view::npos ? i + length - 1 : close + length - 1;
      } else if (text.substr(i).starts_with("<!--")) {
        const std::size_t end = text.find("-->", i + 4);
        if (end == std::string_view::npos) return open("-->");
        i = end + 2;
      } else if (const std::string name = tag_name(text.substr(i));
                 std::find(hiding.begin(), hiding.end(), name) != hiding.end()) {
        const std::string closing = "</" + name;
        const std::size_t end = lower.find(closing, i);
        if (end == std::string::npos) return open(closing);
        i = end;
      }
    }
  }

  void open(std::string closing) {
    end_paragraph();
    inside_ = std::move(closing);
  }

  void leave(std::string_view text) {
    const std::size_t end = to_lower(text).find(*inside_);
    if (end == std::string::npos) return;
    const std::string_view rest = text.substr(end + inside_->size());
    inside_.reset();
    hide_in(rest);
  }

  // Lines that start inside a code span of their paragraph are code.
  void end_paragraph() {
    quoted_ = false;
    std::string all;
    std::vector<std::size_t> starts;
    for (const std::string& line : paragraph_) {
      starts.push_back(all.size());
      all += line + '\n';
    }
    std::vector<std::pair<std::size_t, std::size_t>> spans;
    // A run of each length closes nothing further back, so its search is done once per length at most.
    std::vector<std::size_t> hopeless;
    for (std::size_t i = all.find('`'); i != std::string::npos; i = all.find('`', i)) {
      const std::size_t length = run_length(std::string_view(all).substr(i), '`');
      const bool tried = std::find(hopeless.begin(), hopeless.end(), length) != hopeless.end();
      const std::size_t close = tried ? std::string::npos : find_run(all, i + length, length);
      if (close == std::string::npos) {
        if (!tried) hopeless.push_back(length);
        i += length;
      } else {
        spans.emplace_back(i, close);
        i = close + length;
      }
    }
    std::size_t span = 0;
    for (std::size_t n = 0; n < paragraph_.size(); ++n) {
      while (span < spans.size() && spans[span].second <= starts[n]) ++span;
      const bool code = span < spans.size() && spans[span].first < starts[n];
      if (!code) lines_.push_back(std::move(paragraph_[n]));
    }
    paragraph_.clear();
  }

  static std::size_t find_run(std::string_view text, std::size_t from, std::size_t length) {
    for (std::size_t i = text.find('`', from); i != std::string_view::npos; i = text.find('`', i)) {
      const std::size_t found = run_length(text.substr(i), '`');
      if (found == length) return i;
      i += found;
    }
    return std::string_view::npos;
  }

  std::vector<std::string> lines_, paragraph_;
  std::optional<Fence> fence_;
  std::optional<std::string> inside_;  // what ends the HTML that hides, in lower case
  bool html_ = false;                  // in an HTML block: to the next blank line
  bool quoted_ = false;                // the last line was a quote's paragraph
};

}  // namespace

std::vector<std::string> plain_lines(std::string_view comment) {
  Reader reader;
  std::string_view rest = truncate_utf8(comment, comment_bytes_max);
  while (!rest.empty()) {
    const std::size_t end = rest.find_first_of("\r\n");
    reader.take(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + (rest.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return std::move(reader).finish();
}

}  // namespace fanlight::policy
