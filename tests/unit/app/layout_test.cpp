// What a repository's paths and a few of its texts say of its files.
#include "fanlight/app/layout.hpp"

#include <boost/test/unit_test.hpp>

#include "support.hpp"

using namespace fanlight;
using namespace fanlight::app;

namespace {

const std::vector<std::string> kPaths{"edge/main.tf",      "edge/outputs.tf", "edge/templates/x.tftpl",
                                      "edge/variables.tf", "net/main.tf",     "net/outputs.tf",
                                      "net/variables.tf",  "notes.txt"};

constexpr std::string_view kBackend = "terraform {\n  backend \"s3\" {}\n}\n";

std::string layer(const std::shared_ptr<const coupling::RepositoryPaths>& paths, std::string_view path) {
  return std::string(to_string(coupling::Layers{{}, paths}.of(path).layer));
}

Snapshot change_of(const std::string& path) {
  Snapshot out;
  out.paths = kPaths;
  out.diff = testing::parse(testing::modified_file(path, 1, {"+x"}));
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout)

BOOST_AUTO_TEST_CASE(a_backend_makes_a_deployment_of_what_looks_like_a_module) {
  RepositoryText repository{kPaths, [](const std::string& path) -> Result<std::string> {
                              BOOST_TEST(path.ends_with(".tf"));
                              return std::string(path == "edge/main.tf" ? kBackend : "");
                            }};
  const auto paths = read_layout(repository);
  BOOST_TEST(layer(paths, "net/main.tf") == "shared");
  BOOST_TEST(layer(paths, "edge/main.tf") == "instance");
  BOOST_TEST(layer(paths, "edge/templates/x.tftpl") == "instance");
  BOOST_TEST(layer(nullptr, "net/main.tf") == "instance");
}

BOOST_AUTO_TEST_CASE(a_change_asks_for_the_texts_beside_it_alone) {
  Snapshot change = change_of("edge/templates/x.tftpl");
  const std::vector<std::string> wanted{"edge/main.tf", "edge/outputs.tf", "edge/variables.tf"};
  BOOST_TEST(layout_evidence(change) == wanted, boost::test_tools::per_element());
  BOOST_TEST(layer(read_layout(change), "edge/main.tf") == "shared");
  change.files["edge/main.tf"] = kBackend;
  BOOST_TEST(layout_evidence(change).size() == 2u);
  BOOST_TEST(layer(read_layout(change), "edge/main.tf") == "instance");
  BOOST_TEST(layout_evidence(change_of("notes.txt")).empty());
  change.paths.clear();
  BOOST_TEST(layout_evidence(change).empty());
  BOOST_TEST(!read_layout(change));
}

BOOST_AUTO_TEST_SUITE_END()
