// Archives made here, in every form, whole and broken, and what is said about them.
#include "fanlight/app/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <boost/test/unit_test.hpp>
#include <map>

#include "fanlight/core/random.hpp"
#include "fanlight/detect/engine.hpp"

using namespace fanlight;

namespace {

using Members = std::vector<std::pair<std::string, std::string>>;

struct Form {
  int format = ARCHIVE_FORMAT_ZIP, filter = ARCHIVE_FILTER_NONE;
  const char* options = nullptr;
};

std::string pack(const Members& members, const Form& form) {
  std::string out(8 << 20, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_bytes_in_last_block(writer, 1);
  BOOST_REQUIRE(archive_write_set_format(writer, form.format) == ARCHIVE_OK);
  BOOST_REQUIRE(archive_write_add_filter(writer, form.filter) == ARCHIVE_OK);
  if (form.options != nullptr) {
    BOOST_REQUIRE(archive_write_set_options(writer, form.options) == ARCHIVE_OK);
    archive_write_set_passphrase(writer, "a passphrase");
  }
  BOOST_REQUIRE(archive_write_open_memory(writer, out.data(), out.size(), &used) == ARCHIVE_OK);
  for (const auto& [name, text] : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    archive_entry_set_filetype(entry, name.ends_with('/') ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    BOOST_REQUIRE(archive_write_header(writer, entry) == ARCHIVE_OK);
    archive_write_data(writer, text.data(), text.size());
    archive_entry_free(entry);
  }
  BOOST_REQUIRE(archive_write_close(writer) == ARCHIVE_OK);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

struct Contents {
  std::map<std::string, std::string> files;
  app::Unpacked rest;
};

Contents unpack(const std::string& name, const std::string& bytes, const app::ArchiveLimits& limits = {}) {
  Contents out;
  out.rest = app::unpack(name, bytes, limits, [&](const std::string& path, std::string_view text) {
    BOOST_TEST(out.files.emplace(path, text).second, path);
  });
  return out;
}

const Members kTwo{{"inner/", ""}, {"inner/b.txt", "bee\n"}, {"../c.txt", "see\n"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(archives)

BOOST_AUTO_TEST_CASE(every_form_is_unpacked) {
  const std::pair<const char*, Form> forms[] = {
      {"a.zip", {ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE}},
      {"a.tar", {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE}},
      {"a.tar.gz", {ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_GZIP}},
      {"a.tar.bz2", {ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_BZIP2}},
      {"a.tar.xz", {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ}},
      {"a.tar.zst", {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_ZSTD}},
      {"a.7z", {ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE}},
      {"a.cpio", {ARCHIVE_FORMAT_CPIO_SVR4_NOCRC, ARCHIVE_FILTER_NONE}}};
  for (const auto& [name, form] : forms) {
    const std::string bytes = pack(kTwo, form);
    BOOST_TEST(app::is_archive(bytes), name);
    const Contents contents = unpack(name, bytes);
    BOOST_TEST(contents.files.size() == 2u, name);
    BOOST_TEST(contents.files.at(std::string(name) + "!/inner/b.txt") == "bee\n", name);
    BOOST_TEST(contents.files.at(std::string(name) + "!/../c.txt") == "see\n", name);
    BOOST_TEST(contents.rest.missing.empty(), name);
    BOOST_TEST(contents.rest.skipped.empty(), name);
  }
}

BOOST_AUTO_TEST_CASE(one_compressed_file_has_the_name_without_its_ending) {
  for (const int filter :
       {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD}) {
    const std::string bytes = pack({{"x", "bee\n"}}, {ARCHIVE_FORMAT_RAW, filter});
    const Contents contents = unpack("dir/notes.txt.gz", bytes);
    BOOST_REQUIRE(contents.files.size() == 1u);
    BOOST_TEST(contents.files.at("dir/notes.txt.gz!/notes.txt") == "bee\n");
  }
}

BOOST_AUTO_TEST_CASE(archives_in_archives_to_a_depth) {
  std::string bytes = "bee\n", path = "b.txt";
  const Form forms[] = {{ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE},
                        {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP}};
  for (int depth = 1; depth <= 5; ++depth) {
    bytes = pack({{path, bytes}}, forms[depth % 2]);
    const std::string name = "a" + std::to_string(depth);
    const Contents contents = unpack(name, bytes);
    BOOST_TEST(contents.files.size() == (depth <= 4 ? 1u : 0u), depth);
    BOOST_TEST(contents.rest.missing.size() == (depth <= 4 ? 0u : 1u), depth);
    path = name;
  }
}

BOOST_AUTO_TEST_CASE(what_unpacks_to_too_much_is_missing) {
  const std::string zeros(4 << 20, '0');
  const std::string bomb =
      pack({{"a", zeros}, {"b", zeros}, {"c", "sea\n"}}, {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP});
  BOOST_TEST(bomb.size() < 64u * 1024);
  {
    app::ArchiveLimits limits{.ratio_free_bytes = 6 << 20};
    limits.total_bytes_max = 6 << 20;
    const Contents contents = unpack("a.tgz", bomb, limits);
    BOOST_TEST(contents.files.size() == 1u);
    BOOST_TEST(contents.rest.missing.size() == 2u);
  }
  {
    const Contents contents = unpack("a.tgz", bomb, {.ratio_max = 2, .ratio_free_bytes = 1 << 20});
    BOOST_TEST(contents.files.empty());
    BOOST_TEST(contents.rest.missing.size() == 2u);
  }
  {
    const Contents contents = unpack("a.tgz", bomb, {.member_bytes_max = 1 << 20});
    BOOST_TEST(contents.files.size() == 1u);  // the small one behind the large ones
    BOOST_TEST(contents.rest.missing.size() == 2u);
  }
  {
    const Contents contents = unpack("a.tgz", bomb, {.members_max = 2});
    BOOST_TEST(contents.files.size() == 2u);
    BOOST_TEST(contents.rest.missing.size() == 1u);
  }
  BOOST_TEST(unpack("a.tgz", bomb).files.size() == 3u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_skipped_by_name) {
  const Contents sealed =
      unpack("a.zip", pack(kTwo, {ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, "zip:encryption=traditional"}));
  BOOST_TEST(sealed.files.empty());
  BOOST_REQUIRE(sealed.rest.skipped.size() == 1u);
  BOOST_TEST(sealed.rest.skipped[0].reason == "2 encrypted members");

  const Contents mixed = unpack("a.zip", pack({{"a.bin", std::string("\0\1\2", 3)}, {"b", "bee\n"}}, {}));
  BOOST_TEST(mixed.files.size() == 1u);
  BOOST_REQUIRE(mixed.rest.skipped.size() == 1u);
  BOOST_TEST(mixed.rest.skipped[0].reason == "1 binary members");
}

// Ends cut, bytes changed: something is said or all is there, and it always comes to an end.
BOOST_AUTO_TEST_CASE(broken_archives_are_never_taken_for_whole_ones) {
  SeededRandom random(1);
  const Form forms[] = {{ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE},
                        {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP},
                        {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ},
                        {ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE},
                        {ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP}};
  for (const Form& form : forms) {
    const bool raw = form.format == ARCHIVE_FORMAT_RAW;
    const std::string whole = pack(raw ? Members{{"x", "bee\n"}} : kTwo, form);
    for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 97) {
      const Contents contents = unpack("a", whole.substr(0, size));
      const bool all = contents.files.size() == (raw ? 1u : 2u);
      BOOST_TEST((all || !contents.rest.skipped.empty() || size == 0),
                 "cut at " << size << " of form " << form.format);
    }
    for (int round = 0; round < 200; ++round) {
      std::string changed = whole;
      for (int i = 0; i < 3; ++i)
        changed[random.below(changed.size())] = static_cast<char>(random.below(256));
      unpack("a", changed);
    }
  }
}

BOOST_AUTO_TEST_CASE(secrets_in_archives_are_found_where_they_stand) {
  const std::string secret =
      "url = \"postgres://app:" + std::string("q7f3k9x") + "Zw28@db.example.org/app\"\n";
  const app::Scanner scanner(detect::Engine::make(detect::builtin_rules()).value(), Secret("key"));
  auto scratch = scanner.engine().make_scratch();
  const std::string zip = pack({{"conf/db.tf", "# one\n" + secret}, {"ip.txt", "10.20.30.40\n"}}, {});
  const auto outcome = app::scan_content(scanner, "a.jar", zip, {}, scratch);
  BOOST_REQUIRE(outcome.findings.size() == 1u);
  BOOST_TEST(outcome.findings[0].location.path == "a.jar!/conf/db.tf");
  BOOST_TEST(outcome.findings[0].location.start_line == 2u);
  BOOST_TEST(outcome.scanned.skipped.empty());
  app::ScanSettings ignoring;
  ignoring.ignore_paths = {"*.jar"};
  BOOST_TEST(app::scan_content(scanner, "a.jar", zip, ignoring, scratch).findings.empty());
  // What only looks like one is text all the same.
  for (const char* begin : {"BZh is no archive\n", "070701 neither\n", "!<arch>\n"}) {
    BOOST_TEST(app::scan_content(scanner, "a.txt", begin + secret, {}, scratch).findings.size() == 1u, begin);
  }
}

BOOST_AUTO_TEST_SUITE_END()
