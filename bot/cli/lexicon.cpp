// `fanlight lexicon [PATH]`: the organisation's own names, proposed with evidence, and written to the policy
// when they are confirmed.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "fanlight/cli/cli.hpp"
#include "fanlight/core/files.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/learn.hpp"
#include "fanlight/host/git_repository.hpp"
#include "fanlight/policy/lexicon_edit.hpp"
#include "json_out.hpp"
#include "options.hpp"
#include "tree.hpp"

namespace fanlight::cli {

namespace {

constexpr std::chrono::seconds git_time_max{30};
constexpr std::size_t authors_commits_max = 1'000, policy_bytes_max = 1024 * 1024;

// "git@forge.example:acme/infra.git" and "https://forge.example/acme/infra": host and owner.
void add_remote(const std::string& url, coupling::OwnerHints& hints) {
  std::string_view rest = url;
  if (const std::size_t scheme = rest.find("://"); scheme != rest.npos) rest.remove_prefix(scheme + 3);
  if (const std::size_t at = rest.find('@'); at != rest.npos && at < rest.find('/'))
    rest.remove_prefix(at + 1);
  const std::size_t end = rest.find_first_of("/:");
  if (end == rest.npos || end == 0) return;
  hints.domains.emplace_back(rest.substr(0, end));
  std::string_view path = rest.substr(end + 1);
  if (const std::size_t slash = path.find('/'); slash != path.npos && slash > 0)
    hints.owners.emplace_back(path.substr(0, slash));
}

// Without git there is no hint, and that is no error: a folder need not be a repository.
coupling::OwnerHints hints_of(const std::string& path) {
  coupling::OwnerHints hints;
  const Deadline deadline = Deadline::after(git_time_max);
  const auto repository = host::GitRepository::open(path, host::GitTrust::user, deadline);
  if (!repository) return hints;
  if (const auto url = repository->config("remote.origin.url", deadline); url && *url)
    add_remote(**url, hints);
  const auto head = repository->resolve("HEAD", deadline);
  if (!head) return hints;
  const auto commits = repository->commits(repository->empty_tree(), *head, authors_commits_max, deadline);
  if (!commits) return hints;
  for (const host::GitCommit& commit : *commits) {
    const std::size_t at = commit.author_email.rfind('@');
    if (at == std::string::npos) continue;
    std::string domain = to_lower(commit.author_email.substr(at + 1));
    if (std::ranges::find(hints.domains, domain) == hints.domains.end())
      hints.domains.push_back(std::move(domain));
  }
  return hints;
}

std::string_view unit_of(coupling::TermKind kind, std::size_t count) {
  switch (kind) {
    case coupling::TermKind::domain:
    case coupling::TermKind::site:
      return count == 1 ? "host" : "hosts";
    case coupling::TermKind::name:
      return count == 1 ? "name" : "names";
    default:
      return "";
  }
}

std::string as_text(const std::vector<coupling::Term>& terms) {
  std::string out;
  std::optional<coupling::TermKind> kind;
  for (const coupling::Term& term : terms) {
    if (kind != term.kind) out += fmt::format("{}{}\n", kind ? "\n" : "", coupling::policy_key(term.kind));
    kind = term.kind;
    const std::string_view unit = unit_of(term.kind, term.distinct);
    const std::string distinct = unit.empty() ? std::string() : fmt::format("{} {}, ", term.distinct, unit);
    out += fmt::format("  {:8}  {:32}  {}{} {}; {}\n", coupling::to_string(term.certainty), term.text,
                       distinct, term.files, term.files == 1 ? "file" : "files", term.why);
    std::string places;
    for (const coupling::TermPlace& place : term.places)
      places += fmt::format("{}{}:{}", places.empty() ? "" : ", ", place.path, place.line);
    out += fmt::format("            {}\n", places);
  }
  if (out.empty()) return "Nothing here looks like a name of your own.\n";
  return out + "\nWrite the own ones to .fanlight.yml with --write, others with --confirm TERM.\n";
}

std::string as_json(const std::vector<coupling::Term>& terms, const std::vector<Missing>& missing) {
  JsonOut json;
  json.object([&] {
    json.member("schema", std::uint64_t{1});
    json.array("terms", [&] {
      for (const coupling::Term& term : terms) {
        json.object([&] {
          json.member("kind", coupling::to_string(term.kind));
          json.member("term", term.text);
          json.member("certainty", coupling::to_string(term.certainty));
          json.member("score", static_cast<std::uint64_t>(term.score));
          json.member("distinct", std::uint64_t{term.distinct});
          json.member("files", std::uint64_t{term.files});
          json.member("times", std::uint64_t{term.times});
          json.member("why", term.why);
          json.array("places", [&] {
            for (const coupling::TermPlace& place : term.places) {
              json.object([&] {
                json.member("path", place.path);
                json.member("line", std::uint64_t{place.line});
              });
            }
          });
        });
      }
    });
    json.array("skipped", [&] {
      for (const Missing& one : missing) {
        json.object([&] {
          json.member("path", one.what);
          json.member("reason", one.reason);
        });
      }
    });
  });
  return json.str();
}

// What is sure and what the owner names.
Result<std::vector<policy::LexiconEntry>> confirmed(const std::vector<coupling::Term>& terms,
                                                    const LexiconOptions& options) {
  std::vector<policy::LexiconEntry> out;
  for (const coupling::Term& term : terms) {
    if (options.write && term.certainty == coupling::Certainty::own)
      out.push_back({std::string(coupling::policy_key(term.kind)), term.text});
  }
  for (const std::string& word : options.confirm) {
    const std::string text = to_lower(trim(word));
    bool known = false;
    for (const coupling::Term& term : terms) {
      if (term.text != text) continue;
      out.push_back({std::string(coupling::policy_key(term.kind)), term.text});
      known = true;
    }
    if (known) continue;
    // A domain says what it is.
    if (coupling::registrable_domain(text).empty()) {
      return fail(
          ErrorCode::bad_input,
          "lexicon: confirm " + text + ": is not in the proposal: write it to .fanlight.yml under its kind");
    }
    out.push_back({"domains", text});
  }
  return out;
}

Result<std::string> write_policy(const std::string& path, const std::vector<policy::LexiconEntry>& entries) {
  auto text = read_file(path, policy_bytes_max);
  if (!text && text.error().code != ErrorCode::not_found) return std::unexpected(text.error());
  const std::string before = text ? *text : std::string();
  auto edited = policy::add_to_lexicon(before, entries);
  if (!edited) return std::unexpected(edited.error());
  if (*edited == before) return path + ": holds all of them already\n";
  if (auto written = write_file(path, *edited, 0644); !written) return std::unexpected(written.error());
  return fmt::format("{}: written\n", path);
}

}  // namespace

int run_lexicon(const CommonOptions& common, const LexiconOptions& options) {
  auto tree = read_tree(options.path);
  if (!tree) return complain(tree.error());
  const auto terms = coupling::learn_lexicon(tree->files, hints_of(options.path));
  std::string out;
  if (options.write || !options.confirm.empty()) {
    const auto entries = confirmed(terms, options);
    if (!entries) return complain(entries.error());
    if (entries->empty())
      return complain(
          {ErrorCode::not_found, "lexicon: nothing is surely your own: name it with --confirm TERM"});
    for (const policy::LexiconEntry& entry : *entries) out += fmt::format("{}: {}\n", entry.key, entry.text);
    const std::string file = common.policy_file.empty()
                                 ? (std::filesystem::path(options.path) / policy::policy_path).string()
                                 : common.policy_file;
    auto written = write_policy(file, *entries);
    if (!written) return complain(written.error());
    out += *written;
  } else {
    out = common.format == "json" ? as_json(terms, tree->missing) : as_text(terms);
  }
  const auto written = write_output(common, out);
  return written ? exit_clean : complain(written.error());
}

}  // namespace fanlight::cli
