#include "tree.hpp"

#include <algorithm>
#include <filesystem>

#include "fanlight/core/files.hpp"
#include "fanlight/policy/policy.hpp"

namespace fanlight::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t files_max = 500'000;
constexpr std::size_t file_bytes_max = 2 * 1024 * 1024, bytes_max = std::size_t{1} << 30;
constexpr std::size_t text_bytes_max = 16 * 1024 * 1024;

// What tools put there: nobody wrote it.
bool is_generated(const std::string& folder) {
  return folder == ".git" || folder == ".terraform" || folder == ".terragrunt-cache" ||
         folder == "node_modules" || folder == ".venv" || folder == "__pycache__";
}

template <class Skip>
Result<std::vector<std::string>> list_below(const std::string& root, Skip skip) {
  std::error_code error;
  if (!fs::is_directory(root, error)) return fail(ErrorCode::not_found, root + ": no such folder");
  std::vector<std::string> out;
  fs::recursive_directory_iterator walk(root, fs::directory_options::none, error), end;
  if (error) return fail(ErrorCode::io, root + ": " + error.message());
  // Names are cut rather than computed: lexically_relative is most of the time of a large tree.
  const std::size_t before = (fs::path(root) / "").string().size();
  while (walk != end) {
    const fs::directory_entry& entry = *walk;
    if (entry.is_directory(error) && skip(entry.path().filename().string())) {
      walk.disable_recursion_pending();
    } else if (entry.is_regular_file(error) && !entry.is_symlink(error)) {
      if (out.size() >= files_max) return fail(ErrorCode::too_large, root + ": over 500,000 files");
      out.push_back(entry.path().string().substr(before));
    }
    walk.increment(error);
    if (error) return fail(ErrorCode::io, root + ": " + error.message());
  }
  std::ranges::sort(out);
  return out;
}

std::string with_slash(const fs::path& path) {
  const std::string text = path.lexically_normal().generic_string();
  return text.empty() || text == "." ? "" : text.ends_with('/') ? text : text + '/';
}

}  // namespace

Result<std::vector<std::string>> list_tree(const std::string& root) {
  return list_below(root, [](const std::string& folder) { return folder == ".git"; });
}

Result<app::RepositoryText> tree_text(const std::string& root) {
  auto paths = list_below(root, is_generated);
  if (!paths) return std::unexpected(paths.error());
  app::RepositoryText out;
  out.paths = std::move(*paths);
  out.read = [root](const std::string& path) {
    return read_file((fs::path(root) / path).string(), text_bytes_max);
  };
  return out;
}

Root root_of(const std::string& path) {
  std::error_code error;
  const bool is_folder = fs::is_directory(path, error);
  const fs::path folder = is_folder ? fs::path(path) : fs::path(path).parent_path();
  Root out;
  out.before = with_slash(folder);
  const fs::path start = fs::absolute(folder.empty() ? fs::path(".") : folder, error).lexically_normal();
  if (error) return out;
  for (fs::path at = start;; at = at.parent_path()) {
    if (fs::exists(at / ".git", error) || fs::exists(at / policy::policy_path, error)) {
      out.folder = at.string();
      out.inside = with_slash(start.lexically_relative(at));
      return out;
    }
    if (at == at.parent_path()) break;
  }
  if (is_folder) out.folder = start.string();
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
