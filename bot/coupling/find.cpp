#include "fanlight/coupling/find.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "check.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "lexicon_rules.hpp"
#include "name_index.hpp"
#include "vocabulary.hpp"

namespace fanlight::coupling {

namespace {

// Spans that are taken, disjoint, by their begin.
class Taken {
 public:
  bool overlaps(detect::Span span) const {
    const auto after = spans_.lower_bound(span.begin);
    if (after != spans_.end() && after->first < span.end) return true;
    return after != spans_.begin() && std::prev(after)->second > span.begin;
  }
  void add(detect::Span span) {
    auto& end = spans_[span.begin];
    end = std::max(end, span.end);
  }

 private:
  std::map<std::size_t, std::size_t> spans_;
};

// One finding for one text: the longer says more, the graver matters more, then the order of the hits
// decides.
std::vector<Hit> one_each(Taken taken, std::vector<Hit> hits) {
  std::vector<std::size_t> order(hits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) {
    const Hit& hit = hits[i];
    // A date in a name says less than whose name it is.
    return std::tuple(hit.rule->id == "dated-literal", ~(hit.span.end - hit.span.begin),
                      -static_cast<int>(hit.judgement.severity), i);
  });
  std::vector<Hit> kept;
  for (const std::size_t i : order) {
    if (taken.overlaps(hits[i].span)) continue;
    taken.add(hits[i].span);
    kept.push_back(std::move(hits[i]));
  }
  std::ranges::sort(kept, {}, [](const Hit& hit) { return std::tuple(hit.span.begin, hit.span.end); });
  return kept;
}

// Public addresses in the configuration of machines; elsewhere four numbers with dots are mostly something
// else.
void add_public_addresses(std::span<const detect::Rule> rules, const FileView& file, std::vector<Hit>& hits) {
  if (is_program(file.path) || file.layer == Layer::doc_test) return;
  const auto rule = std::ranges::find(rules, "org-public-address", &detect::Rule::id);
  if (rule == rules.end()) return;
  Taken known;
  for (const Hit& hit : hits) known.add(hit.span);
  for (const detect::Span span : find_public_addresses(file.text)) {
    if (known.overlaps(span)) continue;
    detect::Match match;
    match.rule = static_cast<std::uint32_t>(rule - rules.begin());
    match.span = match.whole = span;
    match.secret = std::string(file.text.substr(span.begin, span.end - span.begin));
    if (auto judgement = judge(*rule, match, file))
      hits.push_back({&*rule, span, match.secret, std::move(*judgement)});
  }
}

// One parameter has one value: where a file has two for the same name, neither line is suggested.
void drop_ambiguous_suggestions(std::vector<Hit>& hits) {
  std::map<std::string_view, std::string_view> values;
  std::set<std::string_view> ambiguous;
  for (const Hit& hit : hits) {
    if (!hit.judgement.suggestion || hit.judgement.parameter.empty()) continue;
    const auto [known, fresh] = values.emplace(hit.judgement.parameter, hit.judgement.normalised);
    if (!fresh && known->second != hit.judgement.normalised) ambiguous.insert(known->first);
  }
  for (Hit& hit : hits) {
    if (ambiguous.contains(hit.judgement.parameter)) hit.judgement.suggestion.reset();
  }
}

}  // namespace

std::vector<Hit> find_coupling(std::span<const detect::Rule> rules, std::span<const detect::Match> matches,
                               const FileView& file, std::vector<Hit> more) {
  // First: what knows the file's dependencies says more of a path than its shape does.
  std::vector<Hit> hits = std::move(more);
  Taken taken;
  for (const detect::Match& match : matches) {
    const detect::Rule& rule = rules[match.rule];
    if (rule.kind == FindingKind::secret) {
      taken.add(match.span);
    } else if (auto judgement = judge(rule, match, file)) {
      hits.push_back({&rule, match.span, match.secret, std::move(*judgement)});
    }
  }
  add_public_addresses(rules, file, hits);
  // After the engine's: at the same span the nearer rule has spoken.
  std::vector<LexiconHit> own = find_lexicon_hosts(file);
  for (LexiconHit& hit : own) name_nearer_rule(file, hit);
  for (const auto find : {find_lexicon_tokens, find_names, find_directories})
    std::ranges::move(find(file), std::back_inserter(own));
  for (LexiconHit& hit : own) {
    std::string text(file.text.substr(hit.span.begin, hit.span.end - hit.span.begin));
    hits.push_back({hit.rule, hit.span, std::move(text), std::move(hit.judgement)});
  }
  std::vector<Hit> kept = one_each(std::move(taken), std::move(hits));
  drop_ambiguous_suggestions(kept);
  return kept;
}

std::vector<Hit> find_sealed_names(std::string_view text, Layer layer, const SealedTerms& terms) {
  std::vector<Hit> hits;
  const detect::Rule& rule = rule_of(LexiconRule::sealed);
  for (const detect::Span span : terms.find(text)) {
    Hit hit{&rule, span, std::string(text.substr(span.begin, span.end - span.begin)), {}};
    hit.judgement.severity = rule.severity[static_cast<std::size_t>(layer)];
    hit.judgement.normalised = normalise_name(hit.text);
    hit.judgement.title = rule.name;
    hit.judgement.message = rule.message;
    hit.judgement.remedy = rule.remedy;
    hits.push_back(std::move(hit));
  }
  return hits;
}

}  // namespace fanlight::coupling
