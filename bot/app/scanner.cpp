// How a change becomes findings: every text of it is a Document; the engine finds matches in it; a match that
// touches an added line becomes a finding. What the head no longer has but a commit does is found in the
// commits' patches. Removed lines are scanned too, so that a literal that only moved is told from one that is
// new.
#include "fanlight/app/scanner.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "document.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/change.hpp"
#include "fanlight/coupling/dependencies.hpp"
#include "fanlight/coupling/find.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "fanlight/coupling/metadata.hpp"
#include "fanlight/coupling/syntax.hpp"
#include "fanlight/detect/ignore.hpp"
#include "fanlight/detect/key_store.hpp"
#include "fate.hpp"
#include "found.hpp"
#include "halves.hpp"
#include "shown.hpp"

namespace fanlight::app {

namespace {

// A finding of an added line, to be compared with what the change removes.
struct Brought {
  std::size_t finding = 0;  // index into ScanOutcome::findings
  const FileDiff* file = nullptr;
  Held held;
};

// What one document gave, with the spans that must be blacked out when its lines are shown.
struct Scan {
  std::vector<Finding> findings;
  std::vector<detect::Span> spans;       // of `findings`, same order
  std::vector<Held> held;                // of `findings`, same order
  std::vector<detect::Span> secrets;     // every secret of the document, on whatever line
  std::vector<policy::AllowMark> marks;  // of entries of the allow-list that accept one of `findings`
  std::vector<std::size_t> met;          // those entries
  std::string
      by_lines;  // why candidates of coupling were judged without the file's syntax; empty: they were not
};

// Secrets that stand in paths: paths are in many sentences.
using InPaths = std::set<std::string>;

struct Scope {
  const detect::Engine& engine;
  const Secret& key;
  const ScanSettings& settings;
  detect::Engine::Scratch& scratch;
  InPaths& in_paths;
  bool as_it_is = false;  // a file, not what a change brings
};

std::string without_secrets(const Scope& scope, std::string_view text);

// Holds the newest finding of `scan` against the allow-list, while its text is at hand.
void meet_allow_list(const Scope& scope, const Document& document, detect::AllowQuery query, Scan& scan) {
  const detect::AllowList* list = scope.settings.allow_list.get();
  if (!list) return;
  const Finding& finding = scan.findings.back();
  query.path = document.path;
  query.rule = finding.rule;
  query.line = finding.location.start_line;
  query.line_text = document.line_text(document.line_at(scan.spans.back().begin));
  query.line_stands = scope.as_it_is;
  const auto met = list->find(query);
  if (!met) return;
  const AllowEntry& entry = list->entries()[*met];
  std::string reason = without_secrets(scope, entry.reason);
  if (entry.line) reason += (reason.empty() ? "line " : ", line ") + std::to_string(entry.line);
  scan.marks.push_back({finding.fingerprint, std::move(reason), entry.file, false, true,
                        finding.location.path, entry.commits});
  scan.met.push_back(*met);
}

void keep_marks(Scan& scan, ScanOutcome& out) {
  std::move(scan.marks.begin(), scan.marks.end(), std::back_inserter(out.allows));
  out.entries_met.insert(scan.met.begin(), scan.met.end());
}

bool overlaps(detect::Span a, detect::Span b) {
  return a.begin < b.end && b.begin < a.end;
}

// Of a hunk the whole file is asked for; a file that has no tree then is judged by less, and that is said.
std::string why_by_lines(const coupling::LazySyntax& syntax, const Document& document) {
  using State = coupling::SyntaxTree::State;
  const bool whole = !document.hunks || document.hunks->status == FileStatus::added;
  if (!whole || document.place != Place::file) return {};
  if (syntax.state() == State::too_large) return "the file is too large for its syntax to be read";
  if (syntax.state() == State::unparsable) return "the file does not parse";
  return {};
}

// All findings of a document whose text touches a line of `kind`.
Scan scan_document(const Scope& scope, Document& document, LineKind kind) {
  Scan out;
  const bool words = document.place != Place::file && document.place != Place::path;
  const detect::ScanOptions options{.secrets = scope.settings.secrets,
                                    .coupling = scope.settings.coupling && document.place != Place::path};
  auto matches = scope.engine.scan(document.text, document.path, options, scope.scratch);
  // "hmac: …" is how a key is often written down, but `fanlight seal` writes hashes so.
  std::erase_if(matches, [&](const detect::Match& match) {
    return match.depth == 0 && coupling::is_in_sealed_entry(document.text, match.span);
  });
  if (matches.empty() && !scope.settings.coupling) return out;
  const bool asked = !matches.empty() || options.coupling;
  const Layer layer = asked ? scope.settings.layers.of(document.path).layer : Layer::shared;
  // A private name is private in every text, a title or a branch as well.
  std::vector<coupling::Hit> sealed;
  if (scope.settings.coupling && scope.settings.sealed)
    sealed = coupling::find_sealed_names(document.text, layer, *scope.settings.sealed);
  coupling::LazySyntax syntax(document.path, document.text);
  const coupling::FileView view{document.path, document.text, layer, &scope.settings.lexicon, &syntax};
  const auto rules = scope.engine.rules();
  std::vector<coupling::Hit> hits;
  if (words && options.coupling) {
    hits = coupling::find_in_words(rules, matches, document.text, scope.settings.lexicon);
  } else if (options.coupling) {
    auto dependencies = coupling::find_dependencies(
        view, {scope.settings.visibility, &scope.settings.layers, scope.settings.declared.get()});
    hits = coupling::find_coupling(rules, matches, view, std::move(dependencies));
  }
  out.by_lines = why_by_lines(syntax, document);
  if (matches.empty() && hits.empty() && sealed.empty()) return out;
  index_lines(document);
  for (const coupling::Hit& hit : sealed) out.secrets.push_back(hit.span);
  std::erase_if(hits, [&](const coupling::Hit& hit) {
    return std::ranges::any_of(out.secrets, [&](auto span) { return overlaps(span, hit.span); });
  });
  std::ranges::move(sealed, std::back_inserter(hits));

  const auto text_of = [&](detect::Span span) {
    return document.text.substr(span.begin, span.end - span.begin);
  };
  const auto add = [&](detect::Span span, const detect::AllowQuery& query, Held held, auto make) {
    if (!document.contiguous(span) || !document.touches(span, kind)) return;
    Finding finding = make();
    if (finding.severity == Severity::off) return;
    out.findings.push_back(std::move(finding));
    out.spans.push_back(span);
    out.held.push_back(std::move(held));
    meet_allow_list(scope, document, query, out);
  };
  for (const detect::Match& match : matches) {
    const detect::Rule& rule = rules[match.rule];
    if (rule.kind != FindingKind::secret) continue;
    out.secrets.push_back(match.span);
    const detect::AllowQuery query{
        .service = rule.service, .secret = match.secret, .match = text_of(match.whole)};
    add(match.span, query, {}, [&] { return secret_finding(scope.key, rule, match, document, layer); });
  }
  for (coupling::Hit& hit : hits) {
    const detect::AllowQuery query{.secret = text_of(hit.span), .match = text_of(hit.span)};
    // A suggestion repeats the whole line, and with it what else stands there.
    if (hit.judgement.suggestion &&
        std::ranges::any_of(out.secrets, [&](auto span) { return document.on_one_line(span, hit.span); }))
      hit.judgement.suggestion.reset();
    add(hit.span, query, {hit.judgement.role, hit.judgement.key},
        [&] { return coupling_finding(scope.key, std::move(hit), document, layer); });
  }
  if (out.by_lines.empty()) return out;
  const auto first = std::ranges::find(out.findings, FindingKind::coupling, &Finding::kind);
  if (first != out.findings.end()) first->message += " Judged by the lines around it: " + out.by_lines + '.';
  return out;
}

// The text with its secrets and private names blacked out.
std::string without_secrets(const Scope& scope, std::string_view text) {
  const auto hidden = find_hidden(scope.engine, text, scope.settings.sealed.get(), scope.scratch);
  return hidden.empty() ? std::string(text) : black_out(text, 0, hidden);
}

void collect_allows(const Scope& scope, const Document& document, const Scan& scan,
                    std::vector<policy::AllowMark>& out) {
  if (scan.findings.empty()) return;
  for (detect::InlineAllow& allow : detect::find_inline_allows(document.text)) {
    // Lines of the document, from 1; the next line counts only within the same hunk.
    const std::size_t index = allow.line - 1;
    if (index >= document.lines.size()) continue;
    for (std::size_t i = 0; i < scan.findings.size(); ++i) {
      const std::size_t line = document.line_at(scan.spans[i].begin);
      if (!(allow.covers_line && line == index) && !(allow.covers_next && line == index + 1)) continue;
      if (allow.rule != "*" && allow.rule != scan.findings[i].rule) continue;
      const Location& at = scan.findings[i].location;
      out.push_back({scan.findings[i].fingerprint,
                     without_secrets(scope, allow.reason),
                     allow.mark,
                     document.lines[index].kind == LineKind::added,
                     false,
                     at.path,
                     {},
                     at.start_line});
    }
  }
}

bool ignored(const ScanSettings& settings, std::string_view path) {
  return std::any_of(settings.ignore_paths.begin(), settings.ignore_paths.end(),
                     [&](const std::string& glob) { return glob_match(glob, path); });
}

// A path is a finding where the change gives it, and is hidden wherever it stands.
void scan_name(const Scope& scope, const std::string& path, bool is_new, ScanOutcome& out) {
  Document name = whole_text(Place::path, path, path);
  Scan scan = scan_document(scope, name, LineKind::added);
  for (const auto span : scan.secrets) scope.in_paths.insert(path.substr(span.begin, span.end - span.begin));
  const coupling::Lexicon& own = scope.settings.lexicon;
  const bool has_names = !own.domains.empty() || !own.names.empty() || !own.sites.empty();
  if (is_new && scope.settings.coupling && has_names) {
    const Layer layer = scope.settings.layers.of(path).layer;
    auto hits = coupling::find_in_path(path, layer, scope.settings.lexicon);
    if (!hits.empty()) index_lines(name);
    for (coupling::Hit& hit : hits) {
      const bool hidden =
          std::ranges::any_of(scan.secrets, [&](auto span) { return overlaps(span, hit.span); });
      if (!hidden) scan.findings.push_back(coupling_finding(scope.key, std::move(hit), name, layer));
    }
  }
  if (is_new) std::move(scan.findings.begin(), scan.findings.end(), std::back_inserter(out.findings));
}

// Last of all: until here a path is also how a file is found again.
void hide_in_paths(const InPaths& in_paths, ScanOutcome& out) {
  const auto hide = [&in_paths](std::string& text) {
    for (const std::string& secret : in_paths) {
      for (std::size_t at; (at = text.find(secret)) != text.npos;) text.replace(at, secret.size(), "████");
    }
  };
  if (in_paths.empty()) return;
  for (Finding& finding : out.findings) {
    hide(finding.location.path);
    hide(finding.title);
    hide(finding.message);
    hide(finding.remedy);
  }
  for (policy::AllowMark& allow : out.allows) hide(allow.path);
  for (Missing& missing : out.missing) hide(missing.what);
  for (Missing& skipped : out.scanned.skipped) hide(skipped.what);
}

// What the removed lines held: tells what only moved, what is worse now, and what became better.
void scan_removed(const Scope& scope, const Diff& diff, const std::vector<Brought>& brought,
                  ScanOutcome& out) {
  std::vector<Finding> removed;
  std::unordered_map<std::string, std::vector<Gone>> gone;  // by fingerprint
  for (const FileDiff& file : diff.files) {
    if (file.binary || ignored(scope.settings, file.path())) continue;
    Document old = old_side(file);
    old.path = file.old_path;
    Scan before = scan_document(scope, old, LineKind::removed);
    for (std::size_t i = 0; i < before.findings.size(); ++i) {
      Finding& finding = before.findings[i];
      if (finding.kind == FindingKind::coupling) {
        gone[finding.fingerprint].push_back({file.old_path, finding.layer, std::move(before.held[i])});
      }
      finding.change = ChangeKind::removed;
      finding.at_head = false;
      removed.push_back(std::move(finding));
    }
  }
  // Where each literal stands after the change.
  std::unordered_map<std::string, std::vector<const Finding*>> added;
  for (const Finding& finding : out.findings) added[finding.fingerprint].push_back(&finding);
  for (const Brought& one : brought) {
    Finding& finding = out.findings[one.finding];
    const auto old = gone.find(finding.fingerprint);
    judge_fate(finding, *one.file, one.held, old == gone.end() ? std::vector<Gone>() : old->second);
  }
  std::erase_if(removed, [&](const Finding& finding) {
    const auto now = added.find(finding.fingerprint);
    return now != added.end() && !left_its_module(finding, now->second);
  });
  std::move(removed.begin(), removed.end(), std::back_inserter(out.findings));
}

// Fixes that do not fix, in all files of a change together.
void scan_fixes(const Scope& scope, const Diff& diff, const std::map<std::string, std::string>& files,
                ScanOutcome& out) {
  if (!scope.settings.coupling) return;
  std::vector<coupling::ChangedFile> changed;
  for (const FileDiff& file : diff.files) {
    if (file.binary || file.status == FileStatus::removed || ignored(scope.settings, file.path())) continue;
    const auto full = files.find(file.new_path);
    changed.push_back({&file, full == files.end() ? std::string_view() : std::string_view(full->second),
                       scope.settings.layers.of(file.path()).layer});
  }
  std::map<std::string, std::string> seen = files;
  for (const FileDiff& file : diff.files) {
    if (file.status == FileStatus::added && !file.binary)
      seen.try_emplace(file.new_path, new_side(file).text);
  }
  const auto dangling = coupling::find_dangling_keys(changed);
  for (std::size_t i = 0; i < changed.size(); ++i) {
    const coupling::ChangedFile& one = changed[i];
    auto faults = coupling::find_inert_references(*one.file, one.text, one.layer);
    faults.insert(faults.end(), dangling[i].begin(), dangling[i].end());
    std::ranges::move(coupling::find_undeclared(*one.file, one.layer, seen), std::back_inserter(faults));
    if (auto path = coupling::declarations_wanted(*one.file, seen))
      out.wants_files.push_back(std::move(*path));
    for (coupling::FixFault& fault : faults) {
      const std::string normalised = one.file->path() + ' ' + fault.normalised;
      Finding finding = fault_finding(std::move(fault), *one.file, one.layer);
      finding.fingerprint = fingerprint(scope.key, finding.rule, normalised);
      out.findings.push_back(std::move(finding));
    }
  }
}

// In documentation and tests coupling is no finding, but a made-up value that became a real one is (F05).
void scan_examples(const Scope& scope, Document& document, const FileDiff& file, ScanOutcome& out) {
  const auto layer = scope.settings.layers.of(document.path).layer;
  const bool replaces = std::any_of(file.hunks.begin(), file.hunks.end(), [](const Hunk& hunk) {
    return std::any_of(hunk.lines.begin(), hunk.lines.end(),
                       [](const DiffLine& line) { return line.kind == LineKind::removed; });
  });
  if (layer != Layer::doc_test || !replaces || !scope.settings.coupling) return;
  const auto matches = scope.engine.scan(document.text, document.path, {.secrets = false}, scope.scratch);
  const coupling::FileView view{document.path, document.text, Layer::shared, &scope.settings.lexicon};
  for (coupling::Hit& hit : coupling::find_coupling(scope.engine.rules(), matches, view)) {
    if (!coupling::names_its_owner(*hit.rule)) continue;
    index_lines(document);
    if (!document.contiguous(hit.span) || !document.touches(hit.span, LineKind::added)) continue;
    const std::string key = hit.judgement.key;
    Finding finding = coupling_finding(scope.key, std::move(hit), document, layer);
    if (!coupling::replaces_example(file, finding.location.start_line, key)) continue;
    becomes(finding, "example-replaced-by-real");
    out.findings.push_back(std::move(finding));
  }
}

// What the added lines of a diff bring.
void scan_added(const Scope& scope, const Diff& diff, const std::map<std::string, std::string>& files,
                std::vector<Brought>& brought, ScanOutcome& out) {
  ScanOutcome examples;
  for (const FileDiff& file : diff.files) {
    const bool leave_out = ignored(scope.settings, file.path());
    const bool new_name = file.status == FileStatus::added || file.status == FileStatus::renamed ||
                          file.status == FileStatus::copied;
    scan_name(scope, file.path(), new_name && !leave_out, out);
    if (file.old_path != file.path()) scan_name(scope, file.old_path, false, out);
    if (leave_out) {
      out.scanned.skipped.push_back({file.path(), "ignored by the policy"});
      continue;
    }
    if (file.binary) {
      out.scanned.skipped.push_back({file.path(), "binary"});
      continue;
    }
    ++out.scanned.files;
    const auto full = files.find(file.new_path);
    Document document = full != files.end() ? full_text(file, full->second) : new_side(file);
    out.scanned.bytes += document.text.size();
    for (const Hunk& hunk : file.hunks) out.scanned.lines += hunk.new_count;
    Scan scan = scan_document(scope, document, LineKind::added);
    collect_allows(scope, document, scan, out.allows);
    keep_marks(scan, out);
    if (!scan.by_lines.empty()) out.scanned.skipped.push_back({"syntax of " + file.path(), scan.by_lines});
    bool wants_context = false;
    for (std::size_t i = 0; i < scan.findings.size(); ++i) {
      out.contexts.push_back({scan.findings[i].fingerprint, shown_lines(document, scan.spans[i], scan.secrets,
                                                                        scope.settings.context_lines)});
      if (scan.findings[i].kind != FindingKind::coupling) continue;
      wants_context = true;
      brought.push_back({out.findings.size() + i, &file, std::move(scan.held[i])});
    }
    scan_examples(scope, document, file, examples);
    if (wants_context && full == files.end() && file.status != FileStatus::added) {
      out.wants_files.push_back(file.new_path);
    }
    std::move(scan.findings.begin(), scan.findings.end(), std::back_inserter(out.findings));
  }
  std::move(examples.findings.begin(), examples.findings.end(), std::back_inserter(out.findings));
}

// What each commit brings: attributes the findings at the head to their first commit, and adds the secrets
// that only history still has.
void scan_commits(const Scope& scope, const Snapshot& snapshot, ScanOutcome& out) {
  const bool one_commit = snapshot.commits.size() == 1;
  std::unordered_map<std::string, std::string> first;  // fingerprint → commit
  std::vector<Finding> history;
  std::unordered_set<std::string> at_head;
  for (const Finding& finding : out.findings) {
    if (finding.at_head) at_head.insert(finding.fingerprint);
  }
  for (const Commit& commit : snapshot.commits) {
    ++out.scanned.commits;
    Document message = whole_text(Place::commit_message, "", commit.message);
    Scan words = scan_document(scope, message, LineKind::added);
    keep_marks(words, out);
    for (Finding& finding : words.findings) {
      finding.commit = commit.sha;
      out.findings.push_back(std::move(finding));
    }
    if (one_commit || !commit.patch) continue;
    ScanOutcome patch;
    std::vector<Brought> brought;
    scan_added(scope, *commit.patch, {}, brought, patch);
    out.entries_met.merge(patch.entries_met);
    std::ranges::copy_if(patch.allows, std::back_inserter(out.allows), &policy::AllowMark::from_file);
    for (Finding& finding : patch.findings) {
      if (!first.emplace(finding.fingerprint, commit.sha).second) continue;
      if (at_head.contains(finding.fingerprint) || !stays_in_history(finding)) continue;
      finding.at_head = false;
      finding.commit = commit.sha;
      history.push_back(std::move(finding));
    }
  }
  for (Finding& finding : out.findings) {
    if (finding.commit || finding.change == ChangeKind::removed) continue;
    if (one_commit) {
      finding.commit = snapshot.commits.front().sha;
    } else if (const auto found = first.find(finding.fingerprint); found != first.end()) {
      finding.commit = found->second;
    }
  }
  // A secret that the base had and a commit of the change brought and took away again is in `removed`
  // already.
  std::move(history.begin(), history.end(), std::back_inserter(out.findings));
}

void scan_words(const Scope& scope, const Change& change, ScanOutcome& out) {
  const std::tuple<Place, std::string_view> texts[] = {
      {Place::title, change.title}, {Place::body, change.body}, {Place::branch, change.head_ref}};
  for (const auto& [place, text] : texts) {
    Document document = whole_text(place, "", text);
    Scan scan = scan_document(scope, document, LineKind::added);
    keep_marks(scan, out);
    std::move(scan.findings.begin(), scan.findings.end(), std::back_inserter(out.findings));
  }
  out.scanned.title_and_body = true;
}

void want_halves(const Scope& scope, const Snapshot& snapshot, std::vector<std::string>& wants) {
  const std::set<std::string> wanted(wants.begin(), wants.end());
  for (const FileDiff& file : snapshot.diff.files) {
    if (file.status == FileStatus::added || snapshot.files.contains(file.new_path)) continue;
    if (wanted.contains(file.new_path) || ignored(scope.settings, file.path())) continue;
    if (may_hold_half(file)) wants.push_back(file.new_path);
  }
}

auto order(const Finding& finding) {
  return std::tie(finding.location.path, finding.location.start_line, finding.location.start_column,
                  finding.rule, finding.fingerprint, finding.change);
}

// The same text found twice at one place (by a decoder and in the plain, or in two scans) is one finding.
void sort_unique(std::vector<Finding>& findings) {
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return order(a) < order(b); });
  const auto same = [](const Finding& a, const Finding& b) {
    return a.fingerprint == b.fingerprint && a.location == b.location && a.change == b.change;
  };
  findings.erase(std::unique(findings.begin(), findings.end(), same), findings.end());
  once_per_name(findings);
}

}  // namespace

Scanner::Scanner(std::shared_ptr<const detect::Engine> engine, Secret key)
    : engine_(std::move(engine)), key_(std::move(key)) {}

ScanOutcome Scanner::scan_change(const Snapshot& snapshot, const ScanSettings& settings,
                                 detect::Engine::Scratch& scratch) const {
  InPaths in_paths;
  const Scope scope{*engine_, key_, settings, scratch, in_paths};
  ScanOutcome out;
  std::vector<Brought> brought;
  scan_added(scope, snapshot.diff, snapshot.files, brought, out);
  scan_removed(scope, snapshot.diff, brought, out);
  scan_fixes(scope, snapshot.diff, snapshot.files, out);
  scan_words(scope, snapshot.change, out);
  scan_commits(scope, snapshot, out);
  if (settings.secrets) want_halves(scope, snapshot, out.wants_files);
  out.missing = snapshot.missing;
  out.empty_change = snapshot.diff.files.empty() && snapshot.missing.empty();
  sort_unique(out.findings);
  hide_in_paths(in_paths, out);
  return out;
}

ScanOutcome Scanner::scan_diff(const Diff& diff, const std::map<std::string, std::string>& files,
                               const ScanSettings& settings, detect::Engine::Scratch& scratch) const {
  InPaths in_paths;
  const Scope scope{*engine_, key_, settings, scratch, in_paths};
  ScanOutcome out;
  std::vector<Brought> brought;
  scan_added(scope, diff, files, brought, out);
  // Without a change to report on, removed lines matter only where something may have moved.
  if (!brought.empty()) scan_removed(scope, diff, brought, out);
  scan_fixes(scope, diff, files, out);
  sort_unique(out.findings);
  hide_in_paths(in_paths, out);
  return out;
}

ScanOutcome Scanner::scan_file(std::string_view path, std::string_view text, const ScanSettings& settings,
                               detect::Engine::Scratch& scratch) const {
  InPaths in_paths;
  const Scope scope{*engine_, key_, settings, scratch, in_paths, true};
  ScanOutcome out;
  const bool leave_out = ignored(settings, path);
  scan_name(scope, std::string(path), !leave_out, out);
  // A key store is binary and no text, and is looked at as the text it would be.
  const auto key_store = looks_binary(text) ? detect::key_store_text(text) : std::nullopt;
  if (leave_out || (looks_binary(text) && !key_store)) {
    out.scanned.skipped.push_back({std::string(path), leave_out ? "ignored by the policy" : "binary"});
    hide_in_paths(in_paths, out);
    return out;
  }
  out.scanned.files = 1;
  out.scanned.bytes = text.size();
  Document document = whole_text(Place::file, path, key_store ? *key_store : text);
  Scan scan = scan_document(scope, document, LineKind::added);
  collect_allows(scope, document, scan, out.allows);
  keep_marks(scan, out);
  if (!scan.by_lines.empty())
    out.scanned.skipped.push_back({"syntax of " + std::string(path), scan.by_lines});
  // Nobody added these lines just now: an inline allow in a file that is scanned as it is was accepted
  // before.
  for (auto& allow : out.allows) allow.added_here = false;
  std::move(scan.findings.begin(), scan.findings.end(), std::back_inserter(out.findings));
  sort_unique(out.findings);
  hide_in_paths(in_paths, out);
  return out;
}

std::string Scanner::fingerprint(std::string_view rule, std::string_view normalised) const {
  return app::fingerprint(key_, rule, normalised);
}

}  // namespace fanlight::app
