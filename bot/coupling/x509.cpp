#include "x509.hpp"

#include <cstdint>

namespace fanlight::coupling {

namespace {

struct Element {
  std::uint8_t tag = 0;
  std::string_view content;
};

// Takes one element (tag, length, content) off the front of `der`.
std::optional<Element> take(std::string_view& der) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(der[i]); };
  if (der.size() < 2) return std::nullopt;
  const std::uint8_t tag = byte(0);
  std::size_t size = byte(1), head = 2;
  if (size & 0x80) {
    const std::size_t bytes = size & 0x7f;
    if (bytes == 0 || bytes > 4 || der.size() < 2 + bytes) return std::nullopt;
    size = 0;
    for (std::size_t i = 0; i < bytes; ++i) size = size << 8 | byte(2 + i);
    head += bytes;
  }
  if (size > der.size() - head) return std::nullopt;
  const Element element{tag, der.substr(head, size)};
  der.remove_prefix(head + size);
  return element;
}

constexpr std::uint8_t kSequence = 0x30, kSet = 0x31, kObjectId = 0x06, kVersion = 0xa0;

// Name ::= SEQUENCE OF SET OF SEQUENCE { type, value }; 2.5.4.10 is the organisation, 2.5.4.3 the common
// name.
std::string name_of(std::string_view name) {
  std::string organisation, common;
  while (!name.empty()) {
    const auto set = take(name);
    if (!set || set->tag != kSet) break;
    std::string_view inside = set->content;
    const auto pair = take(inside);
    if (!pair || pair->tag != kSequence) break;
    std::string_view fields = pair->content;
    const auto type = take(fields);
    const auto value = take(fields);
    if (!type || !value || type->tag != kObjectId) break;
    if (type->content == "\x55\x04\x0a") organisation = value->content;
    if (type->content == "\x55\x04\x03") common = value->content;
  }
  if (organisation.empty() || common.empty()) return organisation + common;
  return organisation + ", " + common;
}

}  // namespace

std::optional<CertificateNames> certificate_names(std::string_view der) {
  const auto certificate = take(der);
  if (!certificate || certificate->tag != kSequence) return std::nullopt;
  std::string_view inside = certificate->content;
  const auto body = take(inside);
  if (!body || body->tag != kSequence) return std::nullopt;
  std::string_view fields = body->content;
  auto field = take(fields);
  if (field && field->tag == kVersion) field = take(fields);  // then the serial number
  const auto algorithm = take(fields), issuer = take(fields), validity = take(fields), subject = take(fields);
  if (!field || !algorithm || !issuer || !validity || !subject) return std::nullopt;
  if (issuer->tag != kSequence || subject->tag != kSequence || validity->tag != kSequence)
    return std::nullopt;
  return CertificateNames{name_of(issuer->content), name_of(subject->content)};
}

}  // namespace fanlight::coupling
