#include "fanlight/core/secret.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "fanlight/core/text.hpp"

namespace fanlight {

namespace {

void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.capacity());
}

}  // namespace

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe(text_);
    text_ = other.text_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(text_);
    text_ = std::move(other.text_);
    wipe(other.text_);
    other.text_.clear();
  }
  return *this;
}

Secret::~Secret() {
  wipe(text_);
}

std::string redact_excerpt(std::string_view text) {
  constexpr std::string_view gap = "…";
  const std::string clean = sanitize_utf8(text.substr(0, text.find_first_of("\r\n")));
  const std::size_t length = clean.size();
  if (length < 8) return std::string(gap);
  const std::size_t head = std::min<std::size_t>(4, length / 3);
  const std::size_t tail =
      length >= 20 && text.size() == clean.size() ? std::min<std::size_t>(4, length / 3 - head) : 0;
  std::string out(truncate_utf8(clean, head));
  out += gap;
  std::size_t from = length - tail;
  while (from < length && (static_cast<unsigned char>(clean[from]) & 0xC0) == 0x80) ++from;
  out.append(clean, from, std::string::npos);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

}  // namespace fanlight
