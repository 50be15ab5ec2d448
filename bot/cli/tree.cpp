#include "tree.hpp"

#include <algorithm>
#include <filesystem>

#include "fanlight/core/files.hpp"

namespace fanlight::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t files_max = 500'000;
constexpr std::size_t file_bytes_max = 2 * 1024 * 1024, bytes_max = std::size_t{1} << 30;

}  // namespace

Result<std::vector<std::string>> list_tree(const std::string& root) {
  std::error_code error;
  if (!fs::is_directory(root, error)) return fail(ErrorCode::not_found, root + ": no such folder");
  std::vector<std::string> out;
  fs::recursive_directory_iterator walk(root, fs::directory_options::none, error), end;
  if (error) return fail(ErrorCode::io, root + ": " + error.message());
  while (walk != end) {
    const fs::directory_entry& entry = *walk;
    if (entry.is_directory(error) && entry.path().filename() == ".git") {
      walk.disable_recursion_pending();
    } else if (entry.is_regular_file(error) && !entry.is_symlink(error)) {
      if (out.size() >= files_max) return fail(ErrorCode::too_large, root + ": over 500,000 files");
      out.push_back(entry.path().lexically_relative(root).string());
    }
    walk.increment(error);
    if (error) return fail(ErrorCode::io, root + ": " + error.message());
  }
  std::ranges::sort(out);
  return out;
}

Result<Tree> read_tree(const std::string& root) {
  auto paths = list_tree(root);
  if (!paths) return std::unexpected(paths.error());
  Tree out;
  std::size_t bytes = 0;
  for (std::string& path : *paths) {
    auto text = read_file((fs::path(root) / path).string(), file_bytes_max);
    if (!text) {
      out.missing.push_back({path, text.error().text});
      continue;
    }
    bytes += text->size();
    if (bytes > bytes_max) return fail(ErrorCode::too_large, root + ": over 1 GiB of text");
    out.files.push_back({std::move(path), std::move(*text)});
  }
  return out;
}

}  // namespace fanlight::cli
