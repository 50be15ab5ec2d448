// Which repository a path lies in, and where in it.
#include "tree.hpp"

#include <boost/test/unit_test.hpp>

#include "unit/host/git_sandbox.hpp"

using namespace fanlight;

BOOST_FIXTURE_TEST_SUITE(tree, host::GitSandbox)

BOOST_AUTO_TEST_CASE(a_path_is_told_from_its_repository) {
  git("", {"init", "--quiet", "r"});
  write("r/modules/vpc/main.tf", "");
  write("plain/roles/web/tasks/main.yml", "");
  write("named/.fanlight.yml", "version: 1\n");
  write("named/a/b.tf", "");
  struct Row {
    const char *path, *folder, *before, *inside;
  };
  const Row rows[] = {
      {"r", "r", "r/", ""},
      {"r/", "r", "r/", ""},
      {"r/modules", "r", "r/modules/", "modules/"},
      {"r/modules/vpc/main.tf", "r", "r/modules/vpc/", "modules/vpc/"},
      {"named/a", "named", "named/a/", "a/"},
      // In no repository: a folder is taken for one, a file alone says nothing of what is beside it.
      {"plain", "plain", "plain/", ""},
      {"plain/roles/web/tasks/main.yml", "", "plain/roles/web/tasks/", ""},
  };
  for (const Row& row : rows) {
    const cli::Root root = cli::root_of(path(row.path));
    const std::string folder = std::string_view(row.folder).empty() ? "" : path(row.folder);
    BOOST_TEST(root.folder.starts_with(folder), row.path << ": " << root.folder);
    BOOST_TEST(root.folder.empty() == folder.empty(), row.path);
    BOOST_TEST(root.before == path(row.before), row.path);
    BOOST_TEST(root.inside == row.inside, row.path);
  }
}

BOOST_AUTO_TEST_CASE(what_tools_put_there_is_no_part_of_it) {
  for (const char* name :
       {"r/main.tf", "r/.git/config", "r/.terraform/modules/x.tf", "r/node_modules/a/b.js"})
    write(name, "x");
  const auto text = cli::tree_text(path("r"));
  BOOST_REQUIRE(text.has_value());
  BOOST_TEST(text->paths.size() == 1u);
  BOOST_TEST(text->read("main.tf").value() == "x");
  BOOST_TEST(cli::list_tree(path("r")).value().size() == 3u);
  BOOST_TEST(!cli::tree_text(path("absent")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
