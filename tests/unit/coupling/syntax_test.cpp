#include "fanlight/coupling/syntax.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>

#include "fanlight/coupling/judge.hpp"

namespace fanlight::coupling {

namespace {

std::string_view name_of(Role role) {
  constexpr auto kWords =
      std::to_array<std::string_view>({"unknown", "value", "default", "argument", "key", "label", "comment",
                                       "description", "reference", "ciphertext"});
  return kWords[static_cast<std::size_t>(role)];
}

// The span is what stands between « and ». `by` is "tree", or "lines" where the tree does not know.
struct Row {
  std::string_view name, path, text, role, key_path, by = "tree";
};

struct Marked {
  std::string text;
  detect::Span span;
};
Marked unmark(std::string_view marked) {
  constexpr std::string_view kOpen = "«", kClose = "»";
  const std::size_t open = marked.find(kOpen), close = marked.find(kClose);
  BOOST_REQUIRE(open != marked.npos && close != marked.npos);
  Marked out;
  out.text = std::string(marked.substr(0, open)) +
             std::string(marked.substr(open + kOpen.size(), close - open - kOpen.size())) +
             std::string(marked.substr(close + kClose.size()));
  out.span = {open, close - kOpen.size()};
  return out;
}

void check(std::span<const Row> rows) {
  for (const Row& row : rows) {
    const Marked marked = unmark(row.text);
    const Position got = position_of({row.path, marked.text}, marked.span);
    BOOST_TEST(name_of(got.role) == row.role, row.name << ": " << name_of(got.role));
    BOOST_TEST(got.key_path == row.key_path, row.name << ": " << got.key_path);
    BOOST_TEST((got.lexical ? "lines" : "tree") == row.by, row.name << ": by the other way");
  }
}

constexpr auto kHcl = std::to_array<Row>({
    {"argument", "m/a.tf", "resource \"aws_instance\" \"web\" {\n  ami = \"«x»\"\n}\n", "argument",
     "resource.aws_instance.web.ami"},
    {"label without quotes", "m/a.tf", "resource aws_instance web {\n  ami = \"«x»\"\n}\n", "argument",
     "resource.aws_instance.web.ami"},
    {"the second of two on a line", "m/a.tf", "locals { a = \"1\" }\nlocals { b = \"«x»\" }\n", "value",
     "locals.b"},
    {"brackets on odd lines", "m/a.tf", "module \"x\"\n{\n}\nlocals {\nlist = [\n[\"«x»\"\n]]\n}\n", "value",
     "locals.list"},
    {"default behind a type of many lines", "m/v.tf",
     "variable \"net\" {\n  type = object({\n    a = string\n  })\n  default = {\n    a = \"«x»\"\n  }\n}\n",
     "default", "variable.net.default.a"},
    {"a type's default is no variable's", "m/a.tf",
     "resource \"a\" \"b\" {\n  rule {\n    action = \"«x»\"\n  }\n}\n", "argument",
     "resource.a.b.rule.action"},
    {"key of an object", "m/a.tf", "locals {\n  m = { \"«x»\" = 1 }\n}\n", "key", "locals.m"},
    {"heredoc", "m/a.tf", "resource \"a\" \"b\" {\n  user_data = <<-EOF\n    curl «x»/y\n  EOF\n}\n",
     "argument", "resource.a.b.user_data"},
    {"heredoc after its end", "m/a.tf", "locals {\n  a = <<EOF\nq = 1\nEOF\n  b = \"«x»\"\n}\n", "value",
     "locals.b"},
    {"interpolated name", "m/a.tf", "locals {\n  a = \"${var.«x».y}-z\"\n}\n", "reference", "locals.a"},
    {"beside an interpolation", "m/a.tf", "locals {\n  a = \"${var.q}.«x»\"\n}\n", "value", "locals.a"},
    {"index of a reference", "m/a.tf", "locals {\n  a = var.hosts[\"«x»\"]\n}\n", "reference", "locals.a"},
    {"comment that looks like code", "m/a.tf", "locals {\n  # a = \"«x»\"\n  b = 1\n}\n", "comment",
     "locals"},
    {"comment within a list", "m/a.tf", "locals {\n  a = [ /* «x» */ \"y\"]\n}\n", "comment", "locals.a"},
    {"tfvars", "prod.tfvars", "vpc_id = \"«x»\"\n", "value", "vpc_id"},
    {"terragrunt inputs", "prod/terragrunt.hcl", "inputs = {\n  vpc_id = \"«x»\"\n}\n", "value",
     "inputs.vpc_id"},
    {"tags", "m/a.tf", "module \"v\" {\n  tags = merge(local.t, { Team = \"«x»\" })\n}\n", "label",
     "module.v.tags.Team"},
    {"second argument of try", "m/a.tf", "locals {\n  a = try(var.q, \"«x»\")\n}\n", "default", "locals.a"},
    {"block label", "m/a.tf", "module \"«x»\" {\n}\n", "key", ""},
    {"windows lines and a byte order mark", "m/a.tf", "\xEF\xBB\xBFlocals {\r\n  a = \"«x»\"\r\n}\r\n",
     "value", "locals.a"},
    {"broken behind it", "m/a.tf", "locals {\n  a = \"«x»\"\n}\nresource \"a\" {{{ = \n", "value",
     "locals.a"},
    {"within what is broken", "m/a.tf", "}}} = {\n  b = \"«x»\"\n", "value", "b", "lines"},
});

constexpr auto kYaml = std::to_array<Row>({
    {"flow map", "x.yml", "a: {b: «x», c: 1}\n", "value", "a.b"},
    {"flow key", "x.yml", "a: {«x»: 1}\n", "key", "a"},
    {"flow list over lines", "x.yml", "a: [\n  1,\n  «x»\n]\n", "value", "a"},
    {"anchor", "x.yml", "a: &one\n  b: «x»\nc: *one\n", "value", "a.b"},
    {"alias", "x.yml", "a: &x 1\nc: *«x»\n", "reference", "c"},
    {"second document", "x.yml", "a: 1\n---\nkind: Service\nspec:\n  host: «x»\n", "value", "spec.host"},
    {"quoted key", "x.yml", "\"a b\":\n  'c': \"«x»\"\n", "value", "a b.c"},
    {"block scalar", "x.yml", "data:\n  app.conf: |\n    host = «x»\n    # y\nz: 1\n", "value",
     "data.app.conf"},
    {"hash in a block scalar is text", "x.yml", "run: |\n  # «x»\n  ls\n", "value", "run"},
    {"comment between keys", "x.yml", "a:\n  # was «x»\n  b: 1\n", "comment", "a"},
    {"plain scalar of two lines", "x.yml", "a: one\n  two «x»\nb: 1\n", "value", "a"},
    {"annotation", "x.yml", "metadata:\n  annotations:\n    dns/host: «x»\n", "label",
     "metadata.annotations.dns/host"},
    {"vault", "x.yml", "a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  62«36»\nb: 1\n", "ciphertext", "a"},
    {"Ref", "t.yaml", "Resources:\n  A:\n    Vpc: !Ref «x»\n", "reference", "Resources.A.Vpc"},
    {"Sub replaces", "t.yaml", "A: !Sub \"arn:${«x»}:y\"\n", "reference", "A"},
    {"Sub keeps the rest", "t.yaml", "A: !Sub \"arn:${B}:«x»\"\n", "value", "A"},
    {"parameter's default", "t.yaml", "Parameters:\n  Vpc:\n    Type: String\n    Default: «x»\n", "default",
     "Parameters.Vpc.Default"},
    {"compose default within a default", "compose.yaml", "a: ${A:-${B:-«x»}}\n", "default", "a"},
    {"helm template", "charts/a/templates/d.yaml",
     "{{- if .Values.on }}\nspec:\n  host: {{ .Values.«x» | quote }}\n{{- end }}\n", "reference",
     "spec.host"},
    {"helm template's literal", "charts/a/templates/d.yaml",
     "{{- if .Values.on }}\nspec:\n  host: «x»\n  {{- with .Values.y }}\n  z: 1\n  {{- end }}\n{{- end }}\n",
     "value", "spec.host"},
    {"helm default", "charts/a/templates/d.yaml", "spec:\n  host: {{ .Values.h | default \"«x»\" }}\n",
     "default", "spec.host"},
    {"helm comment", "charts/a/templates/d.yaml", "{{/* for «x» */}}\na: 1\n", "comment", ""},
    {"jinja over YAML", "x.yaml.j2", "{% if a %}\nnet:\n  host: «x»\n{% endif %}\n", "value", "net.host"},
    {"jinja without quotes", "x.yml", "a:\n  b: {{ c }}/«x»\n", "value", "a.b"},
    {"jinja over lines in quotes", "x.yml", "a:\n  b:\n    \"{{ c.d\n    }}-«x»\"\n", "value", "a.b"},
    {"jinja comment", "x.yaml.j2", "{# «x» #}\na: 1\n", "comment", ""},
    {"salt", "s/init.sls", "{% set g = \"«x»\" %}\na: 1\n", "value", ""},
    {"pillar default", "s/init.sls", "a: {{ salt['pillar.get']('net:gw', '«x»') }}\n", "default", "a"},
    {"lookup is a name", "s/init.sls", "a: {{ pillar.get('«x»') }}\n", "reference", "a"},
    {"github expression", ".github/workflows/a.yml", "jobs:\n  a:\n    env:\n      X: ${{ vars.«x» }}\n",
     "reference", "jobs.a.env.X"},
    {"windows lines", "x.yml", "a:\r\n  b: «x»\r\n", "value", "a.b"},
});

constexpr auto kData = std::to_array<Row>({
    {"json value", "x.json", "{\"a\": {\"b\": [1, \"«x»\"]}}", "value", "a.b"},
    {"json on one line", "x.json", "{\"a\": {\"q\": 1}, \"c\": \"«x»\"}", "value", "c"},
    {"json key", "x.json", "{\"a\": {\"«x»\": 1}}", "key", "a"},
    {"json comment", "x.json", "{\n // «x»\n \"a\": 1}", "comment", ""},
    {"json description", "x.json", "{\"description\": \"«x»\"}", "description", "description"},
    {"json Ref", "t.json", "{\"A\": {\"Ref\": \"«x»\"}}", "reference", "A.Ref"},
    {"json Sub", "t.json", "{\"A\": {\"Fn::Sub\": \"a${«x»}\"}}", "reference", "A.Fn::Sub"},
    {"json terraform", "m.tf.json", "{\"locals\": {\"a\": \"${var.«x»}\"}}", "reference", "locals.a"},
    {"json template", "x.json.j2", "{\"a\": {{ b }}, \"c\": \"«x»\"}", "value", "c"},
    {"json broken off", "x.json", "{\n  \"a\": {\n    \"b\": \"«x»\"\n", "value", "a.b", "lines"},
    {"toml value", "x.toml", "[a.b]\nc = \"«x»\"\n", "value", "a.b.c"},
    {"toml array table", "x.toml", "[[a]]\nc = [\n  \"«x»\",\n]\n", "value", "a.c"},
    {"toml inline table", "x.toml", "a = { b = \"«x»\" }\n", "value", "a.b"},
    {"toml comment", "x.toml", "a = 1 # «x»\n", "comment", "a"},
    {"toml multi-line", "x.toml", "a = \"\"\"\n# «x»\n\"\"\"\n", "value", "a"},
    {"env value", ".env", "HOST=«x»\n", "value", "HOST"},
    {"env quoted", "prod.env", "export HOST=\"a «x»\"\n", "value", "HOST"},
    {"env comment", ".env.example", "# HOST=«x»\nA=1\n", "comment", ""},
    {"env reference", ".env", "A=${«x»}/y\n", "reference", "A"},
});

constexpr auto kPython = std::to_array<Row>({
    {"module constant", "p.py", "HOST = \"«x»\"\n", "value", "HOST"},
    {"default over lines", "p.py", "def f(\n    a,\n    host: str = \"«x»\",\n):\n    pass\n", "default",
     "f.host"},
    {"keyword argument", "p.py", "v = ec2.Vpc(\"main\",\n    cidr_block=\"«x»\",\n)\n", "argument",
     "v.cidr_block"},
    {"positional argument", "p.py", "ec2.Vpc(\"«x»\")\n", "argument", ""},
    {"dictionary", "p.py", "A = {\n    \"b\": {\"c\": \"«x»\"},\n}\n", "value", "A.b.c"},
    {"dictionary key", "p.py", "A = {\"«x»\": 1}\n", "key", "A"},
    {"tags", "p.py", "B(tags={\"Owner\": \"«x»\"})\n", "label", "tags.Owner"},
    {"f-string's literal part", "p.py", "a = f\"https://{env}.«x»/\"\n", "value", "a"},
    {"f-string's name", "p.py", "a = f\"https://{«x»}.y/\"\n", "reference", "a"},
    {"braces without f", "p.py", "a = \"https://{«x»}/\"\n", "value", "a"},
    {"docstring", "p.py", "def f():\n    \"\"\"As «x».\n    \"\"\"\n    return 1\n", "comment", "f"},
    {"comment", "p.py", "a = [\n    1,  # «x»\n]\n", "comment", "a"},
    {"hash in a string", "p.py", "a = \"#«x»\"\n", "value", "a"},
    {"getenv's default", "p.py", "a = os.getenv(\"A\", \"«x»\")\n", "default", "a"},
    {"getenv's name", "p.py", "a = os.getenv(\"«x»\")\n", "argument", "a"},
    {"in a class", "p.py", "class A(B):\n    host = \"«x»\"\n", "value", "A.host"},
    {"description", "p.py", "f(description=\"«x»\")\n", "description", "description"},
});

constexpr auto kCode = std::to_array<Row>({
    {"puppet parameter", "m/init.pp", "class ntp (\n  String $server = '«x»',\n) {\n}\n", "default",
     "class.ntp.server"},
    {"puppet second parameter", "m/init.pp", "class ntp (\n  $a = 1,\n  Array[String] $b = ['«x»'],\n) { }\n",
     "default", "class.ntp.b"},
    {"puppet attribute", "m/init.pp", "file { '/etc/a':\n  ensure => file,\n  content => \"«x»\",\n}\n",
     "argument", "content"},
    {"puppet variable", "m/init.pp", "class a {\n  $h = '«x»'\n}\n", "value", "class.a.h"},
    {"puppet statement after a variable", "m/init.pp", "$h = 'a'\nnotify { 'b': message => '«x»' }\n",
     "argument", "message"},
    {"puppet interpolation", "m/init.pp", "$h = \"${«x»}/y\"\n", "reference", "h"},
    {"puppet single quotes", "m/init.pp", "$h = '${«x»}/y'\n", "value", "h"},
    {"puppet comment", "m/init.pp", "$h = 'a' # «x»\n", "comment", "h"},
    {"puppet hash", "m/init.pp", "$h = { 'a' => { 'b' => '«x»' } }\n", "value", "h.a.b"},
    {"puppet hash key", "m/init.pp", "$h = { '«x»' => 1 }\n", "key", "h"},
    {"puppet heredoc", "m/init.pp", "$h = @(END)\n  «x»\n  | END\n$j = 1\n", "value", "h"},
    {"puppet lookup's default", "m/init.pp", "$h = lookup('a::b', '«x»')\n", "default", "h"},
    {"javascript constant", "i.ts", "export const host = \"«x»\";\n", "value", "host"},
    {"javascript object", "i.ts", "new Vpc(\"a\", { cidrBlock: \"«x»\", b: 1 });\n", "argument", "cidrBlock"},
    {"javascript nested", "i.ts", "const a = { \"b\": { c: [\"«x»\"] } };\n", "value", "a.b.c"},
    {"javascript key", "i.ts", "const a = { \"«x»\": 1 };\n", "key", "a"},
    {"javascript choice is no key", "i.ts", "function f() {\n  const a = q ? \"«x»\" : \"y\";\n}\n", "value",
     "a"},
    {"javascript default", "i.ts", "function f(a: number, host: string = \"«x»\") {}\n", "default",
     "function.f.host"},
    {"javascript template", "i.ts", "const a = `${«x»}.y`;\n", "reference", "a"},
    {"javascript template's literal", "i.ts", "const a = `${env}.«x»`;\n", "value", "a"},
    {"javascript quotes do not interpolate", "i.ts", "const a = \"${«x»}\";\n", "value", "a"},
    {"javascript comment", "i.ts", "/* a\n «x» */ const a = 1;\n", "comment", ""},
    {"javascript url", "i.ts", "const a = 'https://«x»/'\n", "value", "a"},
    {"nix attribute", "h.nix", "{ services.a = { host = \"«x»\"; }; }\n", "value", "services.a.host"},
    {"nix default", "h.nix", "{ o = mkOption { default = \"«x»\"; }; }\n", "default", "o.default"},
    {"nix long string", "h.nix", "{ a = ''\n  b «x»\n''; }\n", "value", "a"},
    {"nix interpolation", "h.nix", "{ a = \"${«x»}/y\"; }\n", "reference", "a"},
    {"nix comment", "h.nix", "{ a = 1; # «x»\n}\n", "comment", ""},
});

constexpr auto kShell = std::to_array<Row>({
    {"assignment", "a.sh", "HOST=\"«x»\"\n", "value", "HOST"},
    {"exported", "a.sh", "export A=1 HOST='«x»'\n", "value", "HOST"},
    {"default", "a.sh", "HOST=${HOST:-«x»}\n", "default", "HOST"},
    {"reference", "a.sh", "curl \"https://${«x»}/\"\n", "reference", ""},
    {"single quotes", "a.sh", "echo '${«x»}'\n", "value", ""},
    {"argument of a command", "a.sh", "curl https://«x»/y\n", "value", ""},
    {"comment", "a.sh", "ls # «x»\n", "comment", ""},
    {"hash within a word", "a.sh", "ls a#«x»\n", "value", ""},
    {"heredoc", "a.sh", "cat <<EOF > f\n# «x»\nEOF\n", "value", ""},
    {"heredoc's reference", "a.sh", "cat <<EOF\n${«x»}\nEOF\n", "reference", ""},
    {"quoted heredoc", "a.sh", "cat <<'EOF'\n${«x»}\nEOF\n", "value", ""},
    {"after a heredoc", "a.sh", "cat <<'EOF'\na\nEOF\nB=«x»\n", "value", "B"},
    {"dockerfile argument's default", "Dockerfile", "ARG BASE=«x»\nFROM $BASE\n", "default", "ARG.BASE"},
    {"dockerfile image", "Dockerfile", "# syntax\nFROM «x»:1 AS build\n", "value", "FROM"},
    {"dockerfile environment", "Dockerfile", "ENV A=1 \\\n    # why\n    B=«x»\n", "value", "ENV.B"},
    {"dockerfile label", "Dockerfile", "LABEL maintainer=\"«x»\"\n", "label", "LABEL.maintainer"},
    {"dockerfile comment", "api.Dockerfile", "FROM a\n# «x»\n", "comment", ""},
    {"dockerfile hash inside", "Dockerfile", "RUN echo # «x»\n", "value", "RUN"},
});

}  // namespace

BOOST_AUTO_TEST_SUITE(syntax)

BOOST_AUTO_TEST_CASE(hcl) {
  check(kHcl);
}
BOOST_AUTO_TEST_CASE(yaml) {
  check(kYaml);
}
BOOST_AUTO_TEST_CASE(json_toml_and_env) {
  check(kData);
}
BOOST_AUTO_TEST_CASE(python) {
  check(kPython);
}
BOOST_AUTO_TEST_CASE(puppet_javascript_and_nix) {
  check(kCode);
}
BOOST_AUTO_TEST_CASE(shell_and_dockerfile) {
  check(kShell);
}

BOOST_AUTO_TEST_CASE(a_file_says_what_it_declares) {
  struct Wanted {
    std::string_view name, path, text, listed;  // "key path=value", + behind a plain value
  };
  const auto rows = std::to_array<Wanted>({
      {"hcl", "m/v.tf",
       "variable \"a\" {}\nvariable \"b\" { default = \"x\" }\nlocals { c = var.a }\noutput \"d\" { value = "
       "1 }\n",
       "variable.a variable.b=\"x\"+ locals.c=var.a output.d=1+"},
      {"tfvars", "p.tfvars", "a = \"x\"\n", "a=\"x\"+"},
      {"cloudformation", "t.yaml",
       "Parameters:\n  V:\n    Type: String\n    Default: x\n  W:\n    Type: String\n",
       "Parameters Parameters.V=x+ Parameters.W"},
      {"hiera", "data/a.yaml", "a::b: x\n", "a::b=x+"},
      {"puppet", "m/init.pp", "class a (\n  String $b,\n  $c = 'x',\n) { }\n", "class.a.b class.a.c='x'+"},
      {"python", "p.py", "def f(a, b=\"x\"): pass\n", "f.a f.b=\"x\"+"},
  });
  for (const Wanted& row : rows) {
    std::string listed;
    const SyntaxTree tree = SyntaxTree::parse(row.path, row.text);
    for (const Declaration& each : tree.declarations()) {
      if (!listed.empty()) listed += ' ';
      listed += each.key_path;
      const bool long_value = tree.slice(each.value).find('\n') != std::string_view::npos;
      if (each.has_value && !long_value)
        listed += '=' + std::string(tree.slice(each.value)) + (each.plain ? "+" : "");
    }
    BOOST_TEST(listed == row.listed, row.name << ": " << listed);
  }
}

BOOST_AUTO_TEST_CASE(a_reference_says_whether_the_language_replaces_it) {
  struct Wanted {
    std::string_view path, text, listed;
  };
  const auto rows = std::to_array<Wanted>({
      {"a.tf", "a = \"${var.x}-$${y}\"\n", "var.x:live y:inert"},
      {"m/init.pp", "$a = '${x}'\n$b = \"${y} $z\"\n", "x:inert y:live z:live"},
      {"a.sh", "cat <<'EOF'\n${x}\nEOF\necho '$y' \"$z\"\n", "x:inert y:inert z:live"},
      {"t.yaml", "a: ${AWS::AccountId}\nb: !Sub ${AWS::Region}\nc: ${X}\n",
       "AWS::AccountId:inert AWS::Region:live X:unknown"},
      {"compose.yml", "a: ${X:-y}\n", "X:live"},
      {"i.ts", "const a = '${x}' + `${y}`;\n", "x:inert y:live"},
  });
  constexpr auto kWords = std::to_array<std::string_view>({"live", "inert", "unknown"});
  for (const Wanted& row : rows) {
    std::string listed;
    const SyntaxTree tree = SyntaxTree::parse(row.path, row.text);
    for (const Reference& each : tree.references()) {
      if (!listed.empty()) listed += ' ';
      listed +=
          std::string(each.name) + ':' + std::string(kWords[static_cast<std::size_t>(each.interpolation)]);
    }
    BOOST_TEST(listed == row.listed, row.path << ": " << listed);
  }
}

BOOST_AUTO_TEST_CASE(a_tree_is_in_order_and_nested) {
  for (const auto rows :
       {std::span<const Row>(kHcl), std::span<const Row>(kYaml), std::span<const Row>(kData),
        std::span<const Row>(kPython), std::span<const Row>(kCode), std::span<const Row>(kShell)}) {
    for (const Row& row : rows) {
      const std::string text = unmark(row.text).text;
      const SyntaxTree tree = SyntaxTree::parse(row.path, text);
      const auto nodes = tree.nodes();
      for (std::size_t i = 1; i < nodes.size(); ++i) {
        BOOST_TEST(nodes[i].span.begin >= nodes[i - 1].span.begin,
                   row.name << ": node " << i << " is out of order");
        BOOST_TEST(nodes[i].end > i, row.name);
        BOOST_TEST(nodes[nodes[i].parent].end >= nodes[i].end,
                   row.name << ": node " << i << " is not below its parent");
        BOOST_TEST(nodes[i].span.end <= text.size(), row.name);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_block_is_asked_for_its_entries) {
  constexpr std::string_view kText =
      "module \"vpc\" {\n  source = \"./vpc\"\n  cidr = var.cidr\n  tags = { Team = \"a\" }\n}\n";
  const SyntaxTree tree = SyntaxTree::parse("main.tf", kText);
  const auto blocks = tree.children(0);
  BOOST_REQUIRE_EQUAL(blocks.size(), 1U);
  const Node& block = tree.nodes()[blocks[0]];
  BOOST_TEST(tree.name_of(block) == "module");
  BOOST_REQUIRE_EQUAL(block.labels.size(), 1U);
  BOOST_TEST(block.labels[0] == "vpc");
  const auto source = tree.entry(blocks[0], "source"), cidr = tree.entry(blocks[0], "cidr");
  BOOST_REQUIRE(source && cidr);
  BOOST_TEST(tree.literal(*source) == "./vpc");
  BOOST_TEST(tree.nodes()[*source].plain);
  BOOST_TEST(!tree.nodes()[*cidr].plain);
  BOOST_TEST(!tree.entry(blocks[0], "Team").has_value());
  BOOST_TEST(tree.entry(*tree.entry(blocks[0], "tags"), "Team").has_value());
}

BOOST_AUTO_TEST_CASE(what_is_too_large_is_not_parsed) {
  const std::string text(SyntaxTree::kTextBytesMax + 1, '\n');
  BOOST_TEST((SyntaxTree::parse("a.tf", text).state() == SyntaxTree::State::too_large));
  BOOST_TEST((SyntaxTree::parse("a.bin", "x").state() == SyntaxTree::State::no_parser));
  LazySyntax lazy("a.tf", "a = 1\n");
  BOOST_TEST((lazy.state() == SyntaxTree::State::no_parser));
  BOOST_TEST(lazy.position_of({4, 5}).has_value());
  BOOST_TEST((lazy.state() == SyntaxTree::State::parsed));
  LazySyntax large("a.tf", text);
  BOOST_TEST(!large.position_of({0, 1}).has_value());
  BOOST_TEST((large.state() == SyntaxTree::State::too_large));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
