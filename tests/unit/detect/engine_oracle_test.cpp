// The engine against its oracle: same matches on rule examples, on what chance makes of them, on real files,
// on diffs. A rule whose pattern matches without its anchor or beyond its window fails here, by its name.
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "demo_rules.hpp"
#include "fanlight/core/files.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/detect/engine.hpp"
#include "fanlight/detect/examples.hpp"
#include "support/naive_engine.hpp"
#include "support/source_dir.hpp"

using namespace fanlight;

namespace {

// FANLIGHT_TEST_SEED repeats a run; FANLIGHT_TEST_ROUNDS makes a longer one.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const auto text = environment(name);
  return text ? std::strtoull(text->c_str(), nullptr, 10) : otherwise;
}

class Comparison {
 public:
  explicit Comparison(const detect::RuleSet& rules)
      : rules_(rules.rules),
        engine_(detect::Engine::make(rules).value()),
        scratch_(engine_->make_scratch()),
        naive_(rules_) {}

  // Both engines on one text; reports the first rule they differ on. Returns how many matches there were.
  std::size_t check(const std::string& text, const std::string& path, const std::string& name) {
    const auto found = describe(engine_->scan(text, path, options_, scratch_));
    const auto expected = describe(naive_.scan(text, path, options_));
    for (std::size_t i = 0; i < std::max(found.size(), expected.size()); ++i) {
      const std::string ours = i < found.size() ? found[i] : "nothing",
                        theirs = i < expected.size() ? expected[i] : "nothing";
      if (ours == theirs) continue;
      BOOST_ERROR(name << ": engine has " << ours << ", oracle has " << theirs);
      if (text.size() < 2000) BOOST_TEST_MESSAGE("text in hex: " << to_hex(text));
      break;
    }
    return expected.size();
  }

  std::span<const detect::Rule> rules() const { return rules_; }

 private:
  std::vector<std::string> describe(const std::vector<detect::Match>& matches) const {
    std::vector<std::string> out;
    for (const detect::Match& match : matches) {
      out.push_back(fmt::format("{}[{},{}) in [{},{}) size {} depth {} structure {} {}",
                                rules_[match.rule].id, match.span.begin, match.span.end, match.whole.begin,
                                match.whole.end, match.secret.size(), match.depth, to_string(match.structure),
                                match.detail));
    }
    return out;
  }

  std::span<const detect::Rule> rules_;
  std::shared_ptr<const detect::Engine> engine_;
  detect::Engine::Scratch scratch_;
  test::NaiveEngine naive_;
  // The oracle has no budget.
  detect::ScanOptions options_{.decoded_bytes_max = 1 << 30};
};

std::string noise(Random& random) {
  constexpr std::string_view bytes =
      "abcdefghijklmnopqrstuvwxyz0123456789ABCXYZ_-+/=.:@%\\\"'`<>(){}[]#;,|$ \t\r\n\n\n   \x01\x80\xff";
  std::string out;
  for (std::uint64_t left = random.below(120); left > 0; --left) out += bytes[random.below(bytes.size())];
  return out;
}

// The next blank becomes what people write in its place, or the next mark gets one: anchors with a blank
// inside are easily missed.
void change_blank(std::string& text, std::size_t at, Random& random) {
  constexpr std::string_view kBlanks[] = {"", "\t", "\n", "  ", "\r\n", "   ", " \t"};
  const std::size_t found = text.find_first_of(" :=", at);
  if (found == text.npos) return;
  const bool is_blank = text[found] == ' ';
  text.replace(found, is_blank ? 1 : 0, kBlanks[random.below(std::size(kBlanks))]);
}

// Bytes changed, dropped, doubled; ends cut: matches move to the edges of their windows.
std::string mutate(std::string text, Random& random) {
  for (std::uint64_t left = random.below(4); left > 0 && !text.empty(); --left) {
    const std::size_t at = random.below(text.size());
    switch (random.below(7)) {
      case 6:
        change_blank(text, at, random);
        break;
      case 0:
        text[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        text.erase(at, 1 + random.below(3));
        break;
      case 2:
        text.insert(at, text.substr(at, 1 + random.below(40)));
        break;
      case 3:
        text.resize(at);
        break;
      case 4:
        text.insert(at, 1, '\n');
        break;
      default:
        text.insert(at, "x");
        break;
    }
  }
  return text;
}

std::string gzip(std::string_view text) {
  std::string out(text.size() + 1024, '\0');
  z_stream stream{};
  BOOST_REQUIRE(deflateInit2(&stream, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  BOOST_REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string encode(const std::string& text, Random& random) {
  switch (random.below(10)) {
    case 3: {
      std::string out;
      for (const char c : text) {
        const bool coded = random.below(3) == 0;
        out += coded ? fmt::format("&#{};", static_cast<unsigned char>(c)) : std::string(1, c);
      }
      return out;
    }
    case 4:
      return to_base64(gzip(text));
    case 0:
      return to_base64(text);
    case 1:
      return to_base64url(text);
    case 2:
      return to_hex(text);
    default:
      return text;
  }
}

// Examples and counterexamples of all rules, mutated, in noise.
void compare_on_examples(Comparison& comparison, const std::vector<std::string_view>& examples,
                         std::uint64_t rounds) {
  const std::uint64_t seed = from_environment("FANLIGHT_TEST_SEED", SystemRandom().next());
  BOOST_TEST_MESSAGE("FANLIGHT_TEST_SEED=" << seed);
  SeededRandom random(seed);
  std::size_t matches = 0;
  for (const std::string_view example : examples) {
    matches +=
        comparison.check(detect::expand_example(example, random), "main.tf", fmt::format("seed {}", seed));
  }
  for (std::uint64_t round = 0; round < rounds; ++round) {
    std::string text;
    for (std::uint64_t parts = 1 + random.below(6); parts > 0; --parts) {
      const std::string_view example = examples[random.below(examples.size())];
      text += noise(random) + encode(mutate(detect::expand_example(example, random), random), random);
    }
    text += noise(random);
    matches += comparison.check(text, "main.tf", fmt::format("seed {} round {}", seed, round));
  }
  BOOST_TEST(matches > rounds / 4);
}

// Files of `root` by chance until they are `bytes_max` together. Missing folders are no error: not every
// machine has them.
std::size_t compare_on_files(Comparison& comparison, const std::filesystem::path& root,
                             std::size_t bytes_max) {
  std::error_code error;
  std::vector<std::string> files;
  std::filesystem::recursive_directory_iterator at(
      root, std::filesystem::directory_options::skip_permission_denied, error),
      end;
  for (; !error && at != end && files.size() < 20'000; at.increment(error)) {
    if (at->path().filename() == ".git" || at->path().filename() == "node_modules")
      at.disable_recursion_pending();
    if (at->is_regular_file(error) && !at->is_symlink(error)) files.push_back(at->path().string());
  }
  std::ranges::sort(files);
  SeededRandom random(1);
  std::size_t bytes = 0, matches = 0;
  while (bytes < bytes_max && !files.empty()) {
    const std::size_t pick = random.below(files.size());
    const auto text = read_file(files[pick], 256 * 1024);
    if (text) {
      matches += comparison.check(*text, files[pick], files[pick]);
      bytes += text->size();
    }
    files[pick] = files.back();
    files.pop_back();
  }
  return matches;
}

const std::vector<std::string_view> kDemoExamples{
    "dmo_a1b2c3d4e5f6g7h8i9j0",
    "x dmx_a1b2c3d4e5f6g7h8i9j0.",
    "demo_password = \"Tr0ub4dor&3xy\"\n",
    "\nhost db1\n",
    "-----BEGIN DEMO KEY-----\n0123456789abcdef\n-----END DEMO KEY-----",
    "demo-id: 17\n",
    "demo-part: abcdefgh12\n",
    "\n",
    "demo-only abcd1234",
    "db1.demo.example",
    "acmecorp7 initech42 acmecorp",
    "demo_password",
    "dmo_",
    "-----BEGIN DEMO"};

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_oracle)

BOOST_AUTO_TEST_CASE(agree_on_demo_rules) {
  const auto rules = test::demo_rules();
  Comparison comparison(rules);
  compare_on_examples(comparison, kDemoExamples, from_environment("FANLIGHT_TEST_ROUNDS", 2000));
}

BOOST_AUTO_TEST_CASE(agree_on_examples_of_built_in_rules) {
  Comparison comparison(detect::builtin_rules());
  std::vector<std::string_view> examples;
  for (const detect::Rule& rule : comparison.rules()) {
    examples.insert(examples.end(), rule.examples.begin(), rule.examples.end());
    examples.insert(examples.end(), rule.counterexamples.begin(), rule.counterexamples.end());
  }
  compare_on_examples(comparison, examples, from_environment("FANLIGHT_TEST_ROUNDS", 2000));
}

BOOST_AUTO_TEST_CASE(agree_on_real_files) {
  Comparison comparison(detect::builtin_rules());
  // Enough of each place that some rule matches in it.
  const std::size_t bytes =
      std::max<std::size_t>(400'000, 200 * from_environment("FANLIGHT_TEST_ROUNDS", 2000));
  std::size_t matches = 0;
  for (const std::string& root : std::initializer_list<std::string>{
           testing::source_dir(), "/usr/include", "/usr/share/doc", "/usr/lib/python3", "/etc"}) {
    matches += compare_on_files(comparison, root, bytes);
  }
  BOOST_TEST(matches > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
