#include "gate.hpp"

#include <algorithm>
#include <unordered_map>

#include "shown.hpp"

namespace fanlight::app {

namespace {

using Spans = std::vector<detect::Span>;

void add_all(Spans& out, std::string_view text, std::string_view begin, std::string_view ends) {
  for (std::size_t at = text.find(begin); at != text.npos; at = text.find(begin, at + begin.size())) {
    std::size_t end = text.find_first_of(ends, at);
    if (end == text.npos) end = text.size();
    out.push_back({at, end});
  }
}

// Markers and links of our own: a comment is found again by the one and opened by the other.
Spans own_parts(std::string_view text, std::string_view own_url) {
  Spans out;
  add_all(out, text, "<!-- fanlight:", ">");
  if (!own_url.empty()) add_all(out, text, own_url, " \t\r\n)>\"'`|");
  return out;
}

// One pass over many texts: rules' sentences come again with each finding.
class Cleaner {
 public:
  Cleaner(const Scanner& scanner, const coupling::SealedTerms* sealed, std::string_view own_url)
      : scanner_(scanner), sealed_(sealed), own_url_(own_url), scratch_(scanner.engine().make_scratch()) {}

  Spans find(std::string_view text) {
    Spans found = find_hidden(scanner_.engine(), text, sealed_, scratch_);
    if (found.empty()) return found;
    const Spans own = own_parts(text, own_url_);
    std::erase_if(found, [&](detect::Span span) {
      return std::ranges::any_of(
          own, [&](detect::Span part) { return span.begin < part.end && part.begin < span.end; });
    });
    return found;
  }

  const std::string& clean(const std::string& text) {
    const auto known = known_.find(text);
    if (known != known_.end()) return known->second;
    const Spans found = find(text);
    return known_.emplace(text, found.empty() ? text : black_out(text, 0, found)).first->second;
  }
  void operator()(std::string& text) {
    if (!text.empty()) text = clean(text);
  }
  void operator()(std::vector<Missing>& list) {
    for (Missing& one : list) {
      (*this)(one.what);
      (*this)(one.reason);
    }
  }
  void operator()(Finding& finding) {
    (*this)(finding.excerpt);
    (*this)(finding.title);
    (*this)(finding.message);
    (*this)(finding.remedy);
    // A line with a gap in it would be applied as it stands.
    if (finding.suggestion && clean(*finding.suggestion) != *finding.suggestion) finding.suggestion.reset();
  }

  void operator()(PostReview& action) {
    (*this)(action.body);
    for (InlineComment& comment : action.comments) (*this)(comment.body);
  }
  void operator()(PutSummary& action) { (*this)(action.body); }
  void operator()(SetStatus& action) {
    (*this)(action.description);
    (*this)(action.summary);
    for (Annotation& annotation : action.annotations) {
      (*this)(annotation.title);
      (*this)(annotation.message);
    }
  }
  void operator()(Reply& action) { (*this)(action.body); }
  void operator()(Acknowledge&) {}

 private:
  const Scanner& scanner_;
  const coupling::SealedTerms* sealed_;
  std::string_view own_url_;
  detect::Engine::Scratch scratch_;
  std::unordered_map<std::string, std::string> known_;
};

}  // namespace

Gate::Gate(std::shared_ptr<const Scanner> scanner, const ScanSettings& settings, std::string own_url)
    : scanner_(std::move(scanner)),
      sealed_(settings.sealed),
      own_url_(std::move(own_url)),
      problem_(settings.problems.empty() ? "" : settings.problems.front()) {}

bool Gate::holds_any(std::string_view text) const {
  return !Cleaner(*scanner_, sealed_.get(), own_url_).find(text).empty();
}

std::string Gate::clean(std::string_view text) const {
  return Cleaner(*scanner_, sealed_.get(), own_url_).clean(std::string(text));
}

Review Gate::clean(Review review) const {
  Cleaner clean(*scanner_, sealed_.get(), own_url_);
  for (Finding& finding : review.findings) clean(finding);
  for (Waived& waived : review.waived) {
    clean(waived.finding);
    clean(waived.reason);
  }
  clean(review.missing);
  clean(review.scanned.skipped);
  for (std::string& problem : review.problems) clean(problem);
  for (std::string& notice : review.notices) clean(notice);
  for (ModuleStep& step : review.steps) clean(step.module);
  // Half a name can neither be confirmed nor found.
  std::erase_if(review.proposals, [&](const Proposal& one) {
    return clean.clean(one.text) != one.text || clean.clean(one.path) != one.path;
  });
  return review;
}

Action Gate::clean(Action action) const {
  Cleaner clean(*scanner_, sealed_.get(), own_url_);
  std::visit(clean, action);
  return action;
}

}  // namespace fanlight::app
