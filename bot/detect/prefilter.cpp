#include "prefilter.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

#include <fmt/format.h>
#include <hs/hs.h>

#include "fanlight/core/text.hpp"
#include "ruleset.hpp"

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

// Literals by the first bytes of their folded text.
class LiteralIndex {
 public:
  std::vector<std::uint32_t>& at(std::string_view folded) {
    std::size_t hash = 0;
    for (const char c : folded.substr(0, kAnchorBytesMin)) hash = hash * 31 + static_cast<unsigned char>(c);
    return buckets_[hash % buckets_.size()];
  }

 private:
  std::vector<std::vector<std::uint32_t>> buckets_ = std::vector<std::vector<std::uint32_t>>(4096);
};

// The literals of `table.anchors`, the shorter anchors first, and of the same text the one that ignores case.
void add_literals(AnchorTable& table) {
  std::vector<std::uint32_t> order(table.anchors.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t i) {
    const Anchor& anchor = table.anchors[i];
    return std::tuple(anchor.text.size(), !anchor.ignore_case, i);
  });
  LiteralIndex index;
  for (const std::uint32_t i : order) {
    const Anchor& anchor = table.anchors[i];
    const std::string folded = to_lower(anchor.text);
    // The one that ends first is reported first: so anchors of a rule are seen in the order of their starts.
    std::optional<Holder> held;  // `anchor` is the literal here
    std::size_t held_end = SIZE_MAX;
    for (std::size_t begin = 0; begin + kAnchorBytesMin <= folded.size(); ++begin) {
      for (const std::uint32_t literal : index.at(std::string_view(folded).substr(begin))) {
        const Anchor& other = table.literals[literal];
        const std::size_t end = begin + other.text.size();
        if (end >= held_end || (anchor.ignore_case && !other.ignore_case)) continue;
        if (!other.stands_at(anchor.text, begin)) continue;
        held = Holder{literal, static_cast<std::uint32_t>(begin)};
        held_end = end;
      }
    }
    if (!held) {
      held = Holder{static_cast<std::uint32_t>(table.literals.size()), 0};
      index.at(folded).push_back(held->anchor);
      table.literals.push_back(anchor);
      table.holders.emplace_back();
    }
    table.holders[held->anchor].push_back({i, held->offset});
  }
  for (auto& holders : table.holders) {
    std::ranges::sort(holders, std::greater(),
                      [](const Holder& holder) { return std::pair(holder.offset, holder.anchor); });
  }
}

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
  add_literals(table);
  return table;
}

bool Anchor::stands_at(std::string_view in, std::size_t at) const {
  if (at > in.size() || in.size() - at < text.size()) return false;
  const std::string_view there = in.substr(at, text.size());
  return ignore_case ? iequals(there, text) : there == text;
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
  for (const Anchor& anchor : table.literals) {
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
