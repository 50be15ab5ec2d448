#include <boost/test/unit_test.hpp>

#include <array>

#include "fanlight/coupling/judge.hpp"

namespace fanlight::coupling {

namespace {

std::string_view name_of(Role role) {
  switch (role) {
    case Role::unknown:
      return "unknown";
    case Role::value:
      return "value";
    case Role::default_value:
      return "default";
    case Role::argument:
      return "argument";
    case Role::key:
      return "key";
    case Role::label:
      return "label";
    case Role::comment:
      return "comment";
    case Role::description:
      return "description";
    case Role::reference:
      return "reference";
    case Role::ciphertext:
      return "ciphertext";
  }
  return "?";
}

struct Row {
  std::string_view name, path, text;  // the span is where "@@" stands
  std::string_view role, key_path;    // key_path empty: not asked
};

constexpr auto kRows = std::to_array<Row>({
    {"resource argument", "m/main.tf", "resource \"aws_instance\" \"web\" {\n  ami = \"@@\"\n}\n", "argument",
     "resource.aws_instance.web.ami"},
    {"list in a nested block", "m/main.tf",
     "resource \"aws_security_group\" \"x\" {\n  ingress {\n    cidr_blocks = [\n      \"@@\",\n    ]\n  "
     "}\n}\n",
     "argument", "resource.aws_security_group.x.ingress.cidr_blocks"},
    {"variable default", "m/v.tf", "variable \"cidr\" {\n  type = string\n  default = \"@@\"\n}\n", "default",
     "variable.cidr.default"},
    {"variable default in a list", "m/v.tf", "variable \"c\" {\n  default = [\n    \"@@\",\n  ]\n}\n",
     "default", ""},
    {"variable default in an object", "m/v.tf", "variable \"c\" {\n  default = {\n    a = \"@@\"\n  }\n}\n",
     "default", ""},
    {"variable on one line", "m/v.tf", "variable \"c\" { default = \"@@\" }\n", "default",
     "variable.c.default"},
    {"the block before is closed", "m/v.tf",
     "variable \"c\" {\n  default = \"x\"\n}\n\nlocals {\n  a = \"@@\"\n}\n", "value", "locals.a"},
    {"variable description", "m/v.tf", "variable \"c\" {\n  description = \"like @@\"\n}\n", "description",
     ""},
    {"heredoc description", "m/v.tf",
     "variable \"c\" {\n  description = <<-EOT\n    one of\n    @@\n  EOT\n}\n", "description", ""},
    {"heredoc ended", "m/v.tf",
     "variable \"c\" {\n  description = <<-EOT\n    x\n  EOT\n  default = \"@@\"\n}\n", "default", ""},
    {"validation text", "m/v.tf",
     "variable \"c\" {\n  validation {\n    error_message = \"such as @@\"\n  }\n}\n", "description", ""},
    {"hash comment", "m/main.tf", "a = 1 # was @@\n", "comment", ""},
    {"slash comment", "m/main.tf", "a = 1 // was @@\n", "comment", ""},
    {"block comment", "m/main.tf", "/*\n was @@\n*/\n", "comment", ""},
    {"block comment closed", "m/main.tf", "/* was */ a = \"@@\"\n", "value", ""},
    {"a glob opens no comment", "m/main.tf", "a = \"arn:aws:s3:::x/*\"\nb = \"@@\"\n", "value", "b"},
    {"hash in a string", "m/main.tf", "a = \"#fff @@\"\n", "value", ""},
    {"slashes of a URL", "m/main.tf", "a = \"http://@@/\"\n", "value", ""},
    {"URL without quotes in a heredoc", "m/main.tf", "x = <<EOF\ncurl http://@@/\nEOF\n", "value", ""},
    {"reference", "m/main.tf", "a = \"${var.@@}\"\n", "reference", ""},
    {"literal inside a reference", "m/main.tf", "a = \"${cidrhost(\"@@\", 1)}\"\n", "argument", "a"},
    {"after a reference", "m/main.tf", "a = \"${var.x}@@\"\n", "value", ""},
    {"map key", "m/main.tf", "a = {\n  \"@@\" = \"x\"\n}\n", "key", ""},
    {"comparison is no key", "m/main.tf", "a = \"@@\" == var.x\n", "value", ""},
    {"yaml value", "x.yml", "net:\n  host: @@\n", "value", "net.host"},
    {"yaml list at its key's depth", "x.yml", "net:\n  hosts:\n  - @@\n", "value", "net.hosts"},
    {"yaml list item with keys", "x.yml", "hosts:\n  - name: a\n    ip: @@\n", "value", "hosts.name.ip"},
    {"yaml key", "x.yml", "hosts:\n  @@:\n    a: 1\n", "key", ""},
    {"yaml comment", "x.yml", "a: 1 # @@\n", "comment", ""},
    {"yaml hash without space", "x.yml", "a: x#@@\n", "value", ""},
    {"yaml apostrophe", "x.yml", "a: don't # @@\n", "comment", ""},
    {"host and port is no key", "x.yml", "a: 1\nb:\n  @@:5432\n", "value", ""},
    {"cloudformation default", "t.yaml", "Parameters:\n  Vpc:\n    Default: @@\n", "default", ""},
    {"labels", "x.yaml", "metadata:\n  labels:\n    team: @@\n", "label", ""},
    {"terraform tags", "m/main.tf", "resource \"a\" \"b\" {\n  tags = {\n    Owner = \"@@\"\n  }\n}\n",
     "label", ""},
    {"role default", "roles/web/defaults/main.yml", "host: @@\n", "default", "host"},
    {"chart value", "charts/api/values.yaml", "host: @@\n", "default", "host"},
    {"compose default", "docker-compose.yml", "services:\n  a:\n    image: ${IMG:-@@}\n", "default", ""},
    {"jinja default", "roles/w/tasks/main.yml", "a: \"{{ x | default('@@') }}\"\n", "default", ""},
    {"jinja reference", "roles/w/tasks/main.yml", "a: \"{{ hostvars.@@ }}\"\n", "reference", ""},
    {"erb reference", "x.conf.erb", "a <%= @@ %>\n", "reference", ""},
    {"sops value", "s.yaml", "a: ENC[AES256_GCM,data:@@,iv:x]\n", "ciphertext", ""},
    {"after a sops value", "s.yaml", "a: ENC[x] @@\n", "value", ""},
    {"sops recipients", "s.yaml", "a: b\nsops:\n  kms:\n  - arn: @@\n", "ciphertext", ""},
    {"json sops recipients", "s.json", "{\n  \"sops\": {\n    \"kms\": [\n      {\n        \"arn\": \"@@\"\n",
     "ciphertext", ""},
    {"vault body", "v.yml", "p: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3661\n  62@@\n", "ciphertext", ""},
    {"after the vault", "v.yml", "p: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3661\nq: @@\n", "value", ""},
    {"pgp body", "x.txt", "-----BEGIN PGP MESSAGE-----\n\nhQ@@\n", "ciphertext", ""},
    {"after the pgp body", "x.txt", "-----BEGIN PGP MESSAGE-----\nhQ\n-----END PGP MESSAGE-----\n@@\n",
     "value", ""},
    {"puppet class parameter", "modules/n/manifests/init.pp", "class ntp (\n  String $server = '@@',\n) {\n",
     "default", ""},
    {"puppet attribute", "modules/n/manifests/init.pp", "class ntp {\n  $server = '@@'\n}\n", "value", ""},
    {"python default", "x.py", "def f(host=\"@@\"):\n", "default", ""},
    {"python comment", "x.py", "a = 1  # @@\n", "comment", ""},
    {"sql comment", "x.sql", "-- @@\n", "comment", ""},
    {"ini comment", "x.ini", "; @@\n", "comment", ""},
    {"ini value with semicolon", "x.ini", "a = b;@@\n", "value", "a"},
    {"html comment", "x.html", "<!-- \n @@ -->\n", "comment", ""},
    {"json value", "x.json", "{\n  \"net\": {\n    \"host\": \"@@\"\n", "value", "net.host"},
    {"json key", "x.json", "{\n  \"@@\": 1\n}\n", "key", ""},
    {"env file", ".env", "HOST=@@\n", "value", "HOST"},
    {"dockerfile", "Dockerfile", "FROM @@\n", "value", ""},
    {"nothing around", "x", "@@", "value", ""},
});

}  // namespace

BOOST_AUTO_TEST_SUITE(position)

BOOST_AUTO_TEST_CASE(a_literal_has_the_role_of_its_place) {
  for (const Row& row : kRows) {
    const std::size_t at = row.text.find("@@");
    const Position got = position_of({row.path, row.text}, {at, at + 2});
    BOOST_TEST(name_of(got.role) == row.role, row.name << ": " << name_of(got.role));
    if (!row.key_path.empty()) BOOST_TEST(got.key_path == row.key_path, row.name << ": " << got.key_path);
  }
}

BOOST_AUTO_TEST_CASE(hostile_text_is_read_within_bounds) {
  std::string deep;
  for (int i = 0; i < 50'000; ++i) deep += "{ \"k\": [ ${ <<E\n";
  const std::string wide(2'000'000, '"');
  for (const std::string& text : {deep, wide, std::string(1'000'000, '\n'), std::string(100'000, '{')}) {
    for (const std::string_view path : {"a.tf", "a.yml", "a.json", "a.pp", "a"}) {
      const Position got = position_of({path, text}, {text.size(), text.size()});
      BOOST_TEST(got.key_path.size() < 1'000'000U);
    }
  }
  // A span that does not fit the text is clamped, not read.
  BOOST_CHECK_NO_THROW(position_of({"a.tf", "x"}, {5, 9}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
