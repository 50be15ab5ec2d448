// A text that is cut must answer as the whole does.
#include "syntax/pieces.hpp"

#include <boost/test/unit_test.hpp>

#include <cctype>
#include <string>

namespace fanlight::coupling {

namespace {

// `text` until it is long enough to be cut many times.
std::string repeated(std::string_view text) {
  std::string out;
  while (out.size() < 8 * kPieceBytesMin) out += text;
  return out;
}

std::string described(const std::optional<Position>& position) {
  if (!position) return "nothing";
  // A template's own statement stands between entries: which of them it is at, nobody asks.
  if (position->role == Role::reference) return "reference";
  return std::to_string(static_cast<int>(position->role)) + ' ' + position->key_path;
}

// Asks about each word of the text.
void compare(std::string_view path, const std::string& text) {
  const SyntaxTree whole = SyntaxTree::parse(path, text);
  LazySyntax lazy(path, text);
  std::size_t asked = 0, different = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto is_word = [&](std::size_t i) {
      return std::isalnum(static_cast<unsigned char>(text[i])) != 0;
    };
    if (!is_word(at) || (at > 0 && is_word(at - 1))) continue;
    std::size_t end = at;
    while (end < text.size() && is_word(end)) ++end;
    ++asked;
    const std::string one = described(whole.position_of({at, end})),
                      other = described(lazy.position_of({at, end}));
    if (one != other && ++different < 5)
      BOOST_TEST(one == other,
                 path << ": " << text.substr(at, end - at) << " at " << at << ": " << one << " / " << other);
  }
  BOOST_TEST(different == 0u, path << ": " << different << " of " << asked);
  BOOST_TEST(asked > 50u);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pieces)

BOOST_AUTO_TEST_CASE(a_piece_answers_as_the_whole) {
  struct Row {
    const char *path, *text;
  };
  const Row rows[] = {
      {"main.tf",
       "resource \"aws_instance\" \"web\" {\n  ami = \"ami-1\"\n  user_data = <<-EOT\n    one\nresource two "
       "{\nEOT\n"
       "  tags = { Name = \"x-${var.name}\" }\n}\n/* comment\nresource \"a\" \"b\" {\n*/\nvariable \"x\" {\n"
       "  default = \"one\"\n}\nlocals {\n  path = \"arn:aws:s3:::logs/*\"\n}\n# a comment\noutput \"y\" {\n"
       "  description = \"of it\"\n  value = jsonencode({ a = \"b\" })\n}\n"},
      {"prod.tfvars",
       "vpc = \"vpc-1\"\nlist = [\n  \"one\",\n  \"two\",\n]\nmap = {\n  key = \"three\"\n}\n"},
      {"app.yaml",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  labels:\n    app: web\ndata:\n  text: |\n   "
       " one: two\n"
       "\n    three\n  list:\n  - a: one\n    b: \"${TWO:-three}\"\n  - c\nitems:\n- one\n- two: three\n# "
       "comment\n"
       "---\n"},
      {"play.yml",
       "- name: one\n  hosts: web\n  vars:\n    host: \"{{ name }}.corp\"\n  tasks:\n  - name: copy\n    "
       "copy:\n"
       "      content: |\n        - name: x\n- name: two\n  hosts: all\n"},
      {"templates/x.yaml",
       "{{- if .Values.on }}\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n  host: \"db.{{ "
       ".Values.zone "
       "}}\"\n{{- range .Values.list }}\nports:\n- port: {{ .port | default 80 }}\n{{- end }}\n{{- end "
       "}}\n---\n"},
      {"__main__.py",
       "import os\n\nNAME = \"one\"\n\"\"\"A text\nimport two\n\"\"\"\n\n@decorated(\n    \"three\")\ndef "
       "f(x=\"four\"):\n"
       "    \"\"\"Five.\n\nclass Six:\n    \"\"\"\n    return os.environ.get(\"A\", \"seven\")\n\n"
       "if NAME == \"one\":\n    y = f(\n\"eight\"\n)\nelse:\n    y = f'nine {NAME} \\' ten'\n\nclass A:\n"
       "    host = \"it's\"  # don't\n"},
  };
  for (const Row& row : rows) {
    const std::string text = repeated(row.text);
    // The other row begins with a template, which is masked before the text is cut.
    if (!text.starts_with("{{")) BOOST_TEST(piece_begins(format_of(row.path), text).size() > 2u, row.path);
    compare(row.path, text);
  }
}

BOOST_AUTO_TEST_CASE(what_may_go_on_is_not_cut) {
  struct Row {
    const char *path, *head, *line;
  };
  const Row rows[] = {
      {"a.tf", "x = <<EOT\n", "resource \"a\" \"b\" {}\n"},
      {"a.tf", "/* a\n", "resource \"a\" \"b\" {}\n"},
      {"a.yaml", "--- |\n", "one: two\n"},
      {"a.yaml", "{\n", "\"one\": \"two\",\n"},
      {"a.yaml", "items:\n", "- one\n"},
      {"a.yaml", "text: |\n", "  one: two\n"},
      {"a.py", "x = \"\"\"\n", "import one\n"},
      {"a.py", "x = [\n", "one,\n"},
      {"a.json", "{\n", "\"a\": 1,\n"},
  };
  for (const Row& row : rows) {
    std::string text(row.head);
    while (text.size() < 4 * kPieceBytesMin) text += row.line;
    BOOST_TEST(piece_begins(format_of(row.path), text).size() == 1u, row.path << ": " << row.head);
  }
}

BOOST_AUTO_TEST_CASE(short_texts_are_not_cut) {
  BOOST_TEST(piece_begins(Format::yaml, "a: 1\nb: 2\n").size() == 1u);
  BOOST_TEST(piece_begins(Format::yaml, "").size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
