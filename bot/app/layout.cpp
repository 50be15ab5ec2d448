#include "fanlight/app/layout.hpp"

#include <algorithm>
#include <set>

#include "fanlight/coupling/facts.hpp"

namespace fanlight::app {

namespace {

constexpr std::size_t evidence_files_max = 100;

std::string_view folder_with_slash(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return path.substr(0, slash == path.npos ? 0 : slash + 1);
}

bool is_terraform(std::string_view path) {
  return path.ends_with(".tf") || path.ends_with(".tofu");
}

// The Terraform files that stand right in one of `folders`.
std::vector<std::string> terraform_of(const std::vector<std::string>& paths,
                                      const std::set<std::string>& folders) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    if (is_terraform(path) && folders.contains(std::string(folder_with_slash(path)))) out.push_back(path);
  }
  return out;
}

template <class Read>
std::shared_ptr<const coupling::RepositoryPaths> layout(const std::vector<std::string>& paths, Read read) {
  auto guess = std::make_shared<const coupling::RepositoryPaths>(paths);
  std::set<std::string> roots;
  for (const std::string& path : terraform_of(paths, guess->guessed())) {
    if (read(path)) roots.emplace(folder_with_slash(path));
  }
  return roots.empty() ? guess : std::make_shared<const coupling::RepositoryPaths>(paths, roots);
}

}  // namespace

std::shared_ptr<const coupling::RepositoryPaths> read_layout(const RepositoryText& repository) {
  return layout(repository.paths, [&](const std::string& path) {
    const auto text = repository.read(path);
    return text && coupling::read_facts(path, *text).root;
  });
}

std::shared_ptr<const coupling::RepositoryPaths> read_layout(const Snapshot& snapshot) {
  if (snapshot.paths.empty()) return nullptr;
  return layout(snapshot.paths, [&](const std::string& path) {
    const auto text = snapshot.files.find(path);
    return text != snapshot.files.end() && coupling::read_facts(path, text->second).root;
  });
}

std::vector<std::string> layout_evidence(const std::vector<std::string>& paths) {
  return terraform_of(paths, coupling::RepositoryPaths(paths).guessed());
}

std::vector<std::string> layout_evidence(const Snapshot& snapshot) {
  if (snapshot.paths.empty()) return {};
  const std::set<std::string> guessed = coupling::RepositoryPaths(snapshot.paths).guessed();
  std::set<std::string> touched;
  for (const FileDiff& file : snapshot.diff.files) {
    // A template belongs to the module above it.
    for (std::string_view folder = folder_with_slash(file.path());;) {
      if (guessed.contains(std::string(folder))) touched.emplace(folder);
      if (folder.empty()) break;
      folder.remove_suffix(1);
      folder = folder_with_slash(folder);
    }
  }
  std::vector<std::string> out = terraform_of(snapshot.paths, touched);
  std::erase_if(out, [&](const std::string& path) { return snapshot.files.contains(path); });
  if (out.size() > evidence_files_max) out.resize(evidence_files_max);
  return out;
}

}  // namespace fanlight::app
