// The hint is a plain hash (name_index.hpp): whoever could read it could try all words on it. It is kept
// encrypted with a stream that HMAC makes from the key and the entry's own hash.
#include "fanlight/coupling/seal.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "fanlight/core/hash.hpp"
#include "name_index.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::string_view kScheme = "hmac:";
constexpr std::size_t kIdBytes = 2, kCheckBytes = 2, kHintBytes = 8, kHashBytes = 16;
constexpr std::size_t kEntryBytes = kIdBytes + kCheckBytes + kHintBytes + kHashBytes;

std::string derive(const Secret& key, std::string_view use) {
  const Sha256 digest = hmac_sha256(key.reveal(), use);
  return std::string(digest.begin(), digest.end());
}

struct Keys {
  explicit Keys(const Secret& key)
      : hash(derive(key, "fanlight seal: hash")),
        stream(derive(key, "fanlight seal: hint")),
        check(derive(key, "fanlight seal: check")),
        id(derive(key, "fanlight seal: key id").substr(0, kIdBytes)) {}
  Secret hash, stream, check;
  std::string id;
};

std::string cut(const Sha256& digest, std::size_t bytes) {
  return std::string(digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(bytes));
}

std::string crypt(const Keys& keys, std::string_view hint, std::string_view hash) {
  std::string out = cut(hmac_sha256(keys.stream.reveal(), hash), kHintBytes);
  for (std::size_t i = 0; i < kHintBytes; ++i) out[i] = static_cast<char>(out[i] ^ hint[i]);
  return out;
}

std::string bytes_of(std::uint64_t value) {
  std::string out(kHintBytes, '\0');
  for (std::size_t i = 0; i < kHintBytes; ++i) out[i] = static_cast<char>(value >> (8 * i));
  return out;
}
std::uint64_t value_of(std::string_view bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < kHintBytes; ++i)
    out |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return out;
}

}  // namespace

Result<std::string> seal_term(std::string_view term, const Secret& key) {
  const std::string normalised = normalise_name(term);
  if (normalised.size() < name_bytes_min || normalised.size() > name_bytes_max) {
    return fail(ErrorCode::bad_input,
                "seal: a name needs 3 to 64 letters and digits: a shorter one is found everywhere");
  }
  const Keys keys(key);
  const std::string hash = cut(hmac_sha256(keys.hash.reveal(), normalised), kHashBytes);
  const std::string rest = crypt(keys, bytes_of(name_hash(normalised)), hash) + hash;
  const std::string check = cut(hmac_sha256(keys.check.reveal(), rest), kCheckBytes);
  return std::string(kScheme) + to_hex(keys.id + check + rest);
}

bool is_in_sealed_entry(std::string_view text, detect::Span span) {
  constexpr std::size_t digits = 2 * kEntryBytes;
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  std::size_t begin = span.begin, end = span.begin;
  while (begin > 0 && span.begin - begin <= digits && is_digit(text[begin - 1])) --begin;
  while (end < text.size() && end - begin <= digits && is_digit(text[end])) ++end;
  return end - begin == digits && span.end <= end && text.substr(0, begin).ends_with(kScheme);
}

Result<SealedTerms> SealedTerms::open(std::span<const std::string> entries, const Secret& key) {
  SealedTerms out;
  if (entries.empty()) return out;
  const Keys keys(key);
  auto index = std::make_shared<NameIndex>();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto refuse = [i](std::string_view why) {
      return fail(ErrorCode::bad_input,
                  "lexicon.sealed: entry " + std::to_string(i + 1) + " " + std::string(why));
    };
    const std::string_view text = entries[i];
    const auto bytes = text.starts_with(kScheme) ? from_hex(text.substr(kScheme.size())) : std::nullopt;
    if (!bytes || bytes->size() != kEntryBytes)
      return refuse("cannot be read: make it again with `fanlight seal`");
    const std::string_view all = *bytes, rest = all.substr(kIdBytes + kCheckBytes);
    if (all.substr(0, kIdBytes) != keys.id)
      return refuse(
          "was made with another key: seal the name again with this bot's key (--key-file, data_dir/key)");
    if (all.substr(kIdBytes, kCheckBytes) != cut(hmac_sha256(keys.check.reveal(), rest), kCheckBytes))
      return refuse("is damaged: make it again with `fanlight seal`");
    const std::string_view hash = rest.substr(kHintBytes);
    Term term{value_of(crypt(keys, rest.substr(0, kHintBytes), hash)), {}};
    std::memcpy(term.hash.data(), hash.data(), kHashBytes);
    index->add(term.hint);
    out.terms_.push_back(term);
  }
  std::ranges::sort(out.terms_, {}, &Term::hint);
  index->finish();
  out.index_ = std::move(index);
  out.key_ = keys.hash;
  return out;
}

bool SealedTerms::is_sealed(std::string_view normalised) const {
  const auto same = std::ranges::equal_range(terms_, name_hash(normalised), {}, &Term::hint);
  if (same.empty()) return false;
  const std::string hash = cut(hmac_sha256(key_.reveal(), normalised), kHashBytes);
  return std::ranges::any_of(
      same, [&](const Term& term) { return std::string_view(term.hash.data(), kHashBytes) == hash; });
}

std::vector<detect::Span> SealedTerms::find(std::string_view text) const {
  if (terms_.empty()) return {};
  return index_->find(text, [this](std::string_view name) { return is_sealed(name); });
}

}  // namespace fanlight::coupling
