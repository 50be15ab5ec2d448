#include "fanlight/detect/allow_list.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::detect {

namespace {

constexpr std::size_t kPatternBytesMax = 8 * 1024;
constexpr std::int64_t kPatternMemoryMax = 512 * 1024;
constexpr std::size_t kSubjectBytesMax = 64 * 1024;  // of a line or a secret that a pattern looks at

using Patterns = std::vector<std::unique_ptr<re2::RE2>>;

struct Compiled {
  Patterns path, secret, match, line;
};

bool any_matches(const Patterns& patterns, std::string_view text) {
  text = text.substr(0, kSubjectBytesMax);
  return std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern);
  });
}

bool says_something(const AllowEntry& entry) {
  return !entry.path_globs.empty() || !entry.path_patterns.empty() || !entry.secret_patterns.empty() ||
         !entry.match_patterns.empty() || !entry.line_patterns.empty() || !entry.words.empty() ||
         !entry.commits.empty() || !entry.path.empty() || !entry.secret_sha1.empty();
}

bool starts_with_word(std::string_view id, std::string_view word) {
  return !word.empty() && id.starts_with(word) && (id.size() == word.size() || id[word.size()] == '-');
}

// "github-pat" of gitleaks is "github-token" of ours: what they share is the service. An id that is ours fits
// itself alone.
bool same_rule(std::string_view theirs, const AllowQuery& query) {
  if (theirs == query.rule) return true;
  if (theirs.starts_with("generic") || query.service == "generic") return true;
  if (starts_with_word(theirs, query.service)) return true;
  const std::string_view family = theirs.substr(0, theirs.find('-'));
  if (family == query.service.substr(0, query.service.find('-'))) return true;
  constexpr std::string_view key = "private-key";
  return theirs.find(key) != theirs.npos && query.rule.find(key) != query.rule.npos;
}

// detect-secrets knows a private key by its first line, without the dashes.
bool same_secret(const AllowEntry& entry, const AllowQuery& query) {
  if (entry.secret_sha1 == sha1_hex(query.secret)) return true;
  std::string_view head = query.match;
  if (!head.starts_with("-----BEGIN ") || !query.line_stands || entry.at_line != query.line) return false;
  head = head.substr(5, head.find("-----", 5) - 5);
  return entry.secret_sha1 == sha1_hex(head);
}

}  // namespace

struct AllowList::State {
  std::vector<AllowEntry> entries;
  std::vector<Compiled> compiled;                                       // same order
  std::map<std::string, std::vector<std::size_t>, std::less<>> placed;  // entries that name a path, by it
  std::vector<std::size_t> others;
  std::size_t patterns = 0;

  Result<Patterns> compile(const AllowEntry& entry, const std::vector<std::string>& texts) {
    Patterns out;
    for (const std::string& text : texts) {
      re2::RE2::Options options(re2::RE2::Latin1);
      options.set_log_errors(false);
      options.set_max_mem(kPatternMemoryMax);
      if (++patterns > kAllowPatternsMax) {
        return fail(ErrorCode::too_large,
                    fmt::format("{}: more than {} patterns", entry.file, kAllowPatternsMax));
      }
      auto made = std::make_unique<re2::RE2>(text.substr(0, kPatternBytesMax), options);
      if (text.size() > kPatternBytesMax || !made->ok()) {
        const std::string at = entry.line ? fmt::format("{}:{}", entry.file, entry.line) : entry.file;
        return fail(
            ErrorCode::bad_input,
            fmt::format("{}: pattern: {}", at,
                        made->ok() ? fmt::format("longer than {} bytes", kPatternBytesMax) : made->error()));
      }
      out.push_back(std::move(made));
    }
    return out;
  }

  Result<Compiled> compile(const AllowEntry& entry) {
    Compiled out;
    for (auto [to, texts] :
         {std::pair{&out.path, &entry.path_patterns}, std::pair{&out.secret, &entry.secret_patterns},
          std::pair{&out.match, &entry.match_patterns}, std::pair{&out.line, &entry.line_patterns}}) {
      auto made = compile(entry, *texts);
      if (!made) return std::unexpected(made.error());
      *to = std::move(*made);
    }
    return out;
  }

  bool fits(std::size_t index, const AllowQuery& query) const {
    const AllowEntry& entry = entries[index];
    const Compiled& patterns_of = compiled[index];
    const auto any = [](const std::vector<std::string>& list, const auto& holds) {
      return list.empty() || std::any_of(list.begin(), list.end(), holds);
    };
    const bool ours = entry.rules_are_ours;
    if (!any(entry.rules,
             [&](const auto& rule) { return ours ? rule == query.rule : same_rule(rule, query); }))
      return false;
    if (!entry.secret_sha1.empty()) return same_secret(entry, query);
    if (!entry.path.empty() && entry.commits.empty() && !query.line_stands) return false;
    if (!entry.path.empty() && entry.at_line != query.line) return false;
    if (!any(entry.path_globs, [&](const auto& glob) { return glob_match(glob, query.path); })) return false;
    if (!patterns_of.path.empty() && !any_matches(patterns_of.path, query.path)) return false;
    if (!patterns_of.secret.empty() && !any_matches(patterns_of.secret, query.secret)) return false;
    if (!patterns_of.match.empty() && !any_matches(patterns_of.match, query.match)) return false;
    if (!patterns_of.line.empty() && !any_matches(patterns_of.line, query.line_text)) return false;
    if (entry.words.empty()) return true;
    const std::string secret = to_lower(query.secret.substr(0, kSubjectBytesMax));
    return any(entry.words, [&](const auto& word) { return secret.find(to_lower(word)) != secret.npos; });
  }
};

std::string sha1_hex(std::string_view text) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

AllowList::AllowList() : state_(std::make_unique<State>()) {}
AllowList::~AllowList() = default;

std::shared_ptr<const AllowList> AllowList::make(std::vector<AllowEntry> entries,
                                                 std::vector<std::string>& problems) {
  auto out = std::make_shared<AllowList>();
  State& state = *out->state_;
  if (entries.size() > kAllowEntriesMax) {
    problems.push_back(fmt::format("{}: more than {} entries, the rest accept nothing",
                                   entries[kAllowEntriesMax].file, kAllowEntriesMax));
    entries.resize(kAllowEntriesMax);
  }
  for (AllowEntry& entry : entries) {
    if (!says_something(entry)) continue;
    auto compiled = state.compile(entry);
    if (!compiled) {
      problems.push_back(compiled.error().text);
      continue;
    }
    const std::size_t index = state.entries.size();
    if (entry.path.empty()) {
      state.others.push_back(index);
    } else {
      state.placed[entry.path].push_back(index);
    }
    state.entries.push_back(std::move(entry));
    state.compiled.push_back(std::move(*compiled));
  }
  return out;
}

std::optional<std::size_t> AllowList::find(const AllowQuery& query) const {
  const auto first = [&](const std::vector<std::size_t>& indices) -> std::optional<std::size_t> {
    for (const std::size_t index : indices) {
      if (state_->fits(index, query)) return index;
    }
    return {};
  };
  std::string_view path = query.path;
  if (path.starts_with("./")) path.remove_prefix(2);
  if (const auto placed = state_->placed.find(path); placed != state_->placed.end()) {
    if (const auto found = first(placed->second)) return found;
  }
  return first(state_->others);
}

std::span<const AllowEntry> AllowList::entries() const {
  return state_->entries;
}

}  // namespace fanlight::detect
