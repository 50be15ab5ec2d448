// Where a dependency is fetched from, and whether everybody can: the many spellings of a git URL, a
// registry's name, an image, an action, made one name ("github.com/acme/waf"). Whether the public sees it is
// said by the owner, or by the host when it was asked, or follows from the name; often nobody knows. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/facts.hpp"
#include "fanlight/coupling/judge.hpp"

namespace fanlight::coupling {

enum class SourceKind : std::uint8_t {
  none,      // nothing that is fetched: a class, a label, a template
  local,     // a path in this repository
  git,       // a repository
  registry,  // of modules, charts or roles
  image,
  bucket,  // s3::, gcs::
};

struct Source {
  SourceKind kind = SourceKind::none;
  std::string host;        // lower case
  std::string repository;  // "acme/waf", without ".git"; for a local one the path as written
  bool ssh = false;        // fetched with a key, even where everybody could read it

  std::string name() const { return host.empty() ? repository : host + '/' + repository; }
};

// `path`: of the file that needs it; what "a/b/c" means depends on the format.
Source parse_source(const Dependency& dependency, std::string_view path);

struct Visibility {
  std::vector<std::string> public_globs, private_globs;  // of names: "github.com/acme/**"
  std::map<std::string, bool, std::less<>> asked;        // what the host said: seen by everybody or not
};

enum class Seen : std::uint8_t { by_everybody, by_some, unknown };
Seen seen_by(const Source& source, const Visibility& visibility, const Lexicon* lexicon);

// "modules/a" and "../b" make "modules/b"; nothing and false when it leaves the repository.
bool resolve_path(std::string_view folder, std::string_view relative, std::string& out);
std::string_view folder_of(std::string_view path);  // without a trailing slash; empty for the root

}  // namespace fanlight::coupling
