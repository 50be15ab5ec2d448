#include "fanlight/detect/examples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

#include "fanlight/core/text.hpp"

namespace fanlight::detect {

BOOST_AUTO_TEST_SUITE(examples)

BOOST_AUTO_TEST_CASE(texts) {
  struct Row {
    std::string_view name, text;
    std::size_t size;
  };
  for (const Row& row :
       {Row{"plain text stays", "token = x", 9}, Row{"counted characters", "a {{base62:36}} b", 40},
        Row{"an empty generator splits", "AK{{}}IA", 4},
        Row{"other templates stay", "{{ vault_password }}", 20},
        Row{"an unknown name stays", "{{nothing:3}}", 13}, Row{"open braces stay", "{{base62:4", 10},
        Row{"braces around a generator", "${{{hex:8}}}", 11}, Row{"two in a row", "{{hex:4}}{{hex:4}}", 8},
        Row{"a length is bounded", "{{hex:99999999}}", 4096}, Row{"GitHub", "{{github:ghp_}}", 40},
        Row{"fine-grained", "{{github-pat}}", 93}, Row{"Azure storage", "{{azure-storage}}", 88},
        Row{"Azure 32 bytes", "{{azure-key:AIoT}}", 44}, Row{"AWS", "{{aws-id:ASIA}}", 20},
        Row{"age", "{{age}}", 74}, Row{"Confluent", "{{confluent}}", 64}, Row{"UUID", "{{uuid}}", 36}}) {
    SeededRandom random(5);
    BOOST_TEST(expand_example(row.text, random).size() == row.size, row.name);
  }
}

BOOST_AUTO_TEST_CASE(same_seed_same_text) {
  for (const ExampleGenerator& generator : example_generators()) {
    SeededRandom one(3), same(3), other(4);
    const std::string text = "{{" + std::string(generator.name) + ":}}";
    const std::string first = expand_example(text, one);
    BOOST_TEST(first == expand_example(text, same), generator.name);
    BOOST_TEST(first != expand_example(text, other), generator.name);
    BOOST_TEST(!generator.about.empty());
  }
}

BOOST_AUTO_TEST_CASE(bodies_are_mixed) {
  SeededRandom random(8);
  for (int i = 0; i < 500; ++i) BOOST_TEST(entropy_bits(expand_example("{{base62:32}}", random)) > 3.5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::detect
