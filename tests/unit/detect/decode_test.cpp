#include "fanlight/detect/decode.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <boost/test/unit_test.hpp>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/random.hpp"

using namespace fanlight;

namespace {

const std::string kText = "the door is opened by nobody but me, says the key";

std::string to_utf16(std::string_view text, bool big) {
  std::string out;
  for (const char c : text) {
    if (big) out += '\0';
    out += c;
    if (!big) out += '\0';
  }
  return out;
}

std::string wrapped(const std::string& text, std::size_t width, const std::string& between) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += width)
    out += (at == 0 ? "" : between) + text.substr(at, width);
  return out;
}

std::string percent(std::string_view text) {
  std::string out;
  for (const char c : text) out += fmt::format("%{:02X}", c);
  return out;
}

std::string gzip(std::string_view text) {
  std::string out(text.size() + 1024, '\0');
  z_stream stream{};
  BOOST_REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  BOOST_REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// "encoding[begin,end)=decoded" of each run that decodes.
std::string describe(const std::string& text) {
  constexpr const char* names[] = {"base64",  "hex",  "percent", "escape", "utf16le",
                                   "utf16be", "gzip", "entity",  "quoted"};
  bool truncated = false;
  std::string out;
  for (const detect::EncodedRun& run : detect::find_encoded_runs(text, 1 << 20, truncated)) {
    const auto decoded = detect::decode_run(text, run);
    if (decoded) out += fmt::format("{}[{},{})={};", names[int(run.encoding)], run.begin, run.end, *decoded);
  }
  return out;
}

std::string expected(const char* encoding, std::size_t begin, std::size_t end,
                     const std::string& text = kText) {
  return fmt::format("{}[{},{})={};", encoding, begin, end, text);
}

struct Row {
  const char* name;
  std::string text, expected;
};

std::vector<Row> rows() {
  const std::string base64 = to_base64(kText), hex = to_hex(kText);
  const std::string url = to_base64url("\xc3\xbf\xc3\xbe\xc3\xbf>>>???" + kText);
  const std::string longer = kText + ". " + kText + ". " + kText;
  const std::string mime = wrapped(to_base64(longer), 64, "\r\n"),
                    indented = wrapped(to_base64(longer), 76, "\n    ");
  std::string escapes;
  for (const char c : kText) escapes += fmt::format("\\u{:04x}", c);
  const std::string wide = to_utf16(kText, false);
  const std::string zipped = to_base64(gzip(longer)), cut = zipped.substr(0, zipped.size() - 12);
  return {
      {"base64", base64, expected("base64", 0, base64.size())},
      {"base64 in a value", "data: " + base64 + "\n", expected("base64", 6, 6 + base64.size())},
      {"base64 behind a slash", "/" + base64, expected("base64", 0, 1 + base64.size())},
      {"base64 of the URL alphabet", url,
       expected("base64", 0, url.size(), "\xc3\xbf\xc3\xbe\xc3\xbf>>>???" + kText)},
      {"base64 wrapped as in mail", mime + "\r\n", expected("base64", 0, mime.size(), longer)},
      {"base64 wrapped and indented", "key: |\n    " + indented + "\nnext: 1\n",
       expected("base64", 11, 11 + indented.size(), longer)},
      {"base64 of UTF-16", to_base64(wide), expected("base64", 0, to_base64(wide).size(), wide)},
      {"gzip in base64", "release: " + zipped + "\n", expected("gzip", 9, 9 + zipped.size(), longer)},
      {"gzip without its end", cut, expected("gzip", 0, cut.size(), longer)},
      {"character references", "value=&quot;key&#x3D;it&#39;s&amp;so&quot;",
       expected("entity", 0, 42, "value=\"key=it's&so\"")},
      {"references in part", "x <a href='https://u:p&amp;w@host.example/x'>",
       expected("entity", 11, 43, "https://u:p&w@host.example/x")},
      {"hex", "x=" + hex, expected("hex", 2, 2 + hex.size())},
      {"upper-case hex", "k=0x4B6579206F662074686520646F6F72", expected("hex", 4, 34, "Key of the door")},
      {"percent", "u=" + percent(kText), expected("percent", 0, 2 + percent(kText).size(), "u=" + kText)},
      {"percent in part", "https://u:p%40ss@host.example/x%2Fy",
       expected("percent", 0, 35, "https://u:p@ss@host.example/x/y")},
      {"unicode escapes", "\"" + escapes + "\"", expected("escape", 1, 1 + escapes.size())},
      {"hex escapes", R"(say "\x68\x65\x6c\x6c\x6f there")", expected("escape", 5, 25, "hello")},
      {"an escape beyond ASCII", R"(abcdefghijklmnop\u00e9\u20ac)",
       expected("escape", 0, 28, "abcdefghijklmnop\xc3\xa9\xe2\x82\xac")},
      {"UTF-16 without a mark", wide, expected("utf16le", 0, wide.size())},
      {"UTF-16 of the other order", to_utf16(kText, true), expected("utf16be", 0, wide.size())},
      {"UTF-16 with a mark", "\xff\xfe" + wide,
       expected("utf16le", 0, 2 + wide.size(), "\xef\xbb\xbf" + kText)},
      {"a pair of surrogates", std::string("\xff\xfe\x3d\xd8\x00\xde", 6),
       expected("utf16le", 0, 6, "\xef\xbb\xbf\xf0\x9f\x98\x80")},
      {"a lone surrogate", std::string("\xff\xfe\x3d\xd8\x61\x00", 6),
       expected("utf16le", 0, 6,
                "\xef\xbb\xbf\xef\xbf\xbd"
                "a")},
  };
}

const char* const kPlain[] = {
    "",
    "short",
    "/usr/include/c++/12/bits/stl_algo.h",
    "a_function_with_a_very_long_name_indeed_and_more",
    "////////////////////////////////////////",
    "----------------------------------------",
    "0000000000000000000000000000000000000000",
    "4be1d2c07a9f4be1d2c07a9f4be1d2c07a9f8e8f",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "printf(\"%02x %5d %s\\n\", a, b, c_str_of_it)",
    "100%25 of what is said",
    "ThisIsACamelCaseNameThatIsLongEnoughToBeTried",
    "C:\\users\\x1\\xylophone\\unicorn",
    "H4sIthisIsNoGzipAtAllButABeginOfBase64",
    "if(first_of_two&&second_of_two&mask;)",
    "a&#;b&#x;c&#99999999;d&#xD800;e&unknown;f",
};

}  // namespace

BOOST_AUTO_TEST_SUITE(decode)

BOOST_AUTO_TEST_CASE(finds_and_decodes_runs) {
  for (const Row& row : rows()) {
    BOOST_TEST(describe(row.text) == row.expected, row.name << ": " << describe(row.text));
  }
}

BOOST_AUTO_TEST_CASE(words_paths_and_hashes_are_no_runs) {
  for (const char* text : kPlain) BOOST_TEST(describe(text) == "", text << ": " << describe(text));
}

BOOST_AUTO_TEST_CASE(a_message_says_that_it_is_quoted_printable) {
  const std::string header = "Content-Transfer-Encoding: Quoted-Printable\n\n";
  const std::string coded = header + "password=3DCopper=21 it is =\nlong=\r\ner, a=zz",
                    plain = "password=3DCopper";
  bool truncated = false;
  const auto runs = detect::find_encoded_runs(coded, 1 << 20, truncated);
  BOOST_REQUIRE(!runs.empty());
  BOOST_TEST(detect::decode_run(coded, runs[0]).value_or("") ==
             header + "password=Copper! it is longer, a=zz");
  BOOST_TEST(detect::find_encoded_runs(plain, 1 << 20, truncated).empty());
  BOOST_TEST(detect::find_encoded_runs(header + "no code", 1 << 20, truncated).empty());
  // "Copper!" and "longer" stand where the person wrote them, codes and line ends included.
  const std::size_t decoded[] = {header.size() + 9, header.size() + 16, header.size() + 23,
                                 header.size() + 29};
  const auto places = detect::source_offsets(coded, runs[0], decoded);
  BOOST_TEST(coded.substr(places[0], places[1] - places[0]) == "Copper=21");
  BOOST_TEST(coded.substr(places[2], places[3] - places[2]) == "=\nlong=\r\ner");
}

// Blocks of 64 bytes must not show: the same run at every offset, at the limit and one under.
BOOST_AUTO_TEST_CASE(a_run_is_found_wherever_it_stands) {
  const std::string twenty = to_base64("key of the door").substr(0, 20);
  for (std::size_t before = 0; before < 140; ++before) {
    const std::string text = std::string(before, ' ') + twenty + " ";
    BOOST_TEST(describe(text) == expected("base64", before, before + 20, "key of the door"), before);
    BOOST_TEST(describe(std::string(before, '.') + twenty.substr(0, 19)) == "", before);
  }
}

BOOST_AUTO_TEST_CASE(every_encoding_comes_back_from_random_texts) {
  const std::uint64_t seed = SystemRandom().next();
  BOOST_TEST_MESSAGE("seed " << seed);
  SeededRandom random(seed);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (std::uint64_t left = 24 + random.below(300); left > 0; --left)
      text += static_cast<char>(' ' + random.below(95));
    const std::string before(random.below(100), '\n');
    BOOST_TEST(describe(before + to_base64url(text) + "\n") ==
                   expected("base64", before.size(), before.size() + to_base64url(text).size(), text),
               seed << ": " << text);
    BOOST_TEST(describe(before + to_hex(text)) ==
                   expected("hex", before.size(), before.size() + to_hex(text).size(), text),
               seed << ": " << text);
  }
}

BOOST_AUTO_TEST_CASE(runs_stop_at_the_budget_and_say_so) {
  const std::string one = to_base64(kText), text = one + "\n\n" + one + "\n\n" + one;
  bool truncated = false;
  BOOST_TEST(detect::find_encoded_runs(text, 3 * one.size(), truncated).size() == 3u);
  BOOST_TEST(!truncated);
  BOOST_TEST(detect::find_encoded_runs(text, 3 * one.size() - 1, truncated).size() == 2u);
  BOOST_TEST(truncated);
}

// A kilobyte that unpacks to a gigabyte gives no more than the limit.
BOOST_AUTO_TEST_CASE(a_gzip_bomb_is_cut_off) {
  const std::string bomb = to_base64(gzip(std::string(3 * detect::kInflatedBytesMax, 'a')));
  bool truncated = false;
  const auto runs = detect::find_encoded_runs(bomb, 1 << 20, truncated);
  BOOST_REQUIRE(runs.size() == 1u);
  BOOST_TEST(detect::decode_run(bomb, runs[0])->size() == detect::kInflatedBytesMax);
}

BOOST_AUTO_TEST_CASE(offsets_in_utf16_lead_back_to_the_characters) {
  const std::string text(
      "\xff\xfe"
      "a\0"
      "\xac\x20"
      "b\0"
      "\x3d\xd8\x00\xde"
      "c\0",
      14);
  bool truncated = false;
  const auto run = detect::find_encoded_runs(text, 100, truncated).at(0);
  // The mark takes 3 bytes of UTF-8, the euro 3, the face 4.
  const std::vector<std::size_t> offsets{3, 4, 7, 8, 12, 13}, places{2, 4, 6, 8, 12, 14};
  const auto found = detect::source_offsets(text, run, offsets);
  BOOST_TEST(found == places, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
