// Text that must not be shown: keys, tokens, passwords, webhook secrets. It cannot be formatted, streamed or
// compared by accident; `reveal()` is the one way out and easy to search for. Wiped when it dies.
#pragma once

#include <string>
#include <string_view>

namespace fanlight {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  bool empty() const { return text_.empty(); }
  std::string_view reveal() const { return text_; }

 private:
  std::string text_;
};

// What a person may see of a matched text: enough to find it in the file, too little to use it. Keeps a known
// public prefix of at most 4 characters and, from 20 characters on, the last 4: "ghp_…4fK2". A short text
// (under 8 characters) becomes "…". Never more than a third of the text is shown. UTF-8 in, UTF-8 out.
std::string redact_excerpt(std::string_view text);

}  // namespace fanlight
