// `fanlight layers [PATH]`: what each file is for, and what says so.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "fanlight/cli/cli.hpp"
#include "fanlight/core/files.hpp"
#include "fanlight/coupling/layers.hpp"
#include "fanlight/detect/rule.hpp"
#include "json_out.hpp"
#include "options.hpp"
#include "tree.hpp"

namespace fanlight::cli {

namespace {

constexpr std::size_t policy_bytes_max = 1024 * 1024;

struct Row {
  std::string path;  // "modules/vpc/" is a folder all of whose files have this layer, for one reason
  std::size_t files = 1;
  coupling::LayerOf layer;
};

// Files of one folder that have the same layer for the same reason are one row, unless all are asked for.
std::vector<Row> make_rows(const std::vector<std::string>& paths, const coupling::Layers& layers, bool each) {
  std::vector<Row> rows;
  for (const std::string& path : paths) {
    Row row{path, 1, layers.of(path)};
    const std::size_t slash = path.find('/');
    if (!each && slash != std::string::npos) {
      const std::size_t second = path.find('/', slash + 1);
      row.path = path.substr(0, (second == std::string::npos ? slash : second) + 1);
    }
    const auto same = std::ranges::find_if(rows, [&](const Row& other) {
      return other.path == row.path && other.layer.layer == row.layer.layer &&
             other.layer.reason == row.layer.reason;
    });
    if (same == rows.end()) {
      rows.push_back(std::move(row));
    } else {
      ++same->files;
    }
  }
  return rows;
}

Result<std::vector<coupling::LayerRule>> rules_of(const CommonOptions& common, const std::string& root) {
  const bool named = !common.policy_file.empty();
  const std::string path =
      named ? common.policy_file : (std::filesystem::path(root) / policy::policy_path).string();
  const auto text = read_file(path, policy_bytes_max);
  if (!text) {
    if (!named && text.error().code == ErrorCode::not_found) return std::vector<coupling::LayerRule>{};
    return std::unexpected(text.error());
  }
  std::vector<std::string_view> ids;
  for (const detect::Rule& rule : all_rules(detect::builtin_rules().rules)) ids.push_back(rule.id);
  const policy::PolicyRead read = policy::read_policy(*text, path, {}, ids);
  if (!read.problems.empty()) return fail(ErrorCode::bad_input, read.problems.front());
  std::vector<coupling::LayerRule> rules;
  for (const policy::LayerGlob& layer : read.policy.layers) rules.push_back({layer.layer, layer.glob});
  return rules;
}

}  // namespace

int run_layers(const CommonOptions& common, const LayersOptions& options) {
  const auto repository = tree_text(options.path);
  if (!repository) return complain(repository.error());
  const auto rules = rules_of(common, options.path);
  if (!rules) return complain(rules.error());
  const bool json_format = common.format == "json";
  const auto rows =
      make_rows(repository->paths, {*rules, app::read_layout(*repository)}, options.each || json_format);
  std::string out;
  if (json_format) {
    JsonOut json;
    json.object([&] {
      json.member("schema", std::uint64_t{1});
      json.array("files", [&] {
        for (const Row& row : rows) {
          json.object([&] {
            json.member("path", row.path);
            json.member("layer", to_string(row.layer.layer));
            json.member("reason", row.layer.reason);
          });
        }
      });
    });
    out = json.str();
  } else {
    std::size_t width = 0;
    for (const Row& row : rows) width = std::max(width, std::min<std::size_t>(row.path.size(), 60));
    for (const Row& row : rows) {
      const std::string count =
          row.path.ends_with('/') ? fmt::format("{} {}", row.files, row.files == 1 ? "file" : "files") : "";
      out += fmt::format("{:9} {:{}}  {:>10}  {}\n", to_string(row.layer.layer), row.path, width, count,
                         row.layer.reason);
    }
  }
  const auto written = write_output(common, out);
  return written ? exit_clean : complain(written.error());
}

}  // namespace fanlight::cli
