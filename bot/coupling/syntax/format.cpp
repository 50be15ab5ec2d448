// Which format a file has, from its name.
#include <array>

#include "fanlight/core/text.hpp"
#include "fanlight/coupling/syntax.hpp"
#include "syntax/templates.hpp"

namespace fanlight::coupling {

namespace {

struct Row {
  std::string_view suffix;  // of the lower-case name
  Format format;
};

// clang-format off
constexpr auto kSuffixes = std::to_array<Row>({
    {".tf", Format::hcl},           {".tofu", Format::hcl},          {".tfvars", Format::hcl},
    {".hcl", Format::hcl},          {".nomad", Format::hcl},         {".tfbackend", Format::hcl},
    {".yml", Format::yaml},         {".yaml", Format::yaml},         {".sls", Format::yaml},
    {".eyaml", Format::yaml},       {".json", Format::json},         {".toml", Format::toml},
    {".py", Format::python},        {".js", Format::javascript},     {".mjs", Format::javascript},
    {".cjs", Format::javascript},   {".ts", Format::javascript},     {".jsx", Format::javascript},
    {".tsx", Format::javascript},   {".pp", Format::puppet},         {".nix", Format::nix},
    {".sh", Format::shell},         {".bash", Format::shell},        {".env", Format::dotenv},
    {"dockerfile", Format::dockerfile}, {"containerfile", Format::dockerfile},
});
// clang-format on

constexpr auto kNames = std::to_array<std::string_view>({".example", ".sample", ".dist"});

}  // namespace

Format format_of(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);
  std::string name = to_lower(without_template_suffix(file));
  for (const std::string_view copy : kNames) {
    if (name.ends_with(copy)) name.resize(name.size() - copy.size());
  }
  if (name.starts_with(".env")) return Format::dotenv;
  if (name.starts_with("dockerfile.") || name.starts_with("containerfile.")) return Format::dockerfile;
  for (const Row& row : kSuffixes) {
    if (name.ends_with(row.suffix)) return row.format;
  }
  return without_template_suffix(file).size() != file.size() ? Format::text : Format::none;
}

std::string_view to_string(Format format) {
  constexpr auto kWords =
      std::to_array<std::string_view>({"none", "hcl", "yaml", "json", "toml", "python", "javascript",
                                       "puppet", "dockerfile", "shell", "dotenv", "nix", "text"});
  return kWords[static_cast<std::size_t>(format)];
}

}  // namespace fanlight::coupling
