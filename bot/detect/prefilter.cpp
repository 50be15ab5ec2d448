#include "prefilter.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include <fmt/format.h>
#include <hs/hs.h>

namespace fanlight::detect {

namespace {

struct Platform {
  std::string_view name;
  unsigned long long features;
};

// Debian's library carries code for these and picks at run time.
constexpr std::array<Platform, 3> kPlatforms{{
    {"avx512", HS_CPU_FEATURES_AVX512},
    {"avx2", HS_CPU_FEATURES_AVX2},
    {"generic", 0},
}};
constexpr std::array<std::string_view, 3> kPlatformNames{"avx512", "avx2", "generic"};

}  // namespace

AnchorTable make_anchor_table(std::span<const Rule> rules) {
  AnchorTable table;
  std::map<std::tuple<std::string_view, bool>, std::size_t> known;
  std::vector<std::pair<std::size_t, AnchorUse>> uses;
  for (std::uint32_t rule = 0; rule < rules.size(); ++rule) {
    for (std::uint32_t place = 0; place < rules[rule].anchors.size(); ++place) {
      const Anchor anchor{rules[rule].anchors[place], rules[rule].anchors_ignore_case};
      const auto [found, is_new] = known.try_emplace({anchor.text, anchor.ignore_case}, table.anchors.size());
      if (is_new) table.anchors.push_back(anchor);
      uses.push_back({found->second, {rule, place}});
    }
  }
  std::ranges::sort(uses, {},
                    [](const auto& use) { return std::tuple(use.first, use.second.rule, use.second.place); });
  table.begin.assign(table.anchors.size() + 1, 0);
  for (const auto& [anchor, use] : uses) {
    ++table.begin[anchor + 1];
    table.uses_of.push_back(use);
  }
  for (std::size_t i = 1; i < table.begin.size(); ++i) table.begin[i] += table.begin[i - 1];
  return table;
}

void DatabaseFree::operator()(hs_database* database) const {
  hs_free_database(database);
}

std::span<const std::string_view> platform_names() {
  return kPlatformNames;
}

Result<DatabasePtr> compile_database(const AnchorTable& table, std::string_view platform) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  std::vector<unsigned> flags, ids;
  for (const Anchor& anchor : table.anchors) {
    texts.push_back(anchor.text.data());
    sizes.push_back(anchor.text.size());
    flags.push_back(anchor.ignore_case ? HS_FLAG_CASELESS : 0);
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  hs_platform_info_t target{};
  if (platform.empty()) {
    if (hs_populate_platform(&target) != HS_SUCCESS) {
      return fail(ErrorCode::unsupported, "detect: compile anchors: Vectorscan does not know this processor");
    }
  } else {
    const auto found = std::ranges::find(kPlatforms, platform, &Platform::name);
    if (found == kPlatforms.end())
      return fail(ErrorCode::internal, fmt::format("no platform \"{}\"", platform));
    target.cpu_features = found->features;
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(),
                           static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, &target, &database,
                           &error) != HS_SUCCESS) {
    const std::string why = error != nullptr ? error->message : "unknown error";
    hs_free_compile_error(error);
    return fail(ErrorCode::unsupported, fmt::format("detect: compile {} anchors: {}", texts.size(), why));
  }
  return DatabasePtr(database);
}

Result<std::string> serialize_database(const hs_database& database) {
  char* bytes = nullptr;
  std::size_t size = 0;
  if (hs_serialize_database(&database, &bytes, &size) != HS_SUCCESS) {
    return fail(ErrorCode::internal, "detect: serialise anchors: out of memory");
  }
  std::string out(bytes, size);
  std::free(bytes);
  return out;
}

DatabasePtr load_database(std::span<const RuleSet::Database> databases) {
  for (const std::string_view platform : kPlatformNames) {
    for (const RuleSet::Database& candidate : databases) {
      if (candidate.platform != platform) continue;
      hs_database_t* database = nullptr;
      // Refused when the library has another version or the processor lacks the features.
      if (hs_deserialize_database(reinterpret_cast<const char*>(candidate.bytes.data()),
                                  candidate.bytes.size(), &database) == HS_SUCCESS) {
        return DatabasePtr(database);
      }
    }
  }
  return nullptr;
}

}  // namespace fanlight::detect
