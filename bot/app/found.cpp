#include "found.hpp"

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/change.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "shown.hpp"

namespace fanlight::app {

namespace {

constexpr std::size_t fingerprint_digits = 16;

// "GitHub token, checksum valid".
std::string secret_title(const detect::Rule& rule, const detect::Match& match) {
  std::string title(rule.name);
  if (!match.detail.empty()) return title.append(", ").append(match.detail);
  if (match.structure == Structure::valid) title += ", its form is right";
  if (match.structure == Structure::invalid) title += ", but its form is wrong";
  return title;
}

Finding base_finding(const detect::Rule& rule, detect::Span span, std::string_view text,
                     const Document& document, Layer layer) {
  Finding out;
  out.rule = rule.id;
  out.kind = rule.kind;
  out.severity = rule.severity[static_cast<std::size_t>(layer)];
  out.axes = rule.axes;
  out.layer = layer;
  out.location = document.locate(span);
  out.excerpt = redact_excerpt(text);
  out.docs_url = rule.revoke_url.empty() ? rule.source : rule.revoke_url;
  if (!out.docs_url.starts_with("https://")) out.docs_url.clear();
  return out;
}

}  // namespace

std::string fingerprint(const Secret& key, std::string_view rule, std::string_view normalised) {
  std::string message(rule);
  message += '\0';
  message += normalised;
  return to_hex(hmac_sha256(key.reveal(), message)).substr(0, fingerprint_digits);
}

Finding secret_finding(const Secret& key, const detect::Rule& rule, const detect::Match& match,
                       const Document& document, Layer layer) {
  Finding out = base_finding(rule, match.span, match.secret, document, layer);
  out.structure = match.structure;
  out.fingerprint = fingerprint(key, rule.id, match.secret);
  out.title = secret_title(rule, match);
  out.message = rule.message;
  out.remedy = rule.remedy;
  return out;
}

Finding coupling_finding(const Secret& key, coupling::Hit hit, const Document& document, Layer layer) {
  Finding out = base_finding(*hit.rule, hit.span, hit.text, document, layer);
  out.severity = hit.judgement.severity;
  if (coupling::is_sealed_rule(out.rule)) out.excerpt = "████";
  out.fingerprint = fingerprint(key, coupling::literal_rule(hit.rule->id), hit.judgement.normalised);
  out.title = std::move(hit.judgement.title);
  out.message = std::move(hit.judgement.message);
  out.remedy = std::move(hit.judgement.remedy);
  // A span over several lines is replaced as a whole, and the suggestion is one line.
  if (out.location.start_line == out.location.end_line) out.suggestion = std::move(hit.judgement.suggestion);
  return out;
}

}  // namespace fanlight::app
