// Runs of text that look encoded, and what they hold: base64 in both alphabets and over wrapped lines, gzip
// in base64 (Helm releases, compressed user data), hex, percent, \uXXXX and \xXX escapes, HTML's character
// references, UTF-16, quoted-printable where a message says so. The engine looks again at what decodes to
// mostly printable text. Pure.
//
// Finding runs has to cost next to nothing, because nearly all text has none: one pass makes a bit per byte,
// and only 20 alphabet bytes in a row, a '%', a '\' or an '&' are looked at. A run is plausible when 12
// decoded bytes of it, at its start or in its middle, are printable; a word, a path or a hash passes that by
// chance once in a hundred thousand.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fanlight::detect {

enum class Encoding : std::uint8_t { base64, hex, percent, escape, utf16_le, utf16_be, gzip, entity, quoted };

inline constexpr std::size_t kEncodedBytesMin = 20;
inline constexpr std::size_t kInflatedBytesMax = 4 * 1024 * 1024;  // of one gzip run; the rest is cut off

struct EncodedRun {
  std::size_t begin = 0, end = 0;  // bytes of the text, half open
  Encoding encoding = Encoding::base64;
  std::uint8_t skip = 0;  // bytes at the start that belong to no group: a '/' in front of base64
  bool operator==(const EncodedRun&) const = default;
};

// UTF-16 and quoted-printable are encodings of all of a text: what is found in them is mapped to its very
// characters.
constexpr bool keeps_places(Encoding encoding) {
  return encoding == Encoding::utf16_le || encoding == Encoding::utf16_be || encoding == Encoding::quoted;
}

// Plausible runs, nearly in the order they stand in. Runs of different encodings may overlap; a text in
// UTF-16 is one run. Stops, and sets `truncated`, when the runs found are longer than `bytes_max` together.
std::vector<EncodedRun> find_encoded_runs(std::string_view text, std::size_t bytes_max, bool& truncated);

// What `run` holds; nothing when it is not mostly printable. Never longer than 3/2 of the run (UTF-16 to
// UTF-8), but for gzip: kInflatedBytesMax.
std::optional<std::string> decode_run(std::string_view text, const EncodedRun& run);

// Where each of `offsets` (ascending, into the text that decode_run made) stands in `text`, for a run that
// keeps places.
std::vector<std::size_t> source_offsets(std::string_view text, const EncodedRun& run,
                                        std::span<const std::size_t> offsets);

}  // namespace fanlight::detect
