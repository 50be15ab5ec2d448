// What a module becomes in a stranger's hands.
#include "fanlight/coupling/stranger.hpp"

#include <boost/test/unit_test.hpp>

namespace fanlight::coupling {

namespace {

std::string rendered(ModuleKind kind, std::vector<ModuleText> files) {
  std::string out;
  for (const StrangerText& text : instantiate(kind, files).texts) out += text.text;
  return out;
}

// The value of `v` in a Terraform module of one file.
std::string value_of(const std::string& file) {
  const std::string out = rendered(ModuleKind::terraform, {{"main.tf", file}});
  const std::size_t at = out.find("v = \"");
  return at == out.npos ? "" : out.substr(at + 5, out.find("\"\n", at) - at - 5);
}

struct Row {
  std::string_view name, text, expected;
};

const Row kRows[] = {
    {"a join of parts", "locals {\n v = join(\".\", [\"db\", \"corp\", \"example\"])\n}\n",
     "db.corp.example"},
    {"locals of locals", "locals {\n a = \"corp\"\n b = \"${local.a}.example\"\n v = \"db.${local.b}\"\n}\n",
     "db.corp.example"},
    {"format", "locals {\n v = format(\"%s.%03d.%s\", \"a\", 7, \"b\")\n}\n", "a.7.b"},
    {"replace and case", "locals {\n v = lower(replace(\"DB_CORP\", \"_\", \".\"))\n}\n", "db.corp"},
    {"reversed", "locals {\n v = strrev(\"proc\")\n}\n", "corp"},
    {"decoded", "locals {\n v = base64decode(\"Y29ycC5leGFtcGxl\")\n}\n", "corp.example"},
    {"a map looked up",
     "locals {\n m = { a = \"x\", \"b\" = \"y\" }\n v = \"${local.m[\"b\"]}${local.m.a}\"\n}\n", "yx"},
    {"an element", "locals {\n l = [\"a\", \"b\"]\n v = \"${local.l[1]}${element(local.l, 2)}\"\n}\n", "ba"},
    {"merge and lookup", "locals {\n v = lookup(merge({a = \"x\"}, {a = \"y\"}), \"a\", \"z\")\n}\n", "y"},
    {"a known condition", "locals {\n v = \"a\" == \"b\" ? \"yes\" : \"no\"\n}\n", "no"},
    {"an unknown condition", "locals {\n v = each.key == \"b\" ? \"yes\" : \"no\"\n}\n", "yes"},
    {"a variable is neutral",
     "variable \"domain\" {\n default = \"corp.example\"\n}\nlocals {\n v = \"db.${var.domain}\"\n}\n",
     "db.example.org"},
    {"an address too", "variable \"vpc_cidr\" {}\nlocals {\n v = \"${var.vpc_cidr}!\"\n}\n", "192.0.2.0/24!"},
    {"a list of them",
     "variable \"zones\" {\n type = list(string)\n}\nlocals {\n v = join(\",\", var.zones)\n}\n",
     "example.org"},
    {"what is not known says so", "locals {\n v = \"${data.x.y.z}.corp\"\n}\n", "unknown.corp"},
    {"an escaped interpolation", "locals {\n v = \"$${x}${\"a\"}\"\n}\n", "${x}a"},
    {"a heredoc", "locals {\n a = \"corp\"\n v = <<EOT\nhost ${local.a}\nEOT\n}\n", "host corp"},
    {"a cycle ends", "locals {\n v = \"x${local.w}\"\n w = \"y${local.v}\"\n}\n", "xyxunknown"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(stranger)

BOOST_AUTO_TEST_CASE(expressions_are_evaluated) {
  for (const Row& row : kRows) {
    BOOST_TEST_CONTEXT(row.name) {
      const std::string got = value_of(std::string(row.text));
      BOOST_TEST(got == row.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(names_that_nobody_declares_are_said) {
  const std::string text =
      "resource \"x\" \"y\" {\n  a = var.gone\n  b = local.gone\n  c = "
      "\"${var.here}${var.gone}\"\n}\nvariable \"here\" {}\n";
  const std::vector<ModuleText> files{{"m/main.tf", text}};
  const Instance instance = instantiate(ModuleKind::terraform, files);
  BOOST_REQUIRE(instance.unresolved.size() == 2);
  BOOST_TEST(instance.unresolved[0].name == "var.gone");
  BOOST_TEST(instance.unresolved[0].line == 2);
  BOOST_TEST(instance.unresolved[1].name == "local.gone");
}

BOOST_AUTO_TEST_CASE(lines_are_those_of_the_file) {
  const std::string text = "locals {\n  a = \"x\"\n\n  b = \"${local.a}y\"\n}\n";
  const std::vector<ModuleText> files{{"m/main.tf", text}};
  const Instance instance = instantiate(ModuleKind::terraform, files);
  BOOST_REQUIRE(instance.texts.size() == 1);
  BOOST_TEST(instance.texts[0].text == "b = \"xy\"\n");
  BOOST_REQUIRE(instance.texts[0].lines.size() == 1);
  BOOST_TEST(instance.texts[0].lines[0] == 4);
}

BOOST_AUTO_TEST_CASE(a_role_gives_names_to_itself) {
  const std::vector<ModuleText> files{{"roles/a/vars/main.yml", "zone: corp\nhost: \"db.{{ zone }}\"\n"},
                                      {"roles/a/templates/x.j2",
                                       "{% set port = '53' %}\nserver {{ host }}:{{ port }}\nother {{ given "
                                       "}}\njoined {{ host ~ '.' ~ zone }}\n"}};
  BOOST_TEST(rendered(ModuleKind::ansible_role, files) ==
             "server db.corp:53\njoined db.corp.corp\nhost: \"db.corp\"\n");
}

BOOST_AUTO_TEST_CASE(a_hostile_module_costs_no_more_than_a_large_one) {
  std::string text = "locals {\n a0 = [\"x\"]\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "local.a" + std::to_string(i - 1);
    text += " a" + std::to_string(i) + " = [" + before + ", " + before + "]\n";
  }
  text += " v = " + std::string(10'000, '(') + "\n}\n";
  const std::vector<ModuleText> files{{"m/main.tf", text}};
  BOOST_TEST(instantiate(ModuleKind::terraform, files).texts.size() <= 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
