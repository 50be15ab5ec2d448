// Tokens that are small documents: JSON web tokens, macaroons, base64 of JSON. What the detail shows
// (algorithm, host of the issuer, expiry) is what every reader of such a token sees; claims about people are
// left out.
#include <fmt/format.h>
#include <rapidjson/reader.h>

#include <chrono>
#include <optional>
#include <utility>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "structure_parts.hpp"

namespace fanlight::detect {
namespace {

constexpr std::size_t kDocumentBytesMax = 16 * 1024;

// The members of a JSON object that the checks ask for. Filled by the event parser: no tree is built, and
// Debian's RapidJSON document.h does not compile with clang 19.
struct Members {
  std::string alg, enc, iss, sub, org, region_url;
  double exp = 0;
};

struct MemberReader : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, MemberReader> {
  bool StartObject() { return ++depth != 0; }
  bool EndObject(rapidjson::SizeType) { return depth-- != 0; }
  bool StartArray() { return ++depth > 1; }  // false: the document is no object
  bool EndArray(rapidjson::SizeType) { return depth-- != 0; }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    if (depth == 1) key.assign(text, length);
    return true;
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    if (depth != 1) return true;
    for (auto& [name, member] : {std::pair{"alg", &members.alg},
                                 {"enc", &members.enc},
                                 {"iss", &members.iss},
                                 {"sub", &members.sub},
                                 {"org", &members.org},
                                 {"region_url", &members.region_url}})
      if (key == name) member->assign(text, length);
    return true;
  }
  bool number(double value) {
    if (depth == 1 && key == "exp") members.exp = value;
    return true;
  }
  bool Int(int value) { return number(value); }
  bool Uint(unsigned value) { return number(value); }
  bool Int64(std::int64_t value) { return number(static_cast<double>(value)); }
  bool Uint64(std::uint64_t value) { return number(static_cast<double>(value)); }
  bool Double(double value) { return number(value); }

  Members members;
  std::string key;
  int depth = 0;
};

// The members of a JSON object in base64, or nothing.
std::optional<Members> decode_object(std::string_view base64) {
  if (base64.size() > kDocumentBytesMax) return std::nullopt;
  const auto bytes = from_base64(base64);
  if (!bytes || bytes->empty() || bytes->front() != '{') return std::nullopt;
  MemberReader handler;
  rapidjson::Reader reader;
  rapidjson::StringStream stream(bytes->c_str());
  if (reader.Parse<rapidjson::kParseIterativeFlag>(stream, handler).IsError()) return std::nullopt;
  return std::move(handler.members);
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_';
}

// The host of a URL, or the text itself when it is a plain word; empty when it is neither or too long to
// show.
std::string_view shown_host(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of("/:?#"));
  if (text.size() > 64) return {};
  for (const char c : text)
    if (!is_plain(c)) return {};
  return text;
}

std::string join_details(std::initializer_list<std::string> parts) {
  std::string out;
  for (const std::string& part : parts)
    if (!part.empty()) out.append(out.empty() ? "" : ", ").append(part);
  return out;
}

std::string labelled(std::string_view label, std::string_view value) {
  return value.empty() ? std::string() : fmt::format("{} {}", label, value);
}

// "expires 2024-05-01". Whether that is past is for the caller, who knows the time.
std::string expiry_of(double seconds) {
  if (!(seconds > 0 && seconds < 253'402'300'800.0)) return {};  // the year 10000
  const auto day = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_seconds(std::chrono::seconds(static_cast<std::int64_t>(seconds))));
  const std::chrono::year_month_day date(day);
  return fmt::format("expires {:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace

StructureResult check_jwt(std::string_view token) {
  const auto parts = split(token, '.');
  if (parts.size() != 3 && parts.size() != 5) return {};
  const auto header = decode_object(parts[0]);
  if (!header) return {Structure::invalid, "header is not a JSON object"};
  const std::string_view algorithm = shown_host(header->alg);
  if (parts.size() == 5) {
    if (header->enc.empty()) return {Structure::invalid, "header names no encryption"};
    return {Structure::valid, "encrypted"};
  }
  if (algorithm.empty()) return {Structure::invalid, "header names no algorithm"};
  const auto claims = decode_object(parts[1]);
  if (!claims) return {};  // a signed payload need not be JSON
  if (claims->sub == "1234567890") return {Structure::invalid, "the example of jwt.io", true};
  return {Structure::valid,
          join_details({labelled("alg", algorithm), labelled("issuer", shown_host(claims->iss)),
                        expiry_of(claims->exp)})};
}

StructureResult check_github_stateless(std::string_view token) {
  const auto first = token.find('_');
  const auto second = first == std::string_view::npos ? first : token.find('_', first + 1);
  if (second == std::string_view::npos) return {};
  StructureResult result = check_jwt(token.substr(second + 1));
  const std::string_view app = token.substr(first + 1, second - first - 1);
  if (result.structure == Structure::valid)
    result.detail = join_details({labelled("app", shown_host(app)), result.detail});
  return result;
}

namespace {

// Reads a macaroon of version 2: packets of type, length (one varint), bytes; a zero type ends a section.
class MacaroonReader {
 public:
  explicit MacaroonReader(std::string_view bytes) : bytes_(bytes) {}

  // The type of the next packet, whose bytes go to `content`; -1 when there is none.
  int next(std::string_view& content) {
    if (bytes_.empty()) return -1;
    const int type = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    if (type == 0) return 0;
    std::size_t length = 0;
    for (int shift = 0; shift <= 14; shift += 7) {
      if (bytes_.empty()) return -1;
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      length |= static_cast<std::size_t>(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (length > bytes_.size()) return -1;
    content = bytes_.substr(0, length);
    bytes_.remove_prefix(length);
    return type;
  }

 private:
  std::string_view bytes_;
};

}  // namespace

StructureResult check_pypi(std::string_view token) {
  const auto dash = token.find('-');
  if (dash == std::string_view::npos || token.size() > kDocumentBytesMax) return {};
  const auto bytes = from_base64(token.substr(dash + 1));
  if (!bytes || bytes->size() < 2 || bytes->front() != 2) return {};
  MacaroonReader reader(std::string_view(*bytes).substr(1));
  std::string_view content;
  if (reader.next(content) != 1) return {Structure::invalid, "macaroon without a location"};
  const std::string location(shown_host(content));
  if (!location.ends_with("pypi.org") && !location.ends_with("pypi.python.org"))
    return {Structure::invalid, "macaroon of another site"};
  for (int type = reader.next(content); type >= 0; type = reader.next(content))
    if (type == 6 && content.size() == 32) return {Structure::valid, labelled("for", location)};
  return {};  // cut short: the signature is missing
}

StructureResult check_json_token(std::string_view token) {
  // The prefix, if any, ends at the first underscore before the encoded brace; a signature may follow another
  // one.
  const auto start = token.find("eyJ");
  if (start == std::string_view::npos) return {};
  std::string_view body = token.substr(start);
  auto object = decode_object(body);
  if (!object) object = decode_object(body.substr(0, body.rfind('_')));
  if (!object) return {};
  return {Structure::valid, join_details({labelled("organisation", shown_host(object->org)),
                                          labelled("at", shown_host(object->region_url))})};
}

}  // namespace fanlight::detect
