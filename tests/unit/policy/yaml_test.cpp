// The YAML reader: what it accepts, what it says about the rest, and that nothing makes it throw, hang or
// overflow.
#include "fanlight/policy/yaml.hpp"

#include <boost/test/unit_test.hpp>

#include "fanlight/core/random.hpp"

namespace fanlight::policy {
namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// "[" d times, then "]" d times: d levels.
std::string nested(std::size_t depth) {
  return repeat("[", depth) + repeat("]", depth);
}

std::string error_of(std::string_view text) {
  const auto root = parse_yaml(text, "f.yml");
  return root ? "" : root.error().text;
}

BOOST_AUTO_TEST_SUITE(yaml)

BOOST_AUTO_TEST_CASE(values_keep_their_lines_and_quotes) {
  const auto root = parse_yaml("a: off\nb:\n  - 'x'\n  - 7\nc: {d: null, \"e\": ~}\n", "f.yml");
  BOOST_REQUIRE(root);
  BOOST_TEST((root->type == YamlType::mapping));
  BOOST_TEST(root->find("a")->scalar == "off");
  BOOST_TEST(!root->find("a")->quoted);
  const YamlNode& list = *root->find("b");
  BOOST_REQUIRE(list.items.size() == 2u);
  BOOST_TEST(list.items[0].quoted);
  BOOST_TEST(list.items[1].scalar == "7");
  BOOST_TEST(list.items[1].line == 4u);
  BOOST_TEST((root->find("c")->find("d")->type == YamlType::null));
  BOOST_TEST((root->find("c")->find("e")->type == YamlType::null));
  BOOST_TEST(root->find("c")->find("e")->line == 5u);
  BOOST_TEST(root->find("z") == nullptr);
}

BOOST_AUTO_TEST_CASE(an_empty_document_is_a_null_node) {
  for (const std::string_view text : {"", "\n", "# nothing\n", "---\n"}) {
    const auto root = parse_yaml(text, "f.yml");
    BOOST_TEST_CONTEXT("'" << text << "'") {
      BOOST_REQUIRE(root);
      BOOST_TEST((root->type == YamlType::null));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_named_with_its_line) {
  struct Row {
    const char* name;
    std::string text, error;
  };
  const Row rows[] = {
      {"alias of nothing", "a: 1\nb: *x\n", "f.yml:2: not YAML: the referenced anchor is not defined"},
      {"alias", "a: &x 1\nb: *x\n", "f.yml:1: anchors (&name) are not supported: write the value out"},
      {"anchor", "a: &x 1\n", "f.yml:1: anchors (&name) are not supported: write the value out"},
      {"tag", "a: !!binary aGk=\n", "f.yml:1: tags (!name) are not supported: write the value alone"},
      {"duplicate key", "a: 1\nb: 2\na: 3\n", "f.yml:3: key \"a\" stands twice: it is in line 1 already"},
      {"duplicate in a nested mapping", "a:\n  x: 1\n  x: 2\n",
       "f.yml:3: key \"x\" stands twice: it is in line 2 already"},
      {"list as a key", "? [a]\n: b\n", "f.yml:1: a key must be a word"},
      {"second document", "a: 1\n---\nb: 2\n",
       "f.yml:1: more than one document: keep one, without a second \"---\""},
      {"end-of-file character hides the rest", "a: 1\n\x04\nb: 2\n", "f.yml:2: control character 0x04"},
      {"NUL", std::string("a: \0", 4), "f.yml:1: control character 0x00"},
      {"escape", "a: \x1b[31m\n", "f.yml:1: control character 0x1b"},
      {"not UTF-8", "a: \xff\n", "f.yml:1: not UTF-8 text"},
  };
  for (const Row& row : rows) BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(error_of(row.text) == row.error);
    }
}

BOOST_AUTO_TEST_CASE(broken_text_is_one_line_that_names_the_place) {
  for (const std::string& text :
       {std::string("a: [1\n"), std::string("a: b: c\n"), std::string("a: \"x\n"),
        std::string("a\n  b: c\n - d"), std::string("%FOO\n"), std::string("a: '\\\n")}) {
    const std::string error = error_of(text);
    BOOST_TEST_CONTEXT(text << " -> " << error) {
      if (error.empty()) continue;
      BOOST_TEST(error.starts_with("f.yml:"));
      BOOST_TEST(error.find('\n') == std::string::npos);
    }
  }
  BOOST_TEST(error_of("a: [1\n").starts_with("f.yml:"));
  BOOST_TEST(error_of("a: b: c\n").starts_with("f.yml:1: not YAML"));
}

BOOST_AUTO_TEST_CASE(limits_hold_at_the_limit_and_one_over) {
  BOOST_TEST(error_of(nested(yaml_depth_max)) == "");
  BOOST_TEST(error_of(nested(yaml_depth_max + 1)) == "f.yml:1: nested deeper than 64 levels");
  const std::string just = "[" + repeat("1,", yaml_nodes_max - 1) + "]";
  BOOST_TEST(error_of(just) == "");
  BOOST_TEST(error_of("[1," + just.substr(1)) == "f.yml:1: more than 100000 values");
  const std::string comment = "#" + std::string(yaml_bytes_max - 1, 'x');
  BOOST_TEST(error_of(comment) == "");
  BOOST_TEST(error_of(comment + "x") == "f.yml:1: 1048577 bytes, the limit is 1048576");
  const auto large = parse_yaml(comment + "x", "f.yml");
  BOOST_TEST((large.error().code == ErrorCode::too_large));
}

// Each of these has overflowed a stack or eaten the memory of some YAML parser.
BOOST_AUTO_TEST_CASE(hostile_nesting_is_refused_quickly) {
  for (const std::string_view part :
       {"[",   "{",   "- ", "? ", "[{",  "{a: ", "- - [", ": ", "-\n",   "[\n",     "{a: [", "!a ",
        "&a ", "*a ", "'",  "\"", "|\n", "> ",   "\t",    "%",  "---\n", "a: |\n ", "- ? "}) {
    const std::string text = repeat(part, yaml_bytes_max / part.size());
    BOOST_TEST_CONTEXT("many '" << part << "'") {
      const auto root = parse_yaml(text, "f.yml");
      if (!root) BOOST_TEST(root.error().text.size() < 300u);
    }
  }
  std::string steps;
  for (std::size_t i = 0; i < 1'000; ++i) steps += std::string(i, ' ') + "a:\n";
  BOOST_TEST(error_of(steps).find("nested deeper than 64 levels") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(random_text_never_throws) {
  SeededRandom random(20261122);
  constexpr std::string_view alphabet = "ab:-[]{}\"'\n\n  #&*!|>%?,~\t\\0x1\xc3\xa9";
  for (int round = 0; round < 3'000; ++round) {
    std::string text;
    for (std::uint64_t n = random.below(60); n > 0; --n) text += alphabet[random.below(alphabet.size())];
    const auto root = parse_yaml(text, "f.yml");
    if (!root) BOOST_TEST(root.error().text.starts_with("f.yml:"));
  }
}

struct Seen {
  std::string word = "unset";
  bool flag = false;
  std::int64_t count = 3;
  std::vector<std::string> list{"unset"};
  std::size_t choice = 1;
};

constexpr std::array<std::string_view, 3> moods{"calm", "busy", "off"};

std::vector<YamlKey> seen_keys(Seen& seen) {
  return {
      {.name = "word",
       .type = "string",
       .about = "A word.",
       .read = [&](const YamlNode& n, YamlErrors& e) { read_string(n, e, seen.word); },
       .required = true},
      {.name = "flag",
       .type = "boolean",
       .about = "A flag.",
       .fallback = "false",
       .read = [&](const YamlNode& n, YamlErrors& e) { read_bool(n, e, seen.flag); }},
      {.name = "inner",
       .type = "mapping",
       .about = "Nested.",
       .read =
           [&](const YamlNode& n, YamlErrors& e) {
             read_mapping(
                 n,
                 {{.name = "count",
                   .read = [&](const YamlNode& m, YamlErrors& f) { read_integer(m, f, seen.count, 1, 9); }},
                  {.name = "mood",
                   .read = [&](const YamlNode& m, YamlErrors& f) { read_choice(m, f, moods, seen.choice); }}},
                 e);
           },
       .children = {{.name = "count", .type = "integer", .about = "How many.", .fallback = "3"},
                    {.name = "mood", .type = "string", .about = "How.", .choices = {"calm", "busy", "off"}}}},
      {.name = "list",
       .type = "list of strings",
       .about = "Some.",
       .fallback = "[a, b]",
       .read = [&](const YamlNode& n, YamlErrors& e) { read_strings(n, e, seen.list); }},
  };
}

YamlErrors read_seen(std::string_view text, Seen& seen) {
  YamlErrors errors{.file = "f.yml"};
  const auto root = parse_yaml(text, "f.yml");
  BOOST_REQUIRE(root);
  read_mapping(*root, seen_keys(seen), errors);
  return errors;
}

BOOST_AUTO_TEST_CASE(a_table_reads_its_keys) {
  Seen seen;
  const YamlErrors errors =
      read_seen("word: 5\nflag: true\ninner:\n  count: 9\n  mood: off\nlist: [x, '', 7]\n", seen);
  BOOST_TEST(errors.list.empty());
  BOOST_TEST(seen.word == "5");
  BOOST_TEST(seen.flag);
  BOOST_TEST(seen.count == 9);
  BOOST_TEST(seen.choice == 2u);
  BOOST_TEST(seen.list == (std::vector<std::string>{"x", "", "7"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_error_of_a_document_is_told_at_once) {
  Seen seen;
  const YamlErrors errors = read_seen(
      "wrod: 5\nflag: \"true\"\ninner:\n  count: 10\n  mood: claim\n  moood: x\nlist:\n  - [a]\n  - "
      "b\nzebra: "
      "1\n",
      seen);
  const std::vector<std::string> expected{
      "f.yml:1: unknown key \"wrod\", did you mean \"word\"?",
      "f.yml:2: flag must be true or false, is \"true\"",
      "f.yml:4: inner.count must be a whole number from 1 to 9, is \"10\"",
      "f.yml:5: inner.mood must be calm, busy or off, is \"claim\"",
      "f.yml:6: unknown key \"moood\" in inner, did you mean \"mood\"?",
      "f.yml:8: list must be one value, is a list",
      "f.yml:10: unknown key \"zebra\"",
      "f.yml:1: key \"word\" is missing",
  };
  BOOST_TEST(errors.list == expected, boost::test_tools::per_element());
  BOOST_TEST(seen.count == 3);
  BOOST_TEST(seen.list.front() == "unset");
}

BOOST_AUTO_TEST_CASE(integers_are_whole_and_plain) {
  for (const std::string_view bad :
       {"1.5", "0x5", "+5", "5 m", "''", "\"5\"", "99999999999999999999", "[5]", "-1"}) {
    Seen seen;
    const YamlErrors errors = read_seen("word: w\ninner: {count: " + std::string(bad) + "}\n", seen);
    BOOST_TEST_CONTEXT(bad) {
      BOOST_TEST(errors.list.size() == 1u);
      BOOST_TEST(seen.count == 3);
    }
  }
}

BOOST_AUTO_TEST_CASE(errors_are_bounded_and_printable) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "k" + std::to_string(i) + ": 1\n";
  Seen seen;
  const YamlErrors errors = read_seen(text, seen);
  BOOST_TEST(errors.list.size() == yaml_errors_max + 1);
  BOOST_TEST(errors.list.back() == "f.yml:51: there are more errors, mend these first");

  const YamlErrors odd = read_seen("word: w\n\"a\\nb\\u202Ec" + std::string(200, 'x') + "\": 1\n", seen);
  BOOST_REQUIRE(odd.list.size() == 1u);
  BOOST_TEST(odd.list[0].find('\n') == std::string::npos);
  BOOST_TEST(odd.list[0].find("\u202E") == std::string::npos);
  BOOST_TEST(odd.list[0].size() < 120u);
}

BOOST_AUTO_TEST_CASE(a_scalar_is_no_mapping) {
  Seen seen;
  const YamlErrors errors = read_seen("hello\n", seen);
  BOOST_TEST(errors.list == (std::vector<std::string>{"f.yml:1: must be a mapping of keys, is one value"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_table_prints_its_schema) {
  Seen seen;
  BOOST_TEST(json_schema("a \"table\"", seen_keys(seen)) == R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "a \"table\"",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "word"
  ],
  "properties": {
    "word": {
      "description": "A word.",
      "type": "string"
    },
    "flag": {
      "description": "A flag.",
      "type": "boolean",
      "default": false
    },
    "inner": {
      "description": "Nested.",
      "type": "object",
      "additionalProperties": false,
      "required": [],
      "properties": {
        "count": {
          "description": "How many.",
          "type": "integer",
          "default": 3
        },
        "mood": {
          "description": "How.",
          "type": "string",
          "enum": [
            "calm",
            "busy",
            "off"
          ]
        }
      }
    },
    "list": {
      "description": "Some.",
      "type": "array",
      "items": {
        "type": "string"
      },
      "default": [
        "a",
        "b"
      ]
    }
  }
}
)");
}

BOOST_AUTO_TEST_CASE(the_table_prints_its_reference) {
  Seen seen;
  BOOST_TEST(reference_markdown(seen_keys(seen)) == R"(| key | value | default | what it does |
|---|---|---|---|
| `word` | string | required | A word. |
| `flag` | boolean | `false` | A flag. |
| `inner` | mapping |  | Nested. |
| `inner.count` | integer | `3` | How many. |
| `inner.mood` | `calm`, `busy`, `off` |  | How. |
| `list` | list of strings | `[a, b]` | Some. |
)");
}

BOOST_AUTO_TEST_CASE(a_node_becomes_text_again_with_its_lines) {
  const std::string text = "a:\n\n- x: '\\b\"1\"'\n  y: [p, ~]\n-\n- |\n  two\n  lines\t\n- {z: {}}\n";
  const auto first = parse_yaml(text, "f");
  BOOST_REQUIRE(first);
  const auto again = parse_yaml(yaml_text(*first), "f");
  BOOST_REQUIRE(again);
  const auto same = [](const auto& self, const YamlNode& a, const YamlNode& b) -> bool {
    if (a.type != b.type || a.scalar != b.scalar || a.line != b.line) return false;
    if (a.items.size() != b.items.size() || a.entries.size() != b.entries.size()) return false;
    for (std::size_t i = 0; i < a.items.size(); ++i) {
      if (!self(self, a.items[i], b.items[i])) return false;
    }
    for (std::size_t i = 0; i < a.entries.size(); ++i) {
      if (!self(self, a.entries[i].key, b.entries[i].key)) return false;
      if (!self(self, a.entries[i].value, b.entries[i].value)) return false;
    }
    return true;
  };
  BOOST_TEST(same(same, first->entries[0].value, again->entries[0].value));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::policy
