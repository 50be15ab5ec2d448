#include "fanlight/detect/decode.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <new>
#include <utility>

#include "decode_scan.hpp"

namespace fanlight::detect {

namespace {

constexpr std::size_t kProbeChars = 16;           // 12 bytes of base64, 8 of hex
constexpr std::size_t kWrappedLineMin = 40;       // shorter lines are not base64 that was wrapped
constexpr std::size_t kWordBytesMax = 16 * 1024;  // of percent- and escape-coded words
constexpr std::size_t kUtf16ProbeBytes = 64;
constexpr std::string_view kGzipInBase64 = "H4sI";  // 1f 8b 08: gzip, deflated
constexpr double kPrintableMin = 0.8;

constexpr std::array<std::int8_t, 256> make_base64_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (int i = 0; i < 26; ++i) {
    values['A' + i] = static_cast<std::int8_t>(i);
    values['a' + i] = static_cast<std::int8_t>(26 + i);
  }
  for (int i = 0; i < 10; ++i) values['0' + i] = static_cast<std::int8_t>(52 + i);
  values['+'] = values['-'] = 62;
  values['/'] = values['_'] = 63;
  return values;
}
constexpr auto kBase64 = make_base64_values();

int base64_value(char c) {
  return kBase64[static_cast<unsigned char>(c)];
}

constexpr std::array<std::int8_t, 256> make_hex_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (int i = 0; i < 10; ++i) values['0' + i] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i) values['A' + i] = values['a' + i] = static_cast<std::int8_t>(10 + i);
  return values;
}
constexpr auto kHex = make_hex_values();

int hex_value(char c) {
  return kHex[static_cast<unsigned char>(c)];
}

bool is_printable(unsigned byte) {
  return (byte >= 0x20 && byte < 0x7f) || byte == '\n' || byte == '\r' || byte == '\t';
}

bool is_mostly_printable(std::string_view text) {
  const auto good = std::ranges::count_if(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return is_printable(byte) || byte >= 0x80;  // UTF-8 of other languages
  });
  const auto ascii =
      std::ranges::count_if(text, [](char c) { return is_printable(static_cast<unsigned char>(c)); });
  const auto size = static_cast<double>(text.size());
  return !text.empty() && static_cast<double>(good) >= kPrintableMin * size &&
         static_cast<double>(ascii) >= kPrintableMin / 2 * size;
}

// UTF-16 without a byte order mark: ASCII text has a NUL in every other byte.
std::optional<Encoding> utf16_of(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  if (text.starts_with("\xff\xfe")) return Encoding::utf16_le;
  if (text.starts_with("\xfe\xff")) return Encoding::utf16_be;
  const std::string_view head = text.substr(0, std::min(text.size(), kUtf16ProbeBytes) & ~std::size_t{1});
  if (head.size() < kEncodedBytesMin || (head[0] != '\0' && head[1] != '\0')) return std::nullopt;
  const std::size_t nul = head[1] == '\0' ? 1 : 0;
  for (std::size_t i = 0; i < head.size(); i += 2) {
    if (head[i + nul] != '\0' || head[i + 1 - nul] == '\0') return std::nullopt;
  }
  return nul == 1 ? Encoding::utf16_le : Encoding::utf16_be;
}

// Whether 16 characters decode to text, or to ASCII text in UTF-16. The three bytes of a group are ASCII when
// one bit of each of its first three characters is clear: that turns nearly everything away with a few table
// reads.
bool probe_base64(std::string_view run, std::size_t at) {
  if (at + kProbeChars > run.size()) return false;
  std::array<unsigned, kProbeChars> values;
  unsigned high = 0;
  for (std::size_t i = 0; i < kProbeChars; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) values[i + k] = static_cast<unsigned>(base64_value(run[at + i + k]));
    high |= (values[i] & 32) | (values[i + 1] & 8) | (values[i + 2] & 2);
    if (high != 0) return false;
  }
  bool text = true;
  std::array<bool, 2> wide{true, true};
  unsigned index = 0;
  for (std::size_t i = 0; i < kProbeChars; i += 4) {
    const unsigned bits = values[i] << 18 | values[i + 1] << 12 | values[i + 2] << 6 | values[i + 3];
    for (const unsigned shift : {16u, 8u, 0u}) {
      const unsigned byte = bits >> shift & 0xff;
      text = text && is_printable(byte);
      const unsigned parity = index++ % 2;
      wide[parity] = wide[parity] && is_printable(byte);
      wide[1 - parity] = wide[1 - parity] && byte == 0;
    }
  }
  return text || wide[0] || wide[1];
}

bool probe_hex(std::string_view run, std::size_t at) {
  if (at + kProbeChars > run.size()) return false;
  for (std::size_t i = at; i < at + kProbeChars; i += 2) {
    const int high = hex_value(run[i]), low = hex_value(run[i + 1]);
    if (high < 0 || low < 0 || !is_printable(static_cast<unsigned>(high << 4 | low))) return false;
  }
  return true;
}

// How many characters to skip so that groups of `group` decode at the start or in the middle of the run.
template <class Probe>
std::optional<std::uint8_t> alignment(std::string_view run, std::size_t group, Probe probe) {
  const std::size_t middle = run.size() / 2 / group * group;
  for (std::size_t skip = 0; skip < group; ++skip) {
    if (probe(run, skip) || (run.size() >= 3 * kProbeChars && probe(run, middle + skip))) {
      return static_cast<std::uint8_t>(skip);
    }
  }
  return std::nullopt;
}

class RunFinder {
 public:
  RunFinder(std::string_view text, std::size_t bytes_max) : text_(text), left_(bytes_max) {}

  // The scanner's callbacks: `at` is inside a stretch of alphabet bytes that is long enough; a '%', '&' or
  // '\' stands at `at`. What comes back is where to go on. Calls come in ascending order.
  std::size_t on_stretch(std::size_t begin);
  void on_mark(std::size_t at);

  bool full() const { return truncated_; }
  std::vector<EncodedRun> take() { return std::move(runs_); }

 private:
  void add(const EncodedRun& run);
  std::size_t alphabet_end(std::size_t at) const;
  std::size_t joined_end(std::size_t begin, std::size_t end) const;
  bool is_coded_at(std::size_t at) const;

  std::string_view text_;
  std::size_t left_;
  bool truncated_ = false;
  std::size_t word_end_ = 0;  // of the last percent- or escape-coded word
  std::vector<EncodedRun> runs_;
};

void RunFinder::add(const EncodedRun& run) {
  const std::size_t size = run.end - run.begin;
  if (size > left_) {
    truncated_ = true;
    return;
  }
  left_ -= size;
  runs_.push_back(run);
}

std::size_t RunFinder::alphabet_end(std::size_t at) const {
  while (at < text_.size() && base64_value(text_[at]) >= 0) ++at;
  return at;
}

// base64 is often wrapped: the run goes on while whole lines of nothing else follow. Returns the end of the
// last.
std::size_t RunFinder::joined_end(std::size_t begin, std::size_t end) const {
  std::size_t width = end - begin;
  while (width >= kWrappedLineMin) {
    std::size_t next = end;
    if (next < text_.size() && text_[next] == '\r') ++next;
    if (next >= text_.size() || text_[next] != '\n') break;
    ++next;
    while (next < text_.size() && (text_[next] == ' ' || text_[next] == '\t')) ++next;
    std::size_t stop = alphabet_end(next);
    width = stop - next;
    if (width == 0) break;
    while (stop < text_.size() && text_[stop] == '=') ++stop;
    if (stop < text_.size() && text_[stop] != '\r' && text_[stop] != '\n') break;
    end = stop;
  }
  return end;
}

std::size_t RunFinder::on_stretch(std::size_t begin) {
  const std::size_t stretch_end = alphabet_end(begin + kEncodedBytesMin);
  if (text_.substr(begin, 2) == "0x") begin += 2;
  const std::string_view run = text_.substr(begin, stretch_end - begin);
  if (run.size() < kEncodedBytesMin) return stretch_end;
  const bool is_hex =
      std::ranges::all_of(run.substr(0, kProbeChars), [](char c) { return hex_value(c) >= 0; });
  if (is_hex) {
    const auto digits_end = std::ranges::find_if(run, [](char c) { return hex_value(c) < 0; });
    const std::string_view digits(run.begin(), digits_end);
    if (digits.size() >= kEncodedBytesMin) {
      if (const auto skip = alignment(digits, 2, probe_hex)) {
        add({begin, begin + digits.size(), Encoding::hex, *skip});
        return begin + digits.size();
      }
    }
  }
  const bool is_gzip = run.starts_with(kGzipInBase64);
  const auto skip = is_gzip ? std::optional<std::uint8_t>(0) : alignment(run, 4, probe_base64);
  if (skip) {
    std::size_t end = joined_end(begin, stretch_end);
    for (int padding = 0; padding < 2 && end < text_.size() && text_[end] == '='; ++padding) ++end;
    add({begin, end, is_gzip ? Encoding::gzip : Encoding::base64, *skip});
    return end;
  }
  return stretch_end;
}

struct Entity {
  unsigned code = 0;
  std::size_t size = 0;  // of the reference, with & and ;
};

// "&#65;", "&#x41;", "&amp;" at `at`, where a '&' stands; nothing when it is none.
std::optional<Entity> entity_at(std::string_view text, std::size_t at) {
  constexpr std::size_t kDigitsMax = 7;
  const std::string_view rest = text.substr(at + 1, kDigitsMax + 3);
  if (rest.starts_with('#')) {
    const bool is_hex = rest.size() > 1 && (rest[1] | 0x20) == 'x';
    const unsigned base = is_hex ? 16 : 10;
    std::size_t i = is_hex ? 2 : 1;
    const std::size_t first = i;
    unsigned code = 0;
    for (; i < rest.size() && i < first + kDigitsMax; ++i) {
      const int digit = hex_value(rest[i]);
      if (digit < 0 || static_cast<unsigned>(digit) >= base) break;
      code = code * base + static_cast<unsigned>(digit);
    }
    const bool is_scalar = code > 0 && code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
    if (i == first || i >= rest.size() || rest[i] != ';' || !is_scalar) return std::nullopt;
    return Entity{code, i + 2};
  }
  constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp;", '&'}, {"quot;", '"'}, {"apos;", '\''}, {"lt;", '<'}, {"gt;", '>'}};
  for (const auto& [name, c] : kNamed) {
    if (rest.starts_with(name)) return Entity{static_cast<unsigned>(c), name.size() + 1};
  }
  return std::nullopt;
}

// %XX of a printable byte, \xXX or \uXXXX, a character reference.
bool RunFinder::is_coded_at(std::size_t at) const {
  const auto digits = [&](std::size_t from, std::size_t count) {
    if (from + count > text_.size()) return false;
    return std::ranges::all_of(text_.substr(from, count), [](char c) { return hex_value(c) >= 0; });
  };
  if (at + 2 >= text_.size()) return false;
  if (text_[at] == '&') return entity_at(text_, at).has_value();
  if (text_[at] == '%') {
    return digits(at + 1, 2) &&
           is_printable(static_cast<unsigned>(hex_value(text_[at + 1]) << 4 | hex_value(text_[at + 2])));
  }
  if (text_[at + 1] == 'u') return digits(at + 2, 4);
  return text_[at + 1] == 'x' && digits(at + 2, 2);
}

bool ends_word(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\'' || c == '`' || c == '<' || c == '>';
}

void RunFinder::on_mark(std::size_t at) {
  if (at < word_end_ || !is_coded_at(at)) return;
  const std::size_t floor = std::max(word_end_, at - std::min(at, kWordBytesMax));
  std::size_t begin = at, end = at;
  while (begin > floor && !ends_word(text_[begin - 1])) --begin;
  while (end < text_.size() && end - at < kWordBytesMax && !ends_word(text_[end])) ++end;
  word_end_ = end;
  if (end - begin < kEncodedBytesMin) return;
  const char mark = text_[at];
  add({begin, end, mark == '%' ? Encoding::percent : mark == '&' ? Encoding::entity : Encoding::escape, 0});
}

std::string decode_base64(std::string_view run) {
  std::string out;
  out.reserve(run.size() / 4 * 3 + 3);
  unsigned bits = 0;
  int have = 0;
  for (const char c : run) {
    const int value = base64_value(c);
    if (value < 0) continue;  // line ends, indentation, padding
    bits = bits << 6 | static_cast<unsigned>(value);
    have += 6;
    if (have >= 8) {
      have -= 8;
      out += static_cast<char>(bits >> have & 0xff);
    }
  }
  return out;
}

std::string decode_hex(std::string_view run) {
  std::string out;
  out.reserve(run.size() / 2);
  for (std::size_t i = 0; i + 1 < run.size(); i += 2) {
    out += static_cast<char>(hex_value(run[i]) << 4 | hex_value(run[i + 1]));
  }
  return out;
}

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// The value of `count` hex digits; nothing when they are not all there.
std::optional<unsigned> hex_number(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  unsigned value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    const int digit = hex_value(text[i]);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<unsigned>(digit);
  }
  return value;
}

// Percent and backslash codes alike; what is not a code stays as it is.
std::string decode_word(std::string_view run, Encoding encoding) {
  std::string out;
  out.reserve(run.size());
  for (std::size_t i = 0; i < run.size();) {
    std::optional<unsigned> code;
    std::size_t used = 0;
    if (encoding == Encoding::percent && run[i] == '%') {
      code = hex_number(run, i + 1, 2);
      used = 3;
    } else if (encoding == Encoding::escape && run[i] == '\\' && i + 1 < run.size()) {
      if (run[i + 1] == 'u') code = hex_number(run, i + 2, 4);
      if (run[i + 1] == 'x') code = hex_number(run, i + 2, 2);
      used = run[i + 1] == 'u' ? 6 : 4;
    }
    if (!code) {
      out += run[i++];
      continue;
    }
    if (used == 6) {
      append_utf8(out, *code);
    } else {
      out += static_cast<char>(*code);
    }
    i += used;
  }
  return out;
}

std::string decode_entities(std::string_view run) {
  std::string out;
  out.reserve(run.size());
  for (std::size_t i = 0; i < run.size();) {
    const auto entity = run[i] == '&' ? entity_at(run, i) : std::nullopt;
    if (entity) {
      append_utf8(out, entity->code);
      i += entity->size;
    } else {
      out += run[i++];
    }
  }
  return out;
}

// What gzip gives up to the limit, also when the end is missing or broken: the rest was readable to anybody.
std::string inflate_gzip(std::string_view bytes) {
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  int status = Z_OK;
  while (status == Z_OK && out.size() < kInflatedBytesMax) {
    const std::size_t have = out.size();
    const std::size_t more =
        std::min(std::max<std::size_t>(4 * bytes.size(), 4096), kInflatedBytesMax - have);
    out.resize(have + more);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + have);
    stream.avail_out = static_cast<uInt>(more);
    status = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (status == Z_BUF_ERROR || (status == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)) break;
  }
  inflateEnd(&stream);
  return out;
}

// The size of the code at `at`, where a '=' stands, and its byte: "=3D", or a line end that is none. 0: no
// code.
struct QuotedCode {
  std::size_t size = 0;
  std::optional<char> byte;
};

QuotedCode quoted_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at + 1, 2);
  if (rest.starts_with('\n')) return {2, std::nullopt};
  if (rest == "\r\n") return {3, std::nullopt};
  const auto is_upper_hex = [](char c) { return hex_value(c) >= 0 && !(c >= 'a' && c <= 'f'); };
  if (rest.size() < 2 || !is_upper_hex(rest[0]) || !is_upper_hex(rest[1])) return {};
  return {3, static_cast<char>(hex_value(rest[0]) << 4 | hex_value(rest[1]))};
}

// A message says in its header, or in that of its first parts, how it is written (RFC 2045, 6.7).
bool is_quoted_printable(std::string_view text) {
  constexpr std::size_t kHeaderBytes = 4096;
  constexpr std::string_view kName = "quoted-printable";
  const std::string_view head = text.substr(0, kHeaderBytes);
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  if (std::search(head.begin(), head.end(), kName.begin(), kName.end(), same) == head.end()) return false;
  for (auto at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1))
    if (quoted_at(text, at).size > 0) return true;
  return false;
}

std::string decode_quoted(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const QuotedCode code = text[at] == '=' ? quoted_at(text, at) : QuotedCode{};
    if (code.size == 0) {
      out += text[at++];
      continue;
    }
    if (code.byte) out += *code.byte;
    at += code.size;
  }
  return out;
}

std::vector<std::size_t> quoted_offsets(std::string_view coded, std::size_t begin,
                                        std::span<const std::size_t> offsets) {
  std::vector<std::size_t> out;
  std::size_t at = 0, made = 0;
  for (const std::size_t offset : offsets) {
    while (made < offset && at < coded.size()) {
      const QuotedCode code = coded[at] == '=' ? quoted_at(coded, at) : QuotedCode{};
      made += code.size == 0 || code.byte ? 1 : 0;
      at += std::max<std::size_t>(code.size, 1);
    }
    out.push_back(begin + at);
  }
  return out;
}

// One code point of UTF-16 from `at`; advances it. A lone surrogate is U+FFFD.
unsigned next_utf16(std::string_view text, std::size_t& at, bool big) {
  const auto unit = [&](std::size_t i) {
    const auto a = static_cast<unsigned char>(text[i]), b = static_cast<unsigned char>(text[i + 1]);
    return static_cast<unsigned>(big ? a << 8 | b : b << 8 | a);
  };
  const unsigned first = unit(at);
  at += 2;
  if (first < 0xD800 || first > 0xDFFF) return first;
  if (first <= 0xDBFF && at + 1 < text.size()) {
    const unsigned second = unit(at);
    if (second >= 0xDC00 && second <= 0xDFFF) {
      at += 2;
      return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    }
  }
  return 0xFFFD;
}

std::string decode_utf16(std::string_view text, bool big) {
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t at = 0; at + 1 < text.size();) append_utf8(out, next_utf16(text, at, big));
  return out;
}

}  // namespace

std::vector<EncodedRun> find_encoded_runs(std::string_view text, std::size_t bytes_max, bool& truncated) {
  if (const auto wide = utf16_of(text)) {
    if (text.size() <= bytes_max) return {{0, text.size(), *wide, 0}};
    truncated = true;
    return {};
  }
  std::vector<EncodedRun> runs;
  if (is_quoted_printable(text)) {
    if (text.size() > bytes_max) {
      truncated = true;
      return {};
    }
    bytes_max -= text.size();
    runs.push_back({0, text.size(), Encoding::quoted, 0});
  }
  RunFinder finder(text, bytes_max);
  scan_for_runs(text, finder);
  truncated = truncated || finder.full();
  std::vector<EncodedRun> found = finder.take();
  runs.insert(runs.end(), found.begin(), found.end());
  return runs;
}

std::optional<std::string> decode_run(std::string_view text, const EncodedRun& run) {
  const std::string_view coded = text.substr(run.begin + run.skip, run.end - run.begin - run.skip);
  std::string out;
  switch (run.encoding) {
    case Encoding::base64:
      out = decode_base64(coded);
      break;
    case Encoding::hex:
      out = decode_hex(coded);
      break;
    case Encoding::gzip:
      out = inflate_gzip(decode_base64(coded));
      break;
    case Encoding::entity:
      out = decode_entities(coded);
      break;
    case Encoding::percent:
    case Encoding::escape:
      out = decode_word(coded, run.encoding);
      break;
    case Encoding::quoted:
      out = decode_quoted(coded);
      break;
    case Encoding::utf16_le:
    case Encoding::utf16_be:
      return decode_utf16(coded, run.encoding == Encoding::utf16_be);
  }
  if (!is_mostly_printable(out) && !utf16_of(out)) return std::nullopt;
  return out;
}

std::vector<std::size_t> source_offsets(std::string_view text, const EncodedRun& run,
                                        std::span<const std::size_t> offsets) {
  const std::string_view coded = text.substr(run.begin, run.end - run.begin);
  if (run.encoding == Encoding::quoted) return quoted_offsets(coded, run.begin, offsets);
  std::vector<std::size_t> out;
  std::string one;
  std::size_t at = 0, made = 0;
  for (const std::size_t offset : offsets) {
    while (made < offset && at + 1 < coded.size()) {
      one.clear();
      append_utf8(one, next_utf16(coded, at, run.encoding == Encoding::utf16_be));
      made += one.size();
    }
    out.push_back(run.begin + at);
  }
  return out;
}

}  // namespace fanlight::detect
